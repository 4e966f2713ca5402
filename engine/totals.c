/* See totals.h. Numbers in groups of four; whatever else there is makes it another kind of file. */
#include "totals.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "code.h"
#include "error.h"
#include "scan.h"
#include "table.h"

#define READ_SIZE 65536
#define SIZE_MOST (1u << 20) /* some 70 times what the largest of them has */
#define N_FIELDS 4

struct text {
    char *data;
    size_t size;
};

static int read_all(const char *path, struct text *text, wm_error *error)
{
    char words[64];
    ssize_t n;
    text->data = malloc(SIZE_MOST + READ_SIZE);
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
    } while ((n > 0 && text->size <= SIZE_MOST) || (n < 0 && errno == EINTR));
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
        if (scan_number(start, (size_t)(*at - start), &fields[i]) < 0)
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

static int add_up(const char *path, const struct text *text, enum totals_column column,
                  uint64_t first, uint64_t last, uint64_t *total, wm_error *error)
{
    const char *at = text->data, *end = at + text->size;
    uint64_t sum = 0;
    for (;;) {
        uint64_t fields[N_FIELDS];
        while (at < end && is_space(*at))
            at++;
        if (at == end)
            break;
        const char *start = at;
        if (text->size > SIZE_MOST || read_group(&at, end, fields) < 0)
            return not_one(path, (size_t)(start - text->data), error);
        if (fields[0] >= first && fields[0] <= last &&
            reduce_count(REDUCE_SUM, &sum, fields[column]) < 0)
            return error_set(error, WM_EBADLINE, "the total of '%s' passes 64 bits", path);
    }
    if (sum == 0)
        return error_set(error, WM_EBADLINE, "'%s' has nothing to add up to a total", path);
    *total = sum;
    return 0;
}

int totals_read(const char *path, enum totals_column column, uint64_t first, uint64_t last,
                uint64_t *total, wm_error *error)
{
    struct text text = {0};
    int rc = read_all(path, &text, error);
    if (rc == 0)
        rc = add_up(path, &text, column, first, last, total, error);
    free(text.data);
    return rc;
}
