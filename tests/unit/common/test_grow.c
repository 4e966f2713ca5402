/* Arrays that grow: what is in them stays, and what cannot be had changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/grow.h"

static void items_stay_and_room_doubles(void **state)
{
    (void)state;
    uint32_t *items = NULL;
    size_t capacity = 0, n_moves = 0;
    for (size_t n = 0; n < 100000; n++) {
        size_t before = capacity;
        items = grow(items, &capacity, n + 1, sizeof *items);
        assert_non_null(items);
        assert_true(capacity > n);
        n_moves += capacity != before;
        assert_true(capacity == before || capacity >= 2 * before);
        items[n] = (uint32_t)n * 2654435761u;
    }
    assert_true(n_moves < 20);
    for (size_t n = 0; n < 100000; n++)
        assert_int_equal(items[n], (uint32_t)n * 2654435761u);
    free(items);
}

static void many_items_at_once_have_room(void **state)
{
    (void)state;
    size_t capacity = 0;
    char *bytes = grow(NULL, &capacity, 1, 1);
    assert_non_null(bytes);
    bytes = grow(bytes, &capacity, 1 << 20, 1);
    assert_non_null(bytes);
    assert_true(capacity >= 1 << 20);
    bytes[capacity - 1] = 1;
    free(bytes);
}

static void an_array_that_has_room_is_left_alone(void **state)
{
    (void)state;
    char items[4];
    size_t capacity = sizeof items;
    assert_ptr_equal(grow(items, &capacity, sizeof items, 1), items);
    assert_int_equal(capacity, sizeof items);
}

static void what_cannot_be_had_changes_nothing(void **state)
{
    (void)state;
    size_t capacity = 0;
    char *items = grow(NULL, &capacity, 10, 8), *none;
    assert_non_null(items);
    size_t before = capacity;
    none = grow(items, &capacity, SIZE_MAX / 4, 8); /* more bytes than a size can say */
    assert_null(none);
    assert_int_equal(capacity, before);
    items[8 * capacity - 1] = 1;
    free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_stay_and_room_doubles),
        cmocka_unit_test(many_items_at_once_have_room),
        cmocka_unit_test(an_array_that_has_room_is_left_alone),
        cmocka_unit_test(what_cannot_be_had_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
