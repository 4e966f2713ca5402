/* A job over sorted results: one merge in constant memory, in the calling process, step by step. */
#ifndef ENGINE_SORTED_H
#define ENGINE_SORTED_H

struct wm_job;
struct sorted;

/* Opens the inputs and makes job->sorted. 0 or a WM_E code with job->error. */
int sorted_begin(struct wm_job *job);

/* Merges until a step is done, an input has nothing to read or the output no room. 0: the output is
 * in its place; WM_RUNNING; JOB_AGAIN; or a WM_E code. */
int sorted_step(struct wm_job *job);

/* Closes the inputs; their handles are closed once the loop has run. Both take NULL. */
void sorted_end(struct sorted *sorted);
void sorted_free(struct sorted *sorted);

#endif
