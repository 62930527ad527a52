// SPDX-License-Identifier: MIT
// Scripts with interpreters and channels leave the process's live bytes where they were; an
// interrupt from another thread ends a script that waits for a message.
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <quiver.h>

static const char script[] =
    "import channels\n"
    "from concurrent import interpreters\n"
    "def work(rx, tx):\n"
    "    for job in rx:\n"
    "        tx.send({'job': job, 'text': 'x' * 1000})\n"
    "jobs, jobs_rx = channels.open(2)\n"
    "out, results = channels.open()\n"
    "threads = [interpreters.create().call_in_thread(work, jobs_rx, out) for _ in range(3)]\n"
    "jobs_rx.close(); out.close()\n"
    "jobs.send_many(range(20)); jobs.close()\n"
    "assert sorted(r['job'] for r in results) == list(range(20))\n"
    "for t in threads: t.result()\n"
    "left, left_rx = channels.open()\n"
    "left.send([1] * 1000); left.send(left_rx.dup() and left)\n"
    "kept = interpreters.create()\n";

static int fail(Quiver *q, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, q ? quiver_error(q)->traceback : "");
    return 1;
}

static void *interrupt_soon(void *q)
{
    usleep(50000);
    quiver_interrupt(q);
    return NULL;
}

static int run_once(void)
{
    Quiver *q = quiver_new(NULL);
    if (!q || quiver_run(q, script, "<script>") < 0) {
        return fail(q, "script");
    }
    return quiver_free(q) == 0 ? 0 : fail(q, "free");
}

// The live bytes once all interpreters have ended: those whose last thread has just left may still
// be on their way out.
static uint64_t settled(void)
{
    uint64_t bytes = quiver_process_live_bytes();
    for (int k = 0, same = 0; k < 1000 && same < 5; k++) {
        usleep(10000);
        uint64_t now = quiver_process_live_bytes();
        same = now == bytes && quiver_count() == 0 ? same + 1 : 0;
        bytes = now;
    }
    return bytes;
}

int main(void)
{
    if (run_once()) {
        return 1;
    }
    uint64_t before = settled();
    for (int k = 0; k < 20; k++) {
        if (run_once()) {
            return 1;
        }
    }
    if (settled() != before || quiver_count() != 0) {
        fprintf(stderr, "live bytes %llu, before %llu; %zu interpreters\n",
                (unsigned long long)quiver_process_live_bytes(), (unsigned long long)before,
                quiver_count());
        return 1;
    }

    Quiver *q = quiver_new(NULL);
    pthread_t thread;
    pthread_create(&thread, NULL, interrupt_soon, q);
    int r = quiver_run(q, "import channels\ntx, rx = channels.open()\nrx.recv()\n", "<wait>");
    pthread_join(thread, NULL);
    if (r == 0 || strcmp(quiver_error(q)->type, "KeyboardInterrupt") != 0) {
        return fail(q, "the wait was not interrupted");
    }
    quiver_free(q);
    puts("ok");
    return 0;
}
