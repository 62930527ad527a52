# SPDX-License-Identifier: MIT
# A booking calendar: dates parsed and printed, durations added, zones converted, days sorted.
from datetime import date, datetime, timedelta, timezone
from time import perf_counter

ZONES = [timezone(timedelta(hours=h)) for h in (-8, -5, 0, 1, 9)]


def meetings(n):
    start = datetime(2024, 1, 1, 9, tzinfo=timezone.utc)
    for i in range(n):
        yield start + timedelta(days=i % 365, minutes=i * 7 % 600)


def calendar(n):
    lines = []
    busy = {}
    for k, when in enumerate(meetings(n)):
        local = when.astimezone(ZONES[k % len(ZONES)])
        lines.append(local.isoformat())
        busy[local.date()] = busy.get(local.date(), timedelta()) + timedelta(minutes=30 + k % 4 * 15)
    return lines, busy


def read(lines):
    previous = datetime.fromisoformat(lines[0])
    total = timedelta()
    late = 0
    for text in sorted(lines):
        when = datetime.fromisoformat(text)
        total += abs(when - previous)
        late += when.hour >= 18 or when.weekday() > 4
        previous = when
    return total.total_seconds(), late


def weeks(first, n):
    count = {}
    day = first
    for _ in range(n):
        key = day.isocalendar()[:2]
        count[key] = count.get(key, 0) + 1
        day += timedelta(days=1)
    return len(count), day.strftime("%d %b %Y")


start = perf_counter()
written, booked = calendar(25000)
answer = [read(written), max(booked.values()), min(booked), weeks(date(1970, 1, 1), 20000)]
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
