// SPDX-License-Identifier: MIT
// The modules pwd and grp: who has an account, and which groups there are.
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "modules/modules.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/structseq.h"

#define BUFFER_FIRST ((size_t)1 << 10) // bytes for the strings of an entry; doubled while too small
#define BUFFER_MOST  ((size_t)1 << 24)

typedef struct State {
    QvObj *type; // struct_passwd or struct_group
} State;

static State *state_of(QvObj *m) { return qv_module_state(m); }

static QvObj *text(QvInterp *qi, const char *s) { return s ? qv_str_fsdecode(qi, s) : QV_NONE; }

static QvObj *number(QvInterp *qi, uint32_t id)
{
    return id == UINT32_MAX ? qv_int_from_i64(qi, -1) : qv_int_from_u64(qi, id);
}

static QvObj *make_passwd(QvInterp *qi, QvObj *m, const struct passwd *p)
{
    QvObj *values[] = {text(qi, p->pw_name),  text(qi, p->pw_passwd), number(qi, p->pw_uid),
                       number(qi, p->pw_gid), text(qi, p->pw_gecos),  text(qi, p->pw_dir),
                       text(qi, p->pw_shell)};
    return qv_structseq_new(qi, state_of(m)->type, values);
}

static QvObj *make_group(QvInterp *qi, QvObj *m, const struct group *g)
{
    QvObj *members = qv_list_new(qi, 0);
    for (char **at = g->gr_mem; members && at && *at; at++) {
        if (qv_list_append_take(qi, members, text(qi, *at)) < 0) {
            qv_clear(qi, &members);
        }
    }
    QvObj *values[] = {text(qi, g->gr_name), text(qi, g->gr_passwd), number(qi, g->gr_gid),
                       members};
    return qv_structseq_new(qi, state_of(m)->type, values);
}

// One look-up, by name or (NULL) by id.
typedef union Entry {
    struct passwd passwd;
    struct group group;
} Entry;

static int look_up(bool group, const char *name, uint32_t id, Entry *e, char *buf, size_t n,
                   bool *ret_found)
{
    if (group) {
        struct group *found = NULL;
        int err = name ? getgrnam_r(name, &e->group, buf, n, &found)
                       : getgrgid_r(id, &e->group, buf, n, &found);
        *ret_found = found != NULL;
        return err;
    }
    struct passwd *found = NULL;
    int err = name ? getpwnam_r(name, &e->passwd, buf, n, &found)
                   : getpwuid_r(id, &e->passwd, buf, n, &found);
    *ret_found = found != NULL;
    return err;
}

// The entry as an object; NULL without an exception when there is none.
static QvObj *find(QvInterp *qi, QvObj *m, bool group, const char *name, uint32_t id)
{
    QvObj *result = NULL;
    for (size_t n = BUFFER_FIRST; n <= BUFFER_MOST; n *= 2) {
        char *buf = malloc(n);
        Entry e;
        bool found = false;
        if (!buf) {
            qv_raise_oom(qi);
            break;
        }
        if (qi->hooks.unlock) {
            qi->hooks.unlock(qi);
        }
        int err = look_up(group, name, id, &e, buf, n, &found);
        if (qi->hooks.lock) {
            qi->hooks.lock(qi);
        }
        if (found) {
            result = group ? make_group(qi, m, &e.group) : make_passwd(qi, m, &e.passwd);
        }
        free(buf);
        if (err != ERANGE) {
            break;
        }
    }
    return result;
}

static QvObj *by_name(QvInterp *qi, QvObj *m, QvObj *name, bool group)
{
    const char *func = group ? "getgrnam" : "getpwnam";
    QvUtf8 u;
    if (!qv_is_str(name)) {
        return qv_raise(qi, &qv_exc_TypeError, "%s() argument %smust be str, not %T", func,
                        group ? "'name' " : "", name);
    }
    if (qv_str_utf8_surrogates(qi, name, &u, true) < 0) {
        return NULL;
    }
    QvObj *result = NULL;
    if (strlen(u.s) != (size_t)u.n) {
        qv_raise(qi, &qv_exc_ValueError, "embedded null byte");
    } else {
        result = find(qi, m, group, u.s, 0);
    }
    qv_utf8_release(qi, &u);
    return result || qv_err_occurred(qi)
               ? result
               : qv_raise(qi, &qv_exc_KeyError, "%s(): name not found: %R", func, name);
}

static QvObj *by_id(QvInterp *qi, QvObj *m, QvObj *o, bool group)
{
    const char *func = group ? "getgrgid" : "getpwuid", *what = group ? "gid" : "uid";
    if (!qv_is_int(o) && !o->type->index) {
        return qv_raise(qi, &qv_exc_TypeError, "%s should be integer, not %T", what, o);
    }
    QvObj *i = qv_index(qi, o);
    int64_t id = 0;
    if (!i) {
        return NULL;
    }
    bool fits = qv_int_as_i64(i, &id) && id >= -1 && id <= UINT32_MAX;
    qv_decref(qi, i);
    if (!fits) {
        return qv_raise(qi, &qv_exc_KeyError, "%s(): %s not found", func, what);
    }
    QvObj *result = find(qi, m, group, NULL, (uint32_t)id);
    return result || qv_err_occurred(qi)
               ? result
               : qv_raise(qi, &qv_exc_KeyError, "%s(): %s not found: %lld", func, what,
                          (long long)id);
}

// The files are read by functions that keep their place for the whole process: the lock of the
// interpreter stays held, and another interpreter that reads at the same time may see a part only.
static QvObj *all_of(QvInterp *qi, QvObj *m, bool group)
{
    QvObj *list = qv_list_new(qi, 0);
    group ? setgrent() : setpwent();
    while (list) {
        struct passwd *p = group ? NULL : getpwent();
        struct group *g = group ? getgrent() : NULL;
        if (!p && !g) {
            break;
        }
        if (qv_list_append_take(qi, list, g ? make_group(qi, m, g) : make_passwd(qi, m, p)) < 0) {
            qv_clear(qi, &list);
        }
    }
    group ? endgrent() : endpwent();
    return list;
}

static QvObj *getpwnam_fn(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)a, (void)n;
    return by_name(qi, m, a[0], false);
}
static QvObj *getpwuid_fn(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)a, (void)n;
    return by_id(qi, m, a[0], false);
}
static QvObj *getpwall_fn(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)a, (void)n;
    return all_of(qi, m, false);
}
static QvObj *getgrnam_fn(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)a, (void)n;
    return by_name(qi, m, a[0], true);
}
static QvObj *getgrgid_fn(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)a, (void)n;
    return by_id(qi, m, a[0], true);
}
static QvObj *getgrall_fn(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)a, (void)n;
    return all_of(qi, m, true);
}

static const QvNativeDef passwd_functions[] = {
    {"getpwall", getpwall_fn, "($module, /)",
     "Return a list of all available password database entries, in arbitrary order."},
    {"getpwnam", getpwnam_fn, "($module, name, /)",
     "Return the password database entry for the given user name."},
    {"getpwuid", getpwuid_fn, "($module, uidobj, /)",
     "Return the password database entry for the given numeric user ID."},
    {0},
};

static const QvNativeDef group_functions[] = {
    {"getgrall", getgrall_fn, "($module, /)",
     "Return a list of all available group entries, in arbitrary order."},
    {"getgrgid", getgrgid_fn, "($module, /, id)",
     "Return the group database entry for the given numeric group ID."},
    {"getgrnam", getgrnam_fn, "($module, /, name)",
     "Return the group database entry for the given group name."},
    {0},
};

static int init_passwd(QvInterp *qi, QvObj *m)
{
    static const QvStructSeqField fields[] = {
        {"pw_name", "user name"},      {"pw_passwd", "password"},
        {"pw_uid", "user id"},         {"pw_gid", "group id"},
        {"pw_gecos", "real name"},     {"pw_dir", "home directory"},
        {"pw_shell", "shell program"}, {0}};
    state_of(m)->type = qv_structseq_type(qi, "pwd.struct_passwd", fields, 7);
    return state_of(m)->type ? qv_module_add(qi, m, "struct_passwd", state_of(m)->type) : -1;
}

static int init_group(QvInterp *qi, QvObj *m)
{
    static const QvStructSeqField fields[] = {{"gr_name", "group name"},
                                              {"gr_passwd", "password"},
                                              {"gr_gid", "group id"},
                                              {"gr_mem", "group members"},
                                              {0}};
    state_of(m)->type = qv_structseq_type(qi, "grp.struct_group", fields, 4);
    return state_of(m)->type ? qv_module_add(qi, m, "struct_group", state_of(m)->type) : -1;
}

static void fini(QvInterp *qi, QvObj *m) { qv_clear(qi, &state_of(m)->type); }

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QV_VISIT(state_of(m)->type);
    return 0;
}

const QvModuleDef qv_module_pwd = {
    .name = "pwd",
    .doc = "This module provides access to the Unix password database.",
    .functions = passwd_functions,
    .state_size = sizeof(State),
    .init = init_passwd,
    .fini = fini,
    .traverse = traverse,
};

const QvModuleDef qv_module_grp = {
    .name = "grp",
    .doc = "Access to the Unix group database.",
    .functions = group_functions,
    .state_size = sizeof(State),
    .init = init_group,
    .fini = fini,
    .traverse = traverse,
};
