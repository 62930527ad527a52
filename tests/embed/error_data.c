// SPDX-License-Identifier: MIT
// Errors as data: frames, chains, the exception object, raising objects and classes.
// libs: -lcjson
#include <cjson/cJSON.h>

#include "_check.h"

static const char *text_of(const cJSON *o, const char *key)
{
    const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, key));
    return s ? s : "(none)";
}

static QuiverValue *wrap(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user, (void)nargs;
    QuiverValue *v = quiver_call(q, args[0], NULL, 0, NULL, 0);
    return v ? v : quiver_raise(q, "RuntimeError", "the plugin failed");
}

// raise args[0] [from args[1]]
static QuiverValue *raise(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user;
    return quiver_raise_value(q, args[0], nargs > 1 ? args[1] : NULL);
}

static void frames(Quiver *q)
{
    CHECK(quiver_run(q,
                     "def inner(x):\n"
                     "    return 1 // x\n"
                     "def outer():\n"
                     "    try:\n"
                     "        inner(0)\n"
                     "    except ZeroDivisionError as e:\n"
                     "        e.add_note('a note')\n"
                     "        raise KeyError('k') from e\n"
                     "outer()\n",
                     "plugin.py") == -1);
    cJSON *o = quiver_error_cjson(q);
    CHECK_TEXT(text_of(o, "type"), "KeyError");
    CHECK_TEXT(text_of(o, "module"), "builtins");
    CHECK_TEXT(text_of(o, "message"), "'k'");
    CHECK_TEXT(text_of(o, "traceback"), quiver_error(q)->traceback);
    cJSON *f = cJSON_GetObjectItem(o, "frames");
    CHECK(cJSON_GetArraySize(f) == 2);
    CHECK_TEXT(text_of(cJSON_GetArrayItem(f, 1), "file"), "plugin.py");
    CHECK_TEXT(text_of(cJSON_GetArrayItem(f, 1), "function"), "outer");
    CHECK(cJSON_GetObjectItem(cJSON_GetArrayItem(f, 1), "line")->valueint == 8);
    cJSON *cause = cJSON_GetObjectItem(o, "cause");
    CHECK_TEXT(text_of(cause, "type"), "ZeroDivisionError");
    CHECK(cJSON_GetArraySize(cJSON_GetObjectItem(cause, "frames")) == 2);
    CHECK_TEXT(cJSON_GetArrayItem(cJSON_GetObjectItem(cause, "notes"), 0)->valuestring, "a note");
    CHECK(cJSON_IsNull(cJSON_GetObjectItem(o, "context")) && !cJSON_HasObjectItem(o, "exit_code"));
    cJSON_Delete(o);
    // The object itself; asking does not change the error.
    QuiverValue *exc = quiver_error_value(q);
    expect_error(q, "KeyError", "'k'");
    char *text;
    CHECK(exc && quiver_format_exception(q, exc, &text) == 0);
    CHECK(strstr(text, "ZeroDivisionError") && strstr(text, "direct cause"));
    quiver_string_free(text);
    CHECK(!quiver_error_value(q)); // that call went well
    expect_repr_take(q, quiver_attr(q, exc, "args"), "('k',)");
    quiver_release(q, exc);
    CHECK(quiver_run(q, "raise SystemExit(3)", "x") == -1);
    o = quiver_error_cjson(q);
    CHECK(cJSON_GetObjectItem(o, "exit_code")->valueint == 3);
    cJSON_Delete(o);
    QuiverValue *number = quiver_int(q, 5);
    CHECK(quiver_format_exception(q, number, &text) == -1);
    expect_error(q, "TypeError", "expected an exception, got int");
    o = quiver_error_cjson(NULL);
    CHECK_TEXT(text_of(o, "message"), "the interpreter is NULL");
    cJSON_Delete(o);
    quiver_release(q, number);
}

static void chains(Quiver *q)
{
    CHECK(quiver_register(q, NULL, "wrap", wrap, 1, 1, NULL, NULL) == 0);
    CHECK(quiver_register(q, NULL, "throw", raise, 1, 2, NULL, NULL) == 0);
    CHECK(!quiver_eval(q, "wrap(lambda: {}['x'])"));
    expect_error(q, "RuntimeError", "the plugin failed");
    cJSON *o = quiver_error_cjson(q), *context = cJSON_GetObjectItem(o, "context");
    CHECK_TEXT(text_of(context, "type"), "KeyError");
    CHECK(strstr(quiver_error(q)->traceback, "During handling of the above exception"));
    cJSON_Delete(o);
    run(q, "class Mine(Exception): pass\n"
           "e = Mine('object', 2)\n"
           "def got(*a):\n"
           "    try: throw(*a)\n"
           "    except BaseException as x: return x\n"
           "assert got(e) is e and type(got(Mine)) is Mine\n"
           "c = OSError('cause')\n"
           "assert got(e, c) is e and e.__cause__ is c\n"
           "assert type(got(e, KeyError).__cause__) is KeyError\n"
           "assert got(e, None).__cause__ is None and e.__suppress_context__\n"
           "assert 'must derive' in str(got(5)) and 'must derive' in str(got(e, 5))\n"
           "try:\n    1 // 0\nexcept ZeroDivisionError as z:\n"
           "    assert got(Mine()).__context__ is z\n");
    // Outside of host functions it is the error of the call.
    QuiverValue *e = eval(q, "e");
    CHECK(!quiver_raise_value(q, e, NULL));
    expect_error(q, "Mine", "('object', 2)");
    CHECK(!quiver_raise_value(q, NULL, NULL));
    expect_error(q, "ValueError", "a value is NULL");
    CHECK(!quiver_raise_value(NULL, e, NULL) && !quiver_error_value(NULL));
    quiver_release(q, e);
}

// An object whose end fails: the host's error is still the one of its call.
static void finalizers(Quiver *q)
{
    run(q, "class D:\n    def __del__(self): wrap(lambda: None)\n");
    QuiverValue *d = eval(q, "D()");
    CHECK(!quiver_eval(q, "undefined"));
    quiver_release(q, d);
    expect_error(q, "NameError", "name 'undefined' is not defined");
    // Held with its frames until the next call only.
    run(q, "import weakref\nclass O: pass\n"
           "def f():\n    global w\n    o = O()\n    w = weakref.ref(o)\n    raise ValueError\n");
    CHECK(quiver_run(q, "f()", "x") == -1);
    expect_eval(q, "w() is None", "True");
}

int main(void)
{
    Quiver *q = fresh();
    frames(q);
    chains(q);
    finalizers(q);
    return quiver_free(q);
}
