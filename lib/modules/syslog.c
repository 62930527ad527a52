// SPDX-License-Identifier: MIT
// The module syslog: messages to the system's log.
//
// The C library's openlog is process-wide and keeps a pointer to the name it is given. Here each
// interpreter has a name, options, a mask and a socket of its own, and sends the datagrams itself
// (RFC 3164, as the C library writes them).
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "modules/posix/posix.h"
#include "object/audit.h"
#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"

typedef struct Module {
    QvObj *ident; // str that messages start with, or NULL: sys.argv[0] is asked
    bool is_open; // openlog was called, or a message sent
    int options, facility, mask;
    int fd;         // the socket, or -1
    bool is_stream; // what it is connected to takes a stream of texts, each ended by a NUL
} Module;

static const char log_path[] = "/dev/log";

static Module *state_of(QvObj *m) { return qv_module_state(m); }

static void disconnect(Module *s)
{
    if (s->fd >= 0) {
        close(s->fd);
    }
    s->fd = -1;
}

// Connects to the log daemon: datagrams, or a stream where that is what it offers.
static void connect_log(Module *s)
{
    struct sockaddr_un where = {.sun_family = AF_UNIX};
    memcpy(where.sun_path, log_path, sizeof log_path);
    static const int types[] = {SOCK_DGRAM, SOCK_STREAM};
    for (size_t k = 0; k < 2; k++) {
        int fd = socket(AF_UNIX, types[k] | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, (struct sockaddr *)&where, sizeof where) == 0) {
            s->fd = fd;
            s->is_stream = types[k] == SOCK_STREAM;
            return;
        }
        int err = errno;
        if (fd >= 0) {
            close(fd);
        }
        if (err != EPROTOTYPE) {
            break;
        }
    }
}

// The base name of sys.argv[0]: new str, NULL without an exception when there is none.
static QvObj *program_name(QvInterp *qi)
{
    QvObj *argv = qv_sys_peek(qi, QV_N(argv));
    if (!argv || !qv_is_list(argv) || qv_list_len(argv) == 0 || qv_list_is_packed(argv) ||
        !qv_is_str(qv_list_peek(argv, 0))) {
        return NULL;
    }
    QvObj *path = qv_list_peek(argv, 0);
    QvSsize n = qv_str_len(path), start = n;
    while (start > 0 && qv_str_read(path, start - 1) != '/') {
        start--;
    }
    QvObj *name = n > 0 ? qv_str_slice(qi, path, start, n) : NULL;
    qv_err_clear(qi);
    return name;
}

// ident is taken; NULL: the program's name. 0/-1.
static int open_log_take(QvInterp *qi, Module *s, QV_STOLEN QvObj *ident, int options, int facility)
{
    if (!ident) {
        ident = program_name(qi);
    }
    if (qv_audit_on(qi) && qv_audit(qi, "syslog.openlog", "Oii", ident, options, facility) < 0) {
        qv_xdecref(qi, ident);
        return -1;
    }
    QvObj *old = s->ident;
    s->ident = ident;
    s->options = options;
    s->facility = facility;
    s->is_open = true;
    if ((options & LOG_NDELAY) != 0 && s->fd < 0) {
        connect_log(s);
    }
    qv_xdecref(qi, old);
    return 0;
}

// A str as UTF-8 without what is behind a NUL (the C functions end there). 0/-1.
static int text_of(QvInterp *qi, QvObj *o, QvUtf8 *ret)
{
    if (qv_str_utf8(qi, o, ret) < 0) {
        return -1;
    }
    ret->n = (QvSsize)strlen(ret->s);
    return 0;
}

static void write_parts(int fd, struct iovec *parts, int n)
{
    while (writev(fd, parts, n) < 0 && errno == EINTR) {}
}

// Sends head, text; the other side may have gone since the last one: then once more.
// The last part is the NUL of streams.
static bool send_parts(Module *s, struct iovec *parts, size_t n)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        if (s->fd < 0) {
            connect_log(s);
        }
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = s->is_stream ? n : n - 1};
        ssize_t sent = -1;
        while (s->fd >= 0 && (sent = sendmsg(s->fd, &message, MSG_NOSIGNAL)) < 0 &&
               errno == EINTR) {}
        if (sent >= 0) {
            return true;
        }
        disconnect(s);
    }
    return false;
}

static void send_message(QvInterp *qi, Module *s, int priority, QvUtf8 *ident, QvUtf8 *text)
{
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    priority &= LOG_PRIMASK | LOG_FACMASK;
    priority |= (priority & LOG_FACMASK) == 0 ? s->facility : 0;
    time_t now = time(NULL);
    struct tm tm = {0};
    localtime_r(&now, &tm);
    char head[64], pid[32] = "", newline[] = "\r\n";
    int head_len = snprintf(head, sizeof head, "<%d>%s %2d %02d:%02d:%02d ", priority,
                            months[tm.tm_mon], tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
    if ((s->options & LOG_PID) != 0) {
        snprintf(pid, sizeof pid, "[%d]", (int)getpid());
    }
    size_t pid_len = strlen(pid);
    pid_len += (size_t)snprintf(pid + pid_len, sizeof pid - pid_len, "%s", s->ident ? ": " : "");
    struct iovec parts[5] = {{head, (size_t)head_len},
                             {(char *)ident->s, (size_t)ident->n},
                             {pid, pid_len},
                             {(char *)text->s, (size_t)text->n},
                             {newline + 2, 1}};
    qv_posix_unlock(qi);
    if ((s->options & LOG_PERROR) != 0) {
        bool has_end = text->n > 0 && text->s[text->n - 1] == '\n';
        struct iovec lines[4] = {parts[1], parts[2], parts[3], {newline + 1, has_end ? 0 : 1}};
        write_parts(STDERR_FILENO, lines, 4);
    }
    // Another thread of the interpreter may send or close meanwhile: each sends on its own copy.
    int shared = s->fd;
    Module mine = *s;
    mine.fd = shared >= 0 ? dup(shared) : -1;
    bool sent = send_parts(&mine, parts, 5);
    if (!sent && (s->options & LOG_CONS) != 0) {
        int console = open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC);
        if (console >= 0) {
            struct iovec lines[4] = {parts[1], parts[2], parts[3], {newline, 2}};
            write_parts(console, lines, 4);
            close(console);
        }
    }
    qv_posix_lock(qi);
    if (s->fd < 0) {
        s->fd = mine.fd;
        s->is_stream = mine.is_stream;
    } else if (mine.fd >= 0) {
        close(mine.fd);
    }
}

static QvObj *log_message(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    int priority = LOG_INFO;
    QvObj *text = n > 0 ? a[n - 1] : NULL;
    if (n < 1 || n > 2 || !qv_is_str(text) || (n == 2 && !qv_is_int(a[0]))) {
        return qv_raise(qi, &qv_exc_TypeError, "[priority,] message string");
    }
    QvUtf8 message, ident = {.s = "", .n = 0};
    if ((n == 2 && qv_index_int(qi, a[0], &priority) < 0) || text_of(qi, text, &message) < 0) {
        return NULL;
    }
    Module *s = state_of(m);
    int status = 0;
    if (qv_audit_on(qi)) {
        status = qv_audit(qi, "syslog.syslog", "is", priority, message.s);
    }
    if (status == 0 && !s->is_open) {
        status = open_log_take(qi, s, NULL, 0, LOG_USER);
    }
    QvObj *name = status == 0 && s->ident ? qv_new_ref(qi, s->ident) : NULL;
    if (name) {
        status = text_of(qi, name, &ident);
    }
    if (status == 0 && (LOG_MASK(LOG_PRI(priority)) & s->mask) != 0) {
        send_message(qi, s, priority, &ident, &message);
    }
    if (name) {
        if (status == 0) {
            qv_utf8_release(qi, &ident);
        }
        qv_decref(qi, name);
    }
    qv_utf8_release(qi, &message);
    return status < 0 ? NULL : QV_NONE;
}

static QvObj *open_log(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int options = 0, facility = LOG_USER;
    QvUtf8 u;
    if (a[0] && !qv_is_str(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "openlog() argument 1 must be str, not %s",
                        qv_arg_type_name(a[0]));
    }
    if ((a[1] && qv_index_int(qi, a[1], &options) < 0) ||
        (a[2] && qv_index_int(qi, a[2], &facility) < 0)) {
        return NULL;
    }
    if (a[0]) { // so that no message fails for it
        if (qv_str_utf8(qi, a[0], &u) < 0) {
            return NULL;
        }
        qv_utf8_release(qi, &u);
    }
    return open_log_take(qi, state_of(m), a[0] ? qv_new_ref(qi, a[0]) : NULL, options, facility) < 0
               ? NULL
               : QV_NONE;
}

static QvObj *close_log(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)a, (void)n;
    Module *s = state_of(m);
    if (qv_audit_on(qi) && qv_audit(qi, "syslog.closelog", "") < 0) {
        return NULL;
    }
    if (s->is_open) {
        disconnect(s);
        s->is_open = false;
        s->options = 0;
        s->facility = LOG_USER;
        qv_clear(qi, &s->ident);
    }
    return QV_NONE;
}

static QvObj *set_mask(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int mask;
    Module *s = state_of(m);
    if (qv_index_int(qi, a[0], &mask) < 0 ||
        (qv_audit_on(qi) && qv_audit(qi, "syslog.setlogmask", "i", mask) < 0)) {
        return NULL;
    }
    int old = s->mask;
    s->mask = mask ? mask : old;
    return qv_int_from_i64(qi, old);
}

static QvObj *mask_of(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int64_t priority;
    return qv_int_to_i64(qi, a[0], &priority) < 0
               ? NULL
               : qv_int_from_i64(qi, (int32_t)(1u << (priority & 31)));
}

static QvObj *mask_up_to(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int64_t priority;
    return qv_int_to_i64(qi, a[0], &priority) < 0
               ? NULL
               : qv_int_from_i64(qi, (int32_t)((1u << ((priority + 1) & 31)) - 1));
}

// ---- module -------------------------------------------------------------------------------------

static const QvNativeDef functions[] = {
    {"openlog", open_log, "($module, /, ident=None, logoption=0, facility=0)", NULL},
    {"closelog", close_log, "($module, /)", NULL},
    {"syslog", log_message, "($module, /, *args)", NULL},
    {"setlogmask", set_mask, "($module, mask, /)", NULL},
    {"LOG_MASK", mask_of, "($module, priority, /)", NULL},
    {"LOG_UPTO", mask_up_to, "($module, priority, /)", NULL},
    {0},
};

#define C(NAME)     \
    {               \
#NAME, NAME \
    }
static const struct {
    char name[16];
    int value;
} constants[] = {
    C(LOG_ALERT),  C(LOG_AUTH),   C(LOG_AUTHPRIV), C(LOG_CONS),   C(LOG_CRIT),   C(LOG_CRON),
    C(LOG_DAEMON), C(LOG_DEBUG),  C(LOG_EMERG),    C(LOG_ERR),    C(LOG_INFO),   C(LOG_KERN),
    C(LOG_LOCAL0), C(LOG_LOCAL1), C(LOG_LOCAL2),   C(LOG_LOCAL3), C(LOG_LOCAL4), C(LOG_LOCAL5),
    C(LOG_LOCAL6), C(LOG_LOCAL7), C(LOG_LPR),      C(LOG_MAIL),   C(LOG_NDELAY), C(LOG_NEWS),
    C(LOG_NOTICE), C(LOG_NOWAIT), C(LOG_ODELAY),   C(LOG_PERROR), C(LOG_PID),    C(LOG_SYSLOG),
    C(LOG_USER),   C(LOG_UUCP),   C(LOG_WARNING),
};
#undef C

static int init(QvInterp *qi, QvObj *m)
{
    Module *s = state_of(m);
    s->fd = -1;
    s->mask = 0xFF;
    s->facility = LOG_USER;
    for (size_t k = 0; k < sizeof constants / sizeof *constants; k++) {
        if (qv_module_add_int(qi, m, constants[k].name, constants[k].value) < 0) {
            return -1;
        }
    }
    return 0;
}

static void fini(QvInterp *qi, QvObj *m)
{
    Module *s = state_of(m);
    if (s->is_open) {
        disconnect(s);
    }
    qv_clear(qi, &s->ident);
}

const QvModuleDef qv_module_syslog = {
    .name = "syslog",
    .functions = functions,
    .state_size = sizeof(Module),
    .init = init,
    .fini = fini,
};
