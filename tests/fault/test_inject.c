/*
 * Whatever the system refuses, and whenever: a job gives the right bytes or one clear error. It
 * never hangs, and holds no memory, descriptor, process or file afterwards. Every fault is tried in
 * every shape of job, at the n-th call and at all from the n-th on, in the coordinator and in the
 * workers; at every n if WORDMILL_LONG is set, else at some.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <wordmill.h>

#include "inject.h"
#include "oracle.h"
#include "random.h"

#define SECONDS_MAX 300 /* for one job; more is a hang */
#define LONG_LINE_SIZE 140000
#define SMALL_MEMORY (5 << 19) /* about as little as there may be */

/* What a fault may end a job with; 0 is always allowed. */
#define MAY(code) (1u << -(code))

enum { ONCE = 1, ALWAYS = 2, COORDINATOR = 4, WORKERS = 8, EVERYWHERE = COORDINATOR | WORKERS };

struct fault {
    const char *name;
    enum inject_call call;
    int how;
    unsigned when; /* ONCE, ALWAYS, COORDINATOR, WORKERS */
    unsigned codes;
};

static const struct fault faults[] = {
    {"memory_runs_out", INJECT_MEMORY, ENOMEM, ONCE | ALWAYS | EVERYWHERE, MAY(WM_ENOMEM)},
    {"mmap_gives_nothing", INJECT_MMAP, ENOMEM, ONCE | ALWAYS | EVERYWHERE,
     MAY(WM_ENOMEM) | MAY(WM_EFORK)},
    {"madvise_refuses", INJECT_MADVISE, EINVAL, ONCE | ALWAYS | EVERYWHERE, 0},
    {"fopen_fails", INJECT_FOPEN, EMFILE, ONCE | ALWAYS | COORDINATOR, 0},
    {"open_finds_no_descriptor", INJECT_OPEN, EMFILE, ONCE | ALWAYS | EVERYWHERE,
     MAY(WM_EOPEN) | MAY(WM_EWRITE)},
    {"open_has_no_memory", INJECT_OPEN, ENOMEM, ONCE | EVERYWHERE,
     MAY(WM_EOPEN) | MAY(WM_EWRITE) | MAY(WM_ENOMEM)},
    {"stat_fails", INJECT_STAT, EIO, ONCE | ALWAYS | EVERYWHERE,
     MAY(WM_EOPEN) | MAY(WM_EREAD) | MAY(WM_ECHANGED) | MAY(WM_EWRITE)},
    {"read_fails", INJECT_READ, EIO, ONCE | ALWAYS | COORDINATOR, MAY(WM_EREAD)},
    {"read_is_interrupted", INJECT_READ, EINTR, ONCE | COORDINATOR, 0},
    {"read_would_block", INJECT_READ, EAGAIN, ONCE | COORDINATOR, 0},
    {"read_is_short", INJECT_READ, INJECT_SHORT, ONCE | ALWAYS | COORDINATOR, 0},
    {"pread_fails", INJECT_PREAD, EIO, ONCE | ALWAYS | EVERYWHERE, MAY(WM_EREAD)},
    {"pread_is_interrupted", INJECT_PREAD, EINTR, ONCE | EVERYWHERE, 0},
    {"pread_is_short", INJECT_PREAD, INJECT_SHORT, ONCE | ALWAYS | EVERYWHERE, 0},
    {"pread_finds_the_end", INJECT_PREAD, INJECT_END, ONCE | ALWAYS | EVERYWHERE, MAY(WM_ECHANGED)},
    {"write_finds_the_disk_full", INJECT_WRITE, ENOSPC, ONCE | ALWAYS | COORDINATOR,
     MAY(WM_EWRITE)},
    {"write_finds_no_reader", INJECT_WRITE, EPIPE, ONCE | COORDINATOR, MAY(WM_EWRITE)},
    {"write_is_interrupted", INJECT_WRITE, EINTR, ONCE | COORDINATOR, 0},
    {"write_would_block", INJECT_WRITE, EAGAIN, ONCE | COORDINATOR, 0},
    {"write_is_short", INJECT_WRITE, INJECT_SHORT, ONCE | ALWAYS | COORDINATOR, 0},
    {"pwrite_finds_the_disk_full", INJECT_PWRITE, ENOSPC, ONCE | ALWAYS | EVERYWHERE,
     MAY(WM_EWRITE)},
    {"pwrite_is_interrupted", INJECT_PWRITE, EINTR, ONCE | EVERYWHERE, 0},
    {"pwrite_is_short", INJECT_PWRITE, INJECT_SHORT, ONCE | EVERYWHERE, 0},
    {"ftruncate_finds_the_disk_full", INJECT_FTRUNCATE, ENOSPC, ONCE | ALWAYS | COORDINATOR,
     MAY(WM_EWRITE)},
    {"close_fails", INJECT_CLOSE, EIO, ONCE | ALWAYS | EVERYWHERE, MAY(WM_EWRITE)},
    {"rename_is_denied", INJECT_RENAME, EACCES, ONCE | ALWAYS | COORDINATOR, MAY(WM_EWRITE)},
    {"fork_fails", INJECT_FORK, EAGAIN, ONCE | ALWAYS | COORDINATOR, 0},
    {"socketpair_finds_no_descriptor", INJECT_SOCKETPAIR, EMFILE, ONCE | ALWAYS | COORDINATOR, 0},
    {"pidfd_open_finds_no_descriptor", INJECT_PIDFD_OPEN, EMFILE, ONCE | ALWAYS | EVERYWHERE, 0},
    {"wait_is_interrupted", INJECT_WAIT, EINTR, ONCE | COORDINATOR, 0},
    {"poll_is_interrupted", INJECT_POLL, EINTR, ONCE | EVERYWHERE, 0},
    {"poll_has_no_memory", INJECT_POLL, ENOMEM, ONCE | ALWAYS | EVERYWHERE, MAY(WM_EWORKER)},
    {"send_is_interrupted", INJECT_SEND, EINTR, ONCE | EVERYWHERE, 0},
    {"send_would_block", INJECT_SEND, EAGAIN, ONCE | COORDINATOR, 0},
    {"send_is_short", INJECT_SEND, INJECT_SHORT, ONCE | ALWAYS | EVERYWHERE, 0},
    {"send_has_no_memory", INJECT_SEND, ENOBUFS, ONCE | ALWAYS | EVERYWHERE, MAY(WM_EWORKER)},
    {"send_finds_no_reader", INJECT_SEND, EPIPE, ONCE | EVERYWHERE, 0},
    {"recv_is_interrupted", INJECT_RECV, EINTR, ONCE | EVERYWHERE, 0},
    {"recv_is_short", INJECT_RECV, INJECT_SHORT, ONCE | ALWAYS | EVERYWHERE, 0},
    {"recv_finds_the_end", INJECT_RECV, INJECT_END, ONCE | ALWAYS | EVERYWHERE, MAY(WM_EWORKER)},
    {"recv_fails", INJECT_RECV, ECONNRESET, ONCE | EVERYWHERE, 0},
    {"getrandom_would_block", INJECT_GETRANDOM, EAGAIN, ONCE | COORDINATOR, 0},
    {"getrandom_is_short", INJECT_GETRANDOM, INJECT_SHORT, ONCE | COORDINATOR, 0},
    {"no_loop_can_be_made", INJECT_UV_LOOP_INIT, EMFILE, ONCE | COORDINATOR, MAY(WM_EFORK)},
    {"no_loop_can_be_woken", INJECT_UV_ASYNC_INIT, EMFILE, ONCE | COORDINATOR, MAY(WM_EFORK)},
    {"nothing_more_can_be_waited_for", INJECT_UV_POLL_INIT, ENOSPC, ONCE | ALWAYS | COORDINATOR,
     MAY(WM_EFORK)},
};

enum { N_FAULTS = sizeof faults / sizeof *faults };

enum input {
    GOOD,
    BAD,
    LONG,
    COUNTS, /* the result of GOOD */
    V3,     /* the numbers of GOOD */
    TEXT,   /* the words of GOOD */
    DATED,  /* of years that have totals */
    N_INPUTS
};

static struct {
    char folder[256], output[300], link[300], rejects[300], totals[300];
    char paths[N_INPUTS][300];
    struct bytes inputs[N_INPUTS];
    struct bytes ones; /* the words of TEXT as lines of v2 */
} files;

/* What is at the end of a link beforehand, and still if the job fails. */
static char old_text[] = "old";
static const struct bytes old_output = {old_text, sizeof old_text - 1, 0};

static const char *const words[] = {"word1", "nothing", "word30"};
enum { N_WORDS = sizeof words / sizeof *words };

/* Shapes of jobs: each option goes through code that no other does. */
struct shape {
    const char *name;
    int pipe; /* the input comes from one */
    int workers;
    uint64_t partition_size, partition_lines;
    unsigned fan_in;
    uint64_t top;
    uint64_t memory; /* 0: more than enough */
    int words;
    enum input input;
    int sorted;
    int filters; /* all there are, which let all words through as they are */
    int columns; /* ranks and totals */
    int table;   /* what is written is a table file */
    enum { TO_FILE, TO_LINK, TO_PIPE, TO_RESULT } to;
};

static const struct shape shapes[] = {
    {.name = "file", .workers = 2, .partition_size = 1000},
    {.name = "file, no fork", .partition_size = 1000},
    {.name = "pipe", .pipe = 1, .workers = 2, .partition_size = 1000, .to = TO_RESULT},
    {.name = "pipe, no fork", .pipe = 1, .partition_size = 1000},
    {.name = "lines", .workers = 2, .partition_lines = 70, .words = 1, .to = TO_PIPE},
    {.name = "lines, no fork", .partition_lines = 70, .words = 1, .to = TO_RESULT},
    {.name = "rounds", .workers = 2, .partition_size = 500, .fan_in = 2, .top = 7},
    {.name = "spill", .workers = 2, .partition_size = 40, .memory = SMALL_MEMORY},
    {.name = "spill, no fork", .partition_size = 40, .fan_in = 20, .memory = SMALL_MEMORY},
    {.name = "rejects", .workers = 2, .partition_size = 1000, .input = BAD, .to = TO_LINK},
    {.name = "rejects, no fork", .pipe = 1, .input = BAD, .to = TO_LINK},
    {.name = "long line", .workers = 1, .input = LONG},
    {.name = "long line, no fork", .pipe = 1, .partition_size = 1000, .input = LONG},
    {.name = "sum", .workers = 2, .partition_size = 200, .input = COUNTS},
    {.name = "sorted", .sorted = 1, .input = COUNTS},
    {.name = "v3", .workers = 2, .partition_size = 1000, .filters = 1, .input = V3},
    {.name = "text", .pipe = 1, .workers = 2, .partition_size = 300, .input = TEXT, .to = TO_PIPE},
    {.name = "columns",
     .workers = 2,
     .partition_size = 500,
     .columns = 1,
     .top = 7,
     .input = DATED},
    {.name = "table", .workers = 2, .partition_size = 500, .input = COUNTS, .table = 1},
    {.name = "sorted pipe", .pipe = 1, .sorted = 1, .words = 1, .input = COUNTS, .to = TO_PIPE},
};

enum { N_SHAPES = sizeof shapes / sizeof *shapes };

/* What is being tried, for whoever finds the process dead; in shared memory. */
static struct {
    char what[256];
    uint64_t n_calls; /* of the fault's function, in clean runs of all shapes */
    uint64_t n_runs;  /* with a fault */
} * now;

static int is_long;

static size_t n_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    size_t n = 0;
    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
}

/* What one run of a job left behind. */
struct outcome {
    int code;
    wm_error error;
    wm_stats stats;
    struct bytes output, rejects;
    size_t n_files; /* beside the inputs */
    long n_held;
    long n_descriptors; /* more than before */
    int has_child;
};

static void outcome_release(struct outcome *outcome)
{
    bytes_release(&outcome->output);
    bytes_release(&outcome->rejects);
}

/* Standard input becomes a pipe with all of the input in it. */
static void stdin_fill(const struct bytes *input)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0 || fcntl(fds[1], F_SETPIPE_SZ, 2 * LONG_LINE_SIZE) < 0 ||
        write(fds[1], input->data, input->size) != (ssize_t)input->size ||
        dup2(fds[0], STDIN_FILENO) < 0)
        abort();
    close(fds[0]);
    close(fds[1]);
}

/* Runs the job, with what is armed, and gives the code it ends with. */
static int run_job(const struct shape *shape, int output_fd, struct outcome *outcome)
{
    const char *path = shape->pipe ? "-" : files.paths[shape->input];
    wm_result *result = NULL;
    wm_options o;
    wm_options_init(&o);
    o.workers = shape->workers;
    o.partition_size = shape->partition_size;
    o.partition_lines = shape->partition_lines;
    o.fan_in = shape->fan_in;
    o.memory = shape->memory ? shape->memory : 16 << 20;
    o.top = shape->top;
    o.format = shape->input == COUNTS ? WM_FORMAT_COUNTS : WM_FORMAT_AUTO;
    o.sorted = shape->sorted;
    o.words = shape->words ? words : NULL;
    o.n_words = shape->words ? N_WORDS : 0;
    if (shape->input == BAD) {
        o.on_bad_line = WM_SKIP;
        o.rejects = files.rejects;
    }
    if (shape->filters) {
        o.match = "word";
        o.pos = "untagged";
        o.strip_pos = 1;
        o.fold_case = WM_FOLD_DOMINANT;
        o.min_count = 1;
    }
    o.rank = shape->columns;
    o.totals = shape->columns ? files.totals : NULL;
    o.output_format = shape->table ? WM_OUTPUT_TABLE : WM_OUTPUT_TSV;
    if (shape->to == TO_FILE)
        o.output = files.output;
    else if (shape->to == TO_LINK)
        o.output = files.link;
    else if (shape->to == TO_PIPE)
        o.output_fd = output_fd;
    int rc = wm_run(&o, &path, 1, &result, &outcome->error);
    if (rc < 0)
        return result ? 1 : rc; /* out-parameters are left alone */
    outcome->stats = *wm_result_stats(result);
    if (shape->to == TO_RESULT)
        rc = wm_result_write(result, WM_OUTPUT_TSV, output_fd, &outcome->error);
    wm_result_free(result);
    return rc;
}

static void run(const struct shape *shape, const struct injection *injection,
                struct outcome *outcome, uint64_t *n_calls)
{
    *outcome = (struct outcome){.code = 0};
    unlink(files.output);
    unlink(files.rejects);
    unlink(files.link);
    if (shape->to == TO_LINK &&
        (bytes_save(&old_output, files.output) < 0 || symlink("output", files.link) < 0))
        abort();
    size_t n_files = count_files(files.folder);
    if (shape->pipe)
        stdin_fill(&files.inputs[shape->input]);
    int output_fd = shape->to == TO_RESULT ? memfd_create("output", MFD_CLOEXEC) : -1;
    int fds[2] = {-1, -1};
    if (shape->to == TO_PIPE) {
        if (pipe2(fds, O_CLOEXEC) < 0)
            abort();
        output_fd = fds[1];
    }
    size_t descriptors = n_descriptors();
    long n_held = inject_n_held();

    alarm(SECONDS_MAX);
    inject_start(injection);
    outcome->code = run_job(shape, output_fd, outcome);
    *n_calls = inject_stop();
    alarm(0);

    outcome->n_held = inject_n_held() - n_held;
    outcome->n_descriptors = (long)n_descriptors() - (long)descriptors;
    outcome->has_child = waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD;
    outcome->n_files = count_files(files.folder) - n_files;
    bytes_load(&outcome->rejects, files.rejects);
    if (shape->to == TO_FILE || shape->to == TO_LINK)
        bytes_load(&outcome->output, files.output);
    if (shape->to == TO_RESULT)
        lseek(output_fd, 0, SEEK_SET);
    if (shape->to == TO_PIPE) {
        close(output_fd);
        output_fd = fds[0];
    }
    if (output_fd >= 0) {
        bytes_read(&outcome->output, output_fd);
        close(output_fd);
    }
}

/* NULL, or what is wrong about the outcome of a run with a fault. */
static const char *judge(const struct shape *shape, const struct fault *fault,
                         const struct outcome *clean, const struct outcome *outcome)
{
    int code = outcome->code;
    size_t n_wanted = (size_t)(shape->to == TO_FILE) + (shape->input == BAD);
    if (outcome->n_held != 0)
        return "memory is left";
    if (outcome->n_descriptors != 0)
        return "a descriptor is left, or gone";
    if (outcome->has_child)
        return "a process is left";
    if (code > 0)
        return "a result in spite of an error";
    if (code < 0) {
        /* A total-count file is read as a whole, and is no stream. */
        int is_totals = shape->columns && fault->call == INJECT_READ && fault->how == EAGAIN &&
                        code == WM_EREAD;
        if (-code > 31 || !(is_totals || fault->codes & (1u << -code)))
            return "this fault must not end the job so";
        if (outcome->error.code != code || outcome->error.message[0] == '\0' ||
            strchr(outcome->error.message, '\n'))
            return "the error is not clear";
        if (shape->to == TO_LINK && !bytes_equal(&outcome->output, &old_output))
            return "the output was touched";
        /* Two files cannot be renamed at once: the rejects may be in place when that fails. */
        int renames = fault->call == INJECT_RENAME || fault->call == INJECT_CLOSE ||
                      fault->call == INJECT_STAT;
        int has_rejects =
            renames && outcome->rejects.size > 0 && bytes_equal(&outcome->rejects, &clean->rejects);
        return outcome->n_files == (size_t)has_rejects ? NULL : "a file is left";
    }
    if (!bytes_equal(&outcome->output, &clean->output))
        return "the output is wrong";
    if (!bytes_equal(&outcome->rejects, &clean->rejects))
        return "the rejects are wrong";
    if (outcome->n_files != n_wanted)
        return "more files than wanted";
    if (outcome->stats.lines != clean->stats.lines || outcome->stats.bytes != clean->stats.bytes ||
        outcome->stats.words != clean->stats.words ||
        outcome->stats.rejected != clean->stats.rejected)
        return "the figures are wrong";
    return NULL;
}

static int try_at(const struct shape *shape, const struct fault *fault, const struct outcome *clean,
                  struct injection injection)
{
    struct outcome outcome;
    uint64_t n_calls;
    snprintf(now->what, sizeof now->what, "%s, %s %llu in %s, '%s'", fault->name,
             injection.always ? "all from call" : "at call", (unsigned long long)injection.n,
             injection.in_worker ? "workers" : "the coordinator", shape->name);
    run(shape, &injection, &outcome, &n_calls);
    now->n_runs++;
    const char *wrong = judge(shape, fault, clean, &outcome);
    if (wrong)
        fprintf(stderr, "%s: %s (code %d, '%s')\n", now->what, wrong, outcome.code,
                outcome.error.message);
    outcome_release(&outcome);
    return wrong != NULL;
}

/* At how many of the calls a fault is tried. */
static uint64_t n_tries(const struct fault *fault, int always)
{
    /* Workers that die whenever they are replaced end the job only after seconds. */
    if (always && fault->codes == MAY(WM_EWORKER))
        return is_long ? 4 : 0;
    if (is_long)
        return UINT64_MAX;
    return fault->call == INJECT_MEMORY ? 64 : 3;
}

/* Tries the fault in one shape of job; the number of those that went wrong. */
static int try_shape(const struct shape *shape, const struct fault *fault)
{
    int n_wrong = 0;
    for (int in_worker = 0; in_worker < 2; in_worker++) {
        if (!(fault->when & (in_worker ? WORKERS : COORDINATOR)) ||
            (in_worker && shape->workers == 0))
            continue;
        struct injection injection = {fault->call, fault->how, 0, 0, in_worker};
        struct outcome clean;
        uint64_t n_calls;
        snprintf(now->what, sizeof now->what, "a clean run, '%s'", shape->name);
        run(shape, &injection, &clean, &n_calls); /* libuv keeps something from its first loop */
        outcome_release(&clean);
        run(shape, &injection, &clean, &n_calls);
        now->n_calls += n_calls;
        for (int always = 0; always < 2; always++) {
            injection.always = always;
            uint64_t n = n_tries(fault, always);
            if (!(fault->when & (always ? ALWAYS : ONCE)))
                continue;
            if (n > n_calls)
                n = n_calls;
            for (uint64_t i = 0; i < n; i++) {
                injection.n = n > 1 ? 1 + i * (n_calls - 1) / (n - 1) : 1;
                n_wrong += try_at(shape, fault, &clean, injection);
            }
        }
        outcome_release(&clean);
    }
    return n_wrong;
}

/* In a process of its own, so that it may die. */
static void a_job_survives(void **state)
{
    const struct fault *fault = *state;
    int n_wrong = 0;
    now->n_calls = 0;
    for (int i = 0; i < N_SHAPES; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            for (int number = 1; number < NSIG; number++)
                signal(number, SIG_DFL); /* cmocka would go on with its tests here */
            _exit(try_shape(&shapes[i], fault) > 0);
        }
        int status;
        waitpid(pid, &status, 0);
        if (WIFSIGNALED(status))
            fprintf(stderr, "%s: killed by signal %d%s\n", now->what, WTERMSIG(status),
                    WTERMSIG(status) == SIGALRM ? ": it hung" : "");
        else if (WEXITSTATUS(status) > 1)
            fprintf(stderr, "%s: exit %d\n", now->what, WEXITSTATUS(status));
        n_wrong += status != 0;
    }
    assert_int_equal(n_wrong, 0);
    assert_true(now->n_calls > 0);
}

static int add_line(const char *word, size_t size, uint64_t count, void *user)
{
    bytes_add(user, word, size);
    bytes_print(user, "\t%llu\n", (unsigned long long)count);
    return 0;
}

/* The words and counts of an output of any shape. */
static void read_output(const struct shape *shape, const struct bytes *output, struct bytes *lines)
{
    if (shape->table) {
        wm_table *table;
        assert_int_equal(wm_table_open(files.output, &table, NULL), 0);
        assert_int_equal(wm_table_each(table, "", 0, add_line, lines, NULL), 0);
        wm_table_close(table);
        return;
    }
    unsigned n_tabs = 0;
    for (size_t i = 0; i < output->size; i++) {
        n_tabs = output->data[i] == '\n' ? 0 : n_tabs + (output->data[i] == '\t');
        if (n_tabs < 2)
            bytes_add(lines, &output->data[i], 1);
    }
}

static const struct bytes *oracle_input(enum input input)
{
    return input == TEXT                    ? &files.ones
           : input == COUNTS || input == V3 ? &files.inputs[GOOD]
                                            : &files.inputs[input];
}

/* What faults are measured against is right. */
static void a_clean_run_equals_the_oracle(void **state)
{
    (void)state;
    for (int i = 0; i < N_SHAPES; i++) {
        const struct shape *shape = &shapes[i];
        const struct injection nothing = {.call = INJECT_NOTHING};
        const struct oracle_filter filter = {.words = words,
                                             .n_words = shape->words ? N_WORDS : 0,
                                             .top = shape->top,
                                             .by_count = shape->top > 0};
        struct outcome outcome;
        struct oracle oracle;
        struct bytes expected = {0}, lines = {0};
        uint64_t n_calls;
        run(shape, &nothing, &outcome, &n_calls);
        oracle_count(&oracle, oracle_input(shape->input), 1, &filter);
        oracle_write(&oracle, &expected);
        assert_int_equal(outcome.code, 0);
        read_output(shape, &outcome.output, &lines);
        assert_true(bytes_equal(&lines, &expected));
        assert_int_equal(outcome.stats.rejected, oracle.n_bad);
        assert_int_equal(outcome.stats.spilled_runs > 0, shape->memory > 0);
        assert_int_equal(outcome.rejects.size > 0, oracle.n_bad > 0);
        oracle_release(&oracle);
        bytes_release(&expected);
        bytes_release(&lines);
        outcome_release(&outcome);
    }
}

/* GOOD in other formats. */
static void make_others(void)
{
    const struct bytes *good = &files.inputs[GOOD];
    for (const char *line = good->data, *end = line + good->size; line < end;) {
        const char *field[5] = {line};
        for (int i = 1; i < 5; i++)
            field[i] = field[i - 1] + strcspn(field[i - 1], "\t\n") + 1;
        int sizes[4];
        for (int i = 0; i < 4; i++)
            sizes[i] = (int)(field[i + 1] - 1 - field[i]);
        bytes_print(&files.inputs[V3], "%.*s\t%.*s,%.*s,%.*s\n", sizes[0], field[0], sizes[1],
                    field[1], sizes[2], field[2], sizes[3], field[3]);
        /* Digits are no letters. */
        unsigned number = (unsigned)atoi(field[0] + strlen("word"));
        char text[3] = {(char)('a' + number / 10), (char)('a' + number % 10)};
        bytes_print(&files.inputs[TEXT], "%s%s", text, sizes[2] % 3 ? ", " : "\n");
        bytes_print(&files.ones, "%s\t1\t1\t1\n", text);
        line = (const char *)memchr(line, '\n', (size_t)(end - line)) + 1;
    }
}

static int make_files(void **state)
{
    (void)state;
    static const char *const names[] = {"good", "bad", "long", "counts", "v3", "text", "dated"};
    struct bytes totals = {0};
    struct oracle oracle;
    uint64_t random = 1;
    char word[32];
    is_long = getenv("WORDMILL_LONG") != NULL;
    now = mmap(NULL, sizeof *now, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (now == MAP_FAILED)
        return -1;
    make_folder(files.folder, sizeof files.folder);
    snprintf(files.output, sizeof files.output, "%s/output", files.folder);
    snprintf(files.link, sizeof files.link, "%s/link", files.folder);
    snprintf(files.rejects, sizeof files.rejects, "%s/rejects", files.folder);
    snprintf(files.totals, sizeof files.totals, "%s/totals", files.folder);
    for (int i = 0; i < N_INPUTS; i++) {
        struct bytes *input = &files.inputs[i];
        if (i == COUNTS) {
            make_others();
            oracle_count(&oracle, &files.inputs[GOOD], 1, &(struct oracle_filter){0});
            oracle_write(&oracle, input);
            oracle_release(&oracle);
        }
        for (int line = 0; i < COUNTS && line < 180; line++) {
            int size = snprintf(word, sizeof word, "word%zu", random_below(&random, 40));
            sample_add_line(input, &random, word, (size_t)size, 0);
            if (i == BAD && line % 9 == 0)
                bytes_print(input, "bad\t1999\tx%d\t1\n", line);
        }
        for (int line = 0; i == DATED && line < 180; line++)
            bytes_print(input, "word%zu\t%d\t%d\t1\n", random_below(&random, 40), 1000 + line * 6,
                        line);
        for (int byte = 0; i == LONG && byte < LONG_LINE_SIZE; byte += 100)
            bytes_print(input, "%s%0100d", byte == 0 ? "long\t1999\t7\t" : "", 0);
        bytes_print(input, "%s", i == LONG ? "\n" : "");
        snprintf(files.paths[i], sizeof files.paths[i], "%s/%s", files.folder, names[i]);
        if (bytes_save(input, files.paths[i]) < 0)
            return -1;
    }
    bytes_print(&totals, " ");
    for (int year = 1000; year < 2100; year++)
        bytes_print(&totals, "\t%d,1000000,1000,10", year);
    bytes_print(&totals, "\t");
    int rc = bytes_save(&totals, files.totals);
    bytes_release(&totals);
    return rc;
}

static int remove_files(void **state)
{
    (void)state;
    print_message("%llu runs with a fault\n", (unsigned long long)now->n_runs);
    for (int i = 0; i < N_INPUTS; i++)
        bytes_release(&files.inputs[i]);
    bytes_release(&files.ones);
    remove_folder(files.folder);
    return 0;
}

/* An argument is the name of the only fault to try. */
int main(int argc, char **argv)
{
    struct CMUnitTest tests[1 + N_FAULTS] = {cmocka_unit_test(a_clean_run_equals_the_oracle)};
    for (int i = 0; i < N_FAULTS; i++)
        tests[1 + i] = (struct CMUnitTest){faults[i].name, a_job_survives, NULL, NULL,
                                           (void *)(size_t)&faults[i]};
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
