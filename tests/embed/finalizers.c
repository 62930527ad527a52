// SPDX-License-Identifier: MIT
// Whatever keeps an object to the last, its finalizer finds the built-in functions.
#include <unistd.h>

#include "_check.h"

// The finalizers write to a pipe: sys.stdout is closed before the last of them run.
static const char PROGRAM[] =
    "import builtins, codecs, posix, sys\n"
    "class D:\n"
    "    def __init__(self, name): self.name = name\n"
    "    def __del__(self, write=posix.write, fd=fd):\n"
    "        write(fd, (self.name + str(len(self.name)) + ' ').encode())\n"
    "def search(name, held=D('codec')): return None\n"
    "codecs.register(search)\n"
    "sys.kept = D('sys')\n"
    "builtins.kept = D('builtins')\n"
    "builtins.len = lambda x, held=D('replaced'), len=len: len(x)\n"
    "sys.modules['__main__'].me = D('main')\n";

int main(void)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    Quiver *q = fresh();
    QuiverValue *fd = quiver_int(q, ends[1]);
    CHECK(quiver_set(q, "fd", fd) == 0);
    quiver_release(q, fd);
    run(q, PROGRAM);
    CHECK(quiver_free(q) == 0);
    close(ends[1]);
    char seen[256] = "";
    CHECK(read(ends[0], seen, sizeof seen - 1) > 0);
    static const char *const names[] = {"main4 ", "codec5 ", "sys3 ", "builtins8 ", "replaced8 "};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!strstr(seen, names[i])) {
            fprintf(stderr, "no \"%s\" in \"%s\"\n", names[i], seen);
            return 1;
        }
    }
    CHECK(quiver_process_live_bytes() == 0);
    return 0;
}
