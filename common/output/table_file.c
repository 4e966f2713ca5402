/*
 * A worker writes entries one behind the other; how they are cut into blocks is decided where all
 * of them come together (wmt/wmt_write.h).
 */
#include "output/table_file.h"

#include <string.h>

#include "output/format.h"
#include "wmt/wmt.h"
#include "words/entry.h"

static size_t table_add_header(char *out, const struct columns *columns)
{
    struct entry_values values = {.n = 1 + columns->n_more};
    memcpy(values.value, columns->values, sizeof values.value);
    values.by = columns->by;
    wmt_write_header(out, &values);
    return WMT_HEADER_SIZE;
}

static size_t table_add_word(char *out, const struct columns *columns, const struct entry *entry,
                             uint64_t *n_replaced)
{
    (void)columns;
    (void)n_replaced;
    return wmt_entry_write(out, entry);
}

_Static_assert(WMT_ENTRY_MAX <= OUTPUT_MORE_MAX && WMT_HEADER_SIZE <= OUTPUT_MORE_MAX, "no room");

const struct output_format output_table_file = {.name = "table",
                                                .ending = "wmt",
                                                .growth = 1,
                                                .is_table = 1,
                                                .header = table_add_header,
                                                .add = table_add_word};
