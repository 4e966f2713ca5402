/* What the command says: errors, one line each, on standard error; help on standard output. */
#ifndef ENGINE_CLI_CONSOLE_H
#define ENGINE_CLI_CONSOLE_H

#include <stdint.h>

#include <stddef.h>

#include <wordmill.h>

/* Makes sure that no file opened later becomes standard input, output or error. 0 or WM_EOPEN. */
int console_open(void);

/* Says 'wordmill: …' on standard error, always as one line. */
void console_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for what the library says, which it has made one line of already, in words of the
 * command's. */
void console_error(const wm_error *error);

/* Names of the library in a message become those of the command: "o.fan_in=2" is "--fan-in 2". */
void console_translate(wm_error *error);

/* Whether standard error is a terminal on which a line can be drawn over: TERM is not dumb. */
int console_can_draw(void);

/* Whether someone else has the terminal now, and nothing should be drawn. */
int console_is_in_background(void);

/* Writes to standard error at once, come what may of it: in the background, too, it does not stop
 * the process. */
void console_write(const char *text, size_t size);

/* strerror in lower case, as messages are; valid until the next call. */
const char *console_reason(int error);

/* Writes all of text to standard output: 0, or WM_EWRITE after saying why. */
int console_print(const char *text);

/* Closes standard output: 0, or WM_EWRITE after saying why. */
int console_close(void);

/* What stands behind a noun that there are n of. */
static inline const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

#endif
