// SPDX-License-Identifier: MIT
// For unit tests that say things in Python: runs a text in a fresh namespace of the test's
// interpreter.
#ifndef QV_TESTS_UNIT_PYTHON_H
#define QV_TESTS_UNIT_PYTHON_H

#include "_interp.h"

// The namespace after running src; NULL with the pending exception.
__attribute__((unused)) static QvObj *run_text(const char *src)
{
    QvObj *globals = qv_dict_new(qi);
    ck_assert_int_eq(qv_dict_set(qi, globals, QV_N(__builtins__), qi->builtins), 0);
    ck_assert_int_eq(qv_dict_set(qi, globals, QV_N(__name__), QV_N(__main__)), 0);
    QvObj *filename = text("<test>");
    QvObj *code = qi->hooks.compile(qi, src, (QvSsize)strlen(src), filename, 0, 0, 0);
    qv_decref(qi, filename);
    QvObj *r = code ? qv_eval_code(qi, (QvCode *)code, globals, globals, NULL) : NULL;
    qv_xdecref(qi, code);
    if (!r) {
        qv_decref(qi, globals);
        return NULL;
    }
    qv_decref(qi, r);
    return globals;
}

// Runs src, which sets r; repr(r) is as expected.
__attribute__((unused)) static void expect_result(const char *src, const char *expected)
{
    QvObj *globals = run_text(src);
    if (!globals) {
        QvObj *exc = qv_err_fetch(qi);
        QvObj *s = qv_repr(qi, exc);
        QvUtf8 u;
        ck_assert_int_eq(qv_str_utf8(qi, s, &u), 0);
        ck_abort_msg("%s\nraised %s", src, u.s);
    }
    QvObj *key = text("r");
    QvObj *value = qv_dict_peek_str(globals, key);
    ck_assert_msg(value != NULL, "%s\ndid not set r", src);
    expect_repr_take(qv_new_ref(qi, value), expected);
    qv_decref(qi, key);
    qv_decref(qi, globals);
}

// Runs src, which raises this.
__attribute__((unused)) static void expect_raise(const char *src, const QvType *type,
                                                 const char *message)
{
    QvObj *globals = run_text(src);
    ck_assert_msg(globals == NULL, "%s\nraised nothing", src);
    expect_error(type, message);
}

#endif
