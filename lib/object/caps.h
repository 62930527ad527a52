// SPDX-License-Identifier: MIT
// Capabilities: what an interpreter may reach of the world outside. The host takes them away when
// it makes the interpreter; nothing gives them back.
//
//     if (qv_cap_check(qi, QV_CAP_PROCESS, "os.kill") < 0) { return NULL; }
//
// While all is allowed a check costs one load. Functions of modules are sorted in
// modules/caps.def and need no check of their own where a row there says enough (guard.c).
//
//   deny bit, no directories   off: nothing of it is allowed
//   deny bit, directories      limited: READ and WRITE below them
//
// Descriptors are numbers of the whole process: where reading or writing is denied, an interpreter
// may use only those that it has got itself, which a table of it knows (qv_cap_fd_own).
#ifndef QV_OBJECT_CAPS_H
#define QV_OBJECT_CAPS_H

#include "object/interp.h"

typedef enum QvCap { // numbers as QUIVER_ALLOW_*
    QV_CAP_READ = 1 << 0,
    QV_CAP_WRITE = 1 << 1,
    QV_CAP_ENV = 1 << 2,
    QV_CAP_PROCESS = 1 << 3,
    QV_CAP_SOCKET = 1 << 4,
    QV_CAP_THREAD = 1 << 5,
    QV_CAP_INTERPRETER = 1 << 6,
    QV_CAP_NATIVE = 1 << 7,
    QV_CAP_ALL = (1 << 8) - 1
} QvCap;

typedef struct QvCapDir {
    char *given, *real; // absolute, no slash at the end ("" is the root); malloc'ed
    int fd;             // O_PATH, ours
} QvCapDir;

// Memory of the process, not of the interpreter's heap: it is older and younger than that.
typedef struct QvCaps {
    QvCapDir *dirs[2]; // for READ, for WRITE
    int ndirs[2];
    char **imports; // modules that may be imported; NULL: all
    int nimports;
    char **roots; // folders that the importer may read; malloc'ed
    int nroots;
    uint64_t *fds; // bit n: the interpreter got descriptor n itself
    size_t nfds;   // words
} QvCaps;

// What the host wishes. Strings and lists are copied. Relative directories are meant from where the
// process is; those that do not exist allow nothing. 0 / -1 no memory. clock_ns: 0 exact.
typedef struct QvCapWish {
    uint64_t deny;
    const char *const *dirs[2];
    int ndirs[2];
    const char *const *imports; // NULL: all
    int nimports;
    int64_t clock_ns;
} QvCapWish;
int qv_caps_init(QvInterp *qi, const QvCapWish *wish);
void qv_caps_fini(QvInterp *qi);
// What the interpreter has got by and by is another one's: as after qv_caps_init. Lock held.
void qv_caps_reset(QvInterp *qi);
// Whether an interpreter with `wish` of b could do nothing that a may not do.
bool qv_caps_cover(const QvInterp *a, const QvInterp *b);

// ---- checks -------------------------------------------------------------------------------------

// PermissionError "capability 'write' is denied: <what>". -1.
int qv_cap_raise(QvInterp *qi, uint64_t cap, const char *what);

// Is something of `caps` denied, at least in part?
static inline bool qv_cap_denied(const QvInterp *qi, uint64_t caps)
{
    return QV_UNLIKELY(qi->deny & caps);
}
// Is one of them off, directories or not?
bool qv_cap_is_off(const QvInterp *qi, uint64_t caps);

static inline int qv_cap_check(QvInterp *qi, uint64_t caps, const char *what)
{
    return QV_LIKELY(!(qi->deny & caps)) ? 0 : qv_cap_raise(qi, qi->deny & caps, what);
}

// The resolution that clocks have for scripts.
static inline int64_t qv_cap_clock(const QvInterp *qi, int64_t ns)
{
    return QV_LIKELY(qi->clock_ns <= 1) ? ns : ns - ns % qi->clock_ns;
}

// ---- descriptors --------------------------------------------------------------------------------

static inline bool qv_cap_tracks_fds(const QvInterp *qi)
{
    return qv_cap_denied(qi, QV_CAP_READ | QV_CAP_WRITE);
}
// The interpreter has got this descriptor itself; gives it up (before it is closed: the number may
// be another's the moment it is). Lock held. No memory: it stays a stranger's.
void qv_cap_fd_own(QvInterp *qi, int fd);
void qv_cap_fd_disown(QvInterp *qi, int fd);
bool qv_cap_fd_is_own(const QvInterp *qi, int fd);
int qv_cap_fd_raise(QvInterp *qi, int fd, uint64_t caps, const char *what);
// May it be used for that? 0/-1.
static inline int qv_cap_fd(QvInterp *qi, int fd, uint64_t caps, const char *what)
{
    return QV_LIKELY(!(qi->deny & caps)) || qv_cap_fd_is_own(qi, fd)
               ? 0
               : qv_cap_fd_raise(qi, fd, caps, what);
}

// ---- paths (caps_path.c) ------------------------------------------------------------------------

typedef enum QvCapUse {
    QV_CAP_FOLLOW, // what the path leads to, which exists
    QV_CAP_NAME,   // the name itself: a symbolic link there is not followed
    QV_CAP_MAKE,   // FOLLOW; NAME where there is nothing yet
} QvCapUse;

// A path that was looked up: what it stands for cannot change any more.
typedef struct QvCapPath {
    int fd;         // ours; -1: none
    bool named;     // path ends with a name that is not to be followed
    char path[300]; // for the system call, with AT_FDCWD
} QvCapPath;

// For interpreters with something of `need` (READ, WRITE) denied: looks up `path` and sees whether
// it lies below the directories that are allowed. func is for the message. 0; an errno, no
// exception; -1 with PermissionError.
int qv_cap_path(QvInterp *qi, int dir, const char *path, uint64_t need, QvCapUse use,
                const char *func, QvCapPath *ret);
void qv_cap_path_close(QvCapPath *p);
// open(2) under these rules; need is taken from the flags. The descriptor; -1 with errno, or -2
// with PermissionError. The lock is released around the call.
QV_BLOCKS int qv_cap_open(QvInterp *qi, int dir, const char *path, int flags, unsigned mode,
                          const char *func);

// ---- the importer's files -----------------------------------------------------------------------

// A folder of sys.path that the host, not a script, put there. 0 / -1 no memory, no exception.
int qv_cap_import_root(QvInterp *qi, const char *dir);
// May the importer (and who shows source lines) look into this folder, read this file? Reading
// below the directories that scripts may read is allowed, too. Never raises.
bool qv_cap_importable(QvInterp *qi, const char *path);
// May `import` name this module? (A const char *, dotted.)
bool qv_cap_import_named(const QvInterp *qi, const char *name);

// ---- functions of modules (guard.c) -------------------------------------------------------------

// How a row of modules/caps.def is looked at.
typedef enum QvCapHow {
    QV_CAP_FD0 = 1 << 0,  // its first argument is a descriptor: enough if it is our own
    QV_CAP_FD1 = 1 << 1,  // the second one, too
    QV_CAP_NEW = 1 << 2,  // the descriptors that it returns are our own
    QV_CAP_ANY = 1 << 3,  // limited is enough
    QV_CAP_SELF = 1 << 4, // looks itself
    QV_CAP_TYPE = 1 << 5, // a type, whose constructor or methods look themselves, or need not
} QvCapHow;
typedef struct QvCapRow {
    const char *module, *name; // name "*": all of the module
    uint64_t need;
    unsigned how;
} QvCapRow;
extern const QvCapRow qv_cap_rows[]; // ended by {0}; modules/caps.c
const QvCapRow *qv_cap_row_find(const char *module, const char *name); // NULL: nobody has sorted it

// The function object of a row of a module's table, guarded where the interpreter's capabilities
// ask for it.
QvObj *qv_guard_function(QvInterp *qi, const char *module, const QvNativeDef *def, QvObj *m,
                         QvObj *name);
typedef struct QvGuard QvGuard;
extern QvType qv_guard_type;
QV_BORROWED QvObj *qv_guard_module(QvObj *guard);

#endif
