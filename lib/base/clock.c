// SPDX-License-Identifier: MIT
// The clocks, through the vDSO where the system has it.
#include "base/clock.h"

#include <math.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec ts;
    if (clock_gettime(id, &ts) != 0) {
        return 0;
    }
    return (int64_t)ts.tv_sec * QV_NS_PER_S + (int64_t)ts.tv_nsec;
}

int64_t qv_clock_monotonic(void) { return read_clock(CLOCK_MONOTONIC); }

int64_t qv_clock_wall(void) { return read_clock(CLOCK_REALTIME); }

int64_t qv_clock_thread_cpu(void) { return read_clock(CLOCK_THREAD_CPUTIME_ID); }

int64_t qv_clock_process_cpu(void) { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

int64_t qv_clock_deadline(double seconds)
{
    double ns = ceil(seconds * (double)QV_NS_PER_S);
    return seconds <= 0   ? 0
           : ns >= 9.2e18 ? INT64_MAX
                          : qv_clock_add(qv_clock_monotonic(), (int64_t)ns);
}

int qv_clock_sleep_until(int64_t deadline)
{
    if (deadline < 0) {
        deadline = 0;
    }
    struct timespec ts = {
        .tv_sec = (time_t)(deadline / QV_NS_PER_S),
        .tv_nsec = (long)(deadline % QV_NS_PER_S),
    };
    return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == 0 ? 0 : -1;
}
