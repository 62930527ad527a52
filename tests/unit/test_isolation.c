// SPDX-License-Identifier: MIT
// Isolation is enforced: what the process shares cannot be written, and in builds with checks a
// reference that crosses interpreters stops the process where it is counted, stored or packed.
#include "_python.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "code/cache.h"
#include "code/code.h"
#include "modules/modules.h"
#include "object/descr.h"
#include "object/function.h"
#include "object/float.h"
#include "object/names.h"
#include "object/pack.h"
#include "object/seal.h"
#include "object/set.h"
#include "object/shape.h"
#include "object/structseq.h"

// The signal that ends a child process which runs act(arg); 0: it came through.
static int signal_of(void (*act)(void *arg), void *arg)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL); // also where a sanitizer has its own handler
        signal(SIGILL, SIG_DFL);
        signal(SIGTRAP, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr)) {
            _exit(1);
        }
        act(arg);
        _exit(0);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

// ---- shared objects -----------------------------------------------------------------------------

static void write_byte(void *p)
{
    volatile char *byte = p;
    *byte = *byte;
}

static void expect_read_only(const char *what, const void *p)
{
    int sig = signal_of(write_byte, (void *)(uintptr_t)p);
    ck_assert_msg(sig == SIGSEGV, "%s at %p can be written", what, p);
}

static QvObj *attribute(QvType *type, const char *name)
{
    QvObj *key = qv_str_intern_cstr(qi, name);
    ck_assert_ptr_nonnull(key);
    QvObj *o = qv_type_lookup(qi, type, key);
    ck_assert_ptr_nonnull(o);
    qv_decref(qi, key);
    return o;
}

// What an expression gives: shared, so that it needs no reference.
static QvObj *made(const char *expression)
{
    char src[200];
    snprintf(src, sizeof src, "r = %s\n", expression);
    QvObj *globals = run_text(src), *key = text("r");
    ck_assert_ptr_nonnull(globals);
    QvObj *o = qv_dict_peek_str(globals, key);
    ck_assert(o && qv_is_sealed(o));
    qv_decref(qi, key);
    qv_decref(qi, globals);
    return o;
}

// One case for each kind of thing that the process shares.
START_TEST(shared_is_read_only)
{
    const QvCodeKey key = {.path = "/test_isolation", .size = 4};
    const QvCachedCode *image = qv_code_cache_image("code", 4, false);
    ck_assert_ptr_nonnull(image);
    qv_code_cache_put(&key, image);
    qv_code_cache_release(image);
    const QvCachedCode *code = qv_code_cache_get(&key);
    ck_assert_ptr_nonnull(code);
    const struct {
        const char *what;
        const void *p;
    } rows[] = {
        {"None", QV_NONE},
        {"True", QV_TRUE},
        {"False", QV_FALSE},
        {"Ellipsis", QV_ELLIPSIS},
        {"NotImplemented", QV_NOTIMPLEMENTED},
        {"()", QV_EMPTY_TUPLE},
        {"b''", made("b''")},
        {"''", made("''")},
        {"type", &qv_type_type},
        {"object", &qv_object_type},
        {"list", &qv_list_type},
        {"the last field of list", (const char *)(&qv_list_type + 1) - 1},
        {"ValueError", &qv_exc_ValueError},
        {"a name of the core", QV_N(__name__)},
        {"a name of the core, its text", (const char *)QV_N(__name__) + sizeof(QvObj)},
        {"the dict of list", qv_list_type.dict},
        {"the entries of the dict of list", ((QvDict *)qv_list_type.dict)->entries},
        {"the index of the dict of list", ((QvDict *)qv_list_type.dict)->index},
        {"the method list.append", attribute(&qv_list_type, "append")},
        {"the class method dict.fromkeys", attribute(&qv_dict_type, "fromkeys")},
        {"the static method str.maketrans", attribute(&qv_str_type, "maketrans")},
        {"the slot list.__len__", attribute(&qv_list_type, "__len__")},
        {"the attribute int.real", attribute(&qv_int_type, "real")},
        {"the text of list.__doc__", attribute(&qv_list_type, "__doc__")},
        {"the mro of bool", qv_bool_type.mro},
        {"the bases of bool", qv_bool_type.bases},
        {"a row of list's method table", qv_list_type.methods},
        {"the table of names", qv_shared.names},
        {"the table of signatures", qv_shared.sigs},
        {"a signature", qv_sig_find(qv_list_type.methods)},
        {"the table of types", qv_shared.types},
        {"the empty method cache", qv_shared.no_cache},
        {"the empty attribute cache", qv_no_attrs},
        {"the shape of instances with a dict", &qv_shape_dict},
        {"what builtins starts with", qv_shared.builtins},
        {"the function len", made("len")},
        {"qv_shared", &qv_shared},
        {"a native module's table", &qv_module__string},
        {"the rows of slots", qv_slot_rows},
        {"the table of opcodes", qv_op_info},
        {"the source of an embedded module", qv_embedded_modules[0].data},
        {"the table of embedded modules' code", qv_embedded_images},
        {"code in the process's cache", code->data},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        ck_assert_msg(rows[k].p != NULL, "%s: there is none", rows[k].what);
        expect_read_only(rows[k].what, rows[k].p);
    }
    qv_code_cache_release(code);
    ck_assert_int_eq(signal_of(write_byte, &(char){0}), 0); // the test itself can tell
    ck_assert_int_eq(signal_of(write_byte, qi), 0);
}
END_TEST

// ---- all that is shared -------------------------------------------------------------------------
//
// The table above holds examples; that no kind is forgotten is shown from the other side. All
// sealed objects are found from the types, the names and the builtins, and from what modules give
// out; each stands in pages that the system says are read-only; each kind has a row below, and each
// row is met.

static struct {
    const char *type;
    size_t met;
} kinds[] = {
    {"type", 0},
    {"str", 0},
    {"dict", 0},
    {"tuple", 0},
    {"bytes", 0},
    {"NoneType", 0},
    {"bool", 0},
    {"ellipsis", 0},
    {"NotImplementedType", 0},
    {"wrapper_descriptor", 0},
    {"method_descriptor", 0},
    {"classmethod_descriptor", 0},
    {"getset_descriptor", 0},
    {"member_descriptor", 0},
    {"staticmethod", 0},
    {"builtin_function_or_method", 0},
    {"datetime.timezone", 0},
};

typedef struct Pages {
    uintptr_t start, end;
    bool writable;
} Pages;

static Pages maps[4096];
static size_t nmaps;

static void read_maps(void)
{
    FILE *f = fopen("/proc/self/maps", "r");
    ck_assert_ptr_nonnull(f);
    char line[512];
    nmaps = 0;
    while (fgets(line, sizeof line, f) && nmaps < sizeof maps / sizeof maps[0]) {
        unsigned long start, end;
        char rights[8];
        if (sscanf(line, "%lx-%lx %7s", &start, &end, rights) == 3) {
            maps[nmaps++] = (Pages){start, end, strchr(rights, 'w') != NULL};
        }
    }
    fclose(f);
    ck_assert_uint_lt(nmaps, sizeof maps / sizeof maps[0]);
}

static bool is_read_only(const void *p)
{
    for (size_t k = 0; k < nmaps; k++) {
        if ((uintptr_t)p >= maps[k].start && (uintptr_t)p < maps[k].end) {
            return !maps[k].writable;
        }
    }
    return false;
}

static const QvObj *met[1 << 16]; // open addressing
static size_t nmet;

static int meet(void *ctx, QvObj *o)
{
    if (!o || !qv_is_sealed(o)) {
        return 0;
    }
    size_t at = (uintptr_t)o / 16 * 0x9E3779B1u % (sizeof met / sizeof met[0]);
    while (met[at]) {
        if (met[at] == o) {
            return 0;
        }
        at = (at + 1) % (sizeof met / sizeof met[0]);
    }
    met[at] = o;
    ck_assert_uint_lt(++nmet, sizeof met / sizeof met[0] / 2);
    ck_assert_msg(is_read_only(o), "a sealed %s at %p can be written", o->type->name, (void *)o);
    size_t k = 0;
    while (k < sizeof kinds / sizeof kinds[0] && strcmp(kinds[k].type, o->type->name) != 0) {
        k++;
    }
    ck_assert_msg(k < sizeof kinds / sizeof kinds[0], "a shared %s: a new kind, without a case",
                  o->type->name);
    if (kinds[k].met++ == 0) {
        expect_read_only(kinds[k].type, o);
    }
    meet(ctx, (QvObj *)o->type);
    if (o->type == &qv_dict_type) {
        QvSsize pos = 0;
        QvObj *name, *value;
        while (qv_dict_next(o, &pos, &name, &value)) {
            meet(ctx, name);
            meet(ctx, value);
        }
    } else if (o->type == &qv_type_type) {
        const QvType *t = (QvType *)o;
        meet(ctx, t->dict);
        meet(ctx, t->bases);
        meet(ctx, (QvObj *)t->base);
    } else if (o->type->traverse) {
        o->type->traverse(o, meet, ctx);
    }
    return 0;
}

extern char __start_qv_sealed[], __stop_qv_sealed[];

START_TEST(all_that_is_shared_is_read_only)
{
    // Modules in C give out what is theirs, too.
    QvObj *globals = run_text("import sys\n"
                              "for name in sys.builtin_module_names:\n"
                              "    try:\n"
                              "        __import__(name)\n"
                              "    except ImportError:\n"
                              "        pass\n"
                              "empty = b'', '', (), frozenset(), ..., NotImplemented\n");
    ck_assert_ptr_nonnull(globals);
    read_maps();
    for (uint32_t id = 1; id < qv_shared.ntypes; id++) {
        meet(NULL, &qv_shared.types[id]->h);
    }
    for (uint32_t k = 0; k <= qv_shared.names_mask; k++) {
        meet(NULL, qv_shared.names[k]);
    }
    meet(NULL, qv_shared.builtins);
    QvObj *modules = qi->modules, *name, *value, *module;
    QvSsize pos = 0;
    while (qv_dict_next(modules, &pos, &name, &module)) {
        QvSsize in = 0;
        meet(NULL, name);
        QvObj *dict = qv_is_module(module) ? qv_module_dict(module) : NULL;
        while (dict && qv_dict_next(dict, &in, &name, &value)) {
            meet(NULL, name);
            meet(NULL, value);
        }
    }
    pos = 0;
    while (qv_dict_next(globals, &pos, &name, &value)) {
        if (value->type->traverse) {
            value->type->traverse(value, meet, NULL);
        }
    }
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        ck_assert_msg(kinds[k].met > 0, "no shared %s was met", kinds[k].type);
    }
    for (const char *p = __start_qv_sealed; p < __stop_qv_sealed; p += 16) {
        ck_assert_msg(is_read_only(p), "qv_sealed + %td can be written", p - __start_qv_sealed);
    }
    qv_decref(qi, globals);
}
END_TEST

// The cached small ints are each interpreter's own.
START_TEST(small_ints_are_not_shared)
{
    for (int64_t v = QV_SMALL_INT_MIN; v <= QV_SMALL_INT_MAX; v++) {
        QvObj *o = qv_small_int(qi, v);
        ck_assert_ptr_nonnull(o);
        ck_assert_uint_eq(o->owner, qi->owner);
        ck_assert(!qv_is_sealed(o));
    }
    ck_assert_int_eq(signal_of(write_byte, qv_small_int(qi, 7)), 0);
}
END_TEST

// Every static type, and what stands in its dict, belongs to nobody.
START_TEST(shared_has_no_owner)
{
    for (uint32_t id = 1; id < qv_shared.ntypes; id++) {
        QvType *type = qv_shared.types[id];
        ck_assert_msg(qv_is_sealed(&type->h), "%s", type->name);
        QvSsize pos = 0;
        QvObj *key, *value;
        while (qv_dict_next(type->dict, &pos, &key, &value)) {
            ck_assert_msg(qv_is_sealed(key) && qv_is_sealed(value), "%s", type->name);
        }
    }
}
END_TEST

// ---- references that cross ----------------------------------------------------------------------

#if QV_DEBUG
// Each act gets an object: of another interpreter, then one of its own.
static void count_up(void *arg) { qv_incref(qi, arg); }
static void count_down(void *arg) { qv_decref(qi, arg); }
static void into_list(void *arg) { qv_list_append(qi, qv_list_new(qi, 0), arg); }
static void into_list_take(void *arg) { qv_list_append_take(qi, qv_list_new(qi, 0), arg); }
static void into_tuple(void *arg) { qv_tuple_of(qi, 2, QV_NONE, arg); }
static void into_tuple_take(void *arg) { qv_tuple_from_array_take(qi, (QvObj *[]){arg}, 1); }
static void dict_value(void *arg) { qv_dict_set(qi, qv_dict_new(qi), QV_N(__name__), arg); }
static void dict_key(void *arg) { qv_dict_set(qi, qv_dict_new(qi), arg, QV_NONE); }
static void into_set(void *arg) { qv_set_add(qi, qv_set_new(qi, NULL), arg); }
static void into_slot(void *arg)
{
    QvObj *slot = NULL;
    qv_set_take(qi, &slot, arg);
}
static void pack(void *arg) { qv_msg_pack(qi, arg); }
static void pack_inside(void *arg)
{
    QvObj *list = qv_list_new(qi, 0);
    qv_list_append(qi, list, QV_NONE);
    qv_list_set(qi, list, 0, arg);
    qv_msg_pack(qi, list);
}
static QvObj *list_around(void *arg) // by no function of list: what a stray store would do
{
    QvObj *list = qv_list_new(qi, 0);
    for (int k = 0; k < 20; k++) {
        qv_list_append(qi, list, QV_NONE);
    }
    for (int k = 0; k < 20; k++) {
        ((QvList *)list)->items[k] = arg;
    }
    return list;
}
static void pack_stray(void *arg) { qv_msg_pack(qi, list_around(arg)); }
static void collect_stray(void *arg)
{
    list_around(arg);
    qv_gc_collect(qi);
}
static void into_cell(void *arg) { qv_cell_new(qi, arg); }
static void into_structseq(void *arg)
{
    QvObj *values[64];
    QvObj *globals = run_text("import time; kind = time.struct_time");
    for (int k = 0; k < 64; k++) {
        values[k] = arg;
    }
    qv_structseq_new(qi, qv_dict_peek_str(globals, text("kind")), values);
}
static void raised(void *arg) { qv_err_restore(qi, arg); }
static QvObj *given; // what the function below returns in the end
static QvObj *give(QvInterp *q, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)q;
    (void)self;
    (void)nargs;
    return args[0] == QV_TRUE ? given : QV_NONE;
}
static void from_native(void *arg) // through the specialised call
{
    static const QvNativeDef def = {"give", give, "($module, x, /)", NULL};
    QvObj *globals = run_text("def loop(give):\n"
                              "    for i in range(100): r = give(i == 99)\n");
    given = arg;
    qv_call1(qi, qv_dict_peek_str(globals, text("loop")),
             qv_builtin_from_def(qi, &def, NULL, NULL));
}
// Changes of a container of another interpreter.
static QvObj *foreign_list, *foreign_dict, *foreign_set;
static void to_list(void *arg)
{
    qv_list_append(qi, arg ? foreign_list : qv_list_new(qi, 0), QV_NONE);
}
static void list_insert(void *arg)
{
    qv_list_insert(qi, arg ? foreign_list : qv_list_new(qi, 0), 0, QV_NONE);
}
static void list_extend(void *arg)
{
    qv_list_extend(qi, arg ? foreign_list : qv_list_new(qi, 0), QV_EMPTY_TUPLE);
}
static void to_dict(void *arg)
{
    qv_dict_set(qi, arg ? foreign_dict : qv_dict_new(qi), QV_N(__name__), QV_NONE);
}
static void to_set(void *arg) { qv_set_add(qi, arg ? foreign_set : qv_set_new(qi, NULL), QV_NONE); }
static void list_replace(void *arg)
{
    QvObj *own = qv_list_new(qi, 0);
    qv_list_append(qi, own, QV_NONE);
    qv_list_set(qi, arg ? foreign_list : own, 0, QV_TRUE);
}
static void as_argument(void *arg) { qv_call1(qi, (QvObj *)&qv_list_type, arg); }
static void as_attribute(void *arg)
{
    QvObj *globals = run_text("class C: pass\nc = C()\n");
    QvObj *c = qv_dict_peek_str(globals, text("c"));
    qv_setattr(qi, c, QV_N(__name__), arg);
}
#endif

START_TEST(crossing_is_caught)
{
#if QV_DEBUG
    QvInstance *other = qv_instance_new(NULL);
    ck_assert_ptr_nonnull(other);
    ck_assert_int_eq(qv_attach(other), 0);
    QvObj *foreign = qv_str_new_cstr(&other->qi, "a text of another interpreter");
    QvObj *foreign_int = qv_int_from_i64(&other->qi, 123456789);
    QvObj *foreign_float = qv_float_new(&other->qi, 0.5);
    foreign_list = qv_list_new(&other->qi, 0);
    foreign_dict = qv_dict_new(&other->qi);
    foreign_set = qv_set_new(&other->qi, NULL);
    ck_assert(foreign && foreign_int && foreign_float && foreign_list && foreign_dict &&
              foreign_set);
    ck_assert_int_eq(qv_list_append(&other->qi, foreign_list, QV_NONE), 0);
    qv_detach(other);
    static const struct {
        const char *what;
        void (*act)(void *);
    } acts[] = {
        {"count up", count_up},
        {"count down", count_down},
        {"list.append", into_list},
        {"list.append, taken", into_list_take},
        {"tuple", into_tuple},
        {"tuple, taken", into_tuple_take},
        {"value of a dict", dict_value},
        {"key of a dict", dict_key},
        {"set.add", into_set},
        {"slot", into_slot},
        {"cell", into_cell},
        {"structseq", into_structseq},
        {"attribute", as_attribute},
        {"argument", as_argument},
        {"pending exception", raised},
        {"result of a native function", from_native},
        {"pack", pack},
        {"pack inside a list", pack_inside},
        {"pack a stray one", pack_stray},
        {"collect a stray one", collect_stray},
    };
    QvObj *const strangers[] = {foreign, foreign_int, foreign_float};
    for (size_t k = 0; k < sizeof acts / sizeof acts[0]; k++) {
        for (size_t j = 0; j < (k < 16 ? 1 : sizeof strangers / sizeof strangers[0]); j++) {
            int sig = signal_of(acts[k].act, strangers[j]);
            ck_assert_msg(sig == SIGILL || sig == SIGTRAP, "%s %zu was not caught: %d",
                          acts[k].what, j, sig);
        }
        QvObj *own = text("a text of this interpreter");
        ck_assert_msg(signal_of(acts[k].act, own) == 0, "%s is caught always", acts[k].what);
        qv_decref(qi, own);
    }
    void (*const changes[])(void *) = {to_list,      list_insert, list_extend,
                                       list_replace, to_dict,     to_set};
    for (size_t k = 0; k < sizeof changes / sizeof changes[0]; k++) {
        int sig = signal_of(changes[k], foreign);
        ck_assert_msg(sig == SIGILL || sig == SIGTRAP, "change %zu was not caught: %d", k, sig);
        ck_assert_msg(signal_of(changes[k], NULL) == 0, "change %zu is caught always", k);
    }
    ck_assert_int_eq(qv_attach(other), 0);
    QvObj *const all[] = {foreign,      foreign_int,  foreign_float,
                          foreign_list, foreign_dict, foreign_set};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
        qv_decref(&other->qi, all[k]);
    }
    qv_detach(other);
    ck_assert_int_eq(qv_instance_free(other), 0);
#endif
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, shared_is_read_only);
    tcase_add_test(tests, all_that_is_shared_is_read_only);
    tcase_add_test(tests, small_ints_are_not_shared);
    tcase_add_test(tests, shared_has_no_owner);
    tcase_add_test(tests, crossing_is_caught);
}

int main(void)
{
    static void (*const add[])(TCase *) = {add_tests};
    return run_cases("isolation", add, 1);
}
