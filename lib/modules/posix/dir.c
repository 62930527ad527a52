// SPDX-License-Identifier: MIT
// posix: listdir, scandir and DirEntry.
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/posix/posix.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/iter.h"
#include "object/list.h"
#include "object/protocol.h"

typedef struct DirEntry {
    QvObj h;
    QvObj *name, *path;  // str or bytes
    QvObj *stat, *lstat; // results, once asked for, or NULL
    ino_t ino;
    int dir_fd;         // of scandir(fd): names are relative to it; -1: use path
    unsigned char type; // DT_*
} DirEntry;

typedef struct ScanIter {
    QvObj h;
    QvPath path; // as given
    DIR *dir;    // NULL: exhausted or closed
} ScanIter;

// Opens the directory of an argument. fd arguments are duplicated, since closing the DIR closes its
// own.
static DIR *open_dir(QvInterp *qi, const QvPath *p)
{
    int fd = -1;
    DIR *d = NULL;
    qv_posix_unlock(qi);
    if (p->is_fd) {
        fd = fcntl(p->fd, F_DUPFD_CLOEXEC, 0);
        d = fd < 0 ? NULL : fdopendir(fd);
        if (d) {
            rewinddir(d);
        } else if (fd >= 0) {
            int err = errno;
            close(fd);
            errno = err;
        }
    } else {
        d = opendir(p->u.s ? p->u.s : ".");
    }
    qv_posix_lock(qi);
    return d;
}

static void close_dir(QvInterp *qi, DIR *d)
{
    qv_posix_unlock(qi);
    closedir(d);
    qv_posix_lock(qi);
}

// The next name but . and .., or NULL: at the end errno is 0.
static struct dirent *next_name(QvInterp *qi, DIR *d)
{
    struct dirent *e;
    qv_posix_unlock(qi);
    do {
        errno = 0;
        e = readdir(d);
    } while (e && e->d_name[0] == '.' &&
             (e->d_name[1] == 0 || (e->d_name[1] == '.' && e->d_name[2] == 0)));
    qv_posix_lock(qi);
    return e;
}

POSIX_FN(posix_listdir)
{
    (void)m, (void)n;
    QvPath p;
    if (qv_path_get(qi, a[0], "listdir", "path", QV_PATH_FD | QV_PATH_NONE, &p) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.listdir", "O", p.obj) < 0) {
        qv_path_release(qi, &p);
        return NULL;
    }
    if (qv_path_allow(qi, &p, NULL, QV_CAP_READ, QV_CAP_FOLLOW, "os.listdir") < 0) {
        qv_path_release(qi, &p);
        return NULL;
    }
    DIR *d = open_dir(qi, &p);
    QvObj *list = d ? qv_list_new(qi, 0) : qv_path_raise(qi, &p);
    while (list) {
        struct dirent *e = next_name(qi, d);
        if (!e) {
            if (errno) {
                qv_path_raise(qi, &p);
                qv_clear(qi, &list);
            }
            break;
        }
        if (qv_list_append_take(
                qi, list, qv_path_text(qi, e->d_name, (QvSsize)strlen(e->d_name), p.is_bytes)) <
            0) {
            qv_clear(qi, &list);
        }
    }
    if (d) {
        close_dir(qi, d);
    }
    qv_path_release(qi, &p);
    return list;
}

// ---- DirEntry -----------------------------------------------------------------------------------

static DirEntry *as_entry(QvObj *o) { return (DirEntry *)o; }

// stat of the entry. 0, -1 with errno and an exception, or -1 with errno ENOENT and none when
// `quiet`.
static QvObj *fetch_stat(QvInterp *qi, DirEntry *e, bool follow)
{
    struct stat st;
    int r;
    QvPath p;
    QvPosixState *state = qv_posix_state_find(qi);
    if (!state ||
        qv_path_get(qi, e->dir_fd >= 0 ? e->name : e->path, "DirEntry.stat", "path", 0, &p) < 0) {
        return NULL;
    }
    int dir = e->dir_fd >= 0 ? e->dir_fd : AT_FDCWD;
    if (qv_path_allow(qi, &p, &dir, QV_CAP_READ, follow ? QV_CAP_FOLLOW : QV_CAP_NAME,
                      "DirEntry.stat") < 0) {
        qv_path_release(qi, &p);
        return NULL;
    }
    QV_POSIX_CALL(r, fstatat(dir, p.u.s, &st, qv_path_nofollow(&p, follow)));
    QvObj *result = r < 0 ? (qv_err_occurred(qi) ? NULL : qv_raise_errno(qi, errno, e->path, NULL))
                          : qv_posix_stat_result(qi, state, &st);
    qv_path_release(qi, &p);
    return result;
}

static QvObj *lstat_of(QvInterp *qi, DirEntry *e)
{
    if (!e->lstat) {
        e->lstat = fetch_stat(qi, e, false);
    }
    return e->lstat ? qv_new_ref(qi, e->lstat) : NULL;
}

static int is_link(QvInterp *qi, DirEntry *e);

static QvObj *stat_of(QvInterp *qi, DirEntry *e, bool follow)
{
    if (!follow) {
        return lstat_of(qi, e);
    }
    if (!e->stat) {
        int link = is_link(qi, e);
        if (link < 0) {
            return NULL;
        }
        e->stat = link ? fetch_stat(qi, e, true) : lstat_of(qi, e);
    }
    return e->stat ? qv_new_ref(qi, e->stat) : NULL;
}

// Is it of this kind (S_IF*)? 1/0/-1; what is gone is nothing.
static int is_kind(QvInterp *qi, DirEntry *e, unsigned kind, bool follow)
{
    bool link = e->type == DT_LNK;
    if (e->type != DT_UNKNOWN && !(link && follow)) {
        return e->type == IFTODT(kind);
    }
    QvObj *st = stat_of(qi, e, follow);
    if (!st) {
        if (qv_err_matches(qi, &qv_exc_FileNotFoundError)) {
            qv_err_clear(qi);
            return 0;
        }
        return -1;
    }
    QvObj *mode = qv_getitem_i(qi, st, 0);
    int64_t v = 0;
    if (mode) {
        qv_int_as_i64(mode, &v);
    }
    qv_decref(qi, st);
    if (!mode) {
        return -1;
    }
    qv_decref(qi, mode);
    return (v & S_IFMT) == kind;
}

static int is_link(QvInterp *qi, DirEntry *e)
{
    return e->type != DT_UNKNOWN ? e->type == DT_LNK : is_kind(qi, e, S_IFLNK, false);
}

static QvObj *kind_method(QvInterp *qi, QvObj *self, QvObj *arg, unsigned kind)
{
    bool follow;
    if (qv_posix_flag(qi, arg, true, &follow) < 0) {
        return NULL;
    }
    int r = is_kind(qi, as_entry(self), kind, follow);
    return r < 0 ? NULL : qv_bool(r);
}
static POSIX_FN(entry_is_dir)
{
    (void)n;
    return kind_method(qi, m, a[0], S_IFDIR);
}
static POSIX_FN(entry_is_file)
{
    (void)n;
    return kind_method(qi, m, a[0], S_IFREG);
}
static POSIX_FN(entry_is_symlink)
{
    (void)a, (void)n;
    int r = is_link(qi, as_entry(m));
    return r < 0 ? NULL : qv_bool(r);
}
static POSIX_FN(entry_stat)
{
    (void)n;
    bool follow;
    return qv_posix_flag(qi, a[0], true, &follow) < 0 ? NULL : stat_of(qi, as_entry(m), follow);
}
static POSIX_FN(entry_inode)
{
    (void)a, (void)n;
    return qv_int_from_u64(qi, as_entry(m)->ino);
}
static POSIX_FN(entry_fspath)
{
    (void)a, (void)n;
    return qv_new_ref(qi, as_entry(m)->path);
}
static POSIX_FN(entry_class_getitem)
{
    (void)n;
    return qv_generic_alias_new(qi, m, a[0]);
}
static QvObj *entry_name(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_entry(o)->name); }
static QvObj *entry_path(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_entry(o)->path); }
static QvObj *entry_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "<DirEntry %R>", as_entry(o)->name);
}

static void entry_fini(QvInterp *qi, QvObj *o)
{
    DirEntry *e = as_entry(o);
    qv_clear(qi, &e->name);
    qv_clear(qi, &e->path);
    qv_clear(qi, &e->stat);
    qv_clear(qi, &e->lstat);
}

static const QvNativeDef entry_methods[] = {
    {"is_dir", entry_is_dir, "($self, /, *, follow_symlinks=True)",
     "Return True if the entry is a directory; cached per entry."},
    {"is_file", entry_is_file, "($self, /, *, follow_symlinks=True)",
     "Return True if the entry is a file; cached per entry."},
    {"is_symlink", entry_is_symlink, "($self, /)",
     "Return True if the entry is a symbolic link; cached per entry."},
    {"stat", entry_stat, "($self, /, *, follow_symlinks=True)",
     "Return stat_result object for the entry; cached per entry."},
    {"inode", entry_inode, "($self, /)", "Return inode of the entry; cached per entry."},
    {"__fspath__", entry_fspath, "($self, /)", "Returns the path for the entry."},
    {"__class_getitem__", entry_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};
static const QvGetSet entry_getsets[] = {
    {"name", entry_name, NULL,
     "the entry's base filename, relative to scandir() \"path\" argument"},
    {"path", entry_path, NULL,
     "the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)"},
    {0},
};

QV_SEALED QvType qv_posix_direntry_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "posix.DirEntry",
    .id = QV_TID_posix_direntry,
    .flags = QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(DirEntry),
    .methods = entry_methods,
    .getsets = entry_getsets,
    .fini = entry_fini,
    .repr = entry_repr,
};

// ---- scandir ------------------------------------------------------------------------------------

static ScanIter *as_scan(QvObj *o) { return (ScanIter *)o; }

static QvObj *join_path(QvInterp *qi, const ScanIter *s, const char *name)
{
    size_t head = s->path.u.s ? (size_t)s->path.u.n : 1, tail = strlen(name),
           size = head + tail + 2;
    char *text = qv_alloc(qi, size);
    if (!text) {
        return NULL;
    }
    memcpy(text, s->path.u.s ? s->path.u.s : ".", head);
    if (head > 0 && text[head - 1] != '/') {
        text[head++] = '/';
    }
    memcpy(text + head, name, tail + 1);
    QvObj *r = qv_path_text(qi, text, (QvSsize)(head + tail), s->path.is_bytes);
    qv_free(qi, text, size);
    return r;
}

static void close_scan(QvInterp *qi, ScanIter *s)
{
    DIR *d = s->dir;
    s->dir = NULL;
    if (d) {
        close_dir(qi, d);
    }
}

static QvObj *scan_next(QvInterp *qi, QvObj *o)
{
    ScanIter *s = as_scan(o);
    if (!s->dir) {
        return NULL;
    }
    struct dirent *d = next_name(qi, s->dir);
    if (!d) {
        if (errno) {
            qv_path_raise(qi, &s->path);
        }
        close_scan(qi, s);
        return NULL;
    }
    DirEntry *e = (DirEntry *)qv_obj_new(qi, &qv_posix_direntry_type);
    if (!e) {
        return NULL;
    }
    e->dir_fd = s->path.is_fd ? s->path.fd : -1;
    e->ino = d->d_ino;
    e->type = d->d_type;
    e->name = qv_path_text(qi, d->d_name, (QvSsize)strlen(d->d_name), s->path.is_bytes);
    e->path = e->name && !s->path.is_fd ? join_path(qi, s, d->d_name) : qv_xnew_ref(qi, e->name);
    if (!e->path) {
        qv_decref(qi, (QvObj *)e);
        return NULL;
    }
    return (QvObj *)e;
}

static POSIX_FN(scan_close)
{
    (void)a, (void)n;
    close_scan(qi, as_scan(m));
    return QV_NONE;
}
static POSIX_FN(scan_enter)
{
    (void)a, (void)n;
    return qv_new_ref(qi, m);
}

static void scan_finalize(QvInterp *qi, QvObj *o)
{
    if (!as_scan(o)->dir) {
        return;
    }
    QvObj *pending = qv_err_fetch(qi);
    if (qv_warn(qi, &qv_exc_ResourceWarning, 1, "unclosed scandir iterator %R", o) < 0) {
        qv_err_unraisable(qi, o);
    }
    qv_err_restore(qi, pending);
    close_scan(qi, as_scan(o));
}

static void scan_fini(QvInterp *qi, QvObj *o)
{
    close_scan(qi, as_scan(o));
    qv_path_release(qi, &as_scan(o)->path);
}

static const QvNativeDef scan_methods[] = {
    {"close", scan_close, "($self, /)", NULL},
    {"__enter__", scan_enter, "($self, /)", NULL},
    {"__exit__", scan_close, "($self, /, *args)", NULL},
    {0},
};

QV_SEALED QvType qv_posix_scandiriterator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "posix.ScandirIterator",
    .id = QV_TID_posix_scandiriterator,
    .flags = QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(ScanIter),
    .methods = scan_methods,
    .fini = scan_fini,
    .finalize = scan_finalize,
    .iter = qv_iter_self,
    .next = scan_next,
};

POSIX_FN(posix_scandir)
{
    (void)m, (void)n;
    ScanIter *s = (ScanIter *)qv_obj_new(qi, &qv_posix_scandiriterator_type);
    if (!s) {
        return NULL;
    }
    if (qv_path_get(qi, a[0], "scandir", "path", QV_PATH_FD | QV_PATH_NONE, &s->path) < 0) {
        qv_decref(qi, (QvObj *)s);
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.scandir", "O", s->path.obj) < 0) {
        qv_decref(qi, (QvObj *)s);
        return NULL;
    }
    if (qv_path_allow(qi, &s->path, NULL, QV_CAP_READ, QV_CAP_FOLLOW, "os.scandir") < 0) {
        qv_decref(qi, (QvObj *)s);
        return NULL;
    }
    s->dir = open_dir(qi, &s->path);
    qv_path_restore(qi, &s->path);
    if (!s->dir) {
        qv_path_raise(qi, &s->path);
        qv_decref(qi, (QvObj *)s);
        return NULL;
    }
    return (QvObj *)s;
}
