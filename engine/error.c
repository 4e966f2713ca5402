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

enum { MESSAGE_MAX = 2 * sizeof((wm_error *)NULL)->message };

/* The format as printf takes it:
 * marks of names as `mark`, and the system's words in their place. */
static void expand(const char *format, char mark, const char *words, char *out)
{
    char *const end = out + MESSAGE_MAX - 1;
    for (; *format && out < end; format++) {
        if (*format == *SYSTEM && (size_t)(end - out) > strlen(words))
            out = stpcpy(out, words);
        else if (*format == *NAME)
            *out++ = mark;
        else
            *out++ = *format;
    }
    *out = '\0';
}

/* A name of the library comes next. The first of an option is that which the failure is about. */
static void add_name(wm_error *error, size_t at, const char *name)
{
    const size_t n_most = sizeof error->names / sizeof *error->names;
    if (error->n_names < n_most)
        error->names[error->n_names++] = (uint16_t)at;
    if (error->option[0] == '\0' && strncmp(name, "o.", 2) == 0)
        snprintf(error->option, sizeof error->option, "%.*s",
                 (int)strspn(name + 2, "abcdefghijklmnopqrstuvwxyz_"), name + 2);
}

/* Names of files and bytes of lines stand in it, and are shown as wm_quote does. Returns where it
 * ends. */
static size_t add_text(wm_error *error, size_t at, const char *text, size_t size)
{
    wm_quote(text, size, error->message + at, sizeof error->message - at);
    return at + strlen(error->message + at);
}

/*
 * A name is known by its mark, and the bytes of a file's name must not be taken for one. So it is
 * all written twice, with other marks: only these differ.
 */
static int add(wm_error *error, const char *words, const char *format, va_list arguments)
{
    char expanded[MESSAGE_MAX], text[MESSAGE_MAX], other[MESSAGE_MAX];
    va_list again;
    va_copy(again, arguments);
    expand(format, '\1', words, expanded);
    vsnprintf(text, sizeof text, expanded, arguments);
    expand(format, '\2', words, expanded);
    vsnprintf(other, sizeof other, expanded, again);
    va_end(again);
    size_t used = strlen(error->message), from = 0, at = 0;
    for (; text[at] != '\0'; at++) {
        if (text[at] == other[at])
            continue;
        used = add_text(error, used, text + from, at - from);
        from = at + 1;
        if (used + 1 < sizeof error->message)
            add_name(error, used, text + from);
    }
    add_text(error, used, text + from, at - from);
    return error->code;
}

int error_set(wm_error *error, int code, const char *format, ...)
{
    va_list arguments;
    if (!error)
        return code;
    *error = (wm_error){.code = code};
    va_start(arguments, format);
    add(error, "", format, arguments);
    va_end(arguments);
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
    int is_unknown = !words || strncmp(words, "Unknown error", 13) == 0 ||
                     strcmp(words, "No error information") == 0; /* as musl has it */
    return is_unknown ? NULL : words;
#endif
}

/* The system's words for an errno, in lower case and untranslated; buffer holds size bytes. */
static const char *system_words(int number, char *buffer, size_t size)
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

int error_set_system(wm_error *error, int code, int number, const char *format, ...)
{
    char words[64];
    va_list arguments;
    if (!error)
        return code;
    *error = (wm_error){.code = code, .system = number};
    va_start(arguments, format);
    add(error, system_words(number, words, sizeof words), format, arguments);
    va_end(arguments);
    return code;
}

int error_set_option(wm_error *error, const char *option, const char *format, ...)
{
    va_list arguments;
    if (!error)
        return WM_EINVAL;
    *error = (wm_error){.code = WM_EINVAL};
    snprintf(error->option, sizeof error->option, "%s", option);
    va_start(arguments, format);
    add(error, "", format, arguments);
    va_end(arguments);
    return WM_EINVAL;
}

int error_add(wm_error *error, const char *format, ...)
{
    va_list arguments;
    if (!error)
        return 0;
    va_start(arguments, format);
    add(error, "", format, arguments);
    va_end(arguments);
    return error->code;
}

void error_add_option(wm_error *error, const char *option)
{
    error_about(error, option);
    if (error)
        error_add(error, NAME "o.%s", error->option);
}

void error_about(wm_error *error, const char *option)
{
    if (!error)
        return;
    snprintf(error->option, sizeof error->option, "%s", option);
    for (char *c = error->option; *c; c++)
        if (*c == '-')
            *c = '_';
}

void error_of_word(wm_error *error, const char *word, size_t size)
{
    error->word_size = (uint32_t)(size < sizeof error->word ? size : sizeof error->word);
    memcpy(error->word, word, error->word_size);
}

int error_of_input(wm_error *error, int code, uint32_t number)
{
    if (code < 0 && code != WM_EWRITE && code != WM_ENOMEM && error && error->input == 0)
        error->input = number;
    return code;
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
    static const char *const words[] = {
        [-WM_OK] = "done",
        [-WM_ENOMEM] = "out of memory",
        [-WM_EINVAL] = "invalid option",
        [-WM_EOPEN] = "cannot open an input",
        [-WM_EREAD] = "cannot read an input",
        [-WM_ECHANGED] = "an input changed while it was read",
        [-WM_EBADLINE] = "a line cannot be parsed",
        [-WM_EOVERFLOW] = "a sum passes 64 bits",
        [-WM_ELIMIT] = "the memory limit is too small",
        [-WM_EWRITE] = "cannot write the output",
        [-WM_EWORKER] = "workers keep dying",
        [-WM_EFORK] = "cannot make a process or a mapping",
        [-WM_EPROTOCOL] = "internal error",
        [-WM_ECANCELED] = "canceled",
        [-WM_ETABLE] = "a table file is damaged",
        [-WM_EVERSION] = "a table file is of a newer version",
        [-WM_EDAMAGED] = "a compressed input is damaged",
        [-WM_EMATCH] = "a regular expression takes too many steps",
    };
    if (code == WM_RUNNING)
        return "still running";
    return code <= 0 && code > -(int)(sizeof words / sizeof *words) ? words[-code]
                                                                    : "unknown error";
}

const char *wm_version(void)
{
    return WM_VERSION;
}
