/* As little is read as is needed. */
#include "packing/head.h"

#include <errno.h>

#include "base/code.h"

ssize_t unpack_head(const struct store *store, enum packing packing, uint64_t start, char *data,
                    size_t capacity)
{
    struct unpacker *unpacker = unpacker_new(packing);
    size_t size = 0, n;
    int rc = unpacker ? UNPACK_HUNGRY : CODE_NOMEM;
    while (rc == UNPACK_HUNGRY && size < capacity) {
        size_t room_size;
        void *room = unpacker_room(unpacker, &room_size);
        ssize_t n_read = store_read_full(store, room, room_size, start);
        if (n_read < 0) {
            int error = errno;
            unpacker_free(unpacker);
            errno = error;
            return -1;
        }
        unpacker_fed(unpacker, (size_t)n_read);
        start += (uint64_t)n_read;
        rc = unpacker_run(unpacker, data + size, capacity - size, &n);
        size += n;
    }
    unpacker_free(unpacker);
    if (rc != CODE_NOMEM)
        return rc < 0 ? 0 : (ssize_t)size;
    errno = ENOMEM;
    return -1;
}
