/*
 * gnuplot reads a script from its standard input, a file without a name, and writes the picture to
 * its standard output, the descriptor: so no path has to be quoted in a script or a shell.
 */
#include "bench/bench_gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wordmill.h>

#include "bench/bench_scratch.h"
#include "console.h"

extern char **environ;

FILE *gnuplot_script(void)
{
    int fd = scratch_open();
    FILE *script = fd >= 0 ? fdopen(fd, "w+") : NULL;
    if (!script && fd >= 0)
        close(fd);
    return script;
}

/* Runs gnuplot on a script, which it closes: its exit status, or -1 with errno. */
static int script_run(FILE *script, int output, int is_quiet)
{
    char *arguments[] = {"gnuplot", "-d", "-", NULL};
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status = -1;
    int error = fflush(script) != 0 ? errno : 0;
    rewind(script);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (is_quiet)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    /* Or it would not know letters beyond ASCII in a file's name. */
    setenv("LC_ALL", "C.UTF-8", 1);
    if (error == 0)
        error = posix_spawnp(&pid, "gnuplot", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    fclose(script);
    while (error == 0 && waitpid(pid, &status, 0) < 0)
        error = errno == EINTR ? 0 : errno;
    errno = error;
    return error != 0 ? -1 : status;
}

int gnuplot_check(const char *what, const char *terminal, const char *kind)
{
    int status = -1;
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    FILE *script = gnuplot_script();
    if (script) {
        fprintf(script, "set terminal %s\n", terminal);
        status = script_run(script, null, 1);
    }
    int error = errno;
    if (null >= 0)
        close(null);
    if (status == 0)
        return 0;
    if (status < 0 && error == ENOENT)
        console_say("%s: gnuplot is not installed; Debian has it as gnuplot-nox", what);
    else if (status < 0)
        console_say("%s: cannot run gnuplot: %s", what, console_reason(error));
    else
        console_say("%s: this gnuplot cannot draw %s files", what, kind);
    return WM_EWRITE;
}

int gnuplot_draw(FILE *script, const char *path, int fd)
{
    int status = script ? script_run(script, fd, 0) : -1;
    if (status == 0)
        return 0;
    if (status < 0)
        console_say("cannot plot to '%s': %s", path, console_reason(errno));
    else
        console_say("cannot plot to '%s': gnuplot failed", path);
    return WM_EWRITE;
}
