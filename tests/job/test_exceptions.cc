/*
 * A host in C++ whose map function, or worker_init, throws. It waits for whatever comes out of
 * wm_run, and writes to a ledger that it did: only the host itself may, never a copy of it in a
 * worker.
 */
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wordmill.h>

namespace
{

std::string folder, input;
int ledger[2]; /* a pipe */

struct outcome {
    int code;
    std::string message;
    uint64_t words, rejected;
};

[[noreturn]] void end_quietly()
{
    std::abort();
}

int map_or_throw(wm_mapper *mapper, const char *record, size_t size, void *)
{
    std::string line(record, size);
    if (line.rfind("bad", 0) == 0)
        throw std::runtime_error(line);
    return wm_emit(mapper, record, size, 1);
}

int map_all(wm_mapper *mapper, const char *record, size_t size, void *)
{
    return wm_emit(mapper, record, size, 1);
}

int init_throws(unsigned, void *)
{
    throw std::runtime_error("no");
}

outcome run(const wm_options &o)
{
    const char *path = input.c_str();
    outcome out = {};
    wm_error error = {};
    wm_result *result = nullptr;
    try {
        out.code = wm_run(&o, &path, 1, &result, &error);
        out.message = error.message;
    } catch (...) {
        out.code = 1;
    }
    if (write(ledger[1], "x", 1) != 1)
        std::abort();
    if (result) {
        out.words = wm_result_stats(result)->words;
        out.rejected = wm_result_stats(result)->rejected;
        wm_result_free(result);
    }
    return out;
}

wm_options options(int workers)
{
    wm_options o;
    wm_options_init(&o);
    o.workers = workers;
    o.map = map_or_throw;
    return o;
}

int n_failed;

void check(bool is_true, const char *what, const outcome &out)
{
    if (is_true)
        return;
    n_failed++;
    std::fprintf(stderr, "failed: %s: %d %s\n", what, out.code, out.message.c_str());
}

void check_ledger(size_t n)
{
    char data[100];
    ssize_t size = read(ledger[0], data, sizeof data);
    check(size == static_cast<ssize_t>(n), "only the host comes back", {});
}

/* In a process of its own, which is to end by SIGABRT. */
void check_abort(const wm_options &o, const char *what)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        run(o);
        _exit(0);
    }
    check(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
          what, {});
}

void save(const char *path, const char *bad)
{
    FILE *file = std::fopen(path, "we");
    for (int i = 0; i < 1000; i++)
        std::fprintf(file, "%s%d\n", i == 500 ? bad : "good", i);
    std::fclose(file);
}

} // namespace

int main()
{
    const rlimit none = {0, 0};
    const char *temporary = std::getenv("TMPDIR");
    folder = std::string(temporary ? temporary : "/tmp") + "/wordmill.XXXXXX";
    if (!mkdtemp(&folder[0]) || pipe(ledger) < 0)
        return 2;
    setrlimit(RLIMIT_CORE, &none);
    std::set_terminate(end_quietly);
    input = folder + "/lines";
    save(input.c_str(), "bad");

    wm_options o = options(3);
    outcome out = run(o);
    check(out.code == WM_EWORKER, "a map that throws is a crash", out);
    check_ledger(1);
    o.on_bad_line = WM_SKIP;
    out = run(o);
    check(out.code == 0 && out.words == 999 && out.rejected == 1, "the line can be skipped", out);
    check_ledger(1);
    o = options(2);
    o.map = map_all;
    o.worker_init = init_throws;
    out = run(o);
    check(out.code == WM_EWORKER, "so is a worker_init that throws", out);
    check_ledger(1);

    o = options(0);
    check_abort(o, "without workers it is a crash of the host");
    o.map = map_all;
    o.worker_init = init_throws;
    check_abort(o, "so it is in worker_init");
    o.worker_init = nullptr;
    out = run(o);
    check(out.code == 0 && out.words == 1000, "what does not throw is counted", out);
    check_ledger(1);

    unlink(input.c_str());
    rmdir(folder.c_str());
    return n_failed > 0;
}
