/*
 * The caller may have been compiled with a shorter struct. Its bytes are copied over the defaults,
 * so what it does not know has its default; only then is it checked what goes together.
 */
#include "plan/options.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "files/file.h"
#include "input/source.h"
#include "input/text.h"
#include "output/format.h"
#include "output/formats.h"

#define WORKERS_MAX 1024
#define TASK_TIMEOUT_MAX 1000000000
#define RECORD_CONTEXT_MAX 65536

void wm_options_init_size(wm_options *options, size_t size)
{
    if (!options)
        return;
    wm_options defaults = {.size = size,
                           .workers = -1,
                           .output_fd = -1,
                           .task_timeout = 60,
                           .max_rejects = UINT64_MAX,
                           .max_reject_bytes = 16 << 20};
    memset(options, 0, size);
    memcpy(options, &defaults, size < sizeof defaults ? size : sizeof defaults);
}

enum order options_order(const wm_options *options)
{
    if (options->sort == WM_SORT_DEFAULT && options->top_per > 0)
        return ORDER_PERIOD;
    if (options->sort == WM_SORT_COUNT || (options->sort == WM_SORT_DEFAULT && options->top > 0))
        return ORDER_COUNT;
    return ORDER_WORD;
}

/* An option that is out of its range, or that does not go with others. */
struct rule {
    int is_broken;
    const char *option;
    const char *words; /* a format without conversions */
};

static int check_rules(const struct rule *rules, size_t n, wm_error *error)
{
    for (size_t i = 0; i < n; i++)
        if (rules[i].is_broken)
            return error_set_option(error, rules[i].option, rules[i].words, "");
    return 0;
}

#define CHECK(rules, error) check_rules(rules, sizeof(rules) / sizeof *(rules), error)

static int check_enums(const wm_options *o, wm_error *error)
{
    const struct {
        const char *name;
        unsigned value, most;
    } enums[] = {{"sort", o->sort, WM_SORT_NONE},
                 {"on_bad_line", o->on_bad_line, WM_SKIP},
                 {"reduce", o->reduce, WM_MAX},
                 {"fold_case", o->fold_case, WM_FOLD_DOMINANT},
                 {"format", o->format, WM_N_FORMATS - 1},
                 {"value", o->value, WM_RECORDS},
                 {"by", o->by, WM_BY_DECADE},
                 {"records", o->records, WM_RECORDS_FUNCTION},
                 {"tokens", o->tokens, WM_TOKENS_BLANKS},
                 {"normalize", o->normalize, WM_NORMALIZE_NONE}};
    for (size_t i = 0; i < sizeof enums / sizeof *enums; i++)
        if (enums[i].value > enums[i].most)
            return error_set_option(error, enums[i].name, NAME "o.%s has no value %u",
                                    enums[i].name, enums[i].value);
    return output_format_at(o->output_format)
               ? 0
               : error_set_option(error, "output_format", "an output format that is not known");
}

static int check_numbers(const wm_options *o, wm_error *error)
{
    const struct rule rules[] = {
        {o->fan_in == 1, "fan_in", "fan-in 1 is too small: at least 2"},
        {o->partition_size > 0 && o->partition_lines > 0, "partition_lines",
         "partition size and partition lines exclude each other"},
        {o->n_words > 0 && !o->words, "words", "no words are given"},
        {o->n_keep_fds > 0 && (!o->keep_fds || (!o->map && !o->worker_init)), "keep_fds",
         "keep_fds is for map and worker_init, and neither is given"},
        {!o->map && o->partition_begin, "partition_begin", "partition_begin is for a map function"},
        {!o->map && o->partition_end, "partition_end", "partition_end is for a map function"},
        {!o->map && o->state_new, "state_new", "state_new is for a map function"},
        {!o->state_new && o->state_free, "state_free",
         "state_free is for what state_new has made: give both"}};
    if (o->workers < -1 || o->workers > WORKERS_MAX)
        return error_set_option(error, "workers", "%d workers are too many: at most %d", o->workers,
                                WORKERS_MAX);
    if (!(o->task_timeout >= 0 && o->task_timeout <= TASK_TIMEOUT_MAX))
        return error_set_option(error, "task_timeout",
                                "the task timeout is out of range: 0 to %d seconds",
                                TASK_TIMEOUT_MAX);
    if (o->shard > o->n_shards || (o->n_shards > 0 && o->shard == 0))
        return error_set_option(error, "shard", "there is no shard %u of %u: they count from 1",
                                o->shard, o->n_shards);
    return CHECK(rules, error);
}

/* What is pointed to. */
static int check_lists(const wm_options *o, wm_error *error)
{
    for (size_t i = 0; i < o->n_words; i++)
        if (!o->words[i])
            return error_null(error, "a word that is asked for");
    for (size_t i = 0; i < o->n_keep_fds; i++)
        if (o->keep_fds[i] < 0)
            return error_set_option(error, "keep_fds", "there is no descriptor %d to be kept",
                                    o->keep_fds[i]);
    return 0;
}

/* What a word of text is; sets what nobody has. */
static int take_tokens(wm_options *o, wm_error *error)
{
    if (o->ngrams_least == 0)
        o->ngrams_least = 1;
    if (o->ngrams_most == 0)
        o->ngrams_most = 1;
    if (o->ngrams_least <= o->ngrams_most && o->ngrams_most <= TEXT_NGRAM_MAX)
        return 0;
    return error_set_option(
        error, "ngrams_least",
        "there are no sequences of %u to %u words: use 1 to %d, the shortest first",
        o->ngrams_least, o->ngrams_most, TEXT_NGRAM_MAX);
}

/*
 * What lines are is for the map function to know. What it emits are words, so all that is asked of
 * words goes on to count: which of them, how they are folded, ordered and ranked.
 */
static int check_map(const wm_options *o, wm_error *error)
{
    const struct rule rules[] = {
        {o->format != WM_FORMAT_AUTO, "format", "a map function reads lines itself: no o.format"},
        {o->values != NULL, "values", "what a map function emits has one count: not values"},
        {o->value != WM_MATCHES, "value", "a map function says what counts: no o.value"},
        {o->by != WM_BY_WORD, "by", "a map function emits the years it wants: no o.by"},
        {o->first_year > 0, "first_year", "a map function chooses years itself: no o.first_year"},
        {o->last_year > 0, "last_year", "a map function chooses years itself: no o.last_year"},
        {o->ngrams_most > 1, "ngrams_most",
         "sequences of words are of text: a map function makes its own"}};
    return o->map ? CHECK(rules, error) : 0;
}

/* What records are. */
static int check_records(const wm_options *o, wm_error *error)
{
    int is_size = o->records == WM_RECORDS_SIZE, is_function = o->records == WM_RECORDS_FUNCTION;
    int are_lines = o->records == WM_RECORDS_LINES;
    const struct rule rules[] = {
        {!are_lines && !o->map, "records", "records are for a map function"},
        {is_size != (o->record_size > 0), "record_size",
         "record_size is for records of one size: " NAME "o.records=size"},
        {o->record_size > LINE_SIZE_MAX, "record_size", "records are too long: at most 64 MiB"},
        {is_function != (o->next_record != NULL), "next_record",
         "next_record is for records that it finds: " NAME "o.records=function"},
        {!is_function && o->record_context > 0, "record_context",
         "record_context is for records that a function finds: " NAME "o.records=function"},
        {o->record_context > RECORD_CONTEXT_MAX, "record_context",
         "the context of a record is too long: at most 64 KiB"},
        {!are_lines && o->header > 0, "header", "a header is of lines, and records are none"},
        {!are_lines && o->partition_lines > 0, "partition_lines",
         "partitions of so many lines need lines: use partition_size"},
        {is_function && o->record_context == 0 && o->n_shards > 0, "shard",
         "records that are only found one after the other have no shards: " NAME
         "o.record_context says by what they are known"}};
    return CHECK(rules, error);
}

static int check_columns(const wm_options *o, wm_error *error)
{
    const struct {
        int is_given;
        const char *name;
    } options[] = {{o->key_column != 0, "key_column"},
                   {o->value_column != 0, "value_column"},
                   {o->value_columns != NULL, "value_columns"},
                   {o->delimiter != 0, "delimiter"},
                   {o->quote != 0, "quote"}};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].is_given && (o->format != WM_FORMAT_COLUMNS || o->map))
            return error_set_option(error, options[i].name,
                                    NAME "o.%s is for " NAME "o.format=columns", options[i].name);
    return 0;
}

/* What makes sense with some orders or periods alone. */
static int check_order(const wm_options *o, wm_error *error)
{
    const struct rule rules[] = {
        {o->top > 0 && o->sort == WM_SORT_NONE, "sort",
         "the first words need an order: sort by word or by count"},
        {o->top_per > 0 && o->by == WM_BY_WORD, "by",
         "the commonest of each year or decade need " NAME "o.by=year or decade"},
        {o->fill_years && o->by == WM_BY_WORD, "by",
         "years are filled with " NAME "o.by=year or decade only"},
        {o->fill_years && o->min_count > 0, "fill_years",
         "years are filled with 0, so neither with a least count nor with a map function"},
        {o->top_per > 0 && o->top > 0, "top_per",
         "the first words of all and those of each year or decade exclude each other: top and "
         "top-per"},
        {o->sorted && (o->format != WM_FORMAT_COUNTS || o->map || options_order(o) != ORDER_WORD ||
                       o->pos || o->strip_pos || o->fold_case || o->rank || o->top_per > 0 ||
                       o->fill_years || o->on_reject || o->rejects || o->header),
         "sorted",
         "sorted inputs are merged in the order of words: without another order, tags, folding, "
         "ranks, the commonest of each year, filled years, rejects or headers"},
        {o->sorted && o->n_shards > 0, "shard", "sorted inputs are merged whole: no shards"}};
    return CHECK(rules, error);
}

static int check_output(const wm_options *o, wm_error *error)
{
    int is_table = output_format_at(o->output_format)->is_table;
    const struct rule rules[] = {
        {o->output && o->output_fd >= 0, "output_fd",
         "the output goes to one place: o.output or o.output_fd"},
        {is_table && (o->totals || o->rank), "output_format",
         "a table has no columns but counts: no ranks or totals"},
        {o->on_reject && o->on_bad_line != WM_SKIP, "on_bad_line",
         "lines are told as rejects when they are skipped: " NAME "o.on_bad_line=skip"},
        {o->max_rejects != UINT64_MAX && o->on_bad_line != WM_SKIP, "on_bad_line",
         "a limit of rejects needs bad lines to be skipped: " NAME "o.on_bad_line=skip"}};
    if (is_table && options_order(o) != ORDER_WORD)
        return error_set_option(
            error, "sort",
            "a table is in the order of words%s: sort by word, or pipe the result through " NAME
            "a job with o.format=counts",
            o->sort != WM_SORT_DEFAULT ? ""
            : o->top_per > 0           ? ", and those of each year go by year"
                                       : ", and the first so many go by count");
    return CHECK(rules, error);
}

int options_take(wm_options *options, const wm_options *given, wm_error *error)
{
    int (*const checks[])(const wm_options *,
                          wm_error *) = {check_enums,   check_numbers, check_lists, check_map,
                                         check_records, check_columns, check_order, check_output};
    wm_options_init(options);
    if (given->size > sizeof *options || given->size < sizeof given->size)
        return error_set(error, WM_EINVAL,
                         "options are not those of this version: call "
                         "wm_options_init first");
    memcpy(options, given, given->size);
    options->size = sizeof *options;
    if (options->output_file)
        options->output = options->output_file->output.path;
    if (options->rejects_file)
        options->rejects = options->rejects_file->output.path;
    int rc = take_tokens(options, error);
    for (size_t i = 0; i < sizeof checks / sizeof *checks && rc == 0; i++)
        rc = checks[i](options, error);
    return rc;
}

static char *keep(char **at, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = memcpy(*at, text, size);
    *at += size;
    return copy;
}

int options_keep(wm_options *o, void **memory)
{
    const char **const texts[] = {&o->rejects, &o->output,    &o->match,  &o->totals,
                                  &o->pos,     &o->spill_dir, &o->values, &o->value_columns};
    const size_t n_texts = sizeof texts / sizeof *texts;
    size_t words_size = o->n_words * sizeof *o->words, fds_size = o->n_keep_fds * sizeof(int);
    size_t size = words_size + fds_size;
    for (size_t i = 0; i < o->n_words; i++)
        size += strlen(o->words[i]) + 1;
    for (size_t i = 0; i < n_texts; i++)
        size += *texts[i] ? strlen(*texts[i]) + 1 : 0;
    const char **words = *memory = malloc(size + 1);
    if (!words)
        return WM_ENOMEM;
    int *fds = (int *)(void *)(words + o->n_words);
    char *at = (char *)(fds + o->n_keep_fds);
    if (fds_size > 0)
        o->keep_fds = memcpy(fds, o->keep_fds, fds_size);
    for (size_t i = 0; i < o->n_words; i++)
        words[i] = keep(&at, o->words[i]);
    o->words = words;
    for (size_t i = 0; i < n_texts; i++)
        if (*texts[i])
            *texts[i] = keep(&at, *texts[i]);
    return 0;
}

unsigned options_warn(const wm_options *options)
{
    unsigned set = 0;
    if (options->top > 0 && options->by != WM_BY_WORD && options->n_words == 0)
        set |= WM_WARN_TOP_OF_ALL;
    int is_whole = options->top > 0 || options->top_per > 0 || options->min_count > 1 ||
                   options->rank || options->totals || options->fold_case == WM_FOLD_DOMINANT;
    /* The years that are seen in one share may be fewer. */
    int is_open = options->fill_years && (options->first_year == 0 || options->last_year == 0);
    if (options->n_shards > 1 && (is_whole || is_open))
        set |= WM_WARN_SHARD;
    return set;
}
