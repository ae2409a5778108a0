<html><?php
namespace App\Models;
use Foo\Bar as B, Baz\Qux;
use App\Models\{First, Second as Other};
use function App\Tools\{one};
use Thing;
#[Attr(1)]
abstract class A extends \X\Base implements I, J {
  use T, U;
  const N = 1, M = 2;
  public static ?Order $o = null, $p;
  private array|null $q;
  public function __construct(private readonly Order $order, int ...$xs) { parent::__construct($order); $this->x = $order->email; }
  public static function make(?B $b = null): static { return new static($b); }
}
enum K: string { case A = 'a'; }
trait T {} interface I extends J {}
function f(Order $a, &$b) {
  $a->b->c += 1; $a->b['x']++; $a?->d(); A::make(...$x)->e; self::$o; static::N; \foo($a->b, name: $a->c);
  $x = ['a' => $a->b, 'c', ...$d]; list($p, [$q]) = $r; $a->$f = 1; $a->{$g . 'x'}(); $s = "x {$a->b} $c[0]"; $t = 'pl';
  foreach ($a->items as $k => &$v) { $v->x; } foreach ($xs as $x): y(); endforeach;
  if ($a->b) { c(); } elseif ($d) e(); else { f(); }
  for ($i = 0; $i < $a->n; $i++) g();
  while ($a->b): h(); endwhile;
  switch ($a->b) { case 1: i(); break; default: j(); }
  try { k(); } catch (E | F $e) { $e->m(); } finally { l(); }
  $fn = fn(Order $z) => $z->y; $g = function() use ($a) { return $a->b; };
  $h = match($a->b) { 1, 2 => $a->c, default => null };
  $sql = <<<SQL
SELECT $a->b FROM x
SQL;
  $n = <<<'X'
plain
X;
  unset($a->b); isset($a->b); (int)$a->b; clone $a; $a ?? $b; $a ? $b : $c; $a instanceof Order; throw new E("x");
  $o = new class extends P { public $z; }; global $w; static $u = 1; echo $a->b, 2; return $a ?: $b;
}
<?php
// comment
namespace App\Braces { class X { } }
namespace App;
use function App\helper;
#[Entity] interface WithAttr { #[M] public function m(#[P] Order $a = null, #[V] string &...$more): never; }
#[Entity] trait Helper { }
#[Entity] enum Level: int implements HasName { #[C] case Low = 1; #[K] const X = 1; }
class Typed { #[F] public int $n; const int T = 1; use A, B { A::x insteadof B; }
  public function __construct(#[P] protected ?Order $o = null) {} }
#[F] function free() { static fn(): int => 1; $f = #[X] static function(): int { return 1; }; $g = #[X] fn() => 1; }
function more(A&B $i, (A&B)|null $dnf) {
  $o?->maybe; $o?->maybe(1); $o->{$name}; $o?->{$name}; $o::$name(); $o?->{$name}(); $o::class; $o->$name();
  foo(...); foo(&$o->a); new $class(1); new \App\Order(); -$o->a; !$o->b;
  1.5; true; null; yield $o->a; yield $o->k => $o->v;
  for ($i = 0, $j = 1; ; ) { continue; }
  while (1): break; endwhile;
  do { goto end; } while ($o->a);
  $a = &$o->b; $a .= $o->c;
  throw $o->e; $x = throw $o->e;
  end:
  $m = match (true) { $o->a => throw $o->b, default => $o->c };
}
function typed(): int { while (1) { break 2; continue 2; } return -5 + -$o->a; }
$o = new #[X] class(1) extends P implements I { };
class Hooked { #[\App\Meta] public $a; function __construct(public string $n { get => 1; }) {} }
?>
text
<?= $o->email ?>
