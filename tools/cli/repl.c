// SPDX-License-Identifier: MIT
// The interactive loop.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/cli/cli.h"

// Adds a line to the text so far. False: no memory.
static bool add_line(char **text, size_t *n, const char *line, size_t len)
{
    char *more = realloc(*text, *n + len + 1);
    if (!more) {
        return false;
    }
    memcpy(more + *n, line, len);
    *n += len;
    more[*n] = 0;
    *text = more;
    return true;
}

int cli_repl(Quiver *q)
{
    bool tty = isatty(0);
    char *line = NULL, *text = NULL;
    size_t cap = 0, n = 0;
    int status = 0;
    if (tty) {
        printf("Quiver %s (Python 3.11). Ctrl-D ends.\n", quiver_version());
    }
    for (;;) {
        quiver_flush(q);
        if (tty) {
            fputs(n ? "... " : ">>> ", stdout);
            fflush(stdout);
        }
        ssize_t got = getline(&line, &cap, stdin);
        if (got < 0) {
            break;
        }
        if (!add_line(&text, &n, line, (size_t)got)) {
            status = 1;
            break;
        }
        int done = quiver_run_interactive(q, text, "<stdin>");
        if (done > 0) {
            continue;
        }
        n = 0;
        if (done < 0) {
            const QuiverError *e = quiver_error(q);
            if (e->is_exit) {
                status = e->exit_code & 0xFF;
                break;
            }
        }
    }
    if (tty) {
        putchar('\n');
    }
    free(line);
    free(text);
    return status;
}
