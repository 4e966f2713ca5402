/*
 * The expression is compiled twice if it can be: for characters, and for bytes, for the words that
 * are not UTF-8. A word may hold anything, line ends and NULs too: "." is any character, and "$"
 * the end alone.
 */
#include "filter/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/code.h"

/* A word is 64 KiB at most, so an expression that needs more than this explodes. */
#define STEPS_MAX 10000000
#define HEAP_KIB_MAX 65536
#define STACK_MIN 32768
#define STACK_MAX (8 << 20)

#define ALWAYS (PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C)

/* PCRE2 allocates as all of the library does. */
static void *take(size_t size, void *unused)
{
    (void)unused;
    return malloc(size);
}

static void give_back(void *memory, void *unused)
{
    (void)unused;
    free(memory);
}

static pcre2_compile_context *make_context(void)
{
    pcre2_general_context *general = pcre2_general_context_create(take, give_back, NULL);
    pcre2_compile_context *context = general ? pcre2_compile_context_create(general) : NULL;
    pcre2_general_context_free(general);
    return context;
}

/* Without the compiler to machine code, which some systems forbid, it only takes longer. */
static pcre2_code *compile(const char *expression, uint32_t options, int *error, size_t *at,
                           pcre2_compile_context *context)
{
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)expression, strlen(expression), options | ALWAYS,
                                     error, at, context);
    if (code)
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

static int is_not_utf8(int error)
{
    return error <= PCRE2_ERROR_UTF8_ERR1 && error >= PCRE2_ERROR_UTF8_ERR21;
}

static void explain(int error, size_t at, char *words, size_t size)
{
    char text[128];
    pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof text);
    snprintf(words, size, "%s (at byte %zu)", text, at);
}

int match_compile(struct match *match, const char *expression, char *words, size_t size)
{
    int error, bytes_error;
    size_t at, bytes_at;
    pcre2_compile_context *context = make_context();
    *match = (struct match){0};
    if (!context)
        return CODE_NOMEM;
    match->characters = compile(expression, PCRE2_UTF | PCRE2_UCP, &error, &at, context);
    match->bytes = compile(expression, PCRE2_NEVER_UTF, &bytes_error, &bytes_at, context);
    pcre2_compile_context_free(context);
    if ((!match->characters && error == PCRE2_ERROR_HEAP_FAILED) ||
        (!match->bytes && bytes_error == PCRE2_ERROR_HEAP_FAILED)) {
        match_release(match);
        return CODE_NOMEM;
    }
    if (match->characters || (is_not_utf8(error) && match->bytes))
        return 0;
    if (is_not_utf8(error))
        explain(bytes_error, bytes_at, words, size);
    else
        explain(error, at, words, size);
    match_release(match);
    return MATCH_INVALID;
}

void match_release(struct match *match)
{
    pcre2_code_free(match->characters);
    pcre2_code_free(match->bytes);
    *match = (struct match){0};
}

int matcher_init(struct matcher *matcher)
{
    *matcher = (struct matcher){0};
    pcre2_general_context *general = pcre2_general_context_create(take, give_back, NULL);
    if (!general)
        return CODE_NOMEM;
    matcher->data = pcre2_match_data_create(1, general);
    matcher->context = pcre2_match_context_create(general);
    matcher->stack = pcre2_jit_stack_create(STACK_MIN, STACK_MAX, general);
    pcre2_general_context_free(general);
    uint32_t jit = 0;
    pcre2_config(PCRE2_CONFIG_JIT, &jit);
    if (!matcher->data || !matcher->context || (jit && !matcher->stack)) {
        matcher_release(matcher);
        return CODE_NOMEM;
    }
    pcre2_set_match_limit(matcher->context, STEPS_MAX);
    pcre2_set_depth_limit(matcher->context, STEPS_MAX);
    pcre2_set_heap_limit(matcher->context, HEAP_KIB_MAX);
    pcre2_jit_stack_assign(matcher->context, NULL, matcher->stack);
    return 0;
}

void matcher_release(struct matcher *matcher)
{
    pcre2_match_data_free(matcher->data);
    pcre2_match_context_free(matcher->context);
    pcre2_jit_stack_free(matcher->stack);
    *matcher = (struct matcher){0};
}

/* ASCII is UTF-8, which need not be checked then:
 * machine code is called at once, if there is any. */
static int is_ascii(const char *word, uint32_t size)
{
    uint64_t bytes = load_some(word + (size < 8 ? 0 : size - 8), size);
    for (uint32_t at = 0; at + 8 < size; at += 8)
        bytes |= load_le64(word + at);
    return (bytes & EACH_BYTE(0x80)) == 0;
}

/* The slow way has more memory than the fast one. */
static int match_try(const pcre2_code *code, struct matcher *matcher, const char *word,
                     uint32_t size)
{
    PCRE2_SPTR text = (PCRE2_SPTR)word;
    int rc = PCRE2_ERROR_JIT_BADOPTION;
    if (is_ascii(word, size))
        rc = pcre2_jit_match(code, text, size, 0, 0, matcher->data, matcher->context);
    if (rc == PCRE2_ERROR_JIT_BADOPTION)
        rc = pcre2_match(code, text, size, 0, 0, matcher->data, matcher->context);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
        rc = pcre2_match(code, text, size, 0, PCRE2_NO_JIT, matcher->data, matcher->context);
    return rc;
}

int match_word(const struct match *match, struct matcher *matcher, const char *word, uint32_t size)
{
    int rc = PCRE2_ERROR_UTF8_ERR1;
    if (match->characters)
        rc = match_try(match->characters, matcher, word, size);
    if (is_not_utf8(rc))
        rc = match->bytes ? match_try(match->bytes, matcher, word, size) : PCRE2_ERROR_NOMATCH;
    if (rc >= 0)
        return 1;
    if (rc == PCRE2_ERROR_NOMATCH)
        return 0;
    return rc == PCRE2_ERROR_NOMEMORY ? CODE_NOMEM : CODE_MATCH;
}
