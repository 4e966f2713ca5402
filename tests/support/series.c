/* See series.h. Every step makes a new order of all rows and looks at neighbours. */
#include "series.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 wide;

struct row {
    char *word;
    char *group; /* in lower case, if that is how words are told apart */
    uint64_t period;
    uint64_t counts[SERIES_VALUES];
    uint64_t rank;
    wide sum, sum_here; /* of its period; down to this rank */
    int is_asked;
};

struct rows {
    struct row *items;
    size_t n, capacity;
};

static void add_row(struct rows *rows, const char *word, uint64_t period)
{
    if (rows->n == rows->capacity) {
        rows->capacity = 2 * rows->capacity + 64;
        rows->items = realloc(rows->items, rows->capacity * sizeof *rows->items);
        if (!rows->items)
            abort();
    }
    struct row *row = &rows->items[rows->n++];
    *row = (struct row){.word = strdup(word), .group = strdup(word), .period = period};
    for (char *at = row->group; *at; at++)
        *at = (char)tolower((unsigned char)*at);
}

static void free_row(struct row *row)
{
    free(row->word);
    free(row->group);
}

/* As the bytes of `word TAB period` go. */
static int by_word(const void *x, const void *y)
{
    const struct row *a = x, *b = y;
    char a_text[32], b_text[32];
    size_t i = 0;
    while (a->word[i] && a->word[i] == b->word[i])
        i++;
    if (a->word[i] || b->word[i]) {
        unsigned char a_next = (unsigned char)(a->word[i] ? a->word[i] : '\t');
        unsigned char b_next = (unsigned char)(b->word[i] ? b->word[i] : '\t');
        return a_next < b_next ? -1 : 1;
    }
    if (a->period == b->period)
        return 0;
    sprintf(a_text, "%llu", (unsigned long long)a->period);
    sprintf(b_text, "%llu", (unsigned long long)b->period);
    return strcmp(a_text, b_text);
}

static int by_count(const void *x, const void *y)
{
    const struct row *a = x, *b = y;
    if (a->counts[0] != b->counts[0])
        return a->counts[0] > b->counts[0] ? -1 : 1;
    return by_word(x, y);
}

static int by_period(const void *x, const void *y)
{
    const struct row *a = x, *b = y;
    if (a->period != b->period)
        return a->period < b->period ? -1 : 1;
    return by_count(x, y);
}

static void sort_rows(struct rows *rows, int (*compare)(const void *, const void *))
{
    if (rows->n > 0)
        qsort(rows->items, rows->n, sizeof *rows->items, compare);
}

static int is_asked(const struct series *series, const struct row *row)
{
    const char *word = series->fold ? row->group : row->word;
    for (size_t i = 0; i < series->n_words; i++)
        if (strcmp(series->words[i], word) == 0)
            return 1;
    return series->n_words == 0;
}

/* Those that stay are where wanted says so. */
static void keep_rows(struct rows *rows, int (*wanted)(const struct row *, const void *),
                      const void *user)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        if (wanted(&rows->items[i], user))
            rows->items[n++] = rows->items[i];
        else
            free_row(&rows->items[i]);
    }
    rows->n = n;
}

static int row_is_asked(const struct row *row, const void *series)
{
    return is_asked(series, row);
}

static int has_enough(const struct row *row, const void *series)
{
    return row->counts[0] >= ((const struct series *)series)->min_count;
}

static uint64_t period_of(const struct series *series, uint64_t year)
{
    return series->by == WM_BY_YEAR ? year : series->by == WM_BY_DECADE ? year - year % 10 : 0;
}

static void read_line(struct rows *rows, const char *line, size_t size, const struct series *series)
{
    char text[1000], *field[6] = {text};
    memcpy(text, line, size);
    text[size] = '\0';
    size_t n = 1;
    for (char *at = text; *at && n < 6; at++) {
        if (*at == '\t') {
            *at = '\0';
            field[n++] = at + 1;
        }
    }
    uint64_t year = strtoull(field[1], NULL, 10), last = series->last_year;
    if (year < series->first_year || (last > 0 && year > last))
        return;
    add_row(rows, field[0], period_of(series, year));
    uint64_t all[] = {strtoull(field[2], NULL, 10), strtoull(field[n - 1], NULL, 10),
                      strtoull(field[3], NULL, 10), 1};
    struct row *row = &rows->items[rows->n - 1];
    for (size_t i = 0; i < series->n_values; i++)
        row->counts[i] = all[series->values[i]];
    if (series->fold == WM_FOLD_LOWER)
        strcpy(row->word, row->group);
}

static void read_lines(struct rows *rows, const struct bytes *input, const struct series *series)
{
    for (size_t at = 0; at < input->size;) {
        const char *line = input->data + at;
        const char *lf = memchr(line, '\n', input->size - at);
        size_t size = (size_t)(lf - line);
        read_line(rows, line, size, series);
        at += size + 1;
    }
}

static void add_up(struct rows *rows)
{
    size_t n = 0;
    sort_rows(rows, by_word);
    for (size_t i = 0; i < rows->n; i++) {
        struct row *row = &rows->items[i];
        if (n == 0 || by_word(&rows->items[n - 1], row) != 0) {
            rows->items[n++] = *row;
            continue;
        }
        for (size_t j = 0; j < SERIES_VALUES; j++)
            rows->items[n - 1].counts[j] += row->counts[j];
        free_row(row);
    }
    rows->n = n;
}

/* What a spelling has in all years. */
static uint64_t spelling_count(const struct rows *rows, const char *word)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < rows->n; i++)
        if (strcmp(rows->items[i].word, word) == 0)
            sum += rows->items[i].counts[0];
    return sum;
}

/* All spellings get the name of the commonest of all years. */
static void choose_spellings(struct rows *rows)
{
    char **names = calloc(rows->n + 1, sizeof *names);
    uint64_t *sums = calloc(rows->n + 1, sizeof *sums);
    for (size_t i = 0; i < rows->n; i++)
        sums[i] = spelling_count(rows, rows->items[i].word);
    for (size_t i = 0; i < rows->n; i++) {
        size_t best = i;
        for (size_t j = 0; j < rows->n; j++)
            if (strcmp(rows->items[j].group, rows->items[i].group) == 0 &&
                (sums[j] > sums[best] || (sums[j] == sums[best] &&
                                          strcmp(rows->items[j].word, rows->items[best].word) < 0)))
                best = j;
        names[i] = strdup(rows->items[best].word);
    }
    for (size_t i = 0; i < rows->n; i++) {
        free(rows->items[i].word);
        rows->items[i].word = names[i];
    }
    free(names);
    free(sums);
    add_up(rows);
}

/* Adds a row for each period that a word has none in, as far as it is asked for. */
static void fill(struct rows *rows, const struct series *series)
{
    uint64_t step = series->by == WM_BY_DECADE ? 10 : 1, first = UINT64_MAX, last = 0;
    size_t n = rows->n;
    for (size_t i = 0; i < n; i++) {
        uint64_t period = rows->items[i].period;
        if (period == UINT64_MAX) /* of a word that may be nowhere */
            continue;
        first = period < first ? period : first;
        last = period > last ? period : last;
    }
    if (series->first_year > 0)
        first = period_of(series, series->first_year);
    if (series->last_year > 0)
        last = period_of(series, series->last_year);
    for (size_t i = 0; i < n; i++) {
        if (!is_asked(series, &rows->items[i]) ||
            (i > 0 && strcmp(rows->items[i].word, rows->items[i - 1].word) == 0))
            continue;
        for (uint64_t period = first; period <= last && last < UINT64_MAX; period += step)
            add_row(rows, rows->items[i].word, period);
    }
    add_up(rows);
}

static int has_period(const struct row *row, const void *user)
{
    (void)user;
    return row->period != UINT64_MAX;
}

static void give_ranks(struct rows *rows)
{
    sort_rows(rows, by_period);
    for (size_t i = 0; i < rows->n; i++) {
        struct row *row = &rows->items[i], *before = i > 0 ? row - 1 : NULL;
        int same = before && before->period == row->period;
        row->rank = same ? before->rank + 1 : 1;
        row->sum_here = row->counts[0] + (same ? before->sum_here : 0);
    }
    for (size_t i = rows->n; i-- > 0;) {
        struct row *row = &rows->items[i], *next = i + 1 < rows->n ? row + 1 : NULL;
        row->sum = next && next->period == row->period ? next->sum : row->sum_here;
    }
}

static void cut_periods(struct rows *rows, uint64_t top)
{
    size_t n = 0;
    uint64_t place = 0;
    sort_rows(rows, by_period);
    for (size_t i = 0; i < rows->n; i++) {
        place = n > 0 && rows->items[n - 1].period == rows->items[i].period ? place + 1 : 1;
        if (place <= top)
            rows->items[n++] = rows->items[i];
        else
            free_row(&rows->items[i]);
    }
    rows->n = n;
}

static void put_in_order(struct rows *rows, const struct series *series)
{
    if (series->sort == WM_SORT_DEFAULT && series->top_per > 0)
        sort_rows(rows, by_period);
    else if (series->sort == WM_SORT_COUNT || (series->sort == WM_SORT_DEFAULT && series->top > 0))
        sort_rows(rows, by_count);
    else
        sort_rows(rows, by_word);
    while (series->top > 0 && rows->n > series->top)
        free_row(&rows->items[--rows->n]);
}

static const char *const value_names[] = {"matches", "volumes", "pages", "records"};

static const char *name_of(const struct series *series, size_t value)
{
    return series->n_values > 1 ? value_names[series->values[value]] : "count";
}

static void write_field(struct bytes *out, const struct series *series, const char *name,
                        const char *text)
{
    if (series->format == WM_OUTPUT_JSONL)
        bytes_print(out, ",\"%s\":%s", name, text);
    else
        bytes_print(out, "%s%s", series->format == WM_OUTPUT_CSV ? "," : "\t", text);
}

static void write_share(struct bytes *out, const struct series *series, const char *name, wide part,
                        wide whole)
{
    char text[64];
    wide millionths = whole ? (part * 200000000 + whole) / (2 * whole) : 0;
    sprintf(text, "%llu.%06llu", (unsigned long long)(millionths / 1000000),
            (unsigned long long)(millionths % 1000000));
    write_field(out, series, name, text);
}

static void write_number(struct bytes *out, const struct series *series, const char *name,
                         uint64_t number)
{
    char text[32];
    sprintf(text, "%llu", (unsigned long long)number);
    write_field(out, series, name, text);
}

static void write_header(struct bytes *out, const struct series *series)
{
    bytes_print(out, "word%s",
                series->by == WM_BY_WORD   ? ""
                : series->by == WM_BY_YEAR ? ",year"
                                           : ",decade");
    for (size_t i = 0; i < series->n_values; i++)
        bytes_print(out, ",%s", name_of(series, i));
    bytes_print(out, "%s\n", series->rank ? ",rank,percent,cumulative" : "");
}

static void write_row(struct bytes *out, const struct series *series, const struct row *row)
{
    bytes_print(out, series->format == WM_OUTPUT_JSONL ? "{\"word\":\"%s\"" : "%s", row->word);
    if (series->by != WM_BY_WORD)
        write_number(out, series, series->by == WM_BY_YEAR ? "year" : "decade", row->period);
    for (size_t i = 0; i < series->n_values; i++)
        write_number(out, series, name_of(series, i), row->counts[i]);
    if (series->rank) {
        write_number(out, series, "rank", row->rank);
        write_share(out, series, "percent", row->counts[0], row->sum);
        write_share(out, series, "cumulative", row->sum_here, row->sum);
    }
    bytes_print(out, series->format == WM_OUTPUT_JSONL ? "}\n" : "\n");
}

void series_write(struct bytes *out, const struct bytes *input, const struct series *series)
{
    struct rows rows = {0};
    int is_filled = series->fill_years || series->by == WM_BY_WORD;
    for (size_t i = 0; i < series->n_words && is_filled; i++)
        add_row(&rows, series->words[i], series->by == WM_BY_WORD ? 0 : UINT64_MAX);
    read_lines(&rows, input, series);
    if (!series->rank)
        keep_rows(&rows, row_is_asked, series);
    add_up(&rows);
    if (series->fold == WM_FOLD_DOMINANT)
        choose_spellings(&rows);
    if (series->fill_years)
        fill(&rows, series);
    keep_rows(&rows, has_period, NULL);
    keep_rows(&rows, has_enough, series);
    give_ranks(&rows);
    keep_rows(&rows, row_is_asked, series);
    if (series->top_per > 0)
        cut_periods(&rows, series->top_per);
    put_in_order(&rows, series);
    if (series->format == WM_OUTPUT_CSV)
        write_header(out, series);
    for (size_t i = 0; i < rows.n; i++)
        write_row(out, series, &rows.items[i]);
    for (size_t i = 0; i < rows.n; i++)
        free_row(&rows.items[i]);
    free(rows.items);
}
