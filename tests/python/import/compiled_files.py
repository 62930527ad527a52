# Compiled files under __pycache__: written, read, checked against the source, never trusted.
import os, sys, time

root = f"/tmp/quiver-import-test-{os.getpid()}"
os.mkdir(root)
sys.path.insert(0, root)
sys.dont_write_bytecode = False
cache = os.path.join(root, "__pycache__")


def write(name, text, at=1_000_000_000):
    path = os.path.join(root, name)
    with open(path, "w") as f:
        f.write(text)
    os.utime(path, (at, at))
    return path


def load(name):
    sys.modules.pop(name, None)
    return __import__(name)


def data(path):
    with open(path, "rb") as f:
        return f.read()


try:
    source = write("one.py", "value = 1\ndef f(x):\n    return [x, 'text', 2.5, 10 ** 30, b'b', None, ...]\n")
    one = load("one")
    pyc = one.__cached__
    print(os.path.relpath(pyc, root), os.listdir(cache))
    # expect: __pycache__/one.quiver-311.pyc ['one.quiver-311.pyc']
    import importlib.util
    raw = data(pyc)
    print(raw[:4] == importlib.util.MAGIC_NUMBER, raw[4:8], int.from_bytes(raw[8:12], "little"),
          int.from_bytes(raw[12:16], "little") == os.stat(source).st_size)
    # expect: True b'\x00\x00\x00\x00' 1000000000 True
    import marshal
    code = marshal.loads(raw[16:])
    print(code.co_filename == source, code.co_name)
    # expect: True <module>

    # The same time and size: the compiled file counts, not the text (its code is patched by another's).
    write("two.py", "value = 2\ndef f(x):\n    return [x, 'text', 2.5, 10 ** 30, b'b', None, ...]\n")
    two = load("two")
    swapped = data(two.__cached__)
    write("three.py", "value = 3\ndef f(x):\n    return [x, 'text', 2.5, 10 ** 30, b'b', None, ...]\n")
    with open(os.path.join(cache, "three.quiver-311.pyc"), "wb") as f:
        f.write(swapped)
    three = load("three")
    print(three.value, three.f(1)[:2], three.f.__code__.co_filename == three.__file__)
    # expect: 2 [1, 'text'] True

    # A changed source is compiled again.
    write("three.py", "value = 33\n", at=1_000_000_001)
    print(load("three").value)
    # expect: 33

    # Whatever the bytes are: the source is there.
    sizes = set()
    for cut in (0, 3, 4, 15, 16, 17, 20, 21, 40, len(raw) - 1):
        name = f"cut{cut}"
        write(name + ".py", f"value = {cut!r}\n")
        head = raw[:8] + (1_000_000_000).to_bytes(4, "little") \
            + os.stat(os.path.join(root, name + ".py")).st_size.to_bytes(4, "little") + raw[16:]
        with open(os.path.join(cache, name + ".quiver-311.pyc"), "wb") as f:
            f.write(head[:cut])
        assert load(name).value == cut
        sizes.add(len(data(sys.modules[name].__cached__)) > 16)
    bad = 0
    for k in range(16, len(raw)):
        name = f"flip{k}"
        write(name + ".py", "value = 'source'\n")
        body = bytearray(raw)
        body[k] ^= 0xFF
        body[12:16] = os.stat(os.path.join(root, name + ".py")).st_size.to_bytes(4, "little")
        with open(os.path.join(cache, name + ".quiver-311.pyc"), "wb") as f:
            f.write(body)
        try:
            load(name)
        except Exception:
            bad += 1  # the bytes were code, of another program
    print(sizes, "alive")
    # expect: {True} alive

    # By hash: the time does not matter, the text does.
    import importlib._bootstrap_external as ext
    source = write("hashed.py", "value = 'old'\n")
    text = data(source)
    code = compile(text, source, "exec")
    path = importlib.util.cache_from_source(source)
    print(os.path.relpath(path, root))
    # expect: __pycache__/hashed.quiver-311.pyc
    with open(path, "wb") as f:
        f.write(ext._code_to_hash_pyc(code, importlib.util.source_hash(text)))
    before = data(path)
    write("hashed.py", "value = 'old'\n", at=1_100_000_000)
    print(load("hashed").value, data(path) == before)
    # expect: old True
    write("hashed.py", "value = 'new'\n", at=1_100_000_000)
    print(load("hashed").value, data(path) == before, data(path)[4])
    # expect: new False 3
    with open(path, "wb") as f:  # unchecked: the text does not count
        f.write(ext._code_to_hash_pyc(compile("value = 'kept'", source, "exec"), bytes(8), False))
    write("hashed.py", "value = 'newer'\n", at=1_100_000_001)
    print(load("hashed").value)
    # expect: kept

    # A compiled file alone is a module.
    write("alone.py", "value = __file__\n")
    pyc = load("alone").__cached__
    os.rename(pyc, os.path.join(root, "alone.pyc"))
    os.unlink(os.path.join(root, "alone.py"))
    print(os.path.relpath(load("alone").value, root), type(sys.modules["alone"].__loader__).__name__)
    # expect: alone.pyc SourcelessFileLoader
    with open(os.path.join(root, "wrong.pyc"), "wb") as f:
        f.write(b"\xa7\x0d\r\n" + bytes(30))
    try:
        import wrong
    except ImportError as e:
        print(str(e).replace(root, "R"), e.path == os.path.join(root, "wrong.pyc"))
    # expect: bad magic number in 'wrong': b'\xa7\r\r\n' True

    # Nothing is written where it is not wanted, and elsewhere with a prefix.
    sys.dont_write_bytecode = True
    write("silent.py", "value = 1\n")
    print(load("silent").value, os.path.exists(sys.modules["silent"].__cached__))
    # expect: 1 False
    sys.dont_write_bytecode = False
    sys.pycache_prefix = os.path.join(root, "prefix")
    write("far.py", "value = 1\n")
    far = load("far")
    print(far.__cached__ == f"{root}/prefix{root}/far.quiver-311.pyc", os.path.exists(far.__cached__))
    # expect: True True
    sys.pycache_prefix = None

    # CPython's compiled files are left alone.
    write("both.py", "value = 1\n")
    other = os.path.join(cache, "both.cpython-311.pyc")
    with open(other, "wb") as f:
        f.write(b"theirs")
    load("both")
    print(data(other))
    # expect: b'theirs'

    # In Python: importlib's loader, and py_compile's way, make files that the importer in C reads.
    source = write("bypy.py", "value = 'bypy'\n")
    loader = ext.SourceFileLoader("bypy", source)
    print(loader.get_code("bypy").co_consts[0], os.path.exists(importlib.util.cache_from_source(source)))
    # expect: bypy True
    print(load("bypy").value, loader.get_code("bypy").co_filename == source)
    # expect: bypy True
    mode = os.stat(importlib.util.cache_from_source(source)).st_mode & 0o777
    print(oct(mode & 0o600))
    # expect: 0o600
finally:
    def remove(folder):
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            if os.path.isdir(path):
                remove(path)
            else:
                os.unlink(path)
        os.rmdir(folder)
    remove(root)
