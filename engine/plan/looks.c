/* Every kind of input that is not read as it is has its words here. */
#include "plan/looks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "error.h"
#include "input/formats.h"

#define CR_ALONE                                                                                   \
    "'%s' has lines that end in CR alone: make them end in LF first, with tr '\\r' '\\n'"

/* What the input is, and what to do about it, where neither depends on more than its kind. */
static const char *const refusals[] = {
    [INPUT_COUNTS] = ("'%s' looks like lines of word TAB count: add them up with " NAME
                      "o.format=counts, or give " NAME "o.format=columns " NAME "o.value_column=2"),
    [INPUT_RESULT] =
        ("'%s' looks like a result as CSV: add it up with " NAME "o.format=counts, or give " NAME
         "o.format=columns " NAME "o.delimiter=, " NAME "o.value_column=2 " NAME
         "o.quote='\"' " NAME "o.header=1"),
    [INPUT_TOTALS] =
        ("'%s' looks like a total-count file: it goes with " NAME "o.totals, not among the inputs"),
    [INPUT_WMT] = ("'%s' is a table file: look words up with " NAME
                   "wm_table_open, or add tables up with " NAME "o.format=counts"),
    [INPUT_CR] = CR_ALONE,
    [INPUT_CR_TEXT] = CR_ALONE,
    [INPUT_LATIN] = ("'%s' looks like text that is not UTF-8: convert it first, with 'iconv -f "
                     "ISO-8859-1 -t UTF-8' if it is Latin-1, or give " NAME "o.format=text"),
    [INPUT_BINARY] =
        ("'%s' looks like no text at all: if it has lines, say of which " NAME "o.format they are"),
    [INPUT_UNKNOWN] = ("'%s' has lines of no known format: if it is text, give " NAME
                       "o.format=text; if it is a table, " NAME "o.format=columns"),
};

static int refuse_table(const struct input_look *look, const char *name, wm_error *error)
{
    static const struct {
        char delimiter;
        const char *what, *written;
    } kinds[] = {{'\t', "TABs", ""}, {',', "commas", ","}, {';', "semicolons", "';'"}};
    size_t i = 0;
    while (kinds[i].delimiter != look->delimiter)
        i++;
    error_set(error, WM_EBADLINE,
              "'%s' looks like a table with %s between columns: try " NAME "o.format=columns ",
              name, kinds[i].what);
    if (i > 0)
        error_add(error, NAME "o.delimiter=%s ", kinds[i].written);
    error_add(error, NAME "o.key_column=%u " NAME "o.value_column=%u", look->key_column,
              look->value_column);
    if (look->has_quotes)
        error_add(error, " " NAME "o.quote='\"'");
    if (look->has_header)
        error_add(error, " " NAME "o.header=1");
    return WM_EBADLINE;
}

static int refuse_wide(const struct input_look *look, const char *name, wm_error *error)
{
    return error_set(error, WM_EBADLINE,
                     "'%s' looks like %.6s, not UTF-8: convert it first, with 'iconv -f %s -t "
                     "UTF-8'",
                     name, look->encoding, look->encoding);
}

int look_refuse(const struct input_look *look, const char *name, wm_error *error)
{
    const char *format;
    switch (look->kind) {
    case INPUT_WIDE:
        return refuse_wide(look, name, error);
    case INPUT_TABLE:
        return refuse_table(look, name, error);
    case INPUT_MIXED:
        format = input_format_at(look->format)->name;
        return error_set(error, WM_EBADLINE,
                         "most of the first lines of '%s' look like text, others are of the "
                         "format %s: give " NAME "o.format=text or " NAME "o.format=%s",
                         name, format, format);
    case INPUT_PAIRS:
        return error_set(error, WM_EBADLINE,
                         "'%s' looks like lines of word, blank and count: give " NAME
                         "o.format=columns " NAME "o.delimiter=' ' " NAME
                         "o.value_column=%u, or " NAME "o.format=text if it is text",
                         name, look->value_column);
    case INPUT_MARKUP:
        return error_set(error, WM_EBADLINE,
                         "'%s' looks like %s, whose markup is no text: convert it to plain text "
                         "first, or give " NAME "o.format=text to count all of it",
                         name, look->markup);
    default:
        return error_set(error, WM_EBADLINE, refusals[look->kind], name);
    }
}

int look_refuse_as_result(const struct input_look *look, const char *name, unsigned n_values,
                          wm_error *error)
{
    const char *format = look->kind == INPUT_LINES ? input_format_at(look->format)->name : NULL;

    if (look->has_shares)
        return error_set(error, WM_EBADLINE,
                         "'%s' has ranks or shares, which cannot be added up: leave " NAME
                         "o.rank and " NAME "o.totals to the sum",
                         name);
    switch (look->kind) {
    case INPUT_LINES:
        /* Word, year and several counts are also what these lines have. */
        if (n_values > 1)
            return 0;
        return error_set(error, WM_EBADLINE,
                         "'%s' looks like an Ngram file, of the format %s, and no result: use " NAME
                         "o.format=auto, or give " NAME
                         "o.values=matches,volumes if it is a result with these",
                         name, format);
    case INPUT_TEXT:
        return error_set(error, WM_EBADLINE,
                         "'%s' looks like text, and is no result: use " NAME "o.format=auto", name);
    case INPUT_MARKUP:
        return error_set(error, WM_EBADLINE,
                         "'%s' looks like %s: results are added up as TSV, CSV or table files",
                         name, look->markup);
    case INPUT_WIDE:
        return refuse_wide(look, name, error);
    case INPUT_CR:
    case INPUT_TOTALS:
        return look_refuse(look, name, error);
    default:
        return 0;
    }
}

int archive_failed(const char *path, const struct unarchiver *archive, wm_error *error)
{
    static const char *const words[] = {
        [ARCHIVE_DAMAGED] = "it is damaged or cut off",
        [ARCHIVE_ENCRYPTED] = "it is encrypted; decrypt it first",
        [ARCHIVE_NO_FILE] = "it is a link, or no file for another reason; unpack it first",
        [ARCHIVE_NESTED] = "it is an archive in an archive; unpack the outer one first",
        [ARCHIVE_BEHIND] = "something else follows behind its end",
        [ARCHIVE_CROWDED] = "there are more than 100000 files in it; unpack it first",
        [ARCHIVE_SEVERAL] = ("there are several files in it, and one alone can be merged; unpack "
                             "it first"),
        [ARCHIVE_NO_LIBRARY] = "that takes libarchive.so.13, which is not installed",
    };
    const char *name = unarchiver_name(archive);
    return error_set(error, WM_EDAMAGED, "cannot unpack '%.200s%s%.200s': %s", path,
                     *name ? ":" : "", name, words[unarchiver_trouble(archive)]);
}

int archive_not_kept(const char *path, const char *folder, wm_error *error)
{
    return error_set_system(error, WM_EWRITE, errno,
                            "cannot keep '%.200s', an archive, in '%.200s' to unpack it: " SYSTEM
                            "; name another folder with " NAME
                            "o.spill_dir, or save it to a file first",
                            path, folder);
}

int look_is_address(const char *name)
{
    const char *end = strstr(name, "://");
    size_t size = end ? (size_t)(end - name) : 0, i = 0;
    while (i < size && strchr("abcdefghijklmnopqrstuvwxyz0123456789", name[i]))
        i++;
    return size > 0 && i == size && (size != 4 || memcmp(name, "file", 4) != 0);
}

int look_refuse_address(const char *name, wm_error *error)
{
    if (strncmp(name, "http://", 7) == 0 || strncmp(name, "https://", 8) == 0)
        return error_set_system(error, WM_EOPEN, ENOENT,
                                "cannot open '%s': it is no local file; get it first, with 'curl "
                                "-fLO %s'",
                                name, name);
    return error_set_system(error, WM_EOPEN, ENOENT,
                            "cannot open '%s': it is no local file; copy it here first", name);
}

int look_name_is_packed(const char *name)
{
    static const char *const endings[] = {".gz", ".tgz", ".zst", ".zip", ".bz2", ".tbz",
                                          ".xz", ".txz", ".lz4", ".7z",  ".tar", ".lzma"};
    size_t size = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending = strlen(endings[i]);
        if (size > ending && strcasecmp(name + size - ending, endings[i]) == 0)
            return 1;
    }
    return 0;
}
