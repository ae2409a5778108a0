package main

import (
	"fmt"
	m "a/b"
)

type Order struct {
	A, B  string `db:"a"`
	Email *pkg.Str
	Base
	*x.Other
	Items []*Item
	M     map[string]Order
}
type I interface {
	Foo(a, b int, c ...string) (Order, error)
	Bar
}
type S string
type G = Other

func (o *Order) Get(a, b string, c []Order) (*Order, error) {
	o.Email = a.B.C
	x := &Order{A: b, "k": c, D: []int{1, 2}}
	var p, q Order
	var z = foo(1, a...)
	a, b = b.C, d()
	for i, v := range o.Items {
		v.A++
	}
	for i := 0; i < a.B; i++ {
		a.b()
	}
	for a.B { break }
	switch a.B {
	case X, y.Z: foo()
	default: bar()
	}
	switch t := a.(type) {
	case *Order: t.A = 1
	}
	if err := a.b(); err != nil { return nil, err } else if a { b } else { c }
	go func(x int) { x.y() }(1)
	defer a.b()
	s := fmt.Sprintf(`raw`, "in\n", 'c')
	k := a.(*Order).B[1].C
	l := []Order{{A: 1}, {B: 2}}
	n := *p.q
	mm := map[string]Order{"a": {A: 1}}
	y := a[1:2]
	_ = pkg.Order{A: 1}
	select { case x := <-c: x.y; case c <- 1: }
	const C, D = 1, 2
	return a.B
}

// comment
import . "dot"

import _ "blank"

type Generic[T any] struct{ v T }

type Number interface{ ~int | ~float64 }

type Fn func(a int) (b string)

type Ch chan Order

var fixed [3]Order

func gen[T any](a T, int) {
	dots := [...]Order{{A: 1}}
	list := gen[Order](x.y, 1)
	t := Tree[Order]{}
	u := Pair[int, Order](x)
	w := []Order(x.y)
	f := 1.5 + 2i
	b := iota == 'x' && true || false
	z := -o.a
	o.a--
	if s := o.b; s[0:o.n:o.m] != nil {
	}
	switch s := o.b; s {
	}
	switch s := o.b; v := s.(type) {
	}
	for {
		continue outer
		goto done
	}
outer:
	break outer
done:
	fn := m.Do[int]
	_ = *o.p
}

type Tagged struct {
	Base `json:"b"`
}

const Typed int = 1

func result() int {
	f := func() Order { return o }
	g := gen[int, string](x)
	h := m.Do[int, string]
	return 1
}
