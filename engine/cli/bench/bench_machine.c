/* What the system says of itself. */
#include "bench/bench_machine.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include <wordmill.h>

static void cpu_name(char *text, size_t size)
{
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "re");
    snprintf(text, size, "unknown");
    while (file && fgets(line, sizeof line, file)) {
        const char *value = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !value)
            continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(text, size, "%s", value + 1 + strspn(value + 1, " "));
        break;
    }
    if (file)
        fclose(file);
}

void machine_see(struct machine *machine, const char *const *command, size_t n_command)
{
    struct utsname name;
    struct tm parts;
    cpu_set_t set;
    time_t now = time(NULL);
    *machine = (struct machine){.command = command, .n_command = n_command};
    snprintf(machine->version, sizeof machine->version, "%s", wm_version());
    strftime(machine->date, sizeof machine->date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
    if (uname(&name) == 0) {
        snprintf(machine->system, sizeof machine->system, "%s %s", name.sysname, name.release);
        snprintf(machine->architecture, sizeof machine->architecture, "%s", name.machine);
    }
    cpu_name(machine->cpu, sizeof machine->cpu);
    machine->cpus = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

/* One argument: in single quotes, if a shell would see more in it than letters. */
static size_t argument_write(const char *argument, char *text, size_t room)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_=,./:+@%";
    if (argument[0] != '\0' && argument[strspn(argument, plain)] == '\0')
        return (size_t)snprintf(text, room, "%s", argument);
    size_t used = (size_t)snprintf(text, room, "'");
    for (; *argument != '\0' && used + 5 < room; argument++)
        used += (size_t)snprintf(text + used, room - used, *argument == '\'' ? "'\\''" : "%c",
                                 *argument);
    return used + (size_t)snprintf(text + used, room - used, "'");
}

void machine_command(const struct machine *machine, char *text, size_t room)
{
    size_t used = (size_t)snprintf(text, room, "wordmill");
    for (size_t i = 0; i < machine->n_command && used + 2 < room; i++) {
        used += (size_t)snprintf(text + used, room - used, " ");
        used += argument_write(machine->command[i], text + used, room - used);
    }
}
