/* A job as a source of a GLib main loop, beside an idle source and a timeout of the caller. */
#include "jobs.h"

#include <glib-unix.h>

struct in_glib {
    GMainLoop *loop;
    wm_job *job;
    guint timer; /* 0: none */
    int rc;
};

static void step(struct in_glib *in);

static gboolean on_ready(gint fd, GIOCondition condition, gpointer user)
{
    struct in_glib *in = user;
    (void)fd, (void)condition;
    step(in);
    return in->rc == WM_RUNNING;
}

static gboolean on_time(gpointer user)
{
    struct in_glib *in = user;
    in->timer = 0;
    step(in);
    return G_SOURCE_REMOVE;
}

static void step(struct in_glib *in)
{
    if (in->rc == WM_RUNNING)
        in->rc = wm_job_step(in->job);
    if (in->timer)
        g_source_remove(in->timer);
    in->timer = 0;
    int timeout = wm_job_timeout(in->job);
    if (in->rc != WM_RUNNING)
        g_main_loop_quit(in->loop);
    else if (timeout >= 0)
        in->timer = g_timeout_add((guint)timeout, on_time, in);
}

static gboolean count(gpointer user)
{
    ++*(int *)user;
    return G_SOURCE_CONTINUE;
}

static void a_job_can_run_in_a_glib_main_loop(void **state)
{
    (void)state;
    for (int workers = 0; workers < 3; workers++) {
        wm_options o = job_options(workers, 10000);
        wm_result *result = NULL;
        int n_ticks = 0;
        struct in_glib in = {.rc = WM_RUNNING};
        in.loop = g_main_loop_new(NULL, FALSE);
        in.job = start(&o, files.big);
        guint source = g_unix_fd_add(wm_job_fd(in.job), G_IO_IN, on_ready, &in);
        guint ticker = g_timeout_add(1, count, &n_ticks);
        step(&in);
        g_main_loop_run(in.loop);
        g_source_remove(ticker);
        GSource *left = g_main_context_find_source_by_id(NULL, source);
        if (left)
            g_source_destroy(left);
        g_main_loop_unref(in.loop);
        assert_int_equal(in.rc, 0);
        assert_int_equal(wm_job_result(in.job, &result, NULL), 0);
        wm_job_free(in.job);
        assert_true(is_result(result, &files.big_sample.expected));
        wm_result_free(result);
        assert_true(n_ticks > 0);
        assert_nothing_left();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_can_run_in_a_glib_main_loop),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
