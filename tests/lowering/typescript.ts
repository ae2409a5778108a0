import type { Order } from './order';
interface I extends A<B>, C { a: string; b?: Order[]; c(x: number): void; readonly d: Map<string, Order> }
type T = { a: string } ; type U = A | null | undefined;
enum E { A, B = 2 }
abstract class Foo<T> extends Bar<T> implements I, J {
  private a: Order | null = null;
  @Column() static b?: Array<Order>;
  constructor(private readonly order: Order, public x?: number) { super(); }
  @Dec() foo<T>(a: Promise<Order>, {b}: {b: string}): Order { return a as unknown as Order; }
  abstract bar(): void;
}
namespace N { export const x: any = <Order>y; }
let z = a!.b!.c<T>(1);
const f = (a: Order): string => a.b;
function g(this: Foo, cb: (a: string) => void): asserts a is B {}
declare module "x" { export function h(a: ns.Order): [A, B]; }
@Dec() class Full<T> {
  constructor(@Inject() readonly a: A = 1, @Inject() private b?: B, readonly z?: Z) {}
  static get c(): C { return this.d; }
  set e(v) {}
  async *f<U>(): AsyncGenerator<U> {}
}
@Dec() abstract class Partly { abstract get a(): A; abstract set b(v: B); abstract m<T>(): T; }
interface Deep<T> { new (a: A): B; (a: A): B; [key: string]: C; get d(): D; set e(v: E); m<T>(a: T): void; }
type Pair<T> = [first: A, second?: B, ...rest: C[]];
type Boxed<T> = { value: T };
type All = A & B | (new () => C) | (T extends infer U ? U : never) | T["k"] | keyof T | typeof x | `a${B}` | this;
namespace A.B { }
import fs = require("fs");
import Short = A.B.C;
function declared<T>(a: T): T;
function declared<T>(a: T): T { return a; }
function* generated(): Generator<A> { }
const g2 = function* <T>(): Generator<A> { };
const g3 = function named<T>(a: T): A { return a; };
const g4 = async <T,>(a: T): Promise<A> => a;
const single = a => a.b;
const s = { a: 1 } satisfies Order;
const made = new Map<string, Order>(o.a);
const inst = make<Order>;
try { } catch (e: unknown) { e; }
function check(a: A | undefined = undefined, b?: B): a is A { return true; }
function asserted(a: A): asserts a { }
let star: *;
function bounded<T extends Order = Order>(x: T): T { return x; }
class Plain extends Base {}
type Mapped = { [K in keyof Order]: Order[K] };
type Indexed = { [key: string]: Order };
