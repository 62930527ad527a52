// SPDX-License-Identifier: MIT
// Unit tests of object/list.h: the C interface, growth, slices, sorting.
#include "tests/unit/_containers.h"

#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"

static QvObj *numbers(QvInterp *qi, int n)
{
    QvObj *l = qv_list_new(qi, 0);
    for (int i = 0; i < n; i++) {
        ck_assert_int_eq(qv_list_append_take(qi, l, qv_int_from_i64(qi, i)), 0);
    }
    return l;
}

START_TEST(test_basic)
{
    QvInterp *qi = test_enter();
    QvObj *l = numbers(qi, 5);
    test_repr(qi, l, "[0, 1, 2, 3, 4]");
    QvObj *x = qv_int_from_i64(qi, 77);
    ck_assert_int_eq(qv_list_insert(qi, l, 0, x), 0);
    ck_assert_int_eq(qv_list_insert(qi, l, -1, x), 0);
    ck_assert_int_eq(qv_list_insert(qi, l, 100, x), 0);
    test_repr(qi, l, "[77, 0, 1, 2, 3, 77, 4, 77]");
    ck_assert_int_eq(qv_list_set(qi, l, 1, QV_NONE), 0);
    ck_assert_int_eq(qv_list_set(qi, l, 8, QV_NONE), -1);
    test_raised(qi, &qv_exc_IndexError);
    QvObj *s = qv_list_slice(qi, l, 1, 4);
    test_repr(qi, s, "[None, 1, 2]");
    ck_assert_int_eq(qv_list_set_slice(qi, l, 0, 6, s), 0);
    test_repr(qi, l, "[None, 1, 2, 4, 77]");
    ck_assert_int_eq(qv_list_set_slice(qi, l, 1, 3, NULL), 0);
    ck_assert_int_eq(qv_list_set_slice(qi, l, 1, 1, l), 0);
    test_repr(qi, l, "[None, None, 4, 77, 4, 77]");
    qv_list_reverse(qi, l);
    test_repr(qi, l, "[77, 4, 77, 4, None, None]");
    QvObj *t = qv_list_as_tuple(qi, s);
    test_repr(qi, t, "(None, 1, 2)");
    ck_assert_int_eq(qv_list_extend(qi, s, t), 0);
    ck_assert_int_eq(qv_list_extend(qi, s, s), 0);
    ck_assert_int_eq(qv_list_len(s), 12);
    ck_assert_int_eq(qv_list_append_take(qi, s, NULL), -1);
    qv_decref(qi, t);
    qv_decref(qi, s);
    qv_decref(qi, x);
    qv_list_clear(qi, l);
    ck_assert_int_eq(qv_list_len(l), 0);
    qv_decref(qi, l);
    test_leave();
}
END_TEST

START_TEST(test_growth)
{
    QvInterp *qi = test_enter();
    QvObj *l = numbers(qi, 100000);
    for (int i = 0; i < 100000; i++) {
        ck_assert_int_eq(qv_int_value(qv_list_peek(l, i)), i);
    }
    while (qv_list_len(l) > 10) {
        ck_assert_int_eq(qv_list_set_slice(qi, l, qv_list_len(l) / 2, qv_list_len(l), NULL), 0);
    }
    ck_assert_int_lt(((QvList *)l)->cap, 200);
    qv_decref(qi, l);
    test_leave();
}
END_TEST

static uint64_t seed = 1;

static int64_t next_random(int64_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((seed >> 33) % (uint64_t)below);
}

// Pairs (key, position) sorted by key alone: positions of equal keys must rise.
static void check_sort(QvInterp *qi, int n, int64_t range, int shape, bool reverse)
{
    QvObj *l = qv_list_new(qi, 0);
    for (int i = 0; i < n; i++) {
        int64_t k = next_random(range);
        k = shape == 1 ? i / 3 : shape == 2 ? -i : shape == 3 ? i % 100 : k;
        QvObj *a = shape == 4 ? qv_float_new(qi, (double)k / 7 - 3) : qv_int_from_i64(qi, k);
        QvObj *b = qv_int_from_i64(qi, i);
        ck_assert_int_eq(qv_list_append_take(qi, l, qv_tuple_of(qi, 2, a, b)), 0);
        qv_decref(qi, a);
        qv_decref(qi, b);
    }
    QvObj *heads = qv_list_new(qi, 0);
    for (int i = 0; i < n; i++) {
        ck_assert_int_eq(qv_list_append(qi, heads, qv_tuple_peek(qv_list_peek(l, i), 0)), 0);
    }
    ck_assert_int_eq(qv_list_sort(qi, l, NULL, reverse), 0);
    ck_assert_int_eq(qv_list_sort(qi, heads, NULL, reverse), 0);
    ck_assert_int_eq(qv_list_len(l), n);
    for (int i = 0; i < n; i++) {
        QvObj *a = qv_tuple_peek(qv_list_peek(l, i), 0);
        ck_assert_int_eq(qv_eq(qi, a, qv_list_peek(heads, i)), 1);
        if (i > 0) {
            QvObj *x = qv_list_peek(l, reverse ? i : i - 1),
                  *y = qv_list_peek(l, reverse ? i - 1 : i);
            ck_assert_int_eq(qv_compare_bool(qi, x, y, QV_LT), 1);
        }
    }
    qv_decref(qi, heads);
    qv_decref(qi, l);
}

START_TEST(test_sort)
{
    QvInterp *qi = test_enter();
    static const int sizes[] = {0, 1, 2, 3, 5, 31, 63, 64, 65, 127, 128, 500, 1000, 5000, 20000};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (int shape = 0; shape < 5; shape++) {
            check_sort(qi, sizes[i], 1000000, shape, false);
            check_sort(qi, sizes[i], 10, shape, true);
        }
    }
    QvObj *l = numbers(qi, 3);
    QvObj *none = QV_NONE;
    ck_assert_int_eq(qv_list_append(qi, l, none), 0);
    ck_assert_int_eq(qv_list_sort(qi, l, NULL, false), -1);
    test_raised(qi, &qv_exc_TypeError);
    ck_assert_int_eq(qv_list_len(l), 4);
    qv_decref(qi, l);
    test_leave();
}
END_TEST

START_TEST(test_limits)
{
    QvInterp *qi = test_enter();
    QvObj *l = numbers(qi, 3);
    ck_assert_ptr_null(qv_list_type.repeat(qi, l, PTRDIFF_MAX / 2));
    test_raised(qi, &qv_exc_MemoryError);
    ck_assert_ptr_null(qv_list_new(qi, PTRDIFF_MAX / 4));
    test_raised(qi, &qv_exc_MemoryError);
    ck_assert_ptr_null(qv_list_type.inplace_repeat(qi, l, PTRDIFF_MAX / 2));
    test_raised(qi, &qv_exc_MemoryError);
    test_repr(qi, l, "[0, 1, 2]");
    qv_decref(qi, l);
    test_leave();
}
END_TEST

TEST_MAIN("object/list", test_basic, test_growth, test_sort, test_limits)
