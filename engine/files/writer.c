/*
 * A formatter that fills half a megabyte, and an envelope that writes it. So few calls of the
 * system are made, and a table file gets blocks of the same words however it is written.
 */
#include "files/writer.h"

#include <stdlib.h>

#include "error.h"

#define WRITE_SIZE (512u << 10)
_Static_assert(OUTPUT_WORD_MAX <= WRITE_SIZE, "a word does not fit");

int writer_open(struct writer *writer, const struct output_format *format,
                const struct columns *columns, int fd, wm_error *error)
{
    *writer = (struct writer){
        .envelope.format = format, .text = {.columns = columns, .format = format}, .error = error};
    writer->text.data = malloc(WRITE_SIZE);
    if (!writer->text.data)
        return error_memory(error);
    return output_open(&writer->output, NULL, fd, error);
}

int writer_head(struct writer *writer)
{
    if (writer->envelope.format->is_table)
        return envelope_head(&writer->envelope, writer->text.columns, &writer->output,
                             writer->error);
    /* It goes out with the first words, so not at all if there is no telling which they are. */
    formatter_begin(&writer->text);
    return 0;
}

int writer_flush(struct writer *writer)
{
    struct formatter *text = &writer->text;
    size_t written = 0;
    int rc = envelope_words(&writer->envelope, text->data, text->size, &written, &writer->output,
                            writer->error);
    text->size = 0;
    return rc;
}

int writer_add(struct writer *writer, const struct entry *entry)
{
    if (formatter_most(&writer->text, entry->size) > WRITE_SIZE - writer->text.size) {
        int rc = writer_flush(writer);
        if (rc < 0)
            return rc;
    }
    formatter_add(&writer->text, entry);
    return 0;
}

int writer_end(struct writer *writer)
{
    int rc = writer_flush(writer);
    return rc < 0 ? rc : envelope_tail(&writer->envelope, &writer->output, writer->error);
}

void writer_release(struct writer *writer)
{
    envelope_release(&writer->envelope);
    free(writer->text.data);
    writer->text.data = NULL;
}
