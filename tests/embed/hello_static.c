// SPDX-License-Identifier: MIT
// The static library, with what quiver.pc names for it.
// link: static
// expect: 45
#include "_check.h"

int main(void)
{
    Quiver *q = fresh();
    run(q, "print(sum(range(10)))");
    CHECK_TEXT(quiver_version(), "0.1.0");
    return quiver_free(q);
}
