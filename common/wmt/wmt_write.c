/*
 * A block is ended when the next entry would make it larger than WMT_BLOCK_SIZE, so where blocks
 * end follows from the entries alone.
 */
#include "wmt/wmt_write.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/code.h"
#include "base/grow.h"
#include "base/leb128.h"
#include "wmt/wmt.h"

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
    store_le32(block->data + 8, (uint32_t)block->size);
    store_le32(block->data + 12, block->n_words);
    store_le64(block->data, wmt_checksum(block->data, block->size));
    block->size = 0;
}

/* For one more block, which begins with a word of so many bytes. */
static int index_make_room(struct wmt_index *index, size_t word_size)
{
    void *rows = grow(index->rows, &index->capacity, index->n_blocks + 1, WMT_ROW_SIZE);
    if (!rows)
        return CODE_NOMEM;
    index->rows = rows;
    char *words = grow(index->words, &index->words_capacity, index->words_size + word_size + 1, 1);
    if (!words)
        return CODE_NOMEM;
    index->words = words;
    return 0;
}

int wmt_index_add(struct wmt_index *index, const void *blocks, size_t size)
{
    const unsigned char *block = blocks, *end = block + size;
    if (index->offset == 0)
        index->offset = WMT_HEADER_SIZE;
    while (block < end) {
        uint64_t word_size = 0;
        uint32_t block_size = load_le32(block + 8);
        const unsigned char *word =
            leb128_read(block + WMT_BLOCK_HEADER_SIZE, block + block_size, &word_size);
        if (index_make_room(index, word_size) < 0)
            return CODE_NOMEM;
        memcpy(index->words + index->words_size, word, word_size);
        index->words_size += word_size;
        store_le64(&index->rows[2 * index->n_blocks], index->offset);
        store_le64(&index->rows[2 * index->n_blocks + 1], index->words_size);
        index->n_blocks++;
        index->n_words += load_le32(block + 12);
        index->offset += block_size;
        block += block_size;
    }
    return 0;
}

void *wmt_index_write(const struct wmt_index *index, size_t *size)
{
    size_t rows_size = index->n_blocks * WMT_ROW_SIZE;
    size_t index_size = WMT_INDEX_HEADER_SIZE + rows_size + index->words_size;
    unsigned char *data = calloc(1, index_size + WMT_FOOTER_SIZE);
    if (!data)
        return NULL;
    unsigned char *footer = data + index_size;
    store_le64(data + 16, index->n_blocks);
    store_le64(data + 24, index->n_words);
    if (index->n_blocks > 0) {
        memcpy(data + WMT_INDEX_HEADER_SIZE, index->rows, rows_size);
        memcpy(data + WMT_INDEX_HEADER_SIZE + rows_size, index->words, index->words_size);
    }
    store_le64(data, wmt_checksum(data, index_size));
    store_le64(footer + 8, index->offset ? index->offset : WMT_HEADER_SIZE);
    store_le64(footer + 16, index->n_words);
    memcpy(footer + 24, wmt_end_magic, sizeof wmt_end_magic);
    store_le64(footer, wmt_checksum(footer, WMT_FOOTER_SIZE));
    *size = index_size + WMT_FOOTER_SIZE;
    return data;
}

void wmt_index_release(struct wmt_index *index)
{
    free(index->rows);
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
    size_t entry_more = WMT_ENTRY_MORE(1 + packer->n_more);
    /* Of two blocks in a row at least one is more than half full. */
    size_t more = size + size / 512 + 2 * WMT_BLOCK_HEADER_SIZE;
    unsigned char *data =
        grow(packer->data, &packer->capacity, packer->size + packer->block.size + more, 1);
    int rc = 0;
    if (!data)
        return CODE_NOMEM;
    packer->data = data;
    if (packer->block.size > 0)
        packer->block.data = packer->data + packer->size;
    while (rc == 0 && entry < end) {
        uint64_t word_size = 0, count;
        const unsigned char *next = leb128_read(entry, end, &word_size) + word_size;
        for (unsigned i = 0; i <= packer->n_more; i++)
            next = leb128_read(next, end, &count);
        struct wmt_block *block = &packer->block;
        if (block->size > 0 && block->size + word_size + entry_more > WMT_BLOCK_SIZE)
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
