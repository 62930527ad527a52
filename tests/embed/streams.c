// SPDX-License-Identifier: MIT
// Where print(), errors and input() go: the host's functions.
#include "_check.h"

typedef struct Streams {
    char out[2][8192]; // standard output, standard error
    size_t n[2];       // bytes in each
    const char *in;    // what is left to read
    bool broken;       // writing fails
} Streams;

static int write_host(void *user, int fd, const char *data, size_t size)
{
    Streams *s = user;
    CHECK(fd == 1 || fd == 2);
    if (s->broken) {
        return -1;
    }
    CHECK(s->n[fd - 1] + size < sizeof s->out[0]);
    memcpy(s->out[fd - 1] + s->n[fd - 1], data, size);
    s->n[fd - 1] += size;
    s->out[fd - 1][s->n[fd - 1]] = 0;
    return 0;
}

// At most five bytes at a time: lines come in pieces.
static ptrdiff_t read_host(void *user, char *data, size_t size)
{
    Streams *s = user;
    size_t n = strlen(s->in);
    n = n < size ? n : size;
    n = n < 5 ? n : 5;
    memcpy(data, s->in, n);
    s->in += n;
    return (ptrdiff_t)n;
}

static void expect_written(Quiver *q, Streams *s, const char *out, const char *err)
{
    quiver_flush(q);
    CHECK_TEXT(s->out[0], out);
    CHECK_TEXT(s->out[1], err);
    s->n[0] = s->n[1] = 0;
    s->out[0][0] = s->out[1][0] = 0;
}

int main(void)
{
    Streams s = {.in = "first line\nsecond\n3\nlast without end"};
    static const char *const argv[] = {"prog", "a b"};
    static const char *const path[] = {"/somewhere/lib"};
    QuiverConfig config;
    quiver_config_init(&config);
    config.write = write_host;
    config.read = read_host;
    config.user = &s;
    config.argc = 2;
    config.argv = argv;
    config.path = path;
    config.npath = 1;
    Quiver *q = quiver_new(&config);
    CHECK(q);
    run(q, "print('hello', 1, [2], sep='-')\nprint('gr\\u00fc\\u00df')\n");
    expect_written(q, &s, "hello-1-[2]\ngr\xc3\xbc\xc3\x9f\n", "");
    run(q, "import sys\nprint('oops', file=sys.stderr)\nsys.stdout.write('no end')\n");
    expect_written(q, &s, "no end", "oops\n");
    run(q, "print('seen at once', end='')");
    CHECK_TEXT(s.out[0], "seen at once"); // without a flush
    quiver_release(q, quiver_eval(q, "print(' too', end='')"));
    CHECK_TEXT(s.out[0], "seen at once too");
    s.n[0] = 0;
    run(q, "import sys\nassert sys.argv == ['prog', 'a b'], sys.argv\nassert '/somewhere/lib' in "
           "sys.path\n");

    run(q, "a = input()\nb = input('prompt> ')\nc = int(sys.stdin.readline())\nd = "
           "sys.stdin.read()\n");
    expect_eval(q, "[a, b, c, d]", "['first line', 'second', 3, 'last without end']");
    expect_written(q, &s, "prompt> ", "");
    CHECK(!quiver_eval(q, "input()"));
    expect_error(q, "EOFError", "EOF when reading a line");

    // Flushing does not lose the error that is to be shown.
    CHECK(quiver_run(q, "print('before')\nraise ValueError('kept')\n", "<test>") == -1);
    quiver_flush(q);
    expect_error(q, "ValueError", "kept");
    expect_written(q, &s, "before\n", "");

    // A finalizer that fails is reported, not raised.
    run(q, "class A:\n    def __del__(self): raise ValueError('in del')\nA()\n");
    quiver_flush(q);
    CHECK(strstr(s.out[1], "Exception ignored in: <function A.__del__ at 0x"));
    CHECK(strstr(s.out[1], "ValueError: in del\n"));
    s.n[1] = 0;
    s.out[1][0] = 0;

    s.broken = true;
    CHECK(quiver_run(q, "print('lost', flush=True)", "<test>") == -1);
    expect_error(q, "OSError", NULL);
    s.broken = false;
    run(q, "print('unread')"); // still in the buffer at the end
    CHECK(quiver_free(q) == 0);
    CHECK(strstr(s.out[0], "unread\n"));

    // Without callbacks of its own it is the process's own streams, and others are not disturbed.
    Quiver *plain = fresh(), *unbuffered;
    config.unbuffered = true;
    s.n[0] = 0;
    unbuffered = quiver_new(&config);
    run(plain, "x = 1");
    run(unbuffered, "print('at once')");
    CHECK_TEXT(s.out[0], "at once\n");
    CHECK(quiver_free(plain) == 0);
    return quiver_free(unbuffered);
}
