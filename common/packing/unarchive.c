/*
 * libarchive pulls its bytes through on_read; gzip and zstd around a tar are unpacked there, since
 * only the own unpacker verifies all checksums. A member that is packed once more is pulled through
 * a second reader, or pushed through an unpacker; deeper it does not go, so memory is bounded.
 * The library brings a dozen others with it, which take 3 ms and 40 MB of address space: it is
 * loaded when the first archive is there. A static command has what it needs of them inside.
 */
#include "packing/unarchive.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/code.h"
#include "packing/unpack.h"

#define READ_SIZE 65536
#define LIBRARY_NAME "libarchive.so.13"

/* The functions of the library that are used: it is loaded when there is an archive to unpack. */
#define LIBRARY_FUNCTIONS(F)                                                                       \
    F(archive_entry_filetype)                                                                      \
    F(archive_entry_hardlink)                                                                      \
    F(archive_entry_is_encrypted)                                                                  \
    F(archive_entry_pathname)                                                                      \
    F(archive_errno)                                                                               \
    F(archive_filter_bytes)                                                                        \
    F(archive_filter_count)                                                                        \
    F(archive_format)                                                                              \
    F(archive_read_data)                                                                           \
    F(archive_read_free)                                                                           \
    F(archive_read_has_encrypted_entries)                                                          \
    F(archive_read_new)                                                                            \
    F(archive_read_next_header)                                                                    \
    F(archive_read_open)                                                                           \
    F(archive_read_open1)                                                                          \
    F(archive_read_set_callback_data)                                                              \
    F(archive_read_set_read_callback)                                                              \
    F(archive_read_set_seek_callback)                                                              \
    F(archive_read_support_filter_bzip2)                                                           \
    F(archive_read_support_filter_compress)                                                        \
    F(archive_read_support_filter_lz4)                                                             \
    F(archive_read_support_filter_xz)                                                              \
    F(archive_read_support_format_7zip)                                                            \
    F(archive_read_support_format_empty)                                                           \
    F(archive_read_support_format_raw)                                                             \
    F(archive_read_support_format_tar)                                                             \
    F(archive_read_support_format_zip)                                                             \
    F(archive_set_error)

struct library {
    void *handle;
#define POINTER(name) __typeof__(name) *name;
    LIBRARY_FUNCTIONS(POINTER)
#undef POINTER
};

/* Bytes that are pushed through an unpacker as they are wanted. */
struct pushed {
    struct unpacker *unpacker; /* NULL: there is none */
    int is_hungry;
};

struct unarchiver {
    struct library library;
    struct archive *archive;
    struct store store;
    uint64_t start, at;           /* of the file; at is that of the next byte */
    struct pushed around;         /* the whole archive */
    struct archive *inner;        /* a member that is packed once more */
    struct pushed inside;         /* the same, by gzip or zstd */
    char head[PACKING_HEAD_SIZE]; /* of the member */
    size_t head_size, head_at;
    char *name;
    uint64_t n_members;
    enum archive_trouble trouble;
    int system; /* errno of a read that failed */
    char in[READ_SIZE], in_inner[READ_SIZE];
};

static int fail(struct unarchiver *unarchiver, enum archive_trouble trouble)
{
    unarchiver->trouble = trouble;
    return CODE_DAMAGED;
}

/* What libarchive says. */
static int fail_with(struct unarchiver *unarchiver, struct archive *archive)
{
    if (unarchiver->system != 0) {
        errno = unarchiver->system;
        return CODE_READ;
    }
    if (unarchiver->library.archive_errno(archive) == ENOMEM)
        return CODE_NOMEM;
    return fail(unarchiver, unarchiver->library.archive_read_has_encrypted_entries(archive) > 0
                                ? ARCHIVE_ENCRYPTED
                                : ARCHIVE_DAMAGED);
}

/* The next bytes of the file. -1 with unarchiver->system. */
static ssize_t read_file(struct unarchiver *unarchiver, void *data, size_t size)
{
    ssize_t n = store_read_full(&unarchiver->store, data, size, unarchiver->at);
    if (n < 0)
        unarchiver->system = errno;
    else
        unarchiver->at += (uint64_t)n;
    return n;
}

typedef ssize_t read_fn(struct unarchiver *unarchiver, void *data, size_t size);

/* Unpacks into out what `more` reads. Bytes; 0: the end; or a negative code. */
static ssize_t push(struct unarchiver *unarchiver, struct pushed *pushed, read_fn *more, void *out,
                    size_t capacity)
{
    size_t size = 0;
    int rc = UNPACK_FULL;
    while (size == 0 && rc != UNPACK_END) {
        if (pushed->is_hungry) {
            void *room = unpacker_room(pushed->unpacker, &size);
            ssize_t n = more(unarchiver, room, size);
            if (n < 0)
                return n;
            unpacker_fed(pushed->unpacker, (size_t)n);
        }
        rc = unpacker_run(pushed->unpacker, out, capacity, &size);
        if (rc < 0)
            return rc;
        pushed->is_hungry = rc == UNPACK_HUNGRY;
    }
    return (ssize_t)size;
}

static la_ssize_t on_read(struct archive *archive, void *user, const void **data)
{
    struct unarchiver *unarchiver = user;
    *data = unarchiver->in;
    ssize_t n = unarchiver->around.unpacker ? push(unarchiver, &unarchiver->around, read_file,
                                                   unarchiver->in, sizeof unarchiver->in)
                                            : read_file(unarchiver, unarchiver->in, READ_SIZE);
    if (n >= 0)
        return n;
    unarchiver->library.archive_set_error(archive, n == CODE_NOMEM ? ENOMEM : EIO, "cannot read");
    return -1;
}

static la_int64_t on_seek(struct archive *archive, void *user, la_int64_t offset, int whence)
{
    struct unarchiver *unarchiver = user;
    int64_t size = store_size(&unarchiver->store);
    (void)archive;
    int64_t base = whence == SEEK_SET   ? (int64_t)unarchiver->start
                   : whence == SEEK_CUR ? (int64_t)unarchiver->at
                                        : size;
    if (size < 0 || base + offset < (int64_t)unarchiver->start)
        return ARCHIVE_FATAL;
    unarchiver->at = (uint64_t)(base + offset);
    return base + offset - (int64_t)unarchiver->start;
}

/* Packings that hold one file, or a tar. */
static void support_filters(const struct unarchiver *unarchiver, struct archive *archive)
{
    unarchiver->library.archive_read_support_filter_bzip2(archive);
    unarchiver->library.archive_read_support_filter_xz(archive);
    unarchiver->library.archive_read_support_filter_lz4(archive);
    unarchiver->library.archive_read_support_filter_compress(archive);
    unarchiver->library.archive_read_support_format_raw(archive);
    unarchiver->library.archive_read_support_format_empty(archive);
}

static int open_archive(struct unarchiver *unarchiver)
{
    char head[PACKING_HEAD_SIZE];
    struct archive *archive = unarchiver->archive;
    ssize_t n = store_read_full(&unarchiver->store, head, sizeof head, unarchiver->start);
    enum packing around = n > 0 ? packing_of(head, (size_t)n) : PACKING_NONE;
    support_filters(unarchiver, archive);
    unarchiver->library.archive_read_support_format_tar(archive);
    if (around == PACKING_GZIP || around == PACKING_ZSTD) {
        unarchiver->around = (struct pushed){unpacker_new(around), 1};
        if (!unarchiver->around.unpacker)
            return CODE_NOMEM;
    } else {
        unarchiver->library.archive_read_support_format_zip(archive);
        unarchiver->library.archive_read_support_format_7zip(archive);
        unarchiver->library.archive_read_set_seek_callback(archive, on_seek);
    }
    unarchiver->library.archive_read_set_read_callback(archive, on_read);
    unarchiver->library.archive_read_set_callback_data(archive, unarchiver);
    return unarchiver->library.archive_read_open1(archive) == ARCHIVE_OK
               ? 0
               : fail_with(unarchiver, archive);
}

/* Fills the table. Whether all of it was found. */
static int library_load(struct library *library)
{
#ifdef WORDMILL_STATIC
#define LOAD(name) library->name = name;
    LIBRARY_FUNCTIONS(LOAD)
    return 1;
#else
    library->handle = dlopen(LIBRARY_NAME, RTLD_NOW | RTLD_LOCAL);
    int is_whole = library->handle != NULL;
#define LOAD(name)                                                                                 \
    if (is_whole) {                                                                                \
        void *found = dlsym(library->handle, #name);                                               \
        memcpy(&library->name, &found, sizeof found);                                              \
        is_whole = found != NULL;                                                                  \
    }
    LIBRARY_FUNCTIONS(LOAD)
    return is_whole;
#endif
#undef LOAD
}

struct unarchiver *unarchiver_new(const struct store *store, uint64_t start)
{
    struct unarchiver *unarchiver = calloc(1, sizeof *unarchiver);
    if (!unarchiver)
        return NULL;
    unarchiver->store = *store;
    unarchiver->start = unarchiver->at = start;
    return unarchiver;
}

static void close_member(struct unarchiver *unarchiver)
{
    if (unarchiver->inner)
        unarchiver->library.archive_read_free(unarchiver->inner);
    unpacker_free(unarchiver->inside.unpacker);
    free(unarchiver->name);
    unarchiver->inner = NULL;
    unarchiver->inside.unpacker = NULL;
    unarchiver->name = NULL;
}

void unarchiver_free(struct unarchiver *unarchiver)
{
    if (!unarchiver)
        return;
    close_member(unarchiver);
    if (unarchiver->archive)
        unarchiver->library.archive_read_free(unarchiver->archive);
    unpacker_free(unarchiver->around.unpacker);
    free(unarchiver);
}

/* The bytes of the member as the archive has them. Returns as push. */
static ssize_t read_member(struct unarchiver *unarchiver, void *data, size_t size)
{
    if (unarchiver->head_at < unarchiver->head_size) {
        size_t left = unarchiver->head_size - unarchiver->head_at;
        size_t n = size < left ? size : left;
        memcpy(data, unarchiver->head + unarchiver->head_at, n);
        unarchiver->head_at += n;
        return (ssize_t)n;
    }
    la_ssize_t n;
    do
        n = unarchiver->library.archive_read_data(unarchiver->archive, data, size);
    while (n == ARCHIVE_RETRY);
    return n >= 0 ? (ssize_t)n : fail_with(unarchiver, unarchiver->archive);
}

static la_ssize_t on_read_inner(struct archive *archive, void *user, const void **data)
{
    struct unarchiver *unarchiver = user;
    *data = unarchiver->in_inner;
    ssize_t n = read_member(unarchiver, unarchiver->in_inner, sizeof unarchiver->in_inner);
    if (n >= 0)
        return n;
    unarchiver->library.archive_set_error(archive, n == CODE_NOMEM ? ENOMEM : EIO, "cannot read");
    return -1;
}

/* Whether the archive at hand is one file, packed, and no archive. */
static int is_one_file(const struct unarchiver *unarchiver, struct archive *archive)
{
    int format = unarchiver->library.archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK;
    return format == ARCHIVE_FORMAT_RAW || format == ARCHIVE_FORMAT_EMPTY;
}

/* A member that is packed by bzip2 or the like. */
static int open_inner(struct unarchiver *unarchiver)
{
    struct archive_entry *entry;
    struct archive *inner = unarchiver->inner = unarchiver->library.archive_read_new();
    if (!inner)
        return CODE_NOMEM;
    support_filters(unarchiver, inner);
    unarchiver->library.archive_read_support_format_tar(inner);
    int rc = unarchiver->library.archive_read_open(inner, unarchiver, NULL, on_read_inner, NULL);
    if (rc == ARCHIVE_OK)
        rc = unarchiver->library.archive_read_next_header(inner, &entry);
    if (rc == ARCHIVE_EOF)
        return 0;
    if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
        return fail_with(unarchiver, inner);
    return is_one_file(unarchiver, inner) && unarchiver->library.archive_filter_count(inner) > 1
               ? 0
               : fail(unarchiver, ARCHIVE_NESTED);
}

/* Looks at the first bytes of the member, which may be packed itself. 0 or a negative code. */
static int open_member(struct unarchiver *unarchiver)
{
    size_t size = 0;
    ssize_t n = 1;
    unarchiver->head_size = unarchiver->head_at = 0;
    while (size < sizeof unarchiver->head && n > 0) {
        n = read_member(unarchiver, unarchiver->head + size, sizeof unarchiver->head - size);
        if (n < 0)
            return (int)n;
        size += (size_t)n;
    }
    unarchiver->head_size = size;
    if (is_one_file(unarchiver, unarchiver->archive))
        return 0;
    enum packing packing = packing_of(unarchiver->head, size);
    if (packing == PACKING_ARCHIVE)
        return open_inner(unarchiver);
    if (packing == PACKING_NONE)
        return 0;
    unarchiver->inside = (struct pushed){unpacker_new(packing), 1};
    return unarchiver->inside.unpacker ? 0 : CODE_NOMEM;
}

/* Takes the member, unless it is a folder. 1; 0: it is one; or a negative code. */
static int take_entry(struct unarchiver *unarchiver, struct archive_entry *entry)
{
    const char *name = unarchiver->library.archive_entry_pathname(entry);
    if (is_one_file(unarchiver, unarchiver->archive)) {
        /* What only begins as an archive does is none, and damaged. */
        if (unarchiver->library.archive_filter_count(unarchiver->archive) < 2)
            return fail(unarchiver, ARCHIVE_DAMAGED);
        name = "";
    }
    unarchiver->name = strdup(name ? name : "?");
    if (!unarchiver->name)
        return CODE_NOMEM;
    /* Control bytes would break the line of a message, or the terminal. */
    for (char *at = unarchiver->name; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            *at = '?';
    if (unarchiver->library.archive_entry_filetype(entry) == AE_IFDIR)
        return 0;
    if (unarchiver->library.archive_entry_filetype(entry) != AE_IFREG ||
        unarchiver->library.archive_entry_hardlink(entry))
        return fail(unarchiver, ARCHIVE_NO_FILE);
    if (unarchiver->library.archive_entry_is_encrypted(entry))
        return fail(unarchiver, ARCHIVE_ENCRYPTED);
    int rc = open_member(unarchiver);
    return rc < 0 ? rc : 1;
}

/* Nothing may follow what has no members. */
static int end(struct unarchiver *unarchiver)
{
    struct archive *archive = unarchiver->archive;
    int64_t size = store_size(&unarchiver->store);
    if (is_one_file(unarchiver, archive) && unarchiver->library.archive_filter_count(archive) > 1 &&
        size >= 0 &&
        unarchiver->library.archive_filter_bytes(archive, -1) <
            (la_int64_t)((uint64_t)size - unarchiver->start))
        return fail(unarchiver, ARCHIVE_BEHIND);
    return 0;
}

int unarchiver_next(struct unarchiver *unarchiver)
{
    struct archive_entry *entry;
    int rc = 0;
    if (!unarchiver->archive) {
        if (!library_load(&unarchiver->library))
            return fail(unarchiver, ARCHIVE_NO_LIBRARY);
        unarchiver->archive = unarchiver->library.archive_read_new();
        if (!unarchiver->archive)
            return CODE_NOMEM;
        rc = open_archive(unarchiver);
    }
    while (rc == 0) {
        close_member(unarchiver);
        int code = unarchiver->library.archive_read_next_header(unarchiver->archive, &entry);
        if (code == ARCHIVE_EOF)
            return end(unarchiver);
        if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
            return fail_with(unarchiver, unarchiver->archive);
        if (++unarchiver->n_members > ARCHIVE_MEMBERS_MAX)
            return fail(unarchiver, ARCHIVE_CROWDED);
        rc = take_entry(unarchiver, entry);
    }
    return rc;
}

const char *unarchiver_name(const struct unarchiver *unarchiver)
{
    return unarchiver->name ? unarchiver->name : "";
}

int unarchiver_read(struct unarchiver *unarchiver, void *out, size_t capacity, size_t *size)
{
    ssize_t n;
    if (unarchiver->inner)
        n = unarchiver->library.archive_read_data(unarchiver->inner, out, capacity);
    else if (unarchiver->inside.unpacker)
        n = push(unarchiver, &unarchiver->inside, read_member, out, capacity);
    else
        n = read_member(unarchiver, out, capacity);
    if (n < 0)
        return unarchiver->inner ? fail_with(unarchiver, unarchiver->inner) : (int)n;
    *size = (size_t)n;
    return 0;
}

void unarchiver_refuse(struct unarchiver *unarchiver)
{
    unarchiver->trouble = ARCHIVE_SEVERAL;
}

enum archive_trouble unarchiver_trouble(const struct unarchiver *unarchiver)
{
    return unarchiver->trouble;
}
