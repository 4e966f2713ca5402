/*
 * The file that runs go to when they do not fit the memory limit. It never has a name, or loses it
 * at once, so the system takes it away with the last process that has it open, however that ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/code.h"
#include "error.h"
#include "job/job.h"
#include "words/run.h"

const char *spill_folder(const struct wm_job *job)
{
    const char *folder = job->options.spill_dir;
    if (!folder)
        folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

static int open_nameless(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
    size_t size = strlen(folder) + 32;
    char *path = malloc(size);
    if (!path)
        return -1;
    snprintf(path, size, "%s/wordmill.XXXXXX", folder);
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    free(path);
    return fd;
}

int spill_open(struct wm_job *job)
{
    int rc = CODE_FORK;
    int fd = open_nameless(spill_folder(job));
    if (fd >= 0)
        rc = arena_open_spill(&job->arena, fd);
    job->spill_error = rc < 0 ? errno : 0;
    if (rc < 0 && fd >= 0)
        close(fd);
    if (rc == CODE_NOMEM || job->spill_error == ENOMEM)
        return error_memory(&job->error);
    /* Most jobs can do without; but a folder that was asked for should be there. */
    return rc < 0 && job->options.spill_dir ? spill_failed(job, errno) : 0;
}

int spill_failed(struct wm_job *job, int system)
{
    char words[64];
    return error_set(&job->error, WM_EWRITE,
                     "cannot spill to '%s': %s; name another folder with --spill-dir, or raise "
                     "--memory",
                     spill_folder(job), error_system(system, words, sizeof words));
}

int spill_take(struct wm_job *job, size_t size, struct extent_range *range)
{
    if (job->spill_error)
        return spill_failed(job, job->spill_error);
    int rc = arena_take_spill(&job->arena, size, range);
    if (rc == CODE_LIMIT)
        return spill_failed(job, EFBIG);
    return rc < 0 ? spill_failed(job, errno) : 0;
}

int spill_store(struct wm_job *job, const void *data, size_t size, struct extent_range *extents)
{
    if (arena_take(&job->arena, size, extents) == 0) {
        if (size > 0)
            memcpy(arena_at(&job->arena, extents->first), data, size);
        return 0;
    }
    int rc = spill_take(job, size, extents);
    if (rc < 0 || arena_write_spill(&job->arena, extents->first, 0, data, size) == 0)
        return rc;
    rc = spill_failed(job, errno);
    arena_give(&job->arena, *extents);
    extents->count = 0;
    return rc;
}

/* Moves size bytes of committed extents from memory to the file. */
static int move_out(struct wm_job *job, struct extent_range *extents, size_t size)
{
    struct extent_range from = *extents, to;
    int rc = spill_take(job, size, &to);
    if (rc < 0)
        return rc;
    if (arena_write_spill(&job->arena, to.first, 0, arena_at(&job->arena, from.first), size) < 0) {
        rc = spill_failed(job, errno);
        arena_give(&job->arena, to);
        return rc;
    }
    arena_give(&job->arena, from);
    *extents = to;
    job->stats.spilled_runs++;
    job->stats.spilled_bytes += size;
    return 1;
}

int spill_move_out(struct wm_job *job)
{
    int rc = 0, moved = 0;
    if (job->spill_error)
        return 0;
    for (size_t i = 0; i < job->runs.n && rc >= 0; i++) {
        struct extent_range *extents = &job->runs.items[i];
        const void *run = arena_at(&job->arena, extents->first);
        if (arena_is_spilled(&job->arena, extents->first))
            continue;
        rc = move_out(job, extents, ((const struct run *)run)->size);
        moved = 1;
    }
    return rc < 0 ? rc : moved;
}

int spill_forecast(struct wm_job *job, uint64_t made, uint64_t done, uint64_t total)
{
    struct statvfs disk;
    const struct arena *arena = &job->arena;
    if (job->spill_error || done == 0 || done < job->next_forecast || done < total / 64 ||
        done >= total)
        return 0;
    job->next_forecast = done + done / 2;
    double more = (double)made / (double)done * (double)(total - done);
    double in_memory = (double)(extents_free(arena) * EXTENT_SIZE);
    if (more <= in_memory || fstatvfs(arena->spill.fd, &disk) < 0)
        return 0;
    more -= in_memory;
    /* What was spilled and given back since has its place on the disk still. */
    double reused = (double)(arena->spill.n_peak - arena->spill.n_used) * EXTENT_SIZE;
    double room = (double)disk.f_bavail * (double)disk.f_frsize;
    if (more <= room + reused)
        return 0;
    return error_set(&job->error, WM_EWRITE,
                     "runs will need some %.0f MiB more in '%s', where %.0f MiB are free; name "
                     "another folder with --spill-dir, or raise --memory",
                     more / (1 << 20), spill_folder(job), room / (1 << 20));
}
