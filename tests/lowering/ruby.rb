class A::B < Foo::Bar
  belongs_to :order, foreign: LegalEntity, "x" => 1
  def self.foo(a, b = 1, *c, d:, **e, &f)
    order.email = a.b
    x ||= order.email(1).name
    foo(1) if bar
    order.update(email: e, &:x)
  rescue Foo, Bar => e
    1
  else
    4
  ensure
    2
  end
  class << self
    def z?; if a then b elsif c then d else e end end
  end
  def name=(v) ; @name = v; end
  ISSUES = %w[a b].freeze
  def q
    Issue.where(<<~SQL, 1).order("#{x.y} desc").map { |(a, b), c| a.b }
      SELECT #{a.b} FROM x
    SQL
    y = <<-S
     plain
    S
    ->(x) { x.y }
    a || b.c
    super
    super(1)
    case x
    when 1, 2 then a
    else b
    end
    foo(type:, "k": 2)
    a&.b&.c = 4
    alias p q
    a, b = b.c, *d
    issue&.x += 1
    "a" "b#{1}"
    a::b
    begin; a; rescue; b; end while c
  end
end
# comment
module M
  ;
  def a((x, *y), b: 1)
    $g = @@c
    v = risky rescue nil
    foo(**opts, &blk)
    list[0] = list.first { |(p, q), r; s| p.q }
    each do |o| o.email end
    ->((m, n)) { m.n }
    :"quoted sym"
    %i[a b]
    [1.5, 2r, 3i, nil, true, false, __FILE__, __LINE__, __ENCODING__, ?c]
    { email: o.email, "k": 1, **rest, o.x => 2 }
    `ls #{o.dir}`
    /re#{o.pattern}/
    (o.low..o.high)
    a, (b, c), *d = list
    !o.valid?
    o.a ? o.b : o.c
    unless o.a then o.b else o.c end
    o.x unless o.y
    while o.a do o.b end
    until o.a do o.b end
    o.x while o.y
    o.x until o.y
    for i in o.items do i.x end
    klass::Inner.new
    o.class::KEY
    undef old_name
    begin
      retry if o.again?
    rescue A
      redo
    else
      o.fine
    ensure
      o.done
    end
    case o.shape
    in Order(email: String => e, **) if e.x then e.y
    in [Integer, *rest] then rest
    in Pair[Integer, String] then 2
    in Found[*, {name:}, *] then name
    in [*, 5, *] then 5
    in Point[x:, y: 3] then x
    in {type:} then type
    else o.other
    end
    o in {a:}
    o => {b:}
    list.each { next o.a; break o.b }
    yield o.email, 1
    return o.email
  end

  def self.rescued
    a
  rescue
    b
  ensure
    c
  end

  class << self
    def hidden
      x
    rescue E
      y
    end
  end
end
assert_difference("Order.where(state: 1).count")
assert_difference ["Order.count", "two words"]
assert_equal "Order.count", 1
__END__
nothing here
