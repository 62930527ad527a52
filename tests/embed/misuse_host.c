// SPDX-License-Identifier: MIT
// libs: -lcjson -pthread

// Mistakes with scopes, views, host functions, types and modules: NULL everywhere, threads that
// never entered, calls from inside, calls while the interpreter is destroyed.
#include <cjson/cJSON.h>
#include <pthread.h>

#include "_check.h"

static Quiver *q;
static QuiverValue *own, *foreign;

// Every function that takes values, with a bad one.
static void bad_values(Quiver *in, QuiverValue *bad)
{
    QuiverValue *out;
    QuiverView view;
    int64_t n;
    uint64_t u;
    double re, im;
    char *text;
    size_t pos = 0;
    int failures =
        (quiver_has_attr(in, bad, "x") == -1) + (quiver_del_attr(in, bad, "x") == -1) +
        (quiver_set_item_named(in, bad, "x", own) == -1) + (quiver_del_item(in, bad, own) == -1) +
        (quiver_contains(in, bad, own) == -1) + (quiver_append(in, bad, own) == -1) +
        (quiver_add(in, bad, own) == -1) + (quiver_next(in, bad, &out) == -1) +
        (quiver_dict_next(in, bad, &pos, &out, &out) == -1) +
        (quiver_compare(in, bad, own, QUIVER_EQ) == -1) + (quiver_hash(in, bad, &n) == -1) +
        (quiver_is_instance(in, bad, own) == -1) + (quiver_is_callable(in, bad) == -1) +
        (quiver_type_name(in, bad, &text) == -1) + (quiver_to_uint(in, bad, &u) == -1) +
        (quiver_to_complex(in, bad, &re, &im) == -1) + (quiver_to_int_text(in, bad, &text) == -1) +
        (quiver_to_text(in, bad, &text, NULL) == -1) + (quiver_view_str(in, bad, &view) == -1) +
        (quiver_view_bytes(in, bad, false, &view) == -1) +
        (quiver_format_exception(in, bad, &text) == -1);
    CHECK(failures == 21);
    CHECK(!quiver_item_at(in, bad, 0) && !quiver_item_named(in, bad, "x") && !quiver_iter(in, bad));
    CHECK(!quiver_call_method(in, bad, "x", NULL, 0, NULL, 0) && !quiver_type_of(in, bad));
    CHECK(!quiver_set_of(in, &bad, 1) && !quiver_frozenset_of(in, &bad, 1));
    CHECK(!quiver_raise_value(in, bad, NULL) && !quiver_scope_keep(in, bad));
    CHECK(!quiver_host_data(in, bad, NULL) && !view.internal);
}

static void bad_pointers(void)
{
    static const QuiverFunctionDef nameless = {0}, no_fn = {.name = "f"};
    CHECK(quiver_register_def(q, NULL, NULL, NULL, NULL) == -1);
    CHECK(quiver_register_def(q, NULL, &nameless, NULL, NULL) == -1);
    CHECK(!quiver_function(q, &no_fn, NULL, NULL));
    expect_error(q, "ValueError", "fn is NULL");
    CHECK(quiver_register_def(NULL, NULL, &no_fn, NULL, NULL) == -1);
    CHECK(!quiver_int_text(q, NULL) && !quiver_int_text(NULL, "1"));
    CHECK(quiver_view_str(q, own, NULL) == -1 && quiver_view_bytes(q, own, false, NULL) == -1);
    CHECK(quiver_next(q, own, NULL) == -1 && quiver_dict_next(q, own, NULL, NULL, NULL) == -1);
    CHECK(quiver_hash(q, own, NULL) == -1 && quiver_type_name(q, own, NULL) == -1);
    CHECK(quiver_has_attr(q, own, NULL) == -1 && !quiver_item_named(q, own, NULL));
    CHECK(!quiver_call_method(q, own, NULL, NULL, 0, NULL, 0));
    CHECK(quiver_format_exception(q, own, NULL) == -1);
    CHECK(!quiver_module_state(q, NULL) && !quiver_module_state(NULL, NULL));
    quiver_view_release(q, NULL);
    quiver_view_release(NULL, &(QuiverView){0});
    quiver_config_fini(&(QuiverConfig){0});
    quiver_error_clear(q);
    CHECK(!quiver_error_value(q));
}

static void count(void *user) { ++*(int *)user; }

static QuiverValue *any(Quiver *in, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user, (void)args, (void)nargs;
    return quiver_none(in);
}

// `user` is freed exactly once, whatever happens.
static void taken(void)
{
    static const QuiverFunctionDef bad = {"f", any, "(a, ", NULL}, good = {"f", any, NULL, NULL};
    int freed = 0;
    CHECK(quiver_register(q, NULL, NULL, any, 0, 0, &freed, count) == -1 && freed == 1);
    CHECK(quiver_register(NULL, NULL, "f", any, 0, 0, &freed, count) == -1 && freed == 2);
    CHECK(quiver_register(q, NULL, "f", any, 2, 1, &freed, count) == -1 && freed == 3);
    CHECK(quiver_register_def(q, NULL, &bad, &freed, count) == -1 && freed == 4);
    expect_error(q, "ValueError", "bad signature of f: (a, ");
    CHECK(!quiver_function(q, &bad, &freed, count) && freed == 5);
    CHECK(!quiver_function(NULL, &good, &freed, count) && freed == 6);
    QuiverValue *f = quiver_function(q, &good, &freed, count);
    CHECK(f && freed == 6);
    expect_repr_take(q, quiver_call(q, f, &own, 1, NULL, 0), "None");
    quiver_release(q, f);
    CHECK(freed == 7);
}

// A thread that never entered: every call enters for itself.
static void *stranger(void *arg)
{
    QuiverValue *list = arg, *it = quiver_iter(q, list), *item;
    CHECK(!quiver_scope_close(q, NULL) && !quiver_error_value(q));
    quiver_leave(q);
    for (int k = 0; k < 200; k++) {
        CHECK(quiver_scope_open(q) == 0);
        quiver_retain(q, list);
        CHECK(quiver_append(q, list, quiver_int(q, 100000 + k)) == 0);
        CHECK(!quiver_eval(q, "nothing_of_this_name"));
        CHECK(!quiver_scope_close(q, NULL));
        expect_error(q, "NameError", NULL); // this thread's own
    }
    CHECK(quiver_next(q, it, &item) == 1);
    quiver_release(q, item);
    quiver_release(q, it);
    return NULL;
}

static void threads(void)
{
    pthread_t t[3];
    QuiverValue *list = quiver_list(q, NULL, 0);
    for (int k = 0; k < 3; k++) {
        pthread_create(&t[k], NULL, stranger, list);
    }
    QuiverStats stats;
    for (int k = 0; k < 1000; k++) {
        quiver_stats(q, &stats);
    }
    for (int k = 0; k < 3; k++) {
        pthread_join(t[k], NULL);
    }
    CHECK(quiver_length(q, list) == 600);
    quiver_release(q, list);
}

// ---- calls while the interpreter is destroyed ----

static int ended;

static void at_the_end(Quiver *in, void *data)
{
    (void)data;
    ended++;
    CHECK(quiver_free(in) == -1);
    CHECK(quiver_run(in, "x = 1", "late") == -1 && !quiver_eval(in, "1"));
    expect_error(in, "RuntimeError", "the interpreter is ending");
    CHECK(!quiver_import(in, "math") && !quiver_get(in, "x") && quiver_set(in, "x", NULL) == -1);
    CHECK(quiver_run_file(in, "/nothing") == -1 && quiver_run_module(in, "this") == -1);
    CHECK(quiver_register(in, NULL, "f", any, 0, 0, NULL, NULL) == -1);
    // Values still work.
    CHECK(quiver_scope_open(in) == 0);
    QuiverValue *items[] = {quiver_int(in, 100000), quiver_str(in, "late", -1)};
    QuiverValue *list = quiver_list(in, items, 2);
    CHECK(quiver_length(in, list) == 2 && quiver_contains(in, list, items[1]) == 1);
    char *text;
    CHECK(quiver_repr(in, list, &text, NULL) == 0);
    CHECK_TEXT(text, "[100000, 'late']");
    quiver_string_free(text);
    CHECK(!quiver_raise(in, "ValueError", "nobody sees this"));
    CHECK(!quiver_item_at(in, list, 7));
    CHECK(!quiver_scope_close(in, NULL));
    QuiverStats stats;
    quiver_stats(in, &stats);
    cJSON_Delete(quiver_census(in));
    cJSON_Delete(quiver_error_cjson(in));
    quiver_flush(in);
}

static const QuiverType late = {
    .struct_size = sizeof late, .name = "Late", .destroy = at_the_end, .flags = QUIVER_TYPE_DICT};
static const QuiverType late_holder = {.struct_size = sizeof late_holder, .name = "Holder"};

static void endings(void)
{
    Quiver *e = fresh();
    static const char *const places[] = {"o1.me = o1",
                                         "import sys; sys.late = o2",
                                         "import builtins; builtins.late = o3",
                                         "import threading; threading.local().x = o4",
                                         "import math; math.late = o5",
                                         "class K: pass\nK.o = o6\nK.k = K",
                                         "def g():\n    yield o7\ng7 = g(); next(g7)",
                                         "import atexit; atexit.register(lambda: o8)",
                                         "sys.modules['late'] = o9",
                                         "import weakref; weakref.finalize(o10, print, end='')"};
    int n = sizeof places / sizeof *places;
    for (int k = 1; k <= n; k++) {
        char name[16];
        snprintf(name, sizeof name, "o%d", k);
        QuiverValue *o = quiver_object(e, &late, NULL);
        CHECK(quiver_set(e, name, o) == 0);
        quiver_release(e, o);
        run(e, places[k - 1]);
    }
    QuiverValue *leaked = quiver_object(e, &late_holder, NULL);
    CHECK(quiver_set(e, "h", leaked) == 0);
    quiver_release(e, leaked);
    CHECK(quiver_free(e) == 0);
    CHECK(ended == n);
}

// ---- from inside ----

static int depth;

// A property whose getter uses the object again, changes its class and drops it.
static QuiverValue *again(Quiver *in, QuiverValue *self, void *data)
{
    (void)data;
    if (++depth < 20) {
        QuiverValue *v = quiver_attr(in, self, "again");
        quiver_release(in, v);
    }
    run(in, "obj = None");
    return quiver_int(in, depth);
}

static const QuiverPropertyDef again_property[] = {{"again", again, NULL, NULL}, {0}};
static const QuiverType inside = {
    .struct_size = sizeof inside, .name = "Inside", .properties = again_property};

int main(void)
{
    q = fresh();
    Quiver *other = fresh();
    own = quiver_int(q, 1 << 20);
    foreign = eval(other, "[1, 2]");
    bad_values(q, NULL);
    bad_values(q, foreign);
    bad_values(NULL, own);
    bad_pointers();
    taken();
    threads();
    endings();
    QuiverValue *o = quiver_object(q, &inside, NULL);
    CHECK(quiver_set(q, "obj", o) == 0);
    quiver_release(q, o);
    CHECK(eval_int(q, "obj.again") == 20);
    quiver_release(other, foreign);
    quiver_release(q, own);
    return quiver_free(q) | quiver_free(other);
}
