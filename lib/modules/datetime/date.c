// SPDX-License-Identifier: MIT
// datetime.date.
#include <stdio.h>

#include "modules/datetime/datetime.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"

static const char *const day_names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// ---- making -------------------------------------------------------------------------------------

// Of any class, without a call of it; the parts are checked.
static QvObj *date_make(QvInterp *qi, QvType *type, int year, int month, int day)
{
    if (qv_dt_check_date(qi, year, month, day) < 0) {
        return NULL;
    }
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        QvDate *d = qv_as_date(o);
        d->year = (int16_t)year;
        d->month = (int8_t)month;
        d->day = (int8_t)day;
    }
    return o;
}

QvObj *qv_date_of(QvInterp *qi, QvType *cls, int year, int month, int day)
{
    if (cls == &qv_datetime_date_type) {
        return date_make(qi, cls, year, month, day);
    }
    if (qv_dt_check_date(qi, year, month, day) < 0) {
        return NULL;
    }
    if (cls == &qv_datetime_datetime_type) {
        return qv_stamp_of(qi, cls, year, month, day, &(QvClock){0}, NULL);
    }
    QvObj *args[] = {qv_int_from_i64(qi, year), qv_int_from_i64(qi, month),
                     qv_int_from_i64(qi, day)};
    return qv_dt_make(qi, (QvObj *)cls, args, 3);
}

static QvObj *date_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    QvObj *slots[3];
    uint8_t room[QV_STATE_DATE];
    const uint8_t *state = nargs == 1 && !kwnames ? qv_dt_state(args[0], QV_STATE_DATE, room)
                                                  : NULL;
    if (state && state[2] >= 1 && state[2] <= 12) {
        QvObj *o = qv_obj_new(qi, type);
        if (o) {
            qv_as_date(o)->year = (int16_t)(state[0] << 8 | state[1]);
            qv_as_date(o)->month = (int8_t)state[2];
            qv_as_date(o)->day = (int8_t)state[3];
        }
        return o;
    }
    int year = 0, month = 0, day = 0;
    return qv_args(qi, "(year, month, day)", args, nargs, kwnames, slots) < 0 ||
                   qv_dt_int(qi, slots[0], &year) < 0 || qv_dt_int(qi, slots[1], &month) < 0 ||
                   qv_dt_int(qi, slots[2], &day) < 0
               ? NULL
               : date_make(qi, type, year, month, day);
}

static QvObj *date_fromtimestamp(QvInterp *qi, QvObj *cls, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int64_t s;
    struct tm tm;
    if (qv_dt_timestamp_floor(qi, args[0], &s) < 0 || qv_dt_broken_down(qi, s, true, &tm) < 0) {
        return NULL;
    }
    return qv_date_of(qi, (QvType *)cls, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

static QvObj *date_today(QvInterp *qi, QvObj *cls, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *time = qv_import(qi, "time");
    QvObj *now = time ? qv_call_method0(qi, time, QV_N(time)) : NULL;
    QvObj *ret = now ? qv_call_method1(qi, cls, QV_N(fromtimestamp), now) : NULL;
    qv_xdecref(qi, time);
    qv_xdecref(qi, now);
    return ret;
}

static QvObj *date_fromordinal(QvInterp *qi, QvObj *cls, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int ordinal = 0, year, month, day;
    if (qv_dt_int(qi, args[0], &ordinal) < 0) {
        return NULL;
    }
    if (ordinal < 1) {
        return qv_raise(qi, &qv_exc_ValueError, "ordinal must be >= 1");
    }
    qv_civil_from_ordinal(ordinal, &year, &month, &day);
    return qv_date_of(qi, (QvType *)cls, year, month, day);
}

static QvObj *date_fromisoformat(QvInterp *qi, QvObj *cls, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int year, month, day;
    QvObj *o = args[0];
    if (!qv_is_str(o)) {
        return qv_raise(qi, &qv_exc_TypeError, "fromisoformat: argument must be str");
    }
    if (!qv_str_is_ascii(o) ||
        qv_iso_parse_date(qv_str_data(o), qv_str_len(o), &year, &month, &day) < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "Invalid isoformat string: %R", o);
    }
    return qv_date_of(qi, (QvType *)cls, year, month, day);
}

static QvObj *date_fromisocalendar(QvInterp *qi, QvObj *cls, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int given[3] = {0}, year, month, day;
    for (int k = 0; k < 3; k++) {
        if (qv_dt_int(qi, args[k], &given[k]) < 0) {
            if (qv_err_matches(qi, &qv_exc_OverflowError)) {
                qv_err_clear(qi);
                qv_raise(qi, &qv_exc_ValueError, "ISO calendar component out of range");
            }
            return NULL;
        }
    }
    if (given[0] < QV_MINYEAR || given[0] > QV_MAXYEAR) {
        return qv_raise(qi, &qv_exc_ValueError, "Year is out of range: %d", given[0]);
    }
    switch (qv_iso_week_date(given[0], given[1], given[2], &year, &month, &day)) {
    case -1: return qv_raise(qi, &qv_exc_ValueError, "Invalid week: %d", given[1]);
    case -2: return qv_raise(qi, &qv_exc_ValueError, "Invalid day: %d (range is [1, 7])", given[2]);
    default: return qv_date_of(qi, (QvType *)cls, year, month, day);
    }
}

// ---- arithmetic and comparing -------------------------------------------------------------------

bool qv_date_shift(const QvDate *d, int days, int *ret_year, int *ret_month, int *ret_day)
{
    *ret_year = d->year;
    *ret_month = d->month;
    *ret_day = d->day + days;
    if (*ret_day >= 1 && *ret_day <= 28) { // the same month, whichever
        return true;
    }
    int ordinal = qv_date_ordinal(d) + days;
    if (ordinal < 1 || ordinal > QV_MAX_ORDINAL) {
        return false;
    }
    qv_civil_from_ordinal(ordinal, ret_year, ret_month, ret_day);
    return true;
}

static QvObj *date_shift(QvInterp *qi, QvObj *date, QvObj *delta, int sign)
{
    int year, month, day;
    return qv_date_shift(qv_as_date(date), sign * qv_as_delta(delta)->days, &year, &month, &day)
               ? qv_date_of(qi, date->type, year, month, day)
               : qv_raise(qi, &qv_exc_OverflowError, "date value out of range");
}

static QvObj *date_add(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (qv_is_date(v) && qv_is_delta(w)) {
        return date_shift(qi, v, w, 1);
    }
    return qv_is_delta(v) && qv_is_date(w) ? date_shift(qi, w, v, 1) : QV_NOTIMPLEMENTED;
}

static QvObj *date_sub(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_date(v) || qv_is_stamp(v) || qv_is_stamp(w)) {
        return QV_NOTIMPLEMENTED;
    }
    if (qv_is_delta(w)) {
        return date_shift(qi, v, w, -1);
    }
    return qv_is_date(w)
               ? qv_delta_new(qi, qv_date_ordinal(qv_as_date(v)) - qv_date_ordinal(qv_as_date(w)),
                              0, 0)
               : QV_NOTIMPLEMENTED;
}

static QvObj *date_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    (void)qi;
    if (!qv_is_date(w)) {
        return QV_NOTIMPLEMENTED;
    }
    QvDate *a = qv_as_date(v), *b = qv_as_date(w);
    int order = a->year != b->year     ? a->year - b->year
                : a->month != b->month ? a->month - b->month
                                       : a->day - b->day;
    return qv_dt_order(order, op);
}

static QvHash date_hash(QvInterp *qi, QvObj *o)
{
    (void)qi;
    uint8_t state[QV_STATE_DATE];
    qv_date_state(qv_as_date(o), state);
    return qv_dt_hash(state, sizeof state);
}

// ---- text ---------------------------------------------------------------------------------------

static QvObj *date_repr(QvInterp *qi, QvObj *o)
{
    QvDate *d = qv_as_date(o);
    return qv_str_format(qi, "%T(%d, %d, %d)", o, d->year, d->month, d->day);
}

static QvObj *date_isoformat(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvDate *d = qv_as_date(self);
    char text[32];
    int n = snprintf(text, sizeof text, "%04d-%02d-%02d", d->year, d->month, d->day);
    return qv_str_new_ascii(qi, text, n);
}

static QvObj *date_str(QvInterp *qi, QvObj *o) { return qv_call_method0(qi, o, QV_N(isoformat)); }

QvObj *qv_date_ctime(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvDate *d = qv_as_date(self);
    QvClock at = qv_is_stamp(self) ? qv_as_stamp(self)->at : (QvClock){0};
    char text[64];
    int n = snprintf(text, sizeof text, "%s %s %2d %02d:%02d:%02d %04d",
                     day_names[qv_civil_weekday(qv_date_ordinal(d))], month_names[d->month - 1],
                     d->day, at.hour, at.minute, at.second, d->year);
    return qv_str_new_ascii(qi, text, n);
}

static QvObj *date_strftime(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *tuple = qv_call_method0(qi, self, QV_N(timetuple));
    QvObj *ret = tuple ? qv_dt_strftime(qi, self, args[0], tuple) : NULL;
    qv_xdecref(qi, tuple);
    return ret;
}

static QvObj *date_format(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_dt_format(qi, self, args[0]);
}

// ---- parts --------------------------------------------------------------------------------------

static QvObj *date_toordinal(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_int_from_i64(qi, qv_date_ordinal(qv_as_date(self)));
}

static QvObj *date_weekday(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_int_from_i64(qi, qv_civil_weekday(qv_date_ordinal(qv_as_date(self))));
}

static QvObj *date_isoweekday(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_int_from_i64(qi, qv_civil_weekday(qv_date_ordinal(qv_as_date(self))) + 1);
}

static QvObj *date_isocalendar(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    int year, week, ordinal = qv_date_ordinal(qv_as_date(self));
    qv_civil_iso(ordinal, &year, &week);
    QvObj *parts[] = {qv_int_from_i64(qi, year), qv_int_from_i64(qi, week),
                      qv_int_from_i64(qi, qv_civil_weekday(ordinal) + 1)};
    return qv_dt_make(qi, (QvObj *)&qv_datetime_isocalendar_type, parts, 3);
}

static QvObj *date_timetuple(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvDate *d = qv_as_date(self);
    return qv_dt_time_tuple(qi, d->year, d->month, d->day, &(QvClock){0}, -1);
}

static QvObj *date_replace(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvDate *d = qv_as_date(self);
    int year = d->year, month = d->month, day = d->day;
    return qv_dt_int(qi, args[0], &year) < 0 || qv_dt_int(qi, args[1], &month) < 0 ||
                   qv_dt_int(qi, args[2], &day) < 0
               ? NULL
               : date_make(qi, self->type, year, month, day);
}

static QvObj *date_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    uint8_t bytes[QV_STATE_DATE];
    qv_date_state(qv_as_date(self), bytes);
    return qv_dt_reduce(qi, self, bytes, sizeof bytes, NULL);
}

static QvObj *get_year(QvInterp *qi, QvObj *o) { return qv_int_from_i64(qi, qv_as_date(o)->year); }
static QvObj *get_month(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, qv_as_date(o)->month);
}
static QvObj *get_day(QvInterp *qi, QvObj *o) { return qv_int_from_i64(qi, qv_as_date(o)->day); }

static QV_SEALED QvDate date_min = {
    .h = QV_STATIC_HEADER(&qv_datetime_date_type), .year = 1, .month = 1, .day = 1};
static QV_SEALED QvDate date_max = {
    .h = QV_STATIC_HEADER(&qv_datetime_date_type), .year = 9999, .month = 12, .day = 31};
static QV_SEALED QvDelta date_resolution = {.h = QV_STATIC_HEADER(&qv_datetime_timedelta_type),
                                            .days = 1};

static QvObj *get_min(QvInterp *qi, QvObj *type)
{
    (void)qi, (void)type;
    return &date_min.h;
}
static QvObj *get_max(QvInterp *qi, QvObj *type)
{
    (void)qi, (void)type;
    return &date_max.h;
}
static QvObj *get_resolution(QvInterp *qi, QvObj *type)
{
    (void)qi, (void)type;
    return &date_resolution.h;
}

static const QvNativeDef methods[] = {
    {"fromtimestamp", date_fromtimestamp, "($type, timestamp, /)",
     "Create a date from a POSIX timestamp.\n\n"
     "The timestamp is a number, e.g. created via time.time(), that is interpreted\n"
     "as local time."},
    {"fromordinal", date_fromordinal, "($type, ordinal, /)",
     "int -> date corresponding to a proleptic Gregorian ordinal."},
    {"fromisoformat", date_fromisoformat, "($type, string, /)",
     "str -> Construct a date from a string in ISO 8601 format."},
    {"fromisocalendar", date_fromisocalendar, "($type, year, week, day)",
     "int, int, int -> Construct a date from the ISO year, week number and weekday.\n\n"
     "This is the inverse of the function date.isocalendar()"},
    {"today", date_today, "($type, /)",
     "Current date or datetime:  same as self.__class__.fromtimestamp(time.time())."},
    {"ctime", qv_date_ctime, "($self, /)", "Return ctime() style string."},
    {"strftime", date_strftime, "($self, format)", "format -> strftime() style string."},
    {"__format__", date_format, "($self, format_spec, /)", "Formats self with strftime."},
    {"isoformat", date_isoformat, "($self, /)", "Return string in ISO 8601 format, YYYY-MM-DD."},
    {"isoweekday", date_isoweekday, "($self, /)",
     "Return the day of the week represented by the date.\nMonday == 1 ... Sunday == 7"},
    {"isocalendar", date_isocalendar, "($self, /)",
     "Return a named tuple containing ISO year, week number, and weekday."},
    {"toordinal", date_toordinal, "($self, /)",
     "Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1."},
    {"weekday", date_weekday, "($self, /)",
     "Return the day of the week represented by the date.\nMonday == 0 ... Sunday == 6"},
    {"timetuple", date_timetuple, "($self, /)",
     "Return time tuple, compatible with time.localtime()."},
    {"replace", date_replace, "($self, year=None, month=None, day=None)",
     "Return date with new specified fields."},
    {"__reduce__", date_reduce, "($self, /)", "__reduce__() -> (cls, state)"},
    {0},
};

static const QvGetSet getsets[] = {
    {"year", get_year, NULL, NULL, false},
    {"month", get_month, NULL, NULL, false},
    {"day", get_day, NULL, NULL, false},
    {"min", get_min, NULL, NULL, true},
    {"max", get_max, NULL, NULL, true},
    {"resolution", get_resolution, NULL, NULL, true},
    {0},
};

QV_SEALED QvType qv_datetime_date_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "datetime.date",
    .id = QV_TID_datetime_date,
    .flags = QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(QvDate),
    .doc = "date(year, month, day) --> date object",
    .methods = methods,
    .getsets = getsets,
    .new_ = date_new,
    .repr = date_repr,
    .str = date_str,
    .hash = date_hash,
    .richcmp = date_richcmp,
    .add = date_add,
    .sub = date_sub,
};

// ---- what isocalendar() returns -----------------------------------------------------------------

static QvObj *iso_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[3];
    if (qv_args(qi, "IsoCalendarDate(year, week, weekday)", args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    QvObj *plain = qv_tuple_from_array(qi, slots, 3);
    QvObj *ret = plain ? qv_tuple_type.new_(qi, type, &plain, 1, NULL) : NULL;
    qv_xdecref(qi, plain);
    return ret;
}

static QvObj *iso_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "%T(year=%S, week=%S, weekday=%S)", o, qv_tuple_peek(o, 0),
                         qv_tuple_peek(o, 1), qv_tuple_peek(o, 2));
}

static QvObj *iso_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *plain = qv_tuple_from_array(qi, qv_tuple_items(self), 3);
    QvObj *inner = plain ? qv_tuple_of(qi, 1, plain) : NULL;
    QvObj *ret = inner ? qv_tuple_of(qi, 2, &qv_tuple_type, inner) : NULL;
    qv_xdecref(qi, plain);
    qv_xdecref(qi, inner);
    return ret;
}

static QvObj *iso_year(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, qv_tuple_peek(o, 0)); }
static QvObj *iso_week(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, qv_tuple_peek(o, 1)); }
static QvObj *iso_weekday(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, qv_tuple_peek(o, 2)); }

static const QvNativeDef iso_methods[] = {
    {"__reduce__", iso_reduce, "($self, /)", NULL},
    {0},
};

static const QvGetSet iso_getsets[] = {
    {"year", iso_year, NULL, NULL, false},
    {"week", iso_week, NULL, NULL, false},
    {"weekday", iso_weekday, NULL, NULL, false},
    {0},
};

QV_SEALED QvType qv_datetime_isocalendar_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "datetime.IsoCalendarDate",
    .id = QV_TID_datetime_isocalendar,
    .flags = QV_T_GC | QV_T_VAR | QV_T_TUPLE | QV_T_SEQUENCE,
    .base = &qv_tuple_type,
    .size = sizeof(QvTuple),
    .doc = "The result of date.isocalendar() or datetime.isocalendar()\n\n"
           "This object may be accessed either as a tuple of\n"
           "  ((year, week, weekday))\n"
           "or via the object attributes as named in the above tuple.",
    .methods = iso_methods,
    .getsets = iso_getsets,
    .new_ = iso_new,
    .dealloc = qv_obj_dealloc,
    .repr = iso_repr,
};
