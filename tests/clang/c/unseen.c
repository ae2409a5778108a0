/* Holds the word, and is compiled, but cannot see the structure. */
struct window {
    int flags;
};

int unseen(struct window *w)
{
    return w->flags;
}
