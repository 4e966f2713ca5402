/*
 * Hosts that are not what they were when they started a job: of another user, or another process.
 */
#include "jobs.h"

#include <grp.h>
#include <time.h>

#include "v2_map.h"

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Goes on until the host is gone, and takes a second's notice. */
static int map_for_ever(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    const pid_t *host = user;
    while (getppid() == *host)
        poll(NULL, 0, 10);
    return v2_map(mapper, record, size, NULL);
}

/* Frees a job whose workers it may not kill any more. */
static int free_as_another_user(wm_map_fn *map, double least, double most)
{
    pid_t self = getpid();
    wm_options o = job_options(2, 100000);
    o.map = map;
    o.map_user = &self;
    wm_job *job = NULL;
    if (wm_job_start(&o, &files.big, 1, &job, NULL) != 0)
        return 1;
    if (setgroups(0, NULL) < 0 || setgid(20000) < 0 || setuid(20000) < 0)
        return 2;
    double start = seconds();
    wm_job_free(job);
    double took = seconds() - start;
    if (took < least || took > most)
        fprintf(stderr, "%.1f s\n", took);
    return took < least || took > most ? 3 : 0;
}

static int free_workers_that_get_on(void)
{
    int rc = free_as_another_user(v2_map, 0, 60);
    return rc ? rc : waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : 4;
}

static int free_workers_that_do_not(void)
{
    return free_as_another_user(map_for_ever, 0.9, 60);
}

static void workers_that_cannot_be_killed_do_not_hold_up_their_host(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    in_child(free_workers_that_get_on);
    in_child(free_workers_that_do_not);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workers_that_cannot_be_killed_do_not_hold_up_their_host),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
