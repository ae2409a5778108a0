/*
 * lead.h: names by which code comes by an object of the model without naming the model.
 *
 * Where types are declared, a file that reads a common field name, and never names the
 * model, has the object from somewhere: it is of a class below, or some member, function
 * or variable gives it. The names of these are evidence as good as the model's own.
 */
#ifndef STRAGGLER_ANALYZE_LEAD_H
#define STRAGGLER_ANALYZE_LEAD_H

#include "analyze/access/access.h"

typedef struct Lead {
    Sym name;
    const char *family; /* of the language that declares it */
} Lead;

typedef struct Leads {
    ARRAY_OF(Lead);
} Leads;

/* Appends the leads that the parsed files declare, each once. */
void leads_find(const Analysis *analysis, Leads *leads);

#endif
