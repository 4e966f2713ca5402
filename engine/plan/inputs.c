/* What each input is: a file that can be cut, or a stream; packed or not; and which share of it
 * counts.
 */
#include "plan/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/read_full.h"
#include "error.h"
#include "input/detect.h"
#include "packing/head.h"
#include "packing/member.h"

#define HEADER_READ_SIZE 16384
#define MEMBERS_MIN 16 /* to be unpacked side by side, unless they are small */
#define MEMBER_SIZE_MIN (UINT64_C(132) << 10)
#define MEMBER_SIZE_MAX (UINT64_C(64) << 20) /* unpacked in vain by the coordinator, 0.5 s */

const char *input_name(const struct input *input)
{
    return input->fd >= 0 ? "standard input" : input->name;
}

struct member *inputs_member(const struct inputs *inputs, uint32_t number, uint64_t at)
{
    const struct members *members = &inputs->members[number];
    size_t low = 0, high = members->n; /* the last that does not start behind it; of several, the
                                          others are empty */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (members->items[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &members->items[low - 1] : NULL;
}

const char *inputs_name(const struct inputs *inputs, uint32_t number, uint64_t at)
{
    const struct member *member = inputs_member(inputs, number, at);
    return member ? member->name : input_name(&inputs->items[number]);
}

unsigned inputs_format(const struct inputs *inputs, uint32_t number, uint64_t at)
{
    const struct member *member = inputs_member(inputs, number, at);
    return member ? member->format : inputs->formats[number];
}

int inputs_add_member(struct inputs *inputs, uint32_t number, const char *name, uint64_t start)
{
    struct members *members = &inputs->members[number];
    const char *path = input_name(&inputs->items[number]);
    size_t room = strlen(path) + strlen(name) + 2;
    if ((members->n & (members->n + 1)) == 0) {
        struct member *items = realloc(members->items, 2 * (members->n + 1) * sizeof *items);
        if (!items)
            return WM_ENOMEM;
        members->items = items;
    }
    char *whole = malloc(room);
    if (!whole)
        return WM_ENOMEM;
    snprintf(whole, room, "%s%s%s", path, *name ? ":" : "", name);
    members->items[members->n++] = (struct member){.start = start, .name = whole};
    return 0;
}

int input_has_line_numbers(const struct input *input)
{
    return input->share_start == input->start;
}

int inputs_has_front(const struct inputs *inputs, size_t number)
{
    const struct input *input = &inputs->items[number];
    /* An empty share is at the start of nothing, unless it has all there is. */
    return inputs->is_stream[number] || (input->share_start == input->start &&
                                         (input->share_end > input->share_start ||
                                          (inputs->shard <= 1 && input->size == input->start)));
}

/* Passes over the first lines. 0, or -1 with errno. */
static int skip_header(struct input *input, int fd, uint64_t n_lines)
{
    char data[HEADER_READ_SIZE];
    while (n_lines > input->n_header && input->start < input->size) {
        ssize_t size = read_full(fd, data, sizeof data, input->start);
        if (size <= 0)
            return size < 0 ? -1 : 0;
        const char *at = data, *end = data + size, *lf;
        while (n_lines > input->n_header && (lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
            input->n_header++;
            at = lf + 1;
        }
        if (n_lines > input->n_header)
            at = end;
        input->start += (uint64_t)(at - data);
        /* Without a LF behind it, it is a line as well. */
        if (input->start == input->size && n_lines > input->n_header && end[-1] != '\n')
            input->n_header++;
    }
    return 0;
}

/* What stands before the first line of data. 0, or -1 with errno. */
static int skip_front(struct input *input, int fd, const char *head, size_t size, uint64_t n_header)
{
    if (input_has_mark(head, size))
        input->start += INPUT_MARK_SIZE;
    return skip_header(input, fd, n_header);
}

/* A tar that is packed is an archive. 0, or -1 with errno. */
static int look_for_tar(struct input *input, int fd)
{
    char head[PACKING_HEAD_SIZE];
    ssize_t size = unpack_head(fd, input->packing, input->start, head, sizeof head);
    if (size > 0 && packing_is_tar(head, (size_t)size))
        input->packing = PACKING_ARCHIVE;
    return size < 0 ? -1 : 0;
}

/*
 * A regular file: where it starts and ends, and whether it is packed. *has_end: its last byte is
 * there; those of /sys say 4096, but have fewer. 0, WM_EOPEN or WM_EREAD.
 */
static int look_into(struct input *input, const struct stat *status, uint64_t n_header,
                     int *has_end)
{
    char last;
    *has_end = 1;
    input->size = (uint64_t)status->st_size;
    if (input->fd >= 0) {
        off_t at = lseek(input->fd, 0, SEEK_CUR);
        input->start = at > 0 ? (uint64_t)at : 0;
        if (input->start > input->size)
            input->start = input->size;
    }
    char head[PACKING_HEAD_SIZE];
    int fd = input->fd >= 0 ? input->fd : open(input->name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return WM_EOPEN;
    ssize_t size = read_full(fd, head, sizeof head, input->start);
    if (size >= 0 && input->start < input->size)
        *has_end = pread(fd, &last, 1, (off_t)input->size - 1) != 0;
    int rc = size < 0 ? -1 : 0;
    if (rc == 0)
        input->packing = input->may_be_utf16 ? packing_of_text(head, (size_t)size)
                                             : packing_of(head, (size_t)size);
    if (rc == 0 && (input->packing == PACKING_GZIP || input->packing == PACKING_ZSTD))
        rc = look_for_tar(input, fd);
    if (rc == 0 && input->packing == PACKING_NONE)
        rc = skip_front(input, fd, head, (size_t)size, n_header);
    int error = errno;
    if (fd != input->fd)
        close(fd);
    errno = error;
    input->share_start = input->start;
    input->share_end = input->size;
    return rc < 0 ? WM_EREAD : 0;
}

static int look_at(struct input *input, unsigned char *is_stream, uint64_t n_header,
                   wm_error *error)
{
    struct stat status;
    int rc = input->fd >= 0 ? fstat(input->fd, &status) : stat(input->name, &status);
    if (rc == 0 && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        rc = -1;
    }
    /* A file of size 0 may be one of /proc, which tells no size. */
    *is_stream = rc == 0 && (!S_ISREG(status.st_mode) || status.st_size == 0);
    if (rc == 0 && *is_stream && input->fd < 0)
        rc = access(input->name, R_OK);
    else if (rc == 0 && !*is_stream) {
        int has_end;
        rc = look_into(input, &status, n_header, &has_end);
        *is_stream = rc == 0 && !has_end;
        if (*is_stream) /* to be read as it comes */
            *input = (struct input){
                .name = input->name, .path = input->path, .number = input->number, .fd = input->fd};
    }
    if (rc < 0) {
        int code = input->fd >= 0 || rc == WM_EREAD ? WM_EREAD : WM_EOPEN;
        error_set_system(error, code, errno, "cannot %s '%s': " SYSTEM,
                         code == WM_EREAD ? "read" : "open", input_name(input));
        return error_of_input(error, code, input->number);
    }
    input->device = status.st_dev;
    input->inode = status.st_ino;
    return 0;
}

/*
 * A file is opened by workers, which may be forked when the host has another folder. A name from
 * the root on is taken only if it leads to the file: not all may pass through all folders. 0 or
 * WM_ENOMEM.
 */
static int fix_path(struct input *input, wm_error *error)
{
    char folder[PATH_MAX];
    struct stat status;
    if (*input->name == '/' || !getcwd(folder, sizeof folder))
        return 0;
    size_t room = strlen(folder) + strlen(input->name) + 2;
    char *path = malloc(room);
    if (!path)
        return error_memory(error);
    snprintf(path, room, "%s/%s", folder, input->name);
    if (stat(path, &status) == 0 && status.st_dev == input->device && status.st_ino == input->inode)
        input->path = path;
    else
        free(path);
    return 0;
}

int inputs_open(struct inputs *inputs, const char *const *paths, size_t n, int may_be_utf16,
                uint64_t n_header, wm_error *error)
{
    *inputs = (struct inputs){0};
    inputs->items = calloc(n + 1, sizeof *inputs->items);
    inputs->is_stream = calloc(n + 1, 1);
    inputs->formats = calloc(n + 1, 1);
    inputs->members = calloc(n + 1, sizeof *inputs->members);
    if (!inputs->items || !inputs->is_stream || !inputs->formats || !inputs->members) {
        inputs_release(inputs);
        return error_memory(error);
    }
    int stdin_used = 0;
    for (size_t i = 0; i < n; i++) {
        struct input *input = &inputs->items[inputs->n];
        *input = (struct input){.name = paths[i],
                                .path = paths[i],
                                .number = (uint32_t)i + 1,
                                .fd = -1,
                                .may_be_utf16 = may_be_utf16};
        if (strcmp(paths[i], "-") == 0) {
            if (stdin_used)
                continue; /* it was read to its end the first time */
            stdin_used = 1;
            input->fd = STDIN_FILENO;
        }
        int rc = look_at(input, &inputs->is_stream[inputs->n], n_header, error);
        inputs->n++;
        if (rc == 0 && input->fd < 0)
            rc = fix_path(input, error);
        if (rc < 0) {
            inputs_release(inputs);
            return rc;
        }
        if (inputs->is_stream[inputs->n - 1])
            inputs->n_streams++;
        else
            inputs->size += input->size - input->start;
    }
    return 0;
}

void inputs_leave(const struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++) {
        const struct input *input = &inputs->items[i];
        if (input->fd >= 0 && !inputs->is_stream[i])
            lseek(input->fd, (off_t)input->size, SEEK_SET);
    }
}

static uint64_t clamp(uint64_t value, uint64_t least, uint64_t most)
{
    return value < least ? least : value > most ? most : value;
}

int input_has_members(const struct input *input)
{
    if (packing_is_utf16(input->packing))
        return 0;
    int fd = input->fd >= 0 ? input->fd : open(input->name, O_RDONLY | O_CLOEXEC);
    uint64_t most =
        clamp((input->size - input->start) / MEMBERS_MIN, MEMBER_SIZE_MIN, MEMBER_SIZE_MAX);
    int rc = fd >= 0 ? member_has_next(fd, input->packing, input->start, most) : 0;
    if (fd >= 0 && fd != input->fd)
        close(fd);
    return rc > 0;
}

void inputs_place(struct inputs *inputs, int by_lines)
{
    uint64_t all = inputs->size;
    for (size_t i = 0; i < inputs->n; i++) {
        const struct input *input = &inputs->items[i];
        uint64_t size = input->size - input->start;
        if (inputs->is_stream[i] || input->packing == PACKING_NONE)
            continue;
        if (input->packing == PACKING_ARCHIVE || by_lines ||
            (size > all - size && !input_has_members(input))) {
            inputs->is_stream[i] = 1;
            inputs->n_streams++;
            inputs->size -= size;
        } else {
            inputs->packed_size += size;
        }
    }
}

/* Where share i of n ends, of so many bytes: floor(size * i / n), which may not fit 64 bits before
 * it is divided. */
static uint64_t share_end(uint64_t size, uint32_t i, uint32_t n)
{
    return size / n * i + size % n * i / n;
}

void inputs_share(struct inputs *inputs, uint32_t shard, uint32_t n_shards)
{
    uint64_t size_cut = inputs->size - inputs->packed_size;
    inputs->shard = shard;
    uint64_t start = share_end(size_cut, shard - 1, n_shards);
    uint64_t end = share_end(size_cut, shard, n_shards);
    uint64_t at = 0; /* of the input, in all of them that can be cut */
    size_t n_whole = 0;
    inputs->packed_size = 0;
    for (size_t i = 0; i < inputs->n; i++) {
        struct input *input = &inputs->items[i];
        uint64_t size = input->size - input->start;
        if (inputs->is_stream[i]) {
            inputs->is_stream[i] = n_whole++ % n_shards == shard - 1;
            inputs->n_streams -= !inputs->is_stream[i];
            if (!inputs->is_stream[i])
                input->share_end = input->share_start;
            continue;
        }
        if (input->packing != PACKING_NONE) {
            if (n_whole++ % n_shards == shard - 1)
                inputs->packed_size += size;
            else
                input->share_end = input->share_start;
            continue;
        }
        input->share_start = input->start + clamp(start, at, at + size) - at;
        input->share_end = input->start + clamp(end, at, at + size) - at;
        at += size;
    }
    inputs->size = end - start + inputs->packed_size;
}

void inputs_release(struct inputs *inputs)
{
    for (size_t i = 0; inputs->members && i < inputs->n; i++) {
        if (inputs->items[i].path != inputs->items[i].name)
            free((char *)inputs->items[i].path);
        for (size_t j = 0; j < inputs->members[i].n; j++)
            free(inputs->members[i].items[j].name);
        free(inputs->members[i].items);
    }
    free(inputs->members);
    free(inputs->items);
    free(inputs->is_stream);
    free(inputs->formats);
    *inputs = (struct inputs){0};
}
