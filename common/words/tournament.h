/*
 * Which of n sorted lists has the least word: a tree of losers (Knuth, The Art of Computer
 * Programming, volume 3, 5.4.1). Each node has the loser of a match, and the root the winner of
 * all. So when a word was used up, the next one of its list plays only against those on its way up,
 * which are log2 n.
 *
 *                 [0] winner
 *                 [1]                 n = 4; list i comes from node (i + n) / 2
 *            [2]        [3]
 *           0   1      2   3
 */
#ifndef COMMON_WORDS_TOURNAMENT_H
#define COMMON_WORDS_TOURNAMENT_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The next word of a list. */
struct player {
    uint64_t key;     /* player_key of the word */
    const char *word; /* valid until its list plays again; NULL: the list is at its end */
    uint32_t size;
};

struct tournament {
    struct player *players;
    uint32_t *losers;
    uint32_t n;
};

/* The first 8 bytes of a word, as numbers compare. */
static inline uint64_t player_key(const char *word, size_t size)
{
    uint64_t key = 0;
    if (size >= sizeof key)
        memcpy(&key, word, sizeof key); /* one load */
    else
        memcpy(&key, word, size);
    return be64toh(key);
}

/* For n > 0 lists. 0 or CODE_NOMEM. */
int tournament_init(struct tournament *tournament, uint32_t n);
/* Takes a zeroed one too. */
void tournament_release(struct tournament *tournament);

/*
 * List i has this word next. All lists must have played once before there is a winner; then only
 * the winner plays.
 */
void tournament_play(struct tournament *tournament, uint32_t i, const struct player *player);

/* The list with the least word; of equal words, the first one's. */
static inline uint32_t tournament_winner(const struct tournament *tournament)
{
    return tournament->losers[0];
}

#endif
