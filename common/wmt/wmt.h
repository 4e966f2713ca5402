/*
 * Table files (.wmt): the words of a result and their counts, sorted by the bytes of the words.
 * Numbers are little-endian; a checksum is the XXH3 (64 bits, no seed) of all bytes behind it, up
 * to the end of its part. engine/DESIGN.md has the layout.
 *
 *     | header | block | block | ... | index | footer |
 *
 *     header  | magic 8 | checksum 8 | version 4 | values 4 | by 1 | 0 7 |
 *     block   | checksum 8 | size 4 | words 4 | entries ... |       size: of all of the block
 *     index   | checksum 8 | 0 4 | 0 4 | blocks 8 | words 8 |       where a block's size is 0
 *             | offset 8, end 8 |  for each block, the end of its first word among the words
 *             | the first words, one after the other |
 *     footer  | checksum 8 | offset of the index 8 | words 8 | magic 8 |
 *
 *     entry   | size of the word | word | count | more counts |     numbers as LEB128
 *
 * Version 1 has one count a word, and zeros for the values. Version 2 has two to four, and for each
 * a byte that says what it is, from 1 on: matches, volumes, pages, records. In both, by is 1 or 2
 * if each word ends with a TAB and a year or a decade. It is 0 then as well in tables of wordmill
 * 0.1, which do not say it.
 */
#ifndef COMMON_WMT_WMT_H
#define COMMON_WMT_WMT_H

#include <stddef.h>
#include <stdint.h>

#include "words/entry.h"

#define WMT_VERSION_MAX 2
#define WMT_BY_MAX 2
#define WMT_HEADER_SIZE 32
#define WMT_BLOCK_HEADER_SIZE 16
#define WMT_INDEX_HEADER_SIZE 32
#define WMT_FOOTER_SIZE 32
/* Of a block; a larger one has one word. A lookup reads one of them. */
#define WMT_BLOCK_SIZE (32u << 10)
/* The most that an entry with so many counts takes beside its word; and that any does. */
#define WMT_ENTRY_MORE(n) (5 + 10 * (size_t)(n))
#define WMT_ENTRY_MAX WMT_ENTRY_MORE(1 + ENTRY_MORE_MAX)
/* No block is larger. */
#define WMT_BLOCK_SIZE_MAX (WMT_BLOCK_SIZE + KEY_SIZE_MAX + WMT_ENTRY_MAX)

/* Whether so starts a table file; 8 bytes. */
int wmt_is_magic(const void *data);

/* Writes WMT_HEADER_SIZE bytes. */
void wmt_write_header(void *out, const struct entry_values *values);

/* 0, and *values, of which there is one at least; CODE_TABLE: it is damaged; or CODE_VERSION, and
 * *version. */
int wmt_check_header(const void *data, struct entry_values *values, uint32_t *version);

/* Writes a word and its counts as they are in a block: at most WMT_ENTRY_MAX bytes more than the
 * word. Returns the bytes written. */
size_t wmt_entry_write(void *out, const struct entry *entry);

/* Bytes of the index for each block: its offset, and the end of its first word. */
#define WMT_ROW_SIZE 16

/* The last bytes of a file. */
extern const unsigned char wmt_end_magic[8];

/* Of a part of size bytes, which begins with it; and whether it is right. */
uint64_t wmt_checksum(const void *part, size_t size);
int wmt_is_whole(const void *part, size_t size);

#endif
