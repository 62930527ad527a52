// SPDX-License-Identifier: MIT
// The module _random: the Mersenne Twister MT19937, seeded and read as CPython does.
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "modules/modules.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_units.h"
#include "object/tuple.h"
#include "object/type_ids.h"

#define N 624 // words of state
#define M 397 // distance of the recurrence

typedef struct Random {
    QvObj h;
    uint32_t index; // of the next word; N: all are used
    uint32_t state[N];
} Random;

static Random *as_random(QvObj *o) { return (Random *)o; }

// ---- the generator ------------------------------------------------------------------------------

static uint32_t twist(uint32_t high, uint32_t low)
{
    uint32_t y = (high & 0x80000000u) | (low & 0x7fffffffu);
    return y >> 1 ^ (y & 1 ? 0x9908b0dfu : 0);
}

static uint32_t next_word(Random *r)
{
    uint32_t *s = r->state;
    if (r->index >= N) {
        for (int k = 0; k < N - M; k++) {
            s[k] = s[k + M] ^ twist(s[k], s[k + 1]);
        }
        for (int k = N - M; k < N - 1; k++) {
            s[k] = s[k + M - N] ^ twist(s[k], s[k + 1]);
        }
        s[N - 1] = s[M - 1] ^ twist(s[N - 1], s[0]);
        r->index = 0;
    }
    uint32_t y = s[r->index++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
}

static void seed_word(Random *r, uint32_t seed)
{
    r->state[0] = seed;
    for (uint32_t k = 1; k < N; k++) {
        uint32_t before = r->state[k - 1];
        r->state[k] = 1812433253u * (before ^ before >> 30) + k;
    }
    r->index = N;
}

// Seeds by a key of n words (at least one), least significant first. 0/-1: a stop.
static int seed_words(QvInterp *qi, Random *r, const uint32_t *key, size_t n)
{
    uint32_t *s = r->state, i = 1;
    seed_word(r, 19650218u);
    size_t j = 0;
    for (size_t k = n > N ? n : N; k; k--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1664525u) + key[j] + (uint32_t)j;
        if (++i >= N) {
            s[0] = s[N - 1];
            i = 1;
        }
        j = j + 1 < n ? j + 1 : 0;
        if (qv_stop_step(qi, (QvSsize)k) < 0) {
            return -1;
        }
    }
    for (int k = N - 1; k; k--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1566083941u) - i;
        if (++i >= N) {
            s[0] = s[N - 1];
            i = 1;
        }
    }
    s[0] = 0x80000000u;
    return 0;
}

static int seed_from_system(QvInterp *qi, Random *r)
{
    uint32_t key[N];
    for (size_t got = 0; got < sizeof key;) {
        ssize_t n = getrandom((char *)key + got, sizeof key - got, 0);
        if (n < 0 && errno != EINTR) {
            qv_raise_errno(qi, errno, NULL, NULL);
            return -1;
        }
        got += n > 0 ? (size_t)n : 0;
    }
    return seed_words(qi, r, key, N);
}

// Seeds by the magnitude of an int.
static int seed_int(QvInterp *qi, Random *r, QvObj *n)
{
    QvSsize words = (QvSsize)((qv_int_bit_length(n) + 31) / 32);
    words = words ? words : 1;
    size_t block = (size_t)words * sizeof(uint32_t) + 8;
    uint32_t *key = qv_alloc(qi, block);
    if (!key) {
        return -1;
    }
    int status = 0;
    memset((char *)key + block - 8, 0, 8);
    if (qv_int_is_small(n)) {
        uint64_t v = (uint64_t)qv_int_value(n);
        v = qv_int_value(n) < 0 ? 0 - v : v;
        key[0] = (uint32_t)v;
        key[1] = (uint32_t)(v >> 32); // there is room for two
    } else {
        const QvLimbs *big = ((const QvInt *)n)->big;
        for (QvSsize k = 0; status == 0 && k < words; k++) {
            key[k] = (uint32_t)(big->limb[k / 2] >> (k % 2 * 32));
            status = qv_stop_step(qi, k);
        }
    }
    status = status == 0 ? seed_words(qi, r, key, (size_t)words) : status;
    qv_free(qi, key, block);
    return status;
}

static int seed(QvInterp *qi, Random *r, QvObj *arg)
{
    if (!arg || arg == QV_NONE) {
        return seed_from_system(qi, r);
    }
    if (qv_is_int(arg)) {
        return seed_int(qi, r, arg);
    }
    QvHash hash = qv_hash(qi, arg);
    if (hash == -1) {
        return -1;
    }
    QvObj *n = qv_int_from_u64(qi, (uint64_t)hash);
    int status = n ? seed_int(qi, r, n) : -1;
    qv_xdecref(qi, n);
    return status;
}

// ---- Random -------------------------------------------------------------------------------------

static QvObj *random_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    return qv_obj_new(qi, type); // all zeros until __init__
}

static int random_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (kwnames && qv_tuple_len(kwnames) && self->type->init == random_init) {
        return qv_raise_int(qi, &qv_exc_TypeError, "Random() takes no keyword arguments");
    }
    if (nargs > 1) {
        return qv_raise_int(qi, &qv_exc_TypeError, "Random() requires 0 or 1 argument");
    }
    return seed(qi, as_random(self), nargs ? args[0] : NULL);
}

static QvObj *random_random(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Random *r = as_random(self);
    uint32_t a = next_word(r) >> 5, b = next_word(r) >> 6; // 27 and 26 bits
    return qv_float_new(qi, (a * 67108864.0 + b) * (1.0 / 9007199254740992.0));
}

static QvObj *random_seed(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return seed(qi, as_random(self), args[0]) < 0 ? NULL : QV_NONE;
}

static QvObj *random_getstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Random *r = as_random(self);
    QvObj *t = qv_tuple_new(qi, N + 1);
    for (int k = 0; t && k <= N; k++) {
        QvObj *v = qv_int_from_i64(qi, k < N ? r->state[k] : r->index);
        if (!v) {
            qv_clear(qi, &t);
            break;
        }
        qv_tuple_items(t)[k] = v;
    }
    return t;
}

static QvObj *random_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_tuple(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "state vector must be a tuple");
    }
    if (qv_tuple_len(args[0]) != N + 1) {
        return qv_raise(qi, &qv_exc_ValueError, "state vector is the wrong size");
    }
    uint32_t state[N];
    for (int k = 0; k <= N; k++) {
        QvObj *v = qv_tuple_peek(args[0], k);
        int64_t x;
        if (!qv_is_int(v)) {
            return qv_raise(qi, &qv_exc_TypeError, "an integer is required");
        }
        bool fits = qv_int_as_i64(v, &x) == 1;
        if (k == N) {
            if (!fits) {
                return qv_raise(qi, &qv_exc_OverflowError,
                                "Python int too large to convert to C long");
            }
            if (x < 0 || x > N) {
                return qv_raise(qi, &qv_exc_ValueError, "invalid state");
            }
            memcpy(as_random(self)->state, state, sizeof state);
            as_random(self)->index = (uint32_t)x;
            return QV_NONE;
        }
        if (qv_int_sign(v) < 0) {
            return qv_raise(qi, &qv_exc_OverflowError,
                            "can't convert negative value to unsigned int");
        }
        if (!fits && qv_int_bit_length(v) > 64) {
            return qv_raise(qi, &qv_exc_OverflowError,
                            "Python int too large to convert to C unsigned long");
        }
        state[k] = (uint32_t)qv_int_as_u64_mask(v);
    }
    return QV_NONE;
}

static QvObj *random_getrandbits(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Random *r = as_random(self);
    QvObj *n = qv_index(qi, args[0]);
    int64_t k = 0;
    bool fits = n && qv_int_as_i64(n, &k) == 1 && k == (int)k;
    if (!n) {
        return NULL;
    }
    qv_decref(qi, n);
    if (!fits) {
        return qv_raise(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
    }
    if (k < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "number of bits must be non-negative");
    }
    if (k <= 32) {
        return qv_int_from_i64(qi, k ? next_word(r) >> (32 - k) : 0);
    }
    size_t words = ((size_t)k - 1) / 32 + 1, limbs = (words + 1) / 2;
    uint64_t *v = qv_alloc(qi, limbs * sizeof *v);
    if (!v) {
        return NULL;
    }
    QvObj *ret = NULL;
    if (qv_units_fill_long(qi, v, QV_STR_1, (QvSsize)(limbs * sizeof *v), 0) < 0) {
        goto done;
    }
    for (size_t i = 0; i < words; i++, k -= 32) { // least significant word first
        uint32_t x = next_word(r);
        x >>= k < 32 ? 32 - k : 0;
        v[i / 2] |= (uint64_t)x << (i % 2 * 32);
        if (qv_poll_step(qi, (QvSsize)i) < 0) {
            goto done;
        }
    }
    ret = qv_int_from_limbs(qi, v, (QvSsize)limbs, 1);
done:
    qv_free(qi, v, limbs * sizeof *v);
    return ret;
}

static const QvNativeDef random_methods[] = {
    {"random", random_random, "($self, /)", "random() -> x in the interval [0, 1)."},
    {"seed", random_seed, "($self, n=None, /)",
     "seed([n]) -> None.\n\nDefaults to use urandom and falls back to a combination\nof the "
     "current time and the process identifier."},
    {"getstate", random_getstate, "($self, /)",
     "getstate() -> tuple containing the current state."},
    {"setstate", random_setstate, "($self, state, /)",
     "setstate(state) -> None.  Restores generator state."},
    {"getrandbits", random_getrandbits, "($self, k, /)",
     "getrandbits(k) -> x.  Generates an int with k random bits."},
    {0},
};

QV_SEALED QvType qv_random_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_random.Random",
    .id = QV_TID_random,
    .flags = QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Random),
    .doc = "Random() -> create a random number generator with its own internal state.",
    .methods = random_methods,
    .new_ = random_new,
    .init = random_init,
};

static int init(QvInterp *qi, QvObj *m)
{
    return qv_module_add(qi, m, "Random", &qv_random_type.h);
}

const QvModuleDef qv_module__random = {
    .name = "_random",
    .doc = "Module implements the Mersenne Twister random number generator.",
    .init = init,
};
