// SPDX-License-Identifier: MIT
// Errors as data: type, message, traceback, JSON, exits.
// libs: -lcjson
#include <cjson/cJSON.h>

#include "_check.h"

int main(void)
{
    Quiver *q = fresh();
    const QuiverError *e = quiver_error(q);
    CHECK_TEXT(e->type, "");
    CHECK_TEXT(e->message, "");
    CHECK_TEXT(e->traceback, "");

    CHECK(quiver_run(q, "def f(n):\n    return 1 // n\n\nf(0)\n", "calc.py") == -1);
    expect_error(q, "ZeroDivisionError", "integer division or modulo by zero");
    e = quiver_error(q);
    CHECK_TEXT(e->traceback, "Traceback (most recent call last):\n"
                             "  File \"calc.py\", line 4, in <module>\n"
                             "  File \"calc.py\", line 2, in f\n"
                             "ZeroDivisionError: integer division or modulo by zero\n");
    CHECK(e->exit_code == 1 && !e->is_exit);
    cJSON *tree = quiver_error_cjson(q);
    CHECK(tree);
    CHECK_TEXT(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "type")), "ZeroDivisionError");
    CHECK_TEXT(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "message")),
               "integer division or modulo by zero");
    CHECK_TEXT(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "traceback")), e->traceback);
    cJSON_Delete(tree);
    quiver_error_clear(q);
    CHECK_TEXT(quiver_error(q)->type, "");

    CHECK(quiver_run(q, "x = 1\nif x = 2:\n    pass\n", "bad.py") == -1);
    expect_error(q, "SyntaxError",
                 "invalid syntax. Maybe you meant '==' or ':=' instead of '='? (bad.py, line 2)");
    CHECK_TEXT(quiver_error(q)->traceback,
               "  File \"bad.py\", line 2\n"
               "    if x = 2:\n"
               "       ^^^^^\n"
               "SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='?\n");
    run(q, "y = 5"); // a call that works forgets the error
    CHECK_TEXT(quiver_error(q)->type, "");

    // A class of the program's own, and chains.
    CHECK(quiver_run(q,
                     "class Mine(Exception):\n    pass\n"
                     "try:\n    {}['k']\nexcept KeyError as e:\n    raise Mine('out') from e\n",
                     "chain.py") == -1);
    expect_error(q, "Mine", "out");
    CHECK_TEXT(quiver_error(q)->traceback,
               "Traceback (most recent call last):\n"
               "  File \"chain.py\", line 4, in <module>\n"
               "KeyError: 'k'\n"
               "\nThe above exception was the direct cause of the following exception:\n\n"
               "Traceback (most recent call last):\n"
               "  File \"chain.py\", line 6, in <module>\n"
               "Mine: out\n");
    CHECK(quiver_run(
              q, "class Silent(Exception):\n    def __str__(self): return 1 // 0\nraise Silent\n",
              "<test>") == -1);
    expect_error(q, "Silent", NULL);

    static const struct {
        const char *source;
        int code;
        bool is_exit;
    } exits[] = {
        {"raise SystemExit", 0, true},
        {"raise SystemExit(None)", 0, true},
        {"raise SystemExit(3)", 3, true},
        {"raise SystemExit('text')", 1, true},
        {"import sys; sys.exit(4)", 4, true},
        {"raise KeyboardInterrupt", 1, false},
        {"class E(SystemExit): pass\nraise E(9)", 9, true},
    };
    for (size_t i = 0; i < sizeof exits / sizeof exits[0]; i++) {
        CHECK(quiver_run(q, exits[i].source, "<test>") == -1);
        CHECK(quiver_error(q)->exit_code == exits[i].code);
        CHECK(quiver_error(q)->is_exit == exits[i].is_exit);
    }

    CHECK(!quiver_eval(q, "1 +"));
    expect_error(q, "SyntaxError", NULL);
    CHECK(quiver_run_file(q, "/no/such/file.py") == -1);
    expect_error(q, "FileNotFoundError", "[Errno 2] No such file or directory: '/no/such/file.py'");
    CHECK(quiver_run(q, "raise ValueError('\\ud800 lone')", "<test>") == -1);
    expect_error(q, "ValueError", NULL);
    CHECK(quiver_run_interactive(q, "if 1:", "<stdin>") == 1);
    CHECK(quiver_run_interactive(q, "z = 3\n", "<stdin>") == 0);
    CHECK(quiver_run_interactive(q, "1 // 0\n", "<stdin>") == -1);
    expect_error(q, "ZeroDivisionError", NULL);
    CHECK(eval_int(q, "y + z") == 8);
    return quiver_free(q);
}
