/*
 * A loop of libuv has one descriptor, the epoll instance, which is what the caller polls. Nothing
 * is decided in these callbacks: waking the loop is enough, for a turn follows each step.
 */
#include "job/loop.h"

#include "error.h"
#include "files/descriptor.h"
#include "stages/phase.h"

#define PROGRESS_INTERVAL 100 /* milliseconds */

/* The turn that follows looks whether the job was canceled. */
static void on_wake(uv_async_t *handle)
{
    (void)handle;
}

static void on_tick(uv_timer_t *timer)
{
    phase_report(timer->data);
}

int loop_open(struct loop *loop, struct flow *flow, wm_error *error)
{
    int rc = -descriptors_probe();
    if (rc == 0)
        rc = uv_loop_init(&loop->uv);
    if (rc == 0) {
        rc = uv_async_init(&loop->uv, &loop->wake, on_wake);
        if (rc < 0)
            uv_loop_close(&loop->uv);
    }
    if (rc == UV_ENOMEM)
        return error_memory(error);
    if (rc < 0)
        return error_set_system(error, WM_EFORK, -rc, "cannot make an event loop: " SYSTEM);
    uv_timer_init(&loop->uv, &loop->ticker);
    loop->ticker.data = flow;
    loop->is_open = 1;
    return 0;
}

void loop_start_ticker(struct loop *loop)
{
    uv_timer_start(&loop->ticker, on_tick, PROGRESS_INTERVAL, PROGRESS_INTERVAL);
}

void loop_stop_ticker(struct loop *loop)
{
    uv_timer_stop(&loop->ticker);
}

void loop_cancel(struct loop *loop)
{
    atomic_store(&loop->canceled, 1);
    uv_async_send(&loop->wake);
}

static void close_handle(uv_handle_t *handle, void *user)
{
    (void)user;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void loop_close(struct loop *loop)
{
    uv_walk(&loop->uv, close_handle, NULL);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    uv_loop_close(&loop->uv);
}
