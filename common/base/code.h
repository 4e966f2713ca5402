/*
 * What can go wrong, as the layers below the engine say it: 0 or a negative code. The public WM_E
 * codes have the same values (the engine asserts it); words are made in the engine alone.
 */
#ifndef COMMON_BASE_CODE_H
#define COMMON_BASE_CODE_H

enum code {
    CODE_NOMEM = -1,
    CODE_OPEN = -3,
    CODE_READ = -4,
    CODE_CHANGED = -5,
    CODE_BAD_LINE = -6,
    CODE_OVERFLOW = -7,
    CODE_LIMIT = -8,
    CODE_WRITE = -9,
    CODE_WORKER = -10,
    CODE_FORK = -11,
    CODE_PROTOCOL = -12,
    CODE_TABLE = -14,
    CODE_VERSION = -15,
    CODE_DAMAGED = -16,
    CODE_MATCH = -17,
};

#endif
