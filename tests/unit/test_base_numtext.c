// SPDX-License-Identifier: MIT
// Unit tests of base/numtext.h: against the C library (which rounds exactly, in the "C" locale
// that a program starts in) and against fixed answers of Python 3.11.
#include "base/numtext.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252u;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static double double_of(uint64_t bits)
{
    double v;
    memcpy(&v, &bits, sizeof(v));
    return v;
}

static uint64_t bits_of(double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof(bits));
    return bits;
}

// Any finite double; often a "human" one.
static double random_double(void)
{
    switch (next_random() % 8) {
    case 0: return (double)(int64_t)(next_random() % 2000000) / 100;
    case 1: return (double)(next_random() % 100000) * pow(10, (double)(next_random() % 40) - 20);
    case 2: return double_of(next_random() % (UINT64_C(1) << 53)); // subnormal
    case 3: return ldexp(1, (int)(next_random() % 2090) - 1070);
    case 4: return (double)(next_random() % 65536) / 64;
    default:
        for (;;) {
            double v = double_of(next_random() >> 1);
            if (isfinite(v)) {
                return v;
            }
        }
    }
}

static double scan(const char *s)
{
    double v = -12345;
    const char *end = qv_num_scan_double(s, s + strlen(s), &v);
    ck_assert_msg(end == s + strlen(s), "%s", s);
    return v;
}

START_TEST(test_repr_fixed)
{
    static const struct {
        double v;
        const char *text;
    } cases[] = {
        {0.0, "0.0"},
        {-0.0, "-0.0"},
        {1.0, "1.0"},
        {-1.5, "-1.5"},
        {0.1, "0.1"},
        {1.0 / 3, "0.3333333333333333"},
        {100.0, "100.0"},
        {1e15, "1000000000000000.0"},
        {1e16, "1e+16"},
        {9999999999999998.0, "9999999999999998.0"},
        {123456789012345680.0, "1.2345678901234568e+17"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {0.00012345, "0.00012345"},
        {1.5e-7, "1.5e-07"},
        {1e22, "1e+22"},
        {1e23, "1e+23"},
        {5e-324, "5e-324"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {1e100, "1e+100"},
        {9007199254740993.0, "9007199254740992.0"},
        {2.0 / 3 * 1e300, "6.666666666666667e+299"},
        {INFINITY, "inf"},
        {-INFINITY, "-inf"},
        {NAN, "nan"},
        {-NAN, "nan"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char buf[QV_NUM_REPR_MAX];
        int n = qv_num_repr_double(cases[i].v, buf);
        ck_assert_str_eq(buf, cases[i].text);
        ck_assert_int_eq(n, (int)strlen(buf));
        QvBuf out = {0};
        qv_num_format_double(&out, cases[i].v, 'r', 0, QV_NUM_DOT_ZERO);
        ck_assert_str_eq(qv_buf_cstr(&out), cases[i].text);
        qv_buf_fini(&out);
    }
}
END_TEST

// Shortest: no shorter text reads back; among the shortest it is the one nearest to v.
START_TEST(test_repr_random)
{
    for (int i = 0; i < 300000; i++) {
        double v = random_double();
        if (v == 0) {
            continue;
        }
        char buf[QV_NUM_REPR_MAX];
        qv_num_repr_double(v, buf);
        ck_assert_msg(bits_of(strtod(buf, NULL)) == bits_of(v), "%s %a", buf, v);
        ck_assert_msg(bits_of(scan(buf)) == bits_of(v), "scan %s %a", buf, v);
        QvBuf digits = {0};
        int point = qv_num_digits_double(v, 'r', 0, &digits);
        int n = (int)digits.len;
        ck_assert_int_ge(n, 1);
        // %.*e gives the nearest text of n digits: if it reads back it must be ours.
        char want[64];
        snprintf(want, sizeof(want), "%.*e", n - 1, v);
        if (strtod(want, NULL) == v) {
            char flat[64];
            int k = 0;
            for (char *p = want; *p != 'e'; p++) {
                if (*p != '.') {
                    flat[k++] = *p;
                }
            }
            flat[k] = '\0';
            ck_assert_int_eq(k, n);
            ck_assert_msg(memcmp(flat, digits.data, (size_t)n) == 0, "%s %s", flat, buf);
            ck_assert_int_eq(atoi(strchr(want, 'e') + 1), point - 1);
        }
        if (n > 1) {
            snprintf(want, sizeof(want), "%.*e", n - 2, v);
            ck_assert_msg(strtod(want, NULL) != v, "%s is not shortest (%s)", buf, want);
        }
        qv_buf_fini(&digits);
    }
}
END_TEST

static void compare_format(double v, char type, int prec, bool alt)
{
    // glibc 2.36 forgets zeros of "%#g" when rounding carries: see test_format_flags for that one.
    alt = alt && (type | 0x20) != 'g';
    char fmt[16];
    char want[1500];
    snprintf(fmt, sizeof(fmt), alt ? "%%#.%d%c" : "%%.%d%c", prec, type);
    snprintf(want, sizeof(want), fmt, v);
    QvBuf out = {0};
    qv_num_format_double(&out, v, type, prec, alt ? QV_NUM_ALT : QV_NUM_PLAIN);
    ck_assert_msg(strcmp(qv_buf_cstr(&out), want) == 0, "%a %s: %s not %s", v, fmt, out.data, want);
    qv_buf_fini(&out);
}

START_TEST(test_format_random)
{
    static const char types[] = {'e', 'f', 'g', 'E', 'F', 'G'};
    for (int i = 0; i < 150000; i++) {
        double v = random_double();
        if (next_random() % 4 == 0) {
            v = -v;
        }
        int prec = (int)(next_random() % (i % 50 == 0 ? 400 : 21));
        char type = types[next_random() % 6];
        compare_format(v, type, prec, next_random() % 5 == 0);
    }
    // Ties and near-ties, where half-even and the exact rest decide.
    for (int i = 0; i < 4096; i++) {
        double v = (double)i / 64;
        for (int prec = 0; prec < 7; prec++) {
            compare_format(v, 'f', prec, false);
            compare_format(v, 'e', prec, false);
            compare_format(v, 'g', prec, false);
        }
    }
    static const double hard[] = {0.5,     1.5,
                                  2.5,     0.05,
                                  0.25,    0.125,
                                  9.5,     99.5,
                                  0.95,    0.995,
                                  1e22,    1e23,
                                  5e-324,  DBL_MAX,
                                  DBL_MIN, 0.0,
                                  -0.0,    1e-5,
                                  123456,  999999.5,
                                  0x1p-64, 0x1.fffffffffffffp-12,
                                  0x1p63,  0x1.fffffffffffffp62};
    for (size_t i = 0; i < sizeof(hard) / sizeof(hard[0]); i++) {
        for (int prec = 0; prec < 30; prec++) {
            for (size_t t = 0; t < 6; t++) {
                compare_format(hard[i], types[t], prec, false);
                compare_format(hard[i], types[t], prec, true);
            }
        }
        compare_format(hard[i], 'f', 1100, false);
        compare_format(hard[i], 'e', 1100, false);
    }
}
END_TEST

START_TEST(test_format_flags)
{
    static const struct {
        double v;
        char type;
        int prec;
        QvNumFlags flags;
        const char *text;
    } cases[] = {
        {1.5, 'f', 2, QV_NUM_SIGN, "+1.50"},
        {-0.001, 'f', 2, QV_NUM_PLAIN, "-0.00"},
        {-0.001, 'f', 2, QV_NUM_NO_NEG_0, "0.00"},
        {-0.006, 'f', 2, QV_NUM_NO_NEG_0, "-0.01"},
        {0.256, '%', 1, QV_NUM_PLAIN, "25.6%"},
        {INFINITY, '%', 1, QV_NUM_SIGN, "+inf%"},
        {NAN, 'F', 1, QV_NUM_PLAIN, "NAN"},
        {-INFINITY, 'G', 1, QV_NUM_PLAIN, "-INF"},
        {100, 'g', 3, QV_NUM_DOT_ZERO, "1e+02"},
        {100, 'g', 4, QV_NUM_DOT_ZERO, "100.0"},
        {1e16, 'r', 0, QV_NUM_DOT_ZERO, "1e+16"},
        {12, 'r', 0, QV_NUM_PLAIN, "12"},
        {12, 'r', 0, QV_NUM_SIGN | QV_NUM_DOT_ZERO, "+12.0"},
        {0, 'g', 0, QV_NUM_ALT, "0."},
        {99.5, 'g', 2, QV_NUM_ALT, "1.0e+02"},
        {0.0009996, 'g', 3, QV_NUM_ALT, "0.00100"},
        {123, 'G', 10, QV_NUM_ALT, "123.0000000"},
        {1e5, 'e', 0, QV_NUM_ALT, "1.e+05"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        QvBuf out = {0};
        qv_num_format_double(&out, cases[i].v, cases[i].type, cases[i].prec, cases[i].flags);
        ck_assert_str_eq(qv_buf_cstr(&out), cases[i].text);
        qv_buf_fini(&out);
    }
    // Rounding to tens (round(x, -1)).
    QvBuf digits = {0};
    ck_assert_int_eq(qv_num_digits_double(1250, 'f', -2, &digits), 4);
    ck_assert_str_eq(qv_buf_cstr(&digits), "12");
    ck_assert_int_eq(qv_num_digits_double(999, 'f', -2, &digits), 4);
    ck_assert_str_eq(qv_buf_cstr(&digits), "1");
    (void)qv_num_digits_double(40, 'f', -2, &digits);
    ck_assert_uint_eq(digits.len, 0);
    (void)qv_num_digits_double(40, 'f', -3000, &digits);
    ck_assert_uint_eq(digits.len, 0);
    qv_buf_fini(&digits);
}
END_TEST

static void compare_scan(const char *s)
{
    double want = strtod(s, NULL);
    double got = scan(s);
    ck_assert_msg(bits_of(got) == bits_of(want), "%s: %a not %a", s, got, want);
}

START_TEST(test_scan_random)
{
    char s[2400];
    for (int i = 0; i < 200000; i++) {
        int n = 1 + (int)(next_random() % (i % 100 == 0 ? 1000 : 25));
        char *p = s;
        int dot = (int)(next_random() % (unsigned)(n + 3));
        for (int j = 0; j < n; j++) {
            if (j == dot) {
                *p++ = '.';
            }
            *p++ = (char)('0' + next_random() % 10);
        }
        *p = '\0';
        if (next_random() % 2 == 0) {
            sprintf(p, "e%d", (int)(next_random() % 700) - 360);
        }
        compare_scan(s);
    }
    // Exactly half-way between two doubles, and a hair to each side of it.
    for (int i = 0; i < 20000; i++) {
        double v = random_double();
        double next = nextafter(v, INFINITY);
        if (!isfinite(next) || v == 0) {
            continue;
        }
        int e;
        uint64_t m = (uint64_t)ldexp(frexp(v, &e), 53);
        (void)m;
        long double middle = ((long double)v + (long double)next) / 2;
        int len = sprintf(s, "%.1100Lf", middle);
        if (len > 2300) {
            continue;
        }
        compare_scan(s);
        strcpy(s + len, "1");
        compare_scan(s);
        while (len > 0 && (s[len - 1] == '0' || s[len - 1] == '.')) {
            len--;
        }
        s[len] = '\0';
        if (len > 0 && strchr(s, '.') != NULL) {
            s[len - 1]--; // the last digit was not zero
            strcpy(s + len, "9999999999");
            compare_scan(s);
        }
    }
}
END_TEST

START_TEST(test_scan_fixed)
{
    static const char *const texts[] = {
        "0",
        "-0",
        "+1",
        "1.",
        ".5",
        "00000000000000000000000001",
        "0.000000000000000000000000000001e30",
        "1e400",
        "1e-400",
        "0e999999999999999999999",
        "1e99999999999999999999999",
        "1e-99999999999999999999999",
        "2.4703282292062327208e-324",
        "2.4703282292062327209e-324",
        "2.4703282292062328e-324",
        "4.9e-324",
        "2.2250738585072011e-308",
        "2.2250738585072012e-308",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "179769313486231580793e289",
        "9007199254740993",
        "9007199254740993.00000000000000000000000000000000000000000000000000001",
        "9007199254740992.99999999999999999999999999999999999999999999999999999",
        "8.9255e-318",
        "6.631236846766476e-316",
        "123456789012345678901234567890",
        "inf",
        "-Infinity",
        "INF",
        "1E5",
        "1e+5",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        compare_scan(texts[i]);
    }
    double v;
    ck_assert(isnan(scan("nan")));
    ck_assert(isnan(scan("-NaN")));
    static const struct {
        const char *text;
        int used; // -1: nothing
    } partial[] = {
        {"", -1},   {"+", -1},    {".", -1},  {"e5", -1},  {" 1", -1},     {"in", -1},   {"1e", 1},
        {"1e+", 1}, {"1.5.2", 3}, {"1_0", 1}, {"0x10", 1}, {"infinit", 3}, {"12abc", 2},
    };
    for (size_t i = 0; i < sizeof(partial) / sizeof(partial[0]); i++) {
        const char *s = partial[i].text;
        const char *end = qv_num_scan_double(s, s + strlen(s), &v);
        ck_assert_int_eq(end == NULL ? -1 : (int)(end - s), partial[i].used);
    }
}
END_TEST

START_TEST(test_integers)
{
    char buf[QV_NUM_I64_MAX];
    char want[QV_NUM_I64_MAX];
    for (int i = 0; i < 200000; i++) {
        int64_t v = (int64_t)(next_random() >> next_random() % 64);
        if (next_random() % 2 == 0) {
            v = (int64_t)(0 - (uint64_t)v);
        }
        int n = qv_num_from_i64(v, 10, buf);
        snprintf(want, sizeof(want), "%lld", (long long)v);
        ck_assert_str_eq(buf, want);
        ck_assert_int_eq(n, (int)strlen(want));
        int base = 2 + (int)(next_random() % 35);
        n = qv_num_from_i64(v, base, buf);
        ck_assert_int_eq(n, (int)strlen(buf));
        ck_assert_int_eq(strtoll(buf, NULL, base), v);
        int64_t back;
        ck_assert_int_eq(qv_num_parse_i64(buf, (size_t)n, base, &back), 1);
        ck_assert_int_eq(back, v);
    }
    uint64_t power = 1;
    for (int i = 1; i < 20; i++) {
        power *= 10;
        for (int d = -1; d <= 1; d++) {
            qv_num_from_u64(power + (uint64_t)d, 10, buf);
            snprintf(want, sizeof(want), "%llu", (unsigned long long)(power + (uint64_t)d));
            ck_assert_str_eq(buf, want);
        }
    }
    qv_num_from_i64(INT64_MIN, 2, buf);
    ck_assert_uint_eq(strlen(buf), 65);
    qv_num_from_i64(0, 10, buf);
    ck_assert_str_eq(buf, "0");
    qv_num_from_i64(0, 7, buf);
    ck_assert_str_eq(buf, "0");
    qv_num_from_u64(UINT64_MAX, 10, buf);
    ck_assert_str_eq(buf, "18446744073709551615");
    static const struct {
        const char *text;
        int base;
        int result;
        int64_t value;
    } cases[] = {
        {"9223372036854775807", 10, 1, INT64_MAX},
        {"9223372036854775808", 10, -1, 0},
        {"-9223372036854775808", 10, 1, INT64_MIN},
        {"-9223372036854775809", 10, -1, 0},
        {"99999999999999999999999", 10, -1, 0},
        {"99999999999999999999999x", 10, 0, 0},
        {"", 10, 0, 0},
        {"-", 10, 0, 0},
        {"12a", 10, 0, 0},
        {"+12", 10, 1, 12},
        {"fF", 16, 1, 255},
        {"zz", 36, 1, 1295},
        {"2", 2, 0, 0},
        {"1_0", 10, 0, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t v = 0;
        ck_assert_int_eq(qv_num_parse_i64(cases[i].text, strlen(cases[i].text), cases[i].base, &v),
                         cases[i].result);
        if (cases[i].result == 1) {
            ck_assert_int_eq(v, cases[i].value);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base/numtext");
    TCase *tests = tcase_create("numtext");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_repr_fixed);
    tcase_add_test(tests, test_repr_random);
    tcase_add_test(tests, test_format_random);
    tcase_add_test(tests, test_format_flags);
    tcase_add_test(tests, test_scan_random);
    tcase_add_test(tests, test_scan_fixed);
    tcase_add_test(tests, test_integers);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
