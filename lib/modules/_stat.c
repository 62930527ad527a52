// SPDX-License-Identifier: MIT
// The module _stat: kinds of files and rights in a mode.
#include <sys/stat.h>

#include "modules/modules.h"
#include "object/error.h"
#include "object/int.h"
#include "object/str.h"

static int mode_arg(QvInterp *qi, QvObj *o, mode_t *ret)
{
    uint64_t v;
    if (!qv_is_int(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "an integer is required");
    }
    if (qv_int_to_u64(qi, o, &v) < 0) {
        return -1;
    }
    if (v > UINT32_MAX) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "mode out of range");
    }
    *ret = (mode_t)v;
    return 0;
}

static QvObj *is_kind(QvInterp *qi, QvObj *o, mode_t kind)
{
    mode_t mode = 0;
    return mode_arg(qi, o, &mode) < 0 ? NULL : qv_bool((mode & S_IFMT) == kind && kind != 0);
}

#define KIND(fn, kind)                                                   \
    static QvObj *fn(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n) \
    {                                                                    \
        (void)m, (void)n;                                                \
        return is_kind(qi, a[0], kind);                                  \
    }
KIND(stat_isdir, S_IFDIR)
KIND(stat_ischr, S_IFCHR)
KIND(stat_isblk, S_IFBLK)
KIND(stat_isreg, S_IFREG)
KIND(stat_isfifo, S_IFIFO)
KIND(stat_islnk, S_IFLNK)
KIND(stat_issock, S_IFSOCK)
KIND(stat_nothing, 0)
#undef KIND

static QvObj *stat_imode(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    mode_t mode = 0;
    return mode_arg(qi, a[0], &mode) < 0 ? NULL : qv_int_from_i64(qi, mode & 07777);
}
static QvObj *stat_ifmt(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    mode_t mode = 0;
    return mode_arg(qi, a[0], &mode) < 0 ? NULL : qv_int_from_i64(qi, mode & S_IFMT);
}

// "drwxr-xr-x"
static QvObj *stat_filemode(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    mode_t mode = 0;
    if (mode_arg(qi, a[0], &mode) < 0) {
        return NULL;
    }
    char text[10];
    switch (mode & S_IFMT) {
    case S_IFREG: text[0] = '-'; break;
    case S_IFDIR: text[0] = 'd'; break;
    case S_IFLNK: text[0] = 'l'; break;
    case S_IFBLK: text[0] = 'b'; break;
    case S_IFCHR: text[0] = 'c'; break;
    case S_IFIFO: text[0] = 'p'; break;
    case S_IFSOCK: text[0] = 's'; break;
    default: text[0] = '?'; break;
    }
    static const struct {
        mode_t special;
        char with_x, without_x;
    } extra[3] = {{S_ISUID, 's', 'S'}, {S_ISGID, 's', 'S'}, {S_ISVTX, 't', 'T'}};
    for (int k = 0; k < 3; k++) {
        mode_t bits = mode >> (6 - 3 * k) & 7;
        text[1 + 3 * k] = bits & 4 ? 'r' : '-';
        text[2 + 3 * k] = bits & 2 ? 'w' : '-';
        text[3 + 3 * k] = mode & extra[k].special
                              ? (bits & 1 ? extra[k].with_x : extra[k].without_x)
                          : bits & 1 ? 'x'
                                     : '-';
    }
    return qv_str_new_ascii(qi, text, sizeof text);
}

static const QvNativeDef functions[] = {
    {"S_ISDIR", stat_isdir, "($module, mode, /)", "Return True if mode is from a directory."},
    {"S_ISCHR", stat_ischr, "($module, mode, /)",
     "Return True if mode is from a character special device file."},
    {"S_ISBLK", stat_isblk, "($module, mode, /)",
     "Return True if mode is from a block special device file."},
    {"S_ISREG", stat_isreg, "($module, mode, /)", "Return True if mode is from a regular file."},
    {"S_ISFIFO", stat_isfifo, "($module, mode, /)",
     "Return True if mode is from a FIFO (named pipe)."},
    {"S_ISLNK", stat_islnk, "($module, mode, /)", "Return True if mode is from a symbolic link."},
    {"S_ISSOCK", stat_issock, "($module, mode, /)", "Return True if mode is from a socket."},
    {"S_ISDOOR", stat_nothing, "($module, mode, /)", "Return True if mode is from a door."},
    {"S_ISPORT", stat_nothing, "($module, mode, /)", "Return True if mode is from an event port."},
    {"S_ISWHT", stat_nothing, "($module, mode, /)", "Return True if mode is from a whiteout."},
    {"S_IMODE", stat_imode, "($module, mode, /)",
     "Return the portion of the file's mode that can be set by os.chmod()."},
    {"S_IFMT", stat_ifmt, "($module, mode, /)",
     "Return the portion of the file's mode that describes the file type."},
    {"filemode", stat_filemode, "($module, mode, /)",
     "Convert a file's mode to a string of the form '-rwxrwxrwx'"},
    {0},
};

#define C(name)     \
    {               \
#name, name \
    }
static const struct {
    const char *name;
    int value;
} constants[] = {
    C(S_IFDIR),
    C(S_IFCHR),
    C(S_IFBLK),
    C(S_IFREG),
    C(S_IFIFO),
    C(S_IFLNK),
    C(S_IFSOCK),
    {"S_IFDOOR", 0},
    {"S_IFPORT", 0},
    {"S_IFWHT", 0},
    C(S_ISUID),
    C(S_ISGID),
    C(S_ISVTX),
    {"S_ENFMT", S_ISGID},
    C(S_IREAD),
    C(S_IWRITE),
    C(S_IEXEC),
    C(S_IRWXU),
    C(S_IRUSR),
    C(S_IWUSR),
    C(S_IXUSR),
    C(S_IRWXG),
    C(S_IRGRP),
    C(S_IWGRP),
    C(S_IXGRP),
    C(S_IRWXO),
    C(S_IROTH),
    C(S_IWOTH),
    C(S_IXOTH),
    {"UF_SETTABLE", 0x0000ffff},
    {"UF_NODUMP", 0x1},
    {"UF_IMMUTABLE", 0x2},
    {"UF_APPEND", 0x4},
    {"UF_OPAQUE", 0x8},
    {"UF_NOUNLINK", 0x10},
    {"UF_COMPRESSED", 0x20},
    {"UF_HIDDEN", 0x8000},
    {"SF_SETTABLE", 0x3fff0000},
    {"SF_ARCHIVED", 0x10000},
    {"SF_IMMUTABLE", 0x20000},
    {"SF_APPEND", 0x40000},
    {"SF_NOUNLINK", 0x100000},
    {"SF_SNAPSHOT", 0x200000},
    // Places in a stat result.
    {"ST_MODE", 0},
    {"ST_INO", 1},
    {"ST_DEV", 2},
    {"ST_NLINK", 3},
    {"ST_UID", 4},
    {"ST_GID", 5},
    {"ST_SIZE", 6},
    {"ST_ATIME", 7},
    {"ST_MTIME", 8},
    {"ST_CTIME", 9},
    {"FILE_ATTRIBUTE_ARCHIVE", 32},
    {"FILE_ATTRIBUTE_COMPRESSED", 2048},
    {"FILE_ATTRIBUTE_DEVICE", 64},
    {"FILE_ATTRIBUTE_DIRECTORY", 16},
    {"FILE_ATTRIBUTE_ENCRYPTED", 16384},
    {"FILE_ATTRIBUTE_HIDDEN", 2},
    {"FILE_ATTRIBUTE_INTEGRITY_STREAM", 32768},
    {"FILE_ATTRIBUTE_NORMAL", 128},
    {"FILE_ATTRIBUTE_NOT_CONTENT_INDEXED", 8192},
    {"FILE_ATTRIBUTE_NO_SCRUB_DATA", 131072},
    {"FILE_ATTRIBUTE_OFFLINE", 4096},
    {"FILE_ATTRIBUTE_READONLY", 1},
    {"FILE_ATTRIBUTE_REPARSE_POINT", 1024},
    {"FILE_ATTRIBUTE_SPARSE_FILE", 512},
    {"FILE_ATTRIBUTE_SYSTEM", 4},
    {"FILE_ATTRIBUTE_TEMPORARY", 256},
    {"FILE_ATTRIBUTE_VIRTUAL", 65536},
};
#undef C

static int init(QvInterp *qi, QvObj *m)
{
    for (size_t k = 0; k < sizeof constants / sizeof *constants; k++) {
        if (qv_module_add_int(qi, m, constants[k].name, constants[k].value) < 0) {
            return -1;
        }
    }
    return 0;
}

const QvModuleDef qv_module__stat = {
    .name = "_stat",
    .doc = "Constants and functions for the st_mode of a file.",
    .functions = functions,
    .init = init,
};
