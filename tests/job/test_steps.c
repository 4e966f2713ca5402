/*
 * How much a step does at most, in bytes, lines and tasks, which are the same on every machine; how
 * long that takes is measured by bench/steps.sh. Whatever piles up between two steps, a host gets
 * its thread back soon.
 */
#include "jobs.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "pack.h"
#include "shared/arena.h"
#include "words/run.h"

#define MIB (1u << 20)
#define N_WORDS 500000
#define N_BAD 60000

static char path[300];

/* What this process did since it was last set to 0. */
static struct done {
    size_t unpacked, written, dropped, tasks;
    size_t fences;  /* of runs that were looked at */
    size_t cuts;    /* runs in which the start of a slice was looked for */
    size_t sorted;  /* words */
    size_t spilled; /* runs and words that were looked at in the spill file */
} done;

int __real_unpacker_run(struct unpacker *unpacker, void *out, size_t capacity, size_t *size);
int __wrap_unpacker_run(struct unpacker *unpacker, void *out, size_t capacity, size_t *size);
ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size);
int __real_madvise(void *memory, size_t size, int advice);
int __wrap_madvise(void *memory, size_t size, int advice);

const struct entry *__real_run_fence(const struct run *run, uint64_t i);
const struct entry *__wrap_run_fence(const struct run *run, uint64_t i);
const struct entry *__real_run_lower_bound(const struct run *run, enum order order,
                                           const struct entry *bound);
const struct entry *__wrap_run_lower_bound(const struct run *run, enum order order,
                                           const struct entry *bound);
void __real_order_sort(enum order order, struct order_item *items, struct order_item *scratch,
                       size_t n);
void __wrap_order_sort(enum order order, struct order_item *items, struct order_item *scratch,
                       size_t n);

void __real_arena_note_read(const struct arena *arena, size_t *mapped, size_t size);
void __wrap_arena_note_read(const struct arena *arena, size_t *mapped, size_t size);

void __wrap_arena_note_read(const struct arena *arena, size_t *mapped, size_t size)
{
    done.spilled++;
    __real_arena_note_read(arena, mapped, size);
}

const struct entry *__wrap_run_fence(const struct run *run, uint64_t i)
{
    done.fences++;
    return __real_run_fence(run, i);
}

const struct entry *__wrap_run_lower_bound(const struct run *run, enum order order,
                                           const struct entry *bound)
{
    done.cuts++;
    return __real_run_lower_bound(run, order, bound);
}

void __wrap_order_sort(enum order order, struct order_item *items, struct order_item *scratch,
                       size_t n)
{
    done.sorted += n;
    __real_order_sort(order, items, scratch, n);
}

int __wrap_unpacker_run(struct unpacker *unpacker, void *out, size_t capacity, size_t *size)
{
    int rc = __real_unpacker_run(unpacker, out, capacity, size);
    done.unpacked += *size;
    return rc;
}

ssize_t __wrap_write(int fd, const void *data, size_t size)
{
    ssize_t n = __real_write(fd, data, size);
    done.written += n > 0 ? (size_t)n : 0;
    return n;
}

int __wrap_madvise(void *memory, size_t size, int advice)
{
    done.dropped += advice == MADV_REMOVE ? size : 0;
    return __real_madvise(memory, size, advice);
}

static void on_task(const wm_task *task, void *user)
{
    (void)user;
    done.tasks += task->end == WM_TASK_DONE;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Steps the job until it is done. The most that one step did; how many there were. */
static size_t step_to_end(wm_job *job, struct done *most)
{
    size_t n = 0;
    int rc;
    *most = done = (struct done){0};
    do {
        done = (struct done){0};
        rc = turn(job);
        most->unpacked = larger(most->unpacked, done.unpacked);
        most->written = larger(most->written, done.written);
        most->dropped = larger(most->dropped, done.dropped);
        most->tasks = larger(most->tasks, done.tasks);
        most->fences = larger(most->fences, done.fences);
        most->cuts = larger(most->cuts, done.cuts);
        most->sorted = larger(most->sorted, done.sorted);
        most->spilled = larger(most->spilled, done.spilled);
        n++;
    } while (rc == WM_RUNNING);
    assert_int_equal(rc, 0);
    return n;
}

static wm_result *result_of(wm_job *job)
{
    wm_result *result = NULL;
    assert_int_equal(wm_job_result(job, &result, NULL), 0);
    wm_job_free(job);
    return result;
}

/* A few packed bytes that become 60 MB, for so many workers that they could take 32 at a time. */
static void a_step_unpacks_some_megabytes(void **state)
{
    (void)state;
    static const char line[] = "a word of some bytes\t2000\t1\t1\n";
    const size_t n_lines = 2000000;
    struct bytes plain = {0}, packed = {0};
    struct done most;
    uint64_t count;
    int fds[2];
    for (size_t i = 0; i < n_lines; i++)
        bytes_add(&plain, line, strlen(line));
    pack_member(&packed, PACKING_ZSTD, plain.data, plain.size);
    bytes_release(&plain);
    assert_in_range(packed.size, 1, 60000);
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    assert_int_equal(write(fds[1], packed.data, packed.size), packed.size);
    close(fds[1]);
    bytes_release(&packed);
    wm_options o = job_options(8, 0);
    wm_input input = {.kind = WM_INPUT_FD, .fd = fds[0]};
    wm_job *job = NULL;
    o.memory = 256 * MIB;
    assert_int_equal(wm_job_start_inputs(&o, &input, 1, &job, NULL), 0);
    step_to_end(job, &most);
    assert_in_range(most.unpacked, 1 * MIB, 4 * MIB);
    wm_result *result = result_of(job);
    close(fds[0]);
    assert_int_equal(wm_result_get(result, "a word of some bytes", 20, &count), 1);
    assert_int_equal(count, n_lines);
    wm_result_free(result);
    assert_nothing_left();
}

/* Words of 40 bytes, each there once. */
static void make_words(void)
{
    struct bytes input = {0};
    for (int i = 0; i < N_WORDS; i++)
        bytes_print(&input, "%034dth-one\t2000\t1\t1\n", i);
    assert_int_equal(bytes_save(&input, path), 0);
    bytes_release(&input);
}

#ifdef WORDMILL_FAULTS
/* The first slice is the last to be there, since its worker is stopped. */
static void a_step_writes_some_megabytes(void **state)
{
    (void)state;
    struct done most;
    wm_options o = job_options(2, 0);
    make_words();
    o.memory = 1024 * MIB;
    o.output = files.output;
    setenv("WORDMILL_FAULT", "write:1:stop", 1);
    wm_job *job = start(&o, path);
    unsetenv("WORDMILL_FAULT");
    step_to_end(job, &most);
    wm_result *result = result_of(job);
    assert_true(wm_result_stats(result)->backups > 0);
    assert_int_equal(wm_result_size(result), N_WORDS);
    assert_in_range(most.written, 4 * MIB, 8 * MIB);
    wm_result_free(result);
    unlink(files.output);
    unlink(path);
    assert_nothing_left();
}
#endif

static void a_step_gives_some_megabytes_back_and_the_result_none(void **state)
{
    (void)state;
    make_words();
    for (int workers = 0; workers < 3; workers++) {
        struct done most;
        wm_options o = job_options(workers, 4 * MIB);
        o.memory = 1024 * MIB;
        o.on_task = on_task;
        wm_job *job = start(&o, path);
        size_t n = step_to_end(job, &most);
        assert_in_range(most.dropped, 16 * MIB, 32 * MIB);
        done = (struct done){0};
        wm_result *result = result_of(job);
        assert_int_equal(done.dropped, 0);
        assert_int_equal(wm_result_size(result), N_WORDS);
        if (workers == 0) {
            assert_int_equal(most.tasks, 1);
            assert_true(n >= wm_result_stats(result)->partitions);
        }
        wm_result_free(result);
    }
    unlink(path);
    assert_nothing_left();
}

static void on_reject(const wm_reject *reject, void *user)
{
    size_t *n = user;
    (void)reject;
    ++*n;
}

static void a_step_writes_some_thousand_rejects(void **state)
{
    (void)state;
    struct bytes input = {0};
    for (int i = 0; i < N_BAD; i++)
        bytes_print(&input, "bad line number %d, which is none of the format\n", i);
    assert_int_equal(bytes_save(&input, path), 0);
    bytes_release(&input);
    for (int workers = 0; workers < 3; workers++) {
        struct done most;
        size_t n_rejects = 0;
        wm_options o = job_options(workers, 0);
        o.format = WM_FORMAT_V2;
        o.on_bad_line = WM_SKIP;
        o.rejects = files.output;
        o.on_reject = on_reject;
        o.reject_user = &n_rejects;
        wm_job *job = start(&o, path);
        step_to_end(job, &most);
        wm_result_free(result_of(job));
        assert_int_equal(n_rejects, N_BAD);
        assert_in_range(most.written, 400u << 10, 700u << 10);
        unlink(files.output);
    }
    unlink(path);
    assert_nothing_left();
}

static void a_step_merges_some_ten_thousand_lines(void **state)
{
    (void)state;
    struct done most;
    struct bytes input = {0};
    for (int i = 0; i < N_WORDS; i++)
        bytes_print(&input, "%09d\t1\n", i);
    assert_int_equal(bytes_save(&input, path), 0);
    bytes_release(&input);
    wm_options o = job_options(0, 0);
    o.sorted = 1;
    o.format = WM_FORMAT_COUNTS;
    o.output = files.output;
    wm_job *job = start(&o, path);
    size_t n = step_to_end(job, &most);
    assert_in_range(n, N_WORDS / 50000, 100);
    wm_result *result = result_of(job);
    assert_int_equal(wm_result_stats(result)->lines, N_WORDS);
    wm_result_free(result);
    unlink(files.output);
    unlink(path);
    assert_nothing_left();
}

/* The sample of all runs, the ranks of all words and the search for the last one wanted. */
static void between_phases_a_step_looks_at_some_hundred_words(void **state)
{
    (void)state;
    make_words();
    for (int kind = 0; kind < 3; kind++) {
        struct done most;
        wm_options o = job_options(2, 256u << 10);
        o.memory = 1024 * MIB;
        o.output = files.output;
        o.rank = kind == 1;
        o.top = kind == 2 ? 100000 : 0;
        wm_job *job = start(&o, path);
        step_to_end(job, &most);
        wm_result *result = result_of(job);
        size_t n_runs = wm_result_stats(result)->runs;
        assert_int_equal(wm_result_size(result), o.top ? o.top : N_WORDS);
        assert_in_range(n_runs, 50, 400);
        /* A slice of the sorted words is looked for in each run, at its start and its end. */
        assert_in_range(most.fences, 500, 600 + (o.top ? 20 * n_runs : 0));
        assert_in_range(most.cuts, 0, o.rank || o.top ? 2 * n_runs : 0);
        assert_in_range(most.sorted, 1000, 50000);
        wm_result_free(result);
        unlink(files.output);
    }
    unlink(path);
    assert_nothing_left();
}

static void a_step_finds_some_hundred_runs(void **state)
{
    (void)state;
    struct done most;
    struct bytes input = {0};
    for (int i = 0; i < 20000; i++)
        bytes_print(&input, "%05d\t2000\t1\t1\n", i);
    assert_int_equal(bytes_save(&input, path), 0);
    bytes_release(&input);
    wm_options o = job_options(2, 0);
    o.partition_lines = 2;
    o.memory = 8 * MIB;
    wm_job *job = start(&o, path);
    step_to_end(job, &most);
    wm_result *result = result_of(job);
    assert_int_equal(wm_result_size(result), 20000);
    assert_int_equal(wm_result_stats(result)->partitions, 10000);
    assert_true(wm_result_stats(result)->spilled_runs > 4000);
    assert_in_range(most.spilled, 450, 1000); /* the last runs, and the first words */
    wm_result_free(result);
    unlink(path);
    assert_nothing_left();
}

static int set_up(void **state)
{
    int rc = make_files(state);
    snprintf(path, sizeof path, "%s/input", files.folder);
    return rc;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_unpacks_some_megabytes),
#ifdef WORDMILL_FAULTS
        cmocka_unit_test(a_step_writes_some_megabytes),
#endif
        cmocka_unit_test(a_step_gives_some_megabytes_back_and_the_result_none),
        cmocka_unit_test(a_step_writes_some_thousand_rejects),
        cmocka_unit_test(a_step_merges_some_ten_thousand_lines),
        cmocka_unit_test(between_phases_a_step_looks_at_some_hundred_words),
        cmocka_unit_test(a_step_finds_some_hundred_runs),
    };
    return cmocka_run_group_tests(tests, set_up, remove_files);
}
