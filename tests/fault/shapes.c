/* The inputs are few lines each, since thousands of jobs read them. */
#include "shapes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "random.h"

#define SECONDS_MAX 300 /* for one job; more is a hang */
#define LONG_LINE_SIZE 140000
#define SMALL_MEMORY (5 << 19) /* about as little as there may be */

const struct shape shapes[N_SHAPES] = {
    {.name = "file", .workers = 2, .partition_size = 1000},
    {.name = "file, no fork", .partition_size = 1000},
    {.name = "pipe", .pipe = 1, .workers = 2, .partition_size = 1000, .to = TO_RESULT},
    {.name = "pipe, no fork", .pipe = 1, .partition_size = 1000},
    {.name = "lines", .workers = 2, .partition_lines = 70, .words = 1, .to = TO_PIPE},
    {.name = "lines, no fork", .partition_lines = 70, .words = 1, .to = TO_RESULT},
    {.name = "rounds", .workers = 2, .partition_size = 500, .fan_in = 2, .top = 7},
    {.name = "spill", .workers = 2, .partition_size = 40, .memory = SMALL_MEMORY},
    {.name = "spill, no fork", .partition_size = 40, .fan_in = 20, .memory = SMALL_MEMORY},
    {.name = "rejects", .workers = 2, .partition_size = 1000, .input = BAD, .to = TO_LINK},
    {.name = "rejects, no fork", .pipe = 1, .input = BAD, .to = TO_LINK},
    {.name = "long line", .workers = 1, .input = LONG},
    {.name = "long line, no fork", .pipe = 1, .partition_size = 1000, .input = LONG},
    {.name = "sum", .workers = 2, .partition_size = 200, .input = COUNTS},
    {.name = "sorted", .sorted = 1, .input = COUNTS},
    {.name = "v3", .workers = 2, .partition_size = 1000, .filters = 1, .input = V3},
    {.name = "text", .pipe = 1, .workers = 2, .partition_size = 300, .input = TEXT, .to = TO_PIPE},
    {.name = "columns",
     .workers = 2,
     .partition_size = 500,
     .columns = 1,
     .top = 7,
     .input = DATED},
    {.name = "table", .workers = 2, .partition_size = 500, .input = COUNTS, .table = 1},
    {.name = "sorted pipe", .pipe = 1, .sorted = 1, .words = 1, .input = COUNTS, .to = TO_PIPE},
};

static struct {
    char folder[256], output[300], link[300], rejects[300], totals[300];
    char paths[N_INPUTS][300];
    struct bytes inputs[N_INPUTS];
    struct bytes ones; /* the words of TEXT as lines of v2 */
} files;

static const char *const words[] = {"word1", "nothing", "word30"};
enum { N_WORDS = sizeof words / sizeof *words };

static char old_text[] = "old";
const struct bytes shape_old_output = {old_text, sizeof old_text - 1, 0};

/* GOOD in other formats. */
static void make_others(void)
{
    const struct bytes *good = &files.inputs[GOOD];
    for (const char *line = good->data, *end = line + good->size; line < end;) {
        const char *field[5] = {line};
        for (int i = 1; i < 5; i++)
            field[i] = field[i - 1] + strcspn(field[i - 1], "\t\n") + 1;
        int sizes[4];
        for (int i = 0; i < 4; i++)
            sizes[i] = (int)(field[i + 1] - 1 - field[i]);
        bytes_print(&files.inputs[V3], "%.*s\t%.*s,%.*s,%.*s\n", sizes[0], field[0], sizes[1],
                    field[1], sizes[2], field[2], sizes[3], field[3]);
        /* Digits are no letters. */
        unsigned number = (unsigned)atoi(field[0] + strlen("word"));
        char text[3] = {(char)('a' + number / 10), (char)('a' + number % 10)};
        bytes_print(&files.inputs[TEXT], "%s%s", text, sizes[2] % 3 ? ", " : "\n");
        bytes_print(&files.ones, "%s\t1\t1\t1\n", text);
        line = (const char *)memchr(line, '\n', (size_t)(end - line)) + 1;
    }
}

/* The i-th input, as lines of its own; COUNTS, V3 and TEXT are GOOD in other formats. */
static void make_input(int i, uint64_t *random)
{
    struct bytes *input = &files.inputs[i];
    struct oracle oracle;
    char word[32];
    if (i == COUNTS) {
        make_others();
        oracle_count(&oracle, &files.inputs[GOOD], 1, &(struct oracle_filter){0});
        oracle_write(&oracle, input);
        oracle_release(&oracle);
    }
    for (int line = 0; i < COUNTS && line < 180; line++) {
        int size = snprintf(word, sizeof word, "word%zu", random_below(random, 40));
        sample_add_line(input, random, word, (size_t)size, 0);
        if (i == BAD && line % 9 == 0)
            bytes_print(input, "bad\t1999\tx%d\t1\n", line);
    }
    for (int line = 0; i == DATED && line < 180; line++)
        bytes_print(input, "word%zu\t%d\t%d\t1\n", random_below(random, 40), 1000 + line * 6, line);
    for (int byte = 0; i == LONG && byte < LONG_LINE_SIZE; byte += 100)
        bytes_print(input, "%s%0100d", byte == 0 ? "long\t1999\t7\t" : "", 0);
    bytes_print(input, "%s", i == LONG ? "\n" : "");
}

int shapes_make(void)
{
    static const char *const names[] = {"good", "bad", "long", "counts", "v3", "text", "dated"};
    struct bytes totals = {0};
    uint64_t random = 1;
    make_folder(files.folder, sizeof files.folder);
    snprintf(files.output, sizeof files.output, "%s/output", files.folder);
    snprintf(files.link, sizeof files.link, "%s/link", files.folder);
    snprintf(files.rejects, sizeof files.rejects, "%s/rejects", files.folder);
    snprintf(files.totals, sizeof files.totals, "%s/totals", files.folder);
    for (int i = 0; i < N_INPUTS; i++) {
        make_input(i, &random);
        snprintf(files.paths[i], sizeof files.paths[i], "%s/%s", files.folder, names[i]);
        if (bytes_save(&files.inputs[i], files.paths[i]) < 0)
            return -1;
    }
    bytes_print(&totals, " ");
    for (int year = 1000; year < 2100; year++)
        bytes_print(&totals, "\t%d,1000000,1000,10", year);
    bytes_print(&totals, "\t");
    int rc = bytes_save(&totals, files.totals);
    bytes_release(&totals);
    return rc;
}

void shapes_remove(void)
{
    for (int i = 0; i < N_INPUTS; i++)
        bytes_release(&files.inputs[i]);
    bytes_release(&files.ones);
    remove_folder(files.folder);
}

static size_t n_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    size_t n = 0;
    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
}

void outcome_release(struct outcome *outcome)
{
    bytes_release(&outcome->output);
    bytes_release(&outcome->rejects);
}

/* Standard input becomes a pipe with all of the input in it. */
static void stdin_fill(const struct bytes *input)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0 || fcntl(fds[1], F_SETPIPE_SZ, 2 * LONG_LINE_SIZE) < 0 ||
        write(fds[1], input->data, input->size) != (ssize_t)input->size ||
        dup2(fds[0], STDIN_FILENO) < 0)
        abort();
    close(fds[0]);
    close(fds[1]);
}

/* Runs the job, with what is armed, and gives the code it ends with. */
static int run_job(const struct shape *shape, int output_fd, struct outcome *outcome)
{
    const char *path = shape->pipe ? "-" : files.paths[shape->input];
    wm_result *result = NULL;
    wm_options o;
    wm_options_init(&o);
    o.workers = shape->workers;
    o.partition_size = shape->partition_size;
    o.partition_lines = shape->partition_lines;
    o.fan_in = shape->fan_in;
    o.memory = shape->memory ? shape->memory : 16 << 20;
    o.top = shape->top;
    o.format = shape->input == COUNTS ? WM_FORMAT_COUNTS : WM_FORMAT_AUTO;
    o.sorted = shape->sorted;
    o.words = shape->words ? words : NULL;
    o.n_words = shape->words ? N_WORDS : 0;
    if (shape->input == BAD) {
        o.on_bad_line = WM_SKIP;
        o.rejects = files.rejects;
    }
    if (shape->filters) {
        o.match = "word";
        o.pos = "untagged";
        o.strip_pos = 1;
        o.fold_case = WM_FOLD_DOMINANT;
        o.min_count = 1;
    }
    o.rank = shape->columns;
    o.totals = shape->columns ? files.totals : NULL;
    o.output_format = shape->table ? WM_OUTPUT_TABLE : WM_OUTPUT_TSV;
    if (shape->to == TO_FILE)
        o.output = files.output;
    else if (shape->to == TO_LINK)
        o.output = files.link;
    else if (shape->to == TO_PIPE)
        o.output_fd = output_fd;
    int rc = wm_run(&o, &path, 1, &result, &outcome->error);
    if (rc < 0)
        return result ? 1 : rc; /* out-parameters are left alone */
    outcome->stats = *wm_result_stats(result);
    if (shape->to == TO_RESULT)
        rc = wm_result_write(result, WM_OUTPUT_TSV, output_fd, &outcome->error);
    wm_result_free(result);
    return rc;
}

void shape_run(const struct shape *shape, const struct injection *injection,
               struct outcome *outcome, uint64_t *n_calls)
{
    *outcome = (struct outcome){.code = 0};
    unlink(files.output);
    unlink(files.rejects);
    unlink(files.link);
    if (shape->to == TO_LINK &&
        (bytes_save(&shape_old_output, files.output) < 0 || symlink("output", files.link) < 0))
        abort();
    size_t n_files = count_files(files.folder);
    if (shape->pipe)
        stdin_fill(&files.inputs[shape->input]);
    int output_fd = shape->to == TO_RESULT ? memfd_create("output", MFD_CLOEXEC) : -1;
    int fds[2] = {-1, -1};
    if (shape->to == TO_PIPE) {
        if (pipe2(fds, O_CLOEXEC) < 0)
            abort();
        output_fd = fds[1];
    }
    size_t descriptors = n_descriptors();
    long n_held = inject_n_held();

    alarm(SECONDS_MAX);
    inject_start(injection);
    outcome->code = run_job(shape, output_fd, outcome);
    *n_calls = inject_stop();
    alarm(0);

    outcome->n_held = inject_n_held() - n_held;
    outcome->n_descriptors = (long)n_descriptors() - (long)descriptors;
    outcome->has_child = waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD;
    outcome->n_files = count_files(files.folder) - n_files;
    bytes_load(&outcome->rejects, files.rejects);
    if (shape->to == TO_FILE || shape->to == TO_LINK)
        bytes_load(&outcome->output, files.output);
    if (shape->to == TO_RESULT)
        lseek(output_fd, 0, SEEK_SET);
    if (shape->to == TO_PIPE) {
        close(output_fd);
        output_fd = fds[0];
    }
    if (output_fd >= 0) {
        bytes_read(&outcome->output, output_fd);
        close(output_fd);
    }
}

static const struct bytes *oracle_input(enum input input)
{
    return input == TEXT                    ? &files.ones
           : input == COUNTS || input == V3 ? &files.inputs[GOOD]
                                            : &files.inputs[input];
}

void shape_count(const struct shape *shape, struct oracle *oracle)
{
    const struct oracle_filter filter = {.words = words,
                                         .n_words = shape->words ? N_WORDS : 0,
                                         .top = shape->top,
                                         .by_count = shape->top > 0};
    oracle_count(oracle, oracle_input(shape->input), 1, &filter);
}

static int add_line(const char *word, size_t size, uint64_t count, void *user)
{
    bytes_add(user, word, size);
    bytes_print(user, "\t%llu\n", (unsigned long long)count);
    return 0;
}

int shape_lines(const struct shape *shape, const struct bytes *output, struct bytes *lines)
{
    if (shape->table) {
        wm_table *table;
        if (wm_table_open(files.output, &table, NULL) != 0)
            return -1;
        int rc = wm_table_each(table, "", 0, add_line, lines, NULL);
        wm_table_close(table);
        return rc;
    }
    unsigned n_tabs = 0;
    for (size_t i = 0; i < output->size; i++) {
        n_tabs = output->data[i] == '\n' ? 0 : n_tabs + (output->data[i] == '\t');
        if (n_tabs < 2)
            bytes_add(lines, &output->data[i], 1);
    }
    return 0;
}
