/*
 * Shards: each one counts the lines whose first byte lies in its share of all bytes, found here by
 * walking from line to line. Every line starts somewhere, so all shards together are the whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <wordmill.h>

#include "oracle.h"
#include "random.h"
#include "repeat.h"

#define N_RUNS 120
#define N_FILES_MAX 3

struct setup {
    uint64_t seed, random;
    char folder[256], path[N_FILES_MAX][300];
    const char *paths[N_FILES_MAX];
    struct bytes files[N_FILES_MAX];
    size_t n_files;
    uint64_t size;
    wm_options options;
};

static void check(const struct setup *s, int holds, const char *what)
{
    if (!holds)
        fail_msg("seed %llu, shard %u of %u, %zu files, partition size %llu, lines %llu: %s",
                 (unsigned long long)s->seed, s->options.shard, s->options.n_shards, s->n_files,
                 (unsigned long long)s->options.partition_size,
                 (unsigned long long)s->options.partition_lines, what);
}

static void make_file(struct setup *s, struct bytes *file, size_t size)
{
    static const char letters[] = "abc";
    char word[3000];
    while (file->size < size) {
        size_t word_size = random_below(&s->random, random_below(&s->random, 50) ? 4 : sizeof word);
        random_fill(&s->random, word, word_size, letters, 3);
        sample_add_line(file, &s->random, word, word_size, 0);
    }
    if (file->size > 0 && random_below(&s->random, 2))
        file->size--; /* the last LF */
}

static void make_setup(struct setup *s, uint64_t seed)
{
    static const unsigned counts[] = {1, 2, 3, 7, 16, 150};
    static const size_t sizes[] = {0, 40, 400, 4000, 200000};
    static const uint64_t partition_sizes[] = {0, 0, 1 << 30, 1000}, lines[] = {0, 1, 3, 1000};
    *s = (struct setup){.seed = seed, .random = seed};
    make_folder(s->folder, sizeof s->folder);
    s->n_files = 1 + random_below(&s->random, N_FILES_MAX);
    size_t size = sizes[random_below(&s->random, 5)];
    for (size_t i = 0; i < s->n_files; i++) {
        snprintf(s->path[i], sizeof s->path[i], "%s/in%zu", s->folder, i);
        s->paths[i] = s->path[i];
        make_file(s, &s->files[i], random_below(&s->random, size + 1));
        s->size += s->files[i].size;
        assert_int_equal(bytes_save(&s->files[i], s->path[i]), 0);
    }
    wm_options_init(&s->options);
    s->options.workers = random_below(&s->random, 8) == 0;
    s->options.n_shards = counts[random_below(&s->random, 6)];
    s->options.partition_size = partition_sizes[random_below(&s->random, 4)];
    if (s->options.partition_size == 0)
        s->options.partition_lines = lines[random_below(&s->random, size > 4000 ? 1 : 4)];
    if (size > 4000 && random_below(&s->random, 2))
        s->options.partition_lines = s->options.partition_size ? 0 : 700;
}

static void release_setup(struct setup *s)
{
    for (size_t i = 0; i < s->n_files; i++)
        bytes_release(&s->files[i]);
    remove_folder(s->folder);
}

/* Appends to each share the lines of each file that start in [start, end) of all bytes. */
static void take_share(const struct setup *s, uint64_t start, uint64_t end, struct bytes *share)
{
    uint64_t before = 0; /* bytes of the files before */
    for (size_t i = 0; i < s->n_files; before += s->files[i++].size) {
        const struct bytes *file = &s->files[i];
        for (size_t at = 0, next; at < file->size; at = next) {
            const char *lf = memchr(file->data + at, '\n', file->size - at);
            next = lf ? (size_t)(lf + 1 - file->data) : file->size;
            if (before + at >= start && before + at < end)
                bytes_add(&share[i], file->data + at, next - at);
        }
    }
}

static uint64_t count_partitions(const struct bytes *share, uint64_t n_lines)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < share->size; i++)
        lines += share->data[i] == '\n' || i + 1 == share->size;
    return (lines + n_lines - 1) / n_lines;
}

static int add_word(const char *word, size_t size, uint64_t count, void *user)
{
    bytes_add(user, word, size);
    bytes_print(user, "\t%llu\n", (unsigned long long)count);
    return 0;
}

static uint64_t check_shard(struct setup *s)
{
    const wm_options *o = &s->options;
    struct bytes share[N_FILES_MAX] = {{0}}, expected = {0}, got = {0};
    struct oracle oracle;
    wm_result *result;
    wm_error error;
    take_share(s, s->size * (o->shard - 1) / o->n_shards, s->size * o->shard / o->n_shards, share);
    oracle_count(&oracle, share, s->n_files, &(struct oracle_filter){0});
    oracle_write(&oracle, &expected);

    int rc = wm_run(o, s->paths, s->n_files, &result, &error);
    check(s, rc == 0, rc < 0 ? error.message : "");
    check(s, wm_result_each(result, add_word, &got) == 0, "each failed");
    check(s, bytes_equal(&got, &expected), "the words or counts are others");
    const wm_stats *stats = wm_result_stats(result);
    uint64_t lines = stats->lines, bytes = 0, partitions = 0;
    for (size_t i = 0; i < s->n_files; i++) {
        bytes += share[i].size;
        if (o->partition_lines > 0)
            partitions += count_partitions(&share[i], o->partition_lines);
    }
    check(s, o->partition_lines == 0 || stats->partitions == partitions,
          "partitions do not have exactly their lines");
    check(s, lines == oracle.n_lines, "the number of lines is another");
    check(s, stats->bytes == bytes, "the number of bytes is another");

    wm_result_free(result);
    oracle_release(&oracle);
    for (size_t i = 0; i < s->n_files; i++)
        bytes_release(&share[i]);
    bytes_release(&expected);
    bytes_release(&got);
    return lines;
}

static void a_shard_has_the_lines_that_start_in_its_share(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= repeat(N_RUNS); seed++) {
        struct setup s;
        struct oracle all;
        uint64_t lines = 0;
        make_setup(&s, seed);
        oracle_count(&all, s.files, s.n_files, &(struct oracle_filter){0});
        for (s.options.shard = 1; s.options.shard <= s.options.n_shards; s.options.shard++)
            lines += check_shard(&s);
        check(&s, lines == all.n_lines, "a line is in no shard, or in two");
        oracle_release(&all);
        release_setup(&s);
    }
}

static void assert_refused(unsigned shard, unsigned n_shards)
{
    const char *path = "/dev/null";
    wm_options o;
    wm_error error;
    wm_result *result;
    wm_options_init(&o);
    o.shard = shard;
    o.n_shards = n_shards;
    assert_int_equal(wm_run(&o, &path, 1, &result, &error), WM_EINVAL);
    assert_non_null(strstr(error.message, "shard"));
}

static void a_shard_that_is_none_of_them_is_refused(void **state)
{
    (void)state;
    assert_refused(0, 3);
    assert_refused(4, 3);
    assert_refused(1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shard_has_the_lines_that_start_in_its_share),
        cmocka_unit_test(a_shard_that_is_none_of_them_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
