// SPDX-License-Identifier: MIT
// Shapes: inline slots, transitions, dict mode, learning.
#include "_python.h"

#include "object/shape.h"

static QvObj *get(QvObj *globals, const char *name)
{
    QvObj *key = text(name);
    QvObj *v = qv_dict_peek_str(globals, key);
    qv_decref(qi, key);
    ck_assert_ptr_nonnull(v);
    return v;
}

START_TEST(test_shared_shape)
{
    QvObj *g = run_text("class A:\n    def __init__(self): self.x = 1; self.y = 2\na = A(); b = "
                        "A(); c = A(); c.z = 3\n");
    ck_assert_ptr_nonnull(g);
    const QvInstPart *a = qv_inst_part(get(g, "a"));
    const QvInstPart *b = qv_inst_part(get(g, "b"));
    const QvInstPart *c = qv_inst_part(get(g, "c"));
    ck_assert_ptr_eq(a->shape, b->shape);
    ck_assert_ptr_eq(c->shape->parent, a->shape);
    ck_assert_uint_eq(a->shape->count, 2);
    QvObj *name = text("y");
    ck_assert_int_eq(qv_str_intern(qi, &name), 0);
    ck_assert_int_eq(qv_shape_find(a->shape, name), 1);
    ck_assert_ptr_eq(a->slots[1], num(2));
    qv_decref(qi, name);
    qv_decref(qi, g);
}
END_TEST

START_TEST(test_dict_mode)
{
    expect_result(
        "class A: pass\na = A(); a.x = 1; a.y = 2; d = a.__dict__; d['z'] = 3; a.w = 4\nr = d, a.z",
        "({'x': 1, 'y': 2, 'z': 3, 'w': 4}, 3)");
    expect_result("class A: pass\na = A(); a.x = 1; a.y = 2; del a.x\nr = a.__dict__", "{'y': 2}");
    expect_result("class A: pass\na = A(); a.x = 1; a.y = 2; del a.y; a.z = 3\nr = a.__dict__",
                  "{'x': 1, 'z': 3}");
    expect_result(
        "class A: pass\na = A(); a.x = 1; a.__dict__ = {'q': 5}\nr = a.q, hasattr(a, 'x')",
        "(5, False)");
    QvObj *g = run_text("class A: pass\na = A(); a.x = 1; a.y = 2; del a.y\n");
    ck_assert(!qv_inst_part(get(g, "a"))->shape->is_dict);
    QvObj *copy = qv_inst_copy_dict(qi, get(g, "a"));
    ck_assert(!qv_inst_part(get(g, "a"))->shape->is_dict);
    expect_repr_take(copy, "{'x': 1}");
    QvObj *dict = qv_inst_dict(qi, get(g, "a"));
    ck_assert_ptr_eq(qv_inst_part(get(g, "a"))->shape, &qv_shape_dict);
    qv_decref(qi, dict);
    qv_decref(qi, g);
}
END_TEST

START_TEST(test_learning)
{
    // Set from outside, so that the class's methods do not tell beforehand.
    QvObj *g = run_text("class A: pass\ndef fill(o):\n    o.a = o.b = o.c = o.d = o.e = 0\n    o.f "
                        "= o.g = o.h = 1\n"
                        "first = A(); fill(first); second = A(); fill(second)\n");
    ck_assert_ptr_nonnull(g);
    ck_assert(qv_inst_part(get(g, "first"))->shape->is_dict);
    ck_assert(!qv_inst_part(get(g, "second"))->shape->is_dict);
    ck_assert_uint_eq(qv_inst_part(get(g, "second"))->shape->count, 8);
    ck_assert_uint_ge(qv_inst_cap(get(g, "second")), 8);
    qv_decref(qi, g);
}
END_TEST

START_TEST(test_named_in_methods)
{
    QvObj *g = run_text("class A:\n    def __init__(self):\n        self.a = self.b = self.c = "
                        "self.d = self.e = 0\n"
                        "        self.f = self.g = self.h = 1\nclass B(A):\n    def more(self): "
                        "self.i = self.j = 0\n"
                        "first = A(); b = B(); b.more()\n");
    ck_assert_ptr_nonnull(g);
    ck_assert(!qv_inst_part(get(g, "first"))->shape->is_dict);
    ck_assert(!qv_inst_part(get(g, "b"))->shape->is_dict);
    ck_assert_uint_ge(qv_inst_cap(get(g, "b")), 10);
    qv_decref(qi, g);
}
END_TEST

START_TEST(test_many_names)
{
    // Names invented at run time must not make shapes without end.
    QvObj *g =
        run_text("class A: pass\nkeep = []\n"
                 "for i in range(3000):\n    a = A(); setattr(a, 'n%d' % i, i); keep.append(a)\n"
                 "ok = all(getattr(keep[i], 'n%d' % i) == i for i in range(3000))\n");
    ck_assert_ptr_nonnull(g);
    ck_assert_ptr_eq(get(g, "ok"), QV_TRUE);
    const QvType *t = (QvType *)get(g, "A");
    ck_assert_uint_le(t->root_shape->total, 1000);
    qv_decref(qi, g);
    expect_result("class A: pass\na = A()\nfor i in range(100): setattr(a, 'n%d' % i, i)\n"
                  "r = sum(getattr(a, 'n%d' % i) for i in range(100)), len(a.__dict__)",
                  "(4950, 100)");
}
END_TEST

START_TEST(test_drops_run_code)
{
    // A value that dies with the instance sees it without attributes, and may set some.
    expect_result(
        "log = []\nclass V:\n    def __del__(self): log.append(len(self.owner().__dict__) if "
        "self.owner() else 'gone')\n"
        "class A: pass\na = A(); v = V(); v.owner = lambda: None; a.v = v; del v; del a\nr = log",
        "['gone']");
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, test_shared_shape);
    tcase_add_test(tests, test_dict_mode);
    tcase_add_test(tests, test_learning);
    tcase_add_test(tests, test_named_in_methods);
    tcase_add_test(tests, test_many_names);
    tcase_add_test(tests, test_drops_run_code);
}

int main(void)
{
    void (*cases[])(TCase *) = {add};
    return run_cases("shape", cases, 1);
}
