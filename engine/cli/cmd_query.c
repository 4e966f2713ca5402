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
#include "option_help.h"
#include "option_read.h"

struct query {
    struct settings s;
    const char *path;
    const char *const *words;
    size_t n_words;
};

/* The lines of standard input. */
struct lines {
    char *text;
    const char **words;
    size_t n;
};

static int arguments_read(struct query *query, int argc, char **argv)
{
    int rc = options_read(&query->s, COMMAND_QUERY, argc, argv);
    if (rc < 0 || query->s.help_is_asked)
        return rc;
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
    lines->words = calloc(n + 1, sizeof *lines->words);
    if (!lines->words)
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
            if (!text)
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
            snprintf(error.message, sizeof error.message, "cannot read standard input: %s",
                     rc == WM_EREAD ? console_reason(errno) : wm_strerror(rc));
    }
    if (rc == 0)
        rc = wm_table_write(table, query->words, query->n_words, query->s.are_prefixes,
                            query->s.o.output_format, STDOUT_FILENO, &error);
    if (rc < 0)
        console_error(&error);
    wm_table_close(table);
    free(lines.words);
    free(lines.text);
    return rc == 0 ? EXIT_DONE : rc == WM_EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

int cmd_query(int argc, char **argv)
{
    static const struct help help = {
        .about = "Looks words up in a table file, as 'wordmill count -o FILE.wmt' makes them, and\n"
                 "writes word TAB count, with 0 if a word is not there. Without a WORD, they are\n"
                 "the lines of standard input.\n",
        .examples = "  wordmill query counts.wmt cat dog\n"
                    "  wordmill query --prefix counts.wmt anti\n",
        .statuses = "  0      done\n"
                    "  1      failed\n"
                    "  2      wrong usage\n"
                    "  128+n  ended by signal n\n"};
    struct query query = {.path = NULL};
    if (settings_init(&query.s, argc) < 0)
        return EXIT_FAILED;
    int status = EXIT_USAGE;
    if (arguments_read(&query, argc, argv) == 0)
        status = query.s.help_is_asked ? help_print(COMMAND_QUERY, &help) : query_run(&query);
    settings_release(&query.s);
    return status;
}
