/*
 * The caller may have been compiled with a shorter struct. Its bytes are copied over the defaults,
 * so what it does not know has its default; only then is it checked what goes together.
 */
#include "plan/options.h"

#include <string.h>

#include "error.h"
#include "files/file.h"
#include "input/text.h"
#include "output/format.h"
#include "output/formats.h"

#define WORKERS_MAX 1024
#define TASK_TIMEOUT_MAX 1000000000

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
                 {"tokens", o->tokens, WM_TOKENS_BLANKS},
                 {"normalize", o->normalize, WM_NORMALIZE_NONE}};
    for (size_t i = 0; i < sizeof enums / sizeof *enums; i++)
        if (enums[i].value > enums[i].most)
            return error_set_option(error, enums[i].name, NAME "o.%s has no value %u",
                                    enums[i].name, enums[i].value);
    return 0;
}

/* What a word of text is; sets what nobody has. */
static int take_tokens(wm_options *options, wm_error *error)
{
    if (options->ngrams_least == 0)
        options->ngrams_least = 1;
    if (options->ngrams_most == 0)
        options->ngrams_most = 1;
    if (options->ngrams_least > options->ngrams_most || options->ngrams_most > TEXT_NGRAM_MAX)
        return error_set_option(
            error, "ngrams_least",
            "there are no sequences of %u to %u words: use 1 to %d, the shortest first",
            options->ngrams_least, options->ngrams_most, TEXT_NGRAM_MAX);
    if (options->ngrams_most > 1 && options->map)
        return error_set_option(error, "ngrams_most",
                                "sequences of words are of text: a map function makes its own");
    return 0;
}

int options_take(wm_options *options, const wm_options *given, wm_error *error)
{
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
    if (options->workers < -1 || options->workers > WORKERS_MAX)
        return error_set_option(error, "workers", "%d workers are too many: at most %d",
                                options->workers, WORKERS_MAX);
    if (options->fan_in == 1)
        return error_set_option(error, "fan_in", "fan-in 1 is too small: at least 2");
    if (options->partition_size > 0 && options->partition_lines > 0)
        return error_set_option(error, "partition_lines",
                                "partition size and partition lines exclude each other");
    int rc = check_enums(options, error);
    if (rc == 0)
        rc = take_tokens(options, error);
    if (rc < 0)
        return rc;
    if (options->top > 0 && options->sort == WM_SORT_NONE)
        return error_set_option(error, "sort",
                                "the first words need an order: sort by word or by count");
    if (options->top_per > 0 && options->by == WM_BY_WORD)
        return error_set_option(
            error, "by", "the commonest of each year or decade need " NAME "o.by=year or decade");
    if (options->values && options->map)
        return error_set_option(error, "values",
                                "what a map function emits has one count: not values");
    if (options->fill_years && options->by == WM_BY_WORD)
        return error_set_option(error, "by",
                                "years are filled with " NAME "o.by=year or decade only");
    if (options->fill_years && (options->map || options->min_count > 0))
        return error_set_option(
            error, "fill_years",
            "years are filled with 0, so neither with a least count nor with a map "
            "function");
    if (options->top_per > 0 && options->top > 0)
        return error_set_option(
            error, "top_per",
            "the first words of all and those of each year or decade exclude each "
            "other: top and top-per");
    if (!(options->task_timeout >= 0 && options->task_timeout <= TASK_TIMEOUT_MAX))
        return error_set_option(error, "task_timeout",
                                "the task timeout is out of range: 0 to %d seconds",
                                TASK_TIMEOUT_MAX);
    if (options->sorted &&
        (options->format != WM_FORMAT_COUNTS || options->map ||
         options_order(options) != ORDER_WORD || options->pos || options->strip_pos ||
         options->fold_case || options->rank || options->rejects || options->header))
        return error_set_option(
            error, "sorted",
            "sorted inputs are merged in the order of words: without another order, "
            "tags, folding, ranks, rejects or headers");
    const struct output_format *output = output_format_at(options->output_format);
    if (!output)
        return error_set_option(error, "output_format", "an output format that is not known");
    if (output->is_table && options_order(options) != ORDER_WORD)
        return error_set_option(
            error, "sort",
            "a table is in the order of words%s: sort by word, or pipe the result through " NAME
            "a job with o.format=counts",
            options->sort != WM_SORT_DEFAULT ? ""
            : options->top_per > 0           ? ", and those of each year go by year"
                                             : ", and the first so many go by count");
    if (output->is_table && (options->totals || options->rank))
        return error_set_option(error, "output_format",
                                "a table has no columns but counts: no ranks or totals");
    if (options->max_rejects != UINT64_MAX && options->on_bad_line != WM_SKIP)
        return error_set_option(error, "on_bad_line",
                                "a limit of rejects needs bad lines to be skipped: " NAME
                                "o.on_bad_line=skip");
    if (options->n_words > 0 && !options->words)
        return error_set_option(error, "words", "no words are given");
    for (size_t i = 0; i < options->n_words; i++)
        if (!options->words[i])
            return error_null(error, "a word that is asked for");
    if (options->n_keep_fds > 0 && (!options->keep_fds || (!options->map && !options->worker_init)))
        return error_set_option(error, "keep_fds",
                                "keep_fds is for map and worker_init, and neither is given");
    for (size_t i = 0; i < options->n_keep_fds; i++)
        if (options->keep_fds[i] < 0)
            return error_set_option(error, "keep_fds", "there is no descriptor %d to be kept",
                                    options->keep_fds[i]);
    if (options->shard > options->n_shards || (options->n_shards > 0 && options->shard == 0))
        return error_set_option(error, "shard", "there is no shard %u of %u: they count from 1",
                                options->shard, options->n_shards);
    return 0;
}

unsigned options_warn(const wm_options *options)
{
    unsigned set = 0;
    if (options->top > 0 && options->by != WM_BY_WORD && options->n_words == 0)
        set |= WM_WARN_TOP_OF_ALL;
    int is_whole = options->top > 0 || options->top_per > 0 || options->min_count > 1 ||
                   options->rank || options->totals || options->fold_case == WM_FOLD_DOMINANT;
    if (options->n_shards > 1 && is_whole)
        set |= WM_WARN_SHARD;
    return set;
}
