// SPDX-License-Identifier: MIT
// posix: extended attributes of files.
#include <string.h>
#include <sys/xattr.h>

#include "modules/posix/posix.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/list.h"
#include "object/protocol.h"

#define MOST_BYTES 65536 // of a value, or of all names: XATTR_SIZE_MAX and XATTR_LIST_MAX

// Path and attribute name of a call. Released with end. 0/-1.
typedef struct Target {
    QvPath path, name;
    bool follow;
} Target;

static void end(QvInterp *qi, Target *t)
{
    qv_path_release(qi, &t->path);
    qv_path_release(qi, &t->name);
}

// name NULL: none.
static int begin(QvInterp *qi, const char *func, QvObj *path, QvObj *name, QvObj *follow, Target *t)
{
    *t = (Target){.name = {.fd = -1}};
    unsigned also = QV_PATH_FD | (name ? 0u : (unsigned)QV_PATH_NONE);
    if (qv_posix_flag(qi, follow, true, &t->follow) < 0 ||
        qv_path_get(qi, path, func, "path", also, &t->path) < 0) {
        return -1;
    }
    if (t->path.is_fd && !t->follow) {
        qv_path_release(qi, &t->path);
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "%s: cannot use fd and follow_symlinks together", func);
    }
    if (name && qv_path_get(qi, name, func, "attribute", 0, &t->name) < 0) {
        qv_path_release(qi, &t->path);
        return -1;
    }
    return 0;
}

// Is it an attribute that a limited interpreter may set? Others mean something to the system.
static int check_name(QvInterp *qi, const Target *t, const char *func)
{
    bool users = strncmp(t->name.u.s, "user.", 5) == 0;
    return users ? 0 : qv_cap_check(qi, QV_CAP_WRITE, func);
}

static const char *path_of(const Target *t) { return t->path.u.s ? t->path.u.s : "."; }

POSIX_FN(posix_getxattr)
{
    (void)m, (void)n;
    Target t;
    if (begin(qi, "getxattr", a[0], a[1], a[2], &t) < 0) {
        return NULL;
    }
    QvObj *result = NULL;
    if (qv_audit_on(qi) && qv_audit(qi, "os.getxattr", "OO", a[0], a[1]) < 0) {
        end(qi, &t);
        return NULL;
    }
    if (qv_path_allow(qi, &t.path, NULL, QV_CAP_READ, t.follow ? QV_CAP_FOLLOW : QV_CAP_NAME,
                      "os.getxattr") < 0) {
        end(qi, &t);
        return NULL;
    }
    for (QvSsize room = 128; room <= MOST_BYTES; room = MOST_BYTES) {
        ssize_t got;
        result = qv_bytes_new(qi, NULL, room);
        if (!result) {
            break;
        }
        char *buf = (char *)qv_bytes_data(result);
        qv_posix_unlock(qi);
        got = t.path.is_fd                  ? fgetxattr(t.path.fd, t.name.u.s, buf, (size_t)room)
              : t.follow || t.path.followed ? getxattr(path_of(&t), t.name.u.s, buf, (size_t)room)
                                            : lgetxattr(path_of(&t), t.name.u.s, buf, (size_t)room);
        qv_posix_lock(qi);
        if (got >= 0) {
            QvObj *exact = qv_bytes_new(qi, buf, got);
            qv_decref(qi, result);
            result = exact;
            break;
        }
        qv_clear(qi, &result);
        if (errno != ERANGE || room == MOST_BYTES) {
            qv_path_raise(qi, &t.path);
            break;
        }
    }
    end(qi, &t);
    return result;
}

POSIX_FN(posix_setxattr)
{
    (void)m, (void)n;
    Target t;
    int flags = 0, r;
    QvBufferView view;
    if ((a[3] && qv_posix_int(qi, a[3], &flags) < 0) ||
        begin(qi, "setxattr", a[0], a[1], a[4], &t) < 0) {
        return NULL;
    }
    if ((qv_audit_on(qi) && qv_audit(qi, "os.setxattr", "OOOi", a[0], a[1], a[2], flags) < 0) ||
        qv_buffer_get(qi, a[2], &view, QV_BUF_SIMPLE) < 0) {
        end(qi, &t);
        return NULL;
    }
    if (check_name(qi, &t, "os.setxattr") < 0 ||
        qv_path_allow(qi, &t.path, NULL, QV_CAP_WRITE, t.follow ? QV_CAP_FOLLOW : QV_CAP_NAME,
                      "os.setxattr") < 0) {
        qv_buffer_release(qi, &view);
        end(qi, &t);
        return NULL;
    }
    qv_posix_unlock(qi);
    r = t.path.is_fd ? fsetxattr(t.path.fd, t.name.u.s, view.buf, (size_t)view.len, flags)
        : t.follow || t.path.followed
            ? setxattr(path_of(&t), t.name.u.s, view.buf, (size_t)view.len, flags)
            : lsetxattr(path_of(&t), t.name.u.s, view.buf, (size_t)view.len, flags);
    qv_posix_lock(qi);
    qv_buffer_release(qi, &view);
    QvObj *result = r < 0 ? qv_path_raise(qi, &t.path) : QV_NONE;
    end(qi, &t);
    return result;
}

POSIX_FN(posix_removexattr)
{
    (void)m, (void)n;
    Target t;
    int r;
    if (begin(qi, "removexattr", a[0], a[1], a[2], &t) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.removexattr", "OO", a[0], a[1]) < 0) {
        end(qi, &t);
        return NULL;
    }
    if (check_name(qi, &t, "os.removexattr") < 0 ||
        qv_path_allow(qi, &t.path, NULL, QV_CAP_WRITE, t.follow ? QV_CAP_FOLLOW : QV_CAP_NAME,
                      "os.removexattr") < 0) {
        end(qi, &t);
        return NULL;
    }
    qv_posix_unlock(qi);
    r = t.path.is_fd                  ? fremovexattr(t.path.fd, t.name.u.s)
        : t.follow || t.path.followed ? removexattr(path_of(&t), t.name.u.s)
                                      : lremovexattr(path_of(&t), t.name.u.s);
    qv_posix_lock(qi);
    QvObj *result = r < 0 ? qv_path_raise(qi, &t.path) : QV_NONE;
    end(qi, &t);
    return result;
}

POSIX_FN(posix_listxattr)
{
    (void)m, (void)n;
    Target t;
    if (begin(qi, "listxattr", a[0], NULL, a[1], &t) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.listxattr", "O", a[0]) < 0) {
        end(qi, &t);
        return NULL;
    }
    if (qv_path_allow(qi, &t.path, NULL, QV_CAP_READ, t.follow ? QV_CAP_FOLLOW : QV_CAP_NAME,
                      "os.listxattr") < 0) {
        end(qi, &t);
        return NULL;
    }
    QvObj *list = NULL;
    char *buf = qv_alloc(qi, MOST_BYTES);
    if (buf) {
        ssize_t got;
        qv_posix_unlock(qi);
        got = t.path.is_fd                  ? flistxattr(t.path.fd, buf, MOST_BYTES)
              : t.follow || t.path.followed ? listxattr(path_of(&t), buf, MOST_BYTES)
                                            : llistxattr(path_of(&t), buf, MOST_BYTES);
        qv_posix_lock(qi);
        list = got < 0 ? qv_path_raise(qi, &t.path) : qv_list_new(qi, 0);
        for (ssize_t at = 0; list && at < got;) { // names, each ended by a zero byte
            QvSsize size = (QvSsize)strlen(buf + at);
            if (qv_list_append_take(qi, list, qv_path_text(qi, buf + at, size, false)) < 0) {
                qv_clear(qi, &list);
            }
            at += size + 1;
        }
        qv_free(qi, buf, MOST_BYTES);
    }
    end(qi, &t);
    return list;
}
