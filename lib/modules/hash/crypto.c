// SPDX-License-Identifier: MIT
// libcrypto, loaded when a hash is first asked for.
//
// Linked in the usual way it would cost every start of a process its relocations, also that of
// programs that never hash.
#include <dlfcn.h>

#include "modules/hash/hash.h"
#include "object/bytes_methods.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/str.h"

QvObj *qv_crypto_load(QvInterp *qi)
{
    void *library = dlopen("libcrypto.so.3", RTLD_LAZY | RTLD_LOCAL);
    if (!library) {
        return qv_raise(qi, &qv_exc_RuntimeError,
                        "hashes need libcrypto.so.3 (Debian package libssl3): %s", dlerror());
    }
    QvCrypto c = {.library = library};
    const struct {
        const char *name;
        void *at;
    } functions[] = {
        {"EVP_MD_CTX_new", &c.ctx_new},       {"EVP_MD_CTX_free", &c.ctx_free},
        {"EVP_MD_CTX_copy_ex", &c.ctx_copy},  {"EVP_DigestInit_ex", &c.init},
        {"EVP_DigestUpdate", &c.update},      {"EVP_DigestFinal_ex", &c.final},
        {"EVP_DigestFinalXOF", &c.final_xof},
    };
    for (size_t k = 0; k < sizeof functions / sizeof *functions; k++) {
        void *f = dlsym(library, functions[k].name);
        if (!f) {
            dlclose(library);
            return qv_raise(qi, &qv_exc_RuntimeError, "libcrypto.so.3 has no function %s",
                            functions[k].name);
        }
        *(void **)functions[k].at = f;
    }
    // Never closed: libcrypto has handlers that run at the end of the process.
    return qv_bytes_new(qi, &c, (QvSsize)sizeof c);
}

int qv_hash_buffer(QvInterp *qi, QvObj *o, QvBufferView *view)
{
    if (qv_is_str(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "Strings must be encoded before hashing");
    }
    if (!qv_has_buffer(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "object supporting the buffer API required");
    }
    if (qv_buffer_get(qi, o, view, QV_BUF_SIMPLE) < 0) {
        return -1;
    }
    if (view->ndim > 1) {
        qv_buffer_release(qi, view);
        return qv_raise_int(qi, &qv_exc_BufferError, "Buffer must be single dimension");
    }
    return 0;
}

QvObj *qv_hash_hex(QvInterp *qi, const uint8_t *p, QvSsize n)
{
    return qv_bytes_hex(qi, p, n, NULL, NULL);
}
