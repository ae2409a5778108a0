#!/usr/bin/env node
import A, { b as c, d } from './x';
import * as y from 'y';
import 'z';
export default class Foo extends bar.Baz {
  static x = 1;
  #p = 2;
  constructor(a, {b, c: d = 1}, ...e) { super(a); this.email = a?.b?.c; }
  get email() { return this._email; }
  set email(v) {}
  static async foo() {}
}
const {type, order: {email}} = await x.y(), k = {type, a: b.c, 'd': 1, [e]: 2, f() { g }, ...h};
let [m, n = 1] = o;
x.y = z => z.w;
x.map((a) => ({b: a.b})).then(function foo(e) { return e.f; });
new Foo.Bar(1, `a ${b.c} d`, `plain`);
x.y += 1; x.y++; a ||= b;
for (const {a} of b.c) { d }
for (var i = 0; i < a.b; i++) c;
if (a.b) c; else if (d) { e } else f;
switch (a.b) { case 1: x; break; default: y }
try { a } catch (e) { b } finally { c }
a ?? b.c ? d.e : f;
delete a.b; typeof a.b;
x['y'] = function() {};
export const q = 1;
const el = <Foo.Bar name={a.b} {...c}>text {d.e}<br/></Foo.Bar>;
// comment
<!-- html comment
import json from './x.json' with { type: 'json' };
export { a as b } from './y';
export * as all from './z';
@dec export class Decorated { @field x = 1; @method m([p, q]) {} static { this.y = 1; } }
@dec class Other { get [computed]() {} }
const Anonymous = @dec class Named extends Base { };
function plain(a, b = a.c) { debugger; }
function* generate(a) { yield a.b; }
const made = function* inner(a) { };
const { deep = o.x, ...others } = o;
const values = [1, null, undefined, true, false, /re/g, new.target, ...o.items];
a.b, c.d;
outer: while (o.a) { continue outer; }
do { throw o.error; } while (o.b);
for (var legacy = 1 in o) { }
with (o) { x; }
const closed = <br name={o.x} />;
export default make(1);
