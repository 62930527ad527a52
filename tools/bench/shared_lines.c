// SPDX-License-Identifier: MIT
// Counts how often cache lines would move between two cores, one for each thread, with caches that
// are never too small: what stands in for perf c2c, which needs counters that virtual machines do
// not have.
//
// Quiver's sources are compiled with -fsanitize=thread and linked with these functions in place of
// ThreadSanitizer's: each access to memory comes here first. A thread that raises SIGUSR1 is
// recorded until it raises SIGUSR2. The end of the process prints, to standard error,
//     lines N, accesses N
//     line ADDRESS moves N at PC      (each that has moved)
// What libc, libgmp and others do without Quiver's code is not seen. Used by shared_lines.py.
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_SHIFT  6
#define TABLE       ((size_t)1 << 22)
#define THREADS_MAX 8

typedef struct Line {
    uintptr_t line;  // number; 0: free
    uintptr_t pc;    // of the last move
    uint32_t moves;  // an estimate: not counted atomically
    uint8_t holders; // bits of threads that have its contents
    uint8_t written; // since the recording began
} Line;

static Line table[TABLE];
static uint32_t full, threads;
static uint64_t accesses;
static __thread uint32_t me; // bit of the thread while it is recorded, else 0

extern char __executable_start;

static Line *find(uintptr_t line)
{
    for (size_t i = (line * 0x9E3779B97F4A7C15u) >> 42, n = 0; n < 64; i = (i + 1) % TABLE, n++) {
        uintptr_t there = __atomic_load_n(&table[i].line, __ATOMIC_RELAXED);
        if (there == 0 && __atomic_compare_exchange_n(&table[i].line, &there, line, false,
                                                      __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
            return &table[i];
        }
        if (there == line) {
            return &table[i];
        }
    }
    __atomic_store_n(&full, 1, __ATOMIC_RELAXED);
    return NULL;
}

static void note(const void *p, size_t size, bool write, const void *pc)
{
    if (!me) {
        return;
    }
    __atomic_store_n(&accesses, accesses + 1, __ATOMIC_RELAXED);
    uintptr_t first = (uintptr_t)p >> LINE_SHIFT, last = ((uintptr_t)p + size - 1) >> LINE_SHIFT;
    for (uintptr_t line = first; line <= last; line++) {
        Line *l = find(line);
        if (!l) {
            return;
        }
        uint8_t holders = __atomic_load_n(&l->holders, __ATOMIC_RELAXED);
        if (write ? holders & ~me : l->written && !(holders & me)) {
            l->moves++;
            l->pc = (uintptr_t)pc;
        }
        if (write) {
            l->written = 1;
            __atomic_store_n(&l->holders, (uint8_t)me, __ATOMIC_RELAXED);
        } else if (!(holders & me)) {
            __atomic_fetch_or(&l->holders, (uint8_t)me, __ATOMIC_RELAXED);
        }
    }
}

static void begin(int number)
{
    (void)number;
    uint32_t n = __atomic_fetch_add(&threads, 1, __ATOMIC_RELAXED);
    me = 1u << (n < THREADS_MAX ? n : THREADS_MAX - 1);
}

static void end(int number)
{
    (void)number;
    me = 0;
}

__attribute__((destructor)) static void report(void)
{
    if (!threads) {
        return; // not a program that is measured
    }
    char text[200];
    size_t used = 0;
    for (size_t i = 0; i < TABLE; i++) {
        used += table[i].line != 0;
    }
    int n = snprintf(text, sizeof text, "lines %zu, accesses %llu%s\n", used,
                     (unsigned long long)accesses, full ? ", table full" : "");
    (void)!write(2, text, (size_t)n);
    uintptr_t base = (uintptr_t)&__executable_start;
    for (size_t i = 0; i < TABLE; i++) {
        const Line *l = &table[i];
        if (l->written && l->moves) {
            n = snprintf(text, sizeof text, "line %lx moves %u at %lx\n",
                         (unsigned long)((l->line << LINE_SHIFT) - base), l->moves,
                         (unsigned long)(l->pc - base));
            (void)!write(2, text, (size_t)n);
        }
    }
}

#define HERE __builtin_return_address(0)

void __tsan_init(void)
{
    struct sigaction action = {.sa_handler = begin};
    sigaction(SIGUSR1, &action, NULL);
    action.sa_handler = end;
    sigaction(SIGUSR2, &action, NULL);
}

void __tsan_func_entry(void *pc) { (void)pc; }
void __tsan_func_exit(void) {}

#define PLAIN(n)                                                        \
    void __tsan_read##n(void *p) { note(p, n, false, HERE); }           \
    void __tsan_write##n(void *p) { note(p, n, true, HERE); }           \
    void __tsan_unaligned_read##n(void *p) { note(p, n, false, HERE); } \
    void __tsan_unaligned_write##n(void *p) { note(p, n, true, HERE); } \
    void __tsan_volatile_read##n(void *p) { note(p, n, false, HERE); }  \
    void __tsan_volatile_write##n(void *p) { note(p, n, true, HERE); }
PLAIN(1)
PLAIN(2)
PLAIN(4)
PLAIN(8)
PLAIN(16)

void __tsan_read_range(void *p, size_t n) { note(p, n ? n : 1, false, HERE); }
void __tsan_write_range(void *p, size_t n) { note(p, n ? n : 1, true, HERE); }

#define FETCH(bits, type, op)                                                  \
    type __tsan_atomic##bits##_fetch_##op(volatile type *p, type v, int order) \
    {                                                                          \
        (void)order;                                                           \
        note((const void *)p, sizeof *p, true, HERE);                          \
        return __atomic_fetch_##op(p, v, __ATOMIC_SEQ_CST);                    \
    }

#define ATOMIC(bits, type)                                                                         \
    type __tsan_atomic##bits##_load(const volatile type *p, int order)                             \
    {                                                                                              \
        (void)order;                                                                               \
        note((const void *)p, sizeof *p, false, HERE);                                             \
        return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                               \
    }                                                                                              \
    void __tsan_atomic##bits##_store(volatile type *p, type v, int order)                          \
    {                                                                                              \
        (void)order;                                                                               \
        note((const void *)p, sizeof *p, true, HERE);                                              \
        __atomic_store_n(p, v, __ATOMIC_SEQ_CST);                                                  \
    }                                                                                              \
    type __tsan_atomic##bits##_exchange(volatile type *p, type v, int order)                       \
    {                                                                                              \
        (void)order;                                                                               \
        note((const void *)p, sizeof *p, true, HERE);                                              \
        return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);                                        \
    }                                                                                              \
    bool __tsan_atomic##bits##_compare_exchange_strong(volatile type *p, type *was, type v,        \
                                                       int order, int failed)                      \
    {                                                                                              \
        (void)order, (void)failed;                                                                 \
        note((const void *)p, sizeof *p, true, HERE);                                              \
        return __atomic_compare_exchange_n(p, was, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);  \
    }                                                                                              \
    bool __tsan_atomic##bits##_compare_exchange_weak(volatile type *p, type *was, type v,          \
                                                     int order, int failed)                        \
    {                                                                                              \
        return __tsan_atomic##bits##_compare_exchange_strong(p, was, v, order, failed);            \
    }                                                                                              \
    type __tsan_atomic##bits##_compare_exchange_val(volatile type *p, type was, type v, int order, \
                                                    int failed)                                    \
    {                                                                                              \
        __tsan_atomic##bits##_compare_exchange_strong(p, &was, v, order, failed);                  \
        return was;                                                                                \
    }                                                                                              \
    FETCH(bits, type, add)                                                                         \
    FETCH(bits, type, sub)                                                                         \
    FETCH(bits, type, and)                                                                         \
    FETCH(bits, type, or)                                                                          \
    FETCH(bits, type, xor)
ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)

void __tsan_atomic_thread_fence(int order) { __atomic_thread_fence(__ATOMIC_SEQ_CST), (void)order; }
void __tsan_atomic_signal_fence(int order) { (void)order; }
