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

static const char usage[] =
    "usage: quiver [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
    "  -c cmd      run cmd as a program; terminates the option list\n"
    "  -m mod      run a library module as a program; terminates the option list\n"
    "  file        run a script file; -: read the program from standard input\n"
    "  -i          inspect interactively after running the program\n"
    "  -O, -OO     without assertions; and without doc strings\n"
    "  -u          unbuffered standard streams\n"
    "  -B          write no compiled files\n"
    "  -E, -I, -S, -s, -P  ignore the environment; isolated; no site; no user site; no script "
    "folder in sys.path\n"
    "  -v, -q, -x, -b, -d, -W arg, -X opt  as in CPython (accepted)\n"
    "  --dis       show the code instead of running it\n"
    "  --ast       show the syntax tree instead of running it\n"
    "  -V, --version, -h, --help\n";

static void bad_usage(const char *format, const char *what)
{
    fprintf(stderr, format, what);
    fputs("usage: quiver [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `quiver -h' for "
          "more information.\n",
          stderr);
}

static const char *take_argument(int argc, char **argv, int *at, const char *rest)
{
    if (*rest) {
        return rest;
    }
    return *at + 1 < argc ? argv[++*at] : NULL;
}

// Options up to the program. 0 go on, else 1 + the exit status.
static int parse_options(int argc, char **argv, CliOptions *o)
{
    int at = 1;
    for (; at < argc; at++) {
        const char *arg = argv[at];
        if (arg[0] != '-' || !arg[1]) {
            break;
        }
        if (strcmp(arg, "--") == 0) {
            at++;
            break;
        }
        if (strcmp(arg, "--version") == 0) {
            printf("Quiver %s (Python 3.11)\n", quiver_version());
            return 1;
        }
        if (strcmp(arg, "--help") == 0) {
            fputs(usage, stdout);
            return 1;
        }
        if (strcmp(arg, "--dis") == 0 || strcmp(arg, "--ast") == 0) {
            o->show = arg[2];
            continue;
        }
        if (arg[1] == '-') {
            bad_usage("unknown option %s\n", arg);
            return 1 + 2;
        }
        for (const char *c = arg + 1; *c; c++) {
            char letter[3] = {'-', *c, 0};
            switch (*c) {
            case 'c':
            case 'm': {
                const char *text = take_argument(argc, argv, &at, c + 1);
                if (!text) {
                    bad_usage("Argument expected for the %s option\n", letter);
                    return 1 + 2;
                }
                *(*c == 'c' ? &o->command : &o->module) = text;
                o->args = argv + at + 1;
                o->nargs = argc - at - 1;
                return 0;
            }
            case 'W':
            case 'X': {
                const char *text = take_argument(argc, argv, &at, c + 1);
                if (!text) {
                    bad_usage("Argument expected for the %s option\n", letter);
                    return 1 + 2;
                }
                if (*c == 'W' && o->nwarn < CLI_MAX_WARN) {
                    o->warn[o->nwarn++] = text;
                }
                c += strlen(c) - 1;
                break;
            }
            case 'V': printf("Quiver %s (Python 3.11)\n", quiver_version()); return 1;
            case 'h':
            case '?': fputs(usage, stdout); return 1;
            case 'i': o->interactive = true; break;
            case 'O': o->optimize++; break;
            case 'u': o->unbuffered = true; break;
            case 'B': o->no_bytecode = true; break;
            case 'E': o->ignore_env = true; break;
            case 'I': o->isolated = true; break;
            case 'S': o->no_site = true; break;
            case 'P': o->safe_path = true; break;
            case 'v': o->verbose = true; break;
            case 'b':
            case 'd':
            case 'q':
            case 's':
            case 'x':
            case 'R': break;
            default: bad_usage("unknown option %s\n", letter); return 1 + 2;
            }
        }
    }
    if (at < argc) {
        o->file = argv[at++];
    }
    o->args = argv + at;
    o->nargs = argc - at;
    return 0;
}

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
    return strcmp(e->type, "KeyboardInterrupt") == 0 ? 130 : 1;
}

// builtins.<name> = value, which is released.
static void put_builtin(Quiver *q, QuiverValue *builtins, const char *name, QuiverValue *value)
{
    if (value) {
        quiver_set_attr(q, builtins, name, value);
        quiver_release(q, value);
    }
}

// What CPython's site module adds for people at a prompt: exit, quit, help. Without a standard
// library there is none.
static void add_site_builtins(Quiver *q)
{
    QuiverValue *site = quiver_import(q, "_sitebuiltins"), *builtins = quiver_import(q, "builtins");
    QuiverValue *quitter = site ? quiver_attr(q, site, "Quitter") : NULL;
    QuiverValue *helper = site ? quiver_attr(q, site, "_Helper") : NULL;
    static const char *const names[] = {"exit", "quit"};
    for (int k = 0; quitter && builtins && k < 2; k++) {
        QuiverValue *args[2] = {quiver_str(q, names[k], -1),
                                quiver_str(q, "Ctrl-D (i.e. EOF)", -1)};
        put_builtin(q, builtins, names[k], quiver_call(q, quitter, args, 2, NULL, 0));
        quiver_release(q, args[0]);
        quiver_release(q, args[1]);
    }
    if (helper && builtins) {
        put_builtin(q, builtins, "help", quiver_call(q, helper, NULL, 0, NULL, 0));
    }
    quiver_release(q, helper);
    quiver_release(q, quitter);
    quiver_release(q, builtins);
    quiver_release(q, site);
    quiver_error_clear(q);
}

static Quiver *running; // the one that Ctrl-C interrupts

static void on_interrupt(int sig)
{
    (void)sig;
    if (running) {
        quiver_interrupt(running);
    }
}

static char *read_all(FILE *f)
{
    size_t n = 0, cap = 0;
    char *data = NULL;
    for (;;) {
        if (n + 1 >= cap) {
            cap = cap ? 2 * cap : 4096;
            char *more = realloc(data, cap);
            if (!more) {
                free(data);
                return NULL;
            }
            data = more;
        }
        size_t got = fread(data + n, 1, cap - n - 1, f);
        n += got;
        if (got == 0) {
            data[n] = 0;
            return data;
        }
    }
}

static int run_stdin(Quiver *q)
{
    char *source = read_all(stdin);
    if (!source) {
        fputs("quiver: cannot read standard input\n", stderr);
        return -1;
    }
    int status = quiver_run(q, source, "<stdin>");
    free(source);
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
    int status = quiver_run(q, source, "<string>");
    free(source);
    return status;
}

int main(int argc, char **argv)
{
    CliOptions o = {0};
    int early = parse_options(argc, argv, &o);
    if (early) {
        return early - 1;
    }
    bool from_stdin = !o.command && !o.module && (!o.file || strcmp(o.file, "-") == 0);
    bool repl = from_stdin && !o.file && isatty(0);
    if (o.file && !from_stdin && access(o.file, R_OK) < 0) {
        fprintf(stderr, "%s: can't open file '%s': [Errno %d] %s\n", argv[0], o.file, errno,
                strerror(errno));
        return 2;
    }
    struct stat st;
    if (o.file && !from_stdin && stat(o.file, &st) == 0 && S_ISDIR(st.st_mode)) {
        fprintf(stderr, "%s: can't find '__main__' module in '%s'\n", argv[0], o.file);
        return 1;
    }
    if (o.show) {
        return cli_show(&o);
    }

    const char **args = calloc((size_t)o.nargs + 2, sizeof *args);
    char *folder = NULL, *exe = realpath("/proc/self/exe", NULL);
    if (!args) {
        return 1;
    }
    args[0] = o.command ? "-c" : o.module ? "-m" : o.file ? o.file : "";
    for (int k = 0; k < o.nargs; k++) {
        args[k + 1] = o.args[k];
    }
    const char *path[1];
    QuiverConfig config;
    quiver_config_init(&config);
    config.argc = o.nargs + 1;
    config.argv = args;
    config.executable = exe;
    config.optimize = o.optimize > 2 ? 2 : o.optimize;
    config.no_site = o.no_site;
    config.isolated = o.isolated || o.ignore_env;
    config.unbuffered = o.unbuffered;
    config.dont_write_bytecode = o.no_bytecode;
    config.interactive = o.interactive || repl;
    config.verbose = o.verbose;
    config.warnoptions = o.warn;
    config.nwarn = o.nwarn;
    config.report_uncaught = true;
    if (!o.isolated && !o.safe_path) {
        folder = o.file && !from_stdin ? folder_of(o.file)
                 : o.module            ? getcwd(NULL, 0)
                                       : strdup("");
        if (folder) {
            path[0] = folder;
            config.path = path;
            config.npath = 1;
        }
    }
    Quiver *q = quiver_new(&config);
    if (!q) {
        fputs("quiver: cannot create an interpreter: no memory\n", stderr);
        return 1;
    }
    running = q;
    struct sigaction sa = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &sa, NULL);
    signal(SIGPIPE, SIG_IGN);

    int status = 0;
    if (!o.no_site) {
        add_site_builtins(q);
    }
    if (repl) {
        status = cli_repl(q);
    } else {
        int done = o.command    ? run_command(q, o.command)
                   : o.module   ? quiver_run_module(q, o.module)
                   : from_stdin ? run_stdin(q)
                                : quiver_run_file(q, o.file);
        if (done < 0) {
            status = report(q);
        }
        if (o.interactive) {
            status = cli_repl(q);
        }
    }
    running = NULL;
    if (quiver_free(q) < 0 && status == 0) {
        status = 120;
    }
    free(args);
    free(folder);
    free(exe);
    return status;
}
