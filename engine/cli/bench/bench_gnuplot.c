/*
 * gnuplot reads a script from its standard input, a file without a name, and writes the picture to
 * its standard output, a pipe. So no path has to be quoted in a script or a shell. gnuplot does not
 * notice that a disk is full, so it writes to none.
 */
#include "bench/bench_gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

/* 0, or WM_EWRITE after saying why the script, which then is closed, is not whole. */
static int script_end(FILE *script, const char *what)
{
    if (script && fflush(script) == 0 && !ferror(script))
        return 0;
    console_say("%s: cannot write a file in '%s': %s; TMPDIR names another folder", what,
                scratch_folder(), console_reason(errno));
    if (script)
        fclose(script);
    return WM_EWRITE;
}

/* Starts it on a script, with a pipe as its output: 0, or what went wrong. */
static int script_start(FILE *script, int output, int is_quiet, pid_t *pid)
{
    char *arguments[] = {"gnuplot", "-d", "-", NULL};
    posix_spawn_file_actions_t actions;
    rewind(script);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (is_quiet)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    /* Or it would not know letters beyond ASCII in a file's name. */
    setenv("LC_ALL", "C.UTF-8", 1);
    int error = posix_spawnp(pid, "gnuplot", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* To the end of the pipe, whether or not there is a picture to add it to. */
static void pipe_read(int fd, FILE *picture)
{
    char buffer[16384];
    ssize_t n;
    do {
        n = read(fd, buffer, sizeof buffer);
        if (n > 0 && picture)
            fwrite(buffer, 1, (size_t)n, picture);
    } while (n > 0 || (n < 0 && errno == EINTR));
}

/* Runs gnuplot on a script, which it closes: its exit status, or -1 with errno. picture may be
 * NULL. */
static int script_run(FILE *script, int is_quiet, FILE *picture)
{
    int ends[2], status = -1;
    pid_t pid;
    int error = pipe2(ends, O_CLOEXEC) < 0 ? errno : 0;
    if (error == 0) {
        error = script_start(script, ends[1], is_quiet, &pid);
        close(ends[1]);
        if (error == 0)
            pipe_read(ends[0], picture);
        close(ends[0]);
        while (error == 0 && waitpid(pid, &status, 0) < 0)
            error = errno == EINTR ? 0 : errno;
    }
    fclose(script);
    errno = error;
    return error != 0 ? -1 : status;
}

int gnuplot_check(const char *what, const char *terminal, const char *kind)
{
    FILE *script = gnuplot_script();
    if (script)
        fprintf(script, "set terminal %s\n", terminal);
    if (script_end(script, what) < 0)
        return WM_EWRITE;
    int status = script_run(script, 1, NULL);
    int error = errno;
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

int gnuplot_draw(FILE *script, const char *path, char **text, size_t *size)
{
    char what[PATH_MAX + 32];
    snprintf(what, sizeof what, "cannot plot to '%s'", path);
    if (script_end(script, what) < 0)
        return WM_EWRITE;
    FILE *picture = open_memstream(text, size);
    int status = script_run(script, 0, picture);
    int error = errno;
    if (!picture || ferror(picture) | fclose(picture)) {
        status = -1;
        error = ENOMEM;
    }
    if (status == 0)
        return 0;
    free(picture ? *text : NULL);
    if (status < 0)
        console_say("%s: %s", what, console_reason(error));
    else
        console_say("%s: gnuplot failed", what);
    return WM_EWRITE;
}
