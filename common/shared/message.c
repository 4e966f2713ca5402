/*
 * Framing, with every length checked before it is believed: per type a payload has an exact size,
 * or a fixed part and whole elements after it.
 */
#include "shared/message.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/code.h"

struct shape {
    size_t fixed;
    size_t element; /* 0: nothing may follow */
};

static const struct shape shapes[MESSAGE_N_TYPES] = {
    [MESSAGE_SPLIT] = {sizeof(struct message_split), 0},
    [MESSAGE_MAP] = {sizeof(struct message_map), sizeof(uint64_t)},
    [MESSAGE_REDUCE] = {sizeof(struct message_reduce), 0},
    [MESSAGE_RANK] = {sizeof(struct message_rank), 0},
    [MESSAGE_ORDER] = {sizeof(struct message_order), 0},
    [MESSAGE_GRANT] = {sizeof(struct extent_range), 0},
    [MESSAGE_RUN] = {sizeof(struct message_run), 0},
    [MESSAGE_LINES] = {sizeof(struct message_lines), sizeof(uint32_t)},
    [MESSAGE_DONE] = {sizeof(struct message_done), 0},
    [MESSAGE_FAILED] = {sizeof(struct message_failed), 0},
};

int message_check(const struct message_header *header)
{
    if (header->version != MESSAGE_VERSION || header->type == 0 ||
        header->type >= MESSAGE_N_TYPES || header->size > MESSAGE_SIZE_MAX)
        return CODE_PROTOCOL;
    const struct shape *shape = &shapes[header->type];
    if (header->size < shape->fixed)
        return CODE_PROTOCOL;
    size_t rest = header->size - shape->fixed;
    if (shape->element == 0 ? rest != 0 : rest % shape->element != 0)
        return CODE_PROTOCOL;
    return 0;
}

int message_send(int fd, enum message_type type, const void *data, size_t size, const void *more,
                 size_t more_size)
{
    struct message_header header = {(uint32_t)(size + more_size), (uint16_t)type, MESSAGE_VERSION};
    struct iovec pieces[3] = {
        {&header, sizeof header}, {(void *)data, size}, {(void *)more, more_size}};
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 3};

    while (message.msg_iovlen > 0) {
        ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return CODE_PROTOCOL;
        size_t left = (size_t)n;
        while (message.msg_iovlen > 0 && left >= message.msg_iov->iov_len) {
            left -= message.msg_iov->iov_len;
            message.msg_iov++;
            message.msg_iovlen--;
        }
        if (left > 0) {
            message.msg_iov->iov_base = (char *)message.msg_iov->iov_base + left;
            message.msg_iov->iov_len -= left;
        }
    }
    return 0;
}

static int receive_all(int fd, void *data, size_t size)
{
    char *at = data;
    while (size > 0) {
        ssize_t n = recv(fd, at, size, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return CODE_PROTOCOL;
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

int message_receive(int fd, struct message_header *header, void *buffer)
{
    if (receive_all(fd, header, sizeof *header) < 0 || message_check(header) < 0)
        return CODE_PROTOCOL;
    return receive_all(fd, buffer, header->size);
}
