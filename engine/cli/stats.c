/*
 * The figures of a run. The JSON is for scripts: its keys are fixed, sizes are bytes and times are
 * seconds. The table of -v is for people, and may change.
 */
#include "stats.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"
#include "warnings.h"

/* Numbers that stand in the JSON one behind the other. */
struct figure {
    const char *key;
    uint64_t value;
};

static void figures_write(const struct figure *figures, size_t n, FILE *file)
{
    for (size_t i = 0; i < n; i++)
        fprintf(file, "  \"%s\": %" PRIu64 ",\n", figures[i].key, figures[i].value);
}

static void inputs_write(const wm_stats *s, FILE *file)
{
    fprintf(file, "  \"inputs\": {");
    for (int i = 1; i < WM_N_FORMATS; i++)
        fprintf(file, "%s\"%s\": %" PRIu64, i > 1 ? ", " : "", wm_name(WM_NAMES_FORMAT, i),
                s->inputs[i]);
    fprintf(file, "},\n");
}

static void phases_write(const char *key, const double *seconds, FILE *file)
{
    fprintf(file, "  \"%s\": {\n", key);
    for (int i = 0; i < WM_PHASE_DONE; i++)
        fprintf(file, "    \"%s\": %.6f%s\n", wm_name(WM_NAMES_PHASE, i), seconds[i],
                i + 1 < WM_PHASE_DONE ? "," : "");
    fprintf(file, "  },\n");
}

static void rounds_write(const wm_stats *s, FILE *file)
{
    fprintf(file, "  \"round_seconds\": [");
    for (unsigned i = 0; i < s->rounds; i++)
        fprintf(file, "%s%.6f", i > 0 ? ", " : "", s->round_seconds[i]);
    fprintf(file, "],\n");
}

static void tasks_write(const wm_stats *s, FILE *file)
{
    const struct figure figures[] = {
        {"workers", s->workers},
        {"workers_started", s->workers_started},
        {"partitions", s->partitions},
        {"partition_size", s->partition_size},
        {"largest_partition", s->largest_partition},
        {"runs", s->runs},
        {"run_bytes", s->run_bytes},
        {"spilled_runs", s->spilled_runs},
        {"spilled_bytes", s->spilled_bytes},
        {"fan_in", s->fan_in},
        {"rounds", s->rounds},
        {"reduce_tasks", s->reduce_tasks},
        {"retries", s->retries},
        {"timeouts", s->timeouts},
        {"backups", s->backups},
    };
    figures_write(figures, sizeof figures / sizeof *figures, file);
}

static void json_write(const wm_stats *s, FILE *file)
{
    const struct figure of_lines[] = {
        {"lines", s->lines},
        {"bytes", s->bytes},
        {"words", s->words},
        {"counted", s->counted},
        {"filtered", s->filtered},
        {"rejected", s->rejected},
        {"invalid_utf8", s->invalid_utf8},
    };
    const struct figure of_messages[] = {
        {"messages", s->messages},
        {"message_bytes", s->message_bytes},
        {"longest_probe", s->longest_probe},
    };
    fprintf(file, "{\n");
    figures_write(of_lines, sizeof of_lines / sizeof *of_lines, file);
    inputs_write(s, file);
    tasks_write(s, file);
    fprintf(file, "  \"seconds\": %.6f,\n", s->seconds);
    phases_write("phase_seconds", s->phase_seconds, file);
    rounds_write(s, file);
    fprintf(file, "  \"output_seconds\": %.6f,\n", s->output_seconds);
    fprintf(file, "  \"unpack_seconds\": %.6f,\n", s->unpack_seconds);
    phases_write("busy_seconds", s->busy_seconds, file);
    figures_write(of_messages, sizeof of_messages / sizeof *of_messages, file);
    fprintf(file, "  \"peak_memory\": {\n");
    fprintf(file, "    \"largest_process\": %" PRIu64 ",\n", s->peak_rss);
    fprintf(file, "    \"shared_runs\": %" PRIu64 "\n  },\n", s->peak_arena);
    fprintf(file, "  \"warnings\": ");
    warnings_write(s->warnings, file);
    fprintf(file, ",\n  \"refused_call\": \"%s\",\n", s->refused_call ? s->refused_call : "");
    fprintf(file, "  \"refused_errno\": %" PRIu64 ",\n", s->refused_errno);
    fprintf(file, "  \"version\": \"%s\"\n}\n", wm_version());
}

/* The first byte of a regular file, or -1. */
static int first_byte(const char *path)
{
    struct stat status;
    char byte;
    int fd = stat(path, &status) == 0 && S_ISREG(status.st_mode)
                 ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
                 : -1;
    ssize_t n = fd >= 0 ? read(fd, &byte, 1) : 0;
    if (fd >= 0)
        close(fd);
    return n > 0 ? (unsigned char)byte : -1;
}

int stats_check(const struct report_file *file)
{
    /* What is written to as it is, is not even the same as itself, and loses nothing. */
    if (!file->file || !wm_file_is_same(file->file, file->file))
        return 0;
    int byte = first_byte(file->path);
    if (byte < 0 || byte == '{')
        return 0;
    console_say("--stats would overwrite '%s', which holds no figures: name another file",
                file->path);
    return WM_EINVAL;
}

int stats_write(struct report_file *file, const wm_stats *stats)
{
    char *text = NULL;
    size_t size = 0;
    if (!file->file)
        return 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream)
        json_write(stats, stream);
    int rc = WM_ENOMEM;
    if (stream && fclose(stream) == 0)
        rc = report_write(file, text, size);
    else
        console_say("%s", wm_strerror(rc));
    free(text);
    return rc;
}

static void input_print(const wm_stats *s, uint64_t partition_lines)
{
    fprintf(stderr, "input       %" PRIu64 " lines, %" PRIu64 " bytes\n", s->lines, s->bytes);
    const char *before = "formats     ";
    for (int i = 1; i < WM_N_FORMATS; i++) {
        if (s->inputs[i] == 0)
            continue;
        fprintf(stderr, "%s%s: %" PRIu64 " file%s", before, wm_name(WM_NAMES_FORMAT, i),
                s->inputs[i], plural(s->inputs[i]));
        before = ", ";
    }
    fprintf(stderr, *before == ',' ? "\n" : "");
    if (partition_lines > 0)
        fprintf(stderr, "partitions  %" PRIu64 " of %" PRIu64 " line%s\n", s->partitions,
                partition_lines, plural(partition_lines));
    else
        fprintf(stderr, "partitions  %" PRIu64 " of %" PRIu64 " bytes\n", s->partitions,
                s->partition_size);
}

void stats_print(const wm_stats *s, uint64_t partition_lines)
{
    const double *seconds = s->phase_seconds;
    double rate = s->seconds > 0 ? (double)s->bytes / s->seconds : 0;
    double busy = 0;
    for (int i = 0; i < WM_N_PHASES; i++)
        busy += s->busy_seconds[i];
    busy /= s->workers_started > 0 ? s->workers_started : 1;

    input_print(s, partition_lines);
    fprintf(stderr, "workers     %u", s->workers);
    if (s->workers_started < s->workers)
        fprintf(stderr, ", of which only %u could be started (%s: %s)", s->workers_started,
                s->refused_call, console_reason((int)s->refused_errno));
    fprintf(stderr, ", %.0f%% busy, %" PRIu64 " task%s run again\n",
            s->seconds > 0 ? 100 * busy / s->seconds : 0, s->retries, plural(s->retries));
    fprintf(stderr, "messages    %" PRIu64 ", %" PRIu64 " bytes\n", s->messages, s->message_bytes);
    fprintf(stderr, "runs        %" PRIu64 ", %" PRIu64 " bytes\n", s->runs, s->run_bytes);
    if (s->spilled_runs > 0)
        fprintf(stderr, "spilled     %" PRIu64 " run%s, %" PRIu64 " bytes\n", s->spilled_runs,
                plural(s->spilled_runs), s->spilled_bytes);
    fprintf(stderr, "reduce      %" PRIu64 " task%s, %u round%s, fan-in %u\n", s->reduce_tasks,
            plural(s->reduce_tasks), s->rounds, plural(s->rounds), s->fan_in);
    fprintf(stderr, "memory      %" PRIu64 " bytes of runs, %" PRIu64 " in the largest process\n",
            s->peak_arena, s->peak_rss);
    fprintf(stderr,
            "result      %" PRIu64 " word%s, %" PRIu64 " line%s counted, %" PRIu64
            " filtered, %" PRIu64 " skipped\n",
            s->words, plural(s->words), s->counted, plural(s->counted), s->filtered, s->rejected);
    if (s->inputs[WM_FORMAT_TEXT] > 0)
        fprintf(stderr, "text        %" PRIu64 " byte%s not UTF-8\n", s->invalid_utf8,
                plural(s->invalid_utf8));
    fprintf(stderr, "seconds     %.3f: split %.3f, map %.3f, reduce %.3f, write %.3f\n", s->seconds,
            seconds[WM_PHASE_SPLIT], seconds[WM_PHASE_MAP], seconds[WM_PHASE_REDUCE],
            seconds[WM_PHASE_WRITE]);
    fprintf(stderr, "speed       %.2f GB/s\n", rate / 1e9);
}
