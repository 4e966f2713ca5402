/*
 * Both editions are numbers in groups of four with blanks between the groups, so one loop reads
 * them. Whatever else there is makes it another kind of file.
 */
#include "plan/totals.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/code.h"
#include "base/grow.h"
#include "base/number.h"
#include "error.h"
#include "files/spool.h"
#include "files/temporary.h"
#include "input/detect.h"
#include "packing/unarchive.h"
#include "packing/unpack.h"
#include "plan/looks.h"
#include "scan/scan.h"
#include "words/entry.h"

#define READ_SIZE 65536
#define TEXT_SIZE_MAX (1u << 20) /* some 70 times what the largest of them has */
#define N_FIELDS 4

struct text {
    char *data;
    size_t size;
};

/* The next bytes, up to READ_SIZE of them. 0 or a WM_E code with error; *size 0: the end. */
static int read_some(int fd, const char *path, void *data, size_t *size, wm_error *error)
{
    ssize_t n;
    do
        n = read(fd, data, *size < READ_SIZE ? *size : READ_SIZE);
    while (n < 0 && errno == EINTR);
    *size = n > 0 ? (size_t)n : 0;
    return n >= 0 ? 0 : error_set_system(error, WM_EREAD, errno, "cannot read '%s': " SYSTEM, path);
}

/* Up to TEXT_SIZE_MAX bytes, and some more if there are more. */
static int read_plain(int fd, const char *path, struct text *text, wm_error *error)
{
    size_t n = READ_SIZE;
    int rc = 0;
    while (rc == 0 && n > 0 && text->size <= TEXT_SIZE_MAX) {
        n = READ_SIZE;
        rc = read_some(fd, path, text->data + text->size, &n, error);
        text->size += n;
    }
    return rc;
}

/* Puts what was read, and all that follows, through the unpacker. */
static int unpack(int fd, const char *path, enum packing packing, struct text *text,
                  wm_error *error)
{
    struct unpacker *unpacker = unpacker_new(packing);
    if (!unpacker)
        return error_memory(error);
    size_t n, n_read = text->size;
    memcpy(unpacker_room(unpacker, &n), text->data, n_read);
    unpacker_fed(unpacker, n_read);
    text->size = 0;
    int rc = UNPACK_FULL;
    while (rc >= 0 && rc != UNPACK_END && text->size <= TEXT_SIZE_MAX) {
        if (rc == UNPACK_HUNGRY) {
            void *room = unpacker_room(unpacker, &n);
            if (read_some(fd, path, room, &n, error) < 0) {
                unpacker_free(unpacker);
                return WM_EREAD;
            }
            unpacker_fed(unpacker, n);
        }
        rc = unpacker_run(unpacker, text->data + text->size, READ_SIZE, &n);
        text->size += n;
    }
    unpacker_free(unpacker);
    if (rc == CODE_NOMEM)
        return error_memory(error);
    return rc >= 0 ? 0
                   : error_set(error, WM_EDAMAGED, "cannot unpack '%s': it is damaged or cut off",
                               path);
}

/* The one file of an archive. */
static int unpack_archive(int fd, const char *path, struct text *text, wm_error *error)
{
    struct store store = store_of(fd);
    struct unarchiver *archive = unarchiver_new(&store, 0);
    if (!archive)
        return error_memory(error);
    int rc = unarchiver_next(archive);
    size_t n = rc > 0;
    text->size = 0;
    while (rc >= 0 && n > 0 && text->size <= TEXT_SIZE_MAX) {
        rc = unarchiver_read(archive, text->data + text->size, READ_SIZE, &n);
        text->size += rc >= 0 ? n : 0;
    }
    if (rc >= 0 && text->size <= TEXT_SIZE_MAX && (rc = unarchiver_next(archive)) > 0) {
        unarchiver_refuse(archive);
        rc = CODE_DAMAGED;
    }
    if (rc == CODE_READ)
        error_set_system(error, WM_EREAD, errno, "cannot read '%s': " SYSTEM, path);
    else if (rc == CODE_NOMEM)
        error_memory(error);
    else if (rc < 0)
        archive_failed(path, archive, error);
    unarchiver_free(archive);
    return rc;
}

/* The same of one that comes through a pipe, of which some was read. */
static int unpack_piped(int fd, const char *path, struct text *text, wm_error *error)
{
    struct spool spool = {.folder = temporary_folder()};
    int rc = read_plain(fd, path, text, error);
    if (rc == 0 && (spool_open(&spool) < 0 || spool_add(&spool, text->data, text->size) < 0))
        rc = archive_not_kept(path, spool.folder, error);
    if (rc == 0)
        rc = unpack_archive(spool.fd, path, text, error);
    if (spool.is_open)
        close(spool.fd);
    return rc;
}

static int text_read(const char *path, struct text *text, wm_error *error)
{
    text->data = malloc(TEXT_SIZE_MAX + READ_SIZE);
    if (!text->data)
        return error_memory(error);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && look_is_address(path))
        return look_refuse_address(path, error);
    if (fd < 0)
        return error_set_system(error, WM_EOPEN, errno, "cannot open '%s': " SYSTEM, path);
    size_t n = 1;
    int rc = 0;
    while (rc == 0 && n > 0 && text->size < PACKING_HEAD_SIZE) {
        n = READ_SIZE;
        rc = read_some(fd, path, text->data + text->size, &n, error);
        text->size += n;
    }
    enum packing packing = packing_of(text->data, text->size);
    int is_pipe = lseek(fd, 0, SEEK_CUR) < 0;
    if (rc == 0)
        rc = packing == PACKING_NONE      ? read_plain(fd, path, text, error)
             : packing != PACKING_ARCHIVE ? unpack(fd, path, packing, text, error)
             : is_pipe                    ? unpack_piped(fd, path, text, error)
                                          : unpack_archive(fd, path, text, error);
    close(fd);
    return rc;
}

static int is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* Four numbers with the same separator between them, and *at behind them. 0 or -1. */
static int read_group(const char **at, const char *end, uint64_t *fields)
{
    char separator = 0;
    for (int i = 0; i < N_FIELDS; i++) {
        const char *start = *at;
        while (*at < end && **at >= '0' && **at <= '9')
            ++*at;
        if (number_read(start, (size_t)(*at - start), &fields[i]) < 0)
            return -1;
        if (i == N_FIELDS - 1)
            return *at < end && !is_space(**at) ? -1 : 0;
        if (*at == end || (**at != ',' && **at != '\t') || (i > 0 && **at != separator))
            return -1;
        separator = *(*at)++;
    }
    return -1;
}

static int not_one(const char *path, size_t at, wm_error *error)
{
    return error_set(error, WM_EBADLINE,
                     "cannot read totals from '%s': no year,matches,pages,volumes at byte %zu",
                     path, at);
}

static int add_year(struct totals *totals, uint64_t year, uint64_t count)
{
    struct year_total *years = grow(totals->years, &totals->capacity, totals->n + 1, sizeof *years);
    if (!years)
        return WM_ENOMEM;
    totals->years = years;
    years[totals->n++] = (struct year_total){year, count};
    return reduce_count(REDUCE_SUM, &totals->sum, count);
}

/* A line without any digit is none of years. */
static const char *skip_header(const char *text, const char *end)
{
    const char *lf = memchr(text, '\n', (size_t)(end - text)), *at = text;
    while (lf && at < lf && (*at < '0' || *at > '9'))
        at++;
    return lf && at == lf ? lf + 1 : text;
}

static int add_years(struct totals *totals, const char *path, const struct text *text,
                     const struct totals_query *query, wm_error *error)
{
    const char *at = text->data, *end = at + text->size;
    at = skip_header(at + (input_has_mark(at, text->size) ? INPUT_MARK_SIZE : 0), end);
    for (;;) {
        uint64_t fields[N_FIELDS];
        while (at < end && is_space(*at))
            at++;
        if (at == end)
            break;
        const char *start = at;
        if (text->size > TEXT_SIZE_MAX || read_group(&at, end, fields) < 0)
            return not_one(path, (size_t)(start - text->data), error);
        if (fields[query->column] > 0)
            years_add(&totals->listed,
                      query->of_result ? fields[0] - fields[0] % query->period : fields[0]);
        if (fields[0] < query->first || fields[0] > query->last)
            continue;
        int rc = add_year(totals, fields[0], fields[query->column]);
        if (rc == WM_ENOMEM)
            return error_memory(error);
        if (rc < 0)
            return error_set(error, WM_EBADLINE, "the total of '%s' passes 64 bits", path);
    }
    if (totals->sum == 0)
        return error_set(error, WM_EBADLINE, "'%s' has nothing to add up to a total", path);
    return 0;
}

static int compare_years(const void *a, const void *b)
{
    uint64_t a_year = ((const struct year_total *)a)->year;
    uint64_t b_year = ((const struct year_total *)b)->year;
    return (a_year > b_year) - (a_year < b_year);
}

/* Sorts the years, and adds up those of a period. 0, or WM_EBADLINE: one is there twice. */
static int put_in_order(struct totals *totals, const char *path, unsigned period, wm_error *error)
{
    struct year_total *years = totals->years;
    size_t n = 0;
    qsort(years, totals->n, sizeof *years, compare_years);
    for (size_t i = 1; i < totals->n; i++)
        if (years[i - 1].year == years[i].year)
            return error_set(error, WM_EBADLINE,
                             "'%s' has more than one total of %" PRIu64
                             ": take the total-count file of one corpus alone",
                             path, years[i].year);
    for (size_t i = 0; i < totals->n; i++) {
        uint64_t start = years[i].year - years[i].year % period;
        if (n > 0 && years[n - 1].year == start)
            years[n - 1].count += years[i].count;
        else
            years[n++] = (struct year_total){start, years[i].count};
    }
    totals->n = n;
    return 0;
}

int totals_read(struct totals *totals, const char *path, const struct totals_query *query,
                wm_error *error)
{
    struct text text = {0};
    struct totals new = {.of_result = query->of_result};
    int rc = text_read(path, &text, error);
    if (rc == 0)
        rc = add_years(&new, path, &text, query, error);
    free(text.data);
    if (rc == 0)
        rc = put_in_order(&new, path, query->period, error);
    if (rc < 0) {
        totals_release(&new);
        return rc;
    }
    *totals = new;
    return 0;
}

/* Where the years without a total that begin with this one end. */
static uint64_t missing_end(const struct totals *totals, const struct years *seen, uint64_t year)
{
    while (year <= YEARS_MAX && years_has(seen, year) && !years_has(&totals->listed, year))
        year++;
    return year;
}

int totals_check(const struct totals *totals, const char *path, const struct years *seen,
                 wm_error *error)
{
    char list[256] = "";
    size_t size = 0;
    for (uint64_t year = 0; year <= YEARS_MAX && size + 32 < sizeof list; year++) {
        uint64_t end = missing_end(totals, seen, year);
        if (end == year)
            continue;
        int n = snprintf(list + size, sizeof list - size, "%s%" PRIu64, size ? ", " : "", year);
        size += (size_t)n;
        if (end > YEARS_MAX)
            size += (size_t)snprintf(list + size, sizeof list - size, " and later");
        else if (end > year + 1)
            size += (size_t)snprintf(list + size, sizeof list - size, "-%" PRIu64, end - 1);
        year = end;
    }
    if (size == 0)
        return 0;
    error_set(error, WM_EBADLINE, "'%.150s' has no total of %s%s: take that of the same release",
              path, list, size + 32 < sizeof list ? "" : " and more");
    if (!totals->of_result)
        error_add(error, ", or leave these years out with " NAME "o.first_year and o.last_year");
    return WM_EBADLINE;
}

void totals_release(struct totals *totals)
{
    free(totals->years);
    *totals = (struct totals){0};
}
