// SPDX-License-Identifier: MIT
// The collector, finalizers, weak references, deep nests.
#include "_python.h"

#include <pthread.h>

#include "object/gc.h"
#include "object/weakref.h"

static QvObj *get(QvObj *globals, const char *name)
{
    QvObj *key = text(name);
    QvObj *v = qv_dict_peek_str(globals, key);
    qv_decref(qi, key);
    ck_assert_ptr_nonnull(v);
    return v;
}

static uint64_t all_collected(void)
{
    const QvGcStats *s = qi->gc.stats;
    return s[0].collected + s[1].collected + s[2].collected;
}

START_TEST(test_cycles)
{
    ck_assert_int_ge(qv_gc_collect(qi), 0);
    size_t before = qv_heap_gc_count(&qi->heap);
    for (int i = 0; i < 100; i++) {
        QvObj *a = qv_list_new(qi, 1);
        QvObj *b = qv_dict_new(qi);
        QvObj *t = qv_tuple_of(qi, 1, b);
        ck_assert_int_eq(qv_list_append(qi, a, t), 0);
        ck_assert_int_eq(qv_dict_set_cstr(qi, b, "a", a), 0);
        qv_decref(qi, a);
        qv_decref(qi, b);
        qv_decref(qi, t);
    }
    ck_assert_uint_eq(qv_heap_gc_count(&qi->heap), before + 300);
    ck_assert_int_eq(qv_gc_collect(qi), 300);
    ck_assert_uint_eq(qv_heap_gc_count(&qi->heap), before);
}
END_TEST

START_TEST(test_reachable_stays)
{
    QvObj *outer = qv_list_new(qi, 1);
    QvObj *inner = qv_list_new(qi, 1);
    ck_assert_int_eq(qv_list_append(qi, outer, inner), 0);
    ck_assert_int_eq(qv_list_append(qi, inner, outer), 0);
    qv_decref(qi, inner);
    ck_assert_int_eq(qv_gc_collect(qi), 0);
    ck_assert_int_eq(qv_list_len(outer), 1);
    qv_decref(qi, outer);
    ck_assert_int_eq(qv_gc_collect(qi), 2);
}
END_TEST

START_TEST(test_finalizers)
{
    QvObj *g =
        run_text("log = []\n"
                 "class A:\n    def __init__(self, n): self.n = n\n    def __del__(self): "
                 "log.append(self.n)\n"
                 "a = A(1); a.me = a; del a\n"
                 "class R:\n    def __del__(self):\n        global saved\n        saved = self\n"
                 "x = R(); x.me = x; x.part = A(2); del x\n");
    ck_assert_ptr_nonnull(g);
    QvSsize found = qv_gc_collect(qi);
    ck_assert(found == 1 || QV_HARD); // a hard build has collected before
    // The second came back to life, with all it holds, and is finalized no more.
    QvObj *name = text("part");
    QvObj *part = qv_getattr(qi, get(g, "saved"), name);
    ck_assert_ptr_nonnull(part);
    qv_decref(qi, part);
    expect_repr_take(qv_new_ref(qi, get(g, "log")), "[1, 2]");
    ck_assert_int_eq(qv_dict_set_cstr(qi, g, "saved", QV_NONE), 0);
    ck_assert_int_ge(qv_gc_collect(qi), 1);
    expect_repr_take(qv_new_ref(qi, get(g, "log")), "[1, 2]");
    qv_decref(qi, name);
    qv_decref(qi, g);
}
END_TEST

START_TEST(test_weakrefs)
{
    QvObj *g =
        run_text("class A: pass\na = A(); log = []\ndef cb(ref): log.append(ref() is None)\n");
    ck_assert_ptr_nonnull(g);
    QvObj *a = get(g, "a");
    QvObj *r1 = qv_weakref_new(qi, a, NULL);
    QvObj *r2 = qv_weakref_new(qi, a, NULL);
    QvObj *r3 = qv_weakref_new(qi, a, get(g, "cb"));
    QvObj *proxy = qv_weakproxy_new(qi, a, NULL);
    ck_assert_ptr_eq(r1, r2);
    ck_assert_ptr_ne(r1, r3);
    ck_assert_int_eq(qv_weakref_count(qi, a), 3);
    QvObj *x = text("x");
    ck_assert_int_eq(qv_setattr(qi, proxy, x, num(5)), 0);
    QvObj *v = qv_getattr(qi, a, x);
    ck_assert_ptr_eq(v, num(5));
    QvObj *target = qv_weakref_get(qi, r1);
    ck_assert_ptr_eq(target, a);
    qv_decref(qi, target);
    ck_assert_int_eq(qv_dict_set_cstr(qi, g, "a", QV_NONE), 0);
    ck_assert_ptr_null(qv_weakref_get(qi, r1));
    ck_assert_ptr_null(qv_getattr(qi, proxy, x));
    expect_error(&qv_exc_ReferenceError, "weakly-referenced object no longer exists");
    expect_repr_take(qv_new_ref(qi, get(g, "log")), "[True]");
    ck_assert_ptr_null(qv_weakref_new(qi, num(5), NULL));
    expect_error(&qv_exc_TypeError, "cannot create weak reference to 'int' object");
    QvObj *of_type = qv_weakref_new(qi, &qv_int_type.h, NULL);
    ck_assert_ptr_nonnull(of_type);
    QvObj *drop[] = {r1, r2, r3, proxy, x, of_type, g};
    for (size_t i = 0; i < sizeof(drop) / sizeof(drop[0]); i++) {
        qv_decref(qi, drop[i]);
    }
}
END_TEST

START_TEST(test_weakref_to_garbage)
{
    QvObj *g = run_text(
        "class A: pass\na = A(); a.me = a; log = []\ndef cb(ref): log.append(ref() is None)\n");
    ck_assert_ptr_nonnull(g);
    QvObj *a = get(g, "a");
    QvObj *outside = qv_weakref_new(qi, a, get(g, "cb"));
    QvObj *inside = qv_weakref_new(qi, a, get(g, "cb"));
    QvObj *name = text("ref");
    ck_assert_int_eq(qv_setattr(qi, a, name, inside), 0);
    qv_decref(qi, inside);
    ck_assert_int_eq(qv_dict_set_cstr(qi, g, "a", QV_NONE), 0);
    ck_assert_int_ge(qv_gc_collect(qi), 2);
    // The reference that was garbage itself did not call back.
    expect_repr_take(qv_new_ref(qi, get(g, "log")), "[True]");
    ck_assert_ptr_null(qv_weakref_get(qi, outside));
    qv_decref(qi, outside);
    qv_decref(qi, name);
    qv_decref(qi, g);
}
END_TEST

START_TEST(test_deep_nest)
{
    QvObj *deep = qv_list_new(qi, 0);
    for (int i = 0; i < 1000000; i++) {
        QvObj *outer = qv_list_new(qi, 1);
        ck_assert_int_eq(qv_list_append_take(qi, outer, deep), 0);
        deep = outer;
    }
    qv_decref(qi, deep);
    ck_assert_ptr_null(qi->ts->dealloc_queue);
    ck_assert_uint_eq(qi->ts->dealloc_depth, 0);
    expect_result(
        "class N:\n    def __init__(self, n): self.n = n\n    def __del__(self): count[0] += 1\n"
        "count = [0]; d = None\nfor i in range(20000): d = N(d)\ndel d\nr = count",
        "[20000]");
}
END_TEST

// ---- stops --------------------------------------------------------------------------------------

static bool has_stopped; // atomic

static void *stop_after(void *turns)
{
    for (volatile size_t k = (size_t)(uintptr_t)turns; k > 0; k--) {}
    qv_poll_set(qi, QV_POLL_STOP);
    __atomic_store_n(&has_stopped, true, __ATOMIC_RELEASE);
    return NULL;
}

// In place of interpreters/safepoint.c, which takes the flag away since nobody stops this
// interpreter, and lets a collection begin again: as if the stop's handlers went on.
static int stay_stopped(QvInterp *interp, uint32_t reasons)
{
    (void)interp, (void)reasons;
    return 0;
}

static QvSsize number(QvObj *globals, const char *name)
{
    return (QvSsize)qv_int_value(get(globals, name));
}

// Whenever a stop comes, a collection that it cuts short has changed nothing that anybody can see,
// and later ones find what there is to find.
START_TEST(test_stops)
{
    QvObj *g = run_text("import _weakref\n"
                        "class A:\n    def __init__(self, n):\n"
                        "        self.me = self; self.parts = [self, {n: [self, (self, [])]}]\n"
                        "    def __del__(self):\n        global ended\n        ended += 1\n"
                        "        if ended % 7 == 0: saved.append(self)\n"
                        "ended = called = 0\nsaved = []\nrefs = []\n"
                        "kept = [{i: [i]} for i in range(3000)]\nmany = [kept] * 200000\n"
                        "def call(r):\n    global called\n    called += 1\n"
                        "def make():\n"
                        "    for i in range(100): refs.append(_weakref.ref(A(i), call))\n");
    ck_assert_ptr_nonnull(g);
    QvObj *make = get(g, "make"), *kept = get(g, "kept");
    QvSsize total = 0;
    qv_gc_enable(qi, false); // (only those below)
    __typeof__(qi->hooks.safepoint) safepoint = qi->hooks.safepoint;
    qi->hooks.safepoint = stay_stopped;
    for (size_t turns = 0; turns < 400000; turns += turns / 8 + 1000) {
        QvObj *r = qv_call0(qi, make);
        ck_assert_ptr_nonnull(r);
        qv_decref(qi, r);
        total += 100;
        int32_t refs = kept->refs;
        pthread_t thread;
        has_stopped = false;
        ck_assert_int_eq(pthread_create(&thread, NULL, stop_after, (void *)turns), 0);
        do {
            ck_assert_int_ge(qv_gc_collect(qi), 0);
        } while (!__atomic_load_n(&has_stopped, __ATOMIC_ACQUIRE));
        ck_assert_int_eq(pthread_join(thread, NULL), 0);
        ck_assert_int_eq(qv_gc_collect(qi), 0); // a stop has come
        ck_assert_int_eq(kept->refs, refs);
        __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_STOP, __ATOMIC_ACQ_REL);
        qv_dealloc_resume(qi);
        ck_assert_int_ge(qv_gc_collect(qi), 0);
        ck_assert(!qi->gc.stale);
        ck_assert_int_eq(number(g, "ended"), total);
        ck_assert_int_eq(number(g, "called"), total);
        ck_assert_int_eq(qv_list_len(get(g, "saved")), total / 7);
    }
    qi->hooks.safepoint = safepoint;
    qv_gc_enable(qi, true);
    qv_decref(qi, g);
    ck_assert_int_ge(qv_gc_collect(qi), 0);
}
END_TEST

// More references than a header can count.
START_TEST(test_many_references)
{
    ck_assert_int_ge(qv_gc_collect(qi), 0);
    QvObj *x = qv_list_new(qi, 0), *all = qv_list_new(qi, 0);
    for (int i = 0; i < 200000; i++) {
        ck_assert_int_eq(qv_list_append(qi, all, x), 0);
    }
    ck_assert_int_eq(qv_list_append(qi, x, all), 0);
    qv_decref(qi, all);
    ck_assert_int_eq(qv_gc_collect(qi), 0);
    ck_assert_int_eq(x->refs, 200001);
    qv_decref(qi, x);
    ck_assert_int_eq(qv_gc_collect(qi), 2);
}
END_TEST

START_TEST(test_types_are_collected)
{
    ck_assert_int_ge(qv_gc_collect(qi), 0);
    size_t before = qv_heap_gc_count(&qi->heap);
    uint64_t collected = all_collected();
    for (int i = 0; i < 50; i++) { // some are collected here already, in hard mode most
        QvObj *g = run_text("class A:\n    def f(self): return self\nclass B(A): __slots__ = "
                            "('q',)\na = B(); a.q = B; a.w = a\n");
        ck_assert_ptr_nonnull(g);
        qv_decref(qi, g);
    }
    ck_assert_int_ge(qv_gc_collect(qi), 0);
    ck_assert_int_ge(qv_gc_collect(qi), 0);
    ck_assert_uint_gt(all_collected() - collected, 100);
    ck_assert_uint_eq(qv_heap_gc_count(&qi->heap), before);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, test_cycles);
    tcase_add_test(tests, test_reachable_stays);
    tcase_add_test(tests, test_finalizers);
    tcase_add_test(tests, test_weakrefs);
    tcase_add_test(tests, test_weakref_to_garbage);
    tcase_add_test(tests, test_deep_nest);
    tcase_add_test(tests, test_stops);
    tcase_add_test(tests, test_many_references);
    tcase_add_test(tests, test_types_are_collected);
}

int main(void)
{
    void (*cases[])(TCase *) = {add};
    return run_cases("gc", cases, 1);
}
