// SPDX-License-Identifier: MIT
// Streams: nowhere, captured with a bound and each way to overflow, taken while a script runs.
#include <pthread.h>

#include "_check.h"

static Quiver *with(QuiverStream out, QuiverStream err, size_t bytes, QuiverOverflow overflow)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.stdin_stream = QUIVER_STREAM_NULL;
    config.stdout_stream = out;
    config.stderr_stream = err;
    config.capture_bytes = bytes;
    config.overflow = overflow;
    Quiver *q = quiver_new(&config);
    CHECK(q);
    return q;
}

static void expect(Quiver *q, int fd, const char *text, int64_t dropped)
{
    char *got;
    size_t size;
    CHECK(quiver_take_output(q, fd, &got, &size) == dropped);
    CHECK(strcmp(got ? got : "", text) == 0 && size == strlen(text));
    quiver_string_free(got);
}

static void *count(void *arg)
{
    CHECK(quiver_run(arg, "for n in range(20000): print(n)\n", "<count>") == 0);
    return NULL;
}

int main(void)
{
    Quiver *q = with(QUIVER_STREAM_CAPTURE, QUIVER_STREAM_NULL, 10, QUIVER_OVERFLOW_DROP_OLD);
    CHECK(quiver_run(q, "import sys\nassert sys.stdin.read() == ''\nprint('one')", "<s>") == 0);
    CHECK(quiver_run(q, "sys.stderr.write('nobody hears'); print('two')", "<s>") == 0);
    expect(q, 1, "one\ntwo\n", 0);
    expect(q, 1, "", 0);
    CHECK(quiver_run(q, "print('12345'); print('6789a'); print('bcd')", "<s>") == 0);
    expect(q, 1, "6789a\nbcd\n", 6);
    CHECK(quiver_run(q, "print('x' * 50 + 'end')", "<s>") == 0);
    expect(q, 1, "xxxxxxend\n", 44);
    char *none;
    CHECK(quiver_take_output(q, 2, &none, NULL) == -1 &&
          quiver_take_output(q, 7, &none, NULL) == -1);
    CHECK(quiver_free(q) == 0);

    q = with(QUIVER_STREAM_NULL, QUIVER_STREAM_CAPTURE, 6, QUIVER_OVERFLOW_DROP_NEW);
    CHECK(quiver_run(
              q,
              "import sys\nprint('gone')\nsys.stderr.write('abcd\\n'); sys.stderr.write('efg\\n')",
              "<s>") == 0);
    expect(q, 2, "abcd\ne", 3);
    CHECK(quiver_free(q) == 0);

    q = with(QUIVER_STREAM_CAPTURE, QUIVER_STREAM_CAPTURE, 6, QUIVER_OVERFLOW_RAISE);
    CHECK(quiver_run(q, "print('abcd')", "<s>") == 0);
    CHECK(quiver_run(q, "print('abcd')", "<s>") < 0 &&
          strcmp(quiver_error(q)->type, "OSError") == 0);
    expect(q, 1, "abcd\n", 0);
    quiver_free(q);

    q = with(QUIVER_STREAM_CAPTURE, QUIVER_STREAM_NULL, 0, QUIVER_OVERFLOW_DROP_OLD);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, count, q) == 0);
    size_t total = 0;
    for (int ended = 0; ended < 2;) {
        char *part;
        size_t size;
        ended = ended ? 2 : pthread_tryjoin_np(thread, NULL) == 0;
        CHECK(quiver_take_output(q, 1, &part, &size) == 0);
        total += size;
        quiver_string_free(part);
    }
    CHECK(total == 108890);
    CHECK(quiver_free(q) == 0);
    puts("ok");
    return 0;
}
