/*
 * clang_sight.h: what a plan can tell from the text of its files.
 *
 * The part of clang_plan.h that reads code: which macros hold a member's name,
 * which names mean the model, which files could hold an access, and which units
 * only touch other types.
 */
#ifndef STRAGGLER_PARSE_CLANG_SIGHT_H
#define STRAGGLER_PARSE_CLANG_SIGHT_H

#include "parse/clang_plan.h"

/* Notes the types and macros of the graph's files that were read since the last call. */
void sight_examine(Plan *plan);

/* Looks for macros whose bodies hold a wanted word, or such a macro. False: no new ones. */
bool sight_find_macros(Plan *plan);

/* After all files were examined: names of the model, and what macros do with their arguments. */
void sight_find_types(Plan *plan);
void sight_judge_macros(Plan *plan);

/* Does the text use, or define, a macro that holds a member's name? */
bool sight_holds_macro(const Plan *plan, Str text);

/* May a condition of the preprocessor leave a wanted word out? */
bool sight_may_be_left_out(const Plan *plan, Str text);

/* Could this file's own text hold an access, whatever the types are? */
bool sight_is_interesting(const Plan *plan, size_t file, bool cxx);

/* With the unit's closure at hand: is every receiver in its own text surely of another type? */
bool sight_is_about_others(Plan *plan, size_t file, bool cxx);

#endif
