#include "input/splitter.h"

#include <string.h>

size_t splitter_next(const struct splitter *splitter, const char *data, size_t size, int is_last)
{
    size_t n = 0;
    const char *nul;
    if (size == 0)
        return 0;
    switch (splitter->kind) {
    case SPLITTER_NUL:
        nul = memchr(data, '\0', size);
        n = nul ? (size_t)(nul + 1 - data) : 0;
        break;
    case SPLITTER_SIZE:
        n = splitter->size;
        break;
    case SPLITTER_FUNCTION:
        n = splitter->next(data, size, is_last, splitter->user);
        break;
    }
    if (n > 0 && n <= size)
        return n;
    return is_last ? size : 0;
}

uint64_t splitter_count(const struct splitter *splitter, const char *data, size_t size, int is_last)
{
    uint64_t n = 0;
    for (size_t at = 0; at < size; n++)
        at += splitter_take(splitter, data + at, size - at, is_last);
    return n;
}
