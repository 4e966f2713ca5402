/* Table files being written: blocks, the index behind them, and both at once. */
#ifndef COMMON_WMT_WMT_WRITE_H
#define COMMON_WMT_WMT_WRITE_H

#include <stddef.h>
#include <stdint.h>

/* Blocks being made, one after the other. */
struct wmt_block {
    unsigned char *data;
    size_t size; /* 0: none is begun */
    uint32_t n_words;
};

/* Adds an entry, size bytes as written, to the block at out, which it begins if need be. Returns
 * the bytes added. */
size_t wmt_block_add(struct wmt_block *block, void *out, const void *entry, size_t size);
/* Makes it whole; there may be none. */
void wmt_block_end(struct wmt_block *block);

/* The index while blocks are written. {0} is empty. */
struct wmt_index {
    uint64_t *rows; /* offset and end, for each block */
    char *words;
    size_t n_blocks, capacity;
    size_t words_size, words_capacity;
    uint64_t n_words;
    uint64_t offset; /* in the file, of the next block */
};

/* Notes whole blocks, size bytes of them. 0 or CODE_NOMEM. */
int wmt_index_add(struct wmt_index *index, const void *blocks, size_t size);
/* Makes index and footer, *size bytes that are the caller's. NULL: no memory. */
void *wmt_index_write(const struct wmt_index *index, size_t *size);
void wmt_index_release(struct wmt_index *index);

/* Entries on their way into blocks. How they are cut says their order alone, not how they come: so
 * the same words make the same file. {0} is empty. */
struct wmt_packer {
    unsigned char *data;
    size_t size; /* of whole blocks, which are to be written */
    size_t capacity;
    struct wmt_block block; /* behind them */
    struct wmt_index index;
    unsigned n_more; /* counts of each word behind the first; set before there are entries */
};

/* Adds entries, size bytes of them. 0 or CODE_NOMEM. */
int wmt_pack(struct wmt_packer *packer, const void *entries, size_t size);
/* The whole blocks are written. */
void wmt_pack_forget(struct wmt_packer *packer);
/* What is still to be written: the last block, index and footer, *size bytes that are the caller's.
 * NULL: no memory. */
void *wmt_pack_end(struct wmt_packer *packer, size_t *size);
void wmt_packer_release(struct wmt_packer *packer);

#endif
