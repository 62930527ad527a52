// SPDX-License-Identifier: MIT
// Code of a source file: from the process's cache (code/cache.h), from a compiled file, or
// compiled.
//
// A compiled file is <folder>/__pycache__/<name>.quiver-311[.opt-N].pyc, or under the prefix that
// sys.pycache_prefix gives. It starts like CPython's: magic, flags, then the source's time and size
// or a hash of its text; the code follows. The magic changes with every change of the compiler or
// the instruction set, and whatever the bytes are, they are verified code or are not used: then the
// source is compiled, and the file written anew. A file that cannot be written is left alone.
#include "modules/import/import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "code/cache.h"
#include "code/codefile.h"
#include "code_version.inc"
#include "modules/marshal.h"
#include "object/bytes.h"
#include "object/caps.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

#define MAX_FILE    ((size_t)1 << 30) // bytes of a source or compiled file
#define HEADER_SIZE 16
#define CODE_START  (HEADER_SIZE + 5) // of the code itself: behind marshal's type and size

void qv_import_magic(char ret[QV_PYC_MAGIC_SIZE])
{
    uint32_t v = QV_CODE_VERSION ^ QV_CODE_VERSION >> 16;
    ret[0] = (char)(v & 0xFF);
    ret[1] = (char)(v >> 8 & 0xFF);
    ret[2] = '\r'; // as CPython's: a file that went through a text mode is no longer one
    ret[3] = '\n';
}

// ---- files --------------------------------------------------------------------------------------

int qv_import_read_file(QvInterp *qi, const char *path, QvBuf *out, struct stat *st)
{
    int err = 0;
    if (!qv_cap_importable(qi, path)) {
        return EACCES;
    }
    QvHeap *heap = out->heap; // which is left alone while the lock is not held
    size_t most = heap ? heap->limit - heap->live : SIZE_MAX;
    most = heap && heap->live > heap->limit ? 0 : most < MAX_FILE ? most : MAX_FILE;
    qv_buf_fini(out);
    out->heap = NULL;
    if (qi->hooks.unlock) {
        qi->hooks.unlock(qi);
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, st) < 0) {
        err = errno;
    } else {
        out->oom = st->st_size > 0 && (uint64_t)st->st_size > most;
        qv_buf_reserve(out, st->st_size > 0 ? (size_t)st->st_size + 1 : 4096);
        while (!out->oom && out->len < most) {
            if (out->cap - out->len < 4096 && (size_t)st->st_size < out->len) {
                qv_buf_reserve(out, out->cap); // it has grown meanwhile
            }
            size_t room = out->cap - out->len;
            ssize_t got = room ? read(fd, out->data + out->len, room) : 0;
            if (got <= 0) {
                err = got < 0 ? errno : 0;
                break;
            }
            out->len += (size_t)got;
            if (out->len == out->cap) {
                qv_buf_reserve(out, 4096);
            }
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    if (qi->hooks.lock) {
        qi->hooks.lock(qi);
    }
    if (heap && !qv_heap_charge(heap, out->cap)) {
        qv_buf_fini(out);
        out->oom = true;
    }
    out->heap = heap;
    return err ? err : out->oom ? ENOMEM : 0;
}

// A compiled file, in pages that its image can take.
typedef struct Compiled {
    char *data; // or NULL
    size_t len; // bytes that were read
    size_t cap; // bytes of pages
} Compiled;

static void drop_compiled(Compiled *pyc)
{
    qv_code_cache_drop_pages(pyc->data, pyc->cap);
    *pyc = (Compiled){0};
}

// 0 or an errno. Half a file, of a size that changes, is one with the wrong check.
static int read_compiled(QvInterp *qi, const char *path, Compiled *ret)
{
    int err = 0;
    *ret = (Compiled){0};
    if (!qv_cap_importable(qi, path)) {
        return EACCES;
    }
    const QvHeap *heap = &qi->heap;
    size_t most = heap->live > heap->limit ? 0 : heap->limit - heap->live;
    most = most < MAX_FILE ? most : MAX_FILE;
    if (qi->hooks.unlock) {
        qi->hooks.unlock(qi);
    }
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0) {
        err = errno;
    } else if (st.st_size > 0) {
        ret->cap = (size_t)st.st_size;
        ret->data = ret->cap > most ? NULL : qv_code_cache_pages(ret->cap);
        err = ret->data ? 0 : ENOMEM;
        ssize_t got = 1;
        while (err == 0 && got > 0 && ret->len < ret->cap) {
            got = read(fd, ret->data + ret->len, ret->cap - ret->len);
            err = got < 0 ? errno : 0;
            ret->len += got > 0 ? (size_t)got : 0;
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    if (qi->hooks.lock) {
        qi->hooks.lock(qi);
    }
    if (err) {
        drop_compiled(ret);
    }
    return err;
}

// Makes the folder of a file, and those above it.
static void make_folders(char *path)
{
    for (char *p = path + 1; (p = strchr(p, '/')) != NULL; p++) {
        *p = 0;
        int made = mkdir(path, 0777);
        *p = '/';
        if (made < 0 && errno != EEXIST && errno != EACCES && errno != EROFS && errno != EPERM) {
            return;
        }
    }
}

// Whole or not at all: written under another name, then moved.
static void write_file(QvInterp *qi, const char *path, const QvBuf *data, mode_t mode)
{
    QvBuf temp;
    qv_buf_init(&temp);
    qv_buf_printf(&temp, "%s.%lx.%lx", path, (unsigned long)getpid(),
                  (unsigned long)(uintptr_t)qi->ts);
    char *name = qv_buf_take(&temp, NULL);
    if (!name) {
        return;
    }
    if (qi->hooks.unlock) {
        qi->hooks.unlock(qi);
    }
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0666);
    if (fd < 0 && errno == ENOENT) {
        make_folders(name);
        fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0666);
    }
    if (fd >= 0) {
        size_t done = 0;
        ssize_t put = 0;
        while (done < data->len && (put = write(fd, data->data + done, data->len - done)) > 0) {
            done += (size_t)put;
        }
        bool whole = done == data->len;
        if (close(fd) < 0 || !whole || rename(name, path) < 0) {
            unlink(name);
        }
    }
    if (qi->hooks.lock) {
        qi->hooks.lock(qi);
    }
    free(name);
}

// ---- names --------------------------------------------------------------------------------------

static QvObj *without_suffix(QvInterp *qi, QvObj *s)
{
    QvSsize dot = qv_str_rfind(s, QV_N(dot), 0, qv_str_len(s));
    return dot > 0 ? qv_str_slice(qi, s, 0, dot) : qv_new_ref(qi, s);
}

// The folder that `file` is in, absolute, below the prefix: prefix/folder.
static QvObj *below_prefix(QvInterp *qi, QvObj *prefix, QvObj *folder)
{
    QvObj *whole = qv_new_ref(qi, folder);
    if (qv_str_len(folder) == 0 || qv_str_read(folder, 0) != '/') {
        char *cwd = getcwd(NULL, 0);
        QvObj *here = qv_str_fsdecode(qi, cwd ? cwd : "/");
        free(cwd);
        QvObj *joined = here ? qv_str_format(qi, "%U/%U", here, folder) : NULL;
        qv_xdecref(qi, here);
        qv_set_take(qi, &whole, joined);
    }
    QvObj *result = NULL;
    if (whole) {
        bool slash = qv_str_len(prefix) > 0 && qv_str_read(prefix, qv_str_len(prefix) - 1) == '/';
        QvSsize skip = slash ? 1 : 0;
        QvObj *tail = qv_str_slice(qi, whole, skip, qv_str_len(whole));
        result = tail ? qv_str_format(qi, "%U%U", prefix, tail) : NULL;
        qv_xdecref(qi, tail);
    }
    qv_xdecref(qi, whole);
    return result;
}

QvObj *qv_import_cache_path(QvInterp *qi, QvObj *file)
{
    QvObj *impl = qv_sys_peek(qi, QV_N(implementation)), *tag = NULL, *prefix;
    int has = impl ? qv_getattr_try(qi, impl, QV_N(cache_tag), &tag) : 0;
    if (has <= 0 || !qv_is_str(tag)) {
        qv_xdecref(qi, tag);
        return has < 0 ? NULL : QV_NONE;
    }
    QvSsize slash = qv_str_rfind(file, QV_N(slash), 0, qv_str_len(file));
    QvObj *folder = qv_str_slice(qi, file, 0, slash < 0 ? 0 : slash);
    QvObj *tail = qv_str_slice(qi, file, slash + 1, qv_str_len(file));
    QvObj *base = tail ? without_suffix(qi, tail) : NULL;
    QvObj *name = NULL, *result = NULL;
    if (!folder || !base) {
        goto done;
    }
    name = qi->optimize > 0 ? qv_str_format(qi, "%U.%U.opt-%d.pyc", base, tag, qi->optimize)
                            : qv_str_format(qi, "%U.%U.pyc", base, tag);
    if (!name) {
        goto done;
    }
    prefix = qv_sys_peek(qi, QV_N(pycache_prefix));
    if (prefix && qv_is_str(prefix)) {
        QvObj *place = below_prefix(qi, prefix, folder);
        result = place ? qv_str_format(qi, "%U/%U", place, name) : NULL;
        qv_xdecref(qi, place);
    } else {
        result =
            qv_str_format(qi, slash < 0 ? "%U__pycache__/%U" : "%U/__pycache__/%U", folder, name);
    }
done:
    qv_xdecref(qi, name);
    qv_xdecref(qi, base);
    qv_xdecref(qi, tail);
    qv_xdecref(qi, folder);
    qv_decref(qi, tag);
    return result;
}

// ---- hash of a source text ----------------------------------------------------------------------

static uint64_t rotate(uint64_t v, unsigned n) { return v << n | v >> (64 - n); }

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

// SipHash-1-3, which is what CPython's _imp.source_hash computes.
uint64_t qv_import_source_hash(uint64_t key, const void *data, size_t n)
{
    const uint8_t *p = data;
    uint64_t v[4] = {key ^ 0x736f6d6570736575u, 0x646f72616e646f6du, key ^ 0x6c7967656e657261u,
                     0x7465646279746573u};
    uint64_t word;
    size_t left = n;
    for (; left >= 8; left -= 8, p += 8) {
        memcpy(&word, p, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    word = (uint64_t)n << 56;
    for (size_t k = 0; k < left; k++) {
        word |= (uint64_t)p[k] << (8 * k);
    }
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
    v[2] ^= 0xFF;
    for (int k = 0; k < 3; k++) {
        sip_round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

// ---- code ---------------------------------------------------------------------------------------

void qv_import_fix_filename(QvInterp *qi, QvObj *o, QvObj *filename)
{
    QvCode *code = (QvCode *)o;
    QvObj *old = code->filename;
    if (old == filename) {
        return;
    }
    if (!qv_str_equal(old, filename)) {
        for (uint32_t k = 0; k < code->nconsts; k++) {
            if (qv_is_code(code->consts[k])) {
                qv_import_fix_filename(qi, code->consts[k], filename);
            }
        }
        qv_set_take(qi, &code->filename, qv_new_ref(qi, filename));
    }
}

static uint32_t read_u32(const char *p)
{
    const uint8_t *b = (const uint8_t *)p;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static void put_u32(QvBuf *b, uint32_t v)
{
    const char bytes[4] = {(char)v, (char)(v >> 8), (char)(v >> 16), (char)(v >> 24)};
    qv_buf_append(b, bytes, 4);
}

// Flags of a compiled file.
enum { HASHED = 1, CHECK_SOURCE = 2 };

// What a compiled file says about itself: its flags, or -1: not one of ours.
static int flags_of(const Compiled *pyc)
{
    char magic[QV_PYC_MAGIC_SIZE];
    qv_import_magic(magic);
    if (pyc->len < HEADER_SIZE || memcmp(pyc->data, magic, sizeof magic) != 0) {
        return -1;
    }
    uint32_t flags = read_u32(pyc->data + 4);
    return flags > 3 ? -1 : (int)flags;
}

// The code in a compiled file, which stands there as marshal writes it; NULL: something else.
static const char *code_in(const Compiled *pyc, size_t *ret_size)
{
    const char *p = pyc->data + HEADER_SIZE;
    if (pyc->len < CODE_START || ((uint8_t)*p & ~QV_MAR_FLAG_REF) != QV_MAR_CODE) {
        return NULL;
    }
    *ret_size = read_u32(p + 1);
    return *ret_size <= pyc->len - CODE_START ? pyc->data + CODE_START : NULL;
}

// New reference, or NULL: no exception when the bytes are no good, else MemoryError. *ret_image
// (may be NULL): a reference on the image that it is read from, which has the file's pages.
static QvObj *decode(QvInterp *qi, Compiled *pyc, const QvCachedCode **ret_image)
{
    size_t size;
    const char *data = code_in(pyc, &size);
    const QvCachedCode *image = NULL;
    if (data) {
        image = qv_code_cache_take(pyc->data, pyc->cap, data, size, false);
        *pyc = (Compiled){0};
        if (!image) {
            return qv_raise_oom(qi);
        }
    }
    QvObj *code = image ? qv_code_read_image(qi, image) : NULL;
    if (!code && !qv_err_matches(qi, &qv_exc_MemoryError)) {
        qv_err_clear(qi);
    }
    if (code && ret_image) {
        *ret_image = image;
    } else {
        qv_code_cache_release(image);
    }
    return code;
}

static void fill_key(QvCodeKey *key, const char *path, const struct stat *st, int optimize)
{
    *key = (QvCodeKey){
        .path = path,
        .mtime_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec,
        .size = (uint64_t)st->st_size,
        .inode = (uint64_t)st->st_ino,
        .device = (uint64_t)st->st_dev,
        .optimize = optimize,
    };
}

static int raise_unreadable(QvInterp *qi, int err, const char *path)
{
    if (err == ENOMEM) {
        qv_raise_oom(qi);
    } else {
        qv_raise_errno_path(qi, err, path);
    }
    return -1;
}

// Whether compiled files by hash are checked: 1 all, -1 none, 0 as they say.
static int check_hashes(QvInterp *qi)
{
    int check = qi->config.check_pycs;
    // What a program sets in _imp counts for importlib's loaders, so also here.
    QvObj *imp_name = qv_str_intern_cstr(qi, "_imp");
    QvObj *name = imp_name ? qv_str_intern_cstr(qi, "check_hash_based_pycs") : NULL;
    QvObj *imp = name ? qv_dict_peek_str(qi->modules, imp_name) : NULL;
    QvObj *how = imp && qv_is_module(imp) ? qv_dict_peek_str(qv_module_dict(imp), name) : NULL;
    if (how && qv_is_str(how)) {
        check = qv_str_eq_ascii(how, "always") ? 1 : qv_str_eq_ascii(how, "never") ? -1 : 0;
    }
    qv_xdecref(qi, imp_name);
    qv_xdecref(qi, name);
    qv_err_clear(qi); // without memory for the names: as the options say
    return check;
}

// The compiled file of a source file. 1 *ret_code, 0 none that is valid, -1. *hashed: its flags
// when it is one by hash whose source has changed.
static int from_disk(QvInterp *qi, const QvFound *found, const char *pyc_path, QvBuf *source,
                     QvObj **ret_code, int *hashed)
{
    Compiled pyc;
    int err = read_compiled(qi, pyc_path, &pyc);
    int flags = err ? -1 : flags_of(&pyc);
    int status = 0, check = check_hashes(qi);
    if (flags >= 0 && (flags & HASHED) && (check > 0 || (check == 0 && (flags & CHECK_SOURCE)))) {
        struct stat now;
        const char *path = qv_buf_cstr((QvBuf *)&found->file);
        err = qv_import_read_file(qi, path, source, &now);
        char magic[QV_PYC_MAGIC_SIZE];
        qv_import_magic(magic);
        uint64_t have = 0, want;
        if (err) {
            status = raise_unreadable(qi, err, path);
        } else {
            want = qv_import_source_hash(read_u32(magic), source->data, source->len);
            memcpy(&have, pyc.data + 8, sizeof have);
            if (have != want) {
                *hashed = flags;
                flags = -1;
            }
        }
    } else if (flags == 0 && (read_u32(pyc.data + 8) != (uint32_t)found->st.st_mtim.tv_sec ||
                              read_u32(pyc.data + 12) != (uint32_t)found->st.st_size)) {
        flags = -1;
    }
    const QvCachedCode *image = NULL;
    if (status == 0 && flags >= 0) {
        *ret_code = decode(qi, &pyc, &image);
        status = *ret_code ? 1 : qv_err_occurred(qi) ? -1 : 0;
    }
    if (image && !(flags & HASHED)) {
        QvCodeKey key;
        fill_key(&key, qv_buf_cstr((QvBuf *)&found->file), &found->st, qi->optimize);
        qv_code_cache_put(&key, image);
    }
    qv_code_cache_release(image);
    drop_compiled(&pyc);
    return status;
}

static bool may_write(QvInterp *qi)
{
    if (qv_cap_denied(qi, QV_CAP_WRITE)) {
        return false;
    }
    QvObj *dont = qv_sys_peek(qi, QV_N(dont_write_bytecode));
    int no = dont ? qv_is_true(qi, dont) : 1;
    if (no < 0) {
        qv_err_clear(qi);
    }
    return no == 0;
}

static void to_disk(QvInterp *qi, const QvFound *found, const char *pyc_path, const QvBuf *source,
                    const QvBuf *code, int hashed)
{
    char magic[QV_PYC_MAGIC_SIZE];
    QvBuf pyc;
    pyc = (QvBuf){.heap = &qi->heap};
    qv_import_magic(magic);
    qv_buf_append(&pyc, magic, sizeof magic);
    if (hashed) {
        uint64_t hash = qv_import_source_hash(read_u32(magic), source->data, source->len);
        put_u32(&pyc, (uint32_t)hashed);
        qv_buf_append(&pyc, &hash, sizeof hash);
    } else {
        put_u32(&pyc, 0);
        put_u32(&pyc, (uint32_t)found->st.st_mtim.tv_sec);
        put_u32(&pyc, (uint32_t)found->st.st_size);
    }
    qv_buf_append_char(&pyc, QV_MAR_CODE);
    put_u32(&pyc, (uint32_t)code->len);
    qv_buf_append(&pyc, code->data, code->len);
    if (!pyc.oom) {
        write_file(qi, pyc_path, &pyc, found->st.st_mode | S_IWUSR);
    }
    qv_buf_fini(&pyc);
}

QvObj *qv_import_keep_image(QvInterp *qi, const QvCodeKey *key, QV_STOLEN QvObj *code,
                            const QvBuf *bytes)
{
    const QvCachedCode *image = qv_code_cache_image(bytes->data, bytes->len, true);
    QvObj *light = image ? qv_code_read_image(qi, image) : NULL;
    if (light) {
        qv_code_cache_put(key, image);
        qv_decref(qi, code);
        code = light;
    } else {
        qv_err_clear(qi); // no memory: the heavy one can be run
    }
    qv_code_cache_release(image);
    return code;
}

// pyc: the compiled file's path as str, or None.
static QvObj *compile_source(QvInterp *qi, const QvFound *found, QvObj *file, const char *pyc_path,
                             QvBuf *source, int hashed)
{
    const char *path = qv_buf_cstr((QvBuf *)&found->file);
    struct stat st = found->st;
    if (source->len == 0) {
        int err = qv_import_read_file(qi, path, source, &st);
        if (err) {
            raise_unreadable(qi, err, path);
            return NULL;
        }
    }
    QvObj *code =
        qi->hooks.compile(qi, qv_buf_cstr(source), (QvSsize)source->len, file, 0, 0, qi->optimize);
    // Between the look at the file and the reading it may have become another one.
    if (!code || st.st_size != found->st.st_size || st.st_mtim.tv_sec != found->st.st_mtim.tv_sec ||
        st.st_mtim.tv_nsec != found->st.st_mtim.tv_nsec) {
        return code;
    }
    QvBuf bytes;
    bytes = (QvBuf){.heap = &qi->heap};
    if (qv_code_write(qi, (QvCode *)code, &bytes) < 0 || bytes.oom) {
        qv_err_clear(qi); // it can still be run
    } else {
        QvCodeKey key;
        fill_key(&key, path, &found->st, qi->optimize);
        code = qv_import_keep_image(qi, &key, code, &bytes);
        if (pyc_path && may_write(qi)) {
            to_disk(qi, found, pyc_path, source, &bytes, hashed);
        }
    }
    qv_buf_fini(&bytes);
    return code;
}

static QvObj *code_of_source(QvInterp *qi, const QvFound *found, QvObj *file)
{
    QvCodeKey key;
    fill_key(&key, qv_buf_cstr((QvBuf *)&found->file), &found->st, qi->optimize);
    const QvCachedCode *cached = qv_code_cache_get(&key);
    if (cached) {
        QvObj *code = qv_code_read_image(qi, cached);
        qv_code_cache_release(cached);
        if (code) {
            qv_import_fix_filename(qi, code, file);
        }
        return code;
    }
    QvObj *real = qv_str_fsdecode(qi, qv_buf_cstr((QvBuf *)&found->file));
    QvObj *place = real ? qv_import_cache_path(qi, real) : NULL;
    QvObj *code = NULL;
    QvBuf source;
    QvUtf8 pyc = {0};
    int status = -1, hashed = 0;
    source = (QvBuf){.heap = &qi->heap};
    if (!place || (place != QV_NONE && qv_str_utf8_surrogates(qi, place, &pyc, true) < 0)) {
        goto done;
    }
    status = pyc.s ? from_disk(qi, found, pyc.s, &source, &code, &hashed) : 0;
    if (status == 0) {
        code = compile_source(qi, found, file, pyc.s, &source, hashed);
    } else if (status > 0) {
        qv_import_fix_filename(qi, code, file);
    }
done:
    if (pyc.s) {
        qv_utf8_release(qi, &pyc);
    }
    qv_buf_fini(&source);
    qv_xdecref(qi, place);
    qv_xdecref(qi, real);
    return code;
}

static QvObj *code_of_compiled(QvInterp *qi, QvObj *name, const QvFound *found, QvObj *file)
{
    Compiled pyc;
    const char *path = qv_buf_cstr((QvBuf *)&found->file);
    int err = read_compiled(qi, path, &pyc);
    QvObj *code = NULL;
    if (err) {
        raise_unreadable(qi, err, path);
    } else if (flags_of(&pyc) < 0) {
        QvSsize n = pyc.len < QV_PYC_MAGIC_SIZE ? (QvSsize)pyc.len : QV_PYC_MAGIC_SIZE;
        QvObj *magic = qv_bytes_new(qi, pyc.data, n);
        if (magic) {
            qv_import_error(qi, &qv_exc_ImportError, name, file, "bad magic number in %R: %R", name,
                            magic);
            qv_decref(qi, magic);
        }
    } else {
        code = decode(qi, &pyc, NULL);
        if (!code && !qv_err_occurred(qi)) {
            qv_import_error(qi, &qv_exc_ImportError, name, file, "Non-code object in %R", file);
        }
    }
    drop_compiled(&pyc);
    return code;
}

// Its own import statements are not asked about (qv_import_level).
void qv_import_mark_library(QvObj *o)
{
    QvCode *code = (QvCode *)o;
    code->library = true;
    for (uint32_t k = 0; k < code->nconsts; k++) {
        if (qv_is_code(code->consts[k])) {
            qv_import_mark_library(code->consts[k]);
        }
    }
}

static bool in_library(const QvInterp *qi, const QvFound *found)
{
    const char *dir = qi->config.stdlib_dir ? qi->config.stdlib_dir : QV_STDLIB_DIR;
    const char *path = qv_buf_cstr((QvBuf *)&found->file);
    size_t n = strlen(dir);
    return strncmp(path, dir, n) == 0 && path[n] == '/';
}

QvObj *qv_import_code(QvInterp *qi, QvObj *name, const QvFound *found, QvObj *file)
{
    QvObj *code = found->kind == QV_FOUND_SOURCE ? code_of_source(qi, found, file)
                                                 : code_of_compiled(qi, name, found, file);
    if (QV_UNLIKELY(qi->caps && qi->caps->imports) && code && in_library(qi, found)) {
        qv_import_mark_library(code);
    }
    return code;
}
