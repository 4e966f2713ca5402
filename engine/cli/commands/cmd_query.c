/*
 * wordmill query: words of the command line, or of standard input, looked up in a table file. A
 * program that asks through two pipes waits for each answer, so what is complete is answered before
 * more is read.
 */
#include "commands/cmd_query.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wordmill.h>

#include "console.h"
#include "exit_status.h"
#include "option_help.h"
#include "option_read.h"

enum { LINE_SIZE_MAX = 1 << 20 }; /* far more than a word may have */

struct query {
    struct settings s;
    const char *path;
    const char *const *words;
    size_t n_words;
    int is_begun; /* the output has its header */
};

static int arguments_read(struct query *query, int argc, char **argv)
{
    int rc = options_read(&query->s, COMMAND_QUERY, argc, argv);
    if (rc < 0 || query->s.help_is_asked)
        return rc;
    rc = settings_choose_csv(&query->s);
    if (rc < 0)
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

/*
 * Whoever cuts the table while it is looked at makes that a signal. The message is made before,
 * since little may be done then.
 */
static char bus_message[sizeof((wm_error *)0)->message];

static void bus_tell(int number)
{
    (void)number;
    console_write(bus_message, strlen(bus_message));
    _exit(EXIT_FAILED);
}

static void bus_catch(const char *path)
{
    struct sigaction action = {.sa_handler = bus_tell};
    char name[256];
    wm_quote(path, strlen(path), name, sizeof name);
    snprintf(bus_message, sizeof bus_message,
             "wordmill: table file '%s' was cut while it was read: put a new one in its place by "
             "renaming\n",
             name);
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}

/* Looks up some words more. */
static int words_answer(struct query *query, const wm_table *table, const char *const *words,
                        size_t n, wm_error *error)
{
    unsigned format = (unsigned)query->s.o.output_format;
    if (query->is_begun)
        format |= WM_OUTPUT_CONTINUED;
    query->is_begun = 1;
    return wm_table_write(table, words, n, query->s.are_prefixes, (enum wm_output)format,
                          STDOUT_FILENO, error);
}

/* Standard input, as far as it was read and not answered. */
struct line_reader {
    char *text;
    size_t size, capacity;
    int has_ended;
};

/* Waits for more, also where that is not to block. 0, WM_ENOMEM or WM_EREAD. */
static int lines_read(struct line_reader *lines)
{
    if (lines->capacity - lines->size < 4096) {
        size_t capacity = 2 * lines->capacity + 65536;
        char *text = realloc(lines->text, capacity);
        if (!text)
            return WM_ENOMEM;
        lines->text = text;
        lines->capacity = capacity;
    }
    /* A byte is left for the LF that the last line may lack. */
    ssize_t n = read(STDIN_FILENO, lines->text + lines->size, lines->capacity - lines->size - 1);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
        if (errno == EAGAIN)
            poll(&ready, 1, -1);
        return 0;
    }
    if (n < 0)
        return WM_EREAD;
    lines->size += (size_t)n;
    lines->has_ended = n == 0;
    if (n == 0 && lines->size > 0 && lines->text[lines->size - 1] != '\n')
        lines->text[lines->size++] = '\n';
    return 0;
}

/* A word with a NUL cannot be asked for: what is before it would be another word. */
static int nul_tell(wm_error *error)
{
    snprintf(error->message, sizeof error->message,
             "a line has a NUL byte, and no such word can be asked for: with --prefix and what is "
             "before the NUL, it is among the answers");
    return WM_EINVAL;
}

/* Cuts what ends with a LF into words, and answers those. */
static int lines_answer(struct line_reader *lines, struct query *query, const wm_table *table,
                        wm_error *error)
{
    size_t n = 0, at = 0;
    int has_nul = 0;
    for (size_t i = 0; i < lines->size; i++)
        n += lines->text[i] == '\n';
    const char **words = calloc(n + 1, sizeof *words);
    if (!words)
        return WM_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        char *word = lines->text + at, *lf = memchr(word, '\n', lines->size - at);
        if (memchr(word, '\0', (size_t)(lf - word))) {
            has_nul = 1;
            n = i;
            break;
        }
        *lf = '\0';
        if (lf > word && lf[-1] == '\r')
            lf[-1] = '\0';
        words[i] = word;
        at = (size_t)(lf + 1 - lines->text);
    }
    int rc = n > 0 || lines->has_ended ? words_answer(query, table, words, n, error) : 0;
    free(words);
    if (rc == 0 && has_nul)
        return nul_tell(error);
    lines->size -= at;
    memmove(lines->text, lines->text + at, lines->size);
    return rc;
}

/* A word for each line of standard input: when it has ended, or as lines come. */
static int input_answer(struct query *query, const wm_table *table, wm_error *error)
{
    struct line_reader lines = {0};
    struct stat status;
    int is_batch =
        query->s.is_batch || (fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode));
    int rc = 0;
    while (rc == 0 && !lines.has_ended) {
        rc = lines_read(&lines);
        if (rc < 0)
            snprintf(error->message, sizeof error->message, "cannot read standard input: %s",
                     rc == WM_EREAD ? console_reason(errno) : wm_strerror(rc));
        else if (!is_batch || lines.has_ended)
            rc = lines_answer(&lines, query, table, error);
        if (rc == 0 && !is_batch && lines.size > LINE_SIZE_MAX) {
            snprintf(error->message, sizeof error->message, "a line is longer than %d bytes",
                     LINE_SIZE_MAX);
            rc = WM_EINVAL;
        }
    }
    free(lines.text);
    return rc;
}

static int query_run(struct query *query)
{
    wm_error error = {0};
    wm_table *table = NULL;
    bus_catch(query->path);
    int rc = wm_table_open(query->path, &table, &error);
    if (rc == 0 && query->n_words == 0)
        rc = input_answer(query, table, &error);
    else if (rc == 0)
        rc = words_answer(query, table, query->words, query->n_words, &error);
    if (rc < 0)
        console_error(&error);
    wm_table_close(table);
    return rc == 0 ? EXIT_DONE : rc == WM_EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

int cmd_query(int argc, char **argv)
{
    static const struct help help = {
        .about =
            "Looks words up in a table file, as 'wordmill count -o FILE.wmt' makes them, and\n"
            "writes word TAB count, with 0 if a word is not there; a count for each value, if\n"
            "there are several. Without a WORD, they are the lines of standard input, each\n"
            "answered at once unless that is a file.\n",
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
