// SPDX-License-Identifier: MIT
// Unit tests of object/error.c and object/exception*.c.
#include "_interp.h"

#include <errno.h>

static QvExc *as_exc(QvObj *o) { return (QvExc *)o; }

START_TEST(test_raise_and_fetch)
{
    ck_assert_ptr_null(qv_raise(qi, &qv_exc_ValueError, "bad %s: %d", "thing", 5));
    ck_assert(qv_err_occurred(qi));
    ck_assert(qv_err_matches(qi, &qv_exc_ValueError));
    ck_assert(qv_err_matches(qi, &qv_exc_Exception));
    ck_assert(!qv_err_matches(qi, &qv_exc_TypeError));
    expect_error(&qv_exc_ValueError, "bad thing: 5");
    QvObj *key = text("k");
    qv_raise_obj(qi, &qv_exc_KeyError, key);
    expect_error(&qv_exc_KeyError, "'k'");
    qv_decref(qi, key);
    QvObj *pair = qv_tuple_of(qi, 2, QV_TRUE, QV_FALSE);
    qv_raise_obj(qi, &qv_exc_ValueError, pair); // one argument, not two
    expect_error(&qv_exc_ValueError, "(True, False)");
    qv_raise_stop(qi, pair);
    QvObj *stop = qv_err_fetch(qi);
    ck_assert_ptr_eq(((QvStopIteration *)stop)->value, pair);
    qv_decref(qi, stop);
    qv_decref(qi, pair);
    qv_raise_none(qi, &qv_exc_AssertionError);
    expect_error(&qv_exc_AssertionError, "");
    ck_assert_int_eq(qv_raise_int(qi, &qv_exc_TypeError, "x"), -1);
    // A second error replaces the first.
    qv_raise(qi, &qv_exc_ValueError, "second");
    expect_error(&qv_exc_ValueError, "second");
}
END_TEST

START_TEST(test_matching)
{
    QvObj *exc = qv_exc_make(qi, (QvObj *)&qv_exc_FileNotFoundError);
    QvObj *types = qv_tuple_of(qi, 2, &qv_exc_ValueError, &qv_exc_OSError);
    ck_assert(qv_err_given_matches(qi, exc, types));
    ck_assert(qv_err_given_matches(qi, (QvObj *)&qv_exc_KeyError, (QvObj *)&qv_exc_LookupError));
    ck_assert(!qv_err_given_matches(qi, exc, (QvObj *)&qv_exc_ValueError));
    qv_decref(qi, types);
    qv_decref(qi, exc);
    ck_assert_ptr_null(qv_exc_make(qi, QV_NONE));
    expect_error(&qv_exc_TypeError, "exceptions must derive from BaseException");
}
END_TEST

START_TEST(test_errno)
{
    QvObj *name = text("f");
    qv_raise_errno(qi, ENOENT, name, NULL);
    expect_error(&qv_exc_FileNotFoundError, "[Errno 2] No such file or directory: 'f'");
    qv_raise_errno(qi, EXDEV, name, name);
    expect_error(&qv_exc_OSError, "[Errno 18] Invalid cross-device link: 'f' -> 'f'");
    qv_raise_errno_path(qi, EACCES, "/x");
    expect_error(&qv_exc_PermissionError, "[Errno 13] Permission denied: '/x'");
    qv_raise_errno(qi, EPIPE, NULL, NULL);
    expect_error(&qv_exc_BrokenPipeError, "[Errno 32] Broken pipe");
    qv_decref(qi, name);
}
END_TEST

START_TEST(test_context)
{
    // While `first` is handled, what is raised gets it as context.
    qv_raise(qi, &qv_exc_ValueError, "first");
    QvObj *first = qv_err_fetch(qi);
    QvObj *saved = qi->ts->exc_info->value;
    qi->ts->exc_info->value = first;
    ck_assert_ptr_eq(qv_err_handled(qi), first);
    qv_raise(qi, &qv_exc_TypeError, "second");
    QvObj *second = qv_err_fetch(qi);
    ck_assert_ptr_eq(as_exc(second)->context, first);
    // Raised again while second is handled: first must not become its own context's context.
    qi->ts->exc_info->value = second;
    qv_raise_exc(qi, qv_new_ref(qi, first));
    QvObj *again = qv_err_fetch(qi);
    ck_assert_ptr_eq(again, first);
    ck_assert_ptr_eq(as_exc(first)->context, second);
    ck_assert_ptr_null(as_exc(second)->context);
    qi->ts->exc_info->value = saved;
    qv_clear(qi, &as_exc(first)->context);
    qv_decref(qi, again);
    // Set aside, then something else went wrong.
    qv_raise(qi, &qv_exc_KeyError, "new");
    qv_err_chain(qi, qv_new_ref(qi, first));
    QvObj *third = qv_err_fetch(qi);
    ck_assert_ptr_eq(as_exc(third)->context, first);
    qv_exc_set_cause(qi, third, qv_new_ref(qi, second));
    ck_assert(as_exc(third)->suppress_context);
    qv_decref(qi, third);
    qv_decref(qi, second);
    qv_decref(qi, first);
}
END_TEST

START_TEST(test_memory_error)
{
    qv_raise_oom(qi);
    QvObj *exc = qv_err_fetch(qi);
    ck_assert_ptr_eq(exc, qi->mem_error);
    QvObj *note = qv_exc_make(qi, (QvObj *)&qv_exc_ValueError);
    qv_exc_set_context(qi, exc, note);
    qv_decref(qi, exc);
    qv_raise_oom(qi); // the old context is gone
    ck_assert_ptr_null(as_exc(qi->mem_error)->context);
    expect_error(&qv_exc_MemoryError, "");
    // An allocation that fails raises it.
    qv_heap_set_limit(&qi->heap, qi->heap.live + (1 << 20));
    ck_assert_ptr_null(qv_alloc(qi, 16 << 20));
    qv_heap_set_limit(&qi->heap, 0);
    expect_error(&qv_exc_MemoryError, "");
}
END_TEST

START_TEST(test_groups)
{
    QvObj *v = qv_exc_make(qi, (QvObj *)&qv_exc_ValueError);
    QvObj *t = qv_exc_make(qi, (QvObj *)&qv_exc_TypeError);
    QvObj *members[] = {v, t}, *list = qv_list_from_array(qi, members, 2), *name = text("g");
    QvObj *g = qv_call2(qi, (QvObj *)&qv_exc_BaseExceptionGroup, name, list);
    ck_assert_ptr_nonnull(g);
    ck_assert_ptr_eq(g->type, &qv_exc_ExceptionGroup);
    ck_assert(qv_is_instance_of(g, &qv_exc_Exception));
    QvObj *match, *rest;
    ck_assert_int_eq(qv_excgroup_split(qi, g, (QvObj *)&qv_exc_ValueError, &match, &rest), 0);
    expect_repr_take(match, "ExceptionGroup('g', [ValueError()])");
    expect_repr_take(rest, "ExceptionGroup('g', [TypeError()])");
    ck_assert_int_eq(qv_excgroup_split(qi, v, (QvObj *)&qv_exc_ValueError, &match, &rest), 0);
    expect_repr_take(match, "ExceptionGroup('', (ValueError(),))");
    expect_repr_take(rest, "None");
    ck_assert_int_eq(qv_excgroup_split(qi, v, (QvObj *)&qv_exc_OSError, &match, &rest), 0);
    expect_repr_take(match, "None");
    expect_repr_take(rest, "ValueError()");
    expect_text_take(qv_str(qi, g), "g (2 sub-exceptions)");
    QvObj *empty = qv_list_new(qi, 0);
    ck_assert_ptr_null(qv_call2(qi, (QvObj *)&qv_exc_ExceptionGroup, name, empty));
    expect_error(&qv_exc_ValueError, "second argument (exceptions) must be a non-empty sequence");
    qv_decref(qi, empty);
    qv_decref(qi, g);
    qv_decref(qi, list);
    qv_decref(qi, name);
    qv_decref(qi, v);
    qv_decref(qi, t);
}
END_TEST

START_TEST(test_syntax_error)
{
    QvObj *file = text("/dir/f.py"), *line = text("x = (\n");
    qv_raise_syntax(qi, &qv_exc_SyntaxError, "'(' was never closed", file, 3, 5, 3, 6, line);
    ck_assert(qv_err_matches(qi, &qv_exc_SyntaxError));
    QvSyntaxError *e = (QvSyntaxError *)qi->ts->exc;
    ck_assert_int_eq(qv_int_value(e->lineno), 3);
    ck_assert_int_eq(qv_int_value(e->end_offset), 6);
    expect_error(&qv_exc_SyntaxError, "'(' was never closed (f.py, line 3)");
    qv_decref(qi, file);
    qv_decref(qi, line);
}
END_TEST

// Every type of exceptions.def can be made, says its name, and gives its memory back.
START_TEST(test_all_types){
#define EXC_HIDDEN(name_, base_) // named after its module
#define EXC(name_, base_)                                                           \
    {                                                                               \
        QvType *type = &qv_exc_##name_;                                             \
        ck_assert_str_eq(type->name, #name_);                                       \
        ck_assert(qv_type_is_subtype(type, &qv_exc_BaseException));                 \
        ck_assert(qv_type_has(type, QV_T_EXC) && qv_type_has(type, QV_T_GC));       \
        ck_assert_uint_ge(type->size, sizeof(QvExc));                               \
        if (qv_type_is_subtype(type, &qv_exc_BaseExceptionGroup) ||                 \
            type->init != qv_exc_ValueError.init) {                                 \
            QvObj *o = type->new_ == qv_exc_BaseExceptionGroup.new_                 \
                           ? NULL                                                   \
                           : type->new_(qi, type, NULL, 0, NULL);                   \
            qv_xdecref(qi, o);                                                      \
        } else {                                                                    \
            qv_raise(qi, type, "m");                                                \
            expect_error(type, #name_[0] == 'K' && #name_[3] == 'E' ? "'m'" : "m"); \
        }                                                                           \
    }
#include "object/exceptions.def"
#undef EXC
} END_TEST

    static void add_all(TCase *t)
{
    tcase_add_test(t, test_raise_and_fetch);
    tcase_add_test(t, test_matching);
    tcase_add_test(t, test_errno);
    tcase_add_test(t, test_context);
    tcase_add_test(t, test_memory_error);
    tcase_add_test(t, test_groups);
    tcase_add_test(t, test_syntax_error);
    tcase_add_test(t, test_all_types);
}

int main(void)
{
    void (*const cases[])(TCase *) = {add_all};
    return run_cases("object/exception", cases, 1);
}
