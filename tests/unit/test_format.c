// SPDX-License-Identifier: MIT
// Unit tests of the format functions and of the field scanner that _string shares.
#include "tests/unit/_interp.h"

#include "object/bytes.h"
#include "object/float.h"
#include "object/format.h"

static void check_int(int64_t v, const char *spec, const char *expected)
{
    QvObj *o = num(v), *s = text(spec);
    expect_text_take(qv_format_int(qi, o, s), expected);
    qv_decref(qi, o);
    qv_decref(qi, s);
}

static void check_float(double v, const char *spec, const char *expected)
{
    QvObj *o = qv_float_new(qi, v), *s = text(spec);
    expect_text_take(qv_format_float(qi, o, s), expected);
    qv_decref(qi, o);
    qv_decref(qi, s);
}

START_TEST(test_numbers)
{
    check_int(1234567, ",", "1,234,567");
    check_int(-1234, "08,", "-001,234");
    check_int(1234, "010,", "00,001,234");
    check_int(255, "#_b", "0b1111_1111");
    check_int(INT64_MIN, "x", "-8000000000000000");
    check_int(65, "^5c", "  A  ");
    check_int(5, "\xC3\xA9>4",
              "\xC3\xA9\xC3\xA9\xC3\xA9"
              "5");
    check_float(1234.5678, "012,.2f", "0,001,234.57");
    check_float(-0.001, "z.1f", "0.0");
    check_float(0.5, ".0%", "50%");
    check_float(1e16, "", "1e+16");
    check_float(1.0, ".3", "1.0");
    expect_text_take(qv_float_repr(qi, 0.1), "0.1");
    QvObj *o = num(1), *s = text(".2");
    ck_assert_ptr_null(qv_format_int(qi, o, s));
    expect_error(&qv_exc_ValueError, "Precision not allowed in integer format specifier");
    qv_decref(qi, s);
    s = text("kk");
    ck_assert_ptr_null(qv_format_int(qi, o, s));
    expect_error(&qv_exc_ValueError, "Invalid format specifier 'kk' for object of type 'int'");
    qv_decref(qi, s);
    s = text("99999999999999999");
    ck_assert_ptr_null(qv_format_int(qi, o, s)); // checked before memory is asked for
    expect_error(&qv_exc_MemoryError, "");
    qv_decref(qi, s);
    qv_decref(qi, o);
}
END_TEST

START_TEST(test_scan)
{
    QvObj *s = text("a{{b}}{0.x[3]!r:>{w}}z");
    QvFormatScan scan = {.s = s, .pos = 0, .end = qv_str_len(s)};
    QvFormatPiece p;
    ck_assert_int_eq(qv_format_next(qi, &scan, &p), 1); // a{
    ck_assert_int_eq(p.literal_start, 0);
    ck_assert_int_eq(p.literal_end, 2);
    ck_assert(!p.field);
    ck_assert_int_eq(qv_format_next(qi, &scan, &p), 1); // b}
    ck_assert_int_eq(p.literal_end - p.literal_start, 2);
    ck_assert_int_eq(qv_format_next(qi, &scan, &p), 1); // the field
    ck_assert(p.field && p.nested);
    ck_assert_int_eq((int)p.conversion, 'r');
    ck_assert_int_eq(p.spec_end - p.spec_start, 4);
    QvSsize first_end, index, start, end;
    QvFormatScan rest;
    ck_assert_int_eq(
        qv_format_name_first(qi, s, p.name_start, p.name_end, &first_end, &index, &rest), 0);
    ck_assert_int_eq(index, 0);
    bool attribute;
    ck_assert_int_eq(qv_format_name_next(qi, &rest, &attribute, &start, &end, &index), 1);
    ck_assert(attribute && end - start == 1);
    ck_assert_int_eq(qv_format_name_next(qi, &rest, &attribute, &start, &end, &index), 1);
    ck_assert(!attribute);
    ck_assert_int_eq(index, 3);
    ck_assert_int_eq(qv_format_name_next(qi, &rest, &attribute, &start, &end, &index), 0);
    ck_assert_int_eq(qv_format_next(qi, &scan, &p), 1); // z
    ck_assert_int_eq(qv_format_next(qi, &scan, &p), 0);
    qv_decref(qi, s);
}
END_TEST

START_TEST(test_percent)
{
    QvObj *fmt = text("%s=%05d|%-6.2f|%#x|%c|%%");
    QvObj *values[] = {text("k"), num(-42), qv_float_new(qi, 3.14159), num(255), num(0x1F600)};
    QvObj *args = qv_tuple_from_array_take(qi, values, 5);
    expect_text_take(qv_str_percent(qi, fmt, args), "k=-0042|3.14  |0xff|\xF0\x9F\x98\x80|%");
    qv_decref(qi, fmt);
    fmt = text("%s");
    ck_assert_ptr_null(qv_str_percent(qi, fmt, args));
    expect_error(&qv_exc_TypeError, "not all arguments converted during string formatting");
    qv_decref(qi, fmt);
    qv_decref(qi, args);
    QvObj *five = num(5);
    QvObj *bytes = qv_bytes_percent(qi, (const uint8_t *)"<%03d>", 6, five, false);
    expect_repr_take(bytes, "b'<005>'");
    bytes = qv_bytes_percent(qi, (const uint8_t *)"<%r>", 4, five, true);
    expect_repr_take(bytes, "bytearray(b'<5>')");
    qv_decref(qi, five);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, test_numbers);
    tcase_add_test(tests, test_scan);
    tcase_add_test(tests, test_percent);
}

int main(void)
{
    void (*const cases[])(TCase *) = {add};
    return run_cases("format", cases, 1);
}
