// SPDX-License-Identifier: MIT
// _socket: names of hosts, services and protocols. The look-ups run without the interpreter's lock.
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modules/socket/socket.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"

#define HOST_BUFFER (64 << 10) // for the _r functions; what does not fit is an error

// ---- errors -------------------------------------------------------------------------------------

static QvObj *raise_pair(QvInterp *qi, QvObj *type, int code, const char *text)
{
    QvObj *number = qv_int_from_i64(qi, code), *message = qv_str_new_cstr(qi, text);
    QvObj *exc = number && message ? qv_call2(qi, type, number, message) : NULL;
    qv_xdecref(qi, number);
    qv_xdecref(qi, message);
    return exc ? qv_raise_exc(qi, exc) : NULL;
}

static QvObj *raise_gai(QvInterp *qi, int code, int err)
{
    if (code == EAI_SYSTEM) {
        return qv_raise_errno(qi, err, NULL, NULL);
    }
    QvSocketState *state = qv_sock_state(qi);
    return state ? raise_pair(qi, state->gaierror, code, gai_strerror(code)) : NULL;
}

static QvObj *raise_host(QvInterp *qi, int code)
{
    QvSocketState *state = qv_sock_state(qi);
    return state ? raise_pair(qi, state->herror, code, hstrerror(code)) : NULL;
}

// ---- arguments ----------------------------------------------------------------------------------

int qv_sock_cstr(QvInterp *qi, QvObj *o, const char *func, int argument, QvUtf8 *ret)
{
    if (!qv_is_str(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s() argument %d must be str, not %s", func,
                            argument, qv_arg_type_name(o));
    }
    if (qv_str_utf8(qi, o, ret) < 0) {
        return -1;
    }
    if (strlen(ret->s) != (size_t)ret->n) {
        qv_utf8_release(qi, ret);
        return qv_raise_int(qi, &qv_exc_ValueError, "embedded null character");
    }
    return 0;
}

int qv_sock_host_get(QvInterp *qi, QvObj *o, QvSockHost *ret)
{
    *ret = (QvSockHost){0};
    if (qv_is_str(o)) {
        ret->bytes = qv_str_encode(qi, o, qv_str_is_ascii(o) ? "ascii" : "idna", NULL);
        if (!ret->bytes) {
            qv_err_clear(qi);
            return qv_raise_int(qi, &qv_exc_TypeError, "encoding of hostname failed");
        }
    } else if (qv_is_bytes(o)) {
        ret->bytes = qv_new_ref(qi, o);
    } else if (qv_is_bytearray(o)) {
        const QvByteArray *a = (const QvByteArray *)o;
        ret->bytes = qv_bytes_new(qi, a->len ? (const void *)a->data : "", a->len);
        if (!ret->bytes) {
            return -1;
        }
    } else {
        return qv_raise_int(qi, &qv_exc_TypeError, "str, bytes or bytearray expected, not %T", o);
    }
    ret->s = (const char *)qv_bytes_data(ret->bytes);
    if (strlen(ret->s) != (size_t)qv_bytes_len(ret->bytes)) {
        qv_sock_host_release(qi, ret);
        return qv_raise_int(qi, &qv_exc_TypeError, "host name must not contain null character");
    }
    return 0;
}

void qv_sock_host_release(QvInterp *qi, QvSockHost *host) { qv_clear(qi, &host->bytes); }

// A host argument of the functions: always by IDNA, as they do. 0/-1.
static int host_argument(QvInterp *qi, QvObj *o, const char *func, QvSockHost *ret)
{
    if (qv_is_str(o)) {
        *ret = (QvSockHost){0};
        ret->bytes = qv_str_encode(qi, o, "idna", NULL);
        if (!ret->bytes) {
            return -1;
        }
        ret->s = (const char *)qv_bytes_data(ret->bytes);
    } else if (!qv_is_bytes(o) && !qv_is_bytearray(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "%s() argument 1 must be str, bytes or bytearray, not %s", func,
                            qv_arg_type_name(o));
    } else if (qv_sock_host_get(qi, o, ret) < 0) {
        return -1;
    }
    if (strlen(ret->s) != (size_t)qv_bytes_len(ret->bytes)) {
        qv_sock_host_release(qi, ret);
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "%s() argument 1 must be encoded string without null bytes, not str",
                            func);
    }
    return 0;
}

// ---- addresses ----------------------------------------------------------------------------------

// A look-up asks servers, and nothing but their answer ends it: it is made on another thread, which
// is left behind at a stop. So it has copies of all that it needs.
typedef struct LookUp {
    QvErrand e;
    char *host, *port; // or NULL
    bool hinted;
    struct addrinfo hints, *found;
    int code, err;
} LookUp;

static void look_up_run(QvErrand *e)
{
    LookUp *l = (LookUp *)e;
    l->code = getaddrinfo(l->host, l->port, l->hinted ? &l->hints : NULL, &l->found);
    l->err = errno;
}

static void look_up_free(LookUp *l)
{
    free(l->host);
    free(l->port);
    free(l);
}

static void look_up_drop(QvErrand *e)
{
    LookUp *l = (LookUp *)e;
    if (l->code == 0 && l->found) {
        freeaddrinfo(l->found);
    }
    look_up_free(l);
}

// An address in digits, or none: nobody has to be asked.
static bool asks_nobody(const char *host, const struct addrinfo *hints)
{
    unsigned char packed[sizeof(struct in6_addr)];
    return !host || (hints && (hints->ai_flags & AI_NUMERICHOST)) ||
           inet_pton(AF_INET, host, packed) == 1 || inet_pton(AF_INET6, host, packed) == 1;
}

// 0 with *ret, or -1 with an exception.
static int look_up(QvInterp *qi, const char *host, const char *port, const struct addrinfo *hints,
                   struct addrinfo **ret)
{
    int code, err;
    if (asks_nobody(host, hints)) {
        qv_posix_unlock(qi);
        code = getaddrinfo(host, port, hints, ret);
        err = errno;
        qv_posix_lock(qi);
    } else {
        LookUp *l = calloc(1, sizeof *l);
        if (!l || !(l->host = strdup(host)) || (port && !(l->port = strdup(port)))) {
            if (l) {
                look_up_free(l);
            }
            qv_raise_oom(qi);
            return -1;
        }
        l->e = (QvErrand){.run = look_up_run, .drop = look_up_drop, .leave = true};
        l->hinted = hints != NULL;
        l->hints = hints ? *hints : l->hints;
        if (qv_errand(qi, &l->e) < 0) {
            return -1;
        }
        code = l->code;
        err = l->err;
        *ret = l->found;
        look_up_free(l);
    }
    if (code) {
        raise_gai(qi, code, err);
        return -1;
    }
    return 0;
}

static void set_addr(QvSockAddr *ret, const struct sockaddr *sa, size_t len)
{
    ret->len = (socklen_t)(len < sizeof ret->storage ? len : sizeof ret->storage);
    memcpy(&ret->storage, sa, ret->len);
}

int qv_sock_resolve(QvInterp *qi, const char *name, int family, QvSockAddr *ret)
{
    struct addrinfo hints = {.ai_family = family}, *found;
    memset(ret, 0, sizeof *ret);
    if (name[0] == 0) { // any interface
        hints.ai_socktype = SOCK_DGRAM;
        hints.ai_flags = AI_PASSIVE;
        if (look_up(qi, NULL, "0", &hints, &found) < 0) {
            return -1;
        }
        bool several = found->ai_next != NULL;
        set_addr(ret, found->ai_addr, found->ai_addrlen);
        freeaddrinfo(found);
        return several ? qv_raise_int(qi, &qv_exc_OSError, "wildcard resolved to multiple address")
                       : 0;
    }
    if (strcmp(name, "<broadcast>") == 0 || strcmp(name, "255.255.255.255") == 0) {
        if (family != AF_INET && family != AF_UNSPEC) {
            return qv_raise_int(qi, &qv_exc_OSError, "address family mismatched");
        }
        ret->in.sin_family = AF_INET;
        ret->in.sin_addr.s_addr = INADDR_BROADCAST;
        ret->len = sizeof ret->in;
        return 0;
    }
    if ((family == AF_INET || family == AF_UNSPEC) &&
        inet_pton(AF_INET, name, &ret->in.sin_addr) > 0) {
        ret->in.sin_family = AF_INET;
        ret->len = sizeof ret->in;
        return 0;
    }
    // A scope after % is getaddrinfo's business.
    if ((family == AF_INET6 || family == AF_UNSPEC) && !strchr(name, '%') &&
        inet_pton(AF_INET6, name, &ret->in6.sin6_addr) > 0) {
        ret->in6.sin6_family = AF_INET6;
        ret->len = sizeof ret->in6;
        return 0;
    }
    memset(ret, 0, sizeof *ret);
    if (look_up(qi, name, NULL, &hints, &found) < 0) {
        return -1;
    }
    set_addr(ret, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return 0;
}

static QvObj *addr_row(QvInterp *qi, const struct addrinfo *a)
{
    QvObj *parts[5] = {
        qv_int_from_i64(qi, a->ai_family),
        qv_int_from_i64(qi, a->ai_socktype),
        qv_int_from_i64(qi, a->ai_protocol),
        qv_str_new_cstr(qi, a->ai_canonname ? a->ai_canonname : ""),
        qv_sock_addr_make(qi, -1, a->ai_addr, a->ai_addrlen),
    };
    QvObj *ret = NULL;
    if (parts[0] && parts[1] && parts[2] && parts[3] && parts[4]) {
        ret = qv_tuple_from_array(qi, parts, 5);
    }
    for (int k = 0; k < 5; k++) {
        qv_xdecref(qi, parts[k]);
    }
    return ret;
}

// The host and the port of getaddrinfo as C strings that *ret_host and *ret_port (owned) hold.
static int addrinfo_arguments(QvInterp *qi, QvObj *host, QvObj *port, QvObj **ret_host,
                              QvObj **ret_port)
{
    *ret_host = *ret_port = NULL;
    if (qv_is_str(host)) {
        *ret_host = qv_str_encode(qi, host, "idna", NULL);
    } else if (qv_is_bytes(host)) {
        *ret_host = qv_new_ref(qi, host);
    } else if (host != QV_NONE) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "getaddrinfo() argument 1 must be string or None");
    }
    if (!*ret_host && host != QV_NONE) {
        return -1;
    }
    if (qv_is_int(port)) {
        int64_t n;
        if (qv_int_as_i64(port, &n) != 1) {
            return qv_raise_int(qi, &qv_exc_OverflowError,
                                "Python int too large to convert to C long");
        }
        char digits[24];
        int len = snprintf(digits, sizeof digits, "%lld", (long long)n);
        *ret_port = qv_bytes_new(qi, digits, len);
    } else if (qv_is_str(port)) {
        *ret_port = qv_str_encode(qi, port, "utf-8", NULL);
    } else if (qv_is_bytes(port)) {
        *ret_port = qv_new_ref(qi, port);
    } else if (port != QV_NONE) {
        return qv_raise_int(qi, &qv_exc_OSError, "Int or String expected");
    }
    return *ret_port || port == QV_NONE ? 0 : -1;
}

SOCK_FN(qv_socket_getaddrinfo)
{
    (void)self, (void)nargs;
    struct addrinfo hints = {0}, *found;
    QvObj *host = NULL, *port = NULL, *list = NULL;
    if ((args[2] && qv_index_int(qi, args[2], &hints.ai_family) < 0) ||
        (args[3] && qv_index_int(qi, args[3], &hints.ai_socktype) < 0) ||
        (args[4] && qv_index_int(qi, args[4], &hints.ai_protocol) < 0) ||
        (args[5] && qv_index_int(qi, args[5], &hints.ai_flags) < 0) ||
        addrinfo_arguments(qi, args[0], args[1], &host, &port) < 0) {
        goto done;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "socket.getaddrinfo", "OOiii", args[0], args[1],
                                    hints.ai_family, hints.ai_socktype, hints.ai_protocol) < 0) {
        goto done;
    }
    if (look_up(qi, host ? (const char *)qv_bytes_data(host) : NULL,
                port ? (const char *)qv_bytes_data(port) : NULL, &hints, &found) < 0) {
        goto done;
    }
    list = qv_list_new(qi, 0);
    for (const struct addrinfo *a = found; list && a; a = a->ai_next) {
        if (qv_list_append_take(qi, list, addr_row(qi, a)) < 0) {
            qv_clear(qi, &list);
        }
    }
    freeaddrinfo(found);
done:
    qv_xdecref(qi, host);
    qv_xdecref(qi, port);
    return list;
}

// getnameinfo on another thread, as LookUp.
typedef struct NameQuery {
    QvErrand e;
    QvSockAddr addr;
    int flags, code, err;
    char name[NI_MAXHOST], service[NI_MAXSERV];
} NameQuery;

static void query_run(QvErrand *e)
{
    NameQuery *q = (NameQuery *)e;
    q->code = getnameinfo(&q->addr.sa, q->addr.len, q->name, sizeof q->name, q->service,
                          sizeof q->service, q->flags);
    q->err = errno;
}
static void query_drop(QvErrand *e) { free(e); }

static NameQuery *query_new(QvInterp *qi, const struct sockaddr *sa, size_t len)
{
    NameQuery *q = calloc(1, sizeof *q);
    if (!q) {
        qv_raise_oom(qi);
        return NULL;
    }
    q->e = (QvErrand){.run = query_run, .drop = query_drop, .leave = true};
    set_addr(&q->addr, sa, len);
    return q;
}

SOCK_FN(qv_socket_getnameinfo)
{
    (void)self, (void)nargs;
    QvObj *sa = args[0];
    int flags, port;
    int64_t flow = 0, scope = 0;
    if (!qv_is_tuple(sa)) {
        if (qv_index_int(qi, args[1], &flags) < 0) {
            return NULL;
        }
        return qv_raise(qi, &qv_exc_TypeError, "getnameinfo() argument 1 must be a tuple");
    }
    QvSsize n = qv_tuple_len(sa);
    if (qv_index_int(qi, args[1], &flags) < 0) {
        return NULL;
    }
    if (n < 2 || n > 4) {
        return qv_raise(qi, &qv_exc_TypeError, "getnameinfo(): illegal sockaddr argument");
    }
    QvUtf8 host;
    if (qv_index_int(qi, qv_tuple_peek(sa, 1), &port) < 0 ||
        (n > 2 && qv_int_to_i64(qi, qv_tuple_peek(sa, 2), &flow) < 0) ||
        (n > 3 && qv_int_to_i64(qi, qv_tuple_peek(sa, 3), &scope) < 0)) {
        return NULL;
    }
    if ((uint32_t)flow > 0xFFFFF) {
        return qv_raise(qi, &qv_exc_OverflowError, "getnameinfo(): flowinfo must be 0-1048575.");
    }
    if (qv_sock_cstr(qi, qv_tuple_peek(sa, 0), "getnameinfo", 1, &host) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "socket.getnameinfo", "O", sa) < 0) {
        qv_utf8_release(qi, &host);
        return NULL;
    }
    char digits[16];
    NameQuery *query = NULL;
    snprintf(digits, sizeof digits, "%d", port);
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST}, *found;
    int status = look_up(qi, host.s, digits, &hints, &found);
    qv_utf8_release(qi, &host);
    if (status < 0) {
        return NULL;
    }
    const char *wrong = NULL;
    if (found->ai_next) {
        wrong = "sockaddr resolved to multiple addresses";
    } else if (found->ai_family == AF_INET && n != 2) {
        wrong = "IPv4 sockaddr must be 2 tuple";
    } else if (found->ai_family == AF_INET6) {
        struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)found->ai_addr;
        in6->sin6_flowinfo = htonl((uint32_t)flow);
        in6->sin6_scope_id = (uint32_t)scope;
    }
    if (!wrong && (query = query_new(qi, found->ai_addr, found->ai_addrlen)) != NULL) {
        query->flags = flags;
    }
    freeaddrinfo(found);
    if (wrong) {
        return qv_raise(qi, &qv_exc_OSError, "%s", wrong);
    }
    if (!query || qv_errand(qi, &query->e) < 0) {
        return NULL;
    }
    if (query->code) {
        raise_gai(qi, query->code, query->err);
        free(query);
        return NULL;
    }
    QvObj *a = qv_str_new_cstr(qi, query->name), *b = qv_str_new_cstr(qi, query->service);
    QvObj *ret = a && b ? qv_tuple_of(qi, 2, a, b) : NULL;
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    free(query);
    return ret;
}

// ---- the older functions ------------------------------------------------------------------------

static QvObj *address_text(QvInterp *qi, int family, const void *packed)
{
    char text[INET6_ADDRSTRLEN];
    return inet_ntop(family, packed, text, sizeof text) ? qv_str_new_cstr(qi, text)
                                                        : qv_raise_errno(qi, errno, NULL, NULL);
}

SOCK_FN(qv_socket_gethostbyname)
{
    (void)self, (void)nargs;
    QvSockHost host;
    QvSockAddr addr;
    if (host_argument(qi, args[0], "gethostbyname", &host) < 0) {
        return NULL;
    }
    int status = qv_audit_on(qi) ? qv_audit(qi, "socket.gethostbyname", "O", args[0]) : 0;
    if (status == 0) {
        status = qv_sock_resolve(qi, host.s, AF_INET, &addr);
    }
    qv_sock_host_release(qi, &host);
    return status < 0 ? NULL : address_text(qi, AF_INET, &addr.in.sin_addr);
}

// (name, aliases, addresses)
static QvObj *host_entry(QvInterp *qi, const struct hostent *h)
{
    QvObj *name = qv_str_fsdecode(qi, h->h_name);
    QvObj *aliases = qv_list_new(qi, 0), *addresses = qv_list_new(qi, 0), *ret = NULL;
    bool good = name && aliases && addresses;
    for (char **p = h->h_aliases; good && p && *p; p++) {
        good = qv_list_append_take(qi, aliases, qv_str_new_cstr(qi, *p)) == 0;
    }
    for (char **p = h->h_addr_list; good && p && *p; p++) {
        good = qv_list_append_take(qi, addresses, address_text(qi, h->h_addrtype, *p)) == 0;
    }
    if (good) {
        ret = qv_tuple_of(qi, 3, name, aliases, addresses);
    }
    qv_xdecref(qi, name);
    qv_xdecref(qi, aliases);
    qv_xdecref(qi, addresses);
    return ret;
}

// gethostbyname and gethostbyaddr on another thread, as LookUp.
typedef struct HostQuery {
    QvErrand e;
    char *host; // NULL: the address is asked for
    QvSockAddr addr;
    struct hostent entry, *found; // in the buffer
    int code;
    _Alignas(16) char buffer[HOST_BUFFER]; // for pointers, which the C library puts there as it
                                           // lies
} HostQuery;

static void host_run(QvErrand *e)
{
    HostQuery *q = (HostQuery *)e;
    if (q->host) {
        gethostbyname_r(q->host, &q->entry, q->buffer, sizeof q->buffer, &q->found, &q->code);
    } else if (q->addr.sa.sa_family == AF_INET6) {
        gethostbyaddr_r(&q->addr.in6.sin6_addr, sizeof q->addr.in6.sin6_addr, AF_INET6, &q->entry,
                        q->buffer, sizeof q->buffer, &q->found, &q->code);
    } else {
        gethostbyaddr_r(&q->addr.in.sin_addr, sizeof q->addr.in.sin_addr, AF_INET, &q->entry,
                        q->buffer, sizeof q->buffer, &q->found, &q->code);
    }
}

static void host_drop(QvErrand *e)
{
    HostQuery *q = (HostQuery *)e;
    free(q->host);
    free(q);
}

static QvObj *host_by(QvInterp *qi, QvObj *o, const char *func, bool by_addr)
{
    QvSockHost host;
    QvSockAddr addr;
    if (host_argument(qi, o, func, &host) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    HostQuery *query = NULL;
    const char *event = by_addr ? "socket.gethostbyaddr" : "socket.gethostbyname";
    if ((qv_audit_on(qi) && qv_audit(qi, event, "O", o) < 0) ||
        qv_sock_resolve(qi, host.s, by_addr ? AF_UNSPEC : AF_INET, &addr) < 0 ||
        !(query = calloc(1, sizeof *query))) {
        if (!qv_err_occurred(qi)) {
            qv_raise_oom(qi);
        }
        goto done;
    }
    *query = (HostQuery){.e = {.run = host_run, .drop = host_drop, .leave = true},
                         .host = by_addr ? NULL : strdup(host.s),
                         .addr = addr};
    if (!by_addr && !query->host) {
        qv_raise_oom(qi);
        host_drop(&query->e);
    } else if (qv_errand(qi, &query->e) > 0) {
        ret = query->found ? host_entry(qi, query->found) : raise_host(qi, query->code);
        host_drop(&query->e);
    }
done:
    qv_sock_host_release(qi, &host);
    return ret;
}

SOCK_FN(qv_socket_gethostbyname_ex)
{
    (void)self, (void)nargs;
    return host_by(qi, args[0], "gethostbyname_ex", false);
}

SOCK_FN(qv_socket_gethostbyaddr)
{
    (void)self, (void)nargs;
    return host_by(qi, args[0], "gethostbyaddr", true);
}

#define NAME_BUFFER 8192 // for one line of /etc/services or /etc/protocols

SOCK_FN(qv_socket_getservbyname)
{
    (void)self, (void)nargs;
    QvUtf8 name, proto = {0};
    if (qv_sock_cstr(qi, args[0], "getservbyname", 1, &name) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    if ((args[1] && qv_sock_cstr(qi, args[1], "getservbyname", 2, &proto) < 0) ||
        (qv_audit_on(qi) &&
         qv_audit(qi, "socket.getservbyname", "ss", name.s, proto.s ? proto.s : "") < 0)) {
        goto done;
    }
    char buffer[NAME_BUFFER];
    struct servent entry, *found = NULL;
    qv_posix_unlock(qi);
    getservbyname_r(name.s, proto.s, &entry, buffer, sizeof buffer, &found);
    qv_posix_lock(qi);
    ret = found ? qv_int_from_i64(qi, ntohs((uint16_t)found->s_port))
                : qv_raise(qi, &qv_exc_OSError, "service/proto not found");
done:
    qv_utf8_release(qi, &name);
    if (proto.s) {
        qv_utf8_release(qi, &proto);
    }
    return ret;
}

SOCK_FN(qv_socket_getservbyport)
{
    (void)self, (void)nargs;
    QvUtf8 proto = {0};
    int port;
    if (qv_index_int(qi, args[0], &port) < 0 ||
        (args[1] && qv_sock_cstr(qi, args[1], "getservbyport", 2, &proto) < 0)) {
        return NULL;
    }
    QvObj *ret = NULL;
    if (port < 0 || port > 0xFFFF) {
        qv_raise(qi, &qv_exc_OverflowError, "getservbyport: port must be 0-65535.");
    } else if (!qv_audit_on(qi) ||
               qv_audit(qi, "socket.getservbyport", "is", port, proto.s ? proto.s : "") == 0) {
        char buffer[NAME_BUFFER];
        struct servent entry, *found = NULL;
        qv_posix_unlock(qi);
        getservbyport_r(htons((uint16_t)port), proto.s, &entry, buffer, sizeof buffer, &found);
        qv_posix_lock(qi);
        ret = found ? qv_str_new_cstr(qi, found->s_name)
                    : qv_raise(qi, &qv_exc_OSError, "port/proto not found");
    }
    if (proto.s) {
        qv_utf8_release(qi, &proto);
    }
    return ret;
}

SOCK_FN(qv_socket_getprotobyname)
{
    (void)self, (void)nargs;
    QvUtf8 name;
    if (qv_sock_cstr(qi, args[0], "getprotobyname", 1, &name) < 0) {
        return NULL;
    }
    char buffer[NAME_BUFFER];
    struct protoent entry, *found = NULL;
    qv_posix_unlock(qi);
    getprotobyname_r(name.s, &entry, buffer, sizeof buffer, &found);
    qv_posix_lock(qi);
    qv_utf8_release(qi, &name);
    return found ? qv_int_from_i64(qi, found->p_proto)
                 : qv_raise(qi, &qv_exc_OSError, "protocol not found");
}
