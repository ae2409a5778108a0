/*
 * --version is one line for scripts; --verbose tells what this build is made
 * of, for bug reports.
 */
#include "cli/commands.h"

#include "base/embedded.h"
#include "parse/grammars.h"

#include <jansson.h>
#include <yaml.h>
#ifdef STRAGGLER_VECTORSCAN
#include <hs.h>
#endif
#define XXH_INLINE_ALL
#include <xxhash.h>

static void add_files(StrBuf *out, const char *folder, const char *suffix, const char *title)
{
    strbuf_printf(out, "%s:", title);
    for (size_t i = 0; i < embedded_file_count; i++) {
        Str path = str_of(embedded_files[i].path);
        if (!str_starts(path, folder) || !str_ends(path, suffix))
            continue;
        size_t start = strlen(folder);
        strbuf_printf(out, " %.*s", (int)(path.length - strlen(suffix) - start),
                      path.data + start);
    }
    strbuf_add_byte(out, '\n');
}

static void add_libraries(StrBuf *out)
{
    strbuf_printf(out, "tree-sitter: ABI %d to %d\n", TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION,
                  TREE_SITTER_LANGUAGE_VERSION);
#ifdef STRAGGLER_VECTORSCAN
    strbuf_printf(out, "search: Vectorscan %s\n", hs_version());
#else
    strbuf_add_c(out, "search: PCRE2\n");
#endif
    strbuf_printf(out, "libyaml: %s\njansson: %s\nxxHash: %u\n", yaml_get_version_string(),
                  JANSSON_VERSION, XXH_versionNumber());
}

void print_version(const CommandTable *table, bool verbose, StrBuf *out)
{
    strbuf_printf(out, "straggler %s\n", table->version);
    if (!verbose)
        return;
    add_libraries(out);
    add_files(out, "grammars/", "/language.yml", "languages");
    add_files(out, "rules/", ".yml", "rule packs");
}
