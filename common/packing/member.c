/* A search for first bytes, and a trial of what they begin. */
#include "packing/member.h"

#include <errno.h>
#include <string.h>

#include "base/code.h"

#define WINDOW_SIZE 32768u
/* Blocks that are stored as they are: 64 KiB in gzip, 128 KiB in zstd. */
#define TRIAL_SIZE (132u << 10)
#define UNPACKED_MAX (16u << 20) /* and that is enough, too */

/*
 * Unpacks some `most` bytes from start on, up to UNPACK_BOUND or UNPACK_END; UNPACK_HUNGRY or
 * UNPACK_FULL (unpacked_max bytes came out): so far all was well. trouble, if not NULL, is what was
 * the matter.
 */
static int member_try(const struct store *store, enum packing packing, uint64_t start,
                      uint64_t bound, uint64_t most, uint64_t unpacked_max,
                      struct member_trouble *trouble)
{
    char out[WINDOW_SIZE];
    size_t size;
    uint64_t n_unpacked = 0;
    int rc = UNPACK_HUNGRY;
    struct unpacker *unpacker = unpacker_new(packing);
    if (!unpacker)
        return CODE_NOMEM;
    unpacker_bound(unpacker, start, bound);
    while (rc == UNPACK_FULL ? n_unpacked < unpacked_max
                             : rc == UNPACK_HUNGRY && unpacker_at(unpacker) - start < most) {
        if (rc == UNPACK_HUNGRY) {
            void *room = unpacker_room(unpacker, &size);
            ssize_t n = store_read_full(store, room, size < TRIAL_SIZE ? size : TRIAL_SIZE,
                                        unpacker_at(unpacker));
            if (n < 0) {
                rc = CODE_READ;
                break;
            }
            unpacker_fed(unpacker, (size_t)n);
        }
        rc = unpacker_run(unpacker, out, sizeof out, &size);
        n_unpacked += size;
    }
    int error = errno;
    if (trouble)
        trouble->damage = unpacker_damage(unpacker, &trouble->at);
    unpacker_free(unpacker);
    errno = error;
    return rc;
}

int member_find(const struct store *store, enum packing packing, uint64_t start, uint64_t end,
                uint64_t *at)
{
    static const unsigned char gzip[] = {0x1F, 0x8B, 8}, zstd[] = {0x28, 0xB5, 0x2F, 0xFD};
    const unsigned char *head = packing == PACKING_GZIP ? gzip : zstd;
    size_t head_size = packing == PACKING_GZIP ? sizeof gzip : sizeof zstd;
    unsigned char window[WINDOW_SIZE];
    while (start < end) {
        size_t want = sizeof window;
        if (end - start < want - head_size)
            want = (size_t)(end - start) + (head_size - 1);
        ssize_t size = store_read_full(store, window, want, start);
        if (size < 0)
            return CODE_READ;
        const unsigned char *place = window, *window_end = window + size;
        while ((place = memmem(place, (size_t)(window_end - place), head, head_size)) != NULL) {
            uint64_t candidate = start + (uint64_t)(place - window);
            int rc =
                member_try(store, packing, candidate, UINT64_MAX, TRIAL_SIZE, UNPACKED_MAX, NULL);
            if (rc >= 0)
                *at = candidate;
            if (rc != CODE_DAMAGED)
                return rc < 0 ? rc : 1;
            place++;
        }
        if ((size_t)size < sizeof window)
            break;
        start += (size_t)size - (head_size - 1);
    }
    return 0;
}

int member_has_next(const struct store *store, enum packing packing, uint64_t start, uint64_t most)
{
    uint64_t at;
    int rc = member_find(store, packing, start + 1, start + most, &at);
    if (rc <= 0)
        return rc;
    rc = member_try(store, packing, start, start + 1, at - start + 1, UINT64_MAX, NULL);
    return rc == CODE_DAMAGED ? 0 : rc < 0 ? rc : rc == UNPACK_BOUND;
}

struct member_trouble member_trouble(const struct store *store, enum packing packing,
                                     uint64_t start)
{
    struct member_trouble trouble = {DAMAGE_ANY, start};
    member_try(store, packing, start, UINT64_MAX, TRIAL_SIZE, UNPACKED_MAX, &trouble);
    return trouble;
}
