// SPDX-License-Identifier: MIT
// Runs a program some times and prints one line for each: nanoseconds from fork to its end, and the
// KiB that it held at most. In C because a child's peak begins with its parent's size.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000000000 + t.tv_nsec;
}

int main(int argc, char **argv)
{
    int times = argc > 2 ? atoi(argv[1]) : 0;
    if (times < 1) {
        fputs("usage: bench_process_start TIMES PROGRAM [ARGUMENT]...\n", stderr);
        return 2;
    }
    for (int k = 0; k < times; k++) {
        long long start = now();
        pid_t child = fork();
        if (child == 0) {
            execvp(argv[2], argv + 2);
            _exit(127);
        }
        int status;
        struct rusage used;
        if (child < 0 || wait4(child, &status, 0, &used) != child || status != 0) {
            fprintf(stderr, "%s did not run\n", argv[2]);
            return 1;
        }
        printf("%lld %ld\n", now() - start, used.ru_maxrss);
    }
    return 0;
}
