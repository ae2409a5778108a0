@Ann @Full(1) package a.b;
import java.util.List;
import static x.y.*;
@Entity(name = "x", columns = {@Col("a")})
public class A<T> extends B<T> implements C, d.D {
  @Column private static final List<Order> os = new ArrayList<>(), ps;
  int[] a; int b[];
  public A(Order o, final int... xs) throws E { super(o); this.x = o.email; }
  @Override public Optional<Order> get(Map<String, ? extends Order> m) { return m.get("x"); }
  enum K implements I { X, Y(1) { void f() {} }; int z; }
  interface I extends J { int N = 1; void f(); }
  record R(String a, int b) { }
  void f() {
    Order o = x.y().z, p = null;
    for (Order q : o.items) { q.a += 1; q.b++; }
    for (int i = 0; i < a.length; i++) b;
    xs.stream().map(Order::getEmail).filter(y -> y.z).forEach((a, b) -> { a.b(); });
    if (o instanceof Foo f && f.x) { } else if (b) c(); else d();
    switch (o.k) { case X: a(); break; default: b(); }
    int r = switch (o.k) { case A, B -> 1; case C -> { yield o.z; } };
    try (Res s = open()) { a; } catch (E | F e) { e.m(); } finally { z(); }
    Object v = ((Order) o).email;
    String s = """
      text""" + "a" + o.b;
    int[] arr = {o.a, 2}; int[] brr = new int[]{1};
    Runnable t = new Runnable() { public void run() { o.c(); } };
    Class<?> k = Order.class; o.new Inner(); A.this.x = 1; arr[0] = 'c';
    synchronized (o) { o.e(); } lbl: while (true) break lbl;
    var w = cond ? o.a : !o.b;
  }
}
// line
/* block */
import single;
import single.*;
@interface Marker { String value() default "x"; }
sealed class S permits T { <T> S() {} int m()[] throws E { return null; } <U> void n(S this, int a[]) {} }
sealed interface Q<T> permits R { }
record Point<T>(int x) implements Shape { Point { x = 1; } }
class More {
  java.util.List<Order> scoped; float f = 1.5f; boolean b = false; int h = 0x1, o = 07, c = 0b1; double d = 0x1p3;
  More() { o.<T>super(1); }
  void g() {
    this.<T>call(o.x); o.new <T>Inner(); f(Order::<T>make); (Order z) -> z.x; x = (int a, int b) -> a;
    if (o instanceof Point(int px, var py)) {}
    do { throw o.error; } while (o.more);
    for (int e[] : o.rows) { continue; }
    lbl: for (;;) { continue lbl; }
    switch (o) { case Order q -> q.x; default -> {} }
    try { a(); } catch (E e) { } finally { }
    String t = STR."a \{o.name}";
  }
}
module a.b { requires c; }

class Bounded<T extends Comparable<T>> {
    boolean is(Object o) {
        return o instanceof Point;
    }
}

class Starts {
    static int a;
    int b;

    static {
        a = 1;
    }

    {
        int c = a;
        b = c;
    }
}
