/*
 * A host in Node: an addon with one function, count(path), which gives a promise of the three
 * commonest words of a file. The job runs in a thread of Node's pool, so nothing else has to wait.
 *
 *     cc -shared -fPIC -I/usr/include/node -o wordmill.node addon.c \
 *         $(pkg-config --cflags --libs wordmill)
 *     node count.js FILE
 */
#include <inttypes.h>
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wordmill.h>

struct request {
    napi_async_work work;
    napi_deferred promise;
    int code;
    wm_error error;
    char text[300000]; /* three words of 64 KiB at most */
    size_t size;
    char path[];
};

static int put(const char *word, size_t size, uint64_t count, void *user)
{
    struct request *request = user;
    memcpy(request->text + request->size, word, size);
    request->size += size;
    request->size += (size_t)sprintf(request->text + request->size, "\t%" PRIu64 "\n", count);
    return 0;
}

/* In a thread of its own, where nothing of Node may be called. */
static void run(napi_env env, void *user)
{
    (void)env;
    struct request *request = user;
    const char *path = request->path;
    wm_options o;
    wm_result *result;
    wm_options_init(&o);
    o.top = 3;
    request->code = wm_run(&o, &path, 1, &result, &request->error);
    if (request->code < 0)
        return;
    wm_result_each(result, put, request);
    wm_result_free(result);
}

static void done(napi_env env, napi_status status, void *user)
{
    (void)status;
    struct request *request = user;
    napi_value value, message;
    if (request->code == 0) {
        napi_create_string_utf8(env, request->text, request->size, &value);
        napi_resolve_deferred(env, request->promise, value);
    } else {
        napi_create_string_utf8(env, request->error.message, NAPI_AUTO_LENGTH, &message);
        napi_create_error(env, NULL, message, &value);
        napi_reject_deferred(env, request->promise, value);
    }
    napi_delete_async_work(env, request->work);
    free(request);
}

static napi_value count(napi_env env, napi_callback_info info)
{
    size_t n = 1, size = 0;
    napi_value path, name, promise;
    napi_get_cb_info(env, info, &n, &path, NULL, NULL);
    napi_get_value_string_utf8(env, path, NULL, 0, &size);
    struct request *request = calloc(1, sizeof *request + size + 1);
    if (!request || napi_create_promise(env, &request->promise, &promise) != napi_ok) {
        free(request);
        napi_throw_error(env, NULL, "out of memory");
        return NULL;
    }
    napi_get_value_string_utf8(env, path, request->path, size + 1, &size);
    napi_create_string_utf8(env, "wordmill", NAPI_AUTO_LENGTH, &name);
    napi_create_async_work(env, NULL, name, run, done, request, &request->work);
    napi_queue_async_work(env, request->work);
    return promise;
}

NAPI_MODULE_INIT()
{
    napi_value function;
    napi_create_function(env, "count", NAPI_AUTO_LENGTH, count, NULL, &function);
    napi_set_named_property(env, exports, "count", function);
    return exports;
}
