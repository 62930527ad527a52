// SPDX-License-Identifier: MIT
// For unit tests of objects: an interpreter that the calling thread is inside of, and short words.
#ifndef QV_TESTS_UNIT_INTERP_H
#define QV_TESTS_UNIT_INTERP_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "code/code.h"
#include "interpreters/instance.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

static QvInstance *test_instance;
static QvInterp *qi;

static void interp_setup(void)
{
    ck_assert_int_eq(qv_process_start(), 0);
    test_instance = qv_instance_new(NULL);
    ck_assert_ptr_nonnull(test_instance);
    ck_assert_int_eq(qv_attach(test_instance), 0);
    qi = &test_instance->qi;
}

static void interp_teardown(void)
{
    ck_assert_ptr_null(qi->ts->exc);
    qv_detach(test_instance);
    ck_assert_int_eq(qv_instance_free(test_instance), 0);
}

__attribute__((unused)) static QvObj *num(int64_t v)
{
    QvObj *o = qv_int_from_i64(qi, v);
    ck_assert_ptr_nonnull(o);
    return o;
}

__attribute__((unused)) static QvObj *text(const char *s)
{
    QvObj *o = qv_str_new_cstr(qi, s);
    ck_assert_ptr_nonnull(o);
    return o;
}

// Checks the text of a str and drops it.
__attribute__((unused)) static void expect_text_take(QvObj *s, const char *expected)
{
    ck_assert_ptr_nonnull(s);
    QvUtf8 u;
    ck_assert_int_eq(qv_str_utf8(qi, s, &u), 0);
    ck_assert_str_eq(u.s, expected);
    qv_utf8_release(qi, &u);
    qv_decref(qi, s);
}

// The pending exception is exactly of this type and says this; it is cleared.
__attribute__((unused)) static void expect_error(const QvType *type, const char *message)
{
    QvObj *exc = qv_err_fetch(qi);
    ck_assert_ptr_nonnull(exc);
    QvObj *s = qv_str(qi, exc);
    ck_assert_ptr_nonnull(s);
    QvUtf8 u;
    ck_assert_int_eq(qv_str_utf8(qi, s, &u), 0);
    ck_assert_str_eq(u.s, message);
    qv_utf8_release(qi, &u);
    qv_decref(qi, s);
    ck_assert_str_eq(exc->type->name, type->name);
    qv_decref(qi, exc);
}

// Checks repr(o) and drops o.
__attribute__((unused)) static void expect_repr_take(QvObj *o, const char *expected)
{
    ck_assert_msg(o != NULL, "no result where %s was expected", expected);
    expect_text_take(qv_repr(qi, o), expected);
    qv_decref(qi, o);
}

__attribute__((unused)) static int run_cases(const char *name, void (*const *add)(TCase *),
                                             size_t n)
{
    Suite *suite = suite_create(name);
    for (size_t i = 0; i < n; i++) {
        TCase *tests = tcase_create(name);
        tcase_set_timeout(tests, 60); // a loaded machine, a build with checks
        tcase_add_checked_fixture(tests, interp_setup, interp_teardown);
        add[i](tests);
        suite_add_tcase(suite, tests);
    }
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
