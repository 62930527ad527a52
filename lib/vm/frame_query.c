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
