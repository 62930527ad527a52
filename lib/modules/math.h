// SPDX-License-Identifier: MIT
// What the files of the module math share: rows of its table.
#ifndef QV_MODULES_MATH_H
#define QV_MODULES_MATH_H

#include "object/object.h"

// math_int.c
QvObj *qv_math_gcd(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_math_lcm(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_math_isqrt(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_math_factorial(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_math_comb(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_math_perm(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
// math_sum.c
QvObj *qv_math_fsum(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_math_prod(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_math_dist(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_math_hypot(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);

#endif
