#include <vector>
namespace A::B {
template <class T> class Foo : public Bar<T>, private ns::Baz {
public:
  explicit Foo(int a = 1) : mA(a), mB{a.x} { this->c = 1; }
  ~Foo() override;
  const std::vector<ns::Order*>& items() const { return mItems; }
  std::shared_ptr<Order> o;
  static constexpr int N = 3;
  std::string name{"x"}, y[2];
  enum class Kind : int { A, B = 2 };
  friend class X;
  bool operator==(const Foo& o) const = default;
  virtual void f() = 0;
  auto g() -> Order* { return o.get(); }
};
using Orders = std::vector<Order>;
using ns::Foo;
}
void A::Foo::bar(const ns::Order& o, Order&& p, std::optional<int> q, Order *arr[]) {
  for (const auto& x : o.items) { x.y++; }
  auto [k, v] = o.pair();
  auto z = new Order(1, o.x);
  Order w{1}, u(2), t = {1};
  auto f = [&, a](Order* q) -> int { return q->x; };
  if (auto it = m.find(o.x); it != m.end()) it->second.x = 1;
  Function::Type ft = Function::eFunction;
  A::B::foo(o.x); x<int>(1); o.tmpl<int>(2); static_cast<Order*>(p)->x = 1;
  delete z; throw Foo(1); try { a; } catch (const E& e) { e.x; }
  s = R"(raw)" "b"; a[1]; ::glob(1); (*z).x; z->*ptr;
  switch (o.type) { case Function::eA: break; }
  std::cout << o.x << std::endl;
  Order array[3][4];
  obj.Foo::x = 1;
}
// comment
struct Derived : Base { int x : 3; int : 2; Derived(Derived&&) noexcept; void g() &; };
struct Forward *forward;
class Later *later;
enum Color : unsigned char { Red };
enum Color color;
template <typename T> concept Small = sizeof(T) < 4;
template <typename T> requires Small<T> void constrained(T... args, T x = 1) throw(E);
template class Foo<int>;
static_assert(Red == 0, "why");
namespace alias = A::B;
void pack(int (&array)[2], auto&&... rest);
void function_pointer(void (*callback)(int), int (&)(int), const Order&, Order&&);
decltype(o.x) deduced;
Order::operator int() const { return o.x; }
bool call(Order o) {
  auto p = new (place) Order[o.n];
  auto lambda = []<typename T>(T t) mutable { return t.x; };
  auto text = R"xx(raw)xx";
  auto km = 5_km;
  (o.x + ... + rest);
  f(rest...);
  o.template get<int>();
  co_await o.task;
  co_yield o.value;
  co_return o.result;
  auto check = requires(Order o) { o.x; };
  for (auto all = o.items(); auto x : all) x.y;
  std::make_shared<Order>(o.x);
  ns::Templ<int>::member(o.x);
  int Order::*member;
  return true;
}
