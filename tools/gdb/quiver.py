# SPDX-License-Identifier: MIT
"""gdb: prints Quiver's values as Python would, and the Python stack.

    gdb -x tools/gdb/quiver.py --args build/debug/quiver file.py

    (gdb) print obj             any QvObj * (or QvList *, ...) reads like its repr
    (gdb) qv-stack              the Python frames of qi (a variable of the selected C frame, or of an
                                outer one), innermost last
    (gdb) qv-dict EXPR          the entries of a dict, one a line

Only memory is read: nothing of the program runs, so this works on a core file and under a lock.
Set `set print raw` (or print/r) to see the structs. Breakpoint anchors: qv_dbg_raise,
qv_dbg_alloc_fail.
"""
import gdb

MAX_ITEMS = 12
MAX_DEPTH = 3
T_INT, T_LIST, T_TUPLE, T_BYTES, T_STR, T_DICT, T_EXC, T_TYPE = (1 << n for n in range(20, 28))
F_BIG = 1 << 8
KIND_SHIFT = 10


def cast(value, name):
    return value.cast(gdb.lookup_type(name).pointer())


def type_name(type_pointer):
    return type_pointer["name"].string("utf-8", "replace")


def str_text(obj):
    """The text of a QvStr *."""
    text = cast(obj, "QvStr")
    length = int(text["len"])
    width = 1 << ((int(text["h"]["flags"]) >> KIND_SHIFT) & 3)
    start = int(text) + gdb.lookup_type("QvStr").sizeof
    shown = min(length, 2000)
    data = gdb.selected_inferior().read_memory(start, shown * width).tobytes()
    encoding = {1: "latin-1", 2: "utf-16-le", 4: "utf-32-le"}[width]
    return data.decode(encoding, "surrogatepass" if width > 1 else "strict")


def int_text(obj):
    value = cast(obj, "QvInt")
    if not int(value["h"]["flags"]) & F_BIG:
        return str(int(value["value"]))
    big = value["big"]
    size = int(big["size"])
    total = sum(int(big["limb"][i]) << (64 * i) for i in range(abs(size)))
    return str(-total if size < 0 else total)


def items_text(opening, closing, items, length, depth, single=""):
    shown = [obj_text(items[i], depth + 1) for i in range(min(length, MAX_ITEMS))]
    if length > MAX_ITEMS:
        shown.append(f"... {length - MAX_ITEMS} more")
    return opening + ", ".join(shown) + (single if length == 1 else "") + closing


def dict_entries(obj):
    table = cast(obj, "QvDict")
    for i in range(int(table["nentries"])):
        entry = table["entries"][i]
        if int(entry["key"]):
            yield entry["key"], entry["value"]


def dict_text(obj, depth):
    shown = []
    for key, value in dict_entries(obj):
        if len(shown) == MAX_ITEMS:
            shown.append("...")
            break
        shown.append(f"{obj_text(key, depth + 1)}: {obj_text(value, depth + 1)}")
    return "{" + ", ".join(shown) + "}"


def obj_text(value, depth=0):
    """Something like repr(value) for a pointer to any object."""
    address = int(value)
    if address == 0:
        return "NULL"
    try:
        obj = cast(value, "QvObj")
        kind = obj["type"]
        if int(kind) == 0:
            return f"<free cell at {address:#x}>"
        name, flags = type_name(kind), int(kind["flags"])
        if name == "NoneType":
            return "None"
        if name == "bool":
            return "True" if int(cast(obj, "QvInt")["value"]) else "False"
        if name == "float":
            return repr(float(cast(obj, "QvFloat")["value"]))
        if flags & T_STR:
            return repr(str_text(obj))
        if flags & T_INT:
            return int_text(obj)
        if flags & T_TYPE:
            return f"<class '{type_name(cast(obj, 'QvType'))}'>"
        if depth >= MAX_DEPTH:
            return f"<{name} at {address:#x}>"
        if flags & T_LIST:
            items = cast(obj, "QvList")
            return items_text("[", "]", items["items"], int(items["len"]), depth)
        if flags & T_TUPLE:
            items = cast(obj, "QvTuple")
            return items_text("(", ")", items["items"], int(items["len"]), depth, ",")
        if flags & T_DICT:
            return dict_text(obj, depth)
        if flags & T_EXC:
            return name + obj_text(cast(obj, "QvExc")["args"], depth)
        if name == "function":
            code = cast(obj, "QvFunction")["code"]
            return f"<function {str_text(code['qualname'])} at {address:#x}>"
        if name == "code":
            code = cast(obj, "QvCode")
            return f"<code {str_text(code['qualname'])}, line {int(code['firstline'])}>"
        return f"<{name} object at {address:#x}>"
    except (gdb.MemoryError, gdb.error, ValueError) as error:
        return f"<unreadable object at {address:#x}: {error}>"


class ObjectPrinter:
    """Pretty-printer of a pointer to an object."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        return obj_text(self.value)


OBJECT_TYPES = {
    "QvObj", "QvInt", "QvFloat", "QvComplex", "QvStr", "QvBytes", "QvByteArray", "QvList", "QvTuple",
    "QvDict", "QvSet", "QvFunction", "QvCell", "QvModule", "QvExc", "QvCode", "QvType",
}


def find_printer(value):
    kind = value.type.strip_typedefs()
    if kind.code != gdb.TYPE_CODE_PTR:
        return None
    target = kind.target().unqualified()
    name = (target.name or target.strip_typedefs().tag or "").replace("struct ", "")
    return ObjectPrinter(value) if name in OBJECT_TYPES else None


def find_variable(name):
    """A pointer of the selected frame or of the nearest caller that has one of this name."""
    frame = gdb.selected_frame()
    while frame is not None:
        try:
            value = frame.read_var(name)
            pointer = value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR
            if pointer and not value.is_optimized_out and int(value):
                return value
        except ValueError:
            pass
        frame = frame.older()
    raise gdb.GdbError(f"no C frame here has a variable {name}")


def line_of(code, index):
    """The source line of an instruction word: the last position entry that starts at or before it."""
    line = int(code["firstline"])
    try:
        for i in range(int(code["nposs"])):
            entry = code["poss"][i]
            if int(entry["start"]) > index:
                break
            line = int(entry["line"])
    except gdb.error:
        pass
    return line


class Stack(gdb.Command):
    """The Python frames of the interpreter that the selected thread runs, innermost last."""

    def __init__(self):
        super().__init__("qv-stack", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        thread = (gdb.parse_and_eval(argument) if argument else find_variable("qi"))["ts"]
        if not int(thread):
            thread = find_variable("ts")  # it waits without the lock: the interpreter runs nobody
        frame, rows = thread["frame"], []
        while int(frame) and len(rows) < 200:
            code = frame["code"]
            if int(code):
                index = (int(frame["pc"]) - int(code["instrs"])) // 8
                file, name = str_text(code["filename"]), str_text(code["qualname"])
                rows.append(f'  File "{file}", line {line_of(code, index)}, in {name}')
            frame = frame["prev"]
        print("Python frames (innermost last; the last line of a running frame is its last safepoint):")
        print("\n".join(reversed(rows)) or "  none")
        if int(thread["exc"]):
            print("pending: " + obj_text(thread["exc"]))


class DictEntries(gdb.Command):
    """The entries of a dict, one a line: qv-dict EXPR."""

    def __init__(self):
        super().__init__("qv-dict", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        for key, value in dict_entries(gdb.parse_and_eval(argument)):
            print(f"{obj_text(key)}: {obj_text(value)}")


gdb.pretty_printers.append(find_printer)
Stack()
DictEntries()
