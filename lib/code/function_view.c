// SPDX-License-Identifier: MIT
// What function objects (object/function.c, a lower layer) ask of their code.
#include "code/code.h"
#include "object/function.h"

QvObj *qv_code_peek_name(const QvCode *code) { return code->name; }

QvObj *qv_code_peek_qualname(const QvCode *code) { return code->qualname; }

QvObj *qv_code_peek_doc(QvInterp *qi, QvCode *code)
{
    return qv_code_load(qi, code) < 0 ? NULL : code->doc ? code->doc : QV_NONE;
}

QvSsize qv_code_free_count(const QvCode *code) { return code->nfree; }

uint32_t qv_code_self_attrs(const QvCode *code, const void **names, uint32_t n, uint32_t max)
{
    if (code->image) {
        return qv_code_image_self_attrs(code, names, n, max);
    }
    if (code->argcount == 0) {
        return n;
    }
    for (uint32_t at = 0; at < code->ninstrs;
         at += 1u + qv_op_info[qv_code_instr(code, at).op].words) {
        QvInstr i = qv_code_instr(code, at);
        bool store = i.op == QV_INS_STORE_ATTR || qv_op_info[i.op].general == QV_INS_STORE_ATTR;
        if (!store || i.a != 0) {
            continue;
        }
        uint32_t k = 0;
        while (k < n && names[k] != code->names[i.b]) {
            k++;
        }
        if (k == n && n < max) {
            names[n++] = code->names[i.b];
        }
    }
    return n;
}
