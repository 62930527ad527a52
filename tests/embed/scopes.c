// SPDX-License-Identifier: MIT
// Scopes: what is left is released at once, one value may be kept, host functions have their own.
#include "_check.h"

static int refs(Quiver *q) { return (int)eval_int(q, "sys.getrefcount(o)"); }

static QuiverValue *stored;

// Leaves a scope open and values in it; stores one of its own.
static QuiverValue *careless(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user, (void)nargs;
    stored = quiver_retain(q, args[0]); // not of the scope that the caller has opened
    CHECK(quiver_scope_open(q) == 0 && quiver_scope_open(q) == 0);
    for (int i = 0; i < 50; i++) {
        CHECK(quiver_retain(q, args[0]));
    }
    return NULL; // and raised nothing
}

static QuiverValue *keeps(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user, (void)nargs;
    CHECK(quiver_scope_open(q) == 0);
    QuiverValue *pair[] = {args[0], quiver_str(q, "x", -1)};
    return quiver_scope_close(q, quiver_list(q, pair, 2));
}

int main(void)
{
    Quiver *q = fresh();
    run(q, "import sys\no = object()\n");
    int before = refs(q);

    CHECK(quiver_scope_open(q) == 0);
    QuiverValue *o = quiver_get(q, "o");
    for (int i = 0; i < 1000; i++) {
        CHECK(quiver_retain(q, o));
        CHECK(quiver_get(q, "o"));
    }
    CHECK(refs(q) == before + 2001);
    quiver_release(q, o); // early
    CHECK(refs(q) == before + 2000);
    quiver_leave(q); // cannot leave what the scope has entered
    CHECK(quiver_free(q) == -1);
    CHECK(!quiver_scope_close(q, NULL));
    CHECK(refs(q) == before);
    CHECK(!quiver_scope_close(q, NULL)); // there is none

    // Nested; a kept value goes to the enclosing scope, then to the caller.
    CHECK(quiver_scope_open(q) == 0 && quiver_scope_open(q) == 0);
    o = quiver_scope_close(q, quiver_get(q, "o"));
    CHECK(o && refs(q) == before + 1);
    o = quiver_scope_close(q, o);
    CHECK(o && refs(q) == before + 1);
    // A value from outside gets one more reference.
    CHECK(quiver_scope_open(q) == 0);
    CHECK(quiver_scope_close(q, o) == o && refs(q) == before + 2);
    quiver_release(q, o);
    // Kept for good.
    CHECK(quiver_scope_open(q) == 0);
    CHECK(quiver_scope_keep(q, quiver_retain(q, o)) == o);
    CHECK(!quiver_scope_close(q, NULL) && refs(q) == before + 2);
    quiver_release(q, o);
    CHECK(refs(q) == before + 1);

    // The error of the last call stays; bad values are errors.
    CHECK(quiver_scope_open(q) == 0);
    CHECK(!quiver_eval(q, "1 / 0"));
    CHECK(!quiver_scope_close(q, NULL));
    expect_error(q, "ZeroDivisionError", "division by zero");
    Quiver *other = fresh();
    QuiverValue *foreign = eval(other, "[]");
    CHECK(quiver_scope_open(q) == 0 && !quiver_scope_close(q, foreign));
    expect_error(q, "ValueError", "the value belongs to another interpreter");
    CHECK(!quiver_scope_keep(q, NULL) && !quiver_scope_keep(NULL, o));
    CHECK(quiver_scope_open(NULL) == -1 && !quiver_scope_close(NULL, NULL));
    quiver_release(other, foreign);

    // Host functions.
    CHECK(quiver_register(q, NULL, "careless", careless, 1, 1, NULL, NULL) == 0);
    CHECK(quiver_register(q, NULL, "keeps", keeps, 1, 1, NULL, NULL) == 0);
    CHECK(quiver_scope_open(q) == 0);
    CHECK(quiver_run(q, "careless(o)", "x") == -1);
    expect_error(q, "SystemError", "careless returned no value and raised nothing");
    CHECK(!quiver_scope_close(q, NULL));
    CHECK(refs(q) == before + 2); // ours and the stored one
    quiver_release(q, stored);
    expect_eval(q, "keeps(5)", "[5, 'x']");
    CHECK(refs(q) == before + 1);

    // Destruction inside a close may run scripts, which call the host.
    run(q, "class D:\n    def __del__(self):\n        global seen\n        seen = keeps(6)\n");
    CHECK(quiver_scope_open(q) == 0);
    eval(q, "D()"); // no release
    CHECK(!quiver_scope_close(q, NULL));
    expect_eval(q, "seen", "[6, 'x']");
    quiver_release(q, o);
    return quiver_free(q) | quiver_free(other);
}
