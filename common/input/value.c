/* Values by their names. */
#include "input/value.h"

#include <string.h>

const char *ngram_value_name(unsigned value)
{
    static const char *const names[] = {[NGRAM_MATCHES] = "matches",
                                        [NGRAM_VOLUMES] = "volumes",
                                        [NGRAM_PAGES] = "pages",
                                        [NGRAM_RECORDS] = "records"};
    return value < NGRAM_VALUES_MAX ? names[value] : NULL;
}

int ngram_value_find(const char *name, size_t size)
{
    for (int i = 0; i < NGRAM_VALUES_MAX; i++)
        if (strlen(ngram_value_name((unsigned)i)) == size &&
            memcmp(ngram_value_name((unsigned)i), name, size) == 0)
            return i;
    return -1;
}

const char *ngram_period_name(unsigned by)
{
    return by == NGRAM_BY_YEAR ? "year" : by == NGRAM_BY_DECADE ? "decade" : NULL;
}
