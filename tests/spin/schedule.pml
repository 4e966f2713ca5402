/*
 * The protocol between the coordinator and its workers, for Spin: assign, done, died, retry, backup
 * and, as a second stage over what the first one made, merge. Time is left out, so a backup may be
 * given at any moment when schedule.h allows one, and a worker may be killed by a stranger at any
 * moment, DEATHS times. What must hold:
 *
 *  - each task is committed once in its stage, whoever dies and however often it is done
 *  - nobody reads an input that was given back, and no stage begins while somebody is at the last
 *  - the end is always reached (no invalid end state, and no cycle: pan -l)
 *
 * With -DGIVE_EARLY inputs are given back at the commit, as if nobody else could be at the task:
 * then an assertion fails, which shows that it can.
 */
#ifndef TASKS
#define TASKS 2
#endif
#ifndef DEATHS
#define DEATHS 2
#endif
#define WORKERS 2
#define DEPTH 2
#define NOTHING 255

mtype = { PENDING, RUNNING, DONE };

chan task_of[WORKERS] = [DEPTH] of { byte };   /* the two directions of a worker's socket */
chan answer_of[WORKERS] = [DEPTH] of { byte };

/* What is so, whoever knows. */
bool alive[WORKERS];
bool killed[WORKERS];            /* SIGKILL was sent and has not been delivered */
byte reads[WORKERS] = NOTHING;   /* the task whose input the worker reads */
bool given_back[TASKS];          /* its input: another may write there now */
byte deaths_left = DEATHS;
bool over = false;

/* What the coordinator knows: schedule.h. */
mtype state[TASKS];
byte holders[TASKS];
byte queue[WORKERS * DEPTH];
byte n[WORKERS];
bool dismissed[WORKERS];
byte n_left;
byte n_pending;
byte commits[TASKS];
byte i, j, t, stage;

inline die(w)
{
    alive[w] = false;
    killed[w] = false;
    reads[w] = NOTHING;
    do
    :: task_of[w]?_
    :: empty(task_of[w]) -> break
    od
}

proctype worker(byte w)
{
    byte task;
    do
    :: atomic { alive[w] && reads[w] == NOTHING && task_of[w]?[task] ->
           task_of[w]?task; reads[w] = task; assert(!given_back[task]) }
    :: atomic { alive[w] && reads[w] != NOTHING -> /* it has read on until now */
           assert(!given_back[reads[w]]);
           answer_of[w]!reads[w]; reads[w] = NOTHING }
    :: atomic { alive[w] && killed[w] -> die(w) }
    :: atomic { alive[w] && deaths_left > 0 -> deaths_left--; die(w) } /* a stranger */
    :: over -> break
    od
}

inline give(w, task)
{
    queue[w * DEPTH + n[w]] = task;
    n[w]++;
    holders[task]++;
    n_pending = n_pending - (state[task] == PENDING);
    state[task] = RUNNING;
    task_of[w]!task
}

inline settle(task)
{
    n_left--;
    given_back[task] = true
}

/* The first task of worker w is done: it counts, or another was first. */
inline done(w, task)
{
    assert(n[w] > 0 && queue[w * DEPTH] == task);
    queue[w * DEPTH] = queue[w * DEPTH + 1];
    n[w]--;
    holders[task]--;
    if
    :: state[task] == RUNNING ->
        state[task] = DONE;
        commits[task]++;
        assert(commits[task] == 1);
        if
        :: holders[task] == 0 -> settle(task)
        :: else ->
#ifdef GIVE_EARLY
            given_back[task] = true;
#endif
            for (j : 0 .. WORKERS - 1) {
                if
                :: n[j] > 0 && (queue[j * DEPTH] == task || (n[j] > 1 && queue[j * DEPTH + 1] == task)) ->
                    dismissed[j] = true; killed[j] = true
                :: else
                fi
            }
        fi
    :: state[task] == DONE && holders[task] == 0 -> settle(task)
    :: else
    fi
}

/* What it sent before is read first, unless nobody wants it; then its tasks are free again. */
inline bury(w)
{
    do
    :: answer_of[w]?t ->
        if
        :: dismissed[w]
        :: !dismissed[w] -> done(w, t)
        fi
    :: empty(answer_of[w]) -> break
    od;
    do
    :: n[w] > 0 ->
        n[w]--;
        t = queue[w * DEPTH + n[w]];
        holders[t]--;
        if
        :: holders[t] == 0 && state[t] == RUNNING -> state[t] = PENDING; n_pending++
        :: holders[t] == 0 && state[t] == DONE -> settle(t)
        :: else
        fi
    :: n[w] == 0 -> break
    od;
    dismissed[w] = false;
    killed[w] = false;
    alive[w] = true /* its replacement */
}

#define SOLE(task) (state[task] == RUNNING && holders[task] == 1)
#define READY(w) (alive[w] && !dismissed[w])
#define MAY_NEXT(w) (READY(w) && n_pending > 0 && n[w] < DEPTH)
#define MAY_BACK_UP(w) (READY(w) && n_pending == 0 && n[w] == 0 && \
                        (SOLE(0) || SOLE(TASKS - 2) || SOLE(TASKS - 1)))

inline next(w)
{
    t = 0;
    do
    :: state[t] == PENDING -> break
    :: else -> t++
    od;
    give(w, t)
}

inline back_up(w)
{
    if
    :: SOLE(0) -> give(w, 0)
    :: SOLE(TASKS - 2) -> give(w, (TASKS - 2))
    :: SOLE(TASKS - 1) -> give(w, (TASKS - 1))
    fi
}

active proctype coordinator()
{
    atomic {
        for (i : 0 .. WORKERS - 1) {
            alive[i] = true;
            run worker(i)
        }
    }
    for (stage : 1 .. 2) {
        atomic {
            for (i : 0 .. WORKERS - 1) {
                assert(reads[i] == NOTHING && n[i] == 0 && !dismissed[i])
            }
            for (i : 0 .. TASKS - 1) {
                state[i] = PENDING;
                commits[i] = 0;
                given_back[i] = false
            }
            n_left = TASKS;
            n_pending = TASKS
        }
        do
        :: atomic { n_left == 0 -> break }
        :: atomic { n_left > 0 ->
               if
               :: READY(0) && nempty(answer_of[0]) -> answer_of[0]?t; done(0, t)
               :: READY(1) && nempty(answer_of[1]) -> answer_of[1]?t; done(1, t)
               :: !alive[0] -> bury(0)
               :: !alive[1] -> bury(1)
               :: MAY_NEXT(0) -> next(0)
               :: MAY_NEXT(1) -> next(1)
               :: MAY_BACK_UP(0) -> back_up(0)
               :: MAY_BACK_UP(1) -> back_up(1)
               fi }
        od
    }
    atomic {
        for (i : 0 .. TASKS - 1) {
            assert(commits[i] == 1 && given_back[i])
        }
        over = true
    }
}
