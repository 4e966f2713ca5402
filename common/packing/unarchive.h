/*
 * What libarchive unpacks: zip, 7z and tar, of which every regular file is a member, and bzip2, xz,
 * lz4 and compress, which hold one. A tar may be packed by any of these four, or by gzip and zstd,
 * and so may a member. It is read from a file, at places of its own, and blocks as a file does.
 */
#ifndef COMMON_PACKING_UNARCHIVE_H
#define COMMON_PACKING_UNARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/store.h"

struct unarchiver;

/* Why it cannot go on, when it says CODE_DAMAGED. */
enum archive_trouble {
    ARCHIVE_DAMAGED,   /* it is damaged or cut off */
    ARCHIVE_ENCRYPTED, /* it takes a password */
    ARCHIVE_NO_FILE,   /* a member is neither a file nor a folder */
    ARCHIVE_NESTED,    /* a member is an archive */
    ARCHIVE_BEHIND,    /* something else follows */
    ARCHIVE_CROWDED,   /* it has too many members */
    ARCHIVE_SEVERAL,   /* it has more than one, where only one may be */
    ARCHIVE_NO_LIBRARY /* libarchive cannot be loaded */
};

/* Members that an archive may have. */
#define ARCHIVE_MEMBERS_MAX 100000

/* The bytes of the file from start on. NULL: no memory. What is read stays the caller's. */
struct unarchiver *unarchiver_new(const struct store *store, uint64_t start);
void unarchiver_free(struct unarchiver *unarchiver); /* takes NULL */

/* Goes to the next member that is a file: 1; 0: there is none; or as unarchiver_read. */
int unarchiver_next(struct unarchiver *unarchiver);

/* The name of the member at hand; "": what is packed has none. */
const char *unarchiver_name(const struct unarchiver *unarchiver);

/*
 * The next bytes of the member; *size 0: it has ended as it should. 0, CODE_NOMEM, CODE_READ with
 * errno, or CODE_DAMAGED.
 */
int unarchiver_read(struct unarchiver *unarchiver, void *out, size_t capacity, size_t *size);

/* The member at hand is one too many. */
void unarchiver_refuse(struct unarchiver *unarchiver);

enum archive_trouble unarchiver_trouble(const struct unarchiver *unarchiver);

#endif
