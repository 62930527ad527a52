// SPDX-License-Identifier: MIT
// Blocks of many MiB: used again with their pages, and given back when there are too many.
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/bigmem.h"

#define MIB ((size_t)1 << 20)

static long faults(void)
{
    struct rusage usage;
    ck_assert_int_eq(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_minflt;
}

static size_t resident(void)
{
    size_t pages = 0, all = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fscanf(f, "%zu %zu", &all, &pages), 2);
    fclose(f);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void *fill(size_t n)
{
    void *p = qv_bigmem_alloc(n);
    ck_assert_ptr_nonnull(p);
    memset(p, 1, n);
    return p;
}

START_TEST(test_warm)
{
    for (size_t mib = 7; mib <= 64; mib += 19) {
        size_t n = mib * MIB;
        qv_bigmem_free(fill(n), n);
        long before = faults();
        for (int k = 0; k < 3; k++) {
            qv_bigmem_free(fill(n), n);
        }
        // A sanitizer's malloc does as it likes.
        ck_assert(QV_SANITIZE || QV_SANITIZE_THREAD || faults() - before < 1000);
        qv_bigmem_trim();
    }
}
END_TEST

START_TEST(test_given_back)
{
    enum { MANY = 10 };
    void *blocks[MANY];
    size_t n = 20 * MIB, before = resident();
    for (int k = 0; k < MANY; k++) {
        blocks[k] = fill(n);
        blocks[k] = qv_bigmem_realloc(blocks[k], n + MIB);
        ck_assert(blocks[k] && ((char *)blocks[k])[n - 1] == 1);
    }
    ck_assert(resident() > before + MANY * n / 2);
    for (int k = 0; k < MANY; k++) {
        qv_bigmem_free(blocks[k], n + MIB);
    }
    ck_assert(QV_SANITIZE || QV_SANITIZE_THREAD || resident() < before + 80 * MIB);
    qv_bigmem_trim();
    ck_assert(QV_SANITIZE || QV_SANITIZE_THREAD || resident() < before + 8 * MIB);
}
END_TEST

START_TEST(test_small)
{
    void *p = qv_bigmem_realloc(NULL, 100);
    ck_assert_ptr_nonnull(p);
    memset(p, 7, 100);
    p = qv_bigmem_realloc(p, 9 * MIB); // moves into the arena, and out of it again
    ck_assert(p && ((char *)p)[99] == 7);
    p = qv_bigmem_realloc(p, 200);
    ck_assert(p && ((char *)p)[99] == 7);
    free(p);
}
END_TEST

// What many interpreters had, whose number has gone down, does not stay resident; that of a few
// does.
START_TEST(test_life)
{
    size_t n = 32768;
    static void *blocks[1000];
    size_t before = resident();
    for (int k = 0; k < 1000; k++) {
        blocks[k] = qv_bigmem_life_alloc(n);
        ck_assert_ptr_nonnull(blocks[k]);
        memset(blocks[k], 1, n);
    }
    ck_assert(resident() > before + 1000 * n / 2);
    for (int k = 0; k < 1000; k++) {
        qv_bigmem_life_free(blocks[k], n);
    }
    ck_assert(QV_SANITIZE || QV_SANITIZE_THREAD || resident() < before + 6 * MIB);
    qv_bigmem_life_free(NULL, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base/bigmem");
    TCase *tests = tcase_create("bigmem");
    tcase_add_test(tests, test_warm);
    tcase_add_test(tests, test_given_back);
    tcase_add_test(tests, test_small);
    tcase_add_test(tests, test_life);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
