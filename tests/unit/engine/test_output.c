/*
 * An output file exists whole or not at all: until the commit its name shows what was there before,
 * and a job that fails leaves no trace. What is no regular file is written to directly.
 */
#include "files/output.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "oracle.h"

static char folder[256];
static char path[300];

static int enter_folder(void **state)
{
    (void)state;
    make_folder(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/words.tsv", folder);
    return 0;
}

static int leave_folder(void **state)
{
    (void)state;
    remove_folder(folder);
    return 0;
}

static void assert_content(const char *name, const char *expected)
{
    struct bytes got = {0};
    assert_int_equal(bytes_load(&got, name), 0);
    assert_int_equal(got.size, strlen(expected));
    assert_memory_equal(got.data, expected, got.size);
    bytes_release(&got);
}

static int write_all(struct output *output, const void *data, size_t size, wm_error *error)
{
    size_t written = 0;
    int rc = output_write_some(output, data, size, &written, error);
    if (rc == 0)
        assert_int_equal(written, size);
    return rc;
}

static void put(const char *name, const char *content)
{
    assert_int_equal(
        bytes_save(&(struct bytes){.data = (char *)content, .size = strlen(content)}, name), 0);
}

static void a_file_appears_whole_when_it_is_committed(void **state)
{
    (void)state;
    struct output output;
    assert_int_equal(output_open(&output, path, -1, NULL), 0);
    assert_int_equal(write_all(&output, "one\n", 4, NULL), 0);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(count_files(folder), 1);
    assert_memory_equal(output.temporary, folder, strlen(folder)); /* beside its target */
    assert_int_equal(write_all(&output, "", 0, NULL), 0);
    assert_int_equal(write_all(&output, "two\n", 4, NULL), 0);
    assert_int_equal(output_commit(&output, NULL), 0);
    assert_content(path, "one\ntwo\n");
    output_release(&output);
    assert_content(path, "one\ntwo\n");
    assert_int_equal(count_files(folder), 1);
}

static void an_older_file_stays_until_the_commit(void **state)
{
    (void)state;
    struct output output;
    put(path, "old\n");
    assert_int_equal(output_open(&output, path, -1, NULL), 0);
    assert_int_equal(write_all(&output, "new\n", 4, NULL), 0);
    assert_content(path, "old\n");
    assert_int_equal(output_commit(&output, NULL), 0);
    assert_content(path, "new\n");
    output_release(&output);
}

static void a_file_that_is_not_committed_leaves_no_trace(void **state)
{
    (void)state;
    struct output output;
    put(path, "old\n");
    assert_int_equal(output_open(&output, path, -1, NULL), 0);
    assert_int_equal(write_all(&output, "new\n", 4, NULL), 0);
    output_release(&output);
    assert_content(path, "old\n");
    assert_int_equal(count_files(folder), 1);
    output_release(&output);
    output = (struct output){0};
    output_release(&output);
}

static void a_name_without_a_folder_is_in_the_working_folder(void **state)
{
    (void)state;
    struct output output;
    char before[1024];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(output_open(&output, "words.tsv", -1, NULL), 0);
    assert_int_equal(count_files(folder), 1);
    assert_int_equal(output_commit(&output, NULL), 0);
    output_release(&output);
    assert_int_equal(chdir(before), 0);
    assert_content(path, "");
}

static void two_outputs_of_one_name_do_not_mix(void **state)
{
    (void)state;
    struct output first, second;
    assert_int_equal(output_open(&first, path, -1, NULL), 0);
    assert_int_equal(output_open(&second, path, -1, NULL), 0);
    assert_string_not_equal(first.temporary, second.temporary);
    assert_int_equal(write_all(&first, "first", 5, NULL), 0);
    assert_int_equal(write_all(&second, "second", 6, NULL), 0);
    assert_int_equal(output_commit(&second, NULL), 0);
    assert_content(path, "second");
    assert_int_equal(output_commit(&first, NULL), 0);
    assert_content(path, "first");
    output_release(&first);
    output_release(&second);
    assert_int_equal(count_files(folder), 1);
}

static void a_file_gets_the_mode_of_any_new_file(void **state)
{
    (void)state;
    static const mode_t masks[] = {0, 022, 027, 077};
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        struct output output;
        struct stat status;
        mode_t before = umask(masks[i]);
        assert_int_equal(output_open(&output, path, -1, NULL), 0);
        assert_int_equal(output_commit(&output, NULL), 0);
        umask(before);
        output_release(&output);
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_mode & 07777, 0666 & ~masks[i]);
        unlink(path);
    }
}

static void the_file_behind_a_link_is_replaced_and_not_the_link(void **state)
{
    (void)state;
    struct output output;
    struct stat status;
    char link[400];
    snprintf(link, sizeof link, "%s/link", folder);
    put(path, "old\n");
    assert_int_equal(symlink("words.tsv", link), 0);
    assert_int_equal(output_open(&output, link, -1, NULL), 0);
    assert_int_equal(write_all(&output, "new\n", 4, NULL), 0);
    assert_int_equal(output_commit(&output, NULL), 0);
    output_release(&output);
    assert_content(path, "new\n");
    assert_int_equal(lstat(link, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(count_files(folder), 2);
}

static void a_fifo_is_written_to_directly(void **state)
{
    (void)state;
    struct output output;
    assert_int_equal(mkfifo(path, 0600), 0);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(output_open(&output, path, -1, NULL), 0);
    assert_null(output.temporary);
    assert_int_equal(write_all(&output, "words", 5, NULL), 0);
    assert_int_equal(output_commit(&output, NULL), 0);
    output_release(&output);
    char got[6] = "";
    assert_int_equal(read(fd, got, 5), 5);
    assert_string_equal(got, "words");
    close(fd);
    assert_int_equal(count_files(folder), 1);
}

static void a_descriptor_stays_the_callers(void **state)
{
    (void)state;
    struct output output;
    int fd = memfd_create("words", MFD_CLOEXEC);
    char got[6] = "";
    assert_int_equal(output_open(&output, NULL, fd, NULL), 0);
    assert_int_equal(write_all(&output, "words", 5, NULL), 0);
    assert_int_equal(output_commit(&output, NULL), 0);
    output_release(&output);
    assert_int_equal(pread(fd, got, 5, 0), 5);
    assert_string_equal(got, "words");
    assert_int_equal(close(fd), 0);
}

static void assert_fails(const char *target, const char *message)
{
    struct output output = {.fd = -1};
    wm_error error = {0};
    static const char data[100000];
    int rc = output_open(&output, target, -1, &error);
    if (rc == 0)
        rc = write_all(&output, data, sizeof data, &error);
    if (rc == 0)
        rc = output_commit(&output, &error);
    output_release(&output);
    assert_int_equal(rc, WM_EWRITE);
    assert_int_equal(error.code, WM_EWRITE);
    assert_string_equal(error.message, message);
    assert_int_equal(output_open(&output, target, -1, NULL) < 0 ||
                         write_all(&output, data, sizeof data, NULL) < 0 ||
                         output_commit(&output, NULL) < 0,
                     1);
    output_release(&output);
}

static void a_target_that_cannot_be_written_is_named_with_the_reason(void **state)
{
    (void)state;
    char name[400], message[500];
    assert_fails("/dev/full", "cannot write '/dev/full': no space left on device");
    snprintf(message, sizeof message, "cannot write '%s': is a directory", folder);
    assert_fails(folder, message);
    snprintf(name, sizeof name, "%s/none/words.tsv", folder);
    snprintf(message, sizeof message, "cannot write '%s': no such file or directory", name);
    assert_fails(name, message);
    put(path, "old\n");
    snprintf(name, sizeof name, "%s/words.tsv/words.tsv", folder);
    snprintf(message, sizeof message, "cannot write '%s': not a directory", name);
    assert_fails(name, message);
    assert_int_equal(count_files(folder), 1);
    assert_content(path, "old\n");
}

static void a_descriptor_that_cannot_be_written_is_called_the_output(void **state)
{
    (void)state;
    struct output output;
    wm_error error;
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_int_equal(output_open(&output, NULL, fd, &error), 0);
    assert_int_equal(write_all(&output, "x", 1, &error), WM_EWRITE);
    assert_string_equal(error.message, "cannot write the output: no space left on device");
    output_release(&output);
    assert_int_equal(close(fd), 0);
}

static void on_alarm(int number)
{
    (void)number;
}

/* Writes more than a pipe takes while a timer's signals arrive. */
static void a_signal_does_not_cut_a_write_short(void **state)
{
    (void)state;
    static const char data[1 << 20];
    struct output output;
    struct sigaction action = {.sa_handler = on_alarm}, before;
    struct itimerval timer = {{0, 2000}, {0, 2000}}, off = {{0, 0}, {0, 0}};
    int fds[2], status;
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    pid_t reader = fork();
    if (reader == 0) {
        char buffer[1000];
        size_t size = 0;
        ssize_t n;
        close(fds[1]);
        while ((n = read(fds[0], buffer, sizeof buffer)) > 0)
            size += (size_t)n;
        _exit(size == sizeof data ? 0 : 1);
    }
    close(fds[0]);
    assert_int_equal(output_open(&output, NULL, fds[1], NULL), 0);
    sigaction(SIGALRM, &action, &before);
    setitimer(ITIMER_REAL, &timer, NULL);
    assert_int_equal(write_all(&output, data, sizeof data, NULL), 0);
    setitimer(ITIMER_REAL, &off, NULL);
    sigaction(SIGALRM, &before, NULL);
    output_release(&output);
    close(fds[1]);
    assert_int_equal(waitpid(reader, &status, 0), reader);
    assert_int_equal(status, 0);
}

static void a_pipe_that_nobody_reads_any_more_is_an_error_and_no_signal(void **state)
{
    (void)state;
    struct output output;
    wm_error error;
    sigset_t before, after, pending;
    int fds[2];
    assert_true(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    close(fds[0]);
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    assert_int_equal(output_open(&output, NULL, fds[1], NULL), 0);
    assert_int_equal(write_all(&output, "x", 1, &error), WM_EWRITE);
    assert_string_equal(error.message, "cannot write the output: broken pipe");
    output_release(&output);
    close(fds[1]);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    sigpending(&pending);
    assert_int_equal(sigismember(&after, SIGPIPE), sigismember(&before, SIGPIPE));
    assert_int_equal(sigismember(&pending, SIGPIPE), 0);
}

static char *pipe_data;
static size_t pipe_size = 300000, pipe_written;

static void on_room(uv_poll_t *poll, int status, int events)
{
    assert_int_equal(status, 0);
    assert_int_equal(events, UV_WRITABLE);
    output_write_some(poll->data, pipe_data, pipe_size, &pipe_written, NULL);
}

/* Reader and writer are one thread here, so a write that blocks would last for ever. */
static void a_pipe_takes_what_it_has_room_for_and_the_rest_later(void **state)
{
    (void)state;
    struct output output;
    struct bytes got = {0};
    uv_loop_t loop;
    int fds[2];
    pipe_data = calloc(pipe_size, 1);
    assert_non_null(pipe_data);
    for (size_t i = 0; i < pipe_size; i++)
        pipe_data[i] = (char)(i % 251);
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    assert_int_equal(output_open(&output, NULL, fds[1], NULL), 0);
    output_watch(&output, &loop, on_room, &output, NULL);
    assert_false(fcntl(fds[1], F_GETFL) & O_NONBLOCK);
    assert_int_equal(output_write_some(&output, pipe_data, pipe_size, &pipe_written, NULL),
                     WM_RUNNING);
    while (got.size < pipe_size) {
        char buffer[10000];
        assert_true(pipe_written > got.size);
        ssize_t n = read(fds[0], buffer, sizeof buffer);
        assert_true(n > 0);
        bytes_add(&got, buffer, (size_t)n);
        uv_run(&loop, UV_RUN_NOWAIT);
    }
    assert_int_equal(pipe_written, pipe_size);
    assert_memory_equal(got.data, pipe_data, pipe_size);
    output_release(&output);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    close(fds[0]);
    close(fds[1]);
    bytes_release(&got);
    free(pipe_data);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_file_appears_whole_when_it_is_committed),
        IN_FOLDER(an_older_file_stays_until_the_commit),
        IN_FOLDER(a_file_that_is_not_committed_leaves_no_trace),
        IN_FOLDER(a_name_without_a_folder_is_in_the_working_folder),
        IN_FOLDER(two_outputs_of_one_name_do_not_mix),
        IN_FOLDER(a_file_gets_the_mode_of_any_new_file),
        IN_FOLDER(the_file_behind_a_link_is_replaced_and_not_the_link),
        IN_FOLDER(a_fifo_is_written_to_directly),
        cmocka_unit_test(a_descriptor_stays_the_callers),
        IN_FOLDER(a_target_that_cannot_be_written_is_named_with_the_reason),
        cmocka_unit_test(a_descriptor_that_cannot_be_written_is_called_the_output),
        cmocka_unit_test(a_signal_does_not_cut_a_write_short),
        cmocka_unit_test(a_pipe_that_nobody_reads_any_more_is_an_error_and_no_signal),
        cmocka_unit_test(a_pipe_takes_what_it_has_room_for_and_the_rest_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
