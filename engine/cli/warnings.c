/*
 * A warning of the library is a row: its bit in the set, the name that --stats writes, and the line
 * that people read, which says what to do.
 */
#include "warnings.h"

#include <wordmill.h>

#include "console.h"

static const struct warning {
    unsigned bit;
    const char *name, *words;
} rows[] = {
    {WM_WARN_MANY_KINDS, "many_kinds",
     "words with tags, words without, and placeholders list the same occurrences several times; "
     "for words alone, add --pos untagged"},
    {WM_WARN_NO_TAGS, "no_tags",
     "not one word has a part-of-speech tag, which --pos and --strip-pos go by: the files of 2009, "
     "and text, have none"},
};

enum { N_ROWS = sizeof rows / sizeof rows[0] };

void warnings_say(uint64_t warnings)
{
    for (int i = 0; i < N_ROWS; i++)
        if (warnings & rows[i].bit)
            console_say("%s", rows[i].words);
}

void warnings_write(uint64_t warnings, FILE *file)
{
    const char *before = "";
    fprintf(file, "[");
    for (int i = 0; i < N_ROWS; i++) {
        if ((warnings & rows[i].bit) == 0)
            continue;
        fprintf(file, "%s\"%s\"", before, rows[i].name);
        before = ", ";
    }
    fprintf(file, "]");
}
