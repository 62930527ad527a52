// SPDX-License-Identifier: MIT
// Standard output that goes to a channel which another interpreter reads; what a full one drops.
#include "_check.h"

int main(void)
{
    Quiver *reader = fresh();
    run(reader, "import channels\ntx, rx = channels.open(3)\n");
    QuiverConfig config;
    quiver_config_init(&config);
    config.stdout_stream = QUIVER_STREAM_CHANNEL;
    config.stdout_channel = (uint64_t)eval_int(reader, "tx.id");
    config.stderr_stream = QUIVER_STREAM_NULL;
    Quiver *writer = quiver_new(&config);
    CHECK(writer);
    run(writer, "print('a')\nprint('b')\nprint('c')\nprint('dropped')\n");
    run(reader, "assert rx.recv_many(9) == [b'a\\n', b'b\\n', b'c\\n'] and not len(rx)\n");
    CHECK(quiver_free(writer) == 0);
    config.overflow = QUIVER_OVERFLOW_RAISE;
    writer = quiver_new(&config);
    CHECK(writer);
    run(writer, "print('1')\nprint('2')\nprint('3')\n");
    CHECK(quiver_run(writer, "print('4')", "<writer>") < 0);
    CHECK_TEXT(quiver_error(writer)->type, "OSError");
    run(reader, "rx.close(); tx.close()\n");
    CHECK(quiver_run(writer, "import sys\nsys.stdout = None\n", "<writer>") == 0);
    quiver_free(writer); // what it still held has nowhere to go
    CHECK(quiver_free(reader) == 0);
    puts("ok");
    return 0;
}
