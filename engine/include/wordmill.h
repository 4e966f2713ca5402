/*
 * wordmill: adds up the counts of every word in files larger than memory likes, with a pool of
 * forked processes. This is the only public header; it needs nothing but the C library.
 *
 *     wm_options o;
 *     wm_options_init(&o);
 *     wm_result *r;
 *     wm_error e;
 *     if (wm_run(&o, paths, n_paths, &r, &e) < 0)
 *         fprintf(stderr, "%s\n", e.message);
 *
 * Every function that can fail returns 0 (or what it says) or a negative WM_E code, and leaves its
 * out-parameters alone when it fails. A NULL is WM_EINVAL, or 0 or NULL where no code can be given.
 * Where it says so, NULL is taken; and NULL with a size of 0 always. Sizes are bytes. Words are
 * bytes too: they need not be UTF-8 and may hold NULs.
 *
 * A job belongs to one thread at a time, and different jobs may run in different threads; only
 * wm_job_cancel may be called from anywhere. A result may be read by many threads at once. A job is
 * that of the process that started it. In one that this forks, wm_job_free gives back memory and
 * does nothing else; all other functions of the job are WM_EINVAL there.
 *
 * No function prints, exits, or raises SIGPIPE or SIGXFSZ. None changes signal handlers, the signal
 * mask, the locale, the working folder or the stdio buffers of the calling process. Its children
 * are its own: SIGCHLD may be handled or ignored, and all children reaped, as it likes. Workers are
 * forked without exec. They ignore SIGINT, SIGQUIT and SIGUSR1, and close the descriptors that they
 * find, but see o.keep_fds. They end with the job at the latest, and within a second when the
 * process is killed.
 */
#ifndef WORDMILL_H
#define WORDMILL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define WM_API __attribute__((visibility("default")))
#else
#define WM_API
#endif

/* Of this header: major.minor.patch. */
#define WM_VERSION "0.2.0"
/* The same to be compared: 10000 * major + 100 * minor + patch. */
#define WM_VERSION_NUMBER 200

/* What functions return. */
enum wm_code {
    WM_OK = 0,
    WM_RUNNING = 1,     /* wm_job_step: there is more to do */
    WM_ENOMEM = -1,     /* the system gave no memory */
    WM_EINVAL = -2,     /* an option is out of its range; the message names it */
    WM_EOPEN = -3,      /* an input cannot be opened */
    WM_EREAD = -4,      /* an input or what was spilled cannot be read */
    WM_ECHANGED = -5,   /* an input shrank or was replaced while it was read */
    WM_EBADLINE = -6,   /* a line cannot be parsed and on_bad_line is WM_FAIL; or what an input is
                           cannot be told for certain */
    WM_EOVERFLOW = -7,  /* the sum of a word passes 64 bits */
    WM_ELIMIT = -8,     /* a line or the words asked for do not fit the memory limit */
    WM_EWRITE = -9,     /* the output, the rejects or spilled runs cannot be written */
    WM_EWORKER = -10,   /* workers keep dying or hanging, or worker_init failed */
    WM_EFORK = -11,     /* no process, pipe or mapping could be made */
    WM_EPROTOCOL = -12, /* a worker and the coordinator disagree: a defect of wordmill */
    WM_ECANCELED = -13, /* wm_job_cancel was called, or on_progress did not return 0 */
    WM_ETABLE = -14,    /* a table file is damaged */
    WM_EVERSION = -15,  /* a table file is of a version that this library does not know */
    WM_EDAMAGED = -16,  /* a compressed input or one in UTF-16 is cut off, or a checksum is wrong */
    WM_EMATCH = -17     /* o.match takes too many steps, or too much memory, with a word */
};

/* The order of a result. */
enum wm_sort {
    WM_SORT_DEFAULT = 0, /* by word; by count when o.top is set, by year when o.top_per is */
    WM_SORT_WORD = 1,    /* by the bytes of the word, ascending */
    WM_SORT_COUNT = 2,   /* by count, largest first; equal counts by word */
    WM_SORT_NONE = 3     /* in any order */
};

/* What becomes of a line that cannot be parsed. */
enum wm_bad_line {
    WM_FAIL = 0, /* the job fails and names the first bad line */
    WM_SKIP = 1  /* bad lines are left out, counted, and written to o.rejects */
};

/* What becomes of the counts of one word. */
enum wm_reduce {
    WM_SUM = 0, /* their sum; past 64 bits it is WM_EOVERFLOW */
    WM_MIN = 1, /* the smallest */
    WM_MAX = 2  /* the largest */
};

/* What the lines of an input are. */
enum wm_format {
    WM_FORMAT_AUTO = 0, /* v1, v2, v3 or text, by the first lines of each input. What these do not
                           tell for certain is WM_EBADLINE, and the message says more */
    WM_FORMAT_V1 = 1,   /* word TAB year TAB matches TAB pages TAB volumes */
    WM_FORMAT_V2 = 2,   /* word TAB year TAB matches TAB volumes */
    WM_FORMAT_V3 = 3,   /* word, then TAB year,matches,volumes as often as there are years */
    WM_FORMAT_COLUMNS = 4, /* o.key_column and o.value_column between o.delimiter */
    WM_FORMAT_TEXT = 5,    /* running text in UTF-8, or UTF-16 that begins with a byte order mark:
                              each word, as o.tokens says, counts 1 */
    WM_FORMAT_COUNTS = 6,  /* word TAB count, as results are; the word may hold TABs. Also what was
                              written as WM_OUTPUT_CSV, without ranks or totals */
    WM_N_FORMATS = 7
};

/* What a map function is given, one after the other. */
enum wm_records {
    WM_RECORDS_LINES = 0,   /* lines */
    WM_RECORDS_NUL = 1,     /* what is between NULs, as find -print0 has it */
    WM_RECORDS_SIZE = 2,    /* o.record_size bytes each; the last one may have fewer */
    WM_RECORDS_FUNCTION = 3 /* what o.next_record finds */
};

/* What is added up. */
enum wm_value {
    WM_MATCHES = 0, /* or what value_column says */
    WM_VOLUMES = 1, /* v1, v2, v3 */
    WM_PAGES = 2,   /* v1 */
    WM_RECORDS = 3  /* 1 for each line, or year of v3 */
};

/* What gets a count of its own. With a year, the words of the result are `word TAB year`. */
enum wm_by {
    WM_BY_WORD = 0,
    WM_BY_YEAR = 1,
    WM_BY_DECADE = 2 /* 1990 stands for 1990 to 1999 */
};

/* What a word of text is; letters, numbers and marks are the categories L*, N* and M*. */
enum wm_tokens {
    WM_TOKENS_UAX29 = 0,   /* what is between word boundaries of Unicode (UAX #29), if it has a
                              letter or a number: don't, 3.14 and word2vec are one, e-mail two */
    WM_TOKENS_LETTERS = 1, /* a letter, and the letters, marks and format characters behind it */
    WM_TOKENS_BLANKS = 2   /* what is between white space */
};

/* What becomes of spellings of text that Unicode holds to be equal. */
enum wm_normalize {
    WM_NORMALIZE_NFC = 0, /* they are one word, composed */
    WM_NORMALIZE_NONE = 1
};

/* What becomes of spellings that differ in case. */
enum wm_fold {
    WM_FOLD_NONE = 0,    /* they are words of their own */
    WM_FOLD_LOWER = 1,   /* they are one word, folded: in lower case */
    WM_FOLD_DOMINANT = 2 /* they are one word, as the commonest of them; of equals the first */
};

/* What a result is written as. */
enum wm_output {
    WM_OUTPUT_TSV = 0,   /* word TAB count LF */
    WM_OUTPUT_CSV = 1,   /* a header, then word,count LF, quoted as RFC 4180 says */
    WM_OUTPUT_JSONL = 2, /* {"word":"...","count":1} LF; bytes that are not UTF-8 become U+FFFD */
    WM_OUTPUT_TABLE = 3, /* a table file, which is always sorted by word */
    /* CSV in which no cell is a formula to a spreadsheet: an apostrophe stands before a first = + -
     * @ TAB or CR */
    WM_OUTPUT_CSV_SAFE = 4,
    WM_OUTPUT_CONTINUED = 64 /* added to one of these, for wm_table_write: without a header */
};

/* What a job is doing, in this order. */
enum wm_phase {
    WM_PHASE_SPLIT = 0, /* finds the line boundaries of partition_lines */
    WM_PHASE_MAP = 1,
    WM_PHASE_REDUCE = 2, /* all rounds */
    WM_PHASE_WRITE = 3,  /* merges the sorted partitions and writes them */
    WM_PHASE_DONE = 4,
    WM_N_PHASES = 5
};

/* The lists of names: each has those of one of the enums above. */
enum wm_names {
    WM_NAMES_FORMAT = 0,
    WM_NAMES_VALUE = 1,
    WM_NAMES_BY = 2,
    WM_NAMES_SORT = 3,
    WM_NAMES_BAD_LINE = 4,
    WM_NAMES_FOLD = 5,
    WM_NAMES_OUTPUT = 6,
    WM_NAMES_REDUCE = 7,
    WM_NAMES_PHASE = 8,
    WM_NAMES_TOKENS = 9,
    WM_NAMES_NORMALIZE = 10
};

/*
 * What was done as asked, and may not be what was meant. wm_stats.warnings is a set of these.
 */
enum wm_warning {
    /*
     * Without pos, words with tags, without, and placeholders for them were ranked, or have shares
     * of one total: the same occurrences count several times. pos "untagged" is the way out.
     */
    WM_WARN_MANY_KINDS = 1,
    WM_WARN_NO_TAGS = 2, /* pos or strip_pos is given, but not one word has a tag */
    /* Ngram files of several releases, by their names or formats, which hold the same books. Two or
     * three of these are set, one for each release. */
    WM_WARN_RELEASE_2009 = 4,
    WM_WARN_RELEASE_2012 = 8,
    WM_WARN_RELEASE_2020 = 16,
    WM_WARN_TWICE = 32, /* by its name, a file of a release is among the inputs twice */
    /* Runs were spilled to a tmpfs: to memory, which counts against the limits of a container. */
    WM_WARN_SPILLED_TO_MEMORY = 64,
    WM_WARN_COLUMNS = 128, /* lines of WM_FORMAT_COUNTS have more counts than o.values */
    /* o.top, with o.by and without o.words, chose among the words of all years or decades;
     * o.top_per chooses within each. */
    WM_WARN_TOP_OF_ALL = 256,
    /* Of o.words, one that cannot be found. It is none of those that o.pos lets through; it has a
     * tag, which o.strip_pos takes off; o.match does not match it; o.tokens and o.ngrams_... do not
     * cut text to it. */
    WM_WARN_WORD_POS = 512,
    WM_WARN_WORD_STRIPPED = 1024,
    WM_WARN_WORD_MATCH = 2048,
    WM_WARN_WORD_TOKENS = 4096,
    /* The words of one shard were chosen, ranked, given shares, or years that it may lack. So the
     * results of all shards do not add up to that of the whole. */
    WM_WARN_SHARD = 8192,
    /* No worker could be started, so all was done in the calling process: see refused_call. */
    WM_WARN_ONE_PROCESS = 16384,
    /*
     * Lines of WM_FORMAT_COUNTS look as if words had a year behind them, of which o.by says
     * nothing. So ranks, shares, o.words and columns of the output are those of words with their
     * years.
     */
    WM_WARN_PERIODS = 32768,
    /* Results by word, by year and by decade seem to be among the inputs, and some do not say which
     * they are. So lines of one word were not added to each other, or others were. */
    WM_WARN_MIXED_PERIODS = 65536,
    /* A word has more than o.totals says that there are, of all words: so these are totals of
     * something else. Only words that are written are looked at. */
    WM_WARN_TOTALS = 131072
};

#define WM_ROUNDS_MAX 32  /* reduce rounds: more runs than fit 32 bits cannot be */
#define WM_FORMATS_MAX 16 /* room for formats of inputs to come; so nothing moves in wm_stats */
#define WM_PHASES_MAX 16  /* the same for phases */

/*
 * How far a job is; fields are only ever added at the end. Only committed work counts: a task that
 * ran twice counts once.
 */
typedef struct wm_progress {
    enum wm_phase phase;
    int workers;          /* processes alive */
    uint64_t tasks_done;  /* map operations finished, read from the shared region */
    uint64_t tasks;       /* map operations known so far; grows while a pipe is read */
    uint64_t lines;       /* lines of finished map operations */
    uint64_t bytes;       /* bytes mapped, running tasks included */
    uint64_t bytes_total; /* 0 if unknown (a pipe) */
    double seconds;       /* since the job was started */
    uint64_t words;       /* in the result; 0 before the last round of reduce is done */
} wm_progress;

/* How a task ended. */
enum wm_task_end {
    WM_TASK_DONE = 0, /* and counts */
    WM_TASK_LATE = 1, /* another worker was done with the same task first, so it does not count */
    WM_TASK_LOST = 2  /* its worker died or was ended; the task is run again, if it is not done */
};

/* What a worker did in a stretch of its time; fields are only ever added at the end. */
typedef struct wm_task {
    unsigned worker; /* from 0 on; a process that replaces another has its number */
    enum wm_phase phase;
    uint64_t number; /* from 0 on in the stage, of which a phase may have several, one a round */
    enum wm_task_end end;
    int is_backup;         /* the same task was given to another worker before, which was slow */
    double start_seconds;  /* since wm_job_start; of a task that was lost, when its worker could
                              begin it */
    double end_seconds;    /* the same; of a task that was lost, when that was noticed */
    double cpu_seconds;    /* of this time; 0 if it was lost */
    double waited_seconds; /* the same: for room for its output. What is neither was spent waiting
                              for a CPU or for the disk */
    uint64_t bytes;        /* of input, of map operations; else 0 */
} wm_task;

/* What happened to a worker. */
enum wm_event_kind {
    WM_EVENT_DIED = 1, /* it ended before it was told to, and another process takes its place */
    WM_EVENT_HUNG =
        2, /* it has not got on for task_timeout, and is killed: WM_EVENT_DIED follows */
    WM_EVENT_AGAIN = 3, /* it died, and its task is run again */
    WM_EVENT_BACKUP = 4 /* it is given a task that another worker is slow at */
};

/* Fields are only ever added at the end. */
typedef struct wm_event {
    enum wm_event_kind kind;
    unsigned worker; /* as in wm_task */
    enum wm_phase phase;
    uint32_t input; /* of a map operation: which one, from 1 on; else 0 */
    uint64_t task;  /* its number, as in wm_task; UINT64_MAX: it had none */
    uint64_t start; /* of a map operation: bytes of the input */
    uint64_t end;
} wm_event;

/* When o.on_fork is called. */
enum wm_fork {
    WM_FORK_BEFORE = 0,
    WM_FORK_PARENT = 1, /* after it, in the calling process, also if it failed */
    WM_FORK_CHILD = 2   /* after it, in the worker, which has all descriptors still */
};

/* A bad line that was skipped. What it points to is there during the call. Fields are only ever
 * added at the end. */
typedef struct wm_reject {
    const char *name;   /* of the input, or of the file in it that is an archive */
    const char *reason; /* a word or two, as "too few fields" */
    const char *text;   /* of the line: size bytes, its first 64 KiB at most, with no NUL behind */
    size_t size;
    uint64_t line;   /* from 1 on; 0: nobody knows, since another shard has the lines before */
    uint64_t offset; /* of its first byte, as in wm_error */
    uint64_t input;  /* from 1 on */
} wm_reject;

/* What a job did; fields are only ever added at the end. */
typedef struct wm_stats {
    uint64_t lines;          /* lines read, the rejected ones included */
    uint64_t bytes;          /* bytes read */
    uint64_t words;          /* words in the result */
    uint64_t rejected;       /* bad lines skipped */
    uint64_t partition_size; /* bytes; 0 with partition_lines */
    uint64_t partitions;     /* map operations */
    uint64_t runs;           /* runs written by map operations */
    uint64_t run_bytes;      /* and their bytes */
    uint64_t reduce_tasks;
    uint64_t retries;    /* tasks run again because their worker died */
    uint64_t peak_arena; /* most bytes of shared runs at one time */
    /*
     * Bytes of memory that the largest worker took at most, with the shared runs that it used: what
     * was resident on top of what it was forked with. Without workers that of the calling process,
     * on top of what it had at wm_job_start. If that had more before the job, it is measured at the
     * end of tasks.
     */
    uint64_t peak_rss;
    unsigned workers;         /* processes asked for or chosen */
    unsigned workers_started; /* processes there could be, as limits allowed; 0: none, all
                                 was done in the calling one */
    unsigned fan_in;          /* most runs merged by one reduce task */
    unsigned rounds;          /* of reduce */
    double seconds;           /* from wm_job_start to the last byte */
    double phase_seconds[WM_PHASES_MAX]; /* the same, by phase; DONE is 0 */
    /*
     * By round, so many as rounds says: phase REDUCE, but for a last round that makes the output
     * (o.output_only), which is phase WRITE.
     */
    double round_seconds[WM_ROUNDS_MAX];
    double output_seconds;              /* of phase WRITE: writing; the rest is ordering */
    double busy_seconds[WM_PHASES_MAX]; /* at tasks, all workers together, by phase */
    uint64_t messages;                  /* to and from the workers; 0 in the calling process */
    uint64_t message_bytes;             /* of them, through sockets */
    uint64_t forks;                     /* processes in all, those that replaced others included */
    uint64_t deaths;                    /* of them, those that ended before they were told to */
    uint64_t timeouts;                  /* of these, those killed since they hung */
    uint64_t backups;                   /* tasks given to a second worker, the first being slow */
    uint64_t counted;                   /* lines that added to a word */
    uint64_t filtered;                  /* lines of years that were not asked for, or of headers;
                                           lines is the sum of counted, filtered and rejected */
    uint64_t invalid_utf8;              /* bytes of text that are not UTF-8 */
    uint64_t inputs[WM_FORMATS_MAX];    /* how many are of each format */
    uint64_t replaced; /* bytes of the output that are U+FFFD instead, since they were not UTF-8 */
    uint64_t longest_probe; /* most slots that a hash table put a word away from its own: some tens.
                               Thousands: words were made to collide, which the random seed of each
                               job should prevent */
    uint64_t spilled_runs;  /* of all stages, written to the spill file */
    uint64_t spilled_bytes; /* in them */
    uint64_t warnings;      /* a set of enum wm_warning; more may come */
    uint64_t largest_partition; /* bytes that one map operation read, at most: unpacked ones */
    double unpack_seconds; /* at unpacking files: of map operations, which is part of busy_seconds,
                              and of the calling process, as it reads what cannot be cut */
    const char *refused_call; /* what the system refused, so that fewer workers were started than
                                 asked for, or none: "fork", "pidfd_open", ...; NULL: nothing */
    uint64_t refused_errno;   /* and why */
} wm_stats;

/*
 * The caller's; every function that takes one also takes NULL. Untouched unless it fails. What
 * stands behind message is in it too, for programs; what is not known is 0 or empty.
 */
typedef struct wm_error {
    int code;          /* a WM_E code, 0 if nothing failed */
    char message[512]; /* one line: lower case, no full stop, with the way out */
    int system;        /* the errno of the call that failed */
    char option[24];   /* the field of wm_options that is wrong, as "fan_in", or that the message
                          names first as a way out. wm_options_set takes this name, too, if it has
                          that option */
    uint64_t line;     /* of the input, from 1 on */
    uint64_t offset; /* of the input, in bytes: where that line starts, or what cannot be read. Line
                        and offset in an archive are those in the file in it. Of a packed file they
                        are those of what it unpacks to; with WM_EDAMAGED, of the packed bytes */
    uint32_t input;  /* which one, from 1 on, in the order in which they were given */
    uint32_t word_size; /* bytes of word */
    char word[40];      /* the word, or the field of the line, that is at fault: its first bytes
                           as they are, with no NUL behind them */
    uint32_t n_names;
    uint16_t names[6];    /* offsets in message of n_names names of this library, such as
                             "o.format=text", for programs that have other words for them */
    uint64_t reserved[2]; /* room for what else there may be to say */
} wm_error;

typedef struct wm_mapper wm_mapper; /* what a map function emits to, during the call */

/*
 * The caller's map function. It is called for each line of the inputs: `size` bytes, without the LF
 * and a CR before that, and with no NUL behind them. They are there during the call. An empty line
 * at the end of an input is none. The function says by wm_emit what counts, and returns 0. Anything
 * else makes the line a bad one, and what was emitted for it does not count.
 *
 * It runs in the workers, which are forked when the job starts, and again when one dies or has done
 * its max_tasks_per_worker. So it finds the host's memory as it was then, and what it changes stays
 * in its process. Other threads of the host do not exist there. Of its descriptors there are 0 to 2
 * and those of o.keep_fds. A line may come to it more than once, when a worker dies, and to two
 * workers at a time, when the first is slow. It is counted once. The function must not call exit,
 * pthread_exit, or functions of wordmill other than those that take a mapper. It must not leave by
 * longjmp, and has to flush what it prints. An exception of C++ or a panic of Rust that leaves it
 * is a crash: nobody further up can catch it. With workers = 0, or where no process can be forked,
 * it runs in the thread that steps the job.
 *
 * A function that crashes, or hangs for task_timeout, costs its worker, which is replaced. The
 * third crash in one partition fails the job with WM_EWORKER. With WM_SKIP, if two of them were at
 * the same line, that line is a bad one instead, and the rest of the partition counts. A worker
 * that someone else kills is a crash only the third time in a row that it had the same line. If the
 * host reaps the worker itself, nobody knows who killed it, so that is a crash, too. With workers =
 * 0 a crash ends the host.
 */
typedef int wm_map_fn(wm_mapper *mapper, const char *record, size_t size, void *user);

/*
 * The caller's function that finds records. A record begins at data, or it is looked for from
 * record_context bytes before a partition on, which may be anywhere. Returns how many bytes from
 * data on the next one begins, 1 to size. 0 or more than size: not within size bytes; it is called
 * again with twice as many. is_last: nothing comes behind them. From wherever it starts, it must
 * find the same records. It may look at as many bytes of the next one as every record has.
 *
 * It is called in workers as map is, with map_user. For pipes and what else cannot be cut, it is
 * called in wm_job_start and wm_job_step, twice for each record. A crash there is the host's.
 */
typedef size_t wm_next_record_fn(const char *data, size_t size, int is_last, void *user);

typedef struct wm_file wm_file; /* from wm_file_open to wm_file_close */

/*
 * Strings are NUL-terminated. Strings and arrays are copied when the job is started. What map_user
 * and the like point to, and files of the caller's, must live as long as the job. Names of files
 * are those that they are when the job is started, wherever the process goes then. Fields are only
 * ever added at the end.
 */
typedef struct wm_options {
    size_t size;              /* of the caller's struct; set by wm_options_init */
    int workers;              /* processes; 0: none, all in the calling one; -1: chosen */
    unsigned fan_in;          /* runs merged by one reduce task, 2 or more; 0: chosen */
    uint64_t partition_size;  /* bytes in a partition; 0: chosen */
    uint64_t partition_lines; /* instead: exactly so many lines in a partition; 0: off */
    uint64_t memory;          /* bytes of shared memory for runs, which spill past it; 0: half of
                                 what is available. Never more than a quarter of the addresses that
                                 RLIMIT_AS leaves, which a result gives back but for its words */
    const char *const *words; /* count only these; one that is not there gets 0, or UINT64_MAX
                                 with WM_MIN */
    size_t n_words;           /* 0: all words */
    uint64_t top;             /* keep the first so many in sort order; 0: all */
    enum wm_sort sort;        /* order of the result */
    enum wm_bad_line on_bad_line;
    const char *rejects; /* file for skipped lines; NULL: none */
    const char *output;  /* file to write the result to; NULL: none. Both as for wm_file_open */
    int output_fd;       /* or a descriptor to write it to, the caller's; -1: none. Not both */
    /*
     * Not 0, with output or output_fd: the result may hold no words, only statistics. If it has all
     * words, in their order, the last round then makes the output without making runs of it first.
     * That is faster and takes less memory.
     */
    int output_only;
    /*
     * Called about ten times a second, and at the end of each phase, in the thread that is in
     * wm_run, wm_job_start or wm_job_step. NULL: nobody is. What it returns, if not 0, cancels the
     * job, as wm_job_cancel does. That is the only function of the same job that it may call.
     */
    int (*on_progress)(const wm_progress *progress, void *user);
    void *progress_user; /* given to on_progress */
    /*
     * NULL: lines are what format says. Else what is emitted are the words. Options about words
     * apply to them: words, match, pos, strip_pos, fold_case, min_count, top, sort, rank and
     * totals. Those that say what a line is are WM_EINVAL: format and the columns, value, values,
     * by, first_year, last_year and ngrams. header is what it is without a map.
     */
    wm_map_fn *map;
    /*
     * Called once in each worker before its first task, with the worker's number and map_user. The
     * number counts from 0, and a worker that replaces another has the same. NULL: nothing is
     * called. Not 0: the job fails with WM_EWORKER. Where the map runs in the calling process, so
     * does this, during wm_job_start.
     */
    int (*worker_init)(unsigned worker, void *user);
    void *map_user;                /* given to map and worker_init */
    unsigned max_tasks_per_worker; /* replace a worker after so many; 0: never */
    enum wm_reduce reduce;
    /*
     * Counts only the shard-th, from 1 on, of n_shards equal shares of all input bytes together. A
     * line belongs to the share in which its first byte lies. The sum of all shares is the whole as
     * long as all are given the same unchanged files in the same order. What cannot be cut, a pipe
     * or a packed file, is whole in one share. n_shards = 0: all.
     */
    unsigned shard;
    unsigned n_shards;
    uint64_t min_count; /* only words with so many; 0: all */
    /*
     * Only words that this matches somewhere; NULL: all. It is a regular expression of PCRE2, of
     * characters: "." is one, and \p{L}, \w and [[:alpha:]] know those of Unicode. It matches bytes
     * in a word that is not UTF-8, and in any if it is not UTF-8 itself. "." is any character, and
     * "$" the end alone. One that is none is WM_EINVAL; one that takes millions of steps with a
     * word ends the job with WM_EMATCH.
     */
    const char *match;
    /*
     * A total-count file, which adds a column to the output: how many of a million words the word
     * is, with 6 decimals; NULL: none. The words, or what value says, are those of the years that
     * count, or of the year or decade of a line.
     */
    const char *totals;
    /*
     * Which entries count. An entry is made of tokens, with blanks or "=>" between them. There are
     * plain ones (burnt), tagged ones (burnt_VERB), and placeholders (_VERB_), which stand for any
     * word with that tag. Boundaries (_START_, _END_, _ROOT_) stand in entries of every kind, so
     * this is about the others:
     *
     *     "all"         every entry
     *     "untagged"    those of plain tokens
     *     "tagged"      those of tagged tokens
     *     "NOUN,VERB"   tags, with commas between them: of tokens with one of these tags each
     *     "ADJ NOUN"    a phrase of tags, or several with commas between them: of tokens with
     *                   exactly these tags in this order
     *
     * Tags are written in any case, with underscores around them or without. A boundary that is
     * named has to be there: of a phrase in its place, else anywhere. If no tag is named with it,
     * the entry has plain tokens. NULL: all, but "tagged" with strip_pos. Anything else is
     * WM_EINVAL.
     */
    const char *pos;
    /* Count words without their tags; placeholders and boundaries stay as they are. */
    int strip_pos;
    /*
     * Seconds. A worker that does not get on for so long (with a map function: in the same line) is
     * killed, and its task run again. The third time that is a crash of the task's. 0: never.
     */
    double task_timeout;
    enum wm_format format;  /* of all inputs; not with map */
    enum wm_fold fold_case; /* Unicode's simple case folding; tags keep their case */
    /*
     * Not 0, with WM_FORMAT_COUNTS: each input is sorted by the bytes of its words. They are merged
     * in the calling process, in memory that does not depend on their size, and written in the same
     * order. The result holds no words, only statistics. An input that is not sorted is
     * WM_EBADLINE, also with WM_SKIP. All are open at once; if RLIMIT_NOFILE forbids it, some are
     * merged at a time, to files in spill_dir. Not with another order, pos, strip_pos, fold_case,
     * rank, top_per, fill_years, rejects, header or shards.
     */
    int sorted;
    unsigned key_column;   /* of WM_FORMAT_COLUMNS, from 1; 0: 1. Of other formats WM_EINVAL, */
    unsigned value_column; /* as the next ones are; 0: 3 */
    char delimiter;        /* 0: TAB */
    enum wm_value value;
    /* Of WM_FORMAT_COUNTS: what all inputs are counted by. WM_BY_WORD: what tables and CSV say that
     * they are, as the first does. Of lines, which say nothing, the year is a part of the word. */
    enum wm_by by;
    uint64_t first_year; /* only years from here */
    uint64_t last_year;  /* to here, included; 0: no limit */
    /*
     * Not 0: adds three columns to the output, before that of totals. They are the rank by count
     * (equal counts are in the order of their words' bytes), the share of all counts in percent,
     * and the same of all words down to this rank. Shares have 6 decimals. All counts are those of
     * the words that the options above let through, before top. Words asked for have their rank
     * among all. With by, they are those of the same year or decade.
     */
    int rank;
    enum wm_output output_format; /* of what is written to output or output_fd */
    /*
     * Folder for runs that do not fit `memory`, in a file without a name; NULL: $TMPDIR, else /tmp.
     * If that is a tmpfs, it is the first on a disk of /tmp, /var/tmp and the folder of `output`.
     */
    const char *spill_dir;
    uint64_t max_rejects;  /* with WM_SKIP: more bad lines are WM_EBADLINE; UINT64_MAX: no limit */
    enum wm_tokens tokens; /* of text; also what wm_tokens_next finds */
    enum wm_normalize normalize; /* the same */
    /*
     * Of text: counts each sequence of ngrams_least to ngrams_most words of a line, with one blank
     * between, and not each word; at most 9. 0: 1.
     */
    unsigned ngrams_least;
    unsigned ngrams_most;
    /*
     * Instead of output and rejects: files of the caller's, who commits them when the job is done.
     * So the caller can have all of its files in their places, or none. NULL: none.
     */
    wm_file *output_file;
    wm_file *rejects_file;
    /*
     * Of the file of rejects. Lines past it are only counted, in a last line of that file; 16 MiB,
     * UINT64_MAX: no limit.
     */
    uint64_t max_reject_bytes;
    uint64_t header; /* so many lines at the start of each input are no data; not with sorted */
    /*
     * With by: only the so many commonest of each year or decade; 0: all. In the order of years,
     * then by count, unless sort says otherwise. Of words asked for, those of them. Not with top.
     */
    uint64_t top_per;
    /*
     * Not 0, with by: each word has a line with 0 (UINT64_MAX with WM_MIN) for each year or decade
     * in which it has none. These go from first_year to last_year; without one of them, from or to
     * what is seen in any line that counts. So have words asked for that are nowhere; with rank, no
     * others are filled. More than 10,000 are WM_ELIMIT. Not with min_count or map.
     */
    int fill_years;
    /*
     * Instead of value: several, by their names with commas between, as "matches,volumes". Each
     * word has a count for each, in this order; the order of the result, ranks, min_count and
     * totals are those of the first. Not of text, whose words count 1, nor with map. Inputs of
     * WM_FORMAT_COUNTS have to hold just these; columns need value_columns. NULL: value; and of
     * WM_FORMAT_COUNTS what tables and CSV say that they hold.
     */
    const char *values;
    char quote; /* of WM_FORMAT_COLUMNS: fields may stand in these, with two of them for one inside,
                   as RFC 4180 says, but without an LF. 0: nothing is quoted */
    /*
     * Descriptors of the host that map and worker_init find open in the workers, beside 0 to 2; all
     * others are closed there. Without these two functions workers keep none at all.
     */
    const int *keep_fds;
    size_t n_keep_fds;
    /*
     * Of WM_FORMAT_COLUMNS with several values: the columns of all of them but records, which are
     * in none, by their numbers with commas between, as "3,4". NULL: value_column.
     */
    const char *value_columns;
    /*
     * Called for each task when its end is heard of, in that order, and in the thread that
     * on_progress is called in. NULL: nobody is.
     */
    void (*on_task)(const wm_task *task, void *user);
    void *task_user; /* given to on_task */
    /*
     * With map: called in the worker before the first record of a partition and after its last one,
     * with map_user; NULL: nothing is. Both may emit, so a map can keep what it adds up itself
     * until the partition ends. What they return, if not 0, or an emit that fails, fails the job
     * with WM_EWORKER. A worker that dies, or is too slow, leaves a partition without an end, and
     * another one begins it again. So whatever is kept has to be emptied at the beginning. The
     * partition counts once.
     */
    int (*partition_begin)(wm_mapper *mapper, void *user);
    int (*partition_end)(wm_mapper *mapper, void *user);
    /*
     * Called when a worker died, hung, or a task is run once more, in the thread that on_progress
     * is called in; NULL: nobody is. It must not call functions of the same job.
     */
    void (*on_event)(const wm_event *event, void *user);
    void *event_user; /* given to on_event */
    /*
     * With WM_SKIP: called for each bad line, in the order of the input, for as many as
     * max_reject_bytes allows. It is the same lines that are written to o.rejects, which may be
     * given as well. It is called at the end of the job, in wm_job_step, and must not call
     * functions of the same job. Not with sorted.
     */
    void (*on_reject)(const wm_reject *reject, void *user);
    void *reject_user; /* given to on_reject */
    /*
     * Called around each fork of a worker, in the thread that forks; NULL: nobody is. It is for
     * hosts whose language has to know of forks. What pthread_atfork does comes too late for a lock
     * that others wait for: by then handlers of other libraries hold theirs. Without a function of
     * the host in the workers nobody has to know. It must not call functions of the same job.
     */
    void (*on_fork)(enum wm_fork moment, void *user);
    void *fork_user; /* given to on_fork */
    /*
     * With map: what each worker has for itself, such as a parser or a dictionary. state_new is
     * called once in each worker before its first task, behind worker_init. It sets *state, which
     * is NULL before, and the map gets that by wm_mapper_state. Not 0: the job fails with
     * WM_EWORKER. state_free is called when the worker ends by itself: with workers = 0, when the
     * job is freed, and after max_tasks_per_worker. Workers are killed when the job needs them no
     * more, which gives back all that they had, so it must do no more than that. NULL: nothing is
     * called.
     */
    int (*state_new)(void **state, unsigned worker, void *user);
    void (*state_free)(void *state, void *user);
    /*
     * With map: what the records are that it is given, and that are counted, rejected and numbered
     * as lines are. Each is in the partition in which its first byte lies, and 64 MiB at most; a
     * longer one is a bad one. Those that are no lines come with all of their bytes, but for the
     * NUL of WM_RECORDS_NUL. Packed inputs are unpacked first, and those of no lines are not cut; a
     * byte order mark is part of the first record. Not with header and partition_lines.
     */
    enum wm_records records;
    /*
     * With next_record: how many bytes before a record tell that it begins there, as 1 if all begin
     * behind an LF. At most 64 KiB. 0: records are known only from where the one before begins, as
     * with a length in front. Then inputs are not cut, and a worker has one as a whole.
     */
    uint32_t record_context;
    uint64_t record_size;           /* bytes, of WM_RECORDS_SIZE; at most 64 MiB */
    wm_next_record_fn *next_record; /* of WM_RECORDS_FUNCTION */
} wm_options;

/* Where the bytes of an input are. */
enum wm_input_kind {
    WM_INPUT_PATH = 0, /* a file; "-" is standard input, from its offset on, which is then behind
                          what was counted */
    WM_INPUT_FD = 1,   /* a descriptor. A regular file is read from its first byte on, whatever its
                          offset is, which stays; anything else from what comes next on */
    WM_INPUT_DATA = 2  /* memory */
};

/*
 * An input; what it does not have is 0. Descriptors stay the caller's, who may close them when the
 * job is freed, and not before. They are not made non-blocking, and workers keep only those of
 * regular files. One that is no regular file can be given once.
 *
 * Memory is read where it is, by workers that are forked with it, and not copied. So it must be as
 * it is until the job is freed. What fork does not hand on (MADV_DONTFORK) is a crash of the
 * worker. It is cut into partitions as a file is, and may be whatever a file may be: packed, an
 * archive, a table file.
 */
typedef struct wm_input {
    enum wm_input_kind kind;
    int fd;               /* WM_INPUT_FD */
    const char *name;     /* for messages, rejects and what names tell of a format; NULL: path, or
                             "input 2" by its number */
    const char *path;     /* WM_INPUT_PATH */
    const void *data;     /* WM_INPUT_DATA */
    size_t size;          /* of data, in bytes */
    uint64_t reserved[3]; /* 0 */
} wm_input;

typedef struct wm_job wm_job;       /* from wm_job_start to wm_job_free */
typedef struct wm_result wm_result; /* from wm_run or wm_job_result to wm_result_free */

/* Sets every field to its default. */
#define wm_options_init(options) wm_options_init_size((options), sizeof(wm_options))
/* The same for the struct that the caller was compiled with: its size. */
WM_API void wm_options_init_size(wm_options *options, size_t size);

/*
 * Sets an option of wordmill count or sum by its long name, to a value as the command takes it:
 * "partition-size" to "1M". NULL is no value, as flags have none. Texts, such as names of files,
 * are copied when a job is started, and not before. The name may have underscores for hyphens.
 * "word" and "shard" without a value are the command's own. 0, or WM_EINVAL: there is no such
 * option, or the value is wrong; then options stay as they were.
 */
WM_API int wm_options_set(wm_options *options, const char *name, const char *value,
                          wm_error *error);

/* The i-th word, from 0 on, of those that an option takes. NULL: there are no more, or its values
 * are no list of words. A static string. */
WM_API const char *wm_options_choice(const char *name, int i);

/* What a value of an enum is called, so of WM_FORMAT_V2 "v2"; NULL: there is no such value. A
 * static string. */
WM_API const char *wm_name(enum wm_names list, int value);

/*
 * Counts the words of n_paths files, and blocks until done, or until on_progress cancels it. "-" is
 * standard input, whose offset is then behind what was counted. The result is the caller's, to be
 * given to wm_result_free. 0 or any WM_E code.
 */
WM_API int wm_run(const wm_options *options, const char *const *paths, size_t n_paths,
                  wm_result **result, wm_error *error);

/* The same with inputs that need not be files. */
WM_API int wm_run_inputs(const wm_options *options, const wm_input *inputs, size_t n_inputs,
                         wm_result **result, wm_error *error);

/*
 * The same without blocking: start, then step whenever wm_job_fd is readable or wm_job_timeout
 * milliseconds have passed, until step does not return WM_RUNNING. Starting forks the workers, and
 * blocks only to open a FIFO for the output until it has a reader. options and paths are copied.
 * The job is the caller's, to be given to wm_job_free. 0 or a WM_E code.
 */
WM_API int wm_job_start(const wm_options *options, const char *const *paths, size_t n_paths,
                        wm_job **job, wm_error *error);

/* The same with inputs that need not be files; the array, names and paths are copied. */
WM_API int wm_job_start_inputs(const wm_options *options, const wm_input *inputs, size_t n_inputs,
                               wm_job **job, wm_error *error);

/* To be polled for reading, by poll, epoll or any event loop, and for nothing else. The job's. */
WM_API int wm_job_fd(const wm_job *job);

/* How long to poll before the next step: milliseconds; 0: not at all; -1: for ever. Ask anew after
 * each step. */
WM_API int wm_job_timeout(const wm_job *job);

/*
 * Does what can be done now. WM_RUNNING; 0: done; or a WM_E code: failed. Once it is not
 * WM_RUNNING, it stays the same. Never blocks: not on workers, pipes or the reader of the output;
 * only regular files are read and written at once, some MB in a step. A step takes some
 * milliseconds of CPU time, and 20 at most. But without workers it takes all of a task, which is
 * seconds unless partition_size is some MB; and it takes all of the output if that is copied, since
 * its file cannot be replaced. With a hundred million words it is more between phases.
 */
WM_API int wm_job_step(wm_job *job);

/*
 * From any thread or signal handler until wm_job_free is called. Wakes whoever polls the job, whose
 * next step ends it with WM_ECANCELED, unless it has ended before. Never blocks.
 */
WM_API void wm_job_cancel(wm_job *job);

/*
 * After step returned 0: the result, which is the caller's and outlives the job; it can be had
 * once. After step failed: its code, and what happened in *error. WM_EINVAL: neither yet, or it was
 * had already. Never blocks.
 */
WM_API int wm_job_result(wm_job *job, wm_result **result, wm_error *error);

/*
 * Ends the job if it still runs, as if canceled, and blocks until its workers are gone, which have
 * been killed. A worker that cannot be killed, since the host has become another user meanwhile,
 * ends when its task gets on. After a second nobody waits for it any more. Takes NULL.
 */
WM_API void wm_job_free(wm_job *job);

/*
 * For map functions: adds count to that of key (or does what o.reduce says), `size` bytes of any
 * value, at most 65536, which are copied. 0, or WM_ENOMEM or WM_EBADLINE (the key is too long):
 * then the job or the line fails, whatever the map function returns. Never blocks.
 */
WM_API int wm_emit(wm_mapper *mapper, const char *key, size_t size, uint64_t count);

/*
 * For map functions: the next word of text, UTF-8, as o.tokens and o.normalize say. 1: *word has
 * *word_size bytes, there until the next call, and *text and *size are what is left behind it. 0:
 * there is none. WM_ENOMEM or WM_EBADLINE (a word is longer than 65536 bytes): the job or the line
 * fails, as with wm_emit. A record is best given as a whole, from its start. Never blocks.
 *
 *     while (wm_tokens_next(mapper, &line, &size, &word, &word_size) > 0)
 *         wm_emit(mapper, word, word_size, 1);
 */
WM_API int wm_tokens_next(wm_mapper *mapper, const char **text, size_t *size, const char **word,
                          size_t *word_size);

/*
 * For map functions: where the record at hand is. The input, from 1 on, in the order in which they
 * were given; an archive is one input. And its first byte in the input. Of a packed input that is a
 * place in what it unpacks to: from the partition's first member on, if members are unpacked side
 * by side. In partition_begin and partition_end it is that of the partition. 0 for NULL.
 */
WM_API uint32_t wm_mapper_input(const wm_mapper *mapper);
WM_API uint64_t wm_mapper_offset(const wm_mapper *mapper);

/*
 * The same for the number of the line, from 1 on, as editors and grep -n have it. Header lines
 * count, and lines of other shards; in an archive, those of the file in it. 0: nobody knows, or the
 * job fails, since the input cannot be read. Nobody knows the lines of packed files whose members
 * are unpacked side by side, nor records that o.next_record finds in a file that is cut. All are
 * known if o.partition_size is larger than the file.
 *
 * A line that is asked for costs some ns. For that, each worker that asks reads each input once
 * more and counts the lines before, at some GB/s.
 */
WM_API uint64_t wm_mapper_line(wm_mapper *mapper);

/* What o.state_new has set in this worker; NULL: nothing. */
WM_API void *wm_mapper_state(const wm_mapper *mapper);

/* The same for the number of the partition, which no other one of the job has. It is the same if
 * the partition is begun again. */
WM_API uint32_t wm_mapper_partition(const wm_mapper *mapper);

/* Words in the result. */
WM_API uint64_t wm_result_size(const wm_result *result);

/* 1 and *count if the word is there, else 0.
 * O(log n) when sorted by word, else O(n / partitions). */
WM_API int wm_result_get(const wm_result *result, const char *word, size_t size, uint64_t *count);

/*
 * Calls fn for each word in sort order until it returns non-zero, and returns that; 0 at the end,
 * or WM_ENOMEM. word is the result's, and has no NUL behind it.
 */
WM_API int wm_result_each(const wm_result *result,
                          int (*fn)(const char *word, size_t size, uint64_t count, void *user),
                          void *user);

/* How many counts each word has:
 * as many as o.values names, or inputs of WM_FORMAT_COUNTS; else 1. */
WM_API unsigned wm_result_n_values(const wm_result *result);

/* What count i is called: "matches", "volumes", "pages" or "records"; "count" if there is one
 * alone; NULL: there are not so many. A static string. */
WM_API const char *wm_result_value_name(const wm_result *result, unsigned i);

/* What the column of years is called: "year" or "decade"; NULL: there is none. A static string. */
WM_API const char *wm_result_period_name(const wm_result *result);

/* The same two with all counts of a word, in the order of o.values; wm_result_n_values of them. */
WM_API int wm_result_get_values(const wm_result *result, const char *word, size_t size,
                                uint64_t *counts);
WM_API int wm_result_each_values(const wm_result *result,
                                 int (*fn)(const char *word, size_t size, const uint64_t *counts,
                                           void *user),
                                 void *user);

/* Writes all of it to fd, and blocks while fd does. 0, WM_EWRITE, WM_ENOMEM or WM_EINVAL. */
WM_API int wm_result_write(const wm_result *result, enum wm_output format, int fd, wm_error *error);

/* What the job did; the result's. */
WM_API const wm_stats *wm_result_stats(const wm_result *result);

/* Gives its memory back, once no cursor holds it any more. Takes NULL. */
WM_API void wm_result_free(wm_result *result);

typedef struct wm_table wm_table; /* from wm_table_open to wm_table_close */

/*
 * Maps a table file, as WM_OUTPUT_TABLE makes them, and verifies all but its words, which are
 * verified when they are looked at. It must not be changed meanwhile, only replaced. Whatever finds
 * that it was changed returns WM_ECHANGED, but a file that is cut while it is looked at is a
 * SIGBUS. A table may be read by many threads at once. 0, WM_EOPEN, WM_EREAD, WM_ENOMEM, WM_ETABLE
 * or WM_EVERSION.
 */
WM_API int wm_table_open(const char *path, wm_table **table, wm_error *error);

/* Words in the table. */
WM_API uint64_t wm_table_size(const wm_table *table);

/* 1 and *count if the word is there, 0 if not, or WM_ETABLE or WM_ECHANGED. O(log n). */
WM_API int wm_table_get(const wm_table *table, const char *word, size_t size, uint64_t *count,
                        wm_error *error);

/*
 * What the words of the table are counted by: "year" or "decade"; NULL: neither. It stands behind
 * each word, with a TAB between, and is a part of the word for wm_table_get and wm_table_each. A
 * static string. Tables of wordmill 0.1 do not say it.
 */
WM_API const char *wm_table_period_name(const wm_table *table);

/*
 * Calls fn for each word that starts with the prefix of size bytes (0: for all), in order, until it
 * returns non-zero. Returns that; 0 at the end; or WM_ETABLE or WM_ECHANGED. word is the table's,
 * and has no NUL behind it.
 */
WM_API int wm_table_each(const wm_table *table, const char *prefix, size_t size,
                         int (*fn)(const char *word, size_t size, uint64_t count, void *user),
                         void *user, wm_error *error);

/* The same of tables whose words have several counts, as with o.values;
 * the others give the first. */
WM_API unsigned wm_table_n_values(const wm_table *table);
WM_API const char *wm_table_value_name(const wm_table *table, unsigned i);
WM_API int wm_table_get_values(const wm_table *table, const char *word, size_t size,
                               uint64_t *counts, wm_error *error);
WM_API int wm_table_each_values(const wm_table *table, const char *prefix, size_t size,
                                int (*fn)(const char *word, size_t size, const uint64_t *counts,
                                          void *user),
                                void *user, wm_error *error);

/*
 * Writes words to fd, in the order given, with 0 if they are not there; or, of each one, all that
 * start with it. Of a table by year or decade, a word without one stands for all of its lines, and
 * there may be none. Blocks while fd does. When it fails, what it found before is written. 0,
 * WM_ETABLE, WM_ECHANGED, WM_EWRITE, WM_ENOMEM, or WM_EINVAL, also for WM_OUTPUT_TABLE.
 */
WM_API int wm_table_write(const wm_table *table, const char *const *words, size_t n_words,
                          int are_prefixes, enum wm_output format, int fd, wm_error *error);

/* Once no cursor holds it any more. Takes NULL. */
WM_API void wm_table_close(wm_table *table);

/*
 * Which words a cursor gives, and in which order. Fields are only ever added at the end.
 */
typedef struct wm_selection {
    size_t size;        /* of the caller's struct; set by wm_selection_init */
    const char *prefix; /* only words that start with these bytes */
    size_t prefix_size; /* 0: all words */
    uint64_t limit;     /* only the first so many, in the order below; 0: all */
    enum wm_sort sort;  /* WM_SORT_DEFAULT: the order that the result is in */
    int is_reversed;    /* not 0: the last word comes first */
} wm_selection;

/* Sets every field to its default: all words, as they lie. */
#define wm_selection_init(selection) wm_selection_init_size((selection), sizeof(wm_selection))
WM_API void wm_selection_init_size(wm_selection *selection, size_t size);

/*
 * Goes through the words of a result or table, one by one or in blocks. It belongs to one thread at
 * a time; many may go through the same result, in different threads.
 */
typedef struct wm_cursor wm_cursor; /* from wm_result_cursor or wm_table_cursor to wm_cursor_free */

/*
 * Words as columns, each an array of n_words: the layout of Arrow, NumPy and the like. If words are
 * counted by year or decade (o.by), that is a column of its own, and not in the word. Fields are
 * only ever added at the end.
 */
typedef struct wm_block {
    uint64_t n_words;
    /* Word i is the bytes from words + offsets[i] to words + offsets[i + 1]; offsets[0] is 0. */
    const char *words;
    const int64_t *offsets;
    const uint64_t *const *counts; /* as many arrays as there are values */
    const uint64_t *years;         /* or decades; UINT64_MAX: it has none. NULL: not by year */
    const uint64_t *ranks;         /* these three with o.rank, else NULL */
    const double *percents;        /* of all counts */
    const double *cumulatives;     /* the same, of all words down to this rank */
    const double *per_million;     /* with o.totals, else NULL */
} wm_block;

/*
 * A cursor before the first word of the selection; NULL selects all. It holds the result, or the
 * table, which may be freed before it. Another order than the result's takes 32 bytes of memory for
 * each word that is selected, and time to sort them. Of a table that is any order but by word and
 * forwards, and it takes a copy of the words as well. 0, WM_EINVAL, WM_ENOMEM; of a table also
 * WM_ETABLE or WM_ECHANGED.
 */
WM_API int wm_result_cursor(const wm_result *result, const wm_selection *selection,
                            wm_cursor **cursor, wm_error *error);
WM_API int wm_table_cursor(const wm_table *table, const wm_selection *selection, wm_cursor **cursor,
                           wm_error *error);

/*
 * The next word, as wm_result_each_values has it, so with a TAB and the year. 1: word and counts,
 * which may be NULL, are the cursor's, and there until its next call; 0: there are no more. Or a
 * code as above.
 */
WM_API int wm_cursor_next(wm_cursor *cursor, const char **word, size_t *size,
                          const uint64_t **counts, wm_error *error);

/*
 * The next words, n_most of them unless fewer are left (0: some 65536, fewer if they are long;
 * UINT64_MAX: all). 1: the block is the cursor's, and there until its next call; 0: there are no
 * more. Or a code as above. Some 20 ns a word.
 */
WM_API int wm_cursor_block(wm_cursor *cursor, uint64_t n_most, const wm_block **block,
                           wm_error *error);

/* Takes NULL. */
WM_API void wm_cursor_free(wm_cursor *cursor);

/* What words are in Arrow. */
enum wm_arrow {
    WM_ARROW_BYTES = 0, /* large_binary */
    WM_ARROW_TEXT = 1   /* large_utf8; a word that is not UTF-8 ends the stream with EILSEQ */
};

struct ArrowArrayStream;

/*
 * The same words as a stream of record batches, as Arrow's C stream interface has it, for DuckDB,
 * Polars, pyarrow and the like. Columns are word, year or decade, the values by their names, all
 * uint64, and what else the output has: rank, percent, cumulative, per_million. Only a year may be
 * null. *stream is the caller's, is overwritten, and has to be released as Arrow says; it holds the
 * result, and the batches need neither. 0 or a code as for wm_result_cursor.
 */
WM_API int wm_result_arrow(const wm_result *result, const wm_selection *selection,
                           enum wm_arrow words, struct ArrowArrayStream *stream, wm_error *error);
WM_API int wm_table_arrow(const wm_table *table, const wm_selection *selection, enum wm_arrow words,
                          struct ArrowArrayStream *stream, wm_error *error);

/*
 * A file that is to be there whole or not at all, such as the output of a job. It is written beside
 * its name, and wm_file_commit puts it in its place. It has the mode of what was there, and the
 * owner and group as far as they may be given. Until then no one else can read it. Where the folder
 * is not writable, or the file is a mount point, the new content is copied into the file, which is
 * opened now for that. Pipes, devices and descriptors by name (/dev/stdout, /dev/fd/3, unless they
 * are closed on exec) are written to as they are. So is standard output, which is "-". A symbolic
 * link stays, and what it points to is written. Blocks to open a FIFO until it has a reader. path
 * must live as long as the file. 0, WM_EWRITE or WM_ENOMEM.
 */
WM_API int wm_file_open(const char *path, wm_file **file, wm_error *error);

/* What to write to; the file's. */
WM_API int wm_file_fd(const wm_file *file);

/* Writes all of it, and blocks while the file does. 0 or WM_EWRITE. */
WM_API int wm_file_write(wm_file *file, const void *data, size_t size, wm_error *error);

/* 1 if what is written to one would be lost or mixed with the other's; 0 for pipes and devices. */
WM_API int wm_file_is_same(const wm_file *file, const wm_file *other);

/* 1 if it is this input, a regular file; "-" is standard input. */
WM_API int wm_file_is_input(const wm_file *file, const char *path);

/* Puts it in its place. A file of a job's: only once the job is done. 0 or WM_EWRITE. */
WM_API int wm_file_commit(wm_file *file, wm_error *error);

/* Removes what was not committed, and leaves what was there as it was. Takes NULL. */
WM_API void wm_file_close(wm_file *file);

/*
 * Copies text so that it can be shown. Some bytes become a backslash, x and two digits each: those
 * that a terminal would act on (controls, also C1), that turn its text around, or that are no
 * UTF-8. So does the backslash of what looks like that, and two texts stay different. Messages of
 * wm_error are like that already. Cut to whole characters that fit capacity bytes with their NUL.
 * Returns the bytes it takes, or would, without the NUL.
 */
WM_API size_t wm_quote(const char *text, size_t size, char *out, size_t capacity);

WM_API const char *wm_strerror(int code); /* a static string in English; never NULL */
WM_API const char *wm_version(void);      /* of the library, as WM_VERSION is of the header */

#ifdef __cplusplus
}
#endif
#endif
