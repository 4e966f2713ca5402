/*
 * A column is as wide as its widest cell. Where a table does not fit, the gaps become narrow, and
 * then those columns go that can be done without.
 */
#include "bench/bench_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_names.h"
#include "bench/bench_columns.h"
#include "bench/bench_words.h"
#include "console.h"

enum { COLUMNS_MAX = 64 };

struct layout {
    const struct view *view;
    enum table table;
    int is_shown[COLUMNS_MAX];
    size_t widths[COLUMNS_MAX];
    int gap;
};

/* Characters, of which a byte of UTF-8 begins each. */
static size_t width_of(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static size_t layout_width(struct layout *layout)
{
    size_t width = 0, n = 0;
    for (int i = 0; columns[i].title; i++) {
        width += layout->is_shown[i] ? layout->widths[i] : 0;
        n += layout->is_shown[i] != 0;
    }
    return n > 0 ? width + (n - 1) * (size_t)layout->gap : 0;
}

static void layout_fit(struct layout *layout, size_t width)
{
    layout->gap = 2;
    if (layout_width(layout) > width)
        layout->gap = 1;
    while (layout_width(layout) > width) {
        int least = -1;
        for (int i = 0; columns[i].title; i++)
            if (layout->is_shown[i] && columns[i].dispense > 0 &&
                (least < 0 || columns[i].dispense > columns[least].dispense))
                least = i;
        if (least < 0)
            return;
        layout->is_shown[least] = 0;
    }
}

static void layout_make(struct layout *layout, size_t width)
{
    const struct rows *rows = layout->view->rows;
    char text[CELL_SIZE];
    for (int i = 0; columns[i].title; i++) {
        layout->is_shown[i] = column_is_in(&columns[i], layout->table, layout->view);
        layout->widths[i] = width_of(columns[i].title);
        for (uint32_t k = 0; layout->is_shown[i] && k < rows->n; k++) {
            if (!columns[i].is_name && !rows->shown[k]->typical)
                continue;
            column_cell(&columns[i], layout->view, rows->shown[k], text);
            if (width_of(text) > layout->widths[i])
                layout->widths[i] = width_of(text);
        }
    }
    layout_fit(layout, width);
}

static void cell_put(const struct layout *layout, int i, int is_first, const char *text,
                     FILE *stream)
{
    int fill = (int)layout->widths[i] - (int)width_of(text);
    fprintf(stream, "%*s%s", fill + (is_first ? 0 : layout->gap), "", text);
}

/* Row NULL is the titles. */
static void table_row_print(const struct layout *layout, const struct row *row, FILE *stream)
{
    char text[CELL_SIZE];
    int is_first = 1;
    for (int i = 0; columns[i].title; i++) {
        if (!layout->is_shown[i])
            continue;
        if (!row) {
            cell_put(layout, i, is_first, columns[i].title, stream);
        } else if (column_cell(&columns[i], layout->view, row, text)) {
            cell_put(layout, i, is_first, text, stream);
        } else {
            fprintf(stream, "  %s", text);
            break;
        }
        is_first = 0;
    }
    fputc('\n', stream);
}

static void table_print(const struct view *view, enum table table, size_t width, FILE *stream)
{
    struct layout layout = {.view = view, .table = table};
    layout_make(&layout, width);
    table_row_print(&layout, NULL, stream);
    for (uint32_t i = 0; i < view->rows->n; i++)
        table_row_print(&layout, view->rows->shown[i], stream);
}

/* Breaks text between words; lines but the first begin with two blanks if it does not at once. */
static void paragraph_print(const char *text, size_t width, FILE *stream)
{
    while (*text != '\0') {
        size_t size = 0, fits = 0, at = 0;
        for (; text[size] != '\0' && at <= width; size++) {
            if (text[size] == ' ')
                fits = size;
            at += ((unsigned char)text[size] & 0xC0) != 0x80;
        }
        if (text[size] == '\0' && at <= width)
            fits = size;
        else if (fits == 0)
            fits = strcspn(text, " ");
        fprintf(stream, "%.*s\n", (int)fits, text);
        text += fits + strspn(text + fits, " ");
    }
}

void report_input(const struct rows *rows, char *text, size_t room)
{
    const struct bench *bench = rows->bench;
    snprintf(text, room, "%" PRIu64 " byte%s, %" PRIu64 " line%s, %" PRIu64 " word%s", bench->bytes,
             plural(bench->bytes), bench->lines, plural(bench->lines), bench->words,
             plural(bench->words));
}

/* The seconds of each reduce round, where there is more than one. */
static void rounds_print(const struct view *view, size_t width, FILE *stream)
{
    char text[2048], name[CONFIG_NAME_MAX];
    int is_first = 1;
    for (uint32_t i = 0; i < view->rows->n; i++) {
        const struct measure *run = view->rows->shown[i]->typical;
        if (!run || run->rounds < 2)
            continue;
        if (is_first)
            fprintf(stream, "\nreduce, by round:\n");
        is_first = 0;
        row_name(view->rows, view->rows->shown[i], name, sizeof name);
        size_t used = (size_t)snprintf(text, sizeof text, "%s:", name);
        for (uint64_t round = 0; round < run->rounds && round < WM_ROUNDS_MAX; round++)
            used += (size_t)snprintf(text + used, sizeof text - used, " %.3g",
                                     run->round_seconds[round] / view->unit);
        paragraph_print(text, width, stream);
    }
}

/* What the laws say, a paragraph for each line of the sweep. */
static void laws_print(const struct rows *rows, size_t width, const char *before, FILE *stream)
{
    const struct row **line = calloc((size_t)rows->n + 1, sizeof *line);
    char text[WORDS_SIZE + CONFIG_NAME_MAX];
    uint32_t n;
    for (uint32_t i = 0; line && i < rows->n; i++) {
        if (!words_law_of(rows, rows->shown[i], line, &n, text, sizeof text))
            continue;
        fputs(before, stream);
        paragraph_print(text, width, stream);
    }
    free(line);
}

static void legend_print(const struct rows *rows, size_t width, FILE *stream)
{
    int has[5] = {0};
    for (uint32_t i = 0; i < rows->n; i++)
        has[rows->shown[i]->verdict] = 1;
    if (has[VERDICT_GOOD])
        paragraph_print("= as good: for certain no more than 2% slower than *", width, stream);
    if (has[VERDICT_UNKNOWN])
        paragraph_print("? not known: more rounds would tell", width, stream);
}

static void head_print(const struct view *view, size_t width, FILE *stream)
{
    char text[WORDS_SIZE], count[48];
    report_input(view->rows, text, sizeof text);
    paragraph_print(text, width, stream);
    rows_count_name(view->rows, count, sizeof count);
    snprintf(text, sizeof text, "%s, median of %s%s", view_unit(view), count,
             view->rows->bench->is_cold ? ", from the disk" : "");
    paragraph_print(text, width, stream);
    fputc('\n', stream);
}

void report_text(const struct rows *rows, int is_interrupted, size_t width, FILE *stream)
{
    char text[WORDS_SIZE];
    struct view view = view_of(rows);
    if (rows->bench->n_runs == 0) {
        fprintf(stream, "no run was finished\n");
        return;
    }
    head_print(&view, width, stream);
    table_print(&view, TABLE_TIMES, width, stream);
    fprintf(stream, "\n%s:\n", table_titles[TABLE_CAUSES]);
    table_print(&view, TABLE_CAUSES, width, stream);
    fprintf(stream, "\n%s:\n", table_titles[TABLE_RUNS]);
    table_print(&view, TABLE_RUNS, width, stream);
    rounds_print(&view, width, stream);
    if (rows->has_other) {
        fprintf(stream, "\n%s:\n", table_titles[TABLE_OTHER]);
        table_print(&view, TABLE_OTHER, width, stream);
    }
    laws_print(rows, width, "\n", stream);
    fputc('\n', stream);
    legend_print(rows, width, stream);
    words_partial(rows, is_interrupted, text, sizeof text);
    paragraph_print(text, width, stream);
    words_answer(rows, text, sizeof text);
    paragraph_print(text, width, stream);
}

static void markdown_table(const struct view *view, enum table table, FILE *stream)
{
    char text[CELL_SIZE];
    if (table_titles[table][0] != '\0')
        fprintf(stream, "\n## %s\n", table_titles[table]);
    fprintf(stream, "\n|");
    for (const struct column *column = columns; column->title; column++)
        if (column_is_in(column, table, view))
            fprintf(stream, " %s |", column->title);
    fprintf(stream, "\n|");
    for (const struct column *column = columns; column->title; column++)
        if (column_is_in(column, table, view))
            fprintf(stream, "---:|");
    fputc('\n', stream);
    for (uint32_t i = 0; i < view->rows->n; i++) {
        fprintf(stream, "|");
        int goes_on = 1;
        for (const struct column *column = columns; column->title; column++) {
            if (!column_is_in(column, table, view))
                continue;
            text[0] = '\0';
            if (goes_on)
                goes_on = column_cell(column, view, view->rows->shown[i], text);
            fprintf(stream, " %s%s |", strcmp(text, "*") == 0 ? "\\" : "", text);
        }
        fputc('\n', stream);
    }
}

void report_markdown(const struct rows *rows, int is_interrupted, FILE *stream)
{
    char text[WORDS_SIZE], count[48];
    struct view view = view_of(rows);
    fprintf(stream, "# wordmill bench\n\n");
    words_partial(rows, is_interrupted, text, sizeof text);
    if (text[0] != '\0')
        fprintf(stream, "%s\n\n", text);
    words_answer(rows, text, sizeof text);
    fprintf(stream, "**%s**\n\n", text);
    report_input(rows, text, sizeof text);
    rows_count_name(rows, count, sizeof count);
    fprintf(stream, "%s; %s, median of %s%s.\n", text, view_unit(&view), count,
            rows->bench->is_cold ? ", from the disk" : "");
    for (int table = 0; table < N_TABLES; table++)
        if (table != TABLE_OTHER || rows->has_other)
            markdown_table(&view, (enum table)table, stream);
    laws_print(rows, SIZE_MAX / 2, "\n", stream);
    for (int i = 0; words_note(rows, i, text, sizeof text); i++)
        fprintf(stream, "\n- %s\n", text);
}
