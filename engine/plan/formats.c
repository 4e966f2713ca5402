/*
 * An option may name the format of all inputs; otherwise the first bytes of each tell. Those of a
 * packed file are unpacked for it here, by the coordinator.
 */
#include "plan/formats.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "error.h"
#include "input/columns.h"
#include "input/csv.h"
#include "input/detect.h"
#include "input/formats.h"
#include "input/text.h"
#include "packing/head.h"
#include "plan/looks.h"
#include "plan/plan.h"
#include "plan/values.h"
#include "wmt/wmt.h"

_Static_assert((int)NGRAM_MATCHES == WM_MATCHES && (int)NGRAM_VOLUMES == WM_VOLUMES &&
                   (int)NGRAM_PAGES == WM_PAGES && (int)NGRAM_RECORDS == WM_RECORDS &&
                   (int)NGRAM_BY_WORD == WM_BY_WORD && (int)NGRAM_BY_YEAR == WM_BY_YEAR &&
                   (int)NGRAM_BY_DECADE == WM_BY_DECADE,
               "what is asked has the same numbers");

/* Reads o.values, names with commas between. */
static int take_values(struct ngram_query *query, const char *values, wm_error *error)
{
    unsigned seen = 0;
    do {
        size_t size = strcspn(values, ",");
        int value = ngram_value_find(values, size);
        if (value < 0 || seen >> value & 1)
            return error_set_option(
                error, "values",
                "unknown value '%.*s', or it is there twice: use some of matches, "
                "volumes, pages, records with commas between them",
                (int)(size < 64 ? size : 64), values);
        seen |= 1u << value;
        query->values[query->n_values++] = (enum ngram_value)value;
        values += size;
    } while (*values++ == ',');
    query->value = query->values[0];
    if (query->n_values == 1)
        query->n_values = 0;
    return 0;
}

/* Reads o.value_columns: a number for each value but records, which stand in none. */
static int take_columns(struct ngram_query *query, const char *columns, wm_error *error)
{
    unsigned n = 0, n_given = 0, given[NGRAM_VALUES_MAX];
    int is_list = columns != NULL;
    for (const char *at = columns; is_list && n_given < NGRAM_VALUES_MAX; at++) {
        size_t size = strcspn(at, ",");
        uint64_t number;
        if (number_read(at, size, &number) < 0 || number == 0 || number > UINT_MAX)
            return error_set_option(
                error, "value_columns",
                "'%s' are not the columns of values: use numbers from 1 on with "
                "commas between them",
                columns);
        given[n_given++] = (unsigned)number;
        at += size;
        if (*at == '\0')
            break;
    }
    if (!is_list)
        given[n_given++] = query->value_column;
    for (unsigned i = 0; i < query->n_values; i++) {
        if (query->values[i] == NGRAM_RECORDS)
            continue;
        if (n < n_given)
            query->value_columns[i] = given[n];
        n++;
    }
    if (query->n_values > 1 ? n == n_given : n_given == 1)
        return 0;
    return error_set(error, WM_EINVAL,
                     "columns of values and their names are not as many: give " NAME
                     "o.value_columns=3,4 with " NAME "o.values=matches,volumes");
}

/* What a format has not got that cannot answer the query. */
static const char *missing(const struct input_format *format, const struct ngram_query *query)
{
    if (query->n_values > 1 && !format->has_several)
        return "more than one value: each word counts 1";
    for (unsigned i = 0; i < query->n_values; i++)
        if (!(format->values >> query->values[i] & 1))
            return query->values[i] == NGRAM_PAGES ? "pages" : "volumes";
    return query->value == NGRAM_PAGES     ? "pages"
           : query->value == NGRAM_VOLUMES ? "volumes"
                                           : "years";
}

/* Whether an option is given that only text knows. */
static int asks_for_text(const wm_options *options)
{
    return options->tokens != WM_TOKENS_UAX29 || options->normalize != WM_NORMALIZE_NFC ||
           options->ngrams_most > 1;
}

static struct ngram_query query_of(const wm_options *options)
{
    return (struct ngram_query){
        .value = (enum ngram_value)options->value,
        .by = (enum ngram_by)options->by,
        .first_year = options->first_year,
        .last_year = options->last_year > 0 ? options->last_year : UINT64_MAX,
        .key_column = options->key_column > 0 ? options->key_column : 1,
        .value_column = options->value_column > 0 ? options->value_column : 3,
        .delimiter = options->delimiter,
        .quote = options->quote,
        .tokens = (enum token_kind)options->tokens,
        .composed = options->normalize == WM_NORMALIZE_NFC,
        .n_least = options->ngrams_least,
        .n_most = options->ngrams_most,
    };
}

int formats_make_query(struct plan *plan, wm_error *error)
{
    const wm_options *options = &plan->options;
    struct ngram_query *query = &plan->spec.query;
    if (options->last_year > 0 && options->first_year > options->last_year)
        return error_set_option(error, "first_year", "there are no years from %llu to %llu",
                                (unsigned long long)options->first_year,
                                (unsigned long long)options->last_year);
    *query = query_of(options);
    plan->is_by_given = options->by != WM_BY_WORD;
    if (query->delimiter == '\0')
        query->delimiter = '\t';
    if (query->quote == query->delimiter)
        return error_set_option(error, "quote", "the delimiter cannot be the quote as well");
    int rc = options->values ? take_values(query, options->values, error) : 0;
    if (rc < 0)
        return rc;
    plan->format = options->format;
    const struct input_format *format = input_format_at(plan->format);
    if (format == &input_columns)
        rc = take_columns(query, options->value_columns, error);
    if (rc < 0)
        return rc;
    if (format && format != &input_text && !options->map && asks_for_text(options))
        return error_set_option(
            error, "format",
            "the format %s has no tokens: how words are cut, normalized and put in "
            "sequences is for text",
            format->name);
    if (format && !options->map && !input_can_answer(format, query))
        return error_set_option(error, "format", "the format %s has no %s", format->name,
                                missing(format, query));
    return 0;
}

/* Of an archive, the member that was found last. */
static const char *name_now(const struct plan *plan, uint32_t input)
{
    return inputs_name(&plan->inputs, input, UINT64_MAX);
}

static void set_format(struct plan *plan, uint32_t input, unsigned number)
{
    struct member *member = inputs_member(&plan->inputs, input, UINT64_MAX);
    *(member ? &member->format : &plan->inputs.formats[input]) = (unsigned char)number;
}

static int choose(struct plan *plan, uint32_t input, unsigned number, wm_error *error)
{
    const struct ngram_query *query = &plan->spec.query;
    const struct input_format *format = input_format_at(number);
    if (!input_can_answer(format, query))
        return error_set(error, WM_EINVAL, "'%s' is of the format %s, which has no %s",
                         name_now(plan, input), format->name, missing(format, query));
    if (format == &input_text && plan->options.totals)
        return error_set_option(
            error, "totals", "'%s' is text: total counts are of Ngram files, so it has no shares",
            name_now(plan, input));
    if (format != &input_text && asks_for_text(&plan->options))
        return error_set(
            error, WM_EINVAL,
            "'%s' is of the format %s, which has no tokens: if it is text, say so with " NAME
            "o.format=text",
            name_now(plan, input), format->name);
    set_format(plan, input, number);
    return 0;
}

/* Where results are added up, a table file is told by its first bytes. */
static int see_table(struct plan *plan, uint32_t number, const char *header, size_t size,
                     wm_error *error)
{
    struct input *input = &plan->inputs.items[number];
    struct entry_values values;
    uint32_t version;
    if (input->packing != PACKING_NONE)
        return error_set(error, WM_EINVAL,
                         "'%s' is a table file that was compressed: decompress it, or use " NAME
                         "o.sorted",
                         name_now(plan, number));
    if (plan->inputs.is_stream[number])
        return error_set(error, WM_EINVAL,
                         "'%s' is a table file in a pipe: use " NAME "o.sorted, or name the file",
                         input_name(input));
    if (input->start > 0 || plan->options.partition_lines > 0)
        return error_set(error, WM_EINVAL,
                         "'%s' is a table file, which is read from its start and not by lines",
                         input_name(input));
    input->is_table = 1;
    /* One that is damaged is told when it is read. */
    return wmt_check_header(header, &values, &version) == 0
               ? values_see_table(plan, input_name(input), &values, header, size, error)
               : 0;
}

static int is_misnamed(const struct plan *plan, uint32_t input)
{
    return look_name_is_packed(name_now(plan, input)) &&
           plan->inputs.items[input].packing == PACKING_NONE;
}

/* One that was saved under the name of another, a message of an error for example. */
static int refuse_name(const char *name, const char *like, wm_error *error)
{
    return error_set(error, WM_EBADLINE,
                     "'%s' is not packed, as its name says, but looks like %s: get it again, or "
                     "give " NAME "o.format=text",
                     name, like);
}

/* Text is that for certain only where nothing speaks against it: other inputs, or its name. */
static int see_text(struct plan *plan, uint32_t number, const struct input_look *look,
                    wm_error *error)
{
    struct inputs *inputs = &plan->inputs;
    const char *name = name_now(plan, number);
    int is_text = look->kind == INPUT_TEXT;
    if (is_text && is_misnamed(plan, number))
        return refuse_name(name, "text", error);
    const char **first = is_text ? &inputs->first_text : &inputs->first_other;
    if (!*first)
        *first = name;
    if (!is_text)
        inputs->other_format = look->format;
    if (!inputs->first_text || !inputs->first_other)
        return 0;
    return error_set(
        error, WM_EBADLINE,
        "'%.180s' looks like text, but '%.180s' is of the format %s: leave one of them "
        "out, or give the " NAME "o.format of both",
        inputs->first_text, inputs->first_other, input_format_at(inputs->other_format)->name);
}

/* What auto takes an input for. */
static int see_look(struct plan *plan, uint32_t input, const struct input_look *look,
                    wm_error *error)
{
    switch (look->kind) {
    case INPUT_EMPTY:
        set_format(plan, input, WM_FORMAT_V2); /* as good as any */
        return 0;
    case INPUT_LINES:
    case INPUT_TEXT: {
        int rc = see_text(plan, input, look, error);
        return rc < 0 ? rc : choose(plan, input, look->format, error);
    }
    default:
        if (look->kind == INPUT_MARKUP && is_misnamed(plan, input))
            return refuse_name(name_now(plan, input), look->markup, error);
        return look_refuse(look, name_now(plan, input), error);
    }
}

/* Of a format that was given, only what it cannot tell itself. */
static int see_given(struct plan *plan, uint32_t input, const struct input_look *look,
                     wm_error *error)
{
    const struct input_format *format = input_format_at(plan->format);
    const struct ngram_query *query = &plan->spec.query;
    const char *name = name_now(plan, input);
    int rc = 0;
    if (format->is_result)
        rc = look_refuse_as_result(look, name, query_n_values(query), error);
    else if (format == &input_columns && query->quote == '\0' && look->kind == INPUT_TABLE &&
             look->needs_quotes && look->delimiter == query->delimiter)
        return error_set(error, WM_EBADLINE,
                         "fields of '%s' stand in quotes, with delimiters inside: give " NAME
                         "o.quote='\"'",
                         name);
    else if (look->kind == INPUT_WIDE || (look->kind == INPUT_CR && format != &input_text))
        rc = look_refuse(look, name, error);
    unsigned number = plan->format;
    if (rc == 0 && format->is_result && look->kind == INPUT_RESULT) {
        number = input_format_number(&input_csv);
        rc = values_see(plan, name, &look->values, error);
    } else if (format->is_result) {
        values_see_lines(plan, look);
    }
    return rc < 0 ? rc : choose(plan, input, number, error);
}

int formats_see(struct plan *plan, uint32_t input, const char *data, size_t size, wm_error *error)
{
    const struct input_format *format = input_format_at(plan->format);
    if (plan->options.map || inputs_format(&plan->inputs, input, UINT64_MAX) != WM_FORMAT_AUTO)
        return 0;
    if (size >= WMT_HEADER_SIZE && wmt_is_magic(data)) {
        struct input_look table = {.kind = INPUT_WMT};
        if (!format)
            return look_refuse(&table, name_now(plan, input), error);
        if (format->is_result) {
            int rc = see_table(plan, input, data, size, error);
            return rc < 0 ? rc : choose(plan, input, plan->format, error);
        }
    }
    if (size > INPUT_DETECT_SIZE)
        size = INPUT_DETECT_SIZE;
    struct input_look look = input_detect(data, size);
    if (format && format->is_result)
        input_find_periods(&look, data, size);
    return format ? see_given(plan, input, &look, error) : see_look(plan, input, &look, error);
}

/* The first bytes of a file, and what is the matter if they cannot be read. */
static int read_head(const struct input *input, char *data, size_t *size, wm_error *error)
{
    struct store store;
    if (input_reach(input, &store) < 0)
        return error_set_system(error, WM_EOPEN, errno, "cannot open '%s': " SYSTEM,
                                input_name(input));
    ssize_t n = input->packing != PACKING_NONE
                    ? unpack_head(&store, input->packing, input->start, data, INPUT_DETECT_SIZE)
                    : store_read_full(&store, data, INPUT_DETECT_SIZE, input->start);
    int system = errno;
    input_let_go(input, &store);
    if (n < 0 && system == ENOMEM)
        return error_memory(error);
    if (n < 0)
        return error_set_system(error, WM_EREAD, system, "cannot read '%s': " SYSTEM,
                                input_name(input));
    *size = (size_t)n;
    /* What is there no more would make it look like another format. */
    if (input->packing == PACKING_NONE && *size < INPUT_DETECT_SIZE &&
        input->start + *size < input->size)
        return error_set(error, WM_ECHANGED,
                         "'%s' changed while it was read (at byte %llu); run again",
                         input_name(input), (unsigned long long)input->start + *size);
    return 0;
}

static int see_file(struct plan *plan, uint32_t number, wm_error *error)
{
    size_t size = 0;
    char *data = malloc(INPUT_DETECT_SIZE);
    if (!data)
        return error_memory(error);
    int rc = read_head(&plan->inputs.items[number], data, &size, error);
    if (rc == 0)
        rc = formats_see(plan, number, data, size, error);
    free(data);
    return error_of_input(error, rc, plan->inputs.items[number].number);
}

int formats_see_files(struct plan *plan, wm_error *error)
{
    int rc = 0;
    for (uint32_t i = 0; i < plan->inputs.n && rc == 0; i++)
        if (!plan->inputs.is_stream[i] &&
            plan->inputs.items[i].share_start < plan->inputs.items[i].share_end)
            rc = see_file(plan, i, error);
    return rc;
}
