/*
 * Packed inputs come out as they went in, however they are cut into pieces; and whatever is cut off
 * or changed in them is an error or makes no difference.
 */
#include "packing/unpack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "base/code.h"
#include "oracle.h"
#include "pack.h"
#include "random.h"

/* Unpacks all of packed, pieces of at most `most` bytes in and out. 0 or a negative code. */
static int unpack(const struct bytes *packed, size_t most, struct bytes *out)
{
    struct unpacker *unpacker = unpacker_new(packing_of_text(packed->data, packed->size));
    size_t at = 0;
    int rc = UNPACK_HUNGRY;
    assert_non_null(unpacker);
    while (rc >= 0 && rc != UNPACK_END) {
        static char room[65536];
        size_t size, capacity = most < sizeof room ? most : sizeof room;
        if (rc == UNPACK_HUNGRY) {
            void *in = unpacker_room(unpacker, &size);
            if (size > most)
                size = most;
            if (size > packed->size - at)
                size = packed->size - at;
            memcpy(in, packed->data + at, size);
            at += size;
            unpacker_fed(unpacker, size);
        }
        rc = unpacker_run(unpacker, room, capacity, &size);
        bytes_add(out, room, size);
    }
    unpacker_free(unpacker);
    return rc < 0 ? rc : 0;
}

/* What a command makes of a file. */
static void pack(const char *command, const struct bytes *plain, struct bytes *packed)
{
    char folder[256], path[300], line[1200];
    make_folder(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/plain", folder);
    assert_int_equal(bytes_save(plain, path), 0);
    snprintf(line, sizeof line, "cd %s && %s", folder, command);
    FILE *pipe = popen(line, "re");
    assert_non_null(pipe);
    assert_int_equal(bytes_read(packed, fileno(pipe)), 0);
    assert_int_equal(pclose(pipe), 0);
    remove_folder(folder);
}

static const char *const commands[] = {
    "gzip -c plain",
    "gzip -1 -c <plain",
    "(head -c 100 plain | gzip; : | gzip; tail -c +101 plain | gzip -9; head -c 777 /dev/zero)",
    "zstd -qc plain",
    "head -c 100 plain | zstd -qc; : | zstd -qc; tail -c +101 plain | zstd -19 -qc",
};

static void make_text(struct bytes *text, size_t size)
{
    uint64_t random = size;
    while (text->size < size)
        bytes_print(text, "word%u\t%u\t%u\t1\n", (unsigned)random_below(&random, 50),
                    1800 + (unsigned)random_below(&random, 200),
                    (unsigned)random_below(&random, 1000));
}

static void packed_bytes_come_out_whatever_the_pieces(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 500, 300000}, pieces[] = {1, 2, 7, 1000, 1 << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct bytes text = {0};
        make_text(&text, sizes[i]);
        for (size_t j = 0; j < sizeof commands / sizeof *commands; j++) {
            struct bytes packed = {0};
            pack(commands[j], &text, &packed);
            for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) {
                struct bytes out = {0};
                assert_int_equal(unpack(&packed, pieces[k], &out), 0);
                assert_true(bytes_equal(&out, &text));
                bytes_release(&out);
            }
            bytes_release(&packed);
        }
        bytes_release(&text);
    }
}

/* gzip -c of "hello, hello\n" has a body of its own; in front of it any header. */
static void headers_may_hold_all_that_they_may(void **state)
{
    (void)state;
    struct bytes text = {0}, plain = {0};
    bytes_print(&text, "hello, hello, hello\n");
    pack("gzip -nc <plain", &text, &plain);
    for (int flags = 0; flags < 64; flags += 4) {
        for (size_t most = 1; most < 60; most++) {
            struct bytes packed = {0}, out = {0};
            char head[10] = {0x1F, (char)0x8B, 8, (char)(flags & 0x1C), 1, 2, 3, 4, 2, 3};
            bytes_add(&packed, head, sizeof head);
            if (flags & 4)
                bytes_add(&packed, "\6\0BC\2\0\1\0", 8);
            if (flags & 8)
                bytes_add(&packed, "a name", 7);
            if (flags & 16)
                bytes_add(&packed, "and a comment", 14);
            bytes_add(&packed, plain.data + 10, plain.size - 10);
            assert_int_equal(unpack(&packed, most, &out), 0);
            assert_true(bytes_equal(&out, &text));
            bytes_release(&packed);
            bytes_release(&out);
        }
    }
    bytes_release(&text);
    bytes_release(&plain);
}

static void checksum_of_a_header_is_checked(void **state)
{
    (void)state;
    struct bytes text = {0}, plain = {0};
    bytes_print(&text, "hello\n");
    pack("gzip -nc <plain", &text, &plain);
    for (unsigned flip = 0; flip <= 16; flip++) {
        for (size_t most = 1; most < 40; most++) {
            struct bytes packed = {0}, out = {0};
            bytes_add(&packed, "\x1F\x8B\x08\x0A\1\2\3\4\0\3name", 15);
            uint32_t crc = pack_crc(packed.data, packed.size) ^ (flip ? 1u << (flip - 1) : 0);
            bytes_add(&packed, (char[]){(char)crc, (char)(crc >> 8)}, 2);
            bytes_add(&packed, plain.data + 10, plain.size - 10);
            int rc = unpack(&packed, most, &out);
            assert_int_equal(rc, flip ? CODE_DAMAGED : 0);
            if (!flip)
                assert_true(bytes_equal(&out, &text));
            bytes_release(&packed);
            bytes_release(&out);
        }
    }
    bytes_release(&text);
    bytes_release(&plain);
}

/* Where a member ends: after so many bytes of the first and the second. */
static int is_end_of_member(const struct bytes *packed, size_t size)
{
    struct bytes cut = {packed->data, size, size}, out = {0};
    int rc = unpack(&cut, 1 << 20, &out);
    bytes_release(&out);
    return rc == 0;
}

static void what_is_cut_off_is_an_error_but_at_the_end_of_a_member(void **state)
{
    (void)state;
    static const size_t n_ends[] = {1, 1, 2 + 1 + 777, 1, 3};
    for (size_t j = 0; j < sizeof commands / sizeof *commands; j++) {
        struct bytes text = {0}, packed = {0};
        size_t n = 0;
        make_text(&text, 600);
        pack(commands[j], &text, &packed);
        for (size_t size = 4; size <= packed.size; size++) {
            struct bytes cut = {packed.data, size, size}, out = {0};
            int rc = unpack(&cut, 1 << 20, &out);
            assert_true(rc == 0 || rc == CODE_DAMAGED);
            assert_true(out.size <= text.size &&
                        memcmp(out.data ? out.data : "", text.data, out.size) == 0);
            assert_true(rc < 0 || out.size == 100 || out.size == text.size);
            n += rc == 0;
            bytes_release(&out);
        }
        assert_true(is_end_of_member(&packed, packed.size));
        assert_int_equal(n, n_ends[j]);
        bytes_release(&packed);
        bytes_release(&text);
    }
}

static void every_bit_that_flips_is_an_error_or_makes_no_difference(void **state)
{
    (void)state;
    size_t n_errors = 0, n_same = 0;
    for (size_t j = 0; j < sizeof commands / sizeof *commands; j++) {
        struct bytes text = {0}, packed = {0};
        make_text(&text, 400);
        pack(commands[j], &text, &packed);
        for (size_t bit = 0; bit < 8 * packed.size; bit++) {
            struct bytes out = {0};
            packed.data[bit / 8] ^= (char)(1 << bit % 8);
            int rc = packing_of(packed.data, packed.size) == PACKING_NONE
                         ? CODE_DAMAGED
                         : unpack(&packed, 1 << 20, &out);
            packed.data[bit / 8] ^= (char)(1 << bit % 8);
            if (rc == 0)
                assert_true(bytes_equal(&out, &text));
            n_errors += rc < 0;
            n_same += rc == 0;
            bytes_release(&out);
        }
        bytes_release(&packed);
        bytes_release(&text);
    }
    assert_true(n_errors > 1000 && n_same > 50);
}

static void add_unit(struct bytes *out, unsigned unit, int is_big)
{
    char bytes[] = {(char)(unit & 0xFF), (char)(unit >> 8)};
    char swapped[] = {bytes[1], bytes[0]};
    bytes_add(out, is_big ? swapped : bytes, 2);
}

/* Characters of one to four bytes, after a byte order mark; what they are in UTF-8. */
static void make_utf16(uint64_t seed, int is_big, struct bytes *packed, struct bytes *text)
{
    static const unsigned limits[] = {0x80, 0x800, 0xD800, 0x100000};
    uint64_t random = seed;
    char utf8[4];
    add_unit(packed, 0xFEFF, is_big);
    for (size_t n = random_below(&random, 500); n > 0; n--) {
        unsigned point = (unsigned)random_below(&random, limits[random_below(&random, 4)]);
        if (point >= 0xD800)
            point = 0x10000 + (point & 0xFFFFF);
        if (point >= 0x10000)
            add_unit(packed, 0xD800 + ((point - 0x10000) >> 10), is_big);
        add_unit(packed, point < 0x10000 ? point : 0xDC00 + (point & 0x3FF), is_big);
        utf8proc_ssize_t size =
            utf8proc_encode_char((utf8proc_int32_t)point, (utf8proc_uint8_t *)utf8);
        bytes_add(text, utf8, (size_t)size);
    }
}

static void utf16_comes_out_as_utf8_whatever_the_pieces(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct bytes packed = {0}, text = {0};
        make_utf16(seed, seed % 2, &packed, &text);
        assert_int_equal(packing_of_text(packed.data, packed.size),
                         seed % 2 ? PACKING_UTF16_BE : PACKING_UTF16_LE);
        assert_int_equal(packing_of(packed.data, packed.size), PACKING_NONE);
        for (size_t most = 1; most < 2000; most = 2 * most + seed % 3) {
            struct bytes out = {0};
            assert_int_equal(unpack(&packed, most, &out), 0);
            assert_true(bytes_equal(&out, &text));
            bytes_release(&out);
        }
        bytes_release(&packed);
        bytes_release(&text);
    }
}

static void utf16_that_ends_in_a_character_is_damaged(void **state)
{
    static const struct {
        const char *data;
        size_t size;
        int rc;
        const char *text;
    } cases[] = {
        {"\xFF\xFE", 2, 0, ""},
        {"\xFF\xFE"
         "a",
         3, CODE_DAMAGED, ""},
        {"\xFE\xFF\0a\xFE\xFF", 6, 0, "a\xEF\xBB\xBF"},
        {"\xFE\xFF\xD8\x3D\xDE\x00", 6, 0, "\xF0\x9F\x98\x80"},
        {"\xFE\xFF\xD8\x3D\xDE", 5, CODE_DAMAGED, ""},
        {"\xFE\xFF\0a\xD8\x3D", 6, CODE_DAMAGED, "a"},
        {"\xFE\xFF\xD8\x3D\0a", 6, 0,
         "\xED\xA0\xBD"
         "a"}, /* alone, which is no UTF-8 */
        {"\xFE\xFF\xD8\x3D\xD8\x3D\xDE\x00", 8, 0, "\xED\xA0\xBD\xF0\x9F\x98\x80"},
        {"\xFE\xFF\xDE\x00\0a", 6, 0,
         "\xED\xB8\x80"
         "a"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t most = 1; most < 20; most++) {
            struct bytes packed = {0}, out = {0};
            bytes_add(&packed, cases[i].data, cases[i].size);
            int rc = unpack(&packed, most, &out);
            bytes_add(&out, "", 1);
            if (rc != cases[i].rc || strcmp(out.data, cases[i].text) != 0)
                fail_msg("case %zu by %zu: %d, %s", i, most, rc, out.data);
            bytes_release(&packed);
            bytes_release(&out);
        }
    }
    assert_int_equal(packing_of_text("\xFF\xFE\0\0", 4), PACKING_NONE); /* UTF-32 */
}

int main(void)
{
    if (system("command -v gzip zstd >/dev/null") != 0) {
        puts("skipped: no gzip or zstd");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_bytes_come_out_whatever_the_pieces),
        cmocka_unit_test(headers_may_hold_all_that_they_may),
        cmocka_unit_test(checksum_of_a_header_is_checked),
        cmocka_unit_test(what_is_cut_off_is_an_error_but_at_the_end_of_a_member),
        cmocka_unit_test(every_bit_that_flips_is_an_error_or_makes_no_difference),
        cmocka_unit_test(utf16_comes_out_as_utf8_whatever_the_pieces),
        cmocka_unit_test(utf16_that_ends_in_a_character_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
