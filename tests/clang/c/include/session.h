#ifndef SESSION_H
#define SESSION_H
#include <stddef.h>

struct place {
    int row;
};

/* Another structure with members of the same names: a decoy. */
struct window {
    char *name;
    int flags;
    struct place at;
};

struct session {
    char *name; /* #! declare session.name */
    unsigned flags : 4; /* #! declare session.flags */
    struct {
        int depth; /* #! declare session.depth */
    };
    struct place at; /* #! declare session.at */
    char text[16]; /* #! declare session.text */
    struct window *window;
    struct session *next;
#define MORE(type, member) type member;
#include "more.def"
#undef MORE
};

/* The body counts once, however often it is used; the argument where it is used. */
#define SESSION_NAME(s) ((s)->name) /* #! read session.name */
#define MEMBER(s, member) ((s)->member)
#define BOTH(s, w) ((w)->flags + (s)->flags) /* #! read session.flags */
#define NESTED(s) (SESSION_NAME(s) ? 1 : 0)
#define container_of(pointer, type, member) \
    ((type *)(void *)((char *)(pointer) - offsetof(type, member)))

static inline int session_depth(const struct session *s)
{
    return s->depth; /* #! read session.depth */
}

#endif
