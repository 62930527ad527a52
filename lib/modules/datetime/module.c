// SPDX-License-Identifier: MIT
// The module _datetime: what the library's datetime.py takes instead of its own classes.
#include "modules/datetime/datetime.h"

static int init(QvInterp *qi, QvObj *m)
{
    static const struct {
        const char *name;
        QvObj *value;
    } rows[] = {
        {"timedelta", &qv_datetime_timedelta_type.h},
        {"date", &qv_datetime_date_type.h},
        {"tzinfo", &qv_datetime_tzinfo_type.h},
        {"timezone", &qv_datetime_timezone_type.h},
        {"time", &qv_datetime_time_type.h},
        {"datetime", &qv_datetime_datetime_type.h},
        {"UTC", &qv_zone_utc.h},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        if (qv_module_add(qi, m, rows[k].name, rows[k].value) < 0) {
            return -1;
        }
    }
    return qv_module_add_int(qi, m, "MINYEAR", QV_MINYEAR) < 0 ||
                   qv_module_add_int(qi, m, "MAXYEAR", QV_MAXYEAR) < 0
               ? -1
               : 0;
}

const QvModuleDef qv_module__datetime = {
    .name = "_datetime",
    .doc = "Fast implementation of the datetime type.",
    .init = init,
};
