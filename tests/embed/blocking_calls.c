// SPDX-License-Identifier: MIT
// libs: -pthread
// timeout: 120

// System calls that wait end when the script is interrupted, when it is stopped, and when its
// interpreter is destroyed.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "_check.h"

typedef struct Kind {
    const char *name, *source;
} Kind;

#define CHILD                                         \
    "import os, subprocess\nN = subprocess.DEVNULL\n" \
    "p = subprocess.Popen(['sleep', '60'], stdout=N, stderr=N)\n"
#define KILLED(call) CHILD "begin(p.pid)\ntry: " call "\nfinally: p.kill()\n"
#define FOLDER       "import os, tempfile\nd = tempfile.TemporaryDirectory()\nf = d.name + '/f'\n"
#define PIPE         "import os\nr, w = os.pipe()\n"

static const Kind kinds[] = {
    {"read", PIPE "begin()\nos.read(r, 1)\n"},
    {"read after closerange",
     PIPE "import select\nselect.select([r], [], [], 0.001)\nos.closerange(20, 99)\nr, w = "
          "os.pipe()\nbegin()\nos.read(r, 1)\n"},
    {"write", PIPE "begin()\nos.write(w, bytes(10**6))\n"},
    {"readv", PIPE "begin()\nos.readv(r, [bytearray(1)])\n"},
    {"writev", PIPE "begin()\nos.writev(w, [bytes(9), bytes(10**6)])\n"},
    {"text file", PIPE "f = open(r)\nbegin()\nf.read()\n"},
    {"raw file", PIPE "f = open(r, 'rb', 0)\nbegin()\nf.read(5)\n"},
    {"file written", PIPE "f = open(w, 'wb', 0)\nbegin()\nf.write(bytes(10**6))\n"},
    {"busy file",
     PIPE "import threading, time\nf = open(r, 'rb')\n"
          "t = threading.Thread(target=f.read, daemon=True)\nt.start()\ntime.sleep(0.002)\n"
          "begin()\nf.read()\n"},
    {"terminal", "import os\na, b = os.openpty()\nbegin()\nos.read(b, 1)\n"},
    {"ioctl", "import fcntl, os, termios\na, b = os.openpty()\nos.set_blocking(b, False)\n"
              "try:\n    while True: os.write(b, bytes(1000))\n"
              "except BlockingIOError: begin()\n"
              "while True: fcntl.ioctl(b, termios.TCSBRK, 1)\n"},
    {"eventfd", "import os\ne = os.eventfd(0)\nbegin()\nos.eventfd_read(e)\n"},
    {"FIFO opened", FOLDER "os.mkfifo(f)\nbegin()\nopen(f)\n"},
    {"FIFO opened to write", FOLDER "os.mkfifo(f)\nbegin()\nos.open(f, os.O_WRONLY)\n"},
    {"waitpid", KILLED("os.waitpid(p.pid, 0)")},
    {"waitpid, stops", KILLED("os.waitpid(p.pid, os.WUNTRACED)")},
    {"wait", KILLED("os.wait()")},
    {"wait4", KILLED("os.wait4(p.pid, 0)")},
    {"waitid", KILLED("os.waitid(os.P_ALL, 0, os.WEXITED)")},
    {"system", "import os\nbegin()\nos.system('exec sleep 5 >/dev/null 2>&1')\n"},
    {"flock", FOLDER "import fcntl\na, b = open(f, 'w'), open(f)\nfcntl.flock(a, fcntl.LOCK_EX)\n"
                     "begin()\nfcntl.flock(b, fcntl.LOCK_SH)\n"},
    {"lockf", "import fcntl\nf = open(locked, 'r+')\nbegin()\nfcntl.lockf(f, fcntl.LOCK_EX)\n"},
    {"os.lockf",
     "import os\nf = open(locked, 'r+')\nbegin()\nos.lockf(f.fileno(), os.F_LOCK, 0)\n"},
    {"recv", "import socket\na, b = socket.socketpair()\nbegin()\na.recv(1)\n"},
    {"recv in time",
     "import socket\na, b = socket.socketpair()\na.settimeout(99)\nbegin()\na.recv(1)\n"},
    {"sendall", "import socket\na, b = socket.socketpair()\nbegin()\na.sendall(bytes(10**7))\n"},
    {"accept", "import socket\ns = socket.create_server(('127.0.0.1', 0))\nbegin()\ns.accept()\n"},
    {"connect, local",
     FOLDER "import socket\nU = socket.AF_UNIX\ns = socket.socket(U)\ns.bind(f)\ns.listen(0)\n"
            "a, b = socket.socket(U), socket.socket(U)\na.connect(f)\nbegin()\nb.connect(f)\n"},
    {"select", PIPE "import select\nbegin()\nselect.select([r], [], [])\n"},
    {"poll", PIPE "import select\np = select.poll()\np.register(r)\nbegin()\np.poll()\n"},
    {"epoll", PIPE "import select\np = select.epoll()\np.register(r)\nbegin()\np.poll(99)\n"},
    {"splice", PIPE "s, x = os.pipe()\nbegin()\nos.splice(r, x, 9)\n"},
    {"sendfile",
     FOLDER "import socket\nopen(f, 'wb').write(bytes(10**6))\na, b = socket.socketpair()\n"
            "begin()\nwhile True: os.sendfile(a.fileno(), os.open(f, 0), 0, 10**6)\n"},
    {"SimpleQueue", "import _queue\nbegin()\n_queue.SimpleQueue().get()\n"},
    {"SimpleQueue in time", "import _queue\nbegin()\n_queue.SimpleQueue().get(timeout=99)\n"},
    {"sigwait",
     "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\nbegin()\n"
     "signal.sigwait([signal.SIGUSR1])\n"},
    {"sigtimedwait",
     "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\nbegin()\n"
     "signal.sigtimedwait([signal.SIGUSR1], 99)\n"},
    {"pause", "import signal\nbegin()\nsignal.pause()\n"},
    {"handlers that wait", // beyond their grace: they are ended, too
     PIPE "begin()\ntry: os.read(r, 1)\nfinally:\n    begin()\n    os.read(r, 1)\n"},
};

typedef enum How { INTERRUPT, STOP, FREE } How;

typedef struct Runner {
    Quiver *q;
    const char *source;
    atomic_bool begun;
    int status;
    int64_t child; // process that the script has started, or 0
} Runner;

static QuiverValue *begin(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    Runner *r = user;
    CHECK(nargs == 0 || quiver_to_int(q, args[0], &r->child) == 0);
    r->begun = true;
    return quiver_none(q);
}

static void *go(void *arg)
{
    Runner *r = arg;
    r->status = quiver_run(r->q, r->source, "<waits>");
    return NULL;
}

static void end_one(const Kind *k, How how, const char *locked)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.stop_grace = 2000000;
    Runner r = {.q = quiver_new(&config), .source = k->source};
    CHECK(r.q && quiver_register(r.q, NULL, "begin", begin, 0, 1, &r, NULL) == 0);
    char line[300];
    snprintf(line, sizeof line, "locked = '%s'", locked);
    run(r.q, line);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, go, &r) == 0);
    while (!r.begun) {
        usleep(500);
    }
    usleep(2000); // most are asleep by now; those that are not are ended all the same
    if (how == INTERRUPT) {
        bool twice = strcmp(k->name, "handlers that wait") == 0;
        r.begun = false;
        quiver_interrupt(r.q);
        while (twice && !r.begun) {
            usleep(500);
        }
        if (twice) {
            quiver_interrupt(r.q);
        }
    } else if (how == STOP) {
        quiver_stop(r.q);
    } else {
        CHECK(quiver_free(r.q) == 0);
    }
    pthread_join(thread, NULL);
    CHECK(r.status == -1);
    if (how != FREE) {
        run(r.q, "x = 1"); // it goes on
        CHECK(quiver_free(r.q) == 0);
    }
    if (r.child) { // the script may have had no time to end it, or to wait for it
        kill((pid_t)r.child, SIGKILL);
        waitpid((pid_t)r.child, NULL, 0);
    }
}

int main(int argc, char **argv)
{
    char locked[] = "/tmp/quiver-locked-XXXXXX";
    int fd = mkstemp(locked), ready[2];
    char byte;
    CHECK(fd >= 0 && pipe(ready) == 0);
    pid_t holder = fork();
    if (holder == 0) { // has the file's lock
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        CHECK(lockf(fd, F_LOCK, 0) == 0 && write(ready[1], "x", 1) == 1);
        pause();
        _exit(0);
    }
    CHECK(read(ready[0], &byte, 1) == 1);
    uint64_t before = quiver_process_live_bytes();
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (How how = INTERRUPT; how <= FREE; how++) {
            if (argc > 1 && strcmp(argv[1], kinds[i].name) != 0) {
                continue;
            }
            alarm(60); // a hang fails with its name
            fprintf(stderr, "%s %d\n", kinds[i].name, how);
            end_one(&kinds[i], how, locked);
        }
    }
    CHECK(quiver_count() == 0 && quiver_process_live_bytes() == before);
    kill(holder, SIGKILL);
    waitpid(holder, NULL, 0);
    return unlink(locked);
}
