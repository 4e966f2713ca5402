/*
 * The file that runs go to when they do not fit the memory limit. It never has a name, or loses it
 * at once, so the system takes it away with the last process that has it open, however that ends.
 */
#include "files/spill.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/code.h"
#include "error.h"
#include "files/temporary.h"
#include "words/run.h"

const char *spill_folder(const struct spill *spill)
{
    return spill->folder ? spill->folder : temporary_folder();
}

void spill_release(struct spill *spill)
{
    free(spill->output_folder);
    spill->output_folder = NULL;
}

static int is_memory(int fd)
{
    struct statfs status;
    if (fstatfs(fd, &status) < 0)
        return 0;
    uint32_t type = (uint32_t)status.f_type;
    return type == TMPFS_MAGIC || type == RAMFS_MAGIC;
}

/* NULL: the output has none, or there is no memory. */
static const char *output_folder(struct spill *spill)
{
    const char *slash = spill->output ? strrchr(spill->output, '/') : NULL;
    if (!spill->output)
        return NULL;
    if (!slash)
        return ".";
    size_t size = slash == spill->output ? 1 : (size_t)(slash - spill->output);
    spill->output_folder = strndup(spill->output, size);
    return spill->output_folder;
}

/* Where there is a folder on a disk. A file in it, or -1. */
static int open_on_disk(struct spill *spill)
{
    const char *folders[] = {"/tmp", "/var/tmp", output_folder(spill)};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        int fd = folders[i] ? temporary_nameless(folders[i]) : -1;
        if (fd >= 0 && !is_memory(fd)) {
            spill->folder = folders[i];
            return fd;
        }
        if (fd >= 0)
            close(fd);
    }
    return -1;
}

int spill_file(struct spill *spill)
{
    int is_chosen = !spill->folder, other = -1;
    int fd = temporary_nameless(spill_folder(spill));
    if (fd < 0 || !is_memory(fd))
        return fd;
    if (is_chosen)
        other = open_on_disk(spill);
    if (other < 0) {
        spill->is_memory = 1;
        return fd;
    }
    close(fd);
    return other;
}

int spill_open(struct spill *spill, wm_error *error)
{
    int rc = CODE_FORK, is_named = spill->folder != NULL;
    int fd = spill_file(spill);
    uint64_t most = spill->addresses;
    if (spill->is_memory && spill->memory < most)
        most = spill->memory;
    if (fd >= 0)
        rc = arena_open_spill(spill->arena, fd, most);
    spill->error = rc < 0 ? errno : 0;
    if (rc < 0 && fd >= 0)
        close(fd);
    if (rc == CODE_NOMEM || spill->error == ENOMEM)
        return error_memory(error);
    /* Most jobs can do without; but a folder that was asked for should be there. */
    return rc < 0 && is_named ? spill_failed(spill, errno, error) : 0;
}

int spill_failed(const struct spill *spill, int system, wm_error *error)
{
    error_set_system(error, WM_EWRITE, system,
                     "cannot spill to '%s'%s: " SYSTEM "; name another folder with " NAME
                     "o.spill_dir, or ",
                     spill_folder(spill), spill->is_memory ? ", which is memory" : "");
    /* Sorted inputs are merged without an arena, to files when there are too many of them. */
    if (spill->arena->base)
        error_add(error, "raise " NAME "o.memory");
    else
        error_add(error, "let more files be open (ulimit -n)");
    return WM_EWRITE;
}

int spill_take(struct spill *spill, size_t size, size_t least, struct extent_range *range,
               wm_error *error)
{
    if (spill->error)
        return spill_failed(spill, spill->error, error);
    int rc = arena_take_spill(spill->arena, size, range);
    while (rc == CODE_LIMIT && size > least) {
        size = size / 2 > least ? size / 2 : least;
        rc = arena_take_spill(spill->arena, size, range);
    }
    /* It is as large as addresses allow, or files. */
    if (rc == CODE_LIMIT && spill->arena->spill.map->size + EXTENT_SIZE > spill->addresses)
        return error_memory(error);
    if (rc == CODE_LIMIT)
        return spill_failed(spill, spill->is_memory ? ENOSPC : EFBIG, error);
    if (rc < 0 && errno == ENOMEM)
        return error_memory(error);
    return rc < 0 ? spill_failed(spill, errno, error) : 0;
}

int spill_store(struct spill *spill, const void *data, size_t size, struct extent_range *extents,
                wm_error *error)
{
    if (arena_take(spill->arena, size, extents) == 0) {
        if (size > 0)
            memcpy(arena_at(spill->arena, extents->first), data, size);
        return 0;
    }
    int rc = spill_take(spill, size, size, extents, error);
    if (rc < 0 || arena_write_spill(spill->arena, extents->first, 0, data, size) == 0)
        return rc;
    rc = spill_failed(spill, errno, error);
    arena_give(spill->arena, *extents);
    extents->count = 0;
    return rc;
}

/* Moves size bytes of committed extents from memory to the file. */
static int move_out(struct spill *spill, struct extent_range *extents, size_t size, wm_error *error)
{
    struct extent_range from = *extents, to;
    int rc = spill_take(spill, size, size, &to, error);
    if (rc < 0)
        return rc;
    if (arena_write_spill(spill->arena, to.first, 0, arena_at(spill->arena, from.first), size) <
        0) {
        rc = spill_failed(spill, errno, error);
        arena_give(spill->arena, to);
        return rc;
    }
    arena_give(spill->arena, from);
    *extents = to;
    spill->stats->spilled_runs++;
    spill->stats->spilled_bytes += size;
    return 1;
}

int spill_move_out(struct spill *spill, struct run_list *runs, wm_error *error)
{
    int rc = 0, moved = 0;
    if (spill->error)
        return 0;
    for (size_t i = 0; i < runs->n && rc >= 0; i++) {
        struct extent_range *extents = &runs->items[i];
        const void *run = arena_at(spill->arena, extents->first);
        if (arena_is_spilled(spill->arena, extents->first))
            continue;
        rc = move_out(spill, extents, ((const struct run *)run)->size, error);
        moved = 1;
    }
    return rc < 0 ? rc : moved;
}

int spill_forecast(struct spill *spill, uint64_t made, uint64_t done, uint64_t total,
                   wm_error *error)
{
    struct statvfs disk;
    const struct arena *arena = spill->arena;
    if (spill->error || done == 0 || done < spill->next_forecast || done < total / 64 ||
        done >= total)
        return 0;
    spill->next_forecast = done + done / 2;
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
    return error_set(error, WM_EWRITE,
                     "runs will need some %.0f MiB more in '%s', where %.0f MiB are free; name "
                     "another folder with " NAME "o.spill_dir, or raise " NAME "o.memory",
                     more / (1 << 20), spill_folder(spill), room / (1 << 20));
}
