/*
 * Packed inputs. Any bytes unpack to the same, or are damaged, whatever pieces they come and
 * go in; what was packed here comes out again, and when some of it was changed, it does or is an
 * error. A source gives the same bytes in whole lines.
 */
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "fuzz.h"
#include "input/source.h"
#include "oracle.h"
#include "pack.h"

#define OUTPUT_MAX (1u << 16) /* 4 KB may unpack to a hundred MB */

/* Pieces of at most so many bytes in and out, unpacker's own if 0. 0, a code, or 1: cut short. */
static int unpack(enum packing packing, const struct bytes *packed, size_t in, size_t out,
                  struct bytes *plain)
{
    static char room[OUTPUT_MAX];
    struct unpacker *unpacker = unpacker_new(packing);
    size_t at = 0;
    int rc = UNPACK_HUNGRY;
    check(unpacker);
    while (rc >= 0 && rc != UNPACK_END && plain->size < OUTPUT_MAX) {
        size_t size;
        if (rc == UNPACK_HUNGRY) {
            void *to = unpacker_room(unpacker, &size);
            if (in > 0 && size > in)
                size = in;
            if (size > packed->size - at)
                size = packed->size - at;
            if (size > 0)
                memcpy(to, packed->data + at, size);
            at += size;
            unpacker_fed(unpacker, size);
        }
        rc = unpacker_run(unpacker, room, out > 0 ? out : sizeof room, &size);
        check(size <= (out > 0 ? out : sizeof room));
        check(rc != UNPACK_FULL || size == (out > 0 ? out : sizeof room));
        bytes_add(plain, room, size);
    }
    unpacker_free(unpacker);
    return rc < 0 ? rc : rc != UNPACK_END;
}

/* One is the beginning of the other. */
static void check_same_start(const struct bytes *a, const struct bytes *b)
{
    size_t size = a->size < b->size ? a->size : b->size;
    check(size == 0 || memcmp(a->data, b->data, size) == 0);
}

/* Reads it as a map task does. 0 or a code. */
static int read_source(enum packing packing, const struct bytes *packed, size_t chunk_size,
                       const struct bytes *plain)
{
    static int fd = -1;
    struct source source;
    if (fd < 0)
        fd = memfd_create("packed", MFD_CLOEXEC);
    check(ftruncate(fd, 0) == 0);
    check(pwrite(fd, packed->data, packed->size, 0) == (ssize_t)packed->size);
    struct input input = {.path = "packed",
                          .fd = fd,
                          .size = packed->size,
                          .share_end = packed->size,
                          .packing = packing};
    check(source_init(&source, chunk_size) == 0);
    int rc = source_open(&source, &input, 0, packed->size);
    size_t n = 0;
    while (rc == 0) {
        const char *data;
        size_t size = 0;
        uint64_t offset;
        rc = source_next(&source, &data, &size, &offset);
        if (rc < 0 || size == 0)
            break;
        check(offset == n && n + size <= plain->size);
        check(memcmp(data, plain->data + n, size) == 0);
        n += size;
        check(data[size - 1] == '\n' || n == plain->size);
    }
    check(rc < 0 || n == plain->size);
    source_release(&source);
    return rc;
}

static void add_number(struct bytes *out, uint32_t number, int size)
{
    for (; size > 0; size--, number >>= 8)
        bytes_add(out, (char[]){(char)number}, 1);
}

/* A member of stored blocks, with any header. */
static void pack_gzip(struct bytes *out, const char *data, size_t size, unsigned flags,
                      unsigned block_size)
{
    size_t start = out->size;
    flags &= 0x1E;
    bytes_add(out, (char[]){0x1F, (char)0x8B, 8, (char)flags, 0, 0, 0, 0, 0, 3}, 10);
    if (flags & 4) {
        add_number(out, block_size, 2);
        for (unsigned i = 0; i < block_size; i++)
            add_number(out, i, 1);
    }
    if (flags & 8)
        bytes_add(out, "a name", 7);
    if (flags & 16)
        bytes_add(out, "", 1);
    if (flags & 2)
        add_number(out, pack_crc(out->data + start, out->size - start), 2);
    for (size_t at = 0, n, is_last = 0; !is_last; at += n) {
        n = size - at < block_size + 1 ? size - at : block_size + 1;
        is_last = at + n == size;
        add_number(out, (uint32_t)is_last, 1);
        add_number(out, (uint32_t)n, 2);
        add_number(out, ~(uint32_t)n, 2);
        bytes_add(out, data + at, n);
    }
    add_number(out, pack_crc(data, size), 4);
    add_number(out, (uint32_t)size, 4);
}

static void pack_zstd(struct bytes *out, const char *data, size_t size, unsigned how)
{
    static char room[8192];
    ZSTD_CCtx *context = ZSTD_createCCtx();
    check(context && ZSTD_compressBound(size) <= sizeof room);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, how & 1);
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, (int)(how >> 1 & 3) - 1);
    size_t n = ZSTD_compress2(context, room, sizeof room, data, size);
    check(!ZSTD_isError(n));
    bytes_add(out, room, n);
    ZSTD_freeCCtx(context);
}

/* Packs in several members or frames. */
static void pack(enum packing packing, struct bytes *out, const struct bytes *plain, unsigned how,
                 unsigned step)
{
    size_t at = 0;
    do {
        size_t n = plain->size - at < 16 * step ? plain->size - at : 16 * step;
        const char *data = plain->data ? plain->data + at : "";
        if (step == 0 || packing == PACKING_ZSTD)
            n = plain->size - at;
        if (packing == PACKING_GZIP)
            pack_gzip(out, data, n, how, step);
        else
            pack_zstd(out, data, n, how);
        at += n;
    } while (at < plain->size);
    if (packing == PACKING_GZIP && how & 0x80)
        for (unsigned i = 0; i < step; i++)
            add_number(out, 0, 1);
}

/* Packs what is left of data, and changes some bytes of that. Returns whether any is another now.
 */
static int make_packed(enum packing packing, const uint8_t *data, size_t size, unsigned options,
                       unsigned step, unsigned n_changes, struct bytes *plain, struct bytes *packed)
{
    int is_changed = 0;
    size_t at[8] = {0};
    unsigned with[8] = {0};
    for (unsigned i = 0; i < n_changes; i++) {
        at[i] = take_byte(&data, &size) << 8;
        at[i] |= take_byte(&data, &size);
        with[i] = take_byte(&data, &size);
    }
    bytes_add(plain, data, size);
    pack(packing, packed, plain, options, step);
    check(packing_of(packed->data, packed->size) == packing);
    for (unsigned i = 0; i < n_changes; i++) {
        packed->data[at[i] % packed->size] ^= (char)with[i];
        is_changed |= with[i] != 0;
    }
    return is_changed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned how = take_byte(&data, &size), options = take_byte(&data, &size);
    unsigned step = take_byte(&data, &size), n_changes = take_byte(&data, &size) % 8;
    size_t in = 1 + take_byte(&data, &size), out = 1 + take_byte(&data, &size);
    enum packing packing = how & 1 ? PACKING_GZIP : PACKING_ZSTD;
    struct bytes plain = {0}, packed = {0}, whole = {0}, pieces = {0};
    int is_made = how & 2, is_changed = 0;
    if (size > 4096)
        return 0;
    if (is_made) {
        is_changed = make_packed(packing, data, size, options, step, n_changes, &plain, &packed);
    } else {
        bytes_add(&packed, data, size);
        if (packing_of(data, size) != PACKING_NONE)
            packing = packing_of(data, size);
    }

    int rc = unpack(packing, &packed, 0, 0, &whole);
    if (is_made && !is_changed)
        check(rc == 0 && bytes_equal(&whole, &plain));
    if (is_made && rc == 0 && packing == PACKING_GZIP)
        check(bytes_equal(&whole, &plain));
    int again = unpack(packing, &packed, in, out, &pieces);
    check_same_start(&whole, &pieces);
    if (rc == 1 || again == 1)
        goto end;
    /* libzstd itself takes a frame in pieces whose last block is empty and whose size is wrong. */
    check(again == rc || packing == PACKING_ZSTD);
    check(rc < 0 || again < 0 || pieces.size == whole.size);
    if (packed.size > 0 && rc == 0)
        check(read_source(packing, &packed, in * out, &whole) == 0);
end:
    bytes_release(&plain);
    bytes_release(&packed);
    bytes_release(&whole);
    bytes_release(&pieces);
    return 0;
}
