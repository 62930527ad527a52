// SPDX-License-Identifier: MIT
// What objects can do, from C: attributes, items, iteration, comparison, numbers, views.
#include <stdint.h>

#include "_check.h"

static void attributes(Quiver *q)
{
    run(q, "class A:\n    x = 1\n    @property\n    def bad(self): raise OSError('no')\na = A()\n");
    QuiverValue *a = eval(q, "a"), *one = quiver_int(q, 1);
    CHECK(quiver_has_attr(q, a, "x") == 1 && quiver_has_attr(q, a, "y") == 0);
    CHECK(quiver_has_attr(q, a, "bad") == -1);
    expect_error(q, "OSError", "no");
    CHECK(quiver_set_attr(q, a, "y", one) == 0 && quiver_del_attr(q, a, "y") == 0);
    CHECK(quiver_del_attr(q, a, "y") == -1);
    expect_error(q, "AttributeError", NULL);
    char *name;
    CHECK(quiver_type_name(q, a, &name) == 0);
    CHECK_TEXT(name, "A");
    quiver_string_free(name);
    QuiverValue *cls = quiver_type_of(q, a);
    CHECK(quiver_is_instance(q, a, cls) == 1 && quiver_is_instance(q, one, cls) == 0);
    CHECK(quiver_is_instance(q, a, one) == -1);
    expect_error(q, "TypeError", NULL);
    CHECK(quiver_is_callable(q, cls) == 1 && quiver_is_callable(q, one) == 0);
    QuiverValue *made = quiver_call(q, cls, NULL, 0, NULL, 0);
    CHECK(made && !quiver_is(q, made, a) && quiver_is(q, a, a) && !quiver_is(q, NULL, a));
    QuiverValue *text = quiver_str(q, "a-b-c", -1), *dash = quiver_str(q, "-", 1);
    QuiverValue *args[] = {dash, one};
    const char *const names[] = {"maxsplit"};
    expect_repr_take(q, quiver_call_method(q, text, "split", args, 1, names, 1), "['a', 'b-c']");
    CHECK(!quiver_call_method(q, text, "nope", NULL, 0, NULL, 0));
    expect_error(q, "AttributeError", "'str' object has no attribute 'nope'");
    QuiverValue *all[] = {a, one, cls, made, text, dash};
    for (int i = 0; i < 6; i++) {
        quiver_release(q, all[i]);
    }
}

static void containers(Quiver *q)
{
    QuiverValue *list = eval(q, "[10, 20]"), *d = quiver_dict(q), *n = quiver_int(q, 7);
    CHECK(quiver_append(q, list, n) == 0 && quiver_append(q, d, n) == -1);
    expect_error(q, "TypeError", "expected list, got dict");
    expect_repr_take(q, quiver_item_at(q, list, -1), "7");
    CHECK(!quiver_item_at(q, list, 3));
    expect_error(q, "IndexError", "list index out of range");
    CHECK(quiver_contains(q, list, n) == 1 && quiver_contains(q, d, n) == 0);
    CHECK(quiver_set_item_named(q, d, "k", n) == 0 && quiver_set_item_named(q, d, "l", list) == 0);
    expect_repr_take(q, quiver_item_named(q, d, "k"), "7");
    CHECK(!quiver_item_named(q, d, "z"));
    expect_error(q, "KeyError", "'z'");
    size_t pos = 0, count = 0;
    QuiverValue *key, *value;
    while (quiver_dict_next(q, d, &pos, &key, &value) > 0) {
        count++;
        quiver_release(q, key);
        quiver_release(q, value);
    }
    CHECK(count == 2 && quiver_dict_next(q, d, &pos, NULL, NULL) == 0);
    pos = SIZE_MAX;
    CHECK(quiver_dict_next(q, d, &pos, &key, &value) == 0);
    CHECK(quiver_dict_next(q, list, &pos, &key, &value) == -1);
    QuiverValue *k = quiver_str(q, "k", 1);
    CHECK(quiver_del_item(q, d, k) == 0 && quiver_del_item(q, d, k) == -1);
    expect_error(q, "KeyError", "'k'");

    QuiverValue *it = quiver_iter(q, list), *item;
    int64_t sum = 0, i;
    int more;
    while ((more = quiver_next(q, it, &item)) > 0) {
        CHECK(quiver_to_int(q, item, &i) == 0);
        sum += i;
        quiver_release(q, item);
    }
    CHECK(more == 0 && !item && sum == 37);
    CHECK(quiver_next(q, list, &item) == -1);
    expect_error(q, "TypeError", "'list' object is not an iterator");
    CHECK(!quiver_iter(q, n));
    expect_error(q, "TypeError", "'int' object is not iterable");
    quiver_release(q, it);
    it = eval(q, "(1 // x for x in [1, 0])");
    CHECK(quiver_next(q, it, &item) == 1);
    quiver_release(q, item);
    CHECK(quiver_next(q, it, &item) == -1);
    expect_error(q, "ZeroDivisionError", NULL);

    QuiverValue *same[] = {n, n, k};
    QuiverValue *set = quiver_set_of(q, same, 3);
    CHECK(quiver_length(q, set) == 2 && quiver_kind(q, set) == QUIVER_SET);
    CHECK(quiver_add(q, set, it) == 0 && quiver_length(q, set) == 3);
    CHECK(quiver_add(q, set, list) == -1);
    expect_error(q, "TypeError", "unhashable type: 'list'");
    QuiverValue *frozen = quiver_frozenset_of(q, same, 1);
    expect_repr_take(q, quiver_retain(q, frozen), "frozenset({7})");
    CHECK(quiver_add(q, frozen, n) == -1);
    CHECK(!quiver_set_of(q, &list, 1));
    expect_repr_take(q, quiver_set_of(q, NULL, 0), "set()");
    QuiverValue *all[] = {list, d, n, k, it, set, frozen};
    for (int j = 0; j < 7; j++) {
        quiver_release(q, all[j]);
    }
}

static void numbers(Quiver *q)
{
    QuiverValue *a = quiver_int(q, 1000000), *b = quiver_float(q, 1e6), *s = quiver_str(q, "s", 1);
    CHECK(quiver_compare(q, a, b, QUIVER_EQ) == 1 && quiver_compare(q, a, b, QUIVER_LT) == 0);
    CHECK(quiver_compare(q, a, b, QUIVER_GE) == 1 && quiver_compare(q, a, s, QUIVER_NE) == 1);
    CHECK(quiver_compare(q, a, s, QUIVER_LT) == -1);
    expect_error(q, "TypeError", "'<' not supported between instances of 'int' and 'str'");
    CHECK(quiver_compare(q, a, b, (QuiverCompare)77) == -1);
    int64_t h1, h2;
    CHECK(quiver_hash(q, a, &h1) == 0 && quiver_hash(q, b, &h2) == 0 && h1 == h2);

    QuiverValue *u = quiver_uint(q, UINT64_MAX);
    uint64_t back = 0;
    CHECK(quiver_to_uint(q, u, &back) == 0 && back == UINT64_MAX);
    expect_repr_take(q, u, "18446744073709551615");
    QuiverValue *neg = quiver_int(q, -1);
    CHECK(quiver_to_uint(q, neg, &back) == -1);
    expect_error(q, "OverflowError", NULL);
    QuiverValue *big = quiver_int_text(q, "-123456789012345678901234567890");
    char *text;
    CHECK(quiver_to_int_text(q, big, &text) == 0);
    CHECK_TEXT(text, "-123456789012345678901234567890");
    quiver_string_free(text);
    CHECK(!quiver_int_text(q, "12x"));
    expect_error(q, "ValueError", "invalid literal for int() with base 10: '12x'");
    CHECK(quiver_to_int_text(q, b, &text) == -1);
    QuiverValue *c = quiver_complex(q, 1.5, -2);
    double re, im;
    CHECK(quiver_to_complex(q, c, &re, &im) == 0 && re == 1.5 && im == -2.0);
    CHECK(quiver_to_complex(q, a, &re, &im) == 0 && re == 1e6 && im == 0.0);
    CHECK(quiver_to_complex(q, s, &re, &im) == -1 && quiver_kind(q, c) == QUIVER_COMPLEX);
    CHECK(quiver_to_text(q, s, &text, NULL) == 0);
    CHECK_TEXT(text, "s");
    quiver_string_free(text);
    QuiverValue *all[] = {a, b, s, neg, big, c};
    for (int i = 0; i < 6; i++) {
        quiver_release(q, all[i]);
    }
}

static void gone(void *user) { ++*(int *)user; }

static void views(Quiver *q)
{
    QuiverView v;
    QuiverValue *ascii = quiver_str(q, "plain", -1),
                *wide = quiver_str(q, "gr\xc3\xbc\xc3\x9f", -1);
    CHECK(quiver_view_str(q, ascii, &v) == 0 && v.size == 5 && v.readonly);
    quiver_release(q, ascii); // the view holds it
    CHECK_TEXT(v.data, "plain");
    quiver_view_release(q, &v);
    CHECK(!v.data && !v.internal);
    quiver_view_release(q, &v);
    CHECK(quiver_view_str(q, wide, &v) == 0 && v.size == 6);
    CHECK_TEXT(v.data, "gr\xc3\xbc\xc3\x9f");
    quiver_view_release(q, &v);
    QuiverValue *lone = eval(q, "'\\ud800'");
    CHECK(quiver_view_str(q, lone, &v) == -1 && !v.internal);
    expect_error(q, "UnicodeEncodeError", NULL);

    run(q, "ba = bytearray(b'12345')");
    QuiverValue *ba = eval(q, "ba");
    CHECK(quiver_view_bytes(q, ba, true, &v) == 0 && v.size == 5 && !v.readonly);
    ((char *)v.data)[0] = 'X';
    CHECK(quiver_run(q, "ba.append(1)", "x") == -1);
    expect_error(q, "BufferError", NULL);
    quiver_view_release(q, &v);
    run(q, "ba.append(1)\nassert ba == b'X2345\\x01'\n");
    CHECK(quiver_view_bytes(q, lone, false, &v) == -1);
    QuiverValue *fixed = quiver_bytes(q, "ab", 2);
    CHECK(quiver_view_bytes(q, fixed, true, &v) == -1 && !v.internal);
    CHECK(quiver_view_bytes(q, fixed, false, &v) == 0 && v.readonly);
    quiver_view_release(q, &v);

    char block[] = "0123456789";
    int freed = 0;
    QuiverValue *m = quiver_memory(q, block, 10, true, gone, &freed);
    CHECK(m && quiver_set(q, "m", m) == 0);
    quiver_release(q, m);
    run(q, "m[0] = 65\npart = m[2:5]\nassert bytes(part) == b'234'\n");
    CHECK_TEXT(block, "A123456789");
    run(q, "del m\nassert part[0] == 50\n");
    CHECK(freed == 0);
    run(q, "del part");
    CHECK(freed == 1);
    m = quiver_memory(q, block, 10, false, gone, &freed);
    CHECK(quiver_set(q, "m", m) == 0);
    quiver_release(q, m);
    CHECK(quiver_run(q, "m[0] = 1", "x") == -1);
    expect_error(q, "TypeError", "cannot modify read-only memory");
    run(q, "m.release()");
    run(q, "del m");
    CHECK(freed == 2);
    CHECK(!quiver_memory(q, NULL, 3, false, gone, &freed) && freed == 3);
    CHECK(!quiver_memory(NULL, block, 3, false, gone, &freed) && freed == 4);
    m = quiver_memory(q, NULL, 0, false, NULL, NULL);
    CHECK(quiver_length(q, m) == 0);
    quiver_release(q, m);
    m = quiver_memory(q, block, 10, false, gone, &freed); // left to the end
    CHECK(quiver_set(q, "m", m) == 0);
    quiver_release(q, m);
    QuiverValue *all[] = {wide, lone, ba, fixed};
    for (int i = 0; i < 4; i++) {
        quiver_release(q, all[i]);
    }
    CHECK(quiver_free(q) == 0 && freed == 5);
}

int main(void)
{
    Quiver *q = fresh();
    CHECK(quiver_scope_open(q) == 0);
    attributes(q);
    containers(q);
    numbers(q);
    CHECK(!quiver_scope_close(q, NULL));
    views(q);
    return 0;
}
