/* See filter.h. Words may hold NULs, so a regular expression is told where they end. */
#include "filter.h"

#include "code.h"

static int matches(const regex_t *regex, const char *word, uint32_t size)
{
    regmatch_t range = {.rm_so = 0, .rm_eo = (regoff_t)size};
    int rc = regexec(regex, word, 1, &range, REG_STARTEND);
    return rc == REG_ESPACE ? CODE_NOMEM : rc == 0;
}

int filter_word(const struct filter *filter, const char *word, uint32_t size)
{
    return filter->match ? matches(filter->match, word, size) : 1;
}
