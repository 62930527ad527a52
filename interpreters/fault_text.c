// SPDX-License-Identifier: MIT
// Frames as text where nothing may be relied upon (faulthandler).
//
// The line of the innermost frame is the one where its code last saved its place (calls into C and
// safepoints do); those further out are exact.
#include "interpreters/fault_text.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "object/gc.h"
#include "object/str.h"
#include "vm/frame.h"

#define MAX_DEPTH   100 // frames of a thread that are shown
#define MAX_THREADS 100
#define MAX_TEXT    500 // characters of a name

// ---- reading ------------------------------------------------------------------------------------

// Copies n bytes that may be anywhere. The system call itself: no wrapper looks at the memory.
static bool get(void *to, const void *from, size_t n)
{
    struct iovec here = {.iov_base = to, .iov_len = n};
    struct iovec there = {.iov_base = (void *)from, .iov_len = n};
    int err = errno;
    long got = syscall(SYS_process_vm_readv, getpid(), &here, 1L, &there, 1L, 0L);
    bool refused = got < 0 && (errno == ENOSYS || errno == EPERM);
    errno = err;
    if (refused && from) { // a sandbox: as it is, then
        memcpy(to, from, n);
        return true;
    }
    return got == (long)n;
}

// ---- writing ------------------------------------------------------------------------------------

static void put(int fd, const char *s, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, s, n);
        if (done < 0 && errno != EINTR) {
            return;
        }
        if (done > 0) {
            s += done;
            n -= (size_t)done;
        }
    }
}

void qv_fault_puts(int fd, const char *s) { put(fd, s, strlen(s)); }

static void put_decimal(int fd, uint64_t v)
{
    char text[20];
    size_t at = sizeof text;
    do {
        text[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    put(fd, text + at, sizeof text - at);
}

static void put_hex(int fd, uint64_t v, unsigned digits)
{
    char text[16];
    for (unsigned k = 0; k < digits; k++) {
        text[digits - 1 - k] = "0123456789abcdef"[(v >> (4 * k)) & 15];
    }
    put(fd, text, digits);
}

static void put_char(int fd, uint32_t c)
{
    if (c >= 32 && c < 127) {
        char byte = (char)c;
        put(fd, &byte, 1);
    } else {
        unsigned digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
        qv_fault_puts(fd, c < 0x100 ? "\\x" : c < 0x10000 ? "\\u" : "\\U");
        put_hex(fd, c, digits);
    }
}

// The text of the str object at o; false when there is none.
static bool put_str(int fd, const QvObj *o)
{
    QvStr s;
    if (!o || !get(&s, o, sizeof s) || s.h.type != &qv_str_type || s.len < 0) {
        return false;
    }
    QvStrKind kind = qv_str_kind(&s.h);
    size_t unit = (size_t)1 << kind, n = s.len > MAX_TEXT ? MAX_TEXT : (size_t)s.len;
    const char *data = (const char *)o + sizeof s;
    for (size_t k = 0; k < n; k++) {
        uint8_t raw[4] = {0};
        uint16_t two;
        uint32_t four;
        if (!get(raw, data + k * unit, unit)) {
            break;
        }
        memcpy(&two, raw, sizeof two);
        memcpy(&four, raw, sizeof four);
        put_char(fd, kind == QV_STR_1 ? raw[0] : kind == QV_STR_2 ? two : four);
    }
    if (s.len > MAX_TEXT) {
        qv_fault_puts(fd, "...");
    }
    return true;
}

// ---- frames -------------------------------------------------------------------------------------

static int32_t line_of(const QvCode *code, const QvInstr *pc)
{
    uintptr_t start = (uintptr_t)code->instrs, here = (uintptr_t)pc;
    size_t at = (here - start) / sizeof *pc;
    if (here <= start || at > code->ninstrs) { // it has saved none yet
        return code->firstline;
    }
    at--;
    uint32_t lo = 0, hi = code->nposs;
    int32_t line = code->firstline;
    while (lo < hi) { // the last entry that starts at or before it
        uint32_t mid = lo + (hi - lo) / 2;
        QvPosEntry pos;
        if (!get(&pos, &code->poss[mid], sizeof pos)) {
            return -1;
        }
        if (pos.start <= at) {
            line = pos.line;
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return line;
}

// False: what stands there is no frame.
static bool put_frame(int fd, const QvFrame *f)
{
    QvCode code;
    if (!f->code || !get(&code, f->code, sizeof code) || code.h.type != &qv_code_type) {
        return false;
    }
    qv_fault_puts(fd, "  File ");
    const QvObj *filename = code.filename;
    QvStr head;
    if (filename && get(&head, filename, sizeof head) && head.h.type == &qv_str_type) {
        qv_fault_puts(fd, "\"");
        put_str(fd, filename);
        qv_fault_puts(fd, "\"");
    } else {
        qv_fault_puts(fd, "???");
    }
    qv_fault_puts(fd, ", line ");
    int32_t line = line_of(&code, f->pc);
    if (line >= 0) {
        put_decimal(fd, (uint64_t)line);
    } else {
        qv_fault_puts(fd, "???");
    }
    qv_fault_puts(fd, " in ");
    if (!put_str(fd, code.name)) {
        qv_fault_puts(fd, "???");
    }
    qv_fault_puts(fd, "\n");
    return true;
}

static void put_frames(int fd, const QvThread *ts)
{
    QvFrame f;
    if (!ts->frame || !get(&f, ts->frame, sizeof f)) {
        qv_fault_puts(fd, "  <no Python frame>\n");
        return;
    }
    for (unsigned depth = 0; put_frame(fd, &f) && f.prev; depth++) {
        if (depth + 1 >= MAX_DEPTH) {
            qv_fault_puts(fd, "  ...\n");
            return;
        }
        if (!get(&f, f.prev, sizeof f)) {
            return;
        }
    }
}

void qv_fault_stack(int fd, const QvThread *at)
{
    QvThread ts;
    if (at && get(&ts, at, sizeof ts)) {
        qv_fault_puts(fd, "Stack (most recent call first):\n");
        put_frames(fd, &ts);
    }
}

void qv_fault_threads(int fd, const QvInstance *inst, const QvThread *current)
{
    const QvThread *at = NULL;
    if (!get(&at, &inst->qi.threads, sizeof at)) {
        return;
    }
    for (unsigned n = 0; at; n++) {
        QvThread ts;
        if (!get(&ts, at, sizeof ts)) {
            return;
        }
        if (n > 0) {
            qv_fault_puts(fd, "\n");
        }
        if (n >= MAX_THREADS) {
            qv_fault_puts(fd, "...\n");
            return;
        }
        qv_fault_puts(fd, at == current ? "Current thread 0x" : "Thread 0x");
        put_hex(fd, ts.os_id, 16);
        qv_fault_puts(fd, " (most recent call first):\n");
        bool collecting = false;
        if (at == current && get(&collecting, &inst->qi.gc.running, 1) && collecting) {
            qv_fault_puts(fd, "  Garbage-collecting\n");
        }
        put_frames(fd, &ts);
        at = ts.next;
    }
}
