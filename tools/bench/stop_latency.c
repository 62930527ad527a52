// SPDX-License-Identifier: MIT
// How long a runaway script goes on after another thread has stopped it, and after a deadline.
//
// Each script runs in a fresh interpreter until `begin` has been called and the time given has
// passed; then come quiver_interrupt (quiver_stop where the script catches everything), and in a
// second round a deadline. Meanwhile an interpreter on another thread does short pieces of work;
// their 99th percentile is compared with a quiet run.
//
// stop_latency SCRIPTS MS_OF_HEAD_START TRIES PART PARTS [NAME]...; a line for each script, then
// those that were late, worst first, and a summary. NAME: how a script's name begins, or after a
// `*` what it contains. PART (from 1) of PARTS: every PARTS-th script, from the PART-th on. TRIES:
// so many stops each, with other head starts (half to once MS); what took the most CPU time counts.
// Exit code 1: a script did not stop in GIVE_UP ms, or not with the right error.
#include <pthread.h>
#include <quiver.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define GIVE_UP 10000 // ms
#define PIECES  200000

typedef struct Script {
    char *name;
    bool catches; // only quiver_stop ends it
    char *source;
} Script;

// ---- the scripts --------------------------------------------------------------------------------

static Script *scripts;
static size_t nscripts;

static char *read_all(const char *path)
{
    FILE *f = fopen(path, "r");
    char *text = NULL;
    size_t size = 0;
    if (!f || getdelim(&text, &size, 0, f) < 0) {
        perror(path);
        exit(2);
    }
    fclose(f);
    return text;
}

// "=== name [catches]" and lines of source, again and again.
static void read_scripts(const char *path)
{
    char *at = read_all(path);
    while ((at = strstr(at, "\n=== ")) != NULL) {
        *at = 0; // the end of the one before
        at += 1;
        char *name = at + 4, *end = strchr(name, '\n');
        Script *more = realloc(scripts, (nscripts + 1) * sizeof *scripts);
        if (!end || !more) {
            exit(2);
        }
        *end = 0;
        char *mark = strstr(name, " [catches]");
        if (mark) {
            *mark = 0;
        }
        scripts = more;
        scripts[nscripts++] = (Script){.name = name, .catches = mark != NULL, .source = end + 1};
        *end = 0;
        at = end + 1;
        if (*at == '=') {
            exit(2); // a script without source
        }
    }
}

// Is it asked for? argv ends with NULL.
static bool wanted(const Script *s, char **names)
{
    bool found = !*names;
    while (*names && !found) {
        found = **names == '*' ? strstr(s->name, *names + 1) != NULL
                               : strncmp(s->name, *names, strlen(*names)) == 0;
        names++;
    }
    return found;
}

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t cpu_of(pthread_t thread)
{
    clockid_t clock;
    struct timespec t = {0};
    if (pthread_getcpuclockid(thread, &clock) == 0) {
        clock_gettime(clock, &t);
    }
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// ---- one run ------------------------------------------------------------------------------------

typedef struct Run {
    Quiver *q;
    const char *source;
    atomic_bool begun, ended;
    int64_t end; // ns, when the call came back
    int64_t cpu; // ns, of its thread by then
    int status;
    char type[64];
} Run;

static QuiverValue *begin(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)args, (void)nargs;
    ((Run *)user)->begun = true;
    return quiver_none(q);
}

static int swallow(void *user, int fd, const char *data, size_t size)
{
    (void)user, (void)fd, (void)data, (void)size;
    return 0;
}

static void *go(void *argument)
{
    Run *r = argument;
    r->status = quiver_run(r->q, r->source, "<runaway>");
    r->end = now();
    r->cpu = cpu_of(pthread_self());
    snprintf(r->type, sizeof r->type, "%s", r->status < 0 ? quiver_error(r->q)->type : "none");
    r->begun = r->ended = true;
    return NULL;
}

// What a stop took; ns.
typedef struct Took {
    int64_t wall; // -1: it did not stop
    int64_t cpu;  // of the script's thread: what it takes where no other program is in the way
} Took;

static Took measure(const Script *s, int head_start, bool deadline, const char **ret_type)
{
    Run *run = calloc(1, sizeof *run); // outlives a script that does not stop
    if (!run) {
        exit(2);
    }
    QuiverConfig config;
    quiver_config_init(&config);
    config.memory_limit = (size_t)6 << 30;
    config.write = swallow;
    config.stop_grace = 2000000;
    config.exit_budget = 100000000; // a script that is stopped past its handlers may leave locks
    run->q = quiver_new(&config);
    run->source = s->source;
    if (!run->q || quiver_register(run->q, NULL, "begin", begin, 0, 0, run, NULL) < 0) {
        exit(2);
    }
    pthread_t thread;
    if (pthread_create(&thread, NULL, go, run) != 0) {
        exit(2);
    }
    while (!run->begun) {
        usleep(200);
    }
    int64_t from, cpu;
    if (deadline) {
        from = now() + (int64_t)head_start * 1000000;
        quiver_set_limit(run->q, QUIVER_LIMIT_TIME, (uint64_t)head_start * 1000000);
        usleep((useconds_t)head_start * 1000);
        cpu = cpu_of(thread);
    } else {
        usleep((useconds_t)head_start * 1000);
        from = now();
        cpu = cpu_of(thread);
        if (s->catches) {
            quiver_stop(run->q);
        } else {
            quiver_interrupt(run->q);
        }
    }
    int waited = 0;
    while (!run->ended && waited++ < GIVE_UP + head_start) {
        usleep(1000);
    }
    if (!run->ended) {
        return (Took){.wall = -1};
    }
    pthread_join(thread, NULL);
    if (getenv("STOP_TIMES")) { // for perf script --time
        fprintf(stderr, "%.6f,%.6f\n", (double)from / 1e9, (double)run->end / 1e9);
    }
    static char type[64];
    snprintf(type, sizeof type, "%s", run->type);
    *ret_type = type;
    if (deadline) {
        quiver_set_limit(run->q, QUIVER_LIMIT_TIME, 0);
    }
    quiver_free(run->q);
    Took took = {.wall = run->end > from ? run->end - from : 0,
                 .cpu = run->cpu > cpu ? run->cpu - cpu : 0};
    if (took.cpu > took.wall) {
        took.cpu = took.wall; // it ended before the look at its clock
    }
    free(run);
    return took;
}

// ---- the sibling --------------------------------------------------------------------------------

static struct {
    Quiver *q;
    atomic_bool stop;
    size_t n;
    int64_t took[PIECES];
} sibling;

static void *work(void *unused)
{
    (void)unused;
    while (!sibling.stop) {
        int64_t from = now();
        QuiverValue *v = quiver_eval(sibling.q, "f(300)");
        if (!v) {
            exit(2);
        }
        quiver_release(sibling.q, v);
        if (sibling.n < PIECES) {
            sibling.took[sibling.n++] = now() - from;
        }
        usleep(500);
    }
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static pthread_t sibling_start(void)
{
    pthread_t thread;
    sibling.q = quiver_new(NULL);
    sibling.stop = false;
    sibling.n = 0;
    if (!sibling.q ||
        quiver_run(sibling.q, "def f(n):\n    x = 0\n    for i in range(n): x += i\n    return x\n",
                   "<s>") < 0 ||
        pthread_create(&thread, NULL, work, NULL) != 0) {
        exit(2);
    }
    return thread;
}

static double sibling_end(pthread_t thread)
{
    sibling.stop = true;
    pthread_join(thread, NULL);
    quiver_free(sibling.q);
    qsort(sibling.took, sibling.n, sizeof *sibling.took, by_size);
    return sibling.n ? (double)sibling.took[sibling.n * 99 / 100] / 1000 : 0;
}

// ---- the late ones ------------------------------------------------------------------------------

#define LATE 10000000 // ns

typedef struct Late {
    const char *name;
    const char *how;
    Took took;
} Late;

static int by_cpu(const void *a, const void *b)
{
    int64_t x = ((const Late *)a)->took.cpu, y = ((const Late *)b)->took.cpu;
    return (x < y) - (x > y);
}

// Of so many stops the one that took its thread longest.
static Took measure_worst(const Script *s, int head_start, int tries, bool deadline,
                          const char **ret_type)
{
    Took worst = {0};
    for (int i = 0; i < tries; i++) {
        int before = head_start - head_start * i / (2 * tries);
        Took t = measure(s, before, deadline, ret_type);
        if (t.wall < 0) {
            return t;
        }
        if (i == 0 || t.cpu > worst.cpu) {
            worst = t;
        }
    }
    return worst;
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fputs("usage: bench_stop_latency SCRIPTS MS_OF_HEAD_START TRIES PART PARTS [NAME]...\n",
              stderr);
        return 2;
    }
    read_scripts(argv[1]);
    int head_start = atoi(argv[2]), tries = atoi(argv[3]), bad = 0, late_cpu = 0;
    size_t part = (size_t)atoi(argv[4]), parts = (size_t)atoi(argv[5]), done = 0, nlate = 0;
    Late *late = calloc(2 * nscripts + 1, sizeof *late);
    if (tries < 1 || part < 1 || part > parts || !late) {
        return 2;
    }
    int64_t worst = 0;
    pthread_t thread = sibling_start();
    sleep(1);
    double quiet = sibling_end(thread);
    thread = sibling_start();
    printf("%-40s %10s %10s %10s %10s\n", "script: ms", "stop", "its CPU", "deadline", "its CPU");
    for (size_t i = part - 1; i < nscripts; i += parts) {
        if (!wanted(&scripts[i], argv + 6)) {
            continue;
        }
        printf("%-40.40s", scripts[i].name);
        fflush(stdout);
        for (int k = 0; k < 2; k++) {
            const char *type = "", *want = k ? "LimitExceeded" : "KeyboardInterrupt";
            Took t = measure_worst(&scripts[i], head_start, tries, k, &type);
            if (t.wall < 0) {
                printf(" %10s %10s", "never", ""); // its thread goes on
                late[nlate++] = (Late){scripts[i].name,
                                       k ? "deadline" : "stop",
                                       {.wall = INT64_MAX, .cpu = INT64_MAX}};
                bad++;
                done++;
                continue;
            }
            printf(" %10.3f %10.3f", (double)t.wall / 1e6, (double)t.cpu / 1e6);
            if (strcmp(type, want) != 0) {
                printf(" (%s)", type);
                bad++;
            }
            if (t.wall > LATE) {
                late[nlate++] = (Late){scripts[i].name, k ? "deadline" : "stop", t};
            }
            late_cpu += t.cpu > LATE;
            worst = t.wall > worst ? t.wall : worst;
            done++;
        }
        putchar('\n');
        fflush(stdout);
    }
    double busy = sibling_end(thread);
    qsort(late, nlate, sizeof *late, by_cpu);
    for (size_t i = 0; i < nlate; i++) {
        if (late[i].took.wall == INT64_MAX) {
            printf("late: %-40s %-8s never\n", late[i].name, late[i].how);
            continue;
        }
        printf("late: %-40s %-8s %10.3f ms, %10.3f of CPU time\n", late[i].name, late[i].how,
               (double)late[i].took.wall / 1e6, (double)late[i].took.cpu / 1e6);
    }
    printf("%zu stops, %zu over 10 ms (%d of CPU time), worst %.3f ms, %d with another error\n",
           done, nlate, late_cpu, (double)worst / 1e6, bad);
    printf("sibling's work: 99th percentile %.0f us, quiet %.0f us\n", busy, quiet);
    free(late);
    free(scripts);
    return bad ? 1 : 0;
}
