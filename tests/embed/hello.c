// SPDX-License-Identifier: MIT
// The program of the README, as it stands there.
// expect: 285
#include <quiver.h>
#include <stdio.h>

int main(void)
{
    Quiver *q = quiver_new(NULL);
    int64_t total = 0;
    QuiverValue *v = quiver_eval(q, "sum(n * n for n in range(10))");
    if (!v || quiver_to_int(q, v, &total) < 0) {
        fputs(quiver_error(q)->traceback, stderr);
    }
    printf("%lld\n", (long long)total);
    quiver_release(q, v);
    return quiver_free(q);
}
