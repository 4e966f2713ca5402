/*
 * A warning of the library is a row: its bit in the set, the name that --stats writes, and the line
 * that people read, which says what to do.
 */
#include "warnings.h"

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
    {WM_WARN_RELEASE_2009, "release_2009", NULL},
    {WM_WARN_RELEASE_2012, "release_2012", NULL},
    {WM_WARN_RELEASE_2020, "release_2020", NULL},
    {WM_WARN_TWICE, "twice",
     "by its name, a file of a release is among the inputs twice: its books were counted twice"},
    {WM_WARN_SPILLED_TO_MEMORY, "spilled_to_memory",
     "runs were spilled to a tmpfs, which is memory and counts against the limit; name a folder on "
     "a disk with --spill-dir"},
    {WM_WARN_COLUMNS, "columns",
     "lines have more than one number behind the word, of which all but the last were taken for a "
     "part of it; if they are counts, say what they are, with --value matches,volumes"},
    {WM_WARN_TOP_OF_ALL, "top_of_all",
     "--top chose among the words of all years together; for the commonest of each year or decade, "
     "use --top-per"},
    {WM_WARN_WORD_POS, "word_pos",
     "a word asked for is none that --pos lets through, so it was not found; with --strip-pos "
     "words "
     "lose their tags"},
    {WM_WARN_WORD_STRIPPED, "word_stripped",
     "a word asked for has a tag, which --strip-pos takes off, so it was not found"},
    {WM_WARN_WORD_MATCH, "word_match",
     "a word asked for does not match --match, so it was not found"},
    {WM_WARN_WORD_TOKENS, "word_tokens",
     "a word asked for is nothing that --tokens and --ngrams cut text to, so it was not found"},
    {WM_WARN_SHARD, "shard",
     "the words of one share of the input were chosen, ranked or filled, so the parts do not add "
     "up; "
     "leave --top, --min-count and --rank to 'wordmill sum', and say which --years are to be "
     "filled"},
    {WM_WARN_ONE_PROCESS, "one_process", NULL},
    {WM_WARN_PERIODS, "periods",
     "lines seem to have a year behind the word, which was taken for a part of it; if they have, "
     "say so, with --by year or --by decade"},
    {WM_WARN_MIXED_PERIODS, "mixed_periods",
     "results by word, by year or by decade seem to be mixed, so lines of one word were not added "
     "to each other as they should; add up each kind for itself, and say which, with --by"},
    {WM_WARN_TOTALS, "totals",
     "a word has more than all words together, by --totals: a share is above a million per "
     "million; name the total-count file that belongs to the inputs"},
};

enum { N_ROWS = sizeof rows / sizeof rows[0] };

/* One line for all of them. */
static void releases_say(uint64_t warnings)
{
    const char *first = warnings & WM_WARN_RELEASE_2009 ? "2009" : "2012";
    const char *last = warnings & WM_WARN_RELEASE_2020 ? "2020" : "2012";
    int are_all = (warnings & WM_WARN_RELEASE_2009) && (warnings & WM_WARN_RELEASE_2012) &&
                  (warnings & WM_WARN_RELEASE_2020);
    console_say("the inputs are of the releases of %s%s and %s, which hold the same books: these "
                "were counted more than once",
                first, are_all ? ", 2012" : "", last);
}

void warnings_say(const wm_stats *stats)
{
    uint64_t warnings = stats->warnings;
    for (int i = 0; i < N_ROWS; i++)
        if ((warnings & rows[i].bit) && rows[i].words)
            console_say("%s", rows[i].words);
    if (warnings & (WM_WARN_RELEASE_2009 | WM_WARN_RELEASE_2012 | WM_WARN_RELEASE_2020))
        releases_say(warnings);
    if (warnings & WM_WARN_ONE_PROCESS)
        console_say("no worker could be started, so one process did all: %s: %s",
                    stats->refused_call, console_reason((int)stats->refused_errno));
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
