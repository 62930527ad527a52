// SPDX-License-Identifier: MIT
// Isolation is enforced: what the process shares cannot be written, and in builds with checks a
// reference that crosses interpreters stops the process where it is counted, stored or packed.
#include "_python.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "object/names.h"
#include "object/pack.h"
#include "object/seal.h"
#include "object/set.h"

// The signal that ends a child process which runs act(arg); 0: it came through.
static int signal_of(void (*act)(void *arg), void *arg)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL); // also where a sanitizer has its own handler
        signal(SIGILL, SIG_DFL);
        signal(SIGTRAP, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr)) {
            _exit(1);
        }
        act(arg);
        _exit(0);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

// ---- shared objects -----------------------------------------------------------------------------

static void write_byte(void *p)
{
    volatile char *byte = p;
    *byte = *byte;
}

static void expect_read_only(const char *what, const void *p)
{
    int sig = signal_of(write_byte, (void *)(uintptr_t)p);
    ck_assert_msg(sig == SIGSEGV, "%s at %p can be written", what, p);
}

static QvObj *attribute(QvType *type, const char *name)
{
    QvObj *key = qv_str_intern_cstr(qi, name);
    ck_assert_ptr_nonnull(key);
    QvObj *o = qv_type_lookup(qi, type, key);
    ck_assert_ptr_nonnull(o);
    qv_decref(qi, key);
    return o;
}

START_TEST(shared_is_read_only)
{
    const struct {
        const char *what;
        const void *p;
    } rows[] = {
        {"None", QV_NONE},
        {"True", QV_TRUE},
        {"Ellipsis", QV_ELLIPSIS},
        {"NotImplemented", QV_NOTIMPLEMENTED},
        {"()", QV_EMPTY_TUPLE},
        {"type", &qv_type_type},
        {"object", &qv_object_type},
        {"list", &qv_list_type},
        {"the last field of list", (const char *)(&qv_list_type + 1) - 1},
        {"ValueError", &qv_exc_ValueError},
        {"a name of the core", QV_N(__name__)},
        {"a name of the core, its text", (const char *)QV_N(__name__) + sizeof(QvObj)},
        {"the dict of list", qv_list_type.dict},
        {"the method list.append", attribute(&qv_list_type, "append")},
        {"the attribute int.real", attribute(&qv_int_type, "real")},
        {"the mro of bool", qv_bool_type.mro},
        {"a row of list's method table", qv_list_type.methods},
        {"the table of names", qv_shared.names},
        {"the table of signatures", qv_shared.sigs},
        {"the table of types", qv_shared.types},
        {"qv_shared", &qv_shared},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        ck_assert_msg(rows[k].p != NULL, "%s: there is none", rows[k].what);
        expect_read_only(rows[k].what, rows[k].p);
    }
    ck_assert_int_eq(signal_of(write_byte, &(char){0}), 0); // the test itself can tell
    ck_assert_int_eq(signal_of(write_byte, qi), 0);
}
END_TEST

// Every static type, and what stands in its dict, belongs to nobody.
START_TEST(shared_has_no_owner)
{
    for (uint32_t id = 1; id < qv_shared.ntypes; id++) {
        QvType *type = qv_shared.types[id];
        ck_assert_msg(qv_is_sealed(&type->h), "%s", type->name);
        QvSsize pos = 0;
        QvObj *key, *value;
        while (qv_dict_next(type->dict, &pos, &key, &value)) {
            ck_assert_msg(qv_is_sealed(key) && qv_is_sealed(value), "%s", type->name);
        }
    }
}
END_TEST

// ---- references that cross ----------------------------------------------------------------------

#if QV_DEBUG
static QvObj *foreign; // of another interpreter

static void count_up(void *arg) { qv_incref(qi, arg); }
static void count_down(void *arg) { qv_decref(qi, arg); }
static void into_list(void *arg) { qv_list_append(qi, qv_list_new(qi, 0), arg); }
static void into_list_take(void *arg) { qv_list_append_take(qi, qv_list_new(qi, 0), arg); }
static void into_tuple(void *arg) { qv_tuple_of(qi, 2, QV_NONE, arg); }
static void into_tuple_take(void *arg) { qv_tuple_from_array_take(qi, (QvObj *[]){arg}, 1); }
static void dict_value(void *arg) { qv_dict_set(qi, qv_dict_new(qi), QV_N(__name__), arg); }
static void dict_key(void *arg) { qv_dict_set(qi, qv_dict_new(qi), arg, QV_NONE); }
static void into_set(void *arg) { qv_set_add(qi, qv_set_new(qi, NULL), arg); }
static void into_slot(void *arg)
{
    QvObj *slot = NULL;
    qv_set_take(qi, &slot, arg);
}
static void pack(void *arg) { qv_msg_pack(qi, arg); }
static void pack_inside(void *arg)
{
    QvObj *list = qv_list_new(qi, 0);
    qv_list_append(qi, list, QV_NONE);
    qv_list_set(qi, list, 0, arg);
    qv_msg_pack(qi, list);
}
static void as_argument(void *arg) { qv_call1(qi, (QvObj *)&qv_list_type, arg); }
static void as_attribute(void *arg)
{
    QvObj *globals = run_text("class C: pass\nc = C()\n");
    QvObj *c = qv_dict_peek_str(globals, text("c"));
    qv_setattr(qi, c, QV_N(__name__), arg);
}
#endif

START_TEST(crossing_is_caught)
{
#if QV_DEBUG
    QvInstance *other = qv_instance_new(NULL);
    ck_assert_ptr_nonnull(other);
    ck_assert_int_eq(qv_attach(other), 0);
    foreign = qv_str_new_cstr(&other->qi, "a text of another interpreter");
    ck_assert_ptr_nonnull(foreign);
    qv_detach(other);
    void (*const acts[])(void *) = {
        count_up, count_down, into_list, into_list_take, into_tuple,  into_tuple_take, dict_value,
        dict_key, into_set,   into_slot, pack,           pack_inside, as_argument,     as_attribute,
    };
    for (size_t k = 0; k < sizeof acts / sizeof acts[0]; k++) {
        int sig = signal_of(acts[k], foreign);
        ck_assert_msg(sig == SIGILL || sig == SIGTRAP, "act %zu was not caught: %d", k, sig);
        QvObj *own = text("a text of this interpreter");
        ck_assert_msg(signal_of(acts[k], own) == 0, "act %zu is caught always", k);
        qv_decref(qi, own);
    }
    ck_assert_int_eq(qv_attach(other), 0);
    qv_decref(&other->qi, foreign);
    qv_detach(other);
    ck_assert_int_eq(qv_instance_free(other), 0);
#endif
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, shared_is_read_only);
    tcase_add_test(tests, shared_has_no_owner);
    tcase_add_test(tests, crossing_is_caught);
}

int main(void)
{
    static void (*const add[])(TCase *) = {add_tests};
    return run_cases("isolation", add, 1);
}
