// SPDX-License-Identifier: MIT
// The module _opcode: about Quiver's own instructions, which have registers instead of a stack.
#include "code/code.h"
#include "modules/modules.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"

static QvObj *stack_effect(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvSsize opcode;
    if (qv_index_ssize(qi, args[0], &opcode, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    if (args[2] && args[2] != QV_NONE && args[2] != QV_TRUE && args[2] != QV_FALSE) {
        return qv_raise(qi, &qv_exc_ValueError, "stack_effect: jump must be False, True or None");
    }
    const QvOpInfo *info = opcode >= 0 && opcode < 256 ? &qv_op_info[opcode] : NULL;
    if (!info || !info->name) {
        return qv_raise(qi, &qv_exc_ValueError, "invalid opcode or oparg");
    }
    bool takes = info->a != QV_K__ || info->b != QV_K__ || info->c != QV_K__;
    bool given = args[1] && args[1] != QV_NONE;
    if (takes && !given) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "stack_effect: opcode requires oparg but oparg was not specified");
    }
    if (!takes && given) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "stack_effect: opcode does not permit oparg but oparg was specified");
    }
    // Registers are addressed by number: no instruction moves the top of a stack.
    return qv_int_from_i64(qi, 0);
}

static QvObj *specialization_stats(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)m, (void)args, (void)nargs;
    return QV_NONE; // as in a CPython that keeps none
}

static const QvNativeDef functions[] = {
    {"stack_effect", stack_effect, "($module, opcode, oparg=None, /, *, jump=None)",
     "Compute the stack effect of the opcode."},
    {"get_specialization_stats", specialization_stats, "($module, /)",
     "Return the specialization stats"},
    {0},
};

const QvModuleDef qv_module__opcode = {
    .name = "_opcode",
    .doc = "Opcode support module.",
    .functions = functions,
};
