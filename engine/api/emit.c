/* What a map function of the host's calls; the work is done in worker/tasks/host_map.h. */
#include "error.h"
#include "tasks/host_map.h"

int wm_emit(wm_mapper *mapper, const char *key, size_t size, uint64_t count)
{
    return mapper_emit(mapper, key, size, count);
}
