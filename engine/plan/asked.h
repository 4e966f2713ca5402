/* Whether a word that is asked for can be found at all. */
#ifndef ENGINE_PLAN_ASKED_H
#define ENGINE_PLAN_ASKED_H

struct plan;

/*
 * Of the words of plan->words, those that the filter lets through no entry of, and those that text
 * is never cut to. They are counted as 0, which is not what was meant: a set of enum wm_warning.
 * is_text: of text alone. Negative: CODE_NOMEM.
 */
int asked_warn(const struct plan *plan, int is_text);

#endif
