/*
 * The scheduler, driven by random events against a model that knows which task every worker has:
 * whatever dies, hangs, comes back, is done twice, is dropped or is added late, each task is
 * committed exactly once or dropped, and the end is always reached. WORDMILL_SEED=N replays one
 * schedule; with WORDMILL_LONG there are a million.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/code.h"
#include "random.h"
#include "dispatch/schedule.h"
#include "repeat.h"

#define N_SCHEDULES 20000
#define N_SCHEDULES_LONG 1000000
#define N_TASKS_MAX 300
#define N_WORKERS_MAX 16

struct worker_model {
    uint32_t queue[SCHEDULE_DEPTH];
    uint32_t n;
    uint64_t since;
    int gone;
    int dismissed; /* it was too slow, and will be gone */
};

struct model {
    struct schedule schedule;
    uint64_t random;
    uint64_t seed;
    uint64_t now;
    uint32_t n_workers;
    struct worker_model workers[N_WORKERS_MAX];
    uint32_t n_tasks, n_to_add; /* to_add: before the schedule is closed */
    unsigned char done[N_TASKS_MAX], dropped[N_TASKS_MAX], deaths[N_TASKS_MAX], kills[N_TASKS_MAX];
    uint64_t furthest[N_TASKS_MAX];
    unsigned char held[N_TASKS_MAX]; /* by so many workers now */
    uint64_t time, n_timed;          /* of answers */
    unsigned n_backups, n_late;
    unsigned char fresh[N_TASKS_MAX];
    uint32_t last_fresh;
    int closed;
    int poisoned;
    unsigned death_rate, drop_rate; /* of 1000 */
    unsigned pace;                  /* time passes the faster the larger it is */
    uint32_t slow;                  /* a worker to which little happens; may be none */
    int chosen_task_kills;          /* workers with task 0 running die more often */
};

static void expect(const struct model *m, int holds, const char *what)
{
    if (!holds)
        fail_msg("seed %llu: %s", (unsigned long long)m->seed, what);
}

static uint32_t count_left(const struct model *m)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < m->n_tasks; i++)
        n += !m->dropped[i] && (!m->done[i] || m->held[i] > 0);
    return n;
}

/* What must hold between any two events. */
static void check_state(const struct model *m)
{
    const struct schedule *s = &m->schedule;
    uint32_t n_held = 0;
    expect(m, s->n_tasks == m->n_tasks, "tasks were lost");
    expect(m, s->n_left == count_left(m), "what is left is miscounted");
    expect(m, schedule_finished(s) == (m->closed && count_left(m) == 0), "the end is wrong");
    for (uint32_t i = 0; i < m->n_workers; i++) {
        const struct worker_model *w = &m->workers[i];
        n_held += w->n;
        expect(m, w->n <= SCHEDULE_DEPTH, "a worker has too many tasks");
        expect(m, schedule_running(s, i) == (w->n ? w->queue[0] : SCHEDULE_NONE),
               "another task is said to run");
    }
    expect(m, s->n_given == n_held, "what is given out is miscounted");
    expect(m, s->n_again + n_held <= m->n_workers * SCHEDULE_DEPTH, "the stack may overflow");
    for (uint32_t i = 0; i < m->n_tasks; i++)
        expect(m, m->held[i] <= 2, "a task is given out three times");
}

static void add_tasks(struct model *m)
{
    uint32_t n = (uint32_t)random_below(&m->random, m->n_to_add + 1);
    if (random_below(&m->random, 8) == 0)
        n = m->n_to_add;
    expect(m, schedule_add(&m->schedule, n) == 0, "no memory");
    memset(m->fresh + m->n_tasks, 1, n);
    m->n_tasks += n;
    m->n_to_add -= n;
    if (m->n_to_add == 0 && random_below(&m->random, 3) == 0) {
        schedule_close(&m->schedule);
        m->closed = 1;
    }
}

/* 1 if the worker was given a task. */
static int next_task(struct model *m, uint32_t worker)
{
    struct worker_model *w = &m->workers[worker];
    uint32_t n_waiting = 0, n_again = 0;
    for (uint32_t i = 0; i < m->n_tasks; i++) {
        int waits = !m->done[i] && !m->dropped[i] && !m->held[i];
        n_waiting += (uint32_t)waits;
        n_again += (uint32_t)(waits && !m->fresh[i]);
    }
    uint32_t task = schedule_next(&m->schedule, worker, m->now);
    if (task == SCHEDULE_NONE) {
        expect(m, w->n > 0 || n_waiting == 0, "an idle worker gets nothing though a task waits");
        return 0;
    }
    expect(m, w->n < SCHEDULE_DEPTH, "a worker is given more than it may have");
    expect(m, task < m->n_tasks && !m->done[task] && !m->dropped[task] && !m->held[task],
           "a task is given out that is not pending");
    expect(m, n_again == 0 || !m->fresh[task], "a fresh task goes before one of a dead worker");
    if (m->fresh[task]) {
        expect(m, task >= m->last_fresh, "fresh tasks are not given out in order");
        m->last_fresh = task + 1;
    }
    m->fresh[task] = 0;
    m->held[task] = 1;
    if (w->n == 0)
        w->since = m->now;
    w->queue[w->n++] = task;
    return 1;
}

/* The longest that a worker has been at a task that it alone has. */
static uint64_t longest(const struct model *m)
{
    uint64_t longest = 0;
    for (uint32_t i = 0; i < m->n_workers; i++) {
        const struct worker_model *w = &m->workers[i];
        for (uint32_t j = 0; j < w->n; j++) {
            uint32_t task = w->queue[j];
            if (m->held[task] == 1 && !m->done[task] && !m->dropped[task] &&
                m->now - w->since > longest)
                longest = m->now - w->since;
        }
    }
    return longest;
}

/* 1 if the idle worker was given a backup; it is if somebody is too slow, and only then. */
static int back_up(struct model *m, uint32_t worker)
{
    struct worker_model *w = &m->workers[worker];
    uint64_t limit = m->n_timed > 0 ? 2 * m->time / m->n_timed : UINT64_MAX;
    uint32_t task = schedule_straggler(&m->schedule, m->now);
    if (limit < SCHEDULE_BACKUP_TIME)
        limit = SCHEDULE_BACKUP_TIME;
    expect(m, (task != SCHEDULE_NONE) == (longest(m) >= limit), "a backup is due, or is not");
    expect(m, (schedule_overdue(&m->schedule) <= m->now) == (longest(m) >= limit),
           "a task is overdue, or is not");
    if (task == SCHEDULE_NONE)
        return 0;
    expect(m, m->held[task] == 1 && !m->done[task] && !m->dropped[task],
           "a task is backed up that need not be");
    schedule_back_up(&m->schedule, worker, task, m->now);
    m->held[task]++;
    w->since = m->now;
    w->queue[w->n++] = task;
    m->n_backups++;
    return 1;
}

static void check_wrong_done(struct model *m, uint32_t worker)
{
    const struct worker_model *w = &m->workers[worker];
    uint32_t task = (uint32_t)random_below(&m->random, m->n_tasks + 2);
    if (w->n > 1 && random_below(&m->random, 2) == 0)
        task = w->queue[1];
    if (w->n > 0 && task == w->queue[0])
        return;
    expect(m, schedule_done(&m->schedule, worker, task, m->now) == CODE_PROTOCOL,
           "a worker ended what it does not run");
}

static void end_task(struct model *m, uint32_t worker)
{
    struct worker_model *w = &m->workers[worker];
    uint32_t task = w->queue[0];
    int rc = schedule_done(&m->schedule, worker, task, m->now);
    expect(m, rc == (!m->dropped[task] && !m->done[task]), "a task counts twice, or never");
    m->n_late += m->done[task];
    if (rc == 1)
        m->done[task] = 1;
    m->held[task]--;
    m->time += m->now - w->since;
    m->n_timed++;
    w->since = m->now;
    memmove(w->queue, w->queue + 1, --w->n * sizeof *w->queue);
    uint32_t other = schedule_holder(&m->schedule, task);
    expect(m, (other != SCHEDULE_NONE) == (m->held[task] > 0), "who was too slow is not known");
    if (rc == 1 && other != SCHEDULE_NONE)
        m->workers[other].dismissed = 1;
}

static void die(struct model *m, uint32_t worker)
{
    struct worker_model *w = &m->workers[worker];
    uint32_t task = w->n > 0 ? w->queue[0] : SCHEDULE_NONE;
    static const enum schedule_blame blames[] = {BLAME_NONE, BLAME_TASK, BLAME_STRANGER,
                                                 BLAME_STRANGER};
    enum schedule_blame blame = w->dismissed ? BLAME_NONE : blames[random_below(&m->random, 4)];
    uint64_t done = random_below(&m->random, 10);
    uint32_t poison = schedule_died(&m->schedule, worker, blame, done);
    int is_poison = 0;
    if (task != SCHEDULE_NONE && blame == BLAME_TASK) {
        is_poison = ++m->deaths[task] >= SCHEDULE_DEATHS_MAX;
    } else if (task != SCHEDULE_NONE && blame == BLAME_STRANGER) {
        if (done > m->furthest[task])
            m->kills[task] = 0;
        if (done > m->furthest[task])
            m->furthest[task] = done;
        is_poison = ++m->kills[task] >= SCHEDULE_KILLS_MAX;
    }
    expect(m, poison == (is_poison ? task : SCHEDULE_NONE), "poison is told wrongly");
    m->poisoned |= is_poison;
    for (uint32_t i = 0; i < w->n; i++)
        m->held[w->queue[i]]--;
    w->n = 0;
    w->gone = 1;
    w->dismissed = 0;
}

static void worker_event(struct model *m, uint32_t worker)
{
    struct worker_model *w = &m->workers[worker];
    unsigned rate = m->death_rate;
    if (worker == m->slow && random_below(&m->random, 20) > 0)
        return;
    if (w->gone) {
        w->gone = random_below(&m->random, 4) > 0;
        return;
    }
    if (w->dismissed) { /* its answer may come before its end */
        if (w->n > 0 && random_below(&m->random, 3) == 0)
            end_task(m, worker);
        else
            die(m, worker);
        return;
    }
    if (m->chosen_task_kills && w->n > 0 && w->queue[0] == 0)
        rate = 900;
    if (random_below(&m->random, 1000) < rate)
        die(m, worker);
    else if (random_below(&m->random, 10) == 0)
        check_wrong_done(m, worker);
    else if (w->n > 0 && random_below(&m->random, 2) == 0)
        end_task(m, worker);
    else if (!next_task(m, worker) && w->n > 0)
        end_task(m, worker);
    else if (w->n == 0)
        back_up(m, worker);
}

static void random_drop(struct model *m)
{
    if (m->n_tasks == 0 || random_below(&m->random, 1000) >= m->drop_rate)
        return;
    uint32_t first = (uint32_t)random_below(&m->random, m->n_tasks);
    uint32_t n = 1 + (uint32_t)random_below(&m->random, m->n_tasks - first);
    for (uint32_t i = first; i < first + n; i++) {
        schedule_drop(&m->schedule, i);
        if (!m->done[i])
            m->dropped[i] = 1;
    }
}

/* Returns the events it took. */
static unsigned simulate(struct model *m, unsigned n_events_max)
{
    unsigned n = 0;
    while (!schedule_finished(&m->schedule) && !m->poisoned && n < n_events_max) {
        if (!m->closed && (m->n_to_add == 0 || random_below(&m->random, 4) == 0))
            add_tasks(m);
        random_drop(m);
        m->now += random_below(&m->random, m->pace);
        worker_event(m, (uint32_t)random_below(&m->random, m->n_workers));
        check_state(m);
        n++;
    }
    return n;
}

static void start_model(struct model *m, uint64_t seed)
{
    static const unsigned death_rates[] = {0, 5, 50, 300}, drop_rates[] = {0, 0, 0, 20};
    static const uint32_t sizes[] = {0, 1, 4, 30, N_TASKS_MAX};
    *m = (struct model){.random = seed, .seed = seed};
    m->n_workers =
        1 + (uint32_t)random_below(&m->random, random_below(&m->random, 2) ? N_WORKERS_MAX : 3);
    m->n_to_add = (uint32_t)random_below(&m->random, sizes[random_below(&m->random, 5)] + 1);
    m->death_rate = death_rates[random_below(&m->random, 4)];
    m->drop_rate = drop_rates[random_below(&m->random, 4)];
    m->pace = 1 + (unsigned)random_below(&m->random, 50);
    m->slow = (uint32_t)random_below(&m->random, 2 * m->n_workers);
    m->chosen_task_kills = random_below(&m->random, 10) == 0;
    expect(m, schedule_init(&m->schedule, m->n_workers) == 0, "no memory");
}

static void any_schedule_commits_each_task_once_or_drops_it(void **state)
{
    (void)state;
    const char *seed_asked = getenv("WORDMILL_SEED");
    uint64_t first = seed_asked ? strtoull(seed_asked, NULL, 10) : 1;
    uint64_t n = seed_asked ? 1 : getenv("WORDMILL_LONG") ? N_SCHEDULES_LONG : repeat(N_SCHEDULES);
    uint64_t n_finished = 0, n_poisoned = 0, n_backups = 0, n_late = 0;
    for (uint64_t seed = first; seed < first + n; seed++) {
        struct model m;
        start_model(&m, seed);
        unsigned n_max = 20000 + 8000 * (m.n_to_add + m.n_workers);
        expect(&m, simulate(&m, n_max) < n_max, "it does not end");
        for (uint32_t i = 0; i < m.n_tasks && !m.poisoned; i++)
            expect(&m, m.done[i] + m.dropped[i] == 1, "a task is neither done nor dropped");
        n_finished += !m.poisoned;
        n_poisoned += m.poisoned != 0;
        n_backups += m.n_backups;
        n_late += m.n_late;
        schedule_release(&m.schedule);
    }
    print_message("%llu schedules: %llu end well, %llu backups, %llu late answers\n",
                  (unsigned long long)n, (unsigned long long)n_finished,
                  (unsigned long long)n_backups, (unsigned long long)n_late);
    if (seed_asked)
        return;
    assert_true(n_finished > n / 2); /* all of it was tried */
    assert_true(n_poisoned > n / 50);
    assert_true(n_backups > n / 4);
    assert_true(n_late > n / 40);
}

static void the_third_death_makes_a_task_poison_and_no_other_does(void **state)
{
    (void)state;
    struct schedule s;
    assert_int_equal(schedule_init(&s, 2), 0);
    assert_int_equal(schedule_add(&s, 100), 0);
    for (int death = 1; death <= SCHEDULE_DEATHS_MAX; death++) {
        assert_int_equal(schedule_next(&s, 1, 0), 0);
        assert_int_equal(schedule_next(&s, 1, 0), 1); /* waits behind it and is not blamed */
        assert_int_equal(schedule_next(&s, 1, 0), SCHEDULE_NONE);
        assert_int_equal(schedule_died(&s, 1, BLAME_TASK, 0),
                         death < SCHEDULE_DEATHS_MAX ? SCHEDULE_NONE : 0);
        assert_int_equal(schedule_died(&s, 0, BLAME_TASK, 0), SCHEDULE_NONE);
    }
    assert_int_equal(s.tasks[1].deaths, 0);
    schedule_release(&s);
}

static void a_task_that_had_not_begun_is_not_blamed(void **state)
{
    (void)state;
    struct schedule s;
    assert_int_equal(schedule_init(&s, 1), 0);
    assert_int_equal(schedule_add(&s, 1), 0);
    for (int death = 0; death < 2 * SCHEDULE_DEATHS_MAX; death++) {
        assert_int_equal(schedule_next(&s, 0, 0), 0);
        assert_int_equal(schedule_died(&s, 0, BLAME_NONE, 0), SCHEDULE_NONE);
    }
    assert_int_equal(s.tasks[0].deaths, 0);
    schedule_release(&s);
}

static void strangers_kills_poison_a_task_only_if_many_and_it_got_no_further(void **state)
{
    (void)state;
    struct schedule s;
    assert_int_equal(schedule_init(&s, 1), 0);
    assert_int_equal(schedule_add(&s, 1), 0);
    for (uint64_t death = 0; death < 10 * SCHEDULE_KILLS_MAX; death++) {
        assert_int_equal(schedule_next(&s, 0, 0), 0);
        assert_int_equal(schedule_died(&s, 0, BLAME_STRANGER, death / 10), SCHEDULE_NONE);
    }
    for (int death = 10; death < SCHEDULE_KILLS_MAX - 1; death++) {
        assert_int_equal(schedule_next(&s, 0, 0), 0);
        assert_int_equal(schedule_died(&s, 0, BLAME_STRANGER, 3), SCHEDULE_NONE);
    }
    assert_int_equal(schedule_next(&s, 0, 0), 0);
    assert_int_equal(schedule_died(&s, 0, BLAME_NONE, 3), SCHEDULE_NONE);
    assert_int_equal(schedule_next(&s, 0, 0), 0);
    assert_int_equal(schedule_died(&s, 0, BLAME_STRANGER, 3), 0);
    assert_int_equal(s.tasks[0].deaths, 0);
    schedule_release(&s);
}

static void the_tasks_of_a_dead_worker_keep_their_order(void **state)
{
    (void)state;
    struct schedule s;
    assert_int_equal(schedule_init(&s, 1), 0);
    assert_int_equal(schedule_add(&s, 10), 0);
    assert_int_equal(schedule_next(&s, 0, 0), 0);
    assert_int_equal(schedule_next(&s, 0, 0), 1);
    assert_int_equal(schedule_died(&s, 0, BLAME_TASK, 0), SCHEDULE_NONE);
    for (uint32_t task = 0; task < 10; task++) {
        assert_int_equal(schedule_next(&s, 0, 0), task);
        assert_int_equal(schedule_done(&s, 0, task, 0), 1);
    }
    assert_false(schedule_finished(&s));
    schedule_close(&s);
    assert_true(schedule_finished(&s));
    schedule_release(&s);
}

static void towards_the_end_nobody_hoards_tasks(void **state)
{
    (void)state;
    struct schedule s;
    assert_int_equal(schedule_init(&s, 2), 0);
    assert_int_equal(schedule_add(&s, 2), 0);
    assert_int_equal(schedule_next(&s, 0, 0), 0);
    assert_int_equal(schedule_next(&s, 0, 0), SCHEDULE_NONE);
    assert_int_equal(schedule_next(&s, 1, 0), 1);
    schedule_release(&s);
}

static void a_schedule_can_be_used_again(void **state)
{
    (void)state;
    struct schedule s;
    assert_int_equal(schedule_init(&s, 1), 0);
    for (uint32_t n = 0; n < 1000; n = 2 * n + 1) {
        schedule_reset(&s);
        assert_int_equal(schedule_add(&s, n), 0);
        schedule_close(&s);
        for (uint32_t task = 0; task < n; task++) {
            assert_false(schedule_finished(&s));
            assert_int_equal(schedule_next(&s, 0, 0), task);
            assert_int_equal(s.tasks[task].deaths, 0);
            assert_int_equal(schedule_died(&s, 0, BLAME_TASK, 0), SCHEDULE_NONE);
            assert_int_equal(schedule_next(&s, 0, 0), task);
            assert_int_equal(schedule_done(&s, 0, task, 0), 1);
        }
        assert_true(schedule_finished(&s));
    }
    schedule_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_schedule_commits_each_task_once_or_drops_it),
        cmocka_unit_test(the_third_death_makes_a_task_poison_and_no_other_does),
        cmocka_unit_test(a_task_that_had_not_begun_is_not_blamed),
        cmocka_unit_test(strangers_kills_poison_a_task_only_if_many_and_it_got_no_further),
        cmocka_unit_test(the_tasks_of_a_dead_worker_keep_their_order),
        cmocka_unit_test(towards_the_end_nobody_hoards_tasks),
        cmocka_unit_test(a_schedule_can_be_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
