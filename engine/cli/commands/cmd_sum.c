/* wordmill sum: the job of wordmill count, over lines that results are made of. */
#include "commands/cmd_sum.h"

#include "commands/cmd_count.h"

int cmd_sum(int argc, char **argv)
{
    static const struct count_kind kind = {
        .command = COMMAND_SUM,
        .help =
            {.about =
                 "Adds up results of wordmill count: lines of word TAB count, in any order. What\n"
                 "stands before the last TAB is the word, unless --value names several counts.\n"
                 "Table files and CSV say which counts they hold. '-' is standard input, and so\n"
                 "is no FILE at all.\n",
             .notes = "SIZE is a number of bytes, or one with K, M or G (powers of 1024).\n",
             .examples = "  wordmill sum -o all.tsv a.tsv b.tsv c.tsv\n"
                         "  wordmill sum --top 20 counts-*.tsv\n"
                         "  LC_ALL=C sort huge.tsv | wordmill sum --sorted\n"},
        .format = WM_FORMAT_COUNTS};
    return count_run(&kind, argc, argv);
}
