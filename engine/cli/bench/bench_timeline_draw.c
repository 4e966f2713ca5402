/*
 * A row for each worker, all on one axis of time. What of a task had a CPU is filled, from below,
 * and the rest of it is pale. Tasks too short to be seen are drawn together.
 */
#include "bench/bench_timeline_draw.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_words.h"
#include "console.h"

/* Pixels, which are added to doubles and printed as integers. */
#define WIDTH 960
#define LEFT 90
#define RIGHT 20
#define ROW 26
#define GAP 6
#define HEAD 46
#define FOOT 64
#define N_TICKS 8

static const double seen_width = 0.6; /* pixels */

static const struct phase_look {
    const char *name;
    const char *colour;
} looks[WM_N_PHASES] = {
    [WM_PHASE_SPLIT] = {"split", "#56b4e9"},   [WM_PHASE_MAP] = {"map", "#0072b2"},
    [WM_PHASE_REDUCE] = {"reduce", "#d55e00"}, [WM_PHASE_WRITE] = {"order and write", "#e69f00"},
    [WM_PHASE_DONE] = {"end", "#999999"},
};

static const char *const end_names[] = {"", ", too late", ", lost with its worker"};

static const char *ending_of(const char *path)
{
    static const char *const endings[] = {".svg", ".html", ".json"};
    size_t size = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t n = strlen(endings[i]);
        if (size > n && strcmp(path + size - n, endings[i]) == 0)
            return endings[i];
    }
    return NULL;
}

int timeline_check(const char *path)
{
    if (ending_of(path))
        return 0;
    console_say("--timeline cannot be '%s': end its name in .svg, .html or .json", path);
    return WM_EINVAL;
}

static double place(double seconds, double all)
{
    return LEFT + (WIDTH - LEFT - RIGHT) * seconds / all;
}

/* One rectangle, of one task or of n that are as good as one. */
static void task_draw(const wm_task *task, unsigned n, double all, double top, FILE *stream)
{
    double from = place(task->start_seconds, all), to = place(task->end_seconds, all);
    double whole = task->end_seconds - task->start_seconds;
    double share = whole > 0 ? fmin(1, task->cpu_seconds / whole) : 1;
    double height = ROW - GAP;
    const char *colour = task->end == WM_TASK_DONE ? looks[task->phase].colour : "#000000";
    to = fmax(to, from + 0.4);
    fprintf(stream, "<g><title>");
    if (n > 1)
        fprintf(stream, "%u tasks of %s", n, looks[task->phase].name);
    else
        fprintf(stream, "%s %" PRIu64 "%s%s", looks[task->phase].name, task->number,
                task->is_backup ? ", a backup" : "", end_names[task->end]);
    fprintf(stream, ", %.3f to %.3f ms, a CPU for %.0f%%</title>", 1e3 * task->start_seconds,
            1e3 * task->end_seconds, 100 * share);
    fprintf(stream,
            "<rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\" fill=\"%s\" "
            "fill-opacity=\"0.3\"%s/>",
            from, top, to - from, height, colour,
            task->is_backup ? " stroke=\"#cc79a7\" stroke-width=\"2\"" : "");
    if (task->end == WM_TASK_DONE)
        fprintf(stream, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"/>",
                from, top + height * (1 - share), to - from, height * share, colour);
    else
        fprintf(stream, "<path d=\"M%.2f %.1fL%.2f %.1fM%.2f %.1fL%.2f %.1f\" stroke=\"#000000\"/>",
                from, top, to, top + height, from, top + height, to, top);
    fprintf(stream, "</g>\n");
}

/* Whether a task can be drawn as one with those before it. */
static int is_together(const wm_task *sum, const wm_task *next, double all)
{
    double each = place(next->end_seconds, all) - place(next->start_seconds, all);
    double gap = place(next->start_seconds, all) - place(sum->end_seconds, all);
    double whole = place(next->end_seconds, all) - place(sum->start_seconds, all);
    return next->worker == sum->worker && next->phase == sum->phase && next->end == sum->end &&
           next->end == WM_TASK_DONE && next->is_backup == sum->is_backup && each < seen_width &&
           gap < seen_width && whole < 3 * seen_width;
}

static void trace_draw(const struct trace *trace, double all, double top, FILE *stream)
{
    for (unsigned worker = 0; worker < trace->n_workers; worker++)
        fprintf(stream, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">worker %u</text>\n",
                LEFT - 8, top + worker * ROW + 15, worker);
    for (size_t i = 0; i < trace->n;) {
        wm_task sum = trace->tasks[i];
        unsigned n = 1;
        double y = top + sum.worker * ROW;
        for (i++; i < trace->n && is_together(&sum, &trace->tasks[i], all); i++, n++) {
            sum.end_seconds = trace->tasks[i].end_seconds;
            sum.cpu_seconds += trace->tasks[i].cpu_seconds;
        }
        task_draw(&sum, n, all, y, stream);
    }
    double end = place(trace->seconds, all);
    fprintf(stream, "<path d=\"M%.2f %.1fV%.1f\" stroke=\"#000000\" stroke-dasharray=\"3 3\"/>\n",
            end, top - 4, top + trace->n_workers * ROW);
}

/* A round number of seconds, so that there are some N_TICKS. */
static double tick_step(double all)
{
    double step = pow(10, floor(log10(all / N_TICKS)));
    return all / step > 5 * N_TICKS ? 5 * step : all / step > 2 * N_TICKS ? 2 * step : step;
}

static void axis_draw(double all, double top, double bottom, FILE *stream)
{
    double step = tick_step(all);
    for (int i = 0; i * step <= all; i++) {
        char text[32] = "0";
        double x = place(i * step, all);
        if (i > 0)
            words_seconds(i * step, text, sizeof text);
        fprintf(stream,
                "<path d=\"M%.2f %.1fV%.1f\" stroke=\"#dddddd\"/>"
                "<text x=\"%.2f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n",
                x, top, bottom, x, bottom + 16, text);
    }
}

static void key_draw(double y, FILE *stream)
{
    double x = LEFT;
    for (int i = 0; i < WM_PHASE_DONE; i++) {
        fprintf(stream,
                "<rect x=\"%.0f\" y=\"%.0f\" width=\"12\" height=\"12\" fill=\"%s\"/>"
                "<text x=\"%.0f\" y=\"%.0f\">%s</text>\n",
                x, y - 10, looks[i].colour, x + 17, y, looks[i].name);
        x += 40 + 7.0 * (double)strlen(looks[i].name);
    }
    fprintf(stream,
            "<text x=\"%.0f\" y=\"%.0f\">pale: waiting for a CPU or the disk; crossed: did not "
            "count</text>\n",
            x, y);
}

void timeline_svg(const struct timeline *timeline, FILE *stream)
{
    double all = 1e-6, height = FOOT;
    char text[WORDS_SIZE];
    for (unsigned i = 0; i < timeline->n; i++) {
        all = fmax(all, timeline->traces[i].seconds);
        height += HEAD + timeline->traces[i].n_workers * ROW;
    }
    fprintf(stream,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" width=\"%d\" "
            "height=\"%.0f\" font-family=\"sans-serif\" font-size=\"13\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
            WIDTH, height, WIDTH, height);
    axis_draw(all, HEAD - 8, height - FOOT, stream);
    double top = 0;
    for (unsigned i = 0; i < timeline->n; i++) {
        const struct trace *trace = &timeline->traces[i];
        char took[32];
        words_seconds(trace->seconds, took, sizeof took);
        snprintf(text, sizeof text, "%s: %s, %s", i == 0 ? "the best" : "the worst", trace->name,
                 took);
        fprintf(stream, "<text x=\"%d\" y=\"%.1f\" font-weight=\"bold\">%s</text>\n", LEFT,
                top + HEAD - 16, text);
        trace_draw(trace, all, top + HEAD, stream);
        top += HEAD + trace->n_workers * ROW;
    }
    key_draw(height - 18, stream);
    fprintf(stream, "</svg>\n");
}

static void page(const struct timeline *timeline, FILE *stream)
{
    char text[WORDS_SIZE];
    fprintf(stream,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<title>wordmill timeline</title>\n<style>\n:root { color-scheme: light dark; }\n"
            "body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; "
            "padding: 1rem; }\n"
            "div { overflow-x: auto; }\nsvg { width: 100%%; height: auto; min-width: 40rem; }\n"
            "@media (prefers-color-scheme: dark) { svg { filter: invert(1) hue-rotate(180deg); } "
            "}\n</style>\n</head>\n<body>\n<h1>wordmill timeline</h1>\n<div>\n");
    timeline_svg(timeline, stream);
    fprintf(stream, "</div>\n");
    for (unsigned i = 0; i < timeline->n; i++) {
        timeline_words(&timeline->traces[i], text, sizeof text);
        fprintf(stream, "<p>%s</p>\n", text);
    }
    fprintf(stream, "</body>\n</html>\n");
}

/* The Trace Event Format: complete events (X) in microseconds, and names of processes (M). */
static void events(const struct timeline *timeline, FILE *stream)
{
    fprintf(stream, "{\"displayTimeUnit\": \"ms\", \"traceEvents\": [\n");
    for (unsigned i = 0; i < timeline->n; i++) {
        const struct trace *trace = &timeline->traces[i];
        fprintf(stream,
                "%s{\"name\": \"process_name\", \"ph\": \"M\", \"pid\": %u, \"args\": {\"name\": "
                "\"%s: %s\"}}",
                i > 0 ? ",\n" : "", i + 1, i == 0 ? "best" : "worst", trace->name);
        for (unsigned worker = 0; worker < trace->n_workers; worker++)
            fprintf(stream,
                    ",\n{\"name\": \"thread_name\", \"ph\": \"M\", \"pid\": %u, \"tid\": %u, "
                    "\"args\": {\"name\": \"worker %u\"}}",
                    i + 1, worker + 1, worker);
        for (size_t k = 0; k < trace->n; k++) {
            const wm_task *task = &trace->tasks[k];
            fprintf(stream,
                    ",\n{\"name\": \"%s %" PRIu64 "\", \"cat\": \"%s\", \"ph\": \"X\", \"pid\": "
                    "%u, \"tid\": %u, \"ts\": %.3f, \"dur\": %.3f, \"args\": {\"end\": \"%s\", "
                    "\"backup\": %s, \"cpu_ms\": %.3f, \"waited_ms\": %.3f, \"bytes\": %" PRIu64
                    "}}",
                    looks[task->phase].name, task->number, looks[task->phase].name, i + 1,
                    task->worker + 1, 1e6 * task->start_seconds,
                    1e6 * (task->end_seconds - task->start_seconds),
                    task->end == WM_TASK_DONE   ? "done"
                    : task->end == WM_TASK_LATE ? "late"
                                                : "lost",
                    task->is_backup ? "true" : "false", 1e3 * task->cpu_seconds,
                    1e3 * task->waited_seconds, task->bytes);
        }
    }
    fprintf(stream, "\n]}\n");
}

void timeline_write(const struct timeline *timeline, const char *path, FILE *stream)
{
    const char *ending = ending_of(path);
    if (ending && strcmp(ending, ".json") == 0)
        events(timeline, stream);
    else if (ending && strcmp(ending, ".html") == 0)
        page(timeline, stream);
    else
        timeline_svg(timeline, stream);
}
