/* A rejected line on its way from a worker to the coordinator. */
#ifndef COMMON_SHARED_REJECT_H
#define COMMON_SHARED_REJECT_H

#include <stddef.h>
#include <stdint.h>

#define REJECT_TEXT_MAX 65536

/* In a RUN_REJECTS; 8-byte aligned. */
struct reject {
    uint64_t offset; /* in the input */
    uint64_t line;   /* of its task, from 0 */
    uint32_t reason; /* enum reject_reason */
    uint32_t size;   /* bytes of text */
    char text[];     /* the line, cut after REJECT_TEXT_MAX bytes */
};

static inline size_t reject_stride(uint32_t size)
{
    return (offsetof(struct reject, text) + (size_t)size + 7) & ~(size_t)7;
}

#endif
