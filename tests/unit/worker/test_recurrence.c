/* Words that come back are seen, others are not, however many there are. */
#include "tasks/recurrence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* Notes the words from first to last, in two pieces, and forgets them. */
static void note(struct recurrence *recurrence, struct table *table, unsigned first, unsigned last)
{
    for (unsigned half = 0; half < 2; half++) {
        size_t start = table->size;
        for (unsigned i = first; i < last; i++) {
            char word[20];
            if (i % 2 != half)
                continue;
            int size = snprintf(word, sizeof word, "word %u", i);
            assert_non_null(table_append(table, 0, word, (uint32_t)size, &(uint64_t){1}));
        }
        recurrence_note(recurrence, table, start);
    }
    table_clear(table);
}

static void words_that_come_back_are_seen_and_counted(void **state)
{
    (void)state;
    static const unsigned n_words[] = {1000, 20000, 100000, 1000000};
    for (size_t i = 0; i < sizeof n_words / sizeof *n_words; i++) {
        struct recurrence recurrence = RECURRENCE_NONE;
        struct table table;
        unsigned n = n_words[i];
        assert_int_equal(table_init(&table, n, (size_t)48 * n, (size_t)48 * n), 0);
        table.is_list = 1;
        for (unsigned first = 0; first < n; first += n / 10) {
            note(&recurrence, &table, first, first + n / 10);
            assert_false(recurrence_is_seen(&recurrence));
        }
        uint64_t guess = recurrence_n_words(&recurrence);
        if (n >= 20000)
            assert_true(guess > n / 5 * 4 && guess < n / 5 * 6);
        for (unsigned first = 0; first < n && n >= 20000; first += n / 10) {
            note(&recurrence, &table, first, first + n / 10);
            assert_true(recurrence_is_seen(&recurrence));
        }
        assert_int_equal(recurrence_n_words(&recurrence), guess);
        for (unsigned tenth = 10; tenth < 15; tenth++)
            note(&recurrence, &table, n / 10 * tenth, n / 10 * (tenth + 1));
        assert_false(recurrence_is_seen(&recurrence));
        table_release(&table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_that_come_back_are_seen_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
