// SPDX-License-Identifier: MIT
// The method table of str, and the methods that have no file of their own: padding, tabs, join,
// encode, format.
#include "object/str_methods.h"

#include <string.h>

#include "object/bytes.h"
#include "object/codec.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str_units.h"
#include "object/tuple.h"

// ---- padding ------------------------------------------------------------------------------------

static QvObj *pad(QvInterp *qi, QvObj *s, QvSsize left, QvSsize right, uint32_t fill)
{
    left = left < 0 ? 0 : left;
    right = right < 0 ? 0 : right;
    QvSsize n = qv_str_len(s);
    if (left == 0 && right == 0) {
        return qv_str_exact(qi, s);
    }
    if (left > QV_UNITS_MAX - n || right > QV_UNITS_MAX - n - left) {
        return qv_raise(qi, &qv_exc_OverflowError, "padded string is too long");
    }
    uint32_t maxchar = qv_str_maxchar(s);
    QvObj *ret = qv_str_alloc(qi, left + n + right, fill > maxchar ? fill : maxchar);
    if (ret == NULL) {
        return NULL;
    }
    QvStrKind kind = qv_str_kind(ret);
    if (qv_units_fill_long(qi, qv_str_data(ret), kind, left, fill) < 0 ||
        qv_units_copy_long(qi, qv_str_at(ret, left), kind, qv_str_data(s), qv_str_kind(s), n) < 0 ||
        qv_units_fill_long(qi, qv_str_at(ret, left + n), kind, right, fill) < 0) {
        qv_decref(qi, ret);
        return NULL;
    }
    return ret;
}

static int pad_args(QvInterp *qi, QvObj *const *args, QvSsize *ret_width, uint32_t *ret_fill)
{
    if (qv_arg_ssize(qi, args[0], ret_width) < 0) {
        return -1;
    }
    *ret_fill = ' ';
    QvObj *fill = args[1];
    if (fill == NULL) {
        return 0;
    }
    if (!qv_is_str(fill)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "The fill character must be a unicode character, not %.100T", fill);
    }
    if (qv_str_len(fill) != 1) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "The fill character must be exactly one character long");
    }
    *ret_fill = qv_str_read(fill, 0);
    return 0;
}

static QvObj *str_center(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize width;
    uint32_t fill;
    if (pad_args(qi, args, &width, &fill) < 0) {
        return NULL;
    }
    QvSsize margin = width - qv_str_len(self);
    if (margin <= 0) {
        return qv_str_exact(qi, self);
    }
    QvSsize left = margin / 2 + (margin & width & 1);
    return pad(qi, self, left, margin - left, fill);
}

static QvObj *str_ljust(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize width;
    uint32_t fill;
    if (pad_args(qi, args, &width, &fill) < 0) {
        return NULL;
    }
    return pad(qi, self, 0, width < qv_str_len(self) ? 0 : width - qv_str_len(self), fill);
}

static QvObj *str_rjust(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize width;
    uint32_t fill;
    if (pad_args(qi, args, &width, &fill) < 0) {
        return NULL;
    }
    return pad(qi, self, width < qv_str_len(self) ? 0 : width - qv_str_len(self), 0, fill);
}

static QvObj *str_zfill(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize width;
    if (qv_arg_ssize(qi, args[0], &width) < 0) {
        return NULL;
    }
    QvSsize n = qv_str_len(self);
    if (n >= width) {
        return qv_str_exact(qi, self);
    }
    QvSsize zeros = width - n;
    QvObj *ret = pad(qi, self, zeros, 0, '0');
    if (ret != NULL && n > 0) {
        uint32_t sign = qv_str_read(ret, zeros);
        if (sign == '+' || sign == '-') {
            qv_str_write(ret, 0, sign);
            qv_str_write(ret, zeros, '0');
        }
    }
    return ret;
}

static QvObj *str_expandtabs(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize size = 8;
    if (args[0] != NULL && qv_index_ssize(qi, args[0], &size, NULL) < 0) {
        return NULL;
    }
    if (size > INT32_MAX || size < INT32_MIN) {
        return qv_raise(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
    }
    QvSsize n = qv_str_len(self);
    if (qv_units_find_char(qv_str_data(self), qv_str_kind(self), n, '\t') < 0) {
        return qv_str_exact(qi, self);
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    QvSsize column = 0;
    for (QvSsize i = 0; i < n && !b.failed; i++) {
        uint32_t c = qv_str_read(self, i);
        if (c == '\t') {
            if (size > 0) {
                QvSsize more = size - column % size;
                qv_strbuf_fill(&b, ' ', more);
                column += more;
            }
            continue;
        }
        qv_strbuf_char(&b, c);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
    }
    return qv_strbuf_finish(&b);
}

// ---- the rest -----------------------------------------------------------------------------------

static QvObj *str_join(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_str_join(qi, self, args[0]);
}

static QvObj *str_encode(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (args[0] == NULL && args[1] == NULL && qv_str_is_ascii(self)) {
        return qv_bytes_new(qi, qv_str_data(self), qv_str_len(self));
    }
    return qv_codec_encode_object(qi, self, args[0], args[1], "encode");
}

// The arguments; or slots: the tuple of positional arguments and the dict of the others, either may
// be NULL.
static QvObj *str_format(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    if (nargs != QV_NARGS_SLOTS) {
        return qv_str_format_method(qi, self, args, nargs, NULL);
    }
    QvObj *tuple = args[0];
    return qv_str_format_method(qi, self, tuple != NULL ? qv_tuple_items(tuple) : NULL,
                                tuple != NULL ? qv_tuple_len(tuple) : 0, args[1]);
}

static QvObj *str_format_map(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_str_format_method(qi, self, NULL, -1, args[0]);
}

static QvObj *str_format_dunder(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_str(args[0])) {
        qv_str_arg_error(qi, "__format__", 0, args[0]);
        return NULL;
    }
    return qv_format_str(qi, self, args[0]);
}

static QvObj *str_getnewargs(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    // A copy: what pickle and copy remember of the string itself must not stand for this one.
    QvObj *text = qv_str_from_units(qi, qv_str_data(self), qv_str_kind(self), qv_str_len(self));
    return text == NULL ? NULL : qv_tuple_from_array_take(qi, &text, 1);
}

static QvObj *str_sizeof(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_int_from_i64(qi, (int64_t)self->type->memsize(self));
}

const QvNativeDef qv_str_method_table[] = {
    {"__format__", str_format_dunder, "($self, format_spec, /)",
     "The string as the format specification says."},
    {"__getnewargs__", str_getnewargs, "($self, /)", NULL},
    {"__sizeof__", str_sizeof, "($self, /)", "Size of the string in memory, in bytes."},
    {"capitalize", qv_str_capitalize_m, "($self, /)",
     "A copy whose first character is in title case and the rest in lower case."},
    {"casefold", qv_str_casefold_m, "($self, /)", "A version for caseless comparison."},
    {"center", str_center, "($self, width, fillchar=' ', /)",
     "The string centered in width characters."},
    {"count", qv_str_count_m, "($self, *args)",
     "Number of non-overlapping occurrences of sub in S[start:end]."},
    {"encode", str_encode, "($self, /, encoding='utf-8', errors='strict')",
     "The string as bytes in an encoding."},
    {"endswith", qv_str_endswith_m, "($self, *args)",
     "True if S[start:end] ends with the suffix (or one of a tuple of suffixes)."},
    {"expandtabs", str_expandtabs, "($self, /, tabsize=8)",
     "A copy with tabs replaced by spaces up to the next multiple of tabsize."},
    {"find", qv_str_find_m, "($self, *args)", "Lowest index of sub in S[start:end], or -1."},
    {"format", str_format, "!($self, /, *args, **kwargs)",
     "The string with the fields in braces replaced by formatted arguments."},
    {"format_map", str_format_map, "($self, mapping, /)",
     "Like format, with the fields looked up in the mapping itself."},
    {"index", qv_str_index_m, "($self, *args)",
     "Lowest index of sub in S[start:end]; ValueError when there is none."},
    {"isalnum", qv_str_isalnum_m, "($self, /)",
     "True if all characters are letters or digits and there is one."},
    {"isalpha", qv_str_isalpha_m, "($self, /)",
     "True if all characters are letters and there is one."},
    {"isascii", qv_str_isascii_m, "($self, /)", "True if all characters are ASCII."},
    {"isdecimal", qv_str_isdecimal_m, "($self, /)",
     "True if all characters are decimal digits and there is one."},
    {"isdigit", qv_str_isdigit_m, "($self, /)",
     "True if all characters are digits and there is one."},
    {"isidentifier", qv_str_isidentifier_m, "($self, /)",
     "True if the string is a valid identifier (keywords included)."},
    {"islower", qv_str_islower_m, "($self, /)",
     "True if all cased characters are lower case and there is one."},
    {"isnumeric", qv_str_isnumeric_m, "($self, /)",
     "True if all characters are numeric and there is one."},
    {"isprintable", qv_str_isprintable_m, "($self, /)",
     "True if repr would show all characters as they are."},
    {"isspace", qv_str_isspace_m, "($self, /)",
     "True if all characters are white space and there is one."},
    {"istitle", qv_str_istitle_m, "($self, /)", "True if the string is in title case."},
    {"isupper", qv_str_isupper_m, "($self, /)",
     "True if all cased characters are upper case and there is one."},
    {"join", str_join, "($self, iterable, /)",
     "The strings of the iterable with this one between them."},
    {"ljust", str_ljust, "($self, width, fillchar=' ', /)",
     "The string at the left of width characters."},
    {"lower", qv_str_lower_m, "($self, /)", "A copy in lower case."},
    {"lstrip", qv_str_lstrip_m, "($self, chars=None, /)",
     "A copy without leading white space, or without leading characters of chars."},
    {"maketrans", qv_str_maketrans_m, "(x, y=None, z=None, /)",
     "A table for translate: of a dict, of two strings of equal length, a third one to delete."},
    {"partition", qv_str_partition_m, "($self, sep, /)",
     "What is before, in and after the first sep, as a tuple."},
    {"removeprefix", qv_str_removeprefix_m, "($self, prefix, /)",
     "The string without the prefix, if it starts with it."},
    {"removesuffix", qv_str_removesuffix_m, "($self, suffix, /)",
     "The string without the suffix, if it ends with it."},
    {"replace", qv_str_replace_m, "($self, old, new, count=-1, /)",
     "A copy with the first count (all, when negative) occurrences of old replaced by new."},
    {"rfind", qv_str_rfind_m, "($self, *args)", "Highest index of sub in S[start:end], or -1."},
    {"rindex", qv_str_rindex_m, "($self, *args)",
     "Highest index of sub in S[start:end]; ValueError when there is none."},
    {"rjust", str_rjust, "($self, width, fillchar=' ', /)",
     "The string at the right of width characters."},
    {"rpartition", qv_str_rpartition_m, "($self, sep, /)",
     "What is before, in and after the last sep, as a tuple."},
    {"rsplit", qv_str_rsplit_m, "($self, /, sep=None, maxsplit=-1)",
     "List of the words of the string; maxsplit counts from the right."},
    {"rstrip", qv_str_rstrip_m, "($self, chars=None, /)",
     "A copy without trailing white space, or without trailing characters of chars."},
    {"split", qv_str_split_m, "($self, /, sep=None, maxsplit=-1)",
     "List of the words of the string, with sep (white space if None) between them."},
    {"splitlines", qv_str_splitlines_m, "($self, /, keepends=False)",
     "List of the lines of the string."},
    {"startswith", qv_str_startswith_m, "($self, *args)",
     "True if S[start:end] starts with the prefix (or one of a tuple of prefixes)."},
    {"strip", qv_str_strip_m, "($self, chars=None, /)",
     "A copy without leading and trailing white space, or characters of chars."},
    {"swapcase", qv_str_swapcase_m, "($self, /)", "A copy with upper and lower case exchanged."},
    {"title", qv_str_title_m, "($self, /)", "A copy in title case."},
    {"translate", qv_str_translate_m, "($self, table, /)",
     "A copy with each character replaced by what the table gives for its number."},
    {"upper", qv_str_upper_m, "($self, /)", "A copy in upper case."},
    {"zfill", str_zfill, "($self, width, /)",
     "The string with zeros on the left (after a sign) up to width."},
    {0},
};
