// SPDX-License-Identifier: MIT
// Workers: a few threads, made when there is work for them, that end when there was none for a
// while.
//
//   qv_workers ── mu (LEAF) ──> queue of jobs, list of loose blocks, the workers
//     call     puts a job in the queue and sleeps on its thread record's word (wait.c)
//     worker   runs the job without mu; then, under mu, claims the word: who waits is there, or has
//              taken the word back under mu before
//     stop     a job that waits in the queue is dropped; one that runs is given away: its worker
//              drops it at the end, is told to be nice meanwhile (nobody needs the result), and
//              ends, because it cannot take that back, unless a job waits that nobody else will
//              take; nobody joins it
//
// When all workers are busy, jobs wait. Given away jobs leave the places of others free, as far as
// WORKERS_MAX goes: no more of them hold memory that counts for nobody. Where no thread can be
// made, the caller runs the job itself.
#include "interpreters/workers.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"
#include "object/protocol.h"

#define WORKERS_MAX 16
#define PLACES      8                 // workers whose jobs somebody waits for
#define STACK_SIZE  ((size_t)1 << 20) // GMP keeps up to 64 KiB of scratch in each of its frames
#define IDLE_NS     (2 * QV_NS_PER_S) // an idle worker ends after that

enum { JOB_QUEUED, JOB_RUNS, JOB_DONE };

typedef struct QvWorker {
    QvOsThread thread; // while `used`
    bool used;         // started, and not joined yet
    bool ended;        // will touch nothing of this any more
    bool spent;        // runs, or ran, a job that was given away
    bool detached;     // nobody waits for its end
    bool joining;      // somebody waits for its end
    QvHeavyJob *job;   // that it runs, or NULL
    int64_t cpu_start; // of its own clock, when it began the job; ns
    uint64_t os_id;    // of the kernel
} QvWorker;

typedef struct QvWorkers {
    QvMutex mu;                // guards all below
    QvHeavyJob *first, **last; // queue; last: where the next one goes, NULL: &first
    void *loose;               // blocks to free, linked
    QvWorker worker[WORKERS_MAX];
    uint32_t alive, idle; // of them
    bool ending;          // the idle ones shall end
    uint32_t word;        // atomic: changes when there is something to do
} QvWorkers;

static QvWorkers qv_workers = {.mu = QV_MUTEX_INIT(QV_RANK_LEAF)};

static void push(QvHeavyJob *job)
{
    job->next = NULL;
    if (!qv_workers.last) {
        qv_workers.last = &qv_workers.first;
    }
    *qv_workers.last = job;
    qv_workers.last = &job->next;
}

static void unlink_job(QvHeavyJob *job)
{
    QvHeavyJob **link = &qv_workers.first;
    while (*link && *link != job) {
        link = &(*link)->next;
    }
    if (*link) {
        *link = job->next;
        if (qv_workers.last == &job->next) {
            qv_workers.last = link;
        }
    }
}

// ---- the worker ---------------------------------------------------------------------------------

// CPU time of the job that it runs so far; mu held.
static uint64_t cpu_of(const QvWorker *w)
{
    clockid_t clock;
    struct timespec t;
    if (pthread_getcpuclockid(w->thread.handle, &clock) != 0 || clock_gettime(clock, &t) != 0) {
        return 0;
    }
    int64_t used = t.tv_sec * QV_NS_PER_S + t.tv_nsec - w->cpu_start;
    return used > 0 ? (uint64_t)used : 0;
}

// Both with mu held, which they let go meanwhile.
static void run_job(QvWorker *w, QvHeavyJob *job)
{
    unlink_job(job);
    job->state = JOB_RUNS;
    w->job = job;
    w->cpu_start = qv_clock_thread_cpu();
    qv_mutex_unlock(&qv_workers.mu);
    job->run(job);
    int64_t used = qv_clock_thread_cpu();
    qv_mutex_lock(&qv_workers.mu);
    used -= w->cpu_start;
    w->job = NULL;
    job->state = JOB_DONE;
    QvInstance *inst = job->inst;
    if (!inst) {
        qv_mutex_unlock(&qv_workers.mu);
        job->drop(job);
        qv_mutex_lock(&qv_workers.mu);
        return;
    }
    qv_atomic_add_u64(&inst->cpu_ns, (uint64_t)used);
    uint32_t *word = job->word;
    if (word) {
        qv_wake_now(word); // under mu: the sleeper needs the interpreter's lock first, not mu
    }
}

static void free_loose(void)
{
    void *block = qv_workers.loose;
    qv_workers.loose = NULL;
    qv_mutex_unlock(&qv_workers.mu);
    while (block) {
        void *next = *qv_heap_loose_link(block);
        qv_heap_loose_free(block);
        block = next;
    }
    qv_mutex_lock(&qv_workers.mu);
}

static bool start(void);

// Workers that will take another job; mu held.
static int lasting(void)
{
    int n = 0;
    for (int i = 0; i < WORKERS_MAX; i++) {
        const QvWorker *w = &qv_workers.worker[i];
        n += w->used && !w->ended && !w->spent;
    }
    return n;
}

// Shall the worker take what waits? A spent one leaves it to others, if there can be one; mu held.
static bool has_job(const QvWorker *w)
{
    return qv_workers.first && (!w->spent || (lasting() == 0 && !start()));
}

static void *thread_main(void *arg)
{
    QvWorker *w = arg;
    qv_thread_set_name("quiver worker");
    qv_mutex_lock(&qv_workers.mu);
    w->os_id = qv_thread_native_id();
    bool waited = false;
    for (;;) {
        if (qv_workers.loose) {
            free_loose();
        } else if (has_job(w)) {
            run_job(w, qv_workers.first);
        } else if (w->spent || waited || qv_workers.ending) {
            break;
        } else {
            uint32_t word = qv_atomic_load_u32(&qv_workers.word);
            qv_workers.idle++;
            qv_mutex_unlock(&qv_workers.mu);
            waited = qv_futex_wait(&qv_workers.word, word,
                                   qv_clock_add(qv_clock_monotonic(), IDLE_NS)) == QV_WAIT_TIMEOUT;
            qv_mutex_lock(&qv_workers.mu);
            qv_workers.idle--;
            continue;
        }
        waited = false;
    }
    qv_workers.alive--;
    w->ended = true;
    w->used = !w->detached;
    qv_mutex_unlock(&qv_workers.mu);
    return NULL;
}

// One more worker, if there is a place for it; mu held.
static bool start(void)
{
    QvWorker *w = NULL;
    if (lasting() >= PLACES) {
        return false;
    }
    for (int i = 0; i < WORKERS_MAX && !w; i++) {
        QvWorker *k = &qv_workers.worker[i];
        if (k->used && k->ended && !k->joining) { // it only has to return: no wait worth the name
            qv_thread_join(&k->thread, NULL);
            k->used = false;
        }
        w = k->used ? NULL : k;
    }
    if (!w) {
        return false;
    }
    *w = (QvWorker){.used = true};
    sigset_t all, before; // no signal is for this thread
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int err = qv_thread_start(thread_main, w, STACK_SIZE, &w->thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (err) {
        w->used = false;
        return false;
    }
    qv_workers.alive++;
    return true;
}

// There is something to do; mu held. False: nobody will do it.
static bool summon(void)
{
    qv_workers.ending = false;
    uint32_t wanted = qv_workers.loose != NULL;
    for (const QvHeavyJob *job = qv_workers.first; job; job = job->next) {
        wanted++;
    }
    if (wanted > qv_workers.idle) { // idle ones may have been woken for the others already
        start();
    }
    qv_atomic_add_u32(&qv_workers.word, 1);
    if (qv_workers.idle) {
        qv_futex_wake(&qv_workers.word, 1);
    }
    return qv_workers.alive > 0;
}

// ---- who has work -------------------------------------------------------------------------------

// Nobody waits for the job any more. True: it is the caller's to drop.
static bool give_away(QvHeavyJob *job)
{
    qv_mutex_lock(&qv_workers.mu);
    bool mine = job->state != JOB_RUNS;
    if (job->state == JOB_QUEUED) {
        unlink_job(job);
    }
    for (int i = 0; !mine && i < WORKERS_MAX; i++) {
        QvWorker *w = &qv_workers.worker[i];
        if (w->used && w->job == job) {
            QvInstance *inst = job->inst;
            qv_atomic_add_u64(&inst->cpu_ns, cpu_of(w));
            w->spent = true;
            if (!w->joining && !w->detached) {
                w->detached = true;
                qv_thread_detach(&w->thread);
            }
            (void)setpriority(PRIO_PROCESS, (id_t)w->os_id, 19); // a thread's, on Linux
        }
    }
    job->inst = NULL;
    if (!mine && qv_workers.first && !qv_workers.idle) {
        (void)start(); // there is a place again
    }
    qv_mutex_unlock(&qv_workers.mu);
    return mine;
}

int qv_workers_call(QvInterp *qi, QvHeavyJob *job)
{
    job->inst = qv_instance_of(qi);
    job->state = JOB_QUEUED;
    qv_mutex_lock(&qv_workers.mu);
    job->word = qv_wait_arm(qi);
    push(job);
    if (!summon()) {
        unlink_job(job);
        qv_mutex_unlock(&qv_workers.mu);
        qv_wait_disarm(job->word);
        job->run(job);
        return 0;
    }
    qv_mutex_unlock(&qv_workers.mu);
    for (;;) {
        qv_wait_sleep(qi, job->word, QV_NEVER, 0);
        qv_mutex_lock(&qv_workers.mu);
        qv_wait_disarm(job->word);
        job->word = NULL;
        bool done = job->state == JOB_DONE;
        qv_mutex_unlock(&qv_workers.mu);
        if (done) {
            return 0;
        }
        if (qv_poll(qi) < 0) { // what it runs may use the word
            if (give_away(job)) {
                job->drop(job);
            }
            return -1;
        }
        qv_mutex_lock(&qv_workers.mu);
        done = job->state == JOB_DONE;
        if (!done) {
            job->word = qv_wait_arm(qi);
        }
        qv_mutex_unlock(&qv_workers.mu);
        if (done) {
            return 0;
        }
    }
}

void qv_workers_free(void *loose)
{
    qv_mutex_lock(&qv_workers.mu);
    *qv_heap_loose_link(loose) = qv_workers.loose;
    qv_workers.loose = loose;
    if (!summon()) {
        free_loose();
    }
    qv_mutex_unlock(&qv_workers.mu);
}

uint64_t qv_workers_cpu_used(const QvInstance *inst)
{
    uint64_t used = 0;
    qv_mutex_lock(&qv_workers.mu);
    for (int i = 0; i < WORKERS_MAX; i++) {
        const QvWorker *w = &qv_workers.worker[i];
        if (w->used && w->job && w->job->inst == inst) {
            used += cpu_of(w);
        }
    }
    qv_mutex_unlock(&qv_workers.mu);
    return used;
}

// ---- life ---------------------------------------------------------------------------------------

// A detached worker ends after the job that was given away, by itself.
void qv_workers_end(void)
{
    QvOsThread ended[WORKERS_MAX];
    int n = 0;
    qv_mutex_lock(&qv_workers.mu);
    qv_workers.ending = true;
    qv_atomic_add_u32(&qv_workers.word, 1);
    qv_futex_wake(&qv_workers.word, WORKERS_MAX);
    for (int i = 0; i < WORKERS_MAX; i++) {
        QvWorker *w = &qv_workers.worker[i];
        if (w->used && !w->joining && !w->detached) {
            w->joining = true;
            ended[n++] = w->thread;
        }
    }
    qv_mutex_unlock(&qv_workers.mu);
    for (int i = 0; i < n; i++) {
        qv_thread_join(&ended[i], NULL);
    }
    qv_mutex_lock(&qv_workers.mu);
    for (int i = 0; i < WORKERS_MAX; i++) {
        QvWorker *w = &qv_workers.worker[i];
        for (int k = 0; k < n && w->joining; k++) {
            if (pthread_equal(w->thread.handle, ended[k].handle)) {
                *w = (QvWorker){.used = false};
            }
        }
    }
    qv_mutex_unlock(&qv_workers.mu);
}

void qv_workers_fork(QvForkStep when)
{
    if (when == QV_FORK_BEFORE) {
        qv_mutex_hold(&qv_workers.mu);
        return;
    }
    if (when == QV_FORK_CHILD) { // the threads are not here, nor who waits for them
        qv_workers.first = NULL;
        qv_workers.last = NULL;
        qv_workers.loose = NULL;
        qv_workers.alive = qv_workers.idle = 0;
        for (int i = 0; i < WORKERS_MAX; i++) {
            qv_workers.worker[i] = (QvWorker){.used = false};
        }
    }
    qv_mutex_let_go(&qv_workers.mu);
}
