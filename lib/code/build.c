// SPDX-License-Identifier: MIT
// Code objects from their parts: types.CodeType(...) and code.replace(...).
//
// The instructions must be Quiver's own, as co_code shows them; whatever is given is verified
// before it can run.
#include <string.h>

#include "code/tables.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/error.h"
#include "object/int.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

// What each part must be.
static const struct {
    const char *name;
    char kind; // i int, b bytes, t tuple, n tuple of names, s str
} parts_info[QV_CODE_PARTS] = {
    [QV_CODE_ARGCOUNT] = {"co_argcount", 'i'},
    [QV_CODE_POSONLY] = {"co_posonlyargcount", 'i'},
    [QV_CODE_KWONLY] = {"co_kwonlyargcount", 'i'},
    [QV_CODE_NLOCALS] = {"co_nlocals", 'i'},
    [QV_CODE_STACKSIZE] = {"co_stacksize", 'i'},
    [QV_CODE_FLAGS] = {"co_flags", 'i'},
    [QV_CODE_CODE] = {"co_code", 'b'},
    [QV_CODE_CONSTS] = {"co_consts", 't'},
    [QV_CODE_NAMES] = {"co_names", 'n'},
    [QV_CODE_VARNAMES] = {"co_varnames", 'n'},
    [QV_CODE_FILENAME] = {"co_filename", 's'},
    [QV_CODE_NAME] = {"co_name", 's'},
    [QV_CODE_QUALNAME] = {"co_qualname", 's'},
    [QV_CODE_FIRSTLINE] = {"co_firstlineno", 'i'},
    [QV_CODE_LINETABLE] = {"co_linetable", 'b'},
    [QV_CODE_EXCEPTIONTABLE] = {"co_exceptiontable", 'b'},
    [QV_CODE_FREEVARS] = {"co_freevars", 'n'},
    [QV_CODE_CELLVARS] = {"co_cellvars", 'n'},
};

static int wrong_type(QvInterp *qi, QvObj *o, int k, const char *function, const char *want)
{
    if (strcmp(function, "replace") == 0) {
        return qv_raise_int(qi, &qv_exc_TypeError, "replace() argument '%s' must be %s, not %T",
                            parts_info[k].name, want, o);
    }
    return qv_raise_int(qi, &qv_exc_TypeError, "%s() argument %d must be %s, not %T", function,
                        k + 1, want, o);
}

static int check_part(QvInterp *qi, QvObj *o, int k, const char *function, int *ret_number)
{
    switch (parts_info[k].kind) {
    case 'i': {
        QvObj *index = qv_index(qi, o);
        int64_t v;
        if (!index) {
            return -1;
        }
        bool fits = qv_int_as_i64(index, &v) && v >= INT32_MIN && v <= INT32_MAX;
        qv_decref(qi, index);
        *ret_number = (int)v;
        return fits ? 0
                    : qv_raise_int(qi, &qv_exc_OverflowError,
                                   "Python int too large to convert to C int");
    }
    case 'b': return qv_is_bytes(o) ? 0 : wrong_type(qi, o, k, function, "bytes");
    case 's': return qv_is_str(o) ? 0 : wrong_type(qi, o, k, function, "str");
    default: break;
    }
    if (!qv_is_tuple(o)) {
        return wrong_type(qi, o, k, function, "tuple");
    }
    for (QvSsize i = 0; parts_info[k].kind == 'n' && i < qv_tuple_len(o); i++) {
        if (!qv_is_str(qv_tuple_peek(o, i))) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "name tuples must contain only strings, not '%T'",
                                qv_tuple_peek(o, i));
        }
    }
    return 0;
}

// Numbers that are wrong whatever the instructions are; the words are CPython's.
static int check_numbers(QvInterp *qi, QvObj *const *parts, const int *v)
{
    static const struct {
        uint8_t part;
        const char *word;
    } counts[] = {{QV_CODE_ARGCOUNT, "argcount"},     {QV_CODE_POSONLY, "posonlyargcount"},
                  {QV_CODE_KWONLY, "kwonlyargcount"}, {QV_CODE_NLOCALS, "nlocals"},
                  {QV_CODE_STACKSIZE, "stacksize"},   {QV_CODE_FLAGS, "flags"}};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        if (v[counts[i].part] < 0) {
            return qv_raise_int(qi, &qv_exc_ValueError, "code: %s must not be negative",
                                counts[i].word);
        }
    }
    QvSsize nlocals = qv_tuple_len(parts[QV_CODE_VARNAMES]);
    if (v[QV_CODE_NLOCALS] != nlocals) {
        return qv_raise_int(qi, &qv_exc_ValueError, "code: co_nlocals != len(co_varnames)");
    }
    int64_t params = (int64_t)v[QV_CODE_ARGCOUNT] + v[QV_CODE_KWONLY] +
                     ((v[QV_CODE_FLAGS] & QV_CO_VARARGS) != 0) +
                     ((v[QV_CODE_FLAGS] & QV_CO_VARKEYWORDS) != 0);
    if (params > nlocals) {
        return qv_raise_int(qi, &qv_exc_ValueError, "code: co_varnames is too small");
    }
    if (v[QV_CODE_POSONLY] > v[QV_CODE_ARGCOUNT]) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "code: co_posonlyargcount is greater than co_argcount");
    }
    QvSsize registers = nlocals + qv_tuple_len(parts[QV_CODE_CELLVARS]) +
                        qv_tuple_len(parts[QV_CODE_FREEVARS]) + v[QV_CODE_STACKSIZE];
    if (registers >= UINT16_MAX) {
        return qv_raise_int(qi, &qv_exc_ValueError, "code: too many registers");
    }
    if ((uint64_t)qv_bytes_len(parts[QV_CODE_CODE]) % sizeof(QvInstr) != 0 ||
        qv_bytes_len(parts[QV_CODE_CODE]) == 0) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "code: co_code does not hold instructions of Quiver");
    }
    return 0;
}

// An array of the tuple's items (interned when they are names) behind `at` others; 0 or -1.
static int copy_items(QvInterp *qi, QvObj *tuple, bool intern, QvObj **items)
{
    QvSsize n = qv_tuple_len(tuple);
    for (QvSsize i = 0; i < n; i++) {
        items[i] = qv_new_ref(qi, qv_tuple_peek(tuple, i));
        if (intern && qv_str_intern(qi, &items[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static QvObj **new_items(QvInterp *qi, QvSsize n)
{
    size_t bytes = (size_t)n * sizeof(QvObj *);
    QvObj **items = n ? qv_alloc(qi, bytes) : NULL;
    return items ? memset(items, 0, bytes) : NULL;
}

static int fill_objects(QvInterp *qi, QvCode *code, QvObj *const *parts)
{
    QvSsize nconsts = qv_tuple_len(parts[QV_CODE_CONSTS]);
    QvSsize nnames = qv_tuple_len(parts[QV_CODE_NAMES]);
    QvSsize nlocals = qv_tuple_len(parts[QV_CODE_VARNAMES]);
    QvSsize ncells = qv_tuple_len(parts[QV_CODE_CELLVARS]);
    QvSsize nfree = qv_tuple_len(parts[QV_CODE_FREEVARS]);
    if (nnames > UINT16_MAX || nconsts > INT32_MAX) {
        return qv_raise_int(qi, &qv_exc_ValueError, "code: too many names or constants");
    }
    code->filename = qv_new_ref(qi, parts[QV_CODE_FILENAME]);
    code->name = qv_new_ref(qi, parts[QV_CODE_NAME]);
    code->qualname = qv_new_ref(qi, parts[QV_CODE_QUALNAME]);
    // The counts are set as soon as the blocks are there, so that the end of the code object frees
    // them.
    code->consts = new_items(qi, nconsts);
    code->nconsts = code->consts ? (uint32_t)nconsts : 0;
    code->names = new_items(qi, nnames);
    code->nnames = code->names ? (uint32_t)nnames : 0;
    code->localnames = new_items(qi, nlocals);
    code->nlocals = code->localnames ? (uint16_t)nlocals : 0;
    code->cellnames = new_items(qi, ncells + nfree);
    code->nfree = code->cellnames ? (uint16_t)nfree : 0;
    code->cell_param =
        ncells && code->cellnames ? qv_alloc(qi, (size_t)ncells * sizeof(*code->cell_param)) : NULL;
    if (code->cell_param) {
        code->ncells = (uint16_t)ncells;
    } else if (code->cellnames && ncells) { // no count tells of the cells' part: give it back
        qv_free(qi, code->cellnames, (size_t)(ncells + nfree) * sizeof(QvObj *));
        code->cellnames = NULL;
        code->nfree = 0;
    }
    if ((nconsts && !code->consts) || (nnames && !code->names) || (nlocals && !code->localnames) ||
        (ncells + nfree && !code->cellnames)) {
        return -1;
    }
    if (copy_items(qi, parts[QV_CODE_CONSTS], false, code->consts) < 0 ||
        copy_items(qi, parts[QV_CODE_NAMES], true, code->names) < 0 ||
        copy_items(qi, parts[QV_CODE_VARNAMES], true, code->localnames) < 0 ||
        copy_items(qi, parts[QV_CODE_CELLVARS], true, code->cellnames) < 0 ||
        copy_items(qi, parts[QV_CODE_FREEVARS], true,
                   code->cellnames ? code->cellnames + ncells : NULL) < 0) {
        return -1;
    }
    return 0;
}

// A parameter that inner functions use is a cell of the same name.
static void find_cell_params(QvCode *code)
{
    uint32_t params = (uint32_t)code->argcount + code->kwonly +
                      ((code->flags & QV_CO_VARARGS) != 0) +
                      ((code->flags & QV_CO_VARKEYWORDS) != 0);
    for (uint32_t i = 0; i < code->ncells; i++) {
        code->cell_param[i] = 0xFFFF;
        for (uint32_t j = 0; j < params; j++) {
            if (code->localnames[j] == code->cellnames[i]) {
                code->cell_param[i] = (uint16_t)j;
            }
        }
    }
}

// Where no instruction wants a function's first constant, a str, it is the docstring.
static QvObj *find_doc(const QvCode *code)
{
    if (!(code->flags & QV_CO_OPTIMIZED) || !code->nconsts || !qv_is_str(code->consts[0])) {
        return NULL;
    }
    for (uint32_t at = 0; at < code->ninstrs; at += 1u + qv_op_info[code->instrs[at].op].words) {
        QvInstr w = code->instrs[at];
        const QvOpInfo *info = &qv_op_info[w.op];
        uint16_t operands[3] = {w.a, w.b, w.c};
        uint8_t kinds[3] = {info->a, info->b, info->c};
        for (int k = 0; k < 3; k++) {
            bool wide = (w.op == QV_INS_LOAD_K && w.c) || (w.op == QV_INS_RETURN_K && w.b);
            if (kinds[k] == QV_K_K && operands[k] == 0 && !wide) {
                return NULL;
            }
        }
    }
    return code->consts[0];
}

// Only the compiler's opcodes, whole, and empty caches: the rest is the machine's own business.
static int check_words(QvInterp *qi, QvCode *code)
{
    for (uint32_t at = 0; at < code->ninstrs;) {
        QvInstr w = code->instrs[at];
        const QvOpInfo *info = &qv_op_info[w.op];
        if (!info->name || (info->traits & QV_TR_SPEC) || info->words >= code->ninstrs - at) {
            return qv_raise_int(qi, &qv_exc_ValueError,
                                "code: co_code does not hold instructions of Quiver");
        }
        char *cache = (char *)(code->instrs + at + 1);
        size_t kept = w.op == QV_INS_CALL_KW || w.op == QV_INS_CALL_METHOD_KW ? sizeof(uint32_t)
                                                                              : 0;
        memset(cache + kept, 0, info->words * sizeof(QvInstr) - kept);
        at += 1u + info->words;
    }
    return 0;
}

static int fill_code(QvInterp *qi, QvCode *code, QvObj *const *parts, const int *v)
{
    QvObj *text = parts[QV_CODE_CODE];
    size_t n = (size_t)qv_bytes_len(text);
    if (fill_objects(qi, code, parts) < 0) {
        return -1;
    }
    code->instrs = qv_alloc(qi, n);
    if (!code->instrs) {
        return -1;
    }
    memcpy(code->instrs, qv_bytes_data(text), n);
    code->ninstrs = (uint32_t)(n / sizeof(QvInstr));
    if (check_words(qi, code) < 0) {
        return -1;
    }
    code->flags = (uint32_t)v[QV_CODE_FLAGS];
    code->argcount = (uint16_t)v[QV_CODE_ARGCOUNT];
    code->posonly = (uint16_t)v[QV_CODE_POSONLY];
    code->kwonly = (uint16_t)v[QV_CODE_KWONLY];
    code->nregs = (uint16_t)(code->nlocals + code->ncells + code->nfree + v[QV_CODE_STACKSIZE]);
    code->firstline = v[QV_CODE_FIRSTLINE];
    qv_code_set_call_form(code);
    find_cell_params(code);
    QvObj *lines = parts[QV_CODE_LINETABLE], *handlers = parts[QV_CODE_EXCEPTIONTABLE];
    if (qv_code_set_linetable(qi, code, qv_bytes_data(lines), (size_t)qv_bytes_len(lines)) < 0 ||
        qv_code_set_exceptiontable(qi, code, qv_bytes_data(handlers),
                                   (size_t)qv_bytes_len(handlers)) < 0 ||
        qv_code_verify(qi, code) < 0) {
        return -1;
    }
    code->doc = find_doc(code);
    return 0;
}

QvObj *qv_code_build(QvInterp *qi, QvObj *const *parts, const char *function)
{
    int numbers[QV_CODE_PARTS] = {0};
    for (int k = 0; k < QV_CODE_PARTS; k++) {
        if (check_part(qi, parts[k], k, function, &numbers[k]) < 0) {
            return NULL;
        }
    }
    if (check_numbers(qi, parts, numbers) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) &&
        qv_audit(qi, "code.__new__", "OOOiiiiii", parts[QV_CODE_CODE], parts[QV_CODE_FILENAME],
                 parts[QV_CODE_NAME], numbers[QV_CODE_ARGCOUNT], numbers[QV_CODE_POSONLY],
                 numbers[QV_CODE_KWONLY], numbers[QV_CODE_NLOCALS], numbers[QV_CODE_STACKSIZE],
                 numbers[QV_CODE_FLAGS]) < 0) {
        return NULL;
    }
    QvObj *code = qv_code_new(qi);
    if (code && fill_code(qi, (QvCode *)code, parts, numbers) < 0) {
        qv_clear(qi, &code);
    }
    return code;
}
