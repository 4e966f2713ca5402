/*
 * The totals are the sum over the tasks that were counted, each once, however often and by however
 * many processes, and whatever a process left of them that died holding the mutex. No child asserts
 * anything: it leaves with a code, and its parent asserts that.
 */
#include "shared/progress.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "random.h"

static uint64_t lines_of(uint32_t task)
{
    return 3 * (uint64_t)task + 1;
}

static uint64_t bytes_of(uint32_t task)
{
    return (uint64_t)task << 33 | 7;
}

static void count(struct progress *progress, uint32_t task)
{
    progress_count(progress, task, lines_of(task), bytes_of(task));
}

/* Asserts that the totals are those of tasks 0 to n_tasks - 1. */
static void check_totals(struct progress *progress, uint32_t n_tasks)
{
    uint64_t tasks, lines, bytes, want_lines = 0, want_bytes = 0;
    for (uint32_t i = 0; i < n_tasks; i++) {
        want_lines += lines_of(i);
        want_bytes += bytes_of(i);
    }
    progress_read(progress, &tasks, &lines, &bytes);
    assert_int_equal(tasks, n_tasks);
    assert_int_equal(lines, want_lines);
    assert_int_equal(bytes, want_bytes);
}

static void wait_for(pid_t child)
{
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* Where the drawing in progress.h says that the records are. */
static struct progress_record *record_of(struct progress *progress, uint32_t task)
{
    return (struct progress_record *)&progress->slots[progress->n_slots] + task;
}

/* A child takes the mutex, does harm, and dies with it. */
static void die_with_mutex(struct progress *progress, void (*harm)(struct progress *))
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (pthread_mutex_lock(&progress->mutex) != 0)
            _exit(1);
        harm(progress);
        _exit(0);
    }
    wait_for(child);
}

static void no_harm(struct progress *progress)
{
    (void)progress;
}

static void tear_totals(struct progress *progress)
{
    atomic_store(&progress->totals.tasks, 1000);
    atomic_store(&progress->totals.lines, UINT64_MAX);
    atomic_store(&progress->totals.bytes, 0);
}

/* Task 5 is recorded, but the totals know only of its number. */
static void count_task_5_by_half(struct progress *progress)
{
    struct progress_record *record = record_of(progress, 5);
    atomic_store(&progress->n_touched, 6);
    record->lines = lines_of(5);
    record->bytes = bytes_of(5);
    atomic_store(&record->counted, 1);
    atomic_fetch_add(&progress->totals.tasks, 1);
}

/* Task 5 has some of its record, but was not counted. */
static void record_task_5_by_half(struct progress *progress)
{
    atomic_store(&progress->n_touched, 6);
    record_of(progress, 5)->lines = 123456789;
}

static void new_region_has_idle_slots_and_no_totals(void **state)
{
    (void)state;
    struct progress *progress = progress_new(5, 100);
    assert_non_null(progress);
    assert_int_equal(progress->n_slots, 5);
    assert_int_equal(progress->n_records, 100);
    check_totals(progress, 0);
    for (uint32_t i = 0; i < 5; i++) {
        struct progress_slot *slot = &progress->slots[i];
        assert_int_equal((uintptr_t)slot % 64, 0);
        assert_true(atomic_load(&slot->task) == PROGRESS_NO_TASK);
        assert_int_equal(atomic_load(&slot->attempts), 0);
        assert_int_equal(atomic_load(&slot->offset), 0);
    }
    progress_free(progress);
    progress_free(NULL);
}

static void task_counted_twice_is_counted_once(void **state)
{
    (void)state;
    struct progress *progress = progress_new(1, 10);
    assert_non_null(progress);
    count(progress, 0);
    check_totals(progress, 1);
    count(progress, 0);
    progress_count(progress, 0, 999, 999);
    check_totals(progress, 1);
    for (uint32_t i = 10; i-- > 0;)
        count(progress, i);
    check_totals(progress, 10);
    assert_int_equal(atomic_load(&progress->n_repairs), 0);
    progress_free(progress);
}

static void task_that_is_out_of_range_is_ignored(void **state)
{
    (void)state;
    struct progress *progress = progress_new(1, 10), *none = progress_new(1, 0);
    assert_non_null(progress);
    assert_non_null(none);
    count(progress, 10);
    count(progress, 11);
    count(progress, PROGRESS_NO_TASK);
    check_totals(progress, 0);
    count(progress, 0);
    check_totals(progress, 1);
    count(none, 0);
    check_totals(none, 0);
    progress_free(none);
    progress_free(progress);
}

static void several_processes_count_every_task_once(void **state)
{
    (void)state;
    enum { N_CHILDREN = 4, N_TASKS = 500 };
    struct progress *progress = progress_new(N_CHILDREN, N_TASKS);
    assert_non_null(progress);
    pid_t children[N_CHILDREN];
    for (uint32_t i = 0; i < N_CHILDREN; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] > 0)
            continue;
        /* Random tasks first, so that children meet, then all of them. */
        uint64_t random = i % 2;
        for (uint32_t j = 0; j < 2000; j++)
            count(progress, (uint32_t)random_below(&random, N_TASKS));
        for (uint32_t j = 0; j < N_TASKS; j++)
            count(progress, j);
        _exit(0);
    }
    for (uint32_t i = 0; i < N_CHILDREN; i++)
        wait_for(children[i]);
    check_totals(progress, N_TASKS);
    assert_int_equal(atomic_load(&progress->n_repairs), 0);
    progress_free(progress);
}

/* Tasks 0 to 4 are counted, then a child does harm and dies, then task 5 is counted. */
static void check_repair(void (*harm)(struct progress *))
{
    struct progress *progress = progress_new(2, 20);
    assert_non_null(progress);
    for (uint32_t i = 0; i < 5; i++)
        count(progress, i);
    die_with_mutex(progress, harm);
    assert_int_equal(atomic_load(&progress->n_repairs), 0);
    count(progress, 5);
    assert_int_equal(atomic_load(&progress->n_repairs), 1);
    check_totals(progress, 6);
    for (uint32_t i = 0; i < 20; i++)
        count(progress, i);
    assert_int_equal(atomic_load(&progress->n_repairs), 1);
    check_totals(progress, 20);
    progress_free(progress);
}

static void mutex_of_a_dead_process_is_repaired_by_the_next_count(void **state)
{
    (void)state;
    check_repair(no_harm);
}

static void torn_totals_are_added_up_again_from_the_records(void **state)
{
    (void)state;
    check_repair(tear_totals);
}

static void task_counted_by_half_is_counted_once(void **state)
{
    (void)state;
    check_repair(count_task_5_by_half);
}

static void task_recorded_by_half_is_counted_as_new(void **state)
{
    (void)state;
    check_repair(record_task_5_by_half);
}

static void count_of_a_task_already_counted_repairs_too(void **state)
{
    (void)state;
    struct progress *progress = progress_new(1, 5);
    assert_non_null(progress);
    for (uint32_t i = 4; i-- > 0;)
        count(progress, i);
    die_with_mutex(progress, tear_totals);
    count(progress, 0);
    check_totals(progress, 4);
    assert_int_equal(atomic_load(&progress->n_repairs), 1);
    progress_free(progress);
}

static void every_death_is_repaired_while_others_count(void **state)
{
    (void)state;
    enum { N_TASKS = 300, N_DEATHS = 20 };
    struct progress *progress = progress_new(2, N_TASKS);
    assert_non_null(progress);
    pid_t counter = fork();
    assert_true(counter >= 0);
    if (counter == 0) {
        for (uint32_t i = 0; i < N_TASKS; i++)
            count(progress, i);
        _exit(0);
    }
    for (uint32_t i = 0; i < N_DEATHS; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            /* Repairs what the child before it did, if the counter has not done so yet. */
            count(progress, i);
            if (pthread_mutex_lock(&progress->mutex) != 0)
                _exit(1);
            tear_totals(progress);
            _exit(0);
        }
        wait_for(child);
        count(progress, N_TASKS - 1 - i);
    }
    wait_for(counter);
    check_totals(progress, N_TASKS);
    assert_int_equal(atomic_load(&progress->n_repairs), N_DEATHS);
    progress_free(progress);
}

#ifdef WORDMILL_FAULTS
static void worker_killed_at_the_fault_point_is_repaired(void **state)
{
    (void)state;
    struct progress *progress = progress_new(1, 20);
    assert_non_null(progress);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (setenv("WORDMILL_FAULT", "mutex:3", 1) != 0)
            _exit(1);
        for (uint32_t i = 0; i < 20; i++)
            count(progress, i);
        _exit(2);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
    assert_true(atomic_load(&record_of(progress, 2)->counted));
    count(progress, 3);
    check_totals(progress, 4);
    assert_int_equal(atomic_load(&progress->n_repairs), 1);
    progress_free(progress);
}
#endif

/* Stands for an owner that is stopped: this process waits, and goes on without the mutex. */
static void tasks_are_counted_while_the_mutex_is_held_for_good(void **state)
{
    (void)state;
    struct progress *progress = progress_new(1, 8);
    assert_non_null(progress);
    count(progress, 0);
    assert_int_equal(pthread_mutex_lock(&progress->mutex), 0);
    pid_t child = fork();
    if (child == 0) {
        for (uint32_t task = 0; task < 4; task++)
            count(progress, task);
        _exit(0);
    }
    wait_for(child);
    check_totals(progress, 4);
    assert_int_equal(pthread_mutex_unlock(&progress->mutex), 0);
    check_totals(progress, 4);
    count(progress, 4);
    assert_int_equal(atomic_load(&progress->missing), 0);
    check_totals(progress, 5);
    progress_free(progress);
}

static void a_worker_has_moved_if_anything_of_its_slot_has(void **state)
{
    (void)state;
    struct progress *progress = progress_new(1, 1);
    struct progress_mark mark = {.attempts = 0};
    assert_non_null(progress);
    struct progress_slot *slot = &progress->slots[0];
    progress_moved(slot, &mark);
    assert_false(progress_moved(slot, &mark));
    progress_begin(slot, 0);
    assert_true(progress_moved(slot, &mark));
    assert_false(progress_moved(slot, &mark));
    progress_step(slot);
    assert_true(progress_moved(slot, &mark));
    atomic_store(&slot->record, 17);
    assert_true(progress_moved(slot, &mark));
    progress_begin(slot, 0);
    assert_true(progress_moved(slot, &mark));
    assert_false(progress_moved(slot, &mark));
    progress_free(progress);
}

static void slot_tells_what_its_worker_does(void **state)
{
    (void)state;
    struct progress *progress = progress_new(2, 1);
    assert_non_null(progress);
    struct progress_slot *slot = &progress->slots[1];
    progress_begin(slot, 17);
    assert_int_equal(atomic_load(&slot->task), 17);
    assert_int_equal(atomic_load(&slot->attempts), 1);
    atomic_store(&slot->offset, 4711);
    progress_begin(slot, 17);
    assert_int_equal(atomic_load(&slot->attempts), 2);
    assert_int_equal(atomic_load(&slot->offset), 0);
    progress_end(slot);
    assert_true(atomic_load(&slot->task) == PROGRESS_NO_TASK);
    assert_int_equal(atomic_load(&slot->attempts), 2);
    assert_true(atomic_load(&progress->slots[0].task) == PROGRESS_NO_TASK);
    assert_int_equal(atomic_load(&progress->slots[0].attempts), 0);
    check_totals(progress, 0);
    progress_free(progress);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_region_has_idle_slots_and_no_totals),
        cmocka_unit_test(task_counted_twice_is_counted_once),
        cmocka_unit_test(task_that_is_out_of_range_is_ignored),
        cmocka_unit_test(several_processes_count_every_task_once),
        cmocka_unit_test(mutex_of_a_dead_process_is_repaired_by_the_next_count),
        cmocka_unit_test(torn_totals_are_added_up_again_from_the_records),
        cmocka_unit_test(task_counted_by_half_is_counted_once),
        cmocka_unit_test(task_recorded_by_half_is_counted_as_new),
        cmocka_unit_test(count_of_a_task_already_counted_repairs_too),
        cmocka_unit_test(every_death_is_repaired_while_others_count),
#ifdef WORDMILL_FAULTS
        cmocka_unit_test(worker_killed_at_the_fault_point_is_repaired),
#endif
        cmocka_unit_test(tasks_are_counted_while_the_mutex_is_held_for_good),
        cmocka_unit_test(a_worker_has_moved_if_anything_of_its_slot_has),
        cmocka_unit_test(slot_tells_what_its_worker_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
