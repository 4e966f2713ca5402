/* Each format says which lines are its own (input/format.h). */
#include "input/detect.h"

#include <string.h>

#include "input/formats.h"
#include "input/v1_v2.h"

/* What a line is; 0: nothing that is known. */
static unsigned format_of(const char *line, const char *end, int is_whole)
{
    const struct input_format *format;
    for (unsigned i = 1; (format = input_format_at(i)) != NULL; i++)
        if (format->is_line && format->is_line(line, end, is_whole))
            return i;
    return 0;
}

/* What an input is that has no line of any format. */
static unsigned format_starting(const char *data, size_t size)
{
    const struct input_format *format;
    for (unsigned i = 1; (format = input_format_at(i)) != NULL; i++)
        if (format->is_start && format->is_start(data, size))
            return i;
    return input_format_number(&input_v2);
}

unsigned input_detect(const char *data, size_t size)
{
    size_t n_lines[INPUT_FORMATS_MAX] = {0};
    const char *line = data, *end = data + size, *lf;
    unsigned most = 0;
    for (; (lf = memchr(line, '\n', (size_t)(end - line))) != NULL; line = lf + 1) {
        unsigned format = format_of(line, lf, 1);
        if (format != 0 && (++n_lines[format] > n_lines[most] || most == 0))
            most = format;
    }
    if (most == 0 && line < end)
        most = format_of(line, end, 0);
    if (most == 0 && line < end)
        most = format_of(line, end, 1);
    return most != 0 ? most : format_starting(data, size);
}
