/* A line is to blame for a partition's deaths if it was there at most of them, and only then. */
#include "dispatch/crashes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "shared/progress.h"

static struct crashes *crashes;

/* What crashes_skip says after deaths at these places. */
static int skip_after(uint64_t a, uint64_t b, uint64_t c)
{
    assert_int_equal(crashes_add(&crashes, a), 0);
    assert_int_equal(crashes_add(&crashes, b), 0);
    assert_int_equal(crashes_add(&crashes, c), 0);
    return crashes_skip(crashes);
}

static int forget(void **state)
{
    (void)state;
    free(crashes);
    crashes = NULL;
    return 0;
}

static void the_line_of_most_deaths_is_skipped(void **state)
{
    (void)state;
    const uint64_t elsewhere = PROGRESS_NO_RECORD;
    assert_int_equal(skip_after(7, 7, 7), 1);
    assert_int_equal(skip_after(0, 5, 0), 1);
    assert_int_equal(skip_after(elsewhere, 9, 9), 1);
    assert_int_equal(skip_after(3, 3, 1), 1);
    static const uint64_t skips[] = {0, 3, 7, 9};
    assert_int_equal(crashes->n_skips, 4);
    assert_memory_equal(crashes->skips, skips, sizeof skips);
}

static void deaths_all_over_the_place_are_no_lines_fault(void **state)
{
    (void)state;
    const uint64_t elsewhere = PROGRESS_NO_RECORD;
    assert_int_equal(skip_after(1, 2, 3), 0);
    forget(NULL);
    assert_int_equal(skip_after(elsewhere, elsewhere, 3), 0);
    forget(NULL);
    assert_int_equal(skip_after(elsewhere, 3, 4), 0);
    assert_int_equal(crashes->n_skips, 0);
}

static void three_deaths_in_a_row_at_one_line_agree(void **state)
{
    (void)state;
    static const uint64_t places[] = {
        5, 7, 7, 7, 7, 8, 7, 7, PROGRESS_NO_RECORD, PROGRESS_NO_RECORD, PROGRESS_NO_RECORD};
    static const int agree[] = {0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0};
    for (size_t i = 0; i < sizeof agree / sizeof *agree; i++) {
        assert_int_equal(crashes_add(&crashes, places[i]), 0);
        assert_int_equal(crashes_agree(crashes), agree[i]);
    }
}

static void no_more_is_skipped_than_a_message_can_tell(void **state)
{
    (void)state;
    uint64_t n = CRASHES_SKIPS_MAX;
    for (uint64_t i = 0; i < n; i++)
        assert_int_equal(skip_after(n - i, n - i, n - i), 1);
    for (uint64_t i = 0; i < n; i++)
        assert_int_equal(crashes->skips[i], i + 1);
    assert_int_equal(skip_after(n + 1, n + 1, n + 1), 0);
    struct message_header header = {
        (uint32_t)(sizeof(struct message_map) + crashes->n_skips * sizeof *crashes->skips),
        MESSAGE_MAP, MESSAGE_VERSION};
    assert_int_equal(message_check(&header), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_line_of_most_deaths_is_skipped, forget),
        cmocka_unit_test_teardown(deaths_all_over_the_place_are_no_lines_fault, forget),
        cmocka_unit_test_teardown(three_deaths_in_a_row_at_one_line_agree, forget),
        cmocka_unit_test_teardown(no_more_is_skipped_than_a_message_can_tell, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
