/*
 * The final runs: all words of the result, each once, in runs that are sorted as it is. What
 * workers have to read of them beside the runs, their list, is where workers can read it.
 */
#ifndef ENGINE_STAGES_FINAL_H
#define ENGINE_STAGES_FINAL_H

#include <stdint.h>

#include "shared/message.h"
#include "runs/bounds.h"
#include "shared/run_list.h"
#include "wordmill.h"
#include "words/run.h"

struct plan;

/* Where runs of a list are. They are found some at a time, since each is another page to touch. */
struct found_runs {
    const struct run **runs;
    size_t n;
    uint64_t n_entries; /* of all of them */
};

struct final {
    struct run_list list;
    const struct run **runs; /* the same, once they are found */
    uint32_t n_runs;
    struct found_runs found;         /* until then */
    struct extent_range shared_list; /* the same, for workers */
    uint64_t n_words;
    const struct entry *upper; /* the first word that is not in the result; NULL: all are */
    struct nth *top;           /* the search for it, while it goes on */
    /* Words are cut into n_slices at cuts: slice i lies in runs [starts[i], starts[i + 1]). */
    const struct entry **cuts;
    uint32_t *starts; /* NULL: words of a slice are anywhere */
    uint32_t n_slices;
};

/* Takes these runs in place of those there were, to be found. 0 or a WM_E code with error. */
int final_take(struct final *final, struct plan *plan, struct run_list list, wm_error *error);

/* Finds more of the runs. 0: runs and n_words are there; TURN_AGAIN or a WM_E code with error. */
int final_find(struct final *final, const struct plan *plan, wm_error *error);

/* Leaves the first options.top words. 0; TURN_AGAIN: call it again; or a WM_E code with error. */
int final_cut_top(struct final *final, const struct plan *plan, wm_error *error);

/* Adds more to a sample that bounds are chosen from. The same; 0: it has all. */
int final_sample(struct bounds *bounds, wm_error *error);

/* How many slices the words are to be cut into, for the workers there are. */
uint32_t final_choose_slices(const struct final *final, const struct plan *plan);

/* The words from lower (NULL: the first) to upper (NULL: the last), for a message. */
struct message_slice final_slice(const struct final *final, const struct plan *plan,
                                 const struct entry *lower, const struct entry *upper);

/* What counts add up to, as far as that is known by now, for a message. */
struct message_sums final_sums(const struct plan *plan);

/* Finds more runs of the list. 0: all are found; TURN_AGAIN or a WM_E code with error. */
int find_runs(struct found_runs *found, const struct plan *plan, const struct run_list *list,
              wm_error *error);

void final_release(struct final *final);

#endif
