/* What the job adds up stands in its query; from the first fork on nothing changes it. */
#include "plan/values.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "error.h"
#include "plan/plan.h"
#include "wmt/wmt.h"

#define NAMES_SIZE 64

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

int values_see(struct plan *plan, const char *name, const struct entry_values *values,
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

void values_see_lines(struct plan *plan, const struct input_look *look)
{
    if (look->kind == INPUT_TABLE && look->delimiter == '\t' && look->has_counts &&
        plan->spec.query.n_values <= 1)
        plan->warnings |= WM_WARN_COLUMNS;
}

/* 0: it is a table file with this header; else -1. */
static int read_header(const struct input *input, struct entry_values *values)
{
    unsigned char header[WMT_HEADER_SIZE];
    uint32_t version;
    struct store store;
    ssize_t n = -1;
    if (input_reach(input, &store) == 0) {
        n = store_read_full(&store, header, sizeof header, input->start);
        input_let_go(input, &store);
    }
    return n == sizeof header && wmt_check_header(header, values, &version) == 0 ? 0 : -1;
}

int values_see_tables(struct plan *plan, wm_error *error)
{
    int rc = 0;
    for (uint32_t i = 0; i < plan->inputs.n && rc == 0; i++) {
        const struct input *input = &plan->inputs.items[i];
        struct entry_values values;
        if (!plan->inputs.is_stream[i] && input->packing == PACKING_NONE &&
            read_header(input, &values) == 0)
            rc = error_of_input(error, values_see(plan, input_name(input), &values, error),
                                input->number);
    }
    return rc;
}
