/* What to do about an input that is not one for certain: in words. */
#ifndef ENGINE_PLAN_LOOKS_H
#define ENGINE_PLAN_LOOKS_H

#include "input/detect.h"
#include "packing/unarchive.h"
#include "wordmill.h"

/* Says what the input looks like, and how to have it read. WM_EBADLINE. */
int look_refuse(const struct input_look *look, const char *name, wm_error *error);

/* The same where results with n_values counts a line are added up. 0: it may be one; or
 * WM_EBADLINE. */
int look_refuse_as_result(const struct input_look *look, const char *name, unsigned n_values,
                          wm_error *error);

/* Why an archive cannot be unpacked any further. WM_EDAMAGED. */
int archive_failed(const char *path, const struct unarchiver *archive, wm_error *error);

/* errno says why one that comes through a pipe cannot be put into the folder. WM_EWRITE. */
int archive_not_kept(const char *path, const char *folder, wm_error *error);

/* Whether the name is a place in a network, as other programs write it: "https://". */
int look_is_address(const char *name);

/* It is, and there is no such file: how to get one. WM_EOPEN. */
int look_refuse_address(const char *name, wm_error *error);

/* Whether the name says that the file is packed. */
int look_name_is_packed(const char *name);

#endif
