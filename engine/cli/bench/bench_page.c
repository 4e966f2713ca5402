/* What others wrote, names of files and errors, is escaped; the rest is made here. */
#include "bench/bench_page.h"

#include <stdlib.h>

#include "bench/bench_timeline_draw.h"
#include "bench/bench_names.h"
#include "bench/bench_columns.h"
#include "bench/bench_picture.h"
#include "bench/bench_table.h"
#include "bench/bench_words.h"

static const char head[] =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>wordmill bench</title>\n<style>\n"
    ":root { color-scheme: light dark; --line: #ccc; --good: #e8f3ec; --dim: #666; }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "  :root { --line: #444; --good: #17321f; --dim: #aaa; }\n"
    "  figure img, figure svg { filter: invert(1) hue-rotate(180deg); }\n}\n"
    "body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; "
    "padding: 1rem; }\n"
    "h1 { font-size: 1.4rem; }\nh2 { font-size: 1.1rem; margin-top: 2rem; }\n"
    ".answer { font-size: 1.15rem; padding: .8rem 1rem; background: var(--good); "
    "border-radius: .4rem; }\n"
    ".wide { overflow-x: auto; }\n"
    "table { border-collapse: collapse; font-variant-numeric: tabular-nums; }\n"
    "th, td { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid var(--line); "
    "white-space: nowrap; }\n"
    "th button { all: unset; cursor: pointer; font-weight: 600; }\n"
    "th button:focus-visible { outline: 2px solid; }\n"
    "th[aria-sort=ascending] button::after { content: ' \\25b2'; }\n"
    "th[aria-sort=descending] button::after { content: ' \\25bc'; }\n"
    "tr.best td, tr.good td { background: var(--good); }\ntr.best td { font-weight: 600; }\n"
    "figure { margin: 1.5rem 0; overflow-x: auto; }\n"
    "figure img, figure svg { width: 100%; height: auto; min-width: 34rem; }\n"
    "figcaption, .dim { color: var(--dim); font-size: .9rem; }\n"
    "pre { overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; "
    "padding: .6rem; }\n"
    "</style>\n</head>\n<body>\n";

/* A number sorts by itself, whatever stands behind it; k, M and G count. */
static const char script[] =
    "<script>\n"
    "const scale = {K: 1024, M: 1048576, G: 1073741824, T: 1099511627776, k: 1000};\n"
    "function value(cell) {\n"
    "  const m = cell.textContent.match(/(-?[\\d.]+)\\s*([KMGTk]?)/);\n"
    "  return m ? parseFloat(m[1]) * (scale[m[2]] || 1) : -Infinity;\n}\n"
    "for (const table of document.querySelectorAll('table'))\n"
    "  table.querySelectorAll('th').forEach((th, i) => {\n"
    "    th.querySelector('button').onclick = () => {\n"
    "      const up = th.getAttribute('aria-sort') !== 'ascending';\n"
    "      table.querySelectorAll('th').forEach(other => other.removeAttribute('aria-sort'));\n"
    "      th.setAttribute('aria-sort', up ? 'ascending' : 'descending');\n"
    "      const rows = [...table.tBodies[0].rows];\n"
    "      const of = row => row.cells[i] ? value(row.cells[i]) : -Infinity;\n"
    "      rows.sort((a, b) => (of(a) - of(b) || 0) * (up ? 1 : -1));\n"
    "      table.tBodies[0].append(...rows);\n"
    "    };\n  });\n"
    "</script>\n";

static void text_write(const char *text, FILE *stream)
{
    for (; *text != '\0'; text++) {
        const char *name = *text == '<'   ? "&lt;"
                           : *text == '>' ? "&gt;"
                           : *text == '&' ? "&amp;"
                           : *text == '"' ? "&quot;"
                                          : NULL;
        if (name)
            fputs(name, stream);
        else
            fputc(*text, stream);
    }
}

static void element_write(const char *name, const char *more, const char *text, FILE *stream)
{
    fprintf(stream, "<%s%s>", name, more);
    text_write(text, stream);
    fprintf(stream, "</%s>\n", name);
}

static void cells_write(const struct view *view, enum table table, const struct row *row,
                        FILE *stream)
{
    char text[CELL_SIZE];
    static const char *const classes[] = {"", "best", "good", "", ""};
    int goes_on = 1;
    fprintf(stream, "<tr class=\"%s\">", classes[row->verdict]);
    for (const struct column *column = columns; column->title; column++) {
        if (!column_is_in(column, table, view))
            continue;
        text[0] = '\0';
        if (goes_on)
            goes_on = column_cell(column, view, row, text);
        fprintf(stream, "<td>");
        text_write(text, stream);
        fprintf(stream, "</td>");
    }
    fprintf(stream, "</tr>\n");
}

static void table_write(const struct view *view, enum table table, FILE *stream)
{
    if (table_titles[table][0] != '\0')
        element_write("h2", "", table_titles[table], stream);
    fprintf(stream, "<div class=\"wide\"><table>\n<thead><tr>");
    for (const struct column *column = columns; column->title; column++)
        if (column_is_in(column, table, view))
            fprintf(stream, "<th><button aria-label=\"sort by %s\">%s</button></th>",
                    column->title[0] != '\0' ? column->title : "verdict", column->title);
    fprintf(stream, "</tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < view->rows->n; i++)
        cells_write(view, table, view->rows->shown[i], stream);
    fprintf(stream, "</tbody></table></div>\n");
}

/* A picture as an image of its own, so that its names are not those of another. */
static void picture_write(const struct rows *rows, enum picture picture, FILE *stream)
{
    char *svg = picture_svg(rows, picture);
    if (!svg)
        return;
    element_write("h2", "", picture_titles[picture], stream);
    fprintf(stream, "<figure><img alt=\"");
    text_write(picture_captions[picture], stream);
    fprintf(stream, "\" src=\"data:image/svg+xml,");
    for (const char *c = svg; *c != '\0'; c++)
        if (*c == '%' || *c == '#' || *c == '"' || *c == '<' || *c == '>' || *c == '&' ||
            (unsigned char)*c < ' ' || (unsigned char)*c >= 0x7F)
            fprintf(stream, "%%%02X", (unsigned)(unsigned char)*c);
        else
            fputc(*c, stream);
    fprintf(stream, "\"><figcaption>");
    text_write(picture_captions[picture], stream);
    fprintf(stream, "</figcaption></figure>\n");
    free(svg);
}

static void timeline_put(const struct timeline *timeline, FILE *stream)
{
    char text[WORDS_SIZE];
    if (timeline->n == 0)
        return;
    element_write("h2", "", "which worker did what when", stream);
    fprintf(stream, "<figure class=\"timeline\">\n");
    timeline_svg(timeline, stream);
    fprintf(stream, "</figure>\n");
    for (unsigned i = 0; i < timeline->n; i++) {
        timeline_words(&timeline->traces[i], text, sizeof text);
        element_write("p", "", text, stream);
    }
}

static void laws_write(const struct rows *rows, FILE *stream)
{
    const struct row **line = calloc((size_t)rows->n + 1, sizeof *line);
    char text[WORDS_SIZE];
    uint32_t n;
    int is_first = 1;
    for (uint32_t i = 0; line && i < rows->n; i++) {
        if (!words_law_of(rows, rows->shown[i], line, &n, text, sizeof text))
            continue;
        if (is_first)
            element_write("h2", "", "the law behind it", stream);
        is_first = 0;
        element_write("p", "", text, stream);
    }
    free(line);
}

static void machine_write(const struct rows *rows, const struct machine *machine, FILE *stream)
{
    char text[4096];
    element_write("h2", "", "the machine", stream);
    snprintf(text, sizeof text, "%s, %s, %d CPU%s, %s. wordmill %s, %s.", machine->cpu,
             machine->architecture, machine->cpus, machine->cpus == 1 ? "" : "s", machine->system,
             machine->version, machine->date);
    element_write("p", "", text, stream);
    fprintf(stream, "<ul>\n");
    for (int i = 0; words_note(rows, i, text, sizeof text); i++)
        element_write("li", "", text, stream);
    fprintf(stream, "</ul>\n");
    element_write("h2", "", "to do it again", stream);
    machine_command(machine, text, sizeof text);
    element_write("pre", "", text, stream);
}

void page_write(const struct rows *rows, const struct machine *machine,
                const struct timeline *timeline, int is_interrupted, int has_pictures, FILE *stream)
{
    char text[WORDS_SIZE], count[48];
    struct view view = view_of(rows);
    fputs(head, stream);
    element_write("h1", "", "wordmill bench", stream);
    words_answer(rows, text, sizeof text);
    element_write("p", " class=\"answer\"", text, stream);
    words_partial(rows, is_interrupted, text, sizeof text);
    if (text[0] != '\0')
        element_write("p", "", text, stream);
    fprintf(stream, "<p class=\"dim\">");
    for (size_t i = 0; i < rows->bench->n_paths && i < 4; i++) {
        fputs(i > 0 ? ", " : "", stream);
        text_write(rows->bench->paths[i], stream);
    }
    report_input(rows, text, sizeof text);
    rows_count_name(rows, count, sizeof count);
    fprintf(stream, "%s: %s; %s, median of %s%s</p>\n", rows->bench->n_paths > 4 ? ", …" : "", text,
            view_unit(&view), count, rows->bench->is_cold ? ", from the disk" : "");
    table_write(&view, TABLE_TIMES, stream);
    for (int i = 0; i < N_PICTURES && has_pictures; i++)
        if (picture_is_worth(rows, (enum picture)i))
            picture_write(rows, (enum picture)i, stream);
    timeline_put(timeline, stream);
    laws_write(rows, stream);
    for (int table = TABLE_CAUSES; table < N_TABLES; table++)
        if (table != TABLE_OTHER || rows->has_other)
            table_write(&view, (enum table)table, stream);
    machine_write(rows, machine, stream);
    fputs(script, stream);
    fprintf(stream, "</body>\n</html>\n");
}
