// SPDX-License-Identifier: MIT
// What the host adds to import: native modules with state, and source from memory.
#include "_check.h"

// ---- a native module ----

typedef struct State {
    int64_t calls;
    QuiverValue *callback;
} State;

static int inits, finis, destroyed;

static QuiverValue *count(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)nargs;
    State *s = user;
    int64_t by = 1;
    if (args[0] && quiver_to_int(q, args[0], &by) < 0) {
        return NULL;
    }
    return quiver_int(q, s->calls += by);
}

static QuiverValue *set_callback(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)nargs;
    State *s = user;
    quiver_release(q, s->callback);
    s->callback = quiver_retain(q, args[0]);
    return quiver_none(q);
}

static QuiverValue *show(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user, (void)nargs;
    return quiver_tuple(q, args + 1, 2); // *rest, key: both packed or given
}

static QuiverValue *tail(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user;
    return quiver_list(q, args + (nargs > 0), nargs - (nargs > 0));
}

static int state_init(Quiver *q, QuiverValue *module, void *state)
{
    inits++;
    CHECK(((State *)state)->calls == 0 && quiver_has_attr(q, module, "count") == 1);
    ((State *)state)->calls = 100;
    return 0;
}

static void state_fini(Quiver *q, void *state)
{
    finis++;
    quiver_release(q, ((State *)state)->callback);
}

static int state_traverse(void *state, QuiverVisit visit, void *ctx)
{
    return visit(ctx, ((State *)state)->callback);
}

static void handle_destroy(Quiver *q, void *data)
{
    (void)q, (void)data;
    destroyed++;
}

static int handle_init(Quiver *q, QuiverValue *self, void **data, QuiverValue *const *args,
                       size_t nargs)
{
    (void)q, (void)self, (void)data, (void)args, (void)nargs;
    return 0;
}

static const QuiverFunctionDef functions[] = {
    {"count", count, "(by=1, /)", "Counts."},
    {"set_callback", set_callback, "(f)", NULL},
    {"show", show, "(a, *rest, key)", NULL},
    {"tail", tail, "(a, *rest)", NULL},
    {0},
};
static const QuiverType handle_type = {.struct_size = sizeof(QuiverType),
                                       .name = "counter.Handle",
                                       .init = handle_init,
                                       .init_signature = "()",
                                       .destroy = handle_destroy};
static const QuiverType *const types[] = {&handle_type, NULL};
static const QuiverConstant constants[] = {
    {.name = "LIMIT", .kind = QUIVER_CONST_INT, .i = 7},
    {.name = "PI", .kind = QUIVER_CONST_FLOAT, .f = 3.25},
    {.name = "NAME", .kind = QUIVER_CONST_STR, .s = "counter"},
    {0},
};
static const QuiverModule counter = {.struct_size = sizeof(QuiverModule),
                                     .name = "counter",
                                     .doc = "Counts calls.",
                                     .state_size = sizeof(State),
                                     .functions = functions,
                                     .types = types,
                                     .constants = constants,
                                     .init = state_init,
                                     .fini = state_fini,
                                     .traverse = state_traverse};

static int fails(Quiver *q, QuiverValue *module, void *state)
{
    (void)module, (void)state;
    quiver_raise(q, "OSError", "no device");
    return -1;
}
static const QuiverModule broken = {
    .struct_size = sizeof(QuiverModule), .name = "broken", .init = fails};
static const QuiverModule later = {.struct_size = sizeof(QuiverModule) + 8, .name = "later"};
static const QuiverModule nothing = {0};
static const QuiverModule *const modules[] = {&counter, &broken, &later, &nothing, NULL};

static void native(Quiver *q)
{
    CHECK(!quiver_module_state(q, &counter));
    run(q, "import counter, sys, inspect, gc, importlib\n"
           "assert counter.count() == 101 and counter.count(9) == 110\n"
           "assert (counter.LIMIT, counter.PI, counter.NAME) == (7, 3.25, 'counter')\n"
           "assert counter.__doc__ == 'Counts calls.' and counter.__spec__.origin == 'built-in'\n"
           "assert 'counter' in sys.builtin_module_names and repr(counter) == \"<module 'counter' "
           "(built-in)>\"\n"
           "assert isinstance(counter.Handle(), counter.Handle)\n"
           "assert counter.show(1, 2, 3, key=4) == ((2, 3), 4)\n"
           "assert counter.tail(1, 2, 3) == [2, 3] and counter.tail(1) == []\n"
           "assert str(inspect.signature(counter.count)) == '(by=1, /)'\n"
           "assert counter.count.__doc__ == 'Counts.' and counter.count.__module__ == 'counter'\n"
           "assert importlib.import_module('counter') is counter\n"
           "for bad in ('counter.count(1, 2)', 'counter.show(1)', 'counter.tail()', "
           "'counter.tail(1, b=2)', 'counter.set_callback(g=1)'):\n"
           "    try: eval(bad)\n"
           "    except TypeError as e: print(e, file=sys.stderr)\n"
           "    else: raise AssertionError(bad)\n"
           "try: import broken\n"
           "except OSError as e: assert str(e) == 'no device'\n"
           "assert 'broken' not in sys.modules\n"
           "try: import later\n"
           "except ImportError as e: assert 'another version' in str(e)\n"
           "else: raise AssertionError\n"
           "import copy, pickle\n"
           "assert copy.deepcopy([counter.count])[0] is counter.count\n"
           "assert pickle.loads(pickle.dumps(counter.count)) is counter.count\n"
           "f = counter.count\n"
           "counter.set_callback(lambda m=counter: m)\n"); // a cycle through the state
    CHECK(((State *)quiver_module_state(q, &counter))->calls == 110 && inits == 1);
    // The functions hold the module and so the state.
    run(q, "del sys.modules['counter'], counter\ngc.collect()\nassert f() == 111\n");
    CHECK(finis == 0);
    run(q, "f = None\ngc.collect()\n");
    CHECK(finis == 1 && destroyed == 1 && !quiver_module_state(q, &counter));
    run(q, "import counter\nassert counter.count() == 101\n");
    CHECK(inits == 2);
}

// ---- source from memory ----

static int version = 1, released;

static void release(void *user) { ++*(int *)user; }

static int load(void *user, Quiver *q, const char *name, QuiverSource *ret)
{
    CHECK(user == &version && q);
    ret->release = release;
    ret->release_user = &released;
    if (strcmp(name, "pack") == 0) {
        ret->source = "from . import part\nname = __name__\n";
        ret->is_package = true;
    } else if (strcmp(name, "pack.part") == 0) {
        ret->source = version == 1 ? "v = 1\n" : "v = 2\n";
        ret->filename = "memory:/pack/part.py";
    } else if (strcmp(name, "boom") == 0) {
        ret->source = "def f():\n    return 1 // 0  # here\n";
    } else if (strcmp(name, "refused") == 0) {
        quiver_raise(q, "PermissionError", "not for you");
        return -1;
    } else if (strcmp(name, "empty") == 0) {
        return 1; // no source
    } else {
        ret->release = NULL;
        return 0;
    }
    return 1;
}

static void from_memory(Quiver *q)
{
    run(q, "import pack.part, importlib, linecache, sys\n"
           "assert pack.name == 'pack' and pack.part.v == 1\n"
           "assert pack.part.__file__ == 'memory:/pack/part.py' and pack.__file__ == "
           "'<host>/pack/__init__.py'\n"
           "assert pack.__path__ == [] or list(pack.__path__) is not None\n"
           "assert pack.part.__loader__.get_source('pack.part') == 'v = 1\\n'\n"
           "assert pack.part.__spec__.loader.is_package('pack.part') is False\n"
           "import boom, traceback\n"
           "try: boom.f()\n"
           "except ZeroDivisionError: text = traceback.format_exc()\n"
           "assert 'return 1 // 0  # here' in text, text\n");
    version = 2;
    run(q, "importlib.reload(pack.part)\nassert pack.part.v == 2\n");
    CHECK(!quiver_eval(q, "boom.f()"));
    CHECK(strstr(quiver_error(q)->traceback,
                 "  File \"<host>/boom.py\", line 2, in f\n    return 1 // 0  # here\n"));
    CHECK(!quiver_import(q, "refused"));
    expect_error(q, "PermissionError", "not for you");
    CHECK(!quiver_import(q, "empty"));
    expect_error(q, "ValueError", "the host gave no source for module empty");
    CHECK(!quiver_import(q, "pack.missing"));
    expect_error(q, "ModuleNotFoundError", "No module named 'pack.missing'");
    quiver_release(q, quiver_import(q, "json")); // not the host's
    CHECK(released == 6);                        // pack, part twice, boom, refused, empty
}

int main(void)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.modules = modules;
    config.load = load;
    config.load_user = &version;
    Quiver *q = quiver_new(&config), *other = quiver_new(&config), *plain = fresh();
    CHECK(q && other);
    native(q);
    run(other, "import counter\nassert counter.count() == 101\n"); // its own state
    CHECK(!quiver_import(plain, "counter"));
    expect_error(plain, "ModuleNotFoundError", "No module named 'counter'");
    from_memory(q);
    run(other, "from concurrent import interpreters\n"
               "i = interpreters.create()\n"
               "i.exec('import counter, pack.part; assert counter.count() == 101')\ni.close()\n");
    CHECK(inits == 4);
    CHECK(quiver_free(q) == 0 && quiver_free(other) == 0 && quiver_free(plain) == 0);
    CHECK(finis == inits);
    return 0;
}
