// SPDX-License-Identifier: MIT
// datetime.tzinfo and datetime.timezone, and what zones are asked.
#include <stdio.h>

#include "modules/datetime/datetime.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"

static QvZone *as_zone(QvObj *o) { return (QvZone *)o; }
static bool is_zone(const QvObj *o) { return o->type == &qv_datetime_timezone_type; }

// Less than a day, either way?
static bool offset_fits(const QvDelta *d)
{
    return d->days == 0 || (d->days == -1 && (d->seconds > 0 || d->us > 0));
}

// ---- what zones are asked -----------------------------------------------------------------------

static int ask_offset(QvInterp *qi, QvObj *tz, QvObj *dt, QvObj *name, QvObj **ret)
{
    *ret = NULL;
    if (!tz) {
        return 0;
    }
    QvObj *x = qv_call_method1(qi, tz, name, dt);
    if (!x || x == QV_NONE) {
        return x ? 0 : -1;
    }
    if (!qv_is_delta(x)) {
        qv_raise(qi, &qv_exc_TypeError, "tzinfo.%U() must return None or a timedelta, not '%T'",
                 name, x);
    } else if (!offset_fits(qv_as_delta(x))) {
        qv_raise(qi, &qv_exc_ValueError,
                 "offset must be a timedelta strictly between -timedelta(hours=24) and "
                 "timedelta(hours=24).");
    } else {
        *ret = x;
        return 1;
    }
    qv_decref(qi, x);
    return -1;
}

int qv_tz_offset(QvInterp *qi, QvObj *tz, QvObj *dt, QvObj **ret)
{
    if (tz && is_zone(tz)) {
        *ret = qv_new_ref(qi, as_zone(tz)->offset);
        return 1;
    }
    return ask_offset(qi, tz, dt, QV_N(utcoffset), ret);
}

int qv_tz_dst(QvInterp *qi, QvObj *tz, QvObj *dt, QvObj **ret)
{
    return ask_offset(qi, tz, dt, QV_N(dst), ret);
}

QvObj *qv_tz_name(QvInterp *qi, QvObj *tz, QvObj *dt)
{
    if (!tz) {
        return QV_NONE;
    }
    QvObj *x = qv_call_method1(qi, tz, QV_N(tzname), dt);
    if (x && x != QV_NONE && !qv_is_str(x)) {
        qv_raise(qi, &qv_exc_TypeError, "tzinfo.tzname() must return None or a string, not '%T'",
                 x);
        qv_decref(qi, x);
        return NULL;
    }
    return x;
}

int qv_dt_offset_text(char *text, QvObj *delta, const char *separator)
{
    QvDelta *d = qv_as_delta(delta);
    int64_t us = (int64_t)qv_delta_us(d); // less than a day
    char sign = us < 0 ? '-' : '+';
    us = us < 0 ? -us : us;
    int s = (int)(us / QV_US_PER_S), fraction = (int)(us % QV_US_PER_S);
    int n = snprintf(text, QV_OFFSET_TEXT, "%c%02d%s%02d", sign, s / 3600, separator, s / 60 % 60);
    if (s % 60 || fraction) {
        n += snprintf(text + n, QV_OFFSET_TEXT - (size_t)n, "%s%02d", separator, s % 60);
    }
    if (fraction) {
        n += snprintf(text + n, QV_OFFSET_TEXT - (size_t)n, ".%06d", fraction);
    }
    return n;
}

// ---- tzinfo -------------------------------------------------------------------------------------

static QvObj *tzinfo_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames; // they are for a subclass's __init__
    return qv_obj_new(qi, type);
}

static QvObj *not_implemented(QvInterp *qi, const char *name)
{
    return qv_raise(qi, &qv_exc_NotImplementedError, "a tzinfo subclass must implement %s()", name);
}

static QvObj *tzinfo_utcoffset(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self, (void)args, (void)nargs;
    return not_implemented(qi, "utcoffset");
}

static QvObj *tzinfo_dst(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self, (void)args, (void)nargs;
    return not_implemented(qi, "dst");
}

static QvObj *tzinfo_tzname(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self, (void)args, (void)nargs;
    return not_implemented(qi, "tzname");
}

// Has found what dst() tells of dt where it may not be None; NULL with ValueError.
static QvObj *need_dst(QvInterp *qi, QvObj *tz, QvObj *dt, const char *otherwise)
{
    QvObj *dst = NULL;
    if (qv_tz_dst(qi, tz, dt, &dst) == 0) {
        qv_raise(qi, &qv_exc_ValueError, "%s", otherwise);
    }
    return dst;
}

// The standard offset is what is left of the whole one without dst; whether dst is in force is then
// asked again of the standard time.
static QvObj *tzinfo_fromutc(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *dt = args[0], *offset, *ret = NULL;
    if (!qv_is_stamp(dt)) {
        return qv_raise(qi, &qv_exc_TypeError, "fromutc: argument must be a datetime");
    }
    if (qv_as_stamp(dt)->tz != self) {
        return qv_raise(qi, &qv_exc_ValueError, "fromutc: dt.tzinfo is not self");
    }
    int known = qv_tz_offset(qi, self, dt, &offset);
    if (known <= 0) {
        return known < 0 ? NULL
                         : qv_raise(qi, &qv_exc_ValueError,
                                    "fromutc: non-None utcoffset() result required");
    }
    QvObj *dst = need_dst(qi, self, dt, "fromutc: non-None dst() result required");
    QvObj *standard = dst ? qv_delta_sub(qi, offset, dst) : NULL;
    QvObj *local = standard ? qv_stamp_shift(qi, dt, standard, 1) : NULL;
    QvObj *now = local ? need_dst(qi, self, local,
                                  "fromutc: tz.dst() gave inconsistent results; cannot convert")
                       : NULL;
    if (now) {
        ret = qv_delta_is_zero(qv_as_delta(now)) ? qv_new_ref(qi, local)
                                                 : qv_stamp_shift(qi, local, now, 1);
    }
    qv_decref(qi, offset);
    qv_xdecref(qi, dst);
    qv_xdecref(qi, standard);
    qv_xdecref(qi, local);
    qv_xdecref(qi, now);
    return ret;
}

static QvObj *tzinfo_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *method, *inner = QV_EMPTY_TUPLE;
    int found = qv_getattr_try(qi, self, QV_N(__getinitargs__), &method);
    if (found < 0) {
        return NULL;
    }
    if (found) {
        inner = qv_call0(qi, method);
        qv_decref(qi, method);
    }
    QvObj *state = inner ? qv_call_method0(qi, self, QV_N(__getstate__)) : NULL;
    QvObj *ret = state ? qv_tuple_of(qi, 3, self->type, inner, state) : NULL;
    qv_xdecref(qi, inner);
    qv_xdecref(qi, state);
    return ret;
}

static const QvNativeDef tzinfo_methods[] = {
    {"tzname", tzinfo_tzname, "($self, dt, /)", "datetime -> string name of time zone."},
    {"utcoffset", tzinfo_utcoffset, "($self, dt, /)",
     "datetime -> timedelta showing offset from UTC, negative values indicating West of UTC"},
    {"dst", tzinfo_dst, "($self, dt, /)",
     "datetime -> DST offset as timedelta positive east of UTC."},
    {"fromutc", tzinfo_fromutc, "($self, dt, /)", "datetime in UTC -> datetime in local time."},
    {"__reduce__", tzinfo_reduce, "($self, /)", "-> (cls, state)"},
    {0},
};

QV_SEALED QvType qv_datetime_tzinfo_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "datetime.tzinfo",
    .id = QV_TID_datetime_tzinfo,
    .flags = QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(QvObj),
    .doc = "Abstract base class for time zone info objects.",
    .methods = tzinfo_methods,
    .new_ = tzinfo_new,
};

// ---- timezone -----------------------------------------------------------------------------------

static QV_SEALED QvDelta zero = {.h = QV_STATIC_HEADER(&qv_datetime_timedelta_type)};
static QV_SEALED QvDelta least = {
    .h = QV_STATIC_HEADER(&qv_datetime_timedelta_type), .days = -1, .seconds = 60};
static QV_SEALED QvDelta greatest = {.h = QV_STATIC_HEADER(&qv_datetime_timedelta_type),
                                     .seconds = QV_S_PER_DAY - 60};
QV_SEALED QvZone qv_zone_utc = {.h = QV_STATIC_HEADER(&qv_datetime_timezone_type),
                                .offset = &zero.h};
static QV_SEALED QvZone zone_min = {.h = QV_STATIC_HEADER(&qv_datetime_timezone_type),
                                    .offset = &least.h};
static QV_SEALED QvZone zone_max = {.h = QV_STATIC_HEADER(&qv_datetime_timezone_type),
                                    .offset = &greatest.h};

QvObj *qv_zone_new(QvInterp *qi, QvObj *offset, QvObj *name)
{
    if (!name && qv_delta_is_zero(qv_as_delta(offset))) {
        return &qv_zone_utc.h;
    }
    if (!offset_fits(qv_as_delta(offset))) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "offset must be a timedelta strictly between -timedelta(hours=24) and "
                        "timedelta(hours=24), not %R.",
                        offset);
    }
    QvObj *o = qv_obj_new(qi, &qv_datetime_timezone_type);
    if (o) {
        as_zone(o)->offset = qv_new_ref(qi, offset);
        as_zone(o)->name = name ? qv_new_ref(qi, name) : NULL;
    }
    return o;
}

static QvObj *zone_make(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    (void)type; // it has no subclasses
    QvObj *slots[2];
    if (qv_args(qi, "timezone(offset, name=None)", args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    if (!qv_is_delta(slots[0])) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "timezone() argument 1 must be datetime.timedelta, not %s",
                        qv_dt_type_name(slots[0]));
    }
    if (slots[1] && !qv_is_str(slots[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "timezone() argument 2 must be str, not %s",
                        qv_dt_type_name(slots[1]));
    }
    return qv_zone_new(qi, slots[0], slots[1]);
}

static void zone_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_zone(o)->offset);
    qv_clear(qi, &as_zone(o)->name);
}

// 0, or -1 when a method's argument is neither a datetime nor None.
static int check_argument(QvInterp *qi, QvObj *dt, const char *method)
{
    return dt == QV_NONE || qv_is_stamp(dt)
               ? 0
               : qv_raise_int(qi, &qv_exc_TypeError,
                              "%s(dt) argument must be a datetime instance or None, not %T", method,
                              dt);
}

static QvObj *zone_utcoffset(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return check_argument(qi, args[0], "utcoffset") < 0 ? NULL
                                                        : qv_new_ref(qi, as_zone(self)->offset);
}

static QvObj *zone_dst(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self, (void)nargs;
    return check_argument(qi, args[0], "dst") < 0 ? NULL : QV_NONE;
}

static QvObj *zone_str(QvInterp *qi, QvObj *o)
{
    QvZone *z = as_zone(o);
    if (z->name) {
        return qv_new_ref(qi, z->name);
    }
    if (qv_delta_is_zero(qv_as_delta(z->offset))) {
        return qv_str_new_ascii(qi, "UTC", 3);
    }
    char text[QV_OFFSET_TEXT];
    qv_dt_offset_text(text, z->offset, ":");
    return qv_str_format(qi, "UTC%s", text);
}

static QvObj *zone_tzname(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return check_argument(qi, args[0], "tzname") < 0 ? NULL : zone_str(qi, self);
}

static QvObj *zone_fromutc(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_stamp(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "fromutc: argument must be a datetime instance");
    }
    if (qv_as_stamp(args[0])->tz != self) {
        return qv_raise(qi, &qv_exc_ValueError, "fromutc: dt.tzinfo is not self");
    }
    return qv_stamp_shift(qi, args[0], as_zone(self)->offset, 1);
}

static QvObj *zone_getinitargs(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvZone *z = as_zone(self);
    return z->name ? qv_tuple_of(qi, 2, z->offset, z->name) : qv_tuple_of(qi, 1, z->offset);
}

static QvObj *zone_repr(QvInterp *qi, QvObj *o)
{
    QvZone *z = as_zone(o);
    if (z == &qv_zone_utc) {
        return qv_str_new_cstr(qi, "datetime.timezone.utc");
    }
    return z->name ? qv_str_format(qi, "%T(%R, %R)", o, z->offset, z->name)
                   : qv_str_format(qi, "%T(%R)", o, z->offset);
}

static QvObj *zone_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    return (op == QV_EQ || op == QV_NE) && is_zone(w)
               ? qv_datetime_timedelta_type.richcmp(qi, as_zone(v)->offset, as_zone(w)->offset, op)
               : QV_NOTIMPLEMENTED;
}

static QvHash zone_hash(QvInterp *qi, QvObj *o)
{
    return qv_datetime_timedelta_type.hash(qi, as_zone(o)->offset);
}

static QvObj *get_utc(QvInterp *qi, QvObj *type)
{
    (void)qi, (void)type;
    return &qv_zone_utc.h;
}
static QvObj *get_min(QvInterp *qi, QvObj *type)
{
    (void)qi, (void)type;
    return &zone_min.h;
}
static QvObj *get_max(QvInterp *qi, QvObj *type)
{
    (void)qi, (void)type;
    return &zone_max.h;
}

static const QvNativeDef zone_methods[] = {
    {"tzname", zone_tzname, "($self, dt, /)",
     "If name is specified when timezone is created, returns the name.  Otherwise returns offset "
     "as 'UTC(+|-)HH:MM'."},
    {"utcoffset", zone_utcoffset, "($self, dt, /)", "Return fixed offset."},
    {"dst", zone_dst, "($self, dt, /)", "Return None."},
    {"fromutc", zone_fromutc, "($self, dt, /)", "datetime in UTC -> datetime in local time."},
    {"__getinitargs__", zone_getinitargs, "($self, /)", "pickle support"},
    {0},
};

static const QvGetSet zone_getsets[] = {
    {"utc", get_utc, NULL, NULL, true},
    {"min", get_min, NULL, NULL, true},
    {"max", get_max, NULL, NULL, true},
    {0},
};

QV_SEALED QvType qv_datetime_timezone_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "datetime.timezone",
    .id = QV_TID_datetime_timezone,
    .base = &qv_datetime_tzinfo_type,
    .size = sizeof(QvZone),
    .doc = "Fixed offset from UTC implementation of tzinfo.",
    .methods = zone_methods,
    .getsets = zone_getsets,
    .new_ = zone_make,
    .fini = zone_fini,
    .repr = zone_repr,
    .str = zone_str,
    .hash = zone_hash,
    .richcmp = zone_richcmp,
};
