#include "session.h"

/* This file never spells a member, but it is where the bodies get their types. */
int through(struct session *s, struct window *w)
{
    return NESTED(s) + BOTH(s, w) + (SESSION_NAME(s) != 0) + (SESSION_NAME(w) != 0);
}
