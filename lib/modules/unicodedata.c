// SPDX-License-Identifier: MIT
// The module unicodedata, and its object ucd_3_2_0 with the same functions for Unicode 3.2: a
// native knows by its self which of the two is asked.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "base/unicode_names.h"
#include "base/unicode_old.h"
#include "modules/modules.h"
#include "object/codec.h"
#include "object/descr.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/type_ids.h"

enum {
    NAME_LIMIT = 256, // bytes of a name that lookup looks at
    CHUNK = 1 << 16,  // code points normalised between two safepoints, where the text can be cut
};

static bool is_old(const QvObj *self) { return self && self->type == &qv_unicodedata_ucd_type; }

// The first argument as a code point. 0/-1.
static int get_char(QvInterp *qi, const char *which, QvObj *o, uint32_t *ret)
{
    if (!qv_is_str(o) || qv_str_len(o) != 1) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s must be a unicode character, not %.50T",
                            which, o);
    }
    *ret = qv_str_read(o, 0);
    return 0;
}

// Unassigned in the version that is asked.
static bool is_missing(const QvObj *self, uint32_t cp)
{
    return is_old(self) && !qv_uni_old_is_assigned(cp);
}

static int old_value(const QvObj *self, QvUniOldField field, uint32_t cp)
{
    return is_old(self) ? qv_uni_old_value(field, cp) : -1;
}

// ---- numbers ------------------------------------------------------------------------------------

static QvObj *missing_number(QvInterp *qi, QvObj *fallback, const char *text)
{
    return fallback ? qv_new_ref(qi, fallback) : qv_raise(qi, &qv_exc_ValueError, "%s", text);
}

static QvObj *decimal(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint32_t cp = 0;
    if (get_char(qi, "decimal() argument 1", args[0], &cp) < 0) {
        return NULL;
    }
    int value = is_missing(self, cp) ? -1 : qv_uni_decimal(cp);
    if (old_value(self, QV_UNI_OLD_DECIMAL, cp) > 0) {
        value = qv_uni_digit(cp);
    }
    return value >= 0 ? qv_int_from_i64(qi, value) : missing_number(qi, args[1], "not a decimal");
}

static QvObj *digit(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self, (void)nargs;
    uint32_t cp = 0;
    if (get_char(qi, "digit() argument 1", args[0], &cp) < 0) {
        return NULL;
    }
    int value = qv_uni_digit(cp); // CPython has no older answer either
    return value >= 0 ? qv_int_from_i64(qi, value) : missing_number(qi, args[1], "not a digit");
}

static QvObj *numeric(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint32_t cp = 0;
    double value;
    if (get_char(qi, "numeric() argument 1", args[0], &cp) < 0) {
        return NULL;
    }
    return !is_missing(self, cp) && qv_uni_numeric(cp, &value)
               ? qv_float_new(qi, value)
               : missing_number(qi, args[1], "not a numeric character");
}

// ---- properties ---------------------------------------------------------------------------------

static QvObj *category(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint32_t cp = 0;
    if (get_char(qi, "category() argument", args[0], &cp) < 0) {
        return NULL;
    }
    int old = old_value(self, QV_UNI_OLD_CATEGORY, cp);
    QvUniCategory c = is_missing(self, cp) ? QV_UNI_CN
                      : old >= 0           ? (QvUniCategory)old
                                           : qv_uni_category(cp);
    return qv_str_intern_cstr(qi, qv_uni_category_name(c));
}

static QvObj *bidirectional(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint32_t cp = 0;
    if (get_char(qi, "bidirectional() argument", args[0], &cp) < 0) {
        return NULL;
    }
    int old = is_missing(self, cp) ? 0 : old_value(self, QV_UNI_OLD_BIDI, cp);
    return qv_str_intern_cstr(qi, old >= 0 ? qv_uni_bidi_name(old) : qv_uni_bidirectional(cp));
}

static QvObj *combining(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint32_t cp = 0;
    if (get_char(qi, "combining() argument", args[0], &cp) < 0) {
        return NULL;
    }
    return qv_int_from_i64(qi, is_missing(self, cp) ? 0 : qv_uni_combining(cp));
}

static QvObj *mirrored(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint32_t cp = 0;
    if (get_char(qi, "mirrored() argument", args[0], &cp) < 0) {
        return NULL;
    }
    int old = is_missing(self, cp) ? 0 : old_value(self, QV_UNI_OLD_MIRRORED, cp);
    return qv_int_from_i64(qi, old >= 0 ? old : qv_uni_is_mirrored(cp));
}

static QvObj *east_asian_width(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint32_t cp = 0;
    if (get_char(qi, "east_asian_width() argument", args[0], &cp) < 0) {
        return NULL;
    }
    int old = is_missing(self, cp) ? 0 : old_value(self, QV_UNI_OLD_WIDTH, cp);
    return qv_str_intern_cstr(qi, old >= 0 ? qv_uni_width_name(old) : qv_uni_east_asian_width(cp));
}

static QvObj *decomposition(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint32_t cp = 0, points[18];
    const char *tag = NULL;
    if (get_char(qi, "decomposition() argument", args[0], &cp) < 0) {
        return NULL;
    }
    int n = is_missing(self, cp) ? 0 : qv_uni_decomposition(cp, points, &tag);
    char text[200]; // a tag and 18 numbers of at most 6 digits
    int used = n && tag ? snprintf(text, sizeof text, "%s", tag) : 0;
    for (int i = 0; i < n; i++) {
        used += snprintf(text + used, sizeof text - (size_t)used, used ? " %04X" : "%04X",
                         (unsigned)points[i]);
    }
    return qv_str_new_ascii(qi, text, used);
}

// ---- normal forms -------------------------------------------------------------------------------

// 0, or -1 with ValueError.
static int get_form(QvInterp *qi, QvObj *o, QvUniForm *ret)
{
    static const char names[][5] = {
        [QV_UNI_NFC] = "NFC", [QV_UNI_NFD] = "NFD", [QV_UNI_NFKC] = "NFKC", [QV_UNI_NFKD] = "NFKD"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (qv_str_eq_ascii(o, names[i])) {
            *ret = (QvUniForm)i;
            return 0;
        }
    }
    return qv_raise_int(qi, &qv_exc_ValueError, "invalid normalization form");
}

static int get_texts(QvInterp *qi, const char *func, QvObj *const *args)
{
    for (int i = 0; i < 2; i++) {
        if (!qv_is_str(args[i])) {
            return qv_raise_int(qi, &qv_exc_TypeError, "%s() argument %d must be str, not %.50T",
                                func, i + 1, args[i]);
        }
    }
    return 0;
}

// Where a piece of the text that starts at `start` may end.
static QvSsize piece_end(QvObj *s, QvSsize start)
{
    QvSsize n = qv_str_len(s), end = start + CHUNK;
    while (end < n && !qv_uni_is_boundary(qv_str_read(s, end))) {
        end++;
    }
    return end < n ? end : n;
}

// What normalize_piece gave.
static void drop_piece(QvInterp *qi, uint32_t *points, size_t n)
{
    free(points);
    qv_heap_discharge(&qi->heap, n * sizeof(uint32_t));
}

// Normalises s[start:end]: for drop_piece, or NULL with MemoryError.
static uint32_t *normalize_piece(QvInterp *qi, bool old, QvUniForm form, QvObj *s, QvSsize start,
                                 QvSsize end, size_t *ret_n)
{
    size_t n = (size_t)(end - start);
    QvHeap *heap = &qi->heap;
    size_t size = (n + 1) * sizeof(uint32_t);
    bool fits = qv_heap_charge(heap, size);
    uint32_t *points = fits ? malloc(size) : NULL, *normal = NULL;
    int status = points ? 0 : -1;
    if (points) {
        for (size_t i = 0; i < n; i++) {
            points[i] = qv_str_read(s, start + (QvSsize)i);
        }
        status = old ? qv_uni_normalize_old(form, points, n, heap, &normal, ret_n)
                     : qv_uni_normalize(form, points, n, heap, &normal, ret_n);
    }
    free(points);
    qv_heap_discharge(heap, fits ? size : 0);
    if (status == 0 && !qv_heap_charge(heap, *ret_n * sizeof(uint32_t))) {
        free(normal);
        status = -1;
    }
    if (status < 0) {
        qv_raise_oom(qi);
        return NULL;
    }
    return normal;
}

static bool equals_piece(QvObj *s, QvSsize start, QvSsize end, const uint32_t *points, size_t n)
{
    if ((size_t)(end - start) != n) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (qv_str_read(s, start + (QvSsize)i) != points[i]) {
            return false;
        }
    }
    return true;
}

// In every text of this kind all forms, or this one, are the text itself.
static bool is_plain(QvUniForm form, const QvObj *s)
{
    return qv_str_is_ascii(s) || (form == QV_UNI_NFC && qv_str_kind(s) == QV_STR_1);
}

// The text in the form: itself when it is that already; NULL without an exception when it is not
// and only_test.
static QvObj *in_form(QvInterp *qi, bool old, QvUniForm form, QvObj *s, bool only_test)
{
    if (is_plain(form, s)) {
        return qv_new_ref(qi, s);
    }
    QvStrBuf b; // from the first piece on that is not in the form
    bool differs = false;
    for (QvSsize start = 0, end; start < qv_str_len(s); start = end) {
        end = piece_end(s, start);
        size_t n = 0;
        uint32_t *points = normalize_piece(qi, old, form, s, start, end, &n);
        if (points && !differs && !equals_piece(s, start, end, points, n)) {
            if (only_test) {
                drop_piece(qi, points, n);
                return NULL;
            }
            qv_strbuf_init(qi, &b);
            qv_strbuf_slice(&b, s, 0, start);
            differs = true;
        }
        if (points && differs) {
            uint32_t most = 0;
            for (size_t i = 0; i < n; i++) {
                most = points[i] > most ? points[i] : most;
            }
            qv_strbuf_units(&b, points, QV_STR_4, (QvSsize)n, most);
        }
        bool failed = !points || (differs && b.failed);
        if (points) {
            drop_piece(qi, points, n);
        }
        if (failed || qv_poll_here(qi) < 0) {
            if (differs) {
                qv_strbuf_fini(&b);
            }
            return NULL;
        }
    }
    return differs ? qv_strbuf_finish(&b) : qv_new_ref(qi, s);
}

static QvObj *is_normalized(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvUniForm form = QV_UNI_NFC;
    if (get_texts(qi, "is_normalized", args) < 0) {
        return NULL;
    }
    if (qv_str_len(args[1]) == 0) { // whatever the form is called
        return QV_TRUE;
    }
    if (get_form(qi, args[0], &form) < 0) {
        return NULL;
    }
    QvObj *same = in_form(qi, is_old(self), form, args[1], true);
    if (!same && qv_err_occurred(qi)) {
        return NULL;
    }
    qv_xdecref(qi, same);
    return qv_bool(same != NULL);
}

static QvObj *normalize(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvUniForm form = QV_UNI_NFC;
    QvObj *s = args[1];
    if (get_texts(qi, "normalize", args) < 0) {
        return NULL;
    }
    if (qv_str_len(s) == 0) { // whatever the form is called
        return qv_new_ref(qi, s);
    }
    return get_form(qi, args[0], &form) < 0 ? NULL : in_form(qi, is_old(self), form, s, false);
}

// ---- names --------------------------------------------------------------------------------------

static QvObj *name(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint32_t cp = 0;
    if (get_char(qi, "name() argument 1", args[0], &cp) < 0) {
        return NULL;
    }
    char text[QV_UNI_NAME_MOST];
    int n = is_missing(self, cp) ? 0 : qv_uni_name(cp, text);
    return n > 0 ? qv_str_new_ascii(qi, text, n) : missing_number(qi, args[1], "no such name");
}

// KeyError with what stands before the first NUL.
static QvObj *unknown_name(QvInterp *qi, const char *s, QvSsize n)
{
    QvObj *text = qv_codec_utf8_decode(qi, s, (QvSsize)strnlen(s, (size_t)n), "replace", NULL);
    if (text) {
        qv_raise(qi, &qv_exc_KeyError, "undefined character name '%U'", text);
        qv_decref(qi, text);
    }
    return NULL;
}

static QvObj *lookup_bytes(QvInterp *qi, bool old, const char *s, QvSsize n)
{
    if (n > NAME_LIMIT) {
        return qv_raise(qi, &qv_exc_KeyError, "name too long");
    }
    uint32_t points[QV_UNI_SEQUENCE_MOST];
    int count = qv_uni_lookup(
        s, (size_t)n, old ? QV_UNI_NAMES : QV_UNI_NAMES_ALIASES | QV_UNI_NAMES_SEQUENCES, points);
    if (count == 0 || (old && !qv_uni_old_is_assigned(points[0]))) {
        return unknown_name(qi, s, n);
    }
    return qv_str_new_ucs4(qi, points, count);
}

static QvObj *lookup(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *found;
    if (qv_is_str(args[0])) {
        QvUtf8 u;
        if (qv_str_utf8(qi, args[0], &u) < 0) {
            return NULL;
        }
        found = lookup_bytes(qi, is_old(self), u.s, u.n);
        qv_utf8_release(qi, &u);
    } else {
        QvBufferView view;
        if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
            return NULL;
        }
        found = view.readonly ? lookup_bytes(qi, is_old(self), view.buf, view.len)
                              : qv_raise(qi, &qv_exc_TypeError,
                                         "lookup() argument must be read-only bytes-like object, "
                                         "not %T",
                                         args[0]);
        qv_buffer_release(qi, &view);
    }
    return found;
}

// ---- module and type ----------------------------------------------------------------------------

// The rows of both; BOUND is "$module" or "$self".
#define ROWS(BOUND)                                                                                \
    {"decimal", decimal, "(" BOUND ", chr, default=<unrepresentable>, /)",                         \
     "Converts a Unicode character into its equivalent decimal value.\n\nReturns the decimal "     \
     "value assigned to the character chr as integer.\nIf no such value is defined, default is "   \
     "returned, or, if not given,\nValueError is raised."},                                        \
        {"digit", digit, "(" BOUND ", chr, default=<unrepresentable>, /)",                         \
         "Converts a Unicode character into its equivalent digit value.\n\nReturns the digit "     \
         "value assigned to the character chr as integer.\nIf no such value is defined, default "  \
         "is returned, or, if not given,\nValueError is raised."},                                 \
        {"numeric", numeric, "(" BOUND ", chr, default=<unrepresentable>, /)",                     \
         "Converts a Unicode character into its equivalent numeric value.\n\nReturns the numeric " \
         "value assigned to the character chr as float.\nIf no such value is defined, default is " \
         "returned, or, if not given,\nValueError is raised."},                                    \
        {"category", category, "(" BOUND ", chr, /)",                                              \
         "Returns the general category assigned to the character chr as string."},                 \
        {"bidirectional", bidirectional, "(" BOUND ", chr, /)",                                    \
         "Returns the bidirectional class assigned to the character chr as string.\n\nIf no such " \
         "value is defined, an empty string is returned."},                                        \
        {"combining", combining, "(" BOUND ", chr, /)",                                            \
         "Returns the canonical combining class assigned to the character chr as "                 \
         "integer.\n\nReturns 0 if no combining class is defined."},                               \
        {"mirrored", mirrored, "(" BOUND ", chr, /)",                                              \
         "Returns the mirrored property assigned to the character chr as integer.\n\nReturns 1 "   \
         "if the character has been identified as a \"mirrored\"\ncharacter in bidirectional "     \
         "text, 0 otherwise."},                                                                    \
        {"east_asian_width", east_asian_width, "(" BOUND ", chr, /)",                              \
         "Returns the east asian width assigned to the character chr as string."},                 \
        {"decomposition", decomposition, "(" BOUND ", chr, /)",                                    \
         "Returns the character decomposition mapping assigned to the character chr as "           \
         "string.\n\nAn empty string is returned in case no such mapping is defined."},            \
        {"name", name, "(" BOUND ", chr, default=<unrepresentable>, /)",                           \
         "Returns the name assigned to the character chr as a string.\n\nIf no name is defined, "  \
         "default is returned, or, if not given,\nValueError is raised."},                         \
        {"lookup", lookup, "(" BOUND ", name, /)",                                                 \
         "Look up character by name.\n\nIf a character with the given name is found, return "      \
         "the\ncorresponding character.  If not found, KeyError is raised."},                      \
        {"is_normalized", is_normalized, "(" BOUND ", form, unistr, /)",                           \
         "Return whether the Unicode string unistr is in the normal form 'form'.\n\nValid values " \
         "for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'."},                                        \
    {                                                                                              \
        "normalize", normalize, "(" BOUND ", form, unistr, /)",                                    \
            "Return the normal form 'form' for the Unicode string unistr.\n\nValid values for "    \
            "form are 'NFC', 'NFKC', 'NFD', and 'NFKD'."                                           \
    }

static const QvNativeDef functions[] = {ROWS("$module"), {0}};
static const QvNativeDef ucd_methods[] = {ROWS("$self"), {0}};
#undef ROWS

static QvObj *ucd_version(QvInterp *qi, QvObj *o)
{
    (void)o;
    return qv_str_new_cstr(qi, "3.2.0");
}

static const QvGetSet ucd_getsets[] = {
    {"unidata_version", ucd_version, qv_getset_readonly, NULL},
    {0},
};

QV_SEALED QvType qv_unicodedata_ucd_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "unicodedata.UCD",
    .id = QV_TID_unicodedata_ucd,
    .flags = QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(QvObj),
    .methods = ucd_methods,
    .getsets = ucd_getsets,
};

static int init(QvInterp *qi, QvObj *m)
{
    if (qv_module_add_str(qi, m, "unidata_version", qv_uni_version) < 0 ||
        qv_module_add(qi, m, "UCD", &qv_unicodedata_ucd_type.h) < 0) {
        return -1;
    }
    QvObj *old = qv_obj_new(qi, &qv_unicodedata_ucd_type);
    return old ? qv_module_add_take(qi, m, "ucd_3_2_0", old) : -1;
}

const QvModuleDef qv_module_unicodedata = {
    .name = "unicodedata",
    .doc = "This module provides access to the Unicode Character Database which\ndefines "
           "character properties for all Unicode characters. The data in\nthis database is based "
           "on the UnicodeData.txt file version\n14.0.0 which is publicly available from "
           "ftp://ftp.unicode.org/.\n\nThe module uses the same names and symbols as defined by "
           "the\nUnicodeData File Format 14.0.0.",
    .functions = functions,
    .init = init,
};
