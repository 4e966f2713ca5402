/*
 * However the inputs are cut up, every byte and every line of them belongs to exactly one task:
 * byte ranges are compared with arithmetic, numbers of lines with a walk from line to line.
 */
#include "plan/partition.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "oracle.h"
#include "random.h"
#include "scan/scan.h"
#include "scan/variants.h"

#define N_CUTS 3000
#define N_TEXTS 60
#define N_FILES_MAX 8

static char folder[256];
static char path[300];

static int enter_folder(void **state)
{
    (void)state;
    make_folder(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/input", folder);
    return 0;
}

static int leave_folder(void **state)
{
    (void)state;
    remove_folder(folder);
    return 0;
}

static void check(uint64_t seed, int holds, const char *what)
{
    if (!holds)
        fail_msg("seed %llu: %s", (unsigned long long)seed, what);
}

static void check_ranges(uint64_t seed, const struct partitions *p, const struct inputs *inputs,
                         uint64_t size)
{
    unsigned char seen[N_FILES_MAX] = {0};
    uint64_t last_size = UINT64_MAX;
    for (uint32_t i = 0; i < p->n;) {
        uint32_t number = p->tasks[i].input;
        const struct input *input = &inputs->items[number];
        uint64_t at = input->share_start, file_size = input->share_end - at;
        check(seed, !inputs->is_stream[number] && !seen[number]++, "a file comes twice");
        check(seed, file_size <= last_size, "a larger file comes later");
        last_size = file_size;
        for (; i < p->n && p->tasks[i].input == number; i++) {
            const struct map_task *task = &p->tasks[i];
            check(seed, task->start == at && task->end > at, "a gap, an overlap or an empty range");
            check(seed, task->end - at == size || task->end == input->share_end, "a wrong size");
            check(seed, task->n_lines == 0 && task->skip_lines == 0 && task->block.count == 0,
                  "a range with lines or a block");
            at = task->end;
        }
        check(seed, at == input->share_end, "the end of a file is missing");
    }
    for (size_t i = 0; i < inputs->n; i++)
        check(seed,
              seen[i] || inputs->is_stream[i] ||
                  inputs->items[i].share_start == inputs->items[i].share_end,
              "a file is missing");
}

static void ranges_cover_every_byte_once_and_the_largest_file_first(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= N_CUTS; seed++) {
        uint64_t random = seed;
        struct input items[N_FILES_MAX] = {{0}};
        unsigned char is_stream[N_FILES_MAX] = {0};
        struct inputs inputs = {.items = items, .is_stream = is_stream};
        struct partitions partitions = {0};
        uint64_t scale = UINT64_C(1) << random_below(&random, 45);
        inputs.n = random_below(&random, N_FILES_MAX + 1);
        for (size_t i = 0; i < inputs.n; i++) {
            items[i].size = random_below(&random, 100) * scale / (1 + random_below(&random, 3));
            is_stream[i] = random_below(&random, 5) == 0;
            if (random_below(&random, 4) == 0 && items[i].size > 0)
                items[i].start = random_next(&random) % (items[i].size + 1);
            items[i].share_start = items[i].start;
            items[i].share_end = items[i].size;
            if (is_stream[i])
                inputs.n_streams++;
            else
                inputs.size += items[i].size - items[i].start;
        }
        if (random_below(&random, 2)) {
            uint32_t n_shards = 1 + (uint32_t)random_below(&random, 9);
            inputs_share(&inputs, 1 + (uint32_t)random_below(&random, n_shards), n_shards);
        }
        uint64_t size = 1 + random_next(&random) % (2 * scale);
        if (random_below(&random, 20) == 0)
            size = UINT64_MAX - random_below(&random, 2);
        check(seed, partitions_cut(&partitions, &inputs, size, 0, NULL) == 0, "cutting failed");
        check_ranges(seed, &partitions, &inputs, size);
        partitions_release(&partitions);
    }
}

/* Shares that follow each other, in files that do: no byte between them, none in two. */
static void shares_cover_every_byte_and_every_stream_once(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= N_CUTS; seed++) {
        uint64_t random = seed, most = 0, least = UINT64_MAX;
        struct input items[N_FILES_MAX] = {{0}};
        unsigned char is_stream[N_FILES_MAX] = {0};
        uint64_t at[N_FILES_MAX], sum = 0;
        size_t n = random_below(&random, N_FILES_MAX + 1), n_streams = 0;
        uint64_t scale = UINT64_C(1) << random_below(&random, 54);
        for (size_t i = 0; i < n; i++) {
            items[i].size = random_below(&random, 100) * scale / (1 + random_below(&random, 3));
            is_stream[i] = random_below(&random, 5) == 0;
            items[i].start = random_next(&random) % (items[i].size + 1);
            at[i] = items[i].start;
            n_streams += is_stream[i];
            sum += is_stream[i] ? 0 : items[i].size - items[i].start;
        }
        uint32_t n_shards = 1 + (uint32_t)random_below(&random, random_below(&random, 2) ? 9 : 999);
        for (uint32_t shard = 1; shard <= n_shards; shard++) {
            struct input share_items[N_FILES_MAX];
            unsigned char streams[N_FILES_MAX];
            memcpy(share_items, items, sizeof items);
            memcpy(streams, is_stream, sizeof streams);
            struct inputs share = {.items = share_items,
                                   .is_stream = streams,
                                   .n = n,
                                   .n_streams = n_streams,
                                   .size = sum};
            inputs_share(&share, shard, n_shards);
            uint64_t size = 0;
            for (size_t i = 0; i < n; i++) {
                if (is_stream[i]) {
                    at[i] -= streams[i]; /* below start: it was had once */
                    share.n_streams -= streams[i];
                    continue;
                }
                const struct input *input = &share_items[i];
                check(seed, input->share_start == at[i], "a gap or an overlap");
                at[i] = input->share_end;
                size += input->share_end - input->share_start;
            }
            check(seed, share.size == size && share.n_streams == 0, "a sum is wrong");
            most = size > most ? size : most;
            least = size < least ? size : least;
        }
        for (size_t i = 0; i < n; i++)
            check(seed, at[i] == (is_stream[i] ? items[i].start - 1 : items[i].size),
                  "the end of a file, or a stream, is missing");
        check(seed, most - least <= 1, "shares are not equal");
    }
}

static void make_text(uint64_t *random, struct bytes *text)
{
    static const size_t sizes[] = {3, 40, 2000, 70000, 300000};
    size_t longest = sizes[random_below(random, 5)];
    size_t size = random_below(random, 500000);
    static char line[300001];
    if (random_below(random, 4) == 0)
        size = SPLIT_BLOCK_SIZE * (1 + random_below(random, 4)) - random_below(random, 3);
    memset(line, 'x', sizeof line);
    while (text->size < size) {
        bytes_add(text, line, random_below(random, random_below(random, 3) ? 30 : longest));
        bytes_add(text, "\n", 1);
    }
    if (random_below(random, 2) && size > 0)
        text->size = size; /* it may end anywhere */
}

struct line_reader {
    uint64_t *start; /* n + 1; the last one is the end */
    uint64_t n;
};

static struct line_reader find_lines(const struct bytes *text, uint64_t from)
{
    struct line_reader lines = {malloc((text->size - from + 2) * sizeof(uint64_t)), 0};
    for (uint64_t at = from; at < text->size;) {
        const char *lf = memchr(text->data + at, '\n', text->size - at);
        lines.start[lines.n++] = at;
        at = lf ? (uint64_t)(lf + 1 - text->data) : text->size;
    }
    lines.start[lines.n] = text->size;
    return lines;
}

/* What the map does with a task, a line at a time: where the lines it takes start and end. */
static void walk_task(struct source *source, const struct map_task *task, uint64_t *n_taken,
                      uint64_t *start, uint64_t *end)
{
    uint64_t skip = task->skip_lines;
    const char *data;
    size_t size;
    uint64_t offset;
    *n_taken = *start = *end = 0;
    while (source_next(source, &data, &size, &offset) == 0 && size > 0) {
        for (size_t at = 0; at < size && *n_taken < task->n_lines;) {
            const char *lf = memchr(data + at, '\n', size - at);
            size_t next = lf ? (size_t)(lf + 1 - data) : size;
            if (skip > 0) {
                skip--;
            } else {
                if ((*n_taken)++ == 0)
                    *start = offset + at;
                *end = offset + next;
            }
            at = next;
        }
    }
}

static void check_line_tasks(uint64_t seed, const struct partitions *p, const struct input *input,
                             const struct line_reader *lines, uint64_t n_lines)
{
    struct source source;
    uint64_t line = 0;
    check(seed, p->n == lines->n / n_lines + (lines->n % n_lines > 0),
          "the number of tasks is wrong");
    assert_int_equal(source_init(&source, 4096), 0);
    for (uint32_t i = 0; i < p->n; i++) {
        const struct map_task *task = &p->tasks[i];
        uint64_t want = lines->n - line < n_lines ? lines->n - line : n_lines;
        uint64_t n_taken, start, end;
        check(seed, task->input == 7 && task->n_lines == want, "a task has not its lines");
        check(seed, i == 0 || map_task_compare(&p->tasks[i - 1], task) < 0, "out of order");
        check(seed, source_open(&source, input, task->start, task->end) == 0, "cannot open");
        walk_task(&source, task, &n_taken, &start, &end);
        check(seed, n_taken == want, "there are too few lines in a task's range");
        check(seed, start == lines->start[line], "a task's first line is another");
        check(seed, end == lines->start[line + want], "a task's last line is another");
        line += want;
    }
    source_release(&source);
}

static void check_text(uint64_t seed, const struct bytes *text, uint64_t from, uint64_t n_lines)
{
    struct stat status;
    assert_int_equal(bytes_save(text, path), 0);
    assert_int_equal(stat(path, &status), 0);
    struct input input = {.path = path,
                          .fd = -1,
                          .start = from,
                          .size = text->size,
                          .share_start = from,
                          .share_end = text->size,
                          .device = status.st_dev,
                          .inode = status.st_ino};
    struct line_reader lines = find_lines(text, from);
    uint64_t n_blocks = (text->size - from + SPLIT_BLOCK_SIZE - 1) / SPLIT_BLOCK_SIZE;
    uint32_t *in_block = calloc(n_blocks + 1, sizeof *in_block);
    uint32_t *counted = calloc(n_blocks + 1, sizeof *counted);
    for (uint64_t i = 0; i < lines.n; i++)
        in_block[(lines.start[i] - from) / SPLIT_BLOCK_SIZE]++;

    struct source source;
    assert_int_equal(source_init(&source, 4096), 0);
    check(seed, source_open(&source, &input, from, from) == 0, "cannot open");
    check(seed,
          source_count_lines(&source, scan_choose(), from, SPLIT_BLOCK_SIZE, counted, n_blocks) ==
              0,
          "cannot count");
    check(seed, memcmp(counted, in_block, n_blocks * sizeof *counted) == 0,
          "lines are counted wrongly");
    source_release(&source);

    struct partitions partitions = {0};
    check(seed, partitions_cut_lines(&partitions, &input, 7, counted, n_lines, NULL) == 0,
          "cutting failed");
    check_line_tasks(seed, &partitions, &input, &lines, n_lines);
    partitions_release(&partitions);
    free(lines.start);
    free(in_block);
    free(counted);
}

static void partitions_by_lines_have_exactly_their_lines(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= N_TEXTS; seed++) {
        static const uint64_t n_lines[] = {1, 3, 1000, 60000, UINT64_MAX};
        uint64_t random = seed, n = n_lines[random_below(&random, 5)];
        struct bytes text = {0};
        make_text(&random, &text);
        uint64_t from = random_below(&random, 3) ? 0 : random_below(&random, text.size + 1);
        if (n < 1000 && text.size > 200 * n)
            n += text.size / 200; /* every task is read on its own: not too many of them */
        if (text.size > 0)
            check_text(seed, &text, from, n);
        bytes_release(&text);
    }
}

static void short_texts_are_cut_at_every_line(void **state)
{
    (void)state;
    static const char *const texts[] = {"a", "\n", "a\n", "\n\n\n", "a\nb", "a\n\nb\n\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct bytes text = {.data = (char *)texts[i], .size = strlen(texts[i])};
        for (uint64_t from = 0; from <= text.size; from++)
            for (uint64_t n = 1; n < 8; n++)
                check_text(i, &text, from, n);
    }
}

static void more_partitions_than_fit_are_refused(void **state)
{
    (void)state;
    struct input item = {.share_end = (uint64_t)PARTITIONS_MAX * 10};
    unsigned char is_stream = 0;
    struct inputs inputs = {.items = &item, .is_stream = &is_stream, .n = 1};
    struct partitions partitions = {0};
    wm_error error = {0};
    assert_int_equal(partitions_cut(&partitions, &inputs, 10, 0, &error), WM_EINVAL);
    assert_int_equal(error.code, WM_EINVAL);
    assert_non_null(strstr(error.message, "partitions"));
    assert_int_equal(partitions_cut(&partitions, &inputs, 1, 0, NULL), WM_EINVAL);
    item.share_end = UINT64_MAX / 2;
    assert_int_equal(partitions_cut(&partitions, &inputs, 1, 0, NULL), WM_EINVAL);
    assert_int_equal(partitions.n, 0);

    static uint32_t in_block[PARTITIONS_MAX / 65536 + 1];
    item.share_end = sizeof in_block / sizeof *in_block * SPLIT_BLOCK_SIZE;
    for (size_t i = 0; i < sizeof in_block / sizeof *in_block; i++)
        in_block[i] = 65536;
    assert_int_equal(partitions_cut_lines(&partitions, &item, 0, in_block, 1, &error), WM_EINVAL);
    assert_int_equal(partitions.n, 0);
    assert_int_equal(partitions_cut_lines(&partitions, &item, 0, in_block, 2, NULL), 0);
    assert_int_equal(partitions.n, sizeof in_block / sizeof *in_block * 32768);
    partitions_release(&partitions);
}

static void the_chosen_size_gives_every_worker_some_partitions(void **state)
{
    (void)state;
    for (uint32_t workers = 1; workers < 100; workers++) {
        for (uint64_t size = 1; size < UINT64_C(1) << 44; size *= 3) {
            uint64_t chosen = partitions_choose_size(&(struct inputs){.size = size}, workers, 1);
            assert_in_range(chosen, 1 << 20, 8 << 20);
            assert_true(chosen == 1 << 20 || size / chosen >= 8 * workers);
            assert_true(size / chosen < PARTITIONS_MAX);
        }
    }
}

/* The size for a file of 64 MiB that begins with these lines, and 2 workers. */
static uint64_t size_chosen(struct bytes *lines, unsigned format)
{
    struct inputs inputs;
    wm_error error = {0};
    const wm_input given[] = {{.path = path}};
    assert_int_equal(bytes_save(lines, path), 0);
    assert_int_equal(inputs_open(&inputs, given, 1, 0, 0, NULL, &error), 0);
    inputs.size = inputs.items[0].size = UINT64_C(64) << 20;
    inputs.formats[0] = (unsigned char)format;
    uint64_t chosen = partitions_choose_size(&inputs, 2, 1);
    inputs_release(&inputs);
    bytes_release(lines);
    return chosen;
}

/* A table that grows past the cache only helps if words come back to it. */
static void scattered_words_have_large_partitions_unless_they_are_there_once(void **state)
{
    (void)state;
    struct bytes v2 = {0}, v3 = {0}, together = {0};
    for (unsigned i = 0; i < 3000; i++) {
        bytes_print(&v2, "w%05u\t2000\t1\t1\n", i * 7919 % 3001 / 9);
        bytes_print(&v3, "w%05u\t2000,1,1\n", i * 7919 % 3001);
        bytes_print(&together, "w%05u\t2000\t1\t1\n", i / 50);
    }
    assert_int_equal(size_chosen(&v2, WM_FORMAT_V2), (32 << 20) + 1);
    assert_int_equal(size_chosen(&v3, WM_FORMAT_V3), (2 << 20) + 1);
    assert_int_equal(size_chosen(&together, WM_FORMAT_V2), (2 << 20) + 1);
}

static void assert_not_opened(const char *name, const char *words)
{
    struct inputs inputs;
    wm_error error = {0};
    assert_int_equal(bytes_save(&(struct bytes){0}, path), 0);
    const wm_input given[] = {{.path = path}, {.path = name}};
    assert_int_equal(inputs_open(&inputs, given, 2, 0, 0, NULL, &error), WM_EOPEN);
    assert_int_equal(error.code, WM_EOPEN);
    assert_non_null(strstr(error.message, name));
    assert_non_null(strstr(error.message, words));
}

static void an_input_that_is_no_file_is_refused_by_name(void **state)
{
    (void)state;
    assert_not_opened("/nonexistent", "no such file or directory");
    assert_not_opened(folder, "is a directory");
}

static void files_are_cut_and_all_else_is_read_as_a_stream(void **state)
{
    (void)state;
    char empty[300];
    struct inputs inputs;
    snprintf(empty, sizeof empty, "%s/empty", folder);
    assert_int_equal(bytes_save(&(struct bytes){.data = "1234567890", .size = 10}, path), 0);
    assert_int_equal(bytes_save(&(struct bytes){0}, empty), 0);
    int before = dup(STDIN_FILENO), fd = open(path, O_RDONLY | O_CLOEXEC);
    dup2(fd, STDIN_FILENO);
    lseek(fd, 4, SEEK_SET);
    const wm_input given[] = {{.path = path},        {.path = empty}, {.path = "-"},
                              {.path = "/dev/null"}, {.path = "-"},   {.path = path}};
    int rc = inputs_open(&inputs, given, 6, 0, 0, NULL, NULL);
    dup2(before, STDIN_FILENO);
    close(before);
    close(fd);
    assert_int_equal(rc, 0);
    assert_int_equal(inputs.n, 5); /* the second "-" would read nothing */
    assert_int_equal(inputs.n_streams, 2);
    assert_int_equal(inputs.size, 10 + 6 + 10);
    assert_memory_equal(inputs.is_stream, "\0\1\0\1\0", 5);
    assert_int_equal(inputs.items[2].start, 4);
    assert_int_equal(inputs.items[2].size, 10);
    assert_int_equal(inputs.items[2].fd, STDIN_FILENO);
    assert_int_equal(inputs.items[4].fd, -1);
    inputs_release(&inputs);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_cover_every_byte_once_and_the_largest_file_first),
        cmocka_unit_test(shares_cover_every_byte_and_every_stream_once),
        IN_FOLDER(partitions_by_lines_have_exactly_their_lines),
        IN_FOLDER(short_texts_are_cut_at_every_line),
        cmocka_unit_test(more_partitions_than_fit_are_refused),
        cmocka_unit_test(the_chosen_size_gives_every_worker_some_partitions),
        IN_FOLDER(scattered_words_have_large_partitions_unless_they_are_there_once),
        IN_FOLDER(an_input_that_is_no_file_is_refused_by_name),
        IN_FOLDER(files_are_cut_and_all_else_is_read_as_a_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
