/* A format is a file of its own and a row here. */
#include "output/formats.h"

#include "output/csv.h"
#include "output/format.h"
#include "output/jsonl.h"
#include "output/table_file.h"
#include "output/tsv.h"

/* In the order of enum wm_output. */
static const struct output_format *const formats[] = {&output_tsv, &output_csv, &output_jsonl,
                                                      &output_table_file, &output_csv_safe};

const struct output_format *output_format_at(unsigned number)
{
    return number < sizeof formats / sizeof *formats ? formats[number] : NULL;
}
