/* What each input is: a file that can be cut, or a stream; packed or not; and which share of it
 * counts. */
#include "plan/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "input/detect.h"
#include "packing/head.h"
#include "packing/member.h"
#include "plan/looks.h"

#define HEADER_READ_SIZE 16384
#define MEMBERS_MIN 16 /* to be unpacked side by side, unless they are small */
#define MEMBER_SIZE_MIN (UINT64_C(132) << 10)
#define MEMBER_SIZE_MAX (UINT64_C(64) << 20) /* unpacked in vain by the coordinator, 0.5 s */

const char *input_name(const struct input *input)
{
    int is_standard = input->fd == STDIN_FILENO && strcmp(input->name, "-") == 0;
    return is_standard ? "standard input" : input->name;
}

int input_reach(const struct input *input, struct store *store)
{
    int fd = input->fd;
    if (fd < 0 && !input->data)
        fd = open(input->path, O_RDONLY | O_CLOEXEC);
    *store = input_store(input, fd);
    return fd >= 0 || input->data ? 0 : -1;
}

void input_let_go(const struct input *input, const struct store *store)
{
    int error = errno;
    if (store->fd != input->fd)
        close(store->fd);
    errno = error;
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

uint64_t inputs_line(const struct inputs *inputs, uint32_t number, uint64_t at, uint64_t lines)
{
    const struct input *input = &inputs->items[number];
    const struct member *member = inputs_member(inputs, number, at);
    if (!input_has_line_numbers(input))
        return 0;
    return (member ? member->n_header : input->n_header) + lines + 1;
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
static int skip_header(struct input *input, const struct store *store, uint64_t n_lines)
{
    char data[HEADER_READ_SIZE];
    while (n_lines > input->n_header && input->start < input->size) {
        ssize_t size = store_read_full(store, data, sizeof data, input->start);
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
static int skip_front(struct input *input, const struct store *store, const char *head, size_t size,
                      uint64_t n_header)
{
    if (!input->splitter && input_has_mark(head, size))
        input->start += INPUT_MARK_SIZE;
    return skip_header(input, store, n_header);
}

/* A tar that is packed is an archive. 0, or -1 with errno. */
static int look_for_tar(struct input *input, const struct store *store)
{
    char head[PACKING_HEAD_SIZE];
    ssize_t size = unpack_head(store, input->packing, input->start, head, sizeof head);
    if (size > 0 && packing_is_tar(head, (size_t)size))
        input->packing = PACKING_ARCHIVE;
    return size < 0 ? -1 : 0;
}

/* What of the input is packed, and where its lines begin. 0, or -1 with errno. */
static int look_at_head(struct input *input, const struct store *store, uint64_t n_header)
{
    char head[PACKING_HEAD_SIZE];
    ssize_t size = store_read_full(store, head, sizeof head, input->start);
    if (size < 0)
        return -1;
    input->packing =
        input->may_be_utf16 ? packing_of_text(head, (size_t)size) : packing_of(head, (size_t)size);
    if (input->packing == PACKING_GZIP || input->packing == PACKING_ZSTD)
        return look_for_tar(input, store);
    return input->packing == PACKING_NONE ? skip_front(input, store, head, (size_t)size, n_header)
                                          : 0;
}

/*
 * A regular file or memory: where it starts and ends, and whether it is packed. *has_end: its last
 * byte is there; those of /sys say 4096, but have fewer. 0, WM_EOPEN or WM_EREAD.
 */
static int look_into(struct input *input, uint64_t n_header, int *has_end)
{
    char last;
    struct store store;
    *has_end = 1;
    if (input_reach(input, &store) < 0)
        return WM_EOPEN;
    int rc = look_at_head(input, &store, n_header);
    if (rc == 0 && input->start < input->size)
        *has_end = store_read(&store, &last, 1, input->size - 1) != 0;
    input_let_go(input, &store);
    input->share_start = input->start;
    input->share_end = input->size;
    return rc < 0 ? WM_EREAD : 0;
}

/* What it is: a file of a size, or a stream; and where it starts. 0, or -1 with errno. */
static int look_outside(struct input *input, unsigned char *is_stream)
{
    struct stat status;
    *is_stream = 0;
    if (input->data)
        return 0;
    if ((input->fd >= 0 ? fstat(input->fd, &status) : stat(input->path, &status)) < 0)
        return -1;
    errno = EISDIR;
    if (S_ISDIR(status.st_mode))
        return -1;
    input->device = status.st_dev;
    input->inode = status.st_ino;
    input->size = (uint64_t)status.st_size;
    /* A file of size 0 may be one of /proc, which tells no size. */
    *is_stream = !S_ISREG(status.st_mode) || status.st_size == 0;
    if (*is_stream)
        return input->fd < 0 ? access(input->path, R_OK) : 0;
    if (input->goes_on) {
        off_t at = lseek(input->fd, 0, SEEK_CUR);
        input->start = at > 0 ? (uint64_t)at : 0;
        if (input->start > input->size)
            input->start = input->size;
    }
    return 0;
}

static int look_at(struct input *input, unsigned char *is_stream, uint64_t n_header,
                   wm_error *error)
{
    struct input before = *input;
    int rc = look_outside(input, is_stream);
    if (rc == 0 && !*is_stream) {
        int has_end;
        rc = look_into(input, n_header, &has_end);
        *is_stream = rc == 0 && !has_end;
    }
    if (rc == 0 && *is_stream) { /* to be read as it comes */
        before.device = input->device;
        before.inode = input->inode;
        *input = before;
    }
    if (rc == 0)
        return 0;
    int code = input->fd >= 0 || rc == WM_EREAD ? WM_EREAD : WM_EOPEN;
    if (code == WM_EOPEN && errno == ENOENT && look_is_address(input_name(input)))
        return error_of_input(error, look_refuse_address(input_name(input), error), input->number);
    error_set_system(error, code, errno, "cannot %s '%s': " SYSTEM,
                     code == WM_EREAD ? "read" : "open", input_name(input));
    return error_of_input(error, code, input->number);
}

static void replace_path(struct input *input, char *path)
{
    if (input->path != input->name)
        free((char *)(uintptr_t)input->path);
    input->path = path;
}

static void input_release(struct input *input)
{
    replace_path(input, NULL);
    free((char *)(uintptr_t)input->name);
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
    if (*input->path == '/' || input->fd >= 0 || input->data || !getcwd(folder, sizeof folder))
        return 0;
    size_t room = strlen(folder) + strlen(input->path) + 2;
    char *path = malloc(room);
    if (!path)
        return error_memory(error);
    snprintf(path, room, "%s/%s", folder, input->path);
    if (stat(path, &status) == 0 && status.st_dev == input->device && status.st_ino == input->inode)
        replace_path(input, path);
    else
        free(path);
    return 0;
}

/* Whether the last one is a descriptor that can be read only once, and there are others of it. */
static int is_twice(const struct inputs *inputs)
{
    size_t last = inputs->n - 1;
    int fd = inputs->items[last].fd;
    for (size_t i = 0; i < last; i++)
        if (fd >= 0 && inputs->is_stream[last] && inputs->items[i].fd == fd)
            return 1;
    return 0;
}

/* What messages call an input: a copy. NULL: no memory. */
static char *name_of(const wm_input *given, uint32_t number)
{
    char text[32];
    const char *name = given->name;
    if (!name && given->kind == WM_INPUT_PATH)
        name = given->path;
    snprintf(text, sizeof text, "input %u", (unsigned)number);
    return strdup(name ? name : text);
}

/* 0, WM_ENOMEM or WM_EINVAL. */
static int take(struct input *input, const wm_input *given, uint32_t number, wm_error *error)
{
    int is_path = given->kind == WM_INPUT_PATH, is_memory = given->kind == WM_INPUT_DATA;
    int is_standard = is_path && given->path && strcmp(given->path, "-") == 0;
    if (given->kind > WM_INPUT_DATA || given->reserved[0] || given->reserved[1] ||
        given->reserved[2])
        return error_set(error, WM_EINVAL, "an input is of no known kind");
    if ((is_path && !given->path) || (is_memory && !given->data && given->size > 0))
        return error_null(error, is_path ? "a path" : "the data of an input");
    if (!is_path && !is_memory && given->fd < 0)
        return error_set(error, WM_EINVAL, "there is no descriptor %d to be read", given->fd);
    char *name = name_of(given, number);
    *input = (struct input){.name = name, .path = name, .number = number, .fd = -1};
    if (is_path && given->name)
        input->path = strdup(given->path);
    if (!name || !input->path)
        return error_memory(error);
    if (is_memory) {
        input->data = given->size > 0 ? given->data : "";
        input->size = given->size;
    } else if (!is_path || is_standard) {
        input->fd = is_standard ? STDIN_FILENO : given->fd;
        input->goes_on = is_standard;
    }
    return 0;
}

/* One more, unless it is standard input once more, which was read to its end the first time. */
static int add(struct inputs *inputs, const wm_input *given, uint32_t number, int may_be_utf16,
               uint64_t n_header, wm_error *error)
{
    struct input *input = &inputs->items[inputs->n++];
    unsigned char *is_stream = &inputs->is_stream[inputs->n - 1];
    int rc = take(input, given, number, error);
    input->may_be_utf16 = may_be_utf16;
    input->splitter = inputs->splitter;
    for (size_t i = 0; rc == 0 && input->goes_on && i + 1 < inputs->n; i++) {
        if (inputs->items[i].goes_on) {
            input_release(input);
            inputs->n--;
            return 0;
        }
    }
    if (rc == 0)
        rc = look_at(input, is_stream, n_header, error);
    if (rc == 0)
        rc = fix_path(input, error);
    if (rc < 0)
        return error_of_input(error, rc, number);
    if (!*is_stream) {
        inputs->size += input->size - input->start;
        return 0;
    }
    inputs->n_streams++;
    if (!is_twice(inputs))
        return 0;
    error_set(error, WM_EINVAL, "descriptor %d is given twice, but can be read only once",
              input->fd);
    return error_of_input(error, WM_EINVAL, number);
}

int inputs_open(struct inputs *inputs, const wm_input *given, size_t n, int may_be_utf16,
                uint64_t n_header, const struct splitter *splitter, wm_error *error)
{
    *inputs = (struct inputs){.splitter = splitter};
    inputs->items = calloc(n + 1, sizeof *inputs->items);
    inputs->is_stream = calloc(n + 1, 1);
    inputs->formats = calloc(n + 1, 1);
    inputs->members = calloc(n + 1, sizeof *inputs->members);
    int rc = inputs->items && inputs->is_stream && inputs->formats && inputs->members
                 ? 0
                 : error_memory(error);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = add(inputs, &given[i], (uint32_t)i + 1, may_be_utf16, n_header, error);
    if (rc < 0)
        inputs_release(inputs);
    return rc;
}

void inputs_leave(const struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++) {
        const struct input *input = &inputs->items[i];
        if (input->goes_on && input->size > 0)
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
    struct store store;
    uint64_t most =
        clamp((input->size - input->start) / MEMBERS_MIN, MEMBER_SIZE_MIN, MEMBER_SIZE_MAX);
    if (input_reach(input, &store) < 0)
        return 0;
    int rc = member_has_next(&store, input->packing, input->start, most);
    input_let_go(input, &store);
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
        input_release(&inputs->items[i]);
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
