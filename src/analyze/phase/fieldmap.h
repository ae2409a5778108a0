/*
 * fieldmap.h: field maps that are read out of the code.
 *
 * `fields_from: MACRO` says that the code's own calls tell which field became
 * which. Two shapes are understood, in the body of the old model's class or on
 * the class by name:
 *
 *     legal_entity_proxy :owner_first_name, :first_name        old, new
 *     delegate :tax_id, to: :legal_entity, prefix: :business   business_tax_id -> tax_id
 */
#ifndef STRAGGLER_ANALYZE_FIELDMAP_H
#define STRAGGLER_ANALYZE_FIELDMAP_H

#include "base/diag.h"
#include "input/supervisor.h"
#include "input/target.h"
#include "input/walk.h"
#include "parse/frontend.h"
#include "parse/language.h"

typedef struct FieldMapSearch {
    SourceList *sources; /* files that hold a macro's name are read and parsed */
    Languages *languages;
    Names *names;
    SharedPage *page; /* of the supervisor; may be NULL */
    unsigned deadline_ms;
    Arena *arena; /* owns what is added */
} FieldMapSearch;

/*
 * Parses one file on its own, under the page's deadline. Facts and `arena` are the caller's to
 * release; without any statement facts->count is at most 1. False after setting diag.
 */
bool fieldmap_parse(const FieldMapSearch *search, ParserPool *pool, const Source *source,
                    Facts *facts, Arena *arena, Diag *diag);

/* True when a migration of `migrations` waits for its fields to be read. */
bool fieldmap_wanted(const Migration *migrations, size_t count);

/*
 * Adds to each migration with `fields_from` the pairs that are found; those that
 * straggler.yml names stay as they are. False after setting diag.
 */
bool fieldmap_read(const FieldMapSearch *search, Migration *migrations, size_t count, Diag *diag);

#endif
