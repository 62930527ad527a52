// SPDX-License-Identifier: MIT
// Allocation n fails, for each n, while a host uses its functions, types, modules, scopes and
// views: no crash, no leak, and what the host gave is freed exactly once.
#include <stdlib.h>

#include "_interp.h"

static int alive; // data of instances, users of functions, states

static int box_init(Quiver *q, QuiverValue *self, void **data, QuiverValue *const *args, size_t n)
{
    (void)self, (void)n;
    *data = quiver_retain(q, args[0]);
    alive += *data != NULL;
    return *data ? 0 : -1;
}

static void box_destroy(Quiver *q, void *data)
{
    alive--;
    quiver_release(q, data);
}

static int box_traverse(void *data, QuiverVisit visit, void *ctx) { return visit(ctx, data); }

static QuiverValue *box_get(Quiver *q, QuiverValue *self, void *data)
{
    (void)self;
    return quiver_retain(q, data);
}

static QuiverValue *box_pair(Quiver *q, QuiverValue *self, void *data, QuiverValue *const *args,
                             size_t n)
{
    (void)data, (void)n;
    QuiverValue *both[] = {self, args[0] ? args[0] : self};
    return quiver_scope_open(q) < 0 ? NULL : quiver_scope_close(q, quiver_list(q, both, 2));
}

static int box_compare(Quiver *q, QuiverValue *self, void *data, QuiverValue *other,
                       QuiverCompare op)
{
    (void)q, (void)self, (void)data, (void)other;
    return op == QUIVER_EQ;
}

static const QuiverMethodDef box_methods[] = {{"pair", box_pair, "(other=None)", "A pair."}, {0}};
static const QuiverPropertyDef box_properties[] = {{"value", box_get, NULL, "The value."}, {0}};
static const QuiverType box = {.struct_size = sizeof box,
                               .name = "host.Box",
                               .doc = "A box.",
                               .flags = QUIVER_TYPE_SUBCLASS,
                               .init = box_init,
                               .init_signature = "(value)",
                               .destroy = box_destroy,
                               .traverse = box_traverse,
                               .methods = box_methods,
                               .properties = box_properties,
                               .compare = box_compare};

static QuiverValue *echo(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user;
    return quiver_tuple(q, args, nargs);
}

static void user_free(void *user)
{
    (void)user;
    alive--;
}

static int start(Quiver *q, QuiverValue *module, void *state)
{
    (void)q, (void)module, (void)state;
    return 0;
}

static QuiverValue *first(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user, (void)nargs;
    return quiver_retain(q, args[0]);
}

static const QuiverFunctionDef functions[] = {{"echo", echo, "(*args)", "Echoes."}, {0}};
static const QuiverConstant constants[] = {{.name = "N", .kind = QUIVER_CONST_STR, .s = "text"},
                                           {0}};
static const QuiverType *const types[] = {&box, NULL};
static const QuiverModule module = {.struct_size = sizeof module,
                                    .name = "native",
                                    .state_size = 64,
                                    .functions = functions,
                                    .types = types,
                                    .constants = constants,
                                    .init = start};
static const QuiverModule *const modules[] = {&module, NULL};

// Everything once; stops at the first failure, having left nothing. 0 / -1.
static int use(Quiver *q)
{
    static const char source[] = "import native\n"
                                 "b = native.Box([1])\n"
                                 "class D(native.Box):\n    pass\n"
                                 "d = D(b).pair(other=2)\n"
                                 "assert d[0].value is b and b == d and native.echo(1, b)[1] is b\n"
                                 "f(b)\n";
    static const QuiverFunctionDef f = {"f", first, "(a, b=None, *, c=None)", NULL};
    if (quiver_scope_open(q) < 0) {
        return -1;
    }
    int status = -1;
    QuiverView view = {0};
    alive++;
    if (quiver_register_def(q, NULL, &f, NULL, user_free) == 0 &&
        quiver_run(q, source, "<use>") == 0) {
        alive++;
        static char block[16];
        QuiverValue *memory = quiver_memory(q, block, sizeof block, false, user_free, NULL);
        QuiverValue *text = quiver_str(q, "gr\xc3\xbc\xc3\x9f", -1);
        QuiverValue *d = quiver_dict(q);
        alive++; // the box takes none
        QuiverValue *o = quiver_object(q, &box, NULL);
        if (memory && text && d && o && quiver_view_str(q, text, &view) == 0 &&
            quiver_set_item_named(q, d, "k", o) == 0 && quiver_set(q, "kept", d) == 0) {
            QuiverValue *late = quiver_call_method(q, d, "copy", NULL, 0, NULL, 0);
            status = late ? 0 : -1;
        }
    }
    quiver_view_release(q, &view);
    quiver_scope_close(q, NULL);
    return status;
}

START_TEST(test_host_allocations_fail)
{
    bool once = _i;
    bool ran = false;
    for (int64_t n = 0; !ran; n++) {
        QuiverConfig config;
        quiver_config_init(&config);
        config.modules = modules;
        QvInstance *inst = qv_instance_new(&config);
        ck_assert_ptr_nonnull(inst);
        if (!qv_heap_fail_at(&inst->qi.heap, n, once)) {
            ck_assert_int_eq(qv_instance_free(inst), 0);
            return; // not in this build
        }
        ran = use((Quiver *)inst) == 0 && inst->qi.heap.fail_in > 0;
        qv_heap_fail_at(&inst->qi.heap, -1, false);
        qv_instance_retain(inst);
        ck_assert_int_eq(qv_instance_free(inst), 0);
        ck_assert_uint_eq(inst->qi.leaked, 0);
        qv_instance_release(inst);
        ck_assert_uint_eq(quiver_process_live_bytes(), 0);
        ck_assert_msg(alive == 0, "n %lld: alive %d", (long long)n, alive);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host_oom");
    TCase *tests = tcase_create("host_oom");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, test_host_allocations_fail, 0, 2);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
