/* All files of a run are opened early, and put in their places together once it is done. */
#include "report_file.h"

#include <string.h>

#include "console.h"

int report_open(struct report_file *file, const char *option, const char *path)
{
    wm_error error;
    *file = (struct report_file){.option = option, .path = path};
    int rc = path ? wm_file_open(path, &file->file, &error) : 0;
    if (rc < 0)
        console_error(&error);
    return rc;
}

static int input_check(const struct report_file *file, const char *const *paths, size_t n_paths)
{
    if (!file->file || strcmp(file->option, "--output") == 0)
        return 0;
    for (size_t i = 0; i < n_paths; i++) {
        if (!wm_file_is_input(file->file, paths[i]))
            continue;
        console_say("%s cannot be '%s': that is an input", file->option, file->path);
        return WM_EINVAL;
    }
    return 0;
}

int reports_check(struct report_file *const *files, size_t n, const char *const *paths,
                  size_t n_paths)
{
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i++) {
        rc = input_check(files[i], paths, n_paths);
        for (size_t k = 0; k < i && rc == 0; k++) {
            if (!files[i]->file || !files[k]->file ||
                !wm_file_is_same(files[i]->file, files[k]->file))
                continue;
            console_say("%s and %s name one file, '%s'", files[k]->option, files[i]->option,
                        files[i]->path);
            rc = WM_EINVAL;
        }
    }
    return rc;
}

int report_write(struct report_file *file, const char *text, size_t size)
{
    wm_error error;
    int rc = file->file ? wm_file_write(file->file, text, size, &error) : 0;
    if (rc < 0)
        console_error(&error);
    return rc;
}

int reports_commit(struct report_file *const *files, size_t n)
{
    wm_error error;
    for (size_t i = n; i-- > 0;) {
        int rc = files[i]->file ? wm_file_commit(files[i]->file, &error) : 0;
        if (rc < 0) {
            console_error(&error);
            return rc;
        }
    }
    return 0;
}

void reports_drop(struct report_file *const *files, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        wm_file_close(files[i]->file);
        files[i]->file = NULL;
    }
}
