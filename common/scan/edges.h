/*
 * Where the words of text begin and end, 64 bytes at a time, as far as ASCII tells. What has bytes
 * of other characters in it is found as a whole, and is left for token.h to look at. The variants
 * are twins as those of scan.h, and chosen with them.
 *
 * The bytes of a run are, of tokens of the kind
 *
 *     blanks   all but white space
 *     letters  letters, and bytes that are not ASCII
 *     uax29    letters, digits, underscores, bytes that are not ASCII; a stop, quote, colon, comma
 *              or semicolon between letters or digits, if WB6, 7, 11 and 12 say so; punctuation
 *              beside bytes that are not ASCII
 *
 * So no token is in two runs, and a run in ASCII is a token, but for runs of underscores alone.
 */
#ifndef COMMON_SCAN_EDGES_H
#define COMMON_SCAN_EDGES_H

#include <stddef.h>
#include <stdint.h>

/* What a token is: token.h. In the order of the public enum. */
enum token_kind { TOKEN_UAX29, TOKEN_LETTERS, TOKEN_BLANKS, TOKEN_N_KINDS };

#define EDGES_SIZE_MAX 4096 /* bytes looked at in one call */
#define EDGES_MAX (EDGES_SIZE_MAX + 8)

/*
 * Stores where each run of [data, data + size) begins and ends, alternately, in edges, which takes
 * EDGES_MAX. Returns how many that were, an even number. data is readable for SCAN_PADDING bytes
 * more; what is there is no part of the text.
 */
typedef size_t edges_fn(const char *data, size_t size, uint32_t *edges);

/* One for each kind of token. */
struct edges {
    edges_fn *of[TOKEN_N_KINDS];
};

extern const struct edges edges_portable;
#if defined(__x86_64__)
extern const struct edges edges_sse2, edges_avx2;
#elif defined(__aarch64__)
extern const struct edges edges_neon;
#endif

#endif
