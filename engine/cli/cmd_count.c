/*
 * wordmill count, and what other commands share with it: turns the command line into wm_options,
 * runs one job, and turns its outcome into messages and an exit status. The library reads the files
 * and writes the words; nothing here sees either.
 */
#include "cmd_count.h"
#include "command.h"

#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wordmill.h>

#include "console.h"
#include "foreground.h"
#include "meter.h"
#include "option_value.h"
#include "records.h"
#include "report_file.h"
#include "reporter.h"
#include "shard.h"
#include "stats.h"

enum { WORKERS_MOST = 1024 };

static const char help_text[] =
    "usage: wordmill count [OPTIONS] [FILE...]\n"
    "\n"
    "Adds up the counts of every word in Google Books Ngram files of any release, in\n"
    "columns or in text, and writes word TAB count. '-' is standard input, and so is\n"
    "no FILE at all. What gzip or zstd has packed is unpacked, whatever its name.\n"
    "\n"
    "  -j, --workers N            processes in the pool; 0: no fork, all in this one\n"
    "                             [the CPUs this process may use]\n"
    "  -p, --partition-size SIZE  bytes in a partition\n"
    "                             [chosen from the input and the workers]\n"
    "      --partition-lines N    instead: exactly N lines in a partition [off]\n"
    "  -r, --fan-in K             runs merged by one reduce task, 2 or more [chosen]\n"
    "  -m, --memory SIZE          shared memory for runs, all workers together;\n"
    "                             past it they spill\n"
    "                             [half of what is available]\n"
    "      --spill-dir DIR        where they go then [$TMPDIR, else /tmp]\n"
    "  -f, --format FORMAT        v1, v2, v3 (the releases of 2009, 2012 and 2020),\n"
    "                             columns, text or auto [auto: from the first lines]\n"
    "      --key-column N         of columns: where the word is [1]\n"
    "      --value-column N       and its count [3]\n"
    "      --delimiter C          and what is between [\\t, a TAB]\n"
    "      --value WHAT           matches, volumes, pages or records (1 a line)\n"
    "                             [matches]\n"
    "      --years A-B            only these years, also A- or -B [all]\n"
    "      --by WHAT              word, year or decade: adds a column after the word\n"
    "                             [word]\n"
    "      --pos WHICH            all, untagged, tagged or tags: NOUN,VERB [all]\n"
    "      --strip-pos            remove the tag from the word; without --pos only\n"
    "                             tagged words count [off]\n"
    "      --fold-case[=dominant]\n"
    "                             merge spellings that differ in case; written in\n"
    "                             lower case, or in the commonest spelling [off]\n"
    "      --match REGEX          only words that match (POSIX extended) [all words]\n"
    "      --min-count N          only words with at least N [all words]\n"
    "  -w, --word WORD            only this word, with 0 if it is not there;\n"
    "                             may be given often [all words]\n"
    "  -n, --top K                only the K first, by count unless --sort is given\n"
    "                             [all]\n"
    "  -s, --sort ORDER           word (by its bytes), count (largest first) or none\n"
    "                             [word]\n"
    "      --rank                 adds rank, percent and cumulative percent [off]\n"
    "      --totals FILE          adds the share per million words, from a\n"
    "                             total-count file [off]\n"
    "      --shard I/N            only the I-th of N shares of all input bytes;\n"
    "                             without I/N: as this Slurm array task [all]\n"
    "  -o, --output FILE          written beside it, then renamed\n"
    "                             [-, standard output]\n"
    "  -O, --output-format F      tsv, csv, jsonl or table\n"
    "                             [tsv; table if FILE ends in .wmt]\n"
    "      --on-bad-line WHAT     fail or skip [fail]\n"
    "      --max-rejects N        with skip: fail when more than N lines are bad\n"
    "                             [no limit]\n"
    "      --rejects FILE         where skipped lines go, with the reason [nowhere]\n"
    "      --task-timeout SECONDS\n"
    "                             a worker without progress for so long is killed and\n"
    "                             its task run again; 0: never [60]\n"
    "      --progress WHEN        auto, bar, plain, json or none\n"
    "                             [auto: a bar on a terminal, else none]\n"
    "      --stats FILE           figures of the run, as JSON [off]\n"
    "      --reporter WHAT        hadoop (counters and status lines) or none\n"
    "                             [hadoop in tasks of Hadoop Streaming, else none]\n"
    "  -q, --quiet                no progress, no warnings\n"
    "  -v, --verbose              say what was chosen and how it went\n"
    "  -h, --help                 this text\n"
    "\n"
    "SIZE is a number of bytes, or one with K, M or G (powers of 1024).\n"
    "\n"
    "examples:\n"
    "  wordmill count -o counts.tsv googlebooks-eng-all-1gram-*\n"
    "  wordmill count --top 20 words.tsv\n"
    "  wordmill count --by decade --years 1900-1999 googlebooks-eng-all-1gram-*\n"
    "  wordmill count --word cat --word dog words-*.tsv.gz\n"
    "  wordmill count --on-bad-line skip --rejects bad.tsv words.tsv\n"
    "\n"
    "exit status:\n"
    "  0      done\n"
    "  1      failed\n"
    "  2      wrong usage\n"
    "  3      done, but bad lines were skipped\n"
    "  128+n  ended by signal n\n";

enum {
    OPTION_PARTITION_LINES = 256,
    OPTION_SPILL_DIR,
    OPTION_POS,
    OPTION_STRIP_POS,
    OPTION_FOLD_CASE,
    OPTION_MATCH,
    OPTION_MIN_COUNT,
    OPTION_ON_BAD_LINE,
    OPTION_MAX_REJECTS,
    OPTION_REJECTS,
    OPTION_TASK_TIMEOUT,
    OPTION_PROGRESS,
    OPTION_STATS,
    OPTION_SHARD,
    OPTION_REPORTER,
    OPTION_RANK,
    OPTION_TOTALS,
    OPTION_SORTED
};

static const char option_letters[] = ":j:p:r:m:f:w:n:s:o:O:qvh";

static const struct option option_names[] = {
    {"workers", required_argument, NULL, 'j'},
    {"partition-size", required_argument, NULL, 'p'},
    {"partition-lines", required_argument, NULL, OPTION_PARTITION_LINES},
    {"fan-in", required_argument, NULL, 'r'},
    {"memory", required_argument, NULL, 'm'},
    {"spill-dir", required_argument, NULL, OPTION_SPILL_DIR},
    RECORDS_OPTIONS,
    {"pos", required_argument, NULL, OPTION_POS},
    {"strip-pos", no_argument, NULL, OPTION_STRIP_POS},
    {"fold-case", optional_argument, NULL, OPTION_FOLD_CASE},
    {"match", required_argument, NULL, OPTION_MATCH},
    {"min-count", required_argument, NULL, OPTION_MIN_COUNT},
    {"word", required_argument, NULL, 'w'},
    {"top", required_argument, NULL, 'n'},
    {"sort", required_argument, NULL, 's'},
    {"shard", optional_argument, NULL, OPTION_SHARD},
    {"rank", no_argument, NULL, OPTION_RANK},
    {"totals", required_argument, NULL, OPTION_TOTALS},
    {"output", required_argument, NULL, 'o'},
    {"output-format", required_argument, NULL, 'O'},
    {"max-rejects", required_argument, NULL, OPTION_MAX_REJECTS},
    {"on-bad-line", required_argument, NULL, OPTION_ON_BAD_LINE},
    {"rejects", required_argument, NULL, OPTION_REJECTS},
    {"task-timeout", required_argument, NULL, OPTION_TASK_TIMEOUT},
    {"progress", required_argument, NULL, OPTION_PROGRESS},
    {"stats", required_argument, NULL, OPTION_STATS},
    {"reporter", required_argument, NULL, OPTION_REPORTER},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"sorted", no_argument, NULL, OPTION_SORTED},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0}};

static const char *const sort_names[] = {"word", "count", "none", NULL};
static const char *const fold_names[] = {"dominant", NULL};
/* In the order of enum wm_output. */
static const char *const output_names[] = {"tsv", "csv", "jsonl", "table", NULL};
static const char *const bad_line_names[] = {"fail", "skip", NULL};

enum { N_NAMES = sizeof(option_names) / sizeof(option_names[0]) };

struct count {
    const struct count_kind *kind;
    struct option names[N_NAMES]; /* of option_names, those that the kind has */
    wm_options o;
    const char **words; /* room for one per argument */
    const char *const *paths;
    size_t n_paths;
    const char *stats;
    int progress;      /* an enum meter_kind, -1 if not given */
    int reporter;      /* an enum reporter_kind, the same */
    int output_format; /* an enum wm_output, the same */
    int is_quiet;      /* -q: of -q and -v the last one counts */
    int is_verbose;    /* -v */
    int help_is_asked; /* nothing else matters then */
};

static int workers_set(struct count *count, const char *text)
{
    uint64_t number;
    int rc = option_number("workers", text, 0, WORKERS_MOST, &number);
    if (rc == 0)
        count->o.workers = (int)number;
    return rc;
}

static int fan_in_set(struct count *count, const char *text)
{
    uint64_t number;
    int rc = option_number("fan-in", text, 2, UINT_MAX, &number);
    if (rc == 0)
        count->o.fan_in = (unsigned)number;
    return rc;
}

static int sort_set(struct count *count, const char *text)
{
    static const enum wm_sort orders[] = {WM_SORT_WORD, WM_SORT_COUNT, WM_SORT_NONE};
    int index;
    int rc = option_choice("sort order", text, sort_names, &index);
    if (rc == 0)
        count->o.sort = orders[index];
    return rc;
}

static int output_format_set(struct count *count, const char *text)
{
    int rc = option_choice("output format", text, output_names, &count->output_format);
    if (rc == 0)
        count->o.output_format = (enum wm_output)count->output_format;
    return rc;
}

/* A file that is called so is a table. */
static void output_format_choose(struct count *count)
{
    const char *output = count->o.output;
    size_t size = output != NULL ? strlen(output) : 0;
    if (count->output_format < 0 && size > 4 && strcmp(output + size - 4, ".wmt") == 0)
        count->o.output_format = WM_OUTPUT_TABLE;
}

static int on_bad_line_set(struct count *count, const char *text)
{
    static const enum wm_bad_line choices[] = {WM_FAIL, WM_SKIP};
    int index;
    int rc = option_choice("--on-bad-line", text, bad_line_names, &index);
    if (rc == 0)
        count->o.on_bad_line = choices[index];
    return rc;
}

static int has_option(const struct count_kind *kind, const struct option *option)
{
    if (kind->names == NULL)
        return option->val != OPTION_SORTED;
    for (const char *const *name = kind->names; *name != NULL; name++)
        if (strcmp(option->name, *name) == 0)
            return 1;
    return 0;
}

static void names_choose(struct count *count)
{
    size_t n = 0;
    for (const struct option *option = option_names; option->name != NULL; option++)
        if (has_option(count->kind, option))
            count->names[n++] = *option;
}

static int fold_case_set(struct count *count, const char *text)
{
    int index;
    int rc = text == NULL ? 0 : option_choice("--fold-case", text, fold_names, &index);
    if (rc == 0)
        count->o.fold_case = text == NULL ? WM_FOLD_LOWER : WM_FOLD_DOMINANT;
    return rc;
}

static int option_set(struct count *count, int c, char **argv)
{
    char help[64];
    switch (c) {
    case 'j':
        return workers_set(count, optarg);
    case 'p':
        return option_size("partition size", optarg, &count->o.partition_size);
    case OPTION_PARTITION_LINES:
        return option_number("partition lines", optarg, 1, UINT64_MAX, &count->o.partition_lines);
    case 'r':
        return fan_in_set(count, optarg);
    case 'm':
        return option_size("memory", optarg, &count->o.memory);
    case OPTION_SPILL_DIR:
        count->o.spill_dir = optarg;
        return 0;
    case 'f':
    case RECORDS_KEY_COLUMN:
    case RECORDS_VALUE_COLUMN:
    case RECORDS_DELIMITER:
    case RECORDS_VALUE:
    case RECORDS_YEARS:
    case RECORDS_BY:
        return records_set(&count->o, c, optarg);
    case OPTION_POS:
        count->o.pos = optarg;
        return 0;
    case OPTION_STRIP_POS:
        count->o.strip_pos = 1;
        return 0;
    case OPTION_FOLD_CASE:
        return fold_case_set(count, optarg);
    case OPTION_MATCH:
        count->o.match = optarg;
        return 0;
    case OPTION_MIN_COUNT:
        return option_number("--min-count", optarg, 1, UINT64_MAX, &count->o.min_count);
    case 'w':
        count->words[count->o.n_words++] = optarg;
        return 0;
    case 'n':
        return option_number("top", optarg, 1, UINT64_MAX, &count->o.top);
    case 's':
        return sort_set(count, optarg);
    case OPTION_SHARD:
        /* Its value is optional, which getopt_long takes only behind a '='. */
        if (optarg == NULL && argv[optind] != NULL && shard_is(argv[optind]))
            optarg = argv[optind++];
        return shard_set(&count->o, optarg);
    case OPTION_RANK:
        count->o.rank = 1;
        return 0;
    case OPTION_TOTALS:
        count->o.totals = optarg;
        return 0;
    case 'o':
        count->o.output = strcmp(optarg, "-") == 0 ? NULL : optarg;
        return 0;
    case 'O':
        return output_format_set(count, optarg);
    case OPTION_ON_BAD_LINE:
        return on_bad_line_set(count, optarg);
    case OPTION_MAX_REJECTS:
        return option_number("--max-rejects", optarg, 0, UINT64_MAX - 1, &count->o.max_rejects);
    case OPTION_REJECTS:
        count->o.rejects = optarg;
        return 0;
    case OPTION_TASK_TIMEOUT:
        return option_seconds("task timeout", optarg, &count->o.task_timeout);
    case OPTION_PROGRESS:
        return option_choice("--progress", optarg, meter_names, &count->progress);
    case OPTION_STATS:
        count->stats = optarg;
        return 0;
    case OPTION_REPORTER:
        return option_choice("--reporter", optarg, reporter_names, &count->reporter);
    case OPTION_SORTED:
        count->o.sorted = 1;
        return 0;
    case 'q':
    case 'v':
        count->is_quiet = c == 'q';
        count->is_verbose = c == 'v';
        return 0;
    case 'h':
        count->help_is_asked = 1;
        return 0;
    default:
        snprintf(help, sizeof(help), "wordmill %s --help", count->kind->name);
        return option_reject(c, argv, count->names, help);
    }
}

static int arguments_read(struct count *count, int argc, char **argv)
{
    int c;
    opterr = 0;
    while (!count->help_is_asked &&
           (c = getopt_long(argc, argv, count->kind->letters, count->names, NULL)) != -1) {
        int rc = option_set(count, c, argv);
        if (rc < 0)
            return rc;
    }
    if (count->help_is_asked)
        return 0;
    if (count->o.partition_size > 0 && count->o.partition_lines > 0) {
        console_say("--partition-size and --partition-lines exclude each other: use one");
        return WM_EINVAL;
    }
    int rc = records_check(&count->o);
    if (rc < 0)
        return rc;

    static const char *const standard_input[] = {"-"};
    count->o.words = count->words;
    count->paths = (const char *const *)argv + optind;
    count->n_paths = (size_t)(argc - optind);
    if (count->n_paths > 0)
        return 0;
    if (isatty(STDIN_FILENO)) {
        console_say("no FILE, and standard input is a terminal; usage: wordmill %s [OPTIONS] "
                    "[FILE...], where FILE may be '-'",
                    count->kind->name);
        return WM_EINVAL;
    }
    count->paths = standard_input;
    count->n_paths = 1;
    return 0;
}

static void skipped_say(uint64_t n, const char *rejects)
{
    const char *what = n == 1 ? "line was" : "lines were";
    if (rejects != NULL)
        console_say("%" PRIu64 " %s skipped; see '%s'", n, what, rejects);
    else
        console_say("%" PRIu64 " %s skipped", n, what);
}

static int outcome_report(const struct count *count, const wm_stats *stats)
{
    /* Hadoop takes all but 0 for failure, and counts the rejected itself. */
    int is_told = count->reporter == REPORTER_HADOOP;
    int status = stats->rejected > 0 && !is_told ? EXIT_SKIPPED : EXIT_DONE;
    if (count->is_verbose)
        stats_print(stats, count->o.partition_lines);
    if (stats->rejected > 0 && !count->is_quiet)
        skipped_say(stats->rejected, count->o.rejects);
    if (stats->replaced > 0 && !count->is_quiet)
        console_say("%" PRIu64 " byte%s that %s not UTF-8 became U+FFFD", stats->replaced,
                    stats->replaced == 1 ? "" : "s", stats->replaced == 1 ? "is" : "are");
    return status;
}

static int files_count(struct count *count)
{
    output_format_choose(count);
    if (count->o.output == NULL)
        count->o.output_fd = STDOUT_FILENO;
    count->o.output_only = 1;
    if (count->progress < 0)
        count->progress = count->is_quiet ? METER_NONE : METER_AUTO;
    if (count->reporter < 0)
        count->reporter = (int)reporter_choose();
    /* One of many tasks on its machine: it has one CPU. */
    if (count->reporter == REPORTER_HADOOP && count->o.workers < 0)
        count->o.workers = 1;

    struct report_file file;
    if (report_open(&file, count->stats) < 0)
        return EXIT_FAILED;
    struct meter meter;
    meter_start(&meter, (enum meter_kind)count->progress, &count->o);
    struct reporter reporter;
    /* Of a job's counters, those of its combiners and reducers are not those of its mappers. */
    const char *group = count->kind->format == WM_FORMAT_COUNTS ? "wordmill sum" : "wordmill";
    reporter_start(&reporter, (enum reporter_kind)count->reporter, group, &count->o);
    wm_result *result = NULL;
    wm_error error = {0};
    int rc = foreground_run(&count->o, count->paths, count->n_paths, &result, &error);
    const wm_stats *stats = rc == 0 ? wm_result_stats(result) : NULL;
    meter_stop(&meter, stats);
    int stats_rc = rc == 0 ? stats_write(&file, stats) : 0;
    report_drop(&file);
    foreground_reraise();
    if (rc < 0)
        console_say("%s", error.message);
    reporter_stop(&reporter, stats, error.message);
    if (rc < 0)
        return rc == WM_EINVAL ? EXIT_USAGE : EXIT_FAILED;
    int status = outcome_report(count, stats);
    wm_result_free(result);
    return stats_rc < 0 ? EXIT_FAILED : status;
}

int count_run(const struct count_kind *kind, int argc, char **argv)
{
    struct count count = {.kind = kind, .progress = -1, .reporter = -1, .output_format = -1};
    names_choose(&count);
    wm_options_init(&count.o);
    count.o.format = kind->format;
    count.words = calloc((size_t)argc, sizeof(*count.words));
    if (count.words == NULL) {
        console_say("%s", wm_strerror(WM_ENOMEM));
        return EXIT_FAILED;
    }

    int status = EXIT_USAGE;
    if (arguments_read(&count, argc, argv) == 0) {
        if (count.help_is_asked)
            status = console_print(kind->help_text) == 0 ? EXIT_DONE : EXIT_FAILED;
        else
            status = files_count(&count);
    }
    free(count.words);
    return status;
}

int cmd_count(int argc, char **argv)
{
    static const struct count_kind kind = {
        .name = "count", .help_text = help_text, .letters = option_letters};
    return count_run(&kind, argc, argv);
}
