/*
 * The file that runs go to when they do not fit the memory limit. The functions that return an int
 * return 0 or a WM_E code with error, unless they say otherwise.
 */
#ifndef ENGINE_FILES_SPILL_H
#define ENGINE_FILES_SPILL_H

#include <stddef.h>
#include <stdint.h>

#include "shared/arena.h"
#include "shared/run_list.h"
#include "wordmill.h"

struct spill {
    struct arena *arena;
    wm_stats *stats;        /* counts what was spilled */
    const char *folder;     /* the caller's; NULL: one is chosen */
    const char *output;     /* the path of the output; NULL: it has none */
    char *output_folder;    /* of that, once it was looked at */
    uint64_t addresses;     /* that may be mapped for it */
    uint64_t memory;        /* that it may have, if it lies in memory */
    int error;              /* errno: why there is no file; 0: there is one */
    int is_memory;          /* the folder is a tmpfs: what is spilled stays in memory */
    uint64_t next_forecast; /* once so much of the stage is done; 0 when one begins */
};

/*
 * Gives the arena a file to spill to. Without one a job may still fit its memory. A folder that is
 * chosen is $TMPDIR, or /tmp. If that is memory, it is the first on a disk of /tmp, /var/tmp and
 * the folder of the output. If none is on a disk, it stays $TMPDIR or /tmp.
 */
int spill_open(struct spill *spill, wm_error *error);
void spill_release(struct spill *spill);

/* Another file like that, for the caller's own use. Its descriptor, or -1 with errno. */
int spill_file(struct spill *spill);

/* Where it is. */
const char *spill_folder(const struct spill *spill);

/* Room for size bytes in it or, if there is not so much in one piece, for least at least. */
int spill_take(struct spill *spill, size_t size, size_t least, struct extent_range *range,
               wm_error *error);

/* What an errno means for the job: WM_EWRITE. */
int spill_failed(const struct spill *spill, int system, wm_error *error);

/* Puts size bytes where workers can read them: in memory, or else in the file. */
int spill_store(struct spill *spill, const void *data, size_t size, struct extent_range *extents,
                wm_error *error);

/* Moves runs out of memory: 1, or 0 if there are none. */
int spill_move_out(struct spill *spill, struct run_list *runs, wm_error *error);

/*
 * A stage has made so many bytes of runs with done of its total work: fails, and says so, if those
 * to come will not fit the disk. Asks the system now and then only.
 */
int spill_forecast(struct spill *spill, uint64_t made, uint64_t done, uint64_t total,
                   wm_error *error);

#endif
