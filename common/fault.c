/* The count of passes lives in the shared region, so a replaced worker goes on where one died. */
#include "fault.h"

#ifdef WORDMILL_FAULTS

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "progress.h"

int fault_signal(struct progress *progress, const char *name)
{
    const char *wanted = getenv("WORDMILL_FAULT");
    size_t size = strlen(name);
    if (!wanted || strncmp(wanted, name, size) != 0 || wanted[size] != ':')
        return 0;
    const char *when = wanted + size + 1;
    uint32_t pass = atomic_fetch_add(&progress->n_faults, 1) + 1;
    char *end = NULL;
    if (strncmp(when, "all", 3) == 0)
        end = (char *)when + 3;
    else if (strtoul(when, &end, 10) != pass)
        return 0;
    return strcmp(end, ":stop") == 0 ? SIGSTOP : SIGKILL;
}

void fault_point(struct progress *progress, const char *name)
{
    int number = fault_signal(progress, name);
    if (number != 0)
        raise(number);
}

#else

/* ISO C wants a translation unit to declare something. */
typedef int fault_points_are_off;

#endif
