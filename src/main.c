/*
 * The table of subcommands.
 */
#include <stdio.h>

int main(void)
{
    printf("straggler %s\n", STRAGGLER_VERSION);
    return 0;
}
