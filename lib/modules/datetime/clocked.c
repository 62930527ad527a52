// SPDX-License-Identifier: MIT
// What datetime.time and datetime.datetime have alike: a time of day, and perhaps a zone.
#include "modules/datetime/datetime.h"
#include "object/int.h"

const QvClock *qv_clocked_at(QvObj *o)
{
    return qv_is_stamp(o) ? &qv_as_stamp(o)->at : &qv_as_day_time(o)->at;
}

QvObj *qv_clocked_tz(QvObj *o, QvObj **ret_dt)
{
    bool stamp = qv_is_stamp(o);
    *ret_dt = stamp ? o : QV_NONE;
    return stamp ? qv_as_stamp(o)->tz : qv_as_day_time(o)->tz;
}

QvObj *qv_clocked_utcoffset(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *dt, *ret, *tz = qv_clocked_tz(self, &dt);
    int known = qv_tz_offset(qi, tz, dt, &ret);
    return known > 0 ? ret : known < 0 ? NULL : QV_NONE;
}

QvObj *qv_clocked_dst(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *dt, *ret, *tz = qv_clocked_tz(self, &dt);
    int known = qv_tz_dst(qi, tz, dt, &ret);
    return known > 0 ? ret : known < 0 ? NULL : QV_NONE;
}

QvObj *qv_clocked_tzname(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *dt, *tz = qv_clocked_tz(self, &dt);
    return qv_tz_name(qi, tz, dt);
}

QvObj *qv_clocked_hour(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, qv_clocked_at(o)->hour);
}
QvObj *qv_clocked_minute(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, qv_clocked_at(o)->minute);
}
QvObj *qv_clocked_second(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, qv_clocked_at(o)->second);
}
QvObj *qv_clocked_us(QvInterp *qi, QvObj *o) { return qv_int_from_i64(qi, qv_clocked_at(o)->us); }
QvObj *qv_clocked_fold(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, qv_clocked_at(o)->fold);
}
QvObj *qv_clocked_tzinfo(QvInterp *qi, QvObj *o)
{
    QvObj *dt, *tz = qv_clocked_tz(o, &dt);
    return tz ? qv_new_ref(qi, tz) : QV_NONE;
}
