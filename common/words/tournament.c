/* A node whose loser is nobody yet keeps whom comes first: so the first round plays itself. */
#include "words/tournament.h"

#include <stdlib.h>

#include "base/code.h"
#include "words/order.h"

#define NOBODY UINT32_MAX

int tournament_init(struct tournament *tournament, uint32_t n)
{
    struct tournament t = {.n = n};
    t.players = calloc(n, sizeof *t.players);
    t.losers = malloc(n * sizeof *t.losers);
    if (!t.players || !t.losers) {
        tournament_release(&t);
        return CODE_NOMEM;
    }
    for (uint32_t i = 0; i < n; i++)
        t.losers[i] = NOBODY;
    *tournament = t;
    return 0;
}

void tournament_release(struct tournament *tournament)
{
    free(tournament->players);
    free(tournament->losers);
}

static int goes_before(const struct player *players, uint32_t a, uint32_t b)
{
    const struct player *x = &players[a], *y = &players[b];
    if (!x->word || !y->word)
        return x->word != NULL;
    if (x->key != y->key)
        return x->key < y->key;
    int order = order_words(x->word, x->size, y->word, y->size);
    return order != 0 ? order < 0 : a < b;
}

void tournament_play(struct tournament *tournament, uint32_t i, const struct player *player)
{
    uint32_t *losers = tournament->losers;
    tournament->players[i] = *player;
    for (uint32_t node = (i + tournament->n) / 2; node > 0; node /= 2) {
        uint32_t other = losers[node];
        if (other == NOBODY) {
            losers[node] = i;
            return;
        }
        if (goes_before(tournament->players, other, i)) {
            losers[node] = i;
            i = other;
        }
    }
    losers[0] = i;
}
