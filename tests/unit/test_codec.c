// SPDX-License-Identifier: MIT
// Unit tests of object/codec.h: incremental decoding, byte order marks, the error handlers as
// functions.
#include "tests/unit/_interp.h"

#include "object/bytes.h"
#include "object/codec.h"

static QvObj *utf8(const char *s)
{
    return qv_str_decode(qi, s, (QvSsize)strlen(s), "utf-8", NULL);
}

static void expect_bytes_take(QvObj *b, const char *expected, QvSsize n)
{
    ck_assert_ptr_nonnull(b);
    ck_assert_int_eq(qv_bytes_len(b), n);
    ck_assert_int_eq(memcmp(qv_bytes_data(b), expected, (size_t)n), 0);
    qv_decref(qi, b);
}

START_TEST(test_incremental)
{
    // Every split of a text gives the same characters.
    const char all[] = "a\xC3\xA9\xE1\x88\xB4\xF0\x9F\x98\x80z";
    QvSsize n = (QvSsize)strlen(all);
    QvObj *whole = utf8(all);
    for (QvSsize cut = 0; cut <= n; cut++) {
        QvSsize used;
        QvObj *head = qv_codec_utf8_decode(qi, all, cut, NULL, &used);
        ck_assert_ptr_nonnull(head);
        ck_assert_int_le(used, cut);
        QvObj *tail = qv_codec_utf8_decode(qi, all + used, n - used, NULL, NULL);
        QvObj *both = qv_str_concat(qi, head, tail);
        ck_assert(qv_str_equal(both, whole));
        qv_decref(qi, head);
        qv_decref(qi, tail);
        qv_decref(qi, both);
    }
    QvObj *wide = qv_codec_utf16_encode(qi, whole, NULL, -1);
    for (QvSsize cut = 0; cut <= qv_bytes_len(wide); cut++) {
        QvSsize used;
        int order = -1;
        QvObj *head = qv_codec_utf16_decode(qi, qv_bytes_data(wide), cut, NULL, &order, &used);
        ck_assert_ptr_nonnull(head);
        ck_assert_int_eq(used % 2, 0);
        ck_assert_int_gt(used, cut - 4);
        qv_decref(qi, head);
    }
    qv_decref(qi, wide);
    qv_decref(qi, whole);
    QvSsize used;
    expect_text_take(qv_codec_unicode_escape_decode(qi, "ab\\x4", 5, NULL, true, &used), "ab");
    ck_assert_int_eq(used, 2);
    expect_text_take(qv_codec_raw_unicode_escape_decode(qi, "a\\u12", 5, NULL, &used), "a");
    ck_assert_int_eq(used, 1);
}
END_TEST

START_TEST(test_byteorder)
{
    int order = 0;
    expect_text_take(qv_codec_utf16_decode(qi, "\xFE\xFF\0a", 4, NULL, &order, NULL), "a");
    ck_assert_int_eq(order, 1);
    order = 0;
    expect_text_take(qv_codec_utf16_decode(qi,
                                           "\xFF\xFE"
                                           "a\0",
                                           4, NULL, &order, NULL),
                     "a");
    ck_assert_int_eq(order, -1);
    order = 0;
    expect_text_take(qv_codec_utf32_decode(qi, "\0\0\xFE\xFF\0\0\0a", 8, NULL, &order, NULL), "a");
    ck_assert_int_eq(order, 1);
    QvObj *s = utf8("a");
    expect_bytes_take(qv_codec_utf16_encode(qi, s, NULL, 0),
                      "\xFF\xFE"
                      "a\0",
                      4);
    expect_bytes_take(qv_codec_utf16_encode(qi, s, NULL, 1), "\0a", 2);
    expect_bytes_take(qv_codec_utf32_encode(qi, s, NULL, -1), "a\0\0\0", 4);
    qv_decref(qi, s);
}
END_TEST

START_TEST(test_names)
{
    QvObj *s = utf8("\xC3\xA9");
    static const char *const latin[] = {"latin-1", "Latin 1", "ISO-8859-1", "iso8859_1", "L1"};
    for (size_t i = 0; i < sizeof latin / sizeof latin[0]; i++) {
        expect_bytes_take(qv_str_encode(qi, s, latin[i], NULL), "\xE9", 1);
    }
    expect_bytes_take(qv_str_encode(qi, s, NULL, NULL), "\xC3\xA9", 2);
    expect_bytes_take(qv_str_encode(qi, s, "utf-8-sig", NULL), "\xEF\xBB\xBF\xC3\xA9", 5);
    ck_assert_ptr_null(qv_str_encode(qi, s, "ascii", NULL));
    expect_error(&qv_exc_UnicodeEncodeError,
                 "'ascii' codec can't encode character '\\xe9' in position 0: ordinal not in "
                 "range(128)");
    qv_decref(qi, s);
}
END_TEST

START_TEST(test_handlers)
{
    ck_assert(qv_codec_is_handler("strict"));
    ck_assert(qv_codec_is_handler("surrogatepass"));
    ck_assert(!qv_codec_is_handler("mine"));
    QvObj *object = utf8("ab\xE1\x88\xB4");
    QvObj *args[] = {text("x"), object, num(2), num(3), text("reason")};
    QvObj *exc = qv_call(qi, (QvObj *)&qv_exc_UnicodeEncodeError, args, 5, NULL);
    expect_repr_take(qv_codec_handle(qi, "replace", exc), "('?', 3)");
    expect_repr_take(qv_codec_handle(qi, "ignore", exc), "('', 3)");
    expect_repr_take(qv_codec_handle(qi, "xmlcharrefreplace", exc), "('&#4660;', 3)");
    expect_repr_take(qv_codec_handle(qi, "backslashreplace", exc), "('\\\\u1234', 3)");
    ck_assert_ptr_null(qv_codec_handle(qi, "strict", exc));
    expect_error(&qv_exc_UnicodeEncodeError,
                 "'x' codec can't encode character '\\u1234' in position 2: reason");
    ck_assert_ptr_null(qv_codec_handle(qi, "surrogateescape", exc));
    qv_err_clear(qi);
    ck_assert_ptr_null(qv_codec_handle(qi, "replace", QV_NONE));
    expect_error(&qv_exc_TypeError, "don't know how to handle NoneType in error callback");
    qv_decref(qi, exc);
    for (int i = 0; i < 5; i++) {
        qv_decref(qi, args[i]);
    }
}
END_TEST

START_TEST(test_charmap)
{
    QvObj *table = utf8("xyz\xEF\xBF\xBE"); // fourth is U+FFFE: undefined
    expect_text_take(qv_codec_charmap_decode(qi, "\2\1\0", 3, table, NULL), "zyx");
    expect_text_take(qv_codec_charmap_decode(qi, "\3\0\7", 3, table, "ignore"), "x");
    ck_assert_ptr_null(qv_codec_charmap_decode(qi, "\0\3", 2, table, NULL));
    expect_error(&qv_exc_UnicodeDecodeError,
                 "'charmap' codec can't decode byte 0x03 in position 1: character maps to "
                 "<undefined>");
    qv_decref(qi, table);
    QvObj *map = qv_dict_new(qi);
    QvObj *key = num('a'), *value = num(200);
    ck_assert_int_eq(qv_dict_set(qi, map, key, value), 0);
    QvObj *s = text("aa");
    expect_bytes_take(qv_codec_charmap_encode(qi, s, map, NULL), "\xC8\xC8", 2);
    qv_decref(qi, s);
    s = text("ab");
    expect_bytes_take(qv_codec_charmap_encode(qi, s, map, "ignore"), "\xC8", 1);
    ck_assert_ptr_null(qv_codec_charmap_encode(qi, s, map, "replace")); // '?' is not in the map
    expect_error(&qv_exc_UnicodeEncodeError,
                 "'charmap' codec can't encode character '\\x62' in position 1: character maps "
                 "to <undefined>");
    qv_decref(qi, s);
    qv_decref(qi, key);
    qv_decref(qi, value);
    qv_decref(qi, map);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, test_incremental);
    tcase_add_test(tests, test_byteorder);
    tcase_add_test(tests, test_names);
    tcase_add_test(tests, test_handlers);
    tcase_add_test(tests, test_charmap);
}

int main(void)
{
    void (*const cases[])(TCase *) = {add};
    return run_cases("codec", cases, 1);
}
