/*
 * However a file is cut up, the chunks of its partitions laid end to end are the file, and each is
 * whole lines that start in its partition. A file that is not what it was when it was cut up is
 * noticed.
 */
#include "input/source.h"

#include <errno.h>
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
#include "random.h"
#include "scan/scan.h"
#include "scan/variants.h"

#define FILE_MAX 40000

/* How sources of this test read. */
static enum mapping_use mapping_use;

static char folder[200], path[240], other_path[240];
static char file[FILE_MAX];

static int begin(struct source *source, size_t chunk_size)
{
    int rc = source_init(source, chunk_size);
    source->mapping_use = mapping_use;
    if (mapping_use != MAPPING_NEVER)
        mapping_guard(); /* cmocka has a handler of its own in each test */
    return rc;
}

static int make_folder(void **state)
{
    (void)state;
    const char *where = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/source-XXXXXX", where ? where : "/tmp");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/input", folder);
    snprintf(other_path, sizeof other_path, "%s/other", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    unlink(other_path);
    return rmdir(folder);
}

static void write_file(const char *name, size_t size)
{
    unlink(name); /* or some file systems write it to the disk at once */
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, file, size), size);
    assert_int_equal(close(fd), 0);
}

/* Writes the first size bytes of file, and says what an engine would of the input from start on. */
static struct input input_of(size_t start, size_t size)
{
    struct stat status;
    write_file(path, size);
    assert_int_equal(stat(path, &status), 0);
    return (struct input){.path = path,
                          .fd = -1,
                          .start = start,
                          .size = size,
                          .share_start = start,
                          .share_end = size,
                          .device = status.st_dev,
                          .inode = status.st_ino};
}

/* Lines of about length bytes, the last one with or without LF. */
static void random_file(uint64_t *random, size_t size, size_t length)
{
    for (size_t i = 0; i < size; i++)
        file[i] = random_below(random, length) ? (char)('a' + i % 26) : '\n';
}

static int starts_line(const struct input *input, uint64_t at)
{
    return at == input->start || file[at - 1] == '\n';
}

/* Reads [start, end), which must go on at *at, and moves *at to where the next one must. */
static void check_partition(struct source *source, const struct input *input, uint64_t start,
                            uint64_t end, uint64_t *at)
{
    const char *data;
    size_t size;
    uint64_t offset;
    assert_int_equal(source_open(source, input, start, end), 0);
    for (;;) {
        assert_int_equal(source_next(source, &data, &size, &offset), 0);
        if (size == 0)
            break;
        assert_int_equal(offset, *at);
        assert_true(offset >= start && offset < end);
        assert_true(starts_line(input, offset) && offset + size <= input->size);
        assert_memory_equal(data, file + offset, size);
        assert_int_equal((uintptr_t)data % 64, offset % 64); /* so that the kernel copies fast */
        assert_true(data[size - 1] == '\n' || offset + size == input->size);
        uint64_t last = offset + size - 1;
        while (!starts_line(input, last))
            last--;
        assert_true(last < end);
        (void)*(volatile const char *)(data + size + SCAN_PADDING - 1); /* for the sanitizers */
        *at += size;
    }
    assert_true(*at >= end || *at == input->size);
    assert_int_equal(source_next(source, &data, &size, &offset), 0);
    assert_int_equal(size, 0);
}

static void check_cuts(struct input *input, uint64_t *random, size_t step_max, size_t chunk_size)
{
    struct source source;
    uint64_t at = input->start, start = input->start;
    assert_int_equal(begin(&source, chunk_size), 0);
    while (start < input->size) {
        uint64_t end = start + 1 + random_below(random, step_max);
        if (end > input->size)
            end = input->size;
        check_partition(&source, input, start, end, &at);
        start = end;
        if (random_below(random, 3))
            continue;
        source_release(&source); /* its buffer may have become larger */
        assert_int_equal(begin(&source, chunk_size), 0);
    }
    assert_int_equal(at, input->size);
    source_release(&source);
}

static void chunks_of_all_partitions_are_the_file(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        uint64_t random = seed;
        size_t size = 1 + random_below(&random, 2000);
        random_file(&random, size, 1 + random_below(&random, 100));
        struct input input = input_of(seed % 3 ? 0 : random_below(&random, size), size);
        size_t step_max = 1 + random_below(&random, seed % 2 ? 2000 : 20);
        check_cuts(&input, &random, step_max, 1 + random_below(&random, 300));
    }
}

static void chunks_of_larger_files_are_the_file(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        uint64_t random = seed;
        size_t size = FILE_MAX - random_below(&random, 5000);
        random_file(&random, size, seed % 4 == 0 ? 20000 : 30);
        struct input input = input_of(0, size);
        check_cuts(&input, &random, 15000, 1 + random_below(&random, 10000));
    }
}

static void partitions_of_one_byte_are_the_file(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (size_t chunk_size = 1; chunk_size < 40; chunk_size += 3) {
        random_file(&random, 150, 1 + chunk_size / 2);
        struct input input = input_of(chunk_size % 2 * 7, 150);
        check_cuts(&input, &random, 1, chunk_size);
    }
}

/* Every text of up to 7 letters and LF, cut in two and three at every place. */
static void every_short_file_with_every_cut_is_whole(void **state)
{
    (void)state;
    struct source source;
    assert_int_equal(begin(&source, 3), 0);
    for (size_t size = 1; size <= 7; size++) {
        for (unsigned bits = 0; bits < 1u << size; bits++) {
            for (size_t i = 0; i < size; i++)
                file[i] = bits >> i & 1 ? '\n' : 'x';
            struct input input = input_of(0, size);
            for (uint64_t a = 0; a <= size; a++) {
                for (uint64_t b = a; b <= size; b++) {
                    uint64_t at = 0;
                    check_partition(&source, &input, 0, a, &at);
                    check_partition(&source, &input, a, b, &at);
                    check_partition(&source, &input, b, size, &at);
                    assert_int_equal(at, size);
                }
            }
            source_release(&source);
            assert_int_equal(begin(&source, 1 + bits % 5), 0);
        }
    }
    source_release(&source);
}

static void line_longer_than_the_chunk_is_one_chunk(void **state)
{
    (void)state;
    static const size_t sizes[] = {6, 20000, 0};
    struct source source;
    memset(file, 'x', 30000);
    file[5] = file[20005] = '\n';
    struct input input = input_of(0, 30000);
    assert_int_equal(begin(&source, 16), 0);
    assert_int_equal(source_open(&source, &input, 0, 7), 0);
    for (size_t i = 0; i < 3; i++) {
        const char *data;
        size_t size;
        uint64_t offset;
        assert_int_equal(source_next(&source, &data, &size, &offset), 0);
        assert_int_equal(size, sizes[i]);
    }
    source_release(&source);
}

static void descriptor_of_the_caller_is_read_and_left_open(void **state)
{
    (void)state;
    uint64_t random = 2;
    random_file(&random, 3000, 40);
    struct input input = input_of(0, 3000);
    input.fd = open(path, O_RDONLY);
    input.path = "no such file";
    assert_true(input.fd >= 0);
    check_cuts(&input, &random, 500, 100);
    assert_int_equal(lseek(input.fd, 0, SEEK_CUR), 0);
    assert_int_equal(close(input.fd), 0);
}

/* The code that reading [start, end) ends with. Chunks before it must be as described. */
static int read_all(const struct input *input, uint64_t start, uint64_t end)
{
    const char *data;
    size_t size = 1;
    uint64_t offset;
    struct source source;
    assert_int_equal(begin(&source, 64), 0);
    int rc = source_open(&source, input, start, end);
    while (rc == 0 && size > 0)
        rc = source_next(&source, &data, &size, &offset);
    if (rc == 0)
        rc = source_check(&source);
    int error = errno;
    source_release(&source);
    errno = error;
    return rc;
}

static void file_that_shrank_has_changed(void **state)
{
    (void)state;
    memset(file, '\n', 10000);
    struct input input = input_of(0, 10000);
    assert_int_equal(truncate(path, 5000), 0);
    /* Of a mapping nobody can tell which bytes were still there. */
    assert_int_equal(read_all(&input, 0, 1000), mapping_use == MAPPING_ALWAYS ? CODE_CHANGED : 0);
    assert_int_equal(read_all(&input, 0, 10000), CODE_CHANGED);
    assert_int_equal(read_all(&input, 4000, 6000), CODE_CHANGED);
    assert_int_equal(read_all(&input, 6000, 8000), CODE_CHANGED);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(read_all(&input, 0, 1000), CODE_CHANGED);
    assert_int_equal(read_all(&input, 9999, 10000), CODE_CHANGED);

    input = input_of(0, 10000);
    struct source source;
    uint32_t n_lines[10];
    assert_int_equal(begin(&source, 64), 0);
    assert_int_equal(source_open(&source, &input, 0, 10000), 0);
    assert_int_equal(truncate(path, 5000), 0);
    assert_int_equal(source_count_lines(&source, scan_choose(), 0, 1000, n_lines, 10),
                     CODE_CHANGED);
    source_release(&source);
}

static void bytes_that_were_added_are_not_read(void **state)
{
    (void)state;
    uint64_t random = 3;
    random_file(&random, 3000, 40);
    struct input input = input_of(0, 3000);
    for (input.size = 2990; input.size > 2900; input.size--)
        check_cuts(&input, &random, 1000, 200);
}

static void file_that_was_replaced_has_changed(void **state)
{
    (void)state;
    memset(file, '\n', 100);
    struct input input = input_of(0, 100);
    write_file(other_path, 100);
    assert_int_equal(rename(other_path, path), 0);
    assert_int_equal(read_all(&input, 0, 100), CODE_CHANGED);
    assert_int_equal(read_all(&input, 50, 60), CODE_CHANGED);
}

static void missing_file_and_folder_cannot_be_read(void **state)
{
    (void)state;
    struct input input = input_of(0, 100);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(read_all(&input, 0, 100), CODE_OPEN);
    assert_int_equal(errno, ENOENT);

    struct stat status;
    assert_int_equal(stat(folder, &status), 0);
    input = (struct input){.path = folder,
                           .fd = -1,
                           .size = 100,
                           .share_end = 100,
                           .device = status.st_dev,
                           .inode = status.st_ino};
    assert_int_equal(read_all(&input, 0, 100), CODE_READ);
    assert_int_equal(errno, EISDIR);
}

static void count_lines_equals_a_naive_count_in_every_block(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        uint64_t random = seed;
        size_t size = 1 + random_below(&random, seed % 10 ? 2000 : FILE_MAX);
        random_file(&random, size, 1 + random_below(&random, 60));
        struct input input = input_of(seed % 3 ? 0 : random_below(&random, size), size);
        uint64_t block_size = 1 + random_below(&random, size < 2000 ? 300 : 20000);
        size_t n = (size_t)((size - input.start + block_size - 1) / block_size);
        size_t first = seed % 4 ? 0 : random_below(&random, n);
        n -= first;
        uint32_t *n_lines = malloc(n * sizeof *n_lines);
        assert_non_null(n_lines);

        struct source source;
        uint64_t start = input.start + first * block_size;
        assert_int_equal(begin(&source, 1 + random_below(&random, 5000)), 0);
        assert_int_equal(source_open(&source, &input, start, size), 0);
        assert_int_equal(source_count_lines(&source, scan_choose(), start, block_size, n_lines, n),
                         0);
        for (size_t i = 0; i < n; i++) {
            uint64_t at = start + i * block_size;
            for (; at < start + (i + 1) * block_size && at < size; at++)
                n_lines[i] -= starts_line(&input, at) ? 1 : 0;
            assert_int_equal(n_lines[i], 0);
        }
        source_release(&source);
        free(n_lines);
    }
}

#define LARGE_SIZE ((size_t)36 << 20) /* of more than two mappings */

/* Lines, one of them longer than the buffer. */
static struct input large_file(void)
{
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    struct stat status;
    assert_true(fd >= 0);
    for (size_t i = 0; i < FILE_MAX; i++)
        file[i] = i % 23 == 22 ? '\n' : (char)('a' + i % 26);
    for (size_t at = 0; at < LARGE_SIZE; at += FILE_MAX) {
        if (at / FILE_MAX == 500)
            memset(file, 'x', FILE_MAX);
        else if (at / FILE_MAX == 502)
            file[7] = '\n';
        size_t size = LARGE_SIZE - at < FILE_MAX ? LARGE_SIZE - at : FILE_MAX;
        assert_int_equal(write(fd, file, size), size);
    }
    assert_int_equal(fstat(fd, &status), 0);
    assert_int_equal(close(fd), 0);
    return (struct input){.path = path,
                          .fd = -1,
                          .size = LARGE_SIZE,
                          .share_end = LARGE_SIZE,
                          .device = status.st_dev,
                          .inode = status.st_ino};
}

/* Reads on up to the end, or n bytes at least, and compares them with what the file has. Returns
 * how many. */
static uint64_t check_bytes(struct source *source, uint64_t n)
{
    const char *data;
    size_t size = 1;
    uint64_t offset, sum = 0;
    char *there = malloc(LARGE_SIZE);
    int fd = open(path, O_RDONLY);
    assert_non_null(there);
    assert_true(fd >= 0);
    while (size > 0 && sum < n) {
        assert_int_equal(source_next(source, &data, &size, &offset), 0);
        assert_int_equal(pread(fd, there, size, (off_t)offset), size);
        assert_memory_equal(data, there, size);
        assert_true(size == 0 || data[size - 1] == '\n' || offset + size == LARGE_SIZE);
        sum += size;
    }
    assert_int_equal(close(fd), 0);
    free(there);
    return sum;
}

static void large_files_are_mapped_piece_by_piece(void **state)
{
    (void)state;
    struct input input = large_file();
    struct source source;
    assert_int_equal(begin(&source, 65536), 0);
    assert_int_equal(source_open(&source, &input, 0, input.size), 0);
    assert_int_equal(check_bytes(&source, UINT64_MAX), input.size);
    assert_int_equal(source_check(&source), 0);
    source_release(&source);

    input.start = FILE_MAX * 503; /* behind the long line */
    assert_int_equal(begin(&source, 65536), 0);
    assert_int_equal(source_open(&source, &input, input.start, input.size), 0);
    assert_int_equal(check_bytes(&source, UINT64_MAX), input.size - input.start);
    assert_int_equal(source.mapping.data != NULL, mapping_use == MAPPING_ALWAYS);
    assert_int_equal(source_check(&source), 0);
    source_release(&source);
}

/* The pages are gone while lines are looked at. */
static void what_is_cut_off_a_mapped_file_is_zeros_and_noticed(void **state)
{
    (void)state;
    for (int comes_back = 0; comes_back <= 1; comes_back++) {
        const char *data;
        size_t size;
        uint64_t offset;
        struct input input = large_file();
        struct source source;
        mapping_use = MAPPING_ALWAYS;
        assert_int_equal(begin(&source, 65536), 0);
        assert_int_equal(source_open(&source, &input, 0, (uint64_t)4 << 20), 0);
        assert_int_equal(source_next(&source, &data, &size, &offset), 0);
        assert_int_equal(truncate(path, 1000), 0);
        for (size_t i = 1000; i < size; i++)
            assert_int_equal(data[i], '\0');
        if (comes_back)
            assert_int_equal(truncate(path, (off_t)input.size), 0);
        assert_int_equal(source_check(&source), comes_back ? CODE_READ : CODE_CHANGED);
        source_release(&source);
        mapping_use = MAPPING_NEVER;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_of_all_partitions_are_the_file),
        cmocka_unit_test(chunks_of_larger_files_are_the_file),
        cmocka_unit_test(partitions_of_one_byte_are_the_file),
        cmocka_unit_test(every_short_file_with_every_cut_is_whole),
        cmocka_unit_test(line_longer_than_the_chunk_is_one_chunk),
        cmocka_unit_test(descriptor_of_the_caller_is_read_and_left_open),
        cmocka_unit_test(file_that_shrank_has_changed),
        cmocka_unit_test(bytes_that_were_added_are_not_read),
        cmocka_unit_test(file_that_was_replaced_has_changed),
        cmocka_unit_test(missing_file_and_folder_cannot_be_read),
        cmocka_unit_test(count_lines_equals_a_naive_count_in_every_block),
        cmocka_unit_test(large_files_are_mapped_piece_by_piece),
    };
    const struct CMUnitTest loss[] = {
        cmocka_unit_test(what_is_cut_off_a_mapped_file_is_zeros_and_noticed),
    };
    static const enum mapping_use uses[] = {MAPPING_NEVER, MAPPING_IF_FASTER, MAPPING_ALWAYS};
    int n_failed = 0;
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        mapping_use = uses[i];
        n_failed += cmocka_run_group_tests(tests, make_folder, remove_folder);
    }
    return n_failed + cmocka_run_group_tests(loss, make_folder, remove_folder);
}
