/*
 * What a map may know of the record it has, what its worker has for itself, and records that are no
 * lines: none is lost or seen twice, however the inputs are cut, packed or piped. The oracle splits
 * the whole input at once, and never from the midst of it.
 */
#include "jobs.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "pack.h"
#include "random.h"

/* How an input comes. */
enum way { WAY_FILE, WAY_MEMORY, WAY_PIPE, WAY_GZIP, WAY_ZSTD, N_WAYS };

static char path[300];

static int set_up(void **state)
{
    int rc = make_files(state);
    snprintf(path, sizeof path, "%s/records", files.folder);
    return rc;
}

/* Runs a job over the data, which comes in that way. */
static int run(const wm_options *o, enum way way, const struct bytes *data, wm_result **result,
               wm_error *error)
{
    struct bytes packed = {0};
    wm_input input = {.kind = WM_INPUT_PATH, .path = path};
    uint64_t random = data->size;
    pid_t writer = -1;
    if (way == WAY_MEMORY)
        input = (wm_input){.kind = WM_INPUT_DATA, .data = data->data, .size = data->size};
    else if (way >= WAY_GZIP)
        pack_members(&packed, way == WAY_GZIP ? PACKING_GZIP : PACKING_ZSTD, data,
                     1 + data->size / 3, &random);
    if (way == WAY_PIPE) {
        assert_int_equal(mkfifo(path, 0600), 0);
        writer = fork();
        if (writer == 0) {
            alarm(600);
            _exit(bytes_save(data, path) == 0 ? 0 : 1);
        }
    } else if (way != WAY_MEMORY) {
        assert_int_equal(bytes_save(way == WAY_FILE ? data : &packed, path), 0);
    }
    int rc = wm_run_inputs(o, &input, 1, result, error);
    if (writer > 0)
        waitpid(writer, NULL, 0);
    unlink(path);
    bytes_release(&packed);
    return rc;
}

static void assert_counts(const wm_options *o, enum way way, const struct bytes *data,
                          const struct bytes *expected)
{
    wm_result *result;
    wm_error error;
    if (run(o, way, data, &result, &error) != 0)
        fail_msg("way %d, %d workers, partitions of %llu: %s", way, o->workers,
                 (unsigned long long)o->partition_size, error.message);
    if (!is_result(result, expected))
        fail_msg("way %d, %d workers, partitions of %llu", way, o->workers,
                 (unsigned long long)o->partition_size);
    wm_result_free(result);
}

/* Emits a number of a record and its bytes. */
static int emit_with(wm_mapper *mapper, uint64_t number, const char *record, size_t size)
{
    char key[400];
    size_t most = size < 300 ? size : 300;
    int n = snprintf(key, sizeof key, "%08llu %zu ", (unsigned long long)number, size);
    memcpy(key + n, record, most);
    return wm_emit(mapper, key, (size_t)n + most, 1);
}

static int emit_number(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    (void)user;
    return emit_with(mapper, wm_mapper_line(mapper), record, size);
}

/* The same, as the oracle has it. */
static void expect(struct bytes *expected, uint64_t number, const char *record, size_t size)
{
    bytes_print(expected, "%08llu %zu ", (unsigned long long)number, size);
    bytes_add(expected, record, size < 300 ? size : 300);
    bytes_print(expected, "\t1\n");
}

/* Lines */

static void make_lines(struct bytes *data, struct bytes *expected, uint64_t n, uint64_t n_header,
                       uint64_t *random)
{
    char line[200];
    data->size = expected->size = 0;
    for (uint64_t i = 1; i <= n; i++) {
        size_t size = random_below(random, random_below(random, 9) ? 12 : sizeof line);
        size += i == n && size == 0; /* an empty one at the end would be none */
        random_fill(random, line, size, "ab c", 4);
        bytes_add(data, line, size);
        if (i < n || random_below(random, 2))
            bytes_add(data, "\n", 1);
        if (i > n_header)
            expect(expected, i, line, size);
    }
}

static void a_line_has_the_number_that_editors_give_it(void **state)
{
    (void)state;
    struct bytes data = {0}, expected = {0};
    uint64_t random = 1;
    for (int i = 0; i < 60; i++) {
        wm_options o = job_options(i % 3, 1 + random_below(&random, i % 2 ? 40 : 3000));
        o.map = emit_number;
        o.header = random_below(&random, 3) * random_below(&random, 30);
        if (i % 5 == 0) {
            o.partition_lines = 1 + random_below(&random, 50);
            o.partition_size = 0;
        }
        make_lines(&data, &expected, 40 + random_below(&random, 200), o.header, &random);
        /* Packed members that are unpacked side by side have no numbers. */
        enum way way = (enum way)(i / 3 % N_WAYS);
        if (way >= WAY_GZIP && o.partition_size > 0)
            o.partition_size = UINT64_MAX;
        assert_counts(&o, way, &data, &expected);
    }
    bytes_release(&data);
    bytes_release(&expected);
    assert_int_equal(wm_mapper_line(NULL), 0);
    assert_null(wm_mapper_state(NULL));
}

/* How many of the lines expected the result has. */
static size_t count_expected(const wm_result *result, const struct bytes *expected)
{
    size_t n = 0;
    const char *at = expected->data, *end = at + expected->size, *tab;
    for (; at < end; at = tab + strlen("\t1\n")) {
        uint64_t count;
        tab = memchr(at, '\t', (size_t)(end - at));
        n += wm_result_get(result, at, (size_t)(tab - at), &count) == 1 && count == 1;
    }
    return n;
}

/* The numbers are those of the input, whichever share of it a job has. */
static void a_line_of_a_shard_has_its_number_in_the_input(void **state)
{
    (void)state;
    struct bytes data = {0}, expected = {0};
    uint64_t random = 2;
    make_lines(&data, &expected, 300, 0, &random);
    for (unsigned n_shards = 1; n_shards < 6; n_shards++) {
        size_t n_found = 0;
        for (unsigned shard = 1; shard <= n_shards; shard++) {
            wm_options o = job_options((int)shard % 3, 70);
            wm_result *result;
            o.map = emit_number;
            o.shard = shard;
            o.n_shards = n_shards;
            assert_int_equal(run(&o, WAY_FILE, &data, &result, NULL), 0);
            n_found += wm_result_size(result);
            assert_int_equal(wm_result_size(result), count_expected(result, &expected));
            wm_result_free(result);
        }
        assert_int_equal(n_found, 300);
    }
    bytes_release(&data);
    bytes_release(&expected);
}

/* Numbers are counted in the file, which is not there any more, or is another. */
enum { FILE_REMOVED, FILE_REPLACED, FILE_CUT, N_CHANGES };

static int change_then_number(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    const int *change = user;
    if (wm_mapper_partition(mapper) != 3)
        return wm_emit(mapper, record, size, 1);
    if (*change == FILE_CUT && truncate(path, 1) < 0)
        return 1;
    if (*change != FILE_CUT)
        unlink(path);
    if (*change == FILE_REPLACED && close(open(path, O_WRONLY | O_CREAT, 0600)) < 0)
        return 1;
    wm_mapper_line(mapper); /* the function does not look */
    return 0;
}

static void a_line_that_cannot_be_numbered_any_more_ends_the_job(void **state)
{
    (void)state;
    static const int codes[] = {
        [FILE_REMOVED] = WM_EOPEN, [FILE_REPLACED] = WM_ECHANGED, [FILE_CUT] = WM_ECHANGED};
    struct bytes data = {0};
    for (int i = 0; i < 1000; i++)
        bytes_print(&data, "line %d\n", i);
    for (int i = 0; i < 3 * N_CHANGES; i++) {
        int change = i / 3;
        wm_options o = job_options(i % 3, data.size / 4 + 1);
        wm_result *result = UNTOUCHED;
        wm_error error;
        o.map = change_then_number;
        o.map_user = &change;
        o.on_bad_line = WM_SKIP;
        assert_int_equal(run(&o, WAY_FILE, &data, &result, &error), codes[change]);
        assert_non_null(strstr(error.message, path));
        assert_int_equal(error.input, 1);
        assert_int_equal(error.system, change == FILE_REMOVED ? ENOENT : 0);
        assert_true(result == UNTOUCHED);
    }
    bytes_release(&data);
}

static int emit_if_known(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    uint64_t line = wm_mapper_line(mapper), expected = (uint64_t)atol(record);
    (void)user;
    (void)size;
    return wm_emit(mapper,
                   line == expected ? "right"
                   : line           ? "wrong"
                                    : "unknown",
                   line == expected ? 5
                   : line           ? 5
                                    : 7,
                   1);
}

/* What a worker has for itself */

static struct notes {
    atomic_uint n_new, n_free, n_wrong;
} * notes;

struct own {
    unsigned worker;
    uint64_t lines;
};

static int own_new(void **state, unsigned worker, void *user)
{
    struct own *own = calloc(1, sizeof *own);
    if (*state || user != notes || !own)
        return 7;
    own->worker = worker;
    *state = own;
    atomic_fetch_add(&notes->n_new, 1);
    return 0;
}

static void own_free(void *state, void *user)
{
    atomic_fetch_add(&notes->n_free, 1);
    atomic_fetch_add(&notes->n_wrong, user != notes);
    free(state);
}

static int own_begin(wm_mapper *mapper, void *user)
{
    struct own *own = wm_mapper_state(mapper);
    (void)user;
    own->lines = 0;
    return 0;
}

static int own_line(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    struct own *own = wm_mapper_state(mapper);
    (void)record, (void)size, (void)user;
    own->lines++;
    return own->worker > 3;
}

static int own_end(wm_mapper *mapper, void *user)
{
    const struct own *own = wm_mapper_state(mapper);
    (void)user;
    return wm_emit(mapper, "lines", 5, own->lines);
}

static void each_worker_has_a_state_of_its_own(void **state)
{
    (void)state;
    notes = mmap(NULL, sizeof *notes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 6; i++) {
        wm_options o = job_options(i % 3, BIG_SIZE / 20);
        wm_result *result;
        uint64_t count;
        memset(notes, 0, sizeof *notes);
        o.map = own_line;
        o.map_user = notes;
        o.state_new = own_new;
        o.state_free = own_free;
        o.partition_begin = own_begin;
        o.partition_end = own_end;
        o.max_tasks_per_worker = i < 3 ? 0 : 3;
        assert_int_equal(wm_run(&o, &files.big, 1, &result, NULL), 0);
        assert_int_equal(wm_result_get(result, "lines", 5, &count), 1);
        assert_int_equal(count, wm_result_stats(result)->lines);
        assert_in_range(atomic_load(&notes->n_new), 1, i < 3 ? 4 : 30);
        if (o.workers == 0)
            assert_int_equal(atomic_load(&notes->n_free), 1);
        else if (i >= 3)
            assert_true(atomic_load(&notes->n_free) > 0);
        assert_int_equal(atomic_load(&notes->n_wrong), 0);
        wm_result_free(result);
    }
    munmap(notes, sizeof *notes);
    notes = NULL;
}

static int refuse_state(void **state, unsigned worker, void *user)
{
    (void)state, (void)user;
    return worker == 0 ? 42 : 0;
}

static void a_state_that_cannot_be_made_ends_the_job(void **state)
{
    (void)state;
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 0);
        wm_result *result = UNTOUCHED;
        wm_error error;
        o.map = own_line;
        o.state_new = refuse_state;
        assert_int_equal(wm_run(&o, &files.small, 1, &result, &error), WM_EWORKER);
        assert_string_equal(error.message, "state_new returned 42 in worker 0");
        assert_true(result == UNTOUCHED);
    }
}

/* Records that are no lines */

/* Behind an LF, an entry of a log begins with a digit; what follows it may go on for lines. */
static size_t next_entry(const char *data, size_t size, int is_last, void *user)
{
    (void)is_last, (void)user;
    for (const char *at = data, *end = data + size; (at = memchr(at, '\n', (size_t)(end - at)));) {
        at++;
        if (at < end && *at >= '0' && *at <= '9')
            return (size_t)(at - data);
    }
    return 0;
}

/* A record behind two bytes that say how long it is: known only from the one before. */
static size_t next_counted(const char *data, size_t size, int is_last, void *user)
{
    (void)is_last, (void)user;
    if (size < 2)
        return 0;
    return 2 + (size_t)(unsigned char)data[0] + 256 * (size_t)(unsigned char)data[1];
}

/* Records end with the four bytes "%%\n.", which lie across borders of partitions. */
static size_t next_marked(const char *data, size_t size, int is_last, void *user)
{
    (void)is_last, (void)user;
    const char *mark = memmem(data, size, "%%\n.", 4);
    return mark ? (size_t)(mark + 4 - data) : 0;
}

enum kind { KIND_NUL, KIND_SIZE, KIND_ENTRY, KIND_COUNTED, KIND_MARKED, N_KINDS };

static void set_kind(wm_options *o, enum kind kind, uint64_t record_size)
{
    static wm_next_record_fn *const functions[] = {
        [KIND_ENTRY] = next_entry, [KIND_COUNTED] = next_counted, [KIND_MARKED] = next_marked};
    static const uint32_t contexts[] = {[KIND_ENTRY] = 1, [KIND_COUNTED] = 0, [KIND_MARKED] = 4};
    o->records = kind == KIND_NUL    ? WM_RECORDS_NUL
                 : kind == KIND_SIZE ? WM_RECORDS_SIZE
                                     : WM_RECORDS_FUNCTION;
    if (kind == KIND_SIZE)
        o->record_size = record_size;
    if (kind < KIND_ENTRY)
        return;
    o->next_record = functions[kind];
    o->record_context = contexts[kind];
}

static int emit_record(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    (void)user;
    return emit_with(mapper, wm_mapper_offset(mapper), record, size);
}

/* One record of a kind, with its end. */
static void add_record(struct bytes *data, enum kind kind, uint64_t record_size, size_t size,
                       int is_last, uint64_t *random)
{
    static char text[200000];
    unsigned char head[2];
    random_fill(random, text, sizeof text < size ? sizeof text : size, "ab%\n.c", 6);
    for (char *at = text;
         kind == KIND_MARKED && (at = memmem(at, size - (size_t)(at - text), "%%", 2)) != NULL;)
        *at = 'x';
    if (kind == KIND_ENTRY)
        bytes_add(data, "7", 1);
    if (kind == KIND_COUNTED) {
        size = size < 65535 ? size : 65535;
        head[0] = (unsigned char)size;
        head[1] = (unsigned char)(size >> 8);
        bytes_add(data, head, 2);
    }
    bytes_add(data, text, kind == KIND_SIZE ? record_size : size);
    int has_end = !is_last || random_below(random, 2);
    if (kind == KIND_NUL && (has_end || size == 0))
        bytes_add(data, "", 1);
    if (kind == KIND_ENTRY && has_end)
        bytes_add(data, "\n", 1);
    if (kind == KIND_MARKED && has_end)
        bytes_add(data, "%%\n.", 4);
}

/* What is expected has the records' numbers, or their places. */
static void make_records(struct bytes *data, struct bytes *expected, enum kind kind,
                         uint64_t record_size, size_t longest, int by_number, uint64_t *random)
{
    size_t n = 1 + random_below(random, 120);
    data->size = expected->size = 0;
    for (size_t i = 0; i < n; i++) {
        size_t start = data->size;
        add_record(data, kind, record_size,
                   (kind == KIND_MARKED) +
                       random_below(random, random_below(random, 9) ? 20 : longest),
                   i == n - 1, random);
        size_t size = data->size - start;
        if (kind == KIND_NUL && data->data[data->size - 1] == '\0')
            size--;
        expect(expected, by_number ? i + 1 : start, data->data + start, size);
    }
}

static void records_are_the_same_however_an_input_is_cut(void **state)
{
    (void)state;
    struct bytes data = {0}, expected = {0};
    uint64_t random = 3;
    for (int i = 0; i < 50 * N_KINDS; i++) {
        enum kind kind = (enum kind)(i % N_KINDS);
        uint64_t record_size = 1 + random_below(&random, 60);
        wm_options o = job_options(i % 3, 1 + random_below(&random, i % 2 ? 40 : 3000));
        o.map = emit_record;
        set_kind(&o, kind, record_size);
        make_records(&data, &expected, kind, record_size, 300, 0, &random);
        assert_counts(&o, (enum way)(i / N_KINDS % N_WAYS), &data, &expected);
    }
    bytes_release(&data);
    bytes_release(&expected);
}

/* Those that a function finds are counted only in inputs that are not cut. */
static void records_have_the_numbers_of_the_whole_input(void **state)
{
    (void)state;
    struct bytes data = {0}, expected = {0};
    uint64_t random = 5;
    for (int i = 0; i < 20 * N_KINDS; i++) {
        enum kind kind = (enum kind)(i % N_KINDS);
        enum way way = (enum way)(i / N_KINDS % N_WAYS);
        uint64_t record_size = 1 + random_below(&random, 60);
        wm_options o = job_options(i % 3, 1 + random_below(&random, i % 2 ? 40 : 3000));
        o.map = emit_number;
        set_kind(&o, kind, record_size);
        if (o.record_context > 0 && way <= WAY_MEMORY)
            o.partition_size = UINT64_MAX;
        make_records(&data, &expected, kind, record_size, 300, 1, &random);
        assert_counts(&o, way, &data, &expected);
    }
    bytes_release(&data);
    bytes_release(&expected);
}

/* Whether of the numbers 1 to 2000, a line or an entry each, some have their own, and no others'.
 */
static void assert_right_or_0(enum way way, int are_entries)
{
    struct bytes data = {0};
    uint64_t count;
    for (int i = 1; i <= 2000; i++)
        bytes_print(&data, "%d\n", i);
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 1000);
        wm_result *result;
        o.map = emit_if_known;
        if (are_entries)
            set_kind(&o, KIND_ENTRY, 0);
        assert_int_equal(run(&o, way, &data, &result, NULL), 0);
        assert_int_equal(wm_result_get(result, "wrong", 5, &count), 0);
        assert_int_equal(wm_result_get(result, "right", 5, &count), 1);
        if (are_entries)
            assert_int_equal(wm_result_get(result, "unknown", 7, &count), 1);
        wm_result_free(result);
    }
    bytes_release(&data);
}

static void a_number_that_nobody_knows_is_0(void **state)
{
    (void)state;
    assert_right_or_0(WAY_GZIP, 0);
}

/* Of a cut input only the first partition's are known. */
static void records_of_a_cut_input_have_their_numbers_or_0(void **state)
{
    (void)state;
    assert_right_or_0(WAY_FILE, 1);
}

/* Each is in the share in which it begins. */
static void shares_of_records_are_the_whole(void **state)
{
    (void)state;
    struct bytes data = {0}, expected = {0};
    uint64_t random = 6;
    for (int i = 0; i < 10 * N_KINDS; i++) {
        enum kind kind = (enum kind)(i % N_KINDS);
        uint64_t record_size = 1 + random_below(&random, 60), n_all = 0;
        unsigned n_shards = 1 + (unsigned)random_below(&random, 7);
        if (kind == KIND_COUNTED) /* which may not be cut */
            continue;
        make_records(&data, &expected, kind, record_size, 300, 0, &random);
        for (unsigned shard = 1; shard <= n_shards; shard++) {
            wm_options o = job_options(i % 3, 1 + random_below(&random, 60));
            wm_result *result;
            o.map = emit_record;
            o.shard = shard;
            o.n_shards = n_shards;
            set_kind(&o, kind, record_size);
            assert_int_equal(run(&o, WAY_FILE, &data, &result, NULL), 0);
            assert_int_equal(count_expected(result, &expected), wm_result_size(result));
            n_all += wm_result_size(result);
            wm_result_free(result);
        }
        wm_options whole = job_options(1, 0);
        wm_result *result;
        whole.map = emit_record;
        set_kind(&whole, kind, record_size);
        assert_int_equal(run(&whole, WAY_FILE, &data, &result, NULL), 0);
        assert_int_equal(n_all, wm_result_size(result));
        wm_result_free(result);
    }
    bytes_release(&data);
    bytes_release(&expected);
}

/* Longer than a block of a pipe, or than what is read at a time. */
static void records_may_be_longer_than_blocks(void **state)
{
    (void)state;
    struct bytes data = {0}, expected = {0};
    uint64_t random = 4;
    for (int i = 0; i < 2 * N_KINDS * N_WAYS; i++) {
        enum kind kind = (enum kind)(i % N_KINDS);
        uint64_t record_size = 150000;
        wm_options o = job_options(i % 3, 20000 + random_below(&random, 100000));
        o.map = emit_record;
        set_kind(&o, kind, record_size);
        make_records(&data, &expected, kind, record_size, 199000, 0, &random);
        assert_counts(&o, (enum way)(i / N_KINDS % N_WAYS), &data, &expected);
    }
    bytes_release(&data);
    bytes_release(&expected);
}

static int refuse_bad(wm_mapper *mapper, const char *record, size_t size, void *user)
{
    (void)user;
    return size > 0 && record[0] == '!' ? 1 : emit_number(mapper, record, size, NULL);
}

static void records_are_numbered_and_refused_as_lines_are(void **state)
{
    (void)state;
    struct bytes data = {0}, expected = {0};
    for (int i = 1; i <= 100; i++) {
        size_t start = data.size;
        bytes_print(&data, "%c%03d", i == 50 ? '!' : 'x', i);
        if (i != 50)
            expect(&expected, (uint64_t)i, data.data + start, 4);
    }
    for (int i = 0; i < 3 * N_WAYS; i++) {
        wm_options o = job_options(i % 3, 37);
        wm_result *result = UNTOUCHED;
        wm_error error;
        char words[400];
        o.map = refuse_bad;
        set_kind(&o, KIND_SIZE, 4);
        assert_int_equal(run(&o, (enum way)(i / 3), &data, &result, &error), WM_EBADLINE);
        snprintf(words, sizeof words,
                 "cannot parse '%s' record 50 (byte 196): the map function refused '!050'; "
                 "o.on_bad_line=skip to go on",
                 i / 3 == WAY_MEMORY ? "input 1" : path);
        assert_string_equal(error.message, words);
        assert_int_equal(error.line, 50);
        o.on_bad_line = WM_SKIP;
        assert_counts(&o, (enum way)(i / 3), &data, &expected);
    }
    bytes_release(&data);
    bytes_release(&expected);
}

static size_t next_crashes(const char *data, size_t size, int is_last, void *user)
{
    if (memchr(data, '!', size))
        abort();
    return next_entry(data, size, is_last, user);
}

static void a_function_that_crashes_ends_the_job_not_the_host(void **state)
{
    (void)state;
    struct bytes data = {0};
    bytes_print(&data, "1 a\n2 b\n3 !\n4 c\n");
    wm_options o = job_options(2, 1000);
    wm_result *result = UNTOUCHED;
    wm_error error;
    o.map = emit_record;
    o.on_bad_line = WM_SKIP;
    set_kind(&o, KIND_ENTRY, 0);
    o.next_record = next_crashes;
    assert_int_equal(run(&o, WAY_FILE, &data, &result, &error), WM_EWORKER);
    assert_true(result == UNTOUCHED);
    bytes_release(&data);
}

/* 64 MiB are the most; a longer one is a bad record, and those behind it count. */
static void a_record_that_is_too_long_is_a_bad_one(void **state)
{
    (void)state;
    struct bytes data = {0}, expected = {0};
    static char part[1 << 20];
    memset(part, 'l', sizeof part);
    bytes_add(&data, "1 a\n2", 5);
    for (int i = 0; i < 65; i++)
        bytes_add(&data, part, sizeof part);
    size_t start = data.size + 1;
    bytes_add(&data, "\n3 b\n", 5);
    expect(&expected, 0, "1 a\n", 4);
    expect(&expected, start, "3 b\n", 4);
    for (int i = 0; i < 4; i++) {
        wm_options o = job_options(1, i == 3 ? 30 << 20 : 256 << 20);
        wm_result *result;
        o.memory = 1 << 30;
        o.map = emit_record;
        o.on_bad_line = WM_SKIP;
        set_kind(&o, KIND_ENTRY, 0);
        assert_int_equal(run(&o, i == 3 ? WAY_FILE : (enum way)i, &data, &result, NULL), 0);
        assert_int_equal(wm_result_stats(result)->rejected, 1);
        assert_true(is_result(result, &expected));
        wm_result_free(result);
    }
    bytes_release(&data);
    bytes_release(&expected);
}

static void records_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    wm_error error;
    wm_result *result = UNTOUCHED;
#define REFUSED(field, change)                                                                     \
    do {                                                                                           \
        wm_options o = job_options(1, 0);                                                          \
        o.map = emit_record;                                                                       \
        change;                                                                                    \
        assert_int_equal(wm_run(&o, &files.small, 1, &result, &error), WM_EINVAL);                 \
        assert_string_equal(error.option, field);                                                  \
    } while (0)
    REFUSED("records", o.records = (enum wm_records)4);
    REFUSED("records", (o.map = NULL, o.records = WM_RECORDS_NUL));
    REFUSED("record_size", o.record_size = 3);
    REFUSED("record_size", o.records = WM_RECORDS_SIZE);
    REFUSED("record_size", (o.records = WM_RECORDS_SIZE, o.record_size = (64 << 20) + 1));
    REFUSED("next_record", o.records = WM_RECORDS_FUNCTION);
    REFUSED("next_record", o.next_record = next_entry);
    REFUSED("record_context", o.record_context = 1);
    REFUSED("record_context", (set_kind(&o, KIND_ENTRY, 0), o.record_context = 65537));
    REFUSED("header", (o.records = WM_RECORDS_NUL, o.header = 1));
    REFUSED("partition_lines", (o.records = WM_RECORDS_NUL, o.partition_lines = 1));
    REFUSED("shard", (set_kind(&o, KIND_COUNTED, 0), o.shard = o.n_shards = 1));
    REFUSED("state_new", (o.map = NULL, o.state_new = own_new));
    REFUSED("state_free", o.state_free = own_free);
#undef REFUSED
    assert_true(result == UNTOUCHED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_the_number_that_editors_give_it),
        cmocka_unit_test(a_line_of_a_shard_has_its_number_in_the_input),
        cmocka_unit_test(a_line_that_cannot_be_numbered_any_more_ends_the_job),
        cmocka_unit_test(a_number_that_nobody_knows_is_0),
        cmocka_unit_test(each_worker_has_a_state_of_its_own),
        cmocka_unit_test(a_state_that_cannot_be_made_ends_the_job),
        cmocka_unit_test(records_are_the_same_however_an_input_is_cut),
        cmocka_unit_test(records_have_the_numbers_of_the_whole_input),
        cmocka_unit_test(records_of_a_cut_input_have_their_numbers_or_0),
        cmocka_unit_test(shares_of_records_are_the_whole),
        cmocka_unit_test(records_may_be_longer_than_blocks),
        cmocka_unit_test(records_are_numbered_and_refused_as_lines_are),
        cmocka_unit_test(a_function_that_crashes_ends_the_job_not_the_host),
        cmocka_unit_test(a_record_that_is_too_long_is_a_bad_one),
        cmocka_unit_test(records_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, remove_files);
}
