/*
 * Table files (.wmt): the words of a result and their counts, sorted by the bytes of the words.
 * Numbers are little-endian; a checksum is the XXH3 (64 bits, no seed) of all bytes behind it, up
 * to the end of its part. engine/DESIGN.md has the layout.
 *
 *     | header | block | block | ... | index | footer |
 *
 *     header  | magic 8 | checksum 8 | version 4 | 0 4 | 0 8 |
 *     block   | checksum 8 | size 4 | words 4 | entries ... |       size: of all of the block
 *     index   | checksum 8 | 0 4 | 0 4 | blocks 8 | words 8 |       where a block's size is 0
 *             | offset 8, end 8 |  for each block, the end of its first word among the words
 *             | the first words, one after the other |
 *     footer  | checksum 8 | offset of the index 8 | words 8 | magic 8 |
 *
 *     entry   | size of the word | word | count |                   numbers as LEB128
 */
#ifndef COMMON_WMT_WMT_H
#define COMMON_WMT_WMT_H

#include <stddef.h>
#include <stdint.h>

#include "words/entry.h"

#define WMT_VERSION 1
#define WMT_HEADER_SIZE 32
#define WMT_BLOCK_HEADER_SIZE 16
#define WMT_INDEX_HEADER_SIZE 32
#define WMT_FOOTER_SIZE 32
/* Of a block; a larger one has one word. A lookup reads one of them. */
#define WMT_BLOCK_SIZE (32u << 10)
/* The most that an entry takes beside its word. */
#define WMT_ENTRY_MAX (5 + 10)
/* No block is larger. */
#define WMT_BLOCK_SIZE_MAX (WMT_BLOCK_SIZE + WORD_SIZE_MAX + WMT_ENTRY_MAX)

/* Whether so starts a table file; 8 bytes. */
int wmt_is_magic(const void *data);

/* Writes WMT_HEADER_SIZE bytes. */
void wmt_write_header(void *out);

/* 0; CODE_TABLE: it is damaged; or CODE_VERSION, and *version. */
int wmt_check_header(const void *data, uint32_t *version);

/* Writes a word and its count as they are in a block: at most WMT_ENTRY_MAX bytes more than the
 * word. Returns the bytes written. */
size_t wmt_entry_write(void *out, const struct entry *entry);

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

/* What a block holds, from its first entry on. */
struct wmt_cursor {
    const unsigned char *at, *end;
    uint32_t n_left;
    const char *word;
    uint32_t size;
    uint64_t count;
};

/* Bytes of the block whose header this is; 0: here is the index; or CODE_TABLE. */
int64_t wmt_block_size(const void *header);
/* Verifies a block of size bytes and stands before its first word. 0 or CODE_TABLE. */
int wmt_cursor_begin(struct wmt_cursor *cursor, const void *block, size_t size);
/* 1: at the next word; 0: there is none; or CODE_TABLE. */
int wmt_cursor_next(struct wmt_cursor *cursor);

/* The index while blocks are written. {0} is empty. */
struct wmt_index {
    uint64_t *places; /* offset and end, for each block */
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
};

/* Adds entries, size bytes of them. 0 or CODE_NOMEM. */
int wmt_pack(struct wmt_packer *packer, const void *entries, size_t size);
/* The whole blocks are written. */
void wmt_pack_forget(struct wmt_packer *packer);
/* What is still to be written: the last block, index and footer, *size bytes that are the caller's.
 * NULL: no memory. */
void *wmt_pack_end(struct wmt_packer *packer, size_t *size);
void wmt_packer_release(struct wmt_packer *packer);

/* A table file, all of it in memory or but its blocks. */
struct wmt_view {
    const unsigned char *data; /* all of it; NULL */
    const unsigned char *places, *words;
    uint64_t n_blocks;
    uint64_t n_words;
    uint64_t index_offset;
    uint64_t words_size;
};

/* Verifies all but the blocks. 0; CODE_TABLE; or CODE_VERSION, and *version. */
int wmt_view_open(struct wmt_view *view, const void *data, uint64_t size, uint32_t *version);
/* The last block that does not begin after the word; 0 also if there is none. */
uint64_t wmt_view_find(const struct wmt_view *view, const char *word, size_t size);
/* The first block that starts at offset or after it, n_blocks if there is none. */
uint64_t wmt_view_block_at(const struct wmt_view *view, uint64_t offset);
/* Verifies block i < n_blocks and stands before its first word. 0 or CODE_TABLE. */
int wmt_view_block(const struct wmt_view *view, uint64_t i, struct wmt_cursor *cursor);

/* The same, read from a descriptor. */
struct wmt_reader {
    int fd; /* the caller's */
    struct wmt_view view;
    unsigned char *end; /* of the file: index and footer */
    unsigned char *block;
};

/* size is that of the file. As wmt_view_open; or CODE_READ with errno, CODE_CHANGED or CODE_NOMEM.
 */
int wmt_reader_open(struct wmt_reader *reader, int fd, uint64_t size, uint32_t *version);
/* Reads block i < n_blocks, which lies in [*start, *end) of the file. What its words are is there
 * until the next one is. Returns as wmt_reader_open. */
int wmt_reader_block(struct wmt_reader *reader, uint64_t i, struct wmt_cursor *cursor,
                     uint64_t *start, uint64_t *end);
void wmt_reader_release(struct wmt_reader *reader);

/*
 * The same of an index and footer that come after blocks were read one by one: whether they say
 * what the blocks were. 0 or CODE_TABLE. size is that of both, and the index is at offset.
 */
int wmt_check_end(const void *data, size_t size, uint64_t offset, uint64_t n_words);

#endif
