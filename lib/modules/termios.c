// SPDX-License-Identifier: MIT
// The module termios: control of terminals.
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "modules/posix/posix.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"

typedef struct Module {
    QvObj *error; // termios.error
} Module;

// termios.error(errno, text), unless a signal handler's exception is there. Always NULL.
static QvObj *fail(QvInterp *qi, QvObj *m)
{
    int err = errno;
    if (qv_err_occurred(qi)) {
        return NULL;
    }
    QvObj *number = qv_int_from_i64(qi, err);
    QvObj *text = number ? qv_str_new_cstr(qi, strerror(err)) : NULL;
    QvObj *exc = text ? qv_call2(qi, ((Module *)qv_module_state(m))->error, number, text) : NULL;
    qv_xdecref(qi, number);
    qv_xdecref(qi, text);
    return exc ? qv_raise_exc(qi, exc) : NULL;
}

static int descriptor(QvInterp *qi, QvObj *o, int *ret)
{
    if (qv_posix_fd(qi, o, ret) < 0) {
        return -1;
    }
    return *ret < 0 ? qv_raise_int(qi, &qv_exc_ValueError,
                                   "file descriptor cannot be a negative integer (%d)", *ret)
                    : 0;
}

// What fits a C long, as its low bits. 0/-1.
static int long_value(QvInterp *qi, QvObj *o, int64_t *ret)
{
    QvObj *i = qv_index(qi, o);
    int fits = i ? qv_int_as_i64(i, ret) : -1;
    qv_xdecref(qi, i);
    return fits > 0    ? 0
           : fits == 0 ? qv_raise_int(qi, &qv_exc_OverflowError,
                                      "Python int too large to convert to C long")
                       : -1;
}

// ---- attributes ---------------------------------------------------------------------------------

// VMIN and VTIME are numbers, unless they are where the end of file and of line are.
static bool has_counts(const struct termios *t) { return (t->c_lflag & ICANON) == 0; }

static QvObj *control_characters(QvInterp *qi, const struct termios *t)
{
    QvObj *list = qv_list_new(qi, NCCS);
    for (int i = 0; list && i < NCCS; i++) {
        QvObj *item = has_counts(t) && (i == VMIN || i == VTIME) ? qv_int_from_i64(qi, t->c_cc[i])
                                                                 : qv_bytes_new(qi, &t->c_cc[i], 1);
        if (!item || qv_list_append_take(qi, list, item) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

static QvObj *get_attributes(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int fd, r;
    struct termios t;
    if (descriptor(qi, a[0], &fd) < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, tcgetattr(fd, &t));
    if (r < 0) {
        return fail(qi, m);
    }
    const int64_t numbers[6] = {t.c_iflag, t.c_oflag,       t.c_cflag,
                                t.c_lflag, cfgetispeed(&t), cfgetospeed(&t)};
    QvObj *list = qv_list_new(qi, 7);
    for (int i = 0; list && i < 7; i++) {
        QvObj *item = i < 6 ? qv_int_from_i64(qi, numbers[i]) : control_characters(qi, &t);
        if (!item || qv_list_append_take(qi, list, item) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

static int read_control_characters(QvInterp *qi, QvObj *list, struct termios *t)
{
    for (QvSsize i = 0; i < NCCS && i < qv_list_len(list); i++) { // a number may run Python
        QvObj *item = qv_list_peek(list, i);
        int64_t value;
        if (qv_is_bytes(item) && qv_bytes_len(item) == 1) {
            t->c_cc[i] = (cc_t)qv_bytes_data(item)[0];
        } else if (qv_is_int(item)) {
            if (long_value(qi, item, &value) < 0) {
                return -1;
            }
            t->c_cc[i] = (cc_t)value;
        } else {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "tcsetattr: elements of attributes must be characters or integers");
        }
    }
    return 0;
}

// tcdrain, and tcsetattr that does so first: only the terminal's other side ends them, so they are
// made on another thread, which a stop can end.
typedef struct DrainCall {
    QvErrand e;
    int fd, when; // when: of tcsetattr, or -1
    const struct termios *t;
    int result, err;
} DrainCall;

static void run_drain(QvErrand *e)
{
    DrainCall *c = (DrainCall *)e;
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL); // tcsetattr is no cancellation point
    c->result = c->when < 0 ? tcdrain(c->fd) : tcsetattr(c->fd, c->when, c->t);
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, NULL);
    c->err = errno;
}
static void drop_drain(QvErrand *e) { (void)e; }

// -1 with errno, or with EINTR and an exception.
static int wait_drained(QvInterp *qi, int fd, int when, const struct termios *t)
{
    int waiting = 0;
    if (ioctl(fd, TIOCOUTQ, &waiting) < 0 || waiting == 0) { // it will not wait, or fails
        int r;
        QV_POSIX_CALL(r, when < 0 ? tcdrain(fd) : tcsetattr(fd, when, t));
        return r;
    }
    DrainCall c = {.e = {.run = run_drain, .drop = drop_drain}, .fd = fd, .when = when, .t = t};
    int status = qv_errand(qi, &c.e);
    errno = status < 0 ? EINTR : c.err;
    return status < 0 ? -1 : c.result;
}

static QvObj *set_attributes(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int fd, when, r;
    struct termios t;
    if (descriptor(qi, a[0], &fd) < 0 || qv_index_int(qi, a[1], &when) < 0) {
        return NULL;
    }
    if (!qv_is_list(a[2]) || qv_list_len(a[2]) != 7) {
        return qv_raise(qi, &qv_exc_TypeError, "tcsetattr, arg 3: must be 7 element list");
    }
    QV_POSIX_CALL(r, tcgetattr(fd, &t)); // what else the system keeps in it
    if (r < 0) {
        return fail(qi, m);
    }
    if (qv_list_box(qi, a[2]) < 0) {
        return NULL;
    }
    int64_t numbers[6];
    for (int i = 0; i < 6; i++) {
        QvObj *item = i < qv_list_len(a[2]) ? qv_new_ref(qi, qv_list_peek(a[2], i)) : QV_NONE;
        int status = long_value(qi, item, &numbers[i]);
        qv_decref(qi, item);
        if (status < 0) {
            return NULL;
        }
    }
    t.c_iflag = (tcflag_t)numbers[0];
    t.c_oflag = (tcflag_t)numbers[1];
    t.c_cflag = (tcflag_t)numbers[2];
    t.c_lflag = (tcflag_t)numbers[3];
    QvObj *characters = qv_list_len(a[2]) == 7 ? qv_list_peek(a[2], 6) : QV_NONE;
    if (!qv_is_list(characters) || qv_list_len(characters) != NCCS) {
        return qv_raise(qi, &qv_exc_TypeError, "tcsetattr: attributes[6] must be %d element list",
                        NCCS);
    }
    qv_incref(qi, characters);
    r = qv_list_box(qi, characters) < 0 ? -1 : read_control_characters(qi, characters, &t);
    qv_decref(qi, characters);
    if (r < 0) {
        return NULL;
    }
    if (cfsetispeed(&t, (speed_t)numbers[4]) < 0 || cfsetospeed(&t, (speed_t)numbers[5]) < 0) {
        return fail(qi, m);
    }
    if (when == TCSADRAIN || when == TCSAFLUSH) {
        r = wait_drained(qi, fd, when, &t);
    } else {
        QV_POSIX_CALL(r, tcsetattr(fd, when, &t));
    }
    return r < 0 ? fail(qi, m) : QV_NONE;
}

// ---- the line -----------------------------------------------------------------------------------

static QvObj *drain(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int fd, r;
    if (descriptor(qi, a[0], &fd) < 0) {
        return NULL;
    }
    r = wait_drained(qi, fd, -1, NULL);
    return r < 0 ? fail(qi, m) : QV_NONE;
}

// A function of a descriptor and an int.
static QvObj *control(QvInterp *qi, QvObj *m, QvObj *const *a, int (*f)(int, int))
{
    int fd, what, r;
    if (descriptor(qi, a[0], &fd) < 0 || qv_index_int(qi, a[1], &what) < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, f(fd, what));
    return r < 0 ? fail(qi, m) : QV_NONE;
}

static QvObj *flow(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    return control(qi, m, a, tcflow);
}

static QvObj *flush(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    return control(qi, m, a, tcflush);
}

static QvObj *send_break(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    return control(qi, m, a, tcsendbreak);
}

// ---- the window ---------------------------------------------------------------------------------

static QvObj *get_size(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int fd, r;
    struct winsize w;
    if (descriptor(qi, a[0], &fd) < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, ioctl(fd, TIOCGWINSZ, &w));
    if (r < 0) {
        return fail(qi, m);
    }
    QvObj *rows = qv_int_from_i64(qi, w.ws_row), *columns = qv_int_from_i64(qi, w.ws_col);
    QvObj *pair = rows && columns ? qv_tuple_of(qi, 2, rows, columns) : NULL;
    qv_xdecref(qi, rows);
    qv_xdecref(qi, columns);
    return pair;
}

static QvObj *set_size(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int fd, r;
    struct winsize w;
    if (descriptor(qi, a[0], &fd) < 0) {
        return NULL;
    }
    QvObj *pair = qv_is_sequence(a[1]) ? qv_to_tuple(qi, a[1]) : NULL;
    if (!pair && qv_err_occurred(qi)) {
        return NULL;
    }
    if (!pair || qv_tuple_len(pair) != 2) {
        qv_xdecref(qi, pair);
        return qv_raise(qi, &qv_exc_TypeError, "tcsetwinsize, arg 2: must be a two-item sequence");
    }
    int64_t rows = 0, columns = 0;
    r = long_value(qi, qv_tuple_peek(pair, 0), &rows);
    r = r < 0 ? r : long_value(qi, qv_tuple_peek(pair, 1), &columns);
    qv_decref(qi, pair);
    if (r < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, ioctl(fd, TIOCGWINSZ, &w)); // the size in pixels stays
    if (r < 0) {
        return fail(qi, m);
    }
    w.ws_row = (unsigned short)rows;
    w.ws_col = (unsigned short)columns;
    if (w.ws_row != rows || w.ws_col != columns) {
        return qv_raise(qi, &qv_exc_OverflowError, "winsize value(s) out of range.");
    }
    QV_POSIX_CALL(r, ioctl(fd, TIOCSWINSZ, &w));
    return r < 0 ? fail(qi, m) : QV_NONE;
}

// ---- module -------------------------------------------------------------------------------------

static const QvNativeDef functions[] = {
    {"tcgetattr", get_attributes, "($module, fd, /)",
     "Get the tty attributes for file descriptor fd.\n\nReturns a list [iflag, oflag, cflag, "
     "lflag, ispeed, ospeed, cc]\nwhere cc is a list of the tty special characters (each a string "
     "of\nlength 1, except the items with indices VMIN and VTIME, which are\nintegers when these "
     "fields are defined).  The interpretation of the\nflags and the speeds as well as the "
     "indexing in the cc array must be\ndone using the symbolic constants defined in this "
     "module."},
    {"tcsetattr", set_attributes, "($module, fd, when, attributes, /)",
     "Set the tty attributes for file descriptor fd.\n\nThe attributes to be set are taken from "
     "the attributes argument, which\nis a list like the one returned by tcgetattr(). The when "
     "argument\ndetermines when the attributes are changed: termios.TCSANOW to\nchange "
     "immediately, termios.TCSADRAIN to change after transmitting all\nqueued output, or "
     "termios.TCSAFLUSH to change after transmitting all\nqueued output and discarding all queued "
     "input."},
    {"tcsendbreak", send_break, "($module, fd, duration, /)",
     "Send a break on file descriptor fd.\n\nA zero duration sends a break for 0.25-0.5 seconds; "
     "a nonzero duration\nhas a system dependent meaning."},
    {"tcdrain", drain, "($module, fd, /)",
     "Wait until all output written to file descriptor fd has been transmitted."},
    {"tcflush", flush, "($module, fd, queue, /)",
     "Discard queued data on file descriptor fd.\n\nThe queue selector specifies which queue: "
     "termios.TCIFLUSH for the input\nqueue, termios.TCOFLUSH for the output queue, or "
     "termios.TCIOFLUSH for\nboth queues."},
    {"tcflow", flow, "($module, fd, action, /)",
     "Suspend or resume input or output on file descriptor fd.\n\nThe action argument can be "
     "termios.TCOOFF to suspend output,\ntermios.TCOON to restart output, termios.TCIOFF to "
     "suspend input,\nor termios.TCION to restart input."},
    {"tcgetwinsize", get_size, "($module, fd, /)",
     "Get the tty winsize for file descriptor fd.\n\nReturns a tuple (ws_row, ws_col)."},
    {"tcsetwinsize", set_size, "($module, fd, winsize, /)",
     "Set the tty winsize for file descriptor fd.\n\nThe winsize to be set is taken from the "
     "winsize argument, which\nis a two-item tuple (ws_row, ws_col) like the one returned by "
     "tcgetwinsize()."},
    {0},
};

#define C(NAME)                \
    {                          \
#NAME, (int64_t)(NAME) \
    }
static const struct {
    char name[20];
    int64_t value;
} constants[] = {
    C(B0),
    C(B1000000),
    C(B110),
    C(B115200),
    C(B1152000),
    C(B1200),
    C(B134),
    C(B150),
    C(B1500000),
    C(B1800),
    C(B19200),
    C(B200),
    C(B2000000),
    C(B230400),
    C(B2400),
    C(B2500000),
    C(B300),
    C(B3000000),
    C(B3500000),
    C(B38400),
    C(B4000000),
    C(B460800),
    C(B4800),
    C(B50),
    C(B500000),
    C(B57600),
    C(B576000),
    C(B600),
    C(B75),
    C(B921600),
    C(B9600),
    C(BRKINT),
    C(BS0),
    C(BS1),
    C(BSDLY),
    C(CBAUD),
    C(CBAUDEX),
    C(CDSUSP),
    C(CEOF),
    C(CEOL),
    C(CEOT),
    C(CERASE),
    C(CFLUSH),
    C(CIBAUD),
    C(CINTR),
    C(CKILL),
    C(CLNEXT),
    C(CLOCAL),
    C(CQUIT),
    C(CR0),
    C(CR1),
    C(CR2),
    C(CR3),
    C(CRDLY),
    C(CREAD),
    C(CRPRNT),
    C(CRTSCTS),
    C(CS5),
    C(CS6),
    C(CS7),
    C(CS8),
    C(CSIZE),
    C(CSTART),
    C(CSTOP),
    C(CSTOPB),
    C(CSUSP),
    C(CWERASE),
    C(ECHO),
    C(ECHOCTL),
    C(ECHOE),
    C(ECHOK),
    C(ECHOKE),
    C(ECHONL),
    C(ECHOPRT),
    C(EXTA),
    C(EXTB),
    C(FF0),
    C(FF1),
    C(FFDLY),
    C(FIOASYNC),
    C(FIOCLEX),
    C(FIONBIO),
    C(FIONCLEX),
    C(FIONREAD),
    C(FLUSHO),
    C(HUPCL),
    C(ICANON),
    C(ICRNL),
    C(IEXTEN),
    C(IGNBRK),
    C(IGNCR),
    C(IGNPAR),
    C(IMAXBEL),
    C(INLCR),
    C(INPCK),
    C(IOCSIZE_MASK),
    C(IOCSIZE_SHIFT),
    C(ISIG),
    C(ISTRIP),
    C(IUCLC),
    C(IXANY),
    C(IXOFF),
    C(IXON),
    C(NCC),
    C(NCCS),
    C(NL0),
    C(NL1),
    C(NLDLY),
    C(NOFLSH),
    C(N_MOUSE),
    C(N_PPP),
    C(N_SLIP),
    C(N_STRIP),
    C(N_TTY),
    C(OCRNL),
    C(OFDEL),
    C(OFILL),
    C(OLCUC),
    C(ONLCR),
    C(ONLRET),
    C(ONOCR),
    C(OPOST),
    C(PARENB),
    C(PARMRK),
    C(PARODD),
    C(PENDIN),
    C(TAB0),
    C(TAB1),
    C(TAB2),
    C(TAB3),
    C(TABDLY),
    C(TCFLSH),
    C(TCGETA),
    C(TCGETS),
    C(TCIFLUSH),
    C(TCIOFF),
    C(TCIOFLUSH),
    C(TCION),
    C(TCOFLUSH),
    C(TCOOFF),
    C(TCOON),
    C(TCSADRAIN),
    C(TCSAFLUSH),
    C(TCSANOW),
    C(TCSBRK),
    C(TCSBRKP),
    C(TCSETA),
    C(TCSETAF),
    C(TCSETAW),
    C(TCSETS),
    C(TCSETSF),
    C(TCSETSW),
    C(TCXONC),
    C(TIOCCONS),
    C(TIOCEXCL),
    C(TIOCGETD),
    C(TIOCGICOUNT),
    C(TIOCGLCKTRMIOS),
    C(TIOCGPGRP),
    C(TIOCGSERIAL),
    C(TIOCGSOFTCAR),
    C(TIOCGWINSZ),
    C(TIOCINQ),
    C(TIOCLINUX),
    C(TIOCMBIC),
    C(TIOCMBIS),
    C(TIOCMGET),
    C(TIOCMIWAIT),
    C(TIOCMSET),
    C(TIOCM_CAR),
    C(TIOCM_CD),
    C(TIOCM_CTS),
    C(TIOCM_DSR),
    C(TIOCM_DTR),
    C(TIOCM_LE),
    C(TIOCM_RI),
    C(TIOCM_RNG),
    C(TIOCM_RTS),
    C(TIOCM_SR),
    C(TIOCM_ST),
    C(TIOCNOTTY),
    C(TIOCNXCL),
    C(TIOCOUTQ),
    C(TIOCPKT),
    C(TIOCPKT_DATA),
    C(TIOCPKT_DOSTOP),
    C(TIOCPKT_FLUSHREAD),
    C(TIOCPKT_FLUSHWRITE),
    C(TIOCPKT_NOSTOP),
    C(TIOCPKT_START),
    C(TIOCPKT_STOP),
    C(TIOCSCTTY),
    C(TIOCSERCONFIG),
    C(TIOCSERGETLSR),
    C(TIOCSERGETMULTI),
    C(TIOCSERGSTRUCT),
    C(TIOCSERGWILD),
    C(TIOCSERSETMULTI),
    C(TIOCSERSWILD),
    C(TIOCSER_TEMT),
    C(TIOCSETD),
    C(TIOCSLCKTRMIOS),
    C(TIOCSPGRP),
    C(TIOCSSERIAL),
    C(TIOCSSOFTCAR),
    C(TIOCSTI),
    C(TIOCSWINSZ),
    C(TOSTOP),
    C(VDISCARD),
    C(VEOF),
    C(VEOL),
    C(VEOL2),
    C(VERASE),
    C(VINTR),
    C(VKILL),
    C(VLNEXT),
    C(VMIN),
    C(VQUIT),
    C(VREPRINT),
    C(VSTART),
    C(VSTOP),
    C(VSUSP),
    C(VSWTC),
    C(VT0),
    C(VT1),
    C(VTDLY),
    C(VTIME),
    C(VWERASE),
    C(XCASE),
    C(XTABS),
    {"VSWTCH", VSWTC},
};
#undef C

static int init(QvInterp *qi, QvObj *m)
{
    Module *s = qv_module_state(m);
    s->error = qv_modules_exception(qi, "termios.error", NULL);
    if (!s->error || qv_module_add(qi, m, "error", s->error) < 0) {
        return -1;
    }
    for (size_t k = 0; k < sizeof constants / sizeof *constants; k++) {
        if (qv_module_add_int(qi, m, constants[k].name, constants[k].value) < 0) {
            return -1;
        }
    }
    return 0;
}

static void fini(QvInterp *qi, QvObj *m) { qv_clear(qi, &((Module *)qv_module_state(m))->error); }

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QV_VISIT(((Module *)qv_module_state(m))->error);
    return 0;
}

const QvModuleDef qv_module_termios = {
    .name = "termios",
    .doc = "This module provides an interface to the Posix calls for tty I/O control.\nFor a "
           "complete description of these calls, see the Posix or Unix manual\npages. It is only "
           "available for those Unix versions that support Posix\ntermios style tty I/O "
           "control.\n\nAll functions in this module take a file descriptor fd as their "
           "first\nargument. This can be an integer file descriptor, such as returned "
           "by\nsys.stdin.fileno(), or a file object, such as sys.stdin itself.",
    .functions = functions,
    .state_size = sizeof(Module),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
