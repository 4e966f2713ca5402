/* Decimal numbers of 64 bits, as text. */
#ifndef COMMON_BASE_NUMBER_H
#define COMMON_BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* The most bytes a number takes. */
#define NUMBER_SIZE_MAX 20

/*
 * Reads all of [data, data + size) as an unsigned decimal number: 0, or -1 if it is empty, has a
 * byte that is no digit, or passes 64 bits.
 */
int number_read(const char *data, size_t size, uint64_t *value);

/* Writes value in decimal, without a NUL. Returns the bytes written. */
size_t number_write(char *out, uint64_t value);

#endif
