/* What the command ends with. */
#ifndef ENGINE_CLI_EXIT_STATUS_H
#define ENGINE_CLI_EXIT_STATUS_H

enum exit_status {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_SKIPPED = 3 /* done, but bad lines were skipped */
};

#endif
