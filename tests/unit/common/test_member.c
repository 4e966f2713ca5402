/*
 * Wherever a packed file is cut, the chunks of its partitions laid end to end are what it unpacks
 * to; and whatever is changed in it or cut off, they are that, or one of them is an error.
 */
#include "packing/member.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/code.h"
#include "input/source.h"
#include "pack.h"
#include "random.h"
#include "repeat.h"

static char folder[256], path[300];
static struct input input; /* path, as it was saved last */

static int make_files(void **state)
{
    (void)state;
    make_folder(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/packed", folder);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    remove_folder(folder);
    return 0;
}

static void save(const struct bytes *packed, enum packing packing)
{
    struct stat status;
    assert_int_equal(bytes_save(packed, path), 0);
    assert_int_equal(stat(path, &status), 0);
    input = (struct input){.path = path,
                           .fd = -1,
                           .size = packed->size,
                           .share_end = packed->size,
                           .packing = packing,
                           .device = status.st_dev,
                           .inode = status.st_ino};
}

/*
 * Appends the lines of [start, end). *at, what was unpacked before, is where its own bytes begin,
 * and moves on.
 */
static int read_partition(struct source *source, uint64_t start, uint64_t end, struct bytes *out,
                          uint64_t *at)
{
    const char *data;
    size_t size = 1;
    uint64_t offset;
    int rc = source_open(source, &input, start, end);
    while (rc == 0 && size > 0) {
        rc = source_next(source, &data, &size, &offset);
        if (rc < 0 || size == 0)
            break;
        assert_int_equal(*at + offset, out->size);
        assert_true(start == 0 || offset > 0);
        bytes_add(out, data, size);
        /* No line but the last may start behind the end. */
        const char *last = size > 1 ? memrchr(data, '\n', size - 1) : NULL;
        uint64_t last_start = offset + (last ? (uint64_t)(last + 1 - data) : 0);
        assert_true(source->end == UINT64_MAX || last_start < source->end);
    }
    *at += source->unpacked;
    return rc;
}

/* All of it, in partitions of up to step bytes. 0, or what the first to fail said. */
static int read_all(size_t step, uint64_t *random, size_t chunk_size, struct bytes *out)
{
    struct source source;
    uint64_t start = 0, at = 0;
    int rc = 0;
    assert_int_equal(source_init(&source, chunk_size), 0);
    while (start < input.size && rc == 0) {
        uint64_t end = start + 1 + random_below(random, step);
        if (end > input.size)
            end = input.size;
        rc = read_partition(&source, start, end, out, &at);
        start = end;
    }
    if (rc == 0)
        assert_int_equal(at, out->size);
    source_release(&source);
    return rc;
}

static void make_text(struct bytes *text, size_t size, size_t line, uint64_t *random)
{
    while (text->size < size)
        bytes_add(text, random_below(random, line) ? "x" : "\n", 1);
}

static void partitions_have_every_line_once(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < repeat(400); seed++) {
        uint64_t random = seed;
        enum packing packing = seed % 2 ? PACKING_GZIP : PACKING_ZSTD;
        struct bytes text = {0}, packed = {0}, out = {0};
        make_text(&text, random_below(&random, 3000), 1 + random_below(&random, 200), &random);
        pack_members(&packed, packing, &text, 1 + random_below(&random, seed % 3 ? 100 : 2000),
                     &random);
        save(&packed, packing);
        size_t step = 1 + random_below(&random, seed % 5 ? 500 : 5000);
        assert_int_equal(read_all(step, &random, 1 + random_below(&random, 500), &out), 0);
        assert_true(bytes_equal(&out, &text));
        bytes_release(&text);
        bytes_release(&packed);
        bytes_release(&out);
    }
}

/* Every text of up to 5 letters and LF, a member for each byte and empty ones, cut everywhere. */
static void every_short_text_is_whole_with_every_cut(void **state)
{
    (void)state;
    for (size_t size = 1; size <= 5; size++) {
        for (unsigned bits = 0; bits < 1u << size; bits++) {
            struct bytes text = {0}, packed = {0}, out = {0};
            uint64_t random = bits;
            for (size_t i = 0; i < size; i++) {
                bytes_add(&text, bits >> i & 1 ? "\n" : "x", 1);
                pack_member(&packed, PACKING_GZIP, text.data + i, 1);
                if (i % 2)
                    pack_member(&packed, PACKING_GZIP, "", 0);
            }
            save(&packed, PACKING_GZIP);
            for (size_t chunk_size = 1; chunk_size < 4; chunk_size++) {
                assert_int_equal(read_all(1, &random, chunk_size, &out), 0);
                assert_true(bytes_equal(&out, &text));
                bytes_release(&out);
                assert_int_equal(read_all(40, &random, chunk_size, &out), 0);
                assert_true(bytes_equal(&out, &text));
                bytes_release(&out);
            }
            bytes_release(&text);
            bytes_release(&packed);
        }
    }
}

/* Larger than what a member is known by. */
static void large_members_are_found_too(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        uint64_t random = seed;
        enum packing packing = seed % 2 ? PACKING_GZIP : PACKING_ZSTD;
        struct bytes text = {0}, packed = {0}, out = {0};
        while (text.size < 2000000)
            bytes_print(&text, "%zu\t%zu\n", random_below(&random, 1000000000),
                        random_below(&random, 1000000000));
        pack_members(&packed, packing, &text, 600000, &random);
        save(&packed, packing);
        assert_int_equal(read_all(300000, &random, 128 << 10, &out), 0);
        assert_true(bytes_equal(&out, &text));
        bytes_release(&text);
        bytes_release(&packed);
        bytes_release(&out);
    }
}

static void make_sample(struct bytes *text, struct bytes *packed, enum packing packing)
{
    uint64_t random = 5;
    make_text(text, 150, 20, &random);
    pack_members(packed, packing, text, 40, &random);
    if (packing == PACKING_GZIP)
        bytes_add(packed, "\0\0\0\0\0", 5);
}

static void every_bit_that_flips_is_an_error_or_makes_no_difference(void **state)
{
    (void)state;
    for (enum packing packing = PACKING_GZIP; packing <= PACKING_ZSTD; packing++) {
        struct bytes text = {0}, packed = {0};
        size_t n_errors = 0;
        uint64_t random = 6;
        make_sample(&text, &packed, packing);
        for (size_t bit = 0; bit < 8 * packed.size; bit++) {
            struct bytes out = {0};
            packed.data[bit / 8] ^= (char)(1 << bit % 8);
            save(&packed, packing);
            int rc = read_all(bit % 3 ? 100 : 10, &random, 64, &out);
            assert_true(rc == 0 ? bytes_equal(&out, &text) : rc == CODE_DAMAGED);
            n_errors += rc < 0;
            packed.data[bit / 8] ^= (char)(1 << bit % 8);
            bytes_release(&out);
        }
        assert_true(n_errors > 4 * packed.size && n_errors < 8 * packed.size);
        bytes_release(&text);
        bytes_release(&packed);
    }
}

static void what_is_cut_off_is_an_error_but_at_the_end_of_a_member(void **state)
{
    (void)state;
    for (enum packing packing = PACKING_GZIP; packing <= PACKING_ZSTD; packing++) {
        struct bytes text = {0}, packed = {0};
        uint64_t random = 7;
        size_t n_whole = 0;
        make_sample(&text, &packed, packing);
        for (size_t size = 4; size <= packed.size; size++) {
            struct bytes cut = {packed.data, size, size}, whole = {0}, out = {0};
            save(&cut, packing);
            int expected = read_all(1, &(uint64_t){0}, 64, &whole);
            int rc = read_all(size % 3 ? 150 : 20, &random, 64, &out);
            assert_true(rc == expected && (rc == 0 || rc == CODE_DAMAGED));
            assert_true(rc < 0 || (bytes_equal(&out, &whole) &&
                                   memcmp(out.data ? out.data : "", text.data, out.size) == 0));
            n_whole += rc == 0;
            bytes_release(&whole);
            bytes_release(&out);
        }
        assert_in_range(n_whole, 5, 40);
        bytes_release(&text);
        bytes_release(&packed);
    }
}

/* A packed file within a frame that holds nothing: whoever begins there is found out. */
static void what_only_looks_like_a_member_is_never_counted(void **state)
{
    (void)state;
    struct bytes text = {0}, inner = {0}, packed = {0}, out = {0};
    uint64_t random = 8;
    make_text(&text, 2000, 20, &random);
    while (inner.size < 300000)
        pack_member(&inner, PACKING_ZSTD, text.data, text.size);
    char head[8] = "\x50\x2A\x4D\x18";
    for (int i = 0; i < 4; i++)
        head[4 + i] = (char)(inner.size >> (8 * i));
    pack_member(&packed, PACKING_ZSTD, text.data, text.size);
    bytes_add(&packed, head, sizeof head);
    bytes_add(&packed, inner.data, inner.size);
    pack_member(&packed, PACKING_ZSTD, text.data, text.size);
    save(&packed, PACKING_ZSTD);
    assert_int_equal(read_all(20000, &random, 64, &out), CODE_DAMAGED);
    bytes_release(&out);
    assert_int_equal(read_all(1, &(uint64_t){0}, 64, &out), CODE_DAMAGED);
    struct source source;
    uint64_t at = 0;
    bytes_release(&out);
    assert_int_equal(source_init(&source, 64), 0);
    assert_int_equal(read_partition(&source, 0, input.size, &out, &at), 0);
    assert_int_equal(out.size, 2 * text.size);
    source_release(&source);
    bytes_release(&text);
    bytes_release(&inner);
    bytes_release(&packed);
    bytes_release(&out);
}

/* The same in stored blocks, where headers come between: what is within is no member. */
static void packed_files_that_were_packed_again_are_whole(void **state)
{
    (void)state;
    struct bytes text = {0}, inner = {0}, packed = {0}, out = {0};
    uint64_t random = 9;
    make_text(&text, 1000, 20, &random);
    while (inner.size < 400000)
        pack_member(&inner, PACKING_GZIP, text.data, text.size);
    for (size_t at = 0; at < inner.size; at += 150000)
        pack_member(&packed, PACKING_GZIP, inner.data + at,
                    inner.size - at < 150000 ? inner.size - at : 150000);
    save(&packed, PACKING_GZIP);
    assert_int_equal(read_all(20000, &random, 64, &out), 0);
    assert_true(bytes_equal(&out, &inner));
    bytes_release(&text);
    bytes_release(&inner);
    bytes_release(&packed);
    bytes_release(&out);
}

static void files_of_many_members_are_told_from_others(void **state)
{
    (void)state;
    for (enum packing packing = PACKING_GZIP; packing <= PACKING_ZSTD; packing++) {
        struct bytes text = {0}, packed = {0};
        uint64_t random = 10;
        make_text(&text, 1000, 20, &random);
        pack_member(&packed, packing, text.data, text.size);
        for (int has_next = 0; has_next < 2; has_next++) {
            save(&packed, packing);
            int fd = open(path, O_RDONLY | O_CLOEXEC);
            struct store store = store_of(fd);
            assert_int_equal(member_has_next(&store, packing, 0, packed.size + 1), has_next);
            assert_int_equal(member_has_next(&store, packing, 0, 10), 0);
            close(fd);
            pack_member(&packed, packing, "", 0);
        }
        bytes_release(&text);
        bytes_release(&packed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partitions_have_every_line_once),
        cmocka_unit_test(every_short_text_is_whole_with_every_cut),
        cmocka_unit_test(large_members_are_found_too),
        cmocka_unit_test(every_bit_that_flips_is_an_error_or_makes_no_difference),
        cmocka_unit_test(what_is_cut_off_is_an_error_but_at_the_end_of_a_member),
        cmocka_unit_test(what_only_looks_like_a_member_is_never_counted),
        cmocka_unit_test(packed_files_that_were_packed_again_are_whole),
        cmocka_unit_test(files_of_many_members_are_told_from_others),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
