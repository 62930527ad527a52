// SPDX-License-Identifier: MIT
// What the parts of the command line share.
#ifndef QV_TOOLS_CLI_CLI_H
#define QV_TOOLS_CLI_CLI_H

#include <stdbool.h>

#include "interpreters/quiver.h"

#define CLI_MAX_WARN 32

typedef struct CliOptions {
    const char *command, *module, *file;
    char **args; // of the program
    int nargs;
    const char *warn[CLI_MAX_WARN];
    int nwarn;
    int optimize;
    char show; // 'd' --dis, 'a' --ast, 0 run
    bool interactive, unbuffered, no_bytecode, ignore_env, isolated, no_site, safe_path, verbose;
} CliOptions;

int cli_repl(Quiver *q);           // until end of input; exit status
int cli_show(const CliOptions *o); // --dis, --ast; exit status

#endif
