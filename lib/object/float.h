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
static inline bool qv_is_float(const QvObj *o) { return o->type == &qv_float_type || qv_type_is_subtype(o->type, &qv_float_type); }
static inline bool qv_is_float_exact(const QvObj *o) { return o->type == &qv_float_type; }
static inline double qv_float_value(const QvObj *o) { return ((const QvFloat *)o)->value; }
QvObj *qv_float_new(QvInterp *qi, double v);
QvObj *qv_float_parse(QvInterp *qi, const char *s, QvSsize n, QvObj *literal); // float("...") with underscores, inf, nan
QvObj *qv_float_pow(QvInterp *qi, double v, double w); // Python's rules (complex for negative ** fraction)
int qv_float_divmod(QvInterp *qi, double v, double w, double *ret_div, double *ret_mod); // ZeroDivisionError

struct QvComplex {
    QvObj h;
    double real, imag;
};
extern QvType qv_complex_type;
static inline bool qv_is_complex(const QvObj *o) { return o->type == &qv_complex_type || qv_type_is_subtype(o->type, &qv_complex_type); }
QvObj *qv_complex_new(QvInterp *qi, double re, double im);

#endif
