/*
 * learn.h: what the code base itself calls its objects.
 *
 * Where a variable's type is proved in some places, the same name most likely
 * means the same elsewhere: `mlist = MailingList(...)` here tells what the
 * parameter `mlist` is there. Only names that stand before an accessor are
 * looked at, and only when every proof agrees.
 */
#ifndef STRAGGLER_ANALYZE_LEARN_H
#define STRAGGLER_ANALYZE_LEARN_H

#include "analyze/access/access.h"

/* Adds the learned names to the resolver's conventions, and forgets the types asked on the way. */
void learn_names(Analysis *analysis);

#endif
