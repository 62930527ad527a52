// SPDX-License-Identifier: MIT
// What the files of str share: method implementations by subject, gathered in the table of
// str_methods.c.
#ifndef QV_OBJECT_STR_METHODS_H
#define QV_OBJECT_STR_METHODS_H

#include "object/native.h"

// A method: self is a str, args as native.h says.
#define QV_STR_METHOD(name) \
    QvObj *qv_str_##name##_m(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)

extern const QvNativeDef qv_str_method_table[];

// str_case.c
QV_STR_METHOD(capitalize);
QV_STR_METHOD(casefold);
QV_STR_METHOD(isalnum);
QV_STR_METHOD(isalpha);
QV_STR_METHOD(isascii);
QV_STR_METHOD(isdecimal);
QV_STR_METHOD(isdigit);
QV_STR_METHOD(isidentifier);
QV_STR_METHOD(islower);
QV_STR_METHOD(isnumeric);
QV_STR_METHOD(isprintable);
QV_STR_METHOD(isspace);
QV_STR_METHOD(istitle);
QV_STR_METHOD(isupper);
QV_STR_METHOD(lower);
QV_STR_METHOD(swapcase);
QV_STR_METHOD(title);
QV_STR_METHOD(upper);

// str_find.c
QV_STR_METHOD(count);
QV_STR_METHOD(endswith);
QV_STR_METHOD(find);
QV_STR_METHOD(index);
QV_STR_METHOD(rfind);
QV_STR_METHOD(rindex);
QV_STR_METHOD(startswith);

// str_split.c
QV_STR_METHOD(lstrip);
QV_STR_METHOD(partition);
QV_STR_METHOD(removeprefix);
QV_STR_METHOD(removesuffix);
QV_STR_METHOD(rpartition);
QV_STR_METHOD(rsplit);
QV_STR_METHOD(rstrip);
QV_STR_METHOD(split);
QV_STR_METHOD(splitlines);
QV_STR_METHOD(strip);

// str_replace.c
QV_STR_METHOD(maketrans);
QV_STR_METHOD(replace);
QV_STR_METHOD(translate);

// str_repr.c: repr slots, and the quoting they share with %a and !a.
QvObj *qv_str_repr(QvInterp *qi, QvObj *s);
// escape_single: ' is escaped inside "" too, as bytearray does.
QvObj *qv_bytes_repr_of(QvInterp *qi, const uint8_t *p, QvSsize n, const char *before,
                        const char *after, bool escape_single);
QvObj *qv_str_escape_nonascii(QvInterp *qi, QvObj *s); // what ascii() does to a repr

// str_build.c: slots
QvObj *qv_str_repeat(QvInterp *qi, QvObj *s, QvSsize n);
// TypeError "name() argument k must be str, not x" (k 0: "argument", without a number). -1.
int qv_str_arg_error(QvInterp *qi, const char *name, int k, QvObj *got);

// Place of sub in s[start:end], the first or last one; -1: there is none; -2 with an exception.
// Polls where the text is long.
QV_RUNS QvSsize qv_str_seek(QvInterp *qi, QvObj *s, QvObj *sub, QvSsize start, QvSsize end,
                            bool back);

#endif
