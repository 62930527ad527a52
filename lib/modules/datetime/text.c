// SPDX-License-Identifier: MIT
// Dates and times as text: isoformat's times, strftime, format(), and time tuples.
#include <stdio.h>

#include "modules/datetime/datetime.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"

int qv_dt_clock_text(QvInterp *qi, char *text, const QvClock *at, QvObj *timespec)
{
    static const char *const specs[] = {"hours",        "minutes",      "seconds",
                                        "milliseconds", "microseconds", "auto"};
    int spec = 5;
    if (timespec) {
        if (!qv_is_str(timespec)) {
            return qv_raise_int(qi, &qv_exc_TypeError, "isoformat() argument must be str, not %s",
                                qv_arg_type_name(timespec));
        }
        for (spec = 0; spec < 6 && !qv_str_eq_ascii(timespec, specs[spec]); spec++) {}
    }
    switch (spec == 5 ? (at->us ? 4 : 2) : spec) {
    case 0: return snprintf(text, QV_CLOCK_TEXT, "%02d", at->hour);
    case 1: return snprintf(text, QV_CLOCK_TEXT, "%02d:%02d", at->hour, at->minute);
    case 2:
        return snprintf(text, QV_CLOCK_TEXT, "%02d:%02d:%02d", at->hour, at->minute, at->second);
    case 3:
        return snprintf(text, QV_CLOCK_TEXT, "%02d:%02d:%02d.%03d", at->hour, at->minute,
                        at->second, at->us / 1000);
    case 4:
        return snprintf(text, QV_CLOCK_TEXT, "%02d:%02d:%02d.%06d", at->hour, at->minute,
                        at->second, at->us);
    default: return qv_raise_int(qi, &qv_exc_ValueError, "Unknown timespec value");
    }
}

// ---- strftime -----------------------------------------------------------------------------------

// What stands for %z. 0/-1
static int put_offset(QvInterp *qi, QvStrBuf *b, QvObj *tz, QvObj *dt)
{
    QvObj *offset;
    int known = qv_tz_offset(qi, tz, dt, &offset);
    if (known > 0) {
        char text[QV_OFFSET_TEXT];
        int n = qv_dt_offset_text(text, offset, "");
        qv_strbuf_ascii(b, text, n);
        qv_decref(qi, offset);
    }
    return known < 0 ? -1 : 0;
}

// What stands for %Z, safe from time.strftime. 0/-1
static int put_zone(QvInterp *qi, QvStrBuf *b, QvObj *tz, QvObj *dt)
{
    QvObj *name = qv_tz_name(qi, tz, dt);
    if (!name || name == QV_NONE) {
        return name ? 0 : -1;
    }
    QvObj *args[] = {qv_str_from_char(qi, '%'), qv_str_new_ascii(qi, "%%", 2)};
    QvObj *safe = args[0] && args[1] ? qv_call_method(qi, name, QV_N(replace), args, 2) : NULL;
    if (safe && !qv_is_str(safe)) { // a str's subclass may replace it by anything
        qv_raise(qi, &qv_exc_TypeError, "tzname.replace() did not return a string");
        qv_clear(qi, &safe);
    }
    if (safe) {
        qv_strbuf_str(b, safe);
    }
    int ret = safe ? 0 : -1;
    qv_xdecref(qi, safe);
    qv_xdecref(qi, args[0]);
    qv_xdecref(qi, args[1]);
    qv_decref(qi, name);
    return ret;
}

QvObj *qv_dt_strftime(QvInterp *qi, QvObj *o, QvObj *format, QvObj *time_tuple)
{
    if (!qv_is_str(format)) {
        return qv_raise(qi, &qv_exc_TypeError, "strftime() argument 1 must be str, not %s",
                        qv_arg_type_name(format));
    }
    bool clocked = qv_is_stamp(o) || qv_is_day_time(o); // else a date
    QvObj *dt = QV_NONE, *tz = clocked ? qv_clocked_tz(o, &dt) : NULL;
    int us = clocked ? qv_clocked_at(o)->us : 0;
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    int bad = 0;
    QvSsize n = qv_str_len(format);
    for (QvSsize k = 0; k < n && !bad; k++) {
        uint32_t c = qv_str_read(format, k), kind = k + 1 < n ? qv_str_read(format, k + 1) : 0;
        if (c != '%' || k + 1 == n) {
            qv_strbuf_char(&b, c);
            continue;
        }
        k++;
        if (kind == 'z') {
            bad = put_offset(qi, &b, tz, dt);
        } else if (kind == 'Z') {
            bad = put_zone(qi, &b, tz, dt);
        } else if (kind == 'f') {
            char text[16];
            qv_strbuf_ascii(&b, text, snprintf(text, sizeof text, "%06d", us));
        } else {
            qv_strbuf_char(&b, c);
            qv_strbuf_char(&b, kind);
        }
    }
    QvObj *ready = NULL, *time = NULL, *ret = NULL;
    if (bad) {
        qv_strbuf_fini(&b);
    } else {
        ready = qv_strbuf_finish(&b);
        time = ready ? qv_import(qi, "time") : NULL;
    }
    if (time) {
        QvObj *args[] = {ready, time_tuple};
        ret = qv_call_method(qi, time, QV_N(strftime), args, 2);
    }
    qv_xdecref(qi, ready);
    qv_xdecref(qi, time);
    return ret;
}

QvObj *qv_dt_format(QvInterp *qi, QvObj *o, QvObj *spec)
{
    if (!qv_is_str(spec)) {
        return qv_raise(qi, &qv_exc_TypeError, "__format__() argument 1 must be str, not %s",
                        qv_arg_type_name(spec));
    }
    return qv_str_len(spec) == 0 ? qv_str(qi, o) : qv_call_method1(qi, o, QV_N(strftime), spec);
}

QvObj *qv_dt_time_tuple(QvInterp *qi, int year, int month, int day, const QvClock *at, int dst)
{
    int ordinal = qv_civil_ordinal(year, month, day);
    int parts[9] = {year,
                    month,
                    day,
                    at->hour,
                    at->minute,
                    at->second,
                    qv_civil_weekday(ordinal),
                    ordinal - qv_civil_days_before_year(year),
                    dst};
    QvObj *plain = qv_tuple_new(qi, 9);
    for (int k = 0; plain && k < 9; k++) {
        QvObj *x = qv_int_from_i64(qi, parts[k]);
        if (x) {
            qv_tuple_items(plain)[k] = x;
        } else {
            qv_clear(qi, &plain);
        }
    }
    QvObj *time = plain ? qv_import(qi, "time") : NULL;
    QvObj *ret = time ? qv_call_method1(qi, time, QV_N(struct_time), plain) : NULL;
    qv_xdecref(qi, plain);
    qv_xdecref(qi, time);
    return ret;
}
