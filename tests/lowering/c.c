#include <x.h>
#define SETF(a) ((a)->flags |= 1)
#define N 3
struct foo {
	int a, *b, c[3];
	struct bar *next;
	struct { int x; } anon;
	union { int y; char *z; };
	void (*cb)(struct foo *, int);
	unsigned int bits : 3;
	TAILQ_ENTRY(foo) entry;
};
typedef struct { int x; } foo_t, *foo_p;
typedef struct foo foo2;
enum color { RED, GREEN = 2 };
static struct foo *get(struct foo *p, const char **q, int r[], ...);
extern int x, *y[4];
static struct foo *
get(struct foo *p, int q)
{
	struct foo *f = p->next, g = { .a = 1, .anon = { .x = 2 }, [3] = 4 }, arr[2];
	f->flags |= 1; p->next->a++;
	(*p).a = ((struct bar *)q)->b[1].c;
	x = &p->a;
	foo(p->a, *p->b, sizeof(struct foo), sizeof *p, offsetof(struct foo, a));
	if (p->a == 1) return p; else if (q) { y; } else z;
	for (int i = 0; i < p->a; i++) p->b = 0;
	while (p) p = p->next;
	do { x; } while (p->a);
	switch (p->a) { case RED: case 2: a(); break; default: b; }
	return (foo_t){ .x = 1 };
	p->cb(p, 1);
	(*p->cb)(p);
	x = a ? b->c : d->e;
	s = "a" "b";
	goto out;
out:
#ifdef X
	p->a = 2;
#else
	p->b = 3;
#endif
	return NULL;
}
/* comment */
nonneg int blanked(__unused key_code key) TRACED;
void printflike(1, 2)
attributed_macro(struct foo *p) { p->a; }
#include <stdio.h>
#pragma once
#if defined(A) && B
int a1;
#elif C
int a2;
#endif
#ifdef D
#elifdef E
#endif
int traced(int x) TRACED;
int pointer_to_array(int (*)[3]);
struct unnamed { int : 2; };
struct __attribute__((packed)) packed { int x; };
[[gnu::deprecated("why")]] int old_function(void);
__declspec(dllexport) int exported;
int __stdcall called(int x);
union value { int i; union value *next; } values[2];
enum kind : int { K1 };
enum kind current;
int sum(int, char *, int (*)(int), int [4], int (int), ...);
int old_style(a) int a; { return a; }
const char *attributed(int x) __attribute__((pure));
void more(struct foo *p)
{
    asm("nop");
    p->a = -p->b, p->c[0] = 'c';
    int table[] = {1, p->a, [0 ... 3] = true, [4] = false};
    _Alignof(struct foo);
    for (;;) continue;
    { p->inner; }
    TYPE_OF(struct foo) q;
}
int lower(int x) traced(x);
