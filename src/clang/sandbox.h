/*
 * sandbox.h: the helper gives up what it never needs.
 */
#ifndef STRAGGLER_CLANG_SANDBOX_H
#define STRAGGLER_CLANG_SANDBOX_H

/*
 * No file can be created, opened for writing, truncated, removed or executed
 * from here on (Landlock, where the kernel has it), and none can grow
 * (RLIMIT_FSIZE). Best effort: flags are allow-listed before they get here.
 */
void sandbox_forbid_writing(void);

#endif
