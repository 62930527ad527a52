// SPDX-License-Identifier: MIT
// Channels from C, with threads that are not inside any interpreter and threads that are.
// suite: threads
#include "_interp.h"

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

static void add_tests(TCase *tests)
{
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, bounded);
    tcase_add_test(tests, receivers_gone);
    tcase_add_test(tests, outside);
    tcase_add_test(tests, parallel);
    tcase_add_test(tests, interrupts);
}

int main(void)
{
    static void (*const add[])(TCase *) = {add_tests};
    return run_cases("channel", add, 1);
}
