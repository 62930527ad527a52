// SPDX-License-Identifier: MIT
// Values in both directions, kinds, attributes, items, calls with keywords.
#include "_check.h"

static void kinds(Quiver *q)
{
    static const struct {
        const char *expression;
        QuiverKind kind;
    } rows[] = {
        {"None", QUIVER_NONE},
        {"True", QUIVER_BOOL},
        {"7", QUIVER_INT},
        {"1 << 100", QUIVER_INT},
        {"1.5", QUIVER_FLOAT},
        {"'a'", QUIVER_STR},
        {"b'a'", QUIVER_BYTES},
        {"[]", QUIVER_LIST},
        {"()", QUIVER_TUPLE},
        {"{}", QUIVER_DICT},
        {"{1}", QUIVER_SET},
        {"frozenset()", QUIVER_SET},
        {"lambda: 0", QUIVER_FUNCTION},
        {"object()", QUIVER_OTHER},
        {"len", QUIVER_FUNCTION},
        {"type('I', (int,), {})(3)", QUIVER_INT},
        {"type('D', (dict,), {})()", QUIVER_DICT},
        {"[].append", QUIVER_FUNCTION},
        {"int", QUIVER_OTHER},
        {"1j", QUIVER_COMPLEX},
        {"bytearray()", QUIVER_OTHER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        QuiverValue *v = eval(q, rows[i].expression);
        if (quiver_kind(q, v) != rows[i].kind) {
            fprintf(stderr, "kind of %s: %d\n", rows[i].expression, (int)quiver_kind(q, v));
            exit(1);
        }
        quiver_release(q, v);
    }
}

static void into_python(Quiver *q)
{
    expect_repr_take(q, quiver_none(q), "None");
    expect_repr_take(q, quiver_bool(q, true), "True");
    expect_repr_take(q, quiver_bool(q, false), "False");
    expect_repr_take(q, quiver_int(q, 0), "0");
    expect_repr_take(q, quiver_int(q, INT64_MIN), "-9223372036854775808");
    expect_repr_take(q, quiver_int(q, INT64_MAX), "9223372036854775807");
    expect_repr_take(q, quiver_float(q, 0.1), "0.1");
    expect_repr_take(q, quiver_float(q, -1.0 / 0.0), "-inf");
    expect_repr_take(q, quiver_str(q, "", -1), "''");
    expect_repr_take(q, quiver_str(q, "gr\xc3\xbc\xc3\x9f \xf0\x9f\xa6\x8a", -1),
                     "'gr\xc3\xbc\xc3\x9f \xf0\x9f\xa6\x8a'");
    expect_repr_take(q, quiver_str(q, "a\0b", 3), "'a\\x00b'");
    expect_repr_take(q, quiver_str(q, "abc", 2), "'ab'");
    expect_repr_take(q, quiver_bytes(q, "\0\xff", 2), "b'\\x00\\xff'");
    expect_repr_take(q, quiver_bytes(q, NULL, 0), "b''");
    CHECK(!quiver_str(q, "\xff", -1));
    expect_error(q, "UnicodeDecodeError", NULL);

    QuiverValue *items[] = {quiver_int(q, 1), quiver_str(q, "two", -1), quiver_none(q)};
    expect_repr_take(q, quiver_list(q, items, 3), "[1, 'two', None]");
    expect_repr_take(q, quiver_tuple(q, items, 3), "(1, 'two', None)");
    expect_repr_take(q, quiver_tuple(q, items, 1), "(1,)");
    expect_repr_take(q, quiver_list(q, NULL, 0), "[]");
    QuiverValue *d = quiver_dict(q);
    CHECK(quiver_set_item(q, d, items[1], items[0]) == 0);
    CHECK(quiver_set_item(q, d, items[2], d) == 0);
    CHECK(quiver_length(q, d) == 2);
    expect_repr_take(q, d, "{'two': 1, None: {...}}");
    for (int i = 0; i < 3; i++) {
        quiver_release(q, items[i]);
    }
}

static void out_of_python(Quiver *q)
{
    bool truth = false;
    int64_t n = 0;
    double d = 0;
    char *s = NULL;
    size_t size = 0;

    QuiverValue *v = eval(q, "[0]");
    CHECK(quiver_to_bool(q, v, &truth) == 0 && truth);
    CHECK(quiver_to_int(q, v, &n) == -1);
    expect_error(q, "TypeError", "'list' object cannot be interpreted as an integer");
    CHECK(quiver_to_float(q, v, &d) == -1);
    expect_error(q, "TypeError", "must be real number, not list");
    CHECK(quiver_to_str(q, v, &s, NULL) == -1);
    expect_error(q, "TypeError", "expected str, got list");
    CHECK(quiver_to_bytes(q, v, &s, NULL) == -1);
    expect_error(q, "TypeError", NULL);
    quiver_release(q, v);

    v = eval(q, "-2**63");
    CHECK(quiver_to_int(q, v, &n) == 0 && n == INT64_MIN);
    CHECK(quiver_to_float(q, v, &d) == 0 && d == -0x1p63);
    quiver_release(q, v);
    v = eval(q, "2**63");
    CHECK(quiver_to_int(q, v, &n) == -1);
    expect_error(q, "OverflowError", NULL);
    quiver_release(q, v);
    v = eval(q, "10**400");
    CHECK(quiver_to_float(q, v, &d) == -1);
    expect_error(q, "OverflowError", "int too large to convert to float");
    quiver_release(q, v);
    v = eval(q, "2.75");
    CHECK(quiver_to_float(q, v, &d) == 0 && d == 2.75);
    CHECK(quiver_to_int(q, v, &n) == -1);
    expect_error(q, "TypeError", "'float' object cannot be interpreted as an integer");
    quiver_release(q, v);
    v = eval(q, "type('Index', (), {'__index__': lambda self: 42})()");
    CHECK(quiver_to_int(q, v, &n) == 0 && n == 42);
    quiver_release(q, v);
    v = eval(q, "type('Odd', (), {'__bool__': lambda self: 1 // 0})()");
    CHECK(quiver_to_bool(q, v, &truth) == -1);
    expect_error(q, "ZeroDivisionError", "integer division or modulo by zero");
    quiver_release(q, v);

    v = eval(q, "'\\u20ac\\0\\U0001F98A'");
    CHECK(quiver_to_str(q, v, &s, &size) == 0 && size == 8);
    CHECK(memcmp(s, "\xe2\x82\xac\0\xf0\x9f\xa6\x8a", 9) == 0);
    quiver_string_free(s);
    quiver_release(q, v);
    v = eval(q, "'\\ud800'");
    CHECK(quiver_to_str(q, v, &s, NULL) == -1);
    expect_error(q, "UnicodeEncodeError", NULL);
    quiver_release(q, v);
    static const char *const bytes_like[] = {"b'a\\0b'", "bytearray(b'a\\0b')",
                                             "memoryview(b'xa\\0b')[1:]"};
    for (int i = 0; i < 3; i++) {
        v = eval(q, bytes_like[i]);
        CHECK(quiver_to_bytes(q, v, &s, &size) == 0 && size == 3 && memcmp(s, "a\0b", 4) == 0);
        quiver_string_free(s);
        quiver_release(q, v);
    }
}

static void names(Quiver *q)
{
    QuiverValue *v = quiver_int(q, 5);
    CHECK(quiver_set(q, "five", v) == 0);
    expect_eval(q, "five + 1", "6");
    quiver_release(q, v);
    run(q, "five += 10");
    expect_repr_take(q, quiver_get(q, "five"), "15");
    CHECK(!quiver_get(q, "six"));
    expect_error(q, "NameError", "name 'six' is not defined");

    run(q, "class Point:\n    def __init__(self, x): self.x = x\np = Point(3)\n");
    QuiverValue *p = quiver_get(q, "p");
    expect_repr_take(q, quiver_attr(q, p, "x"), "3");
    v = quiver_str(q, "new", -1);
    CHECK(quiver_set_attr(q, p, "y", v) == 0);
    quiver_release(q, v);
    expect_eval(q, "p.y", "'new'");
    CHECK(!quiver_attr(q, p, "z"));
    expect_error(q, "AttributeError", "'Point' object has no attribute 'z'");
    CHECK(quiver_length(q, p) == -1);
    expect_error(q, "TypeError", "object of type 'Point' has no len()");
    quiver_release(q, p);

    QuiverValue *list = eval(q, "[10, 20, 30]"), *last = quiver_int(q, -1), *far = quiver_int(q, 9);
    expect_repr_take(q, quiver_item(q, list, last), "30");
    CHECK(!quiver_item(q, list, far));
    expect_error(q, "IndexError", "list index out of range");
    CHECK(quiver_set_item(q, list, last, far) == 0);
    CHECK(quiver_set_item(q, list, far, far) == -1);
    expect_error(q, "IndexError", "list assignment index out of range");
    quiver_release(q, last);
    quiver_release(q, far);
    CHECK(quiver_retain(q, list) == list);
    quiver_release(q, list);
    expect_repr_take(q, list, "[10, 20, 9]");

    QuiverValue *module = quiver_import(q, "sys");
    CHECK(module);
    expect_repr_take(q, quiver_attr(q, module, "maxsize"), "9223372036854775807");
    quiver_release(q, module);
    CHECK(!quiver_import(q, "no_such_module"));
    expect_error(q, "ModuleNotFoundError", "No module named 'no_such_module'");
}

static void calls(Quiver *q)
{
    run(q, "def f(a, b=2, *rest, c=3, **more): return [a, b, rest, c, more]");
    QuiverValue *f = quiver_get(q, "f");
    QuiverValue *v[4] = {quiver_int(q, 10), quiver_int(q, 20), quiver_int(q, 30),
                         quiver_int(q, 40)};
    static const char *const names[] = {"c", "extra"}, *const a[] = {"a"};
    expect_repr_take(q, quiver_call(q, f, v, 1, NULL, 0), "[10, 2, (), 3, {}]");
    expect_repr_take(q, quiver_call(q, f, v, 4, NULL, 0), "[10, 20, (30, 40), 3, {}]");
    expect_repr_take(q, quiver_call(q, f, v, 2, names, 2), "[10, 20, (), 30, {'extra': 40}]");
    expect_repr_take(q, quiver_call(q, f, v, 0, a, 1), "[10, 2, (), 3, {}]");
    CHECK(!quiver_call(q, f, NULL, 0, NULL, 0));
    expect_error(q, "TypeError", "f() missing 1 required positional argument: 'a'");
    CHECK(!quiver_call(q, f, v, 1, a, 1));
    expect_error(q, "TypeError", "f() got multiple values for argument 'a'");
    CHECK(!quiver_call(q, v[0], NULL, 0, NULL, 0));
    expect_error(q, "TypeError", "'int' object is not callable");
    QuiverValue *sorted = eval(q, "sorted"), *list = eval(q, "[2, 3, 1]"),
                *yes = quiver_bool(q, true);
    QuiverValue *args[] = {list, yes};
    static const char *const reverse[] = {"reverse"};
    expect_repr_take(q, quiver_call(q, sorted, args, 1, reverse, 1), "[3, 2, 1]");
    quiver_release(q, sorted);
    quiver_release(q, list);
    for (int i = 0; i < 4; i++) {
        quiver_release(q, v[i]);
    }
    quiver_release(q, f);
}

int main(void)
{
    Quiver *q = fresh();
    kinds(q);
    into_python(q);
    out_of_python(q);
    names(q);
    calls(q);
    CHECK(quiver_enter(q) == 0); // the same with the lock taken once, and nested
    CHECK(quiver_enter(q) == 0);
    names(q);
    quiver_leave(q);
    calls(q);
    quiver_leave(q);
    return quiver_free(q);
}
