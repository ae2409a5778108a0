#include "session.h"

int strange(char **);
int looks(const char *, ...);
int fills(char *);
void *memset(void *, int, size_t);
int scan(const char *, ...);

typedef struct session other_name;

static struct session first = {
    .name = "first", /* #! write session.name */
    .at.row = 3, /* #! write session.at */
};

int reads(struct session *s, other_name *t, struct window *w)
{
    int sum = s->flags; /* #! read session.flags */
    sum += t->depth; /* #! read session.depth */
    sum += s->next->next->flags; /* #! read session.flags */
    sum += w->flags + w->at.row;
    sum += s->window->flags;
    sum += (int)sizeof(s->name); /* #! read session.name */
    sum += (int)offsetof(struct session, at); /* #! read session.at */
    sum += *s->name; /* #! read session.name */
    sum += s->at.row; /* #! read session.at */
    sum += session_depth(s);
    looks("name %p", s->text); /* #! read session.text */
    looks(s->text); /* #! read session.text */
    return sum + first.extra; /* #! read session.extra */
}

void writes(struct session *s, struct window *w)
{
    s->name = w->name; /* #! write session.name */
    w->name = s->name; /* #! read session.name */
    s->flags |= 2; /* #! write session.flags */
    s->depth++; /* #! write session.depth */
    --(s->depth); /* #! write session.depth */
    s->at.row = 1; /* #! write session.at */
    s->text[0] = 'a'; /* #! write session.text */
    fills(s->text); /* #! write session.text */
    strange(&s->name); /* #! write session.name */
    scan("%d", &s->extra); /* #! write session.extra */
    (s->next ? s : s->next)->depth = 4; /* #! write session.depth */
    const int *look = &s->extra; /* #! read session.extra */
    int *change = &s->extra; /* #! write session.extra */
    *change = *look;
    s->name[0] = 'b'; /* #! read session.name */
    memset(s, 0, sizeof *s); /* #! blind session */
}

struct session *owner(struct place *p)
{
    return container_of(p, struct session, at); /* #! read session.at */
}

int spelled(struct session *s, struct window *w)
{
    return MEMBER(s, flags) + MEMBER(w, flags); /* #! read session.flags */
}

#ifdef NEVER
int disabled(struct session *s)
{
    return s->flags; /* left to the tree-sitter front end */
}
#endif
