/* Table files being read: the words of a block, and files as they are mapped or read. */
#ifndef COMMON_WMT_WMT_READ_H
#define COMMON_WMT_WMT_READ_H

#include <stddef.h>
#include <stdint.h>

#include "base/store.h"
#include "words/entry.h"

/* What a block holds, from its first entry on. */
struct wmt_cursor {
    const unsigned char *at, *end;
    uint32_t n_left;
    const char *word;
    uint32_t size;
    unsigned n_counts;
    uint64_t counts[1 + ENTRY_MORE_MAX];
};

/* The first word of a table file, of which there are the first size bytes; nothing is verified.
 * NULL: it is not among them, or there is none. */
const char *wmt_first_word(const void *data, size_t size, uint32_t *word_size);

/* Bytes of the block whose header this is; 0: here is the index; or CODE_TABLE. */
int64_t wmt_block_size(const void *header);
/* Verifies a block of size bytes, of words with n_counts each, and stands before its first word. 0
 * or CODE_TABLE. */
int wmt_cursor_begin(struct wmt_cursor *cursor, const void *block, size_t size, unsigned n_counts);
/* 1: at the next word; 0: there is none; or CODE_TABLE. */
int wmt_cursor_next(struct wmt_cursor *cursor);

/* A table file, all of it in memory or but its blocks. */
struct wmt_view {
    const unsigned char *data; /* all of it; NULL */
    const unsigned char *rows, *words;
    uint64_t n_blocks;
    uint64_t n_words;
    uint64_t index_offset;
    uint64_t words_size;
    struct entry_values values; /* of each word, at least one */
};

/* Verifies all but the blocks. 0; CODE_TABLE; or CODE_VERSION, and *version. */
int wmt_view_open(struct wmt_view *view, const void *data, uint64_t size, uint32_t *version);
/* The last block that does not begin after the word; 0 also if there is none. */
uint64_t wmt_view_find(const struct wmt_view *view, const char *word, size_t size);
/* The first block that starts at offset or after it, n_blocks if there is none. */
uint64_t wmt_view_block_at(const struct wmt_view *view, uint64_t offset);
/* Verifies block i < n_blocks and stands before its first word. 0 or CODE_TABLE. */
int wmt_view_block(const struct wmt_view *view, uint64_t i, struct wmt_cursor *cursor);

/* The same, read from a file or from memory. */
struct wmt_reader {
    struct store store;
    struct wmt_view view;
    unsigned char *end; /* of the file: index and footer */
    unsigned char *block;
};

/* size is that of the file.
 * As wmt_view_open; or CODE_READ with errno, CODE_CHANGED or CODE_NOMEM. */
int wmt_reader_open(struct wmt_reader *reader, const struct store *store, uint64_t size,
                    uint32_t *version);
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
