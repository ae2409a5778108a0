/*
 * mention_private.h: what the parts of the search for mentions share. Only mention*.c include it.
 */
#ifndef STRAGGLER_ANALYZE_MENTION_PRIVATE_H
#define STRAGGLER_ANALYZE_MENTION_PRIVATE_H

#include "analyze/access/access.h"

/* How the mention reaches what takes it. */
typedef struct Route {
    NodeId taker;     /* CALL, NEW, ELEMENT, ASSIGN, VARIABLE, FIELD, EACH ... or 0 */
    NodeId argument;  /* the child of the taker on the way */
    Sym keyword;      /* passed below this keyword argument; 0 */
    Sym inside[4];    /* keys of hashes on the way, innermost first */
    size_t inside_count;
    bool as_key;      /* the mention is a key or keyword name itself */
} Route;

/*
 * Where records are arrays, a variable that is only named after another class may hold one that
 * has nothing to do with it: what is no member of that class refutes the name.
 */
void mention_drop_refuted(const Analysis *a, const Accessor *accessor, TypeSet *types);

/* What a call of the taker's name would mean on any receiver; NONE when no rule knows the name. */
Meaning mention_meaning_of_name(const Analysis *a, FileId file, NodeId node, const Route *route);

bool mention_holds_word(Str name, const char *word);

/* Climbs from a mention to what takes it. */
Route mention_climb(const File *file, NodeId node);

/* What a rule says of the name that came this way; NONE when nothing. */
Meaning mention_rule_meaning(const Analysis *a, const Rule *rule, const Facts *facts,
                             const Route *route, NodeId node);

/* What a rule says of names below the keyword argument `name`; NULL when it lists no such keyword. */
const NamedMeaning *mention_below_keyword(const Analysis *a, const Rule *rule, Sym name);

/* The class behind one key of a hash: a relation, a table, or a name that says it. */
TypeSet mention_follow_key(Analysis *a, NodeId taker, TypeSet set, FileId file, Sym key);

/* Follows the keys of nested hashes from the classes that the rule speaks about. */
TypeSet mention_follow_keys(Analysis *a, const Rule *rule, const Route *route, TypeSet set,
                            FileId file);

/* mention_context for a way that ends at a call. */
bool mention_call_context(Analysis *a, FileId file, NodeId node, const Route *route,
                          Meaning *meaning, TypeSet *types);

typedef enum Handed {
    HANDED_NOWHERE, /* to nothing that is known */
    HANDED_ON,      /* to calls that say what it means, and of which classes */
    HANDED_KEPT     /* a function has a parameter of that name, which is another's value */
} Handed;

/*
 * What becomes of a name that is given to a variable, a loop or a function of the code base:
 * the meaning and the classes of the calls that it is handed on to.
 */
Handed mention_handed(Analysis *a, FileId file, NodeId node, const Route *route, Meaning *meaning,
                      TypeSet *types);

/*
 * A keyword of a call whose function is named after a model, or is given a model's class:
 * mention_named.c. False when neither says whose field it is.
 */
bool mention_named(Analysis *a, FileId file, NodeId node, const Route *route, Meaning *meaning,
                   TypeSet *types);

/* True when a call gives a mapping of its keywords: dict(email=e). */
bool mention_builds_mapping(const Analysis *a, FileId file, NodeId call);

/* True when a call gives a mapping whose keys are the names it is given: array_flip($names). */
bool mention_makes_keys(const Analysis *a, FileId file, NodeId call);

/*
 * True when most keys of the mapping that `key` is in are members of the accessor's model, and no
 * other class has as many of them.
 */
bool mention_keys_of_model(const Analysis *a, const Accessor *accessor, FileId file, NodeId key,
                           Meaning *meaning, TypeSet *types);

/* True when a rule takes names, but not at this place. */
bool mention_names_elsewhere(const Rule *rule, const Facts *facts, const Route *route);

/* What a rule says of a string that is nothing but the name. */
Meaning mention_plain_meaning(const Analysis *a, const Rule *rule, const Facts *facts,
                              const Route *route, NodeId node);

/* True when the node makes an object of a class, by construction or a constructor above; *made: which. */
bool mention_makes(Analysis *a, FileId file, NodeId call, TypeSet *made);

/* What a literal's keys are: written, unless the call it is given to takes it as a pattern. */
Meaning mention_literal_meaning(const Analysis *a, FileId file, NodeId literal);

/* What a rule says of names listed in a class-body attribute. */
Meaning mention_attribute_meaning(const Analysis *a, const Rule *rule, FileId file, NodeId node,
                                 NodeId taker);

/* Records the access that a mention is. */
void mention_record(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                    Meaning meaning, const Verdict *verdict, NodeId receiver);

/* What a mention in no known call is for. */
Meaning mention_guess_meaning(const Analysis *a, FileId file, NodeId node, const Route *route);

/* Records a mention that no rule decides; `said` is what a call of that name would mean. */
void mention_guess(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                   const Route *route, Meaning said);

/* What a use of a variable is given to: itself, spread, or handed on by calls that give their receiver. */
Route mention_route_of_use(const Analysis *a, const Facts *facts, const Route *route, NodeId use);

/* The name that a list or hash is kept under, 0 if it has none; *end: where it is known no more. */
Sym mention_kept_as(const Analysis *a, FileId file, const Route *route, uint32_t *end);

/* The hash of members, and the key in it, that a mention stands below: defaults: {email: 1}; 0. */
NodeId mention_member_hash(const Facts *facts, NodeId node, const Route *route, Sym *key);

/* The attribute that a list or hash is the value of: what it is assigned to, or the method that returns it. */
Sym mention_attribute(const Program *program, FileId file, const Route *route);

#endif
