/* The kernel tells the peak of the whole life of a process, and what it has now. */
#include "base/rss.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/store.h"

static uint64_t peak(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)usage.ru_maxrss * 1024;
}

/* The second number of /proc/self/statm, in pages; 0: nobody tells. */
static uint64_t now(void)
{
    char text[128];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    struct store store = store_of(fd);
    ssize_t size = fd >= 0 ? store_read_full(&store, text, sizeof text - 1, 0) : 0;
    if (fd >= 0)
        close(fd);
    text[size > 0 ? size : 0] = '\0';
    const char *blank = strchr(text, ' ');
    return blank ? strtoull(blank, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

void rss_begin(struct rss *rss)
{
    rss->peak = peak();
    rss->resident = now();
    if (rss->resident == 0)
        rss->resident = rss->peak;
}

uint64_t rss_more(const struct rss *rss)
{
    uint64_t most = peak();
    if (most <= rss->peak)
        most = now();
    return most > rss->resident ? most - rss->resident : 0;
}
