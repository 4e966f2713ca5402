/* Lists of any number and length come out in the order of their words, the first list's first. */
#include "words/tournament.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"
#include "words/order.h"

#define N_RUNS 300
#define N_LISTS_MAX 40
#define LIST_SIZE_MAX 30
#define WORD_MAX 12

struct word {
    char text[WORD_MAX];
    uint32_t size;
    uint32_t list;
};

static int compare_words(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    int order = order_words(x->text, x->size, y->text, y->size);
    return order != 0 ? order : (x->list > y->list) - (x->list < y->list);
}

static uint32_t make_list(struct word *words, uint32_t list, uint64_t *random)
{
    uint32_t n = (uint32_t)random_below(random, LIST_SIZE_MAX);
    for (uint32_t i = 0; i < n; i++) {
        words[i] = (struct word){.list = list, .size = (uint32_t)random_below(random, WORD_MAX)};
        random_fill(random, words[i].text, words[i].size, "\0a\xFF", 3);
    }
    qsort(words, n, sizeof *words, compare_words);
    return n;
}

static void lists_come_out_in_order(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= N_RUNS; seed++) {
        static struct word words[N_LISTS_MAX][LIST_SIZE_MAX], all[N_LISTS_MAX * LIST_SIZE_MAX];
        uint32_t sizes[N_LISTS_MAX], taken[N_LISTS_MAX] = {0}, n_all = 0;
        uint64_t random = seed;
        uint32_t n = 1 + (uint32_t)random_below(&random, N_LISTS_MAX);
        struct tournament tournament;
        assert_int_equal(tournament_init(&tournament, n), 0);
        for (uint32_t i = 0; i < n; i++) {
            sizes[i] = make_list(words[i], i, &random);
            memcpy(all + n_all, words[i], sizes[i] * sizeof *all);
            n_all += sizes[i];
        }
        qsort(all, n_all, sizeof *all, compare_words);

        for (uint32_t begun = 0, i = 0, at = 0; at <= n_all;) {
            struct player player = {0, NULL, 0};
            if (taken[i] < sizes[i]) {
                const struct word *word = &words[i][taken[i]++];
                player =
                    (struct player){player_key(word->text, word->size), word->text, word->size};
            }
            tournament_play(&tournament, i, &player);
            i = ++begun < n ? begun : tournament_winner(&tournament);
            if (begun < n)
                continue;
            const struct player *least = &tournament.players[i];
            if (at == n_all)
                assert_null(least->word);
            else if (!least->word || i != all[at].list || least->size != all[at].size ||
                     memcmp(least->word, all[at].text, least->size) != 0)
                fail_msg("seed %llu: word %u of %u is another", (unsigned long long)seed, at,
                         n_all);
            at++;
        }
        tournament_release(&tournament);
    }
}

static void keys_are_in_the_order_of_the_words(void **state)
{
    (void)state;
    assert_true(player_key("", 0) == 0);
    assert_true(player_key("a", 1) == UINT64_C(0x6100000000000000));
    assert_true(player_key("abcdefghi", 9) == player_key("abcdefgh", 8));
    assert_true(player_key("abcdefg", 7) < player_key("abcdefgh", 8));
    assert_true(player_key("\x7F", 1) < player_key("\x80", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_come_out_in_order),
        cmocka_unit_test(keys_are_in_the_order_of_the_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
