# utf-16 and utf-32: the mark at the start of files, not of pipes; surrogates over chunks.
import codecs
import io
import os
import tempfile

for encoding in "utf-16", "utf_16", "utf-32", "utf-8-sig", "utf-16-le":
    r, w = os.pipe()
    with open(w, "w", encoding=encoding) as f:
        f.write("ab")
        f.write("c")
    print(encoding, os.read(r, 100))
    os.close(r)
    b = io.BytesIO()
    t = io.TextIOWrapper(b, encoding)
    t.write("ab")
    t.flush()
    t.detach()
    t = io.TextIOWrapper(b, encoding)
    t.write("c")
    t.flush()
    print(encoding, b.getvalue())

data = ("\ud901" * 500).encode("utf-8", "surrogatepass")
for chunk in 10, 11, 100:
    t = io.TextIOWrapper(io.BytesIO(data), "utf-8", "surrogatepass")
    t._CHUNK_SIZE = chunk
    text = t.read(1) + t.read(7) + t.read()
    print(chunk, len(text), ascii(set(text)))
