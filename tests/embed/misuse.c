// SPDX-License-Identifier: MIT
// Mistakes of the host give errors: NULL, values of another interpreter, leaving what was not
// entered.
#include <limits.h>
#include <stdint.h>

#include "_check.h"

static const char *const null_text;
static Quiver *q, *other;
static QuiverValue *own, *foreign;

static void expect_misuse(const char *message) { expect_error(q, "ValueError", message); }

static void null_interpreter(void)
{
    quiver_enter(NULL);
    quiver_leave(NULL);
    quiver_interrupt(NULL);
    quiver_flush(NULL);
    quiver_error_clear(NULL);
    quiver_config_init(NULL);
    quiver_release(NULL, own);
    quiver_stats(NULL, &(QuiverStats){0});
    CHECK(quiver_free(NULL) == 0);
    CHECK(quiver_enter(NULL) == -1);
    CHECK(quiver_run(NULL, "1", "x") == -1);
    CHECK(!quiver_eval(NULL, "1") && !quiver_int(NULL, 1) && !quiver_str(NULL, "x", -1));
    CHECK(!quiver_retain(NULL, own) && !quiver_raise(NULL, "ValueError", "x"));
    CHECK_TEXT(quiver_error(NULL)->type, "ValueError");
    CHECK_TEXT(quiver_error(NULL)->message, "the interpreter is NULL");
}

static void null_texts(void)
{
    CHECK(quiver_run(q, null_text, "x") == -1);
    expect_misuse("source is NULL");
    CHECK(quiver_run(q, "y = 1", NULL) == 0); // a default
    CHECK(!quiver_eval(q, null_text));
    expect_misuse("expression is NULL");
    CHECK(quiver_run_file(q, null_text) == -1);
    expect_misuse("path is NULL");
    CHECK(quiver_run_module(q, null_text) == -1);
    expect_misuse("name is NULL");
    CHECK(quiver_run_interactive(q, null_text, NULL) == -1);
    expect_misuse("source is NULL");
    CHECK(!quiver_import(q, null_text));
    expect_misuse("name is NULL");
    CHECK(!quiver_get(q, null_text));
    expect_misuse("name is NULL");
    CHECK(quiver_set(q, null_text, own) == -1);
    expect_misuse("name is NULL");
    CHECK(!quiver_attr(q, own, null_text));
    expect_misuse("name is NULL");
    CHECK(quiver_set_attr(q, own, null_text, own) == -1);
    expect_misuse("name is NULL");
    char *text;
    CHECK(quiver_show_code(q, null_text, null_text, false, &text) == -1);
    expect_misuse("filename is NULL");
    CHECK(quiver_show_code(q, "x = 1", "x", false, NULL) == -1);
    expect_misuse("ret is NULL");
    CHECK(!quiver_str(q, null_text, -1));
    expect_misuse("utf8 is NULL");
    CHECK(!quiver_bytes(q, NULL, 3));
    expect_misuse("data is NULL");
    CHECK(!quiver_bytes(q, "x", SIZE_MAX));
    expect_error(q, "MemoryError", NULL);
    expect_repr_take(q, quiver_bytes(q, NULL, 0), "b''");
    expect_repr_take(q, quiver_str(q, NULL, 0), "''");
}

// Each function with a value that will not do: NULL or foreign.
static void bad_values(QuiverValue *bad, const char *message)
{
    QuiverValue *array[] = {own, bad};
    int64_t n;
    double d;
    bool b;
    char *text;
    CHECK(quiver_set(q, "x", bad) == -1);
    expect_misuse(message);
    CHECK(!quiver_attr(q, bad, "x"));
    expect_misuse(message);
    CHECK(quiver_set_attr(q, bad, "x", own) == -1 && quiver_set_attr(q, own, "x", bad) == -1);
    expect_misuse(message);
    CHECK(!quiver_item(q, bad, own) && !quiver_item(q, own, bad));
    expect_misuse(message);
    CHECK(quiver_set_item(q, bad, own, own) == -1 && quiver_set_item(q, own, bad, own) == -1);
    CHECK(quiver_set_item(q, own, own, bad) == -1);
    expect_misuse(message);
    CHECK(quiver_length(q, bad) == -1);
    expect_misuse(message);
    CHECK(!quiver_call(q, bad, NULL, 0, NULL, 0));
    expect_misuse(message);
    QuiverValue *print = eval(q, "print");
    CHECK(!quiver_call(q, print, array, 2, NULL, 0));
    expect_misuse(message);
    CHECK(!quiver_call(q, print, array, 1, &(const char *){"end"}, 1));
    expect_misuse(message);
    quiver_release(q, print);
    CHECK(!quiver_list(q, array, 2) && !quiver_tuple(q, array, 2));
    expect_misuse(message);
    CHECK(!quiver_retain(q, bad));
    expect_misuse(message);
    CHECK(quiver_to_bool(q, bad, &b) == -1 && quiver_to_float(q, bad, &d) == -1);
    CHECK(quiver_to_int(q, bad, &n) == -1);
    expect_misuse(message);
    CHECK(quiver_to_str(q, bad, &text, NULL) == -1 && quiver_repr(q, bad, &text, NULL) == -1);
    CHECK(quiver_to_bytes(q, bad, &text, NULL) == -1);
    expect_misuse(message);
    CHECK(!quiver_to_cjson(q, bad));
    expect_misuse(message);
}

static void arrays(void)
{
    QuiverValue *print = eval(q, "print");
    CHECK(!quiver_call(q, print, NULL, 2, NULL, 0));
    expect_misuse("the array of values is NULL");
    CHECK(!quiver_call(q, print, &own, 0, &null_text, 1));
    expect_misuse("a keyword's name is NULL");
    CHECK(!quiver_call(q, print, &own, SIZE_MAX / 2, NULL, 0));
    expect_error(q, "MemoryError", NULL);
    CHECK(!quiver_list(q, NULL, 1));
    expect_misuse("the array of values is NULL");
    CHECK(!quiver_from_cjson(q, NULL));
    expect_misuse("not a JSON tree");
    CHECK(quiver_to_int(q, own, NULL) == -1);
    expect_misuse("ret is NULL");
    CHECK(quiver_kind(q, NULL) == QUIVER_OTHER);
    quiver_stats(q, NULL);
    quiver_release(q, print);
}

static QuiverValue *gives_foreign(Quiver *in, void *user, QuiverValue *const *args, size_t n)
{
    (void)in, (void)user, (void)args, (void)n;
    return foreign;
}

static QuiverValue *leaves_too_often(Quiver *in, void *user, QuiverValue *const *args, size_t n)
{
    (void)user, (void)args, (void)n;
    quiver_leave(in);
    quiver_leave(in);
    CHECK(quiver_enter(in) == 0);
    quiver_leave(in);
    quiver_leave(in);
    CHECK(quiver_free(in) == -1); // this thread is inside
    return quiver_int(in, 7);
}

static QuiverValue *enters_only(Quiver *in, void *user, QuiverValue *const *args, size_t n)
{
    (void)user, (void)args, (void)n;
    CHECK(quiver_enter(in) == 0 && quiver_enter(in) == 0);
    return quiver_int(in, 8);
}

static QuiverValue *says_nothing(Quiver *in, void *user, QuiverValue *const *args, size_t n)
{
    (void)in, (void)user, (void)args, (void)n;
    return NULL;
}

static void host_functions(void)
{
    CHECK(quiver_register(q, NULL, NULL, says_nothing, 0, 0, NULL, NULL) == -1);
    expect_misuse("name is NULL");
    CHECK(quiver_register(q, NULL, "f", NULL, 0, 0, NULL, NULL) == -1);
    expect_misuse("fn is NULL");
    CHECK(quiver_register(q, NULL, "f", says_nothing, 2, 1, NULL, NULL) == -1);
    expect_misuse("min_args is larger than max_args");
    CHECK(quiver_register(q, NULL, "gives_foreign", gives_foreign, 0, 0, NULL, NULL) == 0);
    CHECK(quiver_run(q, "gives_foreign()", "x") == -1);
    expect_misuse("the value belongs to another interpreter");
    CHECK(quiver_register(q, NULL, "leaves", leaves_too_often, 0, 0, NULL, NULL) == 0);
    CHECK(quiver_register(q, NULL, "enters", enters_only, 0, 0, NULL, NULL) == 0);
    CHECK(eval_int(q, "leaves() + enters()") == 15);
    CHECK(quiver_register(q, NULL, "nothing", says_nothing, 0, 0, NULL, NULL) == 0);
    CHECK(quiver_run(q, "nothing()", "x") == -1);
    expect_error(q, "SystemError", NULL);
    CHECK(!quiver_raise(q, "KeyError", "outside"));
    expect_error(q, "KeyError", "'outside'");
    run(q, "y = 2"); // and nothing of it is left
    CHECK(!quiver_raise(q, NULL, NULL));
    expect_error(q, "RuntimeError", "");
}

static void configurations(void)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.argc = 3;
    config.npath = 2;
    config.nwarn = 1; // but no arrays
    Quiver *odd = quiver_new(&config);
    CHECK(odd && eval_int(odd, "len(__import__('sys').argv)") <= 1);
    CHECK(quiver_free(odd) == 0);
    const char *argv[] = {"a", NULL, "b"};
    config.argv = argv;
    config.npath = INT_MIN;
    config.nwarn = -1;
    config.optimize = 77;
    odd = quiver_new(&config);
    CHECK(odd && eval_int(odd, "len(__import__('sys').argv)") == 1);
    CHECK(quiver_free(odd) == 0);
    memset(&config, 0, sizeof config); // not initialised with quiver_config_init
    odd = quiver_new(&config);
    CHECK(odd && eval_int(odd, "1 + 1") == 2);
    CHECK(quiver_free(odd) == 0);
    quiver_config_init(&config);
    config.memory_limit = 1;
    CHECK(!quiver_new(&config));
}

int main(void)
{
    q = fresh();
    other = fresh();
    own = quiver_int(q, 1 << 20);
    foreign = eval(other, "[1, 2]");
    null_interpreter();
    null_texts();
    bad_values(NULL, "a value is NULL");
    bad_values(foreign, "the value belongs to another interpreter");
    arrays();
    host_functions();
    configurations();
    quiver_leave(q); // never entered
    quiver_release(q, foreign);
    expect_misuse("the value belongs to another interpreter");
    CHECK(eval_int(q, "y") == 2);
    expect_repr_take(other, foreign, "[1, 2]");
    quiver_release(q, own);
    return quiver_free(q) | quiver_free(other);
}
