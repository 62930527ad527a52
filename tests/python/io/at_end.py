# options: -Wd
# exit: 3
# At the end: objects of classes find streams open, and files left open are told of.
import io


class C:
    def __init__(self):
        self.buf = io.BytesIO()
        self.me = self

    def __del__(self):
        t = io.TextIOWrapper(self.buf, encoding="utf-8")
        t.write("x")
        t.flush()
        print("ok", self.buf.getvalue())


c = C()
d = C()
raise SystemExit(3)
