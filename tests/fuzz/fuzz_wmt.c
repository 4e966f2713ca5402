/*
 * A table file of any words, with any number of counts, is read back as it was. Then some of its
 * bytes are changed: the reader says so; and if all checksums are made right again, it still reads
 * nothing that is not there.
 */
#include "fuzz.h"
#include "wmt/wmt.h"
#include "wmt/wmt_read.h"
#include "wmt/wmt_write.h"
#include "wmt_parts.h"
#include "words/entry.h"
#include "words/order.h"
#include "words/table.h"

#define WORDS_MAX 400
#define SIZE_MAX_FILE (1u << 18)

struct made {
    unsigned char *data;
    size_t size;
    struct wmt_parts parts;
};

static unsigned char file[SIZE_MAX_FILE];
static struct made made = {.data = file};

/* Takes words from the input until half of it is left;
 * the block size is that of one word or all. */
static size_t take_words(struct table *table, const uint8_t **data, size_t *size)
{
    char word[256];
    size_t end = *size / 2;
    while (*size > end && table->n_entries < WORDS_MAX) {
        uint64_t count = take_byte(data, size) * UINT64_C(0x0101010101010101);
        size_t n = take_byte(data, size);
        if (n > *size)
            n = *size;
        memcpy(word, *data, n);
        *data += n;
        *size -= n;
        uint64_t counts[] = {count >> (n % 64), n, count, 0};
        check(table_add_counts(table, table_hash(word, n, 0), word, (uint32_t)n, counts) != 1);
    }
    return table->n_entries;
}

static void make_file(const struct order_item *items, size_t n, unsigned words_in_block,
                      const struct entry_values *values)
{
    struct wmt_index index = {.offset = WMT_HEADER_SIZE};
    struct wmt_block block = {0};
    wmt_write_header(file, values);
    made.size = WMT_HEADER_SIZE;
    for (size_t i = 0; i < n; i++) {
        char entry[256 + WMT_ENTRY_MAX];
        size_t entry_size = wmt_entry_write(entry, items[i].entry);
        made.size += wmt_block_add(&block, file + made.size, entry, entry_size);
        if (block.n_words == words_in_block || i + 1 == n) {
            size_t block_size = block.size;
            wmt_block_end(&block);
            check(wmt_index_add(&index, block.data, block_size) == 0);
        }
    }
    size_t size;
    void *end = wmt_index_write(&index, &size);
    check(end && made.size + size <= SIZE_MAX_FILE);
    memcpy(file + made.size, end, size);
    made.size += size;
    wmt_parts_find(&made.parts, file, made.size);
    free(end);
    wmt_index_release(&index);
}

/* Reads all of it, from memory of exactly its size: 0 or a code. */
static int read_file(const struct order_item *items, size_t n, int must_be_equal)
{
    unsigned char *copy = malloc(made.size);
    struct wmt_view view;
    struct wmt_cursor cursor;
    uint32_t version;
    size_t n_read = 0;
    check(copy);
    memcpy(copy, file, made.size);
    int rc = wmt_view_open(&view, copy, made.size, &version);
    for (uint64_t i = 0; rc == 0 && i < view.n_blocks; i++) {
        rc = wmt_view_block(&view, i, &cursor);
        while (rc == 0 && (rc = wmt_cursor_next(&cursor)) > 0) {
            const struct entry *entry = n_read < n ? items[n_read].entry : NULL;
            unsigned sum = 0;
            for (uint32_t j = 0; j < cursor.size; j++)
                sum += (unsigned char)cursor.word[j];
            check(!must_be_equal || (entry && entry->size == cursor.size &&
                                     memcmp(entry->key, cursor.word, cursor.size) == 0));
            check(cursor.n_counts >= 1 && cursor.n_counts <= 1 + ENTRY_MORE_MAX);
            for (unsigned j = 0; must_be_equal && j <= entry->n_more; j++)
                check(cursor.counts[j] == entry_count(entry, j));
            uint64_t found = wmt_view_find(&view, cursor.word, cursor.size);
            check(!must_be_equal || found == i);
            check(found <= view.n_blocks && sum <= 255u * cursor.size);
            n_read++;
            rc = 0;
        }
    }
    check(!must_be_equal || (rc == 0 && n_read == n && view.n_words == n));
    if (rc == 0)
        wmt_view_block_at(&view, made.size / 2);
    free(copy);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct order_item items[WORDS_MAX], scratch[WORDS_MAX];
    static unsigned char before[SIZE_MAX_FILE];
    struct table table;
    unsigned words_in_block = 1 + take_byte(&data, &size) % 50;
    unsigned how = take_byte(&data, &size), mend = how % 2;
    struct entry_values values = {1 + (how >> 1) % 4, {3, 1, 0, 2}, 0};
    check(table_init(&table, WORDS_MAX, WORDS_MAX * (entry_stride(256) + 24),
                     WORDS_MAX * (entry_stride(256) + 24) + 8) == 0);
    table.n_more = values.n - 1;
    size_t n = take_words(&table, &data, &size), i = 0;
    for (const struct entry *entry = table_first(&table); i < n; entry = entry_next(entry), i++)
        items[i] = (struct order_item){order_key(ORDER_WORD, entry), entry};
    order_sort(ORDER_WORD, items, scratch, n);
    make_file(items, n, words_in_block, &values);
    read_file(items, n, 1);

    memcpy(before, file, made.size);
    while (size >= 3) {
        size_t at = take_byte(&data, &size) << 8;
        at |= take_byte(&data, &size);
        file[at % made.size] ^= (unsigned char)take_byte(&data, &size);
    }
    if (mend)
        wmt_parts_mend(&made.parts, file);
    int rc = read_file(items, n, 0);
    check(mend || (rc == 0) == (memcmp(before, file, made.size) == 0));
    table_release(&table);
    return 0;
}
