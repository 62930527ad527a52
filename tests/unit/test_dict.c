// SPDX-License-Identifier: MIT
// Unit tests of object/dict.h: the C interface, versions, growth, holes, sealed dicts.
#include "tests/unit/_containers.h"

#include <stdio.h>

#include "object/dict.h"
#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"

static QvObj *text(QvInterp *qi, const char *format, int n)
{
    char buf[64];
    int len = snprintf(buf, sizeof(buf), format, n);
    return qv_str_new_ascii(qi, buf, len);
}

static void set_int(QvInterp *qi, QvObj *d, int64_t key, int64_t value)
{
    QvObj *k = qv_int_from_i64(qi, key);
    ck_assert_int_eq(qv_dict_set_take(qi, d, k, qv_int_from_i64(qi, value)), 0);
    qv_decref(qi, k);
}

static int64_t get_int(QvInterp *qi, QvObj *d, int64_t key)
{
    QvObj *k = qv_int_from_i64(qi, key), *v;
    int r = qv_dict_get(qi, d, k, &v);
    qv_decref(qi, k);
    ck_assert_int_ge(r, 0);
    return r ? qv_int_value(v) : -999;
}

START_TEST(test_basic)
{
    QvInterp *qi = test_enter();
    QvObj *d = qv_dict_new(qi), *v;
    ck_assert_int_eq(qv_dict_len(d), 0);
    ck_assert_int_eq(get_int(qi, d, 1), -999);
    set_int(qi, d, 1, 10);
    set_int(qi, d, 2, 20);
    set_int(qi, d, 1, 11);
    ck_assert_int_eq(qv_dict_set_cstr(qi, d, "name", QV_NONE), 0);
    ck_assert_int_eq(qv_dict_len(d), 3);
    test_repr(qi, d, "{1: 11, 2: 20, 'name': None}");
    QvObj *key = qv_str_new_ascii(qi, "name", 4);
    ck_assert_ptr_eq(qv_dict_peek_str(d, key), QV_NONE);
    ck_assert_int_eq(qv_dict_find_str(d, key), 2);
    ck_assert_int_eq(qv_dict_pop(qi, d, key, &v), 1);
    qv_decref(qi, v);
    ck_assert_int_eq(qv_dict_pop(qi, d, key, &v), 0);
    ck_assert_int_eq(qv_dict_find_str(d, key), -1);
    ck_assert_int_eq(qv_dict_del(qi, d, key), -1);
    test_raised(qi, &qv_exc_KeyError);
    ck_assert_int_eq(qv_dict_setdefault(qi, d, key, QV_TRUE, &v), 0);
    ck_assert_ptr_eq(v, QV_TRUE);
    ck_assert_int_eq(qv_dict_setdefault(qi, d, key, QV_FALSE, &v), 1);
    ck_assert_ptr_eq(v, QV_TRUE);
    QvObj *bad = qv_list_new(qi, 0);
    ck_assert_int_eq(qv_dict_get(qi, d, bad, &v), -1);
    test_raised(qi, &qv_exc_TypeError);
    ck_assert_int_eq(qv_dict_set(qi, d, bad, QV_NONE), -1);
    test_raised(qi, &qv_exc_TypeError);
    qv_decref(qi, bad);
    qv_decref(qi, key);
    qv_dict_clear(qi, d);
    ck_assert_int_eq(qv_dict_len(d), 0);
    qv_decref(qi, d);
    test_leave();
}
END_TEST

START_TEST(test_growth)
{
    QvInterp *qi = test_enter();
    QvObj *d = qv_dict_new(qi);
    enum { N = 70000 }; // through all three widths of the index
    for (int i = 0; i < N; i++) {
        set_int(qi, d, i, i * 2);
        QvObj *s = text(qi, "k%d", i);
        ck_assert_int_eq(qv_dict_set_take(qi, d, s, qv_int_from_i64(qi, i)), 0);
        qv_decref(qi, s);
    }
    ck_assert_int_eq(qv_dict_len(d), 2 * N);
    for (int i = 0; i < N; i++) {
        ck_assert_int_eq(get_int(qi, d, i), i * 2);
        QvObj *s = text(qi, "k%d", i);
        ck_assert_int_eq(qv_int_value(qv_dict_peek_str(d, s)), i);
        qv_decref(qi, s);
    }
    ck_assert_int_eq(get_int(qi, d, N), -999);
    QvObj *c = qv_dict_copy(qi, d);
    for (int i = 0; i < N; i++) {
        QvObj *s = text(qi, "k%d", i);
        ck_assert_int_eq(qv_dict_del(qi, d, s), 0);
        qv_decref(qi, s);
    }
    QvObj *c2 = qv_dict_copy(qi, d);
    ck_assert_int_eq(qv_dict_len(c), 2 * N);
    ck_assert_int_eq(qv_dict_len(d), N);
    ck_assert_int_eq(qv_dict_len(c2), N);
    ck_assert_int_eq(qv_eq(qi, d, c2), 1);
    ck_assert_int_eq(qv_eq(qi, d, c), 0);
    QvSsize pos = 0;
    QvObj *k, *v;
    for (int i = 0; qv_dict_next(d, &pos, &k, &v); i++) {
        ck_assert_int_eq(qv_int_value(k), i);
        ck_assert_int_eq(qv_int_value(v), i * 2);
    }
    pos = qv_dict_len(c2) - 1;
    for (int i = N - 1; qv_dict_prev(c2, &pos, &k, &v); i--) {
        ck_assert_int_eq(qv_int_value(k), i);
    }
    ck_assert_int_eq(qv_dict_update(qi, d, c), 0);
    ck_assert_int_eq(qv_eq(qi, d, c), 1);
    qv_decref(qi, c);
    qv_decref(qi, c2);
    qv_decref(qi, d);
    test_leave();
}
END_TEST

START_TEST(test_version)
{
    QvInterp *qi = test_enter();
    QvObj *d = qv_dict_new(qi), *e = qv_dict_new(qi);
    uint64_t v0 = qv_dict_version(qi, d);
    ck_assert_uint_ne(v0, 0);
    ck_assert_uint_eq(qv_dict_version(qi, d), v0);
    ck_assert_uint_ne(qv_dict_version(qi, e), v0);
    set_int(qi, d, 1, 1);
    uint64_t v1 = qv_dict_version(qi, d);
    ck_assert_uint_ne(v1, v0);
    set_int(qi, d, 1, 2);
    ck_assert_uint_eq(qv_dict_version(qi, d), v1);
    QvObj *one = qv_int_from_i64(qi, 1);
    ck_assert_int_eq(qv_dict_del(qi, d, one), 0);
    ck_assert_uint_ne(qv_dict_version(qi, d), v1);
    uint64_t v2 = qv_dict_version(qi, d);
    qv_dict_clear(qi, d);
    ck_assert_uint_ne(qv_dict_version(qi, d), v2);
    qv_decref(qi, one);
    qv_decref(qi, d);
    qv_decref(qi, e);
    test_leave();
}
END_TEST

// A sealed dict is never freed in the process: the test drops the blocks itself.
static void *sealed_blocks[8];
static size_t sealed_count;

static void *seal_alloc(size_t n)
{
    ck_assert_uint_lt(sealed_count, sizeof(sealed_blocks) / sizeof(*sealed_blocks));
    return sealed_blocks[sealed_count++] = calloc(1, n);
}

START_TEST(test_sealed)
{
    QvInterp *qi = test_enter();
    QvObj *keys[] = {QV_N(append), QV_N(pop), QV_N(items), QV_N(keys), QV_N(values), QV_N(get)};
    QvObj *values[] = {QV_NONE, QV_TRUE, QV_FALSE, QV_NONE, QV_TRUE, QV_ELLIPSIS};
    QvObj *d = qv_dict_new_sealed(seal_alloc, keys, values, 6);
    QvDict before = *(QvDict *)d;
    ck_assert_int_eq(qv_dict_len(d), 6);
    ck_assert_ptr_eq(qv_dict_peek_str(d, QV_N(get)), QV_ELLIPSIS);
    QvObj *fresh = qv_str_new_ascii(qi, "pop", 3), *v;
    ck_assert_ptr_eq(qv_dict_peek_str(d, fresh), QV_TRUE);
    ck_assert_int_eq(qv_dict_get(qi, d, fresh, &v), 1);
    ck_assert_ptr_null(qv_dict_peek_str(d, QV_N(send)));
    ck_assert_uint_ne(qv_dict_version(qi, d), 0);
    ck_assert_int_eq(memcmp(&before, d, sizeof(before)), 0);
    QvObj *empty = qv_dict_new_sealed(seal_alloc, NULL, NULL, 0);
    ck_assert_ptr_null(qv_dict_peek_str(empty, fresh));
    qv_decref(qi, fresh);
    while (sealed_count > 0) {
        free(sealed_blocks[--sealed_count]);
    }
    test_leave();
}
END_TEST

START_TEST(test_lists)
{
    QvInterp *qi = test_enter();
    QvObj *d = qv_dict_new_presized(qi, 100);
    for (int i = 0; i < 10; i++) {
        set_int(qi, d, i, -i);
    }
    for (int i = 0; i < 10; i += 2) {
        QvObj *k = qv_int_from_i64(qi, i);
        ck_assert_int_eq(qv_dict_del(qi, d, k), 0);
        qv_decref(qi, k);
    }
    QvObj *k = qv_dict_keys_list(qi, d), *v = qv_dict_values_list(qi, d),
          *i = qv_dict_items_list(qi, d);
    test_repr(qi, k, "[1, 3, 5, 7, 9]");
    test_repr(qi, v, "[-1, -3, -5, -7, -9]");
    test_repr(qi, i, "[(1, -1), (3, -3), (5, -5), (7, -7), (9, -9)]");
    QvObj *e = qv_dict_new(qi);
    ck_assert_int_eq(qv_dict_update(qi, e, i), 0);
    ck_assert_int_eq(qv_eq(qi, d, e), 1);
    QvObj *f = qv_dict_new(qi);
    ck_assert_int_eq(qv_dict_merge_unique(qi, f, e, NULL), 0);
    ck_assert_int_eq(qv_dict_merge_unique(qi, f, e, NULL), -1);
    test_raised(qi, &qv_exc_TypeError);
    qv_decref(qi, k);
    qv_decref(qi, v);
    qv_decref(qi, i);
    qv_decref(qi, d);
    qv_decref(qi, e);
    qv_decref(qi, f);
    test_leave();
}
END_TEST

TEST_MAIN("object/dict", test_basic, test_growth, test_version, test_sealed, test_lists)
