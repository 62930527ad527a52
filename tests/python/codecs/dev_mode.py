# options: -X dev
# In development mode the names of codecs and error handlers must exist, also where no need is.
for f in (
    lambda: "".encode("nonsense"), lambda: "a".encode("utf8", "nonsense"),
    lambda: "a".encode("ascii", errors="nonsense"), lambda: b"a".decode("latin1", "nonsense"),
    lambda: b"".decode("nonsense"), lambda: str(b"a", "utf-8", "nonsense"),
    lambda: bytes("a", "utf-8", "nonsense"), lambda: bytearray("", "nonsense"),
    lambda: "a".encode("utf-8", "replace"), lambda: b"a".decode("cp1252", "strict"),
):
    try:
        print(f())
    except LookupError as e:
        print(e)
