// SPDX-License-Identifier: MIT
// The module _quiver_opcodes: the instruction set as data, for opcode.py and dis.py of lib/python.
#include "code/code.h"
#include "modules/modules.h"
#include "object/interp.h"
#include "object/str.h"
#include "object/tuple.h"

static const char kind_letters[] = {
    [QV_K__] = '_', [QV_K_D] = 'D', [QV_K_R] = 'R', [QV_K_T] = 'T', [QV_K_B] = 'B', [QV_K_W] = 'W',
    [QV_K_K] = 'K', [QV_K_N] = 'N', [QV_K_U] = 'U', [QV_K_I] = 'I', [QV_K_J] = 'J', [QV_K_L] = 'L',
};

// (name, kinds of a, b, c, words that follow, jumps, general opcode or None)
static QvObj *opcode_row(QvInterp *qi, const QvOpInfo *info)
{
    char kinds[3] = {kind_letters[info->a], kind_letters[info->b], kind_letters[info->c]};
    QvObj *items[5] = {
        qv_str_intern_cstr(qi, info->name),
        qv_str_new_ascii(qi, kinds, 3),
        qv_int_from_i64(qi, info->words),
        qv_bool(info->traits & QV_TR_JUMP),
        info->traits & QV_TR_SPEC ? qv_int_from_i64(qi, info->general) : QV_NONE,
    };
    bool ok = true;
    for (int k = 0; k < 5; k++) {
        ok = ok && items[k];
    }
    if (ok) {
        return qv_tuple_from_array_take(qi, items, 5);
    }
    for (int k = 0; k < 5; k++) {
        qv_xdecref(qi, items[k]);
    }
    return NULL;
}

static int module_init(QvInterp *qi, QvObj *module)
{
    QvSsize n = 0;
    while (n < 256 && qv_op_info[n].name) {
        n++;
    }
    QvObj *rows = qv_tuple_new(qi, n);
    for (QvSsize k = 0; rows && k < n; k++) {
        qv_tuple_items(rows)[k] = opcode_row(qi, &qv_op_info[k]);
        if (!qv_tuple_items(rows)[k]) {
            qv_clear(qi, &rows);
        }
    }
    return qv_module_add_take(qi, module, "opcodes", rows);
}

const QvModuleDef qv_module__quiver_opcodes = {
    .name = "_quiver_opcodes",
    .doc = "opcodes: (name, operand kinds, words that follow, jumps, general opcode) by number",
    .init = module_init,
};
