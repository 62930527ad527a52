// SPDX-License-Identifier: MIT
// Channels from C, with threads that are not inside any interpreter and threads that are.
// suite: threads
#include "_interp.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "channels/channel.h"

static const QvChanWait never = {0};

static QvMsg *message(uint8_t n)
{
    QvMsg *msg = qv_msg_from_bytes(&n, 1);
    ck_assert_ptr_nonnull(msg);
    return msg;
}

static void expect_recv(QvChanEnd *rx, int n)
{
    QvMsg *msg;
    ck_assert_int_eq(qv_chan_recv(rx, &never, &msg), QV_CHAN_OK);
    ck_assert_int_eq(msg->data[0], n);
    qv_msg_free(msg);
}

START_TEST(bounded)
{
    uint64_t before = qv_msg_live_bytes();
    QvChanEnd *tx, *rx;
    QvMsg *msg;
    ck_assert_int_eq(qv_chan_open(2, "name", &tx, &rx), 0);
    ck_assert_str_eq(qv_chan_name(rx), "name");
    ck_assert_int_eq(qv_chan_recv(rx, &never, &msg), QV_CHAN_EMPTY);
    ck_assert_int_eq(qv_chan_send(tx, &never, message(1)), QV_CHAN_OK);
    ck_assert_int_eq(qv_chan_send(tx, &never, message(2)), QV_CHAN_OK);
    msg = message(3);
    ck_assert_int_eq(qv_chan_send(tx, &never, msg), QV_CHAN_FULL);
    QvChanWait wait = {.qi = qi, .deadline = qv_clock_monotonic() + 20 * QV_NS_PER_MS};
    ck_assert_int_eq(qv_chan_send(tx, &wait, msg), QV_CHAN_FULL);
    ck_assert_int_ge(qv_clock_monotonic(), wait.deadline);
    qv_msg_free(msg);
    expect_recv(rx, 1);
    qv_chan_release(tx);
    expect_recv(rx, 2);
    ck_assert_int_eq(qv_chan_recv(rx, &never, &msg), QV_CHAN_ENDED);
    qv_chan_release(rx);
    ck_assert_uint_eq(qv_msg_live_bytes(), before);
}
END_TEST

START_TEST(receivers_gone)
{
    uint64_t before = qv_msg_live_bytes();
    QvChanEnd *tx, *rx;
    ck_assert_int_eq(qv_chan_open(QV_CHAN_UNBOUNDED, NULL, &tx, &rx), 0);
    for (int k = 0; k < 100; k++) {
        ck_assert_int_eq(qv_chan_send(tx, &never, message(1)), QV_CHAN_OK);
    }
    ck_assert_uint_eq(qv_chan_depth(tx), 100);
    qv_chan_release(rx);
    QvMsg *msg = message(2);
    ck_assert_int_eq(qv_chan_send(tx, &never, msg), QV_CHAN_BROKEN);
    qv_msg_free(msg);
    qv_chan_release(tx);
    ck_assert_uint_eq(qv_msg_live_bytes(), before);
}
END_TEST

typedef struct Worker {
    QvOsThread thread;
    QvInstance *inst;
    QvChanEnd *end;
    int count;
    uint64_t sum;
    QvChanResult last;
} Worker;

static void *send_all(void *arg)
{
    Worker *w = arg;
    if (qv_attach(w->inst) < 0) {
        return NULL;
    }
    QvChanWait wait = {.qi = &w->inst->qi, .deadline = QV_NEVER};
    for (int k = 0; k < w->count; k++) {
        QvMsg *msg = qv_msg_from_bytes(&(uint8_t){(uint8_t)k}, 1);
        w->last = qv_chan_send(w->end, &wait, msg);
        if (w->last != QV_CHAN_OK) {
            qv_msg_free(msg);
            break;
        }
        w->sum += (uint8_t)k;
    }
    qv_chan_release(w->end);
    qv_detach(w->inst);
    return NULL;
}

static void *receive_all(void *arg)
{
    Worker *w = arg;
    if (qv_attach(w->inst) < 0) {
        return NULL;
    }
    QvChanWait wait = {.qi = &w->inst->qi, .deadline = QV_NEVER};
    QvMsg *msg;
    while ((w->last = qv_chan_recv(w->end, &wait, &msg)) == QV_CHAN_OK) {
        w->sum += msg->data[0];
        qv_msg_free(msg);
    }
    qv_err_clear(&w->inst->qi);
    qv_chan_release(w->end);
    qv_detach(w->inst);
    return NULL;
}

// Threads that are inside no interpreter wait with a word of their own.
static void *outside_sends(void *arg)
{
    Worker *w = arg;
    uint32_t word;
    QvChanWait wait = {.deadline = QV_NEVER, .word = &word};
    for (int k = 0; k < w->count; k++) {
        ck_assert_int_eq(qv_chan_send(w->end, &wait, message((uint8_t)k)), QV_CHAN_OK);
    }
    qv_chan_release(w->end);
    return NULL;
}

// Receives from rx, as the only one of several cases.
static QvChanResult select_one(QvChanEnd *rx, const QvChanWait *wait, QvMsg **ret)
{
    QvChanCase one = {.end = rx};
    size_t at = 1;
    QvChanResult r = qv_chan_choose(&one, 1, 0, wait, &at);
    ck_assert(r != QV_CHAN_OK || at == 0);
    *ret = one.msg;
    return r;
}

START_TEST(outside)
{
    Worker w = {.count = 2000};
    QvChanEnd *rx;
    QvMsg *msg;
    uint32_t word;
    ck_assert_int_eq(qv_chan_open(1, NULL, &w.end, &rx), 0);
    QvChanWait wait = {.deadline = qv_clock_monotonic() + 5 * QV_NS_PER_MS, .word = &word};
    ck_assert_int_eq(qv_chan_recv(rx, &wait, &msg), QV_CHAN_EMPTY);
    ck_assert_int_eq(select_one(rx, &wait, &msg), QV_CHAN_EMPTY);
    ck_assert_int_ge(qv_clock_monotonic(), wait.deadline);
    wait.deadline = QV_NEVER;
    ck_assert_int_eq(qv_thread_start(outside_sends, &w, 0, &w.thread), 0);
    for (int k = 0; k < w.count; k++) {
        QvChanResult r = k & 1 ? qv_chan_recv(rx, &wait, &msg) : select_one(rx, &wait, &msg);
        ck_assert_int_eq(r, QV_CHAN_OK);
        ck_assert_int_eq(msg->data[0], (uint8_t)k);
        qv_msg_free(msg);
    }
    ck_assert_int_eq(qv_chan_recv(rx, &wait, &msg), QV_CHAN_ENDED);
    qv_thread_join(&w.thread, NULL);
    qv_chan_release(rx);
}
END_TEST

enum { PAIRS = 3, EACH = 3000 };

static void run_capacity(size_t capacity)
{
    uint64_t before = qv_msg_live_bytes();
    QvChanEnd *tx, *rx;
    ck_assert_int_eq(qv_chan_open(capacity, NULL, &tx, &rx), 0);
    Worker senders[PAIRS] = {0}, receivers[PAIRS] = {0};
    for (int k = 0; k < PAIRS; k++) {
        senders[k] = (Worker){.inst = qv_instance_new(NULL), .end = tx, .count = EACH};
        receivers[k] = (Worker){.inst = qv_instance_new(NULL), .end = rx};
        qv_chan_retain(tx);
        qv_chan_retain(rx);
        ck_assert_int_eq(qv_thread_start(send_all, &senders[k], 0, &senders[k].thread), 0);
        ck_assert_int_eq(qv_thread_start(receive_all, &receivers[k], 0, &receivers[k].thread), 0);
    }
    qv_chan_release(tx);
    uint64_t sent = 0, received = 0;
    for (int k = 0; k < PAIRS; k++) {
        qv_thread_join(&senders[k].thread, NULL);
        qv_thread_join(&receivers[k].thread, NULL);
        ck_assert_int_eq(senders[k].last, QV_CHAN_OK);
        ck_assert_int_eq(receivers[k].last, QV_CHAN_ENDED);
        sent += senders[k].sum;
        received += receivers[k].sum;
        ck_assert_int_eq(qv_instance_free(senders[k].inst), 0);
        ck_assert_int_eq(qv_instance_free(receivers[k].inst), 0);
    }
    QvChanStats stats;
    qv_chan_stats(rx, &stats);
    ck_assert_uint_eq(stats.messages, PAIRS * EACH);
    ck_assert_uint_eq(stats.received, PAIRS * EACH);
    ck_assert_uint_eq(sent, received);
    qv_chan_release(rx);
    ck_assert_uint_eq(qv_msg_live_bytes(), before);
}

START_TEST(parallel)
{
    run_capacity(0);
    run_capacity(1);
    run_capacity(64);
    run_capacity(QV_CHAN_UNBOUNDED);
}
END_TEST

// Destroying an interpreter, or interrupting it, ends the wait of the thread inside.
START_TEST(interrupts)
{
    for (int round = 0; round < 20; round++) {
        QvChanEnd *tx, *rx;
        ck_assert_int_eq(qv_chan_open(0, NULL, &tx, &rx), 0);
        Worker w = {.inst = qv_instance_new(NULL), .end = rx};
        qv_chan_retain(rx);
        ck_assert_int_eq(qv_thread_start(receive_all, &w, 0, &w.thread), 0);
        if (round % 2) {
            usleep((useconds_t)(round * 200));
        }
        if (round < 10) {
            quiver_interrupt((Quiver *)w.inst);
            qv_thread_join(&w.thread, NULL);
            // An interrupt that comes before the thread is inside stays pending until its first
            // wait.
            ck_assert_int_eq(w.last, QV_CHAN_ERROR);
            ck_assert_int_eq(qv_instance_free(w.inst), 0);
        } else {
            while (true) { // only once it is inside
                qv_mutex_lock(&w.inst->threads_mu);
                bool inside = w.inst->inside > 0;
                qv_mutex_unlock(&w.inst->threads_mu);
                if (inside) {
                    break;
                }
                usleep(100);
            }
            ck_assert_int_eq(qv_instance_free(w.inst), 0);
            qv_thread_join(&w.thread, NULL);
            ck_assert_int_eq(w.last, QV_CHAN_ERROR);
        }
        qv_chan_release(tx);
        qv_chan_release(rx);
    }
}
END_TEST

// ---- short messages and the ring ----------------------------------------------------------------

static QvSmallMsg numbered(uint32_t n)
{
    QvSmallMsg small = {.size = sizeof n};
    memcpy(small.data, &n, sizeof n);
    return small;
}

// Short ones go into the ring, what it has no room for goes as a block: as the Python side does.
static void send_number(QvChanEnd *tx, const QvChanWait *wait, uint32_t n)
{
    QvSmallMsg small = numbered(n);
    if (!qv_chan_send_small(tx, wait->qi, wait->deadline != 0, &small)) {
        QvMsg *msg = qv_msg_from_bytes(small.data, small.size);
        ck_assert_int_eq(qv_chan_send(tx, wait, msg), QV_CHAN_OK);
    }
}

static bool receive_number(QvChanEnd *rx, const QvChanWait *wait, uint32_t *ret)
{
    QvSmallMsg small;
    QvMsg *msg;
    if (!qv_chan_recv_small(rx, wait->qi, wait->deadline != 0, &small, &msg)) {
        QvChanResult r = qv_chan_recv(rx, wait, &msg);
        if (r != QV_CHAN_OK) {
            return false;
        }
    }
    const uint8_t *data = msg ? msg->data : small.data;
    ck_assert_uint_eq(msg ? msg->size : small.size, sizeof *ret);
    memcpy(ret, data, sizeof *ret);
    qv_msg_free(msg);
    return true;
}

// The queue's three parts keep their order as the ring grows and the list behind it is used.
START_TEST(order)
{
    uint64_t before = qv_msg_live_bytes();
    static const size_t capacities[] = {1, 3, 16, 17, 1000, 4096, 6000, QV_CHAN_UNBOUNDED};
    for (size_t at = 0; at < sizeof capacities / sizeof *capacities; at++) {
        QvChanEnd *tx, *rx;
        uint32_t in = 0, out = 0, n;
        QvSmallMsg small = numbered(0);
        ck_assert_int_eq(qv_chan_open(capacities[at], NULL, &tx, &rx), 0);
        ck_assert(!qv_chan_recv_small(rx, qi, false, &small, &(QvMsg *){NULL}));
        for (int round = 0; round < 40; round++) {
            size_t fill = capacities[at] < 9000 ? capacities[at] : 9000;
            fill = round % 3 ? fill : fill / 2 + 1;
            while (qv_chan_depth(tx) < fill) {
                send_number(tx, &never, in++);
            }
            if (capacities[at] == fill) {
                QvMsg *msg = message(1);
                ck_assert(!qv_chan_send_small(tx, NULL, true, &small));
                ck_assert_int_eq(qv_chan_send(tx, &never, msg), QV_CHAN_FULL);
                msg->urgent = true;
                ck_assert_int_eq(qv_chan_send(tx, &never, msg), QV_CHAN_FULL);
                qv_msg_free(msg);
            } else if (round & 1) {
                QvMsg *msg = message(77);
                msg->urgent = true;
                ck_assert_int_eq(qv_chan_send(tx, &never, msg), QV_CHAN_OK);
                expect_recv(rx, 77);
            }
            QvMsg *peeked;
            ck_assert_int_eq(qv_chan_peek(rx, &peeked), QV_CHAN_OK);
            memcpy(&n, peeked->data, sizeof n);
            ck_assert_uint_eq(n, out);
            qv_msg_free(peeked);
            for (size_t left = fill / (size_t)(round % 4 + 1); left > 0; left--) {
                ck_assert(receive_number(rx, &never, &n));
                ck_assert_uint_eq(n, out++);
            }
            if (round % 5 == 0) { // many at once, of both kinds
                QvMsg *next;
                for (QvMsg *msg = qv_chan_take(rx, NULL, round ? 100 : SIZE_MAX); msg; msg = next) {
                    next = msg->next;
                    memcpy(&n, msg->data, sizeof n);
                    ck_assert_uint_eq(n, out++);
                    qv_msg_free(msg);
                }
            }
            if (in - out == 0 && round % 7 == 0) { // sleeping lets a large ring go
                QvChanWait wait = {.qi = qi, .deadline = qv_clock_monotonic() + QV_NS_PER_MS};
                ck_assert(!receive_number(rx, &wait, &n));
            }
        }
        QvChanStats stats;
        qv_chan_stats(rx, &stats);
        ck_assert_uint_eq(stats.depth, in - out);
        ck_assert_uint_eq(stats.messages - stats.received, in - out);
        ck_assert_uint_ge(stats.high_water, stats.depth);
        if (at & 1) {
            qv_chan_release(tx);
            while (receive_number(rx, &never, &n)) {
                ck_assert_uint_eq(n, out++);
            }
            ck_assert_uint_eq(in, out);
            qv_chan_release(rx);
        } else {
            qv_chan_release(rx);
            qv_chan_release(tx);
        }
        ck_assert_uint_eq(qv_msg_live_bytes(), before);
    }
}
END_TEST

static void *send_numbers(void *arg)
{
    Worker *w = arg;
    ck_assert_int_eq(qv_attach(w->inst), 0);
    QvChanWait wait = {.qi = &w->inst->qi, .deadline = QV_NEVER};
    for (int k = 0; k < w->count; k++) {
        send_number(w->end, &wait, (uint32_t)k | (uint32_t)w->sum << 24);
    }
    qv_chan_release(w->end);
    qv_detach(w->inst);
    return NULL;
}

static void *receive_numbers(void *arg)
{
    Worker *w = arg;
    ck_assert_int_eq(qv_attach(w->inst), 0);
    QvChanWait wait = {.qi = &w->inst->qi, .deadline = QV_NEVER};
    int64_t last[PAIRS] = {-1, -1, -1};
    for (uint32_t n; receive_number(w->end, &wait, &n); w->sum += n & 0xFFFFFF) {
        ck_assert_int_lt(last[n >> 24], n & 0xFFFFFF); // in order from each sender
        last[n >> 24] = n & 0xFFFFFF;
        w->count++;
    }
    qv_err_clear(&w->inst->qi);
    qv_chan_release(w->end);
    qv_detach(w->inst);
    return NULL;
}

// Short ways and general ones at once: threads that spin and sleep on both sides, and one that
// looks, takes many and asks for a descriptor.
static void run_numbers(size_t capacity, bool disturb)
{
    uint64_t before = qv_msg_live_bytes();
    QvChanEnd *tx, *rx;
    Worker senders[PAIRS] = {0}, receivers[PAIRS] = {0};
    ck_assert_int_eq(qv_chan_open(capacity, NULL, &tx, &rx), 0);
    for (int k = 0; k < PAIRS; k++) {
        senders[k] = (Worker){.inst = qv_instance_new(NULL), .end = tx, .count = EACH};
        senders[k].sum = (uint64_t)k;
        receivers[k] = (Worker){.inst = qv_instance_new(NULL), .end = rx};
        qv_chan_retain(tx);
        qv_chan_retain(rx);
        ck_assert_int_eq(qv_thread_start(send_numbers, &senders[k], 0, &senders[k].thread), 0);
        ck_assert_int_eq(qv_thread_start(receive_numbers, &receivers[k], 0, &receivers[k].thread),
                         0);
    }
    qv_chan_release(tx);
    uint64_t sum = 0, messages = 0;
    QvChanStats stats;
    do {
        qv_chan_stats(rx, &stats);
        QvMsg *msg = NULL;
        if (disturb && qv_chan_peek(rx, &msg) == QV_CHAN_OK) {
            qv_msg_free(msg);
        }
        QvMsg *next;
        for (msg = disturb ? qv_chan_take(rx, NULL, 10) : NULL; msg; msg = next) {
            uint32_t n;
            next = msg->next;
            memcpy(&n, msg->data, sizeof n);
            sum += n & 0xFFFFFF;
            messages++;
            qv_msg_free(msg);
        }
        usleep(200);
        if (disturb && stats.received > PAIRS * EACH / 2) {
            ck_assert_int_ge(qv_chan_fd(rx), 0);
        }
    } while (stats.senders > 0);
    for (int k = 0; k < PAIRS; k++) {
        qv_thread_join(&senders[k].thread, NULL);
        qv_thread_join(&receivers[k].thread, NULL);
        sum += receivers[k].sum;
        messages += (uint64_t)receivers[k].count;
        ck_assert_int_eq(qv_instance_free(senders[k].inst), 0);
        ck_assert_int_eq(qv_instance_free(receivers[k].inst), 0);
    }
    qv_chan_stats(rx, &stats);
    ck_assert_uint_eq(messages, PAIRS * EACH);
    ck_assert_uint_eq(stats.messages, messages);
    ck_assert_uint_eq(stats.received, messages);
    ck_assert_uint_eq(sum, (uint64_t)PAIRS * EACH * (EACH - 1) / 2);
    qv_chan_release(rx);
    ck_assert_uint_eq(qv_msg_live_bytes(), before);
}

START_TEST(short_ways)
{
    static const size_t capacities[] = {1, 2, 20, 1024, QV_CHAN_UNBOUNDED};
    for (size_t k = 0; k < sizeof capacities / sizeof *capacities; k++) {
        run_numbers(capacities[k], false);
        run_numbers(capacities[k], true);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, bounded);
    tcase_add_test(tests, receivers_gone);
    tcase_add_test(tests, outside);
    tcase_add_test(tests, parallel);
    tcase_add_test(tests, interrupts);
    tcase_add_test(tests, order);
    tcase_add_test(tests, short_ways);
}

int main(void)
{
    static void (*const add[])(TCase *) = {add_tests};
    return run_cases("channel", add, 1);
}
