// SPDX-License-Identifier: MIT
// For unit tests that make and leave their own interpreter.
#ifndef QV_TESTS_UNIT_CONTAINERS_H
#define QV_TESTS_UNIT_CONTAINERS_H

#include <check.h>
#include <stdlib.h>

#include "interpreters/instance.h"
#include "object/exception.h"
#include "object/protocol.h"
#include "object/str.h"

static QvInstance *entered;

__attribute__((unused)) static QvInterp *test_enter(void)
{
    entered = qv_instance_new(NULL);
    ck_assert_ptr_nonnull(entered);
    ck_assert_int_eq(qv_attach(entered), 0);
    return &entered->qi;
}

__attribute__((unused)) static void test_leave(void)
{
    ck_assert_ptr_null(entered->qi.ts->exc);
    qv_detach(entered);
    ck_assert_int_eq(qv_instance_free(entered), 0);
}

// Checks repr(o).
__attribute__((unused)) static void test_repr(QvInterp *qi, QvObj *o, const char *expected)
{
    ck_assert_msg(o != NULL, "no result where %s was expected", expected);
    QvObj *s = qv_repr(qi, o);
    ck_assert_ptr_nonnull(s);
    QvUtf8 u;
    ck_assert_int_eq(qv_str_utf8(qi, s, &u), 0);
    ck_assert_str_eq(u.s, expected);
    qv_utf8_release(qi, &u);
    qv_decref(qi, s);
}

// The pending exception is of this type; it is cleared.
__attribute__((unused)) static void test_raised(QvInterp *qi, QvType *type)
{
    ck_assert(qv_err_matches(qi, type));
    qv_err_clear(qi);
}

static int run_suite(const char *name, const TTest *const *tests, size_t n)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 60);
    for (size_t k = 0; k < n; k++) {
        tcase_add_test(tcase, tests[k]);
    }
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define TEST_MAIN(name, ...)                                         \
    int main(void)                                                   \
    {                                                                \
        const TTest *const tests[] = {__VA_ARGS__};                  \
        return run_suite(name, tests, sizeof tests / sizeof *tests); \
    }

#endif
