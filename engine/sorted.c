/*
 * A job whose inputs are sorted already: a merge, in the calling process. Of each input there is
 * one line at a time; a tournament (a tree of losers: Knuth, The Art of Computer Programming,
 * volume 3, 5.4.1) finds the least word of all. Inputs may be pipes, and nothing blocks: when the
 * input that is next has nothing to read, or the output no room, the step ends until the loop says
 * that there is.
 */
#include "sorted.h"

#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counts.h"
#include "error.h"
#include "format.h"
#include "job.h"
#include "lines.h"
#include "order.h"

#define READ_SIZE (128u << 10)
#define TEXT_SIZE (1u << 20)
#define STEP_LINES 100000 /* until cancel and progress have their turn */
#define NONE UINT32_MAX

enum { FEED_END, FEED_LINE, FEED_WAIT };

/* One input, and its first word that is not in the output yet. */
struct feed {
    struct stream stream; /* its descriptor, nothing more */
    uint32_t input;
    char *buffer;
    size_t capacity;
    size_t size;      /* bytes in it */
    size_t next;      /* of these, where the next line starts */
    uint64_t offset;  /* of the buffer in the input */
    uint64_t n_lines; /* taken */
    const char *word; /* in the buffer; the one before if there is no line yet */
    uint32_t word_size;
    uint64_t key; /* its first 8 bytes, as numbers compare */
    uint64_t count;
    int is_file; /* its size is known */
    int is_read; /* to its end */
    int is_over; /* there are no more words */
    int is_long; /* the rest of a line that is too long comes next */
    enum { FEED_NEW, FEED_LINES, FEED_TABLE } kind;
    int has_header;           /* of a table: it was read */
    struct wmt_cursor cursor; /* in the block at next */
    size_t block_size;        /* of it; 0: none */
    const char **asked;       /* instead: the words asked for, which add nothing */
};

struct sorted {
    struct feed *feeds;
    uint32_t n;
    uint32_t n_begun;      /* feeds that have their first word */
    uint32_t *tree;        /* the loser of each match; [0]: the winner of all */
    uint32_t pending;      /* the feed whose word was used up; NONE: none */
    struct entry *word;    /* being added up */
    int is_open;           /* there is one */
    int is_asked;          /* and it was asked for */
    struct formatter text; /* output that is not written yet */
    size_t written;        /* of it */
};

static uint64_t key_of(const char *word, size_t size)
{
    uint64_t key = 0;
    memcpy(&key, word, size < sizeof key ? size : sizeof key);
    return be64toh(key);
}

/* Whether the word of feed a comes before that of feed b; of equal ones, that of the first input.
 */
static int goes_before(const struct sorted *sorted, uint32_t a, uint32_t b)
{
    const struct feed *x = &sorted->feeds[a], *y = &sorted->feeds[b];
    if (x->is_over || y->is_over)
        return !x->is_over;
    if (x->key != y->key)
        return x->key < y->key;
    int order = order_words(x->word, x->word_size, y->word, y->word_size);
    return order != 0 ? order < 0 : a < b;
}

/* Lets feed i play its way up, as far as others have played. */
static void play(struct sorted *sorted, uint32_t i)
{
    uint32_t node = (i + sorted->n) / 2;
    for (; node > 0; node /= 2) {
        uint32_t other = sorted->tree[node];
        if (other == NONE) {
            sorted->tree[node] = i;
            return;
        }
        if (goes_before(sorted, other, i)) {
            sorted->tree[node] = i;
            i = other;
        }
    }
    sorted->tree[0] = i;
}

static int fail(struct wm_job *job, const struct feed *feed, int code, enum reject_reason reason,
                const char *text, size_t size)
{
    struct message_failed message = {.code = code,
                                     .system = errno,
                                     .reason = reason,
                                     .offset = feed->offset + feed->next,
                                     .lines = feed->n_lines};
    struct map_task task = {.input = feed->input};
    message.text_size = (uint32_t)(size < MESSAGE_TEXT_MAX ? size : MESSAGE_TEXT_MAX);
    if (size > 0)
        memcpy(message.text, text, message.text_size);
    return failure_explain(job, &message, &task);
}

/* The line at feed->next is bad: FEED_WAIT if it is to be skipped. */
static int reject(struct wm_job *job, const struct feed *feed, enum reject_reason reason,
                  const char *text, size_t size)
{
    struct map_task task = {.input = feed->input, .start = feed->offset + feed->next};
    struct message_failed first = {
        .code = WM_EBADLINE, .reason = reason, .offset = task.start, .lines = feed->n_lines};
    if (job->options.on_bad_line == WM_FAIL)
        return fail(job, feed, WM_EBADLINE, reason, text, size);
    job->stats.rejected++;
    if (failure_note_reject(job, &task, &first))
        return failure_explain(job, &job->reject.message, &job->reject.task);
    return FEED_WAIT;
}

/* Makes room for what is read next; the word before stays, for comparison. */
static int make_room(struct wm_job *job, struct feed *feed)
{
    size_t word = (size_t)(feed->word - feed->buffer);
    size_t keep = word < feed->next ? word : feed->next;
    memmove(feed->buffer, feed->buffer + keep, feed->size - keep);
    feed->offset += keep;
    feed->size -= keep;
    feed->next -= keep;
    feed->word -= keep;
    if (feed->capacity - feed->size >= READ_SIZE)
        return 0;
    if (feed->kind != FEED_TABLE && feed->size - feed->next >= LINE_SIZE_MAX) {
        int rc = reject(job, feed, REJECT_LONG, NULL, 0);
        feed->n_lines += !feed->is_long;
        feed->is_long = 1;
        feed->next = feed->size;
        return rc < 0 ? rc : make_room(job, feed);
    }
    char *buffer = realloc(feed->buffer, 2 * feed->capacity);
    if (!buffer)
        return error_memory(&job->error);
    feed->word = buffer + (feed->word - feed->buffer);
    feed->buffer = buffer;
    feed->capacity *= 2;
    return 0;
}

/* Reads once. FEED_LINE: there may be a line now; FEED_WAIT: there is nothing to read yet. */
static int fill(struct wm_job *job, struct feed *feed)
{
    struct pollfd ready = {feed->stream.fd, POLLIN, 0};
    if (feed->stream.watch.polls && poll(&ready, 1, 0) <= 0)
        return FEED_WAIT;
    int rc = make_room(job, feed);
    if (rc < 0)
        return rc;
    size_t room = feed->capacity - feed->size;
    uint64_t left = job->inputs.items[feed->input].size - (feed->offset + feed->size);
    if (feed->is_file && left < room)
        room = (size_t)left;
    ssize_t n = room > 0 ? read(feed->stream.fd, feed->buffer + feed->size, room) : 0;
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return FEED_WAIT;
    if (n < 0)
        return fail(job, feed, WM_EREAD, 0, NULL, 0);
    if (n == 0 && feed->is_file && left > 0)
        return fail(job, feed, WM_ECHANGED, 0, NULL, 0);
    feed->size += (size_t)n;
    feed->is_read = n == 0;
    job->stats.bytes += (uint64_t)n;
    return FEED_LINE;
}

/* Takes the line of size bytes at feed->next. FEED_LINE; FEED_WAIT: it was skipped. */
static int take_line(struct wm_job *job, struct feed *feed, size_t size)
{
    const char *line = feed->buffer + feed->next, *end = line + size, *field;
    size_t field_size;
    uint32_t word_size;
    end = line_text_end(line, end);
    enum reject_reason reason =
        counts_parse_line(line, end, &word_size, &feed->count, &field, &field_size);
    if (reason != 0)
        return reject(job, feed, reason, field, field_size);
    uint64_t key = key_of(line, word_size);
    if (key < feed->key ||
        (key == feed->key && order_words(line, word_size, feed->word, feed->word_size) < 0))
        return fail(job, feed, WM_EBADLINE, REJECT_ORDER, line, word_size);
    feed->key = key;
    feed->word = line;
    feed->word_size = word_size;
    return FEED_LINE;
}

/* Bytes of the line at feed->next and its LF, if all of them are there, else 0. */
static size_t next_line(const struct feed *feed, size_t *size)
{
    size_t left = feed->size - feed->next;
    const char *line = feed->buffer + feed->next, *lf = memchr(line, '\n', left);
    if (!lf && !feed->is_read)
        return 0;
    *size = lf ? (size_t)(lf - line) : left;
    size_t all = *size + (lf != NULL);
    /* Of an empty line it must be known whether it is the last one, which is none. */
    int is_empty = *size == 0 || (*size == 1 && *line == '\r');
    return is_empty && all == left && !feed->is_read ? 0 : all;
}

static int advance_asked(struct wm_job *job, struct feed *feed)
{
    feed->is_over = feed->next == job->options.n_words;
    if (feed->is_over)
        return FEED_END;
    feed->word = feed->asked[feed->next++];
    feed->word_size = (uint32_t)strlen(feed->word);
    feed->key = key_of(feed->word, feed->word_size);
    return FEED_LINE;
}

static int damaged(struct wm_job *job, const struct feed *feed)
{
    return fail(job, feed, WM_ETABLE, 0, NULL, 0);
}

/* Reads until there are size bytes from next on. FEED_LINE, or FEED_END: there are less. */
static int need(struct wm_job *job, struct feed *feed, size_t size)
{
    while (feed->size - feed->next < size) {
        if (feed->is_read)
            return FEED_END;
        int rc = fill(job, feed);
        if (rc != FEED_LINE)
            return rc;
    }
    return FEED_LINE;
}

/* The same where a file must not end. */
static int need_more(struct wm_job *job, struct feed *feed, size_t size)
{
    int rc = need(job, feed, size);
    return rc == FEED_END ? damaged(job, feed) : rc;
}

static int take_header(struct wm_job *job, struct feed *feed)
{
    uint32_t version = 0;
    int rc = need_more(job, feed, WMT_HEADER_SIZE);
    if (rc != FEED_LINE)
        return rc;
    rc = wmt_check_header(feed->buffer + feed->next, &version);
    if (rc < 0)
        return fail(job, feed, rc, (enum reject_reason)version, NULL, 0);
    feed->next += WMT_HEADER_SIZE;
    feed->has_header = 1;
    return FEED_LINE;
}

/* Index and footer must say what was read. */
static int take_end(struct wm_job *job, struct feed *feed)
{
    int rc = need(job, feed, SIZE_MAX);
    if (rc != FEED_END)
        return rc;
    if (wmt_check_end(feed->buffer + feed->next, feed->size - feed->next, feed->offset + feed->next,
                      feed->n_lines) < 0)
        return damaged(job, feed);
    feed->is_over = 1;
    return FEED_END;
}

/* FEED_LINE: there is another block; FEED_END: there is none. */
static int take_block(struct wm_job *job, struct feed *feed)
{
    int rc = need_more(job, feed, WMT_BLOCK_HEADER_SIZE);
    if (rc != FEED_LINE)
        return rc;
    int64_t size = wmt_block_size(feed->buffer + feed->next);
    if (size == 0)
        return take_end(job, feed);
    rc = size < 0 ? damaged(job, feed) : need_more(job, feed, (size_t)size);
    if (rc != FEED_LINE)
        return rc;
    feed->block_size = (size_t)size;
    if (wmt_cursor_begin(&feed->cursor, feed->buffer + feed->next, feed->block_size) < 0)
        return damaged(job, feed);
    return FEED_LINE;
}

static int advance_table(struct wm_job *job, struct feed *feed)
{
    int rc = feed->has_header ? FEED_LINE : take_header(job, feed);
    while (rc == FEED_LINE) {
        if (feed->block_size == 0) {
            rc = take_block(job, feed);
            if (rc != FEED_LINE)
                break;
        }
        struct wmt_cursor *cursor = &feed->cursor;
        int more = wmt_cursor_next(cursor);
        if (more < 0)
            return damaged(job, feed);
        if (more == 0) {
            feed->next += feed->block_size;
            feed->block_size = 0;
            continue;
        }
        uint64_t key = key_of(cursor->word, cursor->size);
        if (feed->n_lines++ > 0 &&
            (key < feed->key ||
             (key == feed->key &&
              order_words(cursor->word, cursor->size, feed->word, feed->word_size) <= 0)))
            return damaged(job, feed);
        feed->key = key;
        feed->word = cursor->word;
        feed->word_size = cursor->size;
        feed->count = cursor->count;
        job->stats.lines++;
        return FEED_LINE;
    }
    return rc;
}

/* A table file is told by its first bytes. */
static int take_kind(struct wm_job *job, struct feed *feed)
{
    int rc = need(job, feed, WMT_HEADER_SIZE);
    if (rc == FEED_WAIT || rc < 0)
        return rc;
    feed->kind = rc == FEED_LINE && wmt_is_magic(feed->buffer) ? FEED_TABLE : FEED_LINES;
    return FEED_LINE;
}

/* Goes on to the next word of the feed. FEED_END, FEED_LINE, FEED_WAIT or a WM_E code. */
static int advance(struct wm_job *job, struct feed *feed)
{
    int rc = FEED_WAIT;
    if (feed->asked)
        return advance_asked(job, feed);
    if (feed->kind == FEED_NEW) {
        int known = take_kind(job, feed);
        if (known != FEED_LINE)
            return known;
    }
    if (feed->kind == FEED_TABLE)
        return advance_table(job, feed);
    while (rc == FEED_WAIT) {
        size_t size = 0, all = next_line(feed, &size);
        if (all == 0 && !feed->is_read) {
            rc = fill(job, feed);
            if (rc != FEED_LINE)
                return rc;
            rc = FEED_WAIT;
            continue;
        }
        int is_last = feed->is_read && feed->next + all == feed->size;
        feed->is_over =
            all == 0 || (is_last && all <= 2 && scan_trim_end(feed->buffer + feed->next, all) == 0);
        if (feed->is_over)
            return FEED_END;
        if (!feed->is_long) {
            rc = take_line(job, feed, size);
            feed->n_lines++;
            job->stats.lines++;
            job->stats.counted = job->stats.lines - job->stats.rejected;
        }
        feed->is_long = 0;
        feed->next += all;
    }
    return rc;
}

/* Writes what there is. 0, WM_RUNNING or a WM_E code. */
static int write_text(struct wm_job *job, struct sorted *sorted)
{
    struct formatter *text = &sorted->text;
    formatter_end(text);
    if (job->options.output || job->options.output_fd >= 0) {
        int rc = envelope_head(&job->envelope, &job->spec.columns, &job->output, &job->error);
        if (rc == 0)
            rc = output_write_some(&job->output, text->data, text->size, &sorted->written,
                                   &job->error);
        if (rc == 0)
            rc = envelope_note(&job->envelope, text->data, text->size, &job->error);
        if (rc != 0)
            return rc;
    }
    text->size = sorted->written = 0;
    return 0;
}

/* The word that was added up goes to the output, if it counts. There is room. */
static int end_word(struct wm_job *job, struct sorted *sorted)
{
    const struct entry *entry = sorted->word;
    if (!sorted->is_open)
        return 0;
    sorted->is_open = 0;
    if (entry->count < job->options.min_count || (job->options.n_words > 0 && !sorted->is_asked) ||
        (job->options.top > 0 && job->n_words == job->options.top))
        return 0;
    if (job->spec.filter) {
        struct filter_word word = {entry->key, entry->size, 0};
        int rc = filter_word(job->spec.filter, NULL, &word);
        if (rc <= 0)
            return rc < 0 ? error_memory(&job->error) : 0;
    }
    job->n_words++;
    formatter_add(&sorted->text, entry);
    return 0;
}

/* Adds the least word of all to the one that is being added up, or begins with it. */
static int take_word(struct wm_job *job, struct sorted *sorted, const struct feed *feed)
{
    struct entry *entry = sorted->word;
    if (!sorted->is_open || entry->hash != feed->key ||
        order_words(entry->key, entry->size, feed->word, feed->word_size) != 0) {
        int rc = end_word(job, sorted);
        if (rc < 0)
            return rc;
        entry->hash = feed->key;
        entry->size = feed->word_size;
        entry->count = feed->count;
        memcpy(entry->key, feed->word, feed->word_size);
        sorted->is_open = 1;
        sorted->is_asked = feed->asked != NULL;
        return 0;
    }
    sorted->is_asked |= feed->asked != NULL;
    if (reduce_count(job->spec.reduce, &entry->count, feed->count) == 0)
        return 0;
    return fail(job, feed, WM_EOVERFLOW, 0, entry->key, entry->size);
}

/* A file is always ready: its read was interrupted. */
static int wait_for(struct wm_job *job, struct feed *feed)
{
    watch_set(&feed->stream.watch, 1);
    job->pool.dirty |= !feed->stream.watch.polls;
    return WM_RUNNING;
}

/* 1: there are more lines; 0: all is merged; or what ended it. */
static int merge(struct wm_job *job, struct sorted *sorted)
{
    while (sorted->n_begun < sorted->n) {
        struct feed *feed = &sorted->feeds[sorted->n_begun];
        int rc = advance(job, feed);
        if (rc == FEED_WAIT)
            return wait_for(job, feed);
        if (rc < 0)
            return rc;
        play(sorted, sorted->n_begun++);
    }
    for (int i = 0; i < STEP_LINES; i++) {
        if (sorted->pending != NONE) {
            struct feed *feed = &sorted->feeds[sorted->pending];
            int rc = advance(job, feed);
            if (rc == FEED_WAIT)
                return wait_for(job, feed);
            if (rc < 0)
                return rc;
            play(sorted, sorted->pending);
            sorted->pending = NONE;
        }
        const struct feed *least = &sorted->feeds[sorted->tree[0]];
        if (sorted->text.size > 0 &&
            formatter_most(&sorted->text, WORD_SIZE_MAX) > TEXT_SIZE - sorted->text.size) {
            int rc = write_text(job, sorted);
            if (rc != 0)
                return rc;
        }
        if (least->is_over)
            return end_word(job, sorted);
        int rc = take_word(job, sorted, least);
        if (rc < 0)
            return rc;
        sorted->pending = sorted->tree[0];
    }
    job->pool.dirty = 1;
    return WM_RUNNING;
}

void sorted_step(struct wm_job *job)
{
    struct sorted *sorted = job->sorted;
    int rc = job->phase == WM_PHASE_WRITE ? 0 : merge(job, sorted);
    if (rc == 0) {
        if (job->phase != WM_PHASE_WRITE)
            job_enter_phase(job, WM_PHASE_WRITE);
        rc = write_text(job, sorted);
        job->stats.replaced = sorted->text.n_replaced;
    }
    if (rc == 0 && (job->options.output || job->options.output_fd >= 0))
        rc = envelope_tail(&job->envelope, &job->output, &job->error);
    if (rc == 0)
        rc = output_commit(&job->output, &job->error);
    if (rc != WM_RUNNING)
        job_end(job, rc);
}

static void on_ready(uv_poll_t *handle, int status, int events)
{
    struct feed *feed = handle->data;
    (void)status;
    (void)events;
    watch_set(&feed->stream.watch, 0);
}

static int compare_asked(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* The words asked for are one more input, which has each with what a combination of nothing is. */
static int make_asked(struct wm_job *job, struct feed *feed)
{
    const wm_options *options = &job->options;
    feed->asked = malloc(options->n_words * sizeof *feed->asked);
    if (!feed->asked)
        return error_memory(&job->error);
    memcpy(feed->asked, options->words, options->n_words * sizeof *feed->asked);
    qsort(feed->asked, options->n_words, sizeof *feed->asked, compare_asked);
    feed->count = options->reduce == WM_MIN ? UINT64_MAX : 0;
    return 0;
}

int sorted_begin(struct wm_job *job)
{
    uint32_t n_inputs = (uint32_t)job->inputs.n, n = n_inputs + (job->options.n_words > 0);
    struct sorted *sorted = job->sorted = calloc(1, sizeof *sorted);
    if (!sorted)
        return error_memory(&job->error);
    sorted->feeds = calloc(n, sizeof *sorted->feeds);
    sorted->tree = malloc(n * sizeof *sorted->tree);
    sorted->word = malloc(entry_stride(WORD_SIZE_MAX));
    sorted->text = (struct formatter){.columns = &job->spec.columns, .format = job->spec.format};
    sorted->text.data = malloc(TEXT_SIZE);
    if (!sorted->feeds || !sorted->tree || !sorted->word || !sorted->text.data)
        return error_memory(&job->error);
    sorted->pending = NONE;
    for (uint32_t i = 0; i < n; i++) {
        struct feed *feed = &sorted->feeds[i];
        sorted->tree[i] = NONE;
        feed->stream.fd = -1;
        sorted->n++;
        if (i == n_inputs)
            return make_asked(job, feed);
        const struct input *input = &job->inputs.items[i];
        feed->input = i;
        if (!job->inputs.is_stream[i] && input->packing != PACKING_NONE)
            return error_set(&job->error, WM_EINVAL,
                             "'%s' is compressed: with --sorted, decompress it into a pipe",
                             input_name(input));
        feed->is_file = !job->inputs.is_stream[i];
        feed->offset = feed->is_file ? input->start : 0;
        feed->capacity = 2 * READ_SIZE;
        feed->word = feed->buffer = malloc(feed->capacity);
        if (!feed->buffer)
            return error_memory(&job->error);
        int rc = stream_open(&feed->stream, &job->loop, input->path, input->fd, on_ready, feed,
                             &job->error);
        if (rc < 0) {
            feed->stream.fd = -1;
            return rc;
        }
    }
    return 0;
}

void sorted_end(struct sorted *sorted)
{
    for (uint32_t i = 0; sorted && i < sorted->n; i++)
        stream_close(&sorted->feeds[i].stream);
}

void sorted_free(struct sorted *sorted)
{
    if (!sorted)
        return;
    for (uint32_t i = 0; i < sorted->n; i++) {
        free(sorted->feeds[i].buffer);
        free(sorted->feeds[i].asked);
    }
    free(sorted->feeds);
    free(sorted->tree);
    free(sorted->word);
    free(sorted->text.data);
    free(sorted);
}
