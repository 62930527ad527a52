// SPDX-License-Identifier: MIT
// Unit tests of object/slice.h: slice arithmetic and range.
#include "tests/unit/_containers.h"

#include "object/int.h"
#include "object/slice.h"

static QvSsize count(QvSsize len, QvSsize start, QvSsize stop, QvSsize step)
{
    return qv_slice_adjust(len, &start, &stop, step);
}

START_TEST(test_slice)
{
    QvInterp *qi = test_enter();
    ck_assert_int_eq(count(10, 0, PTRDIFF_MAX, 1), 10);
    ck_assert_int_eq(count(10, -3, PTRDIFF_MAX, 1), 3);
    ck_assert_int_eq(count(10, 0, PTRDIFF_MAX, 3), 4);
    ck_assert_int_eq(count(10, PTRDIFF_MAX, PTRDIFF_MIN, -1), 10);
    ck_assert_int_eq(count(10, PTRDIFF_MAX, PTRDIFF_MIN, -PTRDIFF_MAX), 1);
    ck_assert_int_eq(count(0, PTRDIFF_MAX, PTRDIFF_MIN, -1), 0);
    ck_assert_int_eq(count(10, 5, 2, 1), 0);
    QvObj *one = qv_int_from_i64(qi, 1);
    QvObj *s = qv_slice_new(qi, one, NULL, NULL);
    QvSsize start, stop, step, n;
    ck_assert_int_eq(qv_slice_indices(qi, s, 5, &start, &stop, &step, &n), 0);
    ck_assert_int_eq(n, 4);
    ck_assert_int_eq(stop, 5);
    test_repr(qi, s, "slice(1, None, None)");
    qv_decref(qi, s);
    s = qv_slice_new(qi, QV_TRUE, QV_ELLIPSIS, NULL);
    ck_assert_int_eq(qv_slice_indices(qi, s, 5, &start, &stop, &step, &n), -1);
    test_raised(qi, &qv_exc_TypeError);
    qv_decref(qi, s);
    qv_decref(qi, one);
    test_leave();
}
END_TEST

static QvObj *range3(QvInterp *qi, int64_t a, int64_t b, int64_t c)
{
    QvObj *x = qv_int_from_i64(qi, a), *y = qv_int_from_i64(qi, b), *z = qv_int_from_i64(qi, c);
    QvObj *r = qv_range_new(qi, x, y, z);
    qv_decref(qi, x);
    qv_decref(qi, y);
    qv_decref(qi, z);
    return r;
}

START_TEST(test_range)
{
    QvInterp *qi = test_enter();
    QvObj *r = range3(qi, 0, 10, 3);
    test_repr(qi, r, "range(0, 10, 3)");
    ck_assert_int_eq(qv_len(qi, r), 4);
    QvObj *l = qv_to_list(qi, r);
    test_repr(qi, l, "[0, 3, 6, 9]");
    qv_decref(qi, l);
    qv_decref(qi, r);
    ck_assert_ptr_null(range3(qi, 0, 10, 0));
    test_raised(qi, &qv_exc_ValueError);
    r = range3(qi, INT64_MIN, INT64_MAX, 1);
    ck_assert_int_eq(qv_len(qi, r), -1);
    test_raised(qi, &qv_exc_OverflowError);
    QvObj *it = qv_iter(qi, r);
    ck_assert_ptr_ne(it->type, &qv_range_iterator_type);
    QvObj *x = qv_next(qi, it);
    ck_assert_int_eq(qv_int_value(x), INT64_MIN);
    qv_decref(qi, x);
    qv_decref(qi, it);
    qv_decref(qi, r);
    r = range3(qi, INT64_MAX - 3, INT64_MAX, 2);
    l = qv_to_list(qi, r);
    test_repr(qi, l, "[9223372036854775804, 9223372036854775806]");
    qv_decref(qi, l);
    qv_decref(qi, r);
    test_leave();
}
END_TEST

TEST_MAIN("object/range", test_slice, test_range)
