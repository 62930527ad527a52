// SPDX-License-Identifier: MIT
#include "modules/datetime/civil.h"

static const int before_month[13] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

int qv_civil_days_in_month(int year, int month)
{
    static const int days[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month] + (month == 2 && qv_civil_is_leap(year));
}

int qv_civil_days_before_month(int year, int month)
{
    return before_month[month] + (month > 2 && qv_civil_is_leap(year));
}

int qv_civil_ordinal(int year, int month, int day)
{
    return qv_civil_days_before_year(year) + qv_civil_days_before_month(year, month) + day;
}

// The calendar repeats every 400 years; within them, 100 years but the last have the same number of
// days, and so on down.
void qv_civil_from_ordinal(int ordinal, int *ret_year, int *ret_month, int *ret_day)
{
    enum { OF_400 = 146097, OF_100 = 36524, OF_4 = 1461, OF_1 = 365 };
    int n = ordinal - 1;
    int year = n / OF_400 * 400 + 1;
    n %= OF_400;
    int n100 = n / OF_100;
    n %= OF_100;
    int n4 = n / OF_4;
    n %= OF_4;
    int n1 = n / OF_1;
    n %= OF_1;
    year += n100 * 100 + n4 * 4 + n1;
    if (n1 == 4 || n100 == 4) { // the last day of a leap year
        *ret_year = year - 1;
        *ret_month = 12;
        *ret_day = 31;
        return;
    }
    int month = (n + 50) >> 5; // right, or one too much
    int before = qv_civil_days_before_month(year, month);
    if (before > n) {
        month--;
        before = qv_civil_days_before_month(year, month);
    }
    *ret_year = year;
    *ret_month = month;
    *ret_day = n - before + 1;
}

int qv_civil_iso_start(int year)
{
    int first = qv_civil_ordinal(year, 1, 1);
    int weekday = qv_civil_weekday(first);
    return first - weekday + (weekday > 3 ? 7 : 0);
}

void qv_civil_iso(int ordinal, int *ret_year, int *ret_week)
{
    int year, month, day;
    qv_civil_from_ordinal(ordinal, &year, &month, &day);
    int start = qv_civil_iso_start(year);
    if (ordinal < start) {
        start = qv_civil_iso_start(--year);
    } else if (ordinal >= qv_civil_iso_start(year + 1)) {
        start = qv_civil_iso_start(++year);
    }
    *ret_year = year;
    *ret_week = (ordinal - start) / 7 + 1;
}
