/*
 * Reduce rounds over made runs in a real arena: for random numbers of runs, slices, tasks and any
 * fan-in, each round reads every slice of every run exactly once, in groups that are no larger than
 * the fan-in, gives every run back once, and the last round leaves runs slice after slice after no
 * more rounds than needed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"
#include "stages/round.h"
#include "shared/arena.h"

#define N_JOBS 8000
#define N_RUNS_MAX 400
#define N_EXTENTS 16384
#define N_SLICES_MAX 64

static struct arena arena;
static uint64_t job_seed;

static void expect(int holds, const char *what)
{
    if (!holds)
        fail_msg("seed %llu: %s", (unsigned long long)job_seed, what);
}

/* What is in the run that begins at an extent: slices, of all there are, of so many first runs. */
static struct content {
    uint32_t first, end;
    uint64_t weight;
    unsigned char reads[N_SLICES_MAX];
} contents[N_EXTENTS];

static struct extent_range make_run(uint64_t *random, uint32_t first, uint32_t end, uint64_t weight)
{
    struct extent_range extents;
    size_t size = random_below(random, 30) == 0 ? 2 * EXTENT_SIZE : 1;
    expect(arena_take(&arena, size, &extents) == 0, "no room");
    contents[extents.first] = (struct content){first, end, weight, {0}};
    return extents;
}

/* Plays the worker: what a task reads becomes a run or more of it, or none if there was nothing. */
static void do_task(uint64_t *random, struct round *round, const struct round_plan *plan,
                    uint32_t task)
{
    const struct run_list *list = &round->in[round_input(round, task)];
    uint32_t width = plan->n_slices / round->n_slices, first = task % round->n_slices * width;
    uint64_t weight = 0;
    unsigned n_runs = 0;
    for (size_t i = 0; i < list->n; i++) {
        struct content *content = &contents[list->items[i].first];
        expect(arena.used[list->items[i].first / 64] >> (list->items[i].first % 64) & 1,
               "a run was given back before it was read");
        expect(content->first <= first && content->end >= first + width,
               "a run is read that has not this slice");
        weight += content->weight;
        n_runs += content->weight > 0;
        for (uint32_t s = first; s < first + width; s++)
            content->reads[s]++;
    }
    expect(n_runs <= plan->fan_in, "a group is larger than the fan-in");
    expect(weight > 0, "a group is empty");
    size_t n = 1 + random_below(random, 3);
    for (size_t i = 0; i < n; i++) {
        struct extent_range run = make_run(random, first, first + width, i == 0 ? weight : 0);
        expect(round_commit(round, task, run) == 0, "no memory");
    }
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

/* The runs that a round begins with. */
static struct run_list inputs_of(const struct round *round)
{
    struct run_list all = {0};
    for (uint32_t i = 0; i < round->n_groups * round->in_slices; i++)
        for (size_t j = 0; j < round->in[i].n; j++)
            expect(run_list_add(&all, round->in[i].items[j]) == 0, "no memory");
    return all;
}

/* Does all tasks of a round, in any order. */
static void do_round(uint64_t *random, struct round *round, const struct round_plan *plan)
{
    uint32_t n = round_n_tasks(round), n_used = 0;
    uint32_t *order = malloc(n * sizeof *order);
    struct run_list runs = inputs_of(round);
    shuffle(random, order, n);
    /* All are read before any is given back and its extents become another run's. */
    for (uint32_t i = 0; i < n; i++)
        do_task(random, round, plan, order[i]);
    for (size_t i = 0; i < runs.n; i++) {
        const struct content *content = &contents[runs.items[i].first];
        for (uint32_t s = content->first; s < content->end; s++)
            expect(content->reads[s] == 1, "a slice is not read once");
    }
    for (uint32_t i = 0; i < n; i++)
        round_settle(round, &arena, order[i]);
    for (uint32_t i = 0; i < n; i++)
        for (size_t j = 0; j < round->out[i].n; j++)
            n_used += round->out[i].items[j].count;
    expect(arena.n_used == n_used, "runs are given back twice or never");
    free(runs.items);
    free(order);
}

/* The rounds it takes until one run is left, but one at least. */
static unsigned count_rounds(uint64_t n_runs, uint32_t fan_in)
{
    unsigned n = 1;
    for (uint64_t reach = fan_in; reach < n_runs; reach *= fan_in)
        n++;
    return n;
}

/* The last round's runs: slice after slice, everything in each. */
static void check_last(const struct round *round, const struct round_plan *plan, uint64_t n_runs)
{
    expect(round->n_slices == plan->n_slices, "the last round is not cut as far as it can be");
    for (uint32_t i = 0; i < round->n_slices; i++) {
        uint64_t weight = 0;
        for (size_t j = 0; j < round->out[i].n; j++) {
            const struct content *content = &contents[round->out[i].items[j].first];
            expect(content->first == i && content->end == i + 1, "the last runs are out of order");
            weight += content->weight;
            arena_give(&arena, round->out[i].items[j]);
        }
        expect(weight == n_runs, "a last slice misses a first run");
    }
}

static void do_job(uint64_t seed)
{
    uint64_t random = job_seed = seed;
    struct run_list runs = {0};
    struct round round, next;
    size_t most = random_below(&random, 4) ? 40 : N_RUNS_MAX;
    uint64_t n_runs = 1 + random_below(&random, most);
    const struct round_plan plan = {
        .fan_in = 2 + (uint32_t)random_below(&random, random_below(&random, 2) ? 63 : 4),
        .n_slices = UINT32_C(1) << random_below(&random, 7),
        .n_tasks = 1 + (uint32_t)random_below(&random, 256)};
    unsigned n_rounds = 1;
    for (uint64_t i = 0; i < n_runs; i++)
        expect(run_list_add(&runs, make_run(&random, 0, plan.n_slices, 1)) == 0, "no memory");
    expect(round_init(&round, &plan, &runs) == 0, "no memory");
    free(runs.items);
    for (uint64_t n_in = n_runs;; n_rounds++) {
        expect(round.n_groups == (n_in + plan.fan_in - 1) / plan.fan_in, "groups are not full");
        expect(round_n_tasks(&round) >= plan.n_tasks || round.n_slices == plan.n_slices,
               "a round has too few tasks");
        do_round(&random, &round, &plan);
        if (round.n_groups == 1)
            break;
        expect(round_next(&next, &plan, &round) == 0, "no memory");
        n_in = round.n_groups;
        round_release(&round);
        round = next;
    }
    expect(n_rounds == count_rounds(n_runs, plan.fan_in), "the number of rounds is wrong");
    check_last(&round, &plan, n_runs);
    round_release(&round);
    expect(arena.n_used == 0, "runs are never given back");
}

static void any_rounds_read_each_slice_of_each_run_once(void **state)
{
    (void)state;
    assert_int_equal(arena_init(&arena, (size_t)N_EXTENTS * EXTENT_SIZE, 1), 0);
    for (uint64_t seed = 1; seed <= N_JOBS; seed++)
        do_job(seed);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_rounds_read_each_slice_of_each_run_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
