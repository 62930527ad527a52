// SPDX-License-Identifier: MIT
// re.Match.
#include "modules/sre/sre.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/tuple.h"

static QvSreMatch *as_match(QvObj *o) { return (QvSreMatch *)o; }

static size_t bytes_for(QvSsize groups)
{
    return sizeof(QvSreMatch) + 2 * (size_t)groups * sizeof(QvSsize);
}
static size_t match_memsize(const QvObj *o) { return bytes_for(((const QvSreMatch *)o)->groups); }

QvObj *qv_sre_match_new(QvInterp *qi, QvObj *pattern, QvSreRun *run, int status)
{
    if (status <= 0) {
        return status == 0 ? QV_NONE : NULL;
    }
    QvSsize groups = qv_sre_pattern(pattern)->groups + 1;
    QvSreMatch *m = (QvSreMatch *)qv_obj_new_var(qi, &qv_sre_match_type, bytes_for(groups));
    if (!m) {
        return NULL;
    }
    m->groups = groups;
    m->regs = NULL;
    m->string = qv_new_ref(qi, run->string);
    m->re = qv_new_ref(qi, pattern);
    m->pos = run->pos;
    m->endpos = run->end;
    m->lastindex = run->lastindex;
    bool wrong = false;
    for (QvSsize g = 0; g < groups; g++) {
        QvSsize *span = m->spans + 2 * g;
        if (!qv_sre_span(run, g, span, span + 1)) {
            span[0] = span[1] = -1;
        }
        wrong |= span[0] > span[1];
    }
    if (wrong) { // marks out of order: no code of re's compiler does that
        qv_decref(qi, &m->h);
        return qv_raise(qi, &qv_exc_SystemError,
                        "The span of capturing group is wrong, please report a bug for the re "
                        "module.");
    }
    return &m->h;
}

// ---- groups -------------------------------------------------------------------------------------

// The text of a span; the subject may have shrunk meanwhile (a bytearray): what is left of it.
static QvObj *slice(QvInterp *qi, QvSreMatch *m, QvSsize group, QvObj *none)
{
    QvSsize start = m->spans[2 * group], end = m->spans[2 * group + 1];
    if (start < 0) {
        return qv_new_ref(qi, none);
    }
    if (qv_is_str(m->string)) {
        return qv_str_slice(qi, m->string, start, end);
    }
    QvBufferView view;
    if (qv_buffer_get(qi, m->string, &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    start = start < view.len ? start : view.len;
    end = end < view.len ? end : view.len;
    QvObj *part = qv_sre_slice(qi, m->string, view.buf, start, end);
    qv_buffer_release(qi, &view);
    return part;
}

// The number of a group given by number or name, or -1 with an exception.
static QvSsize group_number(QvInterp *qi, QvSreMatch *m, QvObj *key)
{
    QvSsize n = -1;
    if (key->type->index) {
        if (qv_index_ssize(qi, key, &n, NULL) < 0) {
            return -1;
        }
    } else {
        QvObj *value;
        int found = qv_dict_get(qi, qv_sre_pattern(m->re)->groupindex, key, &value);
        if (found < 0) {
            return -1;
        }
        int64_t number;
        if (found && qv_is_int(value) && qv_int_as_i64(value, &number)) {
            n = (QvSsize)number;
        }
    }
    if (n < 0 || n >= m->groups) {
        qv_raise(qi, &qv_exc_IndexError, "no such group");
        return -1;
    }
    return n;
}

static QvObj *match_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvSsize n = group_number(qi, as_match(o), key);
    return n < 0 ? NULL : slice(qi, as_match(o), n, QV_NONE);
}

#define METHOD(name) \
    static QvObj *match_##name(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)

METHOD(group)
{
    if (nargs == 0) {
        return slice(qi, as_match(self), 0, QV_NONE);
    }
    if (nargs == 1) {
        return match_getitem(qi, self, args[0]);
    }
    QvObj *t = qv_tuple_new(qi, nargs);
    for (QvSsize k = 0; t && k < nargs; k++) {
        if (!(qv_tuple_items(t)[k] = match_getitem(qi, self, args[k]))) {
            qv_clear(qi, &t);
        }
    }
    return t;
}

METHOD(groups)
{
    (void)nargs;
    QvSreMatch *m = as_match(self);
    QvObj *t = qv_tuple_new(qi, m->groups - 1), *none = args[0] ? args[0] : QV_NONE;
    for (QvSsize g = 1; t && g < m->groups; g++) {
        if (!(qv_tuple_items(t)[g - 1] = slice(qi, m, g, none))) {
            qv_clear(qi, &t);
        }
    }
    return t;
}

METHOD(groupdict)
{
    (void)nargs;
    QvSreMatch *m = as_match(self);
    QvObj *d = qv_dict_new(qi), *none = args[0] ? args[0] : QV_NONE, *key, *number;
    QvObj *index = qv_sre_pattern(m->re)->groupindex; // nobody else's: it does not change
    QvSsize pos = 0;
    while (d && qv_dict_next(index, &pos, &key, &number)) {
        QvSsize n = group_number(qi, m, number);
        if (n < 0 || qv_dict_set_take(qi, d, key, slice(qi, m, n, none)) < 0) {
            qv_clear(qi, &d);
        }
    }
    return d;
}

METHOD(expand)
{
    (void)nargs;
    return qv_sre_call_re(qi, "_expand", as_match(self)->re, self, args[0]);
}

METHOD(start)
{
    (void)nargs;
    QvSsize n = args[0] ? group_number(qi, as_match(self), args[0]) : 0;
    return n < 0 ? NULL : qv_int_from_i64(qi, as_match(self)->spans[2 * n]);
}

METHOD(end)
{
    (void)nargs;
    QvSsize n = args[0] ? group_number(qi, as_match(self), args[0]) : 0;
    return n < 0 ? NULL : qv_int_from_i64(qi, as_match(self)->spans[2 * n + 1]);
}

static QvObj *pair(QvInterp *qi, QvSsize a, QvSsize b)
{
    QvObj *x = qv_int_from_i64(qi, a), *y = qv_int_from_i64(qi, b);
    QvObj *t = x && y ? qv_tuple_of(qi, 2, x, y) : NULL;
    qv_xdecref(qi, x);
    qv_xdecref(qi, y);
    return t;
}

static QvObj *span(QvInterp *qi, QvSreMatch *m, QvSsize n)
{
    return pair(qi, m->spans[2 * n], m->spans[2 * n + 1]);
}

METHOD(span)
{
    (void)nargs;
    QvSsize n = args[0] ? group_number(qi, as_match(self), args[0]) : 0;
    return n < 0 ? NULL : span(qi, as_match(self), n);
}

// ---- attributes ---------------------------------------------------------------------------------

static QvObj *get_string(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_match(o)->string); }
static QvObj *get_re(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_match(o)->re); }
static QvObj *get_pos(QvInterp *qi, QvObj *o) { return qv_int_from_i64(qi, as_match(o)->pos); }
static QvObj *get_endpos(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, as_match(o)->endpos);
}
static QvObj *get_lastindex(QvInterp *qi, QvObj *o)
{
    QvSsize n = as_match(o)->lastindex;
    return n < 0 ? QV_NONE : qv_int_from_i64(qi, n);
}
static QvObj *get_lastgroup(QvInterp *qi, QvObj *o)
{
    QvSsize n = as_match(o)->lastindex;
    QvObj *names = qv_sre_pattern(as_match(o)->re)->indexgroup;
    return n < 0 || n >= qv_tuple_len(names) ? QV_NONE : qv_new_ref(qi, qv_tuple_peek(names, n));
}
static QvObj *get_regs(QvInterp *qi, QvObj *o)
{
    QvSreMatch *m = as_match(o);
    if (!m->regs) {
        QvObj *t = qv_tuple_new(qi, m->groups);
        for (QvSsize g = 0; t && g < m->groups; g++) {
            if (!(qv_tuple_items(t)[g] = span(qi, m, g))) {
                qv_clear(qi, &t);
            }
        }
        if (!t) {
            return NULL;
        }
        m->regs = t;
    }
    return qv_new_ref(qi, m->regs);
}

static QvObj *match_repr(QvInterp *qi, QvObj *o)
{
    QvSreMatch *m = as_match(o);
    QvObj *text = slice(qi, m, 0, QV_NONE);
    QvObj *repr = text ? qv_str_format(qi, "<re.Match object; span=(%zd, %zd), match=%.50R>",
                                       m->spans[0], m->spans[1], text)
                       : NULL;
    qv_xdecref(qi, text);
    return repr;
}

// ---- the type -----------------------------------------------------------------------------------

static void match_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_match(o)->string);
    qv_clear(qi, &as_match(o)->re);
    qv_clear(qi, &as_match(o)->regs);
}

static int match_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_match(o)->string);
    QV_VISIT(as_match(o)->re);
    QV_VISIT(as_match(o)->regs);
    return 0;
}

static const QvNativeDef methods[] = {
    {"group", match_group, "($self, /, *groups)",
     "group([group1, ...]) -> str or tuple.\n    Return subgroup(s) of the match by indices or "
     "names.\n    For 0 returns the entire match."},
    {"start", match_start, "($self, group=0, /)",
     "Return index of the start of the substring matched by group."},
    {"end", match_end, "($self, group=0, /)",
     "Return index of the end of the substring matched by group."},
    {"span", match_span, "($self, group=0, /)",
     "For match object m, return the 2-tuple (m.start(group), m.end(group))."},
    {"groups", match_groups, "($self, /, default=None)",
     "Return a tuple containing all the subgroups of the match, from 1.\n\n  default\n    Is used "
     "for groups that did not participate in the match."},
    {"groupdict", match_groupdict, "($self, /, default=None)",
     "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup "
     "name.\n\n  default\n    Is used for groups that did not participate in the match."},
    {"expand", match_expand, "($self, /, template)",
     "Return the string obtained by doing backslash substitution on the string template, as done "
     "by the sub() method."},
    {"__copy__", qv_sre_self, "($self, /)", NULL},
    {"__deepcopy__", qv_sre_self, "($self, memo, /)", NULL},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

static const QvGetSet getsets[] = {
    {"string", get_string, qv_sre_readonly, "The string passed to match() or search()."},
    {"re", get_re, qv_sre_readonly, "The regular expression object."},
    {"pos", get_pos, qv_sre_readonly,
     "The index into the string at which the RE engine started looking for a match."},
    {"endpos", get_endpos, qv_sre_readonly,
     "The index into the string beyond which the RE engine will not go."},
    {"lastindex", get_lastindex, NULL, "The integer index of the last matched capturing group."},
    {"lastgroup", get_lastgroup, NULL, "The name of the last matched capturing group."},
    {"regs", get_regs, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_sre_match_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "re.Match",
    .id = QV_TID_sre_match,
    .flags = QV_T_GC | QV_T_NO_NEW | QV_T_VAR | QV_T_IMMUTABLE,
    .base = &qv_object_type,
    .size = sizeof(QvSreMatch),
    .memsize = match_memsize,
    .doc = "The result of re.match() and re.search().\nMatch objects always have a boolean value "
           "of True.",
    .methods = methods,
    .getsets = getsets,
    .fini = match_fini,
    .traverse = match_traverse,
    .repr = match_repr,
    .getitem = match_getitem,
};
