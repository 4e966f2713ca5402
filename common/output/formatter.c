/* Whoever calls has looked whether there is room for the word, so nothing here asks for it. */
#include "output/formatter.h"

#include "words/entry.h"

void formatter_begin(struct formatter *text)
{
    if (text->format->header)
        text->size += text->format->header(text->data + text->size, text->columns);
}

void formatter_add(struct formatter *text, const struct entry *entry)
{
    if (columns_have(text->columns, COLUMN_PER_MILLION))
        text->n_beyond += (uint64_t)columns_are_beyond(text->columns, entry);
    text->size +=
        text->format->add(text->data + text->size, text->columns, entry, &text->n_replaced);
}
