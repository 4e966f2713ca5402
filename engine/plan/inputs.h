/* The inputs of a job, before they are cut up. */
#ifndef ENGINE_PLAN_INPUTS_H
#define ENGINE_PLAN_INPUTS_H

#include <stddef.h>
#include <stdint.h>

#include "input/source.h"
#include "wordmill.h"

/* A file in an archive, which is an input of its own within the archive's. */
struct member {
    uint64_t start; /* of its bytes, in those of all members one behind the other */
    uint64_t n_header;
    char *name;           /* for messages: archive:member */
    unsigned char format; /* as below */
};

/* In the order in which they come. */
struct members {
    struct member *items;
    size_t n;
};

struct inputs {
    struct input *items;
    unsigned char *is_stream; /* no regular file that can be cut */
    unsigned char *formats;   /* enum wm_format; WM_FORMAT_AUTO: nobody has looked yet */
    size_t n;
    size_t n_streams;
    uint64_t size;           /* of the regular files, or of the share of them */
    uint64_t packed_size;    /* of those that are packed and no streams */
    uint32_t shard;          /* that the job has, from 1; 0: there are none */
    struct members *members; /* of each input; streams find them as they are read */
    const struct splitter *splitter;
    const char *first_text;  /* the name of the first that auto takes for text; NULL: none so far */
    const char *first_other; /* the same for anything else */
    unsigned other_format;   /* and what that is */
};

/* What messages call it. */
const char *input_name(const struct input *input);

/* Opens it if it is not, and says where it can be read. 0, or -1 with errno. */
int input_reach(const struct input *input, struct store *store);
/* Closes what was opened for that; keeps errno. */
void input_let_go(const struct input *input, const struct store *store);

/* Another member of an archive begins at this place; "": it has but one, without a name. 0 or
 * WM_ENOMEM. */
int inputs_add_member(struct inputs *inputs, uint32_t number, const char *name, uint64_t start);

/* The member that a place of an archive is in. NULL: the input is no archive. */
struct member *inputs_member(const struct inputs *inputs, uint32_t number, uint64_t at);

/* The name and the format of what is at a place of an input. */
const char *inputs_name(const struct inputs *inputs, uint32_t number, uint64_t at);
unsigned inputs_format(const struct inputs *inputs, uint32_t number, uint64_t at);

/* Whether the job knows how many lines of it come before those it has. */
int input_has_line_numbers(const struct input *input);

/* The number, from 1 on, of the line behind so many lines of data of what is at a place of an
 * input; 0: nobody knows. */
uint64_t inputs_line(const struct inputs *inputs, uint32_t number, uint64_t at, uint64_t lines);

/* Whether the start of an input is in the share that the job has. */
int inputs_has_front(const struct inputs *inputs, size_t number);

/* Whether a packed file has members to be unpacked side by side. If it cannot be read, its worker
 * will tell. */
int input_has_members(const struct input *input);

/*
 * Of packed files, the one that is larger than all the rest, unless it has many members, is a
 * stream: the coordinator unpacks it while the workers map. With by_lines all are, since nobody
 * knows where their lines are.
 */
void inputs_place(struct inputs *inputs, int by_lines);

/*
 * Looks at the files, may_be_utf16: also for a byte order mark of that. Passes over a byte order
 * mark of UTF-8 and n_header lines of those that are not packed. 0, WM_ENOMEM, WM_EOPEN,
 * WM_EREAD or WM_EINVAL. splitter: of their records, or NULL: lines; of others no byte is left out.
 * Names are copied; descriptors and memory stay the caller's.
 */
int inputs_open(struct inputs *inputs, const wm_input *given, size_t n, int may_be_utf16,
                uint64_t n_header, const struct splitter *splitter, wm_error *error);
void inputs_release(struct inputs *inputs);

/* Standard input, if it is a file, was read to the end it had:
 * whoever has it next goes on there. */
void inputs_leave(const struct inputs *inputs);

/*
 * Leaves the lines that start in one, counted from 1, of n_shards equal shares of all bytes of the
 * files together. Streams, which cannot be cut, are dealt out whole, one share after the other. At
 * most once.
 */
void inputs_share(struct inputs *inputs, uint32_t shard, uint32_t n_shards);

#endif
