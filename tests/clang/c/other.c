/* A private structure of the same name: reported as a rival. */
struct session {
    int flags; /* #! rival declare session.flags */
};

int other(struct session *s)
{
    return s->flags; /* #! rival read session.flags */
}
