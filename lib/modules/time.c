// SPDX-License-Identifier: MIT
// The module time: clocks, sleep, broken-down times.
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "modules/_locale.h"
#include "modules/modules.h"
#include "object/caps.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/namespace.h"
#include "object/dict.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"

#define SLEEP_SLICE \
    (20 * QV_NS_PER_MS) // longest sleep between looks at the poll flag without the host's hook

typedef struct TimeState {
    QvObj *struct_time; // the type
} TimeState;

static TimeState *state_of(QvObj *m) { return qv_module_state(m); }

// ---- clocks -------------------------------------------------------------------------------------

static QvObj *seconds(QvInterp *qi, int64_t ns) { return qv_float_new(qi, (double)ns * 1e-9); }

// Wall time has more digits than a double holds ns: divide, do not multiply, for the nearest
// double.
static QvObj *time_time(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    int64_t ns = qv_cap_clock(qi, qv_clock_wall());
    return qv_float_new(qi, (double)ns / 1e9);
}
static QvObj *time_time_ns(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, qv_cap_clock(qi, qv_clock_wall()));
}
static QvObj *time_monotonic(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return seconds(qi, qv_cap_clock(qi, qv_clock_monotonic()));
}
static QvObj *time_monotonic_ns(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, qv_cap_clock(qi, qv_clock_monotonic()));
}
static QvObj *time_process_time(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return seconds(qi, qv_cap_clock(qi, qv_clock_process_cpu()));
}
static QvObj *time_process_time_ns(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, qv_cap_clock(qi, qv_clock_process_cpu()));
}
static QvObj *time_thread_time(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return seconds(qi, qv_cap_clock(qi, qv_clock_thread_cpu()));
}
static QvObj *time_thread_time_ns(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, qv_cap_clock(qi, qv_clock_thread_cpu()));
}

static int clock_number(QvInterp *qi, QvObj *o, int64_t *ret) { return qv_int_to_i64(qi, o, ret); }

static QvObj *clock_get(QvInterp *qi, QvObj *which, bool ns, bool resolution)
{
    int64_t clk;
    struct timespec ts;
    if (clock_number(qi, which, &clk) < 0) {
        return NULL;
    }
    if ((resolution ? clock_getres((clockid_t)clk, &ts) : clock_gettime((clockid_t)clk, &ts)) < 0) {
        return qv_raise_errno(qi, errno, NULL, NULL);
    }
    if (QV_UNLIKELY(qi->clock_ns > 1)) {
        int64_t all = (int64_t)ts.tv_sec * QV_NS_PER_S + ts.tv_nsec;
        all = resolution ? qi->clock_ns : qv_cap_clock(qi, all);
        ts = (struct timespec){.tv_sec = all / QV_NS_PER_S, .tv_nsec = all % QV_NS_PER_S};
    }
    if (ns) {
        return qv_int_from_i64(qi, (int64_t)ts.tv_sec * QV_NS_PER_S + ts.tv_nsec);
    }
    return qv_float_new(qi, (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9);
}
static QvObj *time_clock_gettime(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return clock_get(qi, a[0], false, false);
}
static QvObj *time_clock_gettime_ns(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return clock_get(qi, a[0], true, false);
}
static QvObj *time_clock_getres(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return clock_get(qi, a[0], false, true);
}

static QvObj *clock_set(QvInterp *qi, QvObj *which, int64_t ns)
{
    int64_t clk;
    if (clock_number(qi, which, &clk) < 0) {
        return NULL;
    }
    int64_t sub = ns % QV_NS_PER_S;
    sub += sub < 0 ? QV_NS_PER_S : 0;
    struct timespec ts = {.tv_sec = (time_t)((ns - sub) / QV_NS_PER_S), .tv_nsec = (long)sub};
    return clock_settime((clockid_t)clk, &ts) < 0 ? qv_raise_errno(qi, errno, NULL, NULL) : QV_NONE;
}
static QvObj *time_clock_settime(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int64_t ns = 0;
    return qv_time_to_ns(qi, a[1], &ns) < 0 ? NULL : clock_set(qi, a[0], ns);
}
static QvObj *time_clock_settime_ns(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int64_t ns = 0;
    if (!qv_is_int(a[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "expect int, got %T", a[1]);
    }
    if (!qv_int_as_i64(a[1], &ns)) {
        return qv_raise(qi, &qv_exc_OverflowError, "int too big to convert");
    }
    return clock_set(qi, a[0], ns);
}

// A number that is no thread would read wild memory: only threads inside this interpreter count.
static QvObj *time_pthread_getcpuclockid(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    uint64_t id;
    if (qv_int_to_u64(qi, a[0], &id) < 0) {
        return NULL;
    }
    QvThread *ts = qi->threads;
    while (ts && ts->os_id != id) {
        ts = ts->next;
    }
    clockid_t clk;
    int err = ts ? pthread_getcpuclockid((pthread_t)id, &clk) : ESRCH;
    return err ? qv_raise_errno(qi, err, NULL, NULL) : qv_int_from_i64(qi, clk);
}

// ---- sleep --------------------------------------------------------------------------------------

int qv_time_to_ns(QvInterp *qi, QvObj *o, int64_t *ret)
{
    double d;
    if (qv_is_float(o)) {
        d = qv_float_value(o);
        if (isnan(d)) {
            return qv_raise_int(qi, &qv_exc_ValueError, "Invalid value NaN (not a number)");
        }
    } else {
        int64_t s;
        QvObj *i = qv_index(qi, o);
        int fits = i ? qv_int_as_i64(i, &s) : 0;
        if (i && fits && !__builtin_mul_overflow(s, QV_NS_PER_S, ret)) {
            qv_decref(qi, i);
            return 0;
        }
        qv_xdecref(qi, i);
        return i ? qv_raise_int(qi, &qv_exc_OverflowError,
                                "timestamp too large to convert to C _PyTime_t")
                 : -1;
    }
    d = ceil(d * 1e9);
    if (!(d >= -0x1p63 && d < 0x1p63)) {
        return qv_raise_int(qi, &qv_exc_OverflowError,
                            "timestamp too large to convert to C _PyTime_t");
    }
    *ret = (int64_t)d;
    return 0;
}

static void sleep_once(QvInterp *qi, int64_t deadline)
{
    if (qi->hooks.sleep) {
        qi->hooks.sleep(qi, deadline);
        return;
    }
    int64_t slice = qv_clock_add(qv_clock_monotonic(), SLEEP_SLICE);
    if (qi->hooks.unlock) {
        qi->hooks.unlock(qi);
    }
    qv_clock_sleep_until(deadline < slice ? deadline : slice);
    if (qi->hooks.lock) {
        qi->hooks.lock(qi);
    }
}

static QvObj *time_sleep(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int64_t ns = 0;
    if (qv_time_to_ns(qi, a[0], &ns) < 0) {
        return NULL;
    }
    if (ns < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "sleep length must be non-negative");
    }
    int64_t deadline = qv_clock_add(qv_clock_monotonic(), ns);
    if (ns == 0) { // gives others a turn
        if (qi->hooks.unlock) {
            qi->hooks.unlock(qi);
            qi->hooks.lock(qi);
        }
        return qv_poll_peek(qi) && qv_poll(qi) < 0 ? NULL : QV_NONE;
    }
    do {
        sleep_once(qi, deadline);
        if (qv_poll_peek(qi) && qv_poll(qi) < 0) {
            return NULL;
        }
    } while (qv_clock_monotonic() < deadline);
    return QV_NONE;
}

// ---- broken-down times --------------------------------------------------------------------------

static const QvStructSeqField time_fields[] = {
    {"tm_year", "year, for example, 1993"},
    {"tm_mon", "month of year, range [1, 12]"},
    {"tm_mday", "day of month, range [1, 31]"},
    {"tm_hour", "hours, range [0, 23]"},
    {"tm_min", "minutes, range [0, 59]"},
    {"tm_sec", "seconds, range [0, 61])"},
    {"tm_wday", "day of week, range [0, 6], Monday is 0"},
    {"tm_yday", "day of year, range [1, 366]"},
    {"tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"},
    {"tm_zone", "abbreviation of timezone name"},
    {"tm_gmtoff", "offset from UTC in seconds"},
    {0},
};

// The name of a time's zone: libc's text, written once under its own lock and never freed. A
// function of its own, for tests/tsan_suppressions.txt names it.
__attribute__((noinline)) QvObj *qv_time_zone_name(QvInterp *qi, const struct tm *tm)
{
    return qv_str_new_cstr(qi, tm->tm_zone ? tm->tm_zone : "");
}

static QvObj *from_tm(QvInterp *qi, QvObj *m, const struct tm *tm)
{
    QvObj *values[11] = {qv_int_from_i64(qi, (int64_t)tm->tm_year + 1900),
                         qv_int_from_i64(qi, tm->tm_mon + 1),
                         qv_int_from_i64(qi, tm->tm_mday),
                         qv_int_from_i64(qi, tm->tm_hour),
                         qv_int_from_i64(qi, tm->tm_min),
                         qv_int_from_i64(qi, tm->tm_sec),
                         qv_int_from_i64(qi, (tm->tm_wday + 6) % 7),
                         qv_int_from_i64(qi, tm->tm_yday + 1),
                         qv_int_from_i64(qi, tm->tm_isdst),
                         qv_time_zone_name(qi, tm),
                         qv_int_from_i64(qi, tm->tm_gmtoff)};
    return qv_structseq_new(qi, state_of(m)->struct_time, values);
}

// Seconds since the epoch of an argument that may be missing or None: rounded down.
static int seconds_arg(QvInterp *qi, QvObj *o, time_t *ret)
{
    if (!o || o == QV_NONE) {
        *ret = time(NULL);
        return 0;
    }
    if (qv_is_float(o)) {
        double d = floor(qv_float_value(o));
        if (isnan(d)) {
            return qv_raise_int(qi, &qv_exc_ValueError, "Invalid value NaN (not a number)");
        }
        if (!(d >= -9.2e18 && d <= 9.2e18)) {
            return qv_raise_int(qi, &qv_exc_OverflowError,
                                "timestamp out of range for platform time_t");
        }
        *ret = (time_t)d;
        return 0;
    }
    QvObj *i = qv_index(qi, o);
    int64_t s = 0;
    int fits = i ? qv_int_as_i64(i, &s) : 0;
    qv_xdecref(qi, i);
    if (i && !fits) {
        return qv_raise_int(qi, &qv_exc_OverflowError,
                            "timestamp out of range for platform time_t");
    }
    *ret = s;
    return i ? 0 : -1;
}

static QvObj *time_localtime(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    time_t t;
    struct tm tm;
    if (seconds_arg(qi, a[0], &t) < 0) {
        return NULL;
    }
    return localtime_r(&t, &tm) ? from_tm(qi, m, &tm) : qv_raise_errno(qi, errno, NULL, NULL);
}
static QvObj *time_gmtime(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    time_t t;
    struct tm tm;
    if (seconds_arg(qi, a[0], &t) < 0) {
        return NULL;
    }
    if (!gmtime_r(&t, &tm)) {
        return qv_raise_errno(qi, errno, NULL, NULL);
    }
    return from_tm(qi, m, &tm);
}

// A 9-tuple or struct_time as struct tm. func for messages. 0/-1
static int to_tm(QvInterp *qi, QvObj *m, QvObj *o, struct tm *tm, const char *format_error)
{
    if (!qv_is_tuple(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "Tuple or struct_time argument required");
    }
    if (qv_tuple_len(o) != 9) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s", format_error);
    }
    int64_t v[9];
    for (int k = 0; k < 9; k++) {
        QvObj *i = qv_index(qi, qv_tuple_peek(o, k));
        int bad = i ? qv_int_to_i64(qi, i, &v[k]) : -1;
        qv_xdecref(qi, i);
        if (bad < 0) {
            return -1;
        }
        if (v[k] != (int32_t)v[k]) {
            return qv_raise_int(qi, &qv_exc_OverflowError,
                                v[k] > 0 ? "signed integer is greater than maximum"
                                         : "signed integer is less than minimum");
        }
    }
    if (v[0] < (int64_t)INT32_MIN + 1900) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "year out of range");
    }
    *tm = (struct tm){.tm_year = (int)(v[0] - 1900),
                      .tm_mon = (int)v[1] - 1,
                      .tm_mday = (int)v[2],
                      .tm_hour = (int)v[3],
                      .tm_min = (int)v[4],
                      .tm_sec = (int)v[5],
                      .tm_wday = (int)((v[6] + 1) % 7),
                      .tm_yday = (int)v[7] - 1,
                      .tm_isdst = (int)v[8]};
    if (qv_is_instance_of(o, (QvType *)state_of(m)->struct_time)) {
        QvObj *off = qv_getattr_cstr(qi, o, "tm_gmtoff");
        int64_t gmtoff;
        if (!off) {
            return -1;
        }
        if (qv_is_int(off) && qv_int_as_i64(off, &gmtoff)) {
            tm->tm_gmtoff = (long)gmtoff;
        }
        qv_decref(qi, off);
    }
    return 0;
}

// What strftime and asctime accept; zero counts as the first where CPython lets it.
static int check_tm(QvInterp *qi, struct tm *tm)
{
    tm->tm_mon = tm->tm_mon == -1 ? 0 : tm->tm_mon;
    tm->tm_mday = tm->tm_mday == 0 ? 1 : tm->tm_mday;
    tm->tm_yday = tm->tm_yday == -1 ? 0 : tm->tm_yday;
    const char *what = tm->tm_mon < 0 || tm->tm_mon > 11      ? "month out of range"
                       : tm->tm_mday < 0 || tm->tm_mday > 31  ? "day of month out of range"
                       : tm->tm_hour < 0 || tm->tm_hour > 23  ? "hour out of range"
                       : tm->tm_min < 0 || tm->tm_min > 59    ? "minute out of range"
                       : tm->tm_sec < 0 || tm->tm_sec > 61    ? "seconds out of range"
                       : tm->tm_wday < 0                      ? "day of week out of range"
                       : tm->tm_yday < 0 || tm->tm_yday > 365 ? "day of year out of range"
                                                              : NULL;
    return what ? qv_raise_int(qi, &qv_exc_ValueError, "%s", what) : 0;
}

static QvObj *time_mktime(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    struct tm tm;
    if (to_tm(qi, m, a[0], &tm, "mktime(): illegal time tuple argument") < 0) {
        return NULL;
    }
    tm.tm_wday = -1; // stays -1 only when it fails
    time_t t = mktime(&tm);
    if (t == (time_t)-1 && tm.tm_wday == -1) {
        return qv_raise(qi, &qv_exc_OverflowError, "mktime argument out of range");
    }
    return qv_float_new(qi, (double)t);
}

static int now_local(QvInterp *qi, struct tm *tm)
{
    time_t t = time(NULL);
    if (localtime_r(&t, tm)) {
        return 0;
    }
    qv_raise_errno(qi, errno, NULL, NULL);
    return -1;
}

static QvObj *asctime_text(QvInterp *qi, const struct tm *tm)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[48];
    snprintf(text, sizeof text, "%s %s%3d %.2d:%.2d:%.2d %d", days[tm->tm_wday % 7],
             months[tm->tm_mon], tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec,
             1900 + tm->tm_year);
    return qv_str_new_cstr(qi, text);
}

static QvObj *time_asctime(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    struct tm tm;
    int bad = a[0] ? to_tm(qi, m, a[0], &tm, "asctime(): illegal time tuple argument") < 0 ||
                         check_tm(qi, &tm) < 0
                   : now_local(qi, &tm) < 0;
    return bad ? NULL : asctime_text(qi, &tm);
}

static QvObj *time_ctime(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    time_t t;
    struct tm tm;
    if (seconds_arg(qi, a[0], &t) < 0) {
        return NULL;
    }
    return localtime_r(&t, &tm) ? asctime_text(qi, &tm) : qv_raise_errno(qi, errno, NULL, NULL);
}

#define PIECE 4096 // bytes of a format between two polls

// Where the format's piece at p ends: not within a directive. A directive is %, flags, a width,
// E or O, and a letter.
static const char *piece_end(const char *p)
{
    const char *start = p;
    while (*p && p - start < PIECE) {
        if (*p++ == '%') {
            p += strspn(p, "_-0^#+:123456789EO");
            p += *p != 0;
        }
    }
    return p;
}

// Appends what strftime makes of a format. 0/-1.
static int format_piece(QvInterp *qi, QvBuf *to, const char *format, size_t n, const struct tm *tm)
{
    for (size_t cap = 1024;; cap *= 2) {
        char *text = qv_alloc(qi, cap);
        if (!text) {
            return -1;
        }
        locale_t l = qv_locale_peek(qi);
        size_t len = l == LC_GLOBAL_LOCALE ? strftime(text, cap, format, tm)
                                           : strftime_l(text, cap, format, tm, l);
        if (len > 0 || cap >= 256 * n) { // a format may well give nothing (%p in some languages)
            qv_buf_append(to, text, len);
            qv_free(qi, text, cap);
            return qv_poll_here(qi);
        }
        qv_free(qi, text, cap);
    }
}

static QvObj *formatted(QvInterp *qi, const char *format, const struct tm *tm)
{
    QvBuf text;
    qv_buf_init(&text);
    text.heap = &qi->heap;
    int status = 0;
    while (*format && status == 0) {
        const char *end = piece_end(format);
        size_t n = (size_t)(end - format);
        if (*end == 0) {
            status = format_piece(qi, &text, format, n, tm);
        } else {
            char *piece = qv_alloc(qi, n + 1);
            if (piece) {
                memcpy(piece, format, n);
                piece[n] = 0;
            }
            status = piece ? format_piece(qi, &text, piece, n, tm) : -1;
            if (piece) {
                qv_free(qi, piece, n + 1);
            }
        }
        format = end;
    }
    qv_buf_append_char(&text, 0);
    QvObj *result = status < 0 ? NULL
                    : text.oom ? qv_raise_oom(qi)
                               : qv_str_new_cstr(qi, text.data);
    qv_buf_fini(&text);
    return result;
}

static QvObj *time_strftime(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    struct tm tm;
    if (!qv_is_str(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "strftime() argument 1 must be str, not %T", a[0]);
    }
    if (a[1] ? to_tm(qi, m, a[1], &tm, "strftime(): illegal time tuple argument") < 0 ||
                   check_tm(qi, &tm) < 0
             : now_local(qi, &tm) < 0) {
        return NULL;
    }
    tm.tm_isdst = tm.tm_isdst < -1 ? -1 : tm.tm_isdst > 1 ? 1 : tm.tm_isdst;
    // A struct_time knows its zone; for a plain tuple the C library takes what isdst says.
    QvUtf8 zone = {0}, format;
    if (a[1] && qv_is_instance_of(a[1], (QvType *)state_of(m)->struct_time)) {
        QvObj *name = qv_getattr_cstr(qi, a[1], "tm_zone");
        int bad = name ? (qv_is_str(name) ? qv_str_utf8(qi, name, &zone) : 0) : -1;
        qv_xdecref(qi, name); // the struct_time keeps it
        if (bad < 0) {
            return NULL;
        }
        tm.tm_zone = zone.s;
    }
    if (qv_str_utf8_surrogates(qi, a[0], &format, true) < 0) {
        qv_utf8_release(qi, &zone);
        return NULL;
    }
    QvObj *result = NULL;
    if (strlen(format.s) != (size_t)format.n) {
        qv_raise(qi, &qv_exc_ValueError, "embedded null character");
    } else if (format.n == 0) {
        result = qv_new_ref(qi, QV_N(empty));
    } else {
        result = formatted(qi, format.s, &tm);
    }
    qv_utf8_release(qi, &zone);
    qv_utf8_release(qi, &format);
    return result;
}

static QvObj *time_strptime(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m;
    QvObj *module = qv_import(qi, "_strptime");
    QvObj *f = module ? qv_getattr_cstr(qi, module, "_strptime_time") : NULL;
    qv_xdecref(qi, module);
    QvObj *result = f ? qv_call(qi, f, a, n < 2 || !a[1] ? 1 : 2, NULL) : NULL;
    qv_xdecref(qi, f);
    return result;
}

// ---- the time zone ------------------------------------------------------------------------------

static int add_zone(QvInterp *qi, QvObj *m)
{
    // The offsets of January and July tell whether there is summer time; the later year half
    // decides which name is which.
    time_t year = 365 * 24 * 3600 + 6 * 3600;
    time_t t = time(NULL) / year * year;
    struct tm jan, jul;
    time_t half = t + year / 2;
    if (!localtime_r(&t, &jan) || !localtime_r(&half, &jul)) {
        qv_raise_errno(qi, errno, NULL, NULL);
        return -1;
    }
    bool south = jan.tm_gmtoff > jul.tm_gmtoff; // summer in January
    const struct tm *winter = south ? &jul : &jan, *summer = south ? &jan : &jul;
    QvObj *names[2] = {qv_time_zone_name(qi, winter), qv_time_zone_name(qi, summer)};
    if (!names[0] || !names[1]) {
        qv_xdecref(qi, names[0]);
        qv_xdecref(qi, names[1]);
        return -1;
    }
    return qv_module_add_int(qi, m, "timezone", -winter->tm_gmtoff) < 0 ||
                   qv_module_add_int(qi, m, "altzone", -summer->tm_gmtoff) < 0 ||
                   qv_module_add_int(qi, m, "daylight", winter->tm_gmtoff != summer->tm_gmtoff) <
                       0 ||
                   qv_module_add_take(qi, m, "tzname", qv_tuple_from_array_take(qi, names, 2)) < 0
               ? -1
               : 0;
}

static QvObj *time_tzset(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)a, (void)n;
    tzset();
    return add_zone(qi, m) < 0 ? NULL : QV_NONE;
}

static QvObj *time_get_clock_info(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    static const struct {
        const char *name, *implementation;
        clockid_t id;
        bool monotonic, adjustable;
    } clocks[] = {
        {"time", "clock_gettime(CLOCK_REALTIME)", CLOCK_REALTIME, false, true},
        {"monotonic", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
        {"perf_counter", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
        {"process_time", "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", CLOCK_PROCESS_CPUTIME_ID, true,
         false},
        {"thread_time", "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", CLOCK_THREAD_CPUTIME_ID, true,
         false},
    };
    if (!qv_is_str(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "get_clock_info() argument 1 must be str, not %T",
                        a[0]);
    }
    for (size_t k = 0; k < sizeof clocks / sizeof *clocks; k++) {
        if (!qv_str_eq_ascii(a[0], clocks[k].name)) {
            continue;
        }
        struct timespec res;
        if (clock_getres(clocks[k].id, &res) < 0) {
            return qv_raise_errno(qi, errno, NULL, NULL);
        }
        QvObj *d = qv_dict_new(qi);
        bool ok = d &&
                  qv_dict_set_cstr_take(qi, d, "implementation",
                                        qv_str_new_cstr(qi, clocks[k].implementation)) == 0 &&
                  qv_dict_set_cstr_take(qi, d, "monotonic", qv_bool(clocks[k].monotonic)) == 0 &&
                  qv_dict_set_cstr_take(qi, d, "adjustable", qv_bool(clocks[k].adjustable)) == 0 &&
                  qv_dict_set_cstr_take(
                      qi, d, "resolution",
                      qv_float_new(qi, (double)res.tv_sec + (double)res.tv_nsec * 1e-9)) == 0;
        QvObj *info = ok ? qv_namespace_new(qi, d) : NULL;
        qv_xdecref(qi, d);
        return info;
    }
    return qv_raise(qi, &qv_exc_ValueError, "unknown clock");
}

// ---- module -------------------------------------------------------------------------------------

static const QvNativeDef functions[] = {
    {"asctime", time_asctime, "($module, tuple=<now>, /)",
     "Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'."},
    {"clock_getres", time_clock_getres, "($module, clk_id, /)",
     "Return the resolution (precision) of the specified clock clk_id."},
    {"clock_gettime", time_clock_gettime, "($module, clk_id, /)",
     "Return the time of the specified clock clk_id."},
    {"clock_settime", time_clock_settime, "($module, clk_id, time, /)",
     "clock_settime(clk_id, time)\n\nSet the time of the specified clock clk_id."},
    {"clock_settime_ns", time_clock_settime_ns, "($module, clk_id, time, /)",
     "clock_settime_ns(clk_id, time)\n\nSet the time of the specified clock clk_id with "
     "nanoseconds."},
    {"pthread_getcpuclockid", time_pthread_getcpuclockid, "($module, thread_id, /)",
     "pthread_getcpuclockid(thread_id) -> int\n\nReturn the clk_id of a thread's CPU time clock."},
    {"clock_gettime_ns", time_clock_gettime_ns, "($module, clk_id, /)",
     "Return the time of the specified clock clk_id as nanoseconds."},
    {"ctime", time_ctime, "($module, seconds=None, /)",
     "Convert a time in seconds since the Epoch to a string in local time."},
    {"get_clock_info", time_get_clock_info, "($module, name, /)",
     "Get information of the specified clock."},
    {"gmtime", time_gmtime, "($module, seconds=None, /)",
     "Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a. GMT)."},
    {"localtime", time_localtime, "($module, seconds=None, /)",
     "Convert seconds since the Epoch to a time tuple expressing local time."},
    {"mktime", time_mktime, "($module, tuple, /)",
     "Convert a time tuple in local time to seconds since the Epoch."},
    {"monotonic", time_monotonic, "($module, /)", "Monotonic clock, cannot go backward."},
    {"monotonic_ns", time_monotonic_ns, "($module, /)",
     "Monotonic clock, cannot go backward, as nanoseconds."},
    {"perf_counter", time_monotonic, "($module, /)", "Performance counter for benchmarking."},
    {"perf_counter_ns", time_monotonic_ns, "($module, /)",
     "Performance counter for benchmarking as nanoseconds."},
    {"process_time", time_process_time, "($module, /)",
     "Process time for profiling: sum of the kernel and user-space CPU time."},
    {"process_time_ns", time_process_time_ns, "($module, /)",
     "Process time for profiling as nanoseconds."},
    {"sleep", time_sleep, "($module, seconds, /)",
     "Delay execution for a given number of seconds."},
    {"strftime", time_strftime, "($module, format, tuple=<now>, /)",
     "Convert a time tuple to a string according to a format specification."},
    {"strptime", time_strptime, "($module, string, format=<ctime>, /)",
     "Parse a string to a time tuple according to a format specification."},
    {"thread_time", time_thread_time, "($module, /)",
     "Thread time for profiling: sum of the kernel and user-space CPU time."},
    {"thread_time_ns", time_thread_time_ns, "($module, /)",
     "Thread time for profiling as nanoseconds."},
    {"time", time_time, "($module, /)", "Return the current time in seconds since the Epoch."},
    {"time_ns", time_time_ns, "($module, /)",
     "Return the current time in nanoseconds since the Epoch."},
    {"tzset", time_tzset, "($module, /)",
     "Initialize, or reinitialize, the local timezone to the value stored in os.environ['TZ']."},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    static const struct {
        const char *name;
        int value;
    } ints[] = {
        {"CLOCK_REALTIME", CLOCK_REALTIME},
        {"CLOCK_MONOTONIC", CLOCK_MONOTONIC},
        {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
        {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID},
        {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID},
        {"CLOCK_BOOTTIME", CLOCK_BOOTTIME},
        {"CLOCK_TAI", CLOCK_TAI},
        {"_STRUCT_TM_ITEMS", 11},
    };
    for (size_t k = 0; k < sizeof ints / sizeof *ints; k++) {
        if (qv_module_add_int(qi, m, ints[k].name, ints[k].value) < 0) {
            return -1;
        }
    }
    tzset();
    state_of(m)->struct_time = qv_structseq_type(qi, "time.struct_time", time_fields, 9);
    if (!state_of(m)->struct_time ||
        qv_module_add(qi, m, "struct_time", state_of(m)->struct_time) < 0) {
        return -1;
    }
    return add_zone(qi, m);
}

static void fini(QvInterp *qi, QvObj *m) { qv_clear(qi, &state_of(m)->struct_time); }

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QV_VISIT(state_of(m)->struct_time);
    return 0;
}

const QvModuleDef qv_module_time = {
    .name = "time",
    .doc = "This module provides various functions to manipulate time values.",
    .functions = functions,
    .state_size = sizeof(TimeState),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
