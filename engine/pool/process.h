/*
 * One worker process: a stream socket and a pidfd. The socket carries frames both ways; the pidfd
 * is how its end is known, since the host may do with SIGCHLD whatever it likes.
 */
#ifndef ENGINE_POOL_PROCESS_H
#define ENGINE_POOL_PROCESS_H

#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "shared/message.h"

#define PROCESS_INPUT_SIZE (2 * (MESSAGE_SIZE_MAX + sizeof(struct message_header)))

struct process {
    uint32_t slot;
    pid_t pid;
    int fd;
    int pidfd;
    int retired; /* it was told to end */
    int broken;  /* nothing it sent is read any more */
    int guilty;  /* it was killed for what it did */
    int stays;   /* it could not be killed: the host has another user by now, or may send none */
    uv_poll_t socket_poll;
    uv_poll_t pid_poll;
    int n_handles;      /* open, in this order; the last one closed frees the process */
    unsigned char *out; /* what the socket had no room for yet */
    size_t out_size;
    size_t in_start; /* frames before it were taken */
    size_t in_size;
    unsigned char in[PROCESS_INPUT_SIZE];
    _Alignas(8) unsigned char frame[MESSAGE_SIZE_MAX]; /* frames lie in `in` at any address */
};

/* What of the system a process could not be started without. */
struct refusal {
    const char *call; /* its name, a constant; NULL: nothing was refused */
    int error;        /* its errno */
};

/*
 * Forks. In the parent returns the process, or NULL with *refusal set. In the child returns NULL,
 * and *child_fd is its end of the socket. There signals are at their defaults, but SIGINT, SIGQUIT
 * and SIGUSR1 are ignored; the mask is the caller's, and the buffer of stdout is empty.
 */
struct process *process_start(uint32_t slot, int *child_fd, struct refusal *refusal);

/* Sends what it can now and keeps the rest. 0, CODE_PROTOCOL (the socket is dead) or CODE_NOMEM. */
int process_send(struct process *process, enum message_type type, const void *data, size_t size,
                 const void *more, size_t more_size);

/* Sends what was kept. 0 or CODE_PROTOCOL. */
int process_flush(struct process *process);

/* Reads what is there. 1: something came, 0: nothing now, -1: the peer is gone. */
int process_receive(struct process *process);

/*
 * Takes the next whole frame of what was read: 1, and *header and payload in process->frame; 0:
 * none yet; CODE_PROTOCOL.
 */
int process_frame(struct process *process, struct message_header *header);

/*
 * Ends it: an end of the socket first, so that one that cannot be killed ends as soon as it gets
 * on. What it has sent can still be read.
 */
void process_kill(struct process *process);

/* How a process ended. */
enum process_end {
    PROCESS_FAILED,     /* it did it itself, or who reaped it alone knows */
    PROCESS_KILLED,     /* of a signal that no program gives itself */
    PROCESS_LOST_BYTES, /* of SIGBUS: a mapped file could not be read */
};

/* Waits for the end of the process and reaps it, if nobody else has. */
enum process_end process_reap(struct process *process);

/*
 * After process_kill: waits for its end, reaps and closes it. But not for ever: 10 seconds from
 * start (of uv_hrtime) on, which a system may need, or 1 for one that could not be killed. Then it
 * is left to itself.
 */
void process_bury(struct process *process, uint64_t start);

/* Closes descriptors and handles; the process frees itself when the loop has closed them. */
void process_close(struct process *process);

/* Frees its memory and nothing else. */
void process_free(struct process *process);

#endif
