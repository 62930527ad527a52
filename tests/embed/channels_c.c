// SPDX-License-Identifier: MIT
// Channels between scripts and threads of the host that are inside no interpreter: every kind of
// message, buffers without copies, closing, times to wait, cancelling, mistakes, statistics.
// suite: threads
// libs: -pthread -lcjson
#include <cjson/cJSON.h>
#include <poll.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "_check.h"

#define MS INT64_C(1000000)

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 * MS + t.tv_nsec;
}

static void open_pair(size_t capacity, QuiverEnd **tx, QuiverEnd **rx)
{
    CHECK(quiver_channel_open(capacity, "test", tx, rx) == QUIVER_OK);
}

// Puts an end into a script's globals; the script alone has it then.
static void set_end_take(Quiver *q, const char *name, QuiverEnd *end)
{
    QuiverValue *v = quiver_from_end(q, end);
    CHECK(v && quiver_kind(q, v) == QUIVER_END);
    CHECK(quiver_set(q, name, v) == 0);
    quiver_release(q, v);
    quiver_end_release(end);
}

static QuiverMessage *receive(QuiverEnd *rx)
{
    QuiverMessage *msg;
    CHECK(quiver_receive(rx, &msg, 5000 * MS) == QUIVER_OK);
    return msg;
}

static void expect_json_take(QuiverMessage *msg, const char *want)
{
    cJSON *tree;
    char error[200];
    if (quiver_message_to_cjson(msg, &tree, error, sizeof error) != QUIVER_OK) {
        CHECK_TEXT(error, want);
    } else {
        char *text = cJSON_PrintUnformatted(tree);
        CHECK_TEXT(text, want);
        cJSON_free(text);
        cJSON_Delete(tree);
    }
    quiver_message_free(msg);
}

// ---- from C to a script -------------------------------------------------------------------------

static int freed;

static void note(void *user) { __atomic_add_fetch((int *)user, 1, __ATOMIC_SEQ_CST); }

static void to_script(void)
{
    QuiverEnd *tx, *rx;
    Quiver *q = fresh();
    open_pair(QUIVER_UNBOUNDED, &tx, &rx);
    set_end_take(q, "rx", rx);
    CHECK(quiver_send_null(tx, 0) == QUIVER_OK);
    CHECK(quiver_send_bool(tx, true, 0) == QUIVER_OK);
    CHECK(quiver_send_int(tx, INT64_MIN, 0) == QUIVER_OK);
    CHECK(quiver_send_double(tx, -0.5, 0) == QUIVER_OK);
    CHECK(quiver_send_text(tx, "plain", -1, 0) == QUIVER_OK);
    CHECK(quiver_send_text(tx, "gr\xc3\xbc\xc3\x9f", -1, 0) == QUIVER_OK);
    CHECK(quiver_send_text(tx, "\xe2\x82\xac", 3, 0) == QUIVER_OK);
    CHECK(quiver_send_text(tx, "\xf0\x9f\x98\x80\0", 5, 0) == QUIVER_OK);
    CHECK(quiver_send_text(tx, NULL, 0, 0) == QUIVER_OK);
    CHECK(quiver_send_bytes(tx, "a\0b", 3, 0) == QUIVER_OK);
    CHECK(quiver_send_bytes(tx, NULL, 0, 0) == QUIVER_OK);
    expect_eval(q, "[rx.recv() for _ in range(11)]",
                "[None, True, -9223372036854775808, -0.5, 'plain', 'gr\xc3\xbc\xc3\x9f', "
                "'\xe2\x82\xac', '\xf0\x9f\x98\x80\\x00', '', b'a\\x00b', b'']");

    cJSON *tree = cJSON_Parse("{\"n\":[1,-2,300,70000,5,6,7,8],\"f\":[0.5,1.5,2.5,3.5,4.5,5.5,6.5,"
                              "7.5],\"t\":\"\\u00e9\",\"x\":{\"y\":null,\"z\":[true,1e30]}}");
    CHECK(tree && quiver_send_cjson(tx, tree, 0) == QUIVER_OK);
    cJSON_Delete(tree);
    expect_eval(q, "rx.recv()",
                "{'n': [1, -2, 300, 70000, 5, 6, 7, 8], 'f': [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, "
                "7.5], 't': '\xc3\xa9', 'x': {'y': None, 'z': [True, 1e+30]}}");
    for (size_t n = 126; n < 131; n++) { // where the length takes another byte
        static char zeros[131];
        CHECK(quiver_send_bytes(tx, zeros, n, 0) == QUIVER_OK);
        CHECK(eval_int(q, "len(rx.recv())") == (long long)n);
    }

    // A buffer of ours: the script sees it where it is, and may write to it.
    static char memory[] = "0123456789";
    QuiverMessage *msg = quiver_message_buffer(memory, 10, true, note, &freed);
    CHECK(quiver_message_kind(msg) == QUIVER_BYTES);
    CHECK(quiver_send(tx, msg, 0) == QUIVER_OK);
    run(q, "m = rx.recv(); m[0] = 120; part = m[2:4]; m.release(); del m");
    CHECK_TEXT(memory, "x123456789");
    CHECK(freed == 0);
    run(q, "assert bytes(part) == b'23'; del part");
    CHECK(freed == 1);
    CHECK(quiver_send(tx, quiver_message_buffer(memory, 10, false, note, &freed), 0) == QUIVER_OK);
    expect_eval(q, "rx.recv().readonly", "True");
    run(q, "import gc; gc.collect()");
    CHECK(freed == 2);
    CHECK(!quiver_message_buffer(NULL, 10, false, note, &freed) && freed == 3);

    // An end through a channel; the end of the stream.
    QuiverEnd *tx2, *rx2;
    open_pair(1, &tx2, &rx2);
    CHECK(quiver_send(tx, quiver_message_end(tx2), 0) == QUIVER_OK);
    quiver_end_release(tx2);
    quiver_end_release(tx);
    run(q, "a, = list(rx); a.send('through'); a.close()");
    expect_json_take(receive(rx2), "\"through\"");
    CHECK(quiver_receive(rx2, &msg, QUIVER_FOREVER) == QUIVER_ENDED && !msg);
    quiver_end_release(rx2);
    CHECK(quiver_free(q) == 0);
}

// Messages that are made first, and sent or selected with later.
static void makers(void)
{
    QuiverEnd *tx, *rx;
    size_t at;
    cJSON *tree = cJSON_Parse("{\"a\":[1,2.5,\"t\",null,true]}");
    QuiverMessage *made[] = {
        quiver_message_null(),       quiver_message_bool(false),   quiver_message_int(-1048576),
        quiver_message_double(1e-3), quiver_message_bytes("b", 1), quiver_message_text("text", -1),
        quiver_message_cjson(tree),
    };
    static const QuiverKind kinds[] = {QUIVER_NONE,  QUIVER_BOOL, QUIVER_INT, QUIVER_FLOAT,
                                       QUIVER_BYTES, QUIVER_STR,  QUIVER_DICT};
    enum { N = sizeof made / sizeof *made };
    uint64_t bytes = 0;
    cJSON_Delete(tree);
    open_pair(N, &tx, &rx);
    for (int k = 0; k < N; k++) {
        QuiverCase one = {.end = tx, .msg = made[k]};
        CHECK(made[k] && quiver_message_kind(made[k]) == kinds[k]);
        bytes += quiver_message_size(made[k]);
        if (k % 2) {
            CHECK(quiver_send(tx, made[k], 0) == QUIVER_OK);
        } else {
            CHECK(quiver_select(&one, 1, 0, &at) == QUIVER_OK && at == 0 && !one.msg);
        }
    }
    Quiver *q = fresh();
    QuiverChannelStats s;
    CHECK(quiver_end_stats(rx, &s) && s.messages == N && s.bytes == bytes);
    CHECK(s.received == 0 && s.received_bytes == 0 && s.high_water == N && s.depth == N);
    quiver_end_retain(rx);
    set_end_take(q, "rx", rx);
    expect_eval(q, "rx.recv_many()",
                "[None, False, -1048576, 0.001, b'b', 'text', {'a': [1, 2.5, 't', None, True]}]");
    CHECK(quiver_end_stats(rx, &s) && s.received == N && s.received_bytes == bytes && !s.depth);
    quiver_end_release(tx);
    quiver_end_release(rx);
    // Batches of a script, one by one in C.
    open_pair(QUIVER_UNBOUNDED, &tx, &rx);
    set_end_take(q, "tx", tx);
    run(q, "tx.send_many([k if k % 3 else 'x' * k for k in range(1000)]); tx.close()");
    for (int k = 0; k < 1000; k++) {
        int64_t i;
        char *text;
        size_t size;
        QuiverMessage *msg = receive(rx);
        if (k % 3) {
            CHECK(quiver_message_to_int(msg, &i) == QUIVER_OK && i == k);
        } else {
            CHECK(quiver_message_to_text(msg, &text, &size) == QUIVER_OK && size == (size_t)k);
            quiver_string_free(text);
        }
        quiver_message_free(msg);
    }
    QuiverMessage *msg;
    CHECK(quiver_receive(rx, &msg, QUIVER_FOREVER) == QUIVER_ENDED);
    quiver_end_release(rx);
    CHECK(quiver_free(q) == 0);
}

// ---- from a script to C -------------------------------------------------------------------------

static void send_from(Quiver *q, const char *expression)
{
    char source[400];
    snprintf(source, sizeof source, "tx.send(%s)", expression);
    run(q, source);
}

static void from_script(void)
{
    QuiverEnd *tx, *rx;
    Quiver *q = fresh();
    bool b;
    int64_t i;
    double d;
    char *text;
    size_t size;
    const void *data;
    QuiverMessage *msg;
    open_pair(QUIVER_UNBOUNDED, &tx, &rx);
    set_end_take(q, "tx", tx);

    static const struct {
        const char *expression, *name, *json;
        QuiverKind kind;
    } kinds[] = {
        {"None", "NoneType", "null", QUIVER_NONE},
        {"False", "bool", "false", QUIVER_BOOL},
        {"-7", "int", "-7", QUIVER_INT},
        {"2 ** 70", "int", "1.1805916207174113e+21", QUIVER_INT},
        {"2 ** 2000", "int", "the message cannot be read: an int is too large for a double",
         QUIVER_INT},
        {"1.25", "float", "1.25", QUIVER_FLOAT},
        {"float('nan')", "float", "message is no finite number, which JSON cannot express",
         QUIVER_FLOAT},
        {"1j", "complex", "message is complex, which JSON cannot express", QUIVER_COMPLEX},
        {"'\\xe9\\u20ac\\U0001f600'", "str", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
         QUIVER_STR},
        {"'a\\0b'", "str", "message has a null character inside", QUIVER_STR},
        {"'\\ud800'", "str", "the message cannot be read: surrogates cannot be written as UTF-8",
         QUIVER_STR},
        {"b'x'", "bytes", "message is bytes, which JSON cannot express", QUIVER_BYTES},
        {"bytearray(b'x')", "bytearray", "message is bytearray, which JSON cannot express",
         QUIVER_BYTES},
        {"(1, [2, 'x'], {})", "tuple", "[1,[2,\"x\"],{}]", QUIVER_TUPLE},
        {"list(range(-3, 7))", "list", "[-3,-2,-1,0,1,2,3,4,5,6]", QUIVER_LIST},
        {"tuple(k / 2 for k in range(8))", "tuple", "[0,0.5,1,1.5,2,2.5,3,3.5]", QUIVER_TUPLE},
        {"{'a': [1, {'b': 1.5}], 'c': None}", "dict", "{\"a\":[1,{\"b\":1.5}],\"c\":null}",
         QUIVER_DICT},
        {"{1: 2}", "dict", "message has a key that is int, not str", QUIVER_DICT},
        {"{'jobs': [0, 1, {'lock': {1}}]}", "dict",
         "message['jobs'][2]['lock'] is set, which JSON cannot express", QUIVER_DICT},
        {"frozenset()", "frozenset", "message is frozenset, which JSON cannot express", QUIVER_SET},
        {"range(3)", "range", "message is range, which JSON cannot express", QUIVER_OTHER},
        {"len", "function", "message is function, which JSON cannot express", QUIVER_FUNCTION},
        {"lambda: 1", "function", "message is function, which JSON cannot express",
         QUIVER_FUNCTION},
        {"ValueError('x')", "exception", "message is exception, which JSON cannot express",
         QUIVER_OTHER},
        {"[__import__('fractions').Fraction(1, 3)]", "list",
         "message[0] is instance, which JSON cannot express", QUIVER_LIST},
        {"tx", "channel end", "message is channel end, which JSON cannot express", QUIVER_END},
        {"(lambda x: [x, x, {'k': x}])([1, 'a' * 30])", "list",
         "[[1,\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"],[1,\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"],{\"k\":[1,"
         "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"]}]",
         QUIVER_LIST},
        {"(lambda k: [{k: 1}, {k: 2}, k])('key' + str(1))", "list",
         "[{\"key1\":1},{\"key1\":2},\"key1\"]", QUIVER_LIST},
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        send_from(q, kinds[k].expression);
        msg = receive(rx);
        CHECK_TEXT(quiver_message_kind_name(msg), kinds[k].name);
        CHECK(quiver_message_kind(msg) == kinds[k].kind);
        expect_json_take(msg, kinds[k].json);
    }

    run(q, "tx.send(bytearray(b'moved'), move=True)");
    msg = receive(rx);
    CHECK(quiver_message_kind(msg) == QUIVER_BYTES);
    CHECK_TEXT(quiver_message_kind_name(msg), "bytearray");
    CHECK(quiver_message_view(msg, &data, &size) == QUIVER_OK && size == 5 &&
          memcmp(data, "moved", 5) == 0);
    quiver_message_free(msg);
    run(q, "import array; tx.send(array.array('i', [1, 2]), move=True)");
    msg = receive(rx);
    CHECK_TEXT(quiver_message_kind_name(msg), "array");
    quiver_message_free(msg);
    run(q, "class Set:\n"
           "    def __reduce__(self): return list, (), [], None, None, print\n"
           "tx.send(Set())\n");
    msg = receive(rx);
    CHECK(quiver_message_kind(msg) == QUIVER_OTHER);
    CHECK_TEXT(quiver_message_kind_name(msg), "instance");
    quiver_message_free(msg);

    send_from(q, "2 ** 63");
    msg = receive(rx);
    CHECK(quiver_message_to_int(msg, &i) == QUIVER_UNFIT);
    CHECK(quiver_message_to_double(msg, &d) == QUIVER_OK && d == 9223372036854775808.0);
    CHECK(quiver_message_to_text(msg, &text, NULL) == QUIVER_UNFIT && !text);
    CHECK(quiver_message_to_bool(msg, &b) == QUIVER_UNFIT);
    CHECK(quiver_message_view(msg, &data, &size) == QUIVER_UNFIT);
    quiver_message_free(msg);
    // The nearest double, as int.__float__ finds it.
    static const char *const big[] = {"2 ** 64 + 2 ** 11", "2 ** 64 + 2 ** 11 + 1",
                                      "-(2 ** 90) - 1",    "-(2 ** 64)",
                                      "3 ** 200",          "-(7 ** 99)",
                                      "2 ** 1023",         "-(2 ** 63) - 2 ** 10 - 1"};
    for (size_t k = 0; k < sizeof big / sizeof *big; k++) {
        char source[100];
        snprintf(source, sizeof source, "float(%s)", big[k]);
        QuiverValue *v = eval(q, source);
        double want;
        CHECK(quiver_to_float(q, v, &want) == 0);
        quiver_release(q, v);
        send_from(q, big[k]);
        msg = receive(rx);
        CHECK(quiver_message_to_double(msg, &d) == QUIVER_OK && d == want);
        quiver_message_free(msg);
    }
    send_from(q, "True");
    msg = receive(rx);
    CHECK(quiver_message_to_bool(msg, &b) == QUIVER_OK && b);
    CHECK(quiver_message_to_int(msg, &i) == QUIVER_OK && i == 1);
    quiver_message_free(msg);
    send_from(q, "'\\xe9\\0'");
    msg = receive(rx);
    CHECK(quiver_message_to_text(msg, &text, &size) == QUIVER_OK && size == 3);
    CHECK(memcmp(text, "\xc3\xa9\0", 4) == 0);
    quiver_string_free(text);
    quiver_message_free(msg);

    // Moved out: the message becomes the buffer.
    send_from(q, "bytes(range(256)) * 100");
    msg = receive(rx);
    QuiverBuffer buffer;
    CHECK(quiver_message_view(msg, &data, &size) == QUIVER_OK && size == 25600);
    CHECK(quiver_message_take_buffer(msg, &buffer) == QUIVER_OK);
    CHECK(buffer.data == data && buffer.size == 25600 && buffer.writable);
    CHECK(((unsigned char *)buffer.data)[25599] == 255);
    buffer.free(buffer.user);
    static char memory[8];
    freed = 0;
    CHECK(quiver_message_take_buffer(quiver_message_buffer(memory, 8, true, note, &freed),
                                     &buffer) == QUIVER_OK);
    CHECK(buffer.data == memory && buffer.writable && freed == 0);
    buffer.free(buffer.user);
    CHECK(freed == 1);

    // An end out of a message, and out of a value.
    run(q, "import channels\na, b = channels.open(3, name='inner')\ntx.send(b)");
    msg = receive(rx);
    QuiverEnd *inner, *other;
    CHECK(quiver_message_to_end(msg, &inner) == QUIVER_OK && quiver_end_is_receiver(inner));
    quiver_message_free(msg);
    run(q, "a.send('in')");
    expect_json_take(receive(inner), "\"in\"");
    QuiverValue *v = eval(q, "a");
    other = quiver_to_end(q, v);
    CHECK(other && !quiver_end_is_receiver(other));
    quiver_release(q, v);
    quiver_end_release(other);
    run(q, "a.close()");
    v = eval(q, "a");
    CHECK(!quiver_to_end(q, v));
    expect_error(q, "ClosedError", NULL);
    CHECK(!quiver_to_end(q, quiver_none(q)));
    expect_error(q, "TypeError", "expected an end of a channel, not NoneType");
    quiver_release(q, v);
    CHECK(quiver_receive(inner, &msg, 0) == QUIVER_ENDED);
    quiver_end_release(inner);
    CHECK(quiver_free(q) == 0);
    quiver_end_release(rx);
}

// ---- values, with an interpreter ----------------------------------------------------------------

static void with_values(void)
{
    QuiverEnd *tx, *rx;
    Quiver *q = fresh(), *q2 = fresh();
    open_pair(2, &tx, &rx);
    QuiverValue *v = eval(q, "{'f': lambda x: x * 2, 's': {1, 2}}");
    CHECK(quiver_send_value(q, tx, v, 0) == 0);
    quiver_release(q, v);
    v = quiver_receive_value(q2, rx, QUIVER_FOREVER);
    CHECK(v && quiver_set(q2, "v", v) == 0);
    quiver_release(q2, v);
    expect_eval(q2, "v['f'](21), v['s']", "(42, {1, 2})");
    CHECK(!quiver_receive_value(q2, rx, 5 * MS));
    expect_error(q2, "TimeoutError", "nothing came through the channel");
    CHECK(quiver_send_value(q, tx, quiver_none(q), 0) == 0);
    CHECK(quiver_send_value(q, tx, quiver_none(q), 0) == 0);
    CHECK(quiver_send_value(q, tx, quiver_none(q), 5 * MS) == -1);
    expect_error(q, "TimeoutError", "the channel is full");
    CHECK(quiver_send_value(q, rx, quiver_none(q), 0) == -1);
    expect_error(q, "ValueError", "the end is a receiver");
    CHECK(!quiver_receive_value(q, NULL, 0));
    expect_error(q, "ValueError", NULL);
    v = eval(q, "[1, (x for x in ())]");
    CHECK(quiver_send_value(q, tx, v, 0) == -1);
    expect_error(q, "NotShareableError", NULL);
    CHECK(!quiver_to_message(q, v));
    quiver_release(q, v);
    v = eval(q, "1 + 1");
    QuiverMessage *msg = quiver_to_message(q, v);
    CHECK(msg);
    quiver_release(q, v);
    expect_repr_take(q2, quiver_from_message(q2, msg), "2");
    quiver_message_free(msg);
    quiver_end_release(tx);
    expect_repr_take(q, quiver_receive_value(q, rx, 0), "None");
    expect_repr_take(q, quiver_receive_value(q, rx, 0), "None");
    CHECK(!quiver_receive_value(q, rx, QUIVER_FOREVER));
    expect_error(q, "EndOfStream", NULL);
    QuiverStats stats;
    quiver_stats(q2, &stats);
    CHECK(stats.messages_received == 1);
    quiver_end_release(rx);
    CHECK(quiver_free(q) == 0 && quiver_free(q2) == 0);
}

// ---- waiting ------------------------------------------------------------------------------------

typedef struct Job {
    pthread_t thread;
    QuiverEnd *in, *out;
    int n;
    int64_t sum;
    QuiverStatus last;
} Job;

static void *produce(void *arg)
{
    Job *job = arg;
    for (int k = 1; k <= job->n && job->last == QUIVER_OK; k++) {
        job->last = quiver_send_int(job->out, k, QUIVER_FOREVER);
    }
    quiver_end_release(job->out);
    return NULL;
}

static void *collect(void *arg)
{
    Job *job = arg;
    QuiverMessage *msg;
    while ((job->last = quiver_receive(job->in, &msg, QUIVER_FOREVER)) == QUIVER_OK) {
        int64_t v;
        CHECK(quiver_message_to_int(msg, &v) == QUIVER_OK);
        job->sum += v;
        job->n++;
        quiver_message_free(msg);
    }
    quiver_end_release(job->in);
    return NULL;
}

static void *work(void *arg)
{
    Job *job = arg;
    Quiver *q = fresh();
    set_end_take(q, "jobs", job->in);
    set_end_take(q, "results", job->out);
    run(q, "for n in jobs:\n    results.send(n * n)\n");
    CHECK(quiver_free(q) == 0);
    return NULL;
}

// Threads of C feed interpreters through a small channel, and collect.
static void pipeline(void)
{
    enum { N = 2000, WORKERS = 2 };
    Job producers[2] = {{.n = N}, {.n = N}}, workers[WORKERS], collector = {0};
    QuiverEnd *jobs, *jobs_rx, *results, *results_rx;
    open_pair(4, &jobs, &jobs_rx);
    open_pair(0, &results, &results_rx);
    for (int k = 0; k < WORKERS; k++) {
        workers[k] = (Job){.in = quiver_end_retain(jobs_rx), .out = quiver_end_retain(results)};
        pthread_create(&workers[k].thread, NULL, work, &workers[k]);
    }
    quiver_end_release(jobs_rx);
    quiver_end_release(results);
    collector.in = results_rx;
    pthread_create(&collector.thread, NULL, collect, &collector);
    for (int k = 0; k < 2; k++) {
        producers[k].out = quiver_end_retain(jobs);
        pthread_create(&producers[k].thread, NULL, produce, &producers[k]);
    }
    quiver_end_release(jobs);
    for (int k = 0; k < 2; k++) {
        pthread_join(producers[k].thread, NULL);
        CHECK(producers[k].last == QUIVER_OK);
        pthread_join(workers[k].thread, NULL);
    }
    pthread_join(collector.thread, NULL);
    CHECK(collector.last == QUIVER_ENDED && collector.n == 2 * N);
    CHECK(collector.sum == 2 * ((int64_t)N * (N + 1) * (2 * N + 1) / 6));
}

static void times_and_ends(void)
{
    QuiverEnd *tx, *rx;
    QuiverMessage *msg;
    Job job = {0};
    open_pair(1, &tx, &rx);
    int64_t start = now();
    CHECK(quiver_receive(rx, &msg, 0) == QUIVER_TIMEOUT && !msg);
    CHECK(quiver_receive(rx, &msg, 3 * MS) == QUIVER_TIMEOUT && now() - start >= 3 * MS);
    CHECK(quiver_send_int(tx, 1, 0) == QUIVER_OK);
    start = now();
    CHECK(quiver_send_int(tx, 2, 0) == QUIVER_TIMEOUT);
    CHECK(quiver_send_int(tx, 2, 3 * MS) == QUIVER_TIMEOUT && now() - start >= 3 * MS);
    msg = quiver_message_int(3);
    CHECK(quiver_send(tx, msg, 0) == QUIVER_TIMEOUT); // stays ours
    quiver_end_shut(rx);
    CHECK(quiver_send(tx, msg, QUIVER_FOREVER) == QUIVER_BROKEN);
    quiver_message_free(msg);
    expect_json_take(receive(rx), "1");
    CHECK(quiver_receive(rx, &msg, QUIVER_FOREVER) == QUIVER_ENDED);
    quiver_end_release(tx);
    quiver_end_release(rx);

    // Another thread ends a wait, by cancelling as long as it is not there, and for good.
    open_pair(1, &tx, &rx);
    job.in = quiver_end_retain(rx);
    pthread_create(&job.thread, NULL, collect, &job);
    QuiverChannelStats stats;
    do {
        CHECK(quiver_end_stats(rx, &stats));
    } while (stats.receive_waits == 0);
    quiver_end_cancel(rx);
    pthread_join(job.thread, NULL);
    CHECK(job.last == QUIVER_CANCELLED);
    CHECK(quiver_send_int(tx, 1, 0) == QUIVER_OK); // nothing was lost
    job = (Job){.out = tx, .n = 3};
    pthread_create(&job.thread, NULL, produce, &job);
    do {
        CHECK(quiver_end_stats(rx, &stats));
    } while (stats.send_waits == 0);
    quiver_end_release(rx);
    pthread_join(job.thread, NULL);
    CHECK(job.last == QUIVER_BROKEN);
}

// One of several; a descriptor; urgent ones first.
static void selecting(void)
{
    enum { N = 500 };
    QuiverEnd *tx[2], *rx[2];
    size_t at = 9, seen[2] = {0};
    Job jobs[2] = {{.n = N}, {.n = N}};
    open_pair(1, &tx[0], &rx[0]);
    open_pair(1, &tx[1], &rx[1]);
    // Nothing to receive, no room to send; then room.
    CHECK(quiver_send_int(tx[1], 1, 0) == QUIVER_OK);
    QuiverCase cases[2] = {{.end = rx[0]}, {.end = tx[1], .msg = quiver_message_int(2)}};
    CHECK(quiver_select(cases, 2, 0, &at) == QUIVER_TIMEOUT);
    CHECK(quiver_select(cases, 2, MS, &at) == QUIVER_TIMEOUT && cases[1].msg && !cases[0].msg);
    expect_json_take(receive(rx[1]), "1");
    CHECK(quiver_select(cases, 2, QUIVER_FOREVER, &at) == QUIVER_OK && at == 1 && !cases[1].msg);
    CHECK(quiver_select(cases, 2, 0, &at) == QUIVER_INVALID); // there is nothing to send
    CHECK(quiver_select(cases, 0, 0, &at) == QUIVER_INVALID);
    expect_json_take(receive(rx[1]), "2");
    struct pollfd fd = {.fd = quiver_end_fd(rx[0]), .events = POLLIN};
    CHECK(fd.fd >= 0 && poll(&fd, 1, 0) == 0 && quiver_end_fd(NULL) == -1);
    CHECK(quiver_send(tx[0], quiver_message_urgent(quiver_message_null()), 0) == QUIVER_OK);
    CHECK(poll(&fd, 1, 5000) == 1);
    expect_json_take(receive(rx[0]), "null");
    CHECK(poll(&fd, 1, 0) == 0);
    // Two producers, one that selects: all of both comes, then the end.
    for (int k = 0; k < 2; k++) {
        jobs[k].out = tx[k];
        cases[k] = (QuiverCase){.end = rx[k]};
        pthread_create(&jobs[k].thread, NULL, produce, &jobs[k]);
    }
    QuiverStatus status;
    while ((status = quiver_select(cases, 2, QUIVER_FOREVER, &at)) == QUIVER_OK) {
        int64_t v;
        CHECK(quiver_message_to_int(cases[at].msg, &v) == QUIVER_OK && v == (int64_t)++seen[at]);
        quiver_message_free(cases[at].msg);
        cases[at].msg = NULL;
    }
    CHECK(status == QUIVER_ENDED && seen[0] == N && seen[1] == N);
    for (int k = 0; k < 2; k++) {
        pthread_join(jobs[k].thread, NULL);
        quiver_end_release(rx[k]);
    }
    open_pair(QUIVER_UNBOUNDED, &tx[0], &rx[0]);
    CHECK(quiver_send_int(tx[0], 1, 0) == QUIVER_OK);
    CHECK(quiver_send(tx[0], quiver_message_urgent(quiver_message_int(2)), 0) == QUIVER_OK);
    CHECK(quiver_send(tx[0], quiver_message_urgent(quiver_message_int(3)), 0) == QUIVER_OK);
    expect_json_take(receive(rx[0]), "2");
    expect_json_take(receive(rx[0]), "3");
    expect_json_take(receive(rx[0]), "1");
    // A script that waits for the acknowledgement of C.
    Quiver *q = fresh();
    set_end_take(q, "tx", quiver_end_retain(tx[0]));
    run(q,
        "import threading\nt = threading.Thread(target=lambda: tx.send('x', ack=True))\nt.start()");
    expect_json_take(receive(rx[0]), "\"x\"");
    run(q, "t.join()");
    CHECK(quiver_free(q) == 0);
    quiver_end_release(rx[0]);
    cases[0] = (QuiverCase){.end = tx[0], .msg = quiver_message_null()};
    CHECK(quiver_select(cases, 1, QUIVER_FOREVER, &at) == QUIVER_BROKEN && cases[0].msg);
    quiver_message_free(cases[0].msg);
    quiver_end_release(tx[0]);
}

// A function of the host that waits in a channel for a script.
static QuiverValue *wait_in(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    QuiverMessage *msg;
    (void)args, (void)nargs;
    QuiverStatus status = quiver_receive(user, &msg, QUIVER_FOREVER);
    if (status == QUIVER_STOPPED) {
        return NULL;
    }
    CHECK(status == QUIVER_OK);
    QuiverValue *v = quiver_from_message(q, msg);
    quiver_message_free(msg);
    return v;
}

static void *stop_it(void *arg)
{
    Job *job = arg;
    QuiverChannelStats stats;
    do {
        CHECK(quiver_end_stats(job->in, &stats));
    } while (stats.receive_waits <= (uint64_t)job->n);
    quiver_interrupt((Quiver *)(void *)job->out);
    return NULL;
}

static void inside(void)
{
    QuiverEnd *tx, *rx;
    Quiver *q = fresh();
    open_pair(1, &tx, &rx);
    CHECK(quiver_register(q, NULL, "wait_in", wait_in, 0, 0, rx, NULL) == 0);
    set_end_take(q, "tx", quiver_end_retain(tx));
    // The other thread of the script runs while the first waits in C.
    expect_eval(q, "[__import__('_thread').start_new_thread(tx.send, ([1, 2],)), wait_in()][1]",
                "[1, 2]");
    QuiverChannelStats stats; // of the waits until now
    CHECK(quiver_end_stats(rx, &stats));
    Job job = {.in = rx, .out = (QuiverEnd *)(void *)q, .n = (int)stats.receive_waits};
    pthread_create(&job.thread, NULL, stop_it, &job);
    CHECK(!quiver_eval(q, "[wait_in(), wait_in()]"));
    expect_error(q, "KeyboardInterrupt", NULL);
    pthread_join(job.thread, NULL);
    CHECK(quiver_free(q) == 0);
    quiver_end_release(tx);
    quiver_end_release(rx);
}

// ---- deadlocks ----------------------------------------------------------------------------------

static void *send_late(void *sender)
{
    usleep(50000);
    quiver_send_int(sender, 7, -1);
    return NULL;
}

// A thread of the host may end a wait where it holds an end of that channel, or may receive one;
// other ends that it holds are no reason to wait for ever.
static void deadlocks(void)
{
    QuiverEnd *tx, *rx, *other_tx, *other_rx;
    pthread_t thread;
    Quiver *q = fresh();
    open_pair(4, &tx, &rx);
    open_pair(4, &other_tx, &other_rx);
    set_end_take(q, "rx", quiver_end_retain(rx));
    set_end_take(q, "other", quiver_end_retain(other_tx));
    run(q, "import channels; channels.on_deadlock('raise')\n"
           "mine, theirs = channels.open()\n");
    CHECK(!quiver_eval(q, "theirs.recv()"));
    expect_error(q, "DeadlockError", NULL);
    CHECK(!quiver_eval(q, "channels.select([theirs])"));
    expect_error(q, "DeadlockError", NULL);
    pthread_create(&thread, NULL, send_late, tx);
    expect_eval(q, "rx.recv()", "7");
    pthread_join(thread, NULL);
    pthread_create(&thread, NULL, send_late, tx);
    expect_eval(q, "channels.select([theirs, rx])[1]", "7");
    pthread_join(thread, NULL);
    run(q, "other.send(mine)"); // the host could take it out and use it
    run(q, "try: theirs.recv(0.02)\n"
           "except TimeoutError: pass\n");
    quiver_message_free(receive(other_rx));
    CHECK(!quiver_eval(q, "theirs.recv()"));
    expect_error(q, "DeadlockError", NULL);
    run(q, "channels.on_deadlock('ignore')");
    CHECK(quiver_free(q) == 0);
    quiver_end_release(tx);
    quiver_end_release(rx);
    quiver_end_release(other_tx);
    quiver_end_release(other_rx);
}

// ---- mistakes, statistics -----------------------------------------------------------------------

static void mistakes(void)
{
    QuiverEnd *tx, *rx, *none;
    QuiverMessage *msg;
    open_pair(1, &tx, &rx);
    CHECK(quiver_channel_open(1, "\xff", &none, &none) == QUIVER_INVALID);
    CHECK(quiver_channel_open(1, NULL, NULL, &none) == QUIVER_INVALID);
    CHECK(quiver_send_int(NULL, 1, 0) == QUIVER_INVALID);
    CHECK(quiver_send_int(rx, 1, 0) == QUIVER_INVALID);
    CHECK(quiver_send(tx, NULL, 0) == QUIVER_INVALID);
    CHECK(quiver_send_text(tx, "\xff", -1, 0) == QUIVER_INVALID);
    CHECK(quiver_send_text(tx, NULL, -1, 0) == QUIVER_INVALID);
    CHECK(quiver_send_bytes(tx, NULL, 1, 0) == QUIVER_INVALID);
    CHECK(quiver_send_cjson(tx, NULL, 0) == QUIVER_INVALID);
    cJSON *raw = cJSON_CreateRaw("1");
    CHECK(quiver_send_cjson(tx, raw, 0) == QUIVER_INVALID);
    cJSON_Delete(raw);
    CHECK(quiver_receive(tx, &msg, 0) == QUIVER_INVALID && !msg);
    CHECK(quiver_receive(rx, NULL, 0) == QUIVER_INVALID);
    CHECK(!quiver_message_text("\xc3", -1) && !quiver_message_end(NULL));
    CHECK(quiver_message_kind(NULL) == QUIVER_OTHER && quiver_message_size(NULL) == 0);
    CHECK_TEXT(quiver_message_kind_name(NULL), "");
    CHECK_TEXT(quiver_status_text((QuiverStatus)77), "an unknown status");
    for (int s = QUIVER_UNFIT; s <= QUIVER_STOPPED; s++) {
        CHECK(quiver_status_text((QuiverStatus)s)[0]);
    }
    quiver_end_release(NULL);
    quiver_end_shut(NULL);
    quiver_end_cancel(NULL);
    quiver_message_free(NULL);
    CHECK(!quiver_end_retain(NULL) && !quiver_end_is_receiver(NULL));
    // Deep trees: made by C, and by a script.
    cJSON *deep = cJSON_CreateArray();
    for (int k = 0; k < 1000; k++) {
        cJSON *outer = cJSON_CreateArray();
        cJSON_AddItemToArray(outer, deep);
        deep = outer;
    }
    CHECK(quiver_send_cjson(tx, deep, 0) == QUIVER_INVALID);
    CHECK(quiver_send_cjson(tx, deep->child, 0) == QUIVER_OK);
    cJSON_Delete(deep);
    msg = receive(rx);
    CHECK(quiver_message_to_cjson(msg, &deep, NULL, 0) == QUIVER_OK);
    cJSON_Delete(deep);
    quiver_message_free(msg);
    quiver_end_release(tx);
    quiver_end_release(rx);
}

// What a script shares with itself: copies in the tree, within reason.
static void sharing(void)
{
    QuiverEnd *tx, *rx;
    Quiver *q = fresh();
    open_pair(1, &tx, &rx);
    set_end_take(q, "tx", tx);
    run(q, "x = []; x.append(x)");
    send_from(q, "x");
    expect_json_take(receive(rx), "message[0] is inside itself, which JSON cannot express");
    run(q, "x = ['lol']\nfor _ in range(64): x = [x, x]");
    send_from(q, "x");
    cJSON *tree;
    char error[600];
    QuiverMessage *msg = receive(rx);
    CHECK(quiver_message_to_cjson(msg, &tree, error, sizeof error) == QUIVER_UNFIT && !tree);
    CHECK(strstr(error, "comes again: what is shared makes the tree too large"));
    quiver_message_free(msg);
    CHECK(quiver_free(q) == 0);
    quiver_end_release(rx);
}

static void statistics(void)
{
    QuiverEnd *tx, *rx, *more, *more_rx;
    QuiverChannelStats s, list[2];
    CHECK(quiver_channels(NULL, 0) == 0);
    CHECK(quiver_channel_open(7, "a name that is far longer than the room that there is: \xc3\xa9",
                              &tx, &rx) == QUIVER_OK);
    open_pair(QUIVER_UNBOUNDED, &more, &more_rx);
    quiver_end_retain(tx);
    CHECK(quiver_send_int(tx, 1, 0) == QUIVER_OK && quiver_send_int(tx, 2, 0) == QUIVER_OK);
    quiver_message_free(receive(rx));
    CHECK(quiver_end_stats(tx, &s) && !quiver_end_stats(NULL, &s));
    CHECK_TEXT(s.name, "a name that is far longer than the room that th");
    CHECK(s.capacity == 7 && s.depth == 1 && s.high_water == 2 && s.messages == 2);
    CHECK(s.received == 1 && s.bytes > 0 && s.senders == 2 && s.receivers == 1 && !s.shut);
    CHECK(quiver_channels(list, 2) == 2);
    CHECK(list[0].id == s.id && list[1].id > s.id && list[1].capacity == QUIVER_UNBOUNDED);
    CHECK_TEXT(list[1].name, "test");
    CHECK(quiver_channels(list, 1) == 2);
    quiver_end_release(tx);
    quiver_end_release(tx);
    quiver_end_release(rx);
    quiver_end_release(more);
    quiver_end_release(more_rx);
    CHECK(quiver_channels(NULL, 0) == 0);
}

int main(void)
{
    uint64_t before = quiver_process_live_bytes();
    statistics();
    deadlocks();
    mistakes();
    times_and_ends();
    to_script();
    makers();
    from_script();
    with_values();
    pipeline();
    selecting();
    inside();
    sharing();
    CHECK(quiver_channels(NULL, 0) == 0);
    CHECK(quiver_process_live_bytes() == before);
    return 0;
}
