/* gzip is put together by hand, so that the tests know each byte of it; zstd by its library. */
#include "pack.h"

#include <stdlib.h>
#include <zstd.h>

#include "random.h"

#define BLOCK_SIZE_MAX 65535

uint32_t pack_crc(const char *data, size_t size)
{
    /* What four bits become. */
    static const uint32_t table[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC,
                                       0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
                                       0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                       0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size; i++) {
        crc ^= (unsigned char)data[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

static void add_number(struct bytes *packed, uint32_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes_add(packed, &(char){(char)(number >> (8 * i))}, 1);
}

static void pack_gzip(struct bytes *packed, const char *data, size_t size)
{
    bytes_add(packed, "\x1F\x8B\x08\0\0\0\0\0\0\3", 10);
    size_t at = 0;
    do {
        size_t n = size - at < BLOCK_SIZE_MAX ? size - at : BLOCK_SIZE_MAX;
        bytes_add(packed, at + n == size ? "\1" : "\0", 1);
        add_number(packed, (uint32_t)n, 2);
        add_number(packed, ~(uint32_t)n, 2);
        bytes_add(packed, data + at, n);
        at += n;
    } while (at < size);
    add_number(packed, pack_crc(data, size), 4);
    add_number(packed, (uint32_t)size, 4);
}

static void pack_zstd(struct bytes *packed, const char *data, size_t size)
{
    size_t capacity = ZSTD_compressBound(size);
    char *out = malloc(capacity);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    if (!out || !context)
        abort();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    size_t n = ZSTD_compress2(context, out, capacity, data, size);
    if (ZSTD_isError(n))
        abort();
    bytes_add(packed, out, n);
    ZSTD_freeCCtx(context);
    free(out);
}

void pack_member(struct bytes *packed, enum packing packing, const char *data, size_t size)
{
    if (packing == PACKING_GZIP)
        pack_gzip(packed, data, size);
    else
        pack_zstd(packed, data, size);
}

void pack_members(struct bytes *packed, enum packing packing, const struct bytes *plain,
                  size_t most, uint64_t *random)
{
    size_t at = 0;
    do {
        size_t n = random_below(random, 4) == 0 ? 0 : random_below(random, most) + 1;
        if (n > plain->size - at)
            n = plain->size - at;
        pack_member(packed, packing, plain->data + at, n);
        at += n;
        if (packing == PACKING_ZSTD && random_below(random, 5) == 0)
            bytes_add(packed, "\x53\x2A\x4D\x18\3\0\0\0hey", 11); /* a frame that holds nothing */
    } while (at < plain->size);
}
