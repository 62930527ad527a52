// SPDX-License-Identifier: MIT
// Machine code of hot functions: when it is made, that it can be dropped, that it leaves no trace
// for readers of instructions, and who gets none.
#include <stdlib.h>

#include "object/function.h"
#include "vm/jit_internal.h"

#include "_python.h"

#define HOT                                 \
    "def hot(n):\n"                         \
    "    s = 0\n"                           \
    "    for i in range(n): s += i & 3\n"   \
    "    return s\n"                        \
    "bytes_before = hot.__code__.co_code\n" \
    "r = hot(20000) + hot(20000)\n"

static QvCode *code_of(QvObj *globals, const char *name)
{
    QvObj *key = text(name), *f = qv_dict_peek_str(globals, key);
    qv_decref(qi, key);
    ck_assert_ptr_nonnull(f);
    ck_assert(qv_is_function(f));
    return ((QvFunction *)f)->code;
}

static uint32_t entries(const QvCode *code)
{
    uint32_t n = 0;
    for (uint32_t at = 0; at < code->ninstrs;
         at += 1u + qv_op_info[qv_code_instr(code, at).op].words) {
        n += code->instrs[at].op == QV_INS_ENTER_JIT;
    }
    return n;
}

#if QV_JIT

START_TEST(test_hot_function_is_translated)
{
    QvObj *globals = run_text(HOT);
    ck_assert_ptr_nonnull(globals);
    QvCode *code = code_of(globals, "hot");
    ck_assert_ptr_nonnull(code->jit);
    ck_assert_uint_gt(entries(code), 0);
    // No entry is seen by who reads the instructions.
    for (uint32_t at = 0; at < code->ninstrs;) {
        QvInstr i = qv_code_instr(code, at);
        ck_assert_uint_ne(i.op, QV_INS_ENTER_JIT);
        at += 1u + qv_op_info[i.op].words;
    }
    qi->jit.forget(qi, code);
    ck_assert_ptr_null(code->jit);
    ck_assert_uint_eq(entries(code), 0);
    qv_decref(qi, globals);
    expect_result(HOT "r = r, hot.__code__.co_code == bytes_before, hot(7)", "(60000, True, 9)");
}
END_TEST

START_TEST(test_dropped_while_it_runs)
{
    // The function replaces its own code, whose last reference is the frame's.
    expect_result("def other(n): return 'other'\n"
                  "def f(n):\n"
                  "    s = 0\n"
                  "    for i in range(n):\n"
                  "        s += i\n"
                  "        if i == 20000: f.__code__ = other.__code__\n"
                  "    return s\n"
                  "r = f(10), f(20010), f(10)",
                  "(45, 200190045, 'other')");
}
END_TEST

START_TEST(test_pages_are_the_heaps)
{
    size_t before = qi->heap.live;
    QvObj *globals = run_text(HOT);
    const QvJit *jit = qi->jit.state;
    ck_assert_ptr_nonnull(jit);
    ck_assert_uint_gt(jit->bytes, 0);
    ck_assert_uint_ge(qi->heap.live, before + jit->bytes);
    ck_assert_uint_eq(jit->running, 0);
    ck_assert_ptr_null(jit->dropped);
    qv_decref(qi, globals);
}
END_TEST

START_TEST(test_near_the_limit_there_is_none)
{
    QvObj *globals = run_text("x = 'x' * 3000000\n");
    ck_assert_ptr_nonnull(globals);
    qv_heap_set_limit(&qi->heap, qi->heap.live + qi->heap.live / 8);
    QvObj *more = run_text(HOT);
    ck_assert_ptr_nonnull(more);
    ck_assert_ptr_null(code_of(more, "hot")->jit);
    qv_heap_set_limit(&qi->heap, 0);
    qv_decref(qi, more);
    qv_decref(qi, globals);
}
END_TEST

#endif

START_TEST(test_not_wanted)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.no_jit = true;
    QvInstance *inst = qv_instance_new(&config);
    ck_assert_ptr_nonnull(inst);
    QvInstance *outer = test_instance;
    qv_detach(outer);
    ck_assert_int_eq(qv_attach(inst), 0);
    qi = &inst->qi;
    QvObj *globals = run_text(HOT);
    ck_assert_ptr_nonnull(globals);
    ck_assert_ptr_null(code_of(globals, "hot")->jit);
    ck_assert_uint_eq(entries(code_of(globals, "hot")), 0);
    ck_assert_ptr_null(qi->jit.state);
    qv_decref(qi, globals);
    qv_detach(inst);
    ck_assert_int_eq(qv_instance_free(inst), 0);
    ck_assert_int_eq(qv_attach(outer), 0);
    qi = &outer->qi;
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("jit");
    TCase *tests = tcase_create("jit");
    tcase_add_checked_fixture(tests, interp_setup, interp_teardown);
#if QV_JIT
    tcase_add_test(tests, test_hot_function_is_translated);
    tcase_add_test(tests, test_dropped_while_it_runs);
    tcase_add_test(tests, test_pages_are_the_heaps);
    tcase_add_test(tests, test_near_the_limit_there_is_none);
#endif
    tcase_add_test(tests, test_not_wanted);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
