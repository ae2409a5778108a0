/*
 * contextual.h: types that come from around an expression, not from inside it.
 *
 * An object literal has the type of the place it is written for: a declared
 * variable, a parameter, a result. A pattern ({email} = order) reads members of
 * what it takes apart. A name that a condition has tested is what it was tested for.
 */
#ifndef STRAGGLER_ANALYZE_CONTEXTUAL_H
#define STRAGGLER_ANALYZE_CONTEXTUAL_H

#include "analyze/types/receiver.h"

/* The declared type of the place where the expression stands; empty when nothing says. */
TypeSet resolver_expected(Resolver *resolver, FileId file, NodeId node);

/* The type that says what parameter `index` of a LAMBDA, or of a FUNCTION in a MAP, is where it stands. */
TypeSet resolver_expected_parameter(Resolver *resolver, FileId file, NodeId function, size_t index);

/*
 * What a KEYWORD names a member of, when it is no parameter of what is called: the first
 * parameter's type (`<Row email={e}/>` of `function Row({email}: RowProps)`).
 */
TypeSet resolver_keyword_owner(Resolver *resolver, FileId file, NodeId keyword);
/*
 * What a parameter of a function literal is given: the literal stands for an object of an
 * interface with a single function, watch(event -> ...).
 */
TypeSet resolver_handler_parameter(Resolver *resolver, FileId file, NodeId lambda, size_t index);

/* True when the MAP is a pattern; then *whole is the type of what it takes apart. */
bool resolver_pattern(Resolver *resolver, FileId file, NodeId map, TypeSet *whole);

/* The class that a NAME is tested for (x instanceof Foo) where the test has held; empty when none. */
TypeSet resolver_tested(Resolver *resolver, FileId file, NodeId name);

#endif
