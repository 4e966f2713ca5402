/*
 * Nothing that is read is believed before its checksum is verified, and offsets and sizes not even
 * then: whoever makes a file can make its checksums too.
 */
#include "wmt/wmt_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/code.h"
#include "base/leb128.h"
#include "wmt/wmt.h"
#include "words/entry.h"
#include "words/order.h"

const char *wmt_first_word(const void *data, size_t size, uint32_t *word_size)
{
    const unsigned char *block = (const unsigned char *)data + WMT_HEADER_SIZE;
    const unsigned char *end = (const unsigned char *)data + size;
    uint64_t n;
    if (size <= WMT_HEADER_SIZE + WMT_BLOCK_HEADER_SIZE || wmt_block_size(block) <= 0)
        return NULL;
    const unsigned char *word = leb128_read(block + WMT_BLOCK_HEADER_SIZE, end, &n);
    if (!word || n > KEY_SIZE_MAX || n > (size_t)(end - word))
        return NULL;
    *word_size = (uint32_t)n;
    return (const char *)word;
}

int64_t wmt_block_size(const void *header)
{
    uint32_t size = load_le32((const char *)header + 8);
    if (size != 0 && (size <= WMT_BLOCK_HEADER_SIZE || size > WMT_BLOCK_SIZE_MAX))
        return CODE_TABLE;
    return size;
}

int wmt_cursor_begin(struct wmt_cursor *cursor, const void *block, size_t size, unsigned n_counts)
{
    if (size <= WMT_BLOCK_HEADER_SIZE || wmt_block_size(block) != (int64_t)size ||
        !wmt_is_whole(block, size))
        return CODE_TABLE;
    *cursor = (struct wmt_cursor){.at = (const unsigned char *)block + WMT_BLOCK_HEADER_SIZE,
                                  .end = (const unsigned char *)block + size,
                                  .n_left = load_le32((const char *)block + 12),
                                  .n_counts = n_counts};
    return 0;
}

int wmt_cursor_next(struct wmt_cursor *cursor)
{
    uint64_t size;
    if (cursor->n_left == 0)
        return cursor->at == cursor->end ? 0 : CODE_TABLE;
    const unsigned char *word = leb128_read(cursor->at, cursor->end, &size);
    if (!word || size > KEY_SIZE_MAX || size > (size_t)(cursor->end - word))
        return CODE_TABLE;
    cursor->at = word + size;
    for (unsigned i = 0; i < cursor->n_counts && cursor->at; i++)
        cursor->at = leb128_read(cursor->at, cursor->end, &cursor->counts[i]);
    if (!cursor->at)
        return CODE_TABLE;
    cursor->word = (const char *)word;
    cursor->size = (uint32_t)size;
    cursor->n_left--;
    return 1;
}

static uint64_t block_offset(const struct wmt_view *view, uint64_t i)
{
    return i < view->n_blocks ? load_le64(view->rows + i * WMT_ROW_SIZE) : view->index_offset;
}

/* Verifies and opens index and footer, the size bytes at data, which is at offset in the file. */
static int open_end(struct wmt_view *view, const unsigned char *data, size_t size, uint64_t offset)
{
    if (size < WMT_INDEX_HEADER_SIZE + WMT_FOOTER_SIZE)
        return CODE_TABLE;
    size_t index_size = size - WMT_FOOTER_SIZE;
    const unsigned char *footer = data + index_size;
    if (memcmp(footer + 24, wmt_end_magic, sizeof wmt_end_magic) != 0 ||
        !wmt_is_whole(footer, WMT_FOOTER_SIZE) || load_le64(footer + 8) != offset ||
        !wmt_is_whole(data, index_size) || load_le64(data + 8) != 0)
        return CODE_TABLE;
    view->index_offset = offset;
    view->n_blocks = load_le64(data + 16);
    view->n_words = load_le64(data + 24);
    size_t rest = index_size - WMT_INDEX_HEADER_SIZE;
    if (view->n_words != load_le64(footer + 16) || view->n_blocks > rest / WMT_ROW_SIZE)
        return CODE_TABLE;
    view->rows = data + WMT_INDEX_HEADER_SIZE;
    view->words = view->rows + view->n_blocks * WMT_ROW_SIZE;
    view->words_size = rest - view->n_blocks * WMT_ROW_SIZE;
    /* Each block ends where the next one starts, so none is left out. */
    return block_offset(view, 0) == WMT_HEADER_SIZE ? 0 : CODE_TABLE;
}

int wmt_view_open(struct wmt_view *view, const void *data, uint64_t size, uint32_t *version)
{
    const unsigned char *file = data;
    if (size < WMT_HEADER_SIZE + WMT_INDEX_HEADER_SIZE + WMT_FOOTER_SIZE)
        return CODE_TABLE;
    int rc = wmt_check_header(file, &view->values, version);
    if (rc < 0)
        return rc;
    view->data = file;
    uint64_t offset = load_le64(file + size - WMT_FOOTER_SIZE + 8);
    if (offset < WMT_HEADER_SIZE || offset > size)
        return CODE_TABLE;
    return open_end(view, file + offset, size - offset, offset);
}

/* The first word of a block; empty if the index is not what it should be. */
static const char *first_word(const struct wmt_view *view, uint64_t i, size_t *size)
{
    uint64_t start = i > 0 ? load_le64(view->rows + i * WMT_ROW_SIZE - 8) : 0;
    uint64_t end = load_le64(view->rows + i * WMT_ROW_SIZE + 8);
    *size = start <= end && end <= view->words_size ? end - start : 0;
    return (const char *)view->words + (*size > 0 ? start : 0);
}

uint64_t wmt_view_find(const struct wmt_view *view, const char *word, size_t size)
{
    uint64_t low = 0, high = view->n_blocks;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        size_t first_size;
        const char *first = first_word(view, middle, &first_size);
        if (order_words(first, first_size, word, size) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? low - 1 : 0;
}

uint64_t wmt_view_block_at(const struct wmt_view *view, uint64_t offset)
{
    uint64_t low = 0, high = view->n_blocks;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (block_offset(view, middle) < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int block_span(const struct wmt_view *view, uint64_t i, uint64_t *start, uint64_t *end)
{
    *start = block_offset(view, i);
    *end = block_offset(view, i + 1);
    if (*start < WMT_HEADER_SIZE || *start > *end || *end > view->index_offset ||
        *end - *start > WMT_BLOCK_SIZE_MAX)
        return CODE_TABLE;
    return 0;
}

/* A block may be whole, and not the one that belongs here. */
static int begin_block(const struct wmt_view *view, uint64_t i, const void *block, size_t size,
                       struct wmt_cursor *cursor)
{
    size_t first_size;
    const char *first = first_word(view, i, &first_size);
    if (wmt_cursor_begin(cursor, block, size, view->values.n) < 0)
        return CODE_TABLE;
    struct wmt_cursor ahead = *cursor;
    if (wmt_cursor_next(&ahead) != 1)
        return CODE_TABLE;
    return order_words(ahead.word, ahead.size, first, first_size) == 0 ? 0 : CODE_TABLE;
}

int wmt_view_block(const struct wmt_view *view, uint64_t i, struct wmt_cursor *cursor)
{
    uint64_t start, end;
    int rc = block_span(view, i, &start, &end);
    return rc < 0 ? rc : begin_block(view, i, view->data + start, end - start, cursor);
}

static int range_read(const struct store *store, void *out, size_t size, uint64_t offset)
{
    ssize_t n = store_read_full(store, out, size, offset);
    return n < 0 ? CODE_READ : (size_t)n < size ? CODE_CHANGED : 0;
}

int wmt_reader_open(struct wmt_reader *reader, const struct store *store, uint64_t size,
                    uint32_t *version)
{
    unsigned char header[WMT_HEADER_SIZE], footer[WMT_FOOTER_SIZE];
    *reader = (struct wmt_reader){.store = *store};
    if (size < WMT_HEADER_SIZE + WMT_INDEX_HEADER_SIZE + WMT_FOOTER_SIZE)
        return CODE_TABLE;
    int rc = range_read(store, header, sizeof header, 0);
    if (rc == 0)
        rc = wmt_check_header(header, &reader->view.values, version);
    if (rc == 0)
        rc = range_read(store, footer, sizeof footer, size - sizeof footer);
    if (rc < 0)
        return rc;
    uint64_t offset = load_le64(footer + 8);
    /* Not even memory is asked for because of what a damaged footer says. */
    if (!wmt_is_whole(footer, sizeof footer) || offset < WMT_HEADER_SIZE || offset > size)
        return CODE_TABLE;
    reader->end = malloc(size - offset);
    reader->block = malloc(WMT_BLOCK_SIZE_MAX);
    rc = reader->end && reader->block ? range_read(store, reader->end, size - offset, offset)
                                      : CODE_NOMEM;
    return rc < 0 ? rc : open_end(&reader->view, reader->end, size - offset, offset);
}

int wmt_reader_block(struct wmt_reader *reader, uint64_t i, struct wmt_cursor *cursor,
                     uint64_t *start, uint64_t *end)
{
    int rc = block_span(&reader->view, i, start, end);
    if (rc == 0)
        rc = range_read(&reader->store, reader->block, *end - *start, *start);
    return rc < 0 ? rc : begin_block(&reader->view, i, reader->block, *end - *start, cursor);
}

void wmt_reader_release(struct wmt_reader *reader)
{
    free(reader->end);
    free(reader->block);
}

int wmt_check_end(const void *data, size_t size, uint64_t offset, uint64_t n_words)
{
    struct wmt_view view;
    int rc = open_end(&view, data, size, offset);
    return rc < 0 || view.n_words == n_words ? rc : CODE_TABLE;
}
