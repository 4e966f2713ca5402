/*
 * An inverted index: of each word, in which files it stands, and in which of their lines.
 *
 *     index FILE...
 *
 *     whale   moby.txt        1,17,17023
 *     whale   sea.txt 4
 *
 * What is counted is not the word but its place, so each key is there once: the word, a NUL, and
 * the numbers of file and line, largest byte first, so that the order of keys is that of the index.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wordmill.h>

#define WORD_MAX 60000
#define PLACE_SIZE 13 /* NUL, 4 bytes of the file's number, 8 of the line's */

/* What a worker has for itself. */
struct indexer {
    char place[PLACE_SIZE];
    uint64_t n_lines; /* of the partition */
    char key[WORD_MAX + PLACE_SIZE];
};

static void write_number(char *at, unsigned size, uint64_t number)
{
    for (; size > 0; number >>= 8)
        at[--size] = (char)(number & 0xff);
}

static uint64_t read_number(const char *at, unsigned size)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < size; i++)
        number = number << 8 | (unsigned char)at[i];
    return number;
}

static int new_indexer(void **state, unsigned worker, void *user)
{
    (void)worker;
    (void)user;
    *state = calloc(1, sizeof(struct indexer));
    return *state ? 0 : 1;
}

static void free_indexer(void *state, void *user)
{
    (void)user;
    free(state);
}

/* All lines of a partition are of one file. */
static int begin(wm_mapper *mapper, void *user)
{
    (void)user;
    struct indexer *indexer = wm_mapper_state(mapper);
    indexer->n_lines = 0;
    write_number(indexer->place + 1, 4, wm_mapper_input(mapper));
    return wm_mapper_line(mapper) == 0; /* a packed file of which nobody knows the lines */
}

static int map(wm_mapper *mapper, const char *line, size_t size, void *user)
{
    (void)user;
    struct indexer *indexer = wm_mapper_state(mapper);
    const char *word;
    size_t word_size;
    indexer->n_lines++;
    write_number(indexer->place + 5, 8, wm_mapper_line(mapper));
    while (wm_tokens_next(mapper, &line, &size, &word, &word_size) > 0) {
        if (word_size > WORD_MAX)
            continue;
        memcpy(indexer->key, word, word_size);
        memcpy(indexer->key + word_size, indexer->place, PLACE_SIZE);
        if (wm_emit(mapper, indexer->key, word_size + PLACE_SIZE, 1) < 0)
            return 1;
    }
    return 0;
}

/* How many lines were looked at: one sum of each partition, not one of each line. No word is empty,
 * so the empty key is free. */
static int end(wm_mapper *mapper, void *user)
{
    (void)user;
    const struct indexer *indexer = wm_mapper_state(mapper);
    return wm_emit(mapper, "", 0, indexer->n_lines);
}

struct output {
    char **files;
    const char *word; /* the result's, as those of all calls are */
    size_t word_size;
    uint64_t file;
};

static int print_place(const char *key, size_t size, uint64_t count, void *user)
{
    struct output *output = user;
    if (size == 0) {
        fprintf(stderr, "index: %" PRIu64 " lines\n", count);
        return 0;
    }
    size_t word_size = size - PLACE_SIZE;
    uint64_t file = read_number(key + word_size + 1, 4);
    uint64_t line = read_number(key + word_size + 5, 8);
    if (output->word && output->file == file && output->word_size == word_size &&
        memcmp(output->word, key, word_size) == 0) {
        printf(",%" PRIu64, line);
        return 0;
    }
    printf("%s%.*s\t%s\t%" PRIu64, output->word ? "\n" : "", (int)word_size, key,
           output->files[file - 1], line);
    *output = (struct output){output->files, key, word_size, file};
    return 0;
}

int main(int argc, char **argv)
{
    wm_options options;
    wm_error error;
    wm_result *result;

    if (argc < 2) {
        fprintf(stderr, "usage: index FILE...\n");
        return 2;
    }
    wm_options_init(&options);
    options.map = map;
    options.state_new = new_indexer;
    options.state_free = free_indexer;
    options.partition_begin = begin;
    options.partition_end = end;
    if (wm_run(&options, (const char *const *)argv + 1, (size_t)argc - 1, &result, &error) < 0) {
        fprintf(stderr, "index: %s\n", error.message);
        return 1;
    }
    struct output output = {.files = argv + 1};
    wm_result_each(result, print_place, &output);
    if (output.word)
        putchar('\n');
    wm_result_free(result);
    return fflush(stdout) == 0 ? 0 : 1;
}
