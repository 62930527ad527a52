// SPDX-License-Identifier: MIT
// What the parts of the command line share.
#ifndef QV_TOOLS_CLI_CLI_H
#define QV_TOOLS_CLI_CLI_H

#include <stdbool.h>

#include "interpreters/quiver.h"

// A list of strings that grows; it owns no string.
typedef struct CliList {
    const char **items;
    int n;
} CliList;

typedef struct CliOptions {
    const char *program; // argv[0]
    const char *command, *module, *file;
    char **args; // of the program
    int nargs;
    CliList warn;                      // sys.warnoptions, in order
    CliList given;                     // -W, in order
    char *warn_text;                   // owned: PYTHONWARNINGS, cut into items of warn
    char *encoding_text;               // owned: PYTHONIOENCODING, cut into encoding and errors
    CliList x;                         // sys._xoptions
    const char *encoding, *errors;     // of the standard streams, or NULL
    const char *pycache_prefix, *home; // or NULL
    int optimize, verbose, bytes_warning;
    int int_max_str_digits; // as QuiverConfig has it
    char show;              // 'd' --dis, 'a' --ast, 0 run
    bool interactive;       // -i: a prompt after the program
    bool inspect;           // -i or PYTHONINSPECT
    bool unbuffered, no_bytecode, ignore_env, isolated, no_site, no_user_site, safe_path, quiet;
    bool random_hash; // -R: whatever PYTHONHASHSEED says
    int debug;
    bool dev_mode, utf8_mode, warn_default_encoding, skip_line, faulthandler;
    bool no_debug_ranges;
    bool no_jit;
    int check_pycs; // as QuiverConfig has it
} CliOptions;

// Options, then the environment where they leave something open. 0 go on, else 1 + the exit status.
int cli_parse(int argc, char **argv, CliOptions *o);
void cli_options_fini(CliOptions *o);

// A virtual environment; all zero: there is none. The strings are owned.
typedef struct CliVenv {
    char *folder, *home; // sys.prefix, sys._home
    char *base_executable;
    bool system_site;
} CliVenv;

// The command as it was called: an absolute path, malloc'ed, or NULL.
char *cli_executable(const char *program);
// The environment that a program stands in.
void cli_venv(const char *executable, CliVenv *ret);
void cli_venv_fini(CliVenv *venv);

void cli_site(Quiver *q, const CliOptions *o); // what the site module does at start
// Until end of input; exit status. prompts: also when standard input is no terminal.
int cli_repl(Quiver *q, bool quiet, bool prompts);
int cli_show(const CliOptions *o); // --dis, --ast; exit status

#endif
