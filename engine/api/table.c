/*
 * Table files as they lie: mapped, and read where they are. Opening verifies header and index; a
 * lookup finds its block in the index and verifies that alone.
 */
#include "api/table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"
#include "files/writer.h"
#include "input/counts.h"
#include "input/detect.h"
#include "input/format.h"
#include "output/format.h"
#include "output/formats.h"
#include "plan/looks.h"
#include "wmt/wmt.h"
#include "words/entry.h"
#include "words/order.h"

#define HEAD_SIZE 16384
#define MAGIC_SIZE 8

/* Someone writes to the file, instead of replacing it. */
static int is_rewritten(const wm_table *table)
{
    struct stat now;
    return fstat(table->fd, &now) == 0 &&
           (now.st_size != table->was.st_size || now.st_mtim.tv_sec != table->was.st_mtim.tv_sec ||
            now.st_mtim.tv_nsec != table->was.st_mtim.tv_nsec);
}

static int rewritten(const wm_table *table, wm_error *error)
{
    return error_set(error, WM_ECHANGED,
                     "table file '%s' was rewritten while it was read: put a new one in its place "
                     "by renaming",
                     table->path);
}

static int damaged(const wm_table *table, wm_error *error)
{
    if (is_rewritten(table))
        return rewritten(table, error);
    return error_set(error, WM_ETABLE, "table file '%s' is damaged", table->path);
}

static int cannot(const char *what, const char *path, int code, wm_error *error)
{
    if (code == WM_EOPEN && look_is_address(path))
        return look_refuse_address(path, error);
    return error_set_system(error, code, errno, "cannot %s '%s': " SYSTEM, what, path);
}

/* What makes a table of it depends on what it is. */
static int is_no_table(const char *path, const char *head, size_t size, wm_error *error)
{
    struct input_look look = input_detect(head, size);
    int is_result = look.kind == INPUT_COUNTS || look.kind == INPUT_RESULT;
    return error_set(error, WM_ETABLE,
                     "'%s' is not a table file: make one with 'wordmill %s -o FILE.wmt'", path,
                     is_result ? "sum" : "count");
}

static int map_file(struct wm_table *table, int fd, wm_error *error)
{
    struct stat status;
    if (fstat(fd, &status) < 0)
        return cannot("read", table->path, WM_EREAD, error);
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return cannot("read", table->path, WM_EREAD, error);
    }
    char head[HEAD_SIZE];
    ssize_t n = S_ISREG(status.st_mode) ? pread(fd, head, sizeof head, 0) : 0;
    if (n < MAGIC_SIZE || !wmt_is_magic(head))
        return is_no_table(table->path, head, n > 0 ? (size_t)n : 0, error);
    table->was = status;
    size_t size = (size_t)status.st_size;
    void *data = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (data == MAP_FAILED)
        return cannot("map", table->path, WM_EREAD, error);
    table->data = data;
    table->size = size;
    return 0;
}

static int open_view(struct wm_table *table, wm_error *error)
{
    uint32_t version = 0;
    int rc = wmt_view_open(&table->view, table->data, table->size, &version);
    if (rc == CODE_VERSION)
        return error_set(
            error, WM_EVERSION,
            "table file '%s' is of version %u, but only versions up to %d are known here: use "
            "a newer wordmill",
            table->path, (unsigned)version, WMT_VERSION_MAX);
    return rc < 0 ? damaged(table, error) : 0;
}

int wm_table_open(const char *path, wm_table **result, wm_error *error)
{
    if (!path || !result)
        return error_null(error, path ? "what the table goes to" : "the path");
    struct wm_table *table = calloc(1, sizeof *table);
    if (table)
        table->path = strdup(path);
    if (!table || !table->path) {
        free(table);
        return error_memory(error);
    }
    int rc;
    table->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (table->fd < 0)
        rc = cannot("open", path, WM_EOPEN, error);
    else
        rc = map_file(table, table->fd, error);
    if (rc == 0)
        rc = open_view(table, error);
    if (rc < 0)
        wm_table_close(table);
    else
        *result = table;
    return rc;
}

void wm_table_close(wm_table *table)
{
    if (!table || atomic_fetch_sub(&table->n_cursors, 1) > 0)
        return;
    if (table->data)
        munmap(table->data, table->size);
    if (table->fd >= 0)
        close(table->fd);
    free(table->path);
    free(table);
}

unsigned wm_table_n_values(const wm_table *table)
{
    return table ? table->view.values.n : 0;
}

const char *wm_table_value_name(const wm_table *table, unsigned i)
{
    const struct entry_values *values = table ? &table->view.values : NULL;
    if (!values || i >= values->n)
        return NULL;
    return values->n > 1 ? ngram_value_name(values->value[i]) : "count";
}

const char *wm_table_period_name(const wm_table *table)
{
    return table ? ngram_period_name(table->view.values.by) : NULL;
}

uint64_t wm_table_size(const wm_table *table)
{
    return table ? table->view.n_words : 0;
}

static int compare(const struct table_place *place, const char *word, size_t size)
{
    return order_words(place->word.word, place->word.size, word, size);
}

int table_next(const wm_table *table, struct table_place *place, wm_error *error)
{
    int rc = wmt_cursor_next(&place->word);
    while (rc == 0 && ++place->block < table->view.n_blocks) {
        rc = wmt_view_block(&table->view, place->block, &place->word);
        if (rc == 0)
            rc = wmt_cursor_next(&place->word);
    }
    return rc < 0 ? damaged(table, error) : rc;
}

int table_seek(const wm_table *table, const char *word, size_t size, struct table_place *place,
               wm_error *error)
{
    if (is_rewritten(table))
        return rewritten(table, error);
    if (table->view.n_blocks == 0)
        return 0;
    if (size == 0)
        word = ""; /* which NULL may stand for */
    place->block = wmt_view_find(&table->view, word, size);
    if (wmt_view_block(&table->view, place->block, &place->word) < 0)
        return damaged(table, error);
    int rc = table_next(table, place, error);
    while (rc > 0 && compare(place, word, size) < 0)
        rc = table_next(table, place, error);
    return rc;
}

int wm_table_get_values(const wm_table *table, const char *word, size_t size, uint64_t *counts,
                        wm_error *error)
{
    struct table_place place;
    if (!table || (!word && size > 0) || !counts)
        return error_null(error, table ? "the word, or what its count goes to," : "the table");
    int rc = table_seek(table, word, size, &place, error);
    if (rc < 0)
        return rc;
    if (rc == 0 || compare(&place, word, size) != 0)
        return 0;
    memcpy(counts, place.word.counts, place.word.n_counts * sizeof *counts);
    return 1;
}

int wm_table_get(const wm_table *table, const char *word, size_t size, uint64_t *count,
                 wm_error *error)
{
    uint64_t counts[1 + ENTRY_MORE_MAX];
    int rc = wm_table_get_values(table, word, size, count ? counts : NULL, error);
    if (rc == 1)
        *count = counts[0];
    return rc;
}

int wm_table_each_values(const wm_table *table, const char *prefix, size_t size,
                         int (*fn)(const char *word, size_t size, const uint64_t *counts,
                                   void *user),
                         void *user, wm_error *error)
{
    struct table_place place;
    if (!table || (!prefix && size > 0) || !fn)
        return error_null(error, table ? "the prefix or the function" : "the table");
    int rc = table_seek(table, prefix, size, &place, error);
    for (; rc > 0; rc = table_next(table, &place, error)) {
        const struct wmt_cursor *at = &place.word;
        if (at->size < size || memcmp(at->word, prefix, size) != 0)
            return 0;
        int stop = fn(at->word, at->size, at->counts, user);
        if (stop != 0)
            return stop;
    }
    return rc;
}

struct first_only {
    int (*fn)(const char *word, size_t size, uint64_t count, void *user);
    void *user;
};

static int visit_first(const char *word, size_t size, const uint64_t *counts, void *user)
{
    const struct first_only *first = user;
    return first->fn(word, size, counts[0], first->user);
}

int wm_table_each(const wm_table *table, const char *prefix, size_t size,
                  int (*fn)(const char *word, size_t size, uint64_t count, void *user), void *user,
                  wm_error *error)
{
    struct first_only first = {fn, user};
    return wm_table_each_values(table, prefix, size, fn ? visit_first : NULL, &first, error);
}

/* A writer takes entries, and a table file has none. */
struct visit {
    struct writer writer;
    struct columns columns;
    struct entry *entry;
    size_t asked_size; /* of the word that all lines are written of, and a TAB */
};

static int write_word(const char *word, size_t size, const uint64_t *counts, void *user)
{
    struct visit *visit = user;
    struct entry *entry = visit->entry;
    entry_set_size(entry, (uint32_t)size);
    entry->n_more = visit->columns.n_more & 15;
    entry->count = counts[0];
    memcpy(entry->key, word, size);
    memcpy(entry_more(entry), counts + 1, entry->n_more * sizeof *counts);
    return writer_add(&visit->writer, entry);
}

/* Writes a line of the word asked for, and none of one that begins with it and a TAB. */
static int write_period(const char *word, size_t size, const uint64_t *counts, void *user)
{
    const struct visit *visit = user;
    if (memchr(word + visit->asked_size, '\t', size - visit->asked_size))
        return 0;
    return write_word(word, size, counts, user);
}

/* Writes all lines of a word, which visit->entry has room for. */
static int visit_periods(const wm_table *table, const char *word, size_t size, struct visit *visit,
                         wm_error *error)
{
    char *asked = malloc(size + 1);
    if (!asked)
        return error_memory(error);
    memcpy(asked, word, size);
    asked[size] = '\t';
    visit->asked_size = size + 1;
    int rc = wm_table_each_values(table, asked, size + 1, write_period, visit, error);
    free(asked);
    return rc;
}

/* Whether the word is one alone, and not all of its years or decades. */
static int has_period(const wm_table *table, const char *word, size_t size)
{
    enum ngram_by by = (enum ngram_by)table->view.values.by;
    uint32_t word_size = (uint32_t)size;
    uint64_t period;
    const char *field;
    return by == NGRAM_BY_WORD || counts_cut_period(by, word, &word_size, &period, &field);
}

/* Writes a word that is asked for, or all that begin with it. */
static int visit_word(const wm_table *table, const char *word, int is_prefix, struct visit *visit,
                      wm_error *error)
{
    uint64_t counts[1 + ENTRY_MORE_MAX] = {0};
    size_t size = strlen(word);
    if (is_prefix)
        return wm_table_each_values(table, word, size, write_word, visit, error);
    if (size > KEY_SIZE_MAX || (size > WORD_SIZE_MAX && !memchr(word, '\t', size)))
        return error_set(error, WM_EINVAL, "a word is longer than %d bytes", WORD_SIZE_MAX);
    if (!has_period(table, word, size))
        return visit_periods(table, word, size, visit, error);
    int rc = wm_table_get_values(table, word, size, counts, error);
    return rc < 0 ? rc : write_word(word, size, counts, visit);
}

int wm_table_write(const wm_table *table, const char *const *words, size_t n_words,
                   int are_prefixes, enum wm_output format, int fd, wm_error *error)
{
    if (!table || (!words && n_words > 0))
        return error_null(error, table ? "the array of words" : "the table");
    for (size_t i = 0; i < n_words; i++)
        if (!words[i])
            return error_null(error, "a word");
    int is_continued = ((unsigned)format & WM_OUTPUT_CONTINUED) != 0;
    const struct output_format *output =
        output_format_at((unsigned)format & ~(unsigned)WM_OUTPUT_CONTINUED);
    if (!output || output->is_table)
        return error_set(error, WM_EINVAL, "words are written as TSV, CSV or JSON lines");
    struct visit visit = {.columns = {.n_more = table->view.values.n - 1}};
    for (unsigned i = 0; i < table->view.values.n; i++)
        visit.columns.names[i] = wm_table_value_name(table, i);
    visit.columns.period = wm_table_period_name(table);
    int rc = writer_open(&visit.writer, output, &visit.columns, fd, error);
    visit.entry = malloc(entry_stride(KEY_SIZE_MAX) + sizeof(uint64_t) * ENTRY_MORE_MAX);
    if (rc == 0 && !visit.entry)
        rc = error_memory(error);
    if (rc == 0 && !is_continued)
        rc = writer_head(&visit.writer);
    for (size_t i = 0; i < n_words && rc >= 0; i++)
        rc = visit_word(table, words[i], are_prefixes, &visit, error);
    if (rc == 0) {
        rc = writer_end(&visit.writer);
    } else if (rc != WM_EWRITE && visit.writer.text.size > 0) {
        /* What was found before something failed is out. */
        visit.writer.error = NULL;
        writer_flush(&visit.writer);
    }
    writer_release(&visit.writer);
    free(visit.entry);
    return rc;
}
