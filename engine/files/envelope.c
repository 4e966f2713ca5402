/*
 * Head, words and tail are states that are left once all is written. So whoever has to wait for a
 * reader calls the same function again, and it goes on where it was.
 */
#include "files/envelope.h"

#include <stdlib.h>

#include "error.h"
#include "output/format.h"
#include "output/formatter.h"
#include "wmt/wmt_write.h"

static int write_on(struct envelope *envelope, struct output *output, wm_error *error)
{
    if (envelope->written < envelope->size) {
        int rc =
            output_write_some(output, envelope->text, envelope->size, &envelope->written, error);
        if (rc != 0)
            return rc;
    }
    free(envelope->text);
    envelope->text = NULL;
    envelope->state++;
    return 0;
}

int envelope_head(struct envelope *envelope, const struct columns *columns, struct output *output,
                  wm_error *error)
{
    if (envelope->state == ENVELOPE_NEW) {
        envelope->text = malloc(OUTPUT_MORE_MAX);
        if (!envelope->text)
            return error_memory(error);
        envelope->packer.n_more = columns->n_more;
        struct formatter text = {
            .columns = columns, .format = envelope->format, .data = envelope->text};
        formatter_begin(&text);
        envelope->size = text.size;
        envelope->written = 0;
        envelope->state = ENVELOPE_HEAD;
    }
    return envelope->state == ENVELOPE_HEAD ? write_on(envelope, output, error) : 0;
}

int envelope_words(struct envelope *envelope, const void *words, size_t size, size_t *written,
                   struct output *output, wm_error *error)
{
    struct wmt_packer *packer = &envelope->packer;
    if (!envelope->format->is_table)
        return output_write_some(output, words, size, written, error);
    if (!envelope->is_packed && wmt_pack(packer, words, size) < 0)
        return error_memory(error);
    envelope->is_packed = 1;
    int rc = output_write_some(output, packer->data, packer->size, written, error);
    if (rc != 0)
        return rc;
    wmt_pack_forget(packer);
    envelope->is_packed = 0;
    return 0;
}

int envelope_tail(struct envelope *envelope, struct output *output, wm_error *error)
{
    if (envelope->state == ENVELOPE_WORDS) {
        envelope->size = envelope->written = 0;
        if (envelope->format->is_table) {
            envelope->text = wmt_pack_end(&envelope->packer, &envelope->size);
            if (!envelope->text)
                return error_memory(error);
        }
        envelope->state = ENVELOPE_TAIL;
    }
    return envelope->state == ENVELOPE_TAIL ? write_on(envelope, output, error) : 0;
}

void envelope_release(struct envelope *envelope)
{
    wmt_packer_release(&envelope->packer);
    free(envelope->text);
    envelope->text = NULL;
}
