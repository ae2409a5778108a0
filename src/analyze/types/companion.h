/*
 * companion.h: classes that stand for a model, and parameters that frameworks fill.
 *
 * A form, a table, an admin page or a generic view is about one model: its
 * `self.object` is an instance, its `queryset` a collection, a member named
 * like a field is that field. Packs say which supertypes make a class such a
 * companion and where it names its model (`companions`), and which parameters
 * of functions a framework fills with instances (`parameters`).
 */
#ifndef STRAGGLER_ANALYZE_COMPANION_H
#define STRAGGLER_ANALYZE_COMPANION_H

#include "analyze/types/receiver.h"

/* What `name` is inside a class: a member of self or a method's parameter; empty: no rule tells. */
TypeSet companion_name(Resolver *resolver, ClassId class_id, Sym name);

/* The types with instances of classes that have a member for each field (`bound`) replaced by their models. */
TypeSet companion_fields(Resolver *resolver, const TypeSet *types);

/* What constructing the class gives when it is a factory (`makes`) of a model; empty: it is none. */
TypeSet companion_made(Resolver *resolver, ClassId class_id);

/* The model (INSTANCE) whose fields are the members of the class; *meaning: what such a member is. */
TypeSet companion_model(Resolver *resolver, ClassId class_id, Meaning *meaning);

/* The model that a companions rule names for a class (INSTANCE). */
TypeSet companion_named(Resolver *resolver, const Rule *rule, ClassId class_id);

/* What a framework passes as the parameter `name` of `function`, by its rules. */
TypeSet companion_parameter(Resolver *resolver, FileId file, NodeId function, Sym name);

/* --- collection.c: classes whose instances are collections of a model: managers, query sets --- */

/* The types with instances of such classes replaced: by collections of `owner`, or of what they serve (0). */
TypeSet collection_of(Resolver *resolver, const TypeSet *set, ClassId owner);

/*
 * The types with instances of repositories replaced: by collections of their model. A repository
 * has members of its own; as a collection it is seen where it is called.
 */
TypeSet collection_served(Resolver *resolver, const TypeSet *set);

/* What a method of the code base's own collection classes gives on a collection. */
TypeSet collection_method(Resolver *resolver, Type receiver, Sym name);

#endif
