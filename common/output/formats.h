/* All output formats. */
#ifndef COMMON_OUTPUT_FORMATS_H
#define COMMON_OUTPUT_FORMATS_H

#include "output/format.h"

/* The one with this number, which is that of enum wm_output; NULL: there is none. */
const struct output_format *output_format_at(unsigned number);

#endif
