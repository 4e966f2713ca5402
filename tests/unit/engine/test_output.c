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
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "oracle.h"

static char folder[256];
static char path[300];
static int has_no_nameless; /* the file system */
static int rename_error;    /* instead of renaming */

int __real_openat(int folder, const char *name, int flags, ...);
int __wrap_openat(int folder, const char *name, int flags, ...);
static int link_error; /* instead of linking */

int __real_linkat(int from, const char *name, int to, const char *new_name, int flags);
int __wrap_linkat(int from, const char *name, int to, const char *new_name, int flags);
int __real_renameat(int from, const char *name, int to, const char *new_name);
int __wrap_renameat(int from, const char *name, int to, const char *new_name);

int __wrap_openat(int at, const char *name, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = va_arg(arguments, mode_t);
    va_end(arguments);
    if (has_no_nameless && (flags & O_TMPFILE) == O_TMPFILE) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return __real_openat(at, name, flags, mode);
}

int __wrap_linkat(int from, const char *name, int to, const char *new_name, int flags)
{
    errno = link_error;
    return link_error ? -1 : __real_linkat(from, name, to, new_name, flags);
}

int __wrap_renameat(int from, const char *name, int to, const char *new_name)
{
    errno = rename_error;
    return rename_error ? -1 : __real_renameat(from, name, to, new_name);
}

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
    has_no_nameless = rename_error = link_error = 0;
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
    for (has_no_nameless = 0; has_no_nameless < 2; has_no_nameless++) {
        struct output output;
        assert_int_equal(output_open(&output, path, -1, NULL), 0);
        assert_int_equal(write_all(&output, "one\n", 4, NULL), 0);
        assert_int_equal(access(path, F_OK), -1);
        assert_int_equal(count_files(folder), *output.temporary != '\0');
        assert_true(has_no_nameless <= (*output.temporary != '\0'));
        assert_int_equal(write_all(&output, "", 0, NULL), 0);
        assert_int_equal(write_all(&output, "two\n", 4, NULL), 0);
        assert_int_equal(output_commit(&output, NULL), 0);
        assert_content(path, "one\ntwo\n");
        output_release(&output);
        assert_content(path, "one\ntwo\n");
        assert_int_equal(count_files(folder), 1);
        unlink(path);
    }
}

static void nobody_else_can_read_a_file_that_is_not_in_its_place(void **state)
{
    (void)state;
    struct output output;
    struct stat status;
    has_no_nameless = 1;
    assert_int_equal(output_open(&output, path, -1, NULL), 0);
    assert_int_equal(fstatat(output.target.folder, output.temporary, &status, 0), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    output_release(&output);
    has_no_nameless = 0;
    assert_int_equal(output_open(&output, path, -1, NULL), 0);
    assert_int_equal(fstat(output.fd, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    output_release(&output);
    assert_int_equal(count_files(folder), 0);
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
    assert_int_equal(chdir(before), 0); /* it stays that folder */
    assert_int_equal(output_commit(&output, NULL), 0);
    output_release(&output);
    assert_content(path, "");
}

static void two_outputs_of_one_name_do_not_mix(void **state)
{
    (void)state;
    struct output first, second;
    has_no_nameless = 1;
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

static void a_file_that_was_there_keeps_its_mode(void **state)
{
    (void)state;
    static const mode_t modes[] = {0600, 0640, 0666, 0755};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct output output;
        struct stat status;
        put(path, "old\n");
        assert_int_equal(chmod(path, modes[i]), 0);
        assert_int_equal(output_open(&output, path, -1, NULL), 0);
        assert_int_equal(output_commit(&output, NULL), 0);
        output_release(&output);
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_mode & 07777, modes[i]);
        assert_content(path, "");
    }
}

/* As of a mount point, or of a file of someone else's in a folder like /tmp. */
static void what_cannot_be_renamed_is_copied_into_the_file(void **state)
{
    (void)state;
    static const int errors[] = {EBUSY, EPERM, EACCES, EXDEV};
    for (size_t i = 0; i < 2 * sizeof errors / sizeof *errors; i++) {
        struct output output;
        struct stat before, after;
        has_no_nameless = (int)(i & 1);
        rename_error = errors[i / 2];
        put(path, i < 4 ? "old, and longer\n" : "o\n");
        assert_int_equal(stat(path, &before), 0);
        assert_int_equal(output_open(&output, path, -1, NULL), 0);
        assert_int_equal(write_all(&output, "new\n", 4, NULL), 0);
        assert_int_equal(output_commit(&output, NULL), 0);
        output_release(&output);
        assert_content(path, "new\n");
        assert_int_equal(stat(path, &after), 0);
        assert_int_equal(after.st_ino, before.st_ino);
        assert_int_equal(count_files(folder), 1);
    }
    struct output output;
    wm_error error;
    unlink(path);
    assert_int_equal(output_open(&output, path, -1, NULL), 0);
    has_no_nameless = 1;
    rename_error = EPERM;
    struct output named;
    assert_int_equal(output_open(&named, path, -1, NULL), 0);
    assert_int_equal(output_commit(&named, &error), WM_EWRITE); /* there is nothing to copy into */
    output_release(&named);
    output_release(&output);
    assert_int_equal(count_files(folder), 0);
}

static void a_file_that_can_get_no_name_is_copied_to_one_that_has(void **state)
{
    (void)state;
    for (int is_there = 0; is_there < 2; is_there++) {
        struct output output;
        struct stat status;
        if (is_there)
            assert_int_equal(chmod(path, 0640), 0);
        assert_int_equal(output_open(&output, path, -1, NULL), 0);
        assert_int_equal(write_all(&output, "new\n", 4, NULL), 0);
        link_error = EOPNOTSUPP;
        assert_int_equal(output_commit(&output, NULL), 0);
        output_release(&output);
        assert_content(path, "new\n");
        assert_int_equal(count_files(folder), 1);
        assert_int_equal(stat(path, &status), 0);
        assert_true(!is_there || (status.st_mode & 07777) == 0640);
    }
}

/* Whoever replaced it meanwhile has a file of his own. */
static void a_file_that_lost_its_name_is_not_copied_into(void **state)
{
    (void)state;
    struct output output;
    char other[400];
    snprintf(other, sizeof other, "%s/other", folder);
    put(path, "old\n");
    assert_int_equal(output_open(&output, path, -1, NULL), 0);
    assert_int_equal(write_all(&output, "new\n", 4, NULL), 0);
    put(other, "other\n");
    assert_int_equal(rename(other, path), 0);
    rename_error = EPERM;
    assert_int_equal(output_commit(&output, NULL), WM_EWRITE);
    output_release(&output);
    assert_content(path, "other\n");
    assert_int_equal(count_files(folder), 1);
}

static void a_link_to_nothing_makes_what_it_points_to(void **state)
{
    (void)state;
    struct output output;
    struct stat status;
    char link[400], target[400];
    snprintf(link, sizeof link, "%s/link", folder);
    snprintf(target, sizeof target, "%s/target", folder);
    assert_int_equal(symlink("target", link), 0);
    assert_int_equal(output_open(&output, link, -1, NULL), 0);
    assert_int_equal(access(target, F_OK), -1);
    assert_int_equal(write_all(&output, "new\n", 4, NULL), 0);
    output_release(&output);
    assert_int_equal(access(target, F_OK), -1);
    assert_int_equal(output_open(&output, link, -1, NULL), 0);
    assert_int_equal(write_all(&output, "new\n", 4, NULL), 0);
    assert_int_equal(output_commit(&output, NULL), 0);
    output_release(&output);
    assert_content(target, "new\n");
    assert_int_equal(lstat(link, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(count_files(folder), 2);
}

static void a_link_that_cannot_be_followed_is_not_replaced(void **state)
{
    (void)state;
    struct output output;
    wm_error error;
    struct stat status;
    assert_int_equal(symlink("words.tsv", path), 0); /* to itself */
    assert_int_equal(output_open(&output, path, -1, &error), WM_EWRITE);
    assert_non_null(strstr(error.message, "symbolic links"));
    assert_int_equal(lstat(path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

/* Through /dev/fd, through a link to that, and as a regular file that is written to already. */
static void a_descriptor_by_its_name_is_that_descriptor(void **state)
{
    (void)state;
    char names[3][400];
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    snprintf(names[0], sizeof names[0], "/dev/fd/%d", fd);
    snprintf(names[1], sizeof names[1], "/proc/self/fd/%d", fd);
    snprintf(names[2], sizeof names[2], "%s/link", folder);
    assert_int_equal(symlink(names[0], names[2]), 0);
    assert_int_equal(write(fd, "head ", 5), 5);
    for (int i = 0; i < 3; i++) {
        struct output output;
        assert_int_equal(output_open(&output, names[i], -1, NULL), 0);
        assert_int_equal(write_all(&output, "words ", 6, NULL), 0);
        assert_int_equal(output_commit(&output, NULL), 0);
        output_release(&output);
    }
    assert_int_equal(write(fd, "foot", 4), 4);
    assert_content(path, "head words words words foot");
    struct output output;
    fcntl(fd, F_SETFD, FD_CLOEXEC); /* nobody gave it to us */
    assert_int_equal(output_open(&output, names[0], -1, NULL), WM_EWRITE);
    close(fd);
    assert_int_equal(output_open(&output, names[0], -1, NULL), WM_EWRITE);
    assert_int_equal(count_files(folder), 2);
}

static void two_names_of_one_file_are_told(void **state)
{
    (void)state;
    char link[400], other[400];
    snprintf(link, sizeof link, "%s/link", folder);
    snprintf(other, sizeof other, "%s/./words.tsv", folder);
    assert_int_equal(symlink("words.tsv", link), 0);
    const char *const names[] = {path, link, other};
    for (int is_there = 0; is_there < 2; is_there++) {
        struct output outputs[3], different;
        if (is_there)
            put(path, "old\n");
        for (int i = 0; i < 3; i++)
            assert_int_equal(output_open(&outputs[i], names[i], -1, NULL), 0);
        assert_int_equal(output_open(&different, "/dev/null", -1, NULL), 0);
        for (int i = 0; i < 9; i++)
            assert_true(target_is_same(&outputs[i / 3].target, &outputs[i % 3].target));
        assert_false(target_is_same(&outputs[0].target, &different.target));
        output_release(&different);
        /* A descriptor of the file that is to be replaced: what goes there would be lost. */
        char name[32];
        int fd = open(path, O_WRONLY);
        snprintf(name, sizeof name, "/dev/fd/%d", fd);
        assert_int_equal(output_open(&different, is_there ? name : "/dev/null", -1, NULL), 0);
        assert_int_equal(target_is_same(&outputs[0].target, &different.target), is_there);
        assert_int_equal(target_is_same(&different.target, &outputs[1].target), is_there);
        close(fd);
        assert_false(target_is_same(&different.target, &different.target));
        for (int i = 0; i < 3; i++)
            output_release(&outputs[i]);
        output_release(&different);
    }
}

static void the_limit_of_file_sizes_is_an_error_and_no_signal(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        static const char data[10000];
        struct output output;
        wm_error error = {0};
        struct rlimit limit = {4096, 4096};
        signal(SIGXFSZ, SIG_DFL);
        setrlimit(RLIMIT_FSIZE, &limit);
        if (output_open(&output, path, -1, NULL) != 0)
            _exit(1);
        int rc = write_all(&output, data, sizeof data, &error);
        output_release(&output);
        _exit(rc == WM_EWRITE && strstr(error.message, "file too large") ? 0 : 2);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(count_files(folder), 0);
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
    assert_true(output.target.is_direct);
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
        IN_FOLDER(nobody_else_can_read_a_file_that_is_not_in_its_place),
        IN_FOLDER(an_older_file_stays_until_the_commit),
        IN_FOLDER(a_file_that_is_not_committed_leaves_no_trace),
        IN_FOLDER(a_name_without_a_folder_is_in_the_working_folder),
        IN_FOLDER(two_outputs_of_one_name_do_not_mix),
        IN_FOLDER(a_file_gets_the_mode_of_any_new_file),
        IN_FOLDER(a_file_that_was_there_keeps_its_mode),
        IN_FOLDER(what_cannot_be_renamed_is_copied_into_the_file),
        IN_FOLDER(a_file_that_can_get_no_name_is_copied_to_one_that_has),
        IN_FOLDER(a_file_that_lost_its_name_is_not_copied_into),
        IN_FOLDER(a_link_to_nothing_makes_what_it_points_to),
        IN_FOLDER(a_link_that_cannot_be_followed_is_not_replaced),
        IN_FOLDER(a_descriptor_by_its_name_is_that_descriptor),
        IN_FOLDER(two_names_of_one_file_are_told),
        IN_FOLDER(the_limit_of_file_sizes_is_an_error_and_no_signal),
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
