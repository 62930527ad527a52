# SPDX-License-Identifier: MIT
# Trains the profile-guided build: the modules that programs use most, dicts, sets, formats, files.
import argparse
import base64
import collections
import configparser
import contextlib
import copy
import csv
import datetime
import hashlib
import inspect
import io
import json
import logging
import os.path
import pathlib
import pickle
import pprint
import string
import struct
import tempfile
import textwrap
import threading
import traceback
import types
import urllib.parse
import uuid
import warnings
import zlib


def dicts(n):
    total, words = 0, ["w%d" % (i % 97) for i in range(n)]
    counts, groups, first = {}, collections.defaultdict(list), {}
    for i, w in enumerate(words):
        counts[w] = counts.get(w, 0) + 1
        groups[w[-1]].append(i)
        first.setdefault(w, i)
        if w in first and i not in first:
            total += first[w]
    for k, v in counts.items():
        total += v + len(k)
    for k in counts:
        total += counts[k]
    for v in counts.values():
        total += v
    for i in range(n):
        d = {"a": i, "b": 2, "c": 3}
        d.update({"d": 4}, e=5)
        e = {**d, "z": i}
        e |= {"y": 1}
        total += d.pop("a") + d.pop("zz", 0) + len(e) + (d == e) + ("b" in e.keys()) + len(list(d))
        del e["b"]
        total += e.popitem()[1] + len(dict(a=1, b=i)) + len(dict(zip("ab", (1, 2)))) + len(d | e)
        f = {k: v for k, v in e.items() if v != 3}
        f[i] = f.pop("d")
        f[i, 2] = f[1.5] = None
        f.copy().clear()
        total += len(dict.fromkeys("abc", 0)) + len(f) + (i, 2).__len__()
        total += sum(f[k] or 0 for k in ("c", i) if k in f)
        try:
            f["nothing"]
        except KeyError as error:
            total += len(error.args)
    c = collections.Counter(words)
    c.update(words[:50])
    total += sum((c + c - c).values()) + c["none"] + len(c & c) + len(list(c.elements()))
    return total + len(groups) + c.most_common(3)[0][1]


def sets(n):
    total, a, b = 0, set(range(0, 90, 3)), frozenset(range(0, 90, 2))
    for i in range(n):
        s = {1, 2, i}
        s.add(i & 31)
        s.discard(2)
        s |= {5, 6}
        total += len(a & b) + len(a | s) + len(a - b) + len(a ^ b) + (3 in a) + (i in b) + (s <= a)
        s.update((7, 8))
        s -= {7}
        total += s.pop() + len(s.union(a)) + a.isdisjoint(s) + ({1} < s) + len(set("text"))
        total += (s == a)
        s.intersection_update(b)
        for x in s:
            total += x
        total += len({x % 5 for x in s}) + len(s.copy()) + hash(frozenset((i, 2))) % 2
        total += len({"a", "b"} - {"a"})
    return total


def formats(n):
    total, name, price = 0, "apple", 12.3456
    for i in range(n):
        total += len(f"{name}: {price:.2f} {i:5d} {i:>8} {name!r:<10} {i:04x} {price:10.3e}")
        total += len(f"{i:,} {price:%}")
        total += len(f"{i}/{n} {name}{i + 1} {price} {i:b}")
        total += len(f"{name:^12} {name[:3]}={i!s} {i:+d} {price:g}")
        total += len("{} {} {}".format(i, name, price))
        total += len("{0:>5} {1!r} {x[0]}".format(i, name, x=(1,)))
        total += len("%s is %d (%5.1f%%) %r %x %-8s|" % (name, i, price, name, i, name))
        total += len("%(a)s" % {"a": i})
        total += len(str(i)) + len(repr(name)) + len(str(price)) + len(repr([i, name, None, True]))
        total += len(str({"a": i})) + len(format(i, "06d")) + len(f"{(i, 2)} {None} {True}")
        total += len("%03d" % i)
        total += len(name.ljust(9) + name.rjust(9, ".") + name.center(11) + str(i).zfill(6))
        total += len("a%sb" % i) + len("%s" % name) + len(name + str(i)) + len(f"{i:>{i % 9}}")
    return total


def strings(n):
    total, out = 0, []
    line = "  The rain, in Spain; stays mainly in the plain:  key=value  "
    for i in range(n):
        t = line.strip()
        parts = t.split(" ")
        total += len(parts) + len(t.split()) + len(t.split(",", 1)) + len(t.rsplit("=", 1))
        total += len(t.partition("=")[2])
        total += t.find("Spain") + t.count("ai") + t.rfind("in") + t.index("in")
        total += t.startswith("The") + t.endswith((":", "e"))
        t = t.replace("ai", "AI").lower().upper().title().swapcase()
        total += len("-".join(parts)) + len(", ".join([str(x) for x in range(6)])) + ("SPAIN" in t)
        total += (t == line) + (t < line)
        total += line.isspace() + parts[0].isalpha() + "12".isdigit() + t.isupper()
        total += "a_1".isidentifier() + "x9".isalnum()
        total += ord(line[5]) + len(chr(97 + i % 26)) + len(t * 2) + (hash(t) != 0)
        total += len(t.encode()) + len(t.capitalize())
        total += len(t.lstrip("tT")) + len(t.rstrip()) + len(t.splitlines()) + len(t.expandtabs())
        total += len(t.casefold())
        total += len("a-b".removeprefix("a").removesuffix("b")) + len("é".join(parts))
        total += ("é" in line) + len(line[3:9])
        text = ""
        for w in parts:
            text += w
            text += " "
            if w[:1] == "S" or w[-1:] == "n" or w in ("in", "the") or w != "x":
                total += 1
        out.append(text)
        for c in t[:20]:
            if c in "aeiou" or c == "T":
                total += 1
            elif "A" <= c <= "Z" or c.isdigit():
                total += 2
        k = "".join(reversed(text))
        total += len("".join(c for c in k if c != " ")) + len("".join(map(str.upper, parts)))
        total += len(max(parts, key=len))
    return total + len("\n".join(out))


def stored(n):
    class Odd:
        pass

    data = [{"id": i, "name": "n%d" % i, "x": i / 3, "tags": ["a", "b\n", "é"][:i % 4],
             "none": None, "t": True, "deep": {"k": [[i, -i], {"e": 1e10 * i}]}} for i in range(n)]
    total = 0
    for _ in range(3):
        text = json.dumps(data)
        total += len(json.loads(text))
        total += len(json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False))
        total += len(json.dumps(data, separators=(",", ":"), default=str))
        for protocol in (2, 4, 5):
            total += len(pickle.loads(pickle.dumps(data, protocol)))
    more = [collections.OrderedDict(a=1), datetime.date(2020, 1, 2), {1, 2},
            frozenset("ab"), (1, (2,)),
            1 + 2j, b"x" * 300, bytearray(b"q"), 1 << 80, -5, 1.5,
            pathlib.PurePosixPath("/a/b"), Point(1, 2), Thing(3),
            range(5), ..., len, Thing]
    for _ in range(60):
        total += len(pickle.loads(pickle.dumps(more))) + len(copy.deepcopy(more))
        total += len(copy.copy(more))
    total += len(copy.deepcopy(data)) + len([copy.copy(d) for d in data])
    for bad in ("{", "[1,]", '{"a" 1}', "nul"):
        with contextlib.suppress(json.JSONDecodeError):
            json.loads(bad)
    out = io.StringIO()
    writer = csv.DictWriter(out, ["id", "name", "x"], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(data)
    rows = list(csv.reader(io.StringIO(out.getvalue())))
    rows += list(csv.DictReader(io.StringIO(out.getvalue())))
    packer = struct.Struct("<IhBd4s")
    for i in range(n * 4):
        raw = packer.pack(i, i & 255, 3, 0.5, b"abcd")
        total += packer.unpack(raw)[0] + struct.unpack_from(">H", raw, 2)[0]
        total += len(struct.pack("!2i", i, -i))
    return total + len(rows)


Point = collections.namedtuple("Point", "x y")


class Thing:
    def __init__(self, a):
        self.a = a
        self.b = [a]

    def __getstate__(self):
        return dict(self.__dict__)

    def __setstate__(self, state):
        self.__dict__.update(state)


def times(n):
    start, total = datetime.datetime(2024, 2, 28, 13, 14, 15), 0
    zone = datetime.timezone(datetime.timedelta(hours=2))
    for i in range(n):
        t = start + datetime.timedelta(days=i, seconds=i * 7, milliseconds=3)
        total += (t - start).days + t.weekday() + t.toordinal() % 7 + (t > start)
        total += t.isocalendar()[1]
        total += len(t.isoformat()) + len(t.strftime("%Y-%m-%d %H:%M:%S %a %b %j")) + t.date().day
        total += t.time().minute
        total += datetime.datetime.fromisoformat(t.isoformat()) == t
        u = t.replace(tzinfo=zone, hour=3)
        total += u.astimezone(datetime.timezone.utc).hour + len(str(u))
        total += int((t - start).total_seconds()) % 3
        total += datetime.date(2020, 1, 1 + i % 28).month + (hash(t) == hash(start))
        total += len(str(t - start))
        if i % 10 == 0:
            total += datetime.datetime.strptime("2021-03-04 05:06:07", "%Y-%m-%d %H:%M:%S").second
    return total


def logs(n):
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    style = "%(asctime)s %(levelname)-8s %(name)s:%(lineno)d %(message)s"
    handler.setFormatter(logging.Formatter(style))
    log = logging.getLogger("train.one")
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    log.propagate = False
    for i in range(n):
        log.info("message %d of %s", i, "many")
        log.debug("not %s", i)
        log.warning("plain")
        if i % 20 == 0:
            try:
                1 // 0
            except ZeroDivisionError:
                log.exception("failed")
    brace = logging.getLogger("train.two")
    brace.addHandler(logging.NullHandler())
    brace.propagate = False
    brace.error("x %(a)s", {"a": 1})
    return out.getvalue().count("\n")


class AppError(Exception):
    def __init__(self, code, text="bad"):
        super().__init__(text)
        self.code = code


class Worse(AppError):
    pass


def fails(n):
    total = 0

    def deep(k):
        if k == 0:
            raise Worse(3)
        try:
            return deep(k - 1)
        finally:
            nonlocal total
            total += 1

    for i in range(n):
        try:
            if i % 4 == 0:
                raise ValueError(f"bad {i}")
            if i % 4 == 1:
                {}[i]
            elif i % 4 == 2:
                int("x")
            else:
                [].nothing
        except (KeyError, IndexError) as e:
            total += len(e.args)
        except ValueError as e:
            total += len(str(e))
        except Exception as e:
            total += e is not None
        else:
            total -= 1
        finally:
            total += 1
        try:
            try:
                deep(i % 6)
            except AppError as e:
                total += e.code
                raise RuntimeError("again") from e
        except RuntimeError as e:
            total += e.__cause__ is not None and e.__context__ is not None
        try:
            (1, 2)[5]
        except IndexError:
            pass
        for source in ("x", "3"):
            with contextlib.suppress(ValueError):
                total += int(source)
        try:
            next(iter([]))
        except StopIteration:
            total += 1
        if i % 50 == 0:
            try:
                deep(3)
            except Worse:
                total += len(traceback.format_exc())
            try:
                raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
            except* ValueError as g:
                total += len(g.exceptions)
            except* TypeError:
                total += 1
    return total


def files(n):
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "a" / "b.txt"
        path.parent.mkdir()
        with open(path, "w", encoding="utf-8") as f:
            for i in range(n):
                f.write(f"line {i} é\n")
                print(i, "x", file=f)
        with open(path, encoding="utf-8") as f:
            for line in f:
                total += len(line.rstrip("\n").split(" "))
        with open(path, "rb") as f:
            while chunk := f.read(512):
                total += len(chunk)
            f.seek(3)
            total += len(f.readline()) + len(f.readlines())
        for _ in range(60):
            total += len(path.read_text("utf-8")) + path.exists() + path.stat().st_size
            total += len(path.name + path.suffix)
            total += len(os.path.join(folder, "x", "..", "y")) + len(os.path.basename(path))
            total += os.path.isfile(path)
            total += len(str(path.parent / "z.c")) + len(list(path.parent.iterdir()))
            total += len(os.path.splitext(path)[0])
        total += sum(len(names) for _, _, names in os.walk(folder))
    buffer = io.BytesIO()
    for i in range(n):
        buffer.write(b"%d;" % i)
    buffer.seek(0)
    return total > 0, len(buffer.read().split(b";")) + len(io.StringIO("a\nb\n").readlines())


def services(n):
    total = 0
    parser = argparse.ArgumentParser(prog="p")
    parser.add_argument("--count", type=int, default=1, help="how many")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("names", nargs="*")
    config = configparser.ConfigParser()
    template = string.Template("$who likes ${what} for $$5")
    for i in range(n):
        total += parser.parse_args(["--count", str(i), "-v", "a", "b"]).count
        config.read_string("[a]\nx = 1\ny: two\n[b]\nz = %(q)s\nq = 3\n")
        total += config.getint("a", "x") + len(config["b"]["z"])
        total += len(template.substitute(who="I", what=i)) + len(template.safe_substitute(who=2))
        total += len(textwrap.dedent("   a\n     b\n"))
        total += len(textwrap.wrap("some words to be wrapped " * 6, 30))
        total += len(hashlib.sha256(b"abc%d" % i).hexdigest())
        total += len(base64.b64decode(base64.b64encode(b"bytes" * 9)))
        total += zlib.crc32(b"abc") % 2 + len(zlib.decompress(zlib.compress(b"abc" * 100)))
        u = urllib.parse.urlsplit("http://user@host.org:80/path/x;y?q=1&r=%20#frag")
        total += len(u.path + u.query) + len(urllib.parse.parse_qs(u.query))
        total += len(urllib.parse.quote("a b/é"))
        total += len(urllib.parse.urlencode({"a": 1}))
        total += len(pprint.pformat({"k": list(range(30)), "z": {"y": "x" * 50}}))
        total += len(str(uuid.UUID(int=i))) + len(str(inspect.signature(services)))
        total += len(inspect.getdoc(dict))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            warnings.warn("old", DeprecationWarning)
        total += len(caught)
    return total


def threads(n):
    lock, done = threading.Lock(), []

    def work(k):
        for i in range(n):
            with lock:
                done.append(i * k)

    started = [threading.Thread(target=work, args=(k,)) for k in range(3)]
    for t in started:
        t.start()
    for t in started:
        t.join()
    return len(done)


def compiled(n):
    source = "import os\nclass A:\n    def f(self, x=1, *a, **k):\n" + "".join(
        f"        if x == {i} and not a:\n            return [x for x in range({i})] + ["
        f"k['z{i}'](x, y={i}), f'{{x}}']\n" for i in range(n))
    total = 0
    for _ in range(6):
        space = {}
        exec(compile(source, "<train>", "exec"), space)
        total += len(space)
    total += sum(eval(f"{i} + 2 * ({i} - 1)") for i in range(100))
    return total + isinstance(types.ModuleType("m"), object)


print(dicts(3000))
print(sets(3000))
print(formats(2500))
print(strings(1000))
print(stored(120))
print(times(1000))
print(logs(700))
print(fails(3000))
print(files(1500))
print(services(30))
print(threads(600))
print(compiled(60))
