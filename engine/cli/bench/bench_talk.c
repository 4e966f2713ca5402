/*
 * How far it is, is one line of the terminal that is drawn over and over; a shorter text is filled
 * up with blanks. Anything else that is said clears it first.
 */
#include "bench/bench_talk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "console.h"

enum { LINE_SIZE = 256 };
static const double noted_spread = 25, noted_cache = 1; /* percent */

static void duration_print(double seconds, char *text, size_t room)
{
    uint64_t s = (uint64_t)(seconds + 0.5);
    if (s < 3600)
        snprintf(text, room, "%" PRIu64 ":%02" PRIu64, s / 60, s % 60);
    else
        snprintf(text, room, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, s / 3600, s / 60 % 60, s % 60);
}

/* A round, if workers are all that matters: with fewer than the first run had it takes longer. */
static double round_estimate(const struct bench *bench)
{
    double seconds = 0;
    unsigned most = bench->first.workers > 0 ? bench->first.workers : 1;
    for (uint32_t i = 0; i < grid_size(&bench->grid); i++) {
        unsigned workers = grid_config(&bench->grid, i).workers;
        if (workers == 0 || workers > most)
            workers = workers == 0 ? 1 : most;
        seconds += bench->first_seconds * most / workers;
    }
    return seconds;
}

void talk_plan(const struct bench *bench)
{
    char time[32], warmup[48] = "";
    uint32_t n = grid_size(&bench->grid);
    duration_print(round_estimate(bench) * (bench->rounds + bench->warmup), time, sizeof time);
    if (bench->warmup > 0)
        snprintf(warmup, sizeof warmup, "%u to warm up and ", bench->warmup);
    console_say("%" PRIu64 " run%s: %" PRIu32
                " configuration%s, %s%u round%s that count%s; about %s",
                bench_n_turns(bench), plural(bench_n_turns(bench)), n, plural(n), warmup,
                bench->rounds, plural(bench->rounds), bench->rounds == 1 ? "s" : "", time);
}

static void line_draw(struct talk *talk, const char *text)
{
    if (console_is_in_background()) {
        talk->width = 0;
        return;
    }
    char line[2 * LINE_SIZE];
    struct winsize window;
    size_t room = 79;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1)
        room = window.ws_col - 1u;
    if (room > LINE_SIZE)
        room = LINE_SIZE;
    size_t size = strlen(text) < room ? strlen(text) : room;
    size_t width = talk->width > size ? talk->width : size;
    int length = snprintf(line, sizeof line, "\r%-*.*s\r", (int)width, (int)size, text);
    console_write(line, (size_t)length);
    talk->width = size;
}

void talk_start(struct talk *talk, int is_wanted)
{
    *talk = (struct talk){.is_on = is_wanted && console_can_draw()};
    if (talk->is_on)
        line_draw(talk, "a first run, to compare with");
}

void talk_show(struct talk *talk, const struct bench *bench)
{
    if (!talk->is_on)
        return;
    char name[CONFIG_NAME_MAX], line[LINE_SIZE], left[32];
    double now = clock_start().wall;
    if (bench->next == 0)
        talk->start = now;
    uint64_t n = bench_n_turns(bench);
    double each = bench->next > 0 ? (now - talk->start) / (double)bench->next
                                  : round_estimate(bench) / grid_size(&bench->grid);
    struct config config = grid_config(&bench->grid, bench_turn(bench));
    config_name(&bench->grid, &config, name, sizeof name);
    duration_print(each * (double)(n - bench->next), left, sizeof left);
    snprintf(line, sizeof line, "run %" PRIu64 "/%" PRIu64 ": %s; %s left", bench->next + 1, n,
             name, left);
    line_draw(talk, line);
}

void talk_clear(struct talk *talk)
{
    if (talk->width > 0)
        line_draw(talk, "");
}

void talk_run(const struct bench *bench, const struct bench_run *run)
{
    char name[CONFIG_NAME_MAX];
    struct config config = grid_config(&bench->grid, run->config);
    config_name(&bench->grid, &config, name, sizeof name);
    console_say("round %" PRIu32 "/%u, %s: %.4g s", run->round + 1, bench->rounds, name,
                run->span.wall);
}

void talk_error(const struct bench *bench, uint32_t number)
{
    char name[CONFIG_NAME_MAX];
    struct config config = grid_config(&bench->grid, number);
    config_name(&bench->grid, &config, name, sizeof name);
    console_say("%s: %s", name, bench->errors[number].message);
}

void talk_notes(const struct bench *bench, const struct row *rows)
{
    const struct row *best = rows_best(rows, grid_size(&bench->grid));
    double kept = 0;
    uint64_t retries = 0;
    for (uint32_t i = 0; i < bench->n_runs; i++) {
        const struct bench_run *run = &bench->runs[i];
        kept = run->kept > kept ? run->kept : kept;
        retries += run->stats.retries;
    }
    if (100 * kept > noted_cache)
        console_say("the page cache had up to %.0f%% of the input all the same: not all runs are "
                    "cold",
                    100 * kept);
    if (retries > 0)
        console_say("workers died, and %" PRIu64 " task%s run again: some times are too long",
                    retries, retries == 1 ? " was" : "s were");
    if (best && best->seconds.n > 1 && 100 * summary_spread(&best->seconds) > noted_spread)
        console_say("the times of the best differ by %.0f%%: something else keeps the machine busy",
                    100 * summary_spread(&best->seconds));
    if (bench->first.rejected > 0)
        console_say("%" PRIu64 " bad line%s skipped", bench->first.rejected,
                    bench->first.rejected == 1 ? " was" : "s were");
}
