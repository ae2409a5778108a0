/*
 * template_django.h: Django, Jinja and kindred templates ({{ }}, {% %}) to Facts.
 *
 *     {% for o in orders %}{{ o.email|upper }}{% endfor %}
 *
 *     EACH
 *       NAME o                 role=TARGET
 *       NAME orders            role=SOURCE
 *       BLOCK                  role=BODY
 *         CALL upper
 *           MEMBER email       role=ARGUMENT     (a filter takes its value as first argument)
 *             NAME o           role=RECEIVER
 *
 * Every node has FLAG_TEMPLATE, and its name's own bytes as its place. Tags by form:
 * `with`, `set`, `macro`, `for`, `if...` bind and branch; any other tag is a CALL of its
 * name with its arguments lowered, `a=b` as KEYWORD, and `as x` a VARIABLE around it.
 */
#ifndef STRAGGLER_PARSE_TEMPLATE_DJANGO_H
#define STRAGGLER_PARSE_TEMPLATE_DJANGO_H

#include "parse/frontend.h"

/* Lowers a whole template. Text without tags gives an empty FACT_FILE. */
ParseResult django_frontend_parse(Names *names, Str text, Facts *facts, Arena *arena);

#endif
