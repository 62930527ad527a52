// SPDX-License-Identifier: MIT
// Decoding bytes that may be anything: run.py explains.
//
// One input is a message. As plain data (channels.decode) it gives a value or an exception; a value
// is written again, and what that gives is read again and written to the same bytes. Then the same
// bytes as a message from a channel. Those that name code are free to call anything: an interpreter
// that may reach nothing reads them, with little memory, time and fuel, and is replaced now and
// then.
//
// With -Dfuzzer=true this is a target of libFuzzer. Otherwise it has a main of its own:
//     fuzz_wire SECONDS SEED CORPUS...    mutates the files and tries the results
//     fuzz_wire changes COUNT SEED FILES...   every prefix and every change of one byte of COUNT
//     random messages, and of the files
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "channels/block.h"
#include "channels/channel.h"
#include "interpreters/instance.h"
#include "object/bytes.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "quiver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static QvInterp *interp(void)
{
    static Quiver *q;
    if (!q) {
        q = quiver_new(NULL);
        if (!q || quiver_set_limit(q, QUIVER_LIMIT_MEMORY, (uint64_t)256 << 20) < 0 ||
            quiver_enter(q) < 0) {
            fputs("no interpreter\n", stderr);
            abort();
        }
    }
    return &((QvInstance *)q)->qi;
}

static void expect(bool right, const char *what)
{
    if (!right) {
        fprintf(stderr, "fuzz_wire: %s\n", what);
        abort();
    }
}

// The bytes of a value that has been read; NULL: it cannot be written (too deep, no memory).
static QvObj *encode(QvInterp *qi, QvObj *o)
{
    QvObj *bytes = qv_wire_encode(qi, o);
    if (!bytes) {
        expect(qv_err_occurred(qi), "encode gave neither bytes nor an exception");
        qv_err_clear(qi);
    }
    return bytes;
}

static void try_plain(QvInterp *qi, const uint8_t *data, size_t size)
{
    QvObj *o = qv_wire_decode(qi, data, size);
    expect((o == NULL) == qv_err_occurred(qi), "decode: a value and an exception, or neither");
    if (!o) {
        qv_err_clear(qi);
        return;
    }
    QvObj *bytes = encode(qi, o);
    qv_decref(qi, o);
    if (bytes) {
        o = qv_wire_decode(qi, qv_bytes_data(bytes), (size_t)qv_bytes_len(bytes));
        expect(o != NULL || qv_err_occurred(qi), "decode of what encode gave");
        qv_xdecref(qi, o);
        qv_err_clear(qi);
        qv_decref(qi, bytes);
    }
}

static bool names_code(const uint8_t *data, size_t size)
{
    for (size_t k = 0; k < size; k++) {
        uint8_t tag = data[k] & 0x7F;
        if (tag >= QV_WIRE_FUNCTION && tag < QV_WIRE_CHANNEL) {
            return true;
        }
    }
    return false;
}

// With two ends of a channel and two blocks, as a message may have them.
static QvMsg *message_of(const uint8_t *data, size_t size)
{
    char *moved = malloc(16);
    QvMsg *msg = qv_msg_alloc_blocks(size, 2, 2);
    expect(msg && moved && qv_chan_open(2, NULL, &msg->ends[0], &msg->ends[1]) == 0, "no memory");
    memset(moved, 7, 16);
    msg->blocks[0] = qv_block_copy("shared by all of", 16);
    msg->blocks[1] = qv_block_new(moved, 16, free, moved);
    expect(msg->blocks[0] && msg->blocks[1], "no memory");
    memcpy(msg->data, data, size);
    return msg;
}

static void try_message(QvInterp *qi, const uint8_t *data, size_t size)
{
    QvMsg *msg = message_of(data, size);
    QvObj *o = qv_msg_open(qi, msg);
    expect((o == NULL) == qv_err_occurred(qi), "open: a value and an exception, or neither");
    qv_xdecref(qi, o);
    qv_err_clear(qi);
    qv_msg_free(msg);
}

// Cycles are not memory that grows, nor what dies at the next safepoint of code that runs.
static void settle(QvInterp *qi)
{
    (void)qv_poll(qi);
    qv_err_clear(qi);
    qv_dealloc_resume(qi);
    qv_gc_collect(qi);
    qv_err_clear(qi);
}

// The classes of make_corpus.py.
static const char prelude[] = "import dataclasses, enum\n"
                              "class C: pass\n"
                              "class S: __slots__ = ('a', 'b')\n"
                              "class G:\n"
                              "    def __setstate__(self, state): self.state = state\n"
                              "class L(list): pass\n"
                              "class E(ValueError): pass\n"
                              "class Color(enum.Enum):\n"
                              "    RED = 1\n"
                              "    BLUE = 'b'\n"
                              "@dataclasses.dataclass\n"
                              "class Record:\n"
                              "    a: object\n"
                              "    b: object = None\n"
                              "@dataclasses.dataclass(frozen=True, slots=True)\n"
                              "class Frozen:\n"
                              "    a: object\n";

#define CODE_RUNS 20000 // of one interpreter: what a message changes in it stays

static void check_end(Quiver *q)
{
    quiver_leave(q);
    expect(quiver_free(q) == 0, "the interpreter that runs code did not end");
}

// The interpreter that may run what a message names; entered. NULL at the end.
static Quiver *code_interp(bool end)
{
    static Quiver *q;
    static unsigned runs;
    if (q && (end || ++runs % CODE_RUNS == 0)) {
        check_end(q);
        q = NULL;
    }
    if (!q && !end) {
        QuiverConfig config;
        quiver_config_init(&config);
        quiver_config_sandbox(&config);
        config.memory_limit = 64 << 20;
        config.stop_grace = 1000000;
        config.exit_budget = 1000000;
        config.stdout_stream = config.stderr_stream = QUIVER_STREAM_NULL;
        q = quiver_new(&config);
        expect(q && quiver_run(q, prelude, "prelude") == 0 && quiver_enter(q) == 0,
               "no interpreter for code");
    }
    return q;
}

static void try_code(const uint8_t *data, size_t size)
{
    Quiver *q = code_interp(false);
    uint64_t messages = qv_msg_live_bytes();
    quiver_set_limit(q, QUIVER_LIMIT_FUEL, 20000);
    quiver_set_limit(q, QUIVER_LIMIT_TIME, 500000000);
    try_message(&((QvInstance *)q)->qi, data, size);
    // What it has started may still go on: threads it cannot, but generators and the like die here.
    quiver_set_limit(q, QUIVER_LIMIT_FUEL, 0);
    quiver_set_limit(q, QUIVER_LIMIT_TIME, 0);
    if (qv_msg_live_bytes() != messages) {
        settle(&((QvInstance *)q)->qi);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint64_t runs;
    QvInterp *qi = interp();
    uint64_t messages = qv_msg_live_bytes();
    try_plain(qi, data, size);
    if (names_code(data, size)) {
        try_code(data, size);
    } else {
        try_message(qi, data, size);
    }
    if (qv_msg_live_bytes() != messages || ++runs % 4096 == 0) {
        settle(qi);
    }
    expect(qv_msg_live_bytes() == messages, "a message is left over");
    return 0;
}

#if !QV_LIBFUZZER
static uint64_t state;

static uint64_t draw(uint64_t below) // xorshift: the same everywhere
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

#define LARGEST 4096

// What one step changes: a byte, a bit, a piece left out, doubled or brought from elsewhere, or a
// number that lies at an edge.
static size_t mutate(uint8_t *data, size_t n, const uint8_t *other, size_t m)
{
    static const uint8_t edges[] = {0,
                                    1,
                                    0x7F,
                                    0x80,
                                    0xFF,
                                    QV_WIRE_REF,
                                    QV_WIRE_LIST,
                                    QV_WIRE_DICT | 0x80,
                                    QV_WIRE_TUPLE | 0x80,
                                    QV_WIRE_FROZENSET,
                                    QV_WIRE_INTS,
                                    QV_WIRE_FLOATS,
                                    QV_WIRE_BIGINT,
                                    QV_WIRE_UCS4};
    size_t at = n ? draw(n) : 0;
    switch (draw(6)) {
    case 0:
        if (n) {
            data[at] = (uint8_t)draw(256);
        }
        break;
    case 1:
        if (n) {
            data[at] ^= (uint8_t)(1u << draw(8));
        }
        break;
    case 2:
        if (n) {
            data[at] = edges[draw(sizeof edges)];
        }
        break;
    case 3: // leave a piece out
        if (n) {
            size_t piece = 1 + draw(n - at > 8 ? 8 : n - at);
            memmove(data + at, data + at + piece, n - at - piece);
            n -= piece;
        }
        break;
    case 4: // double a piece
        if (n) {
            size_t piece = 1 + draw(n - at > 16 ? 16 : n - at);
            if (n + piece <= LARGEST) {
                memmove(data + at + piece, data + at, n - at);
                n += piece;
            }
        }
        break;
    default: // bring a piece
        if (m) {
            size_t from = draw(m), piece = 1 + draw(m - from > 32 ? 32 : m - from);
            if (n + piece <= LARGEST) {
                memmove(data + at + piece, data + at, n - at);
                memcpy(data + at, other + from, piece);
                n += piece;
            }
        }
    }
    return n;
}

typedef struct Sample {
    uint8_t *data;
    size_t n;
} Sample;

static Sample read_sample(const char *path)
{
    Sample s = {.data = malloc(LARGEST)};
    FILE *f = fopen(path, "rb");
    if (!f || !s.data) {
        fprintf(stderr, "fuzz_wire: cannot read %s\n", path);
        exit(2);
    }
    s.n = fread(s.data, 1, LARGEST, f);
    fclose(f);
    return s;
}

static int mutate_all(long seconds, char **paths, int count)
{
    Sample *samples = malloc((size_t)count * sizeof *samples);
    static uint8_t data[LARGEST + 64];
    uint64_t runs = 0;
    for (int k = 0; k < count; k++) {
        samples[k] = read_sample(paths[k]);
        LLVMFuzzerTestOneInput(samples[k].data, samples[k].n);
    }
    time_t end = time(NULL) + seconds;
    while (time(NULL) < end) {
        for (int k = 0; k < 1000; k++, runs++) {
            const Sample *one = &samples[draw((uint64_t)count)];
            const Sample *other = &samples[draw((uint64_t)count)];
            size_t n = one->n;
            memcpy(data, one->data, n);
            for (uint64_t steps = 1 + draw(6); steps > 0; steps--) {
                n = mutate(data, n, other->data, other->n);
            }
            // A block of its exact size: ASan sees a read beyond it.
            uint8_t *exact = malloc(n ? n : 1);
            memcpy(exact, data, n);
            LLVMFuzzerTestOneInput(exact, n);
            free(exact);
        }
    }
    for (int k = 0; k < count; k++) {
        free(samples[k].data);
    }
    free(samples);
    printf("fuzz_wire: %llu inputs\n", (unsigned long long)runs);
    return 0;
}

// A random message of plain data, written directly, so that it has what an encoder would not write.
static size_t make_value(uint8_t *to, size_t room, int depth)
{
    static const uint8_t leaves[] = {QV_WIRE_NONE,  QV_WIRE_TRUE, QV_WIRE_INT,   QV_WIRE_FLOAT,
                                     QV_WIRE_ASCII, QV_WIRE_UCS2, QV_WIRE_BYTES, QV_WIRE_BIGINT,
                                     QV_WIRE_INTS,  QV_WIRE_REF,  QV_WIRE_BLOCK, QV_WIRE_CHANNEL,
                                     QV_WIRE_MOVED};
    if (room < 24) {
        to[0] = QV_WIRE_NONE;
        return 1;
    }
    size_t n = 0;
    if (depth > 0 && draw(2)) {
        static const uint8_t nests[] = {QV_WIRE_LIST, QV_WIRE_TUPLE, QV_WIRE_DICT, QV_WIRE_SET};
        uint8_t tag = nests[draw(4)];
        uint8_t count = (uint8_t)draw(4);
        to[n++] = tag | (draw(2) ? 0x80 : 0);
        to[n++] = count;
        for (int k = 0; k < count * (tag == QV_WIRE_DICT ? 2 : 1); k++) {
            bool key = tag == QV_WIRE_SET || (tag == QV_WIRE_DICT && k % 2 == 0);
            n += make_value(to + n, room > n + 24 ? (room - n) / 4 : 0, key ? 0 : depth - 1);
        }
        return n;
    }
    uint8_t tag = leaves[draw(sizeof leaves)];
    to[n++] = tag | (tag != QV_WIRE_REF && draw(4) == 0 ? 0x80 : 0);
    size_t bytes = 0;
    switch (tag) {
    case QV_WIRE_INT: to[n++] = (uint8_t)draw(128); break;
    case QV_WIRE_FLOAT: bytes = 8; break;
    case QV_WIRE_ASCII:
    case QV_WIRE_BYTES:
    case QV_WIRE_BIGINT: to[n++] = (uint8_t)(bytes = 1 + draw(9)); break;
    case QV_WIRE_UCS2: to[n++] = 2, bytes = 4; break;
    case QV_WIRE_INTS:
        to[n++] = (uint8_t)draw(2), to[n++] = 1, to[n++] = (uint8_t)(bytes = 8);
        break;
    case QV_WIRE_REF: to[n++] = (uint8_t)draw(3); break;
    case QV_WIRE_CHANNEL: // mostly one that is there
        to[n] = (uint8_t)(1 + draw(2));
        to[n + 1] = draw(8) ? to[n] == 2 : (uint8_t)draw(3);
        n += 2;
        break;
    case QV_WIRE_BLOCK:
        to[n] = (uint8_t)draw(3), to[n + 1] = (uint8_t)draw(2);
        if (to[n] == 2) {
            to[n + 2] = (uint8_t)draw(9), to[n + 3] = (uint8_t)draw(9);
        }
        n += to[n] == 2 ? 4 : 2;
        break;
    case QV_WIRE_MOVED: to[n++] = (uint8_t)(draw(2) ? 0 : 'h'), to[n++] = 1; break;
    default: break;
    }
    for (size_t k = 0; k < bytes; k++) {
        to[n++] = (uint8_t)draw(128);
    }
    return n;
}

static int change_all(long count, char **paths, int files)
{
    static uint8_t made[LARGEST];
    uint64_t runs = 0;
    for (long k = 0; k < count + files; k++) {
        size_t n;
        if (k < count) {
            made[0] = QV_WIRE_VERSION;
            n = 1 + make_value(made + 1, 120, 3);
        } else {
            Sample s = read_sample(paths[k - count]);
            n = s.n;
            memcpy(made, s.data, n);
            free(s.data);
        }
        uint8_t *exact = malloc(n);
        memcpy(exact, made, n);
        for (size_t at = 0; at < n; at++, runs++) {
            uint8_t *prefix = malloc(at ? at : 1);
            memcpy(prefix, made, at);
            LLVMFuzzerTestOneInput(prefix, at);
            free(prefix);
        }
        for (size_t at = 0; at < n; at++) {
            for (int byte = 0; byte < 256; byte++, runs++) {
                exact[at] = (uint8_t)byte;
                LLVMFuzzerTestOneInput(exact, n);
            }
            exact[at] = made[at];
        }
        free(exact);
    }
    printf("fuzz_wire: %ld messages and %d files, %llu prefixes and changes\n", count, files,
           (unsigned long long)runs);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("usage: fuzz_wire SECONDS SEED CORPUS... | changes COUNT SEED CORPUS...\n", stderr);
        return 2;
    }
    bool changes = strcmp(argv[1], "changes") == 0;
    state = strtoull(argv[changes ? 3 : 2], NULL, 10) * UINT64_C(0x9E3779B97F4A7C15) | 1;
    int r = changes ? change_all(strtol(argv[2], NULL, 10), argv + 4, argc - 4)
                    : mutate_all(strtol(argv[1], NULL, 10), argv + 3, argc - 3);
    code_interp(true);
    QvInterp *qi = interp();
    Quiver *q = (Quiver *)qv_instance_of(qi);
    quiver_leave(q);
    quiver_free(q);
    return r;
}
#endif
