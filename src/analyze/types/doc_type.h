/*
 * doc_type.h: types that a comment declares: @param {Order} order, @return Order[], @var Order $o.
 *
 * Which tags a language's comments use is data (`doc_params` and so on in its
 * language.yml). A comment proves less than a declaration: its types are `likely`.
 */
#ifndef STRAGGLER_ANALYZE_DOC_TYPE_H
#define STRAGGLER_ANALYZE_DOC_TYPE_H

#include "analyze/types/receiver.h"

/* What the comment of the function around `node` (or of `node`) says of a parameter or global. */
TypeSet doc_param(Resolver *resolver, FileId file, NodeId node, Sym name);

/* What the comment of a function says that it gives. */
TypeSet doc_return(Resolver *resolver, FileId file, NodeId function);

/* What the comment of a member or variable says of it; a tag that names another one does not count. */
TypeSet doc_value(Resolver *resolver, FileId file, NodeId node, Sym name);

/* What the comment of a class says of a member that nothing else declares. */
TypeSet doc_member(Resolver *resolver, ClassId class_id, Sym name);

#endif
