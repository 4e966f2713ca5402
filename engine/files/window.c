/* Bytes that are used move out at the front when there is more to read; the buffer grows when what
 * must stay fills it. */
#include "files/window.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/grow.h"
#include "error.h"

#define READ_SIZE (128u << 10)

int window_open(struct window *window, const struct input *input, int is_file, const char *folder,
                uv_loop_t *loop, uv_poll_cb on_ready, void *user, wm_error *error)
{
    window->input = input;
    window->is_plain_file = is_file && input->packing == PACKING_NONE;
    window->offset = window->is_plain_file ? input->start : 0;
    window->capacity = 2 * READ_SIZE;
    window->stream.packing = input->packing;
    window->stream.spool.folder = folder;
    window->stream.is_known = window->is_plain_file;
    window->data = malloc(window->capacity);
    if (!window->data)
        return error_memory(error);
    int rc = stream_open(&window->stream, loop, input, is_file, on_ready, user, error);
    if (rc < 0)
        window->stream.fd = -1;
    return rc;
}

static int window_make_room(struct window *window)
{
    size_t kept = window->kept;
    memmove(window->data, window->data + kept, window->size - kept);
    window->offset += kept;
    window->size -= kept;
    window->next -= kept;
    window->kept = 0;
    char *data = grow(window->data, &window->capacity, window->size + READ_SIZE, 1);
    if (!data)
        return CODE_NOMEM;
    window->data = data;
    return 0;
}

int window_fill(struct window *window, size_t *size)
{
    struct pollfd ready = {window->stream.fd, POLLIN, 0};
    if (window->stream.watch.polls && !stream_is_ready(&window->stream) && poll(&ready, 1, 0) <= 0)
        return WINDOW_WAIT;
    int rc = window_make_room(window);
    if (rc < 0)
        return rc;
    size_t room = window->capacity - window->size;
    uint64_t left =
        window->is_plain_file ? window->input->size - (window->offset + window->size) : UINT64_MAX;
    if (left < room)
        room = (size_t)left;
    rc = stream_take(&window->stream, window->data + window->size, room, size);
    if (rc <= 0)
        return rc < 0 ? rc : WINDOW_WAIT;
    window->size += *size;
    window->is_read = window->stream.ended;
    /* Of an archive one member is an input; the next read must find the end. */
    if (window->is_read && window->stream.has_more) {
        stream_go_on(&window->stream, 0);
        window->is_read = 0;
    }
    if (window->stream.is_new && window->has_member) {
        unarchiver_refuse(window->stream.archive);
        return CODE_DAMAGED;
    }
    window->has_member |= window->stream.is_new;
    window->stream.is_new = 0;
    return window->is_read && window->is_plain_file && left > 0 ? CODE_CHANGED : WINDOW_READ;
}

void window_close(struct window *window)
{
    stream_close(&window->stream);
}

void window_release(struct window *window)
{
    free(window->data);
    window->data = NULL;
}
