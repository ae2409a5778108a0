/*
 * Lookup by name in lists of a dozen: no table is needed.
 */
#include "output/rule_text.h"

#include <stddef.h>
#include <string.h>

static const RuleText kind_texts[] = {
    {"read", "The field is read",
     "Every place that reads the field has to change before the field can go away."},
    {"write", "The field is written",
     "Every place that writes the field has to write the new representation too, then only that."},
    {"query", "The field's name builds a query",
     "Queries, projections and SQL that name the field break when the column is dropped."},
    {"declare", "The field is declared",
     "Schemas, model members and annotations that declare the field go last."},
    {"save", "A save also saves another, changed object",
     "A chained save hides a write. Save the other object first, on its own."},
};

static const RuleText lint_texts[] = {
#define X(id, title, help) {id, title, help},
    LINT_RULES(X)
#undef X
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const RuleText *find(const RuleText *texts, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(texts[i].id, id) == 0)
            return &texts[i];
    }
    return NULL;
}

const RuleText *rule_text(const char *id)
{
    static const RuleText unknown = {"access", "An access of a migrated field",
                                     "This place uses a field that is being migrated away from."};
    const RuleText *text = find(lint_texts, COUNT(lint_texts), id);
    if (!text)
        text = find(kind_texts, COUNT(kind_texts), id);
    return text ? text : &unknown;
}

bool rule_is_known(const char *id)
{
    return find(lint_texts, COUNT(lint_texts), id) != NULL;
}

const char *rule_names(void)
{
    static const char names[] =
#define X(id, title, help) id "|"
        LINT_RULES(X)
#undef X
        ;
    return names;
}
