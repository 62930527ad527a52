// SPDX-License-Identifier: MIT
// A thousand interpreters at once in one process, each with its own world; all memory comes back.
// expect: 1000 alive
// expect: sum 499500
// expect: 0 alive, all memory returned
#include <quiver.h>
#include <stdio.h>

enum { COUNT = 1000 };

int main(void)
{
    static Quiver *all[COUNT];
    uint64_t before = quiver_process_live_bytes();
    for (int i = 0; i < COUNT; i++) {
        all[i] = quiver_new(NULL);
        QuiverValue *n = quiver_int(all[i], i);
        if (!n || quiver_set(all[i], "n", n) < 0 || quiver_run(all[i], "x = [n]", "<x>") < 0) {
            return 1;
        }
        quiver_release(all[i], n);
    }
    printf("%zu alive\n", quiver_count());

    int64_t sum = 0, one;
    for (int i = 0; i < COUNT; i++) {
        QuiverValue *v = quiver_eval(all[i], "x[0]");
        if (!v || quiver_to_int(all[i], v, &one) < 0) {
            return 1;
        }
        sum += one;
        quiver_release(all[i], v);
        quiver_free(all[i]);
    }
    printf("sum %lld\n", (long long)sum);
    printf("%zu alive, %s\n", quiver_count(),
           quiver_process_live_bytes() == before ? "all memory returned" : "memory is missing");
    return 0;
}
