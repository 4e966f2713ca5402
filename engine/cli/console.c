/*
 * The three standard descriptors. Standard output is written with write(2), not stdio, so that a
 * full disk or a closed pipe is noticed where it happens and can be named. What is quoted in a
 * message comes from outside: control bytes are replaced, so a message stays one line.
 */
#include "console.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
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

void console_say(const char *format, ...)
{
    static const char prefix[] = "wordmill: ";
    char line[8192];
    size_t start = sizeof prefix - 1;
    memcpy(line, prefix, sizeof prefix);

    va_list args;
    va_start(args, format);
    vsnprintf(line + start, sizeof line - start - 1, format, args);
    va_end(args);

    size_t size = strlen(line);
    for (size_t i = start; i < size; i++)
        if (iscntrl((unsigned char)line[i]))
            line[i] = '?';
    line[size] = '\n';
    line[size + 1] = '\0';
    fputs(line, stderr);
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
