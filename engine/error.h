/* Codes into words: the only place where a failure becomes text. */
#ifndef ENGINE_ERROR_H
#define ENGINE_ERROR_H

#include "wordmill.h"

/* Stores code and message, and returns code. error may be NULL. */
int error_set(wm_error *error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The system's words for an errno, in lower case and untranslated; buffer holds size bytes. */
const char *error_system(int number, char *buffer, size_t size);

/* Says that what is called so must not be NULL. */
int error_null(wm_error *error, const char *what);

/* Says "out of memory". */
int error_memory(wm_error *error);

#endif
