/* A point in time is a span since some time long ago, for each of its clocks. */
#include "bench/bench_clock.h"

#include <sys/resource.h>
#include <time.h>

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

struct span clock_start(void)
{
    struct rusage self, children;
    struct timespec now;
    getrusage(RUSAGE_SELF, &self);
    getrusage(RUSAGE_CHILDREN, &children);
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (struct span){
        .wall = (double)now.tv_sec + (double)now.tv_nsec * 1e-9,
        .user = seconds_of(self.ru_utime) + seconds_of(children.ru_utime),
        .system = seconds_of(self.ru_stime) + seconds_of(children.ru_stime),
    };
}

struct span clock_stop(struct span start)
{
    struct span now = clock_start();
    return (struct span){now.wall - start.wall, now.user - start.user, now.system - start.system};
}
