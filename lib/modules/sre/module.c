// SPDX-License-Identifier: MIT
// The module _sre: compile() and what re/_compiler.py asks about case.
#include "modules/modules.h"
#include "modules/sre/codes.h"
#include "modules/sre/sre.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/key.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/tuple.h"

#define FUNCTION(name) \
    static QvObj *sre_##name(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)

// An argument that is a C int. 0/-1.
static int as_int(QvInterp *qi, QvObj *o, int *ret)
{
    QvObj *index = qv_index(qi, o);
    if (!index) {
        return -1;
    }
    int64_t v;
    bool fits = qv_int_as_i64(index, &v) && v >= INT32_MIN && v <= INT32_MAX;
    qv_decref(qi, index);
    if (!fits) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
    }
    *ret = (int)v;
    return 0;
}

FUNCTION(getcodesize)
{
    (void)m, (void)args, (void)nargs;
    return qv_int_from_i64(qi, sizeof(uint32_t));
}

FUNCTION(ascii_iscased)
{
    (void)m, (void)nargs;
    int c = 0;
    return as_int(qi, args[0], &c) < 0 ? NULL : qv_bool(((uint32_t)c | 32) - 'a' < 26u);
}

FUNCTION(unicode_iscased)
{
    (void)m, (void)nargs;
    int c = 0;
    if (as_int(qi, args[0], &c) < 0) {
        return NULL;
    }
    uint32_t lower = qv_sre_uni_lower((uint32_t)c);
    return qv_bool((uint32_t)c != lower || (uint32_t)c != qv_sre_uni_upper((uint32_t)c));
}

FUNCTION(ascii_tolower)
{
    (void)m, (void)nargs;
    int c = 0;
    return as_int(qi, args[0], &c) < 0
               ? NULL
               : qv_int_from_i64(qi, (int)qv_sre_lower(QV_FOLD_ASCII, (uint32_t)c));
}

FUNCTION(unicode_tolower)
{
    (void)m, (void)nargs;
    int c = 0;
    return as_int(qi, args[0], &c) < 0 ? NULL
                                       : qv_int_from_i64(qi, (int)qv_sre_uni_lower((uint32_t)c));
}

// Takes the words of a list of ints into a program. 0/-1.
static int take_code(QvInterp *qi, QvSreProgram *p, QvObj *list)
{
    if (qv_list_box(qi, list) < 0) {
        return -1;
    }
    QvSsize n = qv_list_len(list);
    if (n > INT32_MAX || qv_sre_vec_reserve(qi, &p->code, sizeof(uint32_t), (size_t)n) < 0) {
        return n > INT32_MAX ? qv_raise_int(qi, &qv_exc_OverflowError,
                                            "regular expression code size limit exceeded")
                             : -1;
    }
    for (QvSsize k = 0; k < n; k++) {
        QvObj *o = qv_list_peek(list, k);
        int64_t word;
        if (qv_stop_step(qi, p->code.n) < 0) {
            return -1;
        }
        if (!qv_is_int(o)) {
            return qv_raise_int(qi, &qv_exc_TypeError, "an integer is required");
        }
        if (!qv_int_as_i64(o, &word) || word < 0 || word > UINT32_MAX) {
            if (qv_int_sign(o) < 0) {
                return qv_raise_int(qi, &qv_exc_OverflowError,
                                    "can't convert negative value to unsigned int");
            }
            uint64_t wide;
            return qv_int_to_u64(qi, o, &wide) < 0
                       ? -1
                       : qv_raise_int(qi, &qv_exc_OverflowError,
                                      "regular expression code size limit exceeded");
        }
        ((uint32_t *)p->code.p)[p->code.n++] = (uint32_t)word;
    }
    return 0;
}

// 1, 0, -1 for bytes-like, str, None; -2 with the TypeError that a subject would give.
static int kind_of(QvInterp *qi, QvObj *pattern)
{
    if (pattern == QV_NONE || qv_is_str(pattern)) {
        return pattern == QV_NONE ? -1 : 0;
    }
    QvBufferView view;
    if (qv_buffer_get(qi, pattern, &view, QV_BUF_SIMPLE) < 0) {
        if (qv_err_matches(qi, &qv_exc_Exception) && !qv_err_matches(qi, &qv_exc_MemoryError)) {
            qv_err_clear(qi);
            qv_raise(qi, &qv_exc_TypeError, "expected string or bytes-like object, got '%.200T'",
                     pattern);
        }
        return -2;
    }
    qv_buffer_release(qi, &view);
    return 1;
}

static int check_type(QvInterp *qi, QvObj *o, bool right, const char *name, const char *type)
{
    return right ? 0
                 : qv_raise_int(qi, &qv_exc_TypeError,
                                "compile() argument '%s' must be %s, not %.50T", name, type, o);
}

FUNCTION(compile)
{
    (void)m, (void)nargs;
    int flags = 0;
    QvSsize groups = 0;
    if (as_int(qi, args[1], &flags) < 0 ||
        check_type(qi, args[2], qv_is_list(args[2]), "code", "list") < 0 ||
        qv_sre_ssize(qi, args[3], &groups) < 0 ||
        check_type(qi, args[4], qv_is_dict(args[4]), "groupindex", "dict") < 0 ||
        check_type(qi, args[5], qv_is_tuple(args[5]), "indexgroup", "tuple") < 0) {
        return NULL;
    }
    QvObj *o = qv_obj_new(qi, &qv_sre_pattern_type);
    if (!o) {
        return NULL;
    }
    QvSrePattern *p = qv_sre_pattern(o);
    p->pattern = qv_new_ref(qi, args[0]);
    p->indexgroup = qv_new_ref(qi, args[5]);
    p->flags = flags;
    p->groups = groups;
    if (take_code(qi, &p->program, args[2]) < 0 || (p->is_bytes = kind_of(qi, args[0])) < -1 ||
        qv_sre_program_build(qi, &p->program, groups) < 0 ||
        !(p->groupindex = qv_dict_copy(qi, args[4]))) {
        qv_decref(qi, o);
        return NULL;
    }
    return o;
}

static const QvNativeDef functions[] = {
    {"getcodesize", sre_getcodesize, "($module, /)", NULL},
    {"ascii_iscased", sre_ascii_iscased, "($module, character, /)", NULL},
    {"unicode_iscased", sre_unicode_iscased, "($module, character, /)", NULL},
    {"ascii_tolower", sre_ascii_tolower, "($module, character, /)", NULL},
    {"unicode_tolower", sre_unicode_tolower, "($module, character, /)", NULL},
    {"compile", sre_compile, "($module, /, pattern, flags, code, groups, groupindex, indexgroup)",
     NULL},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    return qv_module_add_int(qi, m, "MAGIC", QV_SRE_MAGIC) < 0 ||
                   qv_module_add_int(qi, m, "CODESIZE", sizeof(uint32_t)) < 0 ||
                   qv_module_add_int(qi, m, "MAXREPEAT", QV_SRE_MAX_REPEAT) < 0 ||
                   qv_module_add_int(qi, m, "MAXGROUPS", QV_SRE_MAX_GROUPS) < 0
               ? -1
               : 0;
}

const QvModuleDef qv_module__sre = {
    .name = "_sre",
    .functions = functions,
    .init = init,
};
