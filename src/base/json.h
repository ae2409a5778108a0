/*
 * json.h: a streaming JSON writer. (Reading is jansson's.)
 *
 * Writes valid JSON whatever the bytes: invalid UTF-8 becomes U+FFFD. Commas
 * and nesting are kept by the writer. Keys are written in call order.
 *
 *     JsonWriter json;
 *     json_init(&json, &buf);
 *     json_object_begin(&json);
 *     json_key(&json, "line"); json_uint(&json, 42);
 *     json_object_end(&json);
 */
#ifndef STRAGGLER_BASE_JSON_H
#define STRAGGLER_BASE_JSON_H

#include "base/str.h"

typedef struct JsonWriter {
    StrBuf *out;
    unsigned depth;
    uint64_t has_items; /* bit per level: something was written there */
    bool after_key;
} JsonWriter;

void json_init(JsonWriter *json, StrBuf *out);
void json_object_begin(JsonWriter *json);
void json_object_end(JsonWriter *json);
void json_array_begin(JsonWriter *json);
void json_array_end(JsonWriter *json);
void json_key(JsonWriter *json, const char *key);
void json_str(JsonWriter *json, Str text);
void json_c(JsonWriter *json, const char *text); /* NULL writes null */
void json_uint(JsonWriter *json, uint64_t number);
void json_double(JsonWriter *json, double number);
void json_bool(JsonWriter *json, bool value);
void json_nil(JsonWriter *json); /* not json_null: jansson has that name */

#endif
