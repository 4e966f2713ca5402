/*
 * Reads front to back, keeps a record for every line, and lets qsort do the rest. It is slow on
 * purpose: nothing in it can be wrong in the way that the code under test is.
 */
#include "oracle.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "random.h"

static void *checked(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static void bytes_reserve(struct bytes *bytes, size_t size)
{
    if (bytes->size + size <= bytes->capacity)
        return;
    bytes->capacity = 2 * (bytes->size + size) + 64;
    bytes->data = checked(realloc(bytes->data, bytes->capacity));
}

void bytes_add(struct bytes *bytes, const void *data, size_t size)
{
    bytes_reserve(bytes, size);
    if (size > 0)
        memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

void bytes_print(struct bytes *bytes, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (n < 0 || (size_t)n >= sizeof text)
        abort();
    bytes_add(bytes, text, (size_t)n);
}

int bytes_equal(const struct bytes *a, const struct bytes *b)
{
    return a->size == b->size && (a->size == 0 || memcmp(a->data, b->data, a->size) == 0);
}

void bytes_release(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

int bytes_read(struct bytes *bytes, int fd)
{
    ssize_t n;
    do {
        bytes_reserve(bytes, 65536);
        n = read(fd, bytes->data + bytes->size, 65536);
        if (n > 0)
            bytes->size += (size_t)n;
    } while (n > 0);
    return n < 0 ? -1 : 0;
}

int bytes_load(struct bytes *bytes, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int rc = bytes_read(bytes, fd);
    close(fd);
    return rc;
}

int bytes_save(const struct bytes *bytes, const char *path)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return -1;
    size_t n = bytes->size > 0 ? fwrite(bytes->data, 1, bytes->size, file) : 0;
    return fclose(file) == 0 && n == bytes->size ? 0 : -1;
}

void make_folder(char *path, size_t size)
{
    const char *parent = getenv("TMPDIR");
    int n = snprintf(path, size, "%s/wordmill-test-XXXXXX", parent && *parent ? parent : "/tmp");
    if (n < 0 || (size_t)n >= size || !mkdtemp(path))
        abort();
}

/* Calls unlink for each file if remove is set. Returns how many there are. */
static size_t each_file(const char *path, int remove_them)
{
    DIR *folder = checked(opendir(path));
    struct dirent *item;
    size_t n = 0;
    while ((item = readdir(folder))) {
        if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0)
            continue;
        n++;
        if (remove_them && unlinkat(dirfd(folder), item->d_name, 0) < 0)
            unlinkat(dirfd(folder), item->d_name, AT_REMOVEDIR);
    }
    closedir(folder);
    return n;
}

void remove_folder(const char *path)
{
    each_file(path, 1);
    rmdir(path);
}

size_t count_files(const char *path)
{
    return each_file(path, 0);
}

static int compare_bytes(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t size = a_size < b_size ? a_size : b_size;
    int difference = size > 0 ? memcmp(a, b, size) : 0;
    return difference ? difference : (a_size > b_size) - (a_size < b_size);
}

static int by_word(const void *x, const void *y)
{
    const struct oracle_word *a = x, *b = y;
    return compare_bytes(a->word, a->size, b->word, b->size);
}

static int by_count(const void *x, const void *y)
{
    const struct oracle_word *a = x, *b = y;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return by_word(x, y);
}

int oracle_number(const char *text, size_t size, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (*value > (UINT64_MAX - digit) / 10)
            return 0;
        *value = *value * 10 + digit;
    }
    return size > 0;
}

/* 1 and *record if the line (without its LF) is a good one. */
static int parse(const char *line, size_t size, struct oracle_word *record)
{
    size_t start[4] = {0}, end[3], n = 0;
    for (size_t i = 0; i < size && n < 3; i++) {
        if (line[i] != '\t')
            continue;
        end[n++] = i;
        start[n] = i + 1;
    }
    uint64_t year;
    if (n < 3 || end[0] > 65536 || !oracle_number(line + start[1], end[1] - start[1], &year))
        return 0;
    record->word = line;
    record->size = end[0];
    return oracle_number(line + start[2], end[2] - start[2], &record->count);
}

struct records {
    struct oracle_word *items;
    size_t n;
    size_t capacity;
};

static void records_add(struct records *records, struct oracle_word record)
{
    if (records->n == records->capacity) {
        records->capacity = 2 * records->capacity + 64;
        records->items =
            checked(realloc(records->items, records->capacity * sizeof *records->items));
    }
    records->items[records->n++] = record;
}

static int is_wanted(const struct oracle_filter *filter, const struct oracle_word *record)
{
    const char *word = record->group ? record->group : record->word;
    size_t size = record->group ? strlen(word) : record->size;
    for (size_t i = 0; i < filter->n_words; i++)
        if (compare_bytes(filter->words[i], strlen(filter->words[i]), word, size) == 0)
            return 1;
    return filter->n_words == 0 || filter->keep_all;
}

/* Whether it counts, and as what. */
static int see(struct oracle *oracle, const struct oracle_filter *filter,
               struct oracle_word *record)
{
    const char *word = record->word;
    record->group = NULL;
    if (!filter->see)
        return is_wanted(filter, record);
    int counts = filter->see(filter, record);
    oracle->made = checked(realloc(oracle->made, (oracle->n_made + 2) * sizeof *oracle->made));
    if (record->word != word)
        oracle->made[oracle->n_made++] = (char *)record->word;
    if (record->group)
        oracle->made[oracle->n_made++] = (char *)record->group;
    return counts && is_wanted(filter, record);
}

static void read_lines(struct oracle *oracle, struct records *records, const struct bytes *input,
                       size_t number, const struct oracle_filter *filter)
{
    uint64_t n_lines = 0;
    for (size_t at = 0, next; at < input->size; at = next) {
        const char *line = input->data + at;
        const char *lf = memchr(line, '\n', input->size - at);
        size_t size = lf ? (size_t)(lf - line) : input->size - at;
        struct oracle_word record;
        next = at + size + (lf != NULL);
        int blank = size == 0 || (size == 1 && line[0] == '\r');
        if (blank && lf && next == input->size)
            break; /* an empty last line is none */
        n_lines++;
        if (parse(line, size, &record)) {
            if (see(oracle, filter, &record))
                records_add(records, record);
            continue;
        }
        if (oracle->n_bad++ > 0)
            continue;
        oracle->bad_input = number;
        oracle->bad_line = n_lines;
        oracle->bad_byte = at;
    }
    oracle->n_lines += n_lines;
}

static int by_group(const void *x, const void *y)
{
    const struct oracle_word *a = x, *b = y;
    int difference = strcmp(a->group, b->group);
    return difference ? difference : by_count(x, y);
}

static uint64_t combine(const struct oracle_filter *filter, uint64_t a, uint64_t b)
{
    if (filter->reduce == ORACLE_MIN)
        return a < b ? a : b;
    if (filter->reduce == ORACLE_MAX)
        return a > b ? a : b;
    return a + b;
}

/* Records are words, each once, in order. */
static size_t merge_groups(const struct oracle_filter *filter, struct oracle_word *records,
                           size_t n_records)
{
    size_t n = 0;
    if (n_records == 0 || !records[0].group)
        return n_records;
    qsort(records, n_records, sizeof *records, by_group);
    for (size_t i = 0; i < n_records; i++) {
        if (n > 0 && strcmp(records[n - 1].group, records[i].group) == 0)
            records[n - 1].count = combine(filter, records[n - 1].count, records[i].count);
        else
            records[n++] = records[i];
    }
    qsort(records, n, sizeof *records, by_word);
    return n;
}

void oracle_count(struct oracle *oracle, const struct bytes *inputs, size_t n_inputs,
                  const struct oracle_filter *filter)
{
    struct records records = {0};
    *oracle = (struct oracle){0};
    uint64_t none = filter->reduce == ORACLE_MIN ? UINT64_MAX : 0;
    for (size_t i = 0; i < filter->n_words; i++)
        records_add(&records, (struct oracle_word){filter->words[i], strlen(filter->words[i]), none,
                                                   filter->grouped ? filter->words[i] : NULL});
    for (size_t i = 0; i < n_inputs; i++)
        read_lines(oracle, &records, &inputs[i], i, filter);

    if (records.n > 0)
        qsort(records.items, records.n, sizeof *records.items, by_word);
    size_t n = 0;
    for (size_t i = 0; i < records.n; i++) {
        if (n > 0 && by_word(&records.items[n - 1], &records.items[i]) == 0)
            records.items[n - 1].count =
                combine(filter, records.items[n - 1].count, records.items[i].count);
        else
            records.items[n++] = records.items[i];
    }
    n = merge_groups(filter, records.items, n);
    size_t n_left = 0;
    for (size_t i = 0; i < n; i++)
        if (records.items[i].count >= filter->min_count)
            records.items[n_left++] = records.items[i];
    n = n_left;
    if (filter->by_count && n > 0)
        qsort(records.items, n, sizeof *records.items, by_count);
    if (filter->top > 0 && n > filter->top)
        n = (size_t)filter->top;
    oracle->words = records.items;
    oracle->n_words = n;
}

void oracle_release(struct oracle *oracle)
{
    for (size_t i = 0; i < oracle->n_made; i++)
        free(oracle->made[i]);
    free(oracle->made);
    free(oracle->words);
    *oracle = (struct oracle){0};
}

void oracle_write(const struct oracle *oracle, struct bytes *out)
{
    for (size_t i = 0; i < oracle->n_words; i++) {
        bytes_add(out, oracle->words[i].word, oracle->words[i].size);
        bytes_print(out, "\t%llu\n", (unsigned long long)oracle->words[i].count);
    }
}

void oracle_sort_lines(struct bytes *out)
{
    struct records records = {0};
    struct bytes sorted = {0};
    for (size_t at = 0; at < out->size;) {
        const char *line = out->data + at;
        const char *lf = memchr(line, '\n', out->size - at);
        const char *tab = lf ? memchr(line, '\t', (size_t)(lf - line)) : NULL;
        if (!tab)
            break;
        /* The count is not read: it holds the size of the whole line here. */
        records_add(&records, (struct oracle_word){line, (size_t)(tab - line),
                                                   (uint64_t)(lf + 1 - line), NULL});
        at = (size_t)(lf + 1 - out->data);
    }
    if (records.n > 0)
        qsort(records.items, records.n, sizeof *records.items, by_word);
    for (size_t i = 0; i < records.n; i++)
        bytes_add(&sorted, records.items[i].word, (size_t)records.items[i].count);
    free(records.items);
    bytes_release(out);
    *out = sorted;
}

void sample_make(struct sample *sample, const char *folder, const char *name, size_t size,
                 size_t n_words)
{
    struct oracle oracle;
    struct oracle_filter all = {0};
    uint64_t random = size;
    *sample = (struct sample){.path = ""};
    while (sample->input.size < size) {
        unsigned word = (unsigned)random_below(&random, n_words);
        for (size_t n = random_below(&random, 4); n > 0; n--)
            bytes_print(&sample->input, "word%u\t%u\t%u\t%u\n", word,
                        1800 + (unsigned)random_below(&random, 200),
                        (unsigned)random_below(&random, 100000), word % 9);
    }
    oracle_count(&oracle, &sample->input, 1, &all);
    oracle_write(&oracle, &sample->expected);
    oracle_release(&oracle);
    snprintf(sample->path, sizeof sample->path, "%s/%s", folder, name);
    if (bytes_save(&sample->input, sample->path) < 0)
        abort();
}

void sample_add_bad_line(struct bytes *input, uint64_t *random)
{
    static const char *const lines[] = {
        "",           "word",         "word\t1999",
        "w\t1999\t5", "w\tx\t5\t1",   "w\t1999\t-5\t1",
        "w\t\t1\t1",  "w\t1999\t\t1", "w\t1999\t18446744073709551616\t1",
        "\r",         "w\t1 9\t5\t1", "w\t1999\t5.0\t1"};
    if (random_below(random, 12) == 0)
        for (int i = 0; i < 65537; i++)
            bytes_add(input, "x", 1);
    bytes_print(input, "%s\n", PICK(random, lines));
}

void sample_add_line(struct bytes *input, uint64_t *random, const char *word, size_t size, int crlf)
{
    static const uint64_t most[] = {10, 1000, 10000000, UINT64_C(1) << 40};
    uint64_t count = random_next(random) % PICK(random, most);
    bytes_add(input, word, size);
    unsigned year = 1500 + (unsigned)random_below(random, 520);
    if (random_below(random, 50) == 0)
        year = (unsigned)random_below(random, 2000000);
    bytes_print(input, random_below(random, 50) ? "\t%u\t%llu\t%u" : "\t%u\t00%llu\t%u\tmore", year,
                (unsigned long long)count, year % 97);
    bytes_add(input, crlf ? "\r\n" : "\n", crlf ? 2 : 1);
}

void sample_release(struct sample *sample)
{
    bytes_release(&sample->input);
    bytes_release(&sample->expected);
}
