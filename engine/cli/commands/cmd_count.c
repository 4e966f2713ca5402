/*
 * wordmill count, and what other commands share with it. Turns what the command line says into a
 * job, runs it, and turns its outcome into messages and an exit status. The library reads the files
 * and writes the words; nothing here sees either.
 */
#include "commands/cmd_count.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <wordmill.h>

#include "console.h"
#include "exit_status.h"
#include "foreground.h"
#include "meter.h"
#include "option_read.h"
#include "report_file.h"
#include "reporter.h"
#include "stats.h"
#include "warnings.h"

struct count {
    const struct count_kind *kind;
    struct settings s;
    const char *const *paths;
    size_t n_paths;
};

static int ends_in(const char *name, const char *ending)
{
    size_t size = strlen(name), ending_size = strlen(ending);
    return size > ending_size && strcmp(name + size - ending_size, ending) == 0;
}

/* By the ending of the output's name. 0, or WM_EINVAL after saying that it would lie. */
static int output_format_choose(struct count *count)
{
    static const struct ending {
        const char *name;
        enum wm_output format;
    } endings[] = {{".csv", WM_OUTPUT_CSV}, {".jsonl", WM_OUTPUT_JSONL}, {".wmt", WM_OUTPUT_TABLE}};
    const char *output = count->s.o.output;
    if (!output)
        return settings_choose_csv(&count->s);
    if (ends_in(output, ".gz") || ends_in(output, ".zst")) {
        int is_gzip = ends_in(output, ".gz");
        console_say("'%s' would not be packed: write it as 'wordmill %s ... | %s > %s'", output,
                    command_table[count->kind->command].name, is_gzip ? "gzip" : "zstd", output);
        return WM_EINVAL;
    }
    for (size_t i = 0; !count->s.has_output_format && i < sizeof endings / sizeof endings[0]; i++)
        if (ends_in(output, endings[i].name))
            count->s.o.output_format = endings[i].format;
    return settings_choose_csv(&count->s);
}

static int count_arguments_read(struct count *count, int argc, char **argv)
{
    static const char *const standard_input[] = {"-"};
    const struct command_words *words = &command_table[count->kind->command];
    int rc = options_read(&count->s, count->kind->command, argc, argv);
    if (rc < 0 || count->s.help_is_asked)
        return rc;
    rc = settings_check(&count->s);
    if (rc < 0)
        return rc;
    count->paths = (const char *const *)argv + optind;
    count->n_paths = (size_t)(argc - optind);
    if (count->n_paths > 0)
        return 0;
    if (isatty(STDIN_FILENO)) {
        console_say("no FILE, and standard input is a terminal; usage: wordmill %s [OPTIONS] %s, "
                    "where FILE may be '-'",
                    words->name, words->operands);
        return WM_EINVAL;
    }
    count->paths = standard_input;
    count->n_paths = 1;
    return 0;
}

static void skipped_say(uint64_t n, const char *rejects)
{
    const char *what = n == 1 ? "line was" : "lines were";
    if (rejects && strcmp(rejects, "-") != 0)
        console_say("%" PRIu64 " %s skipped; see '%s'", n, what, rejects);
    else
        console_say("%" PRIu64 " %s skipped", n, what);
}

static int outcome_report(const struct count *count, const wm_stats *stats)
{
    /* Hadoop takes all but 0 for failure, and counts the rejected itself. */
    int is_told = count->s.reporter == REPORTER_HADOOP;
    int status = stats->rejected > 0 && !is_told ? EXIT_SKIPPED : EXIT_DONE;
    if (count->s.is_verbose)
        stats_print(stats, count->s.o.partition_lines);
    if (stats->rejected > 0 && !count->s.is_quiet)
        skipped_say(stats->rejected, count->s.o.rejects);
    if (stats->invalid_utf8 > 0 && !count->s.is_quiet)
        console_say("%" PRIu64 " byte%s of text %s not UTF-8; 'iconv -f latin1 -t utf-8' converts "
                    "what is in Latin-1",
                    stats->invalid_utf8, plural(stats->invalid_utf8),
                    stats->invalid_utf8 == 1 ? "is" : "are");
    if (stats->replaced > 0 && !count->s.is_quiet)
        console_say("%" PRIu64 " byte%s that %s not UTF-8 became U+FFFD", stats->replaced,
                    plural(stats->replaced), stats->replaced == 1 ? "is" : "are");
    if (!count->s.is_quiet)
        warnings_say(stats);
    return status;
}

/* All files that options name, in the order of being put in their places, last to first. */
struct count_files {
    struct report_file output, rejects, stats;
};

enum { N_FILES = 3 };

static void files_list(struct count_files *files, struct report_file *list[N_FILES])
{
    list[0] = &files->output;
    list[1] = &files->rejects;
    list[2] = &files->stats;
}

static int files_open(struct count *count, struct count_files *files)
{
    struct report_file *list[N_FILES];
    files_list(files, list);
    int rc = report_open(&files->output, "--output", count->s.o.output);
    if (rc == 0)
        rc = report_open(&files->rejects, "--rejects", count->s.o.rejects);
    if (rc == 0)
        rc = report_open(&files->stats, "--stats", count->s.stats);
    if (rc == 0)
        rc = reports_check(list, N_FILES, count->paths, count->n_paths);
    if (rc == 0 && count->s.o.totals)
        rc = reports_check(list, N_FILES, &count->s.o.totals, 1);
    if (rc == 0)
        rc = stats_check(&files->stats);
    count->s.o.output_file = files->output.file;
    count->s.o.rejects_file = files->rejects.file;
    return rc;
}

/* All of them, or none: the figures are written before anything is in its place. */
static int files_commit(struct count_files *files, const wm_stats *stats)
{
    struct report_file *list[N_FILES];
    files_list(files, list);
    int rc = stats_write(&files->stats, stats);
    if (rc < 0 || foreground_hold_signals())
        return rc;
    rc = reports_commit(list, N_FILES);
    foreground_forget_signals();
    return rc;
}

static int job_count(struct count *count, struct count_files *files)
{
    struct meter meter;
    meter_start(&meter, (enum meter_kind)count->s.progress, &count->s.o);
    struct reporter reporter;
    /* Of a job's counters, those of its combiners and reducers are not those of its mappers. */
    const char *group = count->kind->command == COMMAND_SUM ? "wordmill sum" : "wordmill";
    reporter_start(&reporter, (enum reporter_kind)count->s.reporter, group, &count->s.o);
    wm_result *result = NULL;
    wm_error error = {0};
    int rc = foreground_run(&count->s.o, count->paths, count->n_paths, &result, &error);
    const wm_stats *stats = rc == 0 ? wm_result_stats(result) : NULL;
    meter_stop(&meter, stats);
    int files_rc = rc == 0 ? files_commit(files, stats) : 0;
    struct report_file *list[N_FILES];
    files_list(files, list);
    reports_drop(list, N_FILES);
    if (rc < 0 || foreground_interrupted())
        foreground_reraise();
    console_translate(&error);
    if (rc < 0)
        console_error(&error);
    reporter_stop(&reporter, stats, error.message);
    if (rc < 0)
        return rc == WM_EINVAL ? EXIT_USAGE : EXIT_FAILED;
    int status = outcome_report(count, stats);
    wm_result_free(result);
    return files_rc < 0 ? EXIT_FAILED : status;
}

static int files_count(struct count *count)
{
    if (output_format_choose(count) < 0)
        return EXIT_USAGE;
    if (!count->s.o.output)
        count->s.o.output_fd = STDOUT_FILENO;
    count->s.o.output_only = 1;
    if (count->s.progress < 0)
        count->s.progress = count->s.is_quiet ? METER_NONE : METER_AUTO;
    if (count->s.reporter < 0)
        count->s.reporter = (int)reporter_choose();
    /* One of many tasks on its machine: it has one CPU. */
    if (count->s.reporter == REPORTER_HADOOP && count->s.o.workers < 0)
        count->s.o.workers = 1;

    foreground_watch();
    struct count_files files = {0};
    int rc = files_open(count, &files);
    if (rc == 0)
        return job_count(count, &files);
    struct report_file *list[N_FILES];
    files_list(&files, list);
    reports_drop(list, N_FILES);
    foreground_reraise();
    return rc == WM_EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

int count_run(const struct count_kind *kind, int argc, char **argv)
{
    struct count count = {.kind = kind};
    if (settings_init(&count.s, argc) < 0)
        return EXIT_FAILED;
    count.s.o.format = kind->format;
    int status = EXIT_USAGE;
    if (count_arguments_read(&count, argc, argv) == 0)
        status =
            count.s.help_is_asked ? help_print(kind->command, &kind->help) : files_count(&count);
    settings_release(&count.s);
    return status;
}

int cmd_count(int argc, char **argv)
{
    static const struct count_kind kind = {
        .command = COMMAND_COUNT,
        .help = {
            .about =
                "Adds up the counts of every word in Google Books Ngram files of any release, in\n"
                "columns or in text, and writes word TAB count. '-' is standard input, and so is\n"
                "no FILE at all. What gzip, zstd, zip, bzip2, xz, lz4, 7z or tar has packed is\n"
                "unpacked, whatever its name.\n",
            .notes = "SIZE is a number of bytes, or one with K, M or G (powers of 1024).\n",
            .examples =
                "  wordmill count -o counts.tsv googlebooks-eng-all-1gram-*\n"
                "  wordmill count --pos untagged --top 20 words.tsv\n"
                "  wordmill count --pos 'ADJ NOUN' --strip-pos --top 20 phrases.tsv\n"
                "  wordmill count --ngrams 2-3 --fold-case --top 20 book.txt\n"
                "  wordmill count --by decade --years 1900-1999 googlebooks-eng-all-1gram-*\n"
                "  wordmill count --word cat --word dog words-*.tsv.gz\n"
                "  wordmill count --on-bad-line skip --rejects bad.tsv words.tsv\n"}};
    return count_run(&kind, argc, argv);
}
