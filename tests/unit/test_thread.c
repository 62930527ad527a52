// SPDX-License-Identifier: MIT
// Threads of one interpreter: what is meant for one of them does not go to another one.
#include "_python.h"

static QvObj *global(const QvObj *globals, const char *name)
{
    QvObj *key = text(name);
    QvObj *o = qv_dict_peek_str(globals, key);
    qv_decref(qi, key);
    return o;
}

// An exception for a thread that does not hold the lock: others pass their safepoints, and it gets
// there.
START_TEST(async_exception)
{
    QvObj *globals = run_text("import _thread\n"
                              "begun, ended = _thread.allocate_lock(), _thread.allocate_lock()\n"
                              "begun.acquire(); ended.acquire()\n"
                              "caught = None\n"
                              "def other():\n"
                              "    global caught\n"
                              "    try:\n"
                              "        begun.release()\n"
                              "        for i in range(10**9): pass\n"
                              "    except KeyError as e:\n"
                              "        caught = e\n"
                              "    ended.release()\n"
                              "_thread.start_new_thread(other, ())\n"
                              "begun.acquire()\n"
                              "e = KeyError('for the other one')\n"
                              "def wait():\n"
                              "    for i in range(1000): pass\n"
                              "    assert ended.acquire(True, 30)\n"
                              "    assert caught is e\n");
    ck_assert_ptr_nonnull(globals);
    QvThread *other = NULL;
    for (QvThread *ts = qi->threads; ts; ts = ts->next) {
        other = ts != qi->ts ? ts : other;
    }
    ck_assert_ptr_nonnull(other);
    other->async_exc = qv_new_ref(qi, global(globals, "e"));
    qv_poll_set(qi, QV_POLL_CALLS);
    QvObj *r = qv_call0(qi, global(globals, "wait"));
    ck_assert_ptr_eq(r, QV_NONE);
    ck_assert_ptr_null(other->async_exc);
    qv_decref(qi, globals);
}
END_TEST

static void add_tests(TCase *tests) { tcase_add_test(tests, async_exception); }

int main(void)
{
    static void (*const add[])(TCase *) = {add_tests};
    return run_cases("thread", add, 1);
}
