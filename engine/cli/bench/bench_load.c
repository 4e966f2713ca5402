/*
 * The first line of /proc/stat: "cpu", then ticks of user, nice, system, idle, iowait, irq, softirq
 * and steal, of all CPUs together (proc(5)). Guests are in user already.
 */
#include "bench/bench_load.h"

#include <stdio.h>
#include <unistd.h>

#include "bench/bench_clock.h"

struct machine_load load_start(void)
{
    unsigned long long user, nice, system, idle, wait, irq, soft, steal;
    struct machine_load load = {.cpus = (double)sysconf(_SC_NPROCESSORS_ONLN)};
    double ticks = (double)sysconf(_SC_CLK_TCK);
    struct span now = clock_start();
    FILE *file = fopen("/proc/stat", "re");
    if (!file)
        return load;
    int n = fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &system,
                   &idle, &wait, &irq, &soft, &steal);
    fclose(file);
    if (n != 8 || user + system == 0)
        return load;
    load.is_known = 1;
    load.seconds = now.wall;
    load.steal_seconds = (double)steal / ticks;
    load.other_seconds =
        (double)(user + nice + system + irq + soft) / ticks - now.user - now.system;
    return load;
}

struct machine_load load_stop(const struct machine_load *start)
{
    struct machine_load now = load_start();
    now.is_known = now.is_known && start->is_known;
    now.seconds -= start->seconds;
    now.steal_seconds -= start->steal_seconds;
    now.other_seconds -= start->other_seconds;
    if (now.other_seconds < 0)
        now.other_seconds = 0;
    return now;
}

static double each_second(const struct machine_load *load, double seconds)
{
    return load->is_known && load->seconds > 0 ? seconds / load->seconds : 0;
}

double load_other_cpus(const struct machine_load *load)
{
    return each_second(load, load->other_seconds);
}

double load_steal_cpus(const struct machine_load *load)
{
    return each_second(load, load->steal_seconds);
}
