/* What writers and readers of table files agree on. */
#include "wmt/wmt.h"

#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/bytes.h"
#include "base/code.h"
#include "base/leb128.h"
#include "words/entry.h"

static const unsigned char magic[8] = {0x89, 'W', 'M', 'T', '\r', '\n', 0x1A, '\n'};
const unsigned char wmt_end_magic[8] = {'\n', 0x1A, '\n', '\r', 'T', 'M', 'W', 0x89};

uint64_t wmt_checksum(const void *part, size_t size)
{
    return XXH3_64bits((const char *)part + 8, size - 8);
}

int wmt_is_whole(const void *part, size_t size)
{
    return load_le64(part) == wmt_checksum(part, size);
}

int wmt_is_magic(const void *data)
{
    return memcmp(data, magic, sizeof magic) == 0;
}

void wmt_write_header(void *out, const struct entry_values *values)
{
    unsigned char *header = out;
    memset(header, 0, WMT_HEADER_SIZE);
    memcpy(header, magic, sizeof magic);
    store_le32(header + 16, values->n > 1 ? 2 : 1);
    for (unsigned i = 0; i < values->n && values->n > 1; i++)
        header[20 + i] = (unsigned char)(values->value[i] + 1);
    header[24] = values->by;
    store_le64(header + 8, wmt_checksum(header + 8, WMT_HEADER_SIZE - 8));
}

/* Two values at least, which differ. */
static int read_values(const unsigned char *from, struct entry_values *values)
{
    struct entry_values read = {0};
    while (read.n <= ENTRY_MORE_MAX && from[read.n] != 0) {
        if (from[read.n] > 1 + ENTRY_MORE_MAX || memchr(from, from[read.n], read.n))
            return CODE_TABLE;
        read.value[read.n] = from[read.n] - 1;
        read.n++;
    }
    if (read.n < 2)
        return CODE_TABLE;
    *values = read;
    return 0;
}

int wmt_check_header(const void *data, struct entry_values *values, uint32_t *version)
{
    const unsigned char *header = data;
    if (!wmt_is_magic(header) || !wmt_is_whole(header + 8, WMT_HEADER_SIZE - 8))
        return CODE_TABLE;
    *version = load_le32(header + 16);
    if (*version != 1 && *version != 2)
        return CODE_VERSION;
    struct entry_values read = {.n = 1};
    if (*version == 2 && read_values(header + 20, &read) < 0)
        return CODE_TABLE;
    read.by = header[24];
    *values = read;
    return read.by <= WMT_BY_MAX ? 0 : CODE_TABLE;
}

size_t wmt_entry_write(void *out, const struct entry *entry)
{
    unsigned char *at = leb128_write(out, entry->size);
    memcpy(at, entry->key, entry->size);
    at += entry->size;
    for (unsigned i = 0; i <= entry->n_more; i++)
        at = leb128_write(at, entry_count(entry, i));
    return (size_t)(at - (unsigned char *)out);
}
