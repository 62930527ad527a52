// SPDX-License-Identifier: MIT
// Messages: round trips between two interpreters, bytes as specified, hostile bytes, accounting.
#include "_messages.h"

#include "channels/block.h"
#include "channels/wire.h"
#include "object/bytes.h"

// repr of what comes out when the value of an expression is sent to this interpreter itself.
static void expect_trip(const char *expression, const char *expected)
{
    QvMsg *msg = packed(expression);
    QvObj *o = qv_msg_unpack(qi, msg);
    qv_msg_free(msg);
    expect_repr_take(o, expected);
}

START_TEST(trips)
{
    expect_trip("[1, -1, 2**63, None, 1.5, 'x', b'y', (), {1: 2}]",
                "[1, -1, 9223372036854775808, None, 1.5, 'x', b'y', (), {1: 2}]");
    expect_trip("list(range(-3, 9))", "[-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8]");
    expect_trip("(0.5,) * 8", "(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)");
}
END_TEST

static void expect_bytes(const char *expression, const char *bytes, size_t n)
{
    char source[200];
    snprintf(source, sizeof source, "r = %s", expression);
    QvObj *globals = run_text(source);
    ck_assert_ptr_nonnull(globals);
    QvObj *key = text("r");
    QvObj *o = qv_wire_encode(qi, qv_dict_peek_str(globals, key));
    ck_assert_ptr_nonnull(o);
    ck_assert_mem_eq(qv_bytes_data(o), bytes, n);
    ck_assert_int_eq(qv_bytes_len(o), (QvSsize)n);
    qv_decref(qi, o);
    qv_decref(qi, key);
    qv_decref(qi, globals);
}

static void note(void *user) { ++*(int *)user; }

// Memory that is handed over is seen where it is, by whoever has a view, and freed once.
START_TEST(blocks)
{
    static char memory[] = "abc";
    int freed = 0;
    QvBlock *block = qv_block_new(memory, 3, note, &freed);
    ck_assert_ptr_nonnull(block);
    QvMsg *msg = qv_block_message(block, true);
    ck_assert_ptr_nonnull(msg);
    QvObj *a = qv_msg_unpack(qi, msg), *b = qv_msg_unpack(qi, msg);
    ck_assert(a && b);
    qv_msg_free(msg);
    QvObj *zero = num(0), *x = num('x');
    ck_assert_int_eq(qv_setitem(qi, a, zero, x), 0);
    ck_assert_str_eq(memory, "xbc");
    qv_decref(qi, a);
    ck_assert_int_eq(freed, 0);
    qv_decref(qi, b);
    ck_assert_int_eq(freed, 1);
    qv_decref(qi, zero);
    qv_decref(qi, x);
    // Not in bytes from elsewhere, and not beyond the message's list.
    msg = qv_msg_from_bytes("\x01\x27\0\0", 4);
    ck_assert_ptr_null(qv_msg_unpack(qi, msg));
    ck_assert(qv_err_matches(qi, &qv_exc_ValueError));
    qv_err_clear(qi);
    qv_msg_free(msg);
}
END_TEST

// The format is for ever: these are the bytes of wire.def.
START_TEST(bytes)
{
    expect_bytes("None", "\x01\x01", 2);
    expect_bytes("-3", "\x01\x10\x05", 3);
    expect_bytes("300", "\x01\x10\xd8\x04", 4);
    expect_bytes("'hi'", "\x01\x20\x02hi", 5);
    expect_bytes("1.0", "\x01\x12\0\0\0\0\0\0\xf0\x3f", 10);
    expect_bytes("2**64", "\x01\x11\x09\0\0\0\0\0\0\0\0\x01", 12);
}
END_TEST

static void expect_bad(const char *data, size_t n)
{
    QvObj *o = qv_wire_decode(qi, (const uint8_t *)data, n);
    ck_assert_msg(o == NULL, "bytes were accepted");
    ck_assert(qv_err_occurred(qi));
    qv_err_clear(qi);
}

START_TEST(hostile)
{
    expect_bad("", 0);
    expect_bad("\x02\x01", 2);
    expect_bad("\x01", 1);
    expect_bad("\x01\x7f", 2);
    expect_bad("\x01\x01\x01", 3);
    expect_bad("\x01\x31\xff\xff\xff\xff\x7f", 7); // a list larger than the message
    expect_bad("\x01\x38\x00\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 14);
    expect_bad("\x01\x40\x00", 3);                 // a reference to nothing
    expect_bad("\x01\xb4\x01\x40\x00", 5);         // a frozenset that holds itself
    expect_bad("\x01\xb0\x01\x40\x00", 5);         // a tuple that holds itself
    expect_bad("\x01\xb0\x01\x30\x01\x40\x00", 7); // in another tuple
    expect_bad("\x01\x23\x01\xff\xff\xff\xff", 7); // no such character
    expect_bad("\x01\x51\x00", 3);                 // code is not plain data
    expect_bad("\x01\x70\x01\x00", 4);
}
END_TEST

// The tags that import and call, with what does not fit them.
START_TEST(hostile_code)
{
    static const char *const cases[] = {
        "\x01\x51\x04QVC\x01\x20\x01x",
        "\x01\x52\x20\x08"
        "builtins\x20\x03len",
        "\x01\x52\x01\x01",
        "\x01\x60\x52\x20\x08"
        "builtins\x20\x03int\x30\x01\x20\x01"
        "1",
        "\x01\x61\x52\x20\x08"
        "builtins\x20\x04type\x32\x01\x01\x01",
        "\x01\x62\x10\x05\x31\x01\x01",
        "\x01\xe2\x50\x20\x08"
        "builtins\x20\x05tuple\x30\x01\x40\x01",
        "\x01\x53\x20\x09no.module",
        "\x01\x70\x01\x05",
        "\x01\x54",
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        QvMsg *msg = qv_msg_from_bytes(cases[k], strlen(cases[k]));
        ck_assert_ptr_nonnull(msg);
        QvObj *o = qv_msg_unpack(qi, msg);
        ck_assert_msg(o == NULL, "case %zu was accepted", k);
        ck_assert(qv_err_occurred(qi));
        qv_err_clear(qi);
        qv_msg_free(msg);
    }
}
END_TEST

// Every cut and many changes of a message with functions, instances and exceptions: a value or an
// error.
START_TEST(hostile_mutations)
{
    QvObj *globals = run_text("class C: pass\n"
                              "def outer(n):\n"
                              "    def inner(x, y=[1], *, z=3): return n + x + inner.k\n"
                              "    return inner\n"
                              "c = C(); c.a = [1, 2]; c.me = c\n"
                              "r = [outer(1), c, ValueError('x', c), len, {1: (2, 3)}, [1] * 9]\n");
    ck_assert_ptr_nonnull(globals);
    QvObj *key = text("r");
    QvMsg *msg = qv_msg_pack(qi, qv_dict_peek_str(globals, key));
    ck_assert_ptr_nonnull(msg);
    QvMsg *copy = qv_msg_from_bytes(msg->data, msg->size);
    for (size_t n = 0; n < msg->size; n++) {
        copy->size = n;
        QvObj *o = qv_msg_unpack(qi, copy);
        ck_assert_ptr_null(o);
        qv_err_clear(qi);
    }
    copy->size = msg->size;
    uint32_t state = 1;
    for (int k = 0; k < 20000; k++) {
        state = state * 1103515245u + 12345u;
        size_t at = (state >> 8) % msg->size;
        copy->data[at] = (uint8_t)(state >> 24);
        QvObj *o = qv_msg_unpack(qi, copy);
        qv_xdecref(qi, o);
        qv_err_clear(qi);
        copy->data[at] = msg->data[at];
    }
    qv_msg_free(copy);
    qv_msg_free(msg);
    qv_decref(qi, key);
    qv_decref(qi, globals);
}
END_TEST

// A message of one interpreter is read by another; the bytes of messages are counted and come back.
START_TEST(across)
{
    uint64_t before = qv_msg_live_bytes();
    QvInstance *other = qv_instance_new(NULL);
    ck_assert_ptr_nonnull(other);
    QvObj *list = qv_list_new(qi, 0);
    for (int k = 0; k < 500; k++) {
        ck_assert_int_eq(qv_list_append_take(qi, list, qv_str_format(qi, "item %d", k)), 0);
    }
    QvMsg *msg = qv_msg_pack(qi, list);
    ck_assert_ptr_nonnull(msg);
    ck_assert_uint_gt(qv_msg_live_bytes(), before + qv_msg_size(msg));
    qv_decref(qi, list);
    ck_assert_int_eq(qv_attach(other), 0);
    QvObj *o = qv_msg_unpack(&other->qi, msg);
    ck_assert_ptr_nonnull(o);
    ck_assert_int_eq(qv_list_len(o), 500);
    ck_assert_uint_eq(o->owner, other->qi.owner);
    qv_decref(&other->qi, o);
    qv_detach(other);
    qv_msg_free(msg);
    ck_assert_int_eq(qv_instance_free(other), 0);
    ck_assert_uint_eq(qv_msg_live_bytes(), before);
}
END_TEST

// Failing allocations on either side give MemoryError and nothing is lost.
START_TEST(out_of_memory)
{
    QvObj *globals = run_text("class C: pass\n"
                              "c = C(); c.a = ['x' * 20, {1: 2.5}]\n"
                              "def f(a, b=[1]): return c\n"
                              "r = [c, f, ValueError('text'), {'key': (1, 2)}, 2**100]\n");
    ck_assert_ptr_nonnull(globals);
    QvObj *key = text("r");
    QvObj *value = qv_dict_peek_str(globals, key);
    QvMsg *msg = qv_msg_pack(qi, value);
    ck_assert_ptr_nonnull(msg);
    uint64_t before = qv_msg_live_bytes();
    for (int64_t n = 0; n < 400 && qv_heap_fail_at(&qi->heap, n, true); n++) {
        QvObj *o = qv_msg_unpack(qi, msg);
        qv_heap_fail_at(&qi->heap, -1, false);
        ck_assert((o == NULL) == qv_err_occurred(qi));
        qv_xdecref(qi, o);
        qv_err_clear(qi);
        qv_heap_fail_at(&qi->heap, n, true);
        QvMsg *again = qv_msg_pack(qi, value);
        qv_heap_fail_at(&qi->heap, -1, false);
        ck_assert((again == NULL) == qv_err_occurred(qi));
        qv_msg_free(again);
        qv_err_clear(qi);
        ck_assert_uint_eq(qv_msg_live_bytes(), before);
    }
    qv_msg_free(msg);
    qv_decref(qi, key);
    qv_decref(qi, globals);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, trips);
    tcase_add_test(tests, bytes);
    tcase_add_test(tests, blocks);
    tcase_add_test(tests, hostile);
    tcase_add_test(tests, hostile_code);
    tcase_add_test(tests, hostile_mutations);
    tcase_add_test(tests, across);
    tcase_add_test(tests, out_of_memory);
}

int main(void)
{
    static void (*const add[])(TCase *) = {add_tests};
    return run_cases("wire", add, 1);
}
