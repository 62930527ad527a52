// SPDX-License-Identifier: MIT
// float and complex.
#ifndef QV_OBJECT_FLOAT_H
#define QV_OBJECT_FLOAT_H

#include "object/object.h"
#include "object/type.h"

struct QvFloat {
    QvObj h;
    double value;
};
extern QvType qv_float_type;
static inline bool qv_is_float(const QvObj *o)
{
    return o->type == &qv_float_type || qv_type_is_subtype(o->type, &qv_float_type);
}
static inline bool qv_is_float_exact(const QvObj *o) { return o->type == &qv_float_type; }
static inline double qv_float_value(const QvObj *o) { return ((const QvFloat *)o)->value; }
QvObj *qv_float_new(QvInterp *qi, double v);
QvObj *qv_float_parse(QvInterp *qi, const char *s, QvSsize n, QvObj *literal); // float("...") with
                                                                               // underscores, inf,
                                                                               // nan
QvObj *qv_float_pow(QvInterp *qi, double v, double w); // Python's rules (complex for negative **
                                                       // fraction)
// Methods of float that live in float_text.c: __round__ with digits, hex, fromhex.
QvObj *qv_float_round_digits(QvInterp *qi, double v, QvObj *ndigits);
QvObj *qv_float_hex(QvInterp *qi, double v);
int qv_float_from_hex(QvInterp *qi, QvObj *text, double *ret); // ValueError, OverflowError
// Text of a number without the underscores that may stand between two digits: 1 *ret_block (n + 1
// bytes, qv_free) has it, 0 there were none, -1 MemoryError, -2 badly placed.
int qv_float_strip_underscores(QvInterp *qi, const char *s, QvSsize n, char **ret_block,
                               QvSsize *ret_n);
// A text of numbers (without underscores) that is longer than QV_FLOAT_LONG, as one of the same
// value to qv_num_scan_double that is not long. 0; 1: it is no number, nor two; -1: a stop.
#define QV_FLOAT_LONG      65536
#define QV_FLOAT_SHORT_MAX 4096
int qv_float_shorten(QvInterp *qi, const char *s, QvSsize n, char ret[QV_FLOAT_SHORT_MAX],
                     QvSsize *ret_n);
int qv_float_divmod(QvInterp *qi, double v, double w, double *ret_div,
                    double *ret_mod); // ZeroDivisionError

struct QvComplex {
    QvObj h;
    double real, imag;
};
extern QvType qv_complex_type;
static inline bool qv_is_complex(const QvObj *o)
{
    return o->type == &qv_complex_type || qv_type_is_subtype(o->type, &qv_complex_type);
}
QvObj *qv_complex_new(QvInterp *qi, double re, double im);
QvObj *qv_complex_pow(QvInterp *qi, double a_re, double a_im, double b_re,
                      double b_im); // a ** b; ZeroDivisionError, OverflowError

#endif
