/*
 * decorated.h: what decorators, annotations, attributes and struct tags say of the code they stand at:
 * that a class is a model, what its table is called, and what the column behind a member is called.
 *
 *     @Entity @Table(name = "orders")
 *     class Order { @Column(name = "email_address") String email; }
 */
#ifndef STRAGGLER_ANALYZE_DECORATED_H
#define STRAGGLER_ANALYZE_DECORATED_H

#include "analyze/program/program.h"

/* The rule for models whose `decorators` stand at the class or at one of its members; NULL. */
const Rule *decorated_model_rule(const Program *program, const Class *class);

/*
 * The STRING that a decorator of one of `names`, at the declaration `node`, is given as `name` or
 * as its first argument; 0.
 */
NodeId decorated_text(const Program *program, FileId file, NodeId node, const StrList *names);

/* The STRING that spells the column of the class's stored member `name`; 0. *file: where. */
NodeId decorated_column(const Program *program, const Class *class, Sym name, FileId *file);

#endif
