/* Codes into words: the only place where a failure becomes text. */
#ifndef ENGINE_ERROR_H
#define ENGINE_ERROR_H

#include "wordmill.h"

/*
 * Two things that formats may hold beside the conversions of printf. NAME marks a name of the
 * library, as in "give " NAME "o.format=text", which stands in wm_error.names then. SYSTEM stands
 * for the words of the system for the errno that error_set_system is given.
 */
#define NAME "\1"
#define SYSTEM "\2"

/* Stores code and message, and returns code. error may be NULL. */
int error_set(wm_error *error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, with the errno that is to blame. */
int error_set_system(wm_error *error, int code, int number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same for an option that is wrong, by the name of its field: WM_EINVAL. */
int error_set_option(wm_error *error, const char *option, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends to the message, and returns the code. */
int error_add(wm_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends the name of an option: that of its field, which may have hyphens for underscores. */
void error_add_option(wm_error *error, const char *option);

/* The failure is about this option, or this word. */
void error_about(wm_error *error, const char *option);
void error_of_word(wm_error *error, const char *word, size_t size);

/* If there is a failure, it is one of this input, from 1 on, unless it is known already of which,
 * or of memory or a file that is written. Returns code. */
int error_of_input(wm_error *error, int code, uint32_t number);

/* Says that what is called so must not be NULL. */
int error_null(wm_error *error, const char *what);

/* Says "out of memory". */
int error_memory(wm_error *error);

#endif
