import os
for path in "\x00", "a\x00b/../c", "\x00/..", "a/\x00/../b", "/\x00", ".\x00", "./\x00", "\x00/.", "a//\x00", "\udcff/../\udcfe":
    print(ascii(os.path.normpath(path)))
