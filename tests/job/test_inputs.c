/*
 * Inputs that are descriptors or memory give the bytes that the same give as files: plain and
 * packed, tables, text and sorted ones, cut in any way, with and without workers, and when workers
 * die. Memory ends where nothing may be read, and descriptors are left as they were.
 */
#include "jobs.h"

#include <fcntl.h>
#include <sys/socket.h>

#include "pack.h"
#include "repeat.h"
#include "v2_map.h"

enum kind { BY_PATH, BY_FD, BY_DATA, BY_PIPE, BY_SOCKET, N_KINDS };

static char path[300], rejects[300];
static const char *first_path; /* the input before the one at hand */

static int set_up(void **state)
{
    make_files(state);
    first_path = files.small;
    snprintf(path, sizeof path, "%s/input", files.folder);
    snprintf(rejects, sizeof rejects, "%s/rejects", files.folder);
    return 0;
}

/* Memory that ends before a page that cannot be touched. */
struct memory {
    char *pages;
    size_t n;
    char *data;
};

static struct memory memory_of(const struct bytes *bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t n = (bytes->size + page - 1) / page * page;
    char *pages = mmap(NULL, n + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED);
    char *data = pages + n - bytes->size;
    if (bytes->size > 0)
        memcpy(data, bytes->data, bytes->size);
    assert_int_equal(mprotect(pages, n + page, PROT_READ), 0);
    assert_int_equal(mprotect(pages + n, page, PROT_NONE), 0);
    return (struct memory){pages, n + page, data};
}

/* A process that writes all of it. */
static pid_t feed(int fd, int other, const struct bytes *bytes)
{
    pid_t pid = fork();
    if (pid == 0) {
        close(other);
        size_t at = 0;
        ssize_t n = 1;
        for (; at < bytes->size && n > 0; at += (size_t)n)
            n = write(fd, bytes->data + at, bytes->size - at);
        _exit(0);
    }
    close(fd);
    return pid;
}

/* What the job writes, given the bytes in this way; and where they are refused, the message. */
static struct bytes result_of(wm_options o, enum kind kind, const struct bytes *bytes)
{
    wm_input inputs[2] = {{.path = first_path}, {.path = path, .name = path}};
    struct memory memory = {0};
    int fds[2] = {-1, -1};
    pid_t pid = 0;
    if (kind == BY_FD) {
        inputs[1].fd = open(path, O_RDONLY | O_CLOEXEC);
        lseek(inputs[1].fd, 5, SEEK_SET);
    } else if (kind == BY_DATA) {
        memory = memory_of(bytes);
        inputs[1].data = memory.data;
        inputs[1].size = bytes->size;
    } else if (kind != BY_PATH) {
        int rc = kind == BY_PIPE ? pipe2(fds, O_CLOEXEC)
                                 : socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds);
        assert_int_equal(rc, 0);
        inputs[1].fd = fds[0];
        pid = feed(fds[1], fds[0], bytes);
    }
    inputs[1].kind = kind == BY_PATH   ? WM_INPUT_PATH
                     : kind == BY_DATA ? WM_INPUT_DATA
                                       : WM_INPUT_FD;
    struct bytes out = {0};
    wm_result *result;
    wm_error error;
    o.output = files.output;
    int rc = o.sorted ? wm_run_inputs(&o, &inputs[1], 1, &result, &error)
                      : wm_run_inputs(&o, inputs, 2, &result, &error);
    if (rc == 0) {
        assert_int_equal(bytes_load(&out, files.output), 0);
        wm_result_free(result);
        unlink(files.output);
    } else {
        bytes_print(&out, "%d %u %llu: %s", rc, error.input, (unsigned long long)error.line,
                    error.message);
    }
    if (kind == BY_FD)
        assert_int_equal(lseek(inputs[1].fd, 0, SEEK_CUR), 5);
    if (inputs[1].kind == WM_INPUT_FD)
        assert_int_equal(close(inputs[1].fd), 0);
    if (pid > 0)
        assert_int_equal(waitpid(pid, NULL, 0), pid);
    if (memory.pages)
        munmap(memory.pages, memory.n);
    return out;
}

/*
 * The same in all ways, in the calling process and by two workers. But where it depends on the way:
 * with_streams.
 */
static void assert_same(const wm_options *options, const struct bytes *bytes, int with_streams)
{
    assert_int_equal(bytes_save((struct bytes *)(uintptr_t)bytes, path), 0);
    struct bytes expected = result_of(*options, BY_PATH, bytes);
    /* A worker that is to die must not be this process. */
    for (int workers = getenv("WORDMILL_FAULT") ? 2 : 0; workers < 3; workers += 2) {
        for (enum kind kind = BY_FD; kind < (with_streams ? N_KINDS : BY_PIPE); kind++) {
            wm_options o = *options;
            o.workers = workers;
            struct bytes got = result_of(o, kind, bytes);
            if (!bytes_equal(&got, &expected))
                fail_msg("kind %d, %d workers: %.*s", (int)kind, workers,
                         (int)(got.size < 200 ? got.size : 200), got.data);
            bytes_release(&got);
        }
    }
    bytes_release(&expected);
    unlink(path);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void plain_lines_are_counted_wherever_they_are(void **state)
{
    (void)state;
    struct bytes *big = &files.big_sample.input;
    wm_options o = job_options(2, 100000);
    assert_same(&o, big, 1);
    o = job_options(2, 0);
    assert_same(&o, big, 1);
    o.partition_lines = 1234;
    assert_same(&o, big, 1);
    o = job_options(2, 777);
    o.header = 3;
    assert_same(&o, &files.small_sample.input, 1);
    o = job_options(2, 77777);
    o.map = v2_map;
    assert_same(&o, big, 1);
    o = job_options(2, 50000);
    o.shard = 2;
    o.n_shards = 3;
    assert_same(&o, big, 0);
}

/* The last line with and without a LF, right at the end of memory. */
static void any_few_bytes_are_counted_wherever_they_are(void **state)
{
    (void)state;
    static const char lines[] = "a\t1\t1\t1\nbb\t1\t2\t1\nccc\t1\t3\t1\n\nc\t1\t3\t1";
    struct bytes before = {0};
    char few_path[300];
    snprintf(few_path, sizeof few_path, "%s/few", files.folder);
    bytes_add(&before, lines, sizeof lines - 1);
    assert_int_equal(bytes_save(&before, few_path), 0);
    first_path =
        few_path; /* in partitions of some bytes, a whole sample would be thousands of them */
    const size_t step = sizeof lines / repeat(sizeof lines);
    for (size_t size = 0; size < sizeof lines; size += step) {
        struct bytes few = {0};
        bytes_add(&few, lines, size);
        wm_options o = job_options(1, 1 + size % 9);
        o.format = WM_FORMAT_V2;
        assert_same(&o, &few, 1);
        o.partition_size = 0;
        o.map = v2_map;
        o.format = WM_FORMAT_AUTO;
        assert_same(&o, &few, 1);
        bytes_release(&few);
    }
    first_path = files.small;
    unlink(few_path);
    bytes_release(&before);
}

static void what_is_packed_is_unpacked_wherever_it_is(void **state)
{
    (void)state;
    const struct bytes *big = &files.big_sample.input;
    static const enum packing packings[] = {PACKING_GZIP, PACKING_ZSTD};
    for (int i = 0; i < 2; i++) {
        struct bytes one = {0}, many = {0};
        pack_member(&one, packings[i], big->data, big->size);
        for (size_t at = 0; at < big->size; at += 300000)
            pack_member(&many, packings[i], big->data + at,
                        big->size - at < 300000 ? big->size - at : 300000);
        wm_options o = job_options(2, 20000);
        assert_same(&o, &one, 1);
        assert_same(&o, &many, 1);
        o.header = 1;
        assert_same(&o, &one, 1);
        one.size -= 10;
        assert_same(&o, &one, 1);
        bytes_release(&one);
        bytes_release(&many);
    }
}

static void text_is_counted_wherever_it_is(void **state)
{
    (void)state;
    struct bytes text = {0}, utf16 = {0};
    for (int i = 0; i < 20000; i++)
        bytes_print(&text, "the %d th word, don\u2019t \u00e9t\u00e9%s", i % 1000,
                    i % 9 ? " " : "\n");
    wm_options o = job_options(2, 30000);
    o.format = WM_FORMAT_TEXT;
    assert_same(&o, &text, 1);
    bytes_add(&utf16, "\xff\xfe", 2);
    for (int i = 0; i < 5000; i++)
        bytes_add(&utf16, i % 7 ? "a\0" : " \0", 2);
    assert_same(&o, &utf16, 1);
    bytes_release(&text);
    bytes_release(&utf16);
}

static void results_are_added_up_wherever_they_are(void **state)
{
    (void)state;
    struct bytes lines = {0}, table = {0};
    wm_result *result;
    wm_options o = job_options(1, 0);
    o.output = path;
    assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), 0);
    wm_result_free(result);
    assert_int_equal(bytes_load(&lines, path), 0);
    o.output_format = WM_OUTPUT_TABLE;
    assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), 0);
    wm_result_free(result);
    assert_int_equal(bytes_load(&table, path), 0);
    o = job_options(1, 20000);
    o.format = WM_FORMAT_COUNTS;
    o.sorted = 1;
    assert_same(&o, &lines, 1);
    assert_same(&o, &table, 1);
    o.sorted = 0;
    bytes_save(&lines, path);
    wm_input inputs[2] = {{.kind = WM_INPUT_DATA, .data = lines.data, .size = lines.size},
                          {.kind = WM_INPUT_DATA, .data = table.data, .size = table.size}};
    for (int workers = 0; workers < 3; workers++) {
        o.workers = workers;
        uint64_t count, first;
        char word[300];
        size_t size = strcspn(lines.data, "\t");
        memcpy(word, lines.data, size);
        first = strtoull(lines.data + size, NULL, 10);
        assert_int_equal(wm_run_inputs(&o, inputs, 2, &result, NULL), 0);
        assert_int_equal(wm_result_get(result, word, size, &count), 1);
        assert_int_equal(count, 2 * first);
        wm_result_free(result);
    }
    unlink(path);
    bytes_release(&lines);
    bytes_release(&table);
}

#ifdef WORDMILL_FAULTS
static void memory_is_counted_once_when_workers_die(void **state)
{
    (void)state;
    setenv("WORDMILL_FAULT", "map:3", 1);
    wm_options o = job_options(2, 100000);
    assert_same(&o, &files.big_sample.input, 1);
    unsetenv("WORDMILL_FAULT");
    o.max_tasks_per_worker = 2;
    assert_same(&o, &files.big_sample.input, 0);
}
#endif

static void bad_lines_and_rejects_have_the_name_that_was_given(void **state)
{
    (void)state;
    static const char lines[] = "a\t1\t1\t1\nbad\n";
    wm_input input = {
        .kind = WM_INPUT_DATA, .name = "the table", .data = lines, .size = sizeof lines - 1};
    wm_result *result = UNTOUCHED;
    wm_error e;
    wm_options o = job_options(1, 0);
    o.format = WM_FORMAT_V2;
    assert_int_equal(wm_run_inputs(&o, &input, 1, &result, &e), WM_EBADLINE);
    assert_non_null(strstr(e.message, "cannot parse 'the table' line 2 (byte 8)"));
    input.name = NULL;
    assert_int_equal(wm_run_inputs(&o, &input, 1, &result, &e), WM_EBADLINE);
    assert_non_null(strstr(e.message, "cannot parse 'input 1' line 2 (byte 8)"));
    o.on_bad_line = WM_SKIP;
    o.rejects = rejects;
    assert_int_equal(wm_run_inputs(&o, &input, 1, &result, &e), 0);
    wm_result_free(result);
    struct bytes got = {0};
    assert_int_equal(bytes_load(&got, rejects), 0);
    bytes_add(&got, "", 1);
    assert_string_equal(got.data, "input 1\t2\t8\ttoo few fields\tbad\n");
    bytes_release(&got);
    unlink(rejects);
}

static void assert_refused(const wm_input *inputs, size_t n, int code, const char *words)
{
    wm_result *result = UNTOUCHED;
    wm_error e = {0};
    wm_options o = job_options(1, 0);
    assert_int_equal(wm_run_inputs(&o, inputs, n, &result, &e), code);
    if (!strstr(e.message, words))
        fail_msg("%s", e.message);
    assert_true(result == UNTOUCHED);
}

static void what_is_no_input_is_refused(void **state)
{
    (void)state;
    int fds[2];
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    const wm_input twice[] = {{.kind = WM_INPUT_FD, .fd = fds[0]},
                              {.kind = WM_INPUT_FD, .fd = fds[0]}};
    assert_refused(twice, 2, WM_EINVAL, "is given twice, but can be read only once");
    close(fds[0]);
    close(fds[1]);
    assert_refused(twice, 1, WM_EREAD, "cannot read 'input 1': bad file descriptor");
    assert_refused(&(wm_input){.kind = WM_INPUT_FD, .fd = -1}, 1, WM_EINVAL, "no descriptor -1");
    assert_refused(&(wm_input){.kind = (enum wm_input_kind)3}, 1, WM_EINVAL, "no known kind");
    assert_refused(&(wm_input){.path = "x", .reserved = {1}}, 1, WM_EINVAL, "no known kind");
    assert_refused(&(wm_input){.path = NULL}, 1, WM_EINVAL, "a path must not be NULL");
    assert_refused(&(wm_input){.kind = WM_INPUT_DATA, .size = 1}, 1, WM_EINVAL,
                   "the data of an input must not be NULL");
    assert_refused(NULL, 1, WM_EINVAL, "the array of inputs must not be NULL");
    assert_refused(NULL, 0, WM_EINVAL, "no input is given");
    int fd = open(files.folder, O_RDONLY | O_CLOEXEC);
    assert_refused(&(wm_input){.kind = WM_INPUT_FD, .fd = fd}, 1, WM_EREAD, "is a directory");
    close(fd);
    assert_nothing_left();
}

/* Names, paths and the array may go once the job is started. */
static void only_what_is_read_has_to_stay(void **state)
{
    (void)state;
    for (int workers = 0; workers < 3; workers++) {
        wm_input *inputs = calloc(2, sizeof *inputs);
        inputs[0].path = strdup(files.big);
        inputs[0].name = strdup("a name");
        inputs[1] = (wm_input){.kind = WM_INPUT_DATA, .data = "", .name = strdup("nothing")};
        wm_options o = job_options(workers, 100000);
        wm_job *job;
        wm_result *result;
        assert_int_equal(wm_job_start_inputs(&o, inputs, 2, &job, NULL), 0);
        for (int i = 0; i < 2; i++) {
            memset((char *)(uintptr_t)inputs[i].name, 'x', strlen(inputs[i].name));
            free((char *)(uintptr_t)inputs[i].name);
        }
        memset((char *)(uintptr_t)inputs[0].path, 'x', strlen(inputs[0].path));
        free((char *)(uintptr_t)inputs[0].path);
        free(inputs);
        assert_int_equal(turn_until_end(job), 0);
        assert_int_equal(wm_job_result(job, &result, NULL), 0);
        wm_job_free(job);
        assert_true(is_result(result, &files.big_sample.expected));
        wm_result_free(result);
    }
    assert_nothing_left();
}

/* The same of options: texts, words and descriptors, which are overwritten at once. */
static void options_may_go_once_the_job_is_started(void **state)
{
    (void)state;
    struct bytes expected = {0};
    for (int i = 0; i < 4; i++) {
        wm_options o = job_options(i, 100000);
        char output[300], match[] = "[a-z]", values[] = "matches,volumes", pos[] = "untagged";
        char folder[] = "/tmp", skipped[300], word[] = "a", other[] = "nowhere";
        const char *words[] = {word, other};
        strcpy(output, files.output);
        strcpy(skipped, rejects);
        o.output = output;
        o.match = match;
        o.values = values;
        o.pos = pos;
        o.spill_dir = folder;
        o.on_bad_line = WM_SKIP;
        o.rejects = skipped;
        o.words = words;
        o.n_words = i % 2 ? 0 : 2;
        wm_job *job = start(&o, files.big);
        char *const texts[] = {output, match, values, pos, folder, skipped, word, other};
        for (size_t j = 0; j < sizeof texts / sizeof *texts; j++)
            memset(texts[j], '(', strlen(texts[j]));
        words[0] = words[1] = NULL;
        memset(&o, 0x55, sizeof o);
        wm_result *result;
        assert_int_equal(turn_until_end(job), 0);
        assert_int_equal(wm_job_result(job, &result, NULL), 0);
        wm_job_free(job);
        uint64_t count;
        assert_int_equal(wm_result_n_values(result), 2);
        assert_int_equal(wm_result_get(result, "nowhere", 7, &count), i % 2 == 0);
        wm_result_free(result);
        struct bytes got = {0};
        assert_int_equal(bytes_load(&got, files.output), 0);
        if (i == 1)
            bytes_add(&expected, got.data, got.size);
        assert_true(i != 3 || (bytes_equal(&got, &expected) && got.size > 0));
        bytes_release(&got);
        unlink(files.output);
        unlink(rejects);
    }
    bytes_release(&expected);
    assert_nothing_left();
}

static int fds_are_open(unsigned worker, void *user)
{
    (void)worker;
    return fcntl(*(int *)user, F_GETFD) < 0;
}

static void the_list_of_descriptors_to_keep_may_go_as_well(void **state)
{
    (void)state;
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), *list = malloc(sizeof *list);
    wm_options o = job_options(2, 100000);
    o.max_tasks_per_worker = 1;
    o.worker_init = fds_are_open;
    o.map_user = &fd;
    o.keep_fds = list;
    o.n_keep_fds = 1;
    *list = fd;
    wm_job *job = start(&o, files.big);
    *list = -1;
    free(list);
    assert_int_equal(turn_until_end(job), 0);
    wm_job_free(job);
    close(fd);
    assert_nothing_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_lines_are_counted_wherever_they_are),
        cmocka_unit_test(any_few_bytes_are_counted_wherever_they_are),
        cmocka_unit_test(what_is_packed_is_unpacked_wherever_it_is),
        cmocka_unit_test(text_is_counted_wherever_it_is),
        cmocka_unit_test(results_are_added_up_wherever_they_are),
#ifdef WORDMILL_FAULTS
        cmocka_unit_test(memory_is_counted_once_when_workers_die),
#endif
        cmocka_unit_test(bad_lines_and_rejects_have_the_name_that_was_given),
        cmocka_unit_test(what_is_no_input_is_refused),
        cmocka_unit_test(only_what_is_read_has_to_stay),
        cmocka_unit_test(options_may_go_once_the_job_is_started),
        cmocka_unit_test(the_list_of_descriptors_to_keep_may_go_as_well),
    };
    return cmocka_run_group_tests(tests, set_up, remove_files);
}
