/*
 * Where workers died in one partition while the caller's map function had a line: which line is to
 * blame, and which were. Pure. A stranger may have killed a worker too, so a line is to blame
 * only if most of the deaths that make a partition poison were at it. Strangers' kills make one
 * poison only after many; but not when the last three were at the same line: a line that takes all
 * memory dies so.
 */
#ifndef ENGINE_DISPATCH_CRASHES_H
#define ENGINE_DISPATCH_CRASHES_H

#include <stdint.h>

#include "dispatch/schedule.h"
#include "shared/message.h"

/* As many as a message has room for. */
#define CRASHES_SKIPS_MAX ((MESSAGE_SIZE_MAX - sizeof(struct message_map)) / sizeof(uint64_t))

struct crashes {
    uint64_t at[SCHEDULE_DEATHS_MAX]; /* the last ones: offsets of lines; PROGRESS_NO_RECORD:
                                         elsewhere */
    uint32_t n;                       /* since the last skip, at most so many */
    uint32_t n_skips;
    uint64_t skips[]; /* lines that were to blame, ascending */
};

/* Notes a death; *crashes is NULL at first, and to be freed. 0 or CODE_NOMEM. */
int crashes_add(struct crashes **crashes, uint64_t record);

/* Whether so many deaths were at one line that it cannot be chance, whoever killed. */
int crashes_agree(const struct crashes *crashes);

/* The line that most of the last deaths were at, or PROGRESS_NO_RECORD. */
uint64_t crashes_record(const struct crashes *crashes);

/* The partition is poison: 1, and its line to blame is one to skip from now on;
 * 0: there is none. */
int crashes_skip(struct crashes *crashes);

#endif
