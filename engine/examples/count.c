/*
 * Counts a file: how often do some words appear?
 *
 *     count FILE            all words, as word TAB count
 *     count FILE WORD...    these words
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <wordmill.h>

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: count FILE [WORD...]\n");
        return 2;
    }
    const char *paths[] = {argv[1]};
    wm_options options;
    wm_error error;
    wm_result *result;

    wm_options_init(&options);
    if (wm_run(&options, paths, 1, &result, &error) < 0) {
        fprintf(stderr, "count: %s\n", error.message);
        return 1;
    }
    int rc = 0;
    for (int i = 2; i < argc; i++) {
        uint64_t count = 0; /* and stays 0 if the word is not there */
        wm_result_get(result, argv[i], strlen(argv[i]), &count);
        printf("%s has appeared %" PRIu64 " times\n", argv[i], count);
    }
    if (argc == 2 && wm_result_write(result, WM_OUTPUT_TSV, 1, &error) < 0) {
        fprintf(stderr, "count: %s\n", error.message);
        rc = 1;
    }
    wm_result_free(result);
    return rc;
}
