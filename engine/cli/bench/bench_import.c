/*
 * The table of measures says what a run has, so reading goes by it as writing does. A value that is
 * missing or of another type is the end, with its name.
 */
#include "bench/bench_import.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"

/* Nobody measures for so long, so sums and ratios of what was read are numbers. */
#define SECONDS_MOST 1e9

static const char schema[] = "wordmill-bench/2";

struct reader {
    const char *path;
    int code; /* of the first failure, which was said */
};

static void fail(struct reader *reader, const char *what)
{
    if (reader->code == 0)
        console_say("'%s' is no report that 'wordmill bench --json' wrote: %s", reader->path, what);
    reader->code = WM_EREAD;
}

static void fail_named(struct reader *reader, const char *name, const char *what)
{
    char text[128];
    snprintf(text, sizeof text, "\"%s\" is %s", name, what);
    fail(reader, text);
}

static const json_t *get(struct reader *reader, const json_t *object, const char *name)
{
    char what[96];
    const json_t *value = json_object_get(object, name);
    if (!value) {
        snprintf(what, sizeof what, "it has no \"%s\"", name);
        fail(reader, what);
    }
    return value;
}

static const json_t *list_get(struct reader *reader, const json_t *object, const char *name)
{
    const json_t *value = get(reader, object, name);
    if (!json_is_array(value))
        fail_named(reader, name, "not a list");
    return value;
}

static double number_get(struct reader *reader, const json_t *object, const char *name, double most)
{
    const json_t *value = get(reader, object, name);
    double number = json_number_value(value);
    if (!json_is_number(value) || !(number >= 0))
        fail_named(reader, name, "not a number from 0 on");
    else if (number > most)
        fail_named(reader, name, "too large");
    else
        return number;
    return 0;
}

static uint64_t whole_get(struct reader *reader, const json_t *object, const char *name,
                          int64_t most)
{
    double number = number_get(reader, object, name, (double)most);
    const json_t *value = json_object_get(object, name);
    if (!json_is_integer(value))
        fail_named(reader, name, "not a whole number");
    return number > 0 ? (uint64_t)json_integer_value(value) : 0;
}

/* To microseconds, as they were written. */
static double seconds_get(struct reader *reader, const json_t *object, const char *name)
{
    return round(number_get(reader, object, name, SECONDS_MOST) * 1e6) / 1e6;
}

static void string_get(struct reader *reader, const json_t *object, const char *name, char *text,
                       size_t room)
{
    const char *value = json_string_value(get(reader, object, name));
    if (!value)
        fail_named(reader, name, "not a string");
    else
        snprintf(text, room, "%s", value);
}

/* NULL for null. */
static const char *text_get(struct reader *reader, const json_t *object, const char *name)
{
    const json_t *value = get(reader, object, name);
    if (!json_is_string(value) && !json_is_null(value))
        fail_named(reader, name, "neither a string nor null");
    return json_string_value(value);
}

static int truth_get(struct reader *reader, const json_t *object, const char *name)
{
    const json_t *value = get(reader, object, name);
    if (!json_is_boolean(value))
        fail_named(reader, name, "neither true nor false");
    return json_is_true(value);
}

/* As they were written, ascending: the number of a configuration goes by their order. */
static void axis_get(struct reader *reader, const json_t *axes, const char *name, int has_auto,
                     int64_t most, struct axis *axis)
{
    const json_t *list = list_get(reader, axes, name);
    for (size_t i = 0; i < json_array_size(list) && reader->code == 0; i++) {
        const json_t *item = json_array_get(list, i);
        json_int_t number = json_integer_value(item);
        uint64_t value = number == 0 && has_auto ? AXIS_AUTO : (uint64_t)number;
        if (!json_is_integer(item) || number < 0 || number > most)
            fail_named(reader, name, "no list of numbers that can be");
        else if (axis_add(axis, value) < 0)
            fail_named(reader, name, "too long");
        else if (axis->n != i + 1 || axis->values[i] != value)
            fail_named(reader, name, "not in ascending order");
    }
    if (axis->n == 0)
        fail_named(reader, name, "empty");
}

/* Strings of a list, at the next places of imported->strings. */
static size_t strings_get(struct reader *reader, const json_t *list, const char **strings)
{
    size_t n = json_array_size(list);
    for (size_t i = 0; i < n; i++) {
        strings[i] = json_string_value(json_array_get(list, i));
        if (!strings[i]) {
            fail(reader, "a name is no string");
            return 0;
        }
    }
    return n;
}

/* The seconds of as many rounds as the run had. */
static void rounds_get(struct reader *reader, const json_t *run, const char *name,
                       struct measure *measure)
{
    const json_t *list = list_get(reader, run, name);
    size_t n = measure->rounds < WM_ROUNDS_MAX ? (size_t)measure->rounds : WM_ROUNDS_MAX;
    if (json_array_size(list) != n)
        fail_named(reader, name, "not as long as \"rounds\" says");
    for (size_t i = 0; i < n && reader->code == 0; i++) {
        const json_t *item = json_array_get(list, i);
        measure->round_seconds[i] = json_number_value(item);
        if (!json_is_number(item) || !(measure->round_seconds[i] >= 0) ||
            measure->round_seconds[i] > SECONDS_MOST)
            fail_named(reader, name, "no list of seconds");
    }
}

static void field_get(struct reader *reader, const json_t *run, const struct measure_field *field,
                      struct measure *measure)
{
    char *at = (char *)measure + field->at;
    double *real = (double *)(void *)at;
    uint64_t *whole = (uint64_t *)(void *)at;
    switch (field->kind) {
    case MEASURE_WHOLE:
        *whole = whole_get(reader, run, field->name, INT64_MAX);
        break;
    case MEASURE_NUMBER:
        *whole = whole_get(reader, run, field->name, UINT32_MAX) - 1;
        break;
    case MEASURE_SECONDS:
        *real = seconds_get(reader, run, field->name);
        break;
    case MEASURE_ROUNDS:
        rounds_get(reader, run, field->name, measure);
        break;
    case MEASURE_SHARE:
        *real = json_is_null(get(reader, run, field->name))
                    ? -1
                    : number_get(reader, run, field->name, 1);
        break;
    }
}

static void runs_get(struct reader *reader, const json_t *list, struct bench *bench)
{
    size_t n = json_array_size(list);
    bench->runs = calloc(n + 1, sizeof *bench->runs);
    if (!bench->runs || n > UINT32_MAX) {
        fail(reader, "it is too large");
        return;
    }
    if (n == 0)
        fail(reader, "it has no runs");
    for (size_t i = 0; i < n && reader->code == 0; i++) {
        struct measure *run = &bench->runs[i];
        for (int k = 0; k < N_MEASURE_FIELDS && reader->code == 0; k++)
            field_get(reader, json_array_get(list, i), &measure_fields[k], run);
        if (run->configuration >= bench_n(bench) || run->round >= n)
            fail(reader, "a run is of a configuration or a round that is not there");
        else if (!(run->seconds > 0))
            fail(reader, "a run took no time");
        if (reader->code < 0)
            return;
        struct config_state *state = &bench->states[run->configuration];
        if (!state->is_seen)
            state->seen = *run;
        state->is_seen = 1;
    }
    bench->n_runs = (uint32_t)n;
}

static void states_get(struct reader *reader, const json_t *list, struct bench *bench)
{
    uint32_t n = bench_n(bench);
    bench->states = calloc(n, sizeof *bench->states);
    if (!bench->states || json_array_size(list) != n) {
        fail(reader, "its summary has not as many configurations as its axes");
        return;
    }
    for (uint32_t i = 0; i < n && reader->code == 0; i++) {
        struct config_state *state = &bench->states[i];
        const json_t *row = json_array_get(list, i);
        uint64_t same_as = whole_get(reader, row, "same_as", UINT32_MAX);
        const char *error = text_get(reader, row, "error");
        if (same_as < 1 || same_as > n)
            fail(reader, "a configuration is the same as one that is not there");
        else
            state->same_as = (uint32_t)same_as - 1;
        if (error) {
            state->error.code = WM_ELIMIT;
            snprintf(state->error.message, sizeof state->error.message, "%s", error);
        }
    }
    for (uint32_t i = 0; i < n && reader->code == 0; i++)
        if (bench->states[bench->states[i].same_as].same_as != bench->states[i].same_as)
            fail(reader, "a configuration is the same as one that is the same as another");
}

static void load_get(struct reader *reader, const json_t *object, struct machine_load *load)
{
    if (json_is_null(object))
        return;
    load->is_known = 1;
    load->seconds = number_get(reader, object, "seconds", SECONDS_MOST);
    load->cpus = number_get(reader, object, "cpus", INT_MAX);
    load->steal_seconds = number_get(reader, object, "steal_seconds", SECONDS_MOST);
    load->other_seconds = number_get(reader, object, "other_seconds", SECONDS_MOST);
}

static void machine_get(struct reader *reader, const json_t *root, struct machine *machine)
{
    const json_t *object = get(reader, root, "machine");
    string_get(reader, root, "wordmill", machine->version, sizeof machine->version);
    string_get(reader, root, "date", machine->date, sizeof machine->date);
    string_get(reader, object, "system", machine->system, sizeof machine->system);
    string_get(reader, object, "architecture", machine->architecture, sizeof machine->architecture);
    string_get(reader, object, "cpu", machine->cpu, sizeof machine->cpu);
    machine->cpus = (int)whole_get(reader, object, "cpus", INT_MAX);
}

static void settings_get(struct reader *reader, const json_t *root, struct imported *imported)
{
    struct bench *bench = &imported->bench;
    const json_t *settings = get(reader, root, "settings"), *axes = get(reader, root, "axes");
    bench->is_cold = truth_get(reader, settings, "cold");
    bench->warmup = (unsigned)whole_get(reader, settings, "warmup", UINT32_MAX);
    bench->seed = whole_get(reader, settings, "seed", INT64_MAX);
    bench->other = text_get(reader, settings, "other");
    imported->is_interrupted = truth_get(reader, settings, "interrupted");
    bench->grid.by_lines = truth_get(reader, axes, "by_lines");
    axis_get(reader, axes, "partitions", 1, INT64_MAX, &bench->grid.partitions);
    axis_get(reader, axes, "workers", 0, INT_MAX, &bench->grid.workers);
    axis_get(reader, axes, "fan_ins", 1, INT_MAX, &bench->grid.fan_ins);
}

static void input_get(struct reader *reader, const json_t *root, struct imported *imported)
{
    struct bench *bench = &imported->bench;
    const json_t *input = get(reader, root, "input"), *command = list_get(reader, root, "command");
    const json_t *files = list_get(reader, input, "files");
    bench->bytes = whole_get(reader, input, "bytes", INT64_MAX);
    bench->lines = whole_get(reader, input, "lines", INT64_MAX);
    bench->words = whole_get(reader, input, "words", INT64_MAX);
    bench->rejected = whole_get(reader, input, "rejected", INT64_MAX);
    imported->strings =
        calloc(json_array_size(files) + json_array_size(command) + 1, sizeof *imported->strings);
    if (!imported->strings || json_array_size(files) == 0) {
        fail(reader, "it names no files");
        return;
    }
    bench->paths = imported->strings;
    bench->n_paths = strings_get(reader, files, imported->strings);
    imported->machine.command = imported->strings + bench->n_paths;
    imported->machine.n_command = strings_get(reader, command, imported->strings + bench->n_paths);
}

int import_read(const char *path, struct imported *imported)
{
    struct reader reader = {.path = path};
    char found[JSON_ERROR_TEXT_LENGTH + 32] = "";
    json_error_t error;
    *imported = (struct imported){.bench = {.expected_fd = -1, .output_fd = -1}};
    FILE *file = fopen(path, "re");
    if (!file) {
        console_say("cannot open '%s': %s", path, console_reason(errno));
        return WM_EOPEN;
    }
    imported->root = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
    int reason = ferror(file) ? errno : 0;
    fclose(file);
    if (reason != 0) {
        console_say("cannot read '%s': %s", path, console_reason(reason));
        return WM_EREAD;
    }
    if (!imported->root) {
        snprintf(found, sizeof found, "line %d: %s", error.line, error.text);
        fail(&reader, found);
    }
    if (reader.code == 0)
        string_get(&reader, imported->root, "schema", found, sizeof found);
    if (reader.code == 0 && strcmp(found, schema) != 0)
        fail(&reader, "it is of another version, so measure again");
    if (reader.code == 0)
        settings_get(&reader, imported->root, imported);
    if (reader.code == 0)
        input_get(&reader, imported->root, imported);
    if (reader.code == 0)
        machine_get(&reader, imported->root, &imported->machine);
    if (reader.code == 0)
        states_get(&reader, list_get(&reader, imported->root, "summary"), &imported->bench);
    if (reader.code == 0)
        runs_get(&reader, list_get(&reader, imported->root, "runs"), &imported->bench);
    if (reader.code == 0)
        load_get(&reader, get(&reader, imported->root, "load"), &imported->bench.load);
    return reader.code;
}

void import_release(struct imported *imported)
{
    bench_release(&imported->bench);
    free(imported->strings);
    json_decref(imported->root);
}
