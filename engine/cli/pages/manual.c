/*
 * The lists of options of the manual page, in scdoc. The first command that has an option tells all
 * of it; the others say what --help says, as sentences.
 */
#include "pages/manual.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option_table.h"
#include "settings.h"
#include "shard.h"

/* What a value is called: capitals stand for something, small letters for themselves. */
static void argument_write(const char *argument)
{
    for (const char *at = argument; *at != '\0';) {
        int (*is_same)(int) = isupper((unsigned char)*at) ? isupper : islower;
        size_t size = 0;
        while (is_same((unsigned char)at[size]))
            size++;
        const char *mark = size == 0 ? "" : is_same == isupper ? "_" : "*";
        printf("%s%.*s%s", mark, (int)(size > 0 ? size : 1), at, mark);
        at += size > 0 ? size : 1;
    }
}

static void name_write(const struct option_row *row)
{
    if (row->letter != 0)
        printf("*-%c*, ", row->letter);
    printf("*--%s*", row->name);
    if (row->argument) {
        printf("%s", strncmp(row->argument, "[=", 2) == 0 ? "" : " ");
        argument_write(row->argument);
    }
    putchar('\n');
}

static int is_choice(const struct option_row *row, const char *word, size_t size)
{
    const char *choice;
    for (int i = 0; (choice = settings_choice(row, i)) != NULL; i++)
        if (strlen(choice) == size && memcmp(choice, word, size) == 0)
            return 1;
    return 0;
}

/* How a word is marked that a user may type, or that stands for a value. */
static const char *word_mark(const struct option_row *row, const char *word, size_t size)
{
    if (is_choice(row, word, size) || strncmp(word, "--", 2) == 0)
        return "*";
    if (row->argument && strlen(row->argument) == size && memcmp(row->argument, word, size) == 0)
        return "_";
    return "";
}

static void characters_write(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        printf("%s%c", strchr("\\*_", text[i]) ? "\\" : "", text[i]);
}

/* Words of --help; is_first: they begin a sentence. */
static void help_words_write(const struct option_row *row, const char *text, int is_first)
{
    static const char around[] = "()[],.;:'";
    while (*text != '\0') {
        size_t before = strspn(text, around), all = strcspn(text, " ");
        size_t size = before < all ? strcspn(text + before, "()[],;:' ") : 0;
        const char *mark = word_mark(row, text + before, size);
        characters_write(text, before);
        printf("%s", mark);
        if (is_first && *mark == '\0' && size > 0) {
            putchar(toupper((unsigned char)text[before]));
            characters_write(text + before + 1, size - 1);
        } else {
            characters_write(text + before, size);
        }
        printf("%s", mark);
        text += before + size;
        /* The end of the word, and the blank. */
        size_t rest = strcspn(text, " ");
        rest += strspn(text + rest, " ");
        characters_write(text, rest);
        text += rest;
        is_first = 0;
    }
}

static void brief_write(const struct option_row *row)
{
    putchar('\t');
    help_words_write(row, row->help, 1);
    putchar('.');
    if (row->otherwise && strcmp(row->otherwise, "off") != 0) {
        printf(" By default ");
        help_words_write(row, row->otherwise, 0);
        putchar('.');
    }
    putchar('\n');
}

static void paragraphs_write(const char *text)
{
    for (const char *end; (end = strstr(text, "\n\n")) != NULL; text = end + 2)
        printf("\t%.*s\n\n", (int)(end - text), text);
    printf("\t%s\n", text);
}

/* Whether this is the command that tells all of the option. */
static int is_at_home(const struct option_row *row, enum command command)
{
    return (row->commands & ((1U << command) - 1)) == 0;
}

static void manual_options_write(enum command command)
{
    int group = -1;
    const struct option_row *row = option_first(option_table, command);
    for (; row->name; row = option_first(row + 1, command)) {
        if (group >= 0)
            putchar('\n');
        if (command_table[command].has_groups && group != (int)row->group)
            printf("## %c%s\n\n", toupper((unsigned char)group_names[row->group][0]),
                   group_names[row->group] + 1);
        group = (int)row->group;
        name_write(row);
        if (row->manual && is_at_home(row, command))
            paragraphs_write(row->manual);
        else
            brief_write(row);
    }
}

static int command_write(const char *name)
{
    for (int command = 0; command < N_COMMANDS; command++) {
        if (strcmp(command_table[command].name, name) == 0) {
            manual_options_write((enum command)command);
            return 0;
        }
    }
    fprintf(stderr, "no command '%s'\n", name);
    return -1;
}

/* What --shard goes by in each batch system. */
static void arrays_write(void)
{
    for (const struct shard_system *system = shard_systems; system->name; system++) {
        const char *name, *comma = "";
        printf("*%s*\n\t*--shard*%s, for an array whose indices begin at %s. Told by ",
               system->name, shard_needs_n(system) ? " _/N_" : "", shard_begins(system));
        for (int i = 0; (name = shard_variable(system, i)) != NULL; i++, comma = ", ")
            printf("%s*%s*", comma, name);
        printf(".%s\n", system[1].name ? "\n" : "");
    }
}

int manual_write(void)
{
    char *line = NULL, name[32];
    size_t room = 0;
    int rc = 0;
    while (rc == 0 && getline(&line, &room, stdin) > 0) {
        if (sscanf(line, "@options %31[a-z]@", name) == 1)
            rc = command_write(name);
        else if (strcmp(line, "@arrays@\n") == 0)
            arrays_write();
        else
            fputs(line, stdout);
    }
    free(line);
    return rc;
}
