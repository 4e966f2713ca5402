/* A format is a file of its own and a row here. */
#include "input/formats.h"

#include "input/columns.h"
#include "input/counts.h"
#include "input/csv.h"
#include "input/text.h"
#include "input/v1_v2.h"
#include "input/v3.h"

/* In the order of enum wm_format, from 1. Behind those, what only an input can turn out to be. */
static const struct input_format *const formats[] = {
    &input_v1, &input_v2, &input_v3, &input_columns, &input_text, &input_counts, &input_csv};

#define N_FORMATS (sizeof formats / sizeof *formats)

_Static_assert(N_FORMATS < INPUT_FORMATS_MAX, "too many");

const struct input_format *input_format_at(unsigned number)
{
    return number > 0 && number <= N_FORMATS ? formats[number - 1] : NULL;
}

unsigned input_format_number(const struct input_format *format)
{
    unsigned number = 0;
    for (unsigned i = 0; i < N_FORMATS; i++)
        if (formats[i] == format)
            number = i + 1;
    return number;
}

int input_can_answer(const struct input_format *format, const struct ngram_query *query)
{
    int wants_some = query->first_year > 0 || query->last_year < UINT64_MAX;
    /* A result has no years, but may be counted by them. */
    int wants_years = wants_some || (query->by != NGRAM_BY_WORD && !format->is_result);
    for (unsigned i = 0; i < query->n_values; i++)
        if (!format->has_several || !(format->values >> query->values[i] & 1))
            return 0;
    return (format->values >> query->value & 1) && (format->has_years || !wants_years);
}
