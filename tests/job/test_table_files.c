/*
 * Table files: what is written is found again, and any damage is: whichever byte is changed and
 * wherever the file ends, adding it up fails, and a lookup fails or is right.
 */
#include <endian.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cmocka.h>
#include <wordmill.h>

#include "oracle.h"
#include "random.h"
#include "wmt/wmt.h"
#include "wmt/wmt_read.h"

static char folder[256], text_path[300], table_path[300], output_path[300];
static struct bytes text, table; /* the same words */

static int set_up(void **state)
{
    (void)state;
    make_folder(folder, sizeof folder);
    snprintf(text_path, sizeof text_path, "%s/text", folder);
    snprintf(table_path, sizeof table_path, "%s/table.wmt", folder);
    snprintf(output_path, sizeof output_path, "%s/output", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    bytes_release(&text);
    bytes_release(&table);
    remove_folder(folder);
    return 0;
}

static int sum(const char *path, int sorted, enum wm_output format, wm_error *error)
{
    wm_options o;
    wm_result *result;
    wm_options_init(&o);
    o.workers = 0;
    o.memory = 8 << 20;
    o.format = WM_FORMAT_COUNTS;
    o.sorted = sorted;
    o.output = output_path;
    o.output_format = format;
    int rc = wm_run(&o, &path, 1, &result, error);
    if (rc == 0)
        wm_result_free(result);
    return rc;
}

/* Makes table of text. */
static void make_table(void)
{
    wm_error error = {0};
    assert_int_equal(bytes_save(&text, text_path), 0);
    if (sum(text_path, 0, WM_OUTPUT_TABLE, &error) < 0)
        fail_msg("%s", error.message);
    table.size = 0;
    assert_int_equal(bytes_load(&table, output_path), 0);
    assert_int_equal(bytes_save(&table, table_path), 0);
}

/* Sorted words, some of them long, so that there are several blocks. */
static void make_words(size_t n, size_t size_max, uint64_t seed)
{
    char *word = malloc(size_max + 1);
    text.size = 0;
    for (size_t i = 0; i < n; i++) {
        size_t size = random_below(&seed, size_max);
        random_fill(&seed, word, size, "ab\xff\t", 4);
        bytes_print(&text, "%05zu", i);
        bytes_add(&text, word, size);
        bytes_print(&text, "\t%llu\n", (unsigned long long)(random_next(&seed) >> (i % 64)));
    }
    free(word);
}

static int add_line(const char *word, size_t size, uint64_t count, void *user)
{
    bytes_add(user, word, size);
    bytes_print(user, "\t%llu\n", (unsigned long long)count);
    return 0;
}

/* Whether every word of text is looked up rightly, or the table says that it is damaged. */
static int lookups_are_right(void)
{
    wm_table *t;
    int rc = wm_table_open(table_path, &t, NULL), right = 1;
    if (rc < 0)
        return rc == WM_ETABLE;
    for (size_t at = 0; at < text.size && right;) {
        const char *line = text.data + at;
        size_t size = (size_t)((char *)memchr(line, '\n', text.size - at) - line), tab = size;
        while (line[--tab] != '\t')
            continue;
        uint64_t count = 0, wanted;
        assert_int_equal(oracle_number(line + tab + 1, size - tab - 1, &wanted), 1);
        rc = wm_table_get(t, line, tab, &count, NULL);
        right = rc == WM_ETABLE || (rc == 1 && count == wanted);
        at += size + 1;
    }
    struct bytes all = {0};
    rc = wm_table_each(t, "", 0, add_line, &all, NULL);
    right &= rc == WM_ETABLE || (rc == 0 && bytes_equal(&all, &text));
    bytes_release(&all);
    wm_table_close(t);
    return right;
}

static void assert_damage_is_found(const char *what, size_t at)
{
    for (int sorted = 0; sorted < 2; sorted++) {
        int rc = sum(table_path, sorted, WM_OUTPUT_TSV, NULL);
        if (rc >= 0)
            fail_msg("%s at %zu of %zu is not found, sorted %d", what, at, table.size, sorted);
    }
    if (!lookups_are_right())
        fail_msg("%s at %zu of %zu: a lookup is wrong", what, at, table.size);
}

static void a_changed_byte_is_found_wherever_it_is(void **state)
{
    (void)state;
    make_words(12, 30, 1);
    make_table();
    for (size_t i = 0; i < table.size; i++) {
        static const unsigned char changes[] = {0x01, 0x80, 0xFF};
        for (size_t j = 0; j < sizeof changes; j++) {
            table.data[i] = (char)(table.data[i] ^ changes[j]);
            assert_int_equal(bytes_save(&table, table_path), 0);
            assert_damage_is_found("a change", i);
            table.data[i] = (char)(table.data[i] ^ changes[j]);
        }
    }
}

static void a_file_that_ends_early_or_late_is_found(void **state)
{
    (void)state;
    make_words(12, 30, 2);
    make_table();
    struct bytes all = {0};
    bytes_add(&all, table.data, table.size);
    for (size_t size = 8; size < all.size + 40; size++) {
        table.size = 0;
        bytes_add(&table, all.data, size < all.size ? size : all.size);
        for (size_t i = all.size; i < size; i++)
            bytes_add(&table, "\0", 1);
        assert_int_equal(bytes_save(&table, table_path), 0);
        if (size != all.size)
            assert_damage_is_found("an end", size);
        else
            assert_int_equal(sum(table_path, 0, WM_OUTPUT_TSV, NULL), 0);
    }
    bytes_release(&all);
}

/* Blocks that are whole, but not where they were. */
static void blocks_that_change_places_are_found(void **state)
{
    (void)state;
    text.size = 0;
    for (int i = 0; i < 3; i++) {
        bytes_print(&text, "%d", i);
        for (int j = 0; j < 40000; j++)
            bytes_add(&text, "w", 1);
        bytes_print(&text, "\t%d\n", i + 1);
    }
    make_table();
    size_t size = (size_t)wmt_block_size(table.data + WMT_HEADER_SIZE);
    char *first = table.data + WMT_HEADER_SIZE, *spare = malloc(size);
    memcpy(spare, first, size);
    memcpy(first, first + size, size);
    memcpy(first + size, spare, size);
    free(spare);
    assert_int_equal(bytes_save(&table, table_path), 0);
    for (int sorted = 0; sorted < 2; sorted++)
        assert_int_equal(sum(table_path, sorted, WM_OUTPUT_TSV, NULL), WM_ETABLE);
    wm_table *t;
    uint64_t count = 0;
    assert_int_equal(wm_table_open(table_path, &t, NULL), 0);
    size_t word_size = 40001;
    assert_int_equal(wm_table_get(t, text.data, word_size, &count, NULL), WM_ETABLE);
    wm_table_close(t);
}

static void words_come_back_from_many_blocks(void **state)
{
    (void)state;
    static const struct {
        size_t n, size_max;
    } cases[] = {{0, 1}, {1, 1}, {1, 65000}, {20, 65000}, {5000, 60}, {300, 2000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_words(cases[i].n, cases[i].size_max, i);
        make_table();
        for (int sorted = 0; sorted < 2; sorted++) {
            struct bytes got = {0};
            assert_int_equal(sum(table_path, sorted, WM_OUTPUT_TSV, NULL), 0);
            assert_int_equal(bytes_load(&got, output_path), 0);
            assert_true(bytes_equal(&got, &text));
            bytes_release(&got);
        }
        wm_table *t;
        assert_int_equal(wm_table_open(table_path, &t, NULL), 0);
        assert_int_equal(wm_table_size(t), cases[i].n);
        uint64_t count = 7;
        assert_int_equal(wm_table_get(t, "nowhere", 7, &count, NULL), 0);
        assert_int_equal(wm_table_get(t, "", 0, &count, NULL), 0);
        assert_int_equal(count, 7);
        wm_table_close(t);
        assert_true(lookups_are_right());
    }
}

/* Where its blocks end says the order of the words alone. */
static void a_table_has_the_same_bytes_however_it_is_made(void **state)
{
    (void)state;
    static const struct {
        size_t n, size_max;
    } cases[] = {{0, 1}, {20, 65000}, {30000, 20}, {300, 2000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_words(cases[i].n, cases[i].size_max, 10 + i);
        make_table();
        for (int setting = 0; setting < 8; setting++) {
            const char *path = setting & 1 ? table_path : text_path;
            struct bytes got = {0};
            wm_options o;
            wm_result *result;
            wm_options_init(&o);
            o.workers = 1 + setting / 2;
            o.memory = (uint64_t)(setting & 4 ? 4 : 64) << 20;
            o.partition_size = setting & 2 ? 50000 : 0;
            o.format = WM_FORMAT_COUNTS;
            o.output = output_path;
            o.output_format = WM_OUTPUT_TABLE;
            assert_int_equal(wm_run(&o, &path, 1, &result, NULL), 0);
            assert_int_equal(bytes_load(&got, output_path), 0);
            assert_true(bytes_equal(&got, &table));

            int fd = open(output_path, O_WRONLY | O_TRUNC);
            assert_true(fd >= 0);
            assert_int_equal(wm_result_write(result, WM_OUTPUT_TABLE, fd, NULL), 0);
            close(fd);
            got.size = 0;
            assert_int_equal(bytes_load(&got, output_path), 0);
            assert_true(bytes_equal(&got, &table));
            bytes_release(&got);
            wm_result_free(result);
        }
        assert_int_equal(sum(table_path, 1, WM_OUTPUT_TABLE, NULL), 0);
        struct bytes got = {0};
        assert_int_equal(bytes_load(&got, output_path), 0);
        assert_true(bytes_equal(&got, &table));
        bytes_release(&got);
    }
}

static void lookups_write_as_much_as_there_is_in_any_format_but_a_table(void **state)
{
    (void)state;
    static const char *const all[] = {""};
    wm_error error = {0};
    wm_table *t;
    struct bytes got = {0};
    int fd = memfd_create("lookup", MFD_CLOEXEC), full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    make_words(5000, 300, 4); /* more than is written at once */
    make_table();
    assert_int_equal(wm_table_open(table_path, &t, NULL), 0);
    assert_int_equal(wm_table_write(t, all, 1, 1, WM_OUTPUT_TSV, fd, &error), 0);
    lseek(fd, 0, SEEK_SET);
    assert_int_equal(bytes_read(&got, fd), 0);
    assert_true(bytes_equal(&got, &text));
    assert_int_equal(wm_table_write(t, all, 1, 1, WM_OUTPUT_JSONL, full, &error), WM_EWRITE);
    assert_int_equal(wm_table_write(t, all, 1, 1, WM_OUTPUT_TABLE, fd, &error), WM_EINVAL);
    assert_non_null(strstr(error.message, "TSV"));

    char *word = calloc(1, 65536 + 2);
    memset(word, 'w', 65536 + 1);
    assert_int_equal(wm_table_write(t, (const char *[]){word}, 1, 0, WM_OUTPUT_CSV, fd, &error),
                     WM_EINVAL);
    assert_non_null(strstr(error.message, "longer than 65536 bytes"));
    free(word);
    bytes_release(&got);
    close(fd);
    close(full);
    wm_table_close(t);
}

static void a_newer_version_is_refused_by_its_number(void **state)
{
    (void)state;
    wm_error error = {0};
    wm_table *t;
    make_words(3, 5, 3);
    make_table();
    /* As such a version would write it. */
    table.data[16] = 7;
    uint64_t checksum = htole64(XXH3_64bits(table.data + 16, WMT_HEADER_SIZE - 16));
    memcpy(table.data + 8, &checksum, sizeof checksum);
    assert_int_equal(bytes_save(&table, table_path), 0);
    assert_int_equal(wm_table_open(table_path, &t, &error), WM_EVERSION);
    assert_non_null(strstr(error.message, "version 7"));
    for (int sorted = 0; sorted < 2; sorted++) {
        assert_int_equal(sum(table_path, sorted, WM_OUTPUT_TSV, &error), WM_EVERSION);
        assert_non_null(strstr(error.message, "version 7"));
    }
}

/* What byte 24 of the header is, with the checksum that belongs to it. */
static void set_period(unsigned char by)
{
    table.data[24] = (char)by;
    uint64_t checksum = htole64(XXH3_64bits(table.data + 16, WMT_HEADER_SIZE - 16));
    memcpy(table.data + 8, &checksum, sizeof checksum);
    assert_int_equal(bytes_save(&table, table_path), 0);
}

static const char *period_name(void)
{
    wm_table *t;
    assert_int_equal(wm_table_open(table_path, &t, NULL), 0);
    const char *name = wm_table_period_name(t);
    wm_table_close(t);
    return name;
}

static void assert_written(const char *word, int is_prefix, enum wm_output format,
                           const char *wanted)
{
    wm_table *t;
    struct bytes got = {0};
    int fd = memfd_create("lookup", MFD_CLOEXEC);
    assert_int_equal(wm_table_open(table_path, &t, NULL), 0);
    assert_int_equal(wm_table_write(t, &word, 1, is_prefix, format, fd, NULL), 0);
    lseek(fd, 0, SEEK_SET);
    assert_int_equal(bytes_read(&got, fd), 0);
    bytes_add(&got, "", 1);
    assert_string_equal(got.data, wanted);
    bytes_release(&got);
    close(fd);
    wm_table_close(t);
}

static void a_table_says_what_it_is_counted_by(void **state)
{
    (void)state;
    wm_error error = {0};
    text.size = 0;
    bytes_print(&text, "word,year,count\na,1990,1\na,1995,2\nab,1990,3\n");
    make_table();
    assert_int_equal(table.data[24], 1);
    assert_string_equal(period_name(), "year");
    assert_written("a", 0, WM_OUTPUT_TSV, "a\t1990\t1\na\t1995\t2\n");
    assert_written("a\t1995", 0, WM_OUTPUT_CSV, "word,year,count\na,1995,2\n");
    assert_written("a\t1996", 0, WM_OUTPUT_TSV, "a\t1996\t0\n");
    assert_written("b", 0, WM_OUTPUT_TSV, "");
    assert_written("ab", 1, WM_OUTPUT_JSONL, "{\"word\":\"ab\",\"year\":1990,\"count\":3}\n");
    wm_table *t;
    wm_cursor *cursor;
    const wm_block *block;
    assert_int_equal(wm_table_open(table_path, &t, NULL), 0);
    assert_int_equal(wm_table_cursor(t, NULL, &cursor, NULL), 0);
    assert_int_equal(wm_cursor_block(cursor, 0, &block, NULL), 1);
    assert_int_equal(block->n_words, 3);
    assert_int_equal(block->years[1], 1995);
    assert_int_equal(block->offsets[3], 4);
    wm_cursor_free(cursor);
    wm_table_close(t);

    set_period(0); /* as wordmill 0.1 wrote it */
    assert_null(period_name());
    assert_written("a", 0, WM_OUTPUT_TSV, "a\t0\n");
    for (int sorted = 0; sorted < 2; sorted++) {
        struct bytes got = {0};
        assert_int_equal(sum(table_path, sorted, WM_OUTPUT_TSV, &error), 0);
        assert_int_equal(bytes_load(&got, output_path), 0);
        bytes_add(&got, "", 1);
        assert_string_equal(got.data, "a\t1990\t1\na\t1995\t2\nab\t1990\t3\n");
        bytes_release(&got);
    }
    /* A decade, which 1995 is none of; and what nothing is counted by. */
    for (unsigned char by = 2; by < 4; by++) {
        set_period(by);
        for (int sorted = 0; sorted < 2; sorted++)
            assert_int_equal(sum(table_path, sorted, WM_OUTPUT_TSV, &error), WM_ETABLE);
    }
    assert_int_equal(wm_table_open(table_path, &t, NULL), WM_ETABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_byte_is_found_wherever_it_is),
        cmocka_unit_test(a_file_that_ends_early_or_late_is_found),
        cmocka_unit_test(blocks_that_change_places_are_found),
        cmocka_unit_test(words_come_back_from_many_blocks),
        cmocka_unit_test(a_table_has_the_same_bytes_however_it_is_made),
        cmocka_unit_test(lookups_write_as_much_as_there_is_in_any_format_but_a_table),
        cmocka_unit_test(a_newer_version_is_refused_by_its_number),
        cmocka_unit_test(a_table_says_what_it_is_counted_by),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
