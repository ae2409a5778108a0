"""Module doc"""
import os, a.b as c
from .models import Order as O, Item
from x import *

class A(models.Model, metaclass=M):
    "doc"
    x: int = 3
    y: "Optional[Order]"
    z: list[Order] | None = None

    @property
    def p(self, a, *args, b: Dict[str, Order] = None, c: "app.Order", **kw) -> Iterable["Order"]:
        self.email = o.email
        self.q: Order = 1
        return foo(a, k=1, *x, **y)

    @p.setter
    def p(self, v): pass

    @classmethod
    @x(1)
    def q(cls): return cls(a=1).b.c()

def f():
    with open(a) as g, h:
        g.x += 1
    for a, b in c.d: a.b
    else: x
    if a: b
    elif c.d: e
    elif f: g
    else: h
    try: a
    except (A, B) as e: b
    except: c
    else: d
    finally: e
    [x.y for x in z if x.w]
    {"a": b, **c, d: 1}
    {k: v for k, v in x}
    f"a{b.c!r:>{w}}d" 'x' "y"
    "plain" % a
    lambda x, *y: x.y
    a if b else c
    a or b.c
    not a.b
    a < b.c <= d
    if (n := a.b): raise X(1) from e
    a[b], c[1:2] = *d, e
    x = y = 3
    del a.b
    match a:
        case Order(email=e) if e.x: b
        case _: c
    (a.b)(c)
    a().b["k"]
    async with x as y: await y.z()
    print(await z)
    type_x: Callable[[Order], Union[A, None]] = 1
    yield a.b
    while a: b
    x, *y = z
    (lambda: (a.b))()
# comment
from __future__ import annotations
type Alias = list[Order]


class Generic[T]:
    async def run[U](self, a=1, *args: int, **kwargs: str) -> None:
        global g
        nonlocal h
        [1.5, True, False, ..., -a.b]
        {a.b, c}
        {x.y for x in z}
        f(x.y for x in z)
        [p, (q, r)] = s
        (t, u) = v
        while a:
            break
        else:
            continue
        match s:
            case [first, {"k": value}]:
                pass
            case ("a" | "b") as name:
                pass
        lambda *a, **k: a


try:
    pass
except* E as group:
    pass
try:
    pass
except E, old:
    pass


def tuples(a, (b, c)):
    return lambda (d, e): d.f


def classes(kind: type[Order]) -> None:
    return kind
