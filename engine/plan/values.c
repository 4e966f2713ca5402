/* What the job adds up stands in its query; from the first fork on nothing changes it. */
#include "plan/values.h"

#include <unistd.h>

#include "base/bytes.h"
#include "error.h"
#include "input/counts.h"
#include "input/detect.h"
#include "plan/plan.h"
#include "wmt/wmt.h"
#include "wmt/wmt_read.h"

#define NAMES_SIZE 64
#define HEAD_SIZE 4096 /* of a result; the first word of a table is mostly there */

/* Their names with commas between. */
static const char *names_of(const struct entry_values *values, char *names)
{
    char *at = names;
    for (unsigned i = 0; i < values->n; i++) {
        if (i > 0)
            *at++ = ',';
        at = bytes_put(at, ngram_value_name(values->value[i]));
    }
    *at = '\0';
    return names;
}

static struct entry_values values_asked(const struct ngram_query *query)
{
    struct entry_values asked = {.n = query_n_values(query),
                                 .by = (unsigned char)query->by,
                                 .value = {(unsigned char)query->value}};
    for (unsigned i = 0; i < query->n_values; i++)
        asked.value[i] = (unsigned char)query->values[i];
    return asked;
}

/* The input holds something else than is added up. */
static int differ(const struct plan *plan, const char *name, const struct entry_values *values,
                  wm_error *error)
{
    char names[NAMES_SIZE], others[NAMES_SIZE];
    struct entry_values asked = values_asked(&plan->spec.query);
    const char *holds = values->n > 1 ? names_of(values, names) : "one count a word";
    const char *adds = asked.n > 1 || plan->options.values ? names_of(&asked, others) : "one count";
    if (plan->options.values && values->n > 1)
        return error_set(error, WM_EINVAL, "'%s' holds %s, not %s: give " NAME "o.values=%s", name,
                         holds, adds, holds);
    if (plan->options.values)
        return error_set(error, WM_EINVAL, "'%s' holds %s, not %s: leave out " NAME "o.values",
                         name, holds, adds);
    if (!plan->values_from)
        return error_set(error, WM_EINVAL, "'%s' holds %s: say so with " NAME "o.values=%s", name,
                         holds, holds);
    return error_set(error, WM_EINVAL,
                     "'%.180s' holds %s, but '%.180s' %s: they cannot be added up", name, holds,
                     plan->values_from, asked.n > 1 ? adds : "one count a word");
}

/* What an input is counted by, in words. */
static const char *kind_of(unsigned by)
{
    return by == NGRAM_BY_YEAR ? "by year" : by == NGRAM_BY_DECADE ? "by decade" : "by word alone";
}

/* The input is not counted by what the job is. */
static int differ_in_period(const struct plan *plan, const char *name, unsigned by, wm_error *error)
{
    unsigned asked = plan->spec.query.by;
    if (plan->by_from)
        return error_set(error, WM_EINVAL,
                         "'%.180s' is counted %s, but '%.180s' %s: they cannot be added up", name,
                         kind_of(by), plan->by_from, kind_of(asked));
    if (by != NGRAM_BY_WORD)
        return error_set(error, WM_EINVAL, "'%s' is counted %s: say so with " NAME "o.by=%s", name,
                         kind_of(by), ngram_period_name(by));
    return error_set(error, WM_EINVAL, "'%s' is counted %s, not %s: leave out " NAME "o.by", name,
                     kind_of(by), kind_of(asked));
}

/*
 * The input says what it is counted by. What is open yet is chosen by that: before the first fork,
 * or, where there is none, before the first line is taken.
 */
static int see_period(struct plan *plan, const char *name, unsigned by, wm_error *error)
{
    wm_options *options = &plan->options;
    struct columns *columns = &plan->spec.columns;
    int is_late = plan->has_values && (!options->sorted || options->totals || plan->has_lines);
    if (by != (unsigned)plan->spec.query.by) {
        if (plan->is_by_given || plan->by_from || is_late)
            return differ_in_period(plan, name, by, error);
        options->by = (enum wm_by)by;
        plan->spec.query.by = (enum ngram_by)by;
        plan->filter.dated = 1;
        columns->by = (unsigned char)by;
        columns->period = ngram_period_name(by);
    }
    if (!plan->by_from)
        plan->by_from = name;
    return 0;
}

/* The same of values alone. */
static int see_values(struct plan *plan, const char *name, const struct entry_values *values,
                      wm_error *error)
{
    struct ngram_query *query = &plan->spec.query;
    struct entry_values asked = values_asked(query);
    int are_open = !plan->options.values && !plan->values_from && !plan->has_values;
    if (values->n > 1 && are_open) {
        query->n_values = values->n;
        for (unsigned i = 0; i < values->n; i++)
            query->values[i] = values->value[i];
        query->value = query->values[0];
        plan->warnings &= ~(uint64_t)WM_WARN_COLUMNS;
    } else if (!entry_values_are_equal(values, &asked)) {
        return differ(plan, name, values, error);
    }
    if (!plan->values_from)
        plan->values_from = name;
    return 0;
}

int values_see(struct plan *plan, const char *name, const struct entry_values *values,
               wm_error *error)
{
    int rc = see_period(plan, name, values->by, error);
    return rc < 0 ? rc : see_values(plan, name, values, error);
}

/* Whether the key ends with a year, or a decade. */
static int has_year(const char *key, uint32_t size)
{
    uint64_t period;
    const char *field;
    return counts_cut_period(NGRAM_BY_YEAR, key, &size, &period, &field);
}

int values_see_table(struct plan *plan, const char *name, const struct entry_values *values,
                     const void *data, size_t size, wm_error *error)
{
    uint32_t word_size = 0;
    const char *word = wmt_first_word(data, size, &word_size);
    if (values->by != NGRAM_BY_WORD || (word && !has_year(word, word_size)))
        return values_see(plan, name, values, error);
    struct entry_values of_job = *values;
    of_job.by = (unsigned char)plan->spec.query.by;
    if (word) {
        plan->has_lines = 1;
        plan->with_years |= ~0u;
    }
    return see_values(plan, name, &of_job, error);
}

void values_see_lines(struct plan *plan, const struct input_look *look)
{
    const struct input_periods *periods = &look->periods;
    if (look->kind == INPUT_EMPTY)
        return;
    plan->has_lines = 1;
    plan->with_decades |= periods->some & periods->decades;
    plan->with_years |= periods->some & ~periods->decades;
    plan->with_words |= ~periods->all;
    if (look->kind == INPUT_TABLE && look->delimiter == '\t' && look->has_counts &&
        plan->spec.query.n_values <= 1)
        plan->warnings |= WM_WARN_COLUMNS;
}

/* A sum of lines is right whatever they have behind the word. What else is asked may not be. */
static int is_misled(const wm_options *o)
{
    return o->rank || o->totals || o->top > 0 || o->n_words > 0 || o->match || o->pos ||
           o->strip_pos || o->fold_case == WM_FOLD_DOMINANT || o->output_format != WM_OUTPUT_TSV;
}

unsigned values_warn(const struct plan *plan)
{
    const struct ngram_query *query = &plan->spec.query;
    unsigned n = query_n_values(query);
    unsigned years = plan->with_years >> n & 1, decades = plan->with_decades >> n & 1;
    int words = (plan->with_words >> n & 1) || plan->by_from;
    if (query->by == NGRAM_BY_YEAR)
        return decades && !plan->is_by_given ? WM_WARN_MIXED_PERIODS : 0;
    if (query->by == NGRAM_BY_DECADE || !(years || decades))
        return 0;
    if (words || (years && decades))
        return WM_WARN_MIXED_PERIODS;
    return is_misled(&plan->options) ? WM_WARN_PERIODS : 0;
}

/* How many bytes of the first were read; 0: none can be. */
static size_t read_head(const struct input *input, char *head, size_t size)
{
    struct store store;
    ssize_t n = -1;
    if (input_reach(input, &store) == 0) {
        n = store_read_full(&store, head, size, input->start);
        input_let_go(input, &store);
    }
    return n < 0 ? 0 : (size_t)n;
}

/* The same as values_see of an input that need not be read from front to back. */
static int see_file(struct plan *plan, const struct input *input, wm_error *error)
{
    char head[HEAD_SIZE];
    uint32_t version;
    struct entry_values values;
    const char *name = input_name(input);
    size_t size = read_head(input, head, sizeof head);
    int rc = 0;
    if (size >= WMT_HEADER_SIZE && wmt_check_header(head, &values, &version) == 0) {
        rc = values_see_table(plan, name, &values, head, size, error);
    } else {
        struct input_look look = input_detect(head, size);
        if (look.kind == INPUT_RESULT)
            rc = values_see(plan, name, &look.values, error);
    }
    return error_of_input(error, rc, input->number);
}

int values_see_files(struct plan *plan, wm_error *error)
{
    int rc = 0;
    for (uint32_t i = 0; i < plan->inputs.n && rc == 0; i++)
        if (!plan->inputs.is_stream[i] && plan->inputs.items[i].packing == PACKING_NONE)
            rc = see_file(plan, &plan->inputs.items[i], error);
    return rc;
}
