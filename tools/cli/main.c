// SPDX-License-Identifier: MIT
// The command `quiver`: runs a file, a command, a module, standard input, or a REPL.
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interpreters/quiver.h"
#include "tools/cli/cli.h"

#define LOST_OUTPUT  120  // exit status: what was printed could not be written
#define BY_INTERRUPT 1000 // no exit status: ends by SIGINT

// The folder of a script, for sys.path[0]; malloc'ed.
static char *folder_of(const char *file)
{
    char *real = realpath(file, NULL);
    if (!real) {
        real = strdup(file);
    }
    char *slash = real ? strrchr(real, '/') : NULL;
    if (slash) {
        *(slash == real ? slash + 1 : slash) = 0;
    } else if (real) {
        *real = 0;
    }
    return real;
}

// The exit code for what a run left uncaught; sys.excepthook has told about it.
static int report(Quiver *q)
{
    const QuiverError *e = quiver_error(q);
    if (e->is_exit) {
        return e->exit_code & 0xFF;
    }
    return strcmp(e->type, "KeyboardInterrupt") == 0 ? BY_INTERRUPT : 1;
}

// All that a file has, in a malloc'ed block; NULL: no memory, or errno.
static char *read_all(FILE *f, size_t *ret_n)
{
    size_t n = 0, cap = 0;
    char *data = NULL;
    for (;;) {
        if (n == cap) {
            cap = cap ? 2 * cap : 4096;
            char *more = realloc(data, cap);
            if (!more) {
                break;
            }
            data = more;
        }
        size_t got = fread(data + n, 1, cap - n, f);
        n += got;
        if (got == 0 && !ferror(f)) {
            *ret_n = n;
            return data;
        }
        if (got == 0) {
            break;
        }
    }
    free(data);
    return NULL;
}

// Standard input, or with -x a file, from its second line on (the newline stays: line numbers).
static int run_stream(Quiver *q, FILE *f, const char *name, bool skip_line)
{
    size_t n = 0;
    char *source = f ? read_all(f, &n) : NULL;
    if (!source) {
        fprintf(stderr, "quiver: can't read '%s': [Errno %d] %s\n", name, errno, strerror(errno));
        return -1;
    }
    const char *from = skip_line ? memchr(source, '\n', n) : source;
    from = from ? from : source + n;
    int status = quiver_run_source(q, from, n - (size_t)(from - source), name);
    free(source);
    return status;
}

static int run_file(Quiver *q, const CliOptions *o, const char *path)
{
    if (!o->skip_line) {
        return quiver_run_file(q, path);
    }
    FILE *f = fopen(path, "rb");
    int status = run_stream(q, f, path, true);
    if (f) {
        fclose(f);
    }
    return status;
}

// -c; the text ends with a newline, which error messages show.
static int run_command(Quiver *q, const char *command)
{
    size_t n = strlen(command);
    char *source = malloc(n + 2);
    if (!source) {
        fputs("quiver: no memory\n", stderr);
        return -1;
    }
    memcpy(source, command, n);
    memcpy(source + n, "\n", 2);
    QuiverValue *text = quiver_str(q, source, -1);
    if (!text) {
        fprintf(stderr, "Unable to decode the command from the command line:\n%s: %s\n",
                quiver_error(q)->type, quiver_error(q)->message);
        quiver_error_clear(q);
        free(source);
        return -1;
    }
    quiver_release(q, text);
    int status = quiver_run(q, source, "<string>");
    free(source);
    return status;
}

// A path as messages show it; malloc'ed.
static char *absolute(const char *path)
{
    char *cwd = *path == '/' ? NULL : getcwd(NULL, 0), *joined = NULL;
    if (cwd && asprintf(&joined, *path ? "%s/%s" : "%s%s", cwd, path) < 0) {
        joined = NULL;
    }
    free(cwd);
    return joined ? joined : strdup(path);
}

// A zip archive ends with a directory, whose record has this mark; a comment may follow.
static bool is_archive(const char *path)
{
    FILE *f = fopen(path, "rb");
    char tail[4096];
    bool found = false;
    if (f && (fseek(f, -(long)sizeof tail, SEEK_END) == 0 || fseek(f, 0, SEEK_SET) == 0)) {
        size_t n = fread(tail, 1, sizeof tail, f);
        found = memmem(tail, n, "PK\5\6", 4) != NULL;
    }
    if (f) {
        fclose(f);
    }
    return found;
}

typedef enum Kind {
    KIND_COMMAND,
    KIND_MODULE,
    KIND_FILE,
    KIND_FOLDER /* or a zip file */,
    KIND_STDIN
} Kind;

static bool has_main(const char *folder)
{
    static const char *const names[] = {"__main__.py", "__main__.pyc", "__main__/__init__.py"};
    bool found = false;
    for (size_t k = 0; !found && k < sizeof names / sizeof *names; k++) {
        char *path;
        if (asprintf(&path, "%s/%s", folder, names[k]) >= 0) {
            found = access(path, F_OK) == 0;
            free(path);
        }
    }
    return found;
}

// What there is to run. 0, or the exit status after a message.
static int find_program(const CliOptions *o, Kind *ret)
{
    *ret = o->command                             ? KIND_COMMAND
           : o->module                            ? KIND_MODULE
           : o->file && strcmp(o->file, "-") != 0 ? KIND_FILE
                                                  : KIND_STDIN;
    if (*ret != KIND_FILE) {
        return 0;
    }
    struct stat st;
    const char *path = *o->file ? o->file : ".";
    char *shown = absolute(o->file);
    int status = 0;
    if (stat(path, &st) < 0 || access(path, R_OK) < 0) {
        fprintf(stderr, "%s: can't open file '%s': [Errno %d] %s\n", o->program, shown, errno,
                strerror(errno));
        status = 2;
    } else if (S_ISDIR(st.st_mode)) {
        *ret = KIND_FOLDER;
        if (!has_main(path)) {
            fprintf(stderr, "%s: can't find '__main__' module in '%s'\n", o->program, shown);
            status = 1;
        }
    } else if (S_ISREG(st.st_mode) && is_archive(path)) {
        *ret = KIND_FOLDER;
    }
    free(shown);
    return status;
}

// -X sandbox, -X read=DIR, -X write=DIR: what the program may reach (quiver.h, capabilities).
#define MOST_DIRS 16
typedef struct Limits {
    const char *dirs[2][MOST_DIRS];
} Limits;

static void limit(QuiverConfig *config, const CliOptions *o, Limits *limits)
{
    for (int k = 0; k < o->x.n; k++) {
        const char *x = o->x.items[k];
        bool read = strncmp(x, "read=", 5) == 0, write = strncmp(x, "write=", 6) == 0;
        if (strcmp(x, "sandbox") == 0) {
            quiver_config_sandbox(config);
        } else if (read && config->nread_dirs < MOST_DIRS) {
            limits->dirs[0][config->nread_dirs++] = x + 5;
        } else if (write && config->nwrite_dirs < MOST_DIRS) {
            limits->dirs[1][config->nwrite_dirs++] = x + 6;
        }
    }
    config->read_dirs = limits->dirs[0];
    config->write_dirs = limits->dirs[1];
}

static void configure(QuiverConfig *config, const CliOptions *o)
{
    config->optimize = o->optimize > 2 ? 2 : o->optimize;
    config->no_site = o->no_site;
    config->isolated = o->isolated;
    config->ignore_env = o->ignore_env;
    config->safe_path = o->safe_path;
    config->no_user_site = o->no_user_site;
    config->unbuffered = o->unbuffered;
    config->dont_write_bytecode = o->no_bytecode;
    config->interactive = o->interactive;
    config->inspect = o->inspect;
    config->quiet = o->quiet;
    config->debug = o->debug;
    config->dev_mode = o->dev_mode;
    config->verbose = o->verbose;
    config->bytes_warning = o->bytes_warning;
    config->int_max_str_digits = o->int_max_str_digits;
    config->locale_streams = !o->utf8_mode;
    config->warn_default_encoding = o->warn_default_encoding;
    config->no_debug_ranges = o->no_debug_ranges;
    config->no_jit = o->no_jit;
    config->check_pycs = o->check_pycs;
    config->stdio_encoding = o->encoding;
    config->stdio_errors = o->errors;
    config->pycache_prefix = o->pycache_prefix;
    config->warnoptions = o->warn.items;
    config->nwarn = o->warn.n;
    config->xoptions = o->x.items;
    config->nxoptions = o->x.n;
    config->report_uncaught = true;
    config->signals = true;
}

// The program may ask for the prompt itself: os.environ['PYTHONINSPECT'].
static bool wants_prompt(const CliOptions *o)
{
    const char *value = o->ignore_env ? NULL : getenv("PYTHONINSPECT");
    return o->inspect || (value && *value);
}

static int run(Quiver *q, const CliOptions *o, Kind kind)
{
    int done = -1;
    switch (kind) {
    case KIND_COMMAND: done = run_command(q, o->command); break;
    case KIND_MODULE: done = quiver_run_module(q, o->module); break;
    case KIND_FOLDER: done = quiver_run_module(q, "__main__"); break;
    case KIND_FILE: done = run_file(q, o, o->file); break;
    case KIND_STDIN: done = run_stream(q, stdin, "<stdin>", o->skip_line); break;
    }
    return done < 0 ? report(q) : 0;
}

// The library reads the seed of hashes from the environment, which -E and -R say is not to be: it
// is away while the interpreter is made, and there again for the program and its children.
static Quiver *new_interpreter(const QuiverConfig *config, const CliOptions *o)
{
    const char *seed = o->ignore_env || o->random_hash ? getenv("PYTHONHASHSEED") : NULL;
    char *copy = seed ? strdup(seed) : NULL;
    if (copy) {
        unsetenv("PYTHONHASHSEED");
    }
    Quiver *q = quiver_new(config);
    if (q && copy) {
        quiver_release(q, quiver_import(q, "sys")); // its flags
    }
    if (copy) {
        setenv("PYTHONHASHSEED", copy, 1);
        free(copy);
    }
    return q;
}

// What sys says of the installation that a virtual environment is made from.
static void set_base(Quiver *q, const CliVenv *venv)
{
    QuiverValue *sys = quiver_import(q, "sys");
    const char *names[2] = {"_home", "_base_executable"};
    const char *values[2] = {venv->home, venv->base_executable};
    for (int k = 0; sys && k < 2; k++) {
        QuiverValue *value = values[k] ? quiver_str(q, values[k], -1) : NULL;
        if (value) {
            quiver_set_attr(q, sys, names[k], value);
        }
        quiver_release(q, value);
    }
    quiver_release(q, sys);
    quiver_error_clear(q);
}

// Exit status, or BY_INTERRUPT.
static int command(int argc, char **argv, CliOptions *o)
{
    Kind kind;
    char *folder = NULL, *stdlib = NULL;
    setlocale(LC_CTYPE, "");
    int early = cli_parse(argc, argv, o);
    if (early) {
        return fflush(stdout) < 0 && early == 1 ? LOST_OUTPUT : early - 1;
    }
    int bad = find_program(o, &kind);
    if (bad) {
        return bad;
    }
    if (o->show) {
        return cli_show(o);
    }
    bool repl = kind == KIND_STDIN && !o->file && (o->interactive || isatty(0));
    const char **args = calloc((size_t)o->nargs + 2, sizeof *args);
    if (!args) {
        return 1;
    }
    args[0] = o->command ? "-c" : o->module ? "-m" : o->file ? o->file : "";
    for (int k = 0; k < o->nargs; k++) {
        args[k + 1] = o->args[k];
    }
    char *exe = cli_executable(o->program);
    CliVenv venv = {0};
    cli_venv(exe, &venv);
    const char *path[1];
    QuiverConfig config;
    quiver_config_init(&config);
    config.argc = o->nargs + 1;
    config.argv = args;
    config.orig_argv = (const char *const *)argv;
    config.norig = argc;
    config.executable = exe;
    configure(&config, o);
    config.venv = venv.folder;
    config.venv_system_site = venv.system_site;
    Limits limits;
    limit(&config, o, &limits);
    if (o->home && asprintf(&stdlib, "%s/lib/python3.11", o->home) > 0) {
        config.stdlib_dir = stdlib;
    }
    if (kind == KIND_FOLDER) {
        folder = strdup(o->file); // the program's modules are in it, whatever -P says
    } else if (!o->safe_path) {
        folder = kind == KIND_FILE     ? folder_of(o->file)
                 : kind == KIND_MODULE ? getcwd(NULL, 0)
                                       : strdup("");
    }
    if (folder) {
        path[0] = folder;
        config.path = path;
        config.npath = 1;
    }
    Quiver *q = new_interpreter(&config, o);
    if (!q) {
        fputs("quiver: cannot create an interpreter: no memory\n", stderr);
        return 1;
    }
    int status = 0;
    quiver_enter(q); // once, for many small calls
    if (config.nwarn > 0) {
        // It reads sys.warnoptions; without a standard library they have no effect.
        quiver_release(q, quiver_import(q, "warnings"));
        quiver_error_clear(q);
    }
    if (o->faulthandler) {
        quiver_release(q, quiver_eval(q, "__import__('faulthandler').enable()"));
        quiver_error_clear(q);
    }
    if (venv.folder) {
        set_base(q, &venv);
    }
    if (!o->no_site) {
        cli_site(q, o);
    }
    quiver_leave(q);
    if (!repl) {
        status = run(q, o, kind);
    }
    if (repl || wants_prompt(o)) {
        status = cli_repl(q, o->quiet || !repl, o->interactive);
    }
    if (quiver_free(q) > 0 && status == 0) {
        status = LOST_OUTPUT;
    }
    free(args);
    free(folder);
    free(stdlib);
    free(exe);
    cli_venv_fini(&venv);
    return status;
}

int main(int argc, char **argv)
{
    CliOptions o = {0};
    int status = command(argc, argv, &o);
    cli_options_fini(&o);
    if (status == BY_INTERRUPT) { // the shell shall see what ended us
        signal(SIGINT, SIG_DFL);
        kill(getpid(), SIGINT);
        return 130;
    }
    return status;
}
