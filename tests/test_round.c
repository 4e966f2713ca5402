/*
 * Reduce rounds over made runs in a real arena: for random numbers of runs, partitions, workers and
 * any fan-in, each round reads every partition of every run exactly once, in groups that are no
 * larger than the fan-in, gives every run back once, and the last round leaves one run for each
 * partition after no more rounds than needed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "random.h"
#include "round.h"
#include "run.h"

#define N_JOBS 8000
#define N_RUNS_MAX 400
#define N_WORKERS_MAX 32
#define N_EXTENTS 4096
#define N_PARTITIONS_MAX 64

static struct arena arena;
static uint64_t job_seed;

static void expect(int holds, const char *what)
{
    if (!holds)
        fail_msg("seed %llu: %s", (unsigned long long)job_seed, what);
}

/*
 * A run without entries: its offsets alone say how large each partition is. n_entries is made to
 * hold the number of first runs that went into it.
 */
static struct extent_range make_run(uint64_t *random, uint32_t first, uint32_t n_partitions,
                                    uint64_t weight)
{
    struct extent_range extents;
    size_t extra = random_below(random, 30) == 0 ? EXTENT_SIZE : 0;
    expect(arena_take(&arena, run_header_size(n_partitions) + extra, &extents) == 0, "no room");
    struct run *run = run_begin(arena_at(&arena, extents.first), first, n_partitions);
    for (uint32_t i = 0; i < n_partitions; i++)
        run->offset[i + 1] = run->offset[i] + 8 * random_below(random, 100);
    run->n_entries = weight;
    return extents;
}

static const struct run *run_at(struct extent_range extents)
{
    return (const struct run *)(const void *)arena_at(&arena, extents.first);
}

/* How often each partition of each run was read, by the run's first extent. */
static unsigned char reads[N_EXTENTS][N_PARTITIONS_MAX];

/* Plays the worker: returns the run that the task makes. */
static struct extent_range do_task(uint64_t *random, const struct round *round, uint32_t task,
                                   uint32_t fan_in)
{
    static struct extent_range runs[FAN_IN_MAX];
    struct message_reduce message;
    size_t size, entries_size = 0;
    uint64_t weight = 0;
    round_task(round, &arena, task, &message, runs, &size);
    expect(message.task == task, "the task has another number");
    expect(message.n_runs >= 1 && message.n_runs <= fan_in, "a group is empty or too large");
    expect(message.first < message.end && message.end <= round->n_partitions,
           "a task's partitions are none");
    expect((int)message.final == round->final, "not all tasks of a last round say so");
    expect(!round->final || message.end == message.first + 1,
           "a last task has more than one partition");
    for (uint32_t i = 0; i < message.n_runs; i++) {
        const struct run *run = run_at(runs[i]);
        expect(arena.used[runs[i].first / 64] >> (runs[i].first % 64) & 1,
               "a run was given back before it was read");
        weight += run->n_entries;
        for (uint32_t p = message.first; p < message.end; p++) {
            expect(p >= run->first && p < run->first + run->n_partitions,
                   "a run is read that has not this partition");
            reads[runs[i].first][p]++;
        }
        entries_size +=
            run->offset[message.end - run->first] - run->offset[message.first - run->first];
    }
    expect(size == run_size_max(message.end - message.first, entries_size),
           "the output's size is wrong");
    return make_run(random, message.first, message.end - message.first, weight);
}

static void shuffle(uint64_t *random, uint32_t *tasks, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        tasks[i] = i;
    for (uint32_t i = n; i > 1; i--) {
        uint32_t j = (uint32_t)random_below(random, i), task = tasks[i - 1];
        tasks[i - 1] = tasks[j];
        tasks[j] = task;
    }
}

/* Does all tasks of a round, in any order. */
static void do_round(uint64_t *random, struct round *round, uint32_t fan_in)
{
    uint32_t n = round_n_tasks(round);
    uint32_t *order = malloc(n * sizeof *order);
    memset(reads, 0, sizeof reads[0] * (arena.n_peak + 1));
    shuffle(random, order, n);
    for (uint32_t i = 0; i < n; i++) {
        round_commit(round, order[i], do_task(random, round, order[i], fan_in));
        round_settle(round, &arena, order[i]);
    }
    free(order);
    for (size_t i = 0; i < round->in.n; i++) {
        unsigned n_reads = 0;
        for (uint32_t p = 0; p < round->n_partitions; p++) {
            expect(reads[round->in.items[i].first][p] <= 1, "a partition is read twice");
            n_reads += reads[round->in.items[i].first][p];
        }
        expect(n_reads == round->n_partitions / round->in_splits, "a partition is not read");
    }
    uint32_t n_used = 0;
    for (size_t i = 0; i < round->out.n; i++)
        n_used += round->out.items[i].count;
    expect(arena.n_used == n_used, "runs are given back twice or never");
}

/* The rounds it takes until one run is left, but one at least. */
static unsigned count_rounds(uint64_t n_runs, uint32_t fan_in)
{
    unsigned n = 1;
    for (uint64_t reach = fan_in; reach < n_runs; reach *= fan_in)
        n++;
    return n;
}

/* The last round's runs: partition after partition, everything in each. */
static void check_last(const struct round *round, uint32_t n_partitions, uint64_t n_runs)
{
    expect(round->out.n == n_partitions, "the last round leaves another number of runs");
    for (uint32_t i = 0; i < n_partitions; i++) {
        const struct run *run = run_at(round->out.items[i]);
        expect(run->first == i && run->n_partitions == 1, "the last runs are out of order");
        expect(run->n_entries == n_runs, "a last run misses a first one");
        arena_give(&arena, round->out.items[i]);
    }
}

static void do_job(uint64_t seed)
{
    uint64_t random = job_seed = seed;
    struct run_list runs = {0};
    struct round round;
    size_t most = random_below(&random, 4) ? 40 : N_RUNS_MAX;
    uint64_t n_runs = 1 + random_below(&random, most);
    uint32_t n_partitions = UINT32_C(1) << random_below(&random, 7);
    uint32_t fan_in = 2 + (uint32_t)random_below(&random, random_below(&random, 2) ? 63 : 4);
    uint32_t n_workers = 1 + (uint32_t)random_below(&random, N_WORKERS_MAX);
    uint32_t splits = 1;
    unsigned n_rounds = 0;
    for (uint64_t i = 0; i < n_runs; i++)
        expect(run_list_add(&runs, make_run(&random, 0, n_partitions, 1)) == 0, "no memory");
    for (;;) {
        uint64_t n_in = runs.n / splits;
        expect(round_init(&round, runs, splits, n_partitions, fan_in, n_workers) == 0, "no memory");
        n_rounds++;
        expect(round.n_groups == (n_in + fan_in - 1) / fan_in, "groups are not full");
        expect(round.final == (round.n_groups == 1), "the last round is not the last");
        do_round(&random, &round, fan_in);
        if (round.final)
            break;
        runs = round.out;
        splits = round.n_splits;
        round.out = (struct run_list){0};
        round_release(&round);
    }
    expect(n_rounds == count_rounds(n_runs, fan_in), "the number of rounds is wrong");
    check_last(&round, n_partitions, n_runs);
    round_release(&round);
    expect(arena.n_used == 0, "runs are never given back");
}

static void any_rounds_read_each_partition_of_each_run_once(void **state)
{
    (void)state;
    assert_int_equal(arena_init(&arena, (size_t)N_EXTENTS * EXTENT_SIZE, 1), 0);
    for (uint64_t seed = 1; seed <= N_JOBS; seed++)
        do_job(seed);
    arena_release(&arena);
}

static void a_round_has_tasks_for_all_workers_if_partitions_allow(void **state)
{
    (void)state;
    uint64_t random = 5;
    assert_int_equal(arena_init(&arena, (size_t)N_EXTENTS * EXTENT_SIZE, 1), 0);
    for (uint32_t n_workers = 1; n_workers <= N_WORKERS_MAX; n_workers++) {
        for (uint64_t n_runs = 1; n_runs < 30; n_runs++) {
            struct run_list runs = {0};
            struct round round;
            for (uint64_t i = 0; i < n_runs; i++)
                assert_int_equal(run_list_add(&runs, make_run(&random, 0, 64, 1)), 0);
            assert_int_equal(round_init(&round, runs, 1, 64, 4, n_workers), 0);
            assert_true(round_n_tasks(&round) >= n_workers);
            for (uint64_t i = 0; i < n_runs; i++)
                arena_give(&arena, runs.items[i]);
            round_release(&round);
        }
    }
    arena_release(&arena);
}

static void the_largest_reduce_fits_a_message(void **state)
{
    (void)state;
    assert_true(sizeof(struct message_reduce) + FAN_IN_MAX * sizeof(struct extent_range) <=
                MESSAGE_SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_rounds_read_each_partition_of_each_run_once),
        cmocka_unit_test(a_round_has_tasks_for_all_workers_if_partitions_allow),
        cmocka_unit_test(the_largest_reduce_fits_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
