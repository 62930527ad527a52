// SPDX-License-Identifier: MIT
// re.Pattern: attributes, identity, and the methods that search. split and sub are in replace.c.
#include "modules/sre/codes.h"
#include "modules/sre/sre.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/list.h"
#include "object/module.h"
#include "object/tuple.h"

#include <string.h>

// ---- shared -------------------------------------------------------------------------------------

QvObj *qv_sre_call_re(QvInterp *qi, const char *name, QvObj *a, QvObj *b, QvObj *c)
{
    QvObj *module = qv_import(qi, "re"), *result = NULL;
    QvObj *f = module ? qv_getattr_cstr(qi, module, name) : NULL;
    if (f) {
        QvObj *args[] = {a, b, c};
        result = qv_call(qi, f, args, c ? 3 : 2, NULL);
    }
    qv_xdecref(qi, f);
    qv_xdecref(qi, module);
    return result;
}

int qv_sre_ssize(QvInterp *qi, QvObj *o, QvSsize *ret)
{
    if (!o) {
        return 0;
    }
    QvObj *index = qv_index(qi, o);
    int status = index ? qv_int_to_ssize(qi, index, ret) : -1;
    qv_xdecref(qi, index);
    return status;
}

int qv_sre_readonly(QvInterp *qi, QvObj *o, QvObj *value)
{
    (void)o, (void)value;
    return qv_raise_int(qi, &qv_exc_AttributeError, "readonly attribute");
}

QvObj *qv_sre_self(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_new_ref(qi, self);
}

int qv_sre_begin(QvInterp *qi, QvObj *pattern, QvSreRun *run, QvObj *string, QvSsize pos,
                 QvSsize endpos)
{
    QvSrePattern *p = qv_sre_pattern(pattern);
    return qv_sre_run_init(qi, run, &p->program, p->is_bytes, string, pos, endpos);
}

// ---- match, search, findall ---------------------------------------------------------------------

// The arguments (string, pos=0, endpos=sys.maxsize). 0/-1.
static int bounds(QvInterp *qi, QvObj *const *args, QvSsize *pos, QvSsize *endpos)
{
    *pos = 0;
    *endpos = PTRDIFF_MAX;
    return qv_sre_ssize(qi, args[1], pos) < 0 || qv_sre_ssize(qi, args[2], endpos) < 0 ? -1 : 0;
}

typedef enum How { MATCH, FULLMATCH, SEARCH } How;

static QvObj *run_once(QvInterp *qi, QvObj *self, QvObj *const *args, How how)
{
    QvSreRun run;
    QvSsize pos, endpos;
    if (bounds(qi, args, &pos, &endpos) < 0 ||
        qv_sre_begin(qi, self, &run, args[0], pos, endpos) < 0) {
        return NULL;
    }
    run.whole = how == FULLMATCH;
    int status = how == SEARCH ? qv_sre_search(&run) : qv_sre_match(&run);
    QvObj *match = qv_sre_match_new(qi, self, &run, status);
    qv_sre_run_fini(&run);
    return match;
}

#define METHOD(name) \
    static QvObj *pattern_##name(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)

METHOD(match)
{
    (void)nargs;
    return run_once(qi, self, args, MATCH);
}

METHOD(fullmatch)
{
    (void)nargs;
    return run_once(qi, self, args, FULLMATCH);
}

METHOD(search)
{
    (void)nargs;
    return run_once(qi, self, args, SEARCH);
}

// A group's text, the empty text when it took no part.
static QvObj *group_or_empty(QvSreRun *run, QvSsize group)
{
    QvSsize start = 0, end = 0;
    qv_sre_span(run, group, &start, &end);
    return qv_sre_run_slice(run, start, end);
}

// What findall gives for one match.
static QvObj *found_item(QvInterp *qi, QvSreRun *run, QvSsize groups)
{
    if (groups < 2) {
        return group_or_empty(run, groups);
    }
    QvObj *t = qv_tuple_new(qi, groups);
    for (QvSsize k = 0; t && k < groups; k++) {
        if (!(qv_tuple_items(t)[k] = group_or_empty(run, k + 1))) {
            qv_clear(qi, &t);
        }
    }
    return t;
}

METHOD(findall)
{
    (void)nargs;
    QvSreRun run;
    QvSsize pos, endpos;
    if (bounds(qi, args, &pos, &endpos) < 0 ||
        qv_sre_begin(qi, self, &run, args[0], pos, endpos) < 0) {
        return NULL;
    }
    QvObj *list = qv_list_new(qi, 0);
    int status = list ? 1 : -1;
    while (status > 0 && (status = qv_sre_search(&run)) > 0) {
        if (qv_list_append_take(qi, list, found_item(qi, &run, qv_sre_pattern(self)->groups)) < 0) {
            status = -1;
        }
        qv_sre_advance(&run);
        if (--run.budget < 0 && status > 0 && qv_sre_pause(&run) < 0) {
            status = -1;
        }
    }
    qv_sre_run_fini(&run);
    if (status < 0) {
        qv_xdecref(qi, list);
        return NULL;
    }
    return list;
}

METHOD(scanner)
{
    (void)nargs;
    QvSsize pos, endpos;
    return bounds(qi, args, &pos, &endpos) < 0 ? NULL
                                               : qv_sre_scanner_new(qi, self, args[0], pos, endpos);
}

METHOD(finditer)
{
    QvObj *scanner = pattern_scanner(qi, self, args, nargs);
    QvObj *search = scanner ? qv_getattr_cstr(qi, scanner, "search") : NULL;
    QvObj *it = search ? qv_calliter_new(qi, search, QV_NONE) : NULL;
    qv_xdecref(qi, search);
    qv_xdecref(qi, scanner);
    return it;
}

// ---- attributes ---------------------------------------------------------------------------------

static QvObj *get_pattern(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, qv_sre_pattern(o)->pattern);
}
static QvObj *get_flags(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, qv_sre_pattern(o)->flags);
}
static QvObj *get_groups(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, qv_sre_pattern(o)->groups);
}
static QvObj *get_groupindex(QvInterp *qi, QvObj *o)
{
    QvObj *index = qv_sre_pattern(o)->groupindex;
    return qv_dict_len(index) == 0 ? qv_dict_new(qi) : qv_mappingproxy_new(qi, index);
}

// ---- identity -----------------------------------------------------------------------------------

static QvObj *pattern_repr(QvInterp *qi, QvObj *o)
{
    static const struct {
        const char *name;
        int flag;
    } names[] = {
        {"re.TEMPLATE", SRE_F_TEMPLATE}, {"re.IGNORECASE", SRE_F_IGNORECASE},
        {"re.LOCALE", SRE_F_LOCALE},     {"re.MULTILINE", SRE_F_MULTILINE},
        {"re.DOTALL", SRE_F_DOTALL},     {"re.UNICODE", SRE_F_UNICODE},
        {"re.VERBOSE", SRE_F_VERBOSE},   {"re.DEBUG", SRE_F_DEBUG},
        {"re.ASCII", SRE_F_ASCII},
    };
    QvSrePattern *p = qv_sre_pattern(o);
    int flags = p->flags;
    // What a str pattern has anyway is not shown.
    if (p->is_bytes == 0 &&
        (flags & (SRE_F_LOCALE | SRE_F_UNICODE | SRE_F_ASCII)) == SRE_F_UNICODE) {
        flags &= ~SRE_F_UNICODE;
    }
    QvObj *text = qv_str_format(qi, "re.compile(%.200R", p->pattern);
    if (!text) {
        return NULL;
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    qv_strbuf_str(&b, text);
    qv_decref(qi, text);
    const char *between = ", ";
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        if (flags & names[k].flag) {
            qv_strbuf_cstr(&b, between);
            qv_strbuf_cstr(&b, names[k].name);
            between = "|";
            flags &= ~names[k].flag;
        }
    }
    if (flags) {
        QvObj *rest = qv_str_format(qi, "%s0x%x", between, (unsigned)flags);
        if (!rest) {
            qv_strbuf_fini(&b);
            return NULL;
        }
        qv_strbuf_str(&b, rest);
        qv_decref(qi, rest);
    }
    qv_strbuf_char(&b, ')');
    return qv_strbuf_finish(&b);
}

static QvHash pattern_hash(QvInterp *qi, QvObj *o)
{
    QvSrePattern *p = qv_sre_pattern(o);
    QvHash hash = qv_hash(qi, p->pattern);
    if (hash == -1) {
        return -1;
    }
    uint64_t mixed = (uint64_t)hash ^ (uint64_t)(uint32_t)p->flags << 32 ^ (uint64_t)p->is_bytes;
    const uint32_t *code = p->program.code.p;
    for (uint32_t k = 0; k < p->program.code.n; k++) {
        mixed = (mixed ^ code[k]) * 0x100000001B3u;
    }
    hash = (QvHash)mixed;
    return hash == -1 ? -2 : hash;
}

static QvObj *pattern_compare(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if ((op != QV_EQ && op != QV_NE) || v->type != w->type) {
        return QV_NOTIMPLEMENTED;
    }
    QvSrePattern *a = qv_sre_pattern(v), *b = qv_sre_pattern(w);
    int same = v == w;
    if (!same && a->flags == b->flags && a->is_bytes == b->is_bytes &&
        a->program.code.n == b->program.code.n &&
        memcmp(a->program.code.p, b->program.code.p, a->program.code.n * sizeof(uint32_t)) == 0) {
        same = qv_eq(qi, a->pattern, b->pattern);
        if (same < 0) {
            return NULL;
        }
    }
    return qv_bool((same != 0) == (op == QV_EQ));
}

// ---- the type -----------------------------------------------------------------------------------

static void pattern_fini(QvInterp *qi, QvObj *o)
{
    QvSrePattern *p = qv_sre_pattern(o);
    qv_clear(qi, &p->pattern);
    qv_clear(qi, &p->groupindex);
    qv_clear(qi, &p->indexgroup);
    qv_sre_program_fini(qi, &p->program);
}

static int pattern_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(qv_sre_pattern(o)->pattern);
    QV_VISIT(qv_sre_pattern(o)->groupindex);
    QV_VISIT(qv_sre_pattern(o)->indexgroup);
    return 0;
}

static const QvNativeDef methods[] = {
    {"match", pattern_match, "($self, /, string, pos=0, endpos=sys.maxsize)",
     "Matches zero or more characters at the beginning of the string."},
    {"fullmatch", pattern_fullmatch, "($self, /, string, pos=0, endpos=sys.maxsize)",
     "Matches against all of the string."},
    {"search", pattern_search, "($self, /, string, pos=0, endpos=sys.maxsize)",
     "Scan through string looking for a match, and return a corresponding match object "
     "instance.\n\nReturn None if no position in the string matches."},
    {"sub", qv_sre_sub, "($self, /, repl, string, count=0)",
     "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern "
     "in string by the replacement repl."},
    {"subn", qv_sre_subn, "($self, /, repl, string, count=0)",
     "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost "
     "non-overlapping occurrences of pattern with the replacement repl."},
    {"findall", pattern_findall, "($self, /, string, pos=0, endpos=sys.maxsize)",
     "Return a list of all non-overlapping matches of pattern in string."},
    {"split", qv_sre_split, "($self, /, string, maxsplit=0)",
     "Split string by the occurrences of pattern."},
    {"finditer", pattern_finditer, "($self, /, string, pos=0, endpos=sys.maxsize)",
     "Return an iterator over all non-overlapping matches for the RE pattern in string.\n\nFor "
     "each match, the iterator returns a match object."},
    {"scanner", pattern_scanner, "($self, /, string, pos=0, endpos=sys.maxsize)", NULL},
    {"__copy__", qv_sre_self, "($self, /)", NULL},
    {"__deepcopy__", qv_sre_self, "($self, memo, /)", NULL},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

static const QvGetSet getsets[] = {
    {"pattern", get_pattern, qv_sre_readonly,
     "The pattern string from which the RE object was compiled."},
    {"flags", get_flags, qv_sre_readonly, "The regex matching flags."},
    {"groups", get_groups, qv_sre_readonly, "The number of capturing groups in the pattern."},
    {"groupindex", get_groupindex, NULL, "A dictionary mapping group names to group numbers."},
    {0},
};

QV_SEALED QvType qv_sre_pattern_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "re.Pattern",
    .id = QV_TID_sre_pattern,
    .flags = QV_T_GC | QV_T_NO_NEW | QV_T_WEAK | QV_T_IMMUTABLE,
    .base = &qv_object_type,
    .size = sizeof(QvSrePattern),
    .doc = "Compiled regular expression object.",
    .methods = methods,
    .getsets = getsets,
    .fini = pattern_fini,
    .traverse = pattern_traverse,
    .repr = pattern_repr,
    .hash = pattern_hash,
    .richcmp = pattern_compare,
};
