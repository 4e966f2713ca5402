/* An option's words stand in a column of their own, beside its name or, if that is long, below. */
#include "option_help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wordmill.h>

#include "console.h"
#include "exit_status.h"

enum { COLUMN = 30, WIDTH = 80 };

/* Writes a word of size bytes at the column *at, or in a line of its own if it does not fit. */
static void word_write(FILE *stream, const char *word, size_t size, size_t *at)
{
    if (*at > COLUMN && *at + 1 + size > WIDTH) {
        fprintf(stream, "\n%*s", COLUMN, "");
        *at = COLUMN;
    }
    int blank = *at > COLUMN;
    fprintf(stream, "%*s%.*s", blank, "", (int)size, word);
    *at += size + (size_t)blank;
}

static void option_write(FILE *stream, const struct option_row *row)
{
    char text[128];
    option_spell(row, text, sizeof text);
    size_t at = (size_t)fprintf(stream, "  %s", text);
    if (at + 2 > COLUMN) {
        fputc('\n', stream);
        at = 0;
    }
    fprintf(stream, "%*s", (int)(COLUMN - at), "");
    at = COLUMN;
    for (const char *word = row->help; *word != '\0'; word += strspn(word, " ")) {
        size_t size = strcspn(word, " ");
        word_write(stream, word, size, &at);
        word += size;
    }
    if (row->otherwise) {
        int size = snprintf(text, sizeof text, "[%s]", row->otherwise);
        word_write(stream, text, (size_t)size, &at);
    }
    fputc('\n', stream);
}

static void help_options_write(FILE *stream, enum command command)
{
    int group = -1;
    const struct option_row *row = option_first(option_table, command);
    for (; row->name; row = option_first(row + 1, command)) {
        if (command_table[command].has_groups && group != (int)row->group)
            fprintf(stream, "%s%s:\n", group < 0 ? "" : "\n", group_names[row->group]);
        group = (int)row->group;
        option_write(stream, row);
    }
}

static void help_write(FILE *stream, enum command command, const struct help *help)
{
    static const char statuses[] = "  0      done\n"
                                   "  1      failed\n"
                                   "  2      wrong usage\n"
                                   "  3      done, but bad lines were skipped\n"
                                   "  128+n  ended by signal n\n";
    const struct command_words *words = &command_table[command];
    fprintf(stream, "usage: wordmill %s [OPTIONS] %s\n\n%s\n", words->name, words->operands,
            help->about);
    help_options_write(stream, command);
    fprintf(stream, "\n%s%sexamples:\n%s\nexit status:\n%s", help->notes ? help->notes : "",
            help->notes ? "\n" : "", help->examples, help->statuses ? help->statuses : statuses);
}

int help_print(enum command command, const struct help *help)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (stream)
        help_write(stream, command, help);
    int rc = stream && fclose(stream) == 0 ? 0 : WM_ENOMEM;
    if (rc < 0)
        console_say("%s", wm_strerror(rc));
    else
        rc = console_print(text);
    free(text);
    return rc == 0 ? EXIT_DONE : EXIT_FAILED;
}
