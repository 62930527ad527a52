// SPDX-License-Identifier: MIT
// datetime.datetime.
#include <stdio.h>

#include "base/clock.h"
#include "modules/datetime/datetime.h"
#include "object/bytes.h"
#include "object/caps.h"
#include "object/float.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- making -------------------------------------------------------------------------------------

// Of any class, without a call of it; the parts are checked.
static QvObj *stamp_make(QvInterp *qi, QvType *type, int year, int month, int day,
                         const QvClock *at, QvObj *tz)
{
    if (qv_dt_check_date(qi, year, month, day) < 0) {
        return NULL;
    }
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        QvStamp *s = qv_as_stamp(o);
        s->d.year = (int16_t)year;
        s->d.month = (int8_t)month;
        s->d.day = (int8_t)day;
        s->at = *at;
        s->hash = -1;
        s->tz = tz ? qv_new_ref(qi, tz) : NULL;
    }
    return o;
}

QvObj *qv_stamp_of(QvInterp *qi, QvType *cls, int year, int month, int day, const QvClock *at,
                   QvObj *tz)
{
    if (cls == &qv_datetime_datetime_type) {
        return stamp_make(qi, cls, year, month, day, at, tz);
    }
    QvObj *args[] = {qv_int_from_i64(qi, year),       qv_int_from_i64(qi, month),
                     qv_int_from_i64(qi, day),        qv_int_from_i64(qi, at->hour),
                     qv_int_from_i64(qi, at->minute), qv_int_from_i64(qi, at->second),
                     qv_int_from_i64(qi, at->us),     tz ? qv_new_ref(qi, tz) : QV_NONE};
    return qv_dt_make(qi, (QvObj *)cls, args, 8);
}

static QvObj *stamp_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    QvObj *slots[9], *tz;
    uint8_t room[QV_STATE_STAMP];
    QvClock at = {0};
    const uint8_t *state =
        (nargs == 1 || nargs == 2) && !kwnames ? qv_dt_state(args[0], QV_STATE_STAMP, room) : NULL;
    if (state && (state[2] & 0x7F) >= 1 && (state[2] & 0x7F) <= 12) {
        if (qv_dt_state_tz(qi, args, nargs, &tz) < 0) {
            return NULL;
        }
        QvObj *o = qv_obj_new(qi, type);
        if (o) {
            QvStamp *s = qv_as_stamp(o);
            s->d.year = (int16_t)(state[0] << 8 | state[1]);
            s->d.month = (int8_t)(state[2] & 0x7F);
            s->d.day = (int8_t)state[3];
            qv_clock_from_state(&s->at, state + QV_STATE_DATE);
            s->at.fold = (int8_t)(state[2] >> 7);
            s->hash = -1;
            s->tz = tz ? qv_new_ref(qi, tz) : NULL;
        }
        return o;
    }
    int year = 0, month = 0, day = 0;
    return qv_args(qi,
                   "(year, month, day, hour=0, minute=0, second=0, microsecond=0, "
                   "tzinfo=None, *, fold=0)",
                   args, nargs, kwnames, slots) < 0 ||
                   qv_dt_int(qi, slots[0], &year) < 0 || qv_dt_int(qi, slots[1], &month) < 0 ||
                   qv_dt_int(qi, slots[2], &day) < 0 ||
                   qv_dt_check_date(qi, year, month, day) < 0 ||
                   qv_dt_clock_args(qi, slots + 3, slots[8], &at) < 0 ||
                   qv_dt_check_tz(qi, slots[7], &tz) < 0
               ? NULL
               : stamp_make(qi, type, year, month, day, &at, tz);
}

static void stamp_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &qv_as_stamp(o)->tz); }

static int stamp_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(qv_as_stamp(o)->tz);
    return 0;
}

// The same with another fold, or none at all.
static QvObj *with_fold(QvInterp *qi, QvObj *o, int fold)
{
    QvStamp *s = qv_as_stamp(o);
    QvClock at = s->at;
    at.fold = (int8_t)fold;
    return stamp_make(qi, o->type, s->d.year, s->d.month, s->d.day, &at, s->tz);
}

static int clock_seconds(const QvClock *at)
{
    return at->hour * 3600 + at->minute * 60 + at->second;
}

// Seconds since the epoch, as if it were UTC.
static int64_t seconds_of(const QvStamp *s)
{
    return (int64_t)(qv_date_ordinal(&s->d) - QV_UNIX_EPOCH) * QV_S_PER_DAY + clock_seconds(&s->at);
}

// From a point in time; in the local zone or in UTC, given tz as it is.
static QvObj *from_seconds(QvInterp *qi, QvObj *cls, int64_t s, int us, bool local, QvObj *tz)
{
    struct tm tm;
    if (qv_dt_broken_down(qi, s, local, &tm) < 0) {
        return NULL;
    }
    QvClock at = {.hour = (int8_t)tm.tm_hour,
                  .minute = (int8_t)tm.tm_min,
                  .second = (int8_t)(tm.tm_sec > 59 ? 59 : tm.tm_sec), // a leap second
                  .us = us};
    int year = tm.tm_year + 1900;
    if (qv_dt_check_date(qi, year, tm.tm_mon + 1, tm.tm_mday) < 0) {
        return NULL;
    }
    if (local) {
        int64_t reading =
            (int64_t)(qv_civil_ordinal(year, tm.tm_mon + 1, tm.tm_mday) - QV_UNIX_EPOCH) *
                QV_S_PER_DAY +
            clock_seconds(&at);
        int fold = qv_local_is_fold(qi, s, reading);
        if (fold < 0) {
            return NULL;
        }
        at.fold = (int8_t)fold;
    }
    return qv_stamp_of(qi, (QvType *)cls, year, tm.tm_mon + 1, tm.tm_mday, &at, tz);
}

// The same with a zone, which converts from UTC itself; NULL: the local one, unnamed.
static QvObj *from_seconds_in(QvInterp *qi, QvObj *cls, int64_t s, int us, QvObj *tz)
{
    QvObj *o = from_seconds(qi, cls, s, us, tz == NULL, tz);
    if (!o || !tz) {
        return o;
    }
    QvObj *ret = qv_call_method1(qi, tz, QV_N(fromutc), o);
    qv_decref(qi, o);
    return ret;
}

static int64_t now(QvInterp *qi, int *ret_us)
{
    int64_t ns = qv_cap_clock(qi, qv_clock_wall());
    *ret_us = (int)(ns % QV_NS_PER_S / 1000);
    return ns / QV_NS_PER_S;
}

static QvObj *stamp_now(QvInterp *qi, QvObj *cls, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *tz;
    int us;
    if (qv_dt_check_tz(qi, args[0], &tz) < 0) {
        return NULL;
    }
    int64_t s = now(qi, &us);
    return from_seconds_in(qi, cls, s, us, tz);
}

static QvObj *stamp_utcnow(QvInterp *qi, QvObj *cls, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    int us;
    int64_t s = now(qi, &us);
    return from_seconds(qi, cls, s, us, false, NULL);
}

static QvObj *stamp_fromtimestamp(QvInterp *qi, QvObj *cls, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *tz;
    int64_t s;
    int us;
    return qv_dt_check_tz(qi, args[1], &tz) < 0 || qv_dt_timestamp(qi, args[0], &s, &us) < 0
               ? NULL
               : from_seconds_in(qi, cls, s, us, tz);
}

static QvObj *stamp_utcfromtimestamp(QvInterp *qi, QvObj *cls, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int64_t s;
    int us;
    return qv_dt_timestamp(qi, args[0], &s, &us) < 0 ? NULL
                                                     : from_seconds(qi, cls, s, us, false, NULL);
}

static QvObj *stamp_strptime(QvInterp *qi, QvObj *cls, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    for (int k = 0; k < 2; k++) {
        if (!qv_is_str(args[k])) {
            return qv_raise(qi, &qv_exc_TypeError, "strptime() argument %d must be str, not %s",
                            k + 1, qv_arg_type_name(args[k]));
        }
    }
    QvObj *module = qv_import(qi, "_strptime");
    QvObj *f = module ? qv_getattr_cstr(qi, module, "_strptime_datetime") : NULL;
    QvObj *ret = f ? qv_call3(qi, f, cls, args[0], args[1]) : NULL;
    qv_xdecref(qi, module);
    qv_xdecref(qi, f);
    return ret;
}

static QvObj *stamp_combine(QvInterp *qi, QvObj *cls, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_date(args[0]) || !qv_is_day_time(args[1])) {
        int k = qv_is_date(args[0]);
        return qv_raise(qi, &qv_exc_TypeError, "combine() argument %d must be datetime.%s, not %s",
                        k + 1, k ? "time" : "date", qv_dt_type_name(args[k]));
    }
    QvDate *d = qv_as_date(args[0]);
    QvDayTime *t = qv_as_day_time(args[1]);
    QvObj *tz = t->tz;
    return args[2] && qv_dt_check_tz(qi, args[2], &tz) < 0
               ? NULL
               : qv_stamp_of(qi, (QvType *)cls, d->year, d->month, d->day, &t->at, tz);
}

#define ISO_TEXT_MAX 255 // characters that are looked at in a text that is not ASCII

static QvObj *stamp_fromisoformat(QvInterp *qi, QvObj *cls, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *o = args[0], *tz;
    if (!qv_is_str(o)) {
        return qv_raise(qi, &qv_exc_TypeError, "fromisoformat: argument must be str");
    }
    const char *text = qv_str_data(o);
    QvSsize n = qv_str_len(o);
    char room[ISO_TEXT_MAX];
    if (!qv_str_is_ascii(o)) { // the separator can be any character
        n = n > ISO_TEXT_MAX ? 0 : n;
        for (QvSsize k = 0; k < n; k++) {
            uint32_t c = qv_str_read(o, k);
            room[k] = c < 0x80 ? (char)c : '\x01';
        }
        text = room;
    }
    int year, month, day;
    QvIsoClock clock = {0};
    QvSsize length = qv_iso_date_length(text, n);
    if (length < 0 || length > n || qv_iso_parse_date(text, length, &year, &month, &day) < 0 ||
        (n > length && qv_iso_parse_clock(text + length + 1, n - length - 1, &clock) < 0)) {
        return qv_raise(qi, &qv_exc_ValueError, "Invalid isoformat string: %R", o);
    }
    if (qv_iso_zone(qi, &clock, &tz) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    if (qv_dt_check_date(qi, year, month, day) == 0 &&
        qv_dt_check_clock(qi, clock.hour, clock.minute, clock.second, clock.us, 0) == 0) {
        QvClock at = qv_iso_clock(&clock);
        ret = qv_stamp_of(qi, (QvType *)cls, year, month, day, &at, tz);
    }
    qv_xdecref(qi, tz);
    return ret;
}

// ---- arithmetic ---------------------------------------------------------------------------------

QvObj *qv_stamp_shift(QvInterp *qi, QvObj *o, QvObj *delta, int sign)
{
    QvStamp *s = qv_as_stamp(o);
    QvDelta *d = qv_as_delta(delta);
    int us = s->at.us + sign * d->us, seconds = clock_seconds(&s->at) + sign * d->seconds;
    int days = sign * d->days;
    if (us < 0 || us >= QV_US_PER_S) {
        seconds += us < 0 ? -1 : 1;
        us += us < 0 ? QV_US_PER_S : -QV_US_PER_S;
    }
    while (seconds < 0) {
        seconds += QV_S_PER_DAY;
        days--;
    }
    while (seconds >= QV_S_PER_DAY) {
        seconds -= QV_S_PER_DAY;
        days++;
    }
    int year, month, day;
    if (!qv_date_shift(&s->d, days, &year, &month, &day)) {
        return qv_raise(qi, &qv_exc_OverflowError, "date value out of range");
    }
    QvClock at = {.hour = (int8_t)(seconds / 3600),
                  .minute = (int8_t)(seconds / 60 % 60),
                  .second = (int8_t)(seconds % 60),
                  .us = us};
    return qv_stamp_of(qi, o->type, year, month, day, &at, s->tz);
}

// v - w. x and y: their offsets, which count, too, and are dropped; or NULL.
static QvObj *difference(QvInterp *qi, QvObj *v, QvObj *w, QvObj *x, QvObj *y)
{
    QvStamp *a = qv_as_stamp(v), *b = qv_as_stamp(w);
    int64_t us = a->at.us - b->at.us;
    if (x && y) {
        us -= (int64_t)(qv_delta_us(qv_as_delta(x)) - qv_delta_us(qv_as_delta(y)));
    }
    qv_xdecref(qi, x);
    qv_xdecref(qi, y);
    return qv_delta_new(qi, qv_date_ordinal(&a->d) - qv_date_ordinal(&b->d),
                        clock_seconds(&a->at) - clock_seconds(&b->at), us);
}

// The offsets of two datetimes of different zones. 1: both have one (new references), 0: neither,
// 2: only one of them, which is dropped; -1 error.
static int two_offsets(QvInterp *qi, QvObj *v, QvObj *w, QvObj **ret_x, QvObj **ret_y)
{
    int known = qv_tz_offset(qi, qv_as_stamp(v)->tz, v, ret_x);
    int also = known < 0 ? -1 : qv_tz_offset(qi, qv_as_stamp(w)->tz, w, ret_y);
    if (known == also) {
        return known;
    }
    if (known > 0) {
        qv_clear(qi, ret_x);
    }
    if (also > 0) {
        qv_clear(qi, ret_y);
    }
    return known < 0 || also < 0 ? -1 : 2;
}

static QvObj *stamp_add(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (qv_is_stamp(v) && qv_is_delta(w)) {
        return qv_stamp_shift(qi, v, w, 1);
    }
    return qv_is_delta(v) && qv_is_stamp(w) ? qv_stamp_shift(qi, w, v, 1) : QV_NOTIMPLEMENTED;
}

static QvObj *stamp_sub(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_stamp(v)) {
        return QV_NOTIMPLEMENTED;
    }
    if (qv_is_delta(w)) {
        return qv_stamp_shift(qi, v, w, -1);
    }
    if (!qv_is_stamp(w)) {
        return QV_NOTIMPLEMENTED;
    }
    QvObj *x = NULL, *y = NULL;
    int both = qv_as_stamp(v)->tz == qv_as_stamp(w)->tz ? 0 : two_offsets(qi, v, w, &x, &y);
    if (both == 2) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "can't subtract offset-naive and offset-aware datetimes");
    }
    return both < 0 ? NULL : difference(qi, v, w, x, y);
}

// ---- comparing ----------------------------------------------------------------------------------

// Does the offset depend on the fold? Such a time equals none of another zone (PEP 495). 0/1/-1
static int depends_on_fold(QvInterp *qi, QvObj *o, QvObj *offset)
{
    QvObj *flipped = with_fold(qi, o, !qv_as_stamp(o)->at.fold), *other = NULL;
    int known = flipped ? qv_tz_offset(qi, qv_as_stamp(flipped)->tz, flipped, &other) : -1;
    int ret = known < 0 ? -1
              : known
                  ? !offset || qv_delta_us(qv_as_delta(other)) != qv_delta_us(qv_as_delta(offset))
                  : offset != NULL;
    qv_xdecref(qi, flipped);
    qv_xdecref(qi, other);
    return ret;
}

static int stamp_order(const QvStamp *a, const QvStamp *b)
{
    int x = qv_date_ordinal(&a->d), y = qv_date_ordinal(&b->d);
    return x != y ? (x < y ? -1 : 1) : qv_clock_order(&a->at, &b->at);
}

static QvObj *stamp_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_is_stamp(w)) {
        // Left to the date, it would be compared with the day alone.
        return !qv_is_date(w) ? QV_NOTIMPLEMENTED
               : op == QV_EQ  ? QV_FALSE
               : op == QV_NE  ? QV_TRUE
                              : qv_dt_cannot_compare(qi, v, w);
    }
    QvStamp *a = qv_as_stamp(v), *b = qv_as_stamp(w);
    if (a->tz == b->tz) {
        return qv_dt_order(stamp_order(a, b), op);
    }
    QvObj *x = NULL, *y = NULL;
    int both = two_offsets(qi, v, w, &x, &y);
    if (both < 0) {
        return NULL;
    }
    if (both == 2) {
        return op == QV_EQ   ? QV_FALSE
               : op == QV_NE ? QV_TRUE
                             : qv_raise(qi, &qv_exc_TypeError,
                                        "can't compare offset-naive and offset-aware datetimes");
    }
    int order = stamp_order(a, b), odd = 0;
    if (x && y && qv_delta_us(qv_as_delta(x)) != qv_delta_us(qv_as_delta(y))) {
        QvObj *delta = difference(qi, v, w, qv_new_ref(qi, x), qv_new_ref(qi, y));
        __int128 us = delta ? qv_delta_us(qv_as_delta(delta)) : 0;
        odd = delta ? 0 : -1;
        order = (us > 0) - (us < 0);
        qv_xdecref(qi, delta);
    }
    if (odd == 0 && order == 0 && (op == QV_EQ || op == QV_NE)) {
        odd = depends_on_fold(qi, v, x);
        odd = odd ? odd : depends_on_fold(qi, w, y);
        order = odd > 0 ? 1 : 0;
    }
    qv_xdecref(qi, x);
    qv_xdecref(qi, y);
    return odd < 0 ? NULL : qv_dt_order(order, op);
}

static QvHash stamp_hash(QvInterp *qi, QvObj *o)
{
    QvStamp *s = qv_as_stamp(o);
    if (s->hash != -1) {
        return s->hash;
    }
    QvObj *first = s->at.fold ? with_fold(qi, o, 0) : qv_new_ref(qi, o), *offset = NULL;
    int known = first ? qv_tz_offset(qi, s->tz, first, &offset) : -1;
    QvHash hash = -1;
    if (known > 0) {
        hash = qv_dt_hash_utc(qi, qv_date_ordinal(&s->d), &s->at, offset);
        qv_decref(qi, offset);
    } else if (known == 0) {
        uint8_t state[QV_STATE_STAMP];
        qv_date_state(&s->d, state);
        qv_clock_state(&s->at, false, state + QV_STATE_DATE);
        hash = qv_dt_hash(state, sizeof state);
    }
    qv_xdecref(qi, first);
    if (!qv_is_immortal(o)) {
        s->hash = hash;
    }
    return hash;
}

// ---- text ---------------------------------------------------------------------------------------

static QvObj *stamp_repr(QvInterp *qi, QvObj *o)
{
    QvStamp *s = qv_as_stamp(o);
    char text[96];
    int n = snprintf(text, sizeof text, "%d, %d, %d, %d, %d", s->d.year, s->d.month, s->d.day,
                     s->at.hour, s->at.minute);
    if (s->at.second || s->at.us) {
        n += snprintf(text + n, sizeof text - (size_t)n, ", %d", s->at.second);
    }
    if (s->at.us) {
        n += snprintf(text + n, sizeof text - (size_t)n, ", %d", s->at.us);
    }
    if (s->at.fold) {
        snprintf(text + n, sizeof text - (size_t)n, ", fold=1");
    }
    return s->tz ? qv_str_format(qi, "%T(%s, tzinfo=%R)", o, text, s->tz)
                 : qv_str_format(qi, "%T(%s)", o, text);
}

static QvObj *stamp_isoformat(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvStamp *s = qv_as_stamp(self);
    uint32_t separator = 'T';
    if (args[0]) {
        if (!qv_is_str(args[0]) || qv_str_len(args[0]) != 1) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "isoformat() argument 1 must be a unicode character, not %s",
                            qv_arg_type_name(args[0]));
        }
        separator = qv_str_read(args[0], 0);
    }
    char text[32 + QV_CLOCK_TEXT + QV_OFFSET_TEXT];
    int date = snprintf(text, 32, "%04d-%02d-%02d", s->d.year, s->d.month, s->d.day);
    text[date] = (char)separator;
    int n = qv_dt_clock_text(qi, text + date + 1, &s->at, args[1]);
    QvObj *offset;
    int known = n < 0 ? -1 : qv_tz_offset(qi, s->tz, self, &offset);
    if (known < 0) {
        return NULL;
    }
    n += date + 1;
    if (known) {
        n += qv_dt_offset_text(text + n, offset, ":");
        qv_decref(qi, offset);
    }
    if (separator < 0x80) {
        return qv_str_new_ascii(qi, text, n);
    }
    return qv_str_format(qi, "%.*s%U%.*s", date, text, args[0], n - date - 1, text + date + 1);
}

static QvObj *stamp_str(QvInterp *qi, QvObj *o)
{
    QvObj *space = qv_str_from_char(qi, ' ');
    QvObj *ret = space ? qv_call_method1(qi, o, QV_N(isoformat), space) : NULL;
    qv_xdecref(qi, space);
    return ret;
}

// ---- parts --------------------------------------------------------------------------------------

static QvObj *stamp_date(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvDate *d = qv_as_date(self);
    return qv_date_of(qi, &qv_datetime_date_type, d->year, d->month, d->day);
}

static QvObj *stamp_time(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_day_time_of(qi, &qv_datetime_time_type, &qv_as_stamp(self)->at, NULL);
}

static QvObj *stamp_timetz(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_day_time_of(qi, &qv_datetime_time_type, &qv_as_stamp(self)->at,
                          qv_as_stamp(self)->tz);
}

static QvObj *stamp_timetuple(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvStamp *s = qv_as_stamp(self);
    QvObj *dst;
    int known = qv_tz_dst(qi, s->tz, self, &dst), flag = -1;
    if (known < 0) {
        return NULL;
    }
    if (known) {
        flag = !qv_delta_is_zero(qv_as_delta(dst));
        qv_decref(qi, dst);
    }
    return qv_dt_time_tuple(qi, s->d.year, s->d.month, s->d.day, &s->at, flag);
}

static QvObj *stamp_utctimetuple(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *offset, *utc;
    int known = qv_tz_offset(qi, qv_as_stamp(self)->tz, self, &offset);
    if (known < 0) {
        return NULL;
    }
    if (known) {
        utc = qv_stamp_shift(qi, self, offset, -1);
        qv_decref(qi, offset);
    } else {
        utc = qv_new_ref(qi, self);
    }
    QvObj *ret = NULL;
    if (utc) {
        QvStamp *s = qv_as_stamp(utc);
        ret = qv_dt_time_tuple(qi, s->d.year, s->d.month, s->d.day, &s->at, 0);
        qv_decref(qi, utc);
    }
    return ret;
}

static QvObj *stamp_timestamp(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvStamp *s = qv_as_stamp(self);
    if (!s->tz) {
        int64_t utc;
        return qv_local_to_utc(qi, seconds_of(s), s->at.fold, &utc) < 0
                   ? NULL
                   : qv_float_new(qi, (double)utc + s->at.us / 1e6);
    }
    QvObj *offset;
    int known = qv_tz_offset(qi, s->tz, self, &offset);
    if (known <= 0) {
        return known < 0 ? NULL
                         : qv_raise(qi, &qv_exc_TypeError,
                                    "can't subtract offset-naive and offset-aware datetimes");
    }
    // Microseconds since the epoch are exact in 64 bits, and below 2**53 in a double, for the years
    // 1684 to 2255; beyond, the quotient of the two ints is rounded once.
    int64_t us = seconds_of(s) * QV_US_PER_S + s->at.us - (int64_t)qv_delta_us(qv_as_delta(offset));
    qv_decref(qi, offset);
    QvObj *total = qv_delta_new(qi, 0, 0, us);
    QvObj *ret = total ? qv_call_method0(qi, total, QV_N(total_seconds)) : NULL;
    qv_xdecref(qi, total);
    return ret;
}

static QvObj *stamp_replace(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvStamp *s = qv_as_stamp(self);
    int year = s->d.year, month = s->d.month, day = s->d.day;
    QvClock at = s->at;
    QvObj *tz = s->tz;
    return qv_dt_int(qi, args[0], &year) < 0 || qv_dt_int(qi, args[1], &month) < 0 ||
                   qv_dt_int(qi, args[2], &day) < 0 || qv_dt_check_date(qi, year, month, day) < 0 ||
                   qv_dt_clock_args(qi, args + 3, args[8], &at) < 0 ||
                   (args[7] && qv_dt_check_tz(qi, args[7], &tz) < 0)
               ? NULL
               : stamp_make(qi, self->type, year, month, day, &at, tz);
}

// The local zone where self, read as local time, is.
static QvObj *zone_here(QvInterp *qi, const QvStamp *s)
{
    int64_t utc;
    return qv_local_to_utc(qi, seconds_of(s), s->at.fold, &utc) < 0 ? NULL : qv_local_zone(qi, utc);
}

static void put_tz(QvInterp *qi, QvObj *o, QV_STOLEN QvObj *tz)
{
    QvObj *old = qv_as_stamp(o)->tz;
    qv_as_stamp(o)->tz = tz;
    qv_as_stamp(o)->hash = -1;
    qv_xdecref(qi, old);
}

static QvObj *stamp_astimezone(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvStamp *s = qv_as_stamp(self);
    QvObj *tz, *offset = NULL;
    if (qv_dt_check_tz(qi, args[0], &tz) < 0) {
        return NULL;
    }
    if (s->tz && s->tz == tz) {
        return qv_new_ref(qi, self);
    }
    int known = qv_tz_offset(qi, s->tz, self, &offset);
    if (known == 0) { // naive: local time
        QvObj *here = zone_here(qi, s);
        known = here ? qv_tz_offset(qi, here, self, &offset) : -1;
        qv_xdecref(qi, here);
    }
    if (known < 0) {
        return NULL;
    }
    QvObj *utc = qv_stamp_shift(qi, self, offset, -1);
    qv_decref(qi, offset);
    if (!utc || !qv_is_stamp(utc)) { // a subclass may make anything
        qv_xdecref(qi, utc);
        return utc ? qv_raise(qi, &qv_exc_TypeError, "a datetime is required") : NULL;
    }
    QvObj *to = tz ? qv_new_ref(qi, tz) : qv_local_zone(qi, seconds_of(qv_as_stamp(utc)));
    QvObj *ret = NULL;
    if (to) {
        put_tz(qi, utc, qv_new_ref(qi, to));
        ret = qv_call_method1(qi, to, QV_N(fromutc), utc);
        qv_decref(qi, to);
    }
    qv_decref(qi, utc);
    return ret;
}

static QvObj *reduce(QvInterp *qi, QvObj *self, int protocol)
{
    QvStamp *s = qv_as_stamp(self);
    uint8_t bytes[QV_STATE_STAMP];
    qv_date_state(&s->d, bytes);
    qv_clock_state(&s->at, false, bytes + QV_STATE_DATE);
    if (protocol > 3 && s->at.fold) {
        bytes[2] |= 0x80; // the month's
    }
    return qv_dt_reduce(qi, self, bytes, sizeof bytes, s->tz);
}

static QvObj *stamp_reduce_ex(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int protocol = 0;
    return qv_dt_int(qi, args[0], &protocol) < 0 ? NULL : reduce(qi, self, protocol);
}

static QvObj *stamp_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return reduce(qi, self, 2);
}

static QV_SEALED QvStamp stamp_min = {
    .d = {.h = QV_STATIC_HEADER(&qv_datetime_datetime_type), .year = 1, .month = 1, .day = 1},
    .hash = -1};
static QV_SEALED QvStamp stamp_max = {
    .d = {.h = QV_STATIC_HEADER(&qv_datetime_datetime_type), .year = 9999, .month = 12, .day = 31},
    .at = {.hour = 23, .minute = 59, .second = 59, .us = QV_US_PER_S - 1},
    .hash = -1};
static QvObj *get_min(QvInterp *qi, QvObj *type)
{
    (void)qi, (void)type;
    return &stamp_min.d.h;
}
static QvObj *get_max(QvInterp *qi, QvObj *type)
{
    (void)qi, (void)type;
    return &stamp_max.d.h;
}
static const QvNativeDef methods[] = {
    {"now", stamp_now, "($type, /, tz=None)",
     "Returns new datetime object representing current time local to tz.\n\n"
     "  tz\n"
     "    Timezone object.\n\n"
     "If no tz is specified, uses local timezone."},
    {"utcnow", stamp_utcnow, "($type, /)", "Return a new datetime representing UTC day and time."},
    {"fromtimestamp", stamp_fromtimestamp, "($type, timestamp, tz=None)",
     "timestamp[, tz] -> tz's local time from POSIX timestamp."},
    {"utcfromtimestamp", stamp_utcfromtimestamp, "($type, timestamp, /)",
     "Construct a naive UTC datetime from a POSIX timestamp."},
    {"strptime", stamp_strptime, "($type, date_string, format, /)",
     "string, format -> new datetime parsed from a string (like time.strptime())."},
    {"combine", stamp_combine, "($type, date, time, tzinfo=None)",
     "date, time -> datetime with same date and time fields"},
    {"fromisoformat", stamp_fromisoformat, "($type, string, /)",
     "string -> datetime from a string in most ISO 8601 formats"},
    {"date", stamp_date, "($self, /)", "Return date object with same year, month and day."},
    {"time", stamp_time, "($self, /)", "Return time object with same time but with tzinfo=None."},
    {"timetz", stamp_timetz, "($self, /)", "Return time object with same time and tzinfo."},
    {"ctime", qv_date_ctime, "($self, /)", "Return ctime() style string."},
    {"timetuple", stamp_timetuple, "($self, /)",
     "Return time tuple, compatible with time.localtime()."},
    {"timestamp", stamp_timestamp, "($self, /)", "Return POSIX timestamp as float."},
    {"utctimetuple", stamp_utctimetuple, "($self, /)",
     "Return UTC time tuple, compatible with time.localtime()."},
    {"isoformat", stamp_isoformat, "($self, sep='T', timespec='auto')",
     "[sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n"
     "sep is used to separate the year from the time, and defaults to 'T'.\n"
     "The optional argument timespec specifies the number of additional terms\n"
     "of the time to include. Valid options are 'auto', 'hours', 'minutes',\n"
     "'seconds', 'milliseconds' and 'microseconds'.\n"},
    {"utcoffset", qv_clocked_utcoffset, "($self, /)", "Return self.tzinfo.utcoffset(self)."},
    {"tzname", qv_clocked_tzname, "($self, /)", "Return self.tzinfo.tzname(self)."},
    {"dst", qv_clocked_dst, "($self, /)", "Return self.tzinfo.dst(self)."},
    {"replace", stamp_replace,
     "($self, year=None, month=None, day=None, hour=None, minute=None, second=None, "
     "microsecond=None, tzinfo=None, *, fold=None)",
     "Return datetime with new specified fields."},
    {"astimezone", stamp_astimezone, "($self, tz=None)",
     "tz -> convert to local time in new timezone tz\n"},
    {"__reduce_ex__", stamp_reduce_ex, "($self, protocol, /)",
     "__reduce_ex__(proto) -> (cls, state)"},
    {"__reduce__", stamp_reduce, "($self, /)", "__reduce__() -> (cls, state)"},
    {0},
};

static const QvGetSet getsets[] = {
    QV_CLOCKED_PARTS,
    {"min", get_min, NULL, NULL, true},
    {"max", get_max, NULL, NULL, true},
    {"resolution", qv_delta_get_tick, NULL, NULL, true},
    {0},
};

QV_SEALED QvType qv_datetime_datetime_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "datetime.datetime",
    .id = QV_TID_datetime_datetime,
    .flags = QV_T_BASE | QV_T_GC,
    .base = &qv_datetime_date_type,
    .size = sizeof(QvStamp),
    .doc = "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\n"
           "The year, month and day arguments are required. tzinfo may be None, or an\n"
           "instance of a tzinfo subclass. The remaining arguments may be ints.\n",
    .methods = methods,
    .getsets = getsets,
    .new_ = stamp_new,
    .fini = stamp_fini,
    .traverse = stamp_traverse,
    .repr = stamp_repr,
    .str = stamp_str,
    .hash = stamp_hash,
    .richcmp = stamp_richcmp,
    .add = stamp_add,
    .sub = stamp_sub,
};
