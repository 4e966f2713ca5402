/* wordmill bench: turns the command line into a grid of what is to be measured. */
#include "command.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <wordmill.h>

#include "bench/bench_session.h"
#include "console.h"
#include "option_value.h"

enum { WORKERS_MOST = 1024, ROUNDS_MOST = 10000 };

static const char help_text[] =
    "usage: wordmill bench [OPTIONS] FILE...\n"
    "\n"
    "Counts the words of the files again and again, as 'wordmill count' does, and\n"
    "says what partition size, workers and fan-in do to the run time. LIST is values\n"
    "with commas between them, or auto for what wordmill chooses; each is measured\n"
    "with each of the others. With none of them: sizes from 64K to a quarter of the\n"
    "largest file in steps of 4, with one worker and with as many as there are CPUs.\n"
    "\n"
    "  -p, --partition-sizes LIST  bytes in a partition [auto]\n"
    "      --partition-lines LIST  instead: lines in a partition [off]\n"
    "  -j, --workers LIST          processes in the pool; 0: no fork [auto]\n"
    "  -r, --fan-ins LIST          runs merged by one reduce task [auto]\n"
    "      --runs N                rounds that count; in each of them every\n"
    "                              configuration runs once [5]\n"
    "      --warmup N              rounds before them that do not count [1]\n"
    "      --cold                  drop the files from the page cache before each run\n"
    "      --csv FILE              a line for each run [off]\n"
    "      --json FILE             the runs, a summary, the machine [off]\n"
    "      --plot FILE             a picture, .svg or .png, drawn by gnuplot [off]\n"
    "  -q, --quiet                 no progress, no announcement, no notes\n"
    "  -v, --verbose               a line on standard error after each run\n"
    "  -h, --help                  this text\n"
    "\n"
    "A run is timed from its start, with the fork of its workers, until its output\n"
    "is written and its memory given back. The output goes to a temporary file in\n"
    "$TMPDIR and is compared, outside the clock, with that of a first run that does\n"
    "not count. Bad lines are skipped.\n"
    "\n"
    "In the tables * is the best row, and = is as good: its median is no more than\n"
    "the longest run of *. spread: longest less shortest, of the median. Ml/s:\n"
    "million lines a second. speed-up: against the fewest workers; eff.: that, for\n"
    "each worker. sent: bytes to and from the workers. order: sorting and formatting\n"
    "the output, write: writing it, rest: start and end. busy: share of their time\n"
    "that workers were at tasks.\n"
    "\n"
    "examples:\n"
    "  wordmill bench --plot sizes.svg words.tsv\n"
    "  wordmill bench --partition-lines 10000,60000,auto --json runs.json words.tsv\n"
    "  wordmill bench -j 0,1,2,4 words.tsv\n"
    "  wordmill bench -p 256K -r 2,8,64 words.tsv\n"
    "\n"
    "exit status:\n"
    "  0      done\n"
    "  1      failed, or a configuration did\n"
    "  2      wrong usage\n"
    "  3      done, but bad lines were skipped\n"
    "  128+n  ended by signal n, after a report of what was finished\n";

enum {
    OPTION_PARTITION_LINES = 256,
    OPTION_RUNS,
    OPTION_WARMUP,
    OPTION_COLD,
    OPTION_CSV,
    OPTION_JSON,
    OPTION_PLOT
};

static const char option_letters[] = ":p:j:r:qvh";

static const struct option option_names[] = {
    {"partition-sizes", required_argument, NULL, 'p'},
    {"partition-lines", required_argument, NULL, OPTION_PARTITION_LINES},
    {"workers", required_argument, NULL, 'j'},
    {"fan-ins", required_argument, NULL, 'r'},
    {"runs", required_argument, NULL, OPTION_RUNS},
    {"warmup", required_argument, NULL, OPTION_WARMUP},
    {"cold", no_argument, NULL, OPTION_COLD},
    {"csv", required_argument, NULL, OPTION_CSV},
    {"json", required_argument, NULL, OPTION_JSON},
    {"plot", required_argument, NULL, OPTION_PLOT},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0}};

struct command_line {
    struct session session;
    struct axis sizes, lines;
    int help_is_asked;
};

/* What an axis is called in messages, and what its values may be. */
struct values {
    const char *name;
    uint64_t least; /* 0 and most 0: a size */
    uint64_t most;
};

static int value_read(const struct values *values, const char *text, uint64_t *value)
{
    if (values->most == 0)
        return option_size(values->name, text, value);
    return option_number(values->name, text, values->least, values->most, value);
}

static int list_read(const struct values *values, const char *text, struct axis *axis)
{
    char item[64];
    for (;;) {
        size_t size = strcspn(text, ",");
        uint64_t value = AXIS_AUTO;
        snprintf(item, sizeof(item), "%.*s", (int)(size < sizeof(item) ? size : sizeof(item)),
                 text);
        int rc = strcmp(item, "auto") == 0 ? 0 : value_read(values, item, &value);
        if (rc < 0)
            return rc;
        if (axis_add(axis, value) < 0) {
            console_say("%s has too many values: at most %d", values->name, AXIS_MAX);
            return WM_EINVAL;
        }
        if (text[size] == '\0')
            return 0;
        text += size + 1;
    }
}

static int unsigned_read(const char *name, const char *text, uint64_t least, unsigned *value)
{
    uint64_t number;
    int rc = option_number(name, text, least, ROUNDS_MOST, &number);
    if (rc == 0)
        *value = (unsigned)number;
    return rc;
}

static int option_set(struct command_line *line, int c, char **argv)
{
    static const struct values sizes = {"partition size", 0, 0};
    static const struct values lines = {"partition lines", 1, INT64_MAX};
    static const struct values workers = {"workers", 0, WORKERS_MOST};
    static const struct values fan_ins = {"fan-in", 2, UINT_MAX};
    switch (c) {
    case 'p':
        return list_read(&sizes, optarg, &line->sizes);
    case OPTION_PARTITION_LINES:
        return list_read(&lines, optarg, &line->lines);
    case 'j':
        return list_read(&workers, optarg, &line->session.bench.grid.workers);
    case 'r':
        return list_read(&fan_ins, optarg, &line->session.bench.grid.fan_ins);
    case OPTION_RUNS:
        return unsigned_read("runs", optarg, 1, &line->session.bench.rounds);
    case OPTION_WARMUP:
        return unsigned_read("warmup", optarg, 0, &line->session.bench.warmup);
    case OPTION_COLD:
        line->session.bench.is_cold = 1;
        return 0;
    case OPTION_CSV:
        line->session.csv = optarg;
        return 0;
    case OPTION_JSON:
        line->session.json = optarg;
        return 0;
    case OPTION_PLOT:
        line->session.plot = optarg;
        return 0;
    case 'q':
    case 'v':
        line->session.is_quiet = c == 'q';
        line->session.is_verbose = c == 'v';
        return 0;
    case 'h':
        line->help_is_asked = 1;
        return 0;
    default:
        return option_reject(c, argv, option_names, "wordmill bench --help");
    }
}

static int arguments_read(struct command_line *line, int argc, char **argv)
{
    int c;
    opterr = 0;
    while (!line->help_is_asked &&
           (c = getopt_long(argc, argv, option_letters, option_names, NULL)) != -1) {
        int rc = option_set(line, c, argv);
        if (rc < 0)
            return rc;
    }
    if (line->help_is_asked)
        return 0;
    if (line->sizes.n > 0 && line->lines.n > 0) {
        console_say("--partition-sizes and --partition-lines exclude each other: use one");
        return WM_EINVAL;
    }
    line->session.bench.paths = (const char *const *)argv + optind;
    line->session.bench.n_paths = (size_t)(argc - optind);
    if (line->session.bench.n_paths == 0) {
        console_say("no FILE; usage: wordmill bench [OPTIONS] FILE...");
        return WM_EINVAL;
    }
    for (size_t i = 0; i < line->session.bench.n_paths; i++) {
        if (strcmp(line->session.bench.paths[i], "-") == 0) {
            console_say("'-' is standard input, which can be read only once: a bench needs files");
            return WM_EINVAL;
        }
    }
    struct grid *grid = &line->session.bench.grid;
    grid->by_lines = line->lines.n > 0;
    grid->partitions = grid->by_lines ? line->lines : line->sizes;
    return 0;
}

int cmd_bench(int argc, char **argv)
{
    struct command_line line = {.session = {.bench = {.rounds = 5, .warmup = 1}}};
    if (arguments_read(&line, argc, argv) < 0)
        return EXIT_USAGE;
    if (line.help_is_asked)
        return console_print(help_text) == 0 ? EXIT_DONE : EXIT_FAILED;
    return session_run(&line.session);
}
