/* Archives: any bytes end in members that end, or in a trouble that has words. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/code.h"
#include "fuzz.h"
#include "packing/unarchive.h"

#define UNPACKED_MAX (8u << 20) /* that is enough of a bomb */

static char out[65536];

/* All members, up to so many bytes. 0 or a negative code. */
static int unpack_all(struct unarchiver *archive)
{
    size_t unpacked = 0;
    int rc;
    while ((rc = unarchiver_next(archive)) > 0) {
        size_t size = 1;
        check(unarchiver_name(archive));
        while (size > 0 && unpacked < UNPACKED_MAX) {
            rc = unarchiver_read(archive, out, sizeof out, &size);
            if (rc < 0)
                return rc;
            check(size <= sizeof out);
            unpacked += size;
        }
        if (unpacked >= UNPACKED_MAX)
            return 0;
    }
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int fd = -1;
    if (fd < 0)
        fd = memfd_create("archive", MFD_CLOEXEC);
    check(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
    struct store store = store_of(fd);
    struct unarchiver *archive = unarchiver_new(&store, 0);
    check(archive);
    int rc = unpack_all(archive);
    check(rc == 0 || rc == CODE_DAMAGED || rc == CODE_NOMEM || rc == CODE_READ);
    if (rc == CODE_DAMAGED)
        check(unarchiver_trouble(archive) < ARCHIVE_SEVERAL);
    unarchiver_free(archive);
    return 0;
}
