// SPDX-License-Identifier: MIT
// Unit tests of object/set.h: the C interface, growth, set algebra.
#include "tests/unit/_containers.h"

#include "object/int.h"
#include "object/list.h"
#include "object/set.h"

static QvObj *multiples(QvInterp *qi, int of, int below)
{
    QvObj *s = qv_set_new(qi, NULL);
    for (int i = 0; i < below; i += of) {
        QvObj *k = qv_int_from_i64(qi, i);
        ck_assert_int_eq(qv_set_add(qi, s, k), 0);
        ck_assert_int_eq(qv_set_add(qi, s, k), 0);
        qv_decref(qi, k);
    }
    return s;
}

static int has(QvInterp *qi, QvObj *s, int64_t v)
{
    QvObj *k = qv_int_from_i64(qi, v);
    int r = qv_set_contains(qi, s, k);
    qv_decref(qi, k);
    return r;
}

START_TEST(test_basic)
{
    QvInterp *qi = test_enter();
    QvObj *s = multiples(qi, 3, 30);
    test_repr(qi, s, "{0, 3, 6, 9, 12, 15, 18, 21, 24, 27}");
    ck_assert_int_eq(has(qi, s, 27), 1);
    ck_assert_int_eq(has(qi, s, 28), 0);
    QvObj *k = qv_int_from_i64(qi, 6);
    ck_assert_int_eq(qv_set_discard(qi, s, k), 1);
    ck_assert_int_eq(qv_set_discard(qi, s, k), 0);
    qv_decref(qi, k);
    ck_assert_int_eq(qv_set_len(s), 9);
    QvObj *l = qv_list_new(qi, 0);
    ck_assert_int_eq(qv_set_add(qi, s, l), -1);
    test_raised(qi, &qv_exc_TypeError);
    ck_assert_int_eq(qv_set_contains(qi, s, l), -1);
    test_raised(qi, &qv_exc_TypeError);
    qv_decref(qi, l);
    QvObj *f = qv_frozenset_new(qi, s);
    ck_assert_int_eq(qv_eq(qi, s, f), 1);
    ck_assert_int_ne(qv_hash(qi, f), -1);
    QvObj *g = qv_frozenset_new(qi, f);
    ck_assert_ptr_eq(f, g);
    qv_decref(qi, f);
    qv_decref(qi, g);
    qv_set_clear(qi, s);
    ck_assert_int_eq(qv_set_len(s), 0);
    test_repr(qi, s, "set()");
    qv_decref(qi, s);
    test_leave();
}
END_TEST

START_TEST(test_algebra)
{
    QvInterp *qi = test_enter();
    enum { N = 30000 };
    QvObj *a = multiples(qi, 2, N), *b = multiples(qi, 3, N), *c = multiples(qi, 6, N);
    QvObj *both = qv_set_intersection(qi, a, b);
    ck_assert_int_eq(qv_eq(qi, both, c), 1);
    QvObj *u = qv_set_new(qi, a);
    ck_assert_int_eq(qv_set_update(qi, u, b), 0);
    ck_assert_int_eq(qv_set_len(u), N / 2 + N / 3 - N / 6);
    QvObj *x = qv_set_new(qi, u);
    ck_assert_int_eq(qv_set_difference_update(qi, x, c), 0);
    QvObj *y = qv_set_new(qi, a);
    ck_assert_int_eq(qv_set_symmetric_difference_update(qi, y, b), 0);
    ck_assert_int_eq(qv_eq(qi, x, y), 1);
    QvSsize pos = 0;
    QvObj *key;
    int n = 0;
    while (qv_set_next(x, &pos, &key)) {
        int64_t v = qv_int_value(key);
        ck_assert((v % 2 == 0) != (v % 3 == 0));
        n++;
    }
    ck_assert_int_eq(n, qv_set_len(x));
    QvObj *of[] = {a, b, c, both, u, x, y};
    for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
        qv_decref(qi, of[i]);
    }
    test_leave();
}
END_TEST

TEST_MAIN("object/set", test_basic, test_algebra)
