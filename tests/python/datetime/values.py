# Durations, dates, times and zones, drawn at random: arithmetic, comparison, text, pickles.
import copy
import datetime as D
import operator
import os
import pickle
import random
import time

os.environ["TZ"] = "EST5EDT,M3.2.0,M11.1.0"
time.tzset()
R = random.Random(11)


class Zone(D.tzinfo):
    def __init__(self, minutes, dst):
        self.minutes, self.summer = minutes, dst

    def utcoffset(self, dt):
        return None if dt is None else D.timedelta(minutes=self.minutes + (60 if dt.fold else 0))

    def dst(self, dt):
        return D.timedelta(minutes=self.summer)

    def tzname(self, dt):
        return "N%zz"

    def __repr__(self):
        return "Zone(%d, %d)" % (self.minutes, self.summer)


class Date(D.date):
    pass


class Stamp(D.datetime):
    pass


class Clock(D.time):
    pass


def show(f):
    try:
        r = f()
        print(repr(r), type(r).__name__, r)
    except Exception as e:
        print(type(e).__name__ + ":", e)


def number():
    return R.choice([0, 1, -1, 2, 7, 10, 59, 100, 999999, 10**9, -10**15, 10**20, 1.5, 0.5, -0.5,
                     2.5, 1e-7, 3.00000049, 1e20, float("inf"), float("nan"), True, "x", None])


UNITS = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"]


def delta():
    while True:
        try:
            return D.timedelta(**{k: number() for k in R.sample(UNITS, R.randint(0, 3))})
        except Exception:
            pass


def zone():
    return R.choice([
        None, None, D.timezone.utc, D.timezone(D.timedelta(hours=1), "CET"),
        D.timezone(D.timedelta(hours=R.randint(-23, 22), minutes=R.randint(0, 59),
                               seconds=R.choice([0, 30]), microseconds=R.choice([0, 5]))),
        Zone(R.randint(-700, 700), R.choice([0, 60]))])


def date():
    return R.choice([D.date, Date])(R.choice([1, 1900, 1970, 2000, 2023, 9999]), R.randint(1, 12),
                                    R.randint(1, 28))


def stamp():
    return R.choice([D.datetime, D.datetime, Stamp])(
        R.choice([1, 1900, 1970, 2000, 2020, 2024, 9999]), R.randint(1, 12), R.randint(1, 28),
        R.randint(0, 23), R.randint(0, 59), R.randint(0, 59), R.choice([0, 1, 500000, 999999]),
        zone(), fold=R.choice([0, 0, 1]))


def clock():
    return R.choice([D.time, Clock])(R.randint(0, 23), R.randint(0, 59), R.choice([0, 30]),
                                     R.choice([0, 123456]), zone(), fold=R.choice([0, 0, 1]))


def thing():
    return R.choice([delta, date, stamp, clock, number, delta, stamp])()


OPS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
       divmod, operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge]
SPECS = ["auto", "hours", "minutes", "seconds", "milliseconds", "microseconds", "x"]

for _ in range(250):
    op, a, b = R.choice(OPS), thing(), thing()
    print(op.__name__, repr(a), repr(b))
    show(lambda: op(a, b))
for _ in range(60):
    parts = {k: number() for k in R.sample(UNITS, R.randint(1, 4))}
    print(parts)
    show(lambda: D.timedelta(**parts))
for _ in range(40):
    a, tz = stamp(), zone()
    print(repr(a), tz)
    for f in (lambda: a.isoformat(R.choice(" T_\u20ac"), R.choice(SPECS)), a.timetuple,
              a.utctimetuple, a.timestamp, a.astimezone, lambda: a.astimezone(tz), a.ctime, a.date,
              a.time, a.timetz, a.utcoffset, a.dst, a.tzname, a.isocalendar, a.toordinal,
              lambda: a.strftime("%Y %f %z %Z %j %% %A|%"), lambda: a.replace(hour=3, fold=1)):
        show(f)
for _ in range(40):
    a = R.choice([stamp, date, clock, delta])()
    protocol = R.randint(0, 5)
    print(a.__reduce_ex__(protocol))
    show(lambda: copy.deepcopy(a))
    show(lambda: hash(a) == hash(copy.copy(a)))
    show(lambda: format(a) if isinstance(a, D.timedelta) else f"{a:%H %M %d}")
    if type(a).__module__ == "datetime" and not isinstance(getattr(a, "tzinfo", None), Zone):
        show(lambda: pickle.loads(pickle.dumps(a, protocol)) == a)
for _ in range(40):  # around the two changes of the clocks in 2020
    a = D.datetime(2020, 11, 1, R.randint(0, 3), R.randint(0, 59), fold=R.randint(0, 1))
    b = D.datetime(2020, 3, 8, R.randint(0, 4), R.randint(0, 59), fold=R.randint(0, 1))
    for x in (a, b):
        show(x.timestamp)
        show(x.astimezone)
    s = R.choice([1604210400, 1583650800]) + R.randint(-9000, 9000)
    show(lambda: D.datetime.fromtimestamp(s))
    show(lambda: Stamp.fromtimestamp(s + 0.5, R.choice([None, D.timezone.utc])))
