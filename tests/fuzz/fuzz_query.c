/*
 * A table file of any words is asked for words and prefixes, and gives what a look at all of them
 * gives. Then some of its bytes are changed and all checksums made right again, or its end is cut
 * off: it may say anything, but reads nothing that is not there.
 */
#include <sys/mman.h>
#include <unistd.h>

#include <wordmill.h>

#include "fuzz.h"
#include "oracle.h"
#include "packing/unpack.h"
#include "wmt_parts.h"

#define WORDS_MAX 200

struct word {
    const char *data;
    size_t size;
    uint64_t count;
};

static struct word words[WORDS_MAX];
static size_t n_words;
static int table_fd = -1, lines_fd, output_fd;

static int compare_words(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    int order = memcmp(x->data, y->data, x->size < y->size ? x->size : y->size);
    return order ? order : (x->size > y->size) - (x->size < y->size);
}

/* Takes words, one after a byte with its size, until half of the input is left; each once. */
static void take_words(struct bytes *text, const uint8_t **data, size_t *size)
{
    size_t end = *size / 2, ends[WORDS_MAX];
    n_words = 0;
    while (*size > end && n_words < WORDS_MAX) {
        unsigned n = take_byte(data, size), padding = take_byte(data, size);
        for (unsigned i = 0; i < n % 16; i++) {
            char byte = (char)take_byte(data, size);
            bytes_add(text, byte == '\n' ? "\t" : &byte, 1);
        }
        /* Long words, so that there are several blocks. */
        for (unsigned i = 0; i < (n / 16) * padding; i++)
            bytes_add(text, &"pq"[i % 2], 1);
        words[n_words].count = UINT64_C(0x0101010101010101) * padding >> n % 64;
        ends[n_words++] = text->size;
    }
    for (size_t i = 0, start = 0; i < n_words; start = ends[i++]) {
        words[i].data = text->data ? text->data + start : "";
        words[i].size = ends[i] - start;
    }
    qsort(words, n_words, sizeof *words, compare_words);
    size_t n = 0;
    for (size_t i = 0; i < n_words; i++)
        if (n == 0 || compare_words(&words[n - 1], &words[i]) != 0)
            words[n++] = words[i];
    n_words = n;
}

static void path_of(int fd, char *path, size_t size)
{
    snprintf(path, size, "/proc/self/fd/%d", fd);
}

static void fill(int fd, const struct bytes *bytes)
{
    check(ftruncate(fd, 0) == 0);
    check(bytes->size == 0 || pwrite(fd, bytes->data, bytes->size, 0) == (ssize_t)bytes->size);
    check(lseek(fd, 0, SEEK_SET) == 0);
}

static void make_table(struct bytes *table)
{
    struct bytes lines = {0};
    char path[64];
    const char *paths[] = {path};
    wm_options o;
    wm_result *result;
    wm_options_init(&o);
    o.workers = 0;
    o.memory = 16 << 20;
    o.format = WM_FORMAT_COUNTS;
    o.output_format = WM_OUTPUT_TABLE;
    o.output_fd = table_fd;
    for (size_t i = 0; i < n_words; i++) {
        bytes_add(&lines, words[i].data, words[i].size);
        bytes_print(&lines, "\t%llu\n", (unsigned long long)words[i].count);
    }
    fill(lines_fd, &lines);
    fill(table_fd, &(struct bytes){0});
    path_of(lines_fd, path, sizeof path);
    check(wm_run(&o, paths, 1, &result, NULL) == 0);
    wm_result_free(result);
    lseek(table_fd, 0, SEEK_SET);
    check(bytes_read(table, table_fd) == 0);
    bytes_release(&lines);
}

struct seen {
    size_t n;
    size_t first; /* of the words that must come */
    int must_be_right;
};

static int see(const char *word, size_t size, uint64_t count, void *user)
{
    struct seen *seen = user;
    const struct word got = {word, size, count}, *wanted = &words[seen->first + seen->n++];
    unsigned sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += (unsigned char)word[i];
    check(sum <= 255 * size);
    if (seen->must_be_right)
        check(wanted < words + n_words && compare_words(wanted, &got) == 0 &&
              wanted->count == count);
    return 0;
}

/* All words that start with the first size bytes of words[i]. */
static void ask_prefix(const wm_table *table, size_t i, size_t size, int must_be_right)
{
    const char *prefix = n_words > 0 ? words[i].data : "";
    struct seen seen = {.must_be_right = must_be_right};
    size_t n = 0;
    for (size_t j = 0; j < n_words; j++) {
        if (words[j].size < size || memcmp(words[j].data, prefix, size) != 0)
            continue;
        if (n++ == 0)
            seen.first = j;
    }
    int rc = wm_table_each(table, prefix, size, see, &seen, NULL);
    check(must_be_right ? rc == 0 && seen.n == n : rc == 0 || rc == WM_ETABLE);
}

static void ask(int must_be_right)
{
    char path[64];
    wm_table *table;
    wm_error error;
    path_of(table_fd, path, sizeof path);
    int rc = wm_table_open(path, &table, &error);
    check(rc == 0 || (!must_be_right && (rc == WM_ETABLE || rc == WM_EVERSION)));
    if (rc < 0)
        return;
    check(!must_be_right || wm_table_size(table) == n_words);
    for (size_t i = 0; i < n_words; i++) {
        uint64_t count = 0;
        rc = wm_table_get(table, words[i].data, words[i].size, &count, &error);
        check(must_be_right ? rc == 1 && count == words[i].count : rc <= 1);
        ask_prefix(table, i, words[i].size / 2, must_be_right);
        /* One byte less than the word is no word, but where it is the one before. */
        size_t size = words[i].size > 0 ? words[i].size - 1 : 0;
        struct word less = {words[i].data, size, 0};
        int is_there = bsearch(&less, words, n_words, sizeof *words, compare_words) != NULL;
        rc = wm_table_get(table, words[i].data, size, &count, &error);
        check(must_be_right ? rc == is_there : rc <= 1);
    }
    ask_prefix(table, 0, 0, must_be_right);
    fill(output_fd, &(struct bytes){0});
    rc = wm_table_write(table, (const char *[]){"", "p"}, 2, 1, WM_OUTPUT_JSONL, output_fd, &error);
    check(rc == 0 || (!must_be_right && rc == WM_ETABLE));
    wm_table_close(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {0}, table = {0};
    unsigned how = take_byte(&data, &size);
    struct wmt_parts parts;
    if (table_fd < 0) {
        table_fd = memfd_create("table", MFD_CLOEXEC);
        lines_fd = memfd_create("lines", MFD_CLOEXEC);
        output_fd = memfd_create("output", MFD_CLOEXEC);
    }
    take_words(&text, &data, &size);
    if (n_words > 0 && packing_of(words[0].data, words[0].size) != PACKING_NONE)
        goto end; /* the lines would be taken for packed ones */
    make_table(&table);
    ask(1);

    unsigned char *bytes = (unsigned char *)table.data;
    wmt_parts_find(&parts, bytes, table.size);
    while (size >= 3) {
        size_t at = take_byte(&data, &size) << 8;
        at |= take_byte(&data, &size);
        /* From the end on, where the index is. */
        at = at % table.size;
        bytes[how & 1 ? table.size - 1 - at : at] ^= (unsigned char)take_byte(&data, &size);
    }
    if (how & 2)
        wmt_parts_mend(&parts, bytes);
    if (how & 4)
        table.size -= (how >> 3) % table.size;
    fill(table_fd, &table);
    ask(0);
end:
    bytes_release(&text);
    bytes_release(&table);
    return 0;
}
