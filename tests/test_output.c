/*
 * An output file exists whole or not at all: until the commit its name shows what was there before,
 * and a job that fails leaves no trace. What is no regular file is written to directly.
 */
#include "output.h"

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
    assert_int_equal(output_write(&output, "one\n", 4, NULL), 0);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(count_files(folder), 1);
    assert_memory_equal(output.temporary, folder, strlen(folder)); /* beside its target */
    assert_int_equal(output_write(&output, "", 0, NULL), 0);
    assert_int_equal(output_write(&output, "two\n", 4, NULL), 0);
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
    assert_int_equal(output_write(&output, "new\n", 4, NULL), 0);
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
    assert_int_equal(output_write(&output, "new\n", 4, NULL), 0);
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
    assert_int_equal(output_write(&first, "first", 5, NULL), 0);
    assert_int_equal(output_write(&second, "second", 6, NULL), 0);
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
    assert_int_equal(output_write(&output, "new\n", 4, NULL), 0);
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
    assert_int_equal(output_write(&output, "words", 5, NULL), 0);
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
    assert_int_equal(output_write(&output, "words", 5, NULL), 0);
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
        rc = output_write(&output, data, sizeof data, &error);
    if (rc == 0)
        rc = output_commit(&output, &error);
    output_release(&output);
    assert_int_equal(rc, WM_EWRITE);
    assert_int_equal(error.code, WM_EWRITE);
    assert_string_equal(error.message, message);
    assert_int_equal(output_open(&output, target, -1, NULL) < 0 ||
                         output_write(&output, data, sizeof data, NULL) < 0 ||
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
    assert_int_equal(output_write(&output, "x", 1, &error), WM_EWRITE);
    assert_string_equal(error.message, "cannot write the output: no space left on device");
    output_release(&output);
    assert_int_equal(close(fd), 0);
}

static atomic_int canceled;
static int n_alarms;

/* Only the third one cancels: by then the pipe is full, and the write waits. */
static void on_alarm(int number)
{
    (void)number;
    if (++n_alarms == 3)
        atomic_store(&canceled, 1);
}

/* Writes more than a pipe takes while a timer's signals arrive. */
static int write_interrupted(int cancel, wm_error *error)
{
    static const char data[1 << 20];
    struct output output;
    struct sigaction action = {.sa_handler = on_alarm}, before;
    struct itimerval timer = {{0, 2000}, {0, 2000}}, off = {{0, 0}, {0, 0}};
    int fds[2];
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    pid_t reader = fork();
    if (reader == 0) {
        char buffer[1000];
        close(fds[1]);
        if (cancel)
            pause();
        while (read(fds[0], buffer, sizeof buffer) > 0)
            continue;
        _exit(0);
    }
    close(fds[0]);
    assert_int_equal(output_open(&output, NULL, fds[1], error), 0);
    output.canceled = cancel ? &canceled : NULL;
    n_alarms = 0;
    sigaction(SIGALRM, &action, &before);
    setitimer(ITIMER_REAL, &timer, NULL);
    int rc = output_write(&output, data, sizeof data, error);
    setitimer(ITIMER_REAL, &off, NULL);
    sigaction(SIGALRM, &before, NULL);
    output_release(&output);
    close(fds[1]);
    if (cancel)
        kill(reader, SIGKILL);
    waitpid(reader, NULL, 0);
    return rc;
}

static void a_signal_interrupts_a_write_only_of_a_canceled_job(void **state)
{
    (void)state;
    wm_error error = {0};
    assert_int_equal(write_interrupted(0, &error), 0);
    assert_int_equal(write_interrupted(1, &error), WM_ECANCELED);
    assert_int_equal(error.code, WM_ECANCELED);
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
        cmocka_unit_test(a_signal_interrupts_a_write_only_of_a_canceled_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
