/*
 * How far a job is, as a bar, as lines or as JSON. The library calls about ten times a second; a
 * bar is drawn each time, the lines come once a second. Every update is one write(2), so it never
 * mixes with what others write, and its failure is ignored: progress is not worth failing for.
 */
#include "meter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "console.h"
#include "foreground.h"

enum { LINE_SIZE = 512, BAR_MIN = 10, FIELD_SIZE = 48, N_FIELDS = 4 };

static size_t terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

/* '1.13/1.80 GB', or '1.13 GB' if the total is unknown. */
static void amount_format(char *text, uint64_t bytes, uint64_t total)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    double most = (double)(total > bytes ? total : bytes);
    double unit = 1;
    int i = 0;
    while (most / unit >= 1000 && i < 5) {
        unit *= 1000;
        i++;
    }
    int decimals = i == 0 ? 0 : 2;
    if (total > 0)
        snprintf(text, FIELD_SIZE, "%.*f/%.*f %s", decimals, (double)bytes / unit, decimals,
                 (double)total / unit, units[i]);
    else
        snprintf(text, FIELD_SIZE, "%.*f %s", decimals, (double)bytes / unit, units[i]);
}

static void rate_format(char *text, double rate)
{
    if (rate >= 1e9)
        snprintf(text, FIELD_SIZE, "%.1f GB/s", rate / 1e9);
    else if (rate >= 1e6)
        snprintf(text, FIELD_SIZE, "%.1f MB/s", rate / 1e6);
    else
        snprintf(text, FIELD_SIZE, "%.1f kB/s", rate / 1e3);
}

static void left_format(char *text, const wm_progress *at, double rate)
{
    if (at->phase == WM_PHASE_SPLIT) {
        snprintf(text, FIELD_SIZE, "splitting");
    } else if (at->phase == WM_PHASE_REDUCE) {
        snprintf(text, FIELD_SIZE, "reducing");
    } else if (at->phase > WM_PHASE_REDUCE) {
        snprintf(text, FIELD_SIZE, "writing");
    } else if (rate < 1) {
        snprintf(text, FIELD_SIZE, "-:-- left");
    } else {
        uint64_t rest = at->bytes_total > at->bytes ? at->bytes_total - at->bytes : 0;
        uint64_t seconds = (uint64_t)((double)rest / rate + 0.5);
        uint64_t minutes = seconds / 60;
        if (minutes < 60)
            snprintf(text, FIELD_SIZE, "%" PRIu64 ":%02" PRIu64 " left", minutes, seconds % 60);
        else
            snprintf(text, FIELD_SIZE, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64 " left", minutes / 60,
                     minutes % 60, seconds % 60);
    }
}

/* ' 63% [====>   ]  1.13/1.80 GB  4.8 GB/s': as many of the fields as leave room for the bar. */
static void bar_format(char *line, size_t room, double part, char fields[][FIELD_SIZE])
{
    size_t fixed = strlen("100% []");
    size_t used = 0;
    int n = 0;
    for (; n < N_FIELDS && fields[n][0] != '\0'; n++) {
        size_t size = strlen(fields[n]) + 2;
        if (fixed + BAR_MIN + used + size > room)
            break;
        used += size;
    }
    int percent = (int)(part * 100);
    if (room < fixed + BAR_MIN) {
        snprintf(line, room + 1, "%3d%%", percent);
        return;
    }
    size_t inner = room - fixed - used;
    size_t full = (size_t)(part * (double)inner);
    size_t at = (size_t)snprintf(line, LINE_SIZE, "%3d%% [", percent);
    memset(line + at, ' ', inner);
    memset(line + at, '=', full);
    if (full < inner)
        line[at + full] = '>';
    at += inner;
    at += (size_t)snprintf(line + at, LINE_SIZE - at, "]");
    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(line + at, LINE_SIZE - at, "  %s", fields[i]);
}

/* Draws text over the last bar: the rest of that is overwritten with blanks. */
static void bar_draw(struct meter *p, const char *text, size_t room)
{
    if (console_is_in_background()) {
        p->width = 0;
        return;
    }
    char line[2 * LINE_SIZE];
    size_t size = strlen(text);
    size_t blank = p->width < room ? p->width : room;
    if (blank < size)
        blank = size;
    line[0] = '\r';
    memcpy(line + 1, text, size);
    memset(line + 1 + size, ' ', blank - size);
    line[1 + blank] = '\r';
    /* An empty bar leaves the cursor at the start of the line. */
    console_write(line, size > 0 ? 1 + blank : 2 + blank);
    p->width = size;
}

static void bar_clear(struct meter *p)
{
    if (p->width > 0)
        bar_draw(p, "", p->width);
}

static void bar_update(struct meter *p, const wm_progress *at)
{
    if (at->phase >= p->bar_end) {
        bar_clear(p);
        return;
    }
    /* The last column stays free: some terminals wrap as soon as it is written. */
    size_t room = terminal_width() - 1;
    if (room > LINE_SIZE - 1)
        room = LINE_SIZE - 1;

    double rate = at->seconds > 0 ? (double)at->bytes / at->seconds : 0;
    char fields[N_FIELDS][FIELD_SIZE] = {""};
    amount_format(fields[0], at->bytes, at->bytes_total);
    rate_format(fields[1], rate);

    char line[LINE_SIZE] = "";
    if (at->bytes_total == 0) {
        snprintf(line, room + 1, "%s  %s", fields[0], fields[1]);
    } else {
        left_format(fields[2], at, rate);
        if (at->workers > 0)
            snprintf(fields[3], FIELD_SIZE, "%d worker%s", at->workers,
                     at->workers == 1 ? "" : "s");
        double part = (double)at->bytes / (double)at->bytes_total;
        bar_format(line, room, part < 1 ? part : 1, fields);
    }
    bar_draw(p, line, room);
}

static void plain_print(const wm_progress *at)
{
    char line[LINE_SIZE];
    int size = snprintf(line, sizeof line, "Finished %" PRIu64 "/%" PRIu64 " map operations\n",
                        at->tasks_done, at->tasks);
    console_write(line, (size_t)size);
}

static void json_print(const wm_progress *at)
{
    char line[LINE_SIZE];
    int size = snprintf(line, sizeof line,
                        "{\"phase\":\"%s\",\"tasks_done\":%" PRIu64 ",\"tasks\":%" PRIu64
                        ",\"lines\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"bytes_total\":%" PRIu64
                        ",\"workers\":%d,\"seconds\":%.3f}\n",
                        wm_name(WM_NAMES_PHASE, (int)at->phase), at->tasks_done, at->tasks,
                        at->lines, at->bytes, at->bytes_total, at->workers, at->seconds);
    console_write(line, (size_t)size);
}

static int second_passed(struct meter *p, double seconds)
{
    if (seconds < p->next)
        return 0;
    p->next = (double)(uint64_t)seconds + 1;
    return 1;
}

static void plain_update(struct meter *p, const wm_progress *at)
{
    if (p->done || at->phase < WM_PHASE_MAP)
        return;
    p->done = at->phase > WM_PHASE_MAP;
    if (second_passed(p, at->seconds) || p->done)
        plain_print(at);
}

/* 'map 63%, 12 of 17 map operations, 1.13/1.80 GB, 4.8 GB/s, 0:12 left' */
static void status_say(struct meter *p, const wm_progress *at)
{
    char amount[FIELD_SIZE], speed[FIELD_SIZE], left[FIELD_SIZE + 2] = "", part[16] = "";
    double rate = at->seconds > 0 ? (double)at->bytes / at->seconds : 0;
    amount_format(amount, at->bytes, at->bytes_total);
    rate_format(speed, rate);
    if (at->bytes_total > 0)
        snprintf(part, sizeof part, " %d%%",
                 (int)(100 * (double)at->bytes / (double)at->bytes_total));
    if (at->bytes_total > 0 && at->phase == WM_PHASE_MAP) {
        memcpy(left, ", ", 2);
        left_format(left + 2, at, rate);
    }
    bar_clear(p);
    console_say("%s%s, %" PRIu64 " of %" PRIu64 " map operations, %s, %s%s",
                wm_name(WM_NAMES_PHASE, (int)at->phase), part, at->tasks_done, at->tasks, amount,
                speed, left);
}

static int meter_update(const wm_progress *at, void *user)
{
    struct meter *p = user;
    p->last = *at;
    if (at->phase < WM_PHASE_DONE && foreground_was_asked())
        status_say(p, at);
    if (p->kind == METER_BAR)
        bar_update(p, at);
    else if (p->kind == METER_PLAIN)
        plain_update(p, at);
    else if (p->kind == METER_JSON && second_passed(p, at->seconds) && at->phase < WM_PHASE_DONE)
        json_print(at);
    return 0;
}

void meter_start(struct meter *meter, enum meter_kind kind, wm_options *o)
{
    if (kind == METER_AUTO)
        kind = console_can_draw() ? METER_BAR : METER_NONE;
    /* Words and a bar on one terminal would be written over each other. */
    int mixed = o->output_fd >= 0 && isatty(o->output_fd);
    *meter =
        (struct meter){.kind = kind, .bar_end = mixed ? WM_PHASE_REDUCE : WM_PHASE_DONE, .next = 1};
    o->on_progress = meter_update;
    o->progress_user = meter;
}

void meter_stop(struct meter *meter, const wm_stats *stats)
{
    bar_clear(meter);
    if (stats == NULL)
        return;

    wm_progress *last = &meter->last;
    last->phase = WM_PHASE_DONE;
    last->tasks_done = last->tasks = stats->partitions;
    last->lines = stats->lines;
    last->bytes = last->bytes_total = stats->bytes;
    last->workers = (int)stats->workers;
    last->seconds = stats->seconds;
    if (meter->kind == METER_PLAIN)
        plain_update(meter, last);
    else if (meter->kind == METER_JSON)
        json_print(last);
}
