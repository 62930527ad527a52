// SPDX-License-Identifier: MIT
// float and complex from C: rounding of scaled integers, comparison with ints, parsing, powers.
#include <math.h>

#include "object/float.h"
#include "object/int_internal.h"

#include "_python.h"

START_TEST(test_round_double)
{
    ck_assert(qv_round_double(0, false, 50) == 0.0);
    ck_assert(qv_round_double(1, false, -1074) == 0x1p-1074);
    ck_assert(qv_round_double(1, false, -1075) == 0.0); // half of the least: to even
    ck_assert(qv_round_double(UINT64_C(1) << 63, true, -1075 - 63) == 0x1p-1074);
    ck_assert(qv_round_double(3, false, -1075) == 0x1p-1073);
    ck_assert(qv_round_double((UINT64_C(1) << 53) + 1, false, 0) == 0x1p53);
    ck_assert(qv_round_double((UINT64_C(1) << 53) + 3, false, 0) == 0x1p53 + 4);
    ck_assert(qv_round_double(UINT64_MAX, false, 0) == 0x1p64);
    ck_assert(qv_round_double((UINT64_C(1) << 63) + (1 << 10), false, 0) == 0x1p63);
    ck_assert(qv_round_double((UINT64_C(1) << 63) + (1 << 10), true, 0) == 0x1p63 + 0x1p11);
    ck_assert(qv_round_double(0x1FFFFFFFFFFFFF, false, 971) == 0x1.fffffffffffffp1023);
    ck_assert(isinf(qv_round_double(0x3FFFFFFFFFFFFF, false, 970)));
    ck_assert(isinf(qv_round_double(1, false, 1024)));
    ck_assert(isinf(qv_round_double(1, false, INT64_MAX / 2)));
    ck_assert(qv_round_double(1, false, INT64_MIN / 2) == 0.0);
}
END_TEST

START_TEST(test_compare)
{
    QvObj *o = num(INT64_MAX);
    ck_assert_int_eq(qv_int_compare_double(o, 0x1p63), -1);
    ck_assert_int_eq(qv_int_compare_double(o, 0x1.fffffffffffffp62), 1);
    qv_decref(qi, o);
    o = num(INT64_MIN);
    ck_assert_int_eq(qv_int_compare_double(o, -0x1p63), 0);
    ck_assert_int_eq(qv_int_compare_double(o, -0x1.0000000000001p63), 1);
    qv_decref(qi, o);
    ck_assert_int_eq(qv_int_compare_double(num(3), 3.5), -1);
    ck_assert_int_eq(qv_int_compare_double(num(-3), -3.5), 1);
    ck_assert_int_eq(qv_int_compare_double(num(0), -0.0), 0);
    ck_assert_int_eq(qv_int_compare_double(num(0), INFINITY), -1);
    uint64_t limbs[QV_DOUBLE_LIMBS];
    ck_assert_int_eq(qv_double_limbs(0x1.fffffffffffffp1023, limbs), 16);
    ck_assert_uint_eq(limbs[15], 0xFFFFFFFFFFFFF800);
    ck_assert_int_eq(qv_double_limbs(-0x1p64, limbs), 2);
    ck_assert_uint_eq(limbs[1], 1);
    ck_assert_int_eq(qv_double_limbs(0.9, limbs), 0);
}
END_TEST

START_TEST(test_parse)
{
    expect_repr_take(qv_float_parse(qi, " 1_0.5 ", 7, NULL), "10.5");
    ck_assert_ptr_null(qv_float_parse(qi, "1x", 2, NULL));
    expect_error(&qv_exc_ValueError, "could not convert string to float: '1x'");
    ck_assert_ptr_null(qv_float_parse(qi, "1_", 2, QV_TRUE));
    expect_error(&qv_exc_ValueError, "could not convert string to float: True");
}
END_TEST

START_TEST(test_pow_divmod)
{
    double q, r;
    ck_assert_int_eq(qv_float_divmod(qi, -7.5, 2, &q, &r), 0);
    ck_assert(q == -4.0 && r == 0.5);
    ck_assert_int_eq(qv_float_divmod(qi, 1, 0, &q, &r), -1);
    expect_error(&qv_exc_ZeroDivisionError, "float divmod()");
    expect_repr_take(qv_float_pow(qi, 2, -1), "0.5");
    expect_repr_take(qv_float_pow(qi, -2, 3), "-8.0");
    QvObj *c = qv_float_pow(qi, -4, 0.5);
    ck_assert(c && qv_is_complex(c));
    qv_decref(qi, c);
    ck_assert_ptr_null(qv_float_pow(qi, 10, 400));
    expect_error(&qv_exc_OverflowError, "(34, 'Numerical result out of range')");
    ck_assert_ptr_null(qv_float_pow(qi, 0, -1));
    expect_error(&qv_exc_ZeroDivisionError, "0.0 cannot be raised to a negative power");
    ck_assert_ptr_null(qv_complex_pow(qi, 0, 0, -1, 0));
    expect_error(&qv_exc_ZeroDivisionError, "0.0 to a negative or complex power");
}
END_TEST

// Objects of subclasses have their value and their attributes, and leave nothing behind.
START_TEST(test_subclasses)
{
    expect_result(
        "class F(float): pass\nclass C(complex): pass\nclass I(int): pass\n"
        "l = [F(1.5), C(1, 2), I(2**70), I(3)]\n"
        "for i, o in enumerate(l): o.n = i; o.me = o\n"
        "r = l, [o.n for o in l], [type(o + 1).__name__ for o in l], [o.me is o for o in l]",
        "([1.5, (1+2j), 1180591620717411303424, 3], [0, 1, 2, 3], ['float', 'complex', 'int', "
        "'int'], "
        "[True, True, True, True])");
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, test_round_double);
    tcase_add_test(tests, test_compare);
    tcase_add_test(tests, test_parse);
    tcase_add_test(tests, test_pow_divmod);
    tcase_add_test(tests, test_subclasses);
}

int main(void)
{
    void (*cases[])(TCase *) = {add};
    return run_cases("float", cases, 1);
}
