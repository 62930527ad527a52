// SPDX-License-Identifier: MIT
// The clocks, as nanoseconds in 64 bits (good until the year 2262).
#ifndef QV_BASE_CLOCK_H
#define QV_BASE_CLOCK_H

#include "base/config.h"

#define QV_NS_PER_S  INT64_C(1000000000)
#define QV_NS_PER_MS INT64_C(1000000)
#define QV_NS_PER_US INT64_C(1000)

int64_t qv_clock_monotonic(void);   // since some start; the base of all deadlines
int64_t qv_clock_wall(void);        // since 1970-01-01 UTC
int64_t qv_clock_thread_cpu(void);  // used by the calling thread
int64_t qv_clock_process_cpu(void); // used by the process

// `start + delta` without overflow: INT64_MAX when too large (a deadline that never comes).
static inline int64_t qv_clock_add(int64_t start, int64_t delta)
{
    int64_t sum;
    if (__builtin_add_overflow(start, delta, &sum)) {
        return delta > 0 ? INT64_MAX : INT64_MIN;
    }
    return sum;
}

// The deadline `seconds` (no NaN) from now, rounded up: 0, which says not to wait, for none or
// fewer; INT64_MAX when it is too far.
int64_t qv_clock_deadline(double seconds);

// Sleeps until the monotonic clock shows `deadline`. Returns 0, or -1 when a signal came first.
int qv_clock_sleep_until(int64_t deadline);

#endif
