/*
 * The three standard descriptors. Standard output is written with write(2), not stdio, so that a
 * full disk or a closed pipe is noticed where it happens and can be named. What is quoted in a
 * message comes from outside, and is shown as wm_quote does: so a message stays one line.
 */
#include "console.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wordmill.h>

int console_open(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
            continue;
        /* The wrong direction, so that using it still fails with EBADF. */
        int flags = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (open("/dev/null", flags) != fd)
            return WM_EOPEN;
    }
    return 0;
}

static void line_say(const char *text)
{
    fprintf(stderr, "wordmill: %s\n", text);
}

void console_say(const char *format, ...)
{
    char raw[8192], line[2 * sizeof raw];
    va_list args;
    va_start(args, format);
    vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    wm_quote(raw, strlen(raw), line, sizeof line);
    line_say(line);
}

/* Names of the library whose words here are not their own with other signs. */
static const struct {
    const char *name, *words;
} names[] = {
    {"o.on_bad_line=", "--on-bad-line="},
    {"o.first_year and o.last_year", "--years"},
    {"o.values", "--value"},
    {"o.value_columns", "--value-column"},
    {"o.header=1", "--header"},
    {"o.format=counts", "'wordmill sum'"},
    {"o.format=auto", "'wordmill count'"},
    {"a job with o.format=counts", "'wordmill sum -O table'"},
    {"wm_table_open", "'wordmill query'"},
};

/* Puts what the command calls it at `to`, and moves *name behind it. Returns where that ends. */
static char *name_translate(const char **name, char *to)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t size = strlen(names[i].name);
        if (strncmp(*name, names[i].name, size) != 0)
            continue;
        *name += size;
        to = stpcpy(to, names[i].words);
        break;
    }
    if (strncmp(*name, "o.", 2) == 0) {
        to = stpcpy(to, "--");
        for (*name += 2; islower((unsigned char)**name) || **name == '_'; (*name)++) {
            *to = **name;
            if (*to == '_')
                *to = '-';
            to++;
        }
    }
    if (**name == '=') {
        *to++ = ' ';
        (*name)++;
    }
    return to;
}

void console_translate(wm_error *error)
{
    /* No words are longer than their name by more than a few bytes. */
    char text[2 * sizeof error->message], *to = text;
    const char *at = error->message;
    for (uint32_t i = 0; i < error->n_names; i++) {
        const char *name = error->message + error->names[i];
        to = mempcpy(to, at, (size_t)(name - at));
        at = name;
        to = name_translate(&at, to);
    }
    strcpy(to, at);
    error->n_names = 0;
    snprintf(error->message, sizeof error->message, "%.*s", (int)sizeof error->message - 1, text);
}

void console_error(const wm_error *error)
{
    wm_error translated = *error;
    console_translate(&translated);
    line_say(translated.message);
}

int console_can_draw(void)
{
    const char *terminal = getenv("TERM");
    return isatty(STDERR_FILENO) && (!terminal || strcmp(terminal, "dumb") != 0);
}

int console_is_in_background(void)
{
    pid_t group = tcgetpgrp(STDERR_FILENO);
    return group >= 0 && group != getpgrp();
}

void console_write(const char *text, size_t size)
{
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTTOU);
    sigprocmask(SIG_BLOCK, &stop, &before);
    ssize_t ignored = write(STDERR_FILENO, text, size);
    (void)ignored;
    sigprocmask(SIG_SETMASK, &before, NULL);
}

const char *console_reason(int error)
{
    static char reason[128];
    snprintf(reason, sizeof reason, "%s", strerror(error));
    reason[0] = (char)tolower((unsigned char)reason[0]);
    return reason;
}

static int output_failed(int error)
{
    console_say("cannot write standard output: %s", console_reason(error));
    return WM_EWRITE;
}

int console_print(const char *text)
{
    size_t size = strlen(text);
    while (size > 0) {
        ssize_t n = write(STDOUT_FILENO, text, size);
        if (n < 0) {
            if (errno == EINTR)
                continue;
            return output_failed(errno);
        }
        text += n;
        size -= (size_t)n;
    }
    return 0;
}

int console_close(void)
{
    if (close(STDOUT_FILENO) < 0 && errno != EINTR)
        return output_failed(errno);
    return 0;
}
