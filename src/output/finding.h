/*
 * finding.h: what straggler tells its user.
 *
 * Findings are made by the analysis, judged by the phases, and handed to
 * reporters sorted by path, line, column, rule and target. Everything here
 * borrows from the run's arena.
 */
#ifndef STRAGGLER_OUTPUT_FINDING_H
#define STRAGGLER_OUTPUT_FINDING_H

#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"

#define ACCESS_KINDS(X) X(READ, "read") X(WRITE, "write") X(QUERY, "query") X(DECLARE, "declare") X(SAVE, "save")
typedef enum AccessKind {
#define X(name, text) ACCESS_##name,
    ACCESS_KINDS(X)
#undef X
    ACCESS_KIND_COUNT
} AccessKind;

/* In order of strength: the strongest is the smallest. */
#define CONFIDENCES(X) X(CERTAIN, "certain") X(LIKELY, "likely") X(POSSIBLE, "possible")
typedef enum Confidence {
#define X(name, text) CONFIDENCE_##name,
    CONFIDENCES(X)
#undef X
    CONFIDENCE_COUNT
} Confidence;

typedef enum Severity { SEVERITY_NONE, SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR } Severity;

/* One link of the chain of reasons. */
typedef struct Evidence {
    const char *path;
    uint32_t line;   /* 1-based; 0 when the reason has no place (a convention) */
    const char *text; /* the source excerpt, or the convention in words */
} Evidence;

typedef struct Edit {
    uint32_t start, end; /* bytes of the file */
    const char *text;
} Edit;

typedef struct Finding {
    const char *path; /* relative to the scanned root */
    uint32_t line, column, end_line, end_column; /* 1-based, columns in bytes; end is one past */
    uint32_t start, end;                         /* bytes: the accessor's own name */
    const char *migration; /* NULL for find */
    const char *target;    /* "Merchant.owner_first_name" */
    const char *accessor;  /* as written: "owner_first_name_was" */
    AccessKind kind;
    Confidence confidence;
    const char *rule;      /* "old-read"; NULL when not judged */
    Severity severity;
    const char *message;   /* one sentence; NULL: made from kind and target */
    const char *receiver_text; /* NULL when there is none */
    const char *receiver_type; /* NULL when unknown */
    const Evidence *evidence;
    size_t evidence_count;
    const Edit *edits; /* the suggested rewrite; count 0 when there is none */
    size_t edit_count;
    bool edits_safe;
    const char *owner;         /* from CODEOWNERS or the migration; NULL when unknown */
    const char *symbol;        /* enclosing class or function, for fingerprints; NULL at top level */
    uint64_t fingerprint;      /* see report_fingerprint */
    const char *line_text;     /* the source line, without its line ending */
    bool suppressed;           /* by a comment; `reason` may say why */
    bool baselined;
    const char *reason;
} Finding;

/* A place that static reading cannot decide. */
typedef struct BlindSpot {
    const char *path;
    uint32_t line, column;
    const char *target; /* the model or field concerned */
    const char *what;   /* "dynamic-name", "whole-row", "parse-error", "skipped-file" ... */
    const char *text;   /* one sentence */
    const char *line_text;
} BlindSpot;

typedef struct { ARRAY_OF(Finding); } FindingArray;
typedef struct { ARRAY_OF(BlindSpot); } BlindSpotArray;

/* A file that was not, or not wholly, analysed. */
typedef struct FileNote {
    const char *path;
    const char *reason;     /* "too large", "timeout", "crashed its parser" ... */
    bool holds_accessor;    /* makes the run incomplete */
} FileNote;
typedef struct { ARRAY_OF(FileNote); } FileNoteArray;

/* A rule of a pack that was used, and where it stands. */
typedef struct RuleUse {
    const char *pack; /* "rules/ruby/activerecord.yml" */
    unsigned line;
} RuleUse;
typedef struct { ARRAY_OF(RuleUse); } RuleUseArray;

/* How long a stage took and what it touched, for --stats. */
typedef struct StageStat {
    const char *name;
    double seconds;
    uint64_t files, bytes;
} StageStat;

typedef struct RunTotals {
    uint64_t files;       /* seen by the walk */
    uint64_t searched;    /* bytes looked at */
    uint64_t candidates;  /* held an accessor */
    uint64_t parsed;      /* lowered to facts */
    uint64_t skipped, incomplete;
    uint64_t bytes;
    uint64_t below_threshold; /* accesses weaker than --min-confidence, not reported */
    uint64_t suppressed, baselined;
    double seconds;
    uint64_t peak_memory; /* bytes */
    StageStat stages[12];
    size_t stage_count;
} RunTotals;

/* Part `index` of `count` of a report, from 1; count 0: all of it. */
typedef struct Shard {
    unsigned index, count;
} Shard;
typedef struct { ARRAY_OF(Shard); } ShardArray;

/* What a run ends with; reporters read nothing else. */
typedef struct Report {
    FindingArray findings;
    BlindSpotArray blind_spots;
    FileNoteArray notes;
    struct { ARRAY_OF(const char *); } hints; /* what the user may want to say differently */
    RuleUseArray rule_uses; /* if asked for */
    RunTotals totals;
    ShardArray shards; /* which parts of a whole these are; count 0: it is no part */
    Arena arena; /* owns every string above */
} Report;

const char *access_kind_name(AccessKind kind);
const char *confidence_name(Confidence confidence);
bool access_kind_parse(Str text, AccessKind *kind);
bool confidence_parse(Str text, Confidence *confidence);
const char *severity_name(Severity severity); /* "error", "warning", "info", "off" */

/* Sorts by path bytes, line, column, target, kind, rule; drops exact repeats. */
void report_sort(Report *report);

/*
 * Sets each finding's fingerprint: XXH3 of rule (or kind), target, path,
 * enclosing symbol, the line's text with white space folded, and an ordinal
 * among equals; so that moving lines changes nothing. Call after report_sort.
 */
void report_fingerprint(Report *report);

void report_release(Report *report);

#endif
