/*
 * query_alias.h: names that a query gives to classes, by which its texts speak of them.
 *
 *     $this->createQueryBuilder('o')->leftJoin('o.lines', 'l')->where('l.email = :email')
 *
 * Packs say which argument names such an alias (`alias_at`), and of which class.
 */
#ifndef STRAGGLER_ANALYZE_QUERY_ALIAS_H
#define STRAGGLER_ANALYZE_QUERY_ALIAS_H

#include "analyze/types/receiver.h"

/* The classes (INSTANCE) that `alias` stands for in the function around `node`, else in its class. */
TypeSet query_alias(Resolver *resolver, FileId file, NodeId node, Sym alias);

/* What the STRING at `path` leads to, "o.lines": a member of what the alias stands for. */
TypeSet query_path(Resolver *resolver, FileId file, NodeId path);

#endif
