/*
 * Part of the build, not of the command. Writes what is made of the table of options, so that the
 * manual page and the completions of shells cannot say other things than --help.
 */
#include <stdio.h>
#include <string.h>

#include "option_table.h"
#include "pages/completions.h"
#include "pages/manual.h"

/* 'count partition-size p SIZE', a line for each option of each command: what tests go by. */
static void list_write(void)
{
    for (int command = 0; command < N_COMMANDS; command++) {
        const struct option_row *row = option_first(option_table, (enum command)command);
        for (; row->name; row = option_first(row + 1, (enum command)command))
            printf("%s %s %c %s\n", command_table[command].name, row->name,
                   row->letter != 0 ? row->letter : '-', row->argument ? row->argument : "-");
    }
}

static int kind_write(const char *kind)
{
    if (strcmp(kind, "manual") == 0)
        return manual_write();
    if (strcmp(kind, "bash") == 0)
        bash_write();
    else if (strcmp(kind, "zsh") == 0)
        zsh_write();
    else if (strcmp(kind, "fish") == 0)
        fish_write();
    else if (strcmp(kind, "list") == 0)
        list_write();
    else
        return -1;
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 4) {
        fprintf(stderr, "usage: wordmill-pages manual|bash|zsh|fish|list [OUTPUT [INPUT]]\n");
        return 2;
    }
    if ((argc > 2 && !freopen(argv[2], "w", stdout)) ||
        (argc > 3 && !freopen(argv[3], "r", stdin))) {
        perror("wordmill-pages");
        return 1;
    }
    if (kind_write(argv[1]) < 0) {
        fprintf(stderr, "wordmill-pages: cannot write '%s'\n", argv[1]);
        return 1;
    }
    return fclose(stdout) == 0 ? 0 : 1;
}
