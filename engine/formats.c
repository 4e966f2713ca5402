/*
 * Which format each input is of, and whether it can say what is asked: files are looked at before
 * anything is forked, a stream when its first block is there.
 */
#include <fcntl.h>
#include <unistd.h>

#include "error.h"
#include "job.h"

_Static_assert((int)NGRAM_AUTO == WM_FORMAT_AUTO && (int)NGRAM_V1 == WM_FORMAT_V1 &&
                   (int)NGRAM_V2 == WM_FORMAT_V2 && (int)NGRAM_V3 == WM_FORMAT_V3 &&
                   (int)NGRAM_COLUMNS == WM_FORMAT_COLUMNS && (int)NGRAM_TEXT == WM_FORMAT_TEXT &&
                   (int)NGRAM_COUNTS == WM_FORMAT_COUNTS && (int)NGRAM_N_FORMATS == WM_N_FORMATS,
               "formats have the same numbers");
_Static_assert((int)NGRAM_MATCHES == WM_MATCHES && (int)NGRAM_VOLUMES == WM_VOLUMES &&
                   (int)NGRAM_PAGES == WM_PAGES && (int)NGRAM_RECORDS == WM_RECORDS &&
                   (int)NGRAM_BY_WORD == WM_BY_WORD && (int)NGRAM_BY_YEAR == WM_BY_YEAR &&
                   (int)NGRAM_BY_DECADE == WM_BY_DECADE,
               "and so has what is asked");

int formats_make_query(struct wm_job *job)
{
    const wm_options *options = &job->options;
    struct ngram_query *query = &job->spec.query;
    if (options->last_year > 0 && options->first_year > options->last_year)
        return error_set(&job->error, WM_EINVAL, "there are no years from %llu to %llu",
                         (unsigned long long)options->first_year,
                         (unsigned long long)options->last_year);
    *query =
        (struct ngram_query){.value = (enum ngram_value)options->value,
                             .by = (enum ngram_by)options->by,
                             .first_year = options->first_year,
                             .last_year = options->last_year > 0 ? options->last_year : UINT64_MAX,
                             .key_column = options->key_column > 0 ? options->key_column : 1,
                             .value_column = options->value_column > 0 ? options->value_column : 3,
                             .delimiter = options->delimiter ? options->delimiter : '\t'};
    job->format = (enum ngram_format)options->format;
    return 0;
}

static int choose(struct wm_job *job, uint32_t input, enum ngram_format format)
{
    static const char *const names[] = {
        [NGRAM_V1] = "v1",           [NGRAM_V2] = "v2",     [NGRAM_V3] = "v3",
        [NGRAM_COLUMNS] = "columns", [NGRAM_TEXT] = "text", [NGRAM_COUNTS] = "counts"};
    const struct ngram_query *query = &job->spec.query;
    if (!ngram_can_answer(format, query)) {
        const char *what = query->value == NGRAM_PAGES     ? "pages"
                           : query->value == NGRAM_VOLUMES ? "volumes"
                                                           : "years";
        return error_set(&job->error, WM_EINVAL, "'%s' is of the format %s, which has no %s",
                         input_name(&job->inputs.items[input]), names[format], what);
    }
    job->inputs.formats[input] = (unsigned char)format;
    job->stats.inputs[format]++;
    return 0;
}

int formats_see(struct wm_job *job, uint32_t input, const char *data, size_t size)
{
    enum ngram_format format = job->format;
    if (job->options.map || job->inputs.formats[input] != NGRAM_AUTO)
        return 0;
    if (format == NGRAM_AUTO)
        format = ngram_detect(data, size < NGRAM_DETECT_SIZE ? size : NGRAM_DETECT_SIZE);
    return choose(job, input, format);
}

static int see_file(struct wm_job *job, uint32_t number)
{
    const struct input *input = &job->inputs.items[number];
    char data[NGRAM_DETECT_SIZE];
    ssize_t size = 0;
    if (job->format == NGRAM_AUTO) {
        int fd = input->fd >= 0 ? input->fd : open(input->path, O_RDONLY | O_CLOEXEC);
        size = fd >= 0 ? pread(fd, data, sizeof data, (off_t)input->start) : 0;
        if (fd >= 0 && fd != input->fd)
            close(fd);
    }
    /* What cannot be read will be told by the worker that tries. */
    return formats_see(job, number, data, size > 0 ? (size_t)size : 0);
}

int formats_see_files(struct wm_job *job)
{
    int rc = 0;
    for (uint32_t i = 0; i < job->inputs.n && rc == 0; i++)
        if (!job->inputs.is_stream[i] &&
            job->inputs.items[i].share_start < job->inputs.items[i].share_end)
            rc = see_file(job, i);
    return rc;
}
