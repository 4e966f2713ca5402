/*
 * Its standard output is the descriptor, and its figures go to a file without a name that it gets
 * as descriptor 3. What it has to say goes to standard error, as it would from a shell.
 */
#include "bench/bench_child.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "bench/bench_scratch.h"
#include "exit_status.h"
#include "foreground.h"

enum { STATS_FD = 3, N_OWN = 10, SIZE_OF_NUMBER = 48 };

extern char **environ;

struct arguments {
    char **list;
    char numbers[4][SIZE_OF_NUMBER];
};

/* 'count', options of this configuration, those that were passed, and the files. */
static int arguments_make(struct arguments *arguments, const struct child *child,
                          const struct config *config)
{
    size_t n = 0, n_numbers = 0;
    arguments->list = calloc(N_OWN + child->n_passed + child->n_paths, sizeof *arguments->list);
    if (!arguments->list)
        return -1;
    const char **list = (const char **)arguments->list;
    const struct {
        const char *name;
        uint64_t value;
        int is_given;
    } numbers[] = {
        {"workers", config->workers, config->workers != CONFIG_WORKERS_AUTO},
        {"partition-size", config->partition_size, config->partition_size > 0},
        {"partition-lines", config->partition_lines, config->partition_lines > 0},
        {"fan-in", config->fan_in, config->fan_in > 0},
    };
    list[n++] = "wordmill";
    list[n++] = "count";
    list[n++] = "--quiet";
    list[n++] = "--on-bad-line=skip";
    list[n++] = "--stats=/dev/fd/3";
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (!numbers[i].is_given)
            continue;
        snprintf(arguments->numbers[n_numbers], SIZE_OF_NUMBER, "--%s=%" PRIu64, numbers[i].name,
                 numbers[i].value);
        list[n++] = arguments->numbers[n_numbers++];
    }
    for (size_t i = 0; i < child->n_passed; i++)
        list[n++] = child->passed[i];
    list[n++] = "--";
    for (size_t i = 0; i < child->n_paths; i++)
        list[n++] = child->paths[i];
    return 0;
}

static int child_start(const char *program, char **list, int fd, int stats_fd, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, stats_fd, STATS_FD);
    int error = program ? posix_spawnp(pid, program, &actions, NULL, list, environ)
                        : posix_spawn(pid, "/proc/self/exe", &actions, NULL, list, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* A signal that comes meanwhile is passed on; the child ends cleanly of it. */
static int child_wait(pid_t pid)
{
    int status = 0;
    for (;;) {
        pid_t done = waitpid(pid, &status, 0);
        if (done == pid)
            return status;
        if (errno != EINTR)
            return -1;
        if (foreground_interrupted())
            kill(pid, SIGTERM);
    }
}

static int child_fail(wm_error *error, int code, const char *program, const char *why)
{
    snprintf(error->message, sizeof error->message, "'%s' %s", program ? program : "wordmill", why);
    error->code = code;
    return code;
}

/* What an older build does not say is 0. */
static double either(const json_t *object, const char *name)
{
    return json_number_value(json_object_get(object, name));
}

static void phases_get(const json_t *object, double *phases)
{
    for (int i = 0; i < WM_N_PHASES; i++)
        phases[i] = either(object, wm_name(WM_NAMES_PHASE, i));
}

/* What --stats wrote to the descriptor, from its start: 0, or -1 if that is no JSON. */
static int stats_read(int fd, wm_stats *stats)
{
    char text[16384];
    ssize_t size = pread(fd, text, sizeof text, 0);
    json_t *root = size > 0 ? json_loadb(text, (size_t)size, 0, NULL) : NULL;
    if (!root)
        return -1;
    *stats = (wm_stats){.bytes = (uint64_t)either(root, "bytes"),
                        .lines = (uint64_t)either(root, "lines"),
                        .words = (uint64_t)either(root, "words"),
                        .partition_size = (uint64_t)either(root, "partition_size"),
                        .partitions = (uint64_t)either(root, "partitions"),
                        .largest_partition = (uint64_t)either(root, "largest_partition"),
                        .workers = (unsigned)either(root, "workers"),
                        .workers_started = (unsigned)either(root, "workers_started"),
                        .fan_in = (unsigned)either(root, "fan_in"),
                        .rounds = (unsigned)either(root, "rounds"),
                        .runs = (uint64_t)either(root, "runs"),
                        .run_bytes = (uint64_t)either(root, "run_bytes"),
                        .reduce_tasks = (uint64_t)either(root, "reduce_tasks"),
                        .retries = (uint64_t)either(root, "retries"),
                        .messages = (uint64_t)either(root, "messages"),
                        .message_bytes = (uint64_t)either(root, "message_bytes"),
                        .unpack_seconds = either(root, "unpack_seconds"),
                        .output_seconds = either(root, "output_seconds"),
                        .seconds = either(root, "seconds")};
    const json_t *memory = json_object_get(root, "peak_memory");
    const json_t *rounds = json_object_get(root, "round_seconds");
    stats->peak_arena = (uint64_t)either(memory, "shared_runs");
    phases_get(json_object_get(root, "phase_seconds"), stats->phase_seconds);
    phases_get(json_object_get(root, "busy_seconds"), stats->busy_seconds);
    for (size_t i = 0; i < json_array_size(rounds) && i < WM_ROUNDS_MAX; i++)
        stats->round_seconds[i] = json_number_value(json_array_get(rounds, i));
    json_decref(root);
    return 0;
}

/* A file for the figures, above 3, so that it is not closed when it becomes 3. Or -1. */
static int stats_open(void)
{
    int made = scratch_open();
    int fd = made >= 0 ? fcntl(made, F_DUPFD_CLOEXEC, STATS_FD + 1) : -1;
    if (made >= 0)
        close(made);
    return fd;
}

/* Runs the list of arguments, and times it: the child's status as waitpid has it, or -1: there was
 * none. */
static int child_time(const char *program, char **list, int fd, int stats_fd, struct span *span)
{
    pid_t pid;
    int status = -1;
    struct span start = clock_start();
    if (child_start(program, list, fd, stats_fd, &pid) == 0)
        status = child_wait(pid);
    *span = clock_stop(start);
    return status;
}

int child_run(const struct child *child, const struct config *config, int fd, struct span *span,
              wm_stats *stats, wm_error *error)
{
    struct arguments arguments;
    const char *program = child->program;
    char why[64];
    int stats_fd = stats_open();
    if (stats_fd < 0)
        return child_fail(error, WM_EWRITE, program,
                          "cannot be run: no file for its figures can be made where TMPDIR says");
    if (arguments_make(&arguments, child, config) < 0) {
        close(stats_fd);
        return child_fail(error, WM_ENOMEM, program, "cannot be run: no memory");
    }
    int status = child_time(program, arguments.list, fd, stats_fd, span);
    free(arguments.list);
    int has_stats = status != -1 && stats_read(stats_fd, stats) == 0;
    close(stats_fd);
    if (foreground_interrupted())
        return child_fail(error, WM_ECANCELED, program, "was interrupted");
    if (status == -1)
        return child_fail(error, WM_EFORK, program, "cannot be run");
    if (!WIFEXITED(status))
        return child_fail(error, WM_EFORK, program, "was killed");
    snprintf(why, sizeof why, "ended with status %d", WEXITSTATUS(status));
    if (WEXITSTATUS(status) != EXIT_DONE && WEXITSTATUS(status) != EXIT_SKIPPED)
        return child_fail(error, WM_EREAD, program, why);
    if (!has_stats)
        return child_fail(error, WM_EREAD, program, "wrote no figures to --stats");
    return 0;
}
