/*
 * naming.h: names made from other names.
 *
 * Rule packs say how one name follows from another by small templates:
 * "find_by_{f}", "{0|singular|camel}", "{model|snake|plural}". A variable
 * stands in braces, followed by filters:
 *
 *     camel     order_line -> OrderLine       snake   OrderLine -> order_line
 *     lcamel    order_line -> orderLine       plural, singular (English)
 *     title     order_line -> Order_line      upper, lower
 *     last      Spree::Order -> Order, app.Order -> Order      (the last segment)
 *     path      Spree::Order -> spree/order
 *     initials  order_id -> OrderID (camel, with abbreviations in capitals)
 *     stem      OrderSerializer -> Order       (without the last word)
 *     bean      isActive -> Active             unprefixed  WP_Post -> Post
 *
 * Plurals follow the rules of Rails' inflector (active_support/inflections.rb)
 * as far as names of models need them.
 */
#ifndef STRAGGLER_ANALYZE_NAMING_H
#define STRAGGLER_ANALYZE_NAMING_H

#include "base/str.h"

/* Gives the text of variable `name`; false when it is not known here. */
typedef bool (*TemplateLookup)(void *context, Str name, Str *value);

/*
 * Appends the expansion of `text` to `out`. Returns false, leaving `out` as it
 * was, when a variable is unknown. Unknown filters are refused by template_check.
 */
bool template_expand(Str text, TemplateLookup lookup, void *context, StrBuf *out);

/* False when the braces do not match or a filter is unknown; *bad then names the offender. */
bool template_check(Str text, Str *bad);

/* The filters by themselves; each appends to `out`. */
void name_camel(Str name, bool first_upper, StrBuf *out);
void name_snake(Str name, StrBuf *out);
void name_plural(Str name, StrBuf *out);
void name_singular(Str name, StrBuf *out);

/* An ordinary word in lower case: a value, a status, a label may be called so too. */
bool name_is_plain_word(Str name);

/* The name, or its last part, is `wanted`. */
bool name_ends_in(Str name, Str wanted);

/* The part after the last "::", ".", "#", "\\" or "/". */
Str name_last(Str name);

#endif
