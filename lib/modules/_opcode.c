// SPDX-License-Identifier: MIT
// The module _opcode. Quiver's code has registers instead of a stack: no opcode of CPython has an
// effect on one, and none is known here.
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
    return qv_raise(qi, &qv_exc_ValueError, "invalid opcode or oparg");
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
