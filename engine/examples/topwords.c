/*
 * The ten commonest words of text, of letters of any script: the map function is called for each
 * line, in one of the worker processes, and asks the library for the line's words.
 *
 *     topwords FILE...
 */
#include <inttypes.h>
#include <stdio.h>

#include <wordmill.h>

static int map(wm_mapper *mapper, const char *line, size_t size, void *user)
{
    const char *word;
    size_t word_size;
    (void)user;
    while (wm_tokens_next(mapper, &line, &size, &word, &word_size) > 0)
        wm_emit(mapper, word, word_size, 1);
    return 0;
}

static int print(const char *word, size_t size, uint64_t count, void *user)
{
    (void)user;
    printf("%8" PRIu64 " %.*s\n", count, (int)size, word);
    return 0;
}

int main(int argc, char **argv)
{
    wm_options options;
    wm_error error;
    wm_result *result;

    wm_options_init(&options);
    options.map = map;
    options.tokens = WM_TOKENS_LETTERS;
    options.top = 10;
    if (wm_run(&options, (const char *const *)argv + 1, (size_t)argc - 1, &result, &error) < 0) {
        fprintf(stderr, "topwords: %s\n", error.message);
        return 1;
    }
    wm_result_each(result, print, NULL);
    wm_result_free(result);
    return 0;
}
