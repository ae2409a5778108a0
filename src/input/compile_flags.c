/*
 * The allow-list. A flag is looked up in one table; the first row that fits
 * decides. What no row names is dropped without a word: it does not change what
 * the code means to a front end (optimization, warnings, debugging), or it is
 * not known, and then not wanted either.
 *
 * -D values reach the compiler as they are: a macro can do what the source
 * itself could do anyway. -include reads a file into the unit, so it must lie
 * inside the project.
 */
#include "input/compile_commands.h"

#include <limits.h>
#include <stdio.h>

typedef enum FlagShape {
    SHAPE_EXACT,    /* -ansi */
    SHAPE_PREFIX,   /* -std=c99, -mavx2 */
    SHAPE_SEPARATE, /* -o FILE */
    SHAPE_EITHER,   /* -IDIR, -I DIR */
} FlagShape;

typedef enum FlagPolicy {
    POLICY_KEEP,
    POLICY_KEEP_INSIDE, /* the value is a file that must lie in the project */
    POLICY_DROP,        /* silently */
    POLICY_OUTPUT,      /* refused; every build names outputs */
    POLICY_REFUSE,
} FlagPolicy;

typedef struct FlagRule {
    const char *name;
    FlagShape shape;
    FlagPolicy policy;
} FlagRule;

/* Longer names before their prefixes. */
static const FlagRule rules[] = {
    {"-include-pch", SHAPE_EITHER, POLICY_REFUSE},
    {"-include", SHAPE_EITHER, POLICY_KEEP_INSIDE},
    {"-imacros", SHAPE_EITHER, POLICY_KEEP_INSIDE},
    {"-isystem-after", SHAPE_EITHER, POLICY_KEEP},
    {"-isystem", SHAPE_EITHER, POLICY_KEEP},
    {"-isysroot", SHAPE_EITHER, POLICY_KEEP},
    {"-iquote", SHAPE_EITHER, POLICY_KEEP},
    {"-idirafter", SHAPE_EITHER, POLICY_KEEP},
    {"-ivfsoverlay", SHAPE_EITHER, POLICY_REFUSE},
    {"-I", SHAPE_EITHER, POLICY_KEEP},
    {"-D", SHAPE_EITHER, POLICY_KEEP},
    {"-U", SHAPE_EITHER, POLICY_KEEP},
    {"-std=", SHAPE_PREFIX, POLICY_KEEP},
    {"--std=", SHAPE_PREFIX, POLICY_KEEP},
    {"-stdlib=", SHAPE_PREFIX, POLICY_KEEP},
    {"-x", SHAPE_EITHER, POLICY_KEEP},
    {"--target=", SHAPE_PREFIX, POLICY_KEEP},
    {"-target", SHAPE_SEPARATE, POLICY_KEEP},
    {"--sysroot", SHAPE_SEPARATE, POLICY_KEEP},
    {"--sysroot=", SHAPE_PREFIX, POLICY_KEEP},
    {"-ansi", SHAPE_EXACT, POLICY_KEEP},
    {"-pthread", SHAPE_EXACT, POLICY_KEEP},
    {"-nostdinc", SHAPE_EXACT, POLICY_KEEP},
    {"-nostdinc++", SHAPE_EXACT, POLICY_KEEP},
    {"-nostdlibinc", SHAPE_EXACT, POLICY_KEEP},
    {"-trigraphs", SHAPE_EXACT, POLICY_KEEP},
    {"-undef", SHAPE_EXACT, POLICY_KEEP},
    {"-m16", SHAPE_EXACT, POLICY_KEEP},
    {"-m32", SHAPE_EXACT, POLICY_KEEP},
    {"-m64", SHAPE_EXACT, POLICY_KEEP},
    {"-mx32", SHAPE_EXACT, POLICY_KEEP},
    {"-march=", SHAPE_PREFIX, POLICY_KEEP},
    {"-mcpu=", SHAPE_PREFIX, POLICY_KEEP},
    {"-mfpu=", SHAPE_PREFIX, POLICY_KEEP},
    {"-mfloat-abi=", SHAPE_PREFIX, POLICY_KEEP},
    {"-msse", SHAPE_PREFIX, POLICY_KEEP},
    {"-mavx", SHAPE_PREFIX, POLICY_KEEP},
    {"-mbmi", SHAPE_PREFIX, POLICY_KEEP},
    {"-maes", SHAPE_EXACT, POLICY_KEEP},
    {"-mpclmul", SHAPE_EXACT, POLICY_KEEP},
    {"-mpopcnt", SHAPE_EXACT, POLICY_KEEP},
    {"-mllvm", SHAPE_SEPARATE, POLICY_REFUSE},
    {"-mlinker", SHAPE_PREFIX, POLICY_REFUSE},
    {"-o", SHAPE_EITHER, POLICY_OUTPUT},
    {"-MF", SHAPE_EITHER, POLICY_OUTPUT},
    {"-MT", SHAPE_EITHER, POLICY_OUTPUT},
    {"-MQ", SHAPE_EITHER, POLICY_OUTPUT},
    {"-MJ", SHAPE_EITHER, POLICY_OUTPUT},
    {"-MD", SHAPE_EXACT, POLICY_OUTPUT},
    {"-MMD", SHAPE_EXACT, POLICY_OUTPUT},
    {"-Xclang", SHAPE_SEPARATE, POLICY_REFUSE},
    {"-Xpreprocessor", SHAPE_SEPARATE, POLICY_REFUSE},
    {"-Xassembler", SHAPE_SEPARATE, POLICY_REFUSE},
    {"-Xlinker", SHAPE_SEPARATE, POLICY_REFUSE},
    {"-Xanalyzer", SHAPE_SEPARATE, POLICY_REFUSE},
    {"-Xarch_", SHAPE_PREFIX, POLICY_REFUSE},
    {"-Xopenmp-target", SHAPE_PREFIX, POLICY_REFUSE},
    {"-Wp,", SHAPE_PREFIX, POLICY_REFUSE},
    {"-Wa,", SHAPE_PREFIX, POLICY_REFUSE},
    {"-Wl,", SHAPE_PREFIX, POLICY_DROP},
    {"-load", SHAPE_SEPARATE, POLICY_REFUSE},
    {"-plugin", SHAPE_SEPARATE, POLICY_REFUSE},
    {"-fplugin", SHAPE_PREFIX, POLICY_REFUSE},
    {"-fpass-plugin", SHAPE_PREFIX, POLICY_REFUSE},
    {"-fmodule", SHAPE_PREFIX, POLICY_REFUSE},
    {"-fbuild-session", SHAPE_PREFIX, POLICY_REFUSE},
    {"-fprebuilt", SHAPE_PREFIX, POLICY_REFUSE},
    {"-fprofile", SHAPE_PREFIX, POLICY_REFUSE},
    {"-fcrash-diagnostics", SHAPE_PREFIX, POLICY_REFUSE},
    {"-fdump", SHAPE_PREFIX, POLICY_REFUSE},
    {"-fsave-optimization", SHAPE_PREFIX, POLICY_REFUSE},
    {"-fsanitize-ignorelist", SHAPE_PREFIX, POLICY_REFUSE},
    {"-fsanitize-blacklist", SHAPE_PREFIX, POLICY_REFUSE},
    {"-ftime-trace", SHAPE_PREFIX, POLICY_REFUSE},
    {"-ftest-coverage", SHAPE_EXACT, POLICY_OUTPUT},
    {"-foptimization-record", SHAPE_PREFIX, POLICY_REFUSE},
    {"-fembed", SHAPE_PREFIX, POLICY_REFUSE},
    {"--embed-dir", SHAPE_PREFIX, POLICY_REFUSE},
    {"-save-temps", SHAPE_PREFIX, POLICY_REFUSE},
    {"--save-temps", SHAPE_PREFIX, POLICY_REFUSE},
    {"-save-stats", SHAPE_PREFIX, POLICY_REFUSE},
    {"-header-include-file", SHAPE_SEPARATE, POLICY_REFUSE},
    {"-dependency-", SHAPE_PREFIX, POLICY_REFUSE},
    {"-serialize-diagnostics", SHAPE_SEPARATE, POLICY_REFUSE},
    {"--serialize-diagnostics", SHAPE_SEPARATE, POLICY_REFUSE},
    {"-diagnostic-log-file", SHAPE_SEPARATE, POLICY_REFUSE},
    {"-stats-file", SHAPE_PREFIX, POLICY_REFUSE},
    {"--config", SHAPE_EITHER, POLICY_REFUSE},
    {"-specs", SHAPE_EITHER, POLICY_REFUSE},
    {"--specs", SHAPE_EITHER, POLICY_REFUSE},
    {"-wrapper", SHAPE_SEPARATE, POLICY_REFUSE},
    {"-resource-dir", SHAPE_EITHER, POLICY_REFUSE},
    {"-cc1", SHAPE_PREFIX, POLICY_REFUSE},
    {"--driver-mode", SHAPE_PREFIX, POLICY_REFUSE},
    {"--gcc-toolchain", SHAPE_EITHER, POLICY_REFUSE},
    {"--analyze", SHAPE_PREFIX, POLICY_REFUSE},
    {"-emit-", SHAPE_PREFIX, POLICY_REFUSE},
    {"-B", SHAPE_EITHER, POLICY_REFUSE},
    {"-L", SHAPE_EITHER, POLICY_DROP},
    {"-T", SHAPE_EITHER, POLICY_DROP},
    {"-z", SHAPE_SEPARATE, POLICY_DROP},
    {"-u", SHAPE_SEPARATE, POLICY_DROP},
    {"-arch", SHAPE_SEPARATE, POLICY_DROP},
    {"--param", SHAPE_SEPARATE, POLICY_DROP},
};

/* -f and -fno- switches that change what code means or which macros are set. */
static const char *const kept_switches[] = {
    "exceptions",        "cxx-exceptions",  "rtti",        "short-enums",    "short-wchar",
    "signed-char",       "unsigned-char",   "char8_t",     "ms-extensions",  "ms-compatibility",
    "gnu89-inline",      "gnu-keywords",    "blocks",      "openmp",         "freestanding",
    "hosted",            "builtin",         "concepts",    "coroutines",     "sized-deallocation",
    "aligned-new",       "aligned-allocation", "declspec", "signed-bitfields", "unsigned-bitfields",
    "pic",               "PIC",             "pie",         "PIE",            "plan9-extensions",
    "asm",               "operator-names",  "permissive",  "threadsafe-statics", "fast-math",
    "finite-math-only",  "strict-flex-arrays=3", "wrapv",  "define-target-os-macros",
};

static bool is_kept_switch(const char *flag)
{
    if (strncmp(flag, "-f", 2) != 0)
        return false;
    const char *name = flag + (strncmp(flag, "-fno-", 5) == 0 ? 5 : 2);
    for (size_t i = 0; i < sizeof kept_switches / sizeof *kept_switches; i++)
        if (strcmp(name, kept_switches[i]) == 0)
            return true;
    return false;
}

static bool fits(const FlagRule *rule, const char *flag)
{
    size_t length = strlen(rule->name);
    if (strncmp(flag, rule->name, length) != 0)
        return false;
    bool exact = flag[length] == '\0';
    return exact || rule->shape == SHAPE_PREFIX || rule->shape == SHAPE_EITHER;
}

static const FlagRule *rule_for(const char *flag)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (fits(&rules[i], flag))
            return &rules[i];
    return NULL;
}

static void refuse(CompileDatabase *database, const CompileCommand *command, const char *name,
                   const char *value, bool ordinary)
{
    for (size_t i = 0; i < database->refused.count; i++) {
        if (strcmp(database->refused.items[i].name, name) == 0) {
            database->refused.items[i].count++;
            return;
        }
    }
    array_push(&database->refused,
               ((RefusedFlag){name, value ? value : "", command->file, 1, ordinary}));
}

static bool lies_inside(const char *file, const char *directory, const char *inside)
{
    char joined[PATH_MAX], resolved[PATH_MAX];
    int length = file[0] == '/' ? snprintf(joined, sizeof joined, "%s", file)
                                : snprintf(joined, sizeof joined, "%s/%s", directory, file);
    if (length < 0 || (size_t)length >= sizeof joined || !realpath(joined, resolved))
        return false;
    size_t depth = strlen(inside);
    return strncmp(resolved, inside, depth) == 0 && (resolved[depth] == '/' || depth <= 1);
}

typedef struct FlagList { ARRAY_OF(const char *); } FlagList;

/* Takes the flag at `index` and its value; returns how many arguments that was. */
static size_t take(CompileDatabase *database, CompileCommand *command,
                   const CompileFlags *arguments, size_t index, const char *inside, FlagList *kept)
{
    const char *flag = arguments->items[index];
    const FlagRule *rule = rule_for(flag);
    if (!rule) {
        if (is_kept_switch(flag))
            array_push(kept, flag);
        return 1;
    }
    bool joined = flag[strlen(rule->name)] != '\0';
    bool separate = !joined && (rule->shape == SHAPE_SEPARATE || rule->shape == SHAPE_EITHER) &&
                    index + 1 < arguments->count;
    const char *value = separate ? arguments->items[index + 1] : flag + strlen(rule->name);
    bool keep = rule->policy == POLICY_KEEP;
    if (rule->policy == POLICY_KEEP_INSIDE)
        keep = lies_inside(value, command->directory, inside);
    if (keep) {
        array_push(kept, flag);
        if (separate)
            array_push(kept, value);
    } else if (rule->policy != POLICY_DROP) {
        refuse(database, command, rule->name, value, rule->policy == POLICY_OUTPUT);
    }
    return separate ? 2 : 1;
}

static bool is_cxx_driver(const char *compiler)
{
    const char *slash = strrchr(compiler, '/');
    const char *name = slash ? slash + 1 : compiler;
    return strstr(name, "++") != NULL;
}

void compile_filter(CompileDatabase *database, CompileCommand *command,
                    const CompileFlags *arguments, const char *inside, Arena *arena)
{
    FlagList kept = {0};
    const char *dot = strrchr(command->file, '.');
    if (arguments->count && is_cxx_driver(arguments->items[0]) && dot && strcmp(dot, ".c") == 0) {
        array_push(&kept, "-x");
        array_push(&kept, "c++");
    }
    for (size_t i = 1; i < arguments->count;) {
        const char *argument = arguments->items[i];
        if (argument[0] == '@') {
            refuse(database, command, "@file", argument, false);
            i++;
        } else if (argument[0] != '-') {
            i++; /* the file itself, an object, a library */
        } else {
            i += take(database, command, arguments, i, inside, &kept);
        }
    }
    command->flags.count = kept.count;
    command->flags.items = ARENA_ARRAY(arena, const char *, kept.count + 1);
    if (kept.count)
        memcpy(command->flags.items, kept.items, kept.count * sizeof *kept.items);
    array_release(&kept);
}
