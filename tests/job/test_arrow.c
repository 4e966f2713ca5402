/*
 * Words as Arrow streams: of a result and of a table they are the lines that are written, and parts
 * of a stream live as long as their consumer has them.
 */
#include <errno.h>

#include "api/arrow_abi.h"
#include "blocks.h"

/* Reads a batch as a consumer does: columns are found by their names. */
struct batch {
    struct ArrowSchema schema;
    struct ArrowArray array;
};

static const struct ArrowArray *column(const struct batch *batch, const char *name,
                                       const char *format)
{
    for (int64_t i = 0; i < batch->schema.n_children; i++) {
        if (strcmp(batch->schema.children[i]->name, name) != 0)
            continue;
        assert_string_equal(batch->schema.children[i]->format, format);
        return batch->array.children[i];
    }
    return NULL;
}

static void print_batch(struct bytes *out, const struct batch *batch, const char *words,
                        const char *const *columns)
{
    const struct ArrowArray *word = column(batch, "word", words);
    const int64_t *offsets = word->buffers[1];
    const char *text = word->buffers[2];
    for (int64_t i = 0; i < batch->array.length; i++) {
        bytes_add(out, text + offsets[i], (size_t)(offsets[i + 1] - offsets[i]));
        for (size_t j = 0; columns[j]; j++) {
            const struct ArrowArray *array = column(batch, columns[j], "L");
            const unsigned char *valid = array->buffers[0];
            assert_int_equal(array->length, batch->array.length);
            if (!valid || valid[i / 8] >> i % 8 & 1)
                bytes_print(out, "\t%llu",
                            (unsigned long long)((const uint64_t *)array->buffers[1])[i]);
        }
        bytes_add(out, "\n", 1);
    }
}

static struct bytes stream_of(struct ArrowArrayStream *stream, const char *words,
                              const char *const *columns)
{
    struct bytes lines = {0};
    struct batch batch;
    assert_int_equal(stream->get_schema(stream, &batch.schema), 0);
    assert_string_equal(batch.schema.format, "+s");
    for (;;) {
        assert_int_equal(stream->get_next(stream, &batch.array), 0);
        if (!batch.array.release)
            break;
        print_batch(&lines, &batch, words, columns);
        batch.array.release(&batch.array);
        assert_null(batch.array.release);
    }
    batch.schema.release(&batch.schema);
    stream->release(stream);
    assert_null(stream->release);
    return lines;
}

static void a_stream_is_the_lines_of_a_result_and_of_a_table(void **state)
{
    (void)state;
    static const char *const columns[] = {"count", NULL};
    for (int text = 0; text < 2; text++) {
        wm_options o = job_options(2, 0);
        o.output = files.output;
        o.output_format = WM_OUTPUT_TABLE;
        o.match = text ? "^[a-z]*$" : NULL; /* others are no text */
        wm_result *result = run(&o, files.big);
        struct bytes all = lines_of(result);
        struct ArrowArrayStream stream;
        enum wm_arrow words = text ? WM_ARROW_TEXT : WM_ARROW_BYTES;
        assert_int_equal(wm_result_arrow(result, NULL, words, &stream, NULL), 0);
        wm_result_free(result); /* which the stream holds */
        assert_lines(stream_of(&stream, text ? "U" : "Z", columns), &all, "a stream");

        wm_table *table;
        assert_int_equal(wm_table_open(files.output, &table, NULL), 0);
        assert_int_equal(wm_table_arrow(table, NULL, words, &stream, NULL), 0);
        wm_table_close(table);
        assert_lines(stream_of(&stream, text ? "U" : "Z", columns), &all, "a stream of a table");
        bytes_release(&all);
        unlink(files.output);
    }
    assert_nothing_left();
}

static void a_stream_has_years_and_values(void **state)
{
    (void)state;
    static const char *const columns[] = {"year", "volumes", "matches", NULL};
    static const char *const wanted[] = {"b", "no"};
    char path[300];
    save("several", several, path);
    for (int i = 0; i < 2; i++) {
        wm_options o = job_options(0, 0);
        o.by = WM_BY_YEAR;
        o.values = "volumes,matches";
        o.rank = 1;
        o.words = wanted; /* one is in no year */
        o.n_words = i ? 2 : 0;
        wm_result *result = run(&o, path);
        struct bytes lines = lines_of(result), all = {0};
        /* Without ranks, which are no whole numbers. */
        for (char *at = lines.data; at < lines.data + lines.size;) {
            char *end = strchr(at, '\n'), *stop = end;
            for (int j = 0; j < 3; j++)
                stop = memrchr(at, '\t', (size_t)(stop - at));
            bytes_add(&all, at, (size_t)(stop - at));
            bytes_add(&all, "\n", 1);
            at = end + 1;
        }
        struct ArrowArrayStream stream;
        assert_int_equal(wm_result_arrow(result, NULL, WM_ARROW_BYTES, &stream, NULL), 0);
        assert_lines(stream_of(&stream, "Z", columns), &all, "a stream by year");
        bytes_release(&lines);
        bytes_release(&all);
        wm_result_free(result);
    }
    unlink(path);
}

static void a_column_outlives_its_batch_and_its_stream(void **state)
{
    (void)state;
    wm_options o = job_options(0, 0);
    wm_result *result = run(&o, files.small);
    struct ArrowArrayStream stream;
    assert_int_equal(wm_result_arrow(result, NULL, WM_ARROW_BYTES, &stream, NULL), 0);
    uint64_t n = wm_result_size(result), first, sum = 0;
    struct ArrowArray batch, counts;
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    counts = *batch.children[1]; /* moved */
    batch.children[1]->release = NULL;
    batch.release(&batch);
    stream.release(&stream);
    wm_result_free(result);
    assert_int_equal(counts.length, n);
    const uint64_t *values = counts.buffers[1];
    for (uint64_t i = 0; i < n; i++)
        sum += values[i];
    first = values[0];
    assert_true(first > 0 && sum >= first);
    counts.release(&counts);
    assert_nothing_left();
}

static void a_word_that_is_no_text_ends_a_stream_of_text(void **state)
{
    (void)state;
    char path[300];
    wm_options o = job_options(0, 0);
    wm_result *result = run(&o, save("several", several, path));
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    assert_int_equal(wm_result_arrow(result, NULL, WM_ARROW_TEXT, &stream, NULL), 0);
    assert_null(stream.get_last_error(&stream));
    assert_int_equal(stream.get_next(&stream, &batch), EILSEQ);
    assert_null(batch.release);
    assert_string_equal(stream.get_last_error(&stream), "'\\xff' is not UTF-8: ask for bytes");
    stream.release(&stream);
    wm_error error;
    assert_int_equal(wm_result_arrow(result, NULL, (enum wm_arrow)2, &stream, &error), WM_EINVAL);
    assert_int_equal(wm_result_arrow(result, NULL, WM_ARROW_TEXT, NULL, &error), WM_EINVAL);
    wm_result_free(result);
    unlink(path);
    assert_nothing_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_the_lines_of_a_result_and_of_a_table),
        cmocka_unit_test(a_stream_has_years_and_values),
        cmocka_unit_test(a_column_outlives_its_batch_and_its_stream),
        cmocka_unit_test(a_word_that_is_no_text_ends_a_stream_of_text),
    };
    return cmocka_run_group_tests_name("arrow", tests, make_files, remove_files);
}
