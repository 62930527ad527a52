// SPDX-License-Identifier: MIT
// What the hash modules share: libcrypto, loaded on first use, and the reading of arguments.
#ifndef QV_MODULES_HASH_HASH_H
#define QV_MODULES_HASH_HASH_H

#include <openssl/evp.h>

#include "object/bytes.h"
#include "object/native.h"
#include "object/protocol.h"

// The functions of libcrypto that are used. Each interpreter has its own table.
typedef struct QvCrypto {
    EVP_MD_CTX *(*ctx_new)(void);
    void (*ctx_free)(EVP_MD_CTX *);
    int (*ctx_copy)(EVP_MD_CTX *, const EVP_MD_CTX *);
    int (*init)(EVP_MD_CTX *, const EVP_MD *, ENGINE *);
    int (*update)(EVP_MD_CTX *, const void *, size_t);
    int (*final)(EVP_MD_CTX *, unsigned char *, unsigned int *);
    int (*final_xof)(EVP_MD_CTX *, unsigned char *, size_t);
    void *library; // of dlopen, for the EVP_<algorithm> functions
} QvCrypto;

// Loads libcrypto: a bytes object with a QvCrypto, new reference. NULL with RuntimeError.
QvObj *qv_crypto_load(QvInterp *qi);
static inline const QvCrypto *qv_crypto_of(const QvObj *bytes)
{
    return (const QvCrypto *)(const void *)((const QvBytes *)bytes + 1);
}

// The bytes to be hashed: TypeError for str and for what has no buffer. 0/-1.
int qv_hash_buffer(QvInterp *qi, QvObj *o, QvBufferView *view);
// Digest as hexadecimal digits: new str.
QvObj *qv_hash_hex(QvInterp *qi, const uint8_t *p, QvSsize n);

#endif
