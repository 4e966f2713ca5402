/*
 * Nothing that is read is believed before its checksum is verified, and offsets and sizes not even
 * then: whoever makes a file can make its checksums too.
 */
#include "wmt/wmt.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/read_full.h"
#include "words/entry.h"
#include "words/order.h"

#define PLACE_SIZE 16

static const unsigned char magic[8] = {0x89, 'W', 'M', 'T', '\r', '\n', 0x1A, '\n'};
static const unsigned char end_magic[8] = {'\n', 0x1A, '\n', '\r', 'T', 'M', 'W', 0x89};

static uint64_t read64(const void *data)
{
    uint64_t value;
    memcpy(&value, data, sizeof value);
    return le64toh(value);
}

static uint32_t read32(const void *data)
{
    uint32_t value;
    memcpy(&value, data, sizeof value);
    return le32toh(value);
}

static void write64(void *out, uint64_t value)
{
    value = htole64(value);
    memcpy(out, &value, sizeof value);
}

static void write32(void *out, uint32_t value)
{
    value = htole32(value);
    memcpy(out, &value, sizeof value);
}

/* Of a part of size bytes that begins with it. */
static uint64_t checksum(const void *part, size_t size)
{
    return XXH3_64bits((const char *)part + 8, size - 8);
}

static int is_whole(const void *part, size_t size)
{
    return read64(part) == checksum(part, size);
}

int wmt_is_magic(const void *data)
{
    return memcmp(data, magic, sizeof magic) == 0;
}

void wmt_write_header(void *out)
{
    unsigned char *header = out;
    memset(header, 0, WMT_HEADER_SIZE);
    memcpy(header, magic, sizeof magic);
    write32(header + 16, WMT_VERSION);
    write64(header + 8, checksum(header + 8, WMT_HEADER_SIZE - 8));
}

int wmt_check_header(const void *data, uint32_t *version)
{
    const unsigned char *header = data;
    if (!wmt_is_magic(header) || !is_whole(header + 8, WMT_HEADER_SIZE - 8))
        return CODE_TABLE;
    *version = read32(header + 16);
    return *version == WMT_VERSION ? 0 : CODE_VERSION;
}

static unsigned char *write_number(unsigned char *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (unsigned char)(value | 0x80);
    *at++ = (unsigned char)value;
    return at;
}

/* NULL: no number of 64 bits stands here, in its shortest form. */
static const unsigned char *read_number(const unsigned char *at, const unsigned char *end,
                                        uint64_t *value)
{
    uint64_t sum = 0;
    for (unsigned shift = 0; at < end && shift < 64; shift += 7) {
        uint64_t bits = *at & 0x7F;
        if (shift == 63 && bits > 1)
            return NULL;
        sum |= bits << shift;
        if (*at++ < 0x80) {
            *value = sum;
            return at;
        }
    }
    return NULL;
}

size_t wmt_entry_write(void *out, const struct entry *entry)
{
    unsigned char *at = write_number(out, entry->size);
    memcpy(at, entry->key, entry->size);
    at = write_number(at + entry->size, entry->count);
    return (size_t)(at - (unsigned char *)out);
}

size_t wmt_block_add(struct wmt_block *block, void *out, const void *entry, size_t size)
{
    size_t before = block->size;
    if (before == 0) {
        block->data = out;
        block->size = WMT_BLOCK_HEADER_SIZE;
        block->n_words = 0;
    }
    memcpy(block->data + block->size, entry, size);
    block->size += size;
    block->n_words++;
    return block->size - before;
}

void wmt_block_end(struct wmt_block *block)
{
    if (block->size == 0)
        return;
    write32(block->data + 8, (uint32_t)block->size);
    write32(block->data + 12, block->n_words);
    write64(block->data, checksum(block->data, block->size));
    block->size = 0;
}

int64_t wmt_block_size(const void *header)
{
    uint32_t size = read32((const char *)header + 8);
    if (size != 0 && (size <= WMT_BLOCK_HEADER_SIZE || size > WMT_BLOCK_SIZE_MAX))
        return CODE_TABLE;
    return size;
}

int wmt_cursor_begin(struct wmt_cursor *cursor, const void *block, size_t size)
{
    if (size <= WMT_BLOCK_HEADER_SIZE || wmt_block_size(block) != (int64_t)size ||
        !is_whole(block, size))
        return CODE_TABLE;
    *cursor = (struct wmt_cursor){.at = (const unsigned char *)block + WMT_BLOCK_HEADER_SIZE,
                                  .end = (const unsigned char *)block + size,
                                  .n_left = read32((const char *)block + 12)};
    return 0;
}

int wmt_cursor_next(struct wmt_cursor *cursor)
{
    uint64_t size, count;
    if (cursor->n_left == 0)
        return cursor->at == cursor->end ? 0 : CODE_TABLE;
    const unsigned char *word = read_number(cursor->at, cursor->end, &size);
    if (!word || size > WORD_SIZE_MAX || size > (size_t)(cursor->end - word))
        return CODE_TABLE;
    cursor->at = read_number(word + size, cursor->end, &count);
    if (!cursor->at)
        return CODE_TABLE;
    cursor->word = (const char *)word;
    cursor->size = (uint32_t)size;
    cursor->count = count;
    cursor->n_left--;
    return 1;
}

static int make_room(void **memory, size_t *capacity, size_t size, size_t more)
{
    if (*capacity - size >= more)
        return 0;
    void *larger = realloc(*memory, 2 * (size + more));
    if (!larger)
        return CODE_NOMEM;
    *memory = larger;
    *capacity = 2 * (size + more);
    return 0;
}

int wmt_index_add(struct wmt_index *index, const void *blocks, size_t size)
{
    const unsigned char *block = blocks, *end = block + size;
    if (index->offset == 0)
        index->offset = WMT_HEADER_SIZE;
    while (block < end) {
        uint64_t word_size = 0;
        uint32_t block_size = read32(block + 8);
        const unsigned char *word =
            read_number(block + WMT_BLOCK_HEADER_SIZE, block + block_size, &word_size);
        void *places = index->places, *words = index->words;
        int rc = make_room(&places, &index->capacity, index->n_blocks * PLACE_SIZE, PLACE_SIZE);
        index->places = places;
        if (rc == 0)
            rc = make_room(&words, &index->words_capacity, index->words_size, word_size + 1);
        index->words = words;
        if (rc < 0)
            return rc;
        memcpy(index->words + index->words_size, word, word_size);
        index->words_size += word_size;
        write64(&index->places[2 * index->n_blocks], index->offset);
        write64(&index->places[2 * index->n_blocks + 1], index->words_size);
        index->n_blocks++;
        index->n_words += read32(block + 12);
        index->offset += block_size;
        block += block_size;
    }
    return 0;
}

void *wmt_index_write(const struct wmt_index *index, size_t *size)
{
    size_t places_size = index->n_blocks * PLACE_SIZE;
    size_t index_size = WMT_INDEX_HEADER_SIZE + places_size + index->words_size;
    unsigned char *data = calloc(1, index_size + WMT_FOOTER_SIZE);
    if (!data)
        return NULL;
    unsigned char *footer = data + index_size;
    write64(data + 16, index->n_blocks);
    write64(data + 24, index->n_words);
    if (index->n_blocks > 0) {
        memcpy(data + WMT_INDEX_HEADER_SIZE, index->places, places_size);
        memcpy(data + WMT_INDEX_HEADER_SIZE + places_size, index->words, index->words_size);
    }
    write64(data, checksum(data, index_size));
    write64(footer + 8, index->offset ? index->offset : WMT_HEADER_SIZE);
    write64(footer + 16, index->n_words);
    memcpy(footer + 24, end_magic, sizeof end_magic);
    write64(footer, checksum(footer, WMT_FOOTER_SIZE));
    *size = index_size + WMT_FOOTER_SIZE;
    return data;
}

void wmt_index_release(struct wmt_index *index)
{
    free(index->places);
    free(index->words);
    *index = (struct wmt_index){0};
}

/* The block becomes one of those to be written. */
static int pack_block(struct wmt_packer *packer)
{
    size_t size = packer->block.size;
    wmt_block_end(&packer->block);
    int rc = wmt_index_add(&packer->index, packer->data + packer->size, size);
    packer->size += size;
    return rc;
}

int wmt_pack(struct wmt_packer *packer, const void *entries, size_t size)
{
    const unsigned char *entry = entries, *end = entry + size;
    /* Of two blocks in a row at least one is more than half full. */
    size_t more = size + size / 512 + 2 * WMT_BLOCK_HEADER_SIZE;
    void *data = packer->data;
    int rc = make_room(&data, &packer->capacity, packer->size + packer->block.size, more);
    packer->data = data;
    if (packer->block.size > 0)
        packer->block.data = packer->data + packer->size;
    while (rc == 0 && entry < end) {
        uint64_t word_size = 0, count;
        const unsigned char *word = read_number(entry, end, &word_size);
        const unsigned char *next = read_number(word + word_size, end, &count);
        struct wmt_block *block = &packer->block;
        if (block->size > 0 && block->size + word_size + WMT_ENTRY_MAX > WMT_BLOCK_SIZE)
            rc = pack_block(packer);
        wmt_block_add(block, packer->data + packer->size, entry, (size_t)(next - entry));
        entry = next;
    }
    return rc;
}

void wmt_pack_forget(struct wmt_packer *packer)
{
    if (packer->block.size > 0) {
        memmove(packer->data, packer->block.data, packer->block.size);
        packer->block.data = packer->data;
    }
    packer->size = 0;
}

void *wmt_pack_end(struct wmt_packer *packer, size_t *size)
{
    size_t index_size = 0;
    if (packer->block.size > 0 && pack_block(packer) < 0)
        return NULL;
    void *index = wmt_index_write(&packer->index, &index_size);
    unsigned char *data = index ? malloc(packer->size + index_size) : NULL;
    if (data) {
        if (packer->size > 0)
            memcpy(data, packer->data, packer->size);
        memcpy(data + packer->size, index, index_size);
        *size = packer->size + index_size;
    }
    free(index);
    return data;
}

void wmt_packer_release(struct wmt_packer *packer)
{
    wmt_index_release(&packer->index);
    free(packer->data);
    *packer = (struct wmt_packer){0};
}

static uint64_t block_offset(const struct wmt_view *view, uint64_t i)
{
    return i < view->n_blocks ? read64(view->places + i * PLACE_SIZE) : view->index_offset;
}

/* Verifies and opens index and footer, the size bytes at data, which is at offset in the file. */
static int open_end(struct wmt_view *view, const unsigned char *data, size_t size, uint64_t offset)
{
    if (size < WMT_INDEX_HEADER_SIZE + WMT_FOOTER_SIZE)
        return CODE_TABLE;
    size_t index_size = size - WMT_FOOTER_SIZE;
    const unsigned char *footer = data + index_size;
    if (memcmp(footer + 24, end_magic, sizeof end_magic) != 0 ||
        !is_whole(footer, WMT_FOOTER_SIZE) || read64(footer + 8) != offset ||
        !is_whole(data, index_size) || read64(data + 8) != 0)
        return CODE_TABLE;
    view->index_offset = offset;
    view->n_blocks = read64(data + 16);
    view->n_words = read64(data + 24);
    size_t rest = index_size - WMT_INDEX_HEADER_SIZE;
    if (view->n_words != read64(footer + 16) || view->n_blocks > rest / PLACE_SIZE)
        return CODE_TABLE;
    view->places = data + WMT_INDEX_HEADER_SIZE;
    view->words = view->places + view->n_blocks * PLACE_SIZE;
    view->words_size = rest - view->n_blocks * PLACE_SIZE;
    /* Each block ends where the next one starts, so none is left out. */
    return block_offset(view, 0) == WMT_HEADER_SIZE ? 0 : CODE_TABLE;
}

int wmt_view_open(struct wmt_view *view, const void *data, uint64_t size, uint32_t *version)
{
    const unsigned char *file = data;
    if (size < WMT_HEADER_SIZE + WMT_INDEX_HEADER_SIZE + WMT_FOOTER_SIZE)
        return CODE_TABLE;
    int rc = wmt_check_header(file, version);
    if (rc < 0)
        return rc;
    view->data = file;
    uint64_t offset = read64(file + size - WMT_FOOTER_SIZE + 8);
    if (offset < WMT_HEADER_SIZE || offset > size)
        return CODE_TABLE;
    return open_end(view, file + offset, size - offset, offset);
}

/* The first word of a block; empty if the index is not what it should be. */
static const char *first_word(const struct wmt_view *view, uint64_t i, size_t *size)
{
    uint64_t start = i > 0 ? read64(view->places + i * PLACE_SIZE - 8) : 0;
    uint64_t end = read64(view->places + i * PLACE_SIZE + 8);
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

static int block_place(const struct wmt_view *view, uint64_t i, uint64_t *start, uint64_t *end)
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
    if (wmt_cursor_begin(cursor, block, size) < 0)
        return CODE_TABLE;
    struct wmt_cursor ahead = *cursor;
    if (wmt_cursor_next(&ahead) != 1)
        return CODE_TABLE;
    return order_words(ahead.word, ahead.size, first, first_size) == 0 ? 0 : CODE_TABLE;
}

int wmt_view_block(const struct wmt_view *view, uint64_t i, struct wmt_cursor *cursor)
{
    uint64_t start, end;
    int rc = block_place(view, i, &start, &end);
    return rc < 0 ? rc : begin_block(view, i, view->data + start, end - start, cursor);
}

static int read_all(int fd, void *out, size_t size, uint64_t offset)
{
    ssize_t n = read_full(fd, out, size, offset);
    return n < 0 ? CODE_READ : (size_t)n < size ? CODE_CHANGED : 0;
}

int wmt_reader_open(struct wmt_reader *reader, int fd, uint64_t size, uint32_t *version)
{
    unsigned char header[WMT_HEADER_SIZE], footer[WMT_FOOTER_SIZE];
    *reader = (struct wmt_reader){.fd = fd};
    if (size < WMT_HEADER_SIZE + WMT_INDEX_HEADER_SIZE + WMT_FOOTER_SIZE)
        return CODE_TABLE;
    int rc = read_all(fd, header, sizeof header, 0);
    if (rc == 0)
        rc = wmt_check_header(header, version);
    if (rc == 0)
        rc = read_all(fd, footer, sizeof footer, size - sizeof footer);
    if (rc < 0)
        return rc;
    uint64_t offset = read64(footer + 8);
    /* Not even memory is asked for because of what a damaged footer says. */
    if (!is_whole(footer, sizeof footer) || offset < WMT_HEADER_SIZE || offset > size)
        return CODE_TABLE;
    reader->end = malloc(size - offset);
    reader->block = malloc(WMT_BLOCK_SIZE_MAX);
    rc = reader->end && reader->block ? read_all(fd, reader->end, size - offset, offset)
                                      : CODE_NOMEM;
    return rc < 0 ? rc : open_end(&reader->view, reader->end, size - offset, offset);
}

int wmt_reader_block(struct wmt_reader *reader, uint64_t i, struct wmt_cursor *cursor,
                     uint64_t *start, uint64_t *end)
{
    int rc = block_place(&reader->view, i, start, end);
    if (rc == 0)
        rc = read_all(reader->fd, reader->block, *end - *start, *start);
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
