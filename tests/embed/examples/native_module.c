// SPDX-License-Identifier: MIT
// A native module from const tables: functions, constants, and a state of its own in each
// interpreter.
// expect: 11 12 (limit 100)
// expect: 11
// expect: next(step=1): Counts on.
#include <quiver.h>
#include <stdio.h>

typedef struct State {
    int64_t count;
} State;

static QuiverValue *next(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    State *s = user; // functions of a module get its state
    int64_t step = 1;
    (void)nargs;
    if (args[0] && quiver_to_int(q, args[0], &step) < 0) { // NULL: not given
        return NULL;
    }
    return quiver_int(q, s->count += step);
}

static int init(Quiver *q, QuiverValue *module, void *state)
{
    (void)q, (void)module;
    ((State *)state)->count = 10;
    return 0;
}

static const QuiverFunctionDef functions[] = {{"next", next, "(step=1)", "Counts on."}, {0}};
static const QuiverConstant constants[] = {{.name = "LIMIT", .kind = QUIVER_CONST_INT, .i = 100},
                                           {0}};
static const QuiverModule counter = {.struct_size = sizeof(QuiverModule),
                                     .name = "counter",
                                     .doc = "Counts.",
                                     .state_size = sizeof(State),
                                     .functions = functions,
                                     .constants = constants,
                                     .init = init};
static const QuiverModule *const modules[] = {&counter, NULL};

static void run(Quiver *q, const char *source)
{
    if (quiver_run(q, source, "<script>") < 0) {
        fputs(quiver_error(q)->traceback, stderr);
    }
    quiver_flush(q);
}

int main(void)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.modules = modules;
    Quiver *a = quiver_new(&config), *b = quiver_new(&config);
    run(a, "import counter\n"
           "print(counter.next(), counter.next(step=1), f'(limit {counter.LIMIT})')\n");
    run(b, "import counter\nprint(counter.next())\n"); // counts for itself
    run(b, "import inspect\nf = counter.next\n"
           "print(f'{f.__name__}{inspect.signature(f)}: {f.__doc__}')\n");
    quiver_free(a);
    return quiver_free(b);
}
