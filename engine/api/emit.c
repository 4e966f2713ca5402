/* What the caller's map function calls; the work is done in worker/tasks/host_map.h. */
#include "tasks/host_map.h"

#include "wordmill.h"

int wm_tokens_next(wm_mapper *mapper, const char **text, size_t *size, const char **word,
                   size_t *word_size)
{
    if (!mapper || !text || !size || (!*text && *size > 0) || !word || !word_size)
        return WM_EINVAL;
    const char *at = *text, *end = at + *size;
    int rc = mapper_token(mapper, &at, end, word, word_size);
    *text = at;
    *size = (size_t)(end - at);
    return rc;
}

uint32_t wm_mapper_input(const wm_mapper *mapper)
{
    return mapper ? mapper->input : 0;
}

uint64_t wm_mapper_offset(const wm_mapper *mapper)
{
    return mapper ? mapper_offset(mapper) : 0;
}

uint64_t wm_mapper_line(wm_mapper *mapper)
{
    return mapper ? mapper_line(mapper) : 0;
}

void *wm_mapper_state(const wm_mapper *mapper)
{
    return mapper ? mapper->state : NULL;
}

uint32_t wm_mapper_partition(const wm_mapper *mapper)
{
    return mapper ? mapper->partition : 0;
}

int wm_emit(wm_mapper *mapper, const char *key, size_t size, uint64_t count)
{
    if (!mapper || (!key && size > 0))
        return WM_EINVAL;
    return mapper_emit(mapper, key, size, count);
}
