// SPDX-License-Identifier: MIT
// Disassembly as text: line, word, opcode, operands with their names, jump targets, the exception
// table.
#include <string.h>

#include "base/buf.h"
#include "code/code.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"

typedef struct Dis {
    QvInterp *qi;
    const QvCode *code;
    QvBuf out;
} Dis;

static void put_obj(Dis *d, QvObj *o, bool is_repr)
{
    QvObj *s = is_repr ? qv_repr(d->qi, o) : qv_new_ref(d->qi, o);
    QvUtf8 utf8;
    if (!s || qv_str_utf8_surrogates(d->qi, s, &utf8, false) < 0) {
        qv_err_clear(d->qi);
        qv_buf_append_cstr(&d->out, "?");
        qv_xdecref(d->qi, s);
        return;
    }
    QvSsize n = utf8.n > 60 ? 57 : utf8.n;
    qv_buf_append(&d->out, utf8.s, (size_t)n);
    if (utf8.n > 60) {
        qv_buf_append_cstr(&d->out, "...");
    }
    qv_utf8_release(d->qi, &utf8);
    qv_decref(d->qi, s);
}

static void put_register(Dis *d, unsigned reg, bool take)
{
    const QvCode *code = d->code;
    unsigned cells = (unsigned)code->nlocals + code->ncells + code->nfree;
    if (reg == 0xFFFF) {
        qv_buf_append_cstr(&d->out, "-");
    } else if (reg < code->nlocals) {
        put_obj(d, code->localnames[reg], false);
    } else if (reg < cells) {
        qv_buf_append_cstr(&d->out, "&");
        put_obj(d, code->cellnames[reg - code->nlocals], false);
    } else {
        qv_buf_printf(&d->out, "t%u", reg - cells);
    }
    if (take) {
        qv_buf_append_cstr(&d->out, "!");
    }
}

static void put_const(Dis *d, uint32_t k)
{
    if (k >= d->code->nconsts) {
        qv_buf_printf(&d->out, "const %u?", k);
    } else if (qv_is_code(d->code->consts[k])) {
        qv_buf_append_cstr(&d->out, "<code ");
        put_obj(d, ((QvCode *)d->code->consts[k])->qualname, false);
        qv_buf_append_cstr(&d->out, ">");
    } else {
        put_obj(d, d->code->consts[k], true);
    }
}

static void put_operand(Dis *d, uint32_t at, QvInstr w, int index)
{
    const QvOpInfo *info = &qv_op_info[w.op];
    uint8_t kind = index == 0 ? info->a : index == 1 ? info->b : info->c;
    unsigned value = index == 0 ? w.a : index == 1 ? w.b : w.c;
    uint32_t end = at + 1u + info->words;
    if (kind == QV_K__) {
        return;
    }
    qv_buf_append_cstr(&d->out, " ");
    switch (kind) {
    case QV_K_D: put_register(d, value, false); break;
    case QV_K_R: put_register(d, value, (w.flags & (QV_TAKE_A << index)) != 0); break;
    case QV_K_T:
    case QV_K_W: put_register(d, value, kind == QV_K_T); break;
    case QV_K_B:
        put_register(d, value, false);
        qv_buf_append_cstr(&d->out, "..");
        break;
    case QV_K_K:
        if (w.op == QV_INS_LOAD_K) {
            value |= (unsigned)w.c << 16;
        } else if (w.op == QV_INS_RETURN_K) {
            value |= (unsigned)w.b << 16;
        }
        put_const(d, value);
        break;
    case QV_K_N:
        if (value < d->code->nnames) {
            qv_buf_append_cstr(&d->out, ".");
            put_obj(d, d->code->names[value], false);
        } else {
            qv_buf_printf(&d->out, "name %u?", value);
        }
        break;
    case QV_K_U: qv_buf_printf(&d->out, "%u", value); break;
    case QV_K_I: qv_buf_printf(&d->out, "#%d", (int16_t)value); break;
    case QV_K_J: qv_buf_printf(&d->out, "-> %d", (int)end + (int16_t)value); break;
    case QV_K_L:
        qv_buf_printf(&d->out, "-> %d", (int)end + (int32_t)((uint32_t)w.b | (uint32_t)w.c << 16));
        break;
    default: break;
    }
}

static void put_instr(Dis *d, uint32_t at, int *line)
{
    const QvCode *code = d->code;
    QvInstr w = qv_code_instr(code, at);
    const QvOpInfo *info = &qv_op_info[w.op];
    const QvPosEntry *pos = qv_code_position(code, at);
    if (pos && pos->line != *line) {
        qv_buf_printf(&d->out, "%5d", pos->line);
        *line = pos->line;
    } else {
        qv_buf_append_cstr(&d->out, "     ");
    }
    qv_buf_printf(&d->out, " %5u  %-20s", at, info->name ? info->name : "?");
    for (int i = 0; i < 3; i++) {
        put_operand(d, at, w, i);
    }
    if (w.op == QV_INS_CALL_KW || w.op == QV_INS_CALL_METHOD_KW) {
        uint32_t k;
        memcpy(&k, code->instrs + at + 1, sizeof(k));
        qv_buf_append_cstr(&d->out, " ");
        put_const(d, k);
    }
    // Only rows that have no operand of that kind give these bits another meaning.
    unsigned rest = w.flags & 0xF8u;
    if (rest) {
        qv_buf_printf(&d->out, " [%#x]", rest);
    }
    qv_buf_append_cstr(&d->out, "\n");
}

// -1: an exception.
static int put_code(Dis *d, QvCode *code)
{
    if (qv_code_load(d->qi, code) < 0) {
        return -1;
    }
    d->code = code;
    qv_buf_append_cstr(&d->out, "code ");
    put_obj(d, code->qualname, false);
    qv_buf_printf(&d->out,
                  " (line %d): %u words, %u locals, %u cells, %u free, %u registers, flags %#x\n",
                  code->firstline, code->ninstrs, code->nlocals, code->ncells, code->nfree,
                  code->nregs, code->flags);
    int line = -1;
    for (uint32_t at = 0; at < code->ninstrs;
         at += 1u + qv_op_info[qv_code_instr(code, at).op].words) {
        put_instr(d, at, &line);
    }
    for (uint32_t i = 0; i < code->nexcs; i++) {
        const QvExcEntry *e = &code->excs[i];
        qv_buf_printf(&d->out, "      %5u..%u handled at %u, exception in ", e->start, e->end,
                      e->handler);
        put_register(d, e->depth, false);
        qv_buf_append_cstr(&d->out, "\n");
    }
    for (uint32_t i = 0; i < code->nconsts; i++) {
        if (qv_is_code(code->consts[i])) {
            qv_buf_append_cstr(&d->out, "\n");
            if (put_code(d, (QvCode *)code->consts[i]) < 0) {
                return -1;
            }
            d->code = code;
        }
    }
    return 0;
}

QvObj *qv_code_dis(QvInterp *qi, QvCode *code)
{
    Dis d = {.qi = qi};
    QvObj *text = NULL;
    if (put_code(&d, code) == 0) {
        text = d.out.oom ? qv_raise_oom(qi) : qv_str_new_utf8(qi, d.out.data, (QvSsize)d.out.len);
    }
    qv_buf_fini(&d.out);
    return text;
}
