// SPDX-License-Identifier: MIT
// The modules _md5, _sha1, _sha256, _sha512 and _sha3: hashes computed by libcrypto.
//
// The context is libcrypto's own memory, a few hundred bytes outside the interpreter's heap. Large
// updates release the interpreter's lock; the gate keeps other threads off the object meanwhile.
#include <dlfcn.h>
#include <string.h>

#include "modules/gate.h"
#include "modules/hash/hash.h"
#include "modules/modules.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/heavy.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

#define DIGEST_MAX   64
#define LONG_SHAKE   (1 << 20)          // bytes that take some milliseconds
#define SHAKE_MAX    (INT64_C(1) << 29) // digests of shake are shorter
#define UPDATE_CHUNK (1 << 20)          // bytes between two looks at the poll flag

typedef struct Algorithm {
    const char *name;
    const char *evp; // function of libcrypto that gives the EVP_MD
    QvType *type;
    uint16_t digest_size; // bytes; 0: extendable (shake)
    uint16_t block_size;
} Algorithm;

static const Algorithm algorithms[] = {
    {"md5", "EVP_md5", &qv_hash_md5_type, 16, 64},
    {"sha1", "EVP_sha1", &qv_hash_sha1_type, 20, 64},
    {"sha224", "EVP_sha224", &qv_hash_sha224_type, 28, 64},
    {"sha256", "EVP_sha256", &qv_hash_sha256_type, 32, 64},
    {"sha384", "EVP_sha384", &qv_hash_sha384_type, 48, 128},
    {"sha512", "EVP_sha512", &qv_hash_sha512_type, 64, 128},
    {"sha3_224", "EVP_sha3_224", &qv_hash_sha3_224_type, 28, 144},
    {"sha3_256", "EVP_sha3_256", &qv_hash_sha3_256_type, 32, 136},
    {"sha3_384", "EVP_sha3_384", &qv_hash_sha3_384_type, 48, 104},
    {"sha3_512", "EVP_sha3_512", &qv_hash_sha3_512_type, 64, 72},
    {"shake_128", "EVP_shake128", &qv_hash_shake_128_type, 0, 168},
    {"shake_256", "EVP_shake256", &qv_hash_shake_256_type, 0, 136},
};

typedef struct Hash {
    QvObj h;
    const Algorithm *of;
    QvObj *crypto;   // bytes object with the QvCrypto
    EVP_MD_CTX *ctx; // owned; used inside the gate
    QvGate gate;
} Hash;

static Hash *as_hash(QvObj *o) { return (Hash *)o; }

static QvObj *crypto_error(QvInterp *qi)
{
    return qv_raise(qi, &qv_exc_RuntimeError, "libcrypto refused to compute the hash");
}

static const Algorithm *algorithm_of(const QvType *type)
{
    const Algorithm *a = algorithms;
    while (a->type != type) {
        a++;
    }
    return a;
}

// A hash of nothing, without a context yet.
static Hash *hash_alloc(QvInterp *qi, const Algorithm *of, QvObj *crypto)
{
    Hash *h = (Hash *)qv_obj_new(qi, of->type);
    if (!h) {
        return NULL;
    }
    h->of = of;
    h->crypto = crypto ? qv_new_ref(qi, crypto) : qv_crypto_load(qi);
    h->ctx = h->crypto ? qv_crypto_of(h->crypto)->ctx_new() : NULL;
    if (!h->ctx) {
        if (h->crypto) {
            qv_raise_oom(qi);
        }
        qv_decref(qi, &h->h);
        return NULL;
    }
    return h;
}

static void hash_fini(QvInterp *qi, QvObj *o)
{
    Hash *h = as_hash(o);
    if (h->ctx) {
        qv_crypto_of(h->crypto)->ctx_free(h->ctx);
        h->ctx = NULL;
    }
    qv_clear(qi, &h->crypto);
}

static int update(QvInterp *qi, Hash *h, QvObj *data)
{
    QvBufferView view;
    if (qv_hash_buffer(qi, data, &view) < 0) {
        return -1;
    }
    const QvCrypto *c = qv_crypto_of(h->crypto);
    int status = 0;
    bool good = true;
    qv_gate_enter(qi, &h->gate);
    if (view.len < QV_UNLOCK_MIN) {
        good = view.len == 0 || c->update(h->ctx, view.buf, (size_t)view.len);
    }
    for (QvSsize at = 0; view.len >= QV_UNLOCK_MIN && at < view.len && good && status == 0;) {
        QvSsize n = view.len - at > UPDATE_CHUNK ? UPDATE_CHUNK : view.len - at;
        qv_unlocked_begin(qi);
        good = c->update(h->ctx, (const uint8_t *)view.buf + at, (size_t)n);
        qv_unlocked_end(qi);
        at += n;
        status = at < view.len ? qv_poll_here(qi) : 0;
    }
    qv_gate_leave(&h->gate);
    qv_buffer_release(qi, &view);
    if (!good) {
        crypto_error(qi);
        return -1;
    }
    return status;
}

static QvObj *make(QvInterp *qi, const Algorithm *of, QvObj *crypto, QvObj *data)
{
    Hash *h = hash_alloc(qi, of, crypto);
    if (!h) {
        return NULL;
    }
    const EVP_MD *(*md)(void) = NULL;
    *(void **)&md = dlsym(qv_crypto_of(h->crypto)->library, of->evp);
    if (!md || !qv_crypto_of(h->crypto)->init(h->ctx, md(), NULL)) {
        crypto_error(qi);
    } else if (!data || update(qi, h, data) == 0) {
        return &h->h;
    }
    qv_decref(qi, &h->h);
    return NULL;
}

// A context with the same state, to be freed by the caller. NULL with an exception.
static EVP_MD_CTX *snapshot(QvInterp *qi, Hash *h)
{
    const QvCrypto *c = qv_crypto_of(h->crypto);
    EVP_MD_CTX *copy = c->ctx_new();
    if (!copy) {
        qv_raise_oom(qi);
        return NULL;
    }
    qv_gate_enter(qi, &h->gate);
    bool good = c->ctx_copy(copy, h->ctx);
    qv_gate_leave(&h->gate);
    if (!good) {
        c->ctx_free(copy);
        crypto_error(qi);
        return NULL;
    }
    return copy;
}

// ---- methods ------------------------------------------------------------------------------------

static QvObj *hash_update(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return update(qi, as_hash(self), args[0]) < 0 ? NULL : QV_NONE;
}

static QvObj *hash_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Hash *h = as_hash(self);
    EVP_MD_CTX *ctx = snapshot(qi, h);
    Hash *copy = ctx ? hash_alloc(qi, h->of, h->crypto) : NULL;
    if (copy) {
        EVP_MD_CTX *fresh = copy->ctx;
        copy->ctx = ctx;
        ctx = fresh;
    }
    if (ctx) {
        qv_crypto_of(h->crypto)->ctx_free(ctx);
    }
    return (QvObj *)copy;
}

static bool finish(QvInterp *qi, Hash *h, uint8_t digest[DIGEST_MAX])
{
    EVP_MD_CTX *ctx = snapshot(qi, h);
    if (!ctx) {
        return false;
    }
    bool good = qv_crypto_of(h->crypto)->final(ctx, digest, NULL);
    qv_crypto_of(h->crypto)->ctx_free(ctx);
    if (!good) {
        crypto_error(qi);
    }
    return good;
}

static QvObj *hash_digest(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    uint8_t digest[DIGEST_MAX];
    Hash *h = as_hash(self);
    return finish(qi, h, digest) ? qv_bytes_new(qi, digest, h->of->digest_size) : NULL;
}

static QvObj *hash_hexdigest(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    uint8_t digest[DIGEST_MAX];
    Hash *h = as_hash(self);
    return finish(qi, h, digest) ? qv_hash_hex(qi, digest, h->of->digest_size) : NULL;
}

// ---- long digests of shake: one call of libcrypto makes all of it -------------------------------

typedef struct Squeeze {
    QvHeavyJob job; // first
    QvCrypto crypto;
    EVP_MD_CTX *ctx;
    size_t n;
    bool good;
    uint8_t out[];
} Squeeze;

static void squeeze_run(QvHeavyJob *job)
{
    Squeeze *s = (Squeeze *)job;
    s->good = s->crypto.final_xof(s->ctx, s->out, s->n) != 0;
}

static void squeeze_drop(QvHeavyJob *job)
{
    Squeeze *s = (Squeeze *)job;
    s->crypto.ctx_free(s->ctx);
    qv_heap_loose_free(s);
}

static QvObj *squeeze_long_take(QvInterp *qi, const QvCrypto *c, EVP_MD_CTX *ctx, size_t n)
{
    size_t size = sizeof(Squeeze) + n;
    Squeeze *s = qv_alloc(qi, size);
    if (!s) {
        c->ctx_free(ctx);
        return NULL;
    }
    *s = (Squeeze){.job = {.run = squeeze_run, .drop = squeeze_drop}, .crypto = *c, .ctx = ctx};
    s->n = n;
    if (qv_heavy_run(qi, &s->job, size) < 0) {
        return NULL;
    }
    QvObj *ret = s->good ? qv_bytes_new(qi, NULL, (QvSsize)n) : crypto_error(qi);
    if (ret && qv_copy_long(qi, qv_bytes_data(ret), s->out, n) < 0) {
        qv_clear(qi, &ret);
    }
    s->crypto.ctx_free(ctx);
    qv_free(qi, s, size);
    return ret;
}

static QvObj *shake_digest(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Hash *h = as_hash(self);
    int64_t n;
    if (!qv_is_int(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "an integer is required");
    }
    if (qv_int_sign(args[0]) < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "value must be positive");
    }
    if (qv_int_as_i64(args[0], &n) != 1 && qv_int_bit_length(args[0]) > 64) {
        return qv_raise(qi, &qv_exc_OverflowError,
                        "Python int too large to convert to C unsigned long");
    }
    if (n >= SHAKE_MAX) {
        return qv_raise(qi, &qv_exc_ValueError, "length is too large");
    }
    EVP_MD_CTX *ctx = snapshot(qi, h);
    if (ctx && n > LONG_SHAKE) {
        return squeeze_long_take(qi, qv_crypto_of(h->crypto), ctx, (size_t)n);
    }
    QvObj *ret = ctx ? qv_bytes_new(qi, NULL, n) : NULL;
    if (ret && n > 0 && !qv_crypto_of(h->crypto)->final_xof(ctx, qv_bytes_data(ret), (size_t)n)) {
        qv_clear(qi, &ret);
        crypto_error(qi);
    }
    if (ctx) {
        qv_crypto_of(h->crypto)->ctx_free(ctx);
    }
    return ret;
}

static QvObj *shake_hexdigest(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    QvObj *digest = shake_digest(qi, self, args, nargs);
    QvObj *ret = digest ? qv_hash_hex(qi, qv_bytes_data(digest), qv_bytes_len(digest)) : NULL;
    qv_xdecref(qi, digest);
    return ret;
}

static QvObj *get_name(QvInterp *qi, QvObj *o) { return qv_str_new_cstr(qi, as_hash(o)->of->name); }
static QvObj *get_digest_size(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, as_hash(o)->of->digest_size);
}
static QvObj *get_block_size(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, as_hash(o)->of->block_size);
}
static QvObj *get_rate(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, as_hash(o)->of->block_size * 8);
}
static QvObj *get_capacity(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, 1600 - as_hash(o)->of->block_size * 8);
}
static QvObj *get_suffix(QvInterp *qi, QvObj *o)
{
    return qv_bytes_new(qi, as_hash(o)->of->digest_size ? "\x06" : "\x1f", 1);
}

#define COPY_ROW                                                             \
    {                                                                        \
        "copy", hash_copy, "($self, /)", "Return a copy of the hash object." \
    }
#define UPDATE_ROW(name)                                                           \
    {                                                                              \
        "update", hash_update, "($self, " name ", /)",                             \
            "Update this hash object's state with the provided bytes-like object." \
    }
#define DIGEST_ROWS                                                                      \
    {"digest", hash_digest, "($self, /)", "Return the digest value as a bytes object."}, \
    {                                                                                    \
        "hexdigest", hash_hexdigest, "($self, /)",                                       \
            "Return the digest value as a string of hexadecimal digits."                 \
    }
#define SIZE_ROWS                                                                 \
    {"name", get_name, NULL, NULL}, {"digest_size", get_digest_size, NULL, NULL}, \
    {                                                                             \
        "block_size", get_block_size, NULL, NULL                                  \
    }

static const QvNativeDef hash_methods[] = {COPY_ROW, UPDATE_ROW("obj"), DIGEST_ROWS, {0}};
static const QvNativeDef sha3_methods[] = {COPY_ROW, UPDATE_ROW("data"), DIGEST_ROWS, {0}};
static const QvNativeDef shake_methods[] = {
    COPY_ROW,
    UPDATE_ROW("data"),
    {"digest", shake_digest, "($self, length, /)", "Return the digest value as a bytes object."},
    {"hexdigest", shake_hexdigest, "($self, length, /)",
     "Return the digest value as a string of hexadecimal digits."},
    {0},
};
static const QvGetSet hash_getsets[] = {SIZE_ROWS, {0}};
static const QvGetSet sha3_getsets[] = {
    SIZE_ROWS,
    {"_rate_bits", get_rate, NULL, NULL},
    {"_capacity_bits", get_capacity, NULL, NULL},
    {"_suffix", get_suffix, NULL, NULL},
    {0},
};

// ---- constructors -------------------------------------------------------------------------------

// usedforsecurity among the arguments: any truth value. 0/-1.
static int check_security(QvInterp *qi, QvObj *o) { return o && qv_is_true(qi, o) < 0 ? -1 : 0; }

static QvObj *construct(QvInterp *qi, const QvType *type, QvObj *const *args)
{
    return check_security(qi, args[1]) < 0 ? NULL : make(qi, algorithm_of(type), NULL, args[0]);
}

static QvObj *sha3_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    QvObj *slots[2];
    // CPython names them all alike.
    if (qv_args(qi, "sha3_224(data=b'', /, *, usedforsecurity=True)", args, nargs, kwnames, slots) <
        0) {
        return NULL;
    }
    return construct(qi, type, slots);
}

#define TYPE_OF(stem, text, methods_, getsets_, flags_, new__) \
    QV_SEALED QvType qv_hash_##stem##_type = {                 \
        .h = QV_STATIC_HEADER(&qv_type_type),                  \
        .name = text,                                          \
        .id = QV_TID_hash_##stem,                              \
        .flags = flags_,                                       \
        .base = &qv_object_type,                               \
        .size = sizeof(Hash),                                  \
        .methods = methods_,                                   \
        .getsets = getsets_,                                   \
        .new_ = new__,                                         \
        .fini = hash_fini,                                     \
    }
TYPE_OF(md5, "_md5.md5", hash_methods, hash_getsets, QV_T_NO_NEW, NULL);
TYPE_OF(sha1, "_sha1.sha1", hash_methods, hash_getsets, QV_T_NO_NEW, NULL);
TYPE_OF(sha224, "_sha256.sha224", hash_methods, hash_getsets, QV_T_NO_NEW, NULL);
TYPE_OF(sha256, "_sha256.sha256", hash_methods, hash_getsets, QV_T_NO_NEW, NULL);
TYPE_OF(sha384, "_sha512.sha384", hash_methods, hash_getsets, QV_T_NO_NEW, NULL);
TYPE_OF(sha512, "_sha512.sha512", hash_methods, hash_getsets, QV_T_NO_NEW, NULL);
TYPE_OF(sha3_224, "_sha3.sha3_224", sha3_methods, sha3_getsets, 0, sha3_new);
TYPE_OF(sha3_256, "_sha3.sha3_256", sha3_methods, sha3_getsets, 0, sha3_new);
TYPE_OF(sha3_384, "_sha3.sha3_384", sha3_methods, sha3_getsets, 0, sha3_new);
TYPE_OF(sha3_512, "_sha3.sha3_512", sha3_methods, sha3_getsets, 0, sha3_new);
TYPE_OF(shake_128, "_sha3.shake_128", shake_methods, sha3_getsets, 0, sha3_new);
TYPE_OF(shake_256, "_sha3.shake_256", shake_methods, sha3_getsets, 0, sha3_new);

// ---- modules ------------------------------------------------------------------------------------

static QvObj *new_md5(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return construct(qi, &qv_hash_md5_type, args);
}
static QvObj *new_sha1(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return construct(qi, &qv_hash_sha1_type, args);
}
static QvObj *new_sha224(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return construct(qi, &qv_hash_sha224_type, args);
}
static QvObj *new_sha256(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return construct(qi, &qv_hash_sha256_type, args);
}
static QvObj *new_sha384(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return construct(qi, &qv_hash_sha384_type, args);
}
static QvObj *new_sha512(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return construct(qi, &qv_hash_sha512_type, args);
}

#define FUNCTION_ROW(name, text)                                                       \
    {                                                                                  \
#name, new_##name, "($module, /, string=b'', *, usedforsecurity=True)",        \
            "Return a new " text " hash object; optionally initialized with a string." \
    }
static const QvNativeDef md5_functions[] = {FUNCTION_ROW(md5, "MD5"), {0}};
static const QvNativeDef sha1_functions[] = {FUNCTION_ROW(sha1, "SHA1"), {0}};
static const QvNativeDef sha256_functions[] = {
    FUNCTION_ROW(sha224, "SHA-224"), FUNCTION_ROW(sha256, "SHA-256"), {0}};
static const QvNativeDef sha512_functions[] = {
    FUNCTION_ROW(sha384, "SHA-384"), FUNCTION_ROW(sha512, "SHA-512"), {0}};

static int md5_init(QvInterp *qi, QvObj *m)
{
    return qv_module_add(qi, m, "MD5Type", &qv_hash_md5_type.h);
}

const QvModuleDef qv_module__md5 = {
    .name = "_md5",
    .functions = md5_functions,
    .init = md5_init,
};

static int sha1_init(QvInterp *qi, QvObj *m)
{
    return qv_module_add(qi, m, "SHA1Type", &qv_hash_sha1_type.h);
}

const QvModuleDef qv_module__sha1 = {
    .name = "_sha1",
    .functions = sha1_functions,
    .init = sha1_init,
};

static int sha256_init(QvInterp *qi, QvObj *m)
{
    return qv_module_add(qi, m, "SHA224Type", &qv_hash_sha224_type.h) < 0 ||
                   qv_module_add(qi, m, "SHA256Type", &qv_hash_sha256_type.h) < 0
               ? -1
               : 0;
}

const QvModuleDef qv_module__sha256 = {
    .name = "_sha256",
    .functions = sha256_functions,
    .init = sha256_init,
};

static int sha512_init(QvInterp *qi, QvObj *m)
{
    return qv_module_add(qi, m, "SHA384Type", &qv_hash_sha384_type.h) < 0 ||
                   qv_module_add(qi, m, "SHA512Type", &qv_hash_sha512_type.h) < 0
               ? -1
               : 0;
}

const QvModuleDef qv_module__sha512 = {
    .name = "_sha512",
    .functions = sha512_functions,
    .init = sha512_init,
};

static int sha3_init(QvInterp *qi, QvObj *m)
{
    for (size_t k = 0; k < sizeof algorithms / sizeof *algorithms; k++) {
        const Algorithm *a = &algorithms[k];
        if (a->type->new_ == sha3_new && // the types of this module alone can be called
            qv_module_add(qi, m, a->name, &a->type->h) < 0) {
            return -1;
        }
    }
    return qv_module_add_int(qi, m, "keccakopt", 0) < 0
               ? -1
               : qv_module_add_str(qi, m, "implementation", "libcrypto");
}

const QvModuleDef qv_module__sha3 = {
    .name = "_sha3",
    .init = sha3_init,
};
