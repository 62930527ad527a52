// SPDX-License-Identifier: MIT
// Compiled code of source files, once for the process: what one interpreter has compiled or read,
// the next one takes from here, in the serialised form of code/codefile.h.
//
// The bytes are counted, and stand in pages that nobody may write; any thread may use the cache,
// under no lock of its own.
#ifndef QV_CODE_CACHE_H
#define QV_CODE_CACHE_H

#include "base/config.h"
#include "base/sync.h"

// Which code: a file in one state, compiled in one way.
typedef struct QvCodeKey {
    const char *path; // absolute
    int64_t mtime_ns;
    uint64_t size, inode, device;
    int optimize; // -O level
} QvCodeKey;

// An image: code in the form of code/codefile.h.
typedef struct QvCachedCode {
    uint32_t refs;    // atomic
    bool verified;    // it came from this process's compiler; else each code object is verified,
                      // once in the process
    size_t size;      // bytes of data
    const char *data; // in `pages`
    char *pages;      // its own, read-only; NULL: they are the program's
    size_t bytes;     // of pages
    uint32_t seen[];  // atomic bits, one for each QV_CODE_APART bytes; none if `verified`
} QvCachedCode;

#define QV_CODE_APART 16 // the bodies of two code objects begin farther apart

// Has the code object whose body begins there been verified? Any interpreter may have done that.
static inline bool qv_code_cache_seen(const QvCachedCode *code, size_t at)
{
    size_t bit = at / QV_CODE_APART;
    return code->verified || qv_atomic_load_u32(&code->seen[bit / 32]) >> bit % 32 & 1;
}
void qv_code_cache_set_seen(const QvCachedCode *code, size_t at);

// An image of these bytes, with one reference; NULL: no memory.
const QvCachedCode *qv_code_cache_image(const void *data, size_t n, bool verified);

// The same without a copy: n > 0 writable bytes of pages (NULL: no memory), for a compiled file,
// and the image of a part of them, which takes the pages; NULL: no memory, they are freed.
char *qv_code_cache_pages(size_t n);
void qv_code_cache_drop_pages(char *pages, size_t n); // NULL does nothing
const QvCachedCode *qv_code_cache_take(QV_STOLEN char *pages, size_t n, const char *data,
                                       size_t size, bool verified);
// And of bytes that stay for good, of this process's compiler: no copy is made. NULL: no memory.
const QvCachedCode *qv_code_cache_still(const void *data, size_t n);
void qv_code_cache_retain(const QvCachedCode *code);
void qv_code_cache_release(const QvCachedCode *code);

// The code, with a reference for the caller, or NULL.
const QvCachedCode *qv_code_cache_get(const QvCodeKey *key);
// Keeps the image; nothing happens when there is no memory for the entry.
void qv_code_cache_put(const QvCodeKey *key, const QvCachedCode *code);
// How many files' code is kept, and its bytes.
void qv_code_cache_stats(size_t *ret_count, size_t *ret_bytes);

void qv_code_cache_fork(bool before); // around fork(): its mutex is held

#endif
