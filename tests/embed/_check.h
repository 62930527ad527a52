// SPDX-License-Identifier: MIT
// For the programs in this folder: a check that names its line, and short words for what they all
// do.
#ifndef QV_TESTS_EMBED_CHECK_H
#define QV_TESTS_EMBED_CHECK_H

#include <quiver.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                                \
        }                                                                           \
    } while (0)

#define CHECK_TEXT(got, want)                                                                      \
    do {                                                                                           \
        const char *got_ = (got), *want_ = (want);                                                 \
        if (strcmp(got_, want_) != 0) {                                                            \
            fprintf(stderr, "%s:%d: \"%s\" where \"%s\" was expected\n", __FILE__, __LINE__, got_, \
                    want_);                                                                        \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

#define UNUSED __attribute__((unused))

UNUSED static Quiver *fresh(void)
{
    Quiver *q = quiver_new(NULL);
    CHECK(q);
    return q;
}

UNUSED static void run(Quiver *q, const char *source)
{
    if (quiver_run(q, source, "<test>") < 0) {
        fprintf(stderr, "%s\nraised\n%s", source, quiver_error(q)->traceback);
        exit(1);
    }
}

UNUSED static QuiverValue *eval(Quiver *q, const char *expression)
{
    QuiverValue *v = quiver_eval(q, expression);
    if (!v) {
        fprintf(stderr, "%s\nraised\n%s", expression, quiver_error(q)->traceback);
        exit(1);
    }
    return v;
}

// The whole number that an expression gives.
UNUSED static long long eval_int(Quiver *q, const char *expression)
{
    QuiverValue *v = eval(q, expression);
    int64_t n = 0;
    CHECK(quiver_to_int(q, v, &n) == 0);
    quiver_release(q, v);
    return (long long)n;
}

// repr(value) is `want`; the value is given back.
UNUSED static void expect_repr_take(Quiver *q, QuiverValue *v, const char *want)
{
    char *text = NULL;
    if (!v) {
        fprintf(stderr, "no value where %s was expected\n%s", want, quiver_error(q)->traceback);
        exit(1);
    }
    CHECK(quiver_repr(q, v, &text, NULL) == 0);
    CHECK_TEXT(text, want);
    quiver_string_free(text);
    quiver_release(q, v);
}

UNUSED static void expect_eval(Quiver *q, const char *expression, const char *want)
{
    expect_repr_take(q, eval(q, expression), want);
}

// The last call failed with this; message NULL: any.
UNUSED static void expect_error(Quiver *q, const char *type, const char *message)
{
    const QuiverError *e = quiver_error(q);
    CHECK_TEXT(e->type, type);
    if (message) {
        CHECK_TEXT(e->message, message);
    }
}

#endif
