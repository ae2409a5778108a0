/*
 * contextual.h: types that come from around an expression, not from inside it.
 *
 * An object literal has the type of the place it is written for: a declared
 * variable, a parameter, a result. A pattern ({email} = order) reads members of
 * what it takes apart. A name that a condition has tested is what it was tested for.
 */
#ifndef STRAGGLER_ANALYZE_CONTEXTUAL_H
#define STRAGGLER_ANALYZE_CONTEXTUAL_H

#include "analyze/receiver.h"

/* The declared type of the place where the expression stands; empty when nothing says. */
TypeSet resolver_expected(Resolver *resolver, FileId file, NodeId node);

/* True when the MAP is a pattern; then *whole is the type of what it takes apart. */
bool resolver_pattern(Resolver *resolver, FileId file, NodeId map, TypeSet *whole);

/* The class that a NAME is tested for (x instanceof Foo) where the test has held; empty when none. */
TypeSet resolver_tested(Resolver *resolver, FileId file, NodeId name);

#endif
