// SPDX-License-Identifier: MIT
// quiver_on_deadlock: waits of scripts that nobody can end raise, or are reported; ends that C code
// holds are somebody who may.
// timeout: 120
// suite: threads
// libs: -pthread
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "_check.h"

static const char waits[] = "import channels\n"
                            "tx, rx = channels.open(1)\n"
                            "def wait(f, *args):\n"
                            "    try:\n"
                            "        return f(*args)\n"
                            "    except channels.DeadlockError:\n"
                            "        return 'deadlock'\n";

// This thread is inside, waits, and nobody else is there.
static void alone(Quiver *q)
{
    run(q, waits);
    expect_eval(q, "wait(rx.recv)", "'deadlock'");
    run(q, "tx.send(1)");
    expect_eval(q, "wait(tx.send, 2)", "'deadlock'");
    expect_eval(q, "wait(channels.select, [(tx, 2)])", "'deadlock'");
    expect_eval(q, "wait(rx.recv)", "1");
    run(q, "meet, there = channels.open(0)");
    expect_eval(q, "wait(meet.send, 1)", "'deadlock'");
}

typedef struct Other {
    Quiver *q;
    const char *expression, *want;
} Other;

static void *run_other(void *arg)
{
    const Other *other = arg;
    expect_eval(other->q, other->expression, other->want);
    return NULL;
}

static void set_end_take(Quiver *q, const char *name, QuiverEnd *end)
{
    QuiverValue *v = quiver_from_end(q, end);
    CHECK(v && quiver_set(q, name, v) == 0);
    quiver_release(q, v);
    quiver_end_release(end);
}

// Two interpreters, each on its thread, wait for each other: both are told.
static void two(Quiver *q)
{
    Quiver *r = fresh();
    Other other = {.q = r, .expression = "hello.send(1) or wait(rx.recv)", .want = "'deadlock'"};
    QuiverEnd *hello, *hello_rx;
    pthread_t thread;
    run(r, waits);
    CHECK(quiver_channel_open(1, NULL, &hello, &hello_rx) == QUIVER_OK);
    set_end_take(q, "hello", hello_rx);
    set_end_take(r, "hello", quiver_end_retain(hello));
    CHECK(pthread_create(&thread, NULL, run_other, &other) == 0);
    expect_eval(q, "wait(hello.recv)", "1"); // this thread holds an end: no deadlock
    quiver_end_release(hello);
    expect_eval(q, "wait(rx.recv)", "'deadlock'");
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(quiver_free(r) == 0);
}

static void *send_late(void *arg)
{
    struct timespec pause = {.tv_nsec = 20000000};
    nanosleep(&pause, NULL);
    CHECK(quiver_send_text(arg, "late", -1, QUIVER_FOREVER) == QUIVER_OK);
    return NULL;
}

// A sender's end that C code holds may still be used.
static void served_from_c(Quiver *q)
{
    QuiverEnd *sender, *receiver;
    pthread_t thread;
    CHECK(quiver_channel_open(1, "jobs", &sender, &receiver) == QUIVER_OK);
    set_end_take(q, "jobs", receiver);
    CHECK(pthread_create(&thread, NULL, send_late, sender) == 0);
    expect_eval(q, "wait(jobs.recv)", "'late'");
    CHECK(pthread_join(thread, NULL) == 0);
    quiver_end_release(sender); // the last one: the end of the stream is no deadlock
    expect_eval(q, "wait(list, jobs)", "[]");
}

// The report: on descriptor 2, and the wait goes on until somebody ends it.
static void *stop_late(void *arg)
{
    struct timespec pause = {.tv_nsec = 50000000};
    nanosleep(&pause, NULL);
    quiver_stop(arg);
    return NULL;
}

static void reported(Quiver *q)
{
    char text[4096];
    int fds[2], before = dup(2);
    pthread_t thread;
    CHECK(pipe(fds) == 0 && before >= 0 && dup2(fds[1], 2) == 2);
    CHECK(pthread_create(&thread, NULL, stop_late, q) == 0);
    int status = quiver_run(q, "def stuck():\n    rx.recv()\nstuck()\n", "<stuck>");
    CHECK(dup2(before, 2) == 2 && close(fds[1]) == 0 && close(before) == 0);
    ssize_t n = read(fds[0], text, sizeof text - 1);
    CHECK(pthread_join(thread, NULL) == 0 && close(fds[0]) == 0);
    CHECK(status == -1 && n > 0);
    text[n] = 0;
    CHECK(strncmp(text, "Deadlock: ", 10) == 0);
    CHECK(strstr(text, "receives from channel") && strstr(text, "in stuck"));
}

int main(void)
{
    CHECK(quiver_on_deadlock(QUIVER_DEADLOCK_RAISE) == QUIVER_DEADLOCK_IGNORE);
    CHECK(quiver_on_deadlock((QuiverDeadlock)7) == QUIVER_DEADLOCK_RAISE); // only asks
    Quiver *q = fresh();
    alone(q);
    two(q);
    served_from_c(q);
    CHECK(quiver_on_deadlock(QUIVER_DEADLOCK_REPORT) == QUIVER_DEADLOCK_RAISE);
    reported(q);
    CHECK(quiver_on_deadlock(QUIVER_DEADLOCK_IGNORE) == QUIVER_DEADLOCK_REPORT);
    CHECK(quiver_free(q) == 0);
    puts("ok");
    return 0;
}
