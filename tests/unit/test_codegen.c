// SPDX-License-Identifier: MIT
// Unit tests of the compiler: code that verifies, the shapes that matter for speed, limits, error
// messages.
#include "tests/unit/_interp.h"

#include <stdio.h>

#include "base/buf.h"
#include "code/code.h"
#include "compile/compile.h"

static QvObj *compile_text(const char *src, QvSsize n, unsigned flags, int optimize)
{
    QvObj *name = text("<test>");
    QvObj *code = qv_compile(qi, src, n, name, 0, flags | QV_CF_SOURCE_IS_UTF8, optimize);
    qv_decref(qi, name);
    return code;
}

static void verify_all(const QvCode *code)
{
    ck_assert_int_eq(qv_code_verify(qi, code), 0);
    for (uint32_t i = 0; i < code->nconsts; i++) {
        if (qv_is_code(code->consts[i])) {
            verify_all((QvCode *)code->consts[i]);
        }
    }
}

static QvObj *compile_ok(const char *src)
{
    QvObj *code = compile_text(src, (QvSsize)strlen(src), 0, 0);
    if (!code) {
        QvObj *exc = qv_err_fetch(qi);
        QvObj *s = qv_str(qi, exc);
        QvUtf8 u;
        ck_assert_int_eq(qv_str_utf8(qi, s, &u), 0);
        ck_abort_msg("%s: %s in\n%s", exc->type->name, u.s, src);
    }
    verify_all((QvCode *)code);
    return code;
}

// The disassembly of `src` contains each of the lines, in this order (blanks squeezed).
static void expect_code(const char *src, const char *const *lines)
{
    QvObj *code = compile_ok(src);
    QvObj *dis = qv_code_dis(qi, (QvCode *)code);
    QvUtf8 u;
    ck_assert_int_eq(qv_str_utf8(qi, dis, &u), 0);
    QvBuf squeezed = {0};
    for (QvSsize i = 0; i < u.n; i++) {
        if (u.s[i] != ' ' || (squeezed.len > 0 && squeezed.data[squeezed.len - 1] != ' ')) {
            qv_buf_append_char(&squeezed, u.s[i]);
        }
    }
    const char *at = qv_buf_cstr(&squeezed);
    for (; *lines; lines++) {
        const char *found = strstr(at, *lines);
        ck_assert_msg(found != NULL, "no '%s' (in order) in\n%s", *lines, u.s);
        at = found + strlen(*lines);
    }
    qv_buf_fini(&squeezed);
    qv_utf8_release(qi, &u);
    qv_decref(qi, dis);
    qv_decref(qi, code);
}
#define EXPECT_CODE(src, ...) expect_code(src, (const char *const[]){__VA_ARGS__, NULL})

START_TEST(test_constructs)
{
    static const char *const sources[] = {
        "",
        "x = 1\n",
        "def f(a, b=1, /, c=2, *d, e, f=3, **g): return a, b, c, d, e, f, g\n",
        "for i, (j, *k) in x:\n  if i: continue\n  break\nelse:\n  y\n",
        "while a < b <= c() < d and not e or f:\n  g = h if i else j\n",
        "try:\n  f()\nexcept A:\n  g()\nexcept (B, C) as e:\n  raise D from e\nelse:\n  "
        "h()\nfinally:\n  i()\n",
        "def f():\n  for x in y:\n    try:\n      with a as b, c:\n        if x: return x\n        "
        "if y: break\n"
        "        continue\n    except E as e: return e\n    finally:\n      if z: continue\n      "
        "return 3\n",
        "try:\n  f()\nexcept* A as a:\n  g()\nexcept* B:\n  h()\nfinally: i()\n",
        "class A(B, *c, m=n, **o):\n  'doc'\n  x: int = 3\n  def f(self): return "
        "super().f(__class__)\n",
        "[x for x in y if x for z in x]\n{x: y for x, y in z}\n{x for x in y}\n(x for x in y)\n",
        "async def f():\n  async with a as b:\n    async for c in d:\n      e = [await g async for "
        "g in h]\n"
        "    else: pass\n  return await i\n",
        "async def f():\n  yield 1\n  x = yield\n",
        "def f():\n  x = yield from g()\n  lambda: (yield x)\n",
        "match a:\n  case 1 | 'x' | None: pass\n  case [b, *_, c] if b: pass\n  case {'k': d, "
        "**e}: pass\n"
        "  case F(g, h=i) as j: pass\n  case _: pass\n",
        "a[1:2, ::3] += b.c @ -d\ndel a.b, c[d], (e, [f])\n",
        "f(*a, b, *c, d=e, **g)\nf(**a, b=c)\n[*a, b]\n{**a, 'b': c}\n{*a, b}\n(*a, b)\n",
        "f'{a!r:>{b}}{c}' + f'' + '%s' % (d,)\n",
        "global x\nimport a.b.c, d as e, f.g as h\nfrom . import i as j\nfrom k import *\n",
        "def f():\n  global a\n  b = c = 1\n  def g():\n    nonlocal b\n    b += c + a\n  return "
        "g\n",
        "def f(a):\n  b = a + (a := 2)\n  del a\n  return a\n",
        "assert a, b\nassert (c, d)[0] < 1\n",
        "def f():\n  while 1:\n    try: pass\n    finally: break\n  return 1\n  dead()\n",
    };
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        qv_decref(qi, compile_ok(sources[i]));
    }
}
END_TEST

START_TEST(test_shapes)
{
    // One jump per turn, arithmetic straight into the local, immediates.
    EXPECT_CODE("def f(n):\n  i = 0\n  while i < n:\n    i += 1\n  return i\n", "JNLT i n",
                "ADD_I i i #1", "JLT i n", "RETURN i");
    // No bound check where the variable is surely bound; one where it is not.
    EXPECT_CODE("def f(a):\n  if a: b = 1\n  return b\n", "CHECK_BOUND b", "RETURN b");
    // Operands without moves; the argument's place is the variable's.
    EXPECT_CODE("def f(a, b):\n  c = a * b\n  return g(c)\n", "MUL c a b", "LOAD_GLOBAL t0 .g",
                "MOVE t1 c", "CALL t0 t0.. 1", "RETURN t0!");
    EXPECT_CODE("def f(a, x):\n  return a.m(x)[0]\n", "LOAD_METHOD t0 a .m",
                "CALL_METHOD t0 t0.. 1", "GETITEM t0 t0 t1!");
    EXPECT_CODE("def f(xs):\n  for a, b in xs: pass\n", "GET_ITER t0 xs", "FOR_ITER t1 t0",
                "UNPACK a t1! 2");
    EXPECT_CODE("def f(a):\n  if a is None and not a in (1, 2): return 1\n", "JNOTNONE a",
                "LOAD_K t0 (1, 2)", "JIN a t0!", "RETURN_K 1");
    EXPECT_CODE("x = 2 * 3 + 1\ny = not a is b\nz = 'a' 'b' * 2\n", "LOAD_K t0 7", "IS_NOT t0",
                "LOAD_K t0 'abab'");
    EXPECT_CODE("def f(a, b):\n  a, b = b, a\n", "MOVE t0 a", "MOVE a b", "TAKE b t0!");
    EXPECT_CODE("class A:\n  def f(self): return super().g(1)\n", "LOAD_GLOBAL t0 .super",
                "LOAD_CELL t1 &__class__", "MOVE t2 self", "LOAD_SUPER_METHOD t0",
                "CALL_METHOD t0");
    EXPECT_CODE("def f():\n  with a: b()\n", "WITH_ENTER t0 t0", "WITH_EXIT t1 t0! -",
                "PUSH_EXC t1", "WITH_EXIT t3 t0! t1", "JTRUE t3!", "handled at");
}
END_TEST

START_TEST(test_code_object)
{
    QvObj *module = compile_ok(
        "'doc'\n\ndef f(a, b, *c, d=1, **e):\n  'fdoc'\n  g = 1\n  return lambda: (a, g)\n");
    QvCode *f = NULL;
    for (uint32_t i = 0; i < ((QvCode *)module)->nconsts; i++) {
        QvObj *k = ((QvCode *)module)->consts[i];
        f = qv_is_code(k) ? (QvCode *)k : f;
    }
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(f->firstline, 3);
    ck_assert_uint_eq(f->argcount, 2);
    ck_assert_uint_eq(f->kwonly, 1);
    ck_assert_uint_eq(f->flags,
                      QV_CO_OPTIMIZED | QV_CO_NEWLOCALS | QV_CO_VARARGS | QV_CO_VARKEYWORDS);
    ck_assert(!f->simple_args);
    expect_text_take(qv_new_ref(qi, f->doc), "fdoc");
    expect_repr_take(qv_getattr_cstr(qi, (QvObj *)f, "co_varnames"), "('a', 'b', 'd', 'c', 'e')");
    expect_repr_take(qv_getattr_cstr(qi, (QvObj *)f, "co_cellvars"), "('a', 'g')");
    expect_repr_take(qv_getattr_cstr(qi, (QvObj *)f, "co_name"), "'f'");
    QvObj *copy = qv_call_method0(qi, (QvObj *)f, QV_N(replace));
    ck_assert_ptr_nonnull(copy);
    ck_assert_int_eq(qv_eq(qi, copy, (QvObj *)f), 1);
    ck_assert_int_eq(qv_hash(qi, copy), qv_hash(qi, (QvObj *)f));
    qv_decref(qi, copy);
    for (uint32_t i = 0; i < f->nconsts; i++) {
        if (qv_is_code(f->consts[i])) {
            expect_text_take(qv_new_ref(qi, ((QvCode *)f->consts[i])->qualname),
                             "f.<locals>.<lambda>");
            expect_repr_take(qv_getattr_cstr(qi, f->consts[i], "co_freevars"), "('a', 'g')");
        }
    }
    qv_decref(qi, module);
}
END_TEST

static void expect_syntax_error(const char *src, const char *message)
{
    QvObj *code = compile_text(src, (QvSsize)strlen(src), 0, 0);
    ck_assert_msg(code == NULL, "compiled: %s", src);
    QvObj *exc = qv_err_fetch(qi);
    ck_assert_ptr_eq(exc->type, &qv_exc_SyntaxError);
    expect_text_take(qv_getattr_cstr(qi, exc, "msg"), message);
    qv_decref(qi, exc);
}

START_TEST(test_errors)
{
    static const char *const cases[][2] = {
        {"return\n", "'return' outside function"},
        {"break\n", "'break' outside loop"},
        {"continue\n", "'continue' not properly in loop"},
        {"def f():\n  x = 1\n  global x\n", "name 'x' is assigned to before global declaration"},
        {"def f(x):\n  nonlocal x\n", "name 'x' is parameter and nonlocal"},
        {"def f():\n  nonlocal x\n", "no binding for nonlocal 'x' found"},
        {"nonlocal x\n", "nonlocal declaration not allowed at module level"},
        {"def f(a, a): pass\n", "duplicate argument 'a' in function definition"},
        {"def f(): await x\n", "'await' outside async function"},
        {"[(yield) for x in y]\n", "'yield' inside list comprehension"},
        {"def f():\n  from x import *\n", "import * only allowed at module level"},
        {"try: pass\nexcept: pass\nexcept A: pass\n", "default 'except:' must be last"},
        {"class A: [(x := 1) for y in z]\n",
         "assignment expression within a comprehension cannot be used in a class body"},
        {"[(y := 1) for y in z]\n",
         "assignment expression cannot rebind comprehension iteration variable 'y'"},
        {"f(a=1, a=2)\n", "keyword argument repeated: a"},
        {"*a = b\n", "starred assignment target must be in a list or tuple"},
        {"match x:\n  case a: pass\n  case b: pass\n",
         "name capture 'a' makes remaining patterns unreachable"},
        {"x\nfrom __future__ import division\n",
         "from __future__ imports must occur at the beginning of the file"},
        {"async def f():\n  yield\n  return 1\n", "'return' with value in async generator"},
        {"while 1:\n  try: pass\n  except* A: break\n",
         "'break', 'continue' and 'return' cannot appear in an except* block"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        expect_syntax_error(cases[i][0], cases[i][1]);
    }
}
END_TEST

START_TEST(test_far_jumps)
{
    QvBuf src = {0};
    qv_buf_append_cstr(&src, "def f(n):\n  for i in n:\n    if i is n: break\n");
    for (int i = 0; i < 40000; i++) {
        qv_buf_append_cstr(&src, "    x = n + i\n");
    }
    qv_buf_append_cstr(&src, "    if x in n: continue\n  return n\n");
    QvObj *code = compile_text(src.data, (QvSsize)src.len, 0, 0);
    qv_buf_fini(&src);
    ck_assert_ptr_nonnull(code);
    verify_all((QvCode *)code);
    qv_decref(qi, code);
}
END_TEST

START_TEST(test_limits)
{
    QvBuf src = {0};
    qv_buf_append_cstr(&src, "def f():\n");
    for (int i = 0; i < 66000; i++) {
        qv_buf_printf(&src, " v%d = 1\n", i);
    }
    ck_assert_ptr_null(compile_text(src.data, (QvSsize)src.len, 0, 0));
    qv_err_clear(qi);
    // Large displays and calls need few registers.
    qv_buf_reset(&src);
    qv_buf_append_cstr(&src, "x = [");
    for (int i = 0; i < 70000; i++) {
        qv_buf_append_cstr(&src, "a,");
    }
    qv_buf_append_cstr(&src, "]\nf(");
    for (int i = 0; i < 70000; i++) {
        qv_buf_append_cstr(&src, "a,");
    }
    qv_buf_append_cstr(&src, ")\n");
    QvObj *code = compile_text(src.data, (QvSsize)src.len, 0, 0);
    ck_assert_ptr_nonnull(code);
    ck_assert_uint_lt(((QvCode *)code)->nregs, 100);
    verify_all((QvCode *)code);
    qv_decref(qi, code);
    // Deep nesting is refused, not crashed on.
    qv_buf_reset(&src);
    for (int i = 0; i < 200000; i++) {
        qv_buf_append_cstr(&src, "a+");
    }
    qv_buf_append_cstr(&src, "a\n");
    ck_assert_ptr_null(compile_text(src.data, (QvSsize)src.len, 0, 0));
    ck_assert(qv_err_matches(qi, &qv_exc_RecursionError));
    qv_err_clear(qi);
    qv_buf_fini(&src);
}
END_TEST

START_TEST(test_optimize)
{
    QvObj *code = compile_text("assert x\n'd'\n", 13, 0, 1);
    ck_assert_uint_eq(((QvCode *)code)->ninstrs, 2); // the line of 'd', and the return
    qv_decref(qi, code);
    code = compile_text("def f():\n  'doc'\n", 17, 0, 2);
    for (uint32_t i = 0; i < ((QvCode *)code)->nconsts; i++) {
        if (qv_is_code(((QvCode *)code)->consts[i])) {
            ck_assert_ptr_null(((QvCode *)((QvCode *)code)->consts[i])->doc);
        }
    }
    qv_decref(qi, code);
}
END_TEST

// The text that `from __future__ import annotations` keeps of an annotation.
static void expect_annotation(const char *annotation, const char *expected)
{
    char src[256];
    int n = snprintf(src, sizeof(src), "x: %s\n", annotation);
    QvObj *code = compile_text(src, n, QV_CF_FUTURE_ANNOTATIONS, 0);
    ck_assert_ptr_nonnull(code);
    expect_text_take(qv_new_ref(qi, ((QvCode *)code)->consts[0]), expected);
    qv_decref(qi, code);
}

START_TEST(test_unparse)
{
    expect_annotation("List [ int,str ]", "List[int, str]");
    expect_annotation("(a+b)*c-d**-e", "(a + b) * c - d ** (-e)");
    expect_annotation("not a or (b and c)", "not a or b and c");
    expect_annotation("lambda x,*y,z=1:x", "lambda x, *y, z=1: x");
    expect_annotation("{1:2,**a}", "{1: 2, **a}");
    expect_annotation("a[1:2,::3]", "a[1:2, ::3]");
    expect_annotation("f'{a!r:>{b}}'", "f'{a!r:>{b}}'");
    expect_annotation("(x for x in y if z)", "(x for x in y if z)");
    expect_annotation("\"str\"", "'str'");
    expect_annotation("1e400", "1e309");
}
END_TEST

static void add_all(TCase *t)
{
    tcase_set_timeout(t, 60);
    tcase_add_test(t, test_constructs);
    tcase_add_test(t, test_shapes);
    tcase_add_test(t, test_code_object);
    tcase_add_test(t, test_errors);
    tcase_add_test(t, test_far_jumps);
    tcase_add_test(t, test_limits);
    tcase_add_test(t, test_optimize);
    tcase_add_test(t, test_unparse);
}

int main(void)
{
    void (*const cases[])(TCase *) = {add_all};
    return run_cases("compile/codegen", cases, 1);
}
