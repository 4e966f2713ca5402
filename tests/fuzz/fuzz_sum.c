/*
 * Results as inputs, any bytes for some of them: 'sum' of files, and the merge of the same as files
 * and pipes, text and tables, give what a naive sum gives, or the error that there is. Tables with
 * changed bytes may give anything but a crash.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <wordmill.h>

#include "fuzz.h"
#include "oracle.h"
#include "packing/unpack.h"
#include "wmt_parts.h"

#define INPUTS_MAX 3
#define WORDS_MAX 4096

struct word {
    const char *data;
    size_t size;
    uint64_t count;
};

/* What the lines of all inputs are, naively. */
static struct {
    struct word words[WORDS_MAX];
    size_t n, n_lines, n_bad;
    int out_of_order, is_too_much;
} model;

enum kind { LINES, SORTED_LINES, TABLE };

struct input {
    struct bytes text;  /* its lines, which the model points to */
    struct bytes bytes; /* what it holds */
    int fd;
    int is_pipe; /* where it may be one */
};

static int files[INPUTS_MAX] = {-1}, output_fd;

static int compare_words(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    int order = memcmp(x->data, y->data, x->size < y->size ? x->size : y->size);
    return order ? order : (x->size > y->size) - (x->size < y->size);
}

/* A line without its LF: 1 if it is a good one. */
static int parse(const char *line, size_t size, struct word *word)
{
    if (size > 0 && line[size - 1] == '\r')
        size--;
    const char *tab = size > 0 ? memrchr(line, '\t', size) : NULL;
    if (!tab)
        return 0;
    word->data = line;
    word->size = (size_t)(tab - line);
    return oracle_number(tab + 1, size - word->size - 1, &word->count);
}

static void read_naively(const struct bytes *input)
{
    struct word before = {"", 0, 0};
    for (size_t at = 0, next; at < input->size; at = next) {
        const char *line = input->data + at, *lf = memchr(line, '\n', input->size - at);
        size_t size = lf ? (size_t)(lf - line) : input->size - at;
        struct word *word = &model.words[model.n];
        next = at + size + (lf != NULL);
        if (lf && next == input->size && (size == 0 || (size == 1 && *line == '\r')))
            return;
        check(model.n < WORDS_MAX);
        model.n_lines++;
        if (!parse(line, size, word)) {
            model.n_bad++;
            continue;
        }
        model.out_of_order |= compare_words(&before, word) > 0;
        before = *word;
        model.n++;
    }
}

/* Each word from the first one on once, in order. */
static void add_up(size_t first)
{
    size_t n = first;
    qsort(model.words + first, model.n - first, sizeof *model.words, compare_words);
    for (size_t i = first; i < model.n; i++) {
        struct word *last = n > first ? &model.words[n - 1] : NULL;
        if (last && compare_words(last, &model.words[i]) == 0)
            model.is_too_much |=
                __builtin_add_overflow(last->count, model.words[i].count, &last->count);
        else
            model.words[n++] = model.words[i];
    }
    model.n = n;
}

static void write_naively(size_t first, struct bytes *out)
{
    for (size_t i = first; i < model.n; i++) {
        bytes_add(out, model.words[i].data, model.words[i].size);
        bytes_print(out, "\t%llu\n", (unsigned long long)model.words[i].count);
    }
}

static void fill(int fd, const struct bytes *bytes)
{
    check(ftruncate(fd, 0) == 0);
    check(bytes->size == 0 || pwrite(fd, bytes->data, bytes->size, 0) == (ssize_t)bytes->size);
    check(lseek(fd, 0, SEEK_SET) == 0);
}

/* The sum of the inputs, as pipes if they are to be some. */
static int sum(const struct input *inputs, size_t n, wm_options *o, enum wm_output format,
               struct bytes *out, wm_stats *stats)
{
    char names[INPUTS_MAX][64];
    const char *paths[INPUTS_MAX];
    int pipes[INPUTS_MAX][2];
    wm_result *result;
    wm_error error = {0};
    for (size_t i = 0; i < n; i++) {
        int fd = inputs[i].fd, is_pipe = inputs[i].is_pipe && o->sorted;
        pipes[i][0] = -1;
        if (is_pipe) {
            const struct bytes *bytes = &inputs[i].bytes;
            check(pipe2(pipes[i], O_CLOEXEC) == 0);
            check(bytes->size == 0 ||
                  write(pipes[i][1], bytes->data, bytes->size) == (ssize_t)bytes->size);
            close(pipes[i][1]);
            fd = pipes[i][0];
        }
        snprintf(names[i], sizeof names[i], "/proc/self/fd/%d", fd);
        paths[i] = names[i];
    }
    o->output_format = format;
    o->output_fd = output_fd;
    fill(output_fd, &(struct bytes){0});
    int rc = wm_run(o, paths, n, &result, &error);
    check(rc == 0 || error.message[0]);
    if (rc == 0) {
        *stats = *wm_result_stats(result);
        wm_result_free(result);
    }
    lseek(output_fd, 0, SEEK_SET);
    check(bytes_read(out, output_fd) == 0);
    for (size_t i = 0; i < n; i++)
        if (pipes[i][0] >= 0)
            close(pipes[i][0]);
    return rc;
}

/* Changes some bytes of a table. */
static void change(struct bytes *table, const uint8_t **data, size_t *size)
{
    struct wmt_parts parts;
    unsigned char *bytes = (unsigned char *)table->data;
    unsigned mend = take_byte(data, size) % 2;
    wmt_parts_find(&parts, bytes, table->size);
    for (unsigned n = 1 + take_byte(data, size) % 8; n > 0; n--) {
        size_t at = take_byte(data, size) << 8;
        at |= take_byte(data, size);
        bytes[at % table->size] ^= (unsigned char)take_byte(data, size);
    }
    if (mend)
        wmt_parts_mend(&parts, bytes);
}

/* By its first bytes. */
static int is_packed_or_table(const struct bytes *bytes)
{
    return packing_of(bytes->data, bytes->size) != PACKING_NONE ||
           (bytes->size >= WMT_HEADER_SIZE && wmt_is_magic(bytes->data));
}

/* Makes the input of its text, which the model takes in. 0: that is not what it will be. */
static int make_input(struct input *input, enum kind kind, const wm_options *options)
{
    size_t first = model.n, n_lines = model.n_lines, n_bad = model.n_bad;
    int out_of_order = model.out_of_order;
    read_naively(&input->text);
    if (kind != LINES) {
        /* Of what is good in it. */
        qsort(model.words + first, model.n - first, sizeof *model.words, compare_words);
        if (kind == TABLE)
            add_up(first);
        model.n_lines = n_lines + model.n - first;
        model.n_bad = n_bad;
        model.out_of_order = out_of_order;
        write_naively(first, &input->bytes);
    } else {
        bytes_add(&input->bytes, input->text.data, input->text.size);
    }
    fill(input->fd, &input->bytes);
    if (is_packed_or_table(&input->bytes))
        return 0;
    if (kind == TABLE && !model.is_too_much) {
        struct input file = {.fd = input->fd};
        struct bytes table = {0};
        wm_options o = *options;
        wm_stats stats;
        check(sum(&file, 1, &o, WM_OUTPUT_TABLE, &table, &stats) == 0);
        bytes_release(&input->bytes);
        input->bytes = table;
    }
    return 1;
}

/* What a run without damaged tables must say. */
static void check_result(int rc, const wm_options *o, const wm_stats *stats,
                         const struct bytes *got, const struct bytes *expected)
{
    int may_be_bad =
        (o->on_bad_line == WM_FAIL && model.n_bad > 0) || (o->sorted && model.out_of_order);
    if (model.is_too_much || may_be_bad) {
        check((rc == WM_EOVERFLOW && model.is_too_much) || (rc == WM_EBADLINE && may_be_bad));
        return;
    }
    check(rc == 0 && bytes_equal(got, expected));
    check(stats->lines == model.n_lines && stats->rejected == model.n_bad);
}

static void open_files(void)
{
    if (files[0] >= 0)
        return;
    for (size_t i = 0; i < INPUTS_MAX; i++)
        files[i] = memfd_create("input", MFD_CLOEXEC);
    output_fd = memfd_create("output", MFD_CLOEXEC);
}

static void make_options(wm_options *o, unsigned how, unsigned partition_size)
{
    wm_options_init(o);
    o->workers = 0;
    o->memory = 16 << 20;
    o->format = WM_FORMAT_COUNTS;
    o->on_bad_line = how & 4 ? WM_SKIP : WM_FAIL;
    o->partition_size = how & 8 ? 1 + partition_size : 0;
    o->fan_in = how & 16 ? 2 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned how = take_byte(&data, &size), kinds = take_byte(&data, &size);
    unsigned pipes = take_byte(&data, &size), partition_size = take_byte(&data, &size);
    struct input inputs[INPUTS_MAX] = {{{0}, {0}, 0, 0}};
    struct bytes expected = {0}, got = {0};
    size_t n = 1 + how % INPUTS_MAX, left = size > WORDS_MAX ? 0 : size;
    int is_other = 0; /* than the model: changed tables, packed bytes */
    wm_stats stats = {0};
    wm_options o;
    make_options(&o, how, partition_size);
    open_files();
    memset(&model, 0, sizeof model);
    for (size_t i = 0; i < n; i++, kinds >>= 2) {
        enum kind kind = kinds % 4 > TABLE ? TABLE : (enum kind)(kinds % 4);
        size_t share = left / (n - i);
        inputs[i].fd = files[i];
        inputs[i].is_pipe = pipes >> i & 1;
        bytes_add(&inputs[i].text, data, share);
        is_other |= !make_input(&inputs[i], kind, &o);
        data += share;
        left -= share;
        if (kind == TABLE && kinds % 4 > TABLE && !model.is_too_much && !is_other) {
            const uint8_t *changes = data - share;
            change(&inputs[i].bytes, &changes, &share);
            is_other = 1;
        }
        fill(inputs[i].fd, &inputs[i].bytes);
    }
    add_up(0);
    write_naively(0, &expected);
    for (o.sorted = 0; o.sorted < 2; o.sorted++) {
        got.size = 0;
        int rc = sum(inputs, n, &o, WM_OUTPUT_TSV, &got, &stats);
        if (!is_other)
            check_result(rc, &o, &stats, &got, &expected);
    }
    bytes_release(&got);
    bytes_release(&expected);
    for (size_t i = 0; i < n; i++) {
        bytes_release(&inputs[i].text);
        bytes_release(&inputs[i].bytes);
    }
    return 0;
}
