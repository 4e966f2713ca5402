/*
 * What the options leave open is chosen here, from the inputs and the machine: how many workers,
 * how much memory each has for its table, how many runs are merged at a time. Workers see what was
 * chosen and never change it.
 */
#include "plan/spec.h"

#include <errno.h>
#include <sys/random.h>
#include <uv.h>

#include "context/context.h"
#include "error.h"
#include "plan/machine.h"
#include "plan/options.h"
#include "plan/partition.h"
#include "plan/plan.h"
#include "plan/words.h"
#include "output/formats.h"
#include "scan/variants.h"

/* Entries of a map task's table, and bytes of them: both fit a 512 KiB L2 beside the input. */
#define TABLE_ENTRIES 16384
#define TABLE_SIZE (512u << 10)
#define TABLE_SIZE_MAX (UINT64_C(512) << 20)
#define TABLE_SIZE_MIN (2u * WORD_SIZE_MAX)
#define CHUNK_SIZE (128u << 10)
#define SPILL_SIZE (8u << 20)
#define SPILL_MEMORY_MIN (16u << 20)
#define PRIVATE_MIN (16u << 20) /* unless a limit of a process is lower */

#define FAN_IN_MAX 4096 /* that is chosen */
#define FAN_IN_MIN 64
#define FAN_IN_COST (64u << 10) /* bytes of a slice of so many runs, for each */

/* Grants for all workers, the runs they make of them, and room to reduce those. */
static size_t least_memory(const struct job_spec *spec, uint32_t n_workers)
{
    return 4 * context_grant_size(spec) * n_workers + 16 * EXTENT_SIZE;
}

/* In which order words are ranked, and which of them the last round may leave out. */
static void choose_ranks(struct job_spec *spec, const wm_options *options)
{
    spec->top = options->top > 0 && options->top < UINT64_MAX ? options->top + 1 : UINT64_MAX;
    spec->top_per = options->top_per > 0 ? options->top_per : UINT64_MAX;
    spec->rank_order = spec->order;
    if (options->rank || options->top_per > 0)
        spec->rank_order = options->by == WM_BY_WORD ? ORDER_COUNT : ORDER_PERIOD;
    if (!options->rank)
        return;
    spec->columns.which |= COLUMNS_OF_RANK;
    if (spec->order != spec->rank_order || options->n_words > 0)
        spec->top = UINT64_MAX; /* all words count for the ranks of the first */
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* A table takes half as much again for its index, and a run that is to be spilled twice its size to
 * be sorted and written. */
static void choose_large_tables(struct plan *plan, uint64_t memory)
{
    struct job_spec *spec = &plan->spec;
    uint64_t most = least(memory / (4 * plan->n_workers), TABLE_SIZE_MAX);
    spec->spill_size = least(SPILL_SIZE, plan->private / 8);
    if (spec->spill_size < spec->table_size)
        spec->spill_size = spec->table_size;
    spec->table_size_max = least(most, plan->private / 4);
    if (spec->table_size_max < spec->spill_size)
        spec->table_size_max = spec->spill_size;
}

/*
 * Shares out the memory and the addresses of the machine, to the arena, to what each process has of
 * its own, and to what is spilled to memory. Returns the share of the arena.
 */
static uint64_t choose_memory(struct plan *plan)
{
    uint64_t available = machine_memory(), commit = machine_commit("/proc");
    uint64_t memory = plan->options.memory ? plan->options.memory : available / 2;
    /* A quarter of the addresses each for the arena and the spill file: the rest is for what
     * workers have for themselves. */
    uint64_t addresses = machine_addresses();
    plan->spill.addresses = addresses / 4;
    memory = least(memory, least(plan->spill.addresses, commit / 4));
    uint64_t rest = available > memory ? available - memory : 0;
    uint64_t own = rest / plan->n_workers;
    if (own < PRIVATE_MIN)
        own = PRIVATE_MIN;
    plan->private = least(machine_private(), least(addresses, commit / (plan->n_workers + 1)) / 2);
    plan->private = least(plan->private, own);
    /* What is spilled to a tmpfs has half of what the arena leaves. */
    plan->spill.memory = rest / 2;
    if (plan->spill.memory < SPILL_MEMORY_MIN)
        plan->spill.memory = SPILL_MEMORY_MIN;
    return memory;
}

/* What the options say, as workers see it. */
static void take_options(struct job_spec *spec, const wm_options *options)
{
    spec->order = options_order(options);
    spec->reduce = (enum reduce_op)options->reduce;
    spec->on_record = options->map;
    spec->init = options->worker_init;
    spec->map_user = options->map_user;
    spec->partition_begin = options->partition_begin;
    spec->partition_end = options->partition_end;
    spec->state_new = options->state_new;
    spec->state_free = options->state_free;
    spec->format = output_format_at(options->output_format);
    choose_ranks(spec, options);
    spec->min_count = options->min_count;
    if (options->fill_years)
        spec->fill_step = options->by == WM_BY_DECADE ? 10 : 1;
    spec->n_header = options->header;
    spec->skip_bad_lines = options->on_bad_line == WM_SKIP;
    spec->wants_tasks = options->on_task != NULL;
    spec->keep_rejects = spec->skip_bad_lines && (options->rejects || options->on_reject);
    spec->reject_bytes_max = options->max_reject_bytes;
}

static int make_arena(struct plan *plan, uint64_t memory, wm_error *error)
{
    uint32_t n_workers = plan->n_workers;
    size_t minimum = least_memory(&plan->spec, n_workers);
    if (memory < minimum && memory != plan->options.memory)
        return error_set(
            error, WM_ENOMEM,
            "%llu KiB of memory and addresses can be had for %u worker%s, which need %zu KiB",
            (unsigned long long)(memory >> 10), (unsigned)n_workers, n_workers == 1 ? "" : "s",
            minimum >> 10);
    if (memory < minimum)
        return error_set(
            error, WM_EINVAL,
            "a memory limit of %llu KiB is too small for %u worker%s: at least %zu KiB",
            (unsigned long long)(memory >> 10), (unsigned)n_workers, n_workers == 1 ? "" : "s",
            minimum >> 10);
    int rc = arena_init(&plan->arena, memory, minimum);
    if (rc < 0)
        return error_set_system(error, rc, errno, "cannot map %llu MiB of shared memory: " SYSTEM,
                                (unsigned long long)(memory >> 20));
    return 0;
}

int spec_make(struct plan *plan, wm_error *error)
{
    struct job_spec *spec = &plan->spec;
    uint64_t memory = choose_memory(plan);
    spec->inputs = plan->inputs.items;
    spec->arena = &plan->arena;
    spec->scan = scan_choose();
    spec->n_more = query_n_values(&spec->query) - 1;
    take_options(spec, &plan->options);
    spec->n_entries_max = TABLE_ENTRIES;
    spec->chunk_size = CHUNK_SIZE;
    spec->table_size = TABLE_SIZE;
    while (spec->table_size > TABLE_SIZE_MIN && 2 * least_memory(spec, plan->n_workers) > memory)
        spec->table_size /= 2;
    choose_large_tables(plan, memory);
    /* A seed that nobody can know beforehand, so that no input can be made to collide. */
    if (getrandom(&spec->seed, sizeof spec->seed, GRND_NONBLOCK) != sizeof spec->seed)
        spec->seed = uv_hrtime();
    int rc = make_arena(plan, memory, error);
    return rc < 0 ? rc : words_make(plan, error);
}

int spec_make_columns(struct plan *plan, wm_error *error)
{
    static const enum totals_column totals[] = {
        [WM_MATCHES] = TOTALS_MATCHES, [WM_VOLUMES] = TOTALS_VOLUMES, [WM_PAGES] = TOTALS_PAGES};
    const wm_options *options = &plan->options;
    struct columns *columns = &plan->spec.columns;
    enum ngram_value value = plan->spec.query.value;
    plan->has_values = 1;
    columns->n_more = plan->spec.n_more;
    for (unsigned i = 0; i < plan->spec.query.n_values; i++) {
        columns->names[i] = ngram_value_name(plan->spec.query.values[i]);
        columns->values[i] = (unsigned char)plan->spec.query.values[i];
    }
    columns->by = (unsigned char)options->by;
    columns->period = ngram_period_name(columns->by);
    if (!options->totals)
        return 0;
    if (value == NGRAM_RECORDS)
        return error_set_option(error, "totals",
                                "records have no totals: count matches, volumes or pages");
    struct totals_query query = {.column = totals[value],
                                 .first = options->first_year,
                                 .last = options->last_year ? options->last_year : UINT64_MAX,
                                 .period = options->by == WM_BY_DECADE ? 10 : 1,
                                 .of_result = options->format == WM_FORMAT_COUNTS};
    int rc = totals_read(&plan->totals, options->totals, &query, error);
    columns->which |= 1u << COLUMN_PER_MILLION;
    columns->total_count = plan->totals.sum;
    if (options->by != WM_BY_WORD) {
        columns->years = plan->totals.years;
        columns->n_years = plan->totals.n;
    }
    return rc;
}

void spec_make_splitter(struct plan *plan)
{
    const wm_options *options = &plan->options;
    static const enum splitter_kind kinds[] = {[WM_RECORDS_NUL] = SPLITTER_NUL,
                                               [WM_RECORDS_SIZE] = SPLITTER_SIZE,
                                               [WM_RECORDS_FUNCTION] = SPLITTER_FUNCTION};
    if (options->records == WM_RECORDS_LINES)
        return;
    plan->splitter = (struct splitter){.kind = kinds[options->records],
                                       .size = options->record_size,
                                       .context = options->record_context,
                                       .next = options->next_record,
                                       .user = options->map_user};
    plan->spec.splitter = &plan->splitter;
}

void spec_choose_workers(struct plan *plan)
{
    int n = plan->options.workers < 0 ? machine_cpus() : plan->options.workers;
    /* More processes than pieces of a tenth of a megabyte only cost their start. */
    uint64_t useful = plan->inputs.size / (128 << 10) + 1;
    if (plan->options.workers < 0 && plan->inputs.n_streams == 0 && useful < (uint64_t)n)
        n = (int)useful;
    plan->n_asked = (uint32_t)n;
    plan->n_workers = n > 0 ? (uint32_t)n : 1;
    uint32_t n_cpus = (uint32_t)machine_cpus();
    plan->n_busy = plan->n_workers < n_cpus ? plan->n_workers : n_cpus;
}

void spec_choose_reduce(struct plan *plan)
{
    const wm_options *options = &plan->options;
    uint64_t most = plan->private / FAN_IN_COST;
    plan->fan_in = (uint32_t)least(FAN_IN_MAX, most < FAN_IN_MIN ? FAN_IN_MIN : most);
    if (options->fan_in)
        plan->fan_in = options->fan_in;
    plan->is_direct = options->output_only && plan_has_output(plan) &&
                      plan->spec.order == plan->spec.run_order && !options->rank &&
                      options->top_per == 0 && options->top == 0;
    /* What needs each period as a word of its own is not direct, or fills periods. Series of one
     * period each cost more than keys do. */
    plan->spec.has_series = plan->is_direct && options->by != WM_BY_WORD && !options->map &&
                            options->reduce == WM_SUM && !options->fill_years &&
                            plan->options.format != WM_FORMAT_COUNTS && plan->spec.n_more == 0 &&
                            !partitions_are_shuffled(&plan->inputs);
}
