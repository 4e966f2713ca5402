/*
 * Options by name, with the values that the command takes. An option is a row: its field, how a
 * value is read, and between what it may be. Numbers are read by hand: strtoull takes blanks and
 * signs, and reads '-1' as a very large number.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "error.h"

struct setting {
    const char *name;
    const char *what; /* its name in messages; NULL: o.NAME */
    int (*set)(void *field, const struct setting *setting, const char *value, wm_error *error);
    size_t at, size; /* of the field, or of all that are set, in wm_options */
    uint64_t least, most;
    enum wm_names names; /* of values from least to most, if it is a choice */
};

/* The digits at the start of text: their number, where they end, and whether it passes 64 bits. */
struct digits {
    uint64_t number;
    const char *end;
    int overflow;
};

static struct digits digits_read(const char *text)
{
    struct digits d = {.end = text};
    for (; *d.end >= '0' && *d.end <= '9'; d.end++) {
        uint64_t digit = (uint64_t)(*d.end - '0');
        d.overflow |= d.number > (UINT64_MAX - digit) / 10;
        d.number = d.number * 10 + digit;
    }
    return d;
}

/* A message begins, with the option and its value. */
static void begin(wm_error *error, const char *before, const struct setting *s)
{
    error_set(error, WM_EINVAL, "%s%s", before, s->what ? s->what : "");
    if (!s->what)
        error_add_option(error, s->name);
}

static int too_large(wm_error *error, const struct setting *s, const char *text, uint64_t most,
                     const char *unit)
{
    begin(error, "", s);
    error_add(error, " %s is too large: at most %" PRIu64 "%s", text, most, unit);
    return WM_EINVAL;
}

static int too_small(wm_error *error, const struct setting *s, const char *text, uint64_t least)
{
    begin(error, "", s);
    error_add(error, " %s is too small: at least %" PRIu64, text, least);
    return WM_EINVAL;
}

static int whole_number_read(const struct setting *s, const char *text, uint64_t least,
                             uint64_t most, uint64_t *number, wm_error *error)
{
    struct digits d = digits_read(text);
    if (d.end == text || *d.end != '\0') {
        begin(error, "", s);
        error_add(error, " '%s' is not a whole number: at least %" PRIu64, text, least);
        return WM_EINVAL;
    }
    if (d.overflow || d.number > most)
        return too_large(error, s, text, most, "");
    if (d.number < least)
        return too_small(error, s, text, least);
    *number = d.number;
    return 0;
}

static int set_number(void *field, const struct setting *s, const char *value, wm_error *error)
{
    return whole_number_read(s, value, s->least, s->most, field, error);
}

/* Of fields that have 32 bits, with a sign or without. */
static int set_small_number(void *field, const struct setting *s, const char *value,
                            wm_error *error)
{
    uint64_t number;
    int rc = whole_number_read(s, value, s->least, s->most, &number, error);
    if (rc == 0)
        memcpy(field, &(unsigned){(unsigned)number}, sizeof(unsigned));
    return rc;
}

static int suffix_shift(const char *suffix)
{
    static const char letters[] = "KkMmGg";
    if (suffix[0] == '\0')
        return 0;
    const char *letter = strchr(letters, suffix[0]);
    if (suffix[1] != '\0' || !letter)
        return -1;
    return 10 * (int)((letter - letters) / 2 + 1);
}

/* Bytes, 1 or more: '4096', '64K', '16M', '2G' (powers of 1024). */
static int set_size(void *field, const struct setting *s, const char *value, wm_error *error)
{
    /* An offset in a file has 63 bits. */
    const uint64_t most = INT64_MAX;
    struct digits d = digits_read(value);
    int shift = suffix_shift(d.end);
    if (d.end == value || shift < 0)
        return error_set(error, WM_EINVAL, "'%s' is not a size: use a number with K, M or G",
                         value);
    if (d.overflow || d.number > most >> shift)
        return too_large(error, s, value, most >> 30, "G");
    if (d.number == 0)
        return too_small(error, s, value, 1);
    *(uint64_t *)field = d.number << shift;
    return 0;
}

/* 0 or more, with or without a fraction. */
static int set_seconds(void *field, const struct setting *s, const char *value, wm_error *error)
{
    struct digits d = digits_read(value);
    double number = (double)d.number, unit = 1;
    const char *end = d.end;
    if (*end == '.')
        for (end++; *end >= '0' && *end <= '9'; end++)
            number += (double)(*end - '0') * (unit /= 10);
    if (d.end == value || *end != '\0')
        return error_set(error, WM_EINVAL, "%s '%s' is not a number of seconds", s->what, value);
    if (d.overflow || number > (double)s->most)
        return too_large(error, s, value, s->most, "");
    *(double *)field = number;
    return 0;
}

static int set_text(void *field, const struct setting *s, const char *value, wm_error *error)
{
    (void)s;
    (void)error;
    *(const char **)field = value;
    return 0;
}

static int set_flag(void *field, const struct setting *s, const char *value, wm_error *error)
{
    if (value)
        return error_set(error, WM_EINVAL, "option '%s' takes no value", s->name);
    *(int *)field = 1;
    return 0;
}

/* 'a, b or c', of those that may be. */
static void choices_list(const struct setting *s, char *list, size_t size)
{
    size_t used = 0;
    for (uint64_t i = s->least; i <= s->most && used < size; i++) {
        const char *before = i == s->least ? "" : i == s->most ? " or " : ", ";
        used +=
            (size_t)snprintf(list + used, size - used, "%s%s", before, wm_name(s->names, (int)i));
    }
}

static int set_one_of(void *field, const struct setting *s, const char *value, wm_error *error)
{
    char list[256];
    for (uint64_t i = s->least; i <= s->most; i++) {
        if (strcmp(wm_name(s->names, (int)i), value) == 0) {
            memcpy(field, &(unsigned){(unsigned)i}, sizeof(unsigned));
            return 0;
        }
    }
    choices_list(s, list, sizeof list);
    begin(error, "unknown ", s);
    error_add(error, " '%s': use %s", value, list);
    return WM_EINVAL;
}

/* One, or several with commas between, whose names the job looks at. */
static int set_values(void *field, const struct setting *s, const char *value, wm_error *error)
{
    wm_options *options = field;
    int rc = strchr(value, ',') ? 0 : set_one_of(&options->value, s, value, error);
    if (rc == 0)
        options->values = value;
    return rc;
}

/* One, or several with commas between, which the job reads. */
static int set_value_columns(void *field, const struct setting *s, const char *value,
                             wm_error *error)
{
    wm_options *options = field;
    int rc = strchr(value, ',') ? 0 : set_small_number(&options->value_column, s, value, error);
    if (rc == 0)
        options->value_columns = strchr(value, ',') ? value : NULL;
    return rc;
}

/* Its value may be left out. */
static int set_fold(void *field, const struct setting *s, const char *value, wm_error *error)
{
    if (value)
        return set_one_of(field, s, value, error);
    *(enum wm_fold *)field = WM_FOLD_LOWER;
    return 0;
}

/* So many lines; without a value it is one. */
static int set_header(void *field, const struct setting *s, const char *value, wm_error *error)
{
    if (value != NULL)
        return set_number(field, s, value, error);
    *(uint64_t *)field = 1;
    return 0;
}

static int set_delimiter(void *field, const struct setting *s, const char *value, wm_error *error)
{
    if (strcmp(value, "\\t") == 0)
        value = "\t";
    if (strlen(value) != 1 || *value == '\n')
        return error_set(error, WM_EINVAL,
                         "%s '%s' is not one byte: use a character, or \\t for a TAB", s->what,
                         value);
    *(char *)field = *value;
    return 0;
}

/* 'A-B', 'A-', '-B' or 'A'. */
/* 'N' or 'M-N'. */
static int set_ngrams(void *field, const struct setting *s, const char *value, wm_error *error)
{
    unsigned numbers[2] = {0, 0};
    int n = 0;
    if (sscanf(value, "%1u-%1u%n", &numbers[0], &numbers[1], &n) != 2 || value[n] != '\0') {
        n = 0;
        if (sscanf(value, "%1u%n", &numbers[1], &n) != 1 || value[n] != '\0')
            n = 0;
        numbers[0] = numbers[1];
    }
    if (n == 0 || numbers[0] < s->least || numbers[1] < numbers[0])
        return error_set(
            error, WM_EINVAL,
            "'%s' is not a number of words in a sequence: use 1 to 9, or two as in 1-3", value);
    memcpy(field, numbers, sizeof numbers);
    return 0;
}

static int set_years(void *field, const struct setting *s, const char *value, wm_error *error)
{
    char first[32], last[32];
    const char *dash = strchr(value, '-');
    size_t size = dash ? (size_t)(dash - value) : strlen(value);
    uint64_t years[2] = {0, 0};
    if (size >= sizeof first || (dash && strlen(dash + 1) >= sizeof last) ||
        strcmp(value, "-") == 0 || *value == '\0')
        return error_set(error, WM_EINVAL,
                         "'%s' is not a range of years: use 1900-1999, 1900- or -1899", value);
    memcpy(first, value, size);
    first[size] = '\0';
    strcpy(last, dash ? dash + 1 : first);
    int rc = size > 0 ? whole_number_read(s, first, 0, s->most, &years[0], error) : 0;
    if (rc == 0 && *last != '\0')
        rc = whole_number_read(s, last, 1, s->most, &years[1], error);
    if (rc < 0)
        return rc;
    if (years[1] > 0 && years[0] > years[1])
        return error_set(error, WM_EINVAL, "there are no years from %s to %s", first, last);
    memcpy(field, years, sizeof years);
    return 0;
}

/* 'I/N': share I of N, counted from 1. */
static int set_shard(void *field, const struct setting *s, const char *value, wm_error *error)
{
    const char *slash = strchr(value, '/');
    char first[24];
    uint64_t shard, n_shards;
    if (!slash || (size_t)(slash - value) >= sizeof first)
        return error_set(error, WM_EINVAL, "'%s' is not a shard: use I/N, such as 3/16", value);
    snprintf(first, sizeof first, "%.*s", (int)(slash - value), value);
    const struct setting number = {.what = "the number of shards"};
    int rc = whole_number_read(&number, slash + 1, 1, s->most, &n_shards, error);
    if (rc == 0)
        rc = whole_number_read(s, first, 1, n_shards, &shard, error);
    if (rc == 0)
        memcpy(field, (unsigned[]){(unsigned)shard, (unsigned)n_shards}, 2 * sizeof(unsigned));
    return rc;
}

/* Two fields that are set together are neighbours. */
_Static_assert(offsetof(wm_options, last_year) ==
                       offsetof(wm_options, first_year) + sizeof(uint64_t) &&
                   offsetof(wm_options, n_shards) == offsetof(wm_options, shard) + sizeof(unsigned),
               "set_years or set_shard");
_Static_assert(sizeof(enum wm_format) == sizeof(unsigned), "set_one_of");

#define FIELD(field) offsetof(wm_options, field), sizeof((wm_options *)NULL)->field

static const struct setting settings[] = {
    {"workers", "workers", set_small_number, FIELD(workers), 0, 1024, 0},
    {"partition-size", "partition size", set_size, FIELD(partition_size), 0, 0, 0},
    {"partition-lines", "partition lines", set_number, FIELD(partition_lines), 1, INT64_MAX, 0},
    {"fan-in", "fan-in", set_small_number, FIELD(fan_in), 2, UINT_MAX, 0},
    {"memory", "memory", set_size, FIELD(memory), 0, 0, 0},
    {"spill-dir", NULL, set_text, FIELD(spill_dir), 0, 0, 0},
    {"on-bad-line", NULL, set_one_of, FIELD(on_bad_line), WM_FAIL, WM_SKIP, WM_NAMES_BAD_LINE},
    {"max-rejects", NULL, set_number, FIELD(max_rejects), 0, UINT64_MAX - 1, 0},
    {"rejects", NULL, set_text, FIELD(rejects), 0, 0, 0},
    {"max-reject-bytes", NULL, set_size, FIELD(max_reject_bytes), 0, 0, 0},
    {"task-timeout", "task timeout", set_seconds, FIELD(task_timeout), 0, 1000000000, 0},
    {"sorted", NULL, set_flag, FIELD(sorted), 0, 0, 0},
    /* Not counts, which is what sum reads. */
    {"format", "format", set_one_of, FIELD(format), WM_FORMAT_AUTO, WM_FORMAT_TEXT,
     WM_NAMES_FORMAT},
    {"key-column", "key column", set_small_number, FIELD(key_column), 1, UINT_MAX, 0},
    {"value-column", "value column", set_value_columns, 0,
     offsetof(wm_options, value_columns) + sizeof(char *), 1, UINT_MAX, 0},
    {"delimiter", "delimiter", set_delimiter, FIELD(delimiter), 0, 0, 0},
    {"quote", "quote", set_delimiter, FIELD(quote), 0, 0, 0},
    {"header", "header", set_header, FIELD(header), 0, INT64_MAX, 0},
    {"value", "value", set_values, 0, offsetof(wm_options, values) + sizeof(char *), WM_MATCHES,
     WM_RECORDS, WM_NAMES_VALUE},
    {"years", "year", set_years, offsetof(wm_options, first_year), 2 * sizeof(uint64_t), 0,
     UINT64_MAX, 0},
    {"tokens", NULL, set_one_of, FIELD(tokens), WM_TOKENS_UAX29, WM_TOKENS_BLANKS, WM_NAMES_TOKENS},
    {"normalize", NULL, set_one_of, FIELD(normalize), WM_NORMALIZE_NFC, WM_NORMALIZE_NONE,
     WM_NAMES_NORMALIZE},
    {"ngrams", NULL, set_ngrams, offsetof(wm_options, ngrams_least), 2 * sizeof(unsigned), 1, 9, 0},
    {"by", NULL, set_one_of, FIELD(by), WM_BY_WORD, WM_BY_DECADE, WM_NAMES_BY},
    {"fill-years", NULL, set_flag, FIELD(fill_years), 0, 0, 0},
    {"pos", NULL, set_text, FIELD(pos), 0, 0, 0},
    {"strip-pos", NULL, set_flag, FIELD(strip_pos), 0, 0, 0},
    {"fold-case", NULL, set_fold, FIELD(fold_case), WM_FOLD_DOMINANT, WM_FOLD_DOMINANT,
     WM_NAMES_FOLD},
    {"match", NULL, set_text, FIELD(match), 0, 0, 0},
    {"min-count", NULL, set_number, FIELD(min_count), 1, UINT64_MAX, 0},
    {"top", "top", set_number, FIELD(top), 1, UINT64_MAX, 0},
    {"top-per", NULL, set_number, FIELD(top_per), 1, UINT64_MAX, 0},
    {"sort", "sort order", set_one_of, FIELD(sort), WM_SORT_WORD, WM_SORT_NONE, WM_NAMES_SORT},
    {"shard", "shard", set_shard, offsetof(wm_options, shard), 2 * sizeof(unsigned), 0, UINT_MAX,
     0},
    {"rank", NULL, set_flag, FIELD(rank), 0, 0, 0},
    {"totals", NULL, set_text, FIELD(totals), 0, 0, 0},
    {"output", NULL, set_text, FIELD(output), 0, 0, 0},
    {"output-format", "output format", set_one_of, FIELD(output_format), WM_OUTPUT_TSV,
     WM_OUTPUT_TABLE, WM_NAMES_OUTPUT},
};

/* Whether it is this one, with hyphens as the command has it or with underscores as its field. */
static int is_name(const char *given, const char *name)
{
    while (*name && (*given == *name || (*given == '_' && *name == '-'))) {
        given++;
        name++;
    }
    return *given == *name;
}

static const struct setting *setting_find(const char *name)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (is_name(name, settings[i].name))
            return &settings[i];
    return NULL;
}

int wm_options_set(wm_options *options, const char *name, const char *value, wm_error *error)
{
    if (!options || !name)
        return error_null(error, options ? "the name of an option" : "options");
    const struct setting *s = setting_find(name);
    /* An option that the caller's struct has no room for is none either. */
    if (!s || s->at + s->size > options->size)
        return error_set(error, WM_EINVAL, "unknown option '%s'", name);
    int rc = !value && s->set != set_flag && s->set != set_fold && s->set != set_header
                 ? error_set(error, WM_EINVAL, "option '%s' needs a value", name)
                 : s->set((char *)options + s->at, s, value, error);
    if (rc < 0)
        error_about(error, s->name);
    return rc;
}

const char *wm_options_choice(const char *name, int i)
{
    const struct setting *s = name ? setting_find(name) : NULL;
    if (!s || (s->set != set_one_of && s->set != set_fold && s->set != set_values) || i < 0 ||
        (uint64_t)i > s->most - s->least)
        return NULL;
    return wm_name(s->names, (int)s->least + i);
}
