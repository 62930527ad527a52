// SPDX-License-Identifier: MIT
// Fault injection: allocation n fails, for n = 0, 1, 2, ... until the scenario succeeds. Each run
// must end with a result or an exception, never both or neither, and give everything back (debug
// builds report what is left when the interpreter ends).
#include "_interp.h"

#include "object/function.h"
#include "object/iter.h"
#include "object/module.h"
#include "object/namespace.h"

#define MOST 2000 // allocations that no scenario needs

// Drops o and gives its repr.
static QvObj *repr_take(QvObj *o)
{
    QvObj *r = o ? qv_repr(qi, o) : NULL;
    qv_xdecref(qi, o);
    return r;
}

// type(*args); takes the arguments, of which any may be NULL.
static QvObj *make_take(QvType *type, QvObj *a, QvObj *b)
{
    QvObj *r = a && b ? qv_call2(qi, (QvObj *)type, a, b) : NULL;
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return r;
}

static QvObj *word(const char *s) { return qv_str_new_cstr(qi, s); }

static QvObj *listed_take(QvObj *iterable)
{
    QvObj *list = iterable ? qv_to_list(qi, iterable) : NULL;
    qv_xdecref(qi, iterable);
    return repr_take(list);
}

static QvObj *group(void)
{
    QvObj *v = qv_call0(qi, (QvObj *)&qv_exc_ValueError);
    QvObj *t = v ? qv_call0(qi, (QvObj *)&qv_exc_TypeError) : NULL;
    QvObj *both = t ? qv_tuple_of(qi, 2, v, t) : NULL;
    qv_xdecref(qi, v);
    qv_xdecref(qi, t);
    return both ? make_take(&qv_exc_ExceptionGroup, word("m"), both) : NULL;
}

static QvObj *run_raise(void) { return qv_raise(qi, &qv_exc_ValueError, "bad %d %R", 5, QV_NONE); }

static QvObj *run_raise_errno(void) { return qv_raise_errno_path(qi, 13, "/x/y"); }

static QvObj *run_raise_syntax(void)
{
    QvObj *file = word("f.py");
    if (file) {
        qv_raise_syntax(qi, &qv_exc_SyntaxError, "oops", file, 1, 2, 3, 4, NULL);
        qv_decref(qi, file);
    }
    return NULL;
}

static QvObj *run_os_error(void)
{
    return repr_take(make_take(&qv_exc_OSError, qv_int_from_i64(qi, 2), word("x")));
}

static QvObj *run_split(void)
{
    QvObj *g = group(), *match, *rest;
    int ok = g ? qv_excgroup_split(qi, g, (QvObj *)&qv_exc_ValueError, &match, &rest) : -1;
    qv_xdecref(qi, g);
    return ok < 0 ? NULL : repr_take(make_take(&qv_zip_type, match, rest));
}

static QvObj *run_note(void)
{
    QvObj *e = qv_call0(qi, (QvObj *)&qv_exc_KeyError);
    QvObj *name = e ? word("add_note") : NULL;
    QvObj *note = name ? word("note") : NULL;
    QvObj *done = note ? qv_call_method1(qi, e, name, note) : NULL;
    QvObj *r = done ? qv_call_method0(qi, e, QV_N(__reduce__)) : NULL;
    qv_xdecref(qi, done);
    qv_xdecref(qi, note);
    qv_xdecref(qi, name);
    qv_xdecref(qi, e);
    return repr_take(r);
}

static QvObj *run_zip(void)
{
    return listed_take(make_take(&qv_zip_type, word("abc"), word("def")));
}

static QvObj *run_map(void)
{
    return listed_take(
        make_take(&qv_map_type, qv_new_ref(qi, (QvObj *)&qv_list_type), word("abc")));
}

static QvObj *run_union(void)
{
    QvObj *alias = qv_getitem(qi, (QvObj *)&qv_list_type, (QvObj *)&qv_int_type);
    QvObj *u = alias ? qv_binary(qi, QV_BIN_OR, alias, QV_NONE) : NULL;
    qv_xdecref(qi, alias);
    return repr_take(u);
}

static QvObj *run_namespace(void)
{
    QvObj *d = qv_dict_new(qi);
    QvObj *ns = d && qv_dict_set(qi, d, QV_N(args), QV_NONE) == 0 ? qv_namespace_new(qi, d) : NULL;
    qv_xdecref(qi, d);
    return repr_take(ns);
}

static QvObj *run_module(void)
{
    QvObj *name = word("mm");
    QvObj *m = name ? qv_module_new(qi, name) : NULL;
    QvObj *r = m ? qv_getattr_cstr(qi, m, "absent") : NULL;
    qv_xdecref(qi, m);
    qv_xdecref(qi, name);
    return r;
}

static QvObj *run_unpack(void)
{
    QvObj *s = word("abcdef"), *out[4];
    int ok = s ? qv_unpack_iterable(qi, s, 1, 2, out) : -1;
    qv_xdecref(qi, s);
    for (int i = 0; ok == 0 && i < 4; i++) {
        qv_decref(qi, out[i]);
    }
    return ok < 0 ? NULL : QV_NONE;
}

static QvObj *run_method(void)
{
    QvObj *m = qv_method_new(qi, (QvObj *)&qv_list_type, QV_EMPTY_TUPLE);
    QvObj *r = m ? qv_call0(qi, m) : NULL;
    qv_xdecref(qi, m);
    return repr_take(r);
}

static QvObj *run_dir(void) { return repr_take(qv_dir(qi, QV_NONE)); }

static QvObj *(*const scenarios[])(void) = {
    run_raise, run_raise_errno, run_raise_syntax, run_os_error, run_split,  run_note,   run_zip,
    run_map,   run_union,       run_namespace,    run_module,   run_unpack, run_method, run_dir,
};

START_TEST(test_scenario)
{
    for (int once = 0; once < 2; once++) {
        int n = 0;
        bool failed = true;
        for (; failed && n < MOST; n++) {
            interp_setup();
            if (!qv_heap_fail_at(&qi->heap, n, once)) {
                interp_teardown(); // this build cannot inject faults
                return;
            }
            QvObj *r = scenarios[_i]();
            failed = qi->heap.fail_in < 0 || qi->heap.fail_in == 0;
            qv_heap_fail_at(&qi->heap, -1, false);
            ck_assert_msg((r != NULL) != qv_err_occurred(qi), "allocation %d: %s", n,
                          r ? "result and exception" : "neither result nor exception");
            qv_xdecref(qi, r);
            qv_err_clear(qi);
            ck_assert_uint_eq(qi->ts->c_depth, 0);
            interp_teardown();
        }
        ck_assert_int_lt(n, MOST);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("object/faults");
    TCase *tests = tcase_create("faults");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, test_scenario, 0, (int)(sizeof(scenarios) / sizeof(scenarios[0])));
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
