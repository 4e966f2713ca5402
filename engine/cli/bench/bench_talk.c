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

#include "bench/bench_words.h"
#include "console.h"

enum { LINE_SIZE = 256 };

static const double long_seconds = 10;

static void duration_print(double seconds, char *text, size_t room)
{
    uint64_t s = (uint64_t)(seconds + 0.5);
    if (s < 3600)
        snprintf(text, room, "%" PRIu64 ":%02" PRIu64, s / 60, s % 60);
    else
        snprintf(text, room, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, s / 3600, s / 60 % 60, s % 60);
}

/* Seconds to the end, by what a turn took so far; negative: nobody knows. */
static double seconds_left(const struct bench *bench)
{
    double passed = clock_start().wall - bench->start;
    uint64_t n = bench_n_turns(bench);
    if (bench->next < bench_n(bench))
        return -1;
    if (n == 0)
        return bench->seconds > passed ? bench->seconds - passed : 0;
    return passed / (double)bench->next * (double)(n - bench->next);
}

void talk_plan(const struct bench *bench)
{
    char rounds[96], warmup[48] = "", time[32];
    uint32_t n = bench_n(bench);
    if (bench->warmup > 0)
        snprintf(warmup, sizeof warmup, "%u round%s to warm up and ", bench->warmup,
                 plural(bench->warmup));
    duration_print(bench->seconds, time, sizeof time);
    if (bench->rounds > 0)
        snprintf(rounds, sizeof rounds, "%u that count%s", bench->rounds,
                 bench->rounds == 1 ? "s" : "");
    else
        snprintf(rounds, sizeof rounds, "rounds that count until all is known, in about %s", time);
    console_say("%" PRIu32 " configuration%s, %s%s; order by seed %" PRIu64, n, plural(n), warmup,
                rounds, bench->seed);
}

void talk_estimate(const struct bench *bench)
{
    char time[32];
    double left = seconds_left(bench);
    if (left < long_seconds || bench->rounds == 0)
        return;
    duration_print(left, time, sizeof time);
    console_say("about %s to go", time);
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
    char name[CONFIG_NAME_MAX], line[LINE_SIZE], time[32], of[32] = "", left[48] = "";
    uint64_t n = bench_n_turns(bench);
    double seconds = seconds_left(bench);
    bench_config_name(bench, bench_turn(bench), name, sizeof name);
    if (n > 0)
        snprintf(of, sizeof of, "/%" PRIu64, n);
    duration_print(seconds, time, sizeof time);
    if (seconds >= 0)
        snprintf(left, sizeof left, "; %s%s left", n > 0 ? "" : "at most ", time);
    snprintf(line, sizeof line, "run %" PRIu64 "%s: %s%s", bench->next + 1, of, name, left);
    line_draw(talk, line);
}

void talk_clear(struct talk *talk)
{
    if (talk->width > 0)
        line_draw(talk, "");
}

void talk_run(const struct bench *bench, const struct measure *run)
{
    char name[CONFIG_NAME_MAX], of[16] = "";
    bench_config_name(bench, (uint32_t)run->configuration, name, sizeof name);
    if (bench->rounds > 0)
        snprintf(of, sizeof of, "/%u", bench->rounds);
    console_say("round %" PRIu64 "%s, %s: %.4g s", run->round + 1, of, name, run->seconds);
}

void talk_state(const struct bench *bench, uint32_t number)
{
    char name[CONFIG_NAME_MAX], other[CONFIG_NAME_MAX];
    const struct config_state *state = &bench->states[number];
    bench_config_name(bench, number, name, sizeof name);
    bench_config_name(bench, state->same_as, other, sizeof other);
    if (state->error.code != 0)
        console_say("%s: %s", name, state->error.message);
    else
        console_say("%s: the same %" PRIu64 " partition%s as %s", name, state->seen.partitions,
                    plural(state->seen.partitions), other);
}

void talk_notes(const struct rows *rows)
{
    char text[WORDS_SIZE];
    for (int i = 0; words_note(rows, i, text, sizeof text); i++)
        console_say("%s", text);
}
