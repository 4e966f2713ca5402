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

/* What a word of text is; sets what nobody has. */
static int take_tokens(wm_options *options, wm_error *error)
{
    if (options->tokens > WM_TOKENS_BLANKS || options->normalize > WM_NORMALIZE_NONE)
        return error_set(error, WM_EINVAL, "an option has a value that is not known");
    if (options->ngrams_least == 0)
        options->ngrams_least = 1;
    if (options->ngrams_most == 0)
        options->ngrams_most = 1;
    if (options->ngrams_least > options->ngrams_most || options->ngrams_most > TEXT_NGRAM_MAX)
        return error_set(
            error, WM_EINVAL,
            "there are no sequences of %u to %u words: use 1 to %d, the shortest first",
            options->ngrams_least, options->ngrams_most, TEXT_NGRAM_MAX);
    if (options->ngrams_most > 1 && options->map)
        return error_set(error, WM_EINVAL,
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
        return error_set(error, WM_EINVAL, "%d workers are too many: at most %d", options->workers,
                         WORKERS_MAX);
    if (options->fan_in == 1)
        return error_set(error, WM_EINVAL, "fan-in 1 is too small: at least 2");
    if (options->partition_size > 0 && options->partition_lines > 0)
        return error_set(error, WM_EINVAL, "partition size and partition lines exclude each other");
    if (options->sort > WM_SORT_NONE || options->on_bad_line > WM_SKIP ||
        options->reduce > WM_MAX || options->fold_case > WM_FOLD_DOMINANT)
        return error_set(error, WM_EINVAL, "an option has a value that is not known");
    if (options->format >= WM_N_FORMATS || options->value > WM_RECORDS ||
        options->by > WM_BY_DECADE)
        return error_set(error, WM_EINVAL, "an option has a value that is not known");
    int rc = take_tokens(options, error);
    if (rc < 0)
        return rc;
    if (options->top > 0 && options->sort == WM_SORT_NONE)
        return error_set(error, WM_EINVAL,
                         "the first words need an order: sort by word or by count");
    if (options->top_per > 0 && options->by == WM_BY_WORD)
        return error_set(error, WM_EINVAL,
                         "the commonest of each year or decade need --by year or decade");
    if (options->values && options->map)
        return error_set(error, WM_EINVAL, "what a map function emits has one count: not values");
    if (options->fill_years && options->by == WM_BY_WORD)
        return error_set(error, WM_EINVAL, "years are filled with --by year or decade only");
    if (options->fill_years && (options->map || options->min_count > 0))
        return error_set(error, WM_EINVAL,
                         "years are filled with 0, so neither with a least count nor with a map "
                         "function");
    if (options->top_per > 0 && options->top > 0)
        return error_set(error, WM_EINVAL,
                         "the first words of all and those of each year or decade exclude each "
                         "other: top and top-per");
    if (!(options->task_timeout >= 0 && options->task_timeout <= TASK_TIMEOUT_MAX))
        return error_set(error, WM_EINVAL, "the task timeout is out of range: 0 to %d seconds",
                         TASK_TIMEOUT_MAX);
    if (options->sorted &&
        (options->format != WM_FORMAT_COUNTS || options->map ||
         options_order(options) != ORDER_WORD || options->pos || options->strip_pos ||
         options->fold_case || options->rank || options->rejects || options->header))
        return error_set(error, WM_EINVAL,
                         "sorted inputs are merged in the order of words: without another order, "
                         "tags, folding, ranks, rejects or headers");
    const struct output_format *output = output_format_at(options->output_format);
    if (!output)
        return error_set(error, WM_EINVAL, "an output format that is not known");
    if (output->is_table && options_order(options) != ORDER_WORD)
        return error_set(error, WM_EINVAL,
                         "a table is in the order of words%s: sort by word, or pipe the result "
                         "through 'wordmill sum -O table'",
                         options->sort != WM_SORT_DEFAULT ? ""
                         : options->top_per > 0           ? ", and those of each year go by year"
                                                          : ", and the first so many go by count");
    if (output->is_table && (options->totals || options->rank))
        return error_set(error, WM_EINVAL, "a table has no columns but counts: no ranks or totals");
    if (options->max_rejects != UINT64_MAX && options->on_bad_line != WM_SKIP)
        return error_set(error, WM_EINVAL,
                         "a limit of rejects needs bad lines to be skipped: --on-bad-line=skip");
    if (options->n_words > 0 && !options->words)
        return error_set(error, WM_EINVAL, "no words are given");
    for (size_t i = 0; i < options->n_words; i++)
        if (!options->words[i])
            return error_null(error, "a word that is asked for");
    if (options->n_keep_fds > 0 && (!options->keep_fds || (!options->map && !options->worker_init)))
        return error_set(error, WM_EINVAL,
                         "keep_fds is for map and worker_init, and neither is given");
    for (size_t i = 0; i < options->n_keep_fds; i++)
        if (options->keep_fds[i] < 0)
            return error_set(error, WM_EINVAL, "there is no descriptor %d to be kept",
                             options->keep_fds[i]);
    if (options->shard > options->n_shards || (options->n_shards > 0 && options->shard == 0))
        return error_set(error, WM_EINVAL, "there is no shard %u of %u: they count from 1",
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
