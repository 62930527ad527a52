# __builtins__ that is no dict and no module: nothing of the real ones shows through.
code = compile("print('hello')", "", "exec")
for b in 123, None, [], "text":
    for run in lambda: exec(code, {"__builtins__": b}), lambda: eval("len", {"__builtins__": b}):
        try:
            run()
            print("ran")
        except TypeError as e:
            print(e)
print(eval("1 + 1", {"__builtins__": None}))


class Mapping:
    def __getitem__(self, name):
        if name == "missing":
            raise KeyError(name)
        return name.upper


print(eval("spam()", {"__builtins__": Mapping()}))
for i in range(3):
    try:
        exec("for i in range_(): pass\nmissing", {"__builtins__": Mapping()})
    except NameError as e:
        print(e)
g = {}
exec(code, g)
g["__builtins__"] = 5
try:
    exec(code, g)
except TypeError as e:
    print(e)
