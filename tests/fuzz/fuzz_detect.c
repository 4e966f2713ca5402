/*
 * What an input is taken for: always one of the kinds, with what belongs to it, and the same with a
 * byte order mark before it.
 */
#include "fuzz.h"
#include "input/detect.h"
#include "input/formats.h"
#include "input/text.h"

static void check_look(const struct input_look *look)
{
    const struct input_format *format = input_format_at(look->format);
    check(look->kind <= INPUT_UNKNOWN);
    if (look->kind == INPUT_LINES || look->kind == INPUT_MIXED)
        check(format && format->is_line);
    if (look->kind == INPUT_TEXT)
        check(format == &input_text);
    check((look->kind == INPUT_MARKUP) == (look->markup != NULL));
    if (look->kind == INPUT_PAIRS)
        check(look->value_column == 2 || look->value_column == 3);
    if (look->kind == INPUT_WIDE)
        check(look->encoding);
    if (look->kind == INPUT_TABLE)
        check(look->key_column > 0 && look->value_column > 0 &&
              look->key_column != look->value_column && memchr("\t,;", look->delimiter, 3));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *marked = malloc(INPUT_MARK_SIZE + size);
    char *text = malloc(size + 1); /* of its own, for the sanitizers */
    check(marked && text);
    memcpy(marked, "\xEF\xBB\xBF", INPUT_MARK_SIZE);
    memcpy(marked + INPUT_MARK_SIZE, data, size);
    memcpy(text, data, size);
    struct input_look look = input_detect(text, size);
    check_look(&look);
    input_find_periods(&look, text, size);
    check((look.periods.some & ~30u) == 0);
    struct input_look with_mark = input_detect(marked, INPUT_MARK_SIZE + size);
    check_look(&with_mark);
    if (size < 8192 && look.kind != INPUT_WIDE && with_mark.kind != INPUT_WIDE &&
        !input_has_mark(text, size))
        check(with_mark.kind == look.kind && with_mark.delimiter == look.delimiter);
    free(marked);
    free(text);
    return 0;
}
