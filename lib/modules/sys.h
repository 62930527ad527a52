// SPDX-License-Identifier: MIT
// What the files of the module sys share.
#ifndef QV_MODULES_SYS_H
#define QV_MODULES_SYS_H

#include "modules/modules.h"
#include "object/interp.h"

#define SYS_VERSION_TEXT "3.11.2"
#define SYS_MAJOR        3
#define SYS_MINOR        11
#define SYS_MICRO        2
#define SYS_HEXVERSION   (SYS_MAJOR << 24 | SYS_MINOR << 16 | SYS_MICRO << 8 | 0xF0)

#define SYS_FN(name) QvObj *name(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)

// Per-interpreter state of the module.
typedef struct QvSysState {
    QvObj *asyncgen_hooks; // type of get_asyncgen_hooks' result
    int dlopen_flags;
} QvSysState;

// sys_hooks.c: display, exceptions, breakpoints, audit
SYS_FN(qv_sys_displayhook);
SYS_FN(qv_sys_excepthook);
SYS_FN(qv_sys_unraisablehook);
SYS_FN(qv_sys_breakpointhook);
SYS_FN(qv_sys_audit);
SYS_FN(qv_sys_addaudithook);

// sys_threads.c: what threads run, how they take turns, hooks that each has
SYS_FN(qv_sys_getframe);
SYS_FN(qv_sys_current_frames);
SYS_FN(qv_sys_current_exceptions);
SYS_FN(qv_sys_getswitchinterval);
SYS_FN(qv_sys_setswitchinterval);
SYS_FN(qv_sys_get_asyncgen_hooks);
SYS_FN(qv_sys_set_asyncgen_hooks);
SYS_FN(qv_sys_get_origin_depth);
SYS_FN(qv_sys_set_origin_depth);
SYS_FN(qv_sys_call_tracing);

// sys_info.c: the struct sequences, implementation, lists of names
typedef struct QvSysAttr {
    const char *name;
    QvObj *(*make)(QvInterp *qi);
} QvSysAttr;
extern const QvSysAttr qv_sys_info[]; // ended by {0}

// sys_names.c
extern const char *const qv_sys_stdlib_names[]; // ended by NULL

#endif
