/*
 * Words as an Arrow C stream of record batches, each of which is a block: its arrays become Arrow's
 * buffers as they are. A consumer may keep or move each column on its own, so each is freed alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/arrow_abi.h"
#include "api/cursor.h"
#include "base/utf8.h"
#include "error.h"

#define COLUMNS_MAX (1 + 1 + 1 + ENTRY_MORE_MAX + N_COLUMNS)

/* A column: what it is called, how Arrow calls its type, and the array of the block. */
struct column_type {
    const char *name;
    const char *format;
    void **array;
    int may_be_null;
};

struct stream {
    wm_cursor *cursor;
    struct column_type columns[COLUMNS_MAX];
    unsigned n_columns;
    int is_text;
    wm_error error;
};

/* Of a schema or an array with its children, in one piece of memory. */
struct schema_memory {
    struct ArrowSchema items[COLUMNS_MAX];
    struct ArrowSchema *children[COLUMNS_MAX];
};

struct array_memory {
    struct ArrowArray items[COLUMNS_MAX];
    struct ArrowArray *children[COLUMNS_MAX];
    const void *no_nulls;
};

/* Of one column. */
struct column_memory {
    const void *buffers[3];
    void *owned[3];
};

static void release_column_schema(struct ArrowSchema *schema)
{
    schema->release = NULL; /* all that it points to is static */
}

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release)
            schema->children[i]->release(schema->children[i]);
    free(schema->private_data);
    schema->release = NULL;
}

static int get_schema(struct ArrowArrayStream *arrow, struct ArrowSchema *out)
{
    const struct stream *stream = arrow->private_data;
    struct schema_memory *memory = calloc(1, sizeof *memory);
    if (!memory)
        return ENOMEM;
    for (unsigned i = 0; i < stream->n_columns; i++) {
        const struct column_type *type = &stream->columns[i];
        memory->children[i] = &memory->items[i];
        memory->items[i] =
            (struct ArrowSchema){.format = type->format,
                                 .name = type->name,
                                 .flags = type->may_be_null ? ARROW_FLAG_NULLABLE : 0,
                                 .release = release_column_schema};
    }
    *out = (struct ArrowSchema){.format = "+s",
                                .name = "",
                                .n_children = stream->n_columns,
                                .children = memory->children,
                                .release = release_schema,
                                .private_data = memory};
    return 0;
}

static void release_column(struct ArrowArray *array)
{
    struct column_memory *memory = array->private_data;
    for (size_t i = 0; i < sizeof memory->owned / sizeof *memory->owned; i++)
        free(memory->owned[i]);
    free(memory);
    array->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
    free(array->private_data);
    array->release = NULL;
}

static void *take_array(void **array)
{
    void *taken = *array;
    *array = NULL;
    return taken;
}

/* One bit a word, set where it has a year; NULL and *n_nulls -1: no memory. */
static unsigned char *find_nulls(uint64_t *years, size_t n, int64_t *n_nulls)
{
    unsigned char *valid = calloc(n / 8 + 1, 1);
    *n_nulls = valid ? 0 : -1;
    for (size_t i = 0; i < n && valid; i++) {
        if (years[i] != UINT64_MAX) {
            valid[i / 8] |= (unsigned char)(1u << i % 8);
            continue;
        }
        years[i] = 0;
        ++*n_nulls;
    }
    return valid;
}

/* Gives the column of the block to Arrow. 0 or ENOMEM. */
static int export_column(struct stream *stream, unsigned i, size_t n, struct ArrowArray *out)
{
    const struct column_type *type = &stream->columns[i];
    struct column_memory *memory = calloc(1, sizeof *memory);
    if (!memory)
        return ENOMEM;
    *out = (struct ArrowArray){.length = (int64_t)n,
                               .n_buffers = i == 0 ? 3 : 2,
                               .buffers = memory->buffers,
                               .release = release_column,
                               .private_data = memory};
    memory->owned[1] = take_array(type->array);
    if (i == 0)
        memory->owned[2] = take_array((void **)&stream->cursor->block.words);
    if (type->may_be_null)
        memory->owned[0] = find_nulls(memory->owned[1], n, &out->null_count);
    memcpy(memory->buffers, memory->owned, sizeof memory->buffers);
    return out->null_count < 0 ? ENOMEM : 0;
}

/* Whether each word is UTF-8 on its own; else *bad is one that is not. */
static int are_text(const wm_block *block, uint64_t *bad)
{
    for (uint64_t i = 0; i < block->n_words; i++) {
        const char *word = block->words + block->offsets[i];
        if (utf8_is_valid(word, (size_t)(block->offsets[i + 1] - block->offsets[i])))
            continue;
        *bad = i;
        return 0;
    }
    return 1;
}

/* Gives all columns of the block to Arrow. 0 or ENOMEM. */
static int export_block(struct stream *stream, const wm_block *block, struct ArrowArray *out)
{
    struct array_memory *memory = calloc(1, sizeof *memory);
    int rc = memory ? 0 : ENOMEM;
    if (rc == 0)
        *out = (struct ArrowArray){.length = (int64_t)block->n_words,
                                   .n_buffers = 1,
                                   .buffers = &memory->no_nulls,
                                   .n_children = stream->n_columns,
                                   .children = memory->children,
                                   .release = release_array,
                                   .private_data = memory};
    for (unsigned i = 0; i < stream->n_columns && memory; i++) {
        memory->children[i] = &memory->items[i];
        if (rc == 0)
            rc = export_column(stream, i, block->n_words, &memory->items[i]);
    }
    if (rc != 0)
        error_memory(&stream->error);
    if (rc != 0 && memory)
        release_array(out);
    /* What went out is gone, and what did not is of no use. */
    block_release(&stream->cursor->block);
    return rc;
}

static int get_next(struct ArrowArrayStream *arrow, struct ArrowArray *out)
{
    struct stream *stream = arrow->private_data;
    const wm_block *block;
    uint64_t bad;
    out->release = NULL; /* what says that there are no more */
    int rc = wm_cursor_block(stream->cursor, 0, &block, &stream->error);
    if (rc <= 0)
        return rc == WM_ENOMEM ? ENOMEM : rc < 0 ? EIO : 0;
    if (!stream->is_text || are_text(block, &bad))
        return export_block(stream, block, out);
    error_set(&stream->error, WM_EINVAL, "'%.*s' is not UTF-8: ask for bytes",
              (int)(block->offsets[bad + 1] - block->offsets[bad]),
              block->words + block->offsets[bad]);
    return EILSEQ;
}

static const char *get_last_error(struct ArrowArrayStream *arrow)
{
    const struct stream *stream = arrow->private_data;
    return stream->error.code != 0 ? stream->error.message : NULL;
}

static void release_stream(struct ArrowArrayStream *arrow)
{
    struct stream *stream = arrow->private_data;
    wm_cursor_free(stream->cursor);
    free(stream);
    arrow->release = NULL;
}

static void add_column(struct stream *stream, const char *name, const char *format, void *array)
{
    stream->columns[stream->n_columns++] =
        (struct column_type){.name = name, .format = format, .array = array};
}

/* In the order of CSV. Names are static strings. */
static void list_columns(struct stream *stream)
{
    struct block *block = &stream->cursor->block;
    const struct columns *columns = stream->cursor->columns;
    add_column(stream, "word", stream->is_text ? "U" : "Z", &block->offsets);
    if (columns->period) {
        add_column(stream, columns->period, "L", &block->years);
        stream->columns[1].may_be_null = 1;
    }
    for (unsigned i = 0; i <= columns->n_more; i++)
        add_column(stream, columns->n_more > 0 ? columns->names[i] : "count", "L",
                   &block->counts[i]);
    if (columns_have(columns, COLUMN_RANK))
        add_column(stream, column_name(COLUMN_RANK), "L", &block->ranks);
    for (enum column i = COLUMN_PERCENT; i < N_COLUMNS; i++)
        if (columns_have(columns, i))
            add_column(stream, column_name(i), "g", &block->shares[i]);
}

/* Takes the cursor, also when it fails. */
static int open_stream(wm_cursor *cursor, enum wm_arrow words, struct ArrowArrayStream *out,
                       wm_error *error)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream) {
        wm_cursor_free(cursor);
        return error_memory(error);
    }
    stream->cursor = cursor;
    stream->is_text = words == WM_ARROW_TEXT;
    list_columns(stream);
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release_stream,
                                     .private_data = stream};
    return 0;
}

static int check(enum wm_arrow words, const struct ArrowArrayStream *out, wm_error *error)
{
    if (!out)
        return error_null(error, "the stream");
    if (words != WM_ARROW_BYTES && words != WM_ARROW_TEXT)
        return error_set(error, WM_EINVAL, "words are bytes or text");
    return 0;
}

int wm_result_arrow(const wm_result *result, const wm_selection *selection, enum wm_arrow words,
                    struct ArrowArrayStream *out, wm_error *error)
{
    wm_cursor *cursor = NULL;
    int rc = check(words, out, error);
    if (rc == 0)
        rc = wm_result_cursor(result, selection, &cursor, error);
    return rc < 0 ? rc : open_stream(cursor, words, out, error);
}

int wm_table_arrow(const wm_table *table, const wm_selection *selection, enum wm_arrow words,
                   struct ArrowArrayStream *out, wm_error *error)
{
    wm_cursor *cursor = NULL;
    int rc = check(words, out, error);
    if (rc == 0)
        rc = wm_table_cursor(table, selection, &cursor, error);
    return rc < 0 ? rc : open_stream(cursor, words, out, error);
}
