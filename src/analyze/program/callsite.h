/*
 * callsite.h: the arguments of a call, as rule packs speak of them.
 */
#ifndef STRAGGLER_ANALYZE_CALLSITE_H
#define STRAGGLER_ANALYZE_CALLSITE_H

#include "analyze/program/program.h"

/* What template variables mean at one place; any part may be absent. */
typedef struct CallSite {
    const Program *program;
    FileId file;
    NodeId call;     /* the CALL (or MEMBER) */
    Sym target;      /* name on the left of an assignment: {target} */
    ClassId around;  /* {enclosing}, {model} */
    Sym member;      /* {member}: one of several declared by `each` or `each_key` */
    Sym field;       /* {field}: what the keys are for; so is a keyword that is given `true` */
} CallSite;

/* A TemplateLookup over a CallSite: {0}, {receiver.0}, {target}, {enclosing}, {keyword}. */
bool callsite_variable(void *site, Str name, Str *value);

/* The positional argument `index` of the call, or 0. Keywords and blocks do not count. */
NodeId callsite_argument(const Facts *facts, NodeId call, size_t index);

/* The value of keyword argument (or hash key) `name`, or 0. */
NodeId callsite_keyword(const Program *program, FileId file, NodeId call, Str name);

/* Told of one key, and the name that its hash or list is for. */
typedef void (*CallsiteKey)(void *context, Sym field, Sym key);

/*
 * The keys that a macro is given for a name: enum state: {open: 0}, enum :state, %i[open shut],
 * enum :state, open: 0. A constant stands for what the file assigns to it.
 */
void callsite_keys(const Program *program, FileId file, NodeId call, CallsiteKey each,
                   void *context);

/* The block (LAMBDA with role BLOCK, else the last function argument) of a call, or 0. */
NodeId callsite_block(const Facts *facts, NodeId call);

/* The name that an argument spells: a symbol's, a string's, a constant's; empty when it is none. */
Str callsite_spelled(const Program *program, FileId file, NodeId node);

/* Expands a template at a site and interns it; 0 when a variable is unknown. */
Sym callsite_expand(CallSite *site, Str template);

#endif
