// SPDX-License-Identifier: MIT
// Capabilities: the interpreter's record of them, errors, descriptors, names of modules.
#include "object/caps.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "object/exception.h"
#include "object/int.h"
#include "object/protocol.h"
#include "object/str.h"

// ---- life ---------------------------------------------------------------------------------------

static void free_strs(char **list, int n)
{
    for (int k = 0; k < n; k++) {
        free(list[k]);
    }
    free(list);
}

void qv_caps_reset(QvInterp *qi)
{
    QvCaps *c = qi->caps;
    if (!c) {
        return;
    }
    for (int k = 0; k < c->nroots; k++) {
        free(c->roots[k]);
    }
    c->nroots = 0;
    if (c->fds) {
        memset(c->fds, 0, c->nfds * sizeof *c->fds);
    }
}

void qv_caps_fini(QvInterp *qi)
{
    QvCaps *c = qi->caps;
    if (!c) {
        return;
    }
    for (int which = 0; which < 2; which++) {
        for (int k = 0; k < c->ndirs[which]; k++) {
            free(c->dirs[which][k].given);
            free(c->dirs[which][k].real);
            close(c->dirs[which][k].fd);
        }
        free(c->dirs[which]);
    }
    free_strs(c->imports, c->nimports);
    free_strs(c->roots, c->nroots);
    free(c->fds);
    free(c);
    qi->caps = NULL;
}

// An absolute path without slashes at its end. NULL: no memory (or no place to start from).
static char *absolute(const char *path)
{
    char *whole = NULL, *cwd = NULL;
    if (*path == '/') {
        whole = strdup(path);
    } else if ((cwd = getcwd(NULL, 0)) != NULL) {
        whole = malloc(strlen(cwd) + strlen(path) + 2);
        if (whole) {
            sprintf(whole, "%s/%s", cwd, path);
        }
        free(cwd);
    }
    for (size_t n = whole ? strlen(whole) : 0; n > 0 && whole[n - 1] == '/'; n--) {
        whole[n - 1] = 0;
    }
    return whole;
}

// 1 added, 0 there is no such directory, -1 no memory.
static int add_dir(QvCapDir *ret, const char *path)
{
    *ret = (QvCapDir){.fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (ret->fd < 0) {
        return 0;
    }
    char *real = realpath(path, NULL);
    ret->given = absolute(path);
    ret->real = real ? absolute(real) : NULL;
    free(real);
    if (ret->given && ret->real) {
        return 1;
    }
    free(ret->given);
    free(ret->real);
    close(ret->fd);
    return real ? -1 : 0;
}

static int copy_strs(const char *const *from, int n, char ***ret)
{
    *ret = calloc((size_t)n + 1, sizeof **ret);
    for (int k = 0; *ret && k < n; k++) {
        if (!((*ret)[k] = strdup(from[k]))) {
            return -1;
        }
    }
    return *ret ? 0 : -1;
}

int qv_caps_init(QvInterp *qi, const QvCapWish *wish)
{
    qi->deny = wish->deny & QV_CAP_ALL;
    qi->clock_ns = wish->clock_ns;
    for (int which = 0; which < 2; which++) { // directories that are given are all that is allowed
        if (wish->ndirs[which] > 0) {
            qi->deny |= (uint64_t)QV_CAP_READ << which;
        }
    }
    if (!qi->deny && !wish->imports) {
        return 0;
    }
    QvCaps *c = qi->caps = calloc(1, sizeof *c);
    if (!c) {
        return -1;
    }
    int status = 0;
    for (int which = 0; which < 2 && status == 0 && wish->ndirs[which] > 0; which++) {
        c->dirs[which] = calloc((size_t)wish->ndirs[which], sizeof(QvCapDir));
        status = c->dirs[which] ? 0 : -1;
        for (int k = 0; k < wish->ndirs[which] && status == 0; k++) {
            int added = add_dir(&c->dirs[which][c->ndirs[which]], wish->dirs[which][k]);
            c->ndirs[which] += added > 0;
            status = added < 0 ? -1 : 0;
        }
    }
    if (status == 0 && wish->imports) {
        c->nimports = wish->nimports;
        status = copy_strs(wish->imports, wish->nimports, &c->imports);
        if (status < 0 && !c->imports) {
            c->nimports = 0;
        }
    }
    // The library can be read before there is a sys.path.
    if (status == 0) {
        status =
            qv_cap_import_root(qi, qi->config.stdlib_dir ? qi->config.stdlib_dir : QV_STDLIB_DIR);
    }
    if (status < 0) {
        qv_caps_fini(qi);
    }
    return status;
}

// Does each directory of b's lie below one of a's?
static bool dirs_cover(const QvCaps *a, const QvCaps *b, int which)
{
    for (int k = 0; k < b->ndirs[which]; k++) {
        bool below = false;
        for (int j = 0; j < a->ndirs[which] && !below; j++) {
            size_t n = strlen(a->dirs[which][j].real);
            const char *real = b->dirs[which][k].real;
            below = strncmp(real, a->dirs[which][j].real, n) == 0 && (real[n] == '/' || !real[n]);
        }
        if (!below) {
            return false;
        }
    }
    return true;
}

// Is it this module, or one inside it?
static bool is_part(const char *name, const char *of)
{
    size_t n = strlen(of);
    return strncmp(name, of, n) == 0 && (!name[n] || name[n] == '.');
}

static bool imports_cover(const QvCaps *a, const QvCaps *b)
{
    for (int k = 0; b && k < b->nimports; k++) {
        bool in = false;
        for (int j = 0; j < a->nimports && !in; j++) {
            in = is_part(b->imports[k], a->imports[j]);
        }
        if (!in) {
            return false;
        }
    }
    return b && b->imports;
}

bool qv_caps_cover(const QvInterp *a, const QvInterp *b)
{
    if (a->deny & ~b->deny) {
        return false;
    }
    for (int which = 0; which < 2; which++) {
        if ((a->deny >> which & 1) && !dirs_cover(a->caps, b->caps, which)) {
            return false;
        }
    }
    if (a->caps && a->caps->imports && !imports_cover(a->caps, b->caps)) {
        return false;
    }
    return a->clock_ns <= b->clock_ns;
}

// ---- errors -------------------------------------------------------------------------------------

static const char *const names[] = {"read",   "write",  "environment", "process",
                                    "socket", "thread", "interpreter", "native"};

int qv_cap_raise(QvInterp *qi, uint64_t cap, const char *what)
{
    const char *name = cap & QV_CAP_ALL ? names[__builtin_ctzll(cap & QV_CAP_ALL)] : "import";
    QvObj *text = qv_str_format(qi, "capability '%s' is denied: %s", name, what);
    QvObj *err = text ? qv_int_from_i64(qi, EPERM) : NULL;
    QvObj *exc = err ? qv_call2(qi, &qv_exc_PermissionError.h, err, text) : NULL;
    qv_xdecref(qi, text);
    qv_xdecref(qi, err);
    if (exc) {
        qv_raise_exc(qi, exc);
    }
    return -1;
}

bool qv_cap_is_off(const QvInterp *qi, uint64_t caps)
{
    uint64_t off = qi->deny & caps;
    for (int which = 0; which < 2 && off; which++) {
        if (qi->caps->ndirs[which] > 0) {
            off &= ~((uint64_t)1 << which);
        }
    }
    return off != 0;
}

// ---- descriptors --------------------------------------------------------------------------------

void qv_cap_fd_own(QvInterp *qi, int fd)
{
    if (!qv_cap_tracks_fds(qi) || fd < 0) {
        return;
    }
    QvCaps *c = qi->caps;
    size_t word = (size_t)fd / 64;
    if (word >= c->nfds) {
        size_t n = word + 4;
        uint64_t *more = realloc(c->fds, n * sizeof *more);
        if (!more) {
            return;
        }
        memset(more + c->nfds, 0, (n - c->nfds) * sizeof *more);
        c->fds = more;
        c->nfds = n;
    }
    c->fds[word] |= (uint64_t)1 << (fd % 64);
}

void qv_cap_fd_disown(QvInterp *qi, int fd)
{
    QvCaps *c = qi->caps;
    if (QV_UNLIKELY(c != NULL) && fd >= 0 && (size_t)fd / 64 < c->nfds) {
        c->fds[fd / 64] &= ~((uint64_t)1 << (fd % 64));
    }
}

bool qv_cap_fd_is_own(const QvInterp *qi, int fd)
{
    const QvCaps *c = qi->caps;
    return fd >= 0 && (size_t)fd / 64 < c->nfds && (c->fds[fd / 64] >> (fd % 64) & 1);
}

int qv_cap_fd_raise(QvInterp *qi, int fd, uint64_t caps, const char *what)
{
    char text[100];
    snprintf(text, sizeof text, "%s: descriptor %d is not its own", what, fd);
    return qv_cap_raise(qi, qi->deny & caps, text);
}

// ---- modules ------------------------------------------------------------------------------------

bool qv_cap_import_named(const QvInterp *qi, const char *name)
{
    const QvCaps *c = qi->caps;
    if (!c || !c->imports) {
        return true;
    }
    for (int k = 0; k < c->nimports; k++) {
        // "a.b" allows a, which it cannot be imported without
        if (is_part(name, c->imports[k]) || is_part(c->imports[k], name)) {
            return true;
        }
    }
    return is_part(name, "builtins") || is_part(name, "encodings") || is_part(name, "__main__");
}

int qv_cap_import_root(QvInterp *qi, const char *dir)
{
    QvCaps *c = qi->caps;
    if (!c || !qv_cap_denied(qi, QV_CAP_READ) || !*dir) {
        return 0;
    }
    char *real = realpath(dir, NULL);
    if (!real) {
        return 0; // there is nothing to read
    }
    char **more = realloc(c->roots, sizeof *more * (size_t)(c->nroots + 1));
    if (!more) {
        free(real);
        return -1;
    }
    c->roots = more;
    c->roots[c->nroots++] = real;
    return 0;
}
