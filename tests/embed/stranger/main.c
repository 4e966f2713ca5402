#include <inttypes.h>
#include <stdio.h>
#include <wordmill.h>

static int print_word(const char *word, size_t size, uint64_t count, void *user)
{
    fwrite(word, 1, size, user);
    fprintf(user, "\t%" PRIu64 "\n", count);
    return 0; /* anything else would stop here */
}

int main(int argc, char **argv)
{
    const char *const *paths = (const char *const *)argv + 1;
    wm_options options;
    wm_result *result;
    wm_error error;

    wm_options_init(&options);
    options.top = 3;
    options.sort = WM_SORT_COUNT;
    if (wm_run(&options, paths, (size_t)argc - 1, &result, &error) < 0) {
        fprintf(stderr, "%s: %s\n", argv[0], error.message);
        return 1;
    }
    printf("the commonest words, says wordmill %s:\n", wm_version());
    wm_result_each(result, print_word, stdout);
    wm_result_free(result);
    return 0;
}
