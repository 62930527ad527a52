// SPDX-License-Identifier: MIT
// Unit tests of code/codefile.h: round trips, damaged input, the verifier behind it.
#include "tests/unit/_interp.h"

#include "code/codefile.h"
#include "compile/compile.h"
#include "modules/modules.h"

static const char source[] = "'doc'\n"
                             "import a.b\n"
                             "class A(B):\n"
                             "    x = {1, 2, 3} , (None, True, ..., 1.5, -0.0, 2j, b'by', "
                             "'uni\\u20ac', 'lone\\ud800', 10**30, -2**70)\n"
                             "    def m(self, *a, k=1, **kw):\n"
                             "        try:\n"
                             "            for i, j in a: yield super().m(i, key=j)\n"
                             "        except (ValueError, KeyError) as e:\n"
                             "            raise TypeError('t') from e\n"
                             "        finally:\n"
                             "            with kw[k] as w: print(f'{w!r:>{k}}')\n"
                             "        if k in {'p'}: return lambda: (self, k)\n"
                             "async def f(x):\n"
                             "    async for y in x: await y\n"
                             "    match x:\n"
                             "        case [1, *r] | {'k': r} | C(r): return [z for z in r]\n";

static QvObj *compile_source(void)
{
    QvObj *name = text("file.py");
    QvObj *code = qv_compile(qi, source, (QvSsize)strlen(source), name, 0, QV_CF_SOURCE_IS_UTF8, 0);
    qv_decref(qi, name);
    ck_assert_ptr_nonnull(code);
    return code;
}

#if !QV_HARD // whose build makes no images
// What the build has compiled of the embedded modules is what the compiler makes of them now.
START_TEST(test_embedded_images)
{
    const QvEmbeddedImage *image = qv_embedded_images;
    for (const QvEmbeddedModule *m = qv_embedded_modules; m->name; m++, image++) {
        ck_assert_ptr_nonnull(image->name);
        ck_assert_str_eq(image->name, m->name);
        QvObj *name = qv_str_format(qi, "<quiver>/%s", m->name);
        QvObj *code = qv_compile(qi, (const char *)m->data, (QvSsize)m->size, name, 0,
                                 QV_CF_SOURCE_IS_UTF8, 0);
        QvBuf buf = {0};
        ck_assert_ptr_nonnull(code);
        ck_assert_int_eq(qv_code_write(qi, (QvCode *)code, &buf), 0);
        ck_assert_uint_eq(buf.len, image->size);
        ck_assert_int_eq(memcmp(buf.data, image->data, buf.len), 0);
        qv_buf_fini(&buf);
        qv_decref(qi, code);
        qv_decref(qi, name);
    }
    ck_assert_ptr_null(image->name);
}
#endif

START_TEST(test_round_trip)
{
    QvObj *code = compile_source();
    QvBuf buf = {0};
    ck_assert_int_eq(qv_code_write(qi, (QvCode *)code, &buf), 0);
    qv_buf_append_cstr(&buf, "rest");
    size_t used;
    QvObj *back = qv_code_read(qi, buf.data, buf.len, &used);
    ck_assert_ptr_nonnull(back);
    ck_assert_uint_eq(used, buf.len - 4);
    ck_assert_int_eq(qv_eq(qi, code, back), 1);
    QvObj *a = qv_code_dis(qi, (QvCode *)code);
    QvObj *b = qv_code_dis(qi, (QvCode *)back);
    ck_assert_int_eq(qv_eq(qi, a, b), 1);
    qv_decref(qi, a);
    qv_decref(qi, b);
    // Written again, the same bytes.
    QvBuf again = {0};
    ck_assert_int_eq(qv_code_write(qi, (QvCode *)back, &again), 0);
    ck_assert_uint_eq(again.len, used);
    ck_assert_int_eq(memcmp(again.data, buf.data, used), 0);
    qv_decref(qi, back);
    qv_decref(qi, code);
    qv_buf_fini(&buf);
    qv_buf_fini(&again);
}
END_TEST

START_TEST(test_truncated)
{
    QvObj *code = compile_source();
    QvBuf buf = {0};
    ck_assert_int_eq(qv_code_write(qi, (QvCode *)code, &buf), 0);
    qv_decref(qi, code);
    for (size_t n = 0; n < buf.len; n++) {
        ck_assert_ptr_null(qv_code_read(qi, buf.data, n, NULL));
        ck_assert(qv_err_matches(qi, &qv_exc_ValueError));
        qv_err_clear(qi);
    }
    qv_buf_fini(&buf);
}
END_TEST

START_TEST(test_damaged)
{
    QvObj *code = compile_source();
    QvBuf buf = {0};
    ck_assert_int_eq(qv_code_write(qi, (QvCode *)code, &buf), 0);
    qv_decref(qi, code);
    // Every bit once: a verified code object or an error, never a crash.
    for (size_t i = 8; i < buf.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            buf.data[i] ^= (char)(1 << bit);
            QvObj *o = qv_code_read(qi, buf.data, buf.len, NULL);
            if (o) {
                ck_assert(qv_is_code(o));
                qv_decref(qi, o);
            } else {
                ck_assert(qv_err_matches(qi, &qv_exc_ValueError) ||
                          qv_err_matches(qi, &qv_exc_MemoryError) ||
                          qv_err_matches(qi, &qv_exc_TypeError));
                qv_err_clear(qi);
            }
            buf.data[i] ^= (char)(1 << bit);
        }
    }
    qv_buf_fini(&buf);
}
END_TEST

static size_t count_code(const QvCode *code)
{
    size_t n = 1;
    for (uint32_t k = 0; k < code->nconsts; k++) {
        n += qv_is_code(code->consts[k]) ? count_code((const QvCode *)code->consts[k]) : 0;
    }
    return n;
}

// Inner code objects of an image come when they are looked into, and are then as they were written.
START_TEST(test_image)
{
    QvObj *code = compile_source();
    QvBuf buf = {0}, again = {0};
    ck_assert_int_eq(qv_code_write(qi, (QvCode *)code, &buf), 0);
    const QvCachedCode *image = qv_code_cache_image(buf.data, buf.len, _i == 0);
    ck_assert_ptr_nonnull(image);
    QvCode *root = (QvCode *)qv_code_read_image(qi, image);
    ck_assert_ptr_nonnull(root);
    ck_assert_ptr_null(root->image);
    QvCode *inner = NULL;
    for (uint32_t k = 0; k < root->nconsts; k++) {
        inner = qv_is_code(root->consts[k]) ? (QvCode *)root->consts[k] : inner;
    }
    ck_assert_ptr_nonnull(inner);
    ck_assert_ptr_nonnull(inner->image);
    ck_assert_ptr_null(inner->instrs);
    ck_assert_int_eq(inner->exact_args, -1);
    ck_assert_int_eq(qv_str_eq_ascii(inner->qualname, "f"), 1);
    qv_incref(qi, &inner->h);
    QvObj *a = qv_code_dis(qi, (QvCode *)code), *b = qv_code_dis(qi, root);
    ck_assert_int_eq(qv_eq(qi, a, b), 1);
    ck_assert_ptr_null(inner->image);
    ck_assert_ptr_nonnull(inner->instrs);
    // All have been verified by now, and need not be again.
    size_t seen = 0, bits = image->size / QV_CODE_APART + 1;
    for (size_t k = 0; k < bits; k++) {
        seen += qv_code_cache_seen(image, k * QV_CODE_APART);
    }
    ck_assert_uint_eq(seen, image->verified ? bits : count_code(root));
    ck_assert_int_eq(qv_code_write(qi, root, &again), 0);
    ck_assert_uint_eq(again.len, buf.len);
    ck_assert_int_eq(memcmp(again.data, buf.data, buf.len), 0);
    qv_code_cache_release(image);
    qv_decref(qi, a);
    qv_decref(qi, b);
    qv_decref(qi, &root->h);
    qv_decref(qi, &inner->h);
    qv_decref(qi, code);
    qv_buf_fini(&buf);
    qv_buf_fini(&again);
}
END_TEST

// Any changed bit of an image is noticed before something runs.
START_TEST(test_damaged_image)
{
    QvObj *code = compile_source();
    QvBuf buf = {0};
    ck_assert_int_eq(qv_code_write(qi, (QvCode *)code, &buf), 0);
    qv_decref(qi, code);
    for (size_t i = 0; i < buf.len; i++) {
        buf.data[i] ^= (char)(1 << i % 8);
        const QvCachedCode *image = qv_code_cache_image(buf.data, buf.len, false);
        ck_assert_ptr_nonnull(image);
        ck_assert_ptr_null(qv_code_read_image(qi, image));
        ck_assert(qv_err_matches(qi, &qv_exc_ValueError));
        qv_err_clear(qi);
        qv_code_cache_release(image);
        buf.data[i] ^= (char)(1 << i % 8);
    }
    qv_buf_fini(&buf);
}
END_TEST

// Code objects that the verifier must refuse: built by hand from a good one.
static void expect_refused(QvCode *code, uint32_t at, QvInstr w)
{
    QvInstr saved = code->instrs[at];
    code->instrs[at] = w;
    ck_assert_int_eq(qv_code_verify(qi, code), -1);
    ck_assert(qv_err_matches(qi, &qv_exc_ValueError));
    qv_err_clear(qi);
    code->instrs[at] = saved;
    ck_assert_int_eq(qv_code_verify(qi, code), 0);
}

START_TEST(test_verifier)
{
    static const char src[] = "def f(a):\n  b = a + 1\n  return b\n";
    QvObj *name = text("f.py");
    QvObj *module = qv_compile(qi, src, (QvSsize)strlen(src), name, 0, 0, 0);
    qv_decref(qi, name);
    QvCode *code = NULL;
    for (uint32_t i = 0; i < ((QvCode *)module)->nconsts; i++) {
        QvObj *k = ((QvCode *)module)->consts[i];
        code = qv_is_code(k) ? (QvCode *)k : code;
    }
    ck_assert_uint_eq(code->ninstrs, 2);                                // ADD_I b a #1; RETURN b
    expect_refused(code, 0, (QvInstr){QV_INS_NOP, 0, 0, 0, 0});         // b is not bound then
    expect_refused(code, 0, (QvInstr){QV_INS_ADD_I, 0, 99, 0, 1});      // no such register
    expect_refused(code, 0, (QvInstr){250, 0, 0, 0, 0});                // no such opcode
    expect_refused(code, 0, (QvInstr){QV_INS_LOAD_K, 0, 1, 0xFFFF, 0}); // no such constant
    expect_refused(code, 0, (QvInstr){QV_INS_JUMP, 0, 0, 7, 0});        // to nowhere
    expect_refused(code, 0, (QvInstr){QV_INS_LOAD_CELL, 0, 1, 0, 0});   // a is not a cell
    expect_refused(code, 0, (QvInstr){QV_INS_LIST_APPEND, 0, 0, 0, 0}); // a is not a list being
                                                                        // built
    expect_refused(code, 0, (QvInstr){QV_INS_ADD, QV_TAKE_B, 1, 0, 0}); // taken and read again
    expect_refused(code, 1, (QvInstr){QV_INS_NOP, 0, 0, 0, 0});         // falls off the end
    expect_refused(code, 0, (QvInstr){QV_INS_YIELD, 0, 1, 0, 0});       // not a generator
    qv_decref(qi, module);
}
END_TEST

START_TEST(test_specialised_rows)
{
    // Each specialised opcode names its general form: the longest general name that it starts with.
    for (int i = 0; i < 256 && qv_op_info[i].name; i++) {
        if (!(qv_op_info[i].traits & QV_TR_SPEC) || i == QV_INS_ENTER_JIT) { // which has none
            continue;
        }
        const char *best = NULL;
        for (int j = 0; j < 256 && qv_op_info[j].name; j++) {
            const char *name = qv_op_info[j].name;
            size_t n = strlen(name);
            if (!(qv_op_info[j].traits & QV_TR_SPEC) && strncmp(name, qv_op_info[i].name, n) == 0 &&
                qv_op_info[i].name[n] == '_' && (!best || n > strlen(best))) {
                best = name;
            }
        }
        ck_assert_ptr_nonnull(best);
        ck_assert_str_eq(qv_op_info[qv_op_info[i].general].name, best);
        ck_assert_uint_eq(qv_op_info[i].words, qv_op_info[qv_op_info[i].general].words);
    }
}
END_TEST

static void add_all(TCase *t)
{
    tcase_set_timeout(t, 60);
    tcase_add_test(t, test_round_trip);
#if !QV_HARD
    tcase_add_test(t, test_embedded_images);
#endif
    tcase_add_test(t, test_truncated);
    tcase_add_test(t, test_damaged);
    tcase_add_loop_test(t, test_image, 0, 2);
    tcase_add_test(t, test_damaged_image);
    tcase_add_test(t, test_verifier);
    tcase_add_test(t, test_specialised_rows);
}

int main(void)
{
    void (*const cases[])(TCase *) = {add_all};
    return run_cases("code/codefile", cases, 1);
}
