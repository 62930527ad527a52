// SPDX-License-Identifier: MIT
// The module errno: names of error numbers.
#include <errno.h>

#include "modules/modules.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/str.h"

#define E(name)     \
    {               \
#name, name \
    }
static const struct {
    const char *name;
    int code;
} errors[] = {
    E(ENOTSUP),
    E(EDEADLOCK),
    E(E2BIG),
    E(EACCES),
    E(EADDRINUSE),
    E(EADDRNOTAVAIL),
    E(EADV),
    E(EAFNOSUPPORT),
    E(EAGAIN),
    E(EALREADY),
    E(EBADE),
    E(EBADF),
    E(EBADFD),
    E(EBADMSG),
    E(EBADR),
    E(EBADRQC),
    E(EBADSLT),
    E(EBFONT),
    E(EBUSY),
    E(ECANCELED),
    E(ECHILD),
    E(ECHRNG),
    E(ECOMM),
    E(ECONNABORTED),
    E(ECONNREFUSED),
    E(ECONNRESET),
    E(EDEADLK),
    E(EDESTADDRREQ),
    E(EDOM),
    E(EDOTDOT),
    E(EDQUOT),
    E(EEXIST),
    E(EFAULT),
    E(EFBIG),
    E(EHOSTDOWN),
    E(EHOSTUNREACH),
    E(EIDRM),
    E(EILSEQ),
    E(EINPROGRESS),
    E(EINTR),
    E(EINVAL),
    E(EIO),
    E(EISCONN),
    E(EISDIR),
    E(EISNAM),
    E(EKEYEXPIRED),
    E(EKEYREJECTED),
    E(EKEYREVOKED),
    E(EL2HLT),
    E(EL2NSYNC),
    E(EL3HLT),
    E(EL3RST),
    E(ELIBACC),
    E(ELIBBAD),
    E(ELIBEXEC),
    E(ELIBMAX),
    E(ELIBSCN),
    E(ELNRNG),
    E(ELOOP),
    E(EMEDIUMTYPE),
    E(EMFILE),
    E(EMLINK),
    E(EMSGSIZE),
    E(EMULTIHOP),
    E(ENAMETOOLONG),
    E(ENAVAIL),
    E(ENETDOWN),
    E(ENETRESET),
    E(ENETUNREACH),
    E(ENFILE),
    E(ENOANO),
    E(ENOBUFS),
    E(ENOCSI),
    E(ENODATA),
    E(ENODEV),
    E(ENOENT),
    E(ENOEXEC),
    E(ENOKEY),
    E(ENOLCK),
    E(ENOLINK),
    E(ENOMEDIUM),
    E(ENOMEM),
    E(ENOMSG),
    E(ENONET),
    E(ENOPKG),
    E(ENOPROTOOPT),
    E(ENOSPC),
    E(ENOSR),
    E(ENOSTR),
    E(ENOSYS),
    E(ENOTBLK),
    E(ENOTCONN),
    E(ENOTDIR),
    E(ENOTEMPTY),
    E(ENOTNAM),
    E(ENOTRECOVERABLE),
    E(ENOTSOCK),
    E(ENOTTY),
    E(ENOTUNIQ),
    E(ENXIO),
    E(EOPNOTSUPP),
    E(EOVERFLOW),
    E(EOWNERDEAD),
    E(EPERM),
    E(EPFNOSUPPORT),
    E(EPIPE),
    E(EPROTO),
    E(EPROTONOSUPPORT),
    E(EPROTOTYPE),
    E(ERANGE),
    E(EREMCHG),
    E(EREMOTE),
    E(EREMOTEIO),
    E(ERESTART),
    E(ERFKILL),
    E(EROFS),
    E(ESHUTDOWN),
    E(ESOCKTNOSUPPORT),
    E(ESPIPE),
    E(ESRCH),
    E(ESRMNT),
    E(ESTALE),
    E(ESTRPIPE),
    E(ETIME),
    E(ETIMEDOUT),
    E(ETOOMANYREFS),
    E(ETXTBSY),
    E(EUCLEAN),
    E(EUNATCH),
    E(EUSERS),
    E(EXDEV),
    E(EXFULL),
    // Second names: the first one stays in errorcode.
    E(EWOULDBLOCK),
};
#undef E

static int init(QvInterp *qi, QvObj *m)
{
    QvObj *codes = qv_dict_new(qi);
    if (qv_module_add_take(qi, m, "errorcode", codes) < 0) {
        return -1;
    }
    for (size_t k = 0; k < sizeof errors / sizeof *errors; k++) {
        QvObj *name = qv_str_intern_cstr(qi, errors[k].name),
              *code = qv_int_from_i64(qi, errors[k].code), *there;
        int status = name && code ? qv_dict_setdefault(qi, codes, code, name, &there) : -1;
        if (status >= 0) {
            qv_decref(qi, there);
            status = qv_dict_set(qi, qv_module_dict(m), name, code);
        }
        qv_xdecref(qi, name);
        qv_xdecref(qi, code);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

const QvModuleDef qv_module_errno = {
    .name = "errno",
    .doc = "This module makes available standard errno system symbols.",
    .init = init,
};
