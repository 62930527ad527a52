// SPDX-License-Identifier: MIT
// The module _blake2: BLAKE2b and BLAKE2s (RFC 7693) with key, salt, personalisation and tree
// parameters, which libcrypto does not offer.
#include <string.h>

#include "modules/gate.h"
#include "modules/hash/hash.h"
#include "modules/modules.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

#define UPDATE_CHUNK (1 << 20) // bytes between two looks at the poll flag
#define BLOCK_MAX    128

typedef struct Variant {
    const char *name;
    uint8_t out_max, key_max, salt, person; // bytes
    uint8_t block;                          // bytes; words are block / 16
} Variant;

static const Variant blake2b = {"blake2b", 64, 64, 16, 16, 128};
static const Variant blake2s = {"blake2s", 32, 32, 8, 8, 64};

// The state of either; BLAKE2s keeps its 32-bit words in the low halves.
typedef struct State {
    uint64_t h[8];
    uint64_t low, high; // bytes compressed so far
    uint8_t block[BLOCK_MAX];
    uint32_t fill; // bytes in block; the last block waits for finish
    uint32_t digest_size;
    bool last_node;
} State;

typedef struct Blake {
    QvObj h;
    const Variant *of;
    QvGate gate;
    State state; // inside the gate
} Blake;

static Blake *as_blake(QvObj *o) { return (Blake *)o; }

// ---- the function -------------------------------------------------------------------------------

static const uint64_t iv_b[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static const uint8_t sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

// Which words a step mixes: four columns, then four diagonals.
static const uint8_t quads[8][4] = {{0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14}, {3, 7, 11, 15},
                                    {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13},  {3, 4, 9, 14}};

static uint64_t rotate64(uint64_t x, int n) { return x >> n | x << (64 - n); }
static uint32_t rotate32(uint32_t x, int n) { return x >> n | x << (32 - n); }

static uint64_t read_word(const uint8_t *p, int bytes)
{
    uint64_t v = 0;
    for (int k = 0; k < bytes; k++) {
        v |= (uint64_t)p[k] << (8 * k);
    }
    return v;
}

static void compress_b(State *s, const uint8_t *p, uint64_t f0, uint64_t f1)
{
    uint64_t m[16], v[16];
    for (int k = 0; k < 16; k++) {
        m[k] = read_word(p + 8 * k, 8);
    }
    memcpy(v, s->h, sizeof s->h);
    memcpy(v + 8, iv_b, sizeof iv_b);
    v[12] ^= s->low, v[13] ^= s->high, v[14] ^= f0, v[15] ^= f1;
    for (int round = 0; round < 12; round++) {
        const uint8_t *order = sigma[round % 10];
        for (int k = 0; k < 8; k++) {
            uint64_t *a = &v[quads[k][0]], *b = &v[quads[k][1]], *c = &v[quads[k][2]],
                     *d = &v[quads[k][3]];
            *a += *b + m[order[2 * k]];
            *d = rotate64(*d ^ *a, 32);
            *c += *d;
            *b = rotate64(*b ^ *c, 24);
            *a += *b + m[order[2 * k + 1]];
            *d = rotate64(*d ^ *a, 16);
            *c += *d;
            *b = rotate64(*b ^ *c, 63);
        }
    }
    for (int k = 0; k < 8; k++) {
        s->h[k] ^= v[k] ^ v[k + 8];
    }
}

static void compress_s(State *s, const uint8_t *p, uint64_t f0, uint64_t f1)
{
    uint32_t m[16], v[16];
    for (int k = 0; k < 16; k++) {
        m[k] = (uint32_t)read_word(p + 4 * k, 4);
    }
    for (int k = 0; k < 8; k++) { // its constants are the upper halves of the others
        v[k] = (uint32_t)s->h[k];
        v[k + 8] = (uint32_t)(iv_b[k] >> 32);
    }
    v[12] ^= (uint32_t)s->low, v[13] ^= (uint32_t)(s->low >> 32), v[14] ^= (uint32_t)f0,
        v[15] ^= (uint32_t)f1;
    for (int round = 0; round < 10; round++) {
        const uint8_t *order = sigma[round];
        for (int k = 0; k < 8; k++) {
            uint32_t *a = &v[quads[k][0]], *b = &v[quads[k][1]], *c = &v[quads[k][2]],
                     *d = &v[quads[k][3]];
            *a += *b + m[order[2 * k]];
            *d = rotate32(*d ^ *a, 16);
            *c += *d;
            *b = rotate32(*b ^ *c, 12);
            *a += *b + m[order[2 * k + 1]];
            *d = rotate32(*d ^ *a, 8);
            *c += *d;
            *b = rotate32(*b ^ *c, 7);
        }
    }
    for (int k = 0; k < 8; k++) {
        s->h[k] ^= v[k] ^ v[k + 8];
    }
}

static void compress(const Variant *of, State *s, const uint8_t *p, uint32_t bytes, bool last)
{
    uint64_t f0 = last ? UINT64_MAX : 0, f1 = last && s->last_node ? UINT64_MAX : 0;
    s->low += bytes;
    s->high += s->low < bytes;
    if (of == &blake2b) {
        compress_b(s, p, f0, f1);
    } else {
        compress_s(s, p, f0, f1);
    }
}

static void absorb(const Variant *of, State *s, const uint8_t *p, size_t n)
{
    while (n > 0) {
        if (s->fill == of->block) { // more comes: it is not the last
            compress(of, s, s->block, of->block, false);
            s->fill = 0;
        }
        size_t step = of->block - s->fill;
        step = step > n ? n : step;
        memcpy(s->block + s->fill, p, step);
        s->fill += (uint32_t)step;
        p += step;
        n -= step;
    }
}

// The digest of what came so far; s is used up.
static void finish(const Variant *of, State *s, uint8_t out[64])
{
    memset(s->block + s->fill, 0, of->block - s->fill);
    compress(of, s, s->block, s->fill, true);
    int bytes = of->block / 16;
    for (int k = 0; k < 8 * bytes; k++) {
        out[k] = (uint8_t)(s->h[k / bytes] >> (8 * (k % bytes)));
    }
}

// ---- objects ------------------------------------------------------------------------------------

static int update(QvInterp *qi, Blake *b, QvObj *data)
{
    QvBufferView view;
    if (qv_hash_buffer(qi, data, &view) < 0) {
        return -1;
    }
    int status = 0;
    qv_gate_enter(qi, &b->gate);
    if (view.len < QV_UNLOCK_MIN) {
        absorb(b->of, &b->state, view.buf, (size_t)view.len);
    }
    for (QvSsize at = 0; view.len >= QV_UNLOCK_MIN && at < view.len && status == 0;) {
        QvSsize n = view.len - at > UPDATE_CHUNK ? UPDATE_CHUNK : view.len - at;
        qv_unlocked_begin(qi);
        absorb(b->of, &b->state, (const uint8_t *)view.buf + at, (size_t)n);
        qv_unlocked_end(qi);
        at += n;
        status = at < view.len ? qv_poll_here(qi) : 0;
    }
    qv_gate_leave(&b->gate);
    qv_buffer_release(qi, &view);
    return status;
}

// An int argument from min to max; missing: dflt. error: its text. 0/-1.
static int small_arg(QvInterp *qi, QvObj *o, int dflt, int min, int max, const char *error,
                     int *ret)
{
    *ret = dflt;
    if (!o) {
        return 0;
    }
    QvSsize n;
    if (qv_index_ssize(qi, o, &n, NULL) < 0) {
        return -1;
    }
    if (n != (int)n) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
    }
    if (n < min || n > max) {
        return qv_raise_int(qi, &qv_exc_ValueError, error, max);
    }
    *ret = (int)n;
    return 0;
}

// An unsigned argument. 0/-1.
static int wide_arg(QvInterp *qi, QvObj *o, uint64_t max, const char *name, uint64_t *ret)
{
    *ret = 0;
    if (!o) {
        return 0;
    }
    QvObj *n = qv_index(qi, o);
    if (!n) {
        return -1;
    }
    int sign = qv_int_sign(n);
    uint64_t bits = qv_int_bit_length(n);
    *ret = qv_int_as_u64_mask(n);
    qv_decref(qi, n);
    if (sign < 0) {
        return qv_raise_int(qi, &qv_exc_ValueError, "value must be positive");
    }
    if (bits > 64) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "int too big to convert");
    }
    return *ret > max ? qv_raise_int(qi, &qv_exc_OverflowError, "%s is too large", name) : 0;
}

// Bytes of an argument into out[0:max]. Their number, or -1.
static QvSsize bytes_arg(QvInterp *qi, QvObj *o, QvSsize max, const char *name, uint8_t *out)
{
    if (!o) {
        return 0;
    }
    QvBufferView view;
    if (qv_buffer_get(qi, o, &view, QV_BUF_SIMPLE) < 0) {
        return -1;
    }
    QvSsize n = view.len;
    if (n > max) {
        qv_raise(qi, &qv_exc_ValueError, "maximum %s length is %zd bytes", name, max);
        n = -1;
    } else if (n > 0) {
        memcpy(out, view.buf, (size_t)n);
    }
    qv_buffer_release(qi, &view);
    return n;
}

static void put_word(uint8_t *p, uint64_t v, int bytes)
{
    for (int k = 0; k < bytes; k++) {
        p[k] = (uint8_t)(v >> (8 * k));
    }
}

enum {
    ARG_DATA,
    ARG_DIGEST_SIZE,
    ARG_KEY,
    ARG_SALT,
    ARG_PERSON,
    ARG_FANOUT,
    ARG_DEPTH,
    ARG_LEAF_SIZE,
    ARG_NODE_OFFSET,
    ARG_NODE_DEPTH,
    ARG_INNER_SIZE,
    ARG_LAST_NODE,
    ARG_SECURITY,
    ARG_COUNT
};

// The parameter block and the key from the arguments. 0/-1.
static int read_parameters(QvInterp *qi, const Variant *of, QvObj *const *a, uint8_t block[64],
                           uint8_t key[BLOCK_MAX], bool *ret_last_node)
{
    bool is_b = of == &blake2b;
    int digest_size, fanout, depth, node_depth, inner;
    uint64_t leaf, offset;
    if (small_arg(qi, a[ARG_DIGEST_SIZE], of->out_max, 1, of->out_max,
                  "digest_size must be between 1 and %d bytes", &digest_size) < 0 ||
        bytes_arg(qi, a[ARG_SALT], of->salt, "salt", block + (is_b ? 32 : 16)) < 0 ||
        bytes_arg(qi, a[ARG_PERSON], of->person, "person", block + (is_b ? 48 : 24)) < 0 ||
        small_arg(qi, a[ARG_FANOUT], 1, 0, 255, "fanout must be between 0 and %d", &fanout) < 0 ||
        small_arg(qi, a[ARG_DEPTH], 1, 1, 255, "depth must be between 1 and %d", &depth) < 0 ||
        wide_arg(qi, a[ARG_LEAF_SIZE], UINT32_MAX, "leaf_size", &leaf) < 0 ||
        wide_arg(qi, a[ARG_NODE_OFFSET], is_b ? UINT64_MAX : (UINT64_C(1) << 48) - 1, "node_offset",
                 &offset) < 0 ||
        small_arg(qi, a[ARG_NODE_DEPTH], 0, 0, 255, "node_depth must be between 0 and %d",
                  &node_depth) < 0 ||
        small_arg(qi, a[ARG_INNER_SIZE], 0, 0, of->out_max,
                  "inner_size must be between 0 and is %d", &inner) < 0) {
        return -1;
    }
    QvSsize key_len = bytes_arg(qi, a[ARG_KEY], of->key_max, "key", key);
    int last_node = a[ARG_LAST_NODE] ? qv_is_true(qi, a[ARG_LAST_NODE]) : 0;
    if (key_len < 0 || last_node < 0 || (a[ARG_SECURITY] && qv_is_true(qi, a[ARG_SECURITY]) < 0)) {
        return -1;
    }
    block[0] = (uint8_t)digest_size;
    block[1] = (uint8_t)key_len;
    block[2] = (uint8_t)fanout;
    block[3] = (uint8_t)depth;
    put_word(block + 4, leaf, 4);
    put_word(block + 8, offset, is_b ? 8 : 6);
    block[is_b ? 16 : 14] = (uint8_t)node_depth;
    block[is_b ? 17 : 15] = (uint8_t)inner;
    *ret_last_node = last_node;
    return 0;
}

static QvObj *blake_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    bool is_b = type == &qv_hash_blake2b_type;
    const Variant *of = is_b ? &blake2b : &blake2s;
    QvObj *slots[ARG_COUNT];
#define PARAMETERS                                                                        \
    "(data=b'', /, *, digest_size=64, key=b'', salt=b'', person=b'', fanout=1, depth=1, " \
    "leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, "           \
    "usedforsecurity=True)"
    const char *sig = is_b ? "blake2b" PARAMETERS : "blake2s" PARAMETERS;
#undef PARAMETERS
    if (qv_args(qi, sig, args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    uint8_t block[64] = {0}, key[BLOCK_MAX] = {0};
    State s = {0};
    if (read_parameters(qi, of, slots, block, key, &s.last_node) < 0) {
        return NULL;
    }
    s.digest_size = block[0];
    for (int k = 0; k < 8; k++) {
        s.h[k] = is_b ? iv_b[k] ^ read_word(block + 8 * k, 8)
                      : (iv_b[k] >> 32) ^ read_word(block + 4 * k, 4);
    }
    if (block[1]) { // a key is a first block of its own
        absorb(of, &s, key, of->block);
    }
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        as_blake(o)->of = of;
        as_blake(o)->state = s;
        if (slots[ARG_DATA] && update(qi, as_blake(o), slots[ARG_DATA]) < 0) {
            qv_clear(qi, &o);
        }
    }
    return o;
}

static State snapshot(QvInterp *qi, Blake *b)
{
    qv_gate_enter(qi, &b->gate);
    State s = b->state;
    qv_gate_leave(&b->gate);
    return s;
}

static QvObj *blake_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    const Variant *of = as_blake(self)->of;
    QvObj *o = qv_obj_new(qi, of == &blake2b ? &qv_hash_blake2b_type : &qv_hash_blake2s_type);
    if (o) {
        as_blake(o)->of = of;
        as_blake(o)->state = snapshot(qi, as_blake(self));
    }
    return o;
}

static QvObj *blake_update(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return update(qi, as_blake(self), args[0]) < 0 ? NULL : QV_NONE;
}

static QvObj *blake_digest(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    uint8_t out[64];
    State s = snapshot(qi, as_blake(self));
    finish(as_blake(self)->of, &s, out);
    return qv_bytes_new(qi, out, s.digest_size);
}

static QvObj *blake_hexdigest(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    uint8_t out[64];
    State s = snapshot(qi, as_blake(self));
    finish(as_blake(self)->of, &s, out);
    return qv_hash_hex(qi, out, s.digest_size);
}

static QvObj *get_name(QvInterp *qi, QvObj *o)
{
    return qv_str_new_cstr(qi, as_blake(o)->of->name);
}
static QvObj *get_block_size(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, as_blake(o)->of->block);
}
static QvObj *get_digest_size(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, as_blake(o)->state.digest_size);
}
// Constants of the classes; 64 and 16 bytes for one, half of it for the other.
static bool is_b_class(const QvObj *o)
{
    return qv_type_is_subtype(qv_is_type(o) ? (const QvType *)o : o->type, &qv_hash_blake2b_type);
}
static QvObj *get_salt_size(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, is_b_class(o) ? 16 : 8);
}
static QvObj *get_max(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, is_b_class(o) ? 64 : 32);
}

static const QvNativeDef methods[] = {
    {"copy", blake_copy, "($self, /)", "Return a copy of the hash object."},
    {"digest", blake_digest, "($self, /)", "Return the digest value as a bytes object."},
    {"hexdigest", blake_hexdigest, "($self, /)",
     "Return the digest value as a string of hexadecimal digits."},
    {"update", blake_update, "($self, data, /)",
     "Update this hash object's state with the provided bytes-like object."},
    {0},
};

static const QvGetSet getsets[] = {
    {"name", get_name, NULL, NULL},
    {"block_size", get_block_size, NULL, NULL},
    {"digest_size", get_digest_size, NULL, NULL},
    {"SALT_SIZE", get_salt_size, NULL, NULL, true},
    {"PERSON_SIZE", get_salt_size, NULL, NULL, true},
    {"MAX_KEY_SIZE", get_max, NULL, NULL, true},
    {"MAX_DIGEST_SIZE", get_max, NULL, NULL, true},
    {0},
};

QV_SEALED QvType qv_hash_blake2b_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_blake2.blake2b",
    .id = QV_TID_hash_blake2b,
    .base = &qv_object_type,
    .size = sizeof(Blake),
    .doc = "Return a new BLAKE2b hash object.",
    .methods = methods,
    .getsets = getsets,
    .new_ = blake_new,
};

QV_SEALED QvType qv_hash_blake2s_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_blake2.blake2s",
    .id = QV_TID_hash_blake2s,
    .base = &qv_object_type,
    .size = sizeof(Blake),
    .doc = "Return a new BLAKE2s hash object.",
    .methods = methods,
    .getsets = getsets,
    .new_ = blake_new,
};

static int init(QvInterp *qi, QvObj *m)
{
    const struct {
        const char *name;
        int value;
    } rows[] = {
        {"BLAKE2B_SALT_SIZE", 16},    {"BLAKE2B_PERSON_SIZE", 16},
        {"BLAKE2B_MAX_KEY_SIZE", 64}, {"BLAKE2B_MAX_DIGEST_SIZE", 64},
        {"BLAKE2S_SALT_SIZE", 8},     {"BLAKE2S_PERSON_SIZE", 8},
        {"BLAKE2S_MAX_KEY_SIZE", 32}, {"BLAKE2S_MAX_DIGEST_SIZE", 32},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        if (qv_module_add_int(qi, m, rows[k].name, rows[k].value) < 0) {
            return -1;
        }
    }
    return qv_module_add(qi, m, "blake2b", &qv_hash_blake2b_type.h) < 0
               ? -1
               : qv_module_add(qi, m, "blake2s", &qv_hash_blake2s_type.h);
}

const QvModuleDef qv_module__blake2 = {
    .name = "_blake2",
    .doc = "_blake2b provides BLAKE2b for hashlib\n",
    .init = init,
};
