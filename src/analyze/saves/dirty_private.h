/*
 * dirty_private.h: what the parts of the dirty-object dataflow share.
 *
 *     dirty_state.c    objects, and what is known of them at one point of a function
 *     dirty_chain.c    what a save of a class's object saves with it
 *     dirty_handler.c  functions that are run at saves
 *     dirty_step.c     what one node does to the state
 *     dirty_stand_in.c objects that stand for the one they save: forms
 *     dirty_call.c     what a call does: rules, reading of members
 *     dirty_proof.c    what a test of an object's state proves
 *     dirty_keys.c     which keys a hash may have
 *     dirty_assign.c   assignments, of one member or of many at once
 *     dirty_apply.c    what a function does, seen from a call of it
 *     dirty_save.c     saves and what they chain: findings
 *     dirty.c          the fixpoint over a function, summaries
 */
#ifndef STRAGGLER_ANALYZE_DIRTY_PRIVATE_H
#define STRAGGLER_ANALYZE_DIRTY_PRIVATE_H

#include "analyze/saves/dirty.h"
#include "analyze/saves/flow.h"

#include <string.h>

/* An access path: a root, or a member of another path. Id 0 is none. */
typedef uint32_t ObjectId;

typedef enum RootKind { ROOT_SELF = 1, ROOT_NAME, ROOT_NODE, ROOT_RETURN } RootKind;

enum {
    OBJECTS_MAX = 6,
    PATH_MAX = 3,
    STATE_MAX = 600,
    CALL_DEPTH_MAX = 40,
    EFFECTS_MAX = 256,
    ABOVE_MAX = 32 /* classes above one that are looked at */
};

typedef struct Object {
    ObjectId parent; /* 0: a root */
    uint8_t depth;
    uint8_t root;    /* RootKind of a root */
    uint32_t key;    /* Sym of the member or name; NodeId of ROOT_NODE */
    ClassId class_id; /* once it is known */
} Object;

typedef struct Objects {
    uint32_t count;
    ObjectId items[OBJECTS_MAX];
} Objects;

enum ObjectFlags {
    OBJECT_NEW = 1,     /* not in the database yet */
    OBJECT_CHANGED = 2, /* a field was written */
    OBJECT_MAYBE = 4,   /* by a path or a mass assignment that need not do it */
    OBJECT_STORED = 8,  /* known to come from the database */
    OBJECT_PLACED = 16, /* an object was put at this path while its owner was new */
    OBJECT_HANDED = 32, /* given to a session, which saves it when it is flushed */
    /* beside NEW or CHANGED: only because a test said so, and only where it did */
    OBJECT_ASSUMED_NEW = OBJECT_NEW << 8,
    OBJECT_ASSUMED_CHANGED = OBJECT_CHANGED << 8
};
enum { ASSUMED_SHIFT = 8 };

/* What is known of one object, or which object stands at a path. */
typedef struct StateEntry {
    ObjectId at;
    ObjectId to;     /* 0: `flags` speak about `at`; else the object at path `at` */
    uint32_t flags;
    Place evidence;
} StateEntry;

typedef struct State {
    bool reached;
    struct { ARRAY_OF(StateEntry); } entries; /* sorted by (at, to) */
} State;

typedef enum EffectKind { EFFECT_SAVE, EFFECT_FLUSH, EFFECT_ASSIGN, EFFECT_FLAGS, EFFECT_ALIAS,
                          EFFECT_PUT } EffectKind;
typedef enum EffectRoot { EFFECT_SELF, EFFECT_PARAM, EFFECT_RESULT } EffectRoot;

/* A path as the caller sees it. */
typedef struct EffectPath {
    EffectRoot root;
    uint32_t param;
    uint32_t length;
    Sym members[PATH_MAX];
} EffectPath;

typedef struct Effect {
    EffectKind kind;
    EffectPath path;
    EffectPath alias;  /* ALIAS: what `path` (a result) may be; PUT: what was put at `path` */
    uint32_t flags;
    ClassId class_id;  /* SAVE, ASSIGN, FLAGS: of the object; 0 unknown */
    Confidence confidence;
    Place place;
} Effect;

typedef struct Summary {
    struct { ARRAY_OF(Effect); } effects;
    bool done;
} Summary;

/* One way in which a save goes on to another object. */
typedef struct Chain {
    Sym member;       /* association; 0: a callback */
    bool when_new, when_changed, when_placed;
    Sym nested;       /* the key under which mass assignment reaches it; 0 */
    ClassId target;
    ClassId linking;  /* of the objects that link a placed target to its owner; 0: the target does */
    Place place;      /* the declaration */
    const Summary *callback; /* what runs at the save */
    bool free;        /* the callback is no method: the object saved is its parameter `param` */
    uint32_t param;
} Chain;

typedef struct ClassChains {
    ClassId class_id;
    struct { ARRAY_OF(Chain); } chains;
} ClassChains;

typedef struct SaveHit {
    Place place;      /* the save call */
    ClassId saved, other;
    Sym member;
    Confidence confidence;
    bool definition;  /* chained-save */
    Place changed, chain, call; /* evidence; file 0: none */
} SaveHit;

/* A function that the framework runs at the saves of a class's objects. */
typedef struct SaveHandler {
    ClassId class_id;
    Place function;
    uint32_t param;
} SaveHandler;

struct Dirty {
    Program *program;
    Resolver *resolver;
    Arena arena;
    struct { ARRAY_OF(SaveHandler); } handlers;
    struct { ARRAY_OF(SaveHit); } hits;
    Map hit_at;
    Map summaries; /* (file, node) -> Summary * */
    Map chains;    /* ClassId -> ClassChains * */
    unsigned depth;
};

/* The function being looked at. */
typedef struct Walk {
    Dirty *dirty;
    FileId file;
    const Facts *facts;
    const Language *language;
    NodeId root, end;
    Sym self_name;      /* the parameter that is the object, where languages spell it; 0 */
    bool implicit_self; /* bare names may be members of self */
    FlowInput input;
    Flow flow;
    struct { ARRAY_OF(Object); } objects; /* items[0] unused */
    Map object_ids;
    Objects *values;  /* by node - root: what an expression stands for */
    State state;      /* at the current step */
    Summary *summary;
    bool emit;        /* the last pass: findings and effects are recorded */
} Walk;

/* One call, or an assignment that runs a function. */
typedef struct CallStep {
    Walk *walk;
    NodeId site;
    NodeId receiver;   /* 0: self */
    Sym name;
    TypeSet types;     /* of the receiver */
    ClassId class_id;  /* of the receiver's object; 0 unknown */
    Confidence confidence;
    Objects receivers;
    bool maybe;        /* it need not happen: marks become weaker */
    bool overridden;   /* the method that a redefinition goes on to */
} CallStep;

static inline Place walk_place(const Walk *walk, NodeId node)
{
    return (Place){walk->file, node};
}

/* True when a rule is meant for the language at hand. */
static inline bool rule_speaks(const Walk *walk, const Rule *rule)
{
    return strcmp(rule->pack->family, walk->language->family) == 0;
}

/* --- dirty_state.c --- */

ObjectId object_root(Walk *walk, RootKind kind, uint32_t key);
ObjectId object_member(Walk *walk, ObjectId object, Sym member);
/* Notes the class of objects, as far as it was unknown. */
void objects_are(Walk *walk, const Objects *objects, ClassId class_id);
bool object_below(const Walk *walk, ObjectId object, ObjectId above);
void objects_add(Objects *set, ObjectId object);
void objects_join(Objects *set, const Objects *other);

/* The objects that stand at a path: those bound to it, else the path itself. */
Objects state_at(const State *state, ObjectId path);
void state_bind(State *state, ObjectId path, const Objects *objects, Place evidence, bool weak);
const StateEntry *state_flags(const State *state, ObjectId object);
void state_mark(State *state, ObjectId object, uint32_t flags, Place evidence);
/* Changes of the objects and of what is below them are lost; NULL: of all. */
void state_settle(const Walk *walk, State *state, const Objects *objects);
/* Until the ways join: what a test proves. */
void state_assume(State *state, ObjectId object, uint32_t flags, Place evidence);
void state_clear(State *state, ObjectId object, uint32_t flags);
/* Forgets all about an object and what is below it: it is another one from here on. */
void state_forget(const Walk *walk, State *state, ObjectId object);
/* The flags that do not come from a test. */
uint32_t flags_known(uint32_t flags);
/* True when `into` changed. */
bool state_join(State *into, const State *from);
void state_copy(State *into, const State *from);
void state_release(State *state);

/* --- dirty_chain.c --- */

const ClassChains *chains_of(Dirty *dirty, ClassId class_id);
/* The member of a class, or of one above it, that is of this kind; 0: there is none. */
MemberId member_of_kind(const Program *program, ClassId class_id, Sym name, MemberKind kind);
/* True when the first parameter of the function is the object that it is called on. */
bool takes_self(const Program *program, Place function);
/* The function outside of classes of this name when the program has only one. */
Place only_function(const Program *program, Sym name);
/* The method of this name when the program has only one; file 0: there is none, or several. */
Place only_method(const Program *program, Sym name);
/* True when a method goes on to the one that it redefines: `super`, `super().save()`. */
bool goes_on(const Program *program, Place function);
/* True when an effect of a callback saves an object that belongs to the one saved. */
bool chain_reaches(const Chain *chain, const Effect *effect);
bool save_condition(const Dirty *dirty, const Rule *rule, FileId file, NodeId call);

/* --- dirty_keys.c --- */

typedef struct Keys {
    struct { ARRAY_OF(Sym); } names;
    struct { ARRAY_OF(Sym); } without; /* keys that were taken out of an open one */
    bool open; /* there may be others */
} Keys;
void keys_release(Keys *keys);

/* The keys of the hash that an expression gives, as far as they are spelled out somewhere. */
void keys_of_value(Walk *walk, NodeId value, Keys *keys);

/* --- dirty_handler.c --- */

/* Finds the functions that are tied to the saves of a class. */
void handlers_find(Dirty *dirty);

/* --- dirty_call.c --- */

void step_call(Walk *walk, NodeId call);
/* A call of the overridden method. */
void step_super(Walk *walk, NodeId node);
bool save_rule_matches(CallStep *step, const Rule *rule);
/* Fills in what is called, on what, as far as it is known. */
void call_start(CallStep *step, Walk *walk, NodeId site);

/* --- dirty_stand_in.c --- */

/* The model whose objects such a class's objects stand for; 0: it is no such class. */
ClassId stand_in_model(Dirty *dirty, ClassId class_id);
/* Ties what was made to the object that it was given. */
void stand_in_made(CallStep *step, const Objects *made);
/* The objects that the receivers stand for. */
Objects stand_in_objects(const CallStep *step, const Rule *rule);

/* --- dirty_proof.c --- */

/* Changes the state to what it is when a condition holds, or does not. */
void condition_proves(Walk *walk, NodeId condition, bool holds);

/* --- dirty_assign.c --- */

/* `receiver.member = values`, or a keyword of a constructor. */
void assign_member(Walk *walk, NodeId site, const Objects *owners, ClassId owner_class, Sym member,
                   const Objects *values, bool compound);
/* All arguments of a call (or the value of an assignment) as mass assignment. */
void assign_all(CallStep *step, const Objects *owners, ClassId class_id);
/* Mass assignment of keys that nobody knows; `without`: but these are none of them, or NULL. */
void assign_unknown(CallStep *step, const Objects *owners, ClassId class_id, const Keys *without);
void add_to_collection(Walk *walk, NodeId site, const Objects *collections, const Objects *values,
                       bool at_once);
void mark_all(CallStep *step, const Objects *objects, uint32_t flags);

/* --- dirty_apply.c --- */

/* The class of the object that an expression stands for; 0 unknown. */
ClassId class_at(Walk *walk, NodeId node, Confidence *confidence);
ClassId class_of_types(const TypeSet *types, Confidence *confidence);
/* The FUNCTION behind a member; file 0: there is none. */
Place function_of(const Program *program, ClassId class_id, Sym name);
MemberId association_of(const Program *program, ClassId class_id, Sym name);
/* True when other objects stand at the member: an association, or what a save goes on to. */
bool is_link(Dirty *dirty, ClassId class_id, Sym name);
/* The function that runs when `name` is assigned: `name=`, or a member marked as setter. */
Place setter_of(const Walk *walk, ClassId class_id, Sym name);
/* The same for receivers of unknown class, when only one class has such a setter. */
Place only_setter(const Walk *walk, Sym name);
/* How the function is named that assigns `name`; 0: no such name is known. */
Sym setter_name(const Walk *walk, Sym name);
bool is_setter_name(const Language *language, Str name);
/* What the function does, seen from the call; `result` gets what it may give. */
void apply_summary(CallStep *step, Place function, Objects *result);

/* --- dirty_step.c --- */

void step_node(Walk *walk, NodeId node);
Objects *value_of(Walk *walk, NodeId node);

/* --- dirty_save.c --- */

void push_hit(Dirty *dirty, SaveHit hit);
/* All that a session knows of and that was changed is saved. */
void record_flush(Walk *walk, Place place, Place call);
/* An object and all that is associated with it. */
void record_save_all(Walk *walk, const Objects *objects, ClassId class_id, Confidence confidence,
                     Place place);
void record_save(Walk *walk, const Objects *objects, ClassId class_id, Confidence confidence,
                 Place place, Place call);

/* --- dirty.c --- */

const Summary *summary_of(Dirty *dirty, FileId file, NodeId function);
void record_effect(Walk *walk, Effect effect);
/* The path of an object as a caller sees it; false when it is local. */
bool effect_path(const Walk *walk, ObjectId object, EffectPath *path);

#endif
