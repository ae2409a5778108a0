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

typedef enum LeadKind {
    LEAD_TYPE,   /* a class below the model, another name of one, a class made for them */
    LEAD_MEMBER, /* reached by `.` or the like */
    LEAD_FUNCTION,
    LEAD_VARIABLE
} LeadKind;

typedef struct Lead {
    Sym name;
    LeadKind kind;
    const char *family; /* of the language that declares it */
} Lead;

typedef struct Leads {
    ARRAY_OF(Lead);
} Leads;

/* Appends the leads that the parsed files declare, each once for its kind. */
void leads_find(const Analysis *analysis, Leads *leads);

#endif
