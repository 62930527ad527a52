// SPDX-License-Identifier: MIT
// Points in time and the clocks on the wall: seconds since the epoch, in UTC and as the local zone
// reads them. A local reading in a fold means two points in time, one in a gap none; which is meant
// is said by `fold` (PEP 495).
#include <errno.h>
#include <math.h>

#include "modules/datetime/datetime.h"
#include "object/float.h"
#include "object/int.h"

#define FOLD_MAX (24 * 3600) // seconds: no zone moves its clocks by more

static int out_of_range(QvInterp *qi)
{
    return qv_raise_int(qi, &qv_exc_OverflowError, "timestamp out of range for platform time_t");
}

static int seconds_of_int(QvInterp *qi, QvObj *o, int64_t *ret)
{
    QvObj *i = qv_index(qi, o);
    int fits = i ? qv_int_as_i64(i, ret) : 0;
    qv_xdecref(qi, i);
    return !i ? -1 : fits ? 0 : out_of_range(qi);
}

// The whole number that a double is, if 64 bits hold it.
static int seconds_of_double(QvInterp *qi, double whole, int64_t *ret)
{
    if (!(whole >= -0x1p63 && whole < 0x1p63)) {
        return out_of_range(qi);
    }
    *ret = (int64_t)whole;
    return 0;
}

static int no_nan(QvInterp *qi, double d)
{
    return isnan(d) ? qv_raise_int(qi, &qv_exc_ValueError, "Invalid value NaN (not a number)") : 0;
}

int qv_dt_timestamp(QvInterp *qi, QvObj *o, int64_t *ret_s, int *ret_us)
{
    *ret_us = 0;
    if (!qv_is_float(o)) {
        return seconds_of_int(qi, o, ret_s);
    }
    double whole, d = qv_float_value(o);
    if (no_nan(qi, d) < 0) {
        return -1;
    }
    double us = nearbyint(modf(d, &whole) * 1e6); // halves to even, the mode of every process
    if (us >= 1e6) {
        us -= 1e6;
        whole += 1;
    } else if (us < 0) {
        us += 1e6;
        whole -= 1;
    }
    *ret_us = (int)us;
    return seconds_of_double(qi, whole, ret_s);
}

int qv_dt_timestamp_floor(QvInterp *qi, QvObj *o, int64_t *ret_s)
{
    if (!qv_is_float(o)) {
        return seconds_of_int(qi, o, ret_s);
    }
    double d = qv_float_value(o);
    return no_nan(qi, d) < 0 ? -1 : seconds_of_double(qi, floor(d), ret_s);
}

int qv_dt_broken_down(QvInterp *qi, int64_t s, bool local, struct tm *ret)
{
    time_t t = (time_t)s;
    errno = 0;
    if (!(local ? localtime_r(&t, ret) : gmtime_r(&t, ret))) {
        qv_raise_errno(qi, errno ? errno : EINVAL, NULL, NULL);
        return -1;
    }
    return 0;
}

// What clocks in the local zone show, as if it were UTC. 0/-1
static int reading(QvInterp *qi, int64_t s, int64_t *ret)
{
    struct tm tm;
    if (qv_dt_broken_down(qi, s, true, &tm) < 0) {
        return -1;
    }
    int year = tm.tm_year + 1900;
    if (year < QV_MINYEAR || year > QV_MAXYEAR) {
        return qv_raise_int(qi, &qv_exc_ValueError, "year %d is out of range", year);
    }
    *ret = (int64_t)(qv_civil_ordinal(year, tm.tm_mon + 1, tm.tm_mday) - QV_UNIX_EPOCH) *
               QV_S_PER_DAY +
           tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
    return 0;
}

// Two offsets may be in force around a reading: that at the same number of UTC seconds, and that a
// day apart from where the first one leads. The point in time is where one of them agrees with the
// zone itself; in a gap neither does.
int qv_local_to_utc(QvInterp *qi, int64_t local_s, int fold, int64_t *ret)
{
    int64_t there, other;
    if (reading(qi, local_s, &there) < 0) {
        return -1;
    }
    int64_t first = there - local_s, second;
    int64_t u1 = local_s - first;
    if (reading(qi, u1, &there) < 0) {
        return -1;
    }
    bool u1_agrees = there == local_s;
    if (u1_agrees) { // the other one of a fold may be meant
        int64_t beside = u1 + (fold ? FOLD_MAX : -FOLD_MAX);
        if (reading(qi, beside, &other) < 0) {
            return -1;
        }
        second = other - beside;
        if (first == second) {
            *ret = u1;
            return 0;
        }
    } else {
        second = there - u1;
    }
    int64_t u2 = local_s - second;
    if (reading(qi, u2, &other) < 0) {
        return -1;
    }
    *ret = other == local_s ? u2
           : u1_agrees      ? u1
           : fold           ? (u1 < u2 ? u1 : u2)
                            : (u1 > u2 ? u1 : u2);
    return 0;
}

int qv_local_is_fold(QvInterp *qi, int64_t s, int64_t local_s)
{
    int64_t before = 0;
    if (reading(qi, s - FOLD_MAX, &before) < 0) {
        return -1;
    }
    int64_t jump = local_s - before - FOLD_MAX;
    if (jump >= 0) {
        return 0;
    }
    return reading(qi, s + jump, &before) < 0 ? -1 : before == local_s;
}

QvObj *qv_local_zone(QvInterp *qi, int64_t s)
{
    struct tm tm;
    if (qv_dt_broken_down(qi, s, true, &tm) < 0) {
        return NULL;
    }
    QvObj *offset = qv_delta_new(qi, 0, tm.tm_gmtoff, 0);
    QvObj *name = offset ? qv_time_zone_name(qi, &tm) : NULL;
    QvObj *ret = name ? qv_zone_new(qi, offset, name) : NULL;
    qv_xdecref(qi, offset);
    qv_xdecref(qi, name);
    return ret;
}
