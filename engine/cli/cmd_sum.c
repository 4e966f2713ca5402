/* wordmill sum: the job of wordmill count, over lines that results are made of. */
#include "cmd_count.h"
#include "command.h"

#include <stddef.h>

static const char help_text[] =
    "usage: wordmill sum [OPTIONS] [FILE...]\n"
    "\n"
    "Adds up results of wordmill count: lines of word TAB count, in any order. What\n"
    "stands before the last TAB is the word. '-' is standard input, and so is no FILE\n"
    "at all.\n"
    "\n"
    "      --sorted               the inputs are sorted by word: merged as they are\n"
    "                             read, by one process in constant memory [off]\n"
    "  -j, --workers N            processes in the pool; 0: no fork, all in this one\n"
    "                             [the CPUs this process may use]\n"
    "  -m, --memory SIZE          shared memory for runs, all workers together;\n"
    "                             past it they spill\n"
    "                             [half of what is available]\n"
    "      --spill-dir DIR        where they go then [$TMPDIR, else /tmp]\n"
    "      --match REGEX          only words that match (POSIX extended) [all words]\n"
    "      --min-count N          only words with at least N [all words]\n"
    "  -w, --word WORD            only this word, with 0 if it is not there;\n"
    "                             may be given often [all words]\n"
    "  -n, --top K                only the K first, by count unless --sort is given\n"
    "                             [all]\n"
    "  -s, --sort ORDER           word (by its bytes), count (largest first) or none\n"
    "                             [word]\n"
    "      --rank                 adds rank, percent and cumulative percent [off]\n"
    "      --totals FILE          adds the share per million words, from a\n"
    "                             total-count file [off]\n"
    "  -o, --output FILE          written beside it, then renamed\n"
    "                             [-, standard output]\n"
    "  -O, --output-format F      tsv, csv, jsonl or table\n"
    "                             [tsv; table if FILE ends in .wmt]\n"
    "      --on-bad-line WHAT     fail or skip [fail]\n"
    "      --max-rejects N        with skip: fail when more than N lines are bad\n"
    "                             [no limit]\n"
    "      --rejects FILE         where skipped lines go, with the reason [nowhere]\n"
    "      --progress WHEN        auto, bar, plain, json or none\n"
    "                             [auto: a bar on a terminal, else none]\n"
    "      --stats FILE           figures of the run, as JSON [off]\n"
    "      --reporter WHAT        hadoop (counters and status lines) or none\n"
    "                             [hadoop in tasks of Hadoop Streaming, else none]\n"
    "  -q, --quiet                no progress, no warnings\n"
    "  -v, --verbose              say what was chosen and how it went\n"
    "  -h, --help                 this text\n"
    "\n"
    "SIZE is a number of bytes, or one with K, M or G (powers of 1024).\n"
    "\n"
    "examples:\n"
    "  wordmill sum -o all.tsv a.tsv b.tsv c.tsv\n"
    "  wordmill sum --top 20 counts-*.tsv\n"
    "  LC_ALL=C sort huge.tsv | wordmill sum --sorted\n"
    "\n"
    "exit status:\n"
    "  0      done\n"
    "  1      failed\n"
    "  2      wrong usage\n"
    "  3      done, but bad lines were skipped\n"
    "  128+n  ended by signal n\n";

static const char *const names[] = {
    "workers", "memory",      "word",        "top",           "sort",     "output",
    "rejects", "on-bad-line", "max-rejects", "stats",         "progress", "quiet",
    "verbose", "sorted",      "help",        "output-format", "match",    "min-count",
    "rank",    "totals",      "reporter",    "spill-dir",     NULL};

int cmd_sum(int argc, char **argv)
{
    static const struct count_kind kind = {.name = "sum",
                                           .help_text = help_text,
                                           .letters = ":j:m:w:n:s:o:O:qvh",
                                           .names = names,
                                           .format = WM_FORMAT_COUNTS};
    return count_run(&kind, argc, argv);
}
