/*
 * Most options are the library's, which reads their values too. The rest is what only a command
 * has, or reads otherwise than a program would.
 */
#include "settings.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "option_value.h"
#include "shard.h"

enum { CHOICES_MAX = 16 };

int settings_init(struct settings *settings, int argc)
{
    *settings = (struct settings){
        .progress = -1, .reporter = -1, .warmup = 1, .seed = 1, .seconds = -1, .max_slowdown = -1};
    wm_options_init(&settings->o);
    settings->words = calloc((size_t)argc + 1, sizeof *settings->words);
    settings->passed = calloc((size_t)argc + 1, sizeof *settings->passed);
    if (!settings->words || !settings->passed) {
        settings_release(settings);
        console_say("%s", wm_strerror(WM_ENOMEM));
        return WM_ENOMEM;
    }
    settings->o.words = settings->words;
    return 0;
}

void settings_release(struct settings *settings)
{
    for (size_t i = 0; i < settings->n_passed; i++)
        free(settings->passed[i]);
    free(settings->passed);
    free(settings->words);
    settings->passed = NULL;
    settings->words = NULL;
}

int settings_pass(struct settings *settings, const struct option_row *row, const char *value)
{
    char **text = &settings->passed[settings->n_passed];
    int size =
        value ? asprintf(text, "--%s=%s", row->name, value) : asprintf(text, "--%s", row->name);
    if (size < 0) {
        console_say("%s", wm_strerror(WM_ENOMEM));
        return WM_ENOMEM;
    }
    settings->n_passed++;
    return 0;
}

int settings_check(const struct settings *settings)
{
    const wm_options *o = &settings->o;
    if (o->partition_size > 0 && o->partition_lines > 0) {
        console_say("--partition-size and --partition-lines exclude each other: use one");
        return WM_EINVAL;
    }
    if (o->format != WM_FORMAT_COLUMNS &&
        (o->key_column > 0 || o->value_column > 0 || o->delimiter != '\0' || o->quote != '\0')) {
        console_say("--key-column, --value-column, --delimiter and --quote are for --format "
                    "columns");
        return WM_EINVAL;
    }
    if (o->format != WM_FORMAT_TEXT && o->format != WM_FORMAT_AUTO &&
        (o->tokens != WM_TOKENS_UAX29 || o->normalize != WM_NORMALIZE_NFC || o->ngrams_most > 1)) {
        console_say("--tokens, --normalize and --ngrams are for --format text");
        return WM_EINVAL;
    }
    return 0;
}

int settings_choose_csv(struct settings *settings)
{
    if (!settings->is_csv_safe)
        return 0;
    if (settings->o.output_format != WM_OUTPUT_CSV) {
        console_say("--csv-safe is for CSV: use it with --output-format csv");
        return WM_EINVAL;
    }
    settings->o.output_format = WM_OUTPUT_CSV_SAFE;
    return 0;
}

static int library_set(wm_options *o, const char *name, const char *value)
{
    wm_error error = {0};
    int rc = wm_options_set(o, name, value, &error);
    if (rc < 0)
        console_error(&error);
    return rc;
}

int set_option(struct settings *settings, const struct option_row *row, const char *value)
{
    return library_set(&settings->o, row->name, value);
}

static void *field_of(struct settings *settings, const struct option_row *row)
{
    return (char *)settings + row->at;
}

int set_text(struct settings *settings, const struct option_row *row, const char *value)
{
    *(const char **)field_of(settings, row) = value;
    return 0;
}

int set_flag(struct settings *settings, const struct option_row *row, const char *value)
{
    (void)value;
    *(int *)field_of(settings, row) = 1;
    return 0;
}

const char *settings_choice(const struct option_row *row, int i)
{
    if (row->n_choices > 0 && i >= row->n_choices)
        return NULL;
    return row->choices ? row->choices[i] : wm_options_choice(row->name, i);
}

/* One of the words that the option takes; *index is its place among them. */
static int choice_read(const struct option_row *row, const char *what, const char *value,
                       int *index)
{
    const char *choices[CHOICES_MAX] = {NULL};
    for (int i = 0; i < CHOICES_MAX - 1 && (choices[i] = settings_choice(row, i)) != NULL; i++)
        ;
    return option_choice(what, value, choices, index);
}

int set_choice(struct settings *settings, const struct option_row *row, const char *value)
{
    char what[32];
    snprintf(what, sizeof what, "--%s", row->name);
    return choice_read(row, what, value, field_of(settings, row));
}

int set_rounds(struct settings *settings, const struct option_row *row, const char *value)
{
    uint64_t number;
    int rc = option_number(row->name, value, row->least, BENCH_ROUNDS_MAX, &number);
    if (rc == 0)
        *(unsigned *)field_of(settings, row) = (unsigned)number;
    return rc;
}

int set_seed(struct settings *settings, const struct option_row *row, const char *value)
{
    uint64_t number;
    int rc = option_number(row->name, value, 0, UINT32_MAX, &number);
    if (rc == 0)
        *(uint32_t *)field_of(settings, row) = (uint32_t)number;
    return rc;
}

int set_runs(struct settings *settings, const struct option_row *row, const char *value)
{
    uint64_t number = 0;
    int rc = strcmp(value, "auto") == 0
                 ? 0
                 : option_number(row->name, value, 1, BENCH_ROUNDS_MAX, &number);
    if (rc == 0)
        settings->rounds = (unsigned)number;
    return rc;
}

int set_seconds(struct settings *settings, const struct option_row *row, const char *value)
{
    uint64_t number;
    int rc = option_number(row->name, value, 1, UINT32_MAX, &number);
    if (rc == 0)
        *(double *)field_of(settings, row) = (double)number;
    return rc;
}

int set_percent(struct settings *settings, const struct option_row *row, const char *value)
{
    size_t digits = strspn(value, "0123456789.");
    double number = 0;
    int used = 0;
    if (digits == 0 || digits > 9 || sscanf(value, "%lf%n", &number, &used) != 1 ||
        (strcmp(value + used, "%") != 0 && value[used] != '\0')) {
        console_say("--%s '%s' is not a number of percent, such as 5%%", row->name, value);
        return WM_EINVAL;
    }
    *(double *)field_of(settings, row) = number / 100;
    return 0;
}

/* A value as the library reads that of count's option, whose name has no plural. */
static int axis_value_read(const char *name, const char *text, uint64_t *value)
{
    wm_options o;
    wm_options_init(&o);
    o.workers = 0;
    int rc = library_set(&o, name, text);
    /* The others are 0. */
    if (rc == 0)
        *value = o.partition_size + o.partition_lines + o.fan_in + (uint64_t)o.workers;
    return rc;
}

int set_axis(struct settings *settings, const struct option_row *row, const char *value)
{
    struct axis *axis = field_of(settings, row);
    const char *text = value;
    char item[64];
    for (;;) {
        size_t size = strcspn(text, ",");
        uint64_t number = AXIS_AUTO;
        snprintf(item, sizeof item, "%.*s", (int)(size < sizeof item ? size : sizeof item), text);
        int rc = strcmp(item, "auto") == 0 ? 0 : axis_value_read(row->single, item, &number);
        if (rc < 0)
            return rc;
        if (axis_add(axis, number) < 0) {
            console_say("--%s has too many values: at most %d", row->name, AXIS_MAX);
            return WM_EINVAL;
        }
        if (text[size] == '\0')
            return 0;
        text += size + 1;
    }
}

int set_word(struct settings *settings, const struct option_row *row, const char *value)
{
    (void)row;
    settings->words[settings->o.n_words++] = value;
    return 0;
}

int set_output(struct settings *settings, const struct option_row *row, const char *value)
{
    (void)row;
    settings->o.output = strcmp(value, "-") == 0 ? NULL : value;
    return 0;
}

int set_output_format(struct settings *settings, const struct option_row *row, const char *value)
{
    settings->has_output_format = 1;
    return set_option(settings, row, value);
}

int set_query_format(struct settings *settings, const struct option_row *row, const char *value)
{
    int index;
    int rc = choice_read(row, "output format", value, &index);
    if (rc == 0)
        settings->o.output_format = (enum wm_output)index;
    return rc;
}

/* Without I it is that of this task of a job array. */
int set_shard(struct settings *settings, const struct option_row *row, const char *value)
{
    if (!value || *value == '/')
        return shard_choose(&settings->o, value);
    return set_option(settings, row, value);
}

int set_quiet(struct settings *settings, const struct option_row *row, const char *value)
{
    (void)row;
    (void)value;
    settings->is_quiet = 1;
    settings->is_verbose = 0;
    return 0;
}

int set_verbose(struct settings *settings, const struct option_row *row, const char *value)
{
    (void)row;
    (void)value;
    settings->is_quiet = 0;
    settings->is_verbose = 1;
    return 0;
}
