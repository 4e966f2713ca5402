/*
 * Whatever is sent arrives as it was, also when the socket takes it in small pieces and signals
 * come in between; and whatever no honest peer would send, all headers but the right ones, frames
 * cut short, a closed end, is a broken protocol and no more than that.
 */
#include "shared/message.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/code.h"
#include "random.h"

static const struct {
    size_t fixed;
    size_t element; /* 0: nothing may follow */
} sizes[MESSAGE_N_TYPES] = {
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

static uint64_t payload[MESSAGE_SIZE_MAX / 8];
static uint64_t received[MESSAGE_SIZE_MAX / 8];

static void fill_payload(uint64_t seed)
{
    for (size_t i = 0; i < MESSAGE_SIZE_MAX / 8; i++)
        payload[i] = random_next(&seed);
}

static int send_payload(int fd, enum message_type type, size_t first, size_t size)
{
    return message_send(fd, type, payload, first, (const char *)payload + first, size - first);
}

/* 1 if the next frame is of that type and holds size bytes of payload. */
static int payload_arrives(int fd, enum message_type type, size_t size)
{
    struct message_header header;
    memset(received, 0x55, sizeof received);
    return message_receive(fd, &header, received) == 0 && header.type == type &&
           header.version == MESSAGE_VERSION && header.size == size &&
           memcmp(received, payload, size) == 0;
}

static void wait_for(pid_t child)
{
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void open_pair(int fds[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
}

static void close_pair(int fds[2])
{
    close(fds[0]);
    close(fds[1]);
}

static void message_of_every_type_arrives_as_it_was_sent(void **state)
{
    (void)state;
    int fds[2];
    open_pair(fds);
    for (unsigned type = 1; type < MESSAGE_N_TYPES; type++) {
        for (size_t n = 0; n <= (sizes[type].element ? 300 : 0); n += 30) {
            size_t size = sizes[type].fixed + n * sizes[type].element;
            fill_payload(type * 1000 + n);
            /* In one piece, cut after the struct, and cut elsewhere: it is all the same. */
            assert_int_equal(send_payload(fds[0], type, size, size), 0);
            assert_int_equal(send_payload(fds[0], type, sizes[type].fixed, size), 0);
            assert_int_equal(send_payload(fds[0], type, 0, size), 0);
            for (int i = 0; i < 3; i++)
                assert_true(payload_arrives(fds[1], type, size));
        }
    }
    assert_int_equal(recv(fds[1], received, 1, MSG_DONTWAIT), -1);
    close_pair(fds);
}

static void check_accepts_the_sizes_of_each_type_and_no_other(void **state)
{
    (void)state;
    for (unsigned type = 0; type < MESSAGE_N_TYPES + 3; type++) {
        for (uint32_t size = 0; size < MESSAGE_SIZE_MAX + 100; size++) {
            int right = 0;
            if (type > 0 && type < MESSAGE_N_TYPES && size <= MESSAGE_SIZE_MAX) {
                size_t fixed = sizes[type].fixed, element = sizes[type].element;
                right =
                    size == fixed || (element > 0 && size > fixed && (size - fixed) % element == 0);
            }
            struct message_header header = {size, (uint16_t)type, MESSAGE_VERSION};
            if (message_check(&header) != (right ? 0 : CODE_PROTOCOL))
                fail_msg("type %u of %u bytes should be %s", type, size, right ? "right" : "wrong");
        }
    }
}

static void check_refuses_other_versions_types_and_giants(void **state)
{
    (void)state;
    for (uint32_t i = 0; i <= UINT16_MAX; i++) {
        struct message_header version = {sizeof(struct message_done), MESSAGE_DONE, (uint16_t)i};
        assert_int_equal(message_check(&version), i == MESSAGE_VERSION ? 0 : CODE_PROTOCOL);
        struct message_header type = {sizeof(struct message_done), (uint16_t)i, MESSAGE_VERSION};
        if (i == 0 || i >= MESSAGE_N_TYPES)
            assert_int_equal(message_check(&type), CODE_PROTOCOL);
    }
    for (unsigned type = 1; type < MESSAGE_N_TYPES; type++) {
        for (unsigned shift = 17; shift <= 32; shift++) {
            uint32_t size = (uint32_t)(UINT64_C(1) << shift) - 8 + (uint32_t)sizes[type].fixed % 8;
            struct message_header header = {size, (uint16_t)type, MESSAGE_VERSION};
            assert_int_equal(message_check(&header), CODE_PROTOCOL);
        }
    }
}

/* The result of receiving from a peer that writes size bytes and is gone. */
static int receive_bytes(const void *data, size_t size)
{
    int fds[2];
    struct message_header header;
    open_pair(fds);
    assert_int_equal(send(fds[0], data, size, 0), size);
    close(fds[0]);
    int rc = message_receive(fds[1], &header, received);
    close(fds[1]);
    return rc;
}

static void frame_cut_anywhere_breaks_the_protocol(void **state)
{
    (void)state;
    fill_payload(1);
    for (unsigned type = 1; type < MESSAGE_N_TYPES; type++) {
        size_t size = sizes[type].fixed + 3 * sizes[type].element;
        struct message_header header = {(uint32_t)size, (uint16_t)type, MESSAGE_VERSION};
        char frame[1024];
        memcpy(frame, &header, sizeof header);
        memcpy(frame + sizeof header, payload, size);
        for (size_t cut = 0; cut < sizeof header + size; cut++)
            assert_int_equal(receive_bytes(frame, cut), CODE_PROTOCOL);
        assert_int_equal(receive_bytes(frame, sizeof header + size), 0);
    }
}

static void frame_with_a_bad_header_is_refused_before_its_payload(void **state)
{
    (void)state;
    static const struct message_header headers[] = {
        {sizeof(struct message_done), MESSAGE_DONE, MESSAGE_VERSION + 1},
        {sizeof(struct message_done), MESSAGE_N_TYPES, MESSAGE_VERSION},
        {sizeof(struct message_done), 0, MESSAGE_VERSION},
        {sizeof(struct message_done) + 1, MESSAGE_DONE, MESSAGE_VERSION},
        {MESSAGE_SIZE_MAX + 8, MESSAGE_MAP, MESSAGE_VERSION},
        {UINT32_MAX, MESSAGE_LINES, MESSAGE_VERSION},
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        int fds[2];
        struct message_header header;
        open_pair(fds);
        assert_int_equal(send(fds[0], &headers[i], sizeof headers[i], 0), sizeof headers[i]);
        /* The peer is alive and sends no more: this would block if it waited for the payload. */
        assert_int_equal(message_receive(fds[1], &header, received), CODE_PROTOCOL);
        close_pair(fds);
    }
}

static void peer_that_is_gone_is_an_error_and_no_signal(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int fds[2];
        struct message_done done = {0};
        if (signal(SIGPIPE, SIG_DFL) == SIG_ERR || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
            _exit(1);
        close(fds[0]);
        if (message_send(fds[1], MESSAGE_DONE, &done, sizeof done, NULL, 0) != CODE_PROTOCOL)
            _exit(2);
        struct message_header header;
        if (message_receive(fds[1], &header, received) != CODE_PROTOCOL)
            _exit(3);
        _exit(0);
    }
    wait_for(child);
}

/* The longest payload of a type with elements. */
static size_t longest(enum message_type type)
{
    size_t fixed = sizes[type].fixed, element = sizes[type].element;
    return fixed + (MESSAGE_SIZE_MAX - fixed) / element * element;
}

/* A pair whose sockets hold but a few KiB. */
static void open_small_pair(int fds[2])
{
    open_pair(fds);
    int few = 4096;
    for (int i = 0; i < 2; i++)
        assert_int_equal(setsockopt(fds[i], SOL_SOCKET, SO_SNDBUF, &few, sizeof few), 0);
}

/* A child that sends n frames of the longest MAP and LINES. */
static pid_t fork_sender(int fds[2], int n)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) {
        close(fds[1]);
        return child;
    }
    close(fds[0]);
    for (int i = 0; i < n; i++) {
        enum message_type type = i % 2 ? MESSAGE_LINES : MESSAGE_MAP;
        if (send_payload(fds[1], type, sizes[type].fixed, longest(type)) != 0)
            _exit(1);
    }
    _exit(0);
}

static void frames_larger_than_the_socket_block_and_arrive(void **state)
{
    (void)state;
    int fds[2];
    fill_payload(2);
    open_small_pair(fds);
    pid_t child = fork_sender(fds, 20);
    for (int i = 0; i < 20; i++) {
        enum message_type type = i % 2 ? MESSAGE_LINES : MESSAGE_MAP;
        assert_true(payload_arrives(fds[0], type, longest(type)));
    }
    wait_for(child);
    struct message_header header;
    assert_int_equal(message_receive(fds[0], &header, received), CODE_PROTOCOL);
    close(fds[0]);
}

static void ignore(int number)
{
    (void)number;
}

/* In a child: takes a frame of the longest MAP bit by bit, and signals its parent at each. */
static int take_frame_with_signals(int fd, pid_t parent)
{
    static char frame[sizeof(struct message_header) + MESSAGE_SIZE_MAX];
    size_t size = sizeof(struct message_header) + longest(MESSAGE_MAP), at = 0;
    while (at < size) {
        ssize_t n = recv(fd, frame + at, size - at < 1000 ? size - at : 1000, 0);
        if (n <= 0 || kill(parent, SIGUSR1) != 0)
            return -1;
        at += (size_t)n;
    }
    return memcmp(frame + sizeof(struct message_header), payload, longest(MESSAGE_MAP));
}

static void interrupted_send_and_receive_go_on(void **state)
{
    (void)state;
    struct sigaction action = {.sa_handler = ignore}, old; /* no SA_RESTART */
    const size_t done_size = sizeof(struct message_done);
    int fds[2];
    fill_payload(3);
    assert_int_equal(sigaction(SIGUSR1, &action, &old), 0);
    open_small_pair(fds);
    pid_t parent = getpid(), child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(fds[0]);
        for (int i = 0; i < 50; i++)
            if (take_frame_with_signals(fds[1], parent) != 0 ||
                send_payload(fds[1], MESSAGE_DONE, done_size, done_size) != 0)
                _exit(1);
        _exit(0);
    }
    close(fds[1]);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(send_payload(fds[0], MESSAGE_MAP, 5, longest(MESSAGE_MAP)), 0);
        assert_true(payload_arrives(fds[0], MESSAGE_DONE, done_size));
    }
    wait_for(child);
    assert_int_equal(sigaction(SIGUSR1, &old, NULL), 0);
    close(fds[0]);
}

static void peer_that_dies_in_the_middle_of_a_frame_is_an_error(void **state)
{
    (void)state;
    int fds[2];
    open_small_pair(fds);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(fds[0]);
        _exit(recv(fds[1], received, 100, MSG_WAITALL) == 100 ? 0 : 1);
    }
    close(fds[1]);
    size_t size = longest(MESSAGE_MAP);
    assert_int_equal(send_payload(fds[0], MESSAGE_MAP, 32, size), CODE_PROTOCOL);
    wait_for(child);
    close(fds[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_of_every_type_arrives_as_it_was_sent),
        cmocka_unit_test(check_accepts_the_sizes_of_each_type_and_no_other),
        cmocka_unit_test(check_refuses_other_versions_types_and_giants),
        cmocka_unit_test(frame_cut_anywhere_breaks_the_protocol),
        cmocka_unit_test(frame_with_a_bad_header_is_refused_before_its_payload),
        cmocka_unit_test(peer_that_is_gone_is_an_error_and_no_signal),
        cmocka_unit_test(frames_larger_than_the_socket_block_and_arrive),
        cmocka_unit_test(interrupted_send_and_receive_go_on),
        cmocka_unit_test(peer_that_dies_in_the_middle_of_a_frame_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
