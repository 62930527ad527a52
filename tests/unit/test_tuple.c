// SPDX-License-Identifier: MIT
// Unit tests of object/tuple.h.
#include "tests/unit/_containers.h"

#include "object/int.h"
#include "object/tuple.h"

START_TEST(test_basic)
{
    QvInterp *qi = test_enter();
    ck_assert_ptr_eq(qv_tuple_new(qi, 0), QV_EMPTY_TUPLE);
    QvObj *a = qv_int_from_i64(qi, 5000), *b = qv_int_from_i64(qi, -7);
    QvObj *t = qv_tuple_of(qi, 3, a, b, QV_NONE);
    test_repr(qi, t, "(5000, -7, None)");
    QvObj *one = qv_tuple_slice(qi, t, 1, 2);
    test_repr(qi, one, "(-7,)");
    QvObj *same = qv_tuple_slice(qi, t, -5, 100);
    ck_assert_ptr_eq(same, t);
    qv_decref(qi, same);
    ck_assert_ptr_eq(qv_tuple_slice(qi, t, 2, 1), QV_EMPTY_TUPLE);
    QvObj *copy = qv_tuple_from_array(qi, qv_tuple_items(t), 3);
    ck_assert_ptr_ne(copy, t);
    ck_assert_int_eq(qv_eq(qi, copy, t), 1);
    ck_assert_int_eq(qv_hash(qi, copy), qv_hash(qi, t));
    ck_assert_int_eq(qv_compare_bool(qi, one, t, QV_LT), 1);
    ck_assert_ptr_null(qv_tuple_of(qi, 2, a, (QvObj *)NULL));
    ck_assert(!qv_err_occurred(qi));
    QvObj *items[] = {a, b};
    QvObj *taken = qv_tuple_from_array_take(qi, items, 2);
    test_repr(qi, taken, "(5000, -7)");
    QvObj *half = qv_tuple_new(qi, 4); // not filled: must still be able to die
    qv_decref(qi, half);
    ck_assert_ptr_null(qv_tuple_new(qi, PTRDIFF_MAX / 4));
    test_raised(qi, &qv_exc_MemoryError);
    ck_assert_ptr_null(qv_tuple_type.repeat(qi, t, PTRDIFF_MAX / 8));
    test_raised(qi, &qv_exc_MemoryError);
    qv_decref(qi, taken);
    qv_decref(qi, copy);
    qv_decref(qi, one);
    qv_decref(qi, t);
    test_leave();
}
END_TEST

TEST_MAIN("object/tuple", test_basic)
