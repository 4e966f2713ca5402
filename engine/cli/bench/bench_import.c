/*
 * The table of measures says what a run has, so reading goes by it as writing does. A value that is
 * missing or of another type is the end, with its name.
 */
#include "bench/bench_import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"

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

static double number_get(struct reader *reader, const json_t *object, const char *name)
{
    char what[96];
    const json_t *value = get(reader, object, name);
    double number = json_number_value(value);
    if (value && (!json_is_number(value) || !(number >= 0))) {
        snprintf(what, sizeof what, "\"%s\" is not a number from 0 on", name);
        fail(reader, what);
    }
    return value && number >= 0 ? number : 0;
}

static uint64_t whole_get(struct reader *reader, const json_t *object, const char *name)
{
    double number = number_get(reader, object, name);
    const json_t *value = json_object_get(object, name);
    if (json_is_integer(value) && number >= 0)
        return (uint64_t)json_integer_value(value);
    fail(reader, "a count is no whole number");
    return 0;
}

static void string_get(struct reader *reader, const json_t *object, const char *name, char *text,
                       size_t room)
{
    const char *value = json_string_value(get(reader, object, name));
    if (!value)
        fail(reader, "a name is no string");
    else
        snprintf(text, room, "%s", value);
}

static int truth_get(struct reader *reader, const json_t *object, const char *name)
{
    return json_is_true(get(reader, object, name));
}

static void axis_get(struct reader *reader, const json_t *axes, const char *name, int has_auto,
                     struct axis *axis)
{
    const json_t *list = get(reader, axes, name);
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_int_t value = json_integer_value(json_array_get(list, i));
        if (value < 0 || axis_add(axis, value == 0 && has_auto ? AXIS_AUTO : (uint64_t)value) < 0)
            fail(reader, "an axis has too many values");
    }
    if (axis->n == 0)
        fail(reader, "an axis has no values");
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

static void field_get(struct reader *reader, const json_t *run, const struct measure_field *field,
                      struct measure *measure)
{
    char *at = (char *)measure + field->at;
    double *real = (double *)(void *)at;
    uint64_t *whole = (uint64_t *)(void *)at;
    const json_t *value = get(reader, run, field->name);
    switch (field->kind) {
    case MEASURE_WHOLE:
        *whole = whole_get(reader, run, field->name);
        break;
    case MEASURE_NUMBER:
        *whole = whole_get(reader, run, field->name) - 1;
        break;
    case MEASURE_SECONDS:
        *real = number_get(reader, run, field->name);
        break;
    case MEASURE_ROUNDS:
        for (size_t i = 0; i < json_array_size(value) && i < WM_ROUNDS_MAX; i++)
            real[i] = json_number_value(json_array_get(value, i));
        break;
    case MEASURE_SHARE:
        *real = json_is_null(value) ? -1 : number_get(reader, run, field->name);
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
    for (size_t i = 0; i < n && reader->code == 0; i++) {
        struct measure *run = &bench->runs[i];
        for (int k = 0; k < N_MEASURE_FIELDS && reader->code == 0; k++)
            field_get(reader, json_array_get(list, i), &measure_fields[k], run);
        if (run->configuration >= bench_n(bench) || run->round >= n)
            fail(reader, "a run is of a configuration or a round that is not there");
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
        uint64_t same_as = whole_get(reader, row, "same_as");
        const char *error = json_string_value(json_object_get(row, "error"));
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

static void load_get(struct reader *reader, const json_t *object, struct load *load)
{
    if (!json_is_object(object))
        return;
    load->is_known = 1;
    load->seconds = number_get(reader, object, "seconds");
    load->cpus = number_get(reader, object, "cpus");
    load->steal_seconds = number_get(reader, object, "steal_seconds");
    load->other_seconds = number_get(reader, object, "other_seconds");
}

static void machine_get(struct reader *reader, const json_t *root, struct machine *machine)
{
    const json_t *object = get(reader, root, "machine");
    string_get(reader, root, "wordmill", machine->version, sizeof machine->version);
    string_get(reader, root, "date", machine->date, sizeof machine->date);
    string_get(reader, object, "system", machine->system, sizeof machine->system);
    string_get(reader, object, "architecture", machine->architecture, sizeof machine->architecture);
    string_get(reader, object, "cpu", machine->cpu, sizeof machine->cpu);
    machine->cpus = (int)whole_get(reader, object, "cpus");
}

static void settings_get(struct reader *reader, const json_t *root, struct imported *imported)
{
    struct bench *bench = &imported->bench;
    const json_t *settings = get(reader, root, "settings"), *axes = get(reader, root, "axes");
    bench->is_cold = truth_get(reader, settings, "cold");
    bench->warmup = (unsigned)whole_get(reader, settings, "warmup");
    bench->seed = whole_get(reader, settings, "seed");
    bench->other = json_string_value(get(reader, settings, "other"));
    imported->is_interrupted = truth_get(reader, settings, "interrupted");
    bench->grid.by_lines = truth_get(reader, axes, "by_lines");
    axis_get(reader, axes, "partitions", 1, &bench->grid.partitions);
    axis_get(reader, axes, "workers", 0, &bench->grid.workers);
    axis_get(reader, axes, "fan_ins", 1, &bench->grid.fan_ins);
}

static void input_get(struct reader *reader, const json_t *root, struct imported *imported)
{
    struct bench *bench = &imported->bench;
    const json_t *input = get(reader, root, "input"), *command = get(reader, root, "command");
    const json_t *files = get(reader, input, "files");
    bench->bytes = whole_get(reader, input, "bytes");
    bench->lines = whole_get(reader, input, "lines");
    bench->words = whole_get(reader, input, "words");
    bench->rejected = whole_get(reader, input, "rejected");
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
    char found[64] = "";
    json_error_t error;
    *imported = (struct imported){.bench = {.expected_fd = -1, .output_fd = -1}};
    FILE *file = fopen(path, "re");
    if (!file) {
        console_say("cannot open '%s': %s", path, console_reason(errno));
        return WM_EOPEN;
    }
    imported->root = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
    fclose(file);
    if (!imported->root)
        fail(&reader, error.text);
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
        states_get(&reader, get(&reader, imported->root, "summary"), &imported->bench);
    if (reader.code == 0)
        runs_get(&reader, get(&reader, imported->root, "runs"), &imported->bench);
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
