// SPDX-License-Identifier: MIT
// --dis and --ast: what the compiler makes of a program.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/cli/cli.h"

int cli_show(const CliOptions *o)
{
    Quiver *q = quiver_new(NULL);
    char *text = NULL;
    int status = 1;
    if (!q) {
        return 1;
    }
    if (quiver_show_code(q, o->command, o->command ? "<string>" : o->file, o->show == 'a', &text) ==
        0) {
        fputs(text, stdout);
        status = 0;
    } else {
        fputs(quiver_error(q)->traceback, stderr);
    }
    quiver_string_free(text);
    quiver_free(q);
    return status;
}
