import os
name = f"/tmp/quiver-write-empty-{os.getpid()}"
try:
    with open(name, "w") as f:
        print(f.write(""), f.write("é"), f.write(""))
    with open(name, "w", encoding="utf-16") as f:
        print(f.write(""))
    with open(name, "a") as f:
        print(f.write(""))
    print(os.path.getsize(name) in (0, 2))
finally:
    os.unlink(name)
