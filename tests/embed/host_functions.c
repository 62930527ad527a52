// SPDX-License-Identifier: MIT
// Functions of the host: argument counts, raising, user data, calls back, errors inside.
#include "_check.h"

typedef struct Counter {
    int calls; // of the function
    int freed; // times the library gave it back
} Counter;

static QuiverValue *add(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    int64_t sum = 0;
    ((Counter *)user)->calls++;
    for (size_t i = 0; i < nargs; i++) {
        int64_t n;
        if (quiver_to_int(q, args[i], &n) < 0) {
            return NULL; // the error of the conversion goes on
        }
        sum += n;
    }
    return quiver_int(q, sum);
}

static void counter_free(void *user) { ((Counter *)user)->freed++; }

static QuiverValue *same(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user;
    return nargs ? quiver_retain(q, args[0]) : quiver_none(q);
}

static QuiverValue *fail(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user;
    char *type = NULL;
    if (nargs < 1 || quiver_to_str(q, args[0], &type, NULL) < 0) {
        return NULL;
    }
    quiver_raise(q, type, "as asked for");
    quiver_string_free(type);
    return NULL;
}

// Calls its first argument with the others.
static QuiverValue *apply(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user;
    return quiver_call(q, args[0], args + 1, nargs - 1, NULL, 0);
}

// Runs text; an error inside becomes a value.
static QuiverValue *attempt(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user;
    (void)nargs;
    char *source = NULL;
    if (quiver_to_str(q, args[0], &source, NULL) < 0) {
        return NULL;
    }
    int status = quiver_run(q, source, "<attempt>");
    quiver_string_free(source);
    return quiver_str(q, status < 0 ? quiver_error(q)->type : "fine", -1);
}

static QuiverValue *silent(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)q, (void)user, (void)args, (void)nargs;
    return NULL;
}

static QuiverValue *end_it(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user, (void)args, (void)nargs;
    return quiver_int(q, quiver_free(q)); // refused: this thread is inside
}

static QuiverValue *elsewhere(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)args, (void)nargs;
    Quiver *other = user;
    run(other, "seen += 1");
    return quiver_int(q, eval_int(other, "seen"));
}

int main(void)
{
    Quiver *q = fresh(), *other = fresh();
    Counter counter = {0};
    CHECK(quiver_register(q, NULL, "add", add, 1, 3, &counter, counter_free) == 0);
    CHECK(quiver_register(q, "host", "same", same, 0, SIZE_MAX, NULL, NULL) == 0);
    CHECK(quiver_register(q, "host", "fail", fail, 1, 1, NULL, NULL) == 0);
    CHECK(quiver_register(q, "host", "apply", apply, 1, SIZE_MAX, NULL, NULL) == 0);
    CHECK(quiver_register(q, "host", "attempt", attempt, 1, 1, NULL, NULL) == 0);
    CHECK(quiver_register(q, "host", "silent", silent, 0, 0, NULL, NULL) == 0);
    CHECK(quiver_register(q, "host", "end_it", end_it, 0, 0, NULL, NULL) == 0);
    CHECK(quiver_register(q, "host", "elsewhere", elsewhere, 0, 0, other, NULL) == 0);

    expect_eval(q, "add(1, 2)", "3");
    expect_eval(q, "add(1, 2, 39)", "42");
    CHECK(counter.calls == 2);
    CHECK(!quiver_eval(q, "add()"));
    expect_error(q, "TypeError", "add() takes at least 1 argument (0 given)");
    CHECK(!quiver_eval(q, "add(1, 2, 3, 4)"));
    expect_error(q, "TypeError", "add() takes at most 3 arguments (4 given)");
    CHECK(!quiver_eval(q, "add(1, b=2)"));
    expect_error(q, "TypeError", "add() takes no keyword arguments");
    CHECK(!quiver_eval(q, "add(1, 'x')"));
    expect_error(q, "TypeError", "'str' object cannot be interpreted as an integer");
    CHECK(counter.calls == 3);
    expect_eval(q, "add", "<host function add>");
    expect_eval(q, "add.__name__", "'add'");
    expect_eval(q, "list(map(add, [1, 2], [3, 4]))", "[4, 6]");

    run(q, "import host\nfrom host import *\n");
    run(q, "o = object()\nassert host.same(o, 1, 2) is o\nassert host.same() is None\n");
    CHECK(!quiver_eval(q, "host.silent(1)"));
    expect_error(q, "TypeError", "silent() takes exactly 0 arguments (1 given)");

    // Raising.
    CHECK(quiver_run(q, "host.fail('LookupError')", "up.py") == -1);
    expect_error(q, "LookupError", "as asked for");
    CHECK_TEXT(quiver_error(q)->traceback, "Traceback (most recent call last):\n"
                                           "  File \"up.py\", line 1, in <module>\n"
                                           "LookupError: as asked for\n");
    run(q, "try:\n    host.fail('KeyError')\nexcept KeyError as e:\n    got = e.args\n");
    expect_eval(q, "got", "('as asked for',)");
    CHECK(!quiver_eval(q, "host.fail('NoSuchError')"));
    expect_error(q, "RuntimeError", "NoSuchError: as asked for");
    CHECK(!quiver_eval(q, "host.silent()"));
    expect_error(q, "SystemError", "silent returned no value and raised nothing");

    // Calls back; the very exception comes through, with all its traceback.
    expect_eval(q, "host.apply(pow, 2, 10)", "1024");
    expect_eval(q, "host.apply(host.apply, host.apply, max, 3, 5)", "5");
    run(q, "class Mine(Exception): pass\n"
           "boom = Mine('from inside')\n"
           "def inner(): raise boom\n"
           "try:\n    host.apply(inner)\nexcept Mine as e:\n"
           "    assert e is boom\n"
           "    names, tb = [], e.__traceback__\n"
           "    while tb:\n"
           "        names.append(tb.tb_frame.f_code.co_name)\n"
           "        tb = tb.tb_next\n");
    expect_eval(q, "names", "['<module>', 'inner']");
    expect_eval(q, "host.attempt('x = 1 // 0')", "'ZeroDivisionError'");
    expect_eval(q, "host.attempt('x = 7')", "'fine'");
    expect_eval(q, "x", "7");
    // An error that a host function dealt with is not the error of the next one.
    CHECK(!quiver_eval(q, "[host.attempt('1 // 0'), host.silent()]"));
    expect_error(q, "SystemError", "silent returned no value and raised nothing");
    run(q, "def deep(n): return host.apply(deep, n + 1)\n"
           "try:\n    deep(0)\nexcept RecursionError:\n    deepest = True\n");
    expect_eval(q, "deepest", "True");

    // Two interpreters on one thread; ending from inside is refused.
    run(other, "seen = 0");
    expect_eval(q, "[host.elsewhere() for _ in range(3)]", "[1, 2, 3]");
    expect_eval(q, "host.end_it()", "-1");

    // User data goes when the function does.
    CHECK(counter.freed == 0);
    run(q, "keep = add\ndel add\n");
    CHECK(counter.freed == 0);
    run(q, "del keep\n");
    CHECK(counter.freed == 1);
    Counter last = {0};
    CHECK(quiver_register(q, NULL, "again", add, 0, 9, &last, counter_free) == 0);
    CHECK(quiver_free(q) == 0);
    CHECK(last.freed == 1);
    return quiver_free(other);
}
