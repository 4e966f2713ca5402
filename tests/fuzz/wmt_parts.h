/* Table files in memory: where their parts are, and right checksums for wrong bytes. */
#ifndef TESTS_FUZZ_WMT_PARTS_H
#define TESTS_FUZZ_WMT_PARTS_H

#include <endian.h>

#include "fuzz.h"
#include "wmt/wmt.h"
#include "wmt/wmt_read.h"
#include "words/table.h"

#define WMT_PARTS_MAX 512

struct wmt_parts {
    size_t at[WMT_PARTS_MAX]; /* where header, blocks, index and footer start, and the end */
    size_t n;                 /* without the end */
};

/* Of a whole and undamaged file. */
static inline void wmt_parts_find(struct wmt_parts *parts, const unsigned char *file, size_t size)
{
    size_t at = WMT_HEADER_SIZE;
    parts->n = 0;
    parts->at[parts->n++] = 0;
    for (int64_t block; (block = wmt_block_size(file + at)) != 0; at += (size_t)block) {
        check(block > 0 && parts->n < WMT_PARTS_MAX - 3);
        parts->at[parts->n++] = at;
    }
    parts->at[parts->n++] = at;
    parts->at[parts->n++] = size - WMT_FOOTER_SIZE;
    parts->at[parts->n] = size;
}

/* Each is of the bytes behind it in its part. */
static inline void wmt_parts_mend(const struct wmt_parts *parts, unsigned char *file)
{
    for (size_t i = 0; i < parts->n; i++) {
        size_t at = parts->at[i] + (i == 0 ? 8 : 0), end = parts->at[i + 1];
        if (i == 0)
            end = WMT_HEADER_SIZE;
        uint64_t checksum = htole64(table_hash((char *)file + at + 8, end - at - 8, 0));
        memcpy(file + at, &checksum, 8);
    }
}

#endif
