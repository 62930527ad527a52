// SPDX-License-Identifier: MIT
// Arguments and parts of dates and times, and what the types do alike.
#include "base/hash.h"
#include "modules/datetime/datetime.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/str.h"

int qv_dt_int(QvInterp *qi, QvObj *o, int *ret)
{
    int64_t v = 0;
    if (!o) {
        return 0;
    }
    QvObj *i = qv_index(qi, o);
    int fits = i ? qv_int_as_i64(i, &v) : 0;
    qv_xdecref(qi, i);
    if (!i) {
        return -1;
    }
    if (!fits || v != (int)v) {
        return qv_raise_int(qi, &qv_exc_OverflowError,
                            !fits   ? "Python int too large to convert to C long"
                            : v > 0 ? "signed integer is greater than maximum"
                                    : "signed integer is less than minimum");
    }
    *ret = (int)v;
    return 0;
}

const char *qv_dt_type_name(QvObj *o) { return o == QV_NONE ? "None" : qv_type_of(o)->name; }

int qv_dt_check_date(QvInterp *qi, int year, int month, int day)
{
    if (year < QV_MINYEAR || year > QV_MAXYEAR) {
        return qv_raise_int(qi, &qv_exc_ValueError, "year %d is out of range", year);
    }
    if (month < 1 || month > 12) {
        return qv_raise_int(qi, &qv_exc_ValueError, "month must be in 1..12");
    }
    if (day < 1 || day > qv_civil_days_in_month(year, month)) {
        return qv_raise_int(qi, &qv_exc_ValueError, "day is out of range for month");
    }
    return 0;
}

int qv_dt_check_clock(QvInterp *qi, int hour, int minute, int second, int us, int fold)
{
    const char *wrong = hour < 0 || hour > 23         ? "hour must be in 0..23"
                        : minute < 0 || minute > 59   ? "minute must be in 0..59"
                        : second < 0 || second > 59   ? "second must be in 0..59"
                        : us < 0 || us >= QV_US_PER_S ? "microsecond must be in 0..999999"
                        : fold != 0 && fold != 1      ? "fold must be either 0 or 1"
                                                      : NULL;
    return wrong ? qv_raise_int(qi, &qv_exc_ValueError, "%s", wrong) : 0;
}

int qv_dt_check_tz(QvInterp *qi, QvObj *o, QvObj **ret)
{
    if (o && o != QV_NONE && !qv_is_tz(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "tzinfo argument must be None or of a tzinfo subclass, not type '%T'",
                            o);
    }
    *ret = o == QV_NONE ? NULL : o;
    return 0;
}

QvObj *qv_dt_order(int order, QvCmpOp op)
{
    switch (op) {
    case QV_LT: return qv_bool(order < 0);
    case QV_LE: return qv_bool(order <= 0);
    case QV_EQ: return qv_bool(order == 0);
    case QV_NE: return qv_bool(order != 0);
    case QV_GT: return qv_bool(order > 0);
    default: return qv_bool(order >= 0);
    }
}

QvObj *qv_dt_cannot_compare(QvInterp *qi, QvObj *v, QvObj *w)
{
    return qv_raise(qi, &qv_exc_TypeError, "can't compare %T to %T", v, w);
}

const uint8_t *qv_dt_state(QvObj *o, QvSsize len, uint8_t *room)
{
    if (qv_is_bytes(o)) {
        return qv_bytes_len(o) == len ? qv_bytes_data(o) : NULL;
    }
    if (!qv_is_str(o) || qv_str_len(o) != len) {
        return NULL;
    }
    for (QvSsize k = 0; k < len; k++) {
        uint32_t c = qv_str_read(o, k);
        if (c > 0xFF) {
            return NULL;
        }
        room[k] = (uint8_t)c;
    }
    return room;
}

QvObj *qv_dt_make(QvInterp *qi, QvObj *cls, QvObj **args, QvSsize n)
{
    bool whole = true;
    for (QvSsize k = 0; k < n; k++) {
        whole = whole && args[k] != NULL;
    }
    QvObj *ret = whole ? qv_call(qi, cls, args, n, NULL) : NULL;
    for (QvSsize k = 0; k < n; k++) {
        qv_xdecref(qi, args[k]);
    }
    return ret;
}

void qv_date_state(const QvDate *d, uint8_t *out)
{
    out[0] = (uint8_t)(d->year >> 8);
    out[1] = (uint8_t)(d->year & 0xFF);
    out[2] = (uint8_t)d->month;
    out[3] = (uint8_t)d->day;
}

void qv_clock_state(const QvClock *at, bool with_fold, uint8_t *out)
{
    out[0] = (uint8_t)(at->hour | (with_fold && at->fold ? 0x80 : 0));
    out[1] = (uint8_t)at->minute;
    out[2] = (uint8_t)at->second;
    out[3] = (uint8_t)(at->us >> 16);
    out[4] = (uint8_t)(at->us >> 8 & 0xFF);
    out[5] = (uint8_t)(at->us & 0xFF);
}

void qv_clock_from_state(QvClock *at, const uint8_t *in)
{
    at->fold = (int8_t)(in[0] >> 7);
    at->hour = (int8_t)(in[0] & 0x7F);
    at->minute = (int8_t)in[1];
    at->second = (int8_t)in[2];
    at->us = in[3] << 16 | in[4] << 8 | in[5];
}

QvHash qv_dt_hash(const void *p, size_t n) { return qv_hash_bytes(p, n, qv_process_hash_seed()); }
