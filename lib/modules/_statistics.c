// SPDX-License-Identifier: MIT
// The module _statistics: the quantile function of normal distributions.
#include <math.h>

#include "modules/modules.h"
#include "object/error.h"
#include "object/float.h"
#include "object/interp.h"
#include "object/protocol.h"

// Coefficients of Wichura's algorithm AS 241 (PPND16, Applied Statistics 37, 1988), highest power
// first: rational approximations for the middle, the tails, and the far tails.
static const double middle_top[8] = {
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608};
static const double middle_bottom[8] = {
    5226.4952788528545610, 28729.085735721942674, 39307.89580009271061,  21213.794301586595867,
    5394.1960214247511077, 687.1870074920579083,  42.313330701600911252, 1.0};
static const double tail_top[8] = {7.7454501427834140764e-4, 0.0227238449892691845833,
                                   0.24178072517745061177,   1.27045825245236838258,
                                   3.64784832476320460504,   5.7694972214606914055,
                                   4.6303378461565452959,    1.42343711074968357734};
static const double tail_bottom[8] = {1.05075007164441684324e-9, 5.475938084995344946e-4,
                                      0.0151986665636164571966,  0.14810397642748007459,
                                      0.68976733498510000455,    1.6763848301838038494,
                                      2.05319162663775882187,    1.0};
static const double far_top[8] = {2.01033439929228813265e-7, 2.71155556874348757815e-5,
                                  0.0012426609473880784386,  0.026532189526576123093,
                                  0.29656057182850489123,    1.7848265399172913358,
                                  5.4637849111641143699,     6.6579046435011037772};
static const double far_bottom[8] = {2.04426310338993978564e-15, 1.4215117583164458887e-7,
                                     1.8463183175100546818e-5,   7.868691311456132591e-4,
                                     0.0148753612908506148525,   0.13692988092273580531,
                                     0.59983220655588793769,     1.0};

static double horner(const double c[8], double r)
{
    double sum = c[0];
    for (int i = 1; i < 8; i++) {
        sum = sum * r + c[i];
    }
    return sum;
}

static double quantile(double p)
{
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return horner(middle_top, r) * q / horner(middle_bottom, r);
    }
    double r = sqrt(-log(q <= 0.0 ? p : 1.0 - p));
    double x = r <= 5.0 ? horner(tail_top, r - 1.6) / horner(tail_bottom, r - 1.6)
                        : horner(far_top, r - 5.0) / horner(far_bottom, r - 5.0);
    return q < 0.0 ? -x : x;
}

static QvObj *normal_dist_inv_cdf(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    double p, mu, sigma;
    if (qv_as_double(qi, args[0], &p) < 0 || qv_as_double(qi, args[1], &mu) < 0 ||
        qv_as_double(qi, args[2], &sigma) < 0) {
        return NULL;
    }
    if (p <= 0.0 || p >= 1.0 || sigma <= 0.0) {
        return qv_raise(qi, &qv_exc_ValueError, "inv_cdf undefined for these parameters");
    }
    return qv_float_new(qi, mu + quantile(p) * sigma);
}

static const QvNativeDef functions[] = {
    {"_normal_dist_inv_cdf", normal_dist_inv_cdf, "($module, p, mu, sigma, /)", NULL},
    {0},
};

const QvModuleDef qv_module__statistics = {
    .name = "_statistics",
    .doc = "Accelerators for the statistics module.\n",
    .functions = functions,
};
