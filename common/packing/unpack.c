/* What is between members is decided here, and that an input ends between them or is damaged. */
#include "packing/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/code.h"
#include "packing/gzip.h"
#include "packing/utf16.h"

#define INPUT_SIZE (256u << 10)
#define OUTPUT_SIZE_MAX (1u << 30) /* at once: some libraries count in 32 bits */
#define GZIP_FIRST_BYTE 0x1F
#define ZSTD_FIRST_BYTE 0x28
#define ZSTD_WINDOW_LOG_MAX 31

struct unpacker {
    struct gzip *gzip;
    ZSTD_DStream *zstd;
    struct utf16 utf16; /* if it is neither */
    int is_inside;      /* of a member, frame or character */
    int n_done;         /* 0 or 1: whether there has been one */
    int in_zeros;       /* that stand behind the members of a gzip file on a tape */
    int has_ended;      /* the input */
    enum damage damage;
    uint64_t member_at; /* where the last member begins, or what is none */
    uint64_t bound;
    uint64_t fed; /* of the input, up to the end of what is in input */
    size_t at, size;
    unsigned char input[INPUT_SIZE];
};

#define TAR_MAGIC "ustar"
#define TAR_MAGIC_AT 257

int packing_is_tar(const void *head, size_t size)
{
    static const size_t magic_size = sizeof TAR_MAGIC - 1;
    return size >= TAR_MAGIC_AT + magic_size &&
           memcmp((const char *)head + TAR_MAGIC_AT, TAR_MAGIC, magic_size) == 0;
}

/* The kinds of PACKING_ARCHIVE, by bytes at a place. */
static int is_archive(const unsigned char *bytes, size_t size)
{
    static const struct {
        size_t at, size;
        const char *magic;
    } kinds[] = {{0, 4, "PK\3\4"},
                 {0, 4, "PK\5\6"},
                 {0, 4, "PK\7\10"},
                 {4, 6, "1AY&SY"},
                 {4, 6, "\x17\x72\x45\x38\x50\x90"},
                 {0, 6, "\xFD\x37zXZ\0"},
                 {0, 4, "\x04\x22\x4D\x18"},
                 {0, 6, "7z\xBC\xAF\x27\x1C"},
                 {0, 2, "\x1F\x9D"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (size >= kinds[i].at + kinds[i].size &&
            memcmp(bytes + kinds[i].at, kinds[i].magic, kinds[i].size) == 0 &&
            (kinds[i].at != 4 || memcmp(bytes, "BZh", 3) == 0))
            return 1;
    return packing_is_tar(bytes, size);
}

enum packing packing_of(const void *head, size_t size)
{
    static const unsigned char gzip[] = {GZIP_FIRST_BYTE, 0x8B},
                               zstd[] = {ZSTD_FIRST_BYTE, 0xB5, 0x2F, 0xFD};
    static const unsigned char skippable[] = {0x2A, 0x4D, 0x18}; /* after 0x50 to 0x5F */
    const unsigned char *bytes = head;
    if (size >= sizeof gzip && memcmp(bytes, gzip, sizeof gzip) == 0)
        return PACKING_GZIP;
    if (size >= sizeof zstd && (memcmp(bytes, zstd, sizeof zstd) == 0 ||
                                (bytes[0] >> 4 == 5 && memcmp(bytes + 1, skippable, 3) == 0)))
        return PACKING_ZSTD;
    return is_archive(bytes, size) ? PACKING_ARCHIVE : PACKING_NONE;
}

enum packing packing_of_text(const void *head, size_t size)
{
    const unsigned char *bytes = head;
    if (size >= 2 && bytes[0] == 0xFE && bytes[1] == 0xFF)
        return PACKING_UTF16_BE;
    if (size >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE) {
        int is_utf32 = size >= 4 && bytes[2] == 0 && bytes[3] == 0;
        return is_utf32 ? PACKING_NONE : PACKING_UTF16_LE;
    }
    return packing_of(head, size);
}

struct unpacker *unpacker_new(enum packing packing)
{
    struct unpacker *unpacker = malloc(sizeof *unpacker);
    if (!unpacker)
        return NULL;
    memset(unpacker, 0, offsetof(struct unpacker, input));
    unpacker->bound = UINT64_MAX;
    if (packing == PACKING_GZIP)
        unpacker->gzip = gzip_new();
    else if (packing == PACKING_ZSTD)
        unpacker->zstd = ZSTD_createDStream();
    unpacker->utf16.is_big = packing == PACKING_UTF16_BE;
    if (!packing_is_utf16(packing) && !unpacker->gzip && !unpacker->zstd) {
        free(unpacker);
        return NULL;
    }
    if (unpacker->zstd)
        ZSTD_DCtx_setParameter(unpacker->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX);
    return unpacker;
}

void unpacker_free(struct unpacker *unpacker)
{
    if (!unpacker)
        return;
    gzip_free(unpacker->gzip);
    ZSTD_freeDStream(unpacker->zstd);
    free(unpacker);
}

void *unpacker_room(struct unpacker *unpacker, size_t *size)
{
    unpacker->at = unpacker->size = 0;
    *size = INPUT_SIZE;
    return unpacker->input;
}

void unpacker_fed(struct unpacker *unpacker, size_t size)
{
    unpacker->size = size;
    unpacker->fed += size;
    unpacker->has_ended = size == 0;
}

void unpacker_bound(struct unpacker *unpacker, uint64_t start, uint64_t bound)
{
    unpacker->fed = start;
    unpacker->bound = bound;
}

uint64_t unpacker_at(const struct unpacker *unpacker)
{
    return unpacker->fed - (unpacker->size - unpacker->at);
}

enum damage unpacker_damage(const struct unpacker *unpacker, uint64_t *at)
{
    *at = unpacker->member_at;
    return unpacker->damage;
}

static int is_behind(struct unpacker *unpacker, const struct unpack_io *io, enum damage damage)
{
    unpacker->member_at = unpacker->fed - io->in_size;
    unpacker->damage = damage;
    return CODE_DAMAGED;
}

static int skip_zeros(struct unpacker *unpacker, struct unpack_io *io)
{
    for (; io->in_size > 0; io->in++, io->in_size--)
        if (*io->in != 0)
            return is_behind(unpacker, io, DAMAGE_BEHIND_GZIP);
    return 0;
}

static int zstd_failed(struct unpacker *unpacker, ZSTD_ErrorCode code)
{
    if (code == ZSTD_error_memory_allocation)
        return CODE_NOMEM;
    if (code == ZSTD_error_prefix_unknown && unpacker->n_done)
        unpacker->damage = DAMAGE_BEHIND_ZSTD;
    if (code == ZSTD_error_dictionary_wrong)
        unpacker->damage = DAMAGE_DICTIONARY;
    return CODE_DAMAGED;
}

static int run_zstd(struct unpacker *unpacker, struct unpack_io *io)
{
    ZSTD_inBuffer in = {io->in, io->in_size, 0};
    ZSTD_outBuffer out = {io->out, io->out_size, 0};
    size_t rc = ZSTD_decompressStream(unpacker->zstd, &out, &in);
    io->in += in.pos;
    io->in_size -= in.pos;
    io->out += out.pos;
    io->out_size -= out.pos;
    if (ZSTD_isError(rc))
        return zstd_failed(unpacker, ZSTD_getErrorCode(rc));
    return rc == 0;
}

/* Frames of zstd that hold nothing belong to the one before: see member.h. */
static int is_over_bound(const struct unpacker *unpacker, const struct unpack_io *io)
{
    return unpacker->fed - io->in_size >= unpacker->bound && (!unpacker->zstd || *io->in >> 4 != 5);
}

static int may_begin(const struct unpacker *unpacker, unsigned char byte)
{
    if (!unpacker->gzip && !unpacker->zstd)
        return 1; /* text has no members */
    return unpacker->gzip ? byte == GZIP_FIRST_BYTE : byte == ZSTD_FIRST_BYTE || byte >> 4 == 5;
}

/* Up to the end of a member, or of the input or the room. */
static int run(struct unpacker *unpacker, struct unpack_io *io)
{
    if (!unpacker->is_inside) {
        if (io->in_size == 0)
            return 0;
        unpacker->in_zeros |= unpacker->gzip && unpacker->n_done && *io->in == 0;
        if (unpacker->in_zeros)
            return skip_zeros(unpacker, io);
        if (unpacker->n_done && !may_begin(unpacker, *io->in))
            return is_behind(unpacker, io,
                             unpacker->gzip ? DAMAGE_BEHIND_GZIP : DAMAGE_BEHIND_ZSTD);
        if (is_over_bound(unpacker, io))
            return UNPACK_BOUND;
        unpacker->member_at = unpacker->fed - io->in_size;
        unpacker->is_inside = 1;
    }
    int rc = unpacker->gzip   ? gzip_run(unpacker->gzip, io)
             : unpacker->zstd ? run_zstd(unpacker, io)
                              : utf16_run(&unpacker->utf16, io);
    if (rc > 0) {
        unpacker->is_inside = 0;
        unpacker->n_done = 1;
    }
    return rc < 0 ? rc : UNPACK_FULL;
}

int unpacker_run(struct unpacker *unpacker, void *out, size_t capacity, size_t *size)
{
    if (capacity > OUTPUT_SIZE_MAX)
        capacity = OUTPUT_SIZE_MAX;
    struct unpack_io io = {unpacker->input + unpacker->at, unpacker->size - unpacker->at, out,
                           capacity};
    *size = 0;
    while (io.out_size > 0) {
        size_t in_size = io.in_size, out_size = io.out_size;
        int was_inside = unpacker->is_inside;
        int rc = run(unpacker, &io);
        if (rc < 0)
            return rc;
        unpacker->at = unpacker->size - io.in_size;
        *size = capacity - io.out_size;
        if (rc == UNPACK_BOUND) {
            unpacker->bound = UINT64_MAX;
            return UNPACK_BOUND;
        }
        if (io.in_size < in_size || io.out_size < out_size || unpacker->is_inside != was_inside)
            continue;
        if (!unpacker->has_ended)
            return UNPACK_HUNGRY;
        return unpacker->is_inside || !unpacker->n_done ? CODE_DAMAGED : UNPACK_END;
    }
    return UNPACK_FULL;
}
