/*
 * Rows stand in the order of --help. One that some command has in other words than another has two:
 * a command takes the first that is its own.
 */
#include "option_table.h"

#include <stdio.h>
#include <string.h>

#include "settings.h"

enum {
    COUNT = 1 << COMMAND_COUNT,
    SUM = 1 << COMMAND_SUM,
    QUERY = 1 << COMMAND_QUERY,
    BENCH = 1 << COMMAND_BENCH
};

const struct command_words command_table[N_COMMANDS] = {
    [COMMAND_COUNT] = {"count", "add up the counts of every word", "[FILE...]", 1},
    [COMMAND_SUM] = {"sum", "add up results", "[FILE...]", 1},
    [COMMAND_QUERY] = {"query", "look words up in a table file", "TABLE [WORD...]", 0},
    [COMMAND_BENCH] = {"bench", "measure partition sizes, workers and fan-ins", "FILE...", 1},
};

const struct command_words help_words = {"help", "show the manual page of a command", "[COMMAND]",
                                         0};

const char *const group_names[N_GROUPS] = {
    [GROUP_MEASURE] = "what it measures", [GROUP_REPORT] = "what it reports",
    [GROUP_HOW] = "how it counts",        [GROUP_WHAT] = "what counts",
    [GROUP_OUTPUT] = "what it writes",    [GROUP_MESSAGES] = "what it says",
};

/* In the order of enum meter_kind. */
static const char *const progress_kinds[] = {"auto", "bar", "plain", "json", "none", NULL};
/* In the order of enum reporter_kind. */
static const char *const reporter_kinds[] = {"hadoop", "none", NULL};

const struct option_row option_table[] = {
    {.name = "partition-sizes",
     .letter = 'p',
     .commands = BENCH,
     .group = GROUP_MEASURE,
     .argument = "LIST",
     .help = "bytes in a partition",
     .otherwise = "auto",
     .manual = "Bytes in a partition. What wordmill chooses, *auto*, is measured too.",
     .set = set_axis,
     .at = offsetof(struct settings, sizes),
     .single = "partition-size"},
    {.name = "partition-lines",
     .commands = BENCH,
     .group = GROUP_MEASURE,
     .argument = "LIST",
     .help = "instead: lines in a partition",
     .otherwise = "off",
     .set = set_axis,
     .at = offsetof(struct settings, lines),
     .single = "partition-lines"},
    {.name = "workers",
     .letter = 'j',
     .commands = BENCH,
     .group = GROUP_MEASURE,
     .argument = "LIST",
     .help = "processes in the pool; 0: no fork",
     .otherwise = "auto",
     .set = set_axis,
     .at = offsetof(struct settings, workers),
     .single = "workers"},
    {.name = "fan-ins",
     .letter = 'r',
     .commands = BENCH,
     .group = GROUP_MEASURE,
     .argument = "LIST",
     .help = "runs merged by one reduce task",
     .otherwise = "auto",
     .set = set_axis,
     .at = offsetof(struct settings, fan_ins),
     .single = "fan-in"},
    {.name = "runs",
     .commands = BENCH,
     .group = GROUP_MEASURE,
     .argument = "N",
     .help = "rounds that count; in each of them every configuration runs once; auto: until every "
             "verdict is known",
     .otherwise = "auto",
     .manual = "Rounds that count. In each of them every configuration runs once, in an order of "
               "its own, so that a machine that drifts favours none. *auto*, the default: until "
               "every verdict is known, but 6 at least, or until *--time* is up.",
     .set = set_runs},
    {.name = "time",
     .commands = BENCH,
     .group = GROUP_MEASURE,
     .argument = "SECONDS",
     .help = "no round begins that would end later; one counts in any case",
     .otherwise = "60; with --runs N, no limit",
     .manual = "No round begins that would end later than so many seconds after the first run. One "
               "round counts in any case. By default 60; with *--runs* _N_ there is no limit.",
     .set = set_seconds,
     .at = offsetof(struct settings, seconds)},
    {.name = "warmup",
     .commands = BENCH,
     .group = GROUP_MEASURE,
     .argument = "N",
     .help = "rounds before them that do not count",
     .otherwise = "1",
     .set = set_rounds,
     .at = offsetof(struct settings, warmup)},
    {.name = "seed",
     .commands = BENCH,
     .group = GROUP_MEASURE,
     .argument = "N",
     .help = "another order in each round",
     .otherwise = "1",
     .manual = "Each round has an order of its own, drawn by this seed: any number of 32 bits. By "
               "default 1.",
     .set = set_seed,
     .at = offsetof(struct settings, seed)},
    {.name = "cold",
     .commands = BENCH,
     .group = GROUP_MEASURE,
     .help = "drop the files from the page cache before each run",
     .manual = "Drops the files from the page cache before each run, and says when the kernel "
               "did not comply.",
     .set = set_flag,
     .at = offsetof(struct settings, is_cold)},
    {.name = "against",
     .commands = BENCH,
     .group = GROUP_MEASURE,
     .argument = "PROGRAM",
     .help = "another build of wordmill, which takes turns with this one",
     .otherwise = "off",
     .manual = "Another build of wordmill, which takes turns with this one, each as a program of "
               "its own. A table says, for each configuration, what this one takes of the time of "
               "the other. Its outputs have to be the same, too.",
     .set = set_text,
     .at = offsetof(struct settings, against)},
    {.name = "compare",
     .commands = BENCH,
     .group = GROUP_MEASURE,
     .argument = "FILE",
     .help =
         "what --json saved earlier, to compare with; the runs of then took no turns with those "
         "of now",
     .otherwise = "off",
     .manual = "What *--json* saved earlier, to compare with, configuration by configuration. The "
               "runs of then took no turns with those of now, so a machine that has changed "
               "meanwhile shows as a difference; *--against* is better.",
     .set = set_text,
     .at = offsetof(struct settings, compare)},
    {.name = "max-slowdown",
     .commands = BENCH,
     .group = GROUP_MEASURE,
     .argument = "P",
     .help =
         "with one of these: exit status 1 if a configuration is for certain more than P% slower",
     .otherwise = "off",
     .manual = "With *--against* or *--compare*: the exit status is 1 if a configuration is more "
               "than _P_% slower for certain, that is with its whole interval. What is not known "
               "is said, and does not fail.",
     .set = set_percent,
     .at = offsetof(struct settings, max_slowdown)},
    {.name = "from",
     .commands = BENCH,
     .group = GROUP_REPORT,
     .argument = "FILE",
     .help = "measure nothing: report anew what --json saved; without FILE...",
     .otherwise = "off",
     .manual = "Measures nothing, and reports anew what *--json* saved: tables, pictures, a page, "
               "and a comparison with *--compare*. There is no other _FILE_ then.",
     .set = set_text,
     .at = offsetof(struct settings, from)},
    {.name = "csv",
     .commands = BENCH,
     .group = GROUP_REPORT,
     .argument = "FILE",
     .help = "a line for each run",
     .otherwise = "off",
     .manual = "A line for each run. With *-*, standard output, there are no tables; so it is "
               "with *--json*, *--markdown* and *--report*.",
     .set = set_text,
     .at = offsetof(struct settings, bench_files[BENCH_CSV])},
    {.name = "json",
     .commands = BENCH,
     .group = GROUP_REPORT,
     .argument = "FILE",
     .help = "the runs, a summary, the machine",
     .otherwise = "off",
     .manual = "An object for each run, a summary of each configuration, and the machine.",
     .set = set_text,
     .at = offsetof(struct settings, bench_files[BENCH_JSON])},
    {.name = "markdown",
     .commands = BENCH,
     .group = GROUP_REPORT,
     .argument = "FILE",
     .help = "the tables and the answer, as Markdown",
     .otherwise = "off",
     .set = set_text,
     .at = offsetof(struct settings, bench_files[BENCH_MARKDOWN])},
    {.name = "report",
     .commands = BENCH,
     .group = GROUP_REPORT,
     .argument = "FILE",
     .help = "all of it as a page of HTML, with pictures if there is gnuplot",
     .otherwise = "off",
     .manual = "All of it as one page of HTML that needs nothing else: the answer, tables that "
               "sort, pictures if there is *gnuplot*(1), the machine, and the command to do it "
               "again.",
     .set = set_text,
     .at = offsetof(struct settings, bench_files[BENCH_PAGE])},
    {.name = "timeline",
     .commands = BENCH,
     .group = GROUP_REPORT,
     .argument = "FILE",
     .help = "which worker did which task when, of the best and the worst: .svg, .html, or .json "
             "for Perfetto",
     .otherwise = "off",
     .manual = "Which worker did which task when, of the best configuration and the slowest of the "
               "same workers, in runs after those that count. By the ending of _FILE_ a picture "
               "(_.svg_), a page (_.html_), or events in Chrome's trace format (_.json_), which "
               "Perfetto shows. Of a task, what is pale was spent waiting for a CPU or for the "
               "disk. Backups have a frame, and what did not count is crossed.",
     .set = set_text,
     .at = offsetof(struct settings, bench_files[BENCH_TIMELINE])},
    {.name = "plot",
     .commands = BENCH,
     .group = GROUP_REPORT,
     .argument = "FILE",
     .help = "a picture, .svg or .png, drawn by gnuplot: run time against partition size",
     .otherwise = "off",
     .manual = "A picture, SVG or PNG by the ending of _FILE_, drawn by *gnuplot*(1): run time "
               "against partition size, or else workers or fan-in. A dot is a run, a bar the "
               "middle half of them, a dashed line the law. What is worth taking is shaded, and "
               "*auto* has a ring.",
     .set = set_text,
     .at = offsetof(struct settings, bench_files[BENCH_PLOT])},
    {.name = "plot-phases",
     .commands = BENCH,
     .group = GROUP_REPORT,
     .argument = "FILE",
     .help = "the same: what the time went to, of the workers of the best",
     .otherwise = "off",
     .set = set_text,
     .at = offsetof(struct settings, bench_files[BENCH_PLOT_PHASES])},
    {.name = "plot-workers",
     .commands = BENCH,
     .group = GROUP_REPORT,
     .argument = "FILE",
     .help = "the same: speed-up against workers, beside the ideal",
     .otherwise = "off",
     .set = set_text,
     .at = offsetof(struct settings, bench_files[BENCH_PLOT_WORKERS])},
    {.name = "plot-memory",
     .commands = BENCH,
     .group = GROUP_REPORT,
     .argument = "FILE",
     .help = "the same: shared memory against partition size",
     .otherwise = "off",
     .set = set_text,
     .at = offsetof(struct settings, bench_files[BENCH_PLOT_MEMORY])},
    {.name = "sorted",
     .commands = SUM,
     .group = GROUP_HOW,
     .help = "the inputs are sorted by word: merged as they are read, by one process in "
             "constant memory",
     .otherwise = "off",
     .manual = "The files are sorted by the bytes of their words, as *wordmill count* writes "
               "them and *sort*(1) does with LC_ALL=C. They are merged as they are read, from "
               "pipes too, by one process, in memory that does not depend on their size: some "
               "256 KiB a file, and as much more and its window for a packed one. All are open at "
               "once. Where so many may not be (*ulimit -n*), some are merged at a time, to files "
               "without a name in the folder of *--spill-dir*. A file that "
               "is not sorted ends it all, and is named. Not with another order, *--rank* or "
               "*--rejects*; *--workers* and *--memory* mean nothing.",
     .set = set_option},
    {.name = "workers",
     .letter = 'j',
     .commands = COUNT | SUM,
     .group = GROUP_HOW,
     .argument = "N",
     .help = "processes in the pool; 0: no fork, all in this one",
     .otherwise = "the CPUs this process may use",
     .manual = "Processes in the pool; with 0 nothing is forked and all is done in this one. "
               "By default as many as the CPUs this process may use, by its affinity and the "
               "limits of its cgroup.",
     .set = set_option},
    {.name = "partition-size",
     .letter = 'p',
     .commands = COUNT,
     .group = GROUP_HOW,
     .argument = "SIZE",
     .help = "bytes in a partition",
     .otherwise = "chosen from the input and the workers",
     .manual = "Bytes in a partition; of a packed file, packed ones. By default chosen from "
               "the input and the workers.",
     .set = set_option},
    {.name = "partition-lines",
     .commands = COUNT,
     .group = GROUP_HOW,
     .argument = "N",
     .help = "instead: exactly N lines in a partition",
     .otherwise = "off",
     .manual = "Instead, exactly _N_ lines in a partition.",
     .set = set_option},
    {.name = "fan-in",
     .letter = 'r',
     .commands = COUNT,
     .group = GROUP_HOW,
     .argument = "K",
     .help = "runs merged by one reduce task, 2 or more",
     .otherwise = "chosen",
     .manual = "Runs merged by one reduce task, 2 or more. By default chosen.",
     .set = set_option},
    {.name = "memory",
     .letter = 'm',
     .commands = COUNT | SUM | BENCH,
     .group = GROUP_HOW,
     .argument = "SIZE",
     .help = "shared memory for runs, all workers together; past it they spill",
     .otherwise = "half of what is available",
     .manual =
         "Shared memory for runs, all workers together. Past it they spill: they are "
         "written to a file, and the output is the same. By default half of what is "
         "available, of the system and of the limits of cgroups, or a quarter of the addresses "
         "that "
         "are left, if they are limited (*ulimit -v*). What a worker has of its own comes on top "
         "of that. It is made to fit *ulimit -d*, and what is left where the system promises "
         "no more memory than it has (*vm.overcommit_memory* is 2).",
     .set = set_option},
    {.name = "spill-dir",
     .commands = COUNT | SUM | BENCH,
     .group = GROUP_HOW,
     .argument = "DIR",
     .help = "where they go then, and archives out of a pipe",
     .otherwise = "$TMPDIR, else /tmp",
     .manual = "Where runs are spilled to, in a file without a name: it goes with the "
               "processes, however they end. An archive that comes through a pipe goes to "
               "another one, until it is unpacked. If it becomes clear that the disk is too small, "
               "after the first partitions mostly, that is the end, with a message that says "
               "how much is missing. By default *$TMPDIR*, else /tmp. A tmpfs is memory and counts "
               "against the limit of a container: if the default is one, runs go to the first of "
               "/tmp, /var/tmp and the folder of *--output* that is on a disk. If all are, or "
               "_DIR_ is one, a warning says so.",
     .set = set_option},
    {.name = "on-bad-line",
     .commands = COUNT | SUM,
     .group = GROUP_HOW,
     .argument = "WHAT",
     .help = "fail or skip",
     .otherwise = "fail",
     .manual = "*fail*, the default: the first bad line ends it all, and is named. *skip*: bad "
               "lines are left out, and the exit status is 3.",
     .set = set_option},
    {.name = "max-rejects",
     .commands = COUNT | SUM,
     .group = GROUP_HOW,
     .argument = "N",
     .help = "with skip: fail when more than N lines are bad",
     .otherwise = "no limit",
     .manual = "With *skip*: more bad lines than _N_ end it all, and the first of them is "
               "named. By default there is no limit.",
     .set = set_option},
    {.name = "rejects",
     .commands = COUNT | SUM,
     .group = GROUP_HOW,
     .argument = "FILE",
     .help = "where skipped lines go, with the reason",
     .otherwise = "nowhere",
     .manual = "Where skipped lines go, in the order of the input: file, line, byte offset, "
               "reason and the line, with a TAB between. Control bytes in the name of a file "
               "are written as *\\\\xNN*, so that no name makes a line or a field.",
     .set = set_option},
    {.name = "max-reject-bytes",
     .commands = COUNT | SUM,
     .group = GROUP_HOW,
     .argument = "SIZE",
     .help = "of that file; lines past it are only counted",
     .otherwise = "16M",
     .manual = "Of that file, 16M by default. Of the lines past it the last line of the file "
               "says how many there were, with *-* for file, line and offset.",
     .set = set_option},
    {.name = "task-timeout",
     .commands = COUNT,
     .group = GROUP_HOW,
     .argument = "SECONDS",
     .help = "a worker without progress for so long is killed and its task run again; 0: never",
     .otherwise = "60",
     .manual = "A worker without progress for so long is killed and its task run again; when "
               "that has happened three times to the same task, it fails. By default 60; with "
               "0 never.",
     .set = set_option},
    {.name = "format",
     .letter = 'f',
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .argument = "FORMAT",
     .help = "v1, v2, v3 (the releases of 2009, 2012 and 2020), columns, text or auto",
     .otherwise = "auto: from the first lines",
     .manual = "*v1* (2009): _word_ TAB _year_ TAB _matches_ TAB _pages_ TAB _volumes_. *v2* "
               "(2012): the same without the pages. *v3* (2020): a line for each word, with "
               "_year_,_matches_,_volumes_ after each TAB. *columns*: see below. *text*: "
               "running text in UTF-8, or in UTF-16 with a byte order mark; each word, as "
               "*--tokens* says, counts 1. "
               "*auto*, the default: v1, v2, v3 or text, by the first lines of each file; *-v* "
               "says what was chosen. It takes no chances. A file of something else, such as "
               "word TAB count, a table with commas or UTF-32, is an error that says what it "
               "looks like and what to do. So is one that is text, if others are not, or if its "
               "name says that it is packed. A byte order mark is no part of a word in any "
               "format; lines that end in CR alone are an error.",
     .set = set_option},
    {.name = "key-column",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .argument = "N",
     .help = "of columns: where the word is",
     .otherwise = "1",
     .manual = "Of columns: where the word is, 1 by default.",
     .set = set_option},
    {.name = "value-column",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .argument = "N",
     .help = "and its count; several with commas between, one for each of --value",
     .otherwise = "3",
     .manual = "And where its count is, 3 by default. Several, as 3,4, are named by *--value*, in "
               "the same order; *records*, 1 for each line, have no column.",
     .set = set_option},
    {.name = "delimiter",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .argument = "C",
     .help = "and what is between",
     .otherwise = "\\t, a TAB",
     .manual = "What is between columns, by default a TAB, which is also written \\\\t. "
               "Nothing is quoted or escaped, unless *--quote* says so.",
     .set = set_option},
    {.name = "quote",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .argument = "C",
     .help = "and what fields may stand in, as in CSV files",
     .otherwise = "nothing is quoted",
     .manual = "Fields of columns may stand between two of these, mostly *'\"'*, and may then hold "
               "the delimiter, and two quotes for one, as RFC 4180 says; but no LF: a field whose "
               "quotes do not end on its line makes that a bad one.",
     .set = set_option},
    {.name = "header",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .argument = "[=N]",
     .help = "the first N lines of each file are no data; without N, 1",
     .otherwise = "0",
     .manual = "The first _N_ lines of each file, of any format, are no data; without _N_, the "
               "first. They are counted as filtered lines. A packed file is not cut at its "
               "members then.",
     .set = set_option},
    {.name = "tokens",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .argument = "WHAT",
     .help = "of text, what a word is: uax29 (between word boundaries of Unicode, with a letter or "
             "a number), letters (runs of letters and their marks) or blanks (what stands between "
             "white space)",
     .otherwise = "uax29",
     .manual =
         "Of text, what a word is. *uax29*, the default: what stands between word boundaries of "
         "Unicode 15.0 (UAX #29), if it has a letter or a number: \"don't\", \"3.14\" and "
         "\"word2vec\" are one, \"e-mail\" two. *letters*: a letter, and the letters, marks and "
         "format characters behind it. *blanks*: what stands between white space. Soft hyphens "
         "(U+00AD) are left out of words. Of scripts without blanks, UAX #29 makes a word of each "
         "ideograph, of each Hiragana and of a run of Katakana. Thai, Lao, Khmer, Burmese and the "
         "like it leaves to dictionaries: here a run of their letters with their marks is a word. "
         "A zero width space (U+200B) ends it. The apostrophes U+0027 and U+2019 are two "
         "characters. Bytes that are not UTF-8 are counted, and are in no word but with *blanks*; "
         "*iconv*(1) converts other encodings.",
     .set = set_option},
    {.name = "normalize",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .argument = "WHAT",
     .help = "of text: nfc (composed and decomposed spellings are one word) or none",
     .otherwise = "nfc",
     .manual = "Of text: *nfc*, the default: composed and decomposed spellings are one word, "
               "composed (UAX #15), as is a _WORD_ of *--word*. *none*: they stay as they are.",
     .set = set_option},
    {.name = "ngrams",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .argument = "N",
     .help = "of text: sequences of N words of a line, 1 to 9, or M-N, of M to N",
     .otherwise = "1",
     .manual = "Of text: counts each sequence of _N_ words of a line, 1 to 9, with one blank "
               "between, and not each word. _M_-_N_: of _M_ to _N_ words. A sequence of more than "
               "65536 bytes makes its line a bad one.",
     .set = set_option},
    {.name = "value",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .argument = "WHAT",
     .help = "matches, volumes, pages or records (1 a line); several with commas between",
     .otherwise = "matches",
     .manual = "What is added up: *matches*, the default, *volumes* (v1, v2, v3), *pages* (v1) "
               "or *records*, 1 for each line (each year of v3). Several with commas between have "
               "a column each; *--sort*, *--top*, *--rank*, *--min-count* and *--totals* go by "
               "the first. Of columns they name those of *--value-column*. Words of text have one "
               "count, 1 each.",
     .set = set_option},
    {.name = "value",
     .commands = SUM,
     .group = GROUP_WHAT,
     .argument = "WHAT",
     .help = "the values that results hold, with commas between, if they hold several",
     .otherwise = "what tables and CSV say, else one",
     .manual = "The values that the results hold, as *--value* of *wordmill count* named them: "
               "*matches,volumes*. Table files and CSV say it themselves, and must be of the same "
               "values. Lines of word TAB count do not: without this option all but their last "
               "number is taken for a part of the word, with a warning if it is no year. From a "
               "pipe it has to be given.",
     .set = set_option},
    {.name = "years",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .argument = "A-B",
     .help = "only these years, also A- or -B",
     .otherwise = "all",
     .manual = "Only these years; _A_- and -_B_ are open at one end, _A_ alone is one year. A "
               "word without any of them is not written.",
     .set = set_option},
    {.name = "by",
     .commands = COUNT | SUM | BENCH,
     .group = GROUP_WHAT,
     .argument = "WHAT",
     .help = "word, year or decade: adds a column after the word; in a sum: lines have it",
     .otherwise = "word",
     .manual =
         "*year* or *decade* (1990 stands for 1990 to 1999): adds a column after the "
         "word and a line for each of them, in the order of the bytes of the line; "
         "*word*, the default, does not. A word of *--word* that is not there is not "
         "written then, unless *--fill-years* is given. In a sum it says what lines have behind "
         "the word. Table files and CSV say it themselves.",
     .set = set_option},
    {.name = "fill-years",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .help = "with --by: a line with 0 where a word has none, in the years asked for or seen",
     .otherwise = "off",
     .manual =
         "With *--by*, a line with 0 for each year or decade in which a word has none, from the "
         "first to the last of *--years*; where these are open, or all count, from the first "
         "or to the last that is seen in any line that counts. So for words of *--word* that "
         "are nowhere. With *--word* and *--rank* only the words asked for are filled. At most "
         "10,000 years or decades; not with *--min-count*.",
     .set = set_option},
    {.name = "pos",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .argument = "WHICH",
     .help = "by tags: untagged (no word has one), tagged (each has), NOUN,VERB (each has one of "
             "these), 'ADJ NOUN' (exactly these), all (any entry)",
     .otherwise = "all",
     .manual =
         "Which entries count, by the parts of speech of their words; see *ENTRIES*.\n\n"
         "*all*, the default: every entry, as it is listed.\n\n"
         "*untagged*: no token is tagged or a placeholder.\n\n"
         "*tagged*: every token is tagged.\n\n"
         "Tags with commas between them, *NOUN,VERB*: every token is tagged, with one of these.\n\n"
         "A phrase of tags, \"ADJ NOUN\", or several with commas between them: the tokens have "
         "exactly these tags, in this order.\n\n"
         "Tags may be written in any case, and as they stand in the files: \"noun\", "
         "\"\\_NOUN\\_\", \"\\_NOUN\". Boundaries have no tag, so the above is about the other "
         "tokens. One that is named has to be there: in a phrase, \"START DET\", in its place, and "
         "then all boundaries count; else anywhere, as in *NOUN,START*. Without a tag beside it, "
         "*START*, the other tokens are plain.",
     .set = set_option},
    {.name = "strip-pos",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .help = "remove the tags; without --pos only tagged entries count, as untagged ones hold the "
             "same sum",
     .otherwise = "off",
     .manual = "Removes the tags from words, so that \"run_VERB\" and \"run_NOUN\" count as "
               "\"run\". Placeholders and boundaries stay as they are. Without *--pos* it means "
               "*--pos tagged*, since plain entries hold the same sum.",
     .set = set_option},
    {.name = "fold-case",
     .commands = COUNT | BENCH,
     .group = GROUP_WHAT,
     .argument = "[=dominant]",
     .help = "merge spellings that differ in case (Unicode's simple folding); written folded, or "
             "in the commonest spelling; tags stay as they are",
     .otherwise = "off",
     .manual =
         "Spellings that differ in case only count as one word, which is written folded (in lower "
         "case) or, with *dominant*, as the commonest of them in all years (of several the first "
         "by its bytes). This is the simple case folding of Unicode 15.0, code point by code "
         "point: all sigmas are one letter, a long s is an s, and a capital sharp s a small one, "
         "but not \"ss\". The dotted capital I and the dotless small one of Turkish stay. So do "
         "tags, placeholders, boundaries, and bytes that are no UTF-8.",
     .set = set_option},
    {.name = "match",
     .commands = COUNT | SUM | BENCH,
     .group = GROUP_WHAT,
     .argument = "REGEX",
     .help = "only words that match: characters, \\p{L} and the like (PCRE2)",
     .otherwise = "all words",
     .manual =
         "Only words that a regular expression matches somewhere, as *pcre2pattern*(3) has them. "
         "It is one of characters: \".\" is any character, \"\\\\p{L}\" a letter of any alphabet, "
         "and \"\\\\w\" and \"[[:alpha:]]\" go by Unicode. \"^\" and \"$\" are the ends of the "
         "word. A word that is not UTF-8 is matched byte by byte, and so is every word if _REGEX_ "
         "is not UTF-8. An expression that takes millions of steps with a word is an error.",
     .set = set_option},
    {.name = "min-count",
     .commands = COUNT | SUM | BENCH,
     .group = GROUP_WHAT,
     .argument = "N",
     .help = "only words with at least N",
     .otherwise = "all words",
     .manual = "Only words with at least _N_ in all; with *--by*, only lines with so many.",
     .set = set_option},
    {.name = "word",
     .letter = 'w',
     .commands = COUNT | SUM | BENCH,
     .group = GROUP_WHAT,
     .argument = "WORD",
     .help = "only this word, with 0 if it is not there; may be given often",
     .otherwise = "all words",
     .manual = "Only this word, with 0 if it is not there. May be given often. A warning tells of "
               "a word that cannot be there: *--pos* or *--match* do not let it through, "
               "*--strip-pos* takes its tag off, or text is not cut to it.",
     .set = set_word},
    {.name = "shard",
     .commands = COUNT,
     .group = GROUP_WHAT,
     .argument = "[I/N]",
     .help = "only the I-th of N shares of all input bytes; without I/N: as this task of a "
             "job array",
     .otherwise = "all",
     .manual = "Only the _I_-th, from 1 on, of _N_ equal shares of the bytes of all files "
               "together. A line belongs to the share in which its first byte lies, so that "
               "all shares add up to the whole, as long as each is counted from the same "
               "unchanged files in the same order. What cannot be cut, a pipe or a packed "
               "file, is dealt out whole, one share after the other. So it is not for *--top*, "
               "*--min-count*, *--rank*, *--totals* and *--fold-case=dominant*, which are of all "
               "words; a warning says so. Past the start of a file "
               "no line numbers are known; in rejects there is a *-* instead.\n\n"
               "Without _I_/_N_ the share is that of this task of a job array. The systems "
               "that are known, and what each says, are in *wordmill*(1). _/N_ is the same for "
               "an array of _N_ tasks. Systems that do not say how many there are need "
               "it.\n\n"
               "An argument that looks like _I_/_N_ or _/N_ is taken; write _./I/N_ or _//N_ "
               "for a file of such a name.",
     .set = set_shard},
    {.name = "prefix",
     .commands = QUERY,
     .group = GROUP_WHAT,
     .help = "all words that start so, '' for all there are",
     .otherwise = "off",
     .manual = "All words that start with one of the words, in the order of their bytes; with "
               "'' all there are.",
     .set = set_flag,
     .at = offsetof(struct settings, are_prefixes)},
    {.name = "batch",
     .commands = QUERY,
     .group = GROUP_WHAT,
     .help = "read all lines first",
     .otherwise = "off, but if they are a file",
     .manual = "Reads all of standard input first, which is faster for many words. So it is "
               "anyway if that is a file.",
     .set = set_flag,
     .at = offsetof(struct settings, is_batch)},
    {.name = "top",
     .letter = 'n',
     .commands = COUNT | SUM | BENCH,
     .group = GROUP_OUTPUT,
     .argument = "K",
     .help = "only the K first, by count unless --sort is given",
     .otherwise = "all",
     .manual =
         "Only the first _K_ words, or lines of all years together with *--by*, by count unless "
         "*--sort* says otherwise.",
     .set = set_option},
    {.name = "top-per",
     .commands = COUNT | SUM | BENCH,
     .group = GROUP_OUTPUT,
     .argument = "K",
     .help = "with --by: only the K commonest of each year or decade, in the order of years",
     .otherwise = "all",
     .manual = "With *--by*, only the _K_ commonest of each year or decade, in the order of years "
               "and then by count, unless *--sort* says otherwise. With *--word*, those of the "
               "words asked for. Not with *--top*.",
     .set = set_option},
    {.name = "sort",
     .letter = 's',
     .commands = COUNT | SUM | BENCH,
     .group = GROUP_OUTPUT,
     .argument = "ORDER",
     .help = "word (by its bytes), count (largest first) or none",
     .otherwise = "word",
     .manual = "*word*, the default: by its bytes. *count*: largest first, words of the same "
               "count by their bytes. *none*: in any order.",
     .set = set_option},
    {.name = "rank",
     .commands = COUNT | SUM | BENCH,
     .group = GROUP_OUTPUT,
     .help = "adds rank, percent and cumulative percent, among all words; with --by, of each "
             "year or decade",
     .otherwise = "off",
     .manual =
         "Adds three columns: the rank by count, from 1 on, words of the same count in "
         "the order of their bytes; the share of all counts in percent; and the "
         "cumulative share, of all words down to this rank; both with 6 decimals. All "
         "counts are those of the words that the other options let through, but for "
         "*--top* and *--word*: a word that is asked for has its rank among all. With *--by*, "
         "the rank, the shares and all counts are those of the same year or decade.",
     .set = set_option},
    {.name = "totals",
     .commands = COUNT | SUM | BENCH,
     .group = GROUP_OUTPUT,
     .argument = "FILE",
     .help = "adds the share per million words, from a total-count file",
     .otherwise = "off",
     .manual = "Adds a column: how many of a million words the word is, with 6 decimals. "
               "_FILE_ is a total-count file, as there is one to every edition of the Ngram "
               "files; it says how many words all books of a year have. They are added up over "
               "*--years*; with *--by*, those of the line's own year or decade count. Totals "
               "are of the same kind as *--value*, but for *records*, which have none. A year of a "
               "line that counts, but without a total, is an error that names the years. The file "
               "may be packed.",
     .set = set_option},
    {.name = "output",
     .letter = 'o',
     .commands = COUNT | SUM,
     .group = GROUP_OUTPUT,
     .argument = "FILE",
     .help = "whole at the end, or as it was; also a pipe, a device, /dev/fd/N",
     .otherwise = "-, standard output",
     .manual = "Instead of to standard output. _FILE_ is whole at the end, or as it was: see "
               "*wordmill*(1).",
     .set = set_output},
    {.name = "output-format",
     .letter = 'O',
     .commands = COUNT | SUM | BENCH,
     .group = GROUP_OUTPUT,
     .argument = "F",
     .help = "tsv, csv, jsonl or table",
     .otherwise = "tsv, or as FILE ends: .csv, .jsonl, .wmt",
     .manual = "*tsv*, the default: nothing is quoted. *csv*: with a header; words with a "
               "comma, a quote, a CR or a LF in them are quoted as RFC 4180 says, but lines "
               "end with LF. *jsonl*: an object a line, such as "
               "{\"word\":\"cat\",\"count\":3}; bytes that are not UTF-8 become U+FFFD, one "
               "for each, and a warning counts them. *table*: a binary form, sorted by word "
               "and with checksums. It has neither another order, which *--top* alone has too, "
               "nor more columns than the count. Without this option a _FILE_ that ends in "
               "_.csv_, _.jsonl_ or _.wmt_ is of that format. One that ends in _.gz_ or _.zst_ "
               "is refused, since nothing is packed: write *wordmill count ... | gzip >* _FILE_.",
     .set = set_output_format},
    {.name = "output-format",
     .letter = 'O',
     .commands = QUERY,
     .group = GROUP_OUTPUT,
     .argument = "F",
     .help = "tsv, csv or jsonl",
     .otherwise = "tsv",
     .set = set_query_format,
     .n_choices = WM_OUTPUT_TABLE},
    {.name = "csv-safe",
     .commands = COUNT | SUM | QUERY | BENCH,
     .group = GROUP_OUTPUT,
     .help = "of csv: no word is a formula to a spreadsheet",
     .otherwise = "off",
     .manual = "Of *csv*. A spreadsheet takes a cell that starts with = + - @ for a formula, and "
               "runs it when the file is opened; so may a TAB or a CR before that. Such words "
               "get an apostrophe in front. They are other words then, so leave this out for "
               "files that programs read.",
     .set = set_flag,
     .at = offsetof(struct settings, is_csv_safe)},
    {.name = "progress",
     .commands = COUNT | SUM,
     .group = GROUP_MESSAGES,
     .argument = "WHEN",
     .help = "auto, bar, plain, json or none; SIGUSR1 prints a line of it",
     .otherwise = "auto: a bar on a terminal, else none",
     .manual = "*bar*, *plain* (lines such as \"Finished 17/1443 map operations\"), *json* (an "
               "object a line) or *none*. *auto*, the default, is a bar on a terminal, else "
               "none.\n\n"
               "*SIGUSR1* prints a line of progress at any time, whatever this option says. "
               "The bar is not drawn while the job is in the background, nor where *$TERM* is "
               "dumb.",
     .set = set_choice,
     .at = offsetof(struct settings, progress),
     .choices = progress_kinds},
    {.name = "stats",
     .commands = COUNT | SUM,
     .group = GROUP_MESSAGES,
     .argument = "FILE",
     .help = "figures of the run, as JSON",
     .otherwise = "off",
     .manual = "Figures of the run, as JSON: lines, bytes, words, partitions, rounds, seconds, "
               "peak memory and more.",
     .set = set_text,
     .at = offsetof(struct settings, stats)},
    {.name = "reporter",
     .commands = COUNT | SUM,
     .group = GROUP_MESSAGES,
     .argument = "WHAT",
     .help = "hadoop (counters and status lines) or none",
     .otherwise = "hadoop in tasks of Hadoop Streaming, else none",
     .manual = "*hadoop*: the counters lines, bytes, words and rejected of the group wordmill "
               "and status lines, as Hadoop Streaming reads them; standard input is always "
               "read to its end, which Hadoop wants; one worker, unless *--workers* says "
               "otherwise; and exit status 0 even if lines were skipped, since Hadoop takes "
               "any other for failure. *none*: nothing of that. By default *hadoop* in a task "
               "of Hadoop Streaming, *none* elsewhere.",
     .set = set_choice,
     .at = offsetof(struct settings, reporter),
     .choices = reporter_kinds},
    {.name = "quiet",
     .letter = 'q',
     .commands = COUNT | SUM,
     .group = GROUP_MESSAGES,
     .help = "no progress, no warnings",
     .set = set_quiet},
    {.name = "verbose",
     .letter = 'v',
     .commands = COUNT | SUM,
     .group = GROUP_MESSAGES,
     .help = "says what was chosen and how it went",
     .set = set_verbose},
    {.name = "quiet",
     .letter = 'q',
     .commands = BENCH,
     .group = GROUP_MESSAGES,
     .help = "no progress, no announcement, no notes",
     .set = set_quiet},
    {.name = "verbose",
     .letter = 'v',
     .commands = BENCH,
     .group = GROUP_MESSAGES,
     .help = "a line on standard error after each run",
     .set = set_verbose},
    {.name = "help",
     .letter = 'h',
     .commands = COUNT | SUM | QUERY | BENCH,
     .group = GROUP_MESSAGES,
     .help = "prints this help",
     .set = set_flag,
     .at = offsetof(struct settings, help_is_asked)},
    {.name = NULL}};

const struct option_row *option_first(const struct option_row *row, enum command command)
{
    while (row->name && !(row->commands & 1U << command))
        row++;
    return row;
}

int option_is_free(const struct option_row *row)
{
    return row->argument && row->argument[0] == '[';
}

void option_spell(const struct option_row *row, char *text, size_t size)
{
    const char *argument = row->argument ? row->argument : "";
    const char *blank = *argument == '\0' || strncmp(argument, "[=", 2) == 0 ? "" : " ";
    if (row->letter != 0)
        snprintf(text, size, "-%c, --%s%s%s", row->letter, row->name, blank, argument);
    else
        snprintf(text, size, "    --%s%s%s", row->name, blank, argument);
}
