/*
 * The address space stands in front of a page of zeros for whatever is read past the end. Within it
 * a piece lies as far past a multiple of 2 MiB as in its file, so that large folios are mapped
 * whole.
 */
#include "input/mapping.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/calls.h"
#include "scan/scan.h"

#define PAGE_SIZE_MAX ((size_t)64 << 10)
#define FOLIO_SIZE ((size_t)2 << 20)
#define RESERVED_SIZE (FOLIO_SIZE + MAPPING_SIZE_MAX + 2 * PAGE_SIZE_MAX)
_Static_assert(SCAN_PADDING <= PAGE_SIZE_MAX, "what is behind a piece is readable");

/* Less than that is read. Of more, so many places so far apart are touched, with so few faults. */
#define PROBED_SIZE ((size_t)1 << 20)
#define PROBE_STEP ((size_t)64 << 10) /* what Linux maps around a fault in any case */
#define PROBE_FAULTS_MAX 4

/* The one of this process, for the handler alone. */
static const struct mapping *volatile guarded;
static volatile sig_atomic_t is_lost;

/* Zeros from the page on that cannot be read. Any other address is a fault as before. */
static void put_zeros(int number, siginfo_t *info, void *context)
{
    const struct mapping *mapping = guarded;
    char *start = (char *)((uintptr_t)info->si_addr & ~(uintptr_t)(PAGE_SIZE_MAX - 1));
    (void)context;
    if (mapping && mapping->data && start >= mapping->memory &&
        start < mapping->memory + RESERVED_SIZE) {
        size_t size = (size_t)(mapping->memory + RESERVED_SIZE - start);
        is_lost = 1;
        if (mmap(start, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
                 -1, 0) != MAP_FAILED)
            return;
    }
    signal(number, SIG_DFL);
}

void mapping_guard(void)
{
    struct sigaction action = {.sa_sigaction = put_zeros, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}

/* Whether the first, the last and some bytes between are in the page cache. */
static int is_cached(int fd, uint64_t at, size_t size)
{
    char byte;
    struct iovec vector = {&byte, 1};
    for (size_t i = 0; i <= 4; i++)
        if (preadv2(fd, &vector, 1, (off_t)(at + (size - 1) * i / 4), RWF_NOWAIT) != 1)
            return 0;
    return 1;
}

/* Whether the front of what is mapped comes in large folios. */
static int has_large_folios(const struct mapping *mapping)
{
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    for (size_t at = 0; at < PROBED_SIZE; at += PROBE_STEP)
        (void)*(const volatile char *)(mapping->data + at);
    getrusage(RUSAGE_SELF, &after);
    return after.ru_minflt - before.ru_minflt <= PROBE_FAULTS_MAX;
}

/* Of a call that failed nobody knows what it left, so the address space is not used again. */
static int map_fixed(struct mapping *mapping, char *place, size_t size, int fd, uint64_t at)
{
    int flags = MAP_PRIVATE | MAP_FIXED | (fd < 0 ? MAP_ANONYMOUS | MAP_NORESERVE : 0);
    mapping->data = NULL;
    if (mmap(place, size, PROT_READ, flags, fd, (off_t)at) != MAP_FAILED)
        return 0;
    mapping->memory = NULL;
    return -1;
}

/* Makes all of the address space zeros, which cost nothing. */
static int clear(struct mapping *mapping)
{
    if (mapping->memory)
        return map_fixed(mapping, mapping->memory, RESERVED_SIZE, -1, 0);
    void *memory =
        mmap(NULL, RESERVED_SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    mapping->memory = memory == MAP_FAILED ? NULL : memory;
    return mapping->memory ? 0 : -1;
}

int mapping_try(struct mapping *mapping, enum mapping_use use, int fd, uint64_t at, size_t size)
{
    size_t past_page = at % PAGE_SIZE_MAX;
    uint64_t start = at - past_page;
    int is_probed = use == MAPPING_IF_FASTER;
    mapping_drop(mapping);
    size = size < MAPPING_SIZE_MAX ? size : MAPPING_SIZE_MAX;
    if (use == MAPPING_NEVER || size == 0 ||
        (is_probed && (size < PROBED_SIZE || !is_cached(fd, at, size))) || clear(mapping) < 0)
        return 0;
    char *place = mapping->memory + ((start - (uintptr_t)mapping->memory) & (FOLIO_SIZE - 1));
    is_lost = 0;
    if (map_fixed(mapping, place, past_page + size, fd, start) < 0)
        return 0;
    mapping->data = place + past_page;
    mapping->at = at;
    mapping->size = size;
    guarded = mapping;
    if (!is_probed || has_large_folios(mapping))
        return 1;
    mapping_drop(mapping);
    return 0;
}

int mapping_is_lost(const struct mapping *mapping)
{
    return mapping->data && !mapping->is_lent && is_lost;
}

void mapping_lend(struct mapping *mapping, const char *data, uint64_t at, size_t size)
{
    mapping_drop(mapping);
    mapping->data = (char *)(uintptr_t)data; /* only read */
    mapping->at = at;
    mapping->size = size;
    mapping->is_lent = 1;
}

void mapping_drop(struct mapping *mapping)
{
    if (mapping->is_lent)
        mapping->data = NULL;
    else if (mapping->data)
        clear(mapping);
    mapping->is_lent = 0;
}

void mapping_release(struct mapping *mapping)
{
    if (mapping->memory)
        munmap(mapping->memory, RESERVED_SIZE);
    *mapping = (struct mapping){0};
    if (guarded == mapping)
        guarded = NULL;
}
