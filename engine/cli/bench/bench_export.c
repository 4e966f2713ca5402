/*
 * Runs go by the table of measures: as a line of CSV or as an object of JSON, both with the same
 * keys in the same order.
 */
#include "bench/bench_export.h"

#include <inttypes.h>
#include <string.h>

#include "bench/bench_words.h"

/* What verdicts are called in JSON. */
static const char *const verdict_names[] = {"none", "best", "good", "worse", "unknown"};

static const void *field_at(const struct measure *run, const struct measure_field *field)
{
    return (const char *)run + field->at;
}

/* The value; null is what stands for none, and between what is between those of a list. */
static void field_print(const struct measure *run, const struct measure_field *field,
                        const char *null, const char *between, FILE *stream)
{
    const double *real = field_at(run, field);
    const uint64_t *whole = field_at(run, field);
    switch (field->kind) {
    case MEASURE_WHOLE:
        fprintf(stream, "%" PRIu64, *whole);
        break;
    case MEASURE_NUMBER:
        fprintf(stream, "%" PRIu64, *whole + 1);
        break;
    case MEASURE_SECONDS:
        fprintf(stream, "%.6f", *real);
        break;
    case MEASURE_ROUNDS:
        for (uint64_t i = 0; i < run->rounds && i < WM_ROUNDS_MAX; i++)
            fprintf(stream, "%s%.6f", i > 0 ? between : "", real[i]);
        break;
    case MEASURE_SHARE:
        if (*real < 0)
            fputs(null, stream);
        else
            fprintf(stream, "%.4f", *real);
        break;
    }
}

void export_csv(const struct bench *bench, FILE *stream)
{
    for (int i = 0; i < N_MEASURE_FIELDS; i++)
        fprintf(stream, "%s%s", i > 0 ? "," : "", measure_fields[i].name);
    fputc('\n', stream);
    for (uint32_t run = 0; run < bench->n_runs; run++) {
        for (int i = 0; i < N_MEASURE_FIELDS; i++) {
            if (i > 0)
                fputc(',', stream);
            field_print(&bench->runs[run], &measure_fields[i], "", " ", stream);
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

static const char *truth(int is_true)
{
    return is_true ? "true" : "false";
}

static void strings_print(const char *const *strings, size_t n, FILE *stream)
{
    fputc('[', stream);
    for (size_t i = 0; i < n; i++) {
        fputs(i > 0 ? ", " : "", stream);
        string_print(strings[i], stream);
    }
    fputc(']', stream);
}

static void machine_print(const struct machine *machine, FILE *stream)
{
    fprintf(stream, "  \"command\": ");
    strings_print(machine->command, machine->n_command, stream);
    fprintf(stream, ",\n  \"machine\": {\"system\": ");
    string_print(machine->system, stream);
    fprintf(stream, ", \"architecture\": ");
    string_print(machine->architecture, stream);
    fprintf(stream, ", \"cpu\": ");
    string_print(machine->cpu, stream);
    fprintf(stream, ", \"cpus\": %d},\n", machine->cpus);
}

static void load_print(const struct machine_load *load, FILE *stream)
{
    if (!load->is_known)
        fprintf(stream, "  \"load\": null,\n");
    else
        fprintf(stream,
                "  \"load\": {\"seconds\": %.9g, \"cpus\": %.0f, \"steal_seconds\": %.9g, "
                "\"other_seconds\": %.9g},\n",
                load->seconds, load->cpus, load->steal_seconds, load->other_seconds);
}

static void input_print(const struct bench *bench, FILE *stream)
{
    fprintf(stream, "  \"input\": {\"files\": ");
    strings_print(bench->paths, bench->n_paths, stream);
    fprintf(stream,
            ", \"bytes\": %" PRIu64 ", \"lines\": %" PRIu64 ", \"words\": %" PRIu64
            ", \"rejected\": %" PRIu64 "},\n",
            bench->bytes, bench->lines, bench->words, bench->rejected);
}

static void axis_print(const char *name, const struct axis *axis, FILE *stream)
{
    fprintf(stream, "\"%s\": [", name);
    for (uint32_t i = 0; i < axis->n; i++)
        fprintf(stream, "%s%" PRIu64, i > 0 ? ", " : "",
                axis->values[i] == AXIS_AUTO ? 0 : axis->values[i]);
    fprintf(stream, "], ");
}

static void settings_print(const struct bench *bench, int interrupted, FILE *stream)
{
    fprintf(stream,
            "  \"settings\": {\"warmup\": %u, \"cold\": %s, \"interrupted\": %s, \"seed\": %" PRIu64
            ", \"other\": ",
            bench->warmup, truth(bench->is_cold), truth(interrupted), bench->seed);
    if (bench->other)
        string_print(bench->other, stream);
    else
        fprintf(stream, "null");
    fprintf(stream, "},\n  \"axes\": {");
    axis_print("partitions", &bench->grid.partitions, stream);
    axis_print("workers", &bench->grid.workers, stream);
    axis_print("fan_ins", &bench->grid.fan_ins, stream);
    fprintf(stream, "\"by_lines\": %s},\n", truth(bench->grid.by_lines));
}

static void run_print(const struct measure *run, FILE *stream)
{
    for (int i = 0; i < N_MEASURE_FIELDS; i++) {
        int is_list = measure_fields[i].kind == MEASURE_ROUNDS;
        fprintf(stream, "%s\"%s\": %s", i > 0 ? ", " : "    {", measure_fields[i].name,
                is_list ? "[" : "");
        field_print(run, &measure_fields[i], "null", ", ", stream);
        fputs(is_list ? "]" : "", stream);
    }
    fputc('}', stream);
}

/* A ratio and the ends of its interval, each null where it is not known. */
static void against_print(const char *name, const struct interval *against, FILE *stream)
{
    if (against->median > 0)
        fprintf(stream, ", \"%s\": %.4f", name, against->median);
    else
        fprintf(stream, ", \"%s\": null", name);
    if (against->median > 0 && against->is_known)
        fprintf(stream, ", \"%s_low\": %.4f, \"%s_high\": %.4f", name, against->low, name,
                against->high);
    else
        fprintf(stream, ", \"%s_low\": null, \"%s_high\": null", name, name);
}

/* What there is only beside another build, or a saved bench. */
static void other_print(const struct row *row, FILE *stream)
{
    if (row->other_seconds > 0)
        fprintf(stream, ", \"other_median\": %.6f", row->other_seconds);
    else
        fprintf(stream, ", \"other_median\": null");
    against_print("against_other", &row->other, stream);
}

static void export_row_print(const struct bench *bench, const struct row *row, FILE *stream)
{
    const struct config *config = &row->config;
    const struct summary *s = &row->seconds;
    fprintf(stream,
            "    {\"configuration\": %" PRIu32 ", \"partition_size\": %" PRIu64
            ", \"partition_lines\": %" PRIu64
            ", \"workers\": %u, \"fan_in\": %u, \"same_as\": %" PRIu32 ", \"n\": %" PRIu32,
            row->number + 1, config->partition_size, config->partition_lines, config->workers,
            config->fan_in, row->state->same_as + 1, s->n);
    if (s->n > 0)
        fprintf(stream,
                ", \"median\": %.6f, \"min\": %.6f, \"max\": %.6f, \"spread\": %.4f, \"outliers\": "
                "%" PRIu32 ", \"bytes_per_second\": %.0f, \"lines_per_second\": %.0f"
                ", \"speed_up\": %.4f, \"efficiency\": %.4f, \"cpus\": %.3f",
                s->median, s->min, s->max, summary_spread(s), s->n_outliers,
                (double)bench->bytes / s->median, (double)bench->lines / s->median, row->speed_up,
                row->efficiency, measure_cpus(row->typical));
    against_print("against_best", &row->against, stream);
    other_print(row, stream);
    fprintf(stream, ", \"verdict\": \"%s\", \"error\": ", verdict_names[row->verdict]);
    if (row->state->error.code != 0)
        string_print(row->state->error.message, stream);
    else
        fprintf(stream, "null");
    fputc('}', stream);
}

void export_json(const struct rows *rows, const struct machine *machine, int interrupted,
                 FILE *stream)
{
    const struct bench *bench = rows->bench;
    uint32_t n = bench_n(bench);
    char answer[WORDS_SIZE];
    fprintf(stream, "{\n  \"schema\": \"wordmill-bench/2\",\n  \"wordmill\": ");
    string_print(machine->version, stream);
    fprintf(stream, ",\n  \"date\": ");
    string_print(machine->date, stream);
    fprintf(stream, ",\n");
    machine_print(machine, stream);
    load_print(&bench->load, stream);
    input_print(bench, stream);
    settings_print(bench, interrupted, stream);
    fprintf(stream, "  \"runs\": [\n");
    for (uint32_t i = 0; i < bench->n_runs; i++) {
        run_print(&bench->runs[i], stream);
        fprintf(stream, "%s\n", i + 1 < bench->n_runs ? "," : "");
    }
    fprintf(stream, "  ],\n  \"summary\": [\n");
    for (uint32_t i = 0; i < n; i++) {
        export_row_print(bench, &rows->items[i], stream);
        fprintf(stream, "%s\n", i + 1 < n ? "," : "");
    }
    words_answer(rows, answer, sizeof answer);
    fprintf(stream, "  ],\n  \"answer\": ");
    string_print(answer, stream);
    fprintf(stream, "\n}\n");
}
