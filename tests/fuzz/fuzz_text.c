/*
 * Text of any bytes has the words that a naive twin finds, with each SIMD variant, in one chunk and
 * in chunks cut at any lines.
 */
#include "text_sink.h"
#include "fuzz.h"
#include "scan/variants.h"

#define SIZE_MAX_HERE 3000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned how = take_byte(&data, &size), length = take_byte(&data, &size);
    size_t step = take_byte(&data, &size) * 4;
    struct ngram_query query = {.tokens = (enum token_kind)(how % TOKEN_N_KINDS),
                                .composed = how >> 2 & 1,
                                .n_least = 1 + length % 3,
                                .n_most = 1 + length % 3 + length / 3 % 7};
    int each_line = how >> 3 & 1;
    if (size > SIZE_MAX_HERE)
        return 0;
    static struct text text;
    check(text.buffer || text_init(&text, 1 << 20, 1) == 0);
    struct naive_words naive = {0};
    naive_text(&naive, (const char *)data, size, &query);
    const struct scan *scan;
    for (size_t i = 0; (scan = scan_variant(i / 2)); i++) {
        struct text_sink sink = {{0}, NULL, NULL};
        sink_task(&sink, &text, scan, &query, (const char *)data, size, i % 2 ? step : size,
                  UINT64_MAX, each_line);
        check(naive_equal(&sink.told, &naive));
        naive_release(&sink.told);
    }
    naive_release(&naive);
    return 0;
}
