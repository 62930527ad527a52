# What Pickler and Unpickler say to odd objects, odd arguments and odd bytes.
import copyreg
import io
import pickle
import _pickle


def tell(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs))[:200])
    except BaseException as e:
        text = str(e)
        print(type(e).__name__, text.split(" at 0x")[0])


class Reduced:
    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return self.value

    def __repr__(self):
        return "<Reduced>"


ex, new = copyreg.__newobj_ex__, copyreg.__newobj__
for value in [
    5, (int,), (1, ()), (int, 1), (int, (), None, []), (int, (), None, None, []),
    (int, (), None, None, None, 3), (int, (), None, iter([1]), None), (int, (), None, None, iter([1])),
    (ex, (1,)), (ex, (1, 2, 3)), (ex, (int, 2, 3)), (ex, (int, (), 3)), (ex, (int, (), {})),
    (new, ()), (new, (1,)), (new, (int,)), "nothing", "a.<locals>.b",
]:
    for proto in 1, 2, 4:
        tell(pickle.dumps, Reduced(value), proto)


def outer():
    def inner():
        pass

    class Inner:
        pass

    return inner, Inner, Inner(), lambda: 0


for o in outer():
    for proto in 0, 2, 4:
        tell(pickle.dumps, o, proto)
for o in (x for x in []), io, Ellipsis, NotImplemented, type(None), open(__file__), {}.keys():
    tell(pickle.dumps, o)

tell(pickle.dumps, 1, 6)
tell(pickle.dumps, 1, "x")
tell(pickle.dumps, 1, -1)
tell(pickle.dumps, 1, buffer_callback=print)
tell(pickle.dumps)
tell(pickle.dumps, 1, 2, 3)
tell(pickle.dumps, 1, obj=2)
tell(pickle.dump, 1, None)
tell(pickle.load, None)
tell(pickle.loads, "x")
tell(pickle.loads, 1)
tell(pickle.loads, b"N.", encoding=1)
tell(pickle.loads, b"N.", buffers=1)
tell(pickle.Pickler)
tell(pickle.Pickler, None)
tell(pickle.Unpickler, None)
tell(_pickle.Pickler.__new__(_pickle.Pickler).dump, 1)
tell(_pickle.Unpickler.__new__(_pickle.Unpickler).load)

for data in [
    b"", b".", b"N", b"(.", b"N(.", b"0.", b"N00.", b"(0.", b"N(01.", b"1.", b"2.", b"N2.", b"N2\x86.", b"(N2.",
    b"\x85.", b"\x86.", b"N\x86.", b"N(\x86.", b"t.", b"(t.", b"l.", b"(l.", b"d.", b"(d.", b"(Nd.", b"(NNd.", b"(]Nd.",
    b"a.", b"Na.", b"]a.", b"]Na.", b"NNa.", b"(]Na.", b"](Na.", b"e.", b"](e.", b"](NNe.", b"(e.", b"N(e.", b"N(Ne.",
    b"s.", b"Ns.", b"NNs.", b"}NNs.", b"NNNs.", b"}(NNu.", b"}(Nu.", b"(NNu.", b"}]Ns.", b"u.",
    b"\x8f(NN\x90.", b"N(N\x90.", b"(N\x90.", b"\x90.", b"\x91.", b"(N\x91.", b"(]\x91.",
    b"g0\n.", b"gx\n.", b"g-1\n.", b"g\n.", b"h\x00.", b"h.", b"j\x00\x00\x00\x00.", b"j\x00.", b"Np0\ng0\n.", b"Np-1\n.",
    b"p0\n.", b"q\x00.", b"Nq\x05h\x05.", b"\x94.", b"N\x94h\x00.",
    b"I1\n.", b"I\n.", b"I", b"Ix\n.", b"I00\n.", b"I01\n.", b"I010\n.", b"I0x1F\n.", b"I99999999999999999999\n.", b"I1 \n.",
    b"L1\n.", b"L1L\n.", b"LL\n.", b"L\n.", b"Lx\n.", b"L0x10L\n.", b"F1.5\n.", b"Fx\n.", b"F\n.", b"F1_0\n.", b"Finf\n.",
    b"G.", b"G\x00\x00\x00\x00\x00\x00\x00\x00.", b"J\x00.", b"J\xff\xff\xff\xff.", b"K.", b"M\x01.", b"M\x01\x02.",
    b"\x8a\x00.", b"\x8a\x01\xff.", b"\x8a\x02\x00.", b"\x8b\xff\xff\xff\xff.", b"\x8b\x01\x00\x00\x00\x05.", b"\x8b\x01\x00\x00\x00",
    b"S'a'\n.", b"Sa\n.", b"S'\n.", b"S'a\n.", b"S\"a\\x41\"\n.", b"S'\\x'\n.", b"S'\xe9'\n.", b"S''\n.", b"T\x01\x00\x00\x00a.",
    b"T\xff\xff\xff\xffa.", b"U\x01a.", b"U\x02a.", b"U\x01\xe9.", b"Vab\n.", b"V\\u20ac\n.", b"V\\u20\n.", b"V\n.", b"V", b"X\x01\x00\x00\x00a.",
    b"X\xff\xff\xff\xffa.", b"X\x01\x00\x00\x00\xff.", b"X\x03\x00\x00\x00\xed\xa0\x80.", b"\x8c\x01a.", b"\x8c\x05a.", b"\x8d" + b"\xff" * 8 + b".",
    b"\x8d\x01" + b"\0" * 7 + b"a.", b"B\x01\x00\x00\x00a.", b"B\xff\xff\xff\xffa.", b"C\x01a.", b"C\x02a.", b"\x8e" + b"\xff" * 8 + b".",
    b"\x8e" + b"\xff" * 7 + b"\x7f.", b"\x96\x01" + b"\0" * 7 + b"a.", b"\x96" + b"\xff" * 8 + b".", b"\x97.", b"\x98.", b"N\x98.", b"C\x01a\x98.",
    b"cbuiltins\nlen\n.", b"cbuiltins\nnot_there\n.", b"cnot_there\nx\n.", b"c\nx\n.", b"cx\n\n.", b"cx", b"c__builtin__\nlong\n.",
    b"\x80\x03c__builtin__\nlong\n.", b"c\xff\nx\n.", b"cbuiltins\nint.bit_length\n.", b"\x80\x04cbuiltins\nint.bit_length\n.",
    b"\x80\x04cbuiltins\nint.none\n.", b"\x80\x04cbuiltins\na.<locals>.b\n.", b"\x8c\x08builtins\x8c\x03len\x93.", b"NN\x93.", b"N\x93.", b"\x93.",
    b"R.", b"NR.", b"NNR.", b"N)R.", b"cbuiltins\nint\nNR.", b"cbuiltins\nint\n)R.", b"cbuiltins\nint\n(I5\ntR.",
    b"\x81.", b"N)\x81.", b"cbuiltins\nint\nN\x81.", b"cbuiltins\nint\n)\x81.", b"cbuiltins\nlen\n)\x81.", b"cbuiltins\nint\n)}\x92.",
    b"cbuiltins\nint\n)N\x92.", b"cbuiltins\nint\nN}\x92.", b"N)}\x92.", b"\x92.", b"}}\x92.",
    b"(o.", b"o.", b"(Ko.", b"(cbuiltins\nint\no.", b"(cbuiltins\nint\nI5\no.", b"(No.", b"(ibuiltins\nint\n.", b"ibuiltins\nint\n.", b"(I7\nibuiltins\nint\n.",
    b"b.", b"Nb.", b"NNb.", b"N]b.", b"N}b.", b"NN\x86b.", b"Nc__main__\nReduced\nb.", b"N(N]tb.", b"N(N}tb.", b"(NNb.",
    b"P1\n.", b"P\n.", b"NQ.", b"Q.", b"\x80\x06.", b"\x80.", b"\x80\xff.", b"\x80\x05N.", b"\x82\x00.", b"\x82\x01.", b"\x83\x01\x02.", b"\x84\x00\x00\x00\x80.",
    b"\x84\x01.", b"\x82.", b"\x95" + b"\xff" * 8 + b".", b"\x95\x01" + b"\0" * 7 + b"N.", b"\x95\x03" + b"\0" * 7 + b"N.", b"\x95\x01",
    b"\x88.", b"\x89.", b"\xff.", b"\x00.", b"'.", b"\\.", b"x.", b"\x7f.", b" .", b"~.",
]:
    print(data[:40], end=" ")
    tell(pickle.loads, data)
    print("      file", end=" ")
    tell(pickle.load, io.BytesIO(data))
print("bytes:", pickle.loads(b"S'\xe9'\n.", encoding="bytes"), pickle.loads(b"U\x01\xe9.", encoding="latin1"))
tell(pickle.loads, b"U\x01\xe9.", errors="replace")
