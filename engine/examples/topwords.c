/*
 * The ten commonest words of text. A word is a run of letters, as the locale C.UTF-8 has them: the
 * map function is called for each line, in one of the worker processes.
 *
 *     topwords FILE...
 */
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <wchar.h>
#include <wctype.h>

#include <wordmill.h>

/* Bytes of the character at text and whether it is a letter; bytes that are none stand alone. */
static size_t character(const char *text, size_t size, int *is_letter)
{
    mbstate_t state = {0};
    wchar_t wide;
    size_t n = mbrtowc(&wide, text, size, &state);
    int is_valid = n != 0 && n <= size;
    *is_letter = is_valid && iswalpha((wint_t)wide);
    return is_valid ? n : 1;
}

static int map(wm_mapper *mapper, const char *line, size_t size, void *user)
{
    size_t start = 0; /* of the word */
    (void)user;
    for (size_t at = 0, next; at < size; at = next) {
        int is_letter;
        next = at + character(line + at, size - at, &is_letter);
        if (is_letter && next < size)
            continue;
        size_t end = is_letter ? next : at;
        if (end > start)
            wm_emit(mapper, line + start, end - start, 1);
        start = next;
    }
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

    setlocale(LC_CTYPE, "C.UTF-8"); /* before the workers are forked */
    wm_options_init(&options);
    options.map = map;
    options.top = 10;
    if (wm_run(&options, (const char *const *)argv + 1, (size_t)argc - 1, &result, &error) < 0) {
        fprintf(stderr, "topwords: %s\n", error.message);
        return 1;
    }
    wm_result_each(result, print, NULL);
    wm_result_free(result);
    return 0;
}
