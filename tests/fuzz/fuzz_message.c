/*
 * The coordinator's and the worker's decoder are given the same bytes, in pieces, from a peer that
 * then is gone: they agree on the frames, and on where the first broken one is.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "base/code.h"
#include "fuzz.h"
#include "pool/process.h"
#include "shared/message.h"

static struct process process; /* only its buffers and its socket are used */

/* Sends a piece, and takes the frames that it makes whole. Returns how many bytes they are. */
static size_t take_frames(const uint8_t *all, size_t at, int *broken)
{
    struct message_header header;
    int rc;
    while ((rc = process_frame(&process, &header)) > 0) {
        check(message_check(&header) == 0);
        check(memcmp(&header, all + at, sizeof header) == 0);
        check(memcmp(process.frame, all + at + sizeof header, header.size) == 0);
        at += sizeof header + header.size;
    }
    *broken = rc == CODE_PROTOCOL;
    return at;
}

/* The same with calls that block. */
static size_t receive_frames(const uint8_t *data, size_t size)
{
    static uint64_t payload[MESSAGE_SIZE_MAX / 8];
    struct message_header header;
    int fds[2];
    size_t at = 0;
    check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
    check(send(fds[0], data, size, 0) == (ssize_t)size);
    close(fds[0]);
    while (message_receive(fds[1], &header, payload) == 0) {
        check(memcmp(payload, data + at + sizeof header, header.size) == 0);
        at += sizeof header + header.size;
    }
    close(fds[1]);
    return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fds[2], broken = 0;
    size_t piece = take_byte(&data, &size) * 7 + 1, sent = 0, taken = 0;
    if (size > 100000)
        return 0;
    check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
    process.fd = fds[1];
    process.in_start = process.in_size = 0;
    while (sent < size && !broken) {
        size_t n = size - sent < piece ? size - sent : piece;
        check(send(fds[0], data + sent, n, 0) == (ssize_t)n);
        sent += n;
        check(process_receive(&process) == 1);
        taken = take_frames(data, taken, &broken);
    }
    check(broken || process_receive(&process) == 0);
    close(fds[0]);
    check(broken || process_receive(&process) == -1);
    close(fds[1]);
    check(receive_frames(data, size) == taken);
    return 0;
}
