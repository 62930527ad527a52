# ISO 8601 texts, right and nearly right; constructors from other parts; the constants.
import datetime as D
import random

R = random.Random(7)


def show(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__ + ":", ascii(str(e)))


TEXTS = """2020-01-02 20200102 2020-W05 2020W05 2020W053 2020-W05-3 2020-01-02T03 2020-01-02T03:04
2020-01-02T03:04:05 2020-01-02_03:04:05.1 2020-01-02x03:04:05,123456789+01:30 20200102T030405Z
20200102T030405.5-0330 2020-W05-3T12 2020-W05-12 2020W0531234 03:04 0304 T03:04:05.25 030405.25 03
03:4 24:00 12:30:15x+00:00 12:30:45-05:00:30.5 2020 2020-1-2 0000-01-01 2020-13-01 2020-W54
2020-W53 2019-W53-1 2020-01-02T 9999-W53-7 12:30:45+24:00 12:30+23:59""".split()
TEXTS += ["2020-01-02\u20ac03:04", "2020-01-02 03:04", "", "\u0662020-01-02"]
for kind in (D.date, D.time, D.datetime):
    for text in TEXTS:
        print(kind.__name__, ascii(text))
        show(lambda: kind.fromisoformat(text))
for _ in range(300):
    text = R.choice(TEXTS[:30])
    at = R.randrange(len(text))
    text = text[:at] + R.choice(["", "9", "-", ":", "W", "+", "Z", ".", "\xe9", "3"]) + text[at + 1:]
    print(ascii(text))
    show(lambda: D.datetime.fromisoformat(text))
    show(lambda: D.time.fromisoformat(text))
for parts in [(2020, 53, 7), (2021, 53, 1), (2020, 0, 1), (2020, 1, 8), (0, 1, 1), (9999, 52, 5),
              (9999, 52, 6), (10**10, 1, 1), (2020, 1)]:
    show(lambda: D.date.fromisocalendar(*parts))
for n in (0, 1, 3652059, 3652060, 2**31, "x"):
    show(lambda: D.date.fromordinal(n))
    show(lambda: D.datetime.fromordinal(n))
for args in [(), (2020,), (2020, 1), (2020, 1, 1), (0, 1, 1), (2020, 2, 30), (2020, 13, 1), (2020, 1, 1, 24),
             (2020, 1, 1, 0, 60), (2020, 1, 1, 0, 0, 0, 10**6), (2020, 1, 1, 0, 0, 0, 0, 5),
             (2**40, 1, 1), (2**70, 1, 1), (1.5, 1, 1)]:
    show(lambda: D.date(*args))
    show(lambda: D.datetime(*args))
    show(lambda: D.time(*args))
show(lambda: D.date(b"\x07\xe4\x02\x01"))
show(lambda: D.date("\x07\xe4\x02\x01"))
show(lambda: D.datetime(b"\x07\xe4\x82\x01\x02\x03\x04\x00\x00\x05", D.timezone.utc))
show(lambda: D.datetime(b"\x07\xe4\x82\x01\x02\x03\x04\x00\x00\x05", 5))
show(lambda: D.time(b"\x82\x03\x04\x00\x00\x05"))
show(lambda: D.datetime(2020, 1, 1, fold=2))
show(lambda: D.datetime(2020, 1, 1, nothing=2))
show(lambda: D.datetime(2020, 1, 1, year=2))
show(lambda: D.datetime.combine(D.date(2020, 1, 1), D.time(1, fold=1, tzinfo=D.timezone.utc)))
show(lambda: D.datetime.combine(D.date(2020, 1, 1), D.time(1), D.timezone.utc))
show(lambda: D.datetime.combine(D.timedelta(1), D.time(1)))
show(lambda: D.datetime.strptime("2 Jan 2020 03:04 +0130", "%d %b %Y %H:%M %z"))
show(lambda: D.datetime.strptime(5, "%d"))
for args in [(), (5,), (D.timedelta(0),), (D.timedelta(0), "x"), (D.timedelta(1),), (D.timedelta(-1),),
             (D.timedelta(hours=-5, seconds=1),), (D.timedelta(hours=1), None)]:
    show(lambda: D.timezone(*args))
    show(lambda: D.timezone(*args).tzname(None))
show(lambda: D.timezone(D.timedelta(0)) is D.timezone.utc is D.UTC)
show(lambda: D.timezone.utc.utcoffset(5))
show(lambda: D.tzinfo().utcoffset(None))
show(lambda: D.timezone.utc.fromutc(D.datetime(2020, 1, 1)))
for kind in (D.timedelta, D.date, D.time, D.datetime, D.timezone):
    print(kind, kind.min, kind.max, getattr(kind, "resolution", None), hash(kind.min) == hash(kind.min))
show(lambda: setattr(D.date, "x", 1))
print(D.date(2020, 12, 31).isocalendar(), D.date(2020, 12, 31).isocalendar().week)
print([n for n in dir(D) if not n.startswith("_") and n != "datetime_CAPI"])
for kind in (D.timedelta, D.date, D.time, D.datetime, D.timezone, D.tzinfo):
    print(kind.__name__, [n for n in sorted(vars(kind)) if n not in ("__getattribute__", "__class_getitem__")])
