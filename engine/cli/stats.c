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

static void json_write(const wm_stats *s, FILE *file)
{
    const double *seconds = s->phase_seconds;
    fprintf(file, "{\n");
    fprintf(file, "  \"lines\": %" PRIu64 ",\n", s->lines);
    fprintf(file, "  \"bytes\": %" PRIu64 ",\n", s->bytes);
    fprintf(file, "  \"words\": %" PRIu64 ",\n", s->words);
    fprintf(file, "  \"counted\": %" PRIu64 ",\n", s->counted);
    fprintf(file, "  \"filtered\": %" PRIu64 ",\n", s->filtered);
    fprintf(file, "  \"rejected\": %" PRIu64 ",\n", s->rejected);
    fprintf(file, "  \"invalid_utf8\": %" PRIu64 ",\n", s->invalid_utf8);
    fprintf(file, "  \"inputs\": {");
    for (int i = 1; i < WM_N_FORMATS; i++)
        fprintf(file, "%s\"%s\": %" PRIu64, i > 1 ? ", " : "", wm_name(WM_NAMES_FORMAT, i),
                s->inputs[i]);
    fprintf(file, "},\n");
    fprintf(file, "  \"workers\": %u,\n", s->workers);
    fprintf(file, "  \"workers_started\": %u,\n", s->workers_started);
    fprintf(file, "  \"partitions\": %" PRIu64 ",\n", s->partitions);
    fprintf(file, "  \"partition_size\": %" PRIu64 ",\n", s->partition_size);
    fprintf(file, "  \"largest_partition\": %" PRIu64 ",\n", s->largest_partition);
    fprintf(file, "  \"runs\": %" PRIu64 ",\n", s->runs);
    fprintf(file, "  \"run_bytes\": %" PRIu64 ",\n", s->run_bytes);
    fprintf(file, "  \"spilled_runs\": %" PRIu64 ",\n", s->spilled_runs);
    fprintf(file, "  \"spilled_bytes\": %" PRIu64 ",\n", s->spilled_bytes);
    fprintf(file, "  \"fan_in\": %u,\n", s->fan_in);
    fprintf(file, "  \"rounds\": %u,\n", s->rounds);
    fprintf(file, "  \"reduce_tasks\": %" PRIu64 ",\n", s->reduce_tasks);
    fprintf(file, "  \"retries\": %" PRIu64 ",\n", s->retries);
    fprintf(file, "  \"timeouts\": %" PRIu64 ",\n", s->timeouts);
    fprintf(file, "  \"backups\": %" PRIu64 ",\n", s->backups);
    fprintf(file, "  \"seconds\": %.6f,\n", s->seconds);
    fprintf(file, "  \"phase_seconds\": {\n");
    fprintf(file, "    \"split\": %.6f,\n", seconds[WM_PHASE_SPLIT]);
    fprintf(file, "    \"map\": %.6f,\n", seconds[WM_PHASE_MAP]);
    fprintf(file, "    \"reduce\": %.6f,\n", seconds[WM_PHASE_REDUCE]);
    fprintf(file, "    \"write\": %.6f\n", seconds[WM_PHASE_WRITE]);
    fprintf(file, "  },\n");
    fprintf(file, "  \"round_seconds\": [");
    for (unsigned i = 0; i < s->rounds; i++)
        fprintf(file, "%s%.6f", i > 0 ? ", " : "", s->round_seconds[i]);
    fprintf(file, "],\n");
    fprintf(file, "  \"output_seconds\": %.6f,\n", s->output_seconds);
    fprintf(file, "  \"unpack_seconds\": %.6f,\n", s->unpack_seconds);
    fprintf(file, "  \"busy_seconds\": {\n");
    fprintf(file, "    \"split\": %.6f,\n", s->busy_seconds[WM_PHASE_SPLIT]);
    fprintf(file, "    \"map\": %.6f,\n", s->busy_seconds[WM_PHASE_MAP]);
    fprintf(file, "    \"reduce\": %.6f,\n", s->busy_seconds[WM_PHASE_REDUCE]);
    fprintf(file, "    \"write\": %.6f\n", s->busy_seconds[WM_PHASE_WRITE]);
    fprintf(file, "  },\n");
    fprintf(file, "  \"messages\": %" PRIu64 ",\n", s->messages);
    fprintf(file, "  \"message_bytes\": %" PRIu64 ",\n", s->message_bytes);
    fprintf(file, "  \"longest_probe\": %" PRIu64 ",\n", s->longest_probe);
    fprintf(file, "  \"peak_memory\": {\n");
    fprintf(file, "    \"largest_process\": %" PRIu64 ",\n", s->peak_rss);
    fprintf(file, "    \"shared_runs\": %" PRIu64 "\n", s->peak_arena);
    fprintf(file, "  },\n");
    fprintf(file, "  \"warnings\": ");
    warnings_write(s->warnings, file);
    fprintf(file, ",\n");
    fprintf(file, "  \"version\": \"%s\"\n", wm_version());
    fprintf(file, "}\n");
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

void stats_print(const wm_stats *s, uint64_t partition_lines)
{
    const double *seconds = s->phase_seconds;
    double rate = s->seconds > 0 ? (double)s->bytes / s->seconds : 0;
    double busy = 0;
    for (int i = 0; i < WM_N_PHASES; i++)
        busy += s->busy_seconds[i];
    busy /= s->workers_started > 0 ? s->workers_started : 1;

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
    fprintf(stderr, "workers     %u", s->workers);
    if (s->workers_started < s->workers)
        fprintf(stderr, ", of which only %u could be started", s->workers_started);
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
