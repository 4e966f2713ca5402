/*
 * Which entries count by the parts of speech of their tokens (see tag.h): what a text such as
 * "NOUN,VERB" says, and whether an entry is one of those. Boundaries are neutral: they have no tag,
 * and stand in entries of every kind.
 */
#ifndef COMMON_FILTER_POS_H
#define COMMON_FILTER_POS_H

#include <stddef.h>
#include <stdint.h>

/* Tags of a phrase, at most. */
#define POS_PHRASE_MAX 16

/* {0} takes all entries. */
struct pos {
    unsigned allowed;    /* what tokens may be, a set as tag.h has it; 0: anything, and no more is
                            asked */
    unsigned tags;       /* one of these is there; 0: none need be */
    unsigned boundaries; /* the same */
    uint64_t *phrases;   /* the tags are, in this order, one of these; NULL: in any order */
    uint32_t n_phrases;
};

/* What is wrong with a text: no tag has this name, or a phrase has too many of them. */
enum { POS_UNKNOWN = 1, POS_LONG = 2 };

/*
 * Reads what --pos says:
 *
 *     all        every entry
 *     untagged   no token is tagged or a placeholder
 *     tagged     every token is tagged
 *     NOUN,VERB  the same, each with one of these tags, and one token at least
 *     ADJ NOUN   the same, with these tags in this order; several with commas between them
 *
 * in any case, names with underscores around them or without. Among single tags a boundary, START,
 * says that it must be there; without a tag beside it, in an entry of plain tokens. In a phrase it
 * stands in its place. 0; CODE_NOMEM; or what is wrong, with the name in *name and *size.
 */
int pos_parse(struct pos *pos, const char *text, const char **name, size_t *size);
void pos_release(struct pos *pos);

/* Whether pos takes the word. */
int pos_takes(const struct pos *pos, const char *word, uint32_t size);

#endif
