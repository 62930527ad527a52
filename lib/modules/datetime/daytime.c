// SPDX-License-Identifier: MIT
// datetime.time.
#include <stdio.h>

#include "modules/datetime/datetime.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- making -------------------------------------------------------------------------------------

// Of any class, without a call of it; the parts are in range.
static QvObj *time_make(QvInterp *qi, QvType *type, const QvClock *at, QvObj *tz)
{
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        QvDayTime *t = qv_as_day_time(o);
        t->hash = -1;
        t->at = *at;
        t->tz = tz ? qv_new_ref(qi, tz) : NULL;
    }
    return o;
}

QvObj *qv_day_time_of(QvInterp *qi, QvType *cls, const QvClock *at, QvObj *tz)
{
    if (cls == &qv_datetime_time_type) {
        return time_make(qi, cls, at, tz);
    }
    QvObj *args[] = {qv_int_from_i64(qi, at->hour), qv_int_from_i64(qi, at->minute),
                     qv_int_from_i64(qi, at->second), qv_int_from_i64(qi, at->us),
                     tz ? qv_new_ref(qi, tz) : QV_NONE};
    return qv_dt_make(qi, (QvObj *)cls, args, 5);
}

int qv_dt_clock_args(QvInterp *qi, QvObj *const *args, QvObj *fold, QvClock *at)
{
    int hour = at->hour, minute = at->minute, second = at->second, us = at->us, f = at->fold;
    if (qv_dt_int(qi, args[0], &hour) < 0 || qv_dt_int(qi, args[1], &minute) < 0 ||
        qv_dt_int(qi, args[2], &second) < 0 || qv_dt_int(qi, args[3], &us) < 0 ||
        qv_dt_int(qi, fold, &f) < 0 || qv_dt_check_clock(qi, hour, minute, second, us, f) < 0) {
        return -1;
    }
    *at = (QvClock){.hour = (int8_t)hour,
                    .minute = (int8_t)minute,
                    .second = (int8_t)second,
                    .fold = (int8_t)f,
                    .us = us};
    return 0;
}

int qv_dt_state_tz(QvInterp *qi, QvObj *const *args, QvSsize nargs, QvObj **ret)
{
    *ret = nargs == 2 && args[1] != QV_NONE ? args[1] : NULL;
    return *ret && !qv_is_tz(*ret) ? qv_raise_int(qi, &qv_exc_TypeError, "bad tzinfo state arg")
                                   : 0;
}

static QvObj *time_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    QvObj *slots[6], *tz;
    uint8_t room[QV_STATE_TIME];
    QvClock at = {0};
    const uint8_t *state =
        (nargs == 1 || nargs == 2) && !kwnames ? qv_dt_state(args[0], QV_STATE_TIME, room) : NULL;
    if (state && (state[0] & 0x7F) < 24) {
        qv_clock_from_state(&at, state);
        return qv_dt_state_tz(qi, args, nargs, &tz) < 0 ? NULL : time_make(qi, type, &at, tz);
    }
    return qv_args(qi, "(hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)", args,
                   nargs, kwnames, slots) < 0 ||
                   qv_dt_clock_args(qi, slots, slots[5], &at) < 0 ||
                   qv_dt_check_tz(qi, slots[4], &tz) < 0
               ? NULL
               : time_make(qi, type, &at, tz);
}

static void time_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &qv_as_day_time(o)->tz); }

static int time_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(qv_as_day_time(o)->tz);
    return 0;
}

static QvObj *time_fromisoformat(QvInterp *qi, QvObj *cls, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *o = args[0], *tz;
    QvIsoClock clock;
    if (!qv_is_str(o)) {
        return qv_raise(qi, &qv_exc_TypeError, "fromisoformat: argument must be str");
    }
    const char *text = qv_str_data(o);
    QvSsize n = qv_str_len(o), skip = n > 0 && qv_str_is_ascii(o) && text[0] == 'T';
    if (!qv_str_is_ascii(o) || qv_iso_parse_clock(text + skip, n - skip, &clock) < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "Invalid isoformat string: %R", o);
    }
    if (qv_iso_zone(qi, &clock, &tz) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    if (qv_dt_check_clock(qi, clock.hour, clock.minute, clock.second, clock.us, 0) == 0) {
        QvClock at = qv_iso_clock(&clock);
        ret = qv_day_time_of(qi, (QvType *)cls, &at, tz);
    }
    qv_xdecref(qi, tz);
    return ret;
}

// ---- comparing ----------------------------------------------------------------------------------

int qv_clock_order(const QvClock *a, const QvClock *b)
{
    int x = a->hour * 3600 + a->minute * 60 + a->second;
    int y = b->hour * 3600 + b->minute * 60 + b->second;
    return x != y ? (x < y ? -1 : 1) : a->us - b->us;
}

static QvObj *time_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_is_day_time(w)) {
        return QV_NOTIMPLEMENTED;
    }
    QvDayTime *a = qv_as_day_time(v), *b = qv_as_day_time(w);
    if (a->tz == b->tz) {
        return qv_dt_order(qv_clock_order(&a->at, &b->at), op);
    }
    QvObj *x = NULL, *y = NULL, *ret = NULL;
    int known = qv_tz_offset(qi, a->tz, QV_NONE, &x);
    int also = known < 0 ? -1 : qv_tz_offset(qi, b->tz, QV_NONE, &y);
    if (also >= 0 && known == also) {
        int64_t us = 0;
        if (known) { // both as UTC
            us = (a->at.hour - b->at.hour) * INT64_C(3600) + (a->at.minute - b->at.minute) * 60 +
                 (a->at.second - b->at.second);
            us = us * QV_US_PER_S + (a->at.us - b->at.us) -
                 (int64_t)(qv_delta_us(qv_as_delta(x)) - qv_delta_us(qv_as_delta(y)));
        }
        ret = qv_dt_order(known ? (us > 0) - (us < 0) : qv_clock_order(&a->at, &b->at), op);
    } else if (also >= 0) {
        ret = op == QV_EQ   ? QV_FALSE
              : op == QV_NE ? QV_TRUE
                            : qv_raise(qi, &qv_exc_TypeError,
                                       "can't compare offset-naive and offset-aware times");
    }
    qv_xdecref(qi, x);
    qv_xdecref(qi, y);
    return ret;
}

QvHash qv_dt_hash_utc(QvInterp *qi, int days, const QvClock *at, QvObj *offset)
{
    QvObj *local = qv_delta_new(qi, days, at->hour * 3600 + at->minute * 60 + at->second, at->us);
    QvObj *utc = local ? qv_delta_sub(qi, local, offset) : NULL;
    QvHash hash = utc ? qv_hash(qi, utc) : -1;
    qv_xdecref(qi, local);
    qv_xdecref(qi, utc);
    return hash;
}

static QvHash time_hash(QvInterp *qi, QvObj *o)
{
    QvDayTime *t = qv_as_day_time(o);
    if (t->hash != -1) {
        return t->hash;
    }
    QvObj *offset;
    QvHash hash = -1;
    int known = qv_tz_offset(qi, t->tz, QV_NONE, &offset);
    if (known > 0) {
        hash = qv_dt_hash_utc(qi, 0, &t->at, offset);
        qv_decref(qi, offset);
    } else if (known == 0) {
        uint8_t state[QV_STATE_TIME];
        qv_clock_state(&t->at, false, state);
        hash = qv_dt_hash(state, sizeof state);
    }
    if (!qv_is_immortal(o)) {
        t->hash = hash;
    }
    return hash;
}

// ---- text ---------------------------------------------------------------------------------------

static QvObj *time_repr(QvInterp *qi, QvObj *o)
{
    QvDayTime *t = qv_as_day_time(o);
    char text[64];
    int n = snprintf(text, sizeof text, "%d, %d", t->at.hour, t->at.minute);
    if (t->at.second || t->at.us) {
        n += snprintf(text + n, sizeof text - (size_t)n, ", %d", t->at.second);
    }
    if (t->at.us) {
        snprintf(text + n, sizeof text - (size_t)n, ", %d", t->at.us);
    }
    const char *fold = t->at.fold ? ", fold=1" : "";
    return t->tz ? qv_str_format(qi, "%T(%s, tzinfo=%R%s)", o, text, t->tz, fold)
                 : qv_str_format(qi, "%T(%s%s)", o, text, fold);
}

static QvObj *time_isoformat(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvDayTime *t = qv_as_day_time(self);
    char text[QV_CLOCK_TEXT + QV_OFFSET_TEXT];
    int n = qv_dt_clock_text(qi, text, &t->at, args[0]);
    QvObj *offset;
    int known = n < 0 ? -1 : qv_tz_offset(qi, t->tz, QV_NONE, &offset);
    if (known < 0) {
        return NULL;
    }
    if (known) {
        n += qv_dt_offset_text(text + n, offset, ":");
        qv_decref(qi, offset);
    }
    return qv_str_new_ascii(qi, text, n);
}

static QvObj *time_str(QvInterp *qi, QvObj *o) { return qv_call_method0(qi, o, QV_N(isoformat)); }

static QvObj *time_strftime(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *tuple = qv_dt_time_tuple(qi, 1900, 1, 1, &qv_as_day_time(self)->at, -1);
    QvObj *ret = tuple ? qv_dt_strftime(qi, self, args[0], tuple) : NULL;
    qv_xdecref(qi, tuple);
    return ret;
}

static QvObj *time_format(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_dt_format(qi, self, args[0]);
}

// ---- parts --------------------------------------------------------------------------------------

static QvObj *time_replace(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvClock at = qv_as_day_time(self)->at;
    QvObj *tz = qv_as_day_time(self)->tz;
    return qv_dt_clock_args(qi, args, args[5], &at) < 0 ||
                   (args[4] && qv_dt_check_tz(qi, args[4], &tz) < 0)
               ? NULL
               : time_make(qi, self->type, &at, tz);
}

QvObj *qv_dt_reduce(QvInterp *qi, QvObj *self, const uint8_t *bytes, QvSsize n, QvObj *tz)
{
    QvObj *state = qv_bytes_new(qi, bytes, n);
    QvObj *inner = !state ? NULL : tz ? qv_tuple_of(qi, 2, state, tz) : qv_tuple_of(qi, 1, state);
    QvObj *ret = inner ? qv_tuple_of(qi, 2, self->type, inner) : NULL;
    qv_xdecref(qi, state);
    qv_xdecref(qi, inner);
    return ret;
}

static QvObj *reduce(QvInterp *qi, QvObj *self, int protocol)
{
    uint8_t bytes[QV_STATE_TIME];
    qv_clock_state(&qv_as_day_time(self)->at, protocol > 3, bytes);
    return qv_dt_reduce(qi, self, bytes, sizeof bytes, qv_as_day_time(self)->tz);
}

static QvObj *time_reduce_ex(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int protocol = 0;
    return qv_dt_int(qi, args[0], &protocol) < 0 ? NULL : reduce(qi, self, protocol);
}

static QvObj *time_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return reduce(qi, self, 2);
}

static QV_SEALED QvDayTime time_min = {.h = QV_STATIC_HEADER(&qv_datetime_time_type), .hash = -1};
static QV_SEALED QvDayTime time_max = {
    .h = QV_STATIC_HEADER(&qv_datetime_time_type),
    .hash = -1,
    .at = {.hour = 23, .minute = 59, .second = 59, .us = QV_US_PER_S - 1}};
static QvObj *get_min(QvInterp *qi, QvObj *type)
{
    (void)qi, (void)type;
    return &time_min.h;
}
static QvObj *get_max(QvInterp *qi, QvObj *type)
{
    (void)qi, (void)type;
    return &time_max.h;
}
static const QvNativeDef methods[] = {
    {"isoformat", time_isoformat, "($self, timespec='auto')",
     "Return string in ISO 8601 format, [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n\n"
     "The optional argument timespec specifies the number of additional terms\n"
     "of the time to include. Valid options are 'auto', 'hours', 'minutes',\n"
     "'seconds', 'milliseconds' and 'microseconds'.\n"},
    {"strftime", time_strftime, "($self, format)", "format -> strftime() style string."},
    {"__format__", time_format, "($self, format_spec, /)", "Formats self with strftime."},
    {"utcoffset", qv_clocked_utcoffset, "($self, /)", "Return self.tzinfo.utcoffset(self)."},
    {"tzname", qv_clocked_tzname, "($self, /)", "Return self.tzinfo.tzname(self)."},
    {"dst", qv_clocked_dst, "($self, /)", "Return self.tzinfo.dst(self)."},
    {"replace", time_replace,
     "($self, hour=None, minute=None, second=None, microsecond=None, tzinfo=None, *, fold=None)",
     "Return time with new specified fields."},
    {"fromisoformat", time_fromisoformat, "($type, string, /)",
     "string -> time from a string in ISO 8601 format"},
    {"__reduce_ex__", time_reduce_ex, "($self, protocol, /)",
     "__reduce_ex__(proto) -> (cls, state)"},
    {"__reduce__", time_reduce, "($self, /)", "__reduce__() -> (cls, state)"},
    {0},
};

static const QvGetSet getsets[] = {
    QV_CLOCKED_PARTS,
    {"min", get_min, NULL, NULL, true},
    {"max", get_max, NULL, NULL, true},
    {"resolution", qv_delta_get_tick, NULL, NULL, true},
    {0},
};

QV_SEALED QvType qv_datetime_time_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "datetime.time",
    .id = QV_TID_datetime_time,
    .flags = QV_T_BASE | QV_T_GC,
    .base = &qv_object_type,
    .size = sizeof(QvDayTime),
    .doc = "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\n"
           "All arguments are optional. tzinfo may be None, or an instance of\n"
           "a tzinfo subclass. The remaining arguments may be ints.\n",
    .methods = methods,
    .getsets = getsets,
    .new_ = time_new,
    .fini = time_fini,
    .traverse = time_traverse,
    .repr = time_repr,
    .str = time_str,
    .hash = time_hash,
    .richcmp = time_richcmp,
};
