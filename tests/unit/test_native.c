// SPDX-License-Identifier: MIT
// Signatures of functions in C: parsing, binding, error texts.
#include "_python.h"

#include "object/native.h"

// Answers with a tuple of what it got: None for slots not given.
static QvObj *echo(QvInterp *q, QvObj *const *args, int n)
{
    QvObj *t = qv_tuple_new(q, n);
    for (int i = 0; t && i < n; i++) {
        qv_tuple_items(t)[i] = qv_new_ref(q, args[i] ? args[i] : QV_NONE);
    }
    return t;
}

static QvObj *echo1(QvInterp *q, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self;
    (void)nargs;
    return echo(q, args, 1);
}

static QvObj *echo3(QvInterp *q, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self;
    (void)nargs;
    return echo(q, args, 3);
}

static QvObj *echo_all(QvInterp *q, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self;
    return echo(q, args, (int)nargs);
}

static const QvNativeDef none_def = {"none", echo_all, "($module, /)", NULL};
static const QvNativeDef one_def = {"one", echo1, "($module, x, /)", NULL};
static const QvNativeDef pos_def = {"pos", echo3, "($module, a, b=(1, 2), c=', ', /)", NULL};
static const QvNativeDef kw_def = {"kw", echo3, "($module, a, /, b=1, *, c=None)", NULL};
static const QvNativeDef star_def = {"star", echo3, "($module, /, *args, sep=' ', end='\\n')",
                                     NULL};
static const QvNativeDef tail_def = {"tail", echo_all, "($module, first, *rest)", NULL};
static const QvNativeDef both_def = {"both", echo3, "($module, a, *args, **kw)", NULL};
static const QvNativeDef need_def = {"need", echo3, "($module, a, b, *, c)", NULL};

// Calls the row with n numbers 1, 2, ... and one keyword (NULL: none) of value 0.
static QvObj *call(const QvNativeDef *def, int n, const char *keyword)
{
    QvObj *f = qv_builtin_from_def(qi, def, NULL, NULL);
    ck_assert_ptr_nonnull(f);
    QvObj *args[8];
    for (int i = 0; i < n; i++) {
        args[i] = num(i + 1);
    }
    QvObj *names = NULL;
    if (keyword) {
        QvObj *k = text(keyword);
        names = qv_tuple_of(qi, 1, k);
        qv_decref(qi, k);
        args[n] = num(0);
    }
    QvObj *r = qv_call(qi, f, args, n, names);
    qv_xdecref(qi, names);
    qv_decref(qi, f);
    return r;
}

static void bad(const QvNativeDef *def, int n, const char *keyword, const char *message)
{
    ck_assert_ptr_null(call(def, n, keyword));
    expect_error(&qv_exc_TypeError, message);
}

START_TEST(test_binding)
{
    expect_repr_take(call(&none_def, 0, NULL), "()");
    expect_repr_take(call(&one_def, 1, NULL), "(1,)");
    expect_repr_take(call(&pos_def, 1, NULL), "(1, None, None)");
    expect_repr_take(call(&pos_def, 3, NULL), "(1, 2, 3)");
    expect_repr_take(call(&kw_def, 1, NULL), "(1, None, None)");
    expect_repr_take(call(&kw_def, 2, "c"), "(1, 2, 0)");
    expect_repr_take(call(&kw_def, 1, "b"), "(1, 0, None)");
    expect_repr_take(call(&star_def, 2, "end"), "((1, 2), None, 0)");
    expect_repr_take(call(&star_def, 0, NULL), "((), None, None)");
    expect_repr_take(call(&tail_def, 4, NULL), "(1, 2, 3, 4)");
    expect_repr_take(call(&both_def, 2, "z"), "(1, (2,), {'z': 0})");
    expect_repr_take(call(&both_def, 1, NULL), "(1, (), None)");
    expect_repr_take(call(&need_def, 2, "c"), "(1, 2, 0)");
}
END_TEST

START_TEST(test_messages)
{
    bad(&none_def, 1, NULL, "none() takes no arguments (1 given)");
    bad(&one_def, 0, NULL, "one() takes exactly one argument (0 given)");
    bad(&one_def, 0, "x", "one() takes no keyword arguments");
    bad(&pos_def, 0, NULL, "pos expected at least 1 argument, got 0");
    bad(&pos_def, 4, NULL, "pos expected at most 3 arguments, got 4");
    bad(&kw_def, 0, NULL, "kw() takes at least 1 positional argument (0 given)");
    bad(&kw_def, 3, NULL, "kw() takes at most 2 positional arguments (3 given)");
    bad(&kw_def, 4, NULL, "kw() takes at most 3 arguments (4 given)");
    bad(&kw_def, 1, "z", "'z' is an invalid keyword argument for kw()");
    bad(&kw_def, 2, "b", "argument for kw() given by name ('b') and position (2)");
    bad(&star_def, 1, "z", "'z' is an invalid keyword argument for star()");
    bad(&tail_def, 0, NULL, "tail expected at least 1 argument, got 0");
    bad(&need_def, 1, "c", "need() missing required argument 'b' (pos 2)");
    bad(&need_def, 2, NULL, "need() missing required argument 'c' (pos 3)");
}
END_TEST

START_TEST(test_constructor_arguments)
{
    QvObj *args[4] = {num(1), num(2), num(3), num(4)};
    QvObj *slots[3];
    ck_assert_int_eq(qv_args(qi, "thing(x=0, /, base=10)", args, 0, NULL, slots), 0);
    ck_assert_ptr_null(slots[0]);
    ck_assert_int_eq(qv_args(qi, "thing(x=0, /, base=10)", args, 2, NULL, slots), 2);
    ck_assert_ptr_eq(slots[1], args[1]);
    ck_assert_int_eq(qv_args(qi, "thing(x=0, /, base=10)", args, 3, NULL, slots), -1);
    expect_error(&qv_exc_TypeError, "thing() takes at most 2 arguments (3 given)");
    ck_assert_int_eq(qv_args(qi, "thing(x=(), /)", args, 2, NULL, slots), -1);
    expect_error(&qv_exc_TypeError, "thing expected at most 1 argument, got 2");
    QvObj *base = text("base");
    QvObj *names = qv_tuple_of(qi, 1, base);
    ck_assert_int_eq(qv_args(qi, "thing(x=0, /, base=10)", args, 0, names, slots), 2);
    ck_assert_ptr_null(slots[0]);
    ck_assert_ptr_eq(slots[1], args[0]);
    ck_assert_int_eq(qv_args(qi, "thing(x=(), /)", args, 0, names, slots), -1);
    expect_error(&qv_exc_TypeError, "thing() takes no keyword arguments");
    ck_assert_int_eq(qv_args(qi, "thing(object)", args, 0, NULL, slots), -1);
    expect_error(&qv_exc_TypeError, "thing() missing required argument 'object' (pos 1)");
    qv_decref(qi, base);
    qv_decref(qi, names);
}
END_TEST

START_TEST(test_methods)
{
    expect_raise("[].append()", &qv_exc_TypeError,
                 "list.append() takes exactly one argument (0 given)");
    expect_raise("list.append(1, 2)", &qv_exc_TypeError,
                 "descriptor 'append' for 'list' objects doesn't apply to a 'int' object");
    expect_raise("list.append()", &qv_exc_TypeError,
                 "unbound method list.append() needs an argument");
    expect_raise("(1).__add__()", &qv_exc_TypeError, "expected 1 argument, got 0");
    expect_raise("int.__add__()", &qv_exc_TypeError,
                 "descriptor '__add__' of 'int' object needs an argument");
    expect_raise("object.__new__(int)", &qv_exc_TypeError,
                 "object.__new__(int) is not safe, use int.__new__()");
    expect_result("r = list.append, [].append.__name__, len.__self__.__name__, dict.fromkeys('a')",
                  "(<method 'append' of 'list' objects>, 'append', 'builtins', {'a': None})");
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, test_binding);
    tcase_add_test(tests, test_messages);
    tcase_add_test(tests, test_constructor_arguments);
    tcase_add_test(tests, test_methods);
}

int main(void)
{
    void (*cases[])(TCase *) = {add};
    return run_cases("native", cases, 1);
}
