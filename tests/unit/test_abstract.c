// SPDX-License-Identifier: MIT
// Unit tests of object/abstract*.c, call.c and strformat.c: dispatch and messages without any
// Python code.
#include "_interp.h"

#include "object/bytes.h"
#include "object/float.h"
#include "object/set.h"

START_TEST(test_binary)
{
    QvObj *one = num(1), *a = text("a"), *list = qv_list_from_array(qi, &one, 1);
    ck_assert_ptr_nonnull(list);
    expect_repr_take(qv_binary(qi, QV_BIN_ADD, one, one), "2");
    expect_repr_take(qv_binary(qi, QV_BIN_MUL, list, num(3)), "[1, 1, 1]");
    expect_repr_take(qv_binary(qi, QV_BIN_MUL, one, list), "[1]");
    ck_assert_ptr_null(qv_binary(qi, QV_BIN_ADD, one, a));
    expect_error(&qv_exc_TypeError, "unsupported operand type(s) for +: 'int' and 'str'");
    ck_assert_ptr_null(qv_binary(qi, QV_BIN_ADD, a, one));
    expect_error(&qv_exc_TypeError, "can only concatenate str (not \"int\") to str");
    ck_assert_ptr_null(qv_binary(qi, QV_BIN_MUL, list, a));
    expect_error(&qv_exc_TypeError, "can't multiply sequence by non-int of type 'str'");
    ck_assert_ptr_null(qv_inplace(qi, QV_BIN_SUB, one, a));
    expect_error(&qv_exc_TypeError, "unsupported operand type(s) for -=: 'int' and 'str'");
    ck_assert_ptr_null(qv_pow(qi, one, a, QV_NONE));
    expect_error(&qv_exc_TypeError, "unsupported operand type(s) for ** or pow(): 'int' and 'str'");
    ck_assert_ptr_null(qv_pow(qi, one, a, one));
    expect_error(&qv_exc_TypeError,
                 "unsupported operand type(s) for ** or pow(): 'int', 'str', 'int'");
    ck_assert_ptr_null(qv_divmod(qi, a, one));
    expect_error(&qv_exc_TypeError, "unsupported operand type(s) for divmod(): 'str' and 'int'");
    // In place: the list itself grows.
    QvObj *same = qv_inplace(qi, QV_BIN_ADD, list, list);
    ck_assert_ptr_eq(same, list);
    qv_decref(qi, same);
    expect_repr_take(list, "[1, 1]");
    qv_decref(qi, a);
    qv_decref(qi, one);
}
END_TEST

START_TEST(test_unary_and_numbers)
{
    QvObj *a = text("a"), *x = text(" 12 "), *f = qv_float_new(qi, 2.5);
    ck_assert_ptr_null(qv_neg(qi, a));
    expect_error(&qv_exc_TypeError, "bad operand type for unary -: 'str'");
    ck_assert_ptr_null(qv_invert(qi, f));
    expect_error(&qv_exc_TypeError, "bad operand type for unary ~: 'float'");
    ck_assert_ptr_null(qv_abs(qi, a));
    expect_error(&qv_exc_TypeError, "bad operand type for abs(): 'str'");
    ck_assert_ptr_null(qv_index(qi, f));
    expect_error(&qv_exc_TypeError, "'float' object cannot be interpreted as an integer");
    expect_repr_take(qv_index(qi, QV_TRUE), "1");
    expect_repr_take(qv_to_int(qi, x), "12");
    expect_repr_take(qv_to_int(qi, f), "2");
    expect_repr_take(qv_to_float(qi, x), "12.0");
    ck_assert_ptr_null(qv_to_int(qi, QV_NONE));
    expect_error(&qv_exc_TypeError,
                 "int() argument must be a string, a bytes-like object or a real "
                 "number, not 'NoneType'");
    ck_assert_ptr_null(qv_to_float(qi, a));
    expect_error(&qv_exc_ValueError, "could not convert string to float: 'a'");
    double d;
    ck_assert_int_eq(qv_as_double(qi, QV_TRUE, &d), 0);
    ck_assert(d == 1.0);
    ck_assert_int_eq(qv_as_double(qi, a, &d), -1);
    expect_error(&qv_exc_TypeError, "must be real number, not str");
    QvObj *big = qv_binary(qi, QV_BIN_LSHIFT, QV_TRUE, num(100));
    QvSsize n;
    ck_assert_int_eq(qv_index_ssize(qi, big, &n, NULL), 0);
    ck_assert(n == PTRDIFF_MAX);
    ck_assert_int_eq(qv_index_ssize(qi, big, &n, &qv_exc_IndexError), -1);
    expect_error(&qv_exc_IndexError, "cannot fit 'int' into an index-sized integer");
    qv_decref(qi, big);
    qv_decref(qi, f);
    qv_decref(qi, x);
    qv_decref(qi, a);
}
END_TEST

START_TEST(test_containers)
{
    QvObj *one = num(1), *list = qv_list_from_array(qi, &one, 1);
    ck_assert_int_eq(qv_len(qi, list), 1);
    ck_assert_int_eq(qv_len(qi, one), -1);
    expect_error(&qv_exc_TypeError, "object of type 'int' has no len()");
    ck_assert_ptr_null(qv_getitem(qi, one, one));
    expect_error(&qv_exc_TypeError, "'int' object is not subscriptable");
    ck_assert_ptr_null(qv_getitem(qi, (QvObj *)&qv_int_type, one));
    expect_error(&qv_exc_TypeError, "type 'int' is not subscriptable");
    expect_repr_take(qv_getitem(qi, (QvObj *)&qv_list_type, (QvObj *)&qv_int_type), "list[int]");
    ck_assert_int_eq(qv_setitem(qi, one, one, one), -1);
    expect_error(&qv_exc_TypeError, "'int' object does not support item assignment");
    ck_assert_int_eq(qv_delitem(qi, one, one), -1);
    expect_error(&qv_exc_TypeError, "'int' object does not support item deletion");
    ck_assert_ptr_null(qv_iter(qi, one));
    expect_error(&qv_exc_TypeError, "'int' object is not iterable");
    ck_assert_ptr_null(qv_next(qi, list));
    expect_error(&qv_exc_TypeError, "'list' object is not iterable");
    ck_assert_int_eq(qv_contains(qi, list, QV_TRUE), 1);
    ck_assert_int_eq(qv_contains(qi, list, QV_NONE), 0);
    ck_assert_int_eq(qv_contains(qi, one, one), -1);
    expect_error(&qv_exc_TypeError, "argument of type 'int' is not iterable");
    ck_assert(qv_is_sequence(list));
    ck_assert(!qv_is_sequence(one));
    ck_assert_int_eq(qv_length_hint(qi, one, 7), 7);
    qv_decref(qi, list);
    qv_decref(qi, one);
}
END_TEST

START_TEST(test_unpack)
{
    QvObj *s = text("abcd"), *out[4];
    ck_assert_int_eq(qv_unpack_iterable(qi, s, 4, -1, out), 0);
    for (int i = 0; i < 4; i++) {
        qv_decref(qi, out[i]);
    }
    ck_assert_int_eq(qv_unpack_iterable(qi, s, 3, -1, out), -1);
    expect_error(&qv_exc_ValueError, "too many values to unpack (expected 3)");
    ck_assert_int_eq(qv_unpack_iterable(qi, s, 1, 2, out), 0);
    expect_repr_take(out[0], "'a'");
    expect_repr_take(out[1], "['b']");
    expect_repr_take(out[2], "'c'");
    expect_repr_take(out[3], "'d'");
    QvObj *pair = qv_tuple_of(qi, 2, s, s);
    ck_assert_int_eq(qv_unpack_iterable(qi, pair, 3, -1, out), -1);
    expect_error(&qv_exc_ValueError, "not enough values to unpack (expected 3, got 2)");
    ck_assert_int_eq(qv_unpack_iterable(qi, pair, 2, 1, out), -1);
    expect_error(&qv_exc_ValueError, "not enough values to unpack (expected at least 3, got 2)");
    ck_assert_int_eq(qv_unpack_iterable(qi, QV_NONE, 3, -1, out), -1);
    expect_error(&qv_exc_TypeError, "cannot unpack non-iterable NoneType object");
    qv_decref(qi, pair);
    qv_decref(qi, s);
}
END_TEST

START_TEST(test_compare_and_class)
{
    QvObj *one = num(1), *a = text("a");
    expect_repr_take(qv_compare(qi, one, a, QV_EQ), "False");
    expect_repr_take(qv_compare(qi, one, a, QV_NE), "True");
    ck_assert_ptr_null(qv_compare(qi, one, a, QV_LT));
    expect_error(&qv_exc_TypeError, "'<' not supported between instances of 'int' and 'str'");
    ck_assert_int_eq(qv_compare_bool(qi, one, QV_TRUE, QV_EQ), 1);
    ck_assert_int_eq(qv_compare_bool(qi, one, QV_TRUE, QV_GT), 0);
    QvObj *list = qv_list_new(qi, 0);
    ck_assert_int_eq(qv_hash(qi, list), -1);
    expect_error(&qv_exc_TypeError, "unhashable type: 'list'");
    ck_assert_int_eq(qv_is_true(qi, list), 0);
    ck_assert_int_eq(qv_not(qi, list), 1);
    QvObj *types = qv_tuple_of(qi, 2, &qv_str_type, &qv_int_type);
    ck_assert_int_eq(qv_isinstance(qi, QV_TRUE, types), 1);
    ck_assert_int_eq(qv_isinstance(qi, list, types), 0);
    ck_assert_int_eq(qv_isinstance(qi, list, one), -1);
    expect_error(&qv_exc_TypeError,
                 "isinstance() arg 2 must be a type, a tuple of types, or a union");
    ck_assert_int_eq(qv_issubclass(qi, (QvObj *)&qv_bool_type, types), 1);
    ck_assert_int_eq(qv_issubclass(qi, one, (QvObj *)&qv_int_type), -1);
    expect_error(&qv_exc_TypeError, "issubclass() arg 1 must be a class");
    QvObj *u = qv_binary(qi, QV_BIN_OR, (QvObj *)&qv_int_type, QV_NONE);
    ck_assert_int_eq(qv_isinstance(qi, QV_NONE, u), 1);
    expect_repr_take(u, "int | None");
    qv_decref(qi, types);
    qv_decref(qi, list);
    qv_decref(qi, a);
    qv_decref(qi, one);
}
END_TEST

START_TEST(test_calls)
{
    QvObj *one = num(1), *s = text("12");
    expect_repr_take(qv_call0(qi, (QvObj *)&qv_int_type), "0");
    expect_repr_take(qv_call1(qi, (QvObj *)&qv_int_type, s), "12");
    expect_repr_take(qv_call_method1(qi, s, QV_N(count), s), "1");
    ck_assert_ptr_null(qv_call0(qi, one));
    expect_error(&qv_exc_TypeError, "'int' object is not callable");
    QvObj *args = qv_tuple_of(qi, 1, s), *kw = qv_dict_new(qi);
    ck_assert_int_eq(qv_dict_set_cstr_take(qi, kw, "base", num(16)), 0);
    expect_repr_take(qv_call_tuple(qi, (QvObj *)&qv_int_type, args, kw), "18");
    ck_assert_int_eq(qv_dict_set(qi, kw, one, one), 0);
    ck_assert_ptr_null(qv_call_tuple(qi, (QvObj *)&qv_int_type, args, kw));
    expect_error(&qv_exc_TypeError, "keywords must be strings");
    qv_decref(qi, args);
    qv_decref(qi, kw);
    qv_decref(qi, s);
    qv_decref(qi, one);
}
END_TEST

START_TEST(test_recursion_guard)
{
    QvObj *o = qv_list_new(qi, 1);
    for (int i = 0; i < 200000; i++) {
        QvObj *outer = qv_list_from_array(qi, &o, 1);
        qv_decref(qi, o);
        o = outer;
        ck_assert_ptr_nonnull(o);
    }
    ck_assert_ptr_null(qv_repr(qi, o));
    expect_error(&qv_exc_RecursionError,
                 "maximum recursion depth exceeded while getting the repr of an object");
    ck_assert_uint_eq(qi->ts->c_depth, 0);
    qv_decref(qi, o);
}
END_TEST

START_TEST(test_repr_guard)
{
    QvObj *list = qv_list_new(qi, 1);
    ck_assert_int_eq(qv_list_append(qi, list, list), 0);
    expect_text_take(qv_repr(qi, list), "[[...]]");
    ck_assert_int_eq(qv_repr_enter(qi, list), 0);
    ck_assert_int_eq(qv_repr_enter(qi, list), 1);
    qv_repr_leave(qi, list);
    ck_assert_int_eq(qv_repr_enter(qi, list), 0);
    qv_repr_leave(qi, list);
    qv_list_clear(qi, list);
    qv_decref(qi, list);
}
END_TEST

START_TEST(test_format_directives)
{
    QvObj *s = text("h\xc3\xa9llo");
    expect_text_take(qv_str_format(qi, "%s %d %u %zd %lld %x %c %%", "x", -5, 7u, (QvSsize)-9,
                                   (long long)INT64_MIN, 255u, 0x20AC),
                     "x -5 7 -9 -9223372036854775808 ff \xe2\x82\xac %");
    expect_text_take(qv_str_format(qi, "%R|%S|%A|%U|%T|%N", s, s, s, s, s, &qv_list_type),
                     "'h\xc3\xa9llo'|h\xc3\xa9llo|'h\\xe9llo'|h\xc3\xa9llo|str|list");
    expect_text_take(qv_str_format(qi, "%.2U|%.3s|%.*s|%.2T|%02x|%5d|%-5d|%05d", s, "abcdef", 2,
                                   "xyz", s, 10u, 42, 42, -42),
                     "h\xc3\xa9|abc|xy|st|0a|   42|42   |-0042");
    expect_text_take(qv_str_format(qi, "%s|%.1s", "h\xc3\xa9", "\xc3\xa9x"), "h\xc3\xa9|\xc3\xa9");
    expect_text_take(qv_str_format(qi, ""), "");
    qv_decref(qi, s);
}
END_TEST

static void add_all(TCase *t)
{
    tcase_add_test(t, test_binary);
    tcase_add_test(t, test_unary_and_numbers);
    tcase_add_test(t, test_containers);
    tcase_add_test(t, test_unpack);
    tcase_add_test(t, test_compare_and_class);
    tcase_add_test(t, test_calls);
    tcase_add_test(t, test_recursion_guard);
    tcase_add_test(t, test_repr_guard);
    tcase_add_test(t, test_format_directives);
}

int main(void)
{
    void (*const cases[])(TCase *) = {add_all};
    return run_cases("object/abstract", cases, 1);
}
