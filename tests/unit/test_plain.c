// SPDX-License-Identifier: MIT
// Messages read without an interpreter: as specified, every prefix and every changed byte, at any
// failing allocation of cJSON.
#include "_messages.h"

#include <cjson/cJSON.h>

#include "channels/block.h"
#include "channels/plain.h"

// Everything that can be asked of a message.
static void look(const QvMsg *msg)
{
    bool b;
    int64_t i;
    double d;
    QvPlainText t;
    const void *data;
    size_t size;
    QvBlock *block;
    QvChanEnd *end;
    cJSON *tree;
    char error[80];
    ck_assert_ptr_nonnull(qv_plain_name(msg));
    qv_plain_bool(msg, &b);
    qv_plain_i64(msg, &i);
    qv_plain_double(msg, &d);
    if (qv_plain_text(msg, &t) == QV_PLAIN_OK) {
        ck_assert_int_eq(t.text[t.size], 0);
        free(t.text);
    }
    if (qv_plain_bytes(msg, &data, &size, &block, &b) == QV_PLAIN_OK) {
        ck_assert((const uint8_t *)data >= msg->data);
        ck_assert_uint_le(size, msg->size);
    }
    ck_assert_int_ne(qv_plain_end(msg, &end), QV_PLAIN_OK);
    QvPlainResult r = qv_plain_to_json(msg, &tree, error, sizeof error);
    ck_assert_int_ne(r, QV_PLAIN_NO_MEMORY);
    ck_assert_int_eq(r == QV_PLAIN_OK, tree != NULL);
    ck_assert_int_eq(r == QV_PLAIN_OK, error[0] == 0);
    cJSON_Delete(tree);
}

static void look_at_bytes(const uint8_t *data, size_t n)
{
    QvMsg *msg = qv_msg_from_bytes(data, n);
    ck_assert_ptr_nonnull(msg);
    look(msg);
    qv_msg_free(msg);
}

static const char *const samples[] = {
    "None",
    "-1",
    "2 ** 200",
    "-2 ** 200",
    "1.5",
    "'caf\\xe9'",
    "'\\u20ac'",
    "'\\U0001f600'",
    "b'xy'",
    "[1, 'a', {'k': (None, True, 2.5)}]",
    "list(range(200, 300))",
    "tuple(k / 4 for k in range(9))",
    "(lambda x: [x, x, {'k': x, 'l': [x]}])(['shared', 'shared' * 3])",
    "(lambda k: [{k: 1}, {k: k}])('k' * 9)",
    "{1, 2}",
    "lambda: 0",
    "ValueError('x')",
    "bytearray(9)",
    "range(3)",
    "1j",
};

START_TEST(hostile)
{
    uint64_t before = qv_msg_live_bytes();
    for (size_t k = 0; k < sizeof samples / sizeof *samples; k++) {
        QvMsg *msg = packed(samples[k]);
        uint8_t *bytes = malloc(msg->size);
        ck_assert_ptr_nonnull(bytes);
        memcpy(bytes, msg->data, msg->size);
        for (size_t n = 0; n <= msg->size; n++) {
            look_at_bytes(bytes, n);
        }
        static const uint8_t other[] = {0,
                                        1,
                                        0x7F,
                                        0x80,
                                        0xFF,
                                        QV_WIRE_REF,
                                        QV_WIRE_LIST,
                                        QV_WIRE_DICT,
                                        QV_WIRE_BLOCK,
                                        QV_WIRE_CHANNEL};
        for (size_t n = 0; n < msg->size; n++) {
            for (size_t c = 0; c < sizeof other + 8; c++) {
                uint8_t was = bytes[n];
                bytes[n] = (uint8_t)(c < sizeof other ? other[c] : was ^ 1u << (c - sizeof other));
                look_at_bytes(bytes, msg->size);
                bytes[n] = was;
            }
        }
        free(bytes);
        qv_msg_free(msg);
    }
    // A reference to a reference as a key; counts far beyond the message; a sign without a number.
    look_at_bytes((const uint8_t *)"\x01\x31\x02\xa0\x01k\x32\x01\xc0\x00\x40\x01", 12);
    look_at_bytes((const uint8_t *)"\x01\x31\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12);
    look_at_bytes((const uint8_t *)"\x01\x39\x00\xff\xff\xff\xff\xff\xff\xff\xff\x1f", 12);
    look_at_bytes((const uint8_t *)"\x01\x11\x00", 3);
    ck_assert_uint_eq(qv_msg_live_bytes(), before);
}
END_TEST

// Containers in containers, far beyond what the C stack would hold.
START_TEST(deep)
{
    enum { N = 100000 };
    uint8_t *bytes = malloc(2 * N + 2);
    ck_assert_ptr_nonnull(bytes);
    bytes[0] = QV_WIRE_VERSION;
    for (size_t k = 0; k < N; k++) {
        bytes[1 + 2 * k] = QV_WIRE_LIST;
        bytes[2 + 2 * k] = 1;
    }
    bytes[2 * N + 1] = QV_WIRE_NONE;
    look_at_bytes(bytes, 2 * N + 2);
    free(bytes);
}
END_TEST

static int fail_in;
static int64_t live;

static void *failing_malloc(size_t n)
{
    void *p = fail_in-- > 0 ? malloc(n) : NULL;
    live += p != NULL;
    return p;
}

static void counting_free(void *p)
{
    live -= p != NULL;
    free(p);
}

START_TEST(no_memory)
{
    for (size_t k = 0; k < sizeof samples / sizeof *samples; k++) {
        QvMsg *msg = packed(samples[k]);
        cJSON *tree;
        char error[80];
        QvPlainResult r = QV_PLAIN_NO_MEMORY;
        cJSON_Hooks hooks = {.malloc_fn = failing_malloc, .free_fn = counting_free};
        cJSON_InitHooks(&hooks);
        for (int n = 0; r == QV_PLAIN_NO_MEMORY; n++) {
            fail_in = n;
            r = qv_plain_to_json(msg, &tree, error, sizeof error);
            cJSON_Delete(tree);
            ck_assert_int_eq(live, 0);
        }
        cJSON_InitHooks(NULL);
        qv_msg_free(msg);
    }
}
END_TEST

// What C makes is what scripts make, byte for byte.
static void expect_same_take(QvMsg *msg, const char *expression)
{
    QvMsg *want = packed(expression);
    ck_assert_ptr_nonnull(msg);
    ck_assert_uint_eq(msg->size, want->size);
    ck_assert_mem_eq(msg->data, want->data, want->size);
    qv_msg_free(msg);
    qv_msg_free(want);
}

static QvMsg *of_text(const char *s)
{
    QvMsg *msg;
    ck_assert_int_eq(qv_plain_from_text(s, strlen(s), &msg), QV_PLAIN_OK);
    return msg;
}

static QvMsg *of_json(const char *s)
{
    QvMsg *msg;
    cJSON *tree = cJSON_Parse(s);
    ck_assert_ptr_nonnull(tree);
    ck_assert_int_eq(qv_plain_from_json(tree, &msg), QV_PLAIN_OK);
    cJSON_Delete(tree);
    return msg;
}

START_TEST(same_bytes)
{
    expect_same_take(qv_plain_from_i64(INT64_MIN), "-2 ** 63");
    expect_same_take(qv_plain_from_i64(64), "64");
    expect_same_take(qv_plain_from_double(0.1), "0.1");
    expect_same_take(qv_plain_simple(QV_WIRE_TRUE), "True");
    expect_same_take(qv_plain_from_bytes("abc", 3), "b'abc'");
    expect_same_take(of_text("abc"), "'abc'");
    expect_same_take(of_text("\xc3\xa9"), "'\\xe9'");
    expect_same_take(of_text("\xe2\x82\xac!"), "'\\u20ac!'");
    expect_same_take(of_text("\xf0\x9f\x98\x80"), "'\\U0001f600'");
    expect_same_take(of_json("[1, 2.5, null, [true, \"x\"]]"), "[1, 2.5, None, [True, 'x']]");
    expect_same_take(of_json("[1,2,3,4,5,6,7,127]"), "[1,2,3,4,5,6,7,127]");
    expect_same_take(of_json("[1,2,3,4,5,6,7,-129]"), "[1,2,3,4,5,6,7,-129]");
    expect_same_take(of_json("[1,2,3,4,5,6,7,32768]"), "[1,2,3,4,5,6,7,32768]");
    expect_same_take(of_json("[1,2,3,4,5,6,7,4294967296]"), "[1,2,3,4,5,6,7,2**32]");
    expect_same_take(of_json("[0.5,0.5,0.5,0.5,0.5,0.5,0.5,1.5]"),
                     "[x/2 for x in (1,1,1,1,1,1,1,3)]");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plain");
    TCase *tests = tcase_create("plain");
    tcase_add_checked_fixture(tests, interp_setup, interp_teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, hostile);
    tcase_add_test(tests, deep);
    tcase_add_test(tests, no_memory);
    tcase_add_test(tests, same_bytes);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
