/* A job's outputs for others: an output that blocks, as a public object. */
#include "files/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/descriptor.h"
#include "error.h"

int wm_file_open(const char *path, wm_file **result, wm_error *error)
{
    if (!path || !result)
        return error_null(error, path ? "what the file goes to" : "the path");
    struct wm_file *file = calloc(1, sizeof *file);
    struct stdio_hold hold;
    if (!file)
        return error_memory(error);
    stdio_hold(&hold);
    int rc = output_open(&file->output, path, -1, error);
    stdio_let_go(&hold);
    if (rc < 0)
        free(file);
    else
        *result = file;
    return rc;
}

int wm_file_fd(const wm_file *file)
{
    return file ? file->output.fd : WM_EINVAL;
}

int wm_file_write(wm_file *file, const void *data, size_t size, wm_error *error)
{
    size_t written = 0;
    if (!file || (!data && size > 0))
        return error_null(error, file ? "data" : "the file");
    return output_write_some(&file->output, data, size, &written, error);
}

int wm_file_is_same(const wm_file *file, const wm_file *other)
{
    if (!file || !other)
        return WM_EINVAL;
    return target_is_same(&file->output.target, &other->output.target);
}

int wm_file_is_input(const wm_file *file, const char *path)
{
    struct stat status;
    if (!file || !path)
        return WM_EINVAL;
    int rc = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &status) : stat(path, &status);
    return rc == 0 && target_is_file(&file->output.target, status.st_dev, status.st_ino);
}

int wm_file_commit(wm_file *file, wm_error *error)
{
    if (!file)
        return error_null(error, "the file");
    return output_commit(&file->output, error);
}

void wm_file_close(wm_file *file)
{
    if (!file)
        return;
    output_release(&file->output);
    free(file);
}
