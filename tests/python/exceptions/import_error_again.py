# __init__ called again resets what it is not given.
e = ImportError("test", name="name", path="path")
print(e.msg, e.name, e.path, e.args)
e.__init__()
print(e.msg, e.name, e.path, e.args)
