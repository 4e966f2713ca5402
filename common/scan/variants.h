/*
 * Which variants of scan.h there are: one is chosen once at start by what the CPU has.
 * WORDMILL_SIMD=NAME in the environment asks for another one.
 */
#ifndef COMMON_SCAN_VARIANTS_H
#define COMMON_SCAN_VARIANTS_H

#include <stddef.h>

#include "scan/scan.h"

/* The best variant for this CPU, or the one that WORDMILL_SIMD names if the CPU has it. */
const struct scan *scan_choose(void);

/* The variant number i of those this CPU has, best first; NULL: there is none. */
const struct scan *scan_variant(size_t i);

#endif
