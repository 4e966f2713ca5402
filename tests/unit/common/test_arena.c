/*
 * The arena hands out what a map of one byte an extent, searched from the front, would hand out:
 * never the same extent twice, always the lowest room, and nothing when there is none. What is
 * written in it is there for forked children too.
 */
#include "shared/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/code.h"
#include "random.h"

#define N_EXTENTS 203 /* not a multiple of the bitmap's 64 */
#define N_RANGES N_EXTENTS

struct model {
    unsigned char used[N_EXTENTS];
    uint32_t n_used, n_peak;
    struct extent_range ranges[N_RANGES]; /* handed out and not yet given back */
    size_t n_ranges;
};

/* The first of the lowest count free extents from start on, or N_EXTENTS. */
static uint32_t model_find(const struct model *model, uint32_t start, uint32_t count)
{
    for (uint32_t first = start; first + count <= N_EXTENTS; first++) {
        uint32_t n = 0;
        while (n < count && !model->used[first + n])
            n++;
        if (n == count)
            return first;
    }
    return N_EXTENTS;
}

static void model_mark(struct model *model, uint32_t first, uint32_t count, unsigned char used)
{
    for (uint32_t i = first; i < first + count; i++) {
        assert_int_equal(model->used[i], !used);
        model->used[i] = used;
        model->n_used += used ? 1 : UINT32_MAX;
    }
    if (model->n_used > model->n_peak)
        model->n_peak = model->n_used;
}

static void check_equal(const struct arena *arena, const struct model *model)
{
    assert_int_equal(arena->n_used, model->n_used);
    assert_int_equal(arena->n_peak, model->n_peak);
    for (uint32_t i = 0; i < N_EXTENTS; i++)
        assert_int_equal(arena->used[i / 64] >> (i % 64) & 1, model->used[i]);
}

static void random_take(struct arena *arena, struct model *model, uint64_t *random, size_t most)
{
    size_t size = random_below(random, most * EXTENT_SIZE + 1);
    if (random_below(random, 3) == 0)
        size = size / EXTENT_SIZE * EXTENT_SIZE;
    uint32_t count = size == 0 ? 1 : (uint32_t)((size + EXTENT_SIZE - 1) / EXTENT_SIZE);
    uint32_t start = random_below(random, 2) ? (uint32_t)random_below(random, N_EXTENTS + 9) : 0;
    uint32_t first = model_find(model, start, count);
    if (first == N_EXTENTS)
        first = model_find(model, 0, count);
    struct extent_range range = {77, 78};
    if (first == N_EXTENTS) {
        assert_int_equal(arena_take_from(arena, start, size, &range), CODE_LIMIT);
        assert_int_equal(range.first, 77);
        assert_int_equal(range.count, 78);
        return;
    }
    assert_int_equal(arena_take_from(arena, start, size, &range), 0);
    assert_int_equal(range.first, first);
    assert_int_equal(range.count, count);
    assert_int_equal(arena_check(arena, range), 0);
    model_mark(model, first, count, 1);
    model->ranges[model->n_ranges++] = range;
}

static void random_give(struct arena *arena, struct model *model, uint64_t *random)
{
    size_t i = random_below(random, model->n_ranges);
    struct extent_range range = model->ranges[i];
    arena_give(arena, range);
    model_mark(model, range.first, range.count, 0);
    model->ranges[i] = model->ranges[--model->n_ranges];
}

static void random_trim(struct arena *arena, struct model *model, uint64_t *random)
{
    size_t i = random_below(random, model->n_ranges);
    struct extent_range *range = &model->ranges[i], old = *range;
    size_t size = random_below(random, ((size_t)range->count + 2) * EXTENT_SIZE);
    if (random_below(random, 3) == 0)
        size = size / EXTENT_SIZE * EXTENT_SIZE;
    arena_trim(arena, range, size);
    uint32_t keep = (uint32_t)((size + EXTENT_SIZE - 1) / EXTENT_SIZE);
    if (keep > old.count)
        keep = old.count;
    assert_int_equal(range->first, old.first);
    assert_int_equal(range->count, keep);
    model_mark(model, old.first + keep, old.count - keep, 0);
    if (keep == 0)
        model->ranges[i] = model->ranges[--model->n_ranges];
}

static void check_random_use(uint64_t seed, size_t most)
{
    static struct model model;
    memset(&model, 0, sizeof model);
    struct arena arena;
    assert_int_equal(arena_init(&arena, N_EXTENTS * EXTENT_SIZE + 1, 1), 0);
    assert_int_equal(arena.n_extents, N_EXTENTS);
    for (int i = 0; i < 4000; i++) {
        size_t what = random_below(&seed, 5);
        if (what < 3 || model.n_ranges == 0)
            random_take(&arena, &model, &seed, most);
        else if (what == 3)
            random_give(&arena, &model, &seed);
        else
            random_trim(&arena, &model, &seed);
        check_equal(&arena, &model);
    }
    assert_true(model.n_peak > N_EXTENTS / 2);
    arena_release(&arena);
}

static void arena_hands_out_the_lowest_room_and_none_twice(void **state)
{
    (void)state;
    check_random_use(1, 1);
    check_random_use(2, 5);
    check_random_use(3, 20);
    check_random_use(4, 120);
    check_random_use(5, N_EXTENTS + 10);
}

static void full_arena_says_limit_until_some_is_given_back(void **state)
{
    (void)state;
    struct arena arena;
    struct extent_range ranges[4], more;
    assert_int_equal(arena_init(&arena, 4 * EXTENT_SIZE, 4 * EXTENT_SIZE), 0);
    assert_int_equal(arena_take(&arena, 4 * EXTENT_SIZE + 1, &more), CODE_LIMIT);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(arena_take(&arena, 1, &ranges[i]), 0);
        assert_int_equal(ranges[i].first, i);
    }
    assert_int_equal(arena_take(&arena, 1, &more), CODE_LIMIT);
    assert_int_equal(arena_take(&arena, 0, &more), CODE_LIMIT);
    arena_give(&arena, ranges[1]);
    arena_give(&arena, ranges[3]);
    assert_int_equal(arena_take(&arena, EXTENT_SIZE + 1, &more), CODE_LIMIT); /* not adjacent */
    arena_give(&arena, ranges[2]);
    assert_int_equal(arena_take(&arena, 3 * EXTENT_SIZE, &more), 0);
    assert_int_equal(more.first, 1);
    assert_int_equal(more.count, 3);
    assert_int_equal(arena.n_peak, 4);
    arena_release(&arena);
}

/* The search passes over 64 taken extents at once. */
static void room_on_both_sides_of_a_full_stretch_is_not_joined(void **state)
{
    (void)state;
    struct arena arena;
    struct extent_range all, range;
    assert_int_equal(arena_init(&arena, 200 * EXTENT_SIZE, 1), 0);
    assert_int_equal(arena_take(&arena, 200 * EXTENT_SIZE, &all), 0);
    arena_give(&arena, (struct extent_range){62, 2});
    arena_give(&arena, (struct extent_range){128, 2});
    assert_int_equal(arena_take(&arena, 3 * EXTENT_SIZE, &range), CODE_LIMIT);
    assert_int_equal(arena_take(&arena, 2 * EXTENT_SIZE, &range), 0);
    assert_int_equal(range.first, 62);
    assert_int_equal(arena_take(&arena, 2 * EXTENT_SIZE, &range), 0);
    assert_int_equal(range.first, 128);
    arena_release(&arena);
}

static void size_near_the_end_of_its_type_is_refused(void **state)
{
    (void)state;
    struct arena arena;
    struct extent_range range;
    assert_int_equal(arena_init(&arena, 4 * EXTENT_SIZE, 1), 0);
    assert_int_equal(arena_take(&arena, SIZE_MAX / 2, &range), CODE_LIMIT);
    assert_int_equal(arena_take(&arena, SIZE_MAX - EXTENT_SIZE, &range), CODE_LIMIT);
    assert_int_equal(arena_take(&arena, SIZE_MAX, &range), CODE_LIMIT);
    assert_int_equal(arena.n_used, 0);
    arena_release(&arena);
}

static void check_accepts_only_what_lies_inside(void **state)
{
    (void)state;
    struct arena arena;
    assert_int_equal(arena_init(&arena, 10 * EXTENT_SIZE, 1), 0);
    static const uint32_t values[] = {
        0,         1, 5, 9, 10, 11, 64, INT32_MAX, UINT32_MAX - 10, UINT32_MAX - 9, UINT32_MAX - 1,
        UINT32_MAX};
    const size_t n = sizeof values / sizeof *values;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            struct extent_range range = {values[i], values[j]};
            int inside = range.count > 0 && (uint64_t)range.first + range.count <= 10;
            assert_int_equal(arena_check(&arena, range), inside ? 0 : CODE_PROTOCOL);
        }
    }
    arena_release(&arena);
}

static void what_a_child_writes_is_there_for_its_parent(void **state)
{
    (void)state;
    struct arena arena;
    struct extent_range range;
    assert_int_equal(arena_init(&arena, 8 * EXTENT_SIZE, 1), 0);
    assert_int_equal(arena_take(&arena, 3 * EXTENT_SIZE, &range), 0);
    unsigned char *memory = arena_at(&arena, range.first);
    assert_ptr_equal(memory, arena.base);
    memset(memory, 1, extents_size(range));

    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (size_t i = 0; i < extents_size(range); i++)
            if (memory[i] != 1)
                _exit(1);
        memset(memory, 2, extents_size(range));
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    for (size_t i = 0; i < extents_size(range); i++)
        assert_int_equal(memory[i], 2);
    arena_release(&arena);
}

static void some_bytes_past_the_last_extent_are_readable(void **state)
{
    (void)state;
    struct arena arena;
    assert_int_equal(arena_init(&arena, 2 * EXTENT_SIZE, 1), 0);
    volatile unsigned char *end = arena_at(&arena, arena.n_extents);
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(end[i], 0);
    arena_release(&arena);
}

static int extent_is_all(const struct arena *arena, uint32_t extent, int value)
{
    const unsigned char *at = arena_at(arena, extent);
    return at[0] == value && memcmp(at, at + 1, EXTENT_SIZE - 1) == 0;
}

static void drop_free_empties_free_extents_and_no_other(void **state)
{
    (void)state;
    enum { N = 200 };
    struct arena arena;
    struct extent_range ranges[N];
    uint64_t random = 6;
    for (int round = 0; round < 5; round++) {
        int kept[N];
        assert_int_equal(arena_init(&arena, N * EXTENT_SIZE, 1), 0);
        for (size_t i = 0; i < N; i++)
            assert_int_equal(arena_take(&arena, 1, &ranges[i]), 0);
        memset(arena.base, 0xAA, N * EXTENT_SIZE);
        for (size_t i = 0; i < N; i++) {
            kept[i] = round < 2 ? round : (int)random_below(&random, 2);
            if (round == 2) /* words of the bitmap in the middle are empty */
                kept[i] = i < 60 || i >= 197;
            if (!kept[i])
                arena_give(&arena, ranges[i]);
        }
        while (arena_drop_free(&arena))
            continue;
        for (uint32_t i = 0; i < N; i++)
            assert_true(extent_is_all(&arena, i, kept[i] ? 0xAA : 0));
        arena_release(&arena);
    }
}

static void init_settles_for_less_but_not_for_less_than_the_minimum(void **state)
{
    (void)state;
    const size_t most = (size_t)1 << 48; /* more than a process has addresses for */
    struct arena arena = {.n_used = 99};
    assert_int_equal(arena_init(&arena, most, most - (64 << 20)), CODE_FORK);
    assert_int_equal(arena_init(&arena, 3 * EXTENT_SIZE, 4 * EXTENT_SIZE), CODE_FORK);
    assert_int_equal(arena_init(&arena, EXTENT_SIZE - 1, 0), CODE_FORK);
    assert_int_equal(arena.n_used, 99);
    assert_int_equal(arena_init(&arena, most, 2 * EXTENT_SIZE), 0);
    assert_true(arena.n_extents >= 2);
    assert_int_equal(arena.n_used, 0);
    *arena_at(&arena, arena.n_extents - 1) = 1;
    arena_release(&arena);
    arena_release(&arena);
}

static int open_nameless(void)
{
    int fd = memfd_create("spill", MFD_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

enum { N_SPILLED = 40, SPILLED_SIZE = 2 * EXTENT_SIZE - 7 };
static unsigned char spilled[SPILLED_SIZE];

/* Fills each range with its number, in a child. */
static void spill_in_child(struct arena *arena, const struct extent_range *ranges)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (int i = 0; i < N_SPILLED; i++) {
            memset(spilled, i + 1, SPILLED_SIZE);
            if (arena_write_spill(arena, ranges[i].first, 0, spilled, 99) < 0 ||
                arena_write_spill(arena, ranges[i].first, 99, spilled + 99, SPILLED_SIZE - 99) < 0)
                _exit(1);
        }
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void what_a_child_spills_can_be_read_by_its_parent(void **state)
{
    (void)state;
    struct arena arena;
    struct extent_range memory, ranges[N_SPILLED];
    assert_int_equal(arena_init(&arena, 3 * EXTENT_SIZE, 1), 0);
    assert_int_equal(arena_take_spill(&arena, 1, &memory), CODE_LIMIT); /* there is none yet */
    assert_int_equal(arena_take(&arena, 2 * EXTENT_SIZE, &memory), 0);
    assert_int_equal(arena_open_spill(&arena, open_nameless(), UINT64_MAX), 0);
    for (uint32_t i = 0; i < N_SPILLED; i++) {
        assert_int_equal(arena_take_spill(&arena, SPILLED_SIZE, &ranges[i]), 0);
        assert_int_equal(ranges[i].first, arena.n_extents + 1 + 2 * i);
        assert_int_equal(ranges[i].count, 2);
        assert_true(arena_is_spilled(&arena, ranges[i].first));
        assert_int_equal(arena_check(&arena, ranges[i]), 0);
    }
    assert_int_equal(arena.n_used, 2);
    assert_int_equal(arena.spill.n_used, 2 * N_SPILLED);

    spill_in_child(&arena, ranges);
    size_t mapped = 0;
    for (int i = 0; i < N_SPILLED; i++) {
        const unsigned char *at = arena_at(&arena, ranges[i].first);
        memset(spilled, i + 1, SPILLED_SIZE);
        assert_memory_equal(at, spilled, SPILLED_SIZE);
        assert_int_equal(at[SPILLED_SIZE], 0); /* as all up to the end of the extent */
        assert_int_equal(at[2 * EXTENT_SIZE], i + 1 < N_SPILLED ? i + 2 : 0);
        assert_true(arena_holds_spilled(&arena, at));
        assert_ptr_equal(arena_byte(&arena, arena_place(&arena, at + 5)), at + 5);
        arena_note_read(&arena, &mapped, SPILLED_SIZE);
    }
    const unsigned char *in_memory = arena_at(&arena, memory.first);
    assert_false(arena_holds_spilled(&arena, in_memory));
    assert_ptr_equal(arena_byte(&arena, arena_place(&arena, in_memory + 5)), in_memory + 5);
    arena_release(&arena);
}

static void no_room_in_the_file_lies_in_two_pieces_of_its_map(void **state)
{
    (void)state;
    struct arena arena;
    struct extent_range range;
    const uint32_t first = SPILL_MAP_FIRST / EXTENT_SIZE;
    uint64_t at;
    assert_int_equal(arena_init(&arena, 2 * EXTENT_SIZE, 1), 0);
    assert_int_equal(arena_open_spill(&arena, open_nameless(), UINT64_MAX), 0);
    assert_null(arena.spill.map->pieces[0]); /* nothing is mapped before it is needed */
    assert_int_equal(arena_take_spill(&arena, SPILL_MAP_FIRST - EXTENT_SIZE, &range), 0);
    assert_int_equal(range.first, 3);
    assert_int_equal(arena_take_spill(&arena, 2 * EXTENT_SIZE, &range), 0);
    assert_int_equal(range.first, 3 + first);
    assert_null(arena.spill.map->pieces[2]);
    assert_int_equal(arena_take_spill(&arena, 1, &range), 0);
    assert_int_equal(range.first, 3 + first - 1);
    assert_int_equal(arena_take_spill(&arena, SPILL_MAP_FIRST + 1, &range), 0);
    assert_int_equal(range.first, 3 + 2 * first);
    for (uint32_t i = 0; i < 4 * first; i += first / 2) {
        uint64_t place = (UINT64_C(3) + i) * EXTENT_SIZE + 7;
        const void *byte = arena_byte(&arena, place);
        assert_int_equal(arena_place(&arena, byte), place);
        assert_true(arena_holds_spilled(&arena, byte));
        assert_true(spill_map_holds(arena.spill.map, byte, &at));
        assert_int_equal(at, (uint64_t)i * EXTENT_SIZE + 7);
    }
    /* The last piece ends where the file may. */
    uint64_t size = arena.spill.map->size;
    assert_int_equal(size, (uint64_t)arena.spill.n_extents * EXTENT_SIZE);
    assert_int_equal(spill_map_end(arena.spill.map, size - 1), size);
    arena_release(&arena);
}

/* Behind the last extent in use nothing is mapped but what is read past it. */
static void fit_gives_back_the_addresses_behind_the_last_extent(void **state)
{
    (void)state;
    struct arena arena;
    struct extent_range ranges[3], none;
    unsigned char seen;
    for (int n = 0; n < 3; n++) {
        assert_int_equal(arena_init(&arena, 8 * EXTENT_SIZE, 1), 0);
        for (int i = 0; i < 3; i++) {
            assert_int_equal(arena_take(&arena, 1, &ranges[i]), 0);
            memset(arena_at(&arena, ranges[i].first), 1 + i, EXTENT_SIZE);
        }
        for (int i = n; i < 3; i++)
            arena_give(&arena, ranges[i]);
        if (n == 2) /* a hole in the middle stays */
            arena_give(&arena, ranges[0]);
        arena_fit(&arena);
        assert_int_equal(arena.n_extents, n);
        if (n > 0)
            assert_int_equal(arena_at(&arena, (uint32_t)n - 1)[EXTENT_SIZE - 1], n);
        unsigned char *end = arena.base + (size_t)n * EXTENT_SIZE;
        assert_int_equal(mincore(end, 1, &seen), 0);
        assert_int_equal(mincore(end + EXTENT_SIZE, 1, &seen), -1);
        assert_int_equal(errno, ENOMEM);
        assert_int_equal(arena_take(&arena, 2 * EXTENT_SIZE, &none), CODE_LIMIT);
        arena_release(&arena);
    }
}

static void without_addresses_for_it_nothing_is_taken(void **state)
{
    (void)state;
    struct arena arena;
    struct extent_range range;
    struct rlimit before, none;
    assert_int_equal(arena_init(&arena, 2 * EXTENT_SIZE, 1), 0);
    assert_int_equal(arena_open_spill(&arena, open_nameless(), UINT64_MAX), 0);
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    none = before;
    none.rlim_cur = 1;
    assert_int_equal(setrlimit(RLIMIT_AS, &none), 0);
    int rc = arena_take_spill(&arena, 1, &range), error = errno;
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    assert_int_equal(rc, CODE_WRITE);
    assert_int_equal(error, ENOMEM);
    assert_int_equal(arena.spill.n_used, 0);
    assert_int_equal(arena_take_spill(&arena, 1, &range), 0);
    assert_int_equal(range.first, 3);
    arena_release(&arena);
}

static void extents_of_both_kinds_are_given_back_to_their_own(void **state)
{
    (void)state;
    struct arena arena;
    struct extent_range a, b, c;
    assert_int_equal(arena_init(&arena, 2 * EXTENT_SIZE, 1), 0);
    assert_int_equal(arena_open_spill(&arena, open_nameless(), UINT64_MAX), 0);
    assert_int_equal(arena_take_spill(&arena, 10 * EXTENT_SIZE, &a), 0);
    assert_int_equal(arena_take_spill(&arena, 1, &b), 0);
    assert_int_equal(arena_take(&arena, 3 * EXTENT_SIZE, &c), CODE_LIMIT);
    arena_trim(&arena, &a, 3 * EXTENT_SIZE + 1);
    assert_int_equal(a.count, 4);
    assert_int_equal(arena.spill.n_used, 5);
    assert_int_equal(arena_take_spill(&arena, 6 * EXTENT_SIZE, &c), 0);
    assert_int_equal(c.first, a.first + 4);
    arena_give(&arena, a);
    assert_int_equal(arena_take_spill(&arena, 5 * EXTENT_SIZE, &a), 0);
    assert_int_equal(a.first, b.first + 1);
    assert_int_equal(arena.spill.n_peak, 12);
    assert_int_equal(arena.n_used, 0);

    /* Neither what lies between the kinds nor what is behind the file is anybody's. */
    struct extent_range wall = {arena.n_extents, 1}, end = a;
    assert_int_equal(arena_check(&arena, wall), CODE_PROTOCOL);
    wall.first--;
    wall.count = 3;
    assert_int_equal(arena_check(&arena, wall), CODE_PROTOCOL);
    end.first = arena.n_extents + 1 + arena.spill.n_extents;
    end.count = 1;
    assert_int_equal(arena_check(&arena, end), CODE_PROTOCOL);
    end.first--;
    assert_int_equal(arena_check(&arena, end), 0);
    arena_release(&arena);
}

static void a_sealed_file_is_read_on_and_an_unused_one_goes(void **state)
{
    (void)state;
    struct arena arena;
    struct extent_range range;
    for (int used = 0; used < 2; used++) {
        int fd = open_nameless();
        assert_int_equal(arena_init(&arena, 2 * EXTENT_SIZE, 1), 0);
        assert_int_equal(arena_open_spill(&arena, fd, UINT64_MAX), 0);
        assert_int_equal(arena_take_spill(&arena, 1, &range), 0);
        assert_int_equal(arena_write_spill(&arena, range.first, 0, "word", 5), 0);
        if (!used)
            arena_give(&arena, range);
        arena_seal_spill(&arena);
        assert_int_equal(fcntl(fd, F_GETFD), -1);
        assert_int_equal(arena.spill.map != NULL, used);
        if (used)
            assert_string_equal((char *)arena_at(&arena, range.first), "word");
        arena_release(&arena);
    }
}

static void a_limit_on_files_is_an_error_and_no_signal(void **state)
{
    (void)state;
    struct rlimit before, low;
    struct arena arena;
    struct extent_range range;
    int fd = open_nameless();
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    low = before;
    low.rlim_cur = 4 << 20;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
    assert_int_equal(arena_init(&arena, 2 * EXTENT_SIZE, 1), 0);
    assert_int_equal(arena_open_spill(&arena, fd, UINT64_MAX), 0);
    assert_int_equal(arena_take_spill(&arena, 5 << 20, &range), CODE_LIMIT);
    assert_int_equal(arena_take_spill(&arena, 3 << 20, &range), 0);
    assert_int_equal(arena_write_spill(&arena, range.first, 0, "word", 5), 0);
    arena_release(&arena);
    low.rlim_cur = 4096;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
    fd = open_nameless();
    assert_int_equal(arena_init(&arena, 2 * EXTENT_SIZE, 1), 0);
    assert_int_equal(arena_open_spill(&arena, fd, UINT64_MAX), CODE_FORK);
    assert_int_equal(errno, EFBIG);
    assert_int_equal(close(fd), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_hands_out_the_lowest_room_and_none_twice),
        cmocka_unit_test(full_arena_says_limit_until_some_is_given_back),
        cmocka_unit_test(room_on_both_sides_of_a_full_stretch_is_not_joined),
        cmocka_unit_test(size_near_the_end_of_its_type_is_refused),
        cmocka_unit_test(check_accepts_only_what_lies_inside),
        cmocka_unit_test(what_a_child_writes_is_there_for_its_parent),
        cmocka_unit_test(some_bytes_past_the_last_extent_are_readable),
        cmocka_unit_test(drop_free_empties_free_extents_and_no_other),
        cmocka_unit_test(init_settles_for_less_but_not_for_less_than_the_minimum),
        cmocka_unit_test(what_a_child_spills_can_be_read_by_its_parent),
        cmocka_unit_test(no_room_in_the_file_lies_in_two_pieces_of_its_map),
        cmocka_unit_test(fit_gives_back_the_addresses_behind_the_last_extent),
        cmocka_unit_test(without_addresses_for_it_nothing_is_taken),
        cmocka_unit_test(extents_of_both_kinds_are_given_back_to_their_own),
        cmocka_unit_test(a_sealed_file_is_read_on_and_an_unused_one_goes),
        cmocka_unit_test(a_limit_on_files_is_an_error_and_no_signal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
