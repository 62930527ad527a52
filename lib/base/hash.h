// SPDX-License-Identifier: MIT
// Hashes: of bytes (seeded), and of numbers, pointers and tuples with the values that CPython
// gives.
#ifndef QV_BASE_HASH_H
#define QV_BASE_HASH_H

#include "base/config.h"

#define QV_HASH_BITS    61
#define QV_HASH_MODULUS ((UINT64_C(1) << QV_HASH_BITS) - 1) // Mersenne prime
#define QV_HASH_INF     INT64_C(314159)
#define QV_HASH_IMAG    UINT64_C(1000003) // complex: hash(re) + QV_HASH_IMAG * hash(im)

// Hash of n bytes under a seed. Empty input gives 0; never -1. Not fit for keys that leave the
// process (it may change between versions).
QvHash qv_hash_bytes(const void *p, size_t n, uint64_t seed);

// The same in pieces, for input so long that something has to be looked at meanwhile.
//     qv_hash_long_start(&h, p, n, seed);
//     while (qv_hash_long_more(&h, 65536)) { ... }
//     QvHash hash = qv_hash_long_end(&h);
typedef struct QvHashLong {
    uint64_t seed, seed1, seed2; // the three chains
    const uint8_t *p;            // what is left of the input
    size_t left, n;              // bytes of it, and in all
} QvHashLong;
void qv_hash_long_start(QvHashLong *h, const void *p, size_t n, uint64_t seed); // n > 48
bool qv_hash_long_more(QvHashLong *h, size_t bytes); // takes about so many; is there more to take?
QvHash qv_hash_long_end(const QvHashLong *h);

// hash(float) for finite and infinite values. For a NaN the caller uses qv_hash_ptr(object).
QvHash qv_hash_double(double v);

// hash(int) for values of 64 bits: value mod 2**61-1 with the sign of the value; -1 becomes -2.
static inline QvHash qv_hash_i64(int64_t v)
{
    uint64_t mag = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    mag = (mag & QV_HASH_MODULUS) + (mag >> QV_HASH_BITS);
    if (mag >= QV_HASH_MODULUS) {
        mag -= QV_HASH_MODULUS;
    }
    QvHash h = v < 0 ? -(QvHash)mag : (QvHash)mag;
    return h == -1 ? -2 : h;
}

// hash(int) of a magnitude in 64-bit limbs, least significant first, part by part from the top:
//     uint64_t x = qv_hash_limbs_add(0, limbs + k, n - k);
//     x = qv_hash_limbs_add(x, limbs, k);
//     QvHash h = qv_hash_limbs_end(x, negative);
uint64_t qv_hash_limbs_add(uint64_t x, const uint64_t *limbs, size_t n);
QvHash qv_hash_limbs_end(uint64_t x, bool negative);
static inline QvHash qv_hash_limbs(const uint64_t *limbs, size_t n, bool negative)
{
    return qv_hash_limbs_end(qv_hash_limbs_add(0, limbs, n), negative);
}

// Identity hash: the low four bits (always equal) go to the top.
static inline QvHash qv_hash_ptr(const void *p)
{
    uint64_t x = (uint64_t)(uintptr_t)p;
    QvHash h = (QvHash)((x >> 4) | (x << 60));
    return h == -1 ? -2 : h;
}

// Hash of a sequence of hashes, equal to CPython's hash(tuple).
//     uint64_t acc = qv_hash_tuple_start();
//     acc = qv_hash_tuple_add(acc, hash_of_item); ...
//     QvHash h = qv_hash_tuple_end(acc, number_of_items);
static inline uint64_t qv_hash_tuple_start(void)
{
    return UINT64_C(2870177450012600261); // xxHash prime 5
}

static inline uint64_t qv_hash_tuple_add(uint64_t acc, QvHash item)
{
    acc += (uint64_t)item * UINT64_C(14029467366897019727); // prime 2
    acc = (acc << 31) | (acc >> 33);
    return acc * UINT64_C(11400714785074694791); // prime 1
}

static inline QvHash qv_hash_tuple_end(uint64_t acc, QvSsize count)
{
    acc += (uint64_t)count ^ (UINT64_C(2870177450012600261) ^ UINT64_C(3527539));
    return acc == UINT64_MAX ? INT64_C(1546275796) : (QvHash)acc;
}

// Scrambles one item's hash for frozenset (order-independent: xor the results of all items).
static inline uint64_t qv_hash_set_shuffle(QvHash item)
{
    uint64_t h = (uint64_t)item;
    return ((h ^ UINT64_C(89869747)) ^ (h << 16)) * UINT64_C(3644798167);
}

// hash(frozenset) from the xor of qv_hash_set_shuffle of all items and their number.
QvHash qv_hash_set_end(uint64_t acc, QvSsize count);

// Random bytes from the system, for seeds. Returns 0, or -1 (nothing usable).
int qv_hash_random(void *p, size_t n);

#endif
