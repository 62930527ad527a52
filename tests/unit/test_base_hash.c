// SPDX-License-Identifier: MIT
// Unit tests of base/hash.h: the numbers are those of Python 3.11.
#include "base/hash.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static QvHash tuple_hash(const QvHash *items, QvSsize n)
{
    uint64_t acc = qv_hash_tuple_start();
    for (QvSsize i = 0; i < n; i++) {
        acc = qv_hash_tuple_add(acc, items[i]);
    }
    return qv_hash_tuple_end(acc, n);
}

static QvHash set_hash(QvHash first, QvHash end)
{
    uint64_t acc = 0;
    for (QvHash i = first; i < end; i++) {
        acc ^= qv_hash_set_shuffle(i);
    }
    return qv_hash_set_end(acc, end - first);
}

START_TEST(test_tuple)
{
    ck_assert_int_eq(tuple_hash(NULL, 0), 5740354900026072187);
    ck_assert_int_eq(tuple_hash((QvHash[]){1, 2}, 2), -3550055125485641917);
    ck_assert_int_eq(tuple_hash((QvHash[]){1}, 1), -6644214454873602895);
    ck_assert_int_eq(tuple_hash((QvHash[]){qv_hash_i64(-1), 0, 3}, 3), 6618123530069209967);
    QvHash pair = tuple_hash((QvHash[]){1, 2}, 2);
    ck_assert_int_eq(tuple_hash((QvHash[]){pair, 3}, 2), -333907151259015829);
    ck_assert_int_eq(set_hash(0, 0), 133146708735736);
    ck_assert_int_eq(set_hash(1, 2), -558064481276695278);
    ck_assert_int_eq(set_hash(1, 4), -272375401224217160);
    ck_assert_int_eq(set_hash(0, 100), 4411996150312757951);
}
END_TEST

START_TEST(test_numbers)
{
    ck_assert_int_eq(qv_hash_double(0.5), 1152921504606846976);
    ck_assert_int_eq(qv_hash_double(-0.5), -1152921504606846976);
    ck_assert_int_eq(qv_hash_double(1e300), 1224995262755759164);
    ck_assert_int_eq(qv_hash_double(5e-324), 16777216);
    ck_assert_int_eq(qv_hash_double(-1.0), -2);
    ck_assert_int_eq(qv_hash_double(0x1p61), 1);
    ck_assert_int_eq(qv_hash_double(INFINITY), 314159);
    ck_assert_int_eq(qv_hash_double(-INFINITY), -314159);
    ck_assert_int_eq(qv_hash_double(1.0 / 3), 768614336404564608);
    ck_assert_int_eq(qv_hash_double(123456.789), 1819310134279660096);
    ck_assert_int_eq(qv_hash_double(0.0), 0);
    ck_assert_int_eq(qv_hash_double(-0.0), 0);
    int64_t p = (INT64_C(1) << 61) - 1;
    ck_assert_int_eq(qv_hash_i64(p), 0);
    ck_assert_int_eq(qv_hash_i64(-p), 0);
    ck_assert_int_eq(qv_hash_i64(p + 1), 1);
    ck_assert_int_eq(qv_hash_i64(-1), -2);
    ck_assert_int_eq(qv_hash_i64(-2), -2);
    ck_assert_int_eq(qv_hash_i64(INT64_MAX), 3);
    ck_assert_int_eq(qv_hash_i64(INT64_MIN), -4);
    ck_assert_int_eq(qv_hash_limbs((uint64_t[]){0, 1}, 2, false), 8);
    ck_assert_int_eq(qv_hash_limbs((uint64_t[]){UINT64_MAX, UINT64_MAX}, 2, false), 63);
    ck_assert_int_eq(qv_hash_limbs((uint64_t[]){12345, 0, 0, 256}, 4, true), -143417);
    for (int64_t v = -100000; v < 100000; v += 7) {
        ck_assert_int_eq(qv_hash_double((double)v), qv_hash_i64(v));
        uint64_t limb = (uint64_t)(v < 0 ? -v : v);
        ck_assert_int_eq(qv_hash_limbs(&limb, 1, v < 0), qv_hash_i64(v));
    }
    ck_assert_int_eq(qv_hash_ptr((void *)(uintptr_t)0x1230), 0x123);
}
END_TEST

// Every input bit reaches the hash; lengths and seeds matter; no overread.
START_TEST(test_bytes)
{
    ck_assert_int_eq(qv_hash_bytes("", 0, 123), 0);
    ck_assert_int_eq(qv_hash_bytes(NULL, 0, 0), 0);
    for (size_t n = 1; n <= 200; n++) {
        unsigned char *p = malloc(n); // exact size: a sanitizer sees a read beyond it
        ck_assert_ptr_nonnull(p);
        memset(p, 0, n);
        QvHash plain = qv_hash_bytes(p, n, 1);
        ck_assert_int_ne(plain, -1);
        ck_assert_int_ne(plain, qv_hash_bytes(p, n, 2));
        if (n > 1) {
            ck_assert_int_ne(plain, qv_hash_bytes(p, n - 1, 1));
        }
        for (size_t bit = 0; bit < n * 8; bit++) {
            p[bit / 8] ^= (unsigned char)(1 << bit % 8);
            uint64_t changed = (uint64_t)(plain ^ qv_hash_bytes(p, n, 1));
            if (__builtin_popcountll(changed) < 8) {
                ck_abort_msg("bit %zu of %zu bytes changes little", bit, n);
            }
            p[bit / 8] ^= (unsigned char)(1 << bit % 8);
        }
        free(p);
    }
    // The low bits, which tables use: 65536 short keys into as many slots.
    static unsigned char seen[65536];
    int used = 0;
    for (unsigned i = 0; i < 65536; i++) {
        char key[8];
        memcpy(key, "abc", 3);
        memcpy(key + 3, &i, sizeof(i));
        unsigned slot = (unsigned)qv_hash_bytes(key, 7, 99) & 0xFFFF;
        used += !seen[slot];
        seen[slot] = 1;
    }
    ck_assert_int_gt(used, 65536 * 60 / 100); // 63% expected of a random function
    uint64_t a = 0;
    uint64_t b = 0;
    ck_assert_int_eq(qv_hash_random(&a, sizeof(a)), 0);
    ck_assert_int_eq(qv_hash_random(&b, sizeof(b)), 0);
    ck_assert(a != b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base/hash");
    TCase *tests = tcase_create("hash");
    tcase_add_test(tests, test_tuple);
    tcase_add_test(tests, test_numbers);
    tcase_add_test(tests, test_bytes);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
