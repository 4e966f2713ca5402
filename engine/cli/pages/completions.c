/*
 * Completions: which options a command has, and what their values may be: words, names of files or
 * folders, or anything. Each shell is told in its own language.
 */
#include "pages/completions.h"

#include <stdio.h>
#include <string.h>

#include "option_table.h"
#include "settings.h"

static const char made[] = "Made of the command's table of options.";

static int is_called(const struct option_row *row, const char *argument)
{
    return row->argument && strcmp(row->argument, argument) == 0;
}

static int has_choices(const struct option_row *row)
{
    return settings_choice(row, 0) != NULL;
}

static void choices_write(const struct option_row *row)
{
    const char *choice;
    for (int i = 0; (choice = settings_choice(row, i)) != NULL; i++)
        printf("%s%s", i > 0 ? " " : "", choice);
}

/* The words of --help up to a semicolon, within single quotes of a shell. */
static void quoted_write(const char *text, const char *quote)
{
    size_t size = strcspn(text, ";");
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\'')
            printf("%s", quote);
        else
            putchar(text[i]);
}

/* The rows of a command, one after the other. */
static void each_row(enum command command, void (*write)(const struct option_row *row, void *user),
                     void *user)
{
    const struct option_row *row = option_first(option_table, command);
    for (; row->name; row = option_first(row + 1, command))
        write(row, user);
}

/* A case of what stands before the word to be completed: 'count:-f | count:--format)'. */
static void bash_value(const struct option_row *row, void *user)
{
    const char *command = user;
    if (!row->argument)
        return;
    printf("    ");
    if (row->letter != 0)
        printf("%s:-%c | ", command, row->letter);
    /* If it may be left out, what is no part of the same word is no value. */
    if (!option_is_free(row))
        printf("%s:--%s | ", command, row->name);
    printf("%s:--%s=) ", command, row->name);
    if (has_choices(row)) {
        printf("words='");
        choices_write(row);
        printf("'");
    } else if (is_called(row, "FILE") || is_called(row, "DIR")) {
        printf("kind=%s", is_called(row, "DIR") ? "directory" : "file");
    } else {
        printf("return");
    }
    printf(" ;;\n");
}

static void bash_option(const struct option_row *row, void *user)
{
    (void)user;
    if (row->letter != 0)
        printf(" -%c", row->letter);
    printf(" --%s", row->name);
}

/* What can stand behind each command. */
static void bash_commands(void)
{
    for (int i = 0; i < N_COMMANDS; i++) {
        each_row((enum command)i, bash_value, (void *)command_table[i].name);
        printf("    %s:*) [[ $current == -* ]] && words='", command_table[i].name);
        each_row((enum command)i, bash_option, NULL);
        printf("' || kind=file ;;\n");
    }
}

void bash_write(void)
{
    printf("# Completion of wordmill's command line in bash. %s\n", made);
    printf("_wordmill()\n"
           "{\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} before=$3 words= kind=\n"
           "    COMPREPLY=()\n"
           "    # '=' is a word of its own.\n"
           "    if [[ $current == '=' ]]; then\n"
           "        current= before=$before=\n"
           "    elif [[ $before == '=' ]]; then\n"
           "        before=${COMP_WORDS[COMP_CWORD - 2]}=\n"
           "    fi\n"
           "    if ((COMP_CWORD == 1)); then\n"
           "        before=\n"
           "    fi\n"
           "    case ${COMP_WORDS[1]}:$before in\n"
           "    *:) words='");
    for (int i = 0; i < N_COMMANDS; i++)
        printf("%s ", command_table[i].name);
    printf("%s --help --version' ;;\n", help_words.name);
    printf("    %s:*) words='", help_words.name);
    for (int i = 0; i < N_COMMANDS; i++)
        printf("%s%s", i > 0 ? " " : "", command_table[i].name);
    printf("' ;;\n");
    bash_commands();
    printf("    esac\n"
           "    if [[ $kind ]]; then\n"
           "        compopt -o filenames 2>/dev/null\n"
           "        mapfile -t COMPREPLY < <(compgen -A \"$kind\" -- \"$current\")\n"
           "    else\n"
           "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
           "    fi\n"
           "}\n"
           "complete -F _wordmill wordmill\n");
}

/* What a value may be, behind the words of an option. */
static void zsh_value(const struct option_row *row)
{
    /* In its description no bracket and no '=' has a meaning that is wanted. */
    const char *argument = row->argument + strspn(row->argument, "[=");
    printf("%s:%.*s:", option_is_free(row) ? ":" : "", (int)strcspn(argument, "]"), argument);
    if (has_choices(row)) {
        printf("(");
        choices_write(row);
        printf(")");
    } else {
        printf("%s", is_called(row, "FILE") ? "_files" : is_called(row, "DIR") ? "_files -/" : " ");
    }
}

static void zsh_option(const struct option_row *row, void *user)
{
    (void)user;
    const char *sign = !row->argument ? "" : option_is_free(row) ? "=-" : "=";
    int is_often = row->set == set_word;
    printf("            ");
    if (row->letter != 0 && is_often)
        printf("'*'");
    else if (row->letter != 0)
        printf("'(-%c --%s)'", row->letter, row->name);
    if (row->letter != 0)
        printf("{-%c%s,--%s%s}'", row->letter, row->argument ? "+" : "", row->name, sign);
    else
        printf("'--%s%s", row->name, sign);
    printf("[");
    quoted_write(row->help, "'\\''");
    printf("]");
    if (row->argument)
        zsh_value(row);
    printf("' \\\n");
}

void zsh_write(void)
{
    printf("#compdef wordmill\n"
           "# Completion of wordmill's command line in zsh. %s\n"
           "_wordmill() {\n"
           "    local -a commands=(\n",
           made);
    for (int i = 0; i < N_COMMANDS; i++)
        printf("        '%s:%s'\n", command_table[i].name, command_table[i].summary);
    printf("    )\n"
           "    if [[ $words[2] == %s ]] && (( CURRENT == 3 )); then\n"
           "        _describe -t commands command commands\n"
           "        return\n"
           "    fi\n"
           "    commands+=('%s:%s')\n",
           help_words.name, help_words.name, help_words.summary);
    printf("    if (( CURRENT == 2 )); then\n"
           "        _describe -t commands command commands\n"
           "        _arguments '--help[prints help]' '--version[prints the version]'\n"
           "        return\n"
           "    fi\n"
           "    shift words\n"
           "    (( CURRENT-- ))\n"
           "    case $words[1] in\n");
    for (int i = 0; i < N_COMMANDS; i++) {
        printf("    %s)\n        _arguments -s -S \\\n", command_table[i].name);
        each_row((enum command)i, zsh_option, NULL);
        printf("            '*:file:_files' ;;\n");
    }
    printf("    esac\n"
           "}\n"
           "_wordmill \"$@\"\n");
}

static void fish_option(const struct option_row *row, void *user)
{
    printf("complete -c wordmill -n '__fish_seen_subcommand_from %s' -l %s", (const char *)user,
           row->name);
    if (row->letter != 0)
        printf(" -s %c", row->letter);
    if (has_choices(row)) {
        printf(" -%c -a '", option_is_free(row) ? 'f' : 'x');
        choices_write(row);
        printf("'");
    } else if (is_called(row, "FILE")) {
        printf(" -r -F");
    } else if (is_called(row, "DIR")) {
        printf(" -x -a '(__fish_complete_directories)'");
    } else if (row->argument && !option_is_free(row)) {
        printf(" -x");
    }
    printf(" -d '");
    quoted_write(row->help, "\\'");
    printf("'\n");
}

void fish_write(void)
{
    printf("# Completion of wordmill's command line in fish. %s\n", made);
    printf("complete -c wordmill -n __fish_use_subcommand -f -l help -d 'prints help'\n"
           "complete -c wordmill -n __fish_use_subcommand -f -l version -d 'prints the version'\n");
    for (int i = 0; i < N_COMMANDS; i++) {
        printf("complete -c wordmill -n __fish_use_subcommand -f -a %s -d '%s'\n",
               command_table[i].name, command_table[i].summary);
        each_row((enum command)i, fish_option, (void *)command_table[i].name);
        printf("complete -c wordmill -n '__fish_seen_subcommand_from %s' -f -a %s -d '%s'\n",
               help_words.name, command_table[i].name, command_table[i].summary);
    }
    printf("complete -c wordmill -n __fish_use_subcommand -f -a %s -d '%s'\n", help_words.name,
           help_words.summary);
}
