/*
 * Workers and the layers below return codes without words. They have the numbers of the public
 * codes, which is asserted here, so no code is ever translated.
 */
#include "error.h"

#include <ctype.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/code.h"
#include "filter/filter.h"
#include "words/entry.h"

_Static_assert((int)CODE_NOMEM == WM_ENOMEM && (int)CODE_OPEN == WM_EOPEN &&
                   (int)CODE_READ == WM_EREAD && (int)CODE_CHANGED == WM_ECHANGED &&
                   (int)CODE_BAD_LINE == WM_EBADLINE && (int)CODE_OVERFLOW == WM_EOVERFLOW &&
                   (int)CODE_LIMIT == WM_ELIMIT && (int)CODE_WRITE == WM_EWRITE &&
                   (int)CODE_WORKER == WM_EWORKER && (int)CODE_FORK == WM_EFORK &&
                   (int)CODE_PROTOCOL == WM_EPROTOCOL && (int)CODE_TABLE == WM_ETABLE &&
                   (int)CODE_VERSION == WM_EVERSION && (int)CODE_DAMAGED == WM_EDAMAGED &&
                   (int)CODE_MATCH == WM_EMATCH,
               "common/base/code.h and wordmill.h disagree");
_Static_assert((int)REDUCE_SUM == WM_SUM && (int)REDUCE_MIN == WM_MIN && (int)REDUCE_MAX == WM_MAX,
               "common/words/entry.h and wordmill.h disagree");
_Static_assert((int)FOLD_NONE == WM_FOLD_NONE && (int)FOLD_LOWER == WM_FOLD_LOWER &&
                   (int)FOLD_DOMINANT == WM_FOLD_DOMINANT,
               "common/filter/filter.h and wordmill.h disagree");

int error_set(wm_error *error, int code, const char *format, ...)
{
    if (!error)
        return code;
    char message[2 * sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    *error = (wm_error){.code = code};
    /* Names of files and bytes of lines stand in it. */
    wm_quote(message, strlen(message), error->message, sizeof error->message);
    return code;
}

/* What an error is, in English whatever the locale, or NULL. */
static const char *description(int number)
{
#ifdef HAVE_STRERRORDESC
    return strerrordesc_np(number);
#else
    locale_t english = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    const char *words = english ? strerror_l(number, english) : NULL;
    if (english)
        freelocale(english);
    return words && strncmp(words, "Unknown error", 13) != 0 ? words : NULL;
#endif
}

const char *error_system(int number, char *buffer, size_t size)
{
    const char *words = description(number);
    if (!words) {
        snprintf(buffer, size, "error %d", number);
        return buffer;
    }
    snprintf(buffer, size, "%s", words);
    if (size > 1 && islower((unsigned char)buffer[1]))
        buffer[0] = (char)tolower((unsigned char)buffer[0]);
    return buffer;
}

int error_null(wm_error *error, const char *what)
{
    return error_set(error, WM_EINVAL, "%s must not be NULL", what);
}

int error_memory(wm_error *error)
{
    return error_set(error, WM_ENOMEM, "out of memory");
}

const char *wm_strerror(int code)
{
    switch (code) {
    case WM_OK:
        return "done";
    case WM_RUNNING:
        return "still running";
    case WM_ENOMEM:
        return "out of memory";
    case WM_ETABLE:
        return "a table file is damaged";
    case WM_EVERSION:
        return "a table file is of a newer version";
    case WM_EINVAL:
        return "invalid option";
    case WM_EOPEN:
        return "cannot open an input";
    case WM_EREAD:
        return "cannot read an input";
    case WM_ECHANGED:
        return "an input changed while it was read";
    case WM_EBADLINE:
        return "a line cannot be parsed";
    case WM_EOVERFLOW:
        return "a sum passes 64 bits";
    case WM_ELIMIT:
        return "the memory limit is too small";
    case WM_EWRITE:
        return "cannot write the output";
    case WM_EWORKER:
        return "workers keep dying";
    case WM_EFORK:
        return "cannot make a process or a mapping";
    case WM_EPROTOCOL:
        return "internal error";
    case WM_ECANCELED:
        return "canceled";
    case WM_EDAMAGED:
        return "a compressed input is damaged";
    case WM_EMATCH:
        return "a regular expression takes too many steps";
    default:
        return "unknown error";
    }
}

const char *wm_version(void)
{
    return WM_VERSION;
}
