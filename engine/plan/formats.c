/*
 * An option may name the format of all inputs; otherwise the first bytes of each tell. Those of a
 * packed file are unpacked for it here, by the coordinator.
 */
#include "plan/formats.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/code.h"
#include "base/read_full.h"
#include "error.h"
#include "input/detect.h"
#include "input/formats.h"
#include "input/text.h"
#include "plan/plan.h"
#include "wmt/wmt.h"

_Static_assert((int)NGRAM_MATCHES == WM_MATCHES && (int)NGRAM_VOLUMES == WM_VOLUMES &&
                   (int)NGRAM_PAGES == WM_PAGES && (int)NGRAM_RECORDS == WM_RECORDS &&
                   (int)NGRAM_BY_WORD == WM_BY_WORD && (int)NGRAM_BY_YEAR == WM_BY_YEAR &&
                   (int)NGRAM_BY_DECADE == WM_BY_DECADE,
               "what is asked has the same numbers");

/* What a format has not got that cannot answer the query. */
static const char *missing(const struct ngram_query *query)
{
    return query->value == NGRAM_PAGES     ? "pages"
           : query->value == NGRAM_VOLUMES ? "volumes"
                                           : "years";
}

/* Whether an option is given that only text knows. */
static int asks_for_text(const wm_options *options)
{
    return options->tokens != WM_TOKENS_UAX29 || options->normalize != WM_NORMALIZE_NFC ||
           options->ngrams_most > 1;
}

int formats_make_query(struct plan *plan, wm_error *error)
{
    const wm_options *options = &plan->options;
    struct ngram_query *query = &plan->spec.query;
    if (options->last_year > 0 && options->first_year > options->last_year)
        return error_set(error, WM_EINVAL, "there are no years from %llu to %llu",
                         (unsigned long long)options->first_year,
                         (unsigned long long)options->last_year);
    *query =
        (struct ngram_query){.value = (enum ngram_value)options->value,
                             .by = (enum ngram_by)options->by,
                             .first_year = options->first_year,
                             .last_year = options->last_year > 0 ? options->last_year : UINT64_MAX,
                             .key_column = options->key_column > 0 ? options->key_column : 1,
                             .value_column = options->value_column > 0 ? options->value_column : 3,
                             .delimiter = options->delimiter,
                             .tokens = (enum token_kind)options->tokens,
                             .composed = options->normalize == WM_NORMALIZE_NFC,
                             .n_least = options->ngrams_least,
                             .n_most = options->ngrams_most};
    if (query->delimiter == '\0')
        query->delimiter = '\t';
    plan->format = options->format;
    const struct input_format *format = input_format_at(plan->format);
    if (format && format != &input_text && !options->map && asks_for_text(options))
        return error_set(error, WM_EINVAL,
                         "the format %s has no tokens: how words are cut, normalized and put in "
                         "sequences is for text",
                         format->name);
    if (format && !options->map && !input_can_answer(format, query))
        return error_set(error, WM_EINVAL, "the format %s has no %s", format->name, missing(query));
    return 0;
}

static int choose(struct plan *plan, uint32_t input, unsigned number, wm_error *error)
{
    const struct ngram_query *query = &plan->spec.query;
    const struct input_format *format = input_format_at(number);
    if (!input_can_answer(format, query))
        return error_set(error, WM_EINVAL, "'%s' is of the format %s, which has no %s",
                         input_name(&plan->inputs.items[input]), format->name, missing(query));
    if (format != &input_text && asks_for_text(&plan->options))
        return error_set(error, WM_EINVAL,
                         "'%s' is of the format %s, which has no tokens: if it is text, say so "
                         "with --format text",
                         input_name(&plan->inputs.items[input]), format->name);
    plan->inputs.formats[input] = (unsigned char)number;
    return 0;
}

/* Where results are added up, a table file is told by its first bytes. */
static int see_table(struct plan *plan, uint32_t number, wm_error *error)
{
    struct input *input = &plan->inputs.items[number];
    if (input->packing != PACKING_NONE)
        return error_set(error, WM_EINVAL,
                         "'%s' is a table file that was compressed: decompress it, or use --sorted",
                         input_name(input));
    if (plan->inputs.is_stream[number])
        return error_set(error, WM_EINVAL,
                         "'%s' is a table file in a pipe: use --sorted, or name the file",
                         input_name(input));
    if (input->start > 0 || plan->options.partition_lines > 0)
        return error_set(error, WM_EINVAL,
                         "'%s' is a table file, which is read from its start and not by lines",
                         input_name(input));
    input->is_table = 1;
    return 0;
}

int formats_see(struct plan *plan, uint32_t input, const char *data, size_t size, wm_error *error)
{
    unsigned number = plan->format;
    const struct input_format *format = input_format_at(number);
    if (plan->options.map || plan->inputs.formats[input] != WM_FORMAT_AUTO)
        return 0;
    if (format && format->is_result && size >= WMT_HEADER_SIZE && wmt_is_magic(data)) {
        int rc = see_table(plan, input, error);
        if (rc < 0)
            return rc;
    }
    if (!format)
        number = input_detect(data, size < INPUT_DETECT_SIZE ? size : INPUT_DETECT_SIZE);
    return choose(plan, input, number, error);
}

/* The first bytes of a packed file; fewer if it is damaged, which its worker will tell. -1 with
 * errno set. */
static ssize_t unpack_head(const struct input *input, int fd, char *data, size_t capacity)
{
    struct unpacker *unpacker = unpacker_new(input->packing);
    uint64_t at = input->start;
    size_t size = 0, n;
    int rc = unpacker ? UNPACK_HUNGRY : CODE_NOMEM;
    while (rc == UNPACK_HUNGRY && size < capacity) {
        size_t room_size;
        void *room = unpacker_room(unpacker, &room_size);
        ssize_t n_read = read_full(fd, room, room_size, at);
        if (n_read < 0) {
            unpacker_free(unpacker);
            return -1;
        }
        unpacker_fed(unpacker, (size_t)n_read);
        at += (uint64_t)n_read;
        rc = unpacker_run(unpacker, data + size, capacity - size, &n);
        size += n;
    }
    unpacker_free(unpacker);
    if (rc != CODE_NOMEM)
        return (ssize_t)size;
    errno = ENOMEM;
    return -1;
}

static int see_file(struct plan *plan, uint32_t number, wm_error *error)
{
    const struct input *input = &plan->inputs.items[number];
    const struct input_format *format = input_format_at(plan->format);
    char data[INPUT_DETECT_SIZE], words[64];
    ssize_t size = 0;
    uint64_t at = input->start;
    int is_cut = 0; /* what is there no more would make it look like another format */
    if (!format || format->is_result) {
        int fd = input->fd >= 0 ? input->fd : open(input->path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            return error_set(error, WM_EOPEN, "cannot open '%s': %s", input_name(input),
                             error_system(errno, words, sizeof words));
        size = input->packing != PACKING_NONE ? unpack_head(input, fd, data, sizeof data)
                                              : read_full(fd, data, sizeof data, at);
        is_cut = input->packing == PACKING_NONE && size >= 0 && (size_t)size < sizeof data &&
                 at + (uint64_t)size < input->size;
        int system = errno;
        if (fd != input->fd)
            close(fd);
        errno = system;
    }
    if (size < 0 && errno == ENOMEM)
        return error_memory(error);
    if (size < 0)
        return error_set(error, WM_EREAD, "cannot read '%s': %s", input_name(input),
                         error_system(errno, words, sizeof words));
    if (is_cut)
        return error_set(error, WM_ECHANGED,
                         "'%s' changed while it was read (at byte %llu); run again",
                         input_name(input), (unsigned long long)at + (unsigned long long)size);
    return formats_see(plan, number, data, (size_t)size, error);
}

int formats_see_files(struct plan *plan, wm_error *error)
{
    int rc = 0;
    for (uint32_t i = 0; i < plan->inputs.n && rc == 0; i++)
        if (!plan->inputs.is_stream[i] &&
            plan->inputs.items[i].share_start < plan->inputs.items[i].share_end)
            rc = see_file(plan, i, error);
    return rc;
}
