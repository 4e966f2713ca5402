/*
 * A worker in this process, whose port writes down what it says. It does what a message asks only
 * if the message has the size that its type must have, and answers each task once.
 */
#include "worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/code.h"
#include "output/formats.h"
#include "wordmill.h"
#include "scan/variants.h"

struct fixture {
    struct port port; /* the first, so that it can be cast */
    struct job_spec spec;
    struct arena arena;
    struct worker *worker;
    unsigned n_sent[MESSAGE_N_TYPES];
    struct message_done done;
    struct message_failed failed;
    int is_orphan;
};

static int note_message(struct port *port, enum message_type type, const void *data, size_t size,
                        const void *more, size_t more_size)
{
    struct fixture *fixture = (struct fixture *)port;
    (void)more;
    assert_int_equal(more_size, 0);
    fixture->n_sent[type]++;
    if (type == MESSAGE_DONE)
        memcpy(&fixture->done, data, size);
    if (type == MESSAGE_FAILED)
        memcpy(&fixture->failed, data, size);
    return 0;
}

static int give_grant(struct port *port, struct extent_range *grant)
{
    struct fixture *fixture = (struct fixture *)port;
    return arena_take(&fixture->arena, context_grant_size(&fixture->spec), grant);
}

static int is_orphan(struct port *port)
{
    return ((struct fixture *)port)->is_orphan;
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    fixture->port = (struct port){note_message, give_grant, is_orphan};
    fixture->spec = (struct job_spec){.arena = &fixture->arena,
                                      .progress = progress_new(1, 8),
                                      .scan = scan_choose(),
                                      .format = output_format_at(WM_OUTPUT_TSV),
                                      .n_entries_max = 1000,
                                      .table_size = 65536,
                                      .table_size_max = 65536,
                                      .chunk_size = 65536};
    assert_non_null(fixture->spec.progress);
    assert_int_equal(arena_init(&fixture->arena, 64 * EXTENT_SIZE, 64 * EXTENT_SIZE), 0);
    assert_int_equal(
        worker_new(&fixture->worker, &fixture->spec, fixture->spec.progress->slots, &fixture->port),
        0);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    worker_free(fixture->worker);
    arena_release(&fixture->arena);
    progress_free(fixture->spec.progress);
    free(fixture);
    return 0;
}

static int handle(struct fixture *fixture, unsigned type, const void *payload, size_t size)
{
    struct message_header header = {(uint32_t)size, (uint16_t)type, MESSAGE_VERSION};
    return worker_handle(fixture->worker, &header, payload);
}

/* A map task of a block of a pipe, with text in it. */
static struct message_map map_of(struct fixture *fixture, const char *text)
{
    struct message_map map = {.task = 3, .end = strlen(text), .last = 1, .format = WM_FORMAT_TEXT};
    assert_int_equal(arena_take(&fixture->arena, EXTENT_SIZE, &map.block), 0);
    memcpy(arena_at(&fixture->arena, map.block.first), text, strlen(text));
    return map;
}

static void a_message_of_another_size_is_nonsense(void **state)
{
    static const struct {
        enum message_type type;
        size_t size;
    } cases[] = {
        {MESSAGE_SPLIT, sizeof(struct message_split)},
        {MESSAGE_MAP, sizeof(struct message_map)},
        {MESSAGE_REDUCE, sizeof(struct message_reduce)},
        {MESSAGE_RANK, sizeof(struct message_rank)},
        {MESSAGE_ORDER, sizeof(struct message_order)},
        {MESSAGE_GRANT, sizeof(struct extent_range)},
    };
    struct fixture *fixture = *state;
    _Alignas(8) static const char payload[1024];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t size = 0; size < cases[i].size + 17; size++)
            if (size != cases[i].size)
                assert_int_equal(handle(fixture, cases[i].type, payload, size), CODE_PROTOCOL);
    for (size_t i = 0; i < MESSAGE_N_TYPES; i++)
        assert_int_equal(fixture->n_sent[i], 0);
}

static void a_type_that_no_coordinator_sends_is_nonsense(void **state)
{
    static const unsigned types[] = {
        0, MESSAGE_RUN, MESSAGE_LINES, MESSAGE_DONE, MESSAGE_FAILED, MESSAGE_N_TYPES, UINT16_MAX};
    struct fixture *fixture = *state;
    _Alignas(8) static const char payload[1024];
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        for (size_t size = 0; size <= sizeof payload; size += 4)
            assert_int_equal(handle(fixture, types[i], payload, size), CODE_PROTOCOL);
}

static void skips_are_as_many_as_the_message_says(void **state)
{
    static const uint32_t numbers[] = {1, 2, 8, 10, UINT32_MAX / 8 + 1, UINT32_MAX};
    struct fixture *fixture = *state;
    struct {
        struct message_map map;
        uint64_t skips[9];
    } message = {.map = map_of(fixture, "a\n")};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        message.map.n_skips = numbers[i];
        assert_int_equal(handle(fixture, MESSAGE_MAP, &message, sizeof message), CODE_PROTOCOL);
    }
    message.map.n_skips = 9;
    assert_int_equal(handle(fixture, MESSAGE_MAP, &message, sizeof message), 0);
    assert_int_equal(fixture->n_sent[MESSAGE_DONE], 1);
}

static void a_task_is_answered_once(void **state)
{
    struct fixture *fixture = *state;
    struct message_map map = map_of(fixture, "b a b\nc\n");
    assert_int_equal(handle(fixture, MESSAGE_MAP, &map, sizeof map), 0);
    assert_int_equal(fixture->n_sent[MESSAGE_RUN], 1);
    assert_int_equal(fixture->n_sent[MESSAGE_DONE], 1);
    assert_int_equal(fixture->n_sent[MESSAGE_FAILED], 0);
    assert_int_equal(fixture->done.task, 3);
    assert_int_equal(fixture->done.lines, 2);
    assert_int_equal(fixture->done.bytes, 8);
}

static void a_failure_that_is_only_a_code_is_told(void **state)
{
    struct fixture *fixture = *state;
    struct message_map map = map_of(fixture, "b a b\nc\n");
    struct extent_range all;
    while (arena_take(&fixture->arena, EXTENT_SIZE, &all) == 0)
        continue;
    assert_int_equal(handle(fixture, MESSAGE_MAP, &map, sizeof map), 0);
    assert_int_equal(fixture->n_sent[MESSAGE_DONE], 0);
    assert_int_equal(fixture->n_sent[MESSAGE_FAILED], 1);
    assert_int_equal(fixture->failed.task, 3);
    assert_int_equal(fixture->failed.code, CODE_LIMIT);
    assert_int_equal(fixture->failed.text_size, 0);
}

static void a_coordinator_that_is_gone_gets_no_answer(void **state)
{
    struct fixture *fixture = *state;
    const struct message_reduce nothing = {.kind = REDUCE_ROUND};
    assert_int_equal(handle(fixture, MESSAGE_REDUCE, &nothing, sizeof nothing), 0);
    assert_int_equal(fixture->n_sent[MESSAGE_DONE], 1);
    fixture->is_orphan = 1;
    assert_int_equal(handle(fixture, MESSAGE_REDUCE, &nothing, sizeof nothing), CODE_PROTOCOL);
    assert_int_equal(fixture->n_sent[MESSAGE_DONE], 1);
    assert_int_equal(fixture->n_sent[MESSAGE_FAILED], 0);
}

static int refuse(unsigned worker, void *user)
{
    (void)user;
    return worker == 0 ? 42 : 1;
}

static void a_host_that_refuses_is_heard(void **state)
{
    struct fixture *fixture = *state;
    struct worker *worker = NULL;
    fixture->spec.init = refuse;
    assert_int_equal(
        worker_new(&worker, &fixture->spec, fixture->spec.progress->slots, &fixture->port),
        CODE_WORKER);
    assert_null(worker);
    assert_int_equal(atomic_load(&fixture->spec.progress->slots[0].refusal), 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_message_of_another_size_is_nonsense, setup, teardown),
        cmocka_unit_test_setup_teardown(a_type_that_no_coordinator_sends_is_nonsense, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(skips_are_as_many_as_the_message_says, setup, teardown),
        cmocka_unit_test_setup_teardown(a_task_is_answered_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_failure_that_is_only_a_code_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(a_coordinator_that_is_gone_gets_no_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(a_host_that_refuses_is_heard, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
