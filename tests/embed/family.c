// SPDX-License-Identifier: MIT
// What scripts have made ends with the host's interpreter, also where the script was stopped before
// it could name or close it; and when that one is reset.
#include "_check.h"

static const char script[] =
    "import _interpreters\n"
    "for k in range(20): _interpreters.create(reqrefs=True)\n" // no object names them
    "id = _interpreters.create(reqrefs=True)\n"
    "_interpreters.incref(id)\n" // for ever
    "_interpreters.exec(id, 'import _interpreters; _interpreters.create(reqrefs=True)')\n";

int main(void)
{
    uint64_t before = quiver_process_live_bytes();
    Quiver *other = fresh();
    run(other, "from concurrent import interpreters\ni = interpreters.create()");
    Quiver *q = fresh();
    for (int k = 0; k < 3; k++) {
        run(q, script);
        CHECK(quiver_count() == 3 + 22);
        CHECK(quiver_reset(q) == 0);
        CHECK(quiver_count() == 3);
    }
    run(q, script);
    CHECK(quiver_free(q) == 0);
    CHECK(quiver_count() == 2); // another host interpreter's family
    run(other, "assert i.call(len, 'abc') == 3");
    CHECK(quiver_free(other) == 0);
    CHECK(quiver_count() == 0 && quiver_process_live_bytes() == before);
    return 0;
}
