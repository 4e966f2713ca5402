/* A hash is made anew for each word: in a final run it may be anything. */
#include "filter/pick.h"

#include <string.h>

int pick_has(const struct pick *pick, char *scratch, const struct entry *entry)
{
    const char *word = entry->key;
    const char *tail = pick->dated ? memrchr(word, '\t', entry->size) : NULL;
    uint32_t size = tail ? (uint32_t)(tail - word) : entry->size;
    if (pick->folded) {
        size = filter_fold(scratch, word, size);
        word = scratch;
    }
    return table_find(pick->words, table_hash(word, size, pick->seed), word, size) != NULL;
}
