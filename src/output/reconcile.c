/*
 * Logs come from any language and any machine: frames are found by shape
 * ("path:12", or Python's `File "path", line 12`), and a path is taken for the
 * longest end of it that exists below the root. Line numbers of a log are those
 * of the code that ran: a finding of the same field a few lines away counts.
 */
#include "output/reconcile.h"

#include "output/escape.h"
#include "output/report.h"

#include <ctype.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_FRAMES = 64, DRIFT = 5 /* lines */, LONGEST_PATH = 1024 };

typedef struct Frame {
    Str path;
    uint32_t line;
} Frame;

static bool is_path_byte(char byte)
{
    return !isspace((unsigned char)byte) && !strchr("\"'()<>[]{}|,;", byte);
}

static uint32_t read_number(Str text, size_t *at)
{
    uint32_t number = 0;
    while (*at < text.length && isdigit((unsigned char)text.data[*at]) && number < 100000000)
        number = number * 10 + (uint32_t)(text.data[(*at)++] - '0');
    return number;
}

/* `File "app/x.py", line 12, in f` */
static bool python_frame(Str line, Frame *frame)
{
    size_t open = str_find(line, str_lit("File \""), 0);
    if (open == SIZE_MAX)
        return false;
    size_t start = open + 6, close = str_find_byte(line, '"', start);
    size_t at = close == SIZE_MAX ? SIZE_MAX : str_find(line, str_lit("line "), close);
    if (at == SIZE_MAX)
        return false;
    at += 5;
    *frame = (Frame){str_slice(line, start, close), 0};
    frame->line = read_number(line, &at);
    return frame->line > 0;
}

/* The first "path:12" of a line. */
static bool plain_frame(Str line, Frame *frame)
{
    for (size_t colon = str_find_byte(line, ':', 0); colon != SIZE_MAX;
         colon = str_find_byte(line, ':', colon + 1)) {
        size_t start = colon, at = colon + 1;
        while (start && is_path_byte(line.data[start - 1]) && line.data[start - 1] != ':')
            start--;
        Str path = str_slice(line, start, colon);
        uint32_t number = read_number(line, &at);
        bool dotted = str_find_byte(path, '.', 0) != SIZE_MAX;
        if (!number || !dotted || (at < line.length && byte_is_word((unsigned char)line.data[at])))
            continue;
        *frame = (Frame){path, number};
        return true;
    }
    return false;
}

static bool read_frame(Str line, Frame *frame)
{
    return python_frame(line, frame) || plain_frame(line, frame);
}

/* The longest end of a frame's path that is a file below the root; NULL: none is. */
static const char *below_root(const ReconcileLog *log, Str path, Arena *arena)
{
    struct stat info;
    if (path.length >= LONGEST_PATH)
        return NULL;
    const char *text = arena_strdup(arena, path.data, path.length);
    while (text) {
        while (strncmp(text, "./", 2) == 0 || *text == '/')
            text += *text == '/' ? 1 : 2;
        if (*text && !strstr(text, "..") && fstatat(log->root_fd, text, &info, 0) == 0 &&
            S_ISREG(info.st_mode))
            return text;
        text = strchr(text, '/');
    }
    return NULL;
}

/* "Merchant#owner_dob" or "Merchant.owner_dob" in a message, as "Merchant.owner_dob". */
static const char *target_in(Str message, Arena *arena)
{
    for (size_t i = 1; i + 1 < message.length; i++) {
        bool joins = (message.data[i] == '#' || message.data[i] == '.') &&
                     byte_is_word((unsigned char)message.data[i - 1]) &&
                     byte_is_word((unsigned char)message.data[i + 1]) &&
                     !isdigit((unsigned char)message.data[i + 1]);
        size_t start = i, end = i + 1;
        while (joins && start &&
               (byte_is_word((unsigned char)message.data[start - 1]) || message.data[start - 1] == ':'))
            start--;
        while (joins && end < message.length && byte_is_word((unsigned char)message.data[end]))
            end++;
        if (!joins || !isupper((unsigned char)message.data[start]))
            continue;
        return arena_printf(arena, "%.*s.%.*s", (int)(i - start), message.data + start,
                            (int)(end - i - 1), message.data + i + 1);
    }
    return NULL;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void add_sighting(ReconcileLog *log, Sighting sighting)
{
    for (size_t i = 0; i < log->sightings.count; i++) {
        Sighting *old = &log->sightings.items[i];
        if (old->line == sighting.line && same_text(old->path, sighting.path) &&
            same_text(old->target, sighting.target)) {
            old->count++;
            return;
        }
    }
    array_push(&log->sightings, sighting);
}

static Str next_line(Str text, size_t *at)
{
    size_t end = str_find_byte(text, '\n', *at);
    Str line = str_slice(text, *at, end);
    *at = end == SIZE_MAX ? text.length : end + 1;
    return line;
}

/* One message: its own line, then the frames that follow it. */
static void read_message(ReconcileLog *log, Str text, Str line, size_t *at, Arena *arena)
{
    size_t start = str_find(line, str_of(log->pattern), 0) + strlen(log->pattern);
    Str message = str_slice(line, start, line.length);
    Sighting sighting = {.target = target_in(message, arena), .count = 1};
    Frame frame = {0};
    for (int i = 0; i < MOST_FRAMES; i++) {
        if (read_frame(i ? line : message, &frame) && !sighting.path) {
            sighting.path = below_root(log, frame.path, arena);
            sighting.line = sighting.path ? frame.line : 0;
        }
        size_t after = *at;
        line = next_line(text, &after);
        bool continues = line.length && isspace((unsigned char)line.data[0]) && *at < text.length;
        if (!continues || str_find(line, str_of(log->pattern), 0) != SIZE_MAX)
            break;
        log->lines++;
        *at = after;
    }
    log->messages++;
    add_sighting(log, sighting);
}

void reconcile_read(ReconcileLog *log, Str text, Arena *arena)
{
    for (size_t at = 0; at < text.length;) {
        Str line = next_line(text, &at);
        log->lines++;
        if (str_find(line, str_of(log->pattern), 0) != SIZE_MAX)
            read_message(log, text, line, &at, arena);
    }
}

void reconcile_release(ReconcileLog *log)
{
    array_release(&log->sightings);
}

/* --- the comparison --- */

/* "Spree::Order.email" and "Order.email" name the same field. */
static bool same_target(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b);
    const char *longer = la > lb ? a : b, *shorter = la > lb ? b : a;
    size_t rest = la > lb ? la - lb : lb - la;
    return strcmp(longer + rest, shorter) == 0 && (!rest || strchr(":./", longer[rest - 1]));
}

static bool fits(const Sighting *sighting, const Finding *finding)
{
    if (!sighting->path || strcmp(sighting->path, finding->path) != 0 ||
        (sighting->target && !same_target(sighting->target, finding->target)))
        return false;
    uint32_t low = sighting->line < finding->line ? sighting->line : finding->line;
    uint32_t high = sighting->line < finding->line ? finding->line : sighting->line;
    return high - low <= (sighting->target ? DRIFT : 0);
}

static bool is_known(const Sighting *sighting, const Report *report)
{
    for (size_t i = 0; i < report->findings.count; i++) {
        if (fits(sighting, &report->findings.items[i]))
            return true;
    }
    return false;
}

static bool was_seen(const ReconcileLog *log, const Finding *finding)
{
    for (size_t i = 0; i < log->sightings.count; i++) {
        if (fits(&log->sightings.items[i], finding))
            return true;
    }
    return false;
}

static void add_sighting_line(StrBuf *out, const Sighting *sighting, const Report *report)
{
    strbuf_add_c(out, "- ");
    escape_markdown_code(out, str_of(sighting->path ? sighting->path : "(no frame inside the root)"));
    if (sighting->line)
        strbuf_printf(out, ":%u", sighting->line);
    strbuf_add_byte(out, ' ');
    escape_markdown_code(out, str_of(sighting->target ? sighting->target : "(no field named)"));
    strbuf_printf(out, ", %zu time%s", sighting->count, sighting->count == 1 ? "" : "s");
    for (size_t i = 0; sighting->path && i < report->blind_spots.count; i++) {
        const BlindSpot *spot = &report->blind_spots.items[i];
        if (spot->line == sighting->line && strcmp(spot->path, sighting->path) == 0) {
            strbuf_printf(out, " (a known blind spot: %s)", spot->what);
            break;
        }
    }
    strbuf_add_byte(out, '\n');
}

/* Lists the sightings that are known, or those that are not. Returns how many. */
static size_t add_sightings(StrBuf *out, const ReconcileLog *log, const Report *report, bool known)
{
    size_t count = 0;
    for (size_t i = 0; i < log->sightings.count; i++) {
        const Sighting *sighting = &log->sightings.items[i];
        if (is_known(sighting, report) != known)
            continue;
        add_sighting_line(out, sighting, report);
        count++;
    }
    if (!count)
        strbuf_add_c(out, "none\n");
    return count;
}

static void add_unseen(StrBuf *out, const ReconcileLog *log, const Report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (finding->kind == ACCESS_DECLARE || finding->kind == ACCESS_SAVE ||
            was_seen(log, finding))
            continue;
        strbuf_add_c(out, "- ");
        escape_markdown_code(out, str_of(finding->path));
        strbuf_printf(out, ":%u %s of ", finding->line, access_kind_name(finding->kind));
        escape_markdown_code(out, str_of(finding->target));
        strbuf_add_byte(out, '\n');
        count++;
    }
    if (!count)
        strbuf_add_c(out, "none\n");
}

size_t reconcile_write(const ReconcileLog *log, const Report *report, StrBuf *out)
{
    strbuf_printf(out, "%zu messages in %zu lines, %zu different places\n", log->messages,
                  log->lines, log->sightings.count);
    strbuf_add_c(out, "\n## Seen, but not found statically\n\n");
    size_t holes = add_sightings(out, log, report, false);
    strbuf_add_c(out, "\n## Seen, and known\n\n");
    add_sightings(out, log, report, true);
    strbuf_add_c(out, "\n## Known, but never seen\n\n");
    add_unseen(out, log, report);
    return holes;
}
