// SPDX-License-Identifier: MIT
// Objects of the host in every respect: methods, properties, slots, derived classes, cycles, the
// end.
#include "_check.h"

typedef struct Vec {
    int64_t n, items[8];
    QuiverValue *held; // or NULL
} Vec;

static int alive, cleared;
static const QuiverType vec_type, other_type;

static int vec_init(Quiver *q, QuiverValue *self, void **data, QuiverValue *const *args, size_t n)
{
    (void)self, (void)n;
    Vec *v = calloc(1, sizeof *v);
    if (args[0] && quiver_to_int(q, args[0], &v->n) < 0) {
        free(v);
        return -1;
    }
    if (v->n > 8) {
        free(v);
        quiver_raise(q, "ValueError", "too long");
        return -1;
    }
    alive++;
    *data = v;
    return 0;
}

static void vec_destroy(Quiver *q, void *data)
{
    Vec *v = data;
    alive--;
    quiver_release(q, v->held);
    free(v);
}

static int vec_traverse(void *data, QuiverVisit visit, void *ctx)
{
    return visit(ctx, ((Vec *)data)->held);
}

static void vec_clear(Quiver *q, void *data)
{
    QuiverValue *held = ((Vec *)data)->held;
    ((Vec *)data)->held = NULL;
    cleared++;
    quiver_release(q, held);
}

static QuiverValue *vec_hold(Quiver *q, QuiverValue *self, void *data, QuiverValue *const *args,
                             size_t n)
{
    (void)n;
    Vec *v = data;
    QuiverValue *old = v->held;
    v->held = quiver_retain(q, args[0]);
    quiver_release(q, old);
    return quiver_retain(q, self);
}

static QuiverValue *vec_sum(Quiver *q, QuiverValue *self, void *data, QuiverValue *const *args,
                            size_t n)
{
    (void)self, (void)n;
    int64_t sum = 0, factor = 1;
    if (args[0] && quiver_to_int(q, args[0], &factor) < 0) {
        return NULL;
    }
    for (int i = 0; i < ((Vec *)data)->n; i++) {
        sum += ((Vec *)data)->items[i];
    }
    return quiver_int(q, sum * factor);
}

static QuiverValue *vec_add(Quiver *q, QuiverValue *self, void *data, QuiverValue *const *args,
                            size_t n)
{
    (void)self, (void)n;
    Vec *a = data, *b = quiver_host_data(q, args[0], &vec_type);
    return b ? quiver_int(q, a->n + b->n) : quiver_raise(q, "TypeError", "not a Vec");
}

static QuiverValue *get_first(Quiver *q, QuiverValue *self, void *data)
{
    (void)self;
    return quiver_int(q, ((Vec *)data)->items[0]);
}

static int set_first(Quiver *q, QuiverValue *self, void *data, QuiverValue *value)
{
    (void)self;
    if (!value) {
        quiver_raise(q, "AttributeError", "first stays");
        return -1;
    }
    return quiver_to_int(q, value, &((Vec *)data)->items[0]);
}

static QuiverValue *vec_repr(Quiver *q, QuiverValue *self, void *data)
{
    char text[32];
    (void)self;
    snprintf(text, sizeof text, "<vec of %d>", (int)((Vec *)data)->n);
    return quiver_str(q, text, -1);
}

static ptrdiff_t vec_length(Quiver *q, QuiverValue *self, void *data)
{
    (void)q, (void)self;
    return ((Vec *)data)->n;
}

static int64_t *slot(Quiver *q, Vec *v, QuiverValue *key)
{
    int64_t i;
    if (quiver_to_int(q, key, &i) < 0) {
        return NULL;
    }
    if (i < 0 || i >= v->n) {
        quiver_raise(q, "IndexError", "no such item");
        return NULL;
    }
    return &v->items[i];
}

static QuiverValue *vec_get(Quiver *q, QuiverValue *self, void *data, QuiverValue *key)
{
    (void)self;
    int64_t *at = slot(q, data, key);
    return at ? quiver_int(q, *at) : NULL;
}

static int vec_set(Quiver *q, QuiverValue *self, void *data, QuiverValue *key, QuiverValue *value)
{
    (void)self;
    int64_t *at = slot(q, data, key);
    return !at ? -1 : value ? quiver_to_int(q, value, at) : (*at = 0, 0);
}

static int vec_contains(Quiver *q, QuiverValue *self, void *data, QuiverValue *item)
{
    int64_t want;
    (void)self;
    if (quiver_to_int(q, item, &want) < 0) {
        return -1;
    }
    for (int i = 0; i < ((Vec *)data)->n; i++) {
        if (((Vec *)data)->items[i] == want) {
            return 1;
        }
    }
    return 0;
}

static QuiverValue *vec_call(Quiver *q, QuiverValue *self, void *data, QuiverValue *const *args,
                             size_t n)
{
    (void)self, (void)data, (void)n;
    return args[1] ? quiver_retain(q, args[1]) : quiver_retain(q, args[0]);
}

static int vec_compare(Quiver *q, QuiverValue *self, void *data, QuiverValue *other,
                       QuiverCompare op)
{
    Vec *a = data, *b = quiver_host_data(q, other, &vec_type);
    (void)self;
    if (!b) {
        return QUIVER_NOT_IMPLEMENTED;
    }
    return op == QUIVER_EQ   ? a->n == b->n
           : op == QUIVER_NE ? a->n != b->n
           : op == QUIVER_LT ? a->n < b->n
                             : QUIVER_NOT_IMPLEMENTED;
}

static int vec_hash(Quiver *q, QuiverValue *self, void *data, int64_t *ret)
{
    (void)q, (void)self;
    *ret = ((Vec *)data)->n;
    return 0;
}

static QuiverValue *vec_iterate(Quiver *q, QuiverValue *self, void *data)
{
    (void)self;
    return quiver_object(q, &other_type, data);
}

static const QuiverMethodDef methods[] = {
    {"hold", vec_hold, "(value, /)", "Holds a value."},
    {"sum", vec_sum, "(factor=1)", "The sum, times factor."},
    {"__add__", vec_add, "(other, /)", NULL},
    {0},
};
static const QuiverPropertyDef properties[] = {
    {"first", get_first, set_first, "The first item."},
    {"also_first", get_first, NULL, NULL},
    {0},
};
static const QuiverType vec_type = {
    .struct_size = sizeof(QuiverType),
    .name = "host.Vec",
    .doc = "A vector of the host.",
    .flags = QUIVER_TYPE_SUBCLASS,
    .init = vec_init,
    .init_signature = "(n=0)",
    .destroy = vec_destroy,
    .traverse = vec_traverse,
    .clear = vec_clear,
    .methods = methods,
    .properties = properties,
    .call = vec_call,
    .call_signature = "(a, /, *, b=None)",
    .repr = vec_repr,
    .length = vec_length,
    .get_item = vec_get,
    .set_item = vec_set,
    .contains = vec_contains,
    .iterate = vec_iterate,
    .compare = vec_compare,
    .hash = vec_hash,
};

// An iterator over three numbers; its data is borrowed.
static int steps;

static int other_next(Quiver *q, QuiverValue *self, void *data, QuiverValue **ret)
{
    (void)self, (void)data;
    if (steps == 3) {
        steps = 0;
        return 0;
    }
    *ret = quiver_int(q, steps++);
    return 1;
}

static const QuiverType other_type = {
    .struct_size = sizeof(QuiverType),
    .name = "Other",
    .next = other_next,
    .flags = QUIVER_TYPE_DICT,
};

// The like of Vec, with other data.
static int twin_init(Quiver *q, QuiverValue *self, void **data, QuiverValue *const *args, size_t n)
{
    static int nothing;
    (void)q, (void)self, (void)args, (void)n;
    *data = &nothing;
    return 0;
}

static QuiverValue *twin_check(Quiver *q, QuiverValue *self, void *data, QuiverValue *const *args,
                               size_t n)
{
    (void)self, (void)args, (void)n;
    return quiver_int(q, *(int *)data);
}

static const QuiverMethodDef twin_methods[] = {{"check", twin_check, "()", NULL}, {0}};
static const QuiverType twin_type = {.struct_size = sizeof(QuiverType),
                                     .name = "Twin",
                                     .flags = QUIVER_TYPE_SUBCLASS,
                                     .init = twin_init,
                                     .methods = twin_methods};

static void use(Quiver *q)
{
    run(q,
        "import gc, weakref, inspect, copy, pickle\n"
        "v = Vec(3)\nv[0], v[1] = 5, 6\n"
        "assert len(v) == 3 and v[0] == 5 and v.sum() == 11 and v.sum(factor=2) == 22\n"
        "assert repr(v) == '<vec of 3>' and 6 in v and 7 not in v and bool(v)\n"
        "v.first = 9\nassert v.first == 9 == v.also_first\n"
        "del v[0]\nassert v[0] == 0\n"
        "assert v('x') == 'x' and v('x', b='y') == 'y'\n"
        "assert v == Vec(3) and v != Vec(2) and Vec(2) < v and v > Vec(2) and not v == 3\n"
        "assert hash(v) == 3 and {v: 1}[Vec(3)] == 1\n"
        "assert v.hold(1).hold(2) is v and v + Vec(4) == 7\n"
        "assert str(inspect.signature(v.sum)) == '(factor=1)'\n"
        "assert str(inspect.signature(Vec.sum)) == '(self, /, factor=1)'\n"
        "assert Vec.__doc__ == 'A vector of the host.' and Vec.sum.__doc__.startswith('The sum')\n"
        "assert (Vec.__module__, Vec.__name__, Vec.first.__doc__) == ('host', 'Vec', 'The first "
        "item.')\n"
        "assert repr(Vec.sum) == \"<method 'sum' of 'host.Vec' objects>\"\n"
        "assert list(v) == [0, 1, 2]\n"
        "def fails(f, exc, text):\n"
        "    try: f()\n"
        "    except exc as e: assert text in str(e), e\n"
        "    else: raise AssertionError(text)\n"
        "fails(lambda: v[3], IndexError, 'no such item')\n"
        "fails(lambda: v['x'], TypeError, 'integer')\n"
        "fails(lambda: Vec(9), ValueError, 'too long')\n"
        "fails(lambda: Vec(1, 2), TypeError, 'at most 1 argument (2 given)')\n"
        "fails(lambda: Vec(m=1), TypeError, 'invalid keyword')\n"
        "fails(lambda: v.sum(1, 2), TypeError, 'at most 1')\n"
        "fails(lambda: v <= v, TypeError, 'not supported')\n"
        "fails(lambda: delattr(v, 'first'), AttributeError, 'first stays')\n"
        "fails(lambda: setattr(v, 'also_first', 1), AttributeError, 'not writable')\n"
        "fails(lambda: setattr(v, 'nope', 1), AttributeError, 'nope')\n"
        "fails(lambda: setattr(Vec, 'sum', 1), TypeError, 'immutable')\n"
        "fails(lambda: Vec.sum(3), TypeError, \"doesn't apply to a 'int'\")\n"
        "fails(lambda: Vec.sum(), TypeError, 'needs an argument')\n"
        "fails(lambda: v.__init__(1), TypeError, 'twice')\n"
        "fails(lambda: copy.copy(v), TypeError, 'cannot pickle')\n"
        "fails(lambda: pickle.dumps(v), TypeError, 'cannot pickle')\n"
        "fails(lambda: v(), TypeError, 'positional')\n");
    // Derived classes; instances whose __init__ did not run refuse everything.
    run(q, "class Sub(Vec):\n"
           "    def __init__(self, n):\n        super().__init__(n)\n        self.mine = n\n"
           "    def sum(self, factor=1): return -super().sum(factor)\n"
           "s = Sub(2)\ns[1] = 4\nassert s.sum() == -4 and s.mine == 2 and s == Vec(2)\n"
           "class Lazy(Vec):\n    def __init__(self): pass\n"
           "for bad in Lazy(), Vec.__new__(Vec):\n"
           "    for f in (lambda: len(bad), lambda: bad[0], lambda: bad.sum(), lambda: bad.first,\n"
           "              lambda: bad == v, lambda: hash(bad), lambda: bad(1), lambda: 1 in bad, "
           "lambda: iter(bad)):\n"
           "        fails(f, RuntimeError, 'was not called')\n"
           "    assert 'not initialised' in repr(bad)\n"
           "fails(lambda: object.__new__(Vec), TypeError, 'not safe')\n");
    QuiverValue *bad = eval(q, "bad"), *v = eval(q, "v"), *s = eval(q, "s");
    CHECK(!quiver_host_data(q, bad, &vec_type) && quiver_host_data(q, s, &vec_type));
    CHECK(quiver_host_data(q, v, &vec_type) && !quiver_host_data(q, v, &other_type));
    CHECK(!quiver_host_data(q, NULL, &vec_type) && !quiver_host_data(NULL, v, &vec_type));
    CHECK(quiver_kind(q, s) == QUIVER_HOST);
    quiver_release(q, bad);
    quiver_release(q, v);
    quiver_release(q, s);
    // Another table's class: no confusion of data by __class__ or several bases.
    run(q, "fails(lambda: Other(), TypeError, 'cannot create')\n"
           "fails(lambda: type('X', (Other,), {}), TypeError, 'not an acceptable base')\n"
           "it = iter(v)\nit.note = 1\nassert next(it) == 0 and iter(it) is it\nlist(it)\n"
           "fails(lambda: Vec.sum(it), TypeError, \"doesn't apply\")\n"
           "fails(lambda: setattr(it, '__class__', Vec), TypeError, '')\n");
    run(q, "class SubVec(Vec): pass\nclass SubTwin(Twin): pass\nclass Both(Vec, Twin): pass\n"
           "class Also(Twin, Vec): pass\n"
           "both, also = Both(3), Also()\nassert both.sum() == 0 and also.check() == 0\n"
           "fails(both.check, TypeError, \"doesn't apply\")\n"
           "fails(also.sum, TypeError, \"doesn't apply\")\n"
           "for f in (lambda: also.first, lambda: Vec.__init__(both, 3)):\n"
           "    try: f()\n"
           "    except TypeError: pass\n"
           "    else: raise AssertionError\n"
           "assert 'Also object' in repr(also) and also != both and repr(both) == '<vec of 3>'\n"
           "sv, st = SubVec(2), SubTwin()\n"
           "try: st.__class__ = SubVec\n"
           "except TypeError: pass\n"
           "else:\n"
           "    fails(st.sum, TypeError, \"doesn't apply\")\n"
           "    fails(lambda: st[0], TypeError, '')\n"
           "try: len(also)\nexcept TypeError: pass\n"
           "else: raise AssertionError\n");
    // Weak references and cycles.
    run(q, "w = weakref.ref(Vec(1))\nassert w() is None\n"
           "c = Vec(1)\nc.hold(lambda c=c: c)\nw = weakref.ref(c)\ndel c, bad\n"
           "gc.collect()\nassert w() is None\n");
    CHECK(cleared == 1);
}

static void misuse(Quiver *q)
{
    CHECK(!quiver_type(q, NULL) && !quiver_object(q, NULL, NULL) && !quiver_type(NULL, &vec_type));
    expect_error(q, "ValueError", "the type is NULL");
    static const QuiverType sizeless = {.name = "X"}, nameless = {.struct_size = sizeof nameless};
    CHECK(!quiver_type(q, &sizeless));
    expect_error(q, "ValueError", "struct_size of the type is not right");
    CHECK(!quiver_type(q, &nameless));
    static const QuiverMethodDef bad_method[] = {{"f", vec_sum, "(a", NULL}, {0}};
    static const QuiverType bad = {.struct_size = sizeof bad, .name = "X", .methods = bad_method};
    CHECK(!quiver_type(q, &bad));
    expect_error(q, "ValueError", "bad signature of f: (a");
}

int main(void)
{
    Quiver *q = fresh();
    QuiverValue *cls = quiver_type(q, &vec_type), *again = quiver_type(q, &vec_type);
    QuiverValue *other = quiver_type(q, &other_type), *twin = quiver_type(q, &twin_type);
    CHECK(quiver_set(q, "Twin", twin) == 0);
    quiver_release(q, twin);
    CHECK(cls && quiver_is(q, cls, again) && other);
    CHECK(quiver_set(q, "Vec", cls) == 0 && quiver_set(q, "Other", other) == 0);
    use(q);
    misuse(q);
    // One made by the host, left to the end in a cycle that nobody breaks.
    Vec *mine = calloc(1, sizeof *mine);
    alive++;
    QuiverValue *o = quiver_object(q, &vec_type, mine);
    mine->held = quiver_retain(q, o);
    QuiverValue *all[] = {cls, again, other, o};
    for (int i = 0; i < 4; i++) {
        quiver_release(q, all[i]);
    }
    CHECK(alive > 0);
    CHECK(quiver_free(q) == 0);
    CHECK(alive == 0);
    return 0;
}
