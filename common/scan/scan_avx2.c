/* The twin for AVX2: 32 bytes a compare. Built with -mavx2 -mbmi -mpopcnt, so only called with
 * them. */
#include "scan/twins.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "scan/digits.h"
#include "scan/scan_bits.h"

static inline uint64_t mark_of(const char *data, char byte)
{
    const __m256i bytes = _mm256_set1_epi8(byte);
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)data);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(data + 32));
    uint32_t low_bits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, bytes));
    uint32_t high_bits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, bytes));
    return (uint64_t)high_bits << 32 | low_bits;
}

static inline uint64_t mark(const char *data)
{
    return mark_of(data, '\n');
}

SCAN_LINES(scan_lines_avx2, mark)
SCAN_COUNT(scan_count_avx2, mark)

/*
 * XOR with what a line of the word starts with leaves 0 of the word and of two TABs, and at most 9
 * of five digits. The rows are looked at through a window of START_SIZE bytes whose byte 32 is the
 * first one behind the word.
 */
#define START_SIZE 32
#define FRAME_SIZE 6                        /* four digits, a TAB, a digit */
#define SHORT_MAX (START_SIZE - FRAME_SIZE) /* of a word and its TAB; of a longer one */
#define LONG_MAX (SCAN_PADDING - 4 - 16)    /* START_SIZE bytes at the front are compared as well */
_Static_assert(LONG_MAX <= 2 * SHORT_MAX, "a gap in the middle");
#define X4(x) x, x, x, x
#define X16(x) X4(x), X4(x), X4(x), X4(x)
static const unsigned char is_word[2 * START_SIZE] = {X16(0xFF), X16(0xFF)};
static const unsigned char frame[2 * START_SIZE] = {X16(0), X16(0), X4('0'), '\t', '0'};
static const unsigned char most_left[2 * START_SIZE] = {
    X16(0), X16(0), X4(9), 0, 9, 0xFF, 0xFF, X4(0xFF), X4(0xFF), X16(0xFF)};

/*
 * Of 16 bytes, a TAB first, a window of 16 bytes at the place of the next TAB moves what is between
 * the two to the end and clears the rest. Place 64, there is none, copies the first TAB.
 */
static const unsigned char to_the_end[64 + 16] = {X16(0x80), 0x80, 1, 2,  3,  4,  5,  6,
                                                  7,         8,    9, 10, 11, 12, 13, 14};

/*
 * The same of two numbers, each with the byte that ends it: which bytes go to either half, by the
 * places of these two. Zeros copy the first TAB, which is no digit: the numbers are not short.
 */
#define PLACE(start, end, i) ((unsigned char)((end) + (i) > (start) + 7 ? (end) + (i)-7 : 0x80))
#define HALF(start, end)                                                                           \
    PLACE(start, end, 0), PLACE(start, end, 1), PLACE(start, end, 2), PLACE(start, end, 3),        \
        PLACE(start, end, 4), PLACE(start, end, 5), PLACE(start, end, 6), PLACE(start, end, 7)
#define PAIR(first, digits)                                                                        \
    [(first)*16 + (first) + 1 + (digits)] = {HALF(0, first), HALF(first, (first) + 1 + (digits))}
#define PAIRS_6(first)                                                                             \
    PAIR(first, 1), PAIR(first, 2), PAIR(first, 3), PAIR(first, 4), PAIR(first, 5), PAIR(first, 6)
#define PAIRS_7(first) PAIRS_6(first), PAIR(first, 7)
#define NO_PLACE 32 /* there is no such byte */
static const unsigned char pairs[NO_PLACE * 16 + NO_PLACE + 1][16] = {
    PAIRS_7(2), PAIRS_7(3), PAIRS_7(4), PAIRS_7(5), PAIRS_7(6), PAIRS_7(7), PAIRS_6(8)};

static inline __m256i load_32(const void *data)
{
    return _mm256_loadu_si256(data);
}

static inline __m128i load_16(const void *data)
{
    return _mm_loadu_si128(data);
}

struct start {
    __m256i want, most_left, front;
    const char *line, *at, *tab; /* of a line behind an end at 0: start, what to compare, TAB */
};

struct line {
    __m256i left;
    __m128i digits; /* of the count, at the end */
    uint32_t is_in;
};

struct sums {
    __m128i lanes;
    __m128i most; /* of any digit */
    uint64_t n_in;
};

/* Of a loop; all of it is known where the loop is compiled, but which years. */
struct kind {
    int is_pair; /* two numbers are added up */
    int is_long; /* so is the word */
    const struct scan_years *years;
};

static inline struct start start_of(const struct scan_word *word, const char *block)
{
    size_t cut = word->year_at > SHORT_MAX ? word->year_at - SHORT_MAX : 0;
    const char *line = block + 1;
    struct start start = {.line = line, .at = line + cut, .tab = line + word->year_at + 4};
    __m256i same = load_32(is_word + START_SIZE + cut - word->size);
    __m256i other = load_32(frame + START_SIZE + cut - word->year_at);
    __m256i most = load_32(most_left + START_SIZE + cut - word->year_at);
    start.want = _mm256_blendv_epi8(other, load_32(word->data + cut), same);
    start.most_left = _mm256_andnot_si256(same, most);
    start.front = load_32(word->data);
    return start;
}

/* What is behind the TAB at tab, up to the next one, moved to the end; the place of that in *at. */
static inline __m128i to_end(const char *tab, uint64_t *at)
{
    const __m128i zeros = _mm_set1_epi8('0');
    const __m128i tabs = _mm_insert_epi8(_mm_set1_epi8('0' ^ '\t'), 0, 0); /* but the first one */
    __m128i rest = _mm_xor_si128(load_16(tab), zeros);
    *at = _tzcnt_u64((uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(rest, tabs)));
    return _mm_shuffle_epi8(rest, load_16(to_the_end + *at));
}

/* What is behind the TAB at tab: a number and a TAB, a number and a TAB or LF. */
static inline __m128i pair_to_end(const char *tab)
{
    const __m128i below = _mm_set1_epi8(('\t' ^ '0') - 1);
    __m128i rest = _mm_xor_si128(load_16(tab), _mm_set1_epi8('0'));
    /* Of what may stand there, only TAB and LF are above. */
    uint32_t ends = (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(rest, below));
    ends &= ends - 1;
    uint32_t first = _tzcnt_u32(ends);
    ends &= ends - 1;
    return _mm_shuffle_epi8(rest, load_16(pairs[first * 16 + _tzcnt_u32(ends)]));
}

static inline __attribute__((always_inline)) struct line
line_read(const struct start *start, uint32_t end_before, const struct kind *kind)
{
    const struct scan_years *years = kind->years;
    ptrdiff_t at = (int32_t)end_before;
    uint64_t next_tab;
    __m128i digits =
        kind->is_pair ? pair_to_end(start->tab + at) : to_end(start->tab + at, &next_tab);
    __m256i left = _mm256_xor_si256(load_32(start->at + at), start->want);
    if (kind->is_long) {
        __m256i front = _mm256_xor_si256(load_32(start->line + at), start->front);
        front = _mm256_and_si256(front, load_32(is_word + START_SIZE - SHORT_MAX));
        left = _mm256_max_epu8(left, front);
    }
    return (struct line){.left = left,
                         .digits = digits,
                         .is_in = years ? scan_is_in(years, start->tab + at - 4) : 1};
}

static inline uint32_t start_is_same(const struct start *start, __m256i left)
{
    __m256i more = _mm256_subs_epu8(left, start->most_left);
    return (uint32_t)_mm256_testz_si256(more, more);
}

/* Lines of the word, four at most. */
static inline __attribute__((always_inline)) void
add_lines(struct sums *sums, const struct line *line, size_t n, const struct kind *kind)
{
    const int tens = 0x010A010A; /* 10, 1 */
    const __m128i units =
        kind->is_pair ? _mm_set_epi32(0x1010A, tens, 0x1010A, tens) : _mm_set1_epi32(tens);
    __m128i digits = _mm_setzero_si128();
#pragma GCC unroll 4
    for (size_t i = 0; i < n; i++) {
        __m128i more = line[i].digits;
        sums->most = _mm_max_epu8(sums->most, more);
        if (kind->years) {
            sums->n_in += line[i].is_in;
            more = _mm_and_si128(more, _mm_set1_epi32(-(int)line[i].is_in));
        }
        digits = _mm_add_epi8(digits, more);
    }
    sums->lanes = _mm_add_epi16(sums->lanes, _mm_maddubs_epi16(digits, units));
}

/* Each line adds at most 99 to a lane. */
_Static_assert(SCAN_SAME_MAX <= UINT16_MAX / 99, "lanes overflow");

static uint64_t lanes_sum(__m128i lanes)
{
    uint16_t two[8]; /* two digits each, the last ones last */
    _mm_storeu_si128((__m128i *)(void *)two, lanes);
    return two[3] * UINT64_C(100000000) + two[4] * UINT64_C(1000000) + two[5] * UINT64_C(10000) +
           two[6] * UINT64_C(100) + two[7];
}

/* The same of a pair: 2, 2, 2 and one digit of each. */
static void lanes_sums(__m128i lanes, uint64_t sums[2])
{
    uint16_t two[8];
    _mm_storeu_si128((__m128i *)(void *)two, lanes);
    for (size_t i = 0; i < 2; i++)
        sums[i] += two[4 * i] * UINT64_C(100000) + two[4 * i + 1] * UINT64_C(1000) +
                   two[4 * i + 2] * UINT64_C(10) + two[4 * i + 3];
}

/* Whether these are digits of a number that is not too long. */
static inline int are_digits(__m128i digits)
{
    const __m128i most = _mm_set_epi8(9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0);
    __m128i more = _mm_subs_epu8(digits, most);
    return _mm_testz_si128(more, more);
}

/* Whether what was added up were numbers. */
static inline int sums_are_numbers(const struct sums *sums, int is_pair)
{
    const __m128i most =
        _mm_set_epi8('\n' ^ '0', 9, 9, 9, 9, 9, 9, 9, '\t' ^ '0', 9, 9, 9, 9, 9, 9, 9);
    if (!is_pair)
        return are_digits(sums->most);
    __m128i more = _mm_subs_epu8(sums->most, most);
    return _mm_testz_si128(more, more);
}

/*
 * One branch for four lines says no once a word; how many of these are of the word no branch could
 * foretell. Returns early, and leaves the sums useless, if they are no numbers.
 */
static inline __attribute__((always_inline)) size_t same_of(const struct scan_word *word,
                                                            const char *block, const uint32_t *ends,
                                                            size_t n_lines, struct sums *sums,
                                                            const struct kind *kind)
{
    const struct start start = start_of(word, block);
    const uint32_t *before = ends - 1;
    size_t i = 0;
    struct line line[4];
    for (; i + 4 <= n_lines; i += 4) {
        __m256i left = _mm256_setzero_si256();
#pragma GCC unroll 4
        for (size_t j = 0; j < 4; j++) {
            line[j] = line_read(&start, before[i + j], kind);
            left = _mm256_max_epu8(left, line[j].left);
        }
        if (start_is_same(&start, left)) {
            add_lines(sums, line, 4, kind);
            if (!sums_are_numbers(sums, kind->is_pair))
                return i;
            continue;
        }
        uint32_t same = 1;
#pragma GCC unroll 4
        for (size_t j = 0; j < 3; j++) {
            same &= start_is_same(&start, line[j].left);
            line[j].digits = _mm_and_si128(line[j].digits, _mm_set1_epi32(-(int)same));
            line[j].is_in &= same;
            i += same;
        }
        add_lines(sums, line, 3, kind);
        return i;
    }
    for (; i < n_lines; i++) {
        line[0] = line_read(&start, before[i], kind);
        if (!start_is_same(&start, line[0].left))
            break;
        add_lines(sums, line, 1, kind);
    }
    return i;
}

static inline __attribute__((always_inline)) size_t
same(const struct scan_word *word, const char *block, const uint32_t *ends, size_t n_lines,
     struct sums *sums, const struct scan_years *years, int is_pair)
{
    return word->year_at <= SHORT_MAX
               ? same_of(word, block, ends, n_lines, sums, &(struct kind){is_pair, 0, years})
               : same_of(word, block, ends, n_lines, sums, &(struct kind){is_pair, 1, years});
}

static inline int is_mine(const struct scan_word *word)
{
    return word->year_at <= LONG_MAX && word->data;
}

size_t scan_same_avx2(const struct scan_word *word, const char *block, const uint32_t *ends,
                      size_t n_lines, uint64_t *sum)
{
    if (is_mine(word)) {
        struct sums sums = {.n_in = 0};
        size_t n = same(word, block, ends, n_lines, &sums, NULL, 0);
        if (sums_are_numbers(&sums, 0)) {
            *sum += lanes_sum(sums.lanes);
            return n;
        }
    }
    return scan_same_portable(word, block, ends, n_lines, sum);
}

size_t scan_dated_avx2(const struct scan_word *word, const char *block, const uint32_t *ends,
                       size_t n_lines, uint64_t *sum, struct scan_years *years)
{
    if (is_mine(word)) {
        struct sums sums = {.n_in = 0};
        size_t n = same(word, block, ends, n_lines, &sums, years, 0);
        if (sums_are_numbers(&sums, 0)) {
            *sum += lanes_sum(sums.lanes);
            years->n_in += sums.n_in;
            return n;
        }
    }
    return scan_dated_portable(word, block, ends, n_lines, sum, years);
}

size_t scan_pair_avx2(const struct scan_word *word, const char *block, const uint32_t *ends,
                      size_t n_lines, unsigned skip, uint64_t sum[2], struct scan_years *years)
{
    if (is_mine(word) && skip == 0) {
        struct sums sums = {.n_in = 0};
        size_t n = years ? same(word, block, ends, n_lines, &sums, years, 1)
                         : same(word, block, ends, n_lines, &sums, NULL, 1);
        if (sums_are_numbers(&sums, 1)) {
            lanes_sums(sums.lanes, sum);
            if (years)
                years->n_in += sums.n_in;
            return n;
        }
    }
    return scan_pair_portable(word, block, ends, n_lines, skip, sum, years);
}

/* 16 digits, of which the first six are 0, as a number (after Lemire; see scan/digits.h). */
static inline uint64_t number_of(__m128i digits)
{
    __m128i two = _mm_maddubs_epi16(digits, _mm_set1_epi16(0x010A)); /* 10, 1 */
    __m128i four = _mm_madd_epi16(two, _mm_set1_epi32(0x00010064));  /* 100, 1 */
    __m128i eight = _mm_madd_epi16(_mm_packus_epi32(four, four), _mm_set1_epi32(0x00012710));
    uint64_t both = (uint64_t)_mm_cvtsi128_si64(eight);
    return (both & UINT32_MAX) * 100000000 + (both >> 32);
}

/* Of four lines. */
struct four {
    __m128i digits[4]; /* of counts, at the end */
    int year[4];       /* as its digits are read */
};

/* The last eight digits of each as numbers of 32 bits. */
static inline __m128i four_counts(const struct four *four)
{
    __m128i low = _mm_unpackhi_epi64(four->digits[0], four->digits[1]);
    __m128i high = _mm_unpackhi_epi64(four->digits[2], four->digits[3]);
    const __m128i tens = _mm_set1_epi16(0x010A);         /* 10, 1 */
    const __m128i hundreds = _mm_set1_epi32(0x00010064); /* 100, 1 */
    low = _mm_madd_epi16(_mm_maddubs_epi16(low, tens), hundreds);
    high = _mm_madd_epi16(_mm_maddubs_epi16(high, tens), hundreds);
    return _mm_madd_epi16(_mm_packus_epi32(low, high), _mm_set1_epi32(0x00012710)); /* 10000, 1 */
}

/* units: 10, 1 for the last two digits. */
static inline __m128i four_years(const struct four *four, __m128i units)
{
    /* One load of all four would wait for the four stores before it. */
    __m128i digits = _mm_setr_epi32(four->year[0], four->year[1], four->year[2], four->year[3]);
    digits = _mm_xor_si128(digits, _mm_set1_epi8('0'));
    return _mm_madd_epi16(_mm_maddubs_epi16(digits, units), _mm_set1_epi32(0x00010064));
}

static inline void store_four(uint64_t *to, __m128i numbers)
{
    _mm256_storeu_si256((__m256i *)(void *)to, _mm256_cvtepu32_epi64(numbers));
}

/* Whether these are the digits of numbers of at most eight. */
static inline uint32_t are_short(__m128i digits)
{
    const __m128i most = _mm_set_epi8(9, 9, 9, 9, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0);
    __m128i more = _mm_subs_epu8(digits, most);
    return (uint32_t)_mm_testz_si128(more, more);
}

/* All four are stored. Returns how many are of the word, up to the first that is not. */
static inline __attribute__((always_inline)) size_t read_four(const struct start *start,
                                                              const uint32_t *before,
                                                              const struct scan_points *points,
                                                              size_t at, __m128i units, int is_long)
{
    const struct kind kind = {.is_long = is_long};
    struct line line[4];
    struct four four;
    __m256i left = _mm256_setzero_si256();
    __m128i most = _mm_setzero_si128();
#pragma GCC unroll 4
    for (size_t j = 0; j < 4; j++) {
        line[j] = line_read(start, before[j], &kind);
        left = _mm256_max_epu8(left, line[j].left);
        most = _mm_max_epu8(most, line[j].digits);
        four.digits[j] = line[j].digits;
        memcpy(&four.year[j], start->tab + (int32_t)before[j] - 4, 4);
    }
    store_four(points->years + at, four_years(&four, units));
    store_four(points->counts + at, four_counts(&four));
    if (start_is_same(start, left) & are_short(most))
        return 4;
    uint32_t same = 1;
    size_t n = 0;
#pragma GCC unroll 4
    for (size_t j = 0; j < 4; j++) {
        same &= start_is_same(start, line[j].left) & are_short(line[j].digits);
        n += same;
    }
    return n;
}

static inline __attribute__((always_inline)) size_t
points_of(const struct scan_word *word, const char *block, const uint32_t *ends, size_t n_lines,
          const struct scan_points *points, int is_long)
{
    const struct start start = start_of(word, block);
    const __m128i units = _mm_set1_epi32(points->are_decades ? 0x000A010A : 0x010A010A);
    uint32_t last[4] = {0};
    size_t i = 0;
    for (; i + 4 <= n_lines; i += 4) {
        size_t n = read_four(&start, ends - 1 + i, points, i, units, is_long);
        if (n < 4)
            return i + n;
    }
    if (i == n_lines)
        return i;
    /* The last line stands for those that are not there. */
    for (size_t j = 0; j < 4; j++)
        last[j] = ends[(ptrdiff_t)(i + j < n_lines ? i + j : n_lines - 1) - 1];
    size_t n = read_four(&start, last, points, i, units, is_long);
    return i + n < n_lines ? i + n : n_lines;
}

size_t scan_points_avx2(const struct scan_word *word, const char *block, const uint32_t *ends,
                        size_t n_lines, const struct scan_points *points)
{
    if (!is_mine(word))
        return scan_points_portable(word, block, ends, n_lines, points);
    return word->year_at <= SHORT_MAX ? points_of(word, block, ends, n_lines, points, 0)
                                      : points_of(word, block, ends, n_lines, points, 1);
}

size_t scan_each_avx2(const char *block, const uint32_t *ends, size_t n_lines,
                      struct scan_record *records)
{
    for (size_t i = 0; i < n_lines; i++) {
        const char *line = scan_line(block, ends, i);
        uint64_t tabs = mark_of(line, '\t');
        const char *tab = line + _tzcnt_u64(tabs);
        if (tabs == 0 || tab >= block + ends[i])
            return i;
        uint64_t next_tab;
        __m128i digits = to_end(tab + 5, &next_tab);
        if (digits_bad_year(tab + 1) || next_tab < 2 || !are_digits(digits))
            return i;
        records[i] = (struct scan_record){line, (uint32_t)(tab - line), number_of(digits)};
    }
    return n_lines;
}
#endif
