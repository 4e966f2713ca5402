/* The public wm_file, as the engine sees it. */
#ifndef ENGINE_FILES_FILE_H
#define ENGINE_FILES_FILE_H

#include "files/output.h"

struct wm_file {
    struct output output;
};

#endif
