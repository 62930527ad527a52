// SPDX-License-Identifier: MIT
// The module _socket: its table of functions, constants and exceptions.
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>
#include <linux/can.h>
#include <linux/can/bcm.h>
#include <linux/can/isotp.h>
#include <linux/can/j1939.h>
#include <linux/can/raw.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/tipc.h>
#include <linux/vm_sockets.h>

#include "modules/socket/socket.h"
#include "object/audit.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"

QvSocketState *qv_sock_state(QvInterp *qi) { return qv_modules_state(qi, &qv_module__socket); }

static QvObj *raise_now(QvInterp *qi) { return qv_raise_errno(qi, errno, NULL, NULL); }

// ---- descriptors --------------------------------------------------------------------------------

static SOCK_FN(mod_close)
{
    (void)self, (void)nargs;
    int fd;
    if (qv_index_int(qi, args[0], &fd) < 0) {
        return NULL;
    }
    qv_posix_unlock(qi);
    int result = close(fd);
    qv_posix_lock(qi);
    return result < 0 && errno != ECONNRESET ? raise_now(qi) : QV_NONE;
}

static SOCK_FN(mod_dup)
{
    (void)self, (void)nargs;
    int fd;
    if (qv_index_int(qi, args[0], &fd) < 0) {
        return NULL;
    }
    fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return fd < 0 ? raise_now(qi) : qv_int_from_i64(qi, fd);
}

// A socket object that owns fd (closed on failure).
static QvObj *socket_of_fd(QvInterp *qi, int fd, int family, int type, int proto, int64_t timeout)
{
    QvObj *o = qv_obj_new(qi, &qv_socket_type);
    if (!o) {
        close(fd);
        return NULL;
    }
    QvSocket *s = qv_as_socket(o);
    s->fd = fd;
    qv_cap_fd_own(qi, fd);
    s->family = family;
    s->type = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
    s->proto = proto;
    s->timeout = type & SOCK_NONBLOCK ? 0 : timeout;
    if (!(type & SOCK_NONBLOCK) && timeout >= 0 && qv_sock_set_blocking(fd, false) < 0) {
        raise_now(qi);
        qv_cap_fd_disown(qi, fd);
        close(fd);
        s->fd = -1;
        qv_clear(qi, &o);
    }
    return o;
}

static SOCK_FN(mod_socketpair)
{
    (void)nargs;
    int family = AF_UNIX, type = SOCK_STREAM, proto = 0, fds[2];
    int64_t timeout = ((QvSocketState *)qv_module_state(self))->timeout;
    if ((args[0] && qv_index_int(qi, args[0], &family) < 0) ||
        (args[1] && qv_index_int(qi, args[1], &type) < 0) ||
        (args[2] && qv_index_int(qi, args[2], &proto) < 0)) {
        return NULL;
    }
    if (socketpair(family, type | SOCK_CLOEXEC, proto, fds) < 0) {
        return raise_now(qi);
    }
    QvObj *a = socket_of_fd(qi, fds[0], family, type, proto, timeout), *b = NULL;
    if (a) {
        b = socket_of_fd(qi, fds[1], family, type, proto, timeout);
    } else {
        close(fds[1]);
    }
    QvObj *ret = a && b ? qv_tuple_of(qi, 2, a, b) : NULL;
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return ret;
}

// ---- the machine and its interfaces -------------------------------------------------------------

static SOCK_FN(mod_gethostname)
{
    (void)self, (void)args, (void)nargs;
    char name[HOST_NAME_MAX + 2] = {0};
    if (qv_audit_on(qi) && qv_audit(qi, "socket.gethostname", "") < 0) {
        return NULL;
    }
    return gethostname(name, sizeof name - 1) < 0 ? raise_now(qi) : qv_str_fsdecode(qi, name);
}

static SOCK_FN(mod_sethostname)
{
    (void)self, (void)nargs;
    QvUtf8 name;
    if (qv_fspath_utf8(qi, args[0], &name) < 0) {
        return NULL;
    }
    int result = -1;
    if (!qv_audit_on(qi) || qv_audit(qi, "socket.sethostname", "O", args[0]) == 0) {
        result = sethostname(name.s, (size_t)name.n);
        if (result < 0) {
            raise_now(qi);
        }
    }
    qv_utf8_release(qi, &name);
    return result < 0 ? NULL : QV_NONE;
}

static SOCK_FN(mod_if_nameindex)
{
    (void)self, (void)args, (void)nargs;
    struct if_nameindex *rows = if_nameindex();
    if (!rows) {
        return raise_now(qi);
    }
    QvObj *list = qv_list_new(qi, 0);
    for (const struct if_nameindex *p = rows; list && p->if_index; p++) {
        QvObj *index = qv_int_from_i64(qi, p->if_index), *name = qv_str_fsdecode(qi, p->if_name);
        QvObj *row = index && name ? qv_tuple_of(qi, 2, index, name) : NULL;
        qv_xdecref(qi, index);
        qv_xdecref(qi, name);
        if (qv_list_append_take(qi, list, row) < 0) {
            qv_clear(qi, &list);
        }
    }
    if_freenameindex(rows);
    return list;
}

static SOCK_FN(mod_if_nametoindex)
{
    (void)self, (void)nargs;
    QvUtf8 name;
    if (qv_fspath_utf8(qi, args[0], &name) < 0) {
        return NULL;
    }
    unsigned index = if_nametoindex(name.s);
    qv_utf8_release(qi, &name);
    return index ? qv_int_from_i64(qi, index)
                 : qv_raise(qi, &qv_exc_OSError, "no interface with this name");
}

static SOCK_FN(mod_if_indextoname)
{
    (void)self, (void)nargs;
    char name[IF_NAMESIZE + 1] = {0};
    if (!qv_is_int(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "an integer is required");
    }
    if (qv_int_sign(args[0]) < 0) {
        return qv_raise(qi, &qv_exc_OverflowError, "can't convert negative value to unsigned int");
    }
    if (qv_int_bit_length(args[0]) > 64) {
        return qv_raise(qi, &qv_exc_OverflowError,
                        "Python int too large to convert to C unsigned long");
    }
    uint64_t index = qv_int_as_u64_mask(args[0]);
    if (index > UINT32_MAX) {
        return qv_raise_errno(qi, ENXIO, NULL, NULL);
    }
    return if_indextoname((unsigned)index, name) ? qv_str_fsdecode(qi, name) : raise_now(qi);
}

// ---- default timeout ----------------------------------------------------------------------------

static SOCK_FN(mod_getdefaulttimeout)
{
    (void)args, (void)nargs;
    return qv_sock_timeout_make(qi, ((QvSocketState *)qv_module_state(self))->timeout);
}

static SOCK_FN(mod_setdefaulttimeout)
{
    (void)nargs;
    int64_t timeout;
    if (qv_sock_timeout_get(qi, args[0], &timeout) < 0) {
        return NULL;
    }
    ((QvSocketState *)qv_module_state(self))->timeout = timeout;
    return QV_NONE;
}

// ---- tables -------------------------------------------------------------------------------------

static const QvNativeDef functions[] = {
    {"CMSG_LEN", qv_socket_cmsg_len, "($module, length, /)",
     "Length of a control message with length bytes of data, without padding after it."},
    {"CMSG_SPACE", qv_socket_cmsg_space, "($module, length, /)",
     "Size of the buffer that a control message with length bytes of data needs."},
    {"close", mod_close, "($module, fd, /)", "Close an integer socket file descriptor."},
    {"dup", mod_dup, "($module, fd, /)", "Duplicate an integer socket file descriptor."},
    {"getaddrinfo", qv_socket_getaddrinfo,
     "($module, /, host, port, family=0, type=0, proto=0, flags=0)",
     "Resolve host and port: list of (family, type, proto, canonname, sockaddr)."},
    {"getdefaulttimeout", mod_getdefaulttimeout, "($module, /)",
     "Return the timeout in seconds of new socket objects, or None."},
    {"gethostbyaddr", qv_socket_gethostbyaddr, "($module, host, /)",
     "Return (name, aliaslist, addresslist) for a host."},
    {"gethostbyname", qv_socket_gethostbyname, "($module, host, /)",
     "Return the IPv4 address of a host."},
    {"gethostbyname_ex", qv_socket_gethostbyname_ex, "($module, host, /)",
     "Return (name, aliaslist, addresslist) for a host."},
    {"gethostname", mod_gethostname, "($module, /)", "Return the current host name."},
    {"getnameinfo", qv_socket_getnameinfo, "($module, sockaddr, flags, /)",
     "Get host and port for a sockaddr."},
    {"getprotobyname", qv_socket_getprotobyname, "($module, name, /)",
     "Return the protocol number for the named protocol."},
    {"getservbyname", qv_socket_getservbyname, "($module, servicename, protocolname=None, /)",
     "Return a port number from a service name and protocol name."},
    {"getservbyport", qv_socket_getservbyport, "($module, port, protocolname=None, /)",
     "Return the service name from a port number and protocol name."},
    {"htonl", qv_socket_htonl, "($module, integer, /)",
     "Convert a 32-bit integer from host to network byte order."},
    {"htons", qv_socket_htons, "($module, integer, /)",
     "Convert a 16-bit unsigned integer from host to network byte order."},
    {"if_indextoname", mod_if_indextoname, "($module, if_index, /)",
     "Return the name of the network interface with an index."},
    {"if_nameindex", mod_if_nameindex, "($module, /)",
     "Return a list of network interfaces as (index, name) tuples."},
    {"if_nametoindex", mod_if_nametoindex, "($module, if_name, /)",
     "Return the index of the network interface with a name."},
    {"inet_aton", qv_socket_inet_aton, "($module, ip_addr, /)",
     "Convert an IPv4 address from text to its packed form."},
    {"inet_ntoa", qv_socket_inet_ntoa, "($module, packed_ip, /)",
     "Convert an IPv4 address from its packed form to text."},
    {"inet_ntop", qv_socket_inet_ntop, "($module, af, packed_ip, /)",
     "Convert an address of a family from its packed form to text."},
    {"inet_pton", qv_socket_inet_pton, "($module, af, ip, /)",
     "Convert an address of a family from text to its packed form."},
    {"ntohl", qv_socket_ntohl, "($module, integer, /)",
     "Convert a 32-bit integer from network to host byte order."},
    {"ntohs", qv_socket_ntohs, "($module, integer, /)",
     "Convert a 16-bit unsigned integer from network to host byte order."},
    {"setdefaulttimeout", mod_setdefaulttimeout, "($module, timeout, /)",
     "Set the timeout in seconds of new socket objects; None: no timeout."},
    {"sethostname", mod_sethostname, "($module, name, /)", "Sets the hostname to name."},
    {"socketpair", mod_socketpair, "($module, family=AF_UNIX, type=SOCK_STREAM, proto=0, /)",
     "Create a pair of connected socket objects."},
    {0},
};

#define CONST(name)        {#name, (int64_t)(name)},
#define VALUE(name, value) {#name, value},
static const struct {
    const char *name;
    int64_t value;
} constants[] = {
#include "modules/socket/constants.def"
};
#undef CONST
#undef VALUE

static int init(QvInterp *qi, QvObj *m)
{
    QvSocketState *s = qv_module_state(m);
    s->timeout = -1;
    for (size_t k = 0; k < sizeof constants / sizeof *constants; k++) {
        if (qv_module_add_int(qi, m, constants[k].name, constants[k].value) < 0) {
            return -1;
        }
    }
    s->herror = qv_modules_exception(qi, "socket.herror", &qv_exc_OSError);
    s->gaierror = s->herror ? qv_modules_exception(qi, "socket.gaierror", &qv_exc_OSError) : NULL;
    if (!s->gaierror || qv_module_add(qi, m, "herror", s->herror) < 0 ||
        qv_module_add(qi, m, "gaierror", s->gaierror) < 0 ||
        qv_module_add(qi, m, "error", &qv_exc_OSError.h) < 0 ||
        qv_module_add(qi, m, "timeout", &qv_exc_TimeoutError.h) < 0 ||
        qv_module_add(qi, m, "socket", &qv_socket_type.h) < 0 ||
        qv_module_add(qi, m, "SocketType", &qv_socket_type.h) < 0 ||
        qv_module_add(qi, m, "has_ipv6", QV_TRUE) < 0 ||
        qv_module_add_str(qi, m, "BDADDR_ANY", "00:00:00:00:00:00") < 0 ||
        qv_module_add_str(qi, m, "BDADDR_LOCAL", "00:00:00:FF:FF:FF") < 0) {
        return -1;
    }
    return 0;
}

static void fini(QvInterp *qi, QvObj *m)
{
    QvSocketState *s = qv_module_state(m);
    qv_clear(qi, &s->gaierror);
    qv_clear(qi, &s->herror);
}

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QvSocketState *s = qv_module_state(m);
    QV_VISIT(s->gaierror);
    QV_VISIT(s->herror);
    return 0;
}

const QvModuleDef qv_module__socket = {
    .name = "_socket",
    .doc = "Implementation module for socket operations.\n\n"
           "See the socket module for documentation.",
    .functions = functions,
    .state_size = sizeof(QvSocketState),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
