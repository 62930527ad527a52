// SPDX-License-Identifier: MIT
// Dates and times as ISO 8601 writes them. The texts are ASCII; a caller puts any other control
// character where its own text has something else.
#include "modules/datetime/datetime.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A number of `digits` digits. The place behind it, or NULL.
static const char *number(const char *p, const char *end, int digits, int *ret)
{
    int v = 0;
    if (end - p < digits) {
        return NULL;
    }
    for (int k = 0; k < digits; k++, p++) {
        if (!is_digit(*p)) {
            return NULL;
        }
        v = v * 10 + (*p - '0');
    }
    *ret = v;
    return p;
}

int qv_iso_week_date(int year, int week, int day, int *ret_year, int *ret_month, int *ret_day)
{
    if (week < 1 || week > 53) {
        return -1;
    }
    if (week == 53) {
        // Years that start on a Thursday, or leap years that start on a Wednesday, have one.
        int first = qv_civil_weekday(qv_civil_ordinal(year, 1, 1));
        if (first != 3 && !(first == 2 && qv_civil_is_leap(year))) {
            return -1;
        }
    }
    if (day < 1 || day > 7) {
        return -2;
    }
    qv_civil_from_ordinal(qv_civil_iso_start(year) + (week - 1) * 7 + day - 1, ret_year, ret_month,
                          ret_day);
    return 0;
}

int qv_iso_parse_date(const char *s, QvSsize n, int *ret_year, int *ret_month, int *ret_day)
{
    const char *end = s + n, *p;
    if ((n != 7 && n != 8 && n != 10) || !(p = number(s, end, 4, ret_year))) {
        return -1;
    }
    bool dashes = *p == '-';
    p += dashes;
    if (*p == 'W') {
        int week, day = 1;
        p = number(p + 1, end, 2, &week);
        if (!p) {
            return -1;
        }
        if (p < end) {
            if (dashes && *p++ != '-') {
                return -1;
            }
            p = number(p, end, 1, &day);
        }
        return p == end && *ret_year >= QV_MINYEAR &&
                       qv_iso_week_date(*ret_year, week, day, ret_year, ret_month, ret_day) == 0
                   ? 0
                   : -1;
    }
    p = number(p, end, 2, ret_month);
    if (!p || (dashes && (p == end || *p++ != '-'))) {
        return -1;
    }
    return number(p, end, 2, ret_day) == end ? 0 : -1;
}

QvSsize qv_iso_date_length(const char *s, QvSsize n)
{
    if (n < 7) {
        return -1;
    }
    if (n == 7) {
        return 7;
    }
    if (s[4] == '-') {
        if (s[5] != 'W') {
            return 10; // YYYY-MM-DD
        }
        if (n == 8 || s[8] != '-') {
            return 8; // YYYY-Www
        }
        // A dash behind the week: a day follows, or it is the separator of a time of two digits.
        return n == 9 ? -1 : n > 10 && is_digit(s[10]) ? 8 : 10;
    }
    if (s[4] != 'W') {
        return 8; // YYYYMMDD
    }
    QvSsize pos = 7; // YYYYWww, and perhaps D
    while (pos < n && is_digit(s[pos])) {
        pos++;
    }
    return pos < 9 ? pos : pos % 2 == 0 ? 7 : 8;
}

// HH[[:]MM[[:]SS[(.|,)fraction]]]. 0: all of it, 1: it goes on behind one more character, -1: it is
// no time.
static int clock_part(const char *p, const char *end, QvIsoClock *ret)
{
    int *parts[] = {&ret->hour, &ret->minute, &ret->second};
    bool colons = true;
    for (int k = 0; k < 3; k++) {
        p = number(p, end, 2, parts[k]);
        if (!p) {
            return -1;
        }
        if (p == end) {
            return 0;
        }
        char c = *p++;
        if (k == 0) {
            colons = c == ':';
        }
        if (p == end) {
            return 1;
        }
        if (c == '.' || c == ',') {
            break;
        }
        if (!colons) {
            p--;
        } else if (c != ':') {
            return -1;
        }
    }
    static const int scale[] = {0, 100000, 10000, 1000, 100, 10, 1};
    int digits = end - p > 6 ? 6 : (int)(end - p);
    p = number(p, end, digits, &ret->us);
    if (!p) {
        return -1;
    }
    ret->us *= scale[digits];
    while (p < end && is_digit(*p)) { // what is below a microsecond is cut off
        p++;
    }
    return p < end;
}

int qv_iso_parse_clock(const char *s, QvSsize n, QvIsoClock *ret)
{
    const char *end = s + n, *zone = s;
    *ret = (QvIsoClock){0};
    while (zone < end && *zone != '+' && *zone != '-' && *zone != 'Z') {
        zone++;
    }
    int more = clock_part(s, zone, ret);
    if (more < 0 || (zone == end && more)) {
        return -1;
    }
    if (zone == end) {
        return 0;
    }
    ret->has_offset = true;
    if (*zone == 'Z') {
        return zone + 1 == end ? 0 : -1;
    }
    QvIsoClock offset = {0};
    if (clock_part(zone + 1, end, &offset) != 0) {
        return -1;
    }
    int64_t us = (offset.hour * INT64_C(3600) + offset.minute * 60 + offset.second) * QV_US_PER_S +
                 offset.us;
    ret->offset_us = *zone == '-' ? -us : us;
    return 0;
}

int qv_iso_zone(QvInterp *qi, const QvIsoClock *clock, QvObj **ret)
{
    *ret = NULL;
    if (!clock->has_offset) {
        return 0;
    }
    QvObj *offset = qv_delta_new(qi, 0, 0, clock->offset_us);
    *ret = offset ? qv_zone_new(qi, offset, NULL) : NULL;
    qv_xdecref(qi, offset);
    return *ret ? 0 : -1;
}
