// SPDX-License-Identifier: MIT
// Scripts of users that nobody trusts: no capabilities, limits on memory, time, recursion and
// output. Each gets an interpreter of its own; none can harm the host or the others.
// expect: fine: done: 328350
// expect: greedy: MemoryError
// expect: deep: RecursionError
// expect: curious: PermissionError
// expect: chatty: stopped, output
// expect: endless: stopped, time
// expect: stubborn: stopped, time
#include <quiver.h>
#include <stdio.h>
#include <string.h>

static void try_script(const char *name, const char *source)
{
    QuiverConfig config;
    quiver_config_init(&config);
    quiver_config_sandbox(&config); // no files, sockets, processes, threads...
    config.memory_limit = 16 << 20;
    config.recursion_limit = 200;
    config.time_limit = 500000000; // ns
    config.output_limit = 1000;    // bytes
    config.stdout_stream = QUIVER_STREAM_CAPTURE;
    Quiver *q = quiver_new(&config);
    char *out = NULL;
    size_t size;
    int status = quiver_run(q, source, name);
    const QuiverError *e = quiver_error(q);
    if (status < 0 && strcmp(e->type, "LimitExceeded") == 0) { // "time limit of 0.5 s exceeded"
        printf("%s: stopped, %.*s\n", name, (int)strcspn(e->message, " "), e->message);
    } else if (status < 0) {
        printf("%s: %s\n", name, e->type);
    } else {
        quiver_flush(q);
        quiver_take_output(q, 1, &out, &size);
        printf("%s: %s", name, out ? out : "\n");
        quiver_string_free(out);
    }
    quiver_free(q);
}

int main(void)
{
    try_script("fine", "print('done:', sum(n * n for n in range(100)))");
    try_script("greedy", "x = ' ' * 10 ** 8");
    try_script("deep", "def f(): f()\nf()");
    try_script("curious", "open('/etc/passwd')");
    try_script("chatty", "while True: print('blah' * 100)");
    try_script("endless", "while True: pass");
    try_script("stubborn", "while True:\n    try:\n        while True: pass\n"
                           "    except BaseException: pass");
    return 0;
}
