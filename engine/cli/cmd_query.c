/* wordmill query: words of the command line, or of standard input, looked up in a table file. */
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wordmill.h>

#include "console.h"
#include "option_value.h"

static const char help_text[] =
    "usage: wordmill query [OPTIONS] TABLE [WORD...]\n"
    "\n"
    "Looks words up in a table file, as 'wordmill count -o FILE.wmt' makes them, and\n"
    "writes word TAB count, with 0 if a word is not there. Without a WORD, they are\n"
    "the lines of standard input.\n"
    "\n"
    "      --prefix               all words that start so, '' for all there are [off]\n"
    "  -O, --output-format F      tsv, csv or jsonl [tsv]\n"
    "  -h, --help                 this text\n"
    "\n"
    "examples:\n"
    "  wordmill query counts.wmt cat dog\n"
    "  wordmill query --prefix counts.wmt anti\n"
    "\n"
    "exit status:\n"
    "  0      done\n"
    "  1      failed\n"
    "  2      wrong usage\n"
    "  128+n  ended by signal n\n";

enum { OPTION_PREFIX = 256 };

static const struct option option_names[] = {{"prefix", no_argument, NULL, OPTION_PREFIX},
                                             {"output-format", required_argument, NULL, 'O'},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

/* In the order of enum wm_output. */
static const char *const output_names[] = {"tsv", "csv", "jsonl", NULL};

struct query {
    const char *path;
    const char *const *words;
    size_t n_words;
    int are_prefixes;
    int format; /* an enum wm_output */
    int help_is_asked;
};

/* The lines of standard input. */
struct lines {
    char *text;
    const char **words;
    size_t n;
};

static int arguments_read(struct query *query, int argc, char **argv)
{
    int c;
    opterr = 0;
    while ((c = getopt_long(argc, argv, ":O:h", option_names, NULL)) != -1) {
        switch (c) {
        case OPTION_PREFIX:
            query->are_prefixes = 1;
            break;
        case 'O':
            if (option_choice("output format", optarg, output_names, &query->format) < 0)
                return WM_EINVAL;
            break;
        case 'h':
            query->help_is_asked = 1;
            return 0;
        default:
            return option_reject(c, argv, option_names, "wordmill query --help");
        }
    }
    if (optind == argc || (optind + 1 == argc && isatty(STDIN_FILENO))) {
        console_say("%s; usage: wordmill query [OPTIONS] TABLE [WORD...]",
                    optind == argc ? "no TABLE" : "no WORD, and standard input is a terminal");
        return WM_EINVAL;
    }
    query->path = argv[optind];
    query->words = (const char *const *)argv + optind + 1;
    query->n_words = (size_t)(argc - optind - 1);
    return 0;
}

/* Cuts the text, which ends with a LF, into words. */
static int lines_cut(struct lines *lines, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < size; i++)
        n += lines->text[i] == '\n';
    lines->words = calloc(n + 1, sizeof(*lines->words));
    if (lines->words == NULL)
        return WM_ENOMEM;
    for (char *at = lines->text, *end = at + size; at < end;) {
        char *lf = memchr(at, '\n', (size_t)(end - at));
        *lf = '\0';
        if (lf > at && lf[-1] == '\r')
            lf[-1] = '\0';
        lines->words[lines->n++] = at;
        at = lf + 1;
    }
    return 0;
}

static int lines_read(struct lines *lines)
{
    size_t size = 0, capacity = 0;
    for (;;) {
        if (capacity - size < 4096) {
            capacity = 2 * capacity + 65536;
            char *text = realloc(lines->text, capacity);
            if (text == NULL)
                return WM_ENOMEM;
            lines->text = text;
        }
        ssize_t n = read(STDIN_FILENO, lines->text + size, capacity - size - 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return WM_EREAD;
        if (n == 0)
            break;
        size += (size_t)n;
    }
    if (size > 0 && lines->text[size - 1] != '\n')
        lines->text[size++] = '\n';
    return lines_cut(lines, size);
}

static int query_run(struct query *query)
{
    struct lines lines = {0};
    wm_error error = {0};
    wm_table *table = NULL;
    int rc = wm_table_open(query->path, &table, &error);
    if (rc == 0 && query->n_words == 0) {
        rc = lines_read(&lines);
        query->words = lines.words;
        query->n_words = lines.n;
        if (rc < 0)
            snprintf(error.message, sizeof(error.message), "cannot read standard input: %s",
                     rc == WM_EREAD ? console_reason(errno) : wm_strerror(rc));
    }
    if (rc == 0)
        rc = wm_table_write(table, query->words, query->n_words, query->are_prefixes,
                            (enum wm_output)query->format, STDOUT_FILENO, &error);
    if (rc < 0)
        console_say("%s", error.message);
    wm_table_close(table);
    free(lines.words);
    free(lines.text);
    return rc == 0 ? EXIT_DONE : rc == WM_EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

int cmd_query(int argc, char **argv)
{
    struct query query = {.format = WM_OUTPUT_TSV};
    if (arguments_read(&query, argc, argv) < 0)
        return EXIT_USAGE;
    if (query.help_is_asked)
        return console_print(help_text) == 0 ? EXIT_DONE : EXIT_FAILED;
    return query_run(&query);
}
