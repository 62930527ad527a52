// SPDX-License-Identifier: MIT
// Days of the proleptic Gregorian calendar: ordinals (1 is January 1 of year 1), weekdays, ISO
// weeks. No Python notions.
#ifndef QV_MODULES_DATETIME_CIVIL_H
#define QV_MODULES_DATETIME_CIVIL_H

#include <stdbool.h>

#define QV_MINYEAR     1
#define QV_MAXYEAR     9999
#define QV_MAX_ORDINAL 3652059 // December 31 of QV_MAXYEAR
#define QV_UNIX_EPOCH  719163  // ordinal of January 1, 1970

static inline bool qv_civil_is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// Of the years before this one. year >= 1.
static inline int qv_civil_days_before_year(int year)
{
    int y = year - 1;
    return y * 365 + y / 4 - y / 100 + y / 400;
}

int qv_civil_days_in_month(int year, int month);
int qv_civil_days_before_month(int year, int month); // of the same year
int qv_civil_ordinal(int year, int month, int day);
void qv_civil_from_ordinal(int ordinal, int *ret_year, int *ret_month, int *ret_day);

static inline int qv_civil_weekday(int ordinal) { return (ordinal + 6) % 7; } // 0: Monday

// The ordinal of the Monday that starts ISO week 1 of a year, the week that has January 4.
int qv_civil_iso_start(int year);
// The ISO year and week (1 to 53) of a day.
void qv_civil_iso(int ordinal, int *ret_year, int *ret_week);

#endif
