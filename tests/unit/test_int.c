// SPDX-License-Identifier: MIT
// int from C: canonical form, conversions, long texts, polls, memory limits and failing
// allocations.
#include "object/int_internal.h"

#include "_python.h"

// The int that decimal text says.
static QvObj *dec(const char *s)
{
    bool negative = *s == '-';
    QvObj *o = qv_int_from_text(qi, s + negative, (QvSsize)strlen(s) - negative, 10);
    ck_assert_ptr_nonnull(o);
    if (negative) {
        QvObj *n = qv_int_neg(qi, o);
        qv_decref(qi, o);
        o = n;
    }
    return o;
}

START_TEST(test_form)
{
    static const struct {
        const char *text;
        bool small;
    } rows[] = {
        {"0", true},
        {"1024", true},
        {"-9223372036854775808", true},
        {"9223372036854775807", true},
        {"9223372036854775808", false},
        {"-9223372036854775809", false},
        {"18446744073709551615", false},
        {"18446744073709551616", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        QvObj *o = dec(rows[i].text);
        ck_assert_int_eq(qv_int_is_small(o), rows[i].small);
        ck_assert_ptr_eq(o->type, rows[i].small ? &qv_int_type : &qv_bigint_type);
        ck_assert_ptr_eq(qv_type_of(o), &qv_int_type);
        ck_assert(qv_is_int(o) && qv_is_int_exact(o));
        expect_repr_take(o, rows[i].text);
    }
    // Results come back to the inline form.
    QvObj *big = dec("9223372036854775808");
    QvObj *one = num(1);
    QvObj *r = qv_int_sub(qi, big, one);
    ck_assert_ptr_eq(r->type, &qv_int_type);
    ck_assert_int_eq(qv_int_value(r), INT64_MAX);
    qv_decref(qi, r);
    r = qv_int_neg(qi, big);
    ck_assert_ptr_eq(r->type, &qv_int_type);
    ck_assert_int_eq(qv_int_value(r), INT64_MIN);
    qv_decref(qi, r);
    qv_decref(qi, big);
    const uint64_t limbs[] = {5, 0, 0};
    ck_assert_ptr_eq(qv_int_from_limbs(qi, limbs, 3, -1), num(-5));
    ck_assert_ptr_eq(qv_int_from_limbs(qi, limbs, 0, 1), num(0));
    ck_assert(qv_is_immortal(num(QV_SMALL_INT_MAX)) && qv_is_immortal(num(QV_SMALL_INT_MIN)));
}
END_TEST

START_TEST(test_to_c)
{
    int64_t v;
    uint64_t u;
    QvSsize n;
    double d;
    QvObj *big = dec("-18446744073709551617");
    ck_assert_int_eq(qv_int_as_i64(big, &v), 0);
    ck_assert_int_eq(v, INT64_MIN);
    ck_assert_int_eq(qv_int_sign(big), -1);
    ck_assert_uint_eq(qv_int_as_u64_mask(big), UINT64_MAX);
    ck_assert_uint_eq(qv_int_bit_length(big), 65);
    ck_assert_int_eq(qv_int_to_double(qi, big, &d), 0);
    ck_assert(d == -18446744073709551616.0);
    ck_assert_int_eq(qv_int_to_i64(qi, big, &v), -1);
    expect_error(&qv_exc_OverflowError, "Python int too large to convert to C long");
    ck_assert_int_eq(qv_int_to_ssize(qi, big, &n), -1);
    expect_error(&qv_exc_OverflowError, "Python int too large to convert to C ssize_t");
    ck_assert_int_eq(qv_int_to_u64(qi, big, &u), -1);
    expect_error(&qv_exc_OverflowError, "can't convert negative value to unsigned int");
    qv_decref(qi, big);
    big = dec("18446744073709551616");
    ck_assert_int_eq(qv_int_to_u64(qi, big, &u), -1);
    expect_error(&qv_exc_OverflowError, "Python int too large to convert to C unsigned long");
    qv_decref(qi, big);
    big = dec("18446744073709551615");
    ck_assert_int_eq(qv_int_to_u64(qi, big, &u), 0);
    ck_assert_uint_eq(u, UINT64_MAX);
    qv_decref(qi, big);
    QvObj *s = text("x");
    ck_assert_int_eq(qv_int_to_i64(qi, s, &v), -1);
    expect_error(&qv_exc_TypeError, "'str' object cannot be interpreted as an integer");
    qv_decref(qi, s);
    ck_assert_int_eq(qv_int_to_i64(qi, QV_TRUE, &v), 0);
    ck_assert_int_eq(v, 1);
    ck_assert_ptr_eq(qv_int_exact(qi, QV_TRUE), num(1));
    expect_repr_take(qv_int_from_u64(qi, UINT64_MAX), "18446744073709551615");
    expect_repr_take(qv_int_from_double(qi, -1e20), "-100000000000000000000");
    expect_repr_take(qv_int_from_double(qi, 9223372036854775808.0), "9223372036854775808");
    expect_repr_take(qv_int_from_double(qi, -9223372036854775808.0), "-9223372036854775808");
}
END_TEST

START_TEST(test_bytes)
{
    uint8_t out[12];
    QvObj *o = dec("-18446744073709551617");
    ck_assert_int_eq(qv_int_to_bytes(qi, o, out, 12, true, true), 0);
    static const uint8_t expected[12] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                         0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF};
    ck_assert_mem_eq(out, expected, 12);
    QvObj *back = qv_int_from_bytes(qi, out, 12, true, true);
    ck_assert_int_eq(qv_int_compare(o, back), 0);
    qv_decref(qi, back);
    ck_assert_int_eq(qv_int_to_bytes(qi, o, out, 8, true, true), -1);
    expect_error(&qv_exc_OverflowError, "int too big to convert");
    ck_assert_int_eq(qv_int_to_bytes(qi, o, out, 12, true, false), -1);
    expect_error(&qv_exc_OverflowError, "can't convert negative int to unsigned");
    qv_decref(qi, o);
}
END_TEST

START_TEST(test_gcd)
{
    static const struct {
        const char *a, *b, *gcd;
    } rows[] = {
        {"0", "0", "0"},
        {"0", "-5", "5"},
        {"12", "-18", "6"},
        {"-9223372036854775808", "-9223372036854775808", "9223372036854775808"},
        {"0", "-100000000000000000000", "100000000000000000000"},
        {"340282366920938463463374607431768211456", "6", "2"},
        {"340282366920938463463374607431768211456", "18446744073709551616", "18446744073709551616"},
        {"-1000000000000000000000000000000", "1208925819614629174706176", "1073741824"},
        {"100000000000000000000000000000000000007", "100000000000000000000000000000000000009", "1"},
        {"369258147036925814703692581470369258147", "123086049012308604901230860490123086049",
         "123086049012308604901230860490123086049"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        QvObj *a = dec(rows[i].a), *b = dec(rows[i].b);
        expect_repr_take(qv_int_gcd(qi, a, b), rows[i].gcd);
        expect_repr_take(qv_int_gcd(qi, b, a), rows[i].gcd);
        qv_decref(qi, a);
        qv_decref(qi, b);
    }
}
END_TEST

// Texts so long that they are converted by parts.
START_TEST(test_long_text)
{
    qi->int_max_str_digits = -1;
    for (QvSsize n = 4000; n < 300000; n = n * 3 + 1) {
        char *digits = malloc((size_t)n);
        uint32_t state = (uint32_t)n;
        for (QvSsize i = 0; i < n; i++) {
            state = state * 1664525 + 1013904223;
            // With long runs of zeros and nines, for the padding and the carries.
            digits[i] = (char)('0' + ((i / 5000) % 3 == 1   ? 0
                                      : (i / 5000) % 3 == 2 ? 9
                                                            : state >> 24) %
                                         10);
        }
        digits[0] = '1';
        QvObj *o = qv_int_from_text(qi, digits, n, 10);
        ck_assert_ptr_nonnull(o);
        QvObj *s = qv_int_to_text(qi, o, 10, false);
        ck_assert_int_eq(qv_str_len(s), n);
        ck_assert_mem_eq(qv_str_data(s), digits, (size_t)n);
        qv_decref(qi, s);
        // The same value by way of another base.
        s = qv_int_to_text(qi, o, 7, false);
        QvObj *p = qv_int_from_text(qi, qv_str_data(s), qv_str_len(s), 7);
        ck_assert_int_eq(qv_int_compare(o, p), 0);
        qv_decref(qi, s);
        qv_decref(qi, p);
        s = qv_int_to_text(qi, o, 16, false);
        p = qv_int_from_text(qi, qv_str_data(s), qv_str_len(s), 16);
        ck_assert_int_eq(qv_int_compare(o, p), 0);
        qv_decref(qi, s);
        qv_decref(qi, p);
        qv_decref(qi, o);
        free(digits);
    }
    // Powers of ten: all low parts are zero, and one less: all nines.
    expect_result(
        "r = [(len(str(10**n)), len(str(10**n - 1)), int(str(10**n)) == 10**n) for n in (4095, "
        "4096, 4097, 8192, 16384, 40000)]",
        "[(4096, 4095, True), (4097, 4096, True), (4098, 4097, True), (8193, 8192, True), "
        "(16385, 16384, True), (40001, 40000, True)]");
    qi->int_max_str_digits = 0;
    expect_raise("str(10**5000)", &qv_exc_ValueError,
                 "Exceeds the limit (4300 digits) for integer string conversion; "
                 "use sys.set_int_max_str_digits() to increase the limit");
    qi->int_max_str_digits = 640;
    expect_raise(
        "int('1' * 641)", &qv_exc_ValueError,
        "Exceeds the limit (640 digits) for integer string conversion: value has 641 digits; "
        "use sys.set_int_max_str_digits() to increase the limit");
    expect_result("r = int('1' * 640) % 1000", "111");
    qi->int_max_str_digits = 0;
}
END_TEST

static int stopped;

static int stop_now(QvInterp *interp, uint32_t reasons)
{
    (void)reasons;
    stopped++;
    __atomic_fetch_and(&interp->poll, ~(uint32_t)QV_POLL_STOP, __ATOMIC_RELAXED);
    qv_raise(interp, &qv_exc_KeyboardInterrupt, "stop");
    return -1;
}

// The poll flag is seen inside one long operation.
START_TEST(test_polls)
{
    int (*safepoint)(QvInterp *, uint32_t) = qi->hooks.safepoint;
    qi->hooks.safepoint = stop_now;
    qi->int_max_str_digits = -1;
    QvObj *base = num(3), *e = num(2000000), *mod = dec("1000000000000000000000000000000000000007");
    QvObj *big = qv_int_pow(qi, base, e, QV_NONE);
    ck_assert_ptr_nonnull(big);
    QvObj *s = qv_int_to_text(qi, big, 10, false);
    ck_assert_ptr_nonnull(s);
    QvObj *results[5];
    for (int i = 0; i < 5; i++) {
        qv_poll_set(qi, QV_POLL_STOP);
        results[i] = i == 0   ? qv_int_pow(qi, base, e, QV_NONE)
                     : i == 1 ? qv_int_pow(qi, base, big, mod)
                     : i == 2 ? qv_int_to_text(qi, big, 10, false)
                     : i == 3 ? qv_int_from_text(qi, qv_str_data(s), qv_str_len(s), 10)
                              : qv_int_mul(qi, big, big);
        ck_assert_msg(results[i] == NULL, "operation %d did not stop", i);
        expect_error(&qv_exc_KeyboardInterrupt, "stop");
    }
    ck_assert_int_eq(stopped, 5);
    qv_decref(qi, big);
    qv_decref(qi, s);
    qv_decref(qi, e);
    qv_decref(qi, mod);
    qi->int_max_str_digits = 0;
    qi->hooks.safepoint = safepoint;
}
END_TEST

// What is too big fails before it is made.
START_TEST(test_memory)
{
    qv_heap_set_limit(&qi->heap, qi->heap.live + (64 << 20));
    static const char *const sources[] = {
        "1 << 10**15",
        "1 << (1 << 33)",
        "10 ** 10**12",
        "(10**100) ** 10**18",
        "2 ** 2**62",
        "2 ** 2**70",
        "(-7) ** (10**10)",
        "(1).to_bytes(10**12)",
        "x = 1 << 10**8\nx * x * x",
        "x = 1 << 10**8\npow(x + 1, x, x * x + 1)",
    };
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        expect_raise(sources[i], &qv_exc_MemoryError, "");
    }
    qv_heap_set_limit(&qi->heap, 0);
    expect_raise("1 << 10**20", &qv_exc_OverflowError, "too many digits in integer");
    expect_raise("1 << (1 << 63)", &qv_exc_OverflowError, "too many digits in integer");
    expect_result("r = 0 << 10**20, 5 >> 10**20, -5 >> 10**20, 1 ** 10**20, (-1) ** (10**20 + 1), "
                  "0 ** 10**20",
                  "(0, 0, -1, 1, -1, 0)");
}
END_TEST

#if QV_HEAP_CHECKED
// Every allocation of every operation fails once: an error, no leak, the same result afterwards.
START_TEST(test_failing_allocations)
{
    QvObj *a = dec("-123456789012345678901234567890123456789012345678901234567890");
    QvObj *b = dec("98765432109876543210987654321098765432109");
    QvObj *e = num(77), *n = num(130);
    for (int op = 0; op < 16; op++) {
        bool done = false;
        for (int64_t fail = 0; !done; fail++) {
            ck_assert_int_lt(fail, 1000);
            size_t live = qi->heap.live;
            qv_heap_fail_at(&qi->heap, fail, true);
            QvObj *r = op == 0    ? qv_int_add(qi, a, b)
                       : op == 1  ? qv_int_sub(qi, a, b)
                       : op == 2  ? qv_int_mul(qi, a, b)
                       : op == 3  ? qv_int_divmod(qi, a, b)
                       : op == 4  ? qv_int_truediv(qi, a, b)
                       : op == 5  ? qv_int_pow(qi, b, e, QV_NONE)
                       : op == 6  ? qv_int_pow(qi, a, b, b)
                       : op == 7  ? qv_int_pow(qi, a, n, b)
                       : op == 8  ? qv_int_lshift(qi, a, n)
                       : op == 9  ? qv_int_rshift(qi, a, e)
                       : op == 10 ? qv_int_xor(qi, a, b)
                       : op == 11 ? qv_int_gcd(qi, a, b)
                       : op == 12 ? qv_int_to_text(qi, a, 10, false)
                       : op == 13 ? qv_int_from_text(qi, "123456789012345678901234567890", 30, 10)
                       : op == 14 ? qv_int_floordiv(qi, a, b)
                                  : qv_int_mod(qi, a, b);
            done = qi->heap.fail_in >= 0;
            qv_heap_fail_at(&qi->heap, -1, false);
            if (r) {
                qv_decref(qi, r);
            } else {
                ck_assert(qv_err_matches(qi, &qv_exc_MemoryError));
                qv_err_clear(qi);
            }
            ck_assert_msg(qi->heap.live == live, "operation %d leaks when allocation %d fails", op,
                          (int)fail);
        }
    }
    qv_decref(qi, a);
    qv_decref(qi, b);
    qv_decref(qi, e);
    qv_decref(qi, n);
}
END_TEST
#endif

// GMP's algorithms change with the size: identities over all of them.
START_TEST(test_sizes)
{
    QvObj *one = num(1);
    for (int64_t bits = 64; bits < 4000000; bits = bits * 3 + 17) {
        QvObj *n = num(bits), *m = num(bits / 2 + 5);
        QvObj *p = qv_int_lshift(qi, one, n), *q = qv_int_lshift(qi, one, m);
        QvObj *a = qv_int_sub(qi, p, one), *b = qv_int_add(qi, q, one);
        QvObj *ab = qv_int_mul(qi, a, b), *quotient, *rest;
        ck_assert_ptr_nonnull(ab);
        QvObj *c = qv_int_add(qi, ab, one);
        ck_assert_int_eq(qv_int_divmod_parts(qi, c, b, &quotient, &rest), 0);
        ck_assert_int_eq(qv_int_compare(quotient, a), 0);
        ck_assert_int_eq(qv_int_compare(rest, one), 0);
        QvObj *square = qv_int_mul(qi, b, b), *two = num(2);
        QvObj *power = qv_int_pow(qi, b, two, QV_NONE);
        ck_assert_int_eq(qv_int_compare(square, power), 0);
        QvObj *g = qv_int_gcd(qi, ab, b);
        ck_assert_int_eq(qv_int_compare(g, b), 0);
        QvObj *const all[] = {n, m, p, q, a, b, ab, c, quotient, rest, square, power, g};
        for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
            qv_decref(qi, all[i]);
        }
    }
}
END_TEST

static void add(TCase *tests)
{
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_form);
    tcase_add_test(tests, test_to_c);
    tcase_add_test(tests, test_bytes);
    tcase_add_test(tests, test_gcd);
    tcase_add_test(tests, test_long_text);
    tcase_add_test(tests, test_polls);
    tcase_add_test(tests, test_memory);
#if QV_HEAP_CHECKED
    tcase_add_test(tests, test_failing_allocations);
#endif
    tcase_add_test(tests, test_sizes);
}

int main(void)
{
    void (*cases[])(TCase *) = {add};
    return run_cases("int", cases, 1);
}
