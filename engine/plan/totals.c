/*
 * Both editions are numbers in groups of four with blanks between the groups, so one loop reads
 * them. Whatever else there is makes it another kind of file.
 */
#include "plan/totals.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/code.h"
#include "base/grow.h"
#include "base/number.h"
#include "error.h"
#include "scan/scan.h"
#include "words/entry.h"

#define READ_SIZE 65536
#define TEXT_SIZE_MAX (1u << 20) /* some 70 times what the largest of them has */
#define N_FIELDS 4

struct text {
    char *data;
    size_t size;
};

static int text_read(const char *path, struct text *text, wm_error *error)
{
    char words[64];
    ssize_t n;
    text->data = malloc(TEXT_SIZE_MAX + READ_SIZE);
    if (!text->data)
        return error_memory(error);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(error, WM_EOPEN, "cannot open '%s': %s", path,
                         error_system(errno, words, sizeof words));
    do {
        n = read(fd, text->data + text->size, READ_SIZE);
        if (n > 0)
            text->size += (size_t)n;
    } while ((n > 0 && text->size <= TEXT_SIZE_MAX) || (n < 0 && errno == EINTR));
    if (n < 0)
        error_set(error, WM_EREAD, "cannot read '%s': %s", path,
                  error_system(errno, words, sizeof words));
    close(fd);
    return n < 0 ? WM_EREAD : 0;
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

static int add_years(struct totals *totals, const char *path, const struct text *text,
                     const struct totals_query *query, wm_error *error)
{
    const char *at = text->data, *end = at + text->size;
    for (;;) {
        uint64_t fields[N_FIELDS];
        while (at < end && is_space(*at))
            at++;
        if (at == end)
            break;
        const char *start = at;
        if (text->size > TEXT_SIZE_MAX || read_group(&at, end, fields) < 0)
            return not_one(path, (size_t)(start - text->data), error);
        if (fields[0] < query->first || fields[0] > query->last)
            continue;
        int rc = add_year(totals, fields[0] - fields[0] % query->period, fields[query->column]);
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

/* Sorted, and each year once. */
static void put_in_order(struct totals *totals)
{
    struct year_total *years = totals->years;
    size_t n = 0;
    if (years)
        qsort(years, totals->n, sizeof *years, compare_years);
    for (size_t i = 0; i < totals->n; i++) {
        if (n > 0 && years[n - 1].year == years[i].year)
            years[n - 1].count += years[i].count;
        else
            years[n++] = years[i];
    }
    totals->n = n;
}

int totals_read(struct totals *totals, const char *path, const struct totals_query *query,
                wm_error *error)
{
    struct text text = {0};
    struct totals new = {0};
    int rc = text_read(path, &text, error);
    if (rc == 0)
        rc = add_years(&new, path, &text, query, error);
    free(text.data);
    if (rc < 0) {
        totals_release(&new);
        return rc;
    }
    put_in_order(&new);
    *totals = new;
    return 0;
}

void totals_release(struct totals *totals)
{
    free(totals->years);
    *totals = (struct totals){0};
}
