// SPDX-License-Identifier: MIT
// A calculator: evaluates formulas that people type, with functions and variables of the program.
// expect: 2 + 3 * 4 = 14
// expect: 10 ** 30 = 1000000000000000000000000000000
// expect: area(r=2) = 12.56
// expect: total / 4 = 25.0
// expect: 1 / 0: ZeroDivisionError: division by zero
// expect: 2 +: SyntaxError: invalid syntax (<string>, line 1)
// expect: area(2, 3): TypeError: area() takes at most 1 argument (2 given)
#include <quiver.h>
#include <stdio.h>

static QuiverValue *area(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    double r;
    (void)nargs;
    if (quiver_to_float(q, args[0], &r) < 0) {
        return NULL; // the TypeError goes on to the formula
    }
    return quiver_float(q, *(const double *)user * r * r);
}

// One line of a session: the value as text, or what is wrong with the formula.
static void answer(Quiver *q, const char *formula)
{
    char *text = NULL;
    QuiverValue *v = quiver_eval(q, formula);
    if (v && quiver_to_text(q, v, &text, NULL) == 0) {
        printf("%s = %s\n", formula, text);
    } else {
        printf("%s: %s: %s\n", formula, quiver_error(q)->type, quiver_error(q)->message);
    }
    quiver_string_free(text);
    quiver_release(q, v);
}

int main(void)
{
    static double pi = 3.14;
    static const QuiverFunctionDef area_def = {"area", area, "(r)", "The area of a circle."};
    Quiver *q = quiver_new(NULL);
    if (!q || quiver_register_def(q, NULL, &area_def, &pi, NULL) < 0) {
        return 1;
    }
    QuiverValue *total = quiver_int(q, 100);
    quiver_set(q, "total", total);
    quiver_release(q, total);

    static const char *const formulas[] = {"2 + 3 * 4", "10 ** 30", "area(r=2)", "total / 4",
                                           "1 / 0",     "2 +",      "area(2, 3)"};
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
        answer(q, formulas[i]);
    }
    return quiver_free(q);
}
