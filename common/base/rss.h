/*
 * Memory that a process has resident on top of what it had at some time. That is what a job takes
 * where the process was there before, or was forked with the memory of its parent.
 */
#ifndef COMMON_BASE_RSS_H
#define COMMON_BASE_RSS_H

#include <stdint.h>

struct rss {
    uint64_t resident; /* bytes, at the start */
    uint64_t peak;     /* the most until then */
};

void rss_begin(struct rss *rss);

/*
 * Bytes more than at the start that the process has had since. The most it ever had is known only
 * if that is more than before the start; else it is what it has now.
 */
uint64_t rss_more(const struct rss *rss);

#endif
