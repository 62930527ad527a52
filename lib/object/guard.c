// SPDX-License-Identifier: MIT
// Functions of modules that look at the interpreter's capabilities before they run.
//
// Where nothing is denied there are none of these: functions of modules are then made as ever. Else
// a module's function that needs something is made with a guard in front of it, by its row in
// modules/caps.def. A function that no row knows is denied: what is new is safe until somebody has
// sorted it (tests/python/sandbox sees to that).
#include <stdio.h>
#include <string.h>

#include "object/caps.h"
#include "object/exception.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/key.h"
#include "object/native.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

// What stands as `self` in the function object: scripts see the module instead (native.c).
struct QvGuard {
    QvObj h;
    QvObj *module;
    const QvNativeDef *def; // the function behind it
    QvNativeDef row;        // this one's
    const char *owner;      // name of the module
    uint64_t need;
    unsigned how;
};

static QvGuard *as_guard(QvObj *o) { return (QvGuard *)o; }

QvObj *qv_guard_module(QvObj *guard) { return as_guard(guard)->module; }

static int guard_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_guard(o)->module);
    return 0;
}
static void guard_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_guard(o)->module); }

QV_SEALED QvType qv_guard_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "guard",
    .id = QV_TID_guard,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(QvGuard),
    .traverse = guard_traverse,
    .fini = guard_fini,
    .clear = guard_fini,
};

// ---- the table ----------------------------------------------------------------------------------

const QvCapRow *qv_cap_row_find(const char *module, const char *name)
{
    for (const QvCapRow *row = qv_cap_rows; row->module; row++) {
        if (strcmp(row->module, module) == 0 &&
            (strcmp(row->name, name) == 0 || strcmp(row->name, "*") == 0)) {
            return row;
        }
    }
    return NULL;
}

// ---- calls --------------------------------------------------------------------------------------

// The call as text, with its first arguments where they are plain.
static void describe(QvInterp *qi, const QvGuard *g, QvObj *const *args, QvSsize nargs, char *ret,
                     size_t room)
{
    const char *owner = strcmp(g->owner, "posix") == 0 ? "os"
                        : *g->owner == '_'             ? g->owner + 1
                                                       : g->owner;
    int n = snprintf(ret, room, "%s.%s(", owner, g->def->name);
    for (QvSsize k = 0; k < nargs && k < 2 && args[k]; k++) {
        QvObj *o = args[k];
        if (o->type != &qv_str_type && o->type != &qv_bytes_type && o->type != &qv_int_type) {
            break;
        }
        QvObj *text = qv_ascii(qi, o);
        QvUtf8 u;
        if (!text || qv_str_utf8(qi, text, &u) < 0) {
            qv_xdecref(qi, text);
            qv_err_clear(qi);
            break;
        }
        if (n + u.n + 4 < (int)room) {
            n += snprintf(ret + n, room - (size_t)n, "%s%s", k ? ", " : "", u.s);
        }
        qv_utf8_release(qi, &u);
        qv_decref(qi, text);
    }
    snprintf(ret + n, room - (size_t)n, ")");
}

// The library expects of pwd and grp that somebody may be unknown, not that asking is forbidden
// (os.path.expanduser, and so the import of sysconfig): the error is a KeyError, too.
static void also_key_error(QvInterp *qi)
{
    QvObj *exc = qv_err_fetch(qi);
    QvObj *args = qv_getattr_cstr(qi, exc, "args");
    QvObj *bases =
        args ? qv_tuple_of(qi, 2, (QvObj *)&qv_exc_PermissionError, (QvObj *)&qv_exc_KeyError)
             : NULL;
    QvObj *type = bases ? qv_type_new_exception(qi, "pwd.PermissionError", bases, NULL) : NULL;
    if (type && qv_is_tuple(args) && qv_tuple_len(args) == 2) {
        QvObj *both = qv_call2(qi, type, qv_tuple_peek(args, 0), qv_tuple_peek(args, 1));
        if (both) {
            qv_raise_exc(qi, both);
            qv_clear(qi, &exc);
        }
    }
    qv_xdecref(qi, type);
    qv_xdecref(qi, bases);
    qv_xdecref(qi, args);
    if (exc) { // no memory for that: the plain one
        qv_err_clear(qi);
        qv_err_restore(qi, exc);
    }
}

static QvObj *refuse(QvInterp *qi, const QvGuard *g, QvObj *const *args, QvSsize nargs)
{
    char text[300];
    describe(qi, g, args, nargs, text, sizeof text);
    qv_cap_raise(qi, qi->deny & g->need, text);
    if (strcmp(g->owner, "pwd") == 0 || strcmp(g->owner, "grp") == 0) {
        also_key_error(qi);
    }
    return NULL;
}

// A descriptor argument as an int object (it is asked once), or what it is when it is none.
static QvObj *fd_object(QvInterp *qi, QvObj *o)
{
    if (qv_is_int(o)) {
        return qv_new_ref(qi, o);
    }
    if (o->type->index) {
        return qv_index(qi, o);
    }
    QvObj *fileno;
    int has = qv_getattr_try(qi, o, QV_N(fileno), &fileno);
    if (has <= 0) {
        return has < 0 ? NULL : qv_new_ref(qi, o);
    }
    QvObj *fd = qv_call0(qi, fileno);
    qv_decref(qi, fileno);
    return fd;
}

static bool is_own(const QvInterp *qi, QvObj *o)
{
    int64_t fd;
    return qv_is_int(o) && qv_int_as_i64(o, &fd) == 1 && fd >= 0 && fd <= INT32_MAX &&
           qv_cap_fd_is_own(qi, (int)fd);
}

static void own_result(QvInterp *qi, QvObj *o)
{
    int64_t fd;
    if (qv_is_int(o)) {
        if (qv_int_as_i64(o, &fd) == 1 && fd >= 0 && fd <= INT32_MAX) {
            qv_cap_fd_own(qi, (int)fd);
        }
    } else if (qv_is_tuple(o)) {
        for (QvSsize k = 0; k < qv_tuple_len(o); k++) {
            own_result(qi, qv_tuple_peek(o, k));
        }
    }
}

static QvObj *guard_call(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    const QvGuard *g = as_guard(self);
    uint64_t denied = qi->deny & g->need;
    if (g->how & QV_CAP_ANY) {
        denied = qv_cap_is_off(qi, g->need) ? denied : 0;
    }
    if (!(g->how & (QV_CAP_FD0 | QV_CAP_FD1))) {
        QvObj *r = denied ? refuse(qi, g, args, nargs) : g->def->fn(qi, g->module, args, nargs);
        if (r && (g->how & QV_CAP_NEW)) {
            own_result(qi, r);
        }
        return r;
    }
    // The functions read as many arguments as their signature has, missing ones as NULL.
    QvObj *slots[QV_SIG_MAX] = {NULL}, *fds[2] = {NULL, NULL};
    for (QvSsize k = 0; k < nargs && k < QV_SIG_MAX; k++) {
        slots[k] = args[k];
    }
    QvObj *r = NULL;
    bool own = true;
    for (int k = 0; k < 2; k++) {
        if (!(g->how & (k ? QV_CAP_FD1 : QV_CAP_FD0))) {
            continue;
        }
        if (slots[k]) {
            slots[k] = fds[k] = fd_object(qi, slots[k]);
            if (!fds[k]) {
                goto done;
            }
        }
        own = own && slots[k] && is_own(qi, slots[k]);
    }
    if (denied && !own) {
        refuse(qi, g, slots, nargs);
        goto done;
    }
    r = g->def->fn(qi, g->module, slots, nargs);
    if (r && (g->how & QV_CAP_NEW)) {
        own_result(qi, r);
    }
done:
    qv_xdecref(qi, fds[0]);
    qv_xdecref(qi, fds[1]);
    return r;
}

QvObj *qv_guard_function(QvInterp *qi, const char *module, const QvNativeDef *def, QvObj *m,
                         QvObj *name)
{
    const QvCapRow *row = qi->deny ? qv_cap_row_find(module, def->name) : NULL;
    uint64_t need = row ? row->need : QV_CAP_ALL;
    unsigned how = row ? row->how : 0;
    if (!qi->deny || !(need & qi->deny) || (how & QV_CAP_SELF)) {
        return qv_builtin_from_def(qi, def, m, name);
    }
    QvGuard *g = (QvGuard *)qv_obj_new(qi, &qv_guard_type);
    if (!g) {
        return NULL;
    }
    g->module = qv_new_ref(qi, m);
    g->def = def;
    qv_assert(def->sig[0] != '!'); // nargs must count the slots
    g->row = (QvNativeDef){def->name, guard_call, def->sig, def->doc};
    g->owner = module;
    g->need = need;
    g->how = how;
    QvObj *f = qv_builtin_from_def(qi, &g->row, (QvObj *)g, name);
    qv_decref(qi, (QvObj *)g);
    return f;
}
