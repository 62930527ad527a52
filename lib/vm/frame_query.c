// SPDX-License-Identifier: MIT
// What object/ (a lower layer) asks about the running frames: where they stand, and their locals.
#include "object/protocol.h"
#include "vm/frame.h"

int qv_frame_location(QvInterp *qi, int level, QvObj **ret_filename, int *ret_lineno,
                      QvObj **ret_globals)
{
    QvFrame *f = qi->ts->frame;
    while (f && --level > 0) {
        f = f->prev;
    }
    if (!f) {
        return 0;
    }
    *ret_filename = qv_new_ref(qi, f->code->filename);
    *ret_lineno = qv_frame_lineno(f);
    *ret_globals = qv_new_ref(qi, f->globals);
    return 1;
}

QvObj *qv_frame_locals_now(QvInterp *qi)
{
    QvFrame *f = qi->ts->frame;
    return f ? qv_frame_locals(qi, f) : qv_raise(qi, &qv_exc_SystemError, "frame does not exist");
}

QvObj *qv_frame_builtins(QvInterp *qi)
{
    return qi->ts->frame ? qi->ts->frame->builtins : qi->builtins;
}

static int no_super(QvInterp *qi, const char *why)
{
    return qv_raise_int(qi, &qv_exc_RuntimeError, "super(): %s", why);
}

int qv_frame_super_args(QvInterp *qi, QvObj **ret_pair)
{
    const QvFrame *f = qi->ts->frame;
    if (!f) {
        return no_super(qi, "no current frame");
    }
    const QvCode *code = f->code;
    if (code->argcount == 0) {
        return no_super(qi, "no arguments");
    }
    QvObj *self = f->regs[0], *type = NULL;
    bool found = false;
    for (uint16_t j = 0; j < code->ncells + code->nfree; j++) {
        const QvObj *cell = f->regs[code->nlocals + j];
        QvObj *value = cell && cell->type == &qv_cell_type ? ((const QvCell *)cell)->value : NULL;
        if (j < code->ncells && code->cellnames[j] == code->localnames[0]) {
            self = value; // an inner function uses it, too
        } else if (j >= code->ncells && code->cellnames[j] == QV_N(__class__)) {
            found = true;
            type = value;
        }
    }
    if (!self) {
        return no_super(qi, "arg[0] deleted");
    }
    if (!found || !type) {
        return no_super(qi, found ? "empty __class__ cell" : "__class__ cell not found");
    }
    if (!qv_is_type(type)) {
        return qv_raise_int(qi, &qv_exc_RuntimeError, "super(): __class__ is not a type (%T)",
                            type);
    }
    ret_pair[0] = type;
    ret_pair[1] = self;
    return 0;
}
