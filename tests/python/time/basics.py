# time: clocks, conversions, formats, errors.
import time


def err(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


t = time.gmtime(1700000000.9)
print(t, t.tm_zone, t.tm_gmtoff, t[0], t.tm_yday, len(t), tuple(t))
print(time.gmtime(-1), time.gmtime(0) == time.gmtime(0.5), time.struct_time(range(9)))
print(time.asctime(t), time.ctime(0), time.mktime(time.localtime(1e9)))
print(time.strftime("%Y-%m-%d %H:%M:%S %a %b %j %U %w %% %y %I %p", t), repr(time.strftime("", t)), time.strftime("\u20ac%Y", t))
print(time.strftime("%Z %z", time.gmtime(0)), time.strftime("%d", (2024, 2, 29, 0, 0, 0, 0, 60, 0)))
print(time.tzname, time.timezone, time.altzone, time.daylight)
print(time.time() > 1.7e9, time.time_ns() > 1.7e18, time.monotonic() <= time.monotonic(), time.perf_counter_ns() > 0)
print(time.process_time() >= 0, time.thread_time() >= 0, type(time.monotonic_ns()), time.clock_gettime(time.CLOCK_REALTIME) > 1)
a = time.perf_counter()
time.sleep(0.02)
print(0.02 <= time.perf_counter() - a < 2)
time.sleep(0)
err(time.sleep, -1)
err(time.sleep, "x")
err(time.sleep, float("nan"))
err(time.sleep, 1e300)
err(time.gmtime, "x")
err(time.gmtime, float("nan"))
err(time.gmtime, 1e300)
err(time.gmtime, 10 ** 30)
err(time.asctime, (1, 2))
err(time.asctime, 5)
err(time.strftime, "%Y", (2000, 13, 1, 0, 0, 0, 0, 1, 0))
err(time.strftime, "%Y", (2000, 1, 1, 25, 0, 0, 0, 1, 0))
err(time.strftime, 5)
err(time.mktime, "x")
err(time.struct_time, (1,))
err(time.get_clock_info, "nope")
i = time.get_clock_info("monotonic")
print(i.implementation, i.monotonic, i.adjustable, i.resolution)
err(time.clock_gettime, 9999)
print(time.struct_time.n_fields, time.struct_time.n_sequence_fields, time.struct_time.__match_args__)
