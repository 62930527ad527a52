// SPDX-License-Identifier: MIT
// What the files of the module _datetime share. Private to modules/datetime/.
//
// The layouts: a datetime extends a date, so that it can be used as one. Constants of the classes
// (date.min, timezone.utc ...) are sealed objects, shared by all interpreters: nothing is cached in
// an immortal object.
#ifndef QV_MODULES_DATETIME_DATETIME_H
#define QV_MODULES_DATETIME_DATETIME_H

#include <time.h>

#include "modules/datetime/civil.h"
#include "modules/modules.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/type_ids.h"

#define QV_US_PER_S    1000000
#define QV_S_PER_DAY   86400
#define QV_US_PER_DAY  ((int64_t)QV_S_PER_DAY * QV_US_PER_S)
#define QV_DELTA_DAYS  999999999 // greatest magnitude
#define QV_STATE_DATE  4         // bytes of what __reduce__ gives
#define QV_STATE_TIME  6
#define QV_STATE_STAMP 10

typedef struct QvDelta { // timedelta; normalised
    QvObj h;
    int32_t days;
    int32_t seconds; // 0 to 86399
    int32_t us;      // 0 to 999999
} QvDelta;

typedef struct QvDate {
    QvObj h;
    int16_t year;
    int8_t month, day;
} QvDate;

typedef struct QvClock { // a time of day
    int8_t hour, minute, second, fold;
    int32_t us;
} QvClock;

typedef struct QvDayTime { // time
    QvObj h;
    QvHash hash; // -1: not known
    QvObj *tz;   // a tzinfo, owned; NULL: none
    QvClock at;
} QvDayTime;

typedef struct QvStamp { // datetime
    QvDate d;
    QvClock at;
    QvHash hash; // -1: not known
    QvObj *tz;   // as in QvDayTime
} QvStamp;

typedef struct QvZone { // timezone
    QvObj h;
    QvObj *offset; // QvDelta
    QvObj *name;   // str or NULL
} QvZone;

extern QvType qv_datetime_timedelta_type, qv_datetime_date_type, qv_datetime_tzinfo_type,
    qv_datetime_timezone_type, qv_datetime_time_type, qv_datetime_datetime_type,
    qv_datetime_isocalendar_type;
extern QvZone qv_zone_utc; // sealed

static inline QvDelta *qv_as_delta(QvObj *o) { return (QvDelta *)o; }
static inline QvDate *qv_as_date(QvObj *o) { return (QvDate *)o; }
static inline QvDayTime *qv_as_day_time(QvObj *o) { return (QvDayTime *)o; }
static inline QvStamp *qv_as_stamp(QvObj *o) { return (QvStamp *)o; }
static inline bool qv_is_delta(const QvObj *o)
{
    return qv_is_instance_of(o, &qv_datetime_timedelta_type);
}
static inline bool qv_is_date(const QvObj *o)
{
    return qv_is_instance_of(o, &qv_datetime_date_type);
}
static inline bool qv_is_day_time(const QvObj *o)
{
    return qv_is_instance_of(o, &qv_datetime_time_type);
}
static inline bool qv_is_stamp(const QvObj *o)
{
    return qv_is_instance_of(o, &qv_datetime_datetime_type);
}
static inline bool qv_is_tz(const QvObj *o)
{
    return qv_is_instance_of(o, &qv_datetime_tzinfo_type);
}

// ---- timedelta (timedelta.c) --------------------------------------------------------------------

// Normalises; OverflowError beyond QV_DELTA_DAYS.
QvObj *qv_delta_new(QvInterp *qi, int64_t days, int64_t seconds, int64_t us);
static inline bool qv_delta_is_zero(const QvDelta *d)
{
    return d->days == 0 && d->seconds == 0 && d->us == 0;
}
// Microseconds in all.
static inline __int128 qv_delta_us(const QvDelta *d)
{
    return ((__int128)d->days * QV_S_PER_DAY + d->seconds) * QV_US_PER_S + d->us;
}
// `resolution` of all classes but date: a microsecond.
QvObj *qv_delta_get_tick(QvInterp *qi, QvObj *type);
// v - w.
QvObj *qv_delta_sub(QvInterp *qi, QvObj *v, QvObj *w);

// ---- fields (fields.c) --------------------------------------------------------------------------

// An argument that is a C int; NULL: *ret stays. 0/-1.
int qv_dt_int(QvInterp *qi, QvObj *o, int *ret);
// The whole name of an argument's type, for messages.
const char *qv_dt_type_name(QvObj *o);
// 0, or -1 with ValueError naming the part that is out of range.
int qv_dt_check_date(QvInterp *qi, int year, int month, int day);
int qv_dt_check_clock(QvInterp *qi, int hour, int minute, int second, int us, int fold);
// tzinfo argument: NULL or None is NULL in *ret (borrowed). 0, or -1 with TypeError.
int qv_dt_check_tz(QvInterp *qi, QvObj *o, QvObj **ret);
// The ordering of memory as the answer of a comparison.
QvObj *qv_dt_order(int order, QvCmpOp op);
// TypeError "can't compare X to Y".
QvObj *qv_dt_cannot_compare(QvInterp *qi, QvObj *v, QvObj *w);
// The state that unpickling gives as the first argument: bytes of this length, or a str of Latin-1
// (written by Python 2), which is copied to room. NULL: it is neither.
const uint8_t *qv_dt_state(QvObj *o, QvSsize len, uint8_t *room);
// Calls cls(*args) with so many new references, which are dropped; any NULL: NULL.
QV_RUNS QvObj *qv_dt_make(QvInterp *qi, QvObj *cls, QvObj **args, QvSsize n);

// ---- zones (tzinfo.c) ---------------------------------------------------------------------------

// What tz.utcoffset(dt) and tz.dst(dt) tell: 1 a timedelta, checked, in *ret (new reference); 0
// None; -1 error. tz may be NULL (0). dt may be None.
QV_RUNS int qv_tz_offset(QvInterp *qi, QvObj *tz, QvObj *dt, QvObj **ret);
QV_RUNS int qv_tz_dst(QvInterp *qi, QvObj *tz, QvObj *dt, QvObj **ret);
// tz.tzname(dt): a str or None, new reference.
QV_RUNS QvObj *qv_tz_name(QvInterp *qi, QvObj *tz, QvObj *dt);
// A timezone; UTC itself for no offset and no name.
QvObj *qv_zone_new(QvInterp *qi, QvObj *offset, QvObj *name /*NULL*/);
// The text of an offset: "+hh:mm[:ss[.uuuuuu]]", for which QV_OFFSET_TEXT is enough. Its length.
#define QV_OFFSET_TEXT 24
int qv_dt_offset_text(char *text, QvObj *delta, const char *separator);

// ---- text (text.c, parse.c) ---------------------------------------------------------------------

// "hh:mm:ss[.uuuuuu]" cut or filled as timespec asks (NULL: auto). The length, or -1 with
// ValueError.
#define QV_CLOCK_TEXT 24
int qv_dt_clock_text(QvInterp *qi, char *text, const QvClock *at, QvObj *timespec);
// o.strftime(format): %z, %Z and %f are o's; the rest is time.strftime's with the time tuple.
QV_RUNS QvObj *qv_dt_strftime(QvInterp *qi, QvObj *o, QvObj *format, QvObj *time_tuple);
// format(o, spec): str(o) for the empty one, else o.strftime(spec).
QV_RUNS QvObj *qv_dt_format(QvInterp *qi, QvObj *o, QvObj *spec);
// time.struct_time of these parts.
QV_RUNS QvObj *qv_dt_time_tuple(QvInterp *qi, int year, int month, int day, const QvClock *at,
                                int dst);

// A time as ISO 8601 writes it. 0, or -1: it is not one. offset: none when !*ret_has_offset.
typedef struct QvIsoClock {
    int hour, minute, second, us;
    bool has_offset;
    int64_t offset_us; // east of UTC, microseconds
} QvIsoClock;
int qv_iso_parse_clock(const char *s, QvSsize n, QvIsoClock *ret);
static inline QvClock qv_iso_clock(const QvIsoClock *c) // checked parts
{
    return (QvClock){.hour = (int8_t)c->hour,
                     .minute = (int8_t)c->minute,
                     .second = (int8_t)c->second,
                     .us = c->us};
}
int qv_iso_parse_date(const char *s, QvSsize n, int *ret_year, int *ret_month, int *ret_day);
// Where the date ends and the separator stands in a text of both; -1: nowhere.
QvSsize qv_iso_date_length(const char *s, QvSsize n);
// Year, week and day as a date. 0, -1: no such week, -2: no such day.
int qv_iso_week_date(int year, int week, int day, int *ret_year, int *ret_month, int *ret_day);
// The tzinfo of a parsed offset: new reference, or NULL without an exception where there is none.
// 0/-1.
int qv_iso_zone(QvInterp *qi, const QvIsoClock *clock, QvObj **ret);

// ---- date, time, datetime -----------------------------------------------------------------------

// o + sign * delta, of o's class. OverflowError beyond the calendar.
QV_RUNS QvObj *qv_stamp_shift(QvInterp *qi, QvObj *o, QvObj *delta, int sign);
// date(year, month, day) of a class; the parts are in range. A subclass is called.
QV_RUNS QvObj *qv_date_of(QvInterp *qi, QvType *cls, int year, int month, int day);
// The same for a time and a datetime; tz: NULL or a tzinfo. A subclass does not learn of the fold,
// as in CPython 3.11.
QV_RUNS QvObj *qv_day_time_of(QvInterp *qi, QvType *cls, const QvClock *at, QvObj *tz);
QV_RUNS QvObj *qv_stamp_of(QvInterp *qi, QvType *cls, int year, int month, int day,
                           const QvClock *at, QvObj *tz);
static inline int qv_date_ordinal(const QvDate *d)
{
    return qv_civil_ordinal(d->year, d->month, d->day);
}
// The day so many days later (|days| at most QV_DELTA_DAYS + 2); false: beyond the calendar.
bool qv_date_shift(const QvDate *d, int days, int *ret_year, int *ret_month, int *ret_day);
// The method ctime of both classes.
QvObj *qv_date_ctime(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);
// The state bytes of a date and of a time of day.
void qv_date_state(const QvDate *d, uint8_t *out);
void qv_clock_state(const QvClock *at, bool with_fold, uint8_t *out);
void qv_clock_from_state(QvClock *at, const uint8_t *in);
// Hour, minute, second, microsecond (four arguments side by side, NULL: as *at has it) and fold,
// checked. 0/-1.
int qv_dt_clock_args(QvInterp *qi, QvObj *const *args, QvObj *fold, QvClock *at);
// The zone behind the state in the arguments of an unpickled object: *ret borrowed, or NULL. 0/-1.
int qv_dt_state_tz(QvInterp *qi, QvObj *const *args, QvSsize nargs, QvObj **ret);
int qv_clock_order(const QvClock *a, const QvClock *b); // less, equal, greater
// (class, (state[, tz]))
QvObj *qv_dt_reduce(QvInterp *qi, QvObj *self, const uint8_t *bytes, QvSsize n, QvObj *tz);
// A hash of bytes; and that of the time in UTC which is `at` on that day for a clock with an
// offset.
QvHash qv_dt_hash(const void *p, size_t n);
QvHash qv_dt_hash_utc(QvInterp *qi, int days, const QvClock *at, QvObj *offset);

// ---- what times and datetimes have alike (clocked.c) --------------------------------------------

const QvClock *qv_clocked_at(QvObj *o);
// The zone, or NULL; *ret_dt: what it is asked about, the datetime or None. Both borrowed.
QvObj *qv_clocked_tz(QvObj *o, QvObj **ret_dt);
QV_RUNS QvObj *qv_clocked_utcoffset(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);
QV_RUNS QvObj *qv_clocked_dst(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);
QV_RUNS QvObj *qv_clocked_tzname(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);
QvObj *qv_clocked_hour(QvInterp *qi, QvObj *o);
QvObj *qv_clocked_minute(QvInterp *qi, QvObj *o);
QvObj *qv_clocked_second(QvInterp *qi, QvObj *o);
QvObj *qv_clocked_us(QvInterp *qi, QvObj *o);
QvObj *qv_clocked_fold(QvInterp *qi, QvObj *o);
QvObj *qv_clocked_tzinfo(QvInterp *qi, QvObj *o);
// The rows of these six in a table of computed attributes.
#define QV_CLOCKED_PARTS                                   \
    {"hour", qv_clocked_hour, NULL, NULL, false},          \
        {"minute", qv_clocked_minute, NULL, NULL, false},  \
        {"second", qv_clocked_second, NULL, NULL, false},  \
        {"microsecond", qv_clocked_us, NULL, NULL, false}, \
        {"tzinfo", qv_clocked_tzinfo, NULL, NULL, false},  \
    {                                                      \
        "fold", qv_clocked_fold, NULL, NULL, false         \
    }

// ---- clocks (local.c) ---------------------------------------------------------------------------

// A point in time: a number of seconds (int or float), rounded half to even or down. 0/-1.
QV_RUNS int qv_dt_timestamp(QvInterp *qi, QvObj *o, int64_t *ret_s, int *ret_us);
QV_RUNS int qv_dt_timestamp_floor(QvInterp *qi, QvObj *o, int64_t *ret_s);
// Its date and time in the local zone, or in UTC. 0, or -1 with OverflowError.
int qv_dt_broken_down(QvInterp *qi, int64_t s, bool local, struct tm *ret);
// The local zone's reading of a clock, as seconds since the epoch in UTC. 0/-1.
int qv_local_to_utc(QvInterp *qi, int64_t local_s, int fold, int64_t *ret);
// Is a point in time, whose local reading is local_s, the second one with that reading? 0/1/-1.
int qv_local_is_fold(QvInterp *qi, int64_t s, int64_t local_s);
// The local zone at a point in time, as a timezone.
QvObj *qv_local_zone(QvInterp *qi, int64_t s);

#endif
