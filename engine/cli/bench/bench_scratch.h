/* Files without a name, which are gone with their descriptors. */
#ifndef ENGINE_CLI_BENCH_BENCH_SCRATCH_H
#define ENGINE_CLI_BENCH_BENCH_SCRATCH_H

/* The folder of such files: that of $TMPDIR, or /tmp. */
const char *scratch_folder(void);

/* A new one, to read and write, closed on exec; -1 with errno. */
int scratch_open(void);

#endif
