/*
 * The file is opened early and emptied late: a run that fails leaves the old content, and removes
 * a file that it made itself.
 */
#include "report_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wordmill.h>

#include "console.h"

static int fail(const struct report_file *file)
{
    console_say("cannot write '%s': %s", file->path, console_reason(errno));
    return WM_EWRITE;
}

int report_open(struct report_file *file, const char *path)
{
    *file = (struct report_file){.path = path, .fd = -1};
    if (path == NULL)
        return 0;
    file->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    file->is_new = file->fd >= 0;
    if (file->fd < 0 && errno == EEXIST)
        file->fd = open(path, O_WRONLY | O_CLOEXEC);
    return file->fd < 0 ? fail(file) : 0;
}

int report_begin(struct report_file *file)
{
    struct stat status;
    if (file->path == NULL || fstat(file->fd, &status) < 0 || !S_ISREG(status.st_mode))
        return 0;
    return ftruncate(file->fd, 0) < 0 ? fail(file) : 0;
}

int report_end(struct report_file *file)
{
    if (file->path == NULL)
        return 0;
    int rc = close(file->fd) < 0 && errno != EINTR ? fail(file) : 0;
    file->path = NULL;
    return rc;
}

int report_write(struct report_file *file, const char *text, size_t size)
{
    int rc = report_begin(file);
    while (file->path != NULL && rc == 0 && size > 0) {
        ssize_t n = write(file->fd, text, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            rc = fail(file);
            break;
        }
        text += n;
        size -= (size_t)n;
    }
    int end_rc = report_end(file);
    return rc < 0 ? rc : end_rc;
}

void report_drop(struct report_file *file)
{
    if (file->path == NULL)
        return;
    close(file->fd);
    if (file->is_new)
        unlink(file->path);
    file->path = NULL;
}
