/*
 * A message is made of up to four parts: which input, where in it, what is wrong, and what to do
 * about it. Workers count lines from the start of their partition, so those of the partitions
 * before it are added here.
 */
#include "dispatch/failure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dispatch/crashes.h"
#include "dispatch/schedule.h"
#include "error.h"
#include "input/format.h"
#include "wmt/wmt.h"
#include "words/entry.h"

/* Bytes of a field or word that a message quotes. */
#define QUOTE_MAX 64

struct quote {
    char text[QUOTE_MAX * 4 + 8];
};

/* What a message can hold: NULs are written out, all else error_set sees to. */
static const char *quote(struct quote *quote, const char *text, size_t size)
{
    char *at = quote->text;
    size_t shown = size < QUOTE_MAX ? size : QUOTE_MAX;
    while (shown < size && shown > 0 && ((unsigned char)text[shown] & 0xC0) == 0x80)
        shown--; /* not in the middle of a character */
    for (size_t i = 0; i < shown; i++) {
        if (text[i] == '\0')
            at = stpcpy(at, "\\x00");
        else
            *at++ = text[i];
    }
    strcpy(at, size > shown ? "..." : "");
    return quote->text;
}

static const char *const reasons[] = {
    [REJECT_FIELDS] = "too few fields", [REJECT_YEAR] = "bad year",
    [REJECT_COUNT] = "bad count",       [REJECT_WORD] = "word too long",
    [REJECT_LONG] = "line too long",    [REJECT_QUOTE] = "bad quotes",
    [REJECT_MAP] = "map function",      [REJECT_CRASH] = "map function crashed",
    [REJECT_MORE] = "too many fields",
};

const char *reject_reason_words(enum reject_reason reason)
{
    return reasons[reason];
}

/* What of a line that is no year, or no decade. */
static void explain_year(const struct plan *plan, const char *field, char *words, size_t size)
{
    const char *period = ngram_period_name(plan->spec.query.by);
    if (plan->options.format == WM_FORMAT_COUNTS && period)
        snprintf(words, size, "'%s' is no %s", field, period);
    else
        snprintf(words, size, "year '%s' is not a number", field);
}

static void explain_line(const struct plan *plan, const struct message_failed *message, char *words,
                         size_t size)
{
    struct quote field;
    quote(&field, message->text, message->text_size);
    switch (message->reason) {
    case REJECT_FIELDS:
        snprintf(words, size, "too few fields in '%s'", field.text);
        break;
    case REJECT_MORE:
        snprintf(words, size, "too many fields in '%s'", field.text);
        break;
    case REJECT_YEAR:
        explain_year(plan, field.text, words, size);
        break;
    case REJECT_COUNT:
        snprintf(words, size, "count '%s' is not a number of 64 bits", field.text);
        break;
    case REJECT_LONG:
        snprintf(words, size, "the line is longer than %zu MiB", LINE_SIZE_MAX >> 20);
        break;
    case REJECT_QUOTE:
        snprintf(words, size, "quotes that do not end with their field in '%s'", field.text);
        break;
    case REJECT_ORDER:
        snprintf(words, size, "the word '%s' belongs before that of the line before", field.text);
        break;
    case REJECT_MAP:
        snprintf(words, size, "the map function refused '%s'", field.text);
        break;
    default:
        snprintf(words, size, "a word is longer than %d bytes", WORD_SIZE_MAX);
        break;
    }
}

/* Lines of the input before the task, and unpacked bytes; all tasks before it are done. */
static uint64_t lines_before(const struct partitions *partitions, const struct map_task *task,
                             uint64_t start, uint64_t *unpacked)
{
    uint64_t lines = 0;
    *unpacked = 0;
    for (uint32_t i = 0; i < partitions->n; i++) {
        const struct map_task *other = &partitions->tasks[i];
        if (other->input != task->input || other->start < start ||
            map_task_compare(other, task) >= 0)
            continue;
        lines += other->lines;
        *unpacked += other->unpacked;
    }
    return lines;
}

void failure_note_reject(struct first_failure *first, const struct map_task *task,
                         const struct message_failed *message)
{
    if (!first->set || map_task_compare(task, &first->task) < 0)
        *first = (struct first_failure){1, *task, *message};
}

int failure_unpack(const char *path, enum damage damage, uint64_t at, wm_error *error)
{
    switch (damage) {
    case DAMAGE_BEHIND_GZIP:
    case DAMAGE_BEHIND_ZSTD:
        return error_set(error, WM_EDAMAGED,
                         "cannot unpack '%s': there are bytes behind the end of the %s data at "
                         "byte %" PRIu64 "; 'head -c %" PRIu64 "' leaves them out",
                         path, damage == DAMAGE_BEHIND_GZIP ? "gzip" : "zstd", at, at);
    case DAMAGE_DICTIONARY:
        return error_set(error, WM_EDAMAGED,
                         "cannot unpack '%s': it was packed with a dictionary; pipe it through "
                         "'zstd -dc -D DICTIONARY'",
                         path);
    default:
        return error_set(error, WM_EDAMAGED, "cannot unpack '%s': it is damaged or cut off", path);
    }
}

/* What lines of a result are. */
static int add_result(const struct plan *plan, const struct message_failed *message,
                      wm_error *error)
{
    const char *period = ngram_period_name(plan->spec.query.by);
    if (message->reason == REJECT_COUNT && memchr(message->text, '.', message->text_size))
        return error_add(error, "ranks and shares cannot be added up: leave " NAME
                                "o.rank and " NAME "o.totals to the sum");
    if (period)
        error_add(error, "a result by %s has lines of word TAB %s", period, period);
    else
        error_add(error, "a result has lines of word");
    return plan->spec.n_more > 0
               ? error_add(error, ", and a TAB and a count for each " NAME "o.values")
               : error_add(error, " TAB count");
}

/* The way out of a bad line. That lines are skipped helps only if some are right. */
static int add_way_out(const struct plan *plan, const struct message_failed *message,
                       const struct map_task *task, uint64_t lines_before, wm_error *error)
{
    const struct input *input = &plan->inputs.items[task->input];
    /* Of a packed file the task counts those of the header too. */
    int has_header = input->packing != PACKING_NONE && !plan->inputs.is_stream[task->input];
    uint64_t n_header = has_header ? plan->options.header : 0;
    if (plan->spec.splitter)
        return error_add(error, NAME "o.on_bad_line=skip to go on");
    if (message->reason == REJECT_ORDER)
        return error_add(error, "leave out " NAME "o.sorted to go on");
    if (lines_before > n_header)
        return error_add(error, NAME "o.on_bad_line=skip to go on");
    if (plan->options.format == WM_FORMAT_COUNTS)
        return add_result(plan, message, error);
    if (plan->options.format != WM_FORMAT_AUTO)
        return error_add(error, "is this the right " NAME "o.format?");
    return input_has_line_numbers(input)
               ? error_add(error, NAME "o.header leaves out the first line")
               : error_add(error, NAME "o.on_bad_line=skip to go on");
}

/* Where a task failed, or one of its lines is bad. */
struct place {
    const char *path; /* as messages have it */
    uint64_t line;    /* from 1 on; 0: nobody knows */
    uint64_t offset;  /* in the input, or in the file in it that is an archive's */
    uint64_t lines;   /* of data before this one */
};

static struct place place_of(const struct plan *plan, const struct message_failed *message,
                             const struct map_task *task)
{
    const struct member *member = inputs_member(&plan->inputs, task->input, task->start);
    uint64_t start = member ? member->start : 0, unpacked;
    struct place place = {.path = inputs_name(&plan->inputs, task->input, task->start)};
    place.lines = lines_before(&plan->partitions, task, start, &unpacked) + message->lines;
    place.offset = unpacked + message->offset - start;
    place.line = inputs_line(&plan->inputs, task->input, task->start, place.lines);
    return place;
}

static int explain_bad_line(const struct plan *plan, const struct message_failed *message,
                            const struct map_task *task, const struct place *place, wm_error *error)
{
    char words[QUOTE_MAX * 4 + 64], line[32] = "";
    uint64_t most = plan->options.max_rejects;
    int is_skipped = plan->options.on_bad_line == WM_SKIP && message->reason != REJECT_ORDER;
    if (place->line > 0)
        snprintf(line, sizeof line, " %s %" PRIu64, plan->spec.splitter ? "record" : "line",
                 place->line);
    if (is_skipped) {
        error_set(error, WM_EBADLINE,
                  "more than %" PRIu64 " line%s bad, the first in '%s'%s (byte %" PRIu64
                  "): %s; " NAME "o.max_rejects allows more",
                  most, most == 1 ? " is" : "s are", place->path, line, place->offset,
                  reject_reason_words(message->reason));
    } else {
        explain_line(plan, message, words, sizeof words);
        error_set(error, WM_EBADLINE, "cannot parse '%s'%s (byte %" PRIu64 "): %s; ", place->path,
                  line, place->offset, words);
        add_way_out(plan, message, task, place->lines, error);
    }
    error->line = place->line;
    return WM_EBADLINE;
}

static int explain_table(const struct message_failed *message, const struct place *place,
                         wm_error *error)
{
    if (message->code == WM_ETABLE)
        return error_set(error, WM_ETABLE, "table file '%s' is damaged (at byte %" PRIu64 ")",
                         place->path, place->offset);
    return error_set(error, WM_EVERSION,
                     "table file '%s' is of version %u, but only versions up to %d are known "
                     "here: use a newer wordmill",
                     place->path, (unsigned)message->reason, WMT_VERSION_MAX);
}

/* What failed is a word, of no one place. */
static int explain_word(const struct plan *plan, const struct message_failed *message,
                        wm_error *error)
{
    struct quote word;
    quote(&word, message->text, message->text_size);
    if (message->code == WM_EOVERFLOW)
        return error_set(error, WM_EOVERFLOW, "the count of '%s' passes 64 bits", word.text);
    error_set(error, WM_EMATCH,
              "cannot match '%.200s' with the word '%s': it takes too many steps; let fewer parts "
              "of it stand for the same characters",
              plan->options.match, word.text);
    strcpy(error->option, "match");
    return WM_EMATCH;
}

/* What failed as a task did, or at a byte of its input. */
static int explain(const struct plan *plan, const struct message_failed *message,
                   const struct map_task *task, const struct place *place, wm_error *error)
{
    switch (message->code) {
    case WM_EOPEN:
        return error_set_system(error, WM_EOPEN, message->system, "cannot open '%s': " SYSTEM,
                                place->path);
    case WM_EREAD:
        return error_set_system(error, WM_EREAD, message->system,
                                "cannot read '%s' at byte %" PRIu64 ": " SYSTEM, place->path,
                                place->offset);
    case WM_ECHANGED:
        return error_set(error, WM_ECHANGED,
                         "'%s' changed while it was read (at byte %" PRIu64 "); run again",
                         place->path, place->offset);
    case WM_EDAMAGED:
        return failure_unpack(place->path, (enum damage)message->reason, message->offset, error);
    case WM_EBADLINE:
        return explain_bad_line(plan, message, task, place, error);
    case WM_ETABLE:
    case WM_EVERSION:
        return explain_table(message, place, error);
    case WM_EOVERFLOW:
    case WM_EMATCH:
        return explain_word(plan, message, error);
    case WM_EWRITE:
        return spill_failed(&plan->spill, message->system, error);
    case WM_EWORKER:
        return error_set(error, WM_EWORKER,
                         "partition_begin or partition_end failed for '%s' from byte %" PRIu64
                         " on",
                         place->path, place->offset);
    case WM_ENOMEM:
        return error_set(error, WM_ENOMEM, "out of memory in a worker");
    default:
        return error_set(error, WM_EPROTOCOL, "internal error: a worker failed with code %d",
                         message->code);
    }
}

int failure_explain(const struct plan *plan, const struct message_failed *message,
                    const struct map_task *task, wm_error *error)
{
    struct place place = {.path = ""};
    if (task)
        place = place_of(plan, message, task);
    int rc = explain(plan, message, task, &place, error);
    int is_of_word = rc == WM_EOVERFLOW || rc == WM_EMATCH;
    if (task && !is_of_word && rc != WM_EWRITE && rc != WM_ENOMEM && rc != WM_EPROTOCOL) {
        error->input = plan->inputs.items[task->input].number;
        error->offset = rc == WM_EDAMAGED ? message->offset : place.offset;
    }
    if (is_of_word || rc == WM_EBADLINE)
        error_of_word(error, message->text, message->text_size);
    return rc;
}

/* Which task, and at which record of the caller's map function. */
static void name_poison(const struct plan *plan, const char *name, const struct map_task *place,
                        char *task, char *record, size_t size)
{
    const struct input *input = place ? &plan->inputs.items[place->input] : NULL;
    *record = '\0';
    if (!input) {
        snprintf(task, size, "a %s task", name);
        return;
    }
    const struct member *member = inputs_member(&plan->inputs, place->input, place->start);
    uint64_t start = member ? member->start : 0;
    snprintf(task, size, "'%.300s' bytes %" PRIu64 " to %" PRIu64,
             inputs_name(&plan->inputs, place->input, place->start), place->start - start,
             place->end - start);
    uint64_t at = place->crashes ? crashes_record(place->crashes) : PROGRESS_NO_RECORD;
    if (at != PROGRESS_NO_RECORD)
        snprintf(record, size, ", in the map function at byte %" PRIu64 "%s", at,
                 input->packing != PACKING_NONE && place->start > input->start
                     ? " of what they unpack to"
                     : "");
}

int failure_poison(const struct plan *plan, const char *name, const struct map_task *place,
                   enum poison poison, wm_error *error)
{
    char task[400], record[400];
    name_poison(plan, name, place, task, record, sizeof task);
    switch (poison) {
    case POISON_HANG:
        return error_set(error, WM_EWORKER,
                         "%s kept %d workers for %g seconds%s: " NAME
                         "o.task_timeout gives them longer",
                         task, SCHEDULE_DEATHS_MAX, plan->options.task_timeout, record);
    case POISON_KILL:
        return error_set(error, WM_EWORKER,
                         "%s cannot be done, its workers were killed from outside%s: see the "
                         "system's log, it may be out of memory",
                         task, record);
    case POISON_SPILL:
        return error_set(error, WM_EREAD,
                         "cannot read what was spilled to '%s': see the system's log; name another "
                         "folder with " NAME "o.spill_dir, or raise " NAME "o.memory",
                         spill_folder(&plan->spill));
    default:
        return error_set(error, WM_EWORKER, "%s killed %d workers%s: " NAME "o.workers=0 shows how",
                         task, SCHEDULE_DEATHS_MAX, record);
    }
}

int failure_refused(const struct plan *plan, uint32_t worker, wm_error *error)
{
    const struct job_spec *spec = &plan->spec;
    const char *name = !spec->state_new ? "worker_init"
                       : !spec->init    ? "state_new"
                                        : "worker_init or state_new";
    return error_set(error, WM_EWORKER, "%s returned %d in worker %u", name,
                     (int)atomic_load(&plan->spec.progress->slots[worker].refusal),
                     (unsigned)worker);
}
