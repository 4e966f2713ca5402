/* The options that say what an input is and what is counted of its records. */
#ifndef RECORDS_H
#define RECORDS_H

#include <wordmill.h>

enum {
    RECORDS_KEY_COLUMN = 512,
    RECORDS_VALUE_COLUMN,
    RECORDS_DELIMITER,
    RECORDS_VALUE,
    RECORDS_YEARS,
    RECORDS_BY
};

#define RECORDS_OPTIONS                                                                            \
    {"format", required_argument, NULL, 'f'},                                                      \
        {"key-column", required_argument, NULL, RECORDS_KEY_COLUMN},                               \
        {"value-column", required_argument, NULL, RECORDS_VALUE_COLUMN},                           \
        {"delimiter", required_argument, NULL, RECORDS_DELIMITER},                                 \
        {"value", required_argument, NULL, RECORDS_VALUE},                                         \
        {"years", required_argument, NULL, RECORDS_YEARS},                                         \
    {                                                                                              \
        "by", required_argument, NULL, RECORDS_BY                                                  \
    }

/* The names of enum wm_format. */
extern const char *const records_formats[];

/*
 * Sets what option c, 'f' or one of the above, says. 0, or WM_EINVAL after saying on standard error
 * what is wrong.
 */
int records_set(wm_options *o, int c, const char *text);

/* Once all are set, the same for options that do not go together. */
int records_check(const wm_options *o);

#endif
