// SPDX-License-Identifier: MIT
// Hash functions. The one of bytes follows the published scheme of wyhash (W. Yi): read 16 bytes a
// step, fold by a 64x64->128 multiplication; three chains for long input so that the multiplier
// pipeline stays full.
#include "base/hash.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/random.h>

// Odd constants with 32 bits set, as the scheme asks for.
#define K0 UINT64_C(0xa0761d6478bd642f)
#define K1 UINT64_C(0xe7037ed1a0b428db)
#define K2 UINT64_C(0x8ebc6af09c88c6e3)
#define K3 UINT64_C(0x589965cc75374cc3)

static inline uint64_t fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t read64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

static inline uint64_t read32(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

static inline QvHash end(uint64_t a, uint64_t b, size_t n, uint64_t seed)
{
    a ^= K1;
    b ^= seed;
    unsigned __int128 product = (unsigned __int128)a * b;
    uint64_t h = fold((uint64_t)product ^ K0 ^ n, (uint64_t)(product >> 64) ^ K1);
    return h == UINT64_MAX ? -2 : (QvHash)h;
}

// The last bytes of n > 16.
static inline QvHash finish(const uint8_t *p, size_t left, size_t n, uint64_t seed)
{
    while (left > 16) {
        seed = fold(read64(p) ^ K1, read64(p + 8) ^ seed);
        p += 16;
        left -= 16;
    }
    return end(read64(p + left - 16), read64(p + left - 8), n, seed);
}

void qv_hash_long_start(QvHashLong *h, const void *p, size_t n, uint64_t seed)
{
    seed ^= fold(seed ^ K0, K1);
    *h = (QvHashLong){.seed = seed, .seed1 = seed, .seed2 = seed, .p = p, .left = n, .n = n};
}

bool qv_hash_long_more(QvHashLong *h, size_t bytes)
{
    QvHashLong now = *h;
    for (size_t done = 0; now.left > 48 && done < bytes; done += 48) {
        now.seed = fold(read64(now.p) ^ K1, read64(now.p + 8) ^ now.seed);
        now.seed1 = fold(read64(now.p + 16) ^ K2, read64(now.p + 24) ^ now.seed1);
        now.seed2 = fold(read64(now.p + 32) ^ K3, read64(now.p + 40) ^ now.seed2);
        now.p += 48;
        now.left -= 48;
    }
    *h = now;
    return now.left > 48;
}

QvHash qv_hash_long_end(const QvHashLong *h)
{
    uint64_t seed = h->seed ^ h->seed1 ^ h->seed2;
    return finish(h->p, h->left, h->n, seed);
}

QvHash qv_hash_bytes(const void *data, size_t n, uint64_t seed)
{
    if (n == 0) {
        return 0;
    }
    if (n > 48) {
        QvHashLong h;
        qv_hash_long_start(&h, data, n, seed);
        (void)qv_hash_long_more(&h, n);
        return qv_hash_long_end(&h);
    }
    const uint8_t *p = data;
    uint64_t a;
    uint64_t b;
    seed ^= fold(seed ^ K0, K1);
    if (QV_LIKELY(n <= 16)) {
        if (n >= 4) {
            // Two overlapping pairs of words cover 4..16 bytes without a branch on each length.
            size_t mid = (n >> 3) << 2;
            a = (read32(p) << 32) | read32(p + mid);
            b = (read32(p + n - 4) << 32) | read32(p + n - 4 - mid);
        } else {
            a = ((uint64_t)p[0] << 16) | ((uint64_t)p[n >> 1] << 8) | p[n - 1];
            b = 0;
        }
    } else {
        return finish(p, n, n, seed);
    }
    return end(a, b, n, seed);
}

// The value is m * 2**e with an integer m: m is reduced mod 2**61-1 and then rotated, since
// multiplying by 2 modulo a Mersenne prime is a rotation of its 61 bits.
QvHash qv_hash_double(double v)
{
    if (!isfinite(v)) {
        return isinf(v) ? (v > 0 ? QV_HASH_INF : -QV_HASH_INF) : 0;
    }
    uint64_t bits;
    memcpy(&bits, &v, sizeof(bits));
    bool negative = (bits >> 63) != 0;
    int exponent = (int)((bits >> 52) & 0x7FF);
    uint64_t m = bits & ((UINT64_C(1) << 52) - 1);
    if (exponent == 0) {
        exponent = 1;
    } else {
        m |= UINT64_C(1) << 52;
    }
    if (m == 0) {
        return 0;
    }
    int turn = (exponent - 1075) % QV_HASH_BITS;
    if (turn < 0) {
        turn += QV_HASH_BITS;
    }
    uint64_t x = ((m << turn) & QV_HASH_MODULUS) | (m >> (QV_HASH_BITS - turn));
    QvHash h = negative ? -(QvHash)x : (QvHash)x;
    return h == -1 ? -2 : h;
}

uint64_t qv_hash_limbs_add(uint64_t x, const uint64_t *limbs, size_t n)
{
    for (size_t i = n; i-- > 0;) {
        // x * 2**64 + limb = x * 8 + limb (mod 2**61-1), in 128 bits and folded back.
        unsigned __int128 t = ((unsigned __int128)x << 3) + limbs[i];
        uint64_t y = (uint64_t)(t & QV_HASH_MODULUS) + (uint64_t)(t >> QV_HASH_BITS);
        if (y >= QV_HASH_MODULUS) {
            y -= QV_HASH_MODULUS;
        }
        x = y;
    }
    return x;
}

QvHash qv_hash_limbs_end(uint64_t x, bool negative)
{
    QvHash h = negative ? -(QvHash)x : (QvHash)x;
    return h == -1 ? -2 : h;
}

QvHash qv_hash_set_end(uint64_t acc, QvSsize count)
{
    acc ^= ((uint64_t)count + 1) * UINT64_C(1927868237);
    acc ^= (acc >> 11) ^ (acc >> 25);
    acc = acc * 69069 + 907133923;
    return acc == UINT64_MAX ? INT64_C(590923713) : (QvHash)acc;
}

int qv_hash_random(void *p, size_t n)
{
    char *out = p;
    while (n > 0) {
        ssize_t got = getrandom(out, n, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return -1;
        }
        out += got;
        n -= (size_t)got;
    }
    return 0;
}
