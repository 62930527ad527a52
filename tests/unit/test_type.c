// SPDX-License-Identifier: MIT
// Types: look-up, class creation, layouts, slots of heap types.
#include "_python.h"

#include "object/descr.h"
#include "object/seal.h"
#include "object/type_ids.h"

START_TEST(test_sealed_types)
{
    for (uint32_t id = 1; id < QV_TID_COUNT; id++) {
        const QvType *t = qv_shared.types[id];
        ck_assert_uint_eq(t->id, id);
        ck_assert_uint_eq(t->version, id);
        ck_assert(qv_is_sealed(&t->h));
        ck_assert_msg(t->dealloc && t->getattr && t->setattr && t->repr && t->hash,
                      "%s lacks slots", t->name);
        ck_assert_ptr_nonnull(t->dict);
        ck_assert_ptr_eq(t->mro[t->mro_len - 1], &qv_object_type);
        ck_assert_msg(!(t->flags & QV_T_GC) == !t->traverse, "%s: traverse and QV_T_GC disagree",
                      t->name);
    }
    ck_assert_ptr_eq(qv_bigint_type.dict, qv_int_type.dict);
    ck_assert(qv_type_is_subtype(&qv_bigint_type, &qv_int_type));
    ck_assert(qv_type_is_subtype(&qv_exc_ExceptionGroup, &qv_exc_Exception));
}
END_TEST

START_TEST(test_names)
{
    // Names of the core and of methods are one object everywhere.
    QvObj *s = qv_str_intern_cstr(qi, "append");
    ck_assert_ptr_eq(s, QV_N(append));
    s = qv_str_intern_cstr(qi, "__reduce_ex__");
    ck_assert(qv_is_sealed(s));
    s = qv_str_intern_cstr(qi, "surely not a sealed name");
    ck_assert(!qv_is_sealed(s));
    qv_decref(qi, s);
}
END_TEST

START_TEST(test_lookup_follows_changes)
{
    QvObj *g = run_text("class A: x = 1\nclass B(A): pass\nclass C(B): pass\n");
    ck_assert_ptr_nonnull(g);
    QvObj *name = text("x");
    ck_assert_int_eq(qv_str_intern(qi, &name), 0);
    QvObj *key = text("C");
    QvType *c = (QvType *)qv_dict_peek_str(g, key);
    QvType *a = c->mro[2];
    ck_assert_ptr_eq(qv_type_lookup(qi, c, name), num(1));
    uint32_t version = c->version;
    ck_assert_uint_ne(version, 0);
    ck_assert_ptr_eq(qv_type_lookup(qi, c, name), num(1));
    ck_assert_uint_eq(c->version, version);
    ck_assert_int_eq(qv_setattr(qi, &a->h, name, num(2)), 0);
    ck_assert_uint_eq(c->version, 0);
    ck_assert_ptr_eq(qv_type_lookup(qi, c, name), num(2));
    ck_assert_uint_ne(c->version, version);
    ck_assert_int_eq(qv_setattr(qi, &a->h, name, NULL), 0);
    ck_assert_ptr_null(qv_type_lookup(qi, c, name));
    qv_decref(qi, name);
    qv_decref(qi, key);
    qv_decref(qi, g);
}
END_TEST

START_TEST(test_c_slots_are_installed)
{
    QvObj *g = run_text("class L(list): pass\nclass M(list):\n    def __len__(self): return 9\n");
    ck_assert_ptr_nonnull(g);
    QvObj *key = text("L");
    const QvType *l = (QvType *)qv_dict_peek_str(g, key);
    // Nothing overridden: the C functions themselves, no Python-level call between.
    ck_assert(l->len == qv_list_type.len && l->getitem == qv_list_type.getitem);
    ck_assert(l->concat == qv_list_type.concat && l->getattr == qv_object_getattr &&
              l->new_ == qv_list_type.new_);
    qv_decref(qi, key);
    key = text("M");
    const QvType *m = (QvType *)qv_dict_peek_str(g, key);
    ck_assert(m->len != qv_list_type.len && m->getitem == qv_list_type.getitem);
    qv_decref(qi, key);
    qv_decref(qi, g);
}
END_TEST

START_TEST(test_layout)
{
    expect_raise("class E(int, str): pass", &qv_exc_TypeError,
                 "multiple bases have instance lay-out conflict");
    expect_raise("class E(bool): pass", &qv_exc_TypeError,
                 "type 'bool' is not an acceptable base type");
    expect_raise("class A: pass\nclass E(object, A): pass", &qv_exc_TypeError,
                 "Cannot create a consistent method resolution\norder (MRO) for bases object, A");
    expect_raise("class A: pass\nclass E(A, A): pass", &qv_exc_TypeError, "duplicate base class A");
    expect_raise("class E(tuple): __slots__ = ('a',)", &qv_exc_TypeError,
                 "nonempty __slots__ not supported for subtype of 'tuple'");
    expect_raise("class E:\n    __slots__ = ('a',)\n    a = 1", &qv_exc_ValueError,
                 "'a' in __slots__ conflicts with class variable");
    expect_result(
        "class A: __slots__ = ('x', 'y')\nclass B(A): pass\nclass C(B): __slots__ = ('z',)\n"
        "c = C(); c.x = 1; c.y = 2; c.z = 3; c.w = 4\nr = c.x, c.y, c.z, c.__dict__",
        "(1, 2, 3, {'w': 4})");
    expect_result("class S(str): __slots__ = ('tag',)\ns = S('abc'); s.tag = 5\nr = s + '!', s.tag",
                  "('abc!', 5)");
    expect_result("class T(tuple): pass\nt = T('ab'); t.x = 1\nr = t, t.x, T().__dict__",
                  "(('a', 'b'), 1, {})");
    expect_result("class E(KeyError):\n    def __init__(self, *a): self.n = len(a)\n"
                  "e = E(1, 2)\nr = e.n, e.args",
                  "(2, (1, 2))");
}
END_TEST

START_TEST(test_operators)
{
    expect_result("class N:\n"
                  "    def __init__(self, v): self.v = v\n"
                  "    def __add__(self, o): return ('add', o.v)\n"
                  "    def __radd__(self, o): return ('radd', o)\n"
                  "class S(N):\n"
                  "    def __radd__(self, o): return 'first'\n"
                  "r = N(1) + N(2), 3 + N(4), N(1) + S(2)",
                  "(('add', 2), ('radd', 3), 'first')");
    expect_result("class L(list):\n    def __add__(self, o): return 'L'\nr = L() + [1], [1] + "
                  "L([2]), L([3]) * 2",
                  "('L', [1, 2], [3, 3])");
    expect_result("class K: pass\nk = K(); out = []\n"
                  "try: len(k)\nexcept TypeError as e: out.append(str(e))\n"
                  "K.__len__ = lambda s: 3\nout.append(len(k))\ndel K.__len__\n"
                  "try: len(k)\nexcept TypeError as e: out.append(str(e))\nr = out",
                  "[\"object of type 'K' has no len()\", 3, \"object of type 'K' has no len()\"]");
    expect_raise("class U:\n    def __eq__(self, o): return True\nhash(U())", &qv_exc_TypeError,
                 "unhashable type: 'U'");
}
END_TEST

START_TEST(test_hooks)
{
    expect_result(
        "log = []\n"
        "class P:\n    def __init_subclass__(cls, **kw): log.append((cls.__name__, kw))\n"
        "class D:\n    def __set_name__(self, owner, name): log.append((owner.__name__, name))\n"
        "class Q(P, a=1): d = D()\nr = log",
        "[('Q', 'd'), ('Q', {'a': 1})]");
    expect_raise("class D:\n    def __set_name__(self, owner, name): 1 // 0\nclass Q: d = D()",
                 &qv_exc_RuntimeError, "Error calling __set_name__ on 'D' instance 'd' in 'Q'");
    expect_result("class M(type):\n    def __call__(cls, *a): return ('made', a)\n"
                  "class X(metaclass=M): pass\nr = X(1, 2)",
                  "('made', (1, 2))");
    expect_raise("class M(type): pass\nclass N(type): pass\nclass A(metaclass=M): pass\nclass B(A, "
                 "metaclass=N): pass",
                 &qv_exc_TypeError,
                 "metaclass conflict: the metaclass of a derived class must be a (non-strict) "
                 "subclass of the "
                 "metaclasses of all its bases");
}
END_TEST

START_TEST(test_assignment)
{
    expect_raise("int.x = 1", &qv_exc_TypeError,
                 "cannot set 'x' attribute of immutable type 'int'");
    expect_raise("(1).__class__ = object", &qv_exc_TypeError,
                 "__class__ assignment only supported for mutable types or ModuleType subclasses");
    expect_result("class A: pass\nclass B:\n    def f(self): return 'B'\na = A(); a.x = 1; "
                  "a.__class__ = B\nr = a.f(), a.x",
                  "('B', 1)");
    expect_result(
        "class Z: pass\nclass A(Z): pass\nclass C(A): pass\nclass B:\n    def f(self): return 'B'\n"
        "c = C(); A.__bases__ = (B,)\nr = c.f(), Z.__subclasses__(), B.__subclasses__() == [A]",
        "('B', [], True)");
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, test_sealed_types);
    tcase_add_test(tests, test_names);
    tcase_add_test(tests, test_lookup_follows_changes);
    tcase_add_test(tests, test_c_slots_are_installed);
    tcase_add_test(tests, test_layout);
    tcase_add_test(tests, test_operators);
    tcase_add_test(tests, test_hooks);
    tcase_add_test(tests, test_assignment);
}

int main(void)
{
    void (*cases[])(TCase *) = {add};
    return run_cases("type", cases, 1);
}
