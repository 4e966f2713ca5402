/* wordmill bench: turns what the command line says into a grid of what is to be measured. */
#include "commands/cmd_bench.h"

#include <getopt.h>
#include <string.h>

#include <wordmill.h>

#include "bench/bench_session.h"
#include "console.h"
#include "exit_status.h"
#include "option_help.h"
#include "option_read.h"

static const double seconds_default = 60;

static const struct help help = {
    .about = "Counts the words of the files again and again, as 'wordmill count' does, and\n"
             "says what partition size, workers and fan-in do to the run time. LIST is values\n"
             "with commas between them, or auto for what wordmill chooses; each is measured\n"
             "with each of the others. With none of them: sizes from 64K to a quarter of the\n"
             "largest file in steps of 4, with one worker and with as many as there are CPUs.\n",
    .notes = "A run is timed from its start, with the fork of its workers, until its output\n"
             "is written and its memory given back. The output goes to a temporary file in\n"
             "$TMPDIR and is compared, outside the clock, with that of a first run that does\n"
             "not count. Bad lines are skipped.\n"
             "\n"
             "Each round is a pair with the best configuration. 'against the best' is the\n"
             "median of the ratios of all rounds, and their 95% interval; 1.04 is 4% longer.\n"
             "* is the best, = for certain no more than 2% slower, ? not known yet. parts:\n"
             "partitions; CPUs: processor time over run time; memory: bytes of runs in shared\n"
             "memory, at most; order: sorting and formatting the output, write: writing it,\n"
             "rest: start and end; unpack: of packed files, in all processes together; busy:\n"
             "share of their time that workers were at tasks, a wait for a CPU included;\n"
             "Ml/s: million lines a second; speed-up: against the fewest workers; eff.: that,\n"
             "for each worker; sent: bytes to and from the workers.\n",
    .examples = "  wordmill bench --plot sizes.svg words.tsv\n"
                "  wordmill bench --report sizes.html words.tsv\n"
                "  wordmill bench -p 64K,4M --timeline tasks.json words.tsv\n"
                "  wordmill bench --partition-lines 10000,60000,auto --json runs.json words.tsv\n"
                "  wordmill bench -j 0,1,2,4 --by decade words.tsv\n"
                "  wordmill bench -p 256K -r 2,8,64 words.tsv\n"
                "  wordmill bench --against old/wordmill --max-slowdown 5% words.tsv\n"
                "  wordmill bench --from runs.json --report runs.html\n",
    .statuses = "  0      done\n"
                "  1      failed, or a configuration did, or is slower than --max-slowdown\n"
                "  2      wrong usage\n"
                "  3      done, but bad lines were skipped\n"
                "  128+n  ended by signal n, after a report of what was finished\n"};

static int paths_check(const char *const *paths, size_t n_paths)
{
    if (n_paths == 0) {
        console_say("no FILE; usage: wordmill bench [OPTIONS] FILE...");
        return WM_EINVAL;
    }
    for (size_t i = 0; i < n_paths; i++) {
        if (strcmp(paths[i], "-") == 0) {
            console_say("'-' is standard input, which can be read only once: a bench needs files");
            return WM_EINVAL;
        }
    }
    return 0;
}

/* What belongs to another build, or to a bench of earlier. */
static int others_check(const struct settings *s, int n_paths)
{
    int n_axes = (s->sizes.n > 0) + (s->lines.n > 0) + (s->workers.n > 0) + (s->fan_ins.n > 0);
    if (s->from && (n_paths > 0 || n_axes > 0 || s->n_passed > 0 || s->against)) {
        console_say("--from measures nothing: leave out files and what is to be measured");
        return WM_EINVAL;
    }
    if (s->from && s->bench_files[BENCH_TIMELINE]) {
        console_say("--timeline takes runs of its own, and --from measures nothing");
        return WM_EINVAL;
    }
    if (s->against && s->compare) {
        console_say("--against and --compare exclude each other: use one");
        return WM_EINVAL;
    }
    if (s->max_slowdown >= 0 && !s->against && !s->compare) {
        console_say("--max-slowdown is for --against or --compare");
        return WM_EINVAL;
    }
    return 0;
}

static int bench_arguments_read(struct settings *s, int argc, char **argv)
{
    int rc = options_read(s, COMMAND_BENCH, argc, argv);
    if (rc < 0 || s->help_is_asked)
        return rc;
    if (s->sizes.n > 0 && s->lines.n > 0) {
        console_say("--partition-sizes and --partition-lines exclude each other: use one");
        return WM_EINVAL;
    }
    rc = others_check(s, argc - optind);
    if (rc == 0)
        rc = settings_check(s);
    if (rc == 0)
        rc = settings_choose_csv(s);
    if (rc == 0 && s->from)
        return 0;
    return rc < 0 ? rc : paths_check((const char *const *)argv + optind, (size_t)(argc - optind));
}

static int files_measure(const struct settings *s, const char *const *argv, size_t n_arguments,
                         size_t n_paths)
{
    int by_lines = s->lines.n > 0;
    double seconds = s->rounds > 0 ? 0 : seconds_default;
    struct session session = {.bench = {.grid = {.partitions = by_lines ? s->lines : s->sizes,
                                                 .workers = s->workers,
                                                 .fan_ins = s->fan_ins,
                                                 .by_lines = by_lines},
                                        .paths = argv + n_arguments - n_paths,
                                        .n_paths = n_paths,
                                        .options = s->o,
                                        .passed = (const char *const *)s->passed,
                                        .n_passed = s->n_passed,
                                        .other = s->against,
                                        .rounds = s->rounds,
                                        .seconds = s->seconds >= 0 ? s->seconds : seconds,
                                        .warmup = s->warmup,
                                        .seed = s->seed,
                                        .is_cold = s->is_cold},
                              .settings = s,
                              .command = argv,
                              .n_command = n_arguments};
    return session_run(&session);
}

int cmd_bench(int argc, char **argv)
{
    struct settings settings;
    if (settings_init(&settings, argc) < 0)
        return EXIT_FAILED;
    int status = EXIT_USAGE;
    if (bench_arguments_read(&settings, argc, argv) == 0)
        status = settings.help_is_asked ? help_print(COMMAND_BENCH, &help)
                                        : files_measure(&settings, (const char *const *)argv,
                                                        (size_t)argc, (size_t)(argc - optind));
    settings_release(&settings);
    return status;
}
