/* The system takes the file away when it is closed, however the process ends. */
#include "files/spool.h"

#include <errno.h>
#include <unistd.h>

#include "base/code.h"
#include "files/quiet.h"
#include "files/temporary.h"

int spool_open(struct spool *spool)
{
    spool->fd = temporary_nameless(spool->folder);
    spool->is_open = spool->fd >= 0;
    return spool->is_open ? 0 : CODE_WRITE;
}

int spool_add(const struct spool *spool, const void *data, size_t size)
{
    struct quiet quiet;
    const char *at = data, *end = at + size;
    int error = 0;
    quiet_begin(&quiet);
    while (at < end && error == 0) {
        ssize_t n = write(spool->fd, at, (size_t)(end - at));
        if (n >= 0)
            at += n;
        else if (errno != EINTR)
            error = errno;
    }
    quiet_end(&quiet, error);
    return error == 0 ? 0 : CODE_WRITE;
}
