// SPDX-License-Identifier: MIT
// _socket: addresses between Python and the system, by family.
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>

#include "modules/socket/socket.h"
#include "object/bytes.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/tuple.h"

// ---- from Python --------------------------------------------------------------------------------

// A tuple of min to max items: 0, or -1 with the TypeError of its family.
static int check_tuple(QvInterp *qi, QvObj *o, QvSsize min, QvSsize max, const char *family,
                       const char *parts, const char *caller)
{
    if (!qv_is_tuple(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s(): %s address must be tuple, not %T", caller,
                            family, o);
    }
    if (qv_tuple_len(o) < min || qv_tuple_len(o) > max) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s address must be a %s", family, parts);
    }
    return 0;
}

// An item of the tuple as a C int; missing: stays. 0/-1.
static int item_int(QvInterp *qi, QvObj *tuple, QvSsize k, int *ret)
{
    return k < qv_tuple_len(tuple) ? qv_index_int(qi, qv_tuple_peek(tuple, k), ret) : 0;
}

// The same as 32 bits without a check for overflow.
static int item_u32(QvInterp *qi, QvObj *tuple, QvSsize k, uint32_t *ret)
{
    if (k >= qv_tuple_len(tuple)) {
        return 0;
    }
    QvObj *n = qv_index(qi, qv_tuple_peek(tuple, k));
    if (!n) {
        return -1;
    }
    *ret = (uint32_t)qv_int_as_u64_mask(n);
    qv_decref(qi, n);
    return 0;
}

static int item_port(QvInterp *qi, QvObj *tuple, QvSsize k, const char *caller, const char *what,
                     uint16_t *ret)
{
    int n = 0;
    if (item_int(qi, tuple, k, &n) < 0) {
        if (!qv_err_matches(qi, &qv_exc_OverflowError)) {
            return -1;
        }
        qv_err_clear(qi);
        n = -1;
    }
    if (n < 0 || n > 0xFFFF) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "%s(): %s must be 0-65535.", caller, what);
    }
    *ret = (uint16_t)n;
    return 0;
}

static int get_unix(QvInterp *qi, QvObj *o, QvSockAddr *ret)
{
    struct sockaddr_un *un = &ret->un;
    QvUtf8 text = {0};
    QvBufferView view;
    bool is_text = qv_is_str(o);
    if (is_text ? qv_str_utf8_surrogates(qi, o, &text, true) < 0
                : qv_buffer_get(qi, o, &view, QV_BUF_SIMPLE) < 0) {
        return -1;
    }
    const char *p = is_text ? text.s : view.buf;
    size_t n = (size_t)(is_text ? text.n : view.len);
    bool is_abstract = n == 0 || p[0] == 0; // no path but a name of Linux; it needs no zero after
                                            // it
    bool fits = n < sizeof un->sun_path || (is_abstract && n == sizeof un->sun_path);
    if (fits) {
        un->sun_family = AF_UNIX;
        memcpy(un->sun_path, p, n);
        if (!is_abstract) {
            un->sun_path[n] = 0;
        }
        ret->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + !is_abstract);
    }
    if (is_text) {
        qv_utf8_release(qi, &text);
    } else {
        qv_buffer_release(qi, &view);
    }
    return fits ? 0 : qv_raise_int(qi, &qv_exc_OSError, "AF_UNIX path too long");
}

static int get_inet(QvInterp *qi, QvObj *o, const char *caller, int family, QvSockAddr *ret)
{
    bool v6 = family == AF_INET6;
    QvSockHost host;
    if (check_tuple(qi, o, 2, v6 ? 4 : 2, v6 ? "AF_INET6" : "AF_INET",
                    v6 ? "tuple (host, port[, flowinfo[, scopeid]])" : "pair (host, port)",
                    caller) < 0 ||
        qv_sock_host_get(qi, qv_tuple_peek(o, 0), &host) < 0) {
        return -1;
    }
    uint16_t port;
    uint32_t flow = 0, scope = 0;
    int status = -1;
    if (item_port(qi, o, 1, caller, "port", &port) < 0 || item_u32(qi, o, 2, &flow) < 0 ||
        item_u32(qi, o, 3, &scope) < 0) {
    } else if (flow > 0xFFFFF) {
        qv_raise(qi, &qv_exc_OverflowError, "%s(): flowinfo must be 0-1048575.", caller);
    } else {
        status = qv_sock_resolve(qi, host.s, family, ret);
    }
    qv_sock_host_release(qi, &host);
    if (status == 0 && v6) {
        ret->in6.sin6_port = htons(port);
        ret->in6.sin6_flowinfo = htonl(flow);
        ret->in6.sin6_scope_id = scope;
    } else if (status == 0) {
        ret->in.sin_port = htons(port);
    }
    return status;
}

static int get_netlink(QvInterp *qi, QvObj *o, const char *caller, QvSockAddr *ret)
{
    struct sockaddr_nl nl = {.nl_family = AF_NETLINK};
    if (check_tuple(qi, o, 2, 2, "AF_NETLINK", "pair (pid, groups)", caller) < 0 ||
        item_u32(qi, o, 0, &nl.nl_pid) < 0 || item_u32(qi, o, 1, &nl.nl_groups) < 0) {
        return -1;
    }
    memcpy(&ret->storage, &nl, sizeof nl);
    ret->len = sizeof nl;
    return 0;
}

static int get_packet(QvInterp *qi, const QvSocket *s, QvObj *o, const char *caller,
                      QvSockAddr *ret)
{
    struct sockaddr_ll ll = {.sll_family = AF_PACKET};
    struct ifreq request = {0};
    int pkttype = PACKET_HOST, hatype = 0;
    uint16_t proto;
    QvUtf8 name;
    if (check_tuple(qi, o, 2, 5, "AF_PACKET",
                    "tuple of two to five elements: (ifname, proto[, pkttype[, hatype[, addr]]])",
                    caller) < 0 ||
        item_port(qi, o, 1, caller, "proto", &proto) < 0 || item_int(qi, o, 2, &pkttype) < 0 ||
        item_int(qi, o, 3, &hatype) < 0) {
        return -1;
    }
    if (qv_tuple_len(o) == 5) {
        QvBufferView view;
        if (qv_buffer_get(qi, qv_tuple_peek(o, 4), &view, QV_BUF_SIMPLE) < 0) {
            return -1;
        }
        bool fits = view.len <= (QvSsize)sizeof ll.sll_addr;
        if (fits) {
            memcpy(ll.sll_addr, view.buf, (size_t)view.len);
            ll.sll_halen = (unsigned char)view.len;
        }
        qv_buffer_release(qi, &view);
        if (!fits) {
            return qv_raise_int(qi, &qv_exc_ValueError, "hardware address must be 8 bytes or less");
        }
    }
    if (qv_sock_cstr(qi, qv_tuple_peek(o, 0), caller, 1, &name) < 0) {
        return -1;
    }
    strncpy(request.ifr_name, name.s, sizeof request.ifr_name - 1);
    qv_utf8_release(qi, &name);
    if (ioctl(s->fd, SIOCGIFINDEX, &request) < 0) {
        qv_raise_errno(qi, errno, NULL, NULL);
        return -1;
    }
    ll.sll_ifindex = request.ifr_ifindex;
    ll.sll_protocol = htons(proto);
    ll.sll_pkttype = (unsigned char)pkttype;
    ll.sll_hatype = (unsigned short)hatype;
    memcpy(&ret->storage, &ll, sizeof ll);
    ret->len = sizeof ll;
    return 0;
}

static int get_vsock(QvInterp *qi, QvObj *o, QvSockAddr *ret)
{
    struct sockaddr_vm vm = {.svm_family = AF_VSOCK};
    if (!qv_is_tuple(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "getsockaddrarg: AF_VSOCK address must be tuple, not %T", o);
    }
    if (qv_tuple_len(o) != 2) {
        return qv_raise_int(qi, &qv_exc_TypeError, "AF_VSOCK address must be a pair (CID, port)");
    }
    if (item_u32(qi, o, 0, &vm.svm_cid) < 0 || item_u32(qi, o, 1, &vm.svm_port) < 0) {
        return -1;
    }
    memcpy(&ret->storage, &vm, sizeof vm);
    ret->len = sizeof vm;
    return 0;
}

int qv_sock_addr_get(QvInterp *qi, const QvSocket *s, QvObj *o, const char *caller, QvSockAddr *ret)
{
    memset(ret, 0, sizeof *ret);
    switch (s->family) {
    case AF_UNIX: return get_unix(qi, o, ret);
    case AF_INET:
    case AF_INET6: return get_inet(qi, o, caller, s->family, ret);
    case AF_NETLINK: return get_netlink(qi, o, caller, ret);
    case AF_PACKET: return get_packet(qi, s, o, caller, ret);
    case AF_VSOCK: return get_vsock(qi, o, ret);
    default: return qv_raise_int(qi, &qv_exc_OSError, "%s(): bad family", caller);
    }
}

// ---- to Python ----------------------------------------------------------------------------------

// A tuple of an object (stolen; NULL: failed) and n numbers.
static QvObj *tuple_with(QvInterp *qi, QvObj *first, int n, const uint32_t *numbers)
{
    QvObj *ret = first ? qv_tuple_new(qi, n + 1) : NULL;
    if (!ret) {
        qv_xdecref(qi, first);
        return NULL;
    }
    qv_tuple_items(ret)[0] = first;
    for (int k = 0; k < n; k++) {
        if (!(qv_tuple_items(ret)[k + 1] = qv_int_from_i64(qi, numbers[k]))) {
            qv_decref(qi, ret);
            return NULL;
        }
    }
    return ret;
}

static QvObj *make_inet(QvInterp *qi, int family, const void *packed, int n,
                        const uint32_t *numbers)
{
    char text[INET6_ADDRSTRLEN];
    if (!inet_ntop(family, packed, text, sizeof text)) {
        return qv_raise_errno(qi, errno, NULL, NULL);
    }
    return tuple_with(qi, qv_str_new_cstr(qi, text), n, numbers);
}

static QvObj *make_unix(QvInterp *qi, const struct sockaddr_un *un, size_t len)
{
    size_t at = offsetof(struct sockaddr_un, sun_path);
    if (len > at && un->sun_path[0] == 0) {
        return qv_bytes_new(qi, un->sun_path, (QvSsize)(len - at));
    }
    // The kernel gives no zero after a path that fills the array.
    char path[sizeof un->sun_path + 1] = {0};
    memcpy(path, un->sun_path, len > at ? len - at : 0);
    return qv_str_fsdecode(qi, path);
}

static QvObj *make_packet(QvInterp *qi, int fd, const struct sockaddr_ll *ll)
{
    struct ifreq request = {.ifr_ifindex = ll->sll_ifindex};
    const char *name = ll->sll_ifindex && ioctl(fd, SIOCGIFNAME, &request) == 0 ? request.ifr_name
                                                                                : "";
    QvObj *parts[5] = {
        qv_str_fsdecode(qi, name),
        qv_int_from_i64(qi, ntohs(ll->sll_protocol)),
        qv_int_from_i64(qi, ll->sll_pkttype),
        qv_int_from_i64(qi, ll->sll_hatype),
        qv_bytes_new(qi, ll->sll_addr, ll->sll_halen <= 8 ? ll->sll_halen : 8),
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

static QvObj *make_pair(QvInterp *qi, uint32_t a, uint32_t b)
{
    return tuple_with(qi, qv_int_from_i64(qi, a), 1, &b);
}

QvObj *qv_sock_addr_make(QvInterp *qi, int fd, const struct sockaddr *sa, size_t len)
{
    if (len == 0) {
        return QV_NONE;
    }
    QvSockAddr a = {0}; // aligned, and zero behind what there is
    memcpy(&a.storage, sa, len < sizeof a.storage ? len : sizeof a.storage);
    switch (sa->sa_family) {
    case AF_INET: {
        uint32_t port = ntohs(a.in.sin_port);
        return make_inet(qi, AF_INET, &a.in.sin_addr, 1, &port);
    }
    case AF_INET6: {
        uint32_t numbers[] = {ntohs(a.in6.sin6_port), ntohl(a.in6.sin6_flowinfo),
                              a.in6.sin6_scope_id};
        return make_inet(qi, AF_INET6, &a.in6.sin6_addr, 3, numbers);
    }
    case AF_UNIX: return make_unix(qi, &a.un, len < sizeof a.un ? len : sizeof a.un);
    case AF_NETLINK: {
        struct sockaddr_nl nl;
        memcpy(&nl, &a.storage, sizeof nl);
        return make_pair(qi, nl.nl_pid, nl.nl_groups);
    }
    case AF_PACKET: {
        struct sockaddr_ll ll;
        memcpy(&ll, &a.storage, sizeof ll);
        return make_packet(qi, fd, &ll);
    }
    case AF_VSOCK: {
        struct sockaddr_vm vm;
        memcpy(&vm, &a.storage, sizeof vm);
        return make_pair(qi, vm.svm_cid, vm.svm_port);
    }
    default: {
        QvObj *family = qv_int_from_i64(qi, sa->sa_family);
        QvObj *data = qv_bytes_new(qi, sa->sa_data, sizeof sa->sa_data);
        QvObj *ret = family && data ? qv_tuple_of(qi, 2, family, data) : NULL;
        qv_xdecref(qi, family);
        qv_xdecref(qi, data);
        return ret;
    }
    }
}
