// SPDX-License-Identifier: MIT
// Unit tests of object/str.h: creation, interning, search, growth, the builder, utf-8 views.
#include <stdio.h>

#include "object/interp.h"
#include "object/names.h"
#include "object/str_units.h"

#include "tests/unit/_interp.h" // last: its `qi` is a name that inline functions use

START_TEST(test_creation)
{
    ck_assert_ptr_eq(qv_str_new_ascii(qi, "", 0), QV_N(empty));
    ck_assert_ptr_eq(qv_str_alloc(qi, 0, 0x7F), QV_N(empty));
    QvObj *a = qv_str_from_char(qi, 0xE9);
    QvObj *b = qv_str_new_utf8(qi, "\xC3\xA9", 2);
    ck_assert_ptr_eq(a, b);
    ck_assert(!qv_str_is_ascii(a));
    ck_assert_int_eq(qv_str_kind(a), QV_STR_1);
    qv_decref(qi, a);
    qv_decref(qi, b);
    const uint32_t wide[] = {'a', 'b', 'c'};
    QvObj *s = qv_str_new_ucs4(qi, wide, 3);
    ck_assert_int_eq(qv_str_kind(s), QV_STR_1);
    ck_assert(qv_str_is_ascii(s));
    ck_assert(qv_str_eq_ascii(s, "abc"));
    ck_assert(!qv_str_eq_ascii(s, "abcd"));
    expect_text_take(s, "abc");
    const uint16_t two[] = {'a', 0x1234};
    s = qv_str_new_ucs2(qi, two, 2);
    ck_assert_int_eq(qv_str_kind(s), QV_STR_2);
    ck_assert_int_eq((int)qv_str_read(s, 1), 0x1234);
    QvObj *tail = qv_str_slice(qi, s, 0, 1);
    ck_assert(qv_str_is_ascii(tail));
    qv_decref(qi, tail);
    QvObj *all = qv_str_slice(qi, s, -5, 50);
    ck_assert_ptr_eq(all, s);
    qv_decref(qi, all);
    qv_decref(qi, s);
    ck_assert_ptr_null(qv_str_new_utf8(qi, "a\xFF", 2));
    expect_error(&qv_exc_UnicodeDecodeError,
                 "'utf-8' codec can't decode byte 0xff in position 1: invalid start byte");
    s = qv_str_new_cstr(qi, "a\xFF"); // surrogateescape
    ck_assert_int_eq((int)qv_str_read(s, 1), 0xDCFF);
    qv_decref(qi, s);
    ck_assert_ptr_null(qv_str_alloc(qi, PTRDIFF_MAX / 2, 0x7F));
    expect_error(&qv_exc_MemoryError, "");
}
END_TEST

START_TEST(test_intern)
{
    QvObj *a = qv_str_intern_cstr(qi, "append");
    ck_assert_ptr_eq(a, QV_N(append));
    QvObj *b = text("some_new_name");
    QvObj *c = text("some_new_name");
    ck_assert_ptr_ne(b, c);
    uint32_t used = qi->strs.used;
    ck_assert_int_eq(qv_str_intern(qi, &b), 0);
    ck_assert_int_eq(qv_str_intern(qi, &c), 0);
    ck_assert_ptr_eq(b, c);
    ck_assert(qv_str_is_interned(b));
    ck_assert_uint_eq(qi->strs.used, used + 1);
    qv_decref(qi, b);
    qv_decref(qi, c);
    ck_assert_uint_eq(qi->strs.used, used); // the dead string has left the table
    // Many, dropped in another order than made: probe sequences stay whole.
    QvObj *many[500];
    char name[32];
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "interned_%d_\xC3\xA9", i);
        many[i] = qv_str_intern_cstr(qi, name);
    }
    for (int i = 0; i < 500; i += 3) {
        qv_clear(qi, &many[i]);
    }
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "interned_%d_\xC3\xA9", i);
        QvObj *again = qv_str_intern_cstr(qi, name);
        if (many[i] != NULL) {
            ck_assert_ptr_eq(again, many[i]);
        }
        qv_decref(qi, again);
    }
    for (int i = 0; i < 500; i++) {
        qv_clear(qi, &many[i]);
    }
    ck_assert_uint_eq(qi->strs.used, used);
}
END_TEST

START_TEST(test_compare_hash)
{
    QvObj *a = text("ab\xC3\xA9"), *b = text("ab\xC3\xA9"), *c = text("ab\xE1\x88\xB4");
    ck_assert(qv_str_equal(a, b));
    ck_assert_int_eq(qv_str_hash(a), qv_str_hash(b));
    ck_assert_int_eq(qv_str_compare(a, b), 0);
    ck_assert_int_eq(qv_str_compare(a, c), -1);
    ck_assert_int_eq(qv_str_compare(c, a), 1);
    ck_assert_int_eq(qv_str_hash(QV_N(empty)), 0);
    qv_decref(qi, a);
    qv_decref(qi, b);
    qv_decref(qi, c);
}
END_TEST

// A text of n characters below `letters`, of the kind that `base` needs.
static QvObj *random_text(unsigned *seed, QvSsize n, unsigned letters, uint32_t base)
{
    uint32_t units[300];
    for (QvSsize i = 0; i < n; i++) {
        *seed = *seed * 1103515245u + 12345u;
        units[i] = base + (*seed >> 16) % letters;
    }
    return qv_str_new_ucs4(qi, units, n);
}

static QvSsize naive_find(const QvObj *s, const QvObj *p, bool back)
{
    QvSsize n = qv_str_len(s), m = qv_str_len(p), found = -1;
    for (QvSsize i = 0; i + m <= n; i++) {
        QvSsize k = 0;
        while (k < m && qv_str_read(s, i + k) == qv_str_read(p, k)) {
            k++;
        }
        if (k == m) {
            found = i;
            if (!back) {
                return i;
            }
        }
    }
    return found;
}

START_TEST(test_search)
{
    static const uint32_t bases[] = {'a', 0x1234, 0x1F600};
    unsigned seed = 42;
    for (int round = 0; round < 3000; round++) {
        uint32_t base = bases[round % 3];
        unsigned letters = 1 + (unsigned)round % 3;
        QvObj *s = random_text(&seed, 50 + round % 200, letters, base);
        QvObj *p = random_text(&seed, 1 + round % 37, letters, base);
        ck_assert_int_eq(qv_str_find(s, p, 0, PTRDIFF_MAX), naive_find(s, p, false));
        ck_assert_int_eq(qv_str_rfind(s, p, 0, PTRDIFF_MAX), naive_find(s, p, true));
        // A piece of the text itself is found at or before its place.
        QvSsize start = round % 40;
        QvObj *piece = qv_str_slice(qi, s, start, start + 10);
        ck_assert_int_eq(qv_str_find(s, piece, 0, PTRDIFF_MAX), naive_find(s, piece, false));
        ck_assert_int_eq(qv_str_rfind(s, piece, 0, PTRDIFF_MAX), naive_find(s, piece, true));
        qv_decref(qi, piece);
        qv_decref(qi, s);
        qv_decref(qi, p);
    }
    QvObj *s = text("abcabc"), *p = text("c"), *q = text("\xE1\x88\xB4");
    ck_assert_int_eq(qv_str_find(s, p, 3, 100), 5);
    ck_assert_int_eq(qv_str_find(s, p, -2, PTRDIFF_MAX), 5);
    ck_assert_int_eq(qv_str_find(s, p, 0, 2), -1);
    ck_assert_int_eq(qv_str_find(s, q, 0, 6), -1);
    ck_assert_int_eq(qv_str_find(s, QV_N(empty), 6, 6), 6);
    ck_assert_int_eq(qv_str_find(s, QV_N(empty), 7, 7), -1);
    ck_assert_int_eq(qv_str_rfind(s, QV_N(empty), 0, 6), 6);
    qv_decref(qi, s);
    qv_decref(qi, p);
    qv_decref(qi, q);
}
END_TEST

START_TEST(test_append)
{
    QvObj *s = text("start:");
    QvObj *more = text("0123456789");
    QvObj *wide = text("\xE1\x88\xB4");
    int moved = 0;
    for (int i = 0; i < 2000; i++) {
        QvObj *before = s;
        ck_assert_int_eq(qv_str_append(qi, &s, more), 0);
        moved += before != s;
    }
    ck_assert_int_eq(qv_str_len(s), 6 + 20000);
    ck_assert_int_lt(moved, 60); // geometric growth
    QvHash hash = qv_str_hash(s);
    ck_assert_int_eq(qv_str_append(qi, &s, more), 0);
    ck_assert_int_ne(qv_str_hash(s), hash);
    QvObj *other = qv_new_ref(qi, s); // shared: the other keeps its text
    ck_assert_int_eq(qv_str_append(qi, &s, more), 0);
    ck_assert_ptr_ne(s, other);
    ck_assert_int_eq(qv_str_len(other) + 10, qv_str_len(s));
    qv_decref(qi, other);
    ck_assert_int_eq(qv_str_append(qi, &s, wide), 0);
    ck_assert_int_eq(qv_str_kind(s), QV_STR_2);
    ck_assert_int_eq(qv_str_append(qi, &s, more), 0);
    ck_assert_int_eq((int)qv_str_read(s, qv_str_len(s) - 11), 0x1234);
    ck_assert_int_eq((int)qv_str_read(s, qv_str_len(s)), 0); // still terminated
    QvObj *name = qv_str_intern_cstr(qi, "an_interned_one"); // never changed in place
    QvObj *grown = name;
    ck_assert_int_eq(qv_str_append(qi, &grown, more), 0);
    ck_assert(!qv_str_is_interned(grown));
    qv_decref(qi, grown);
    QvObj *ascii = text("abc"); // Latin-1 stays in place but is no longer ASCII
    QvObj *accent = text("\xC3\xA9");
    ck_assert_int_eq(qv_str_append(qi, &ascii, accent), 0);
    ck_assert(!qv_str_is_ascii(ascii));
    expect_text_take(ascii, "abc\xC3\xA9");
    qv_decref(qi, accent);
    qv_decref(qi, s);
    qv_decref(qi, more);
    qv_decref(qi, wide);
}
END_TEST

START_TEST(test_join_repeat)
{
    QvObj *items[] = {text("a"), text("\xC3\xA9"), text("\xF0\x9F\x98\x80")};
    expect_text_take(qv_str_join_array(qi, items, 3), "a\xC3\xA9\xF0\x9F\x98\x80");
    ck_assert_ptr_eq(qv_str_join_array(qi, items, 0), QV_N(empty));
    QvObj *list = qv_list_from_array(qi, items, 3);
    QvObj *sep = text(", ");
    expect_text_take(qv_str_join(qi, sep, list), "a, \xC3\xA9, \xF0\x9F\x98\x80");
    ck_assert_ptr_null(qv_str_join(qi, sep, QV_NONE));
    expect_error(&qv_exc_TypeError, "can only join an iterable");
    ck_assert_int_eq(qv_list_append_take(qi, list, num(5)), 0);
    ck_assert_ptr_null(qv_str_join(qi, sep, list));
    expect_error(&qv_exc_TypeError, "sequence item 3: expected str instance, int found");
    expect_text_take(qv_str_type.repeat(qi, sep, 3), ", , , ");
    ck_assert_ptr_eq(qv_str_type.repeat(qi, sep, -1), QV_N(empty));
    ck_assert_ptr_null(qv_str_type.repeat(qi, sep, PTRDIFF_MAX / 2 + 1));
    expect_error(&qv_exc_OverflowError, "repeated string is too long");
    ck_assert_ptr_null(qv_str_type.repeat(qi, sep, PTRDIFF_MAX / 4));
    expect_error(&qv_exc_MemoryError, "");
    QvObj *big = qv_str_type.repeat(qi, items[0], 20000000); // several polled pieces
    ck_assert_int_eq(qv_str_len(big), 20000000);
    ck_assert_int_eq((int)qv_str_read(big, 19999999), 'a');
    qv_decref(qi, big);
    qv_decref(qi, list);
    qv_decref(qi, sep);
    for (int i = 0; i < 3; i++) {
        qv_decref(qi, items[i]);
    }
}
END_TEST

START_TEST(test_builder)
{
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    ck_assert_ptr_eq(qv_strbuf_finish(&b), QV_N(empty));
    qv_strbuf_init(qi, &b);
    for (int i = 0; i < 100; i++) {
        qv_strbuf_char(&b, 'x');
    }
    qv_strbuf_cstr(&b, "yz");
    qv_strbuf_char(&b, 0x1F600);
    qv_strbuf_fill(&b, '-', 3);
    QvObj *s = qv_strbuf_finish(&b);
    ck_assert_int_eq(qv_str_len(s), 106);
    ck_assert_int_eq(qv_str_kind(s), QV_STR_4);
    qv_strbuf_init(qi, &b);
    qv_strbuf_slice(&b, s, 98, 102);
    qv_strbuf_slice(&b, s, 5, 5);
    QvObj *part = qv_strbuf_finish(&b);
    ck_assert(qv_str_is_ascii(part)); // narrowed
    expect_text_take(part, "xxyz");
    qv_decref(qi, s);
    qv_strbuf_init(qi, &b);
    qv_strbuf_fill(&b, 'x', PTRDIFF_MAX / 3); // fails, sticks
    qv_strbuf_char(&b, 'y');
    ck_assert_ptr_null(qv_strbuf_finish(&b));
    expect_error(&qv_exc_MemoryError, "");
}
END_TEST

START_TEST(test_utf8_views)
{
    QvUtf8 u;
    QvObj *s = text("plain");
    ck_assert_int_eq(qv_str_utf8(qi, s, &u), 0);
    ck_assert_ptr_eq(u.s, qv_str_data(s));
    qv_utf8_release(qi, &u);
    qv_decref(qi, s);
    const uint32_t mixed[] = {'a', 0xDCFF, 0xE9, 0xDC80};
    s = qv_str_new_ucs4(qi, mixed, 4);
    ck_assert_int_eq(qv_str_utf8(qi, s, &u), -1);
    expect_error(&qv_exc_UnicodeEncodeError,
                 "'utf-8' codec can't encode character '\\udcff' in position 1: surrogates not "
                 "allowed");
    ck_assert_int_eq(qv_str_utf8_surrogates(qi, s, &u, true), 0);
    ck_assert_int_eq(u.n, 5);
    ck_assert_str_eq(u.s, "a\xFF\xC3\xA9\x80");
    qv_utf8_release(qi, &u);
    ck_assert_int_eq(qv_str_utf8_surrogates(qi, s, &u, false), 0);
    ck_assert_str_eq(u.s, "a\xED\xB3\xBF\xC3\xA9\xED\xB2\x80");
    qv_utf8_release(qi, &u);
    qv_decref(qi, s);
    QvObj *path = qv_str_fsdecode(qi, "dir/\xFFname");
    ck_assert_int_eq(qv_fspath_utf8(qi, path, &u), 0);
    ck_assert_str_eq(u.s, "dir/\xFFname");
    qv_utf8_release(qi, &u);
    qv_decref(qi, path);
    s = qv_str_new_ascii(qi, "a\0b", 3);
    ck_assert_int_eq(qv_fspath_utf8(qi, s, &u), -1);
    expect_error(&qv_exc_ValueError, "embedded null byte");
    qv_decref(qi, s);
    ck_assert_int_eq(qv_fspath_utf8(qi, QV_NONE, &u), -1);
    expect_error(&qv_exc_TypeError, "expected str, bytes or os.PathLike object, not NoneType");
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, test_creation);
    tcase_add_test(tests, test_intern);
    tcase_add_test(tests, test_compare_hash);
    tcase_add_test(tests, test_search);
    tcase_add_test(tests, test_append);
    tcase_add_test(tests, test_join_repeat);
    tcase_add_test(tests, test_builder);
    tcase_add_test(tests, test_utf8_views);
}

int main(void)
{
    void (*const cases[])(TCase *) = {add};
    return run_cases("str", cases, 1);
}
