/*
 * A run is a list of fields, which is made once and printed as a line of CSV or as an object of
 * JSON. So both have the same keys in the same order.
 */
#include "bench/bench_export.h"

#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

enum kind { WHOLE, SECONDS, SECONDS_LIST, SHARE };

struct field {
    const char *name;
    enum kind kind;
    double value;       /* of SECONDS and SHARE; negative: there is none */
    const double *list; /* of SECONDS_LIST */
    uint64_t number;    /* of WHOLE; of a list: how many */
};

enum { N_FIELDS = 27 };

static void fields_fill(const struct bench *bench, const struct bench_run *run,
                        struct field fields[N_FIELDS])
{
    struct config config = grid_config(&bench->grid, run->config);
    const wm_stats *stats = &run->stats;
    const struct field all[N_FIELDS] = {
        {"configuration", WHOLE, .number = run->config + 1},
        {"round", WHOLE, .number = run->round + 1},
        {"partition_size", WHOLE, .number = stats->partition_size},
        {"partition_lines", WHOLE, .number = config.partition_lines},
        {"workers", WHOLE, .number = stats->workers},
        {"fan_in", WHOLE, .number = config.fan_in},
        {"seconds", SECONDS, .value = run->span.wall},
        {"user_seconds", SECONDS, .value = run->span.user},
        {"system_seconds", SECONDS, .value = run->span.system},
        {"split_seconds", SECONDS, .value = stats->phase_seconds[WM_PHASE_SPLIT]},
        {"map_seconds", SECONDS, .value = stats->phase_seconds[WM_PHASE_MAP]},
        {"reduce_seconds", SECONDS, .value = stats->phase_seconds[WM_PHASE_REDUCE]},
        {"order_seconds", SECONDS, .value = run_order_seconds(run)},
        {"write_seconds", SECONDS, .value = stats->output_seconds},
        {"round_seconds", SECONDS_LIST, .list = stats->round_seconds, .number = stats->rounds},
        {"busy_seconds", SECONDS, .value = run_busy_seconds(run)},
        {"map_busy_seconds", SECONDS, .value = stats->busy_seconds[WM_PHASE_MAP]},
        {"partitions", WHOLE, .number = stats->partitions},
        {"runs", WHOLE, .number = stats->runs},
        {"run_bytes", WHOLE, .number = stats->run_bytes},
        {"rounds", WHOLE, .number = stats->rounds},
        {"reduce_tasks", WHOLE, .number = stats->reduce_tasks},
        {"retries", WHOLE, .number = stats->retries},
        {"peak_shared_bytes", WHOLE, .number = stats->peak_arena},
        {"messages", WHOLE, .number = stats->messages},
        {"message_bytes", WHOLE, .number = stats->message_bytes},
        {"cached", SHARE, .value = bench->is_cold ? run->kept : -1},
    };
    memcpy(fields, all, sizeof all);
}

static void list_print(const struct field *field, const char *between, FILE *stream)
{
    for (uint64_t i = 0; i < field->number; i++)
        fprintf(stream, "%s%.6f", i > 0 ? between : "", field->list[i]);
}

/* The value; null is what stands for none. */
static void field_print(const struct field *field, const char *null, FILE *stream)
{
    if (field->kind == WHOLE)
        fprintf(stream, "%" PRIu64, field->number);
    else if (field->value < 0)
        fprintf(stream, "%s", null);
    else
        fprintf(stream, "%.*f", field->kind == SHARE ? 4 : 6, field->value);
}

void export_csv(const struct bench *bench, FILE *stream)
{
    struct field fields[N_FIELDS];
    struct bench_run none = {0};
    fields_fill(bench, bench->n_runs > 0 ? bench->runs : &none, fields);
    for (int i = 0; i < N_FIELDS; i++)
        fprintf(stream, "%s%s", i > 0 ? "," : "", fields[i].name);
    fputc('\n', stream);
    for (uint32_t run = 0; run < bench->n_runs; run++) {
        fields_fill(bench, &bench->runs[run], fields);
        for (int i = 0; i < N_FIELDS; i++) {
            if (i > 0)
                fputc(',', stream);
            if (fields[i].kind == SECONDS_LIST)
                list_print(&fields[i], " ", stream);
            else
                field_print(&fields[i], "", stream);
        }
        fputc('\n', stream);
    }
}

/* Bytes of the UTF-8 sequence that text starts with; 0 if it starts with none. */
static size_t utf8_size(const char *text)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)text;
    size_t size = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 : at[0] >> 4 == 14 ? 3 : 4;
    if (size == 1)
        return 1;
    if (size == 4 && at[0] >> 3 != 30)
        return 0;
    uint32_t point = at[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if (at[i] >> 6 != 2)
            return 0;
        point = point << 6 | (at[i] & 0x3Fu);
    }
    int is_half = point >= 0xD800 && point < 0xE000;
    return point < least[size] || point > 0x10FFFF || is_half ? 0 : size;
}

/* Bytes that are not UTF-8 become U+FFFD. */
static void string_print(const char *text, FILE *stream)
{
    fputc('"', stream);
    while (*text != '\0') {
        size_t size = utf8_size(text);
        if (size == 0)
            fputs("\\ufffd", stream);
        else if (*text == '"' || *text == '\\')
            fprintf(stream, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            fprintf(stream, "\\u%04x", (unsigned)*text);
        else
            fwrite(text, 1, size, stream);
        text += size > 0 ? size : 1;
    }
    fputc('"', stream);
}

static void cpu_name(char *text, size_t size)
{
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "re");
    snprintf(text, size, "unknown");
    while (file && fgets(line, sizeof line, file)) {
        const char *value = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !value)
            continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(text, size, "%s", value + 1 + strspn(value + 1, " "));
        break;
    }
    if (file)
        fclose(file);
}

static void machine_print(FILE *stream)
{
    struct utsname name;
    char text[256];
    cpu_set_t set;
    uname(&name);
    snprintf(text, sizeof text, "%s %s", name.sysname, name.release);
    fprintf(stream, "  \"machine\": {\"system\": ");
    string_print(text, stream);
    fprintf(stream, ", \"architecture\": ");
    string_print(name.machine, stream);
    cpu_name(text, sizeof text);
    fprintf(stream, ", \"cpu\": ");
    string_print(text, stream);
    int cpus = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
    fprintf(stream, ", \"cpus\": %d},\n", cpus);
}

static void input_print(const struct bench *bench, FILE *stream)
{
    fprintf(stream, "  \"input\": {\"files\": [");
    for (size_t i = 0; i < bench->n_paths; i++) {
        if (i > 0)
            fprintf(stream, ", ");
        string_print(bench->paths[i], stream);
    }
    fprintf(stream,
            "], \"bytes\": %" PRIu64 ", \"lines\": %" PRIu64 ", \"words\": %" PRIu64
            ", \"rejected\": %" PRIu64 "},\n",
            bench->first.bytes, bench->first.lines, bench->first.words, bench->first.rejected);
}

static void run_print(const struct bench *bench, const struct bench_run *run, FILE *stream)
{
    struct field fields[N_FIELDS];
    fields_fill(bench, run, fields);
    for (int i = 0; i < N_FIELDS; i++) {
        fprintf(stream, "%s\"%s\": ", i > 0 ? ", " : "    {", fields[i].name);
        if (fields[i].kind != SECONDS_LIST) {
            field_print(&fields[i], "null", stream);
            continue;
        }
        fputc('[', stream);
        list_print(&fields[i], ", ", stream);
        fputc(']', stream);
    }
    fputc('}', stream);
}

static const char *truth(int is_true)
{
    return is_true ? "true" : "false";
}

static void export_row_print(const struct bench *bench, const struct row *row, uint32_t number,
                             FILE *stream)
{
    const struct config *config = &row->config;
    const struct summary *s = &row->seconds;
    fprintf(stream,
            "    {\"configuration\": %" PRIu32 ", \"partition_size\": %" PRIu64
            ", \"partition_lines\": %" PRIu64 ", \"workers\": %u, \"fan_in\": %u, \"n\": %" PRIu32,
            number + 1, config->partition_size, config->partition_lines, config->workers,
            config->fan_in, s->n);
    if (s->n > 0)
        fprintf(stream,
                ", \"median\": %.6f, \"min\": %.6f, \"max\": %.6f, \"spread\": %.4f"
                ", \"bytes_per_second\": %.0f, \"lines_per_second\": %.0f"
                ", \"speed_up\": %.4f, \"efficiency\": %.4f",
                s->median, s->min, s->max, summary_spread(s),
                (double)bench->first.bytes / s->median, (double)bench->first.lines / s->median,
                row->speed_up, row->efficiency);
    fprintf(stream, ", \"best\": %s, \"close\": %s, \"error\": ", truth(row->is_best),
            truth(row->is_close));
    if (bench->errors[number].code != 0)
        string_print(bench->errors[number].message, stream);
    else
        fprintf(stream, "null");
    fputc('}', stream);
}

void export_json(const struct bench *bench, const struct row *rows, int interrupted, FILE *stream)
{
    char date[32];
    time_t now = time(NULL);
    struct tm parts;
    uint32_t n = grid_size(&bench->grid);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));

    fprintf(stream, "{\n  \"schema\": \"wordmill-bench/1\",\n  \"wordmill\": \"%s\",\n",
            wm_version());
    fprintf(stream, "  \"date\": \"%s\",\n", date);
    machine_print(stream);
    input_print(bench, stream);
    fprintf(stream,
            "  \"settings\": {\"rounds\": %u, \"warmup\": %u, \"cold\": %s, "
            "\"interrupted\": %s},\n  \"runs\": [\n",
            bench->rounds, bench->warmup, truth(bench->is_cold), truth(interrupted));
    for (uint32_t i = 0; i < bench->n_runs; i++) {
        run_print(bench, &bench->runs[i], stream);
        fprintf(stream, "%s\n", i + 1 < bench->n_runs ? "," : "");
    }
    fprintf(stream, "  ],\n  \"summary\": [\n");
    for (uint32_t i = 0; i < n; i++) {
        export_row_print(bench, &rows[i], i, stream);
        fprintf(stream, "%s\n", i + 1 < n ? "," : "");
    }
    fprintf(stream, "  ]\n}\n");
}
