/* A worker as a process: it has no event loop; it blocks on its socket. */
#ifndef WORKER_SERVE_H
#define WORKER_SERVE_H

#include "context/spec.h"

/* Serves fd until the coordinator, process parent, closes it or dies; the exit status. */
int worker_main(const struct job_spec *spec, struct progress_slot *slot, int fd, int parent);

#endif
