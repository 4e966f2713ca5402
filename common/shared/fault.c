/* What is due is read from the environment at every pass: tests alone pay for that. */
#include "shared/fault.h"

#ifdef WORDMILL_FAULTS

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum fault fault_due(struct faults *faults, const char *name)
{
    const char *wanted = getenv("WORDMILL_FAULT");
    size_t size = strlen(name);
    if (!wanted || strncmp(wanted, name, size) != 0 || wanted[size] != ':')
        return FAULT_NONE;
    const char *when = wanted + size + 1;
    uint32_t pass = atomic_fetch_add(&faults->n_passes, 1) + 1;
    char *end = NULL;
    if (strncmp(when, "all", 3) == 0) {
        end = (char *)when + 3;
    } else {
        unsigned long first = strtoul(when, &end, 10);
        unsigned long last = *end == '-' ? strtoul(end + 1, &end, 10) : first;
        if (pass < first || pass > last)
            return FAULT_NONE;
    }
    if (strcmp(end, ":stop") == 0)
        return FAULT_STOP;
    return strcmp(end, ":exit") == 0 ? FAULT_EXIT : FAULT_KILL;
}

void fault_strike(enum fault fault)
{
    if (fault == FAULT_EXIT)
        _exit(1);
    if (fault != FAULT_NONE)
        raise(fault == FAULT_STOP ? SIGSTOP : SIGKILL);
}

void fault_point(struct faults *faults, const char *name)
{
    fault_strike(fault_due(faults, name));
}

#else

/* ISO C wants a translation unit to declare something. */
typedef int fault_points_are_off;

#endif
