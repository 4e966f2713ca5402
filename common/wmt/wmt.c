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

void wmt_write_header(void *out)
{
    unsigned char *header = out;
    memset(header, 0, WMT_HEADER_SIZE);
    memcpy(header, magic, sizeof magic);
    store_le32(header + 16, WMT_VERSION);
    store_le64(header + 8, wmt_checksum(header + 8, WMT_HEADER_SIZE - 8));
}

int wmt_check_header(const void *data, uint32_t *version)
{
    const unsigned char *header = data;
    if (!wmt_is_magic(header) || !wmt_is_whole(header + 8, WMT_HEADER_SIZE - 8))
        return CODE_TABLE;
    *version = load_le32(header + 16);
    return *version == WMT_VERSION ? 0 : CODE_VERSION;
}

size_t wmt_entry_write(void *out, const struct entry *entry)
{
    unsigned char *at = leb128_write(out, entry->size);
    memcpy(at, entry->key, entry->size);
    at = leb128_write(at + entry->size, entry->count);
    return (size_t)(at - (unsigned char *)out);
}
