// SPDX-License-Identifier: MIT
// The options of the command, and the environment variables that stand for them.
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/cli/cli.h"

#define DIGITS_THRESHOLD 640 // sys.int_info.str_digits_check_threshold

#define VERSION_LINE "Python 3.11.2 (Quiver %s)\n" // programs look for the first two words

static const char usage_line[] = "usage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\n";

static const char options_text[] =
    "Options (and corresponding environment variables):\n"
    "-b     : warn about str(bytes) and about comparing bytes with str (-bb: raise)\n"
    "-B     : write no compiled files on import; also PYTHONDONTWRITEBYTECODE=x\n"
    "-c cmd : program passed in as string (terminates option list)\n"
    "-d     : sys.flags.debug; also PYTHONDEBUG=x\n"
    "-E     : ignore PYTHON* environment variables (such as PYTHONPATH)\n"
    "-h     : print this help message and exit (also -? or --help)\n"
    "-i     : prompt after running the program; also PYTHONINSPECT=x\n"
    "-I     : isolate from the user's environment (implies -E, -P and -s)\n"
    "-m mod : run library module as a script (terminates option list)\n"
    "-O     : without assertions and code that depends on __debug__; also PYTHONOPTIMIZE=x\n"
    "-OO    : do -O changes and also discard docstrings; also PYTHONOPTIMIZE=2\n"
    "-P     : put no script's folder in sys.path; also PYTHONSAFEPATH=x\n"
    "-q     : no greeting in an interactive session\n"
    "-s     : no user site folder in sys.path; also PYTHONNOUSERSITE=x\n"
    "-S     : don't imply 'import site'\n"
    "-u     : unbuffered standard output and error; also PYTHONUNBUFFERED=x\n"
    "-v     : sys.flags.verbose; also PYTHONVERBOSE=x\n"
    "-V     : print the version number and exit (also --version; -VV: more)\n"
    "-W arg : warning control; arg is action:message:category:module:lineno; also "
    "PYTHONWARNINGS=arg\n"
    "-x     : skip the first line of the source\n"
    "-X opt : set an implementation-specific option (see --help-xoptions)\n"
    "--check-hash-based-pycs always|default|never: how hashes of compiled files are checked\n"
    "--dis  : show the code instead of running it\n"
    "--ast  : show the syntax tree instead of running it\n"
    "Arguments:\n"
    "file   : program read from script file\n"
    "-      : program read from stdin (default; interactive mode if a tty)\n"
    "arg ...: arguments passed to program in sys.argv[1:]\n";

static const char xoptions_text[] =
    "The following implementation-specific options are available; others are kept in "
    "sys._xoptions.\n"
    "-X dev: development mode: more warnings; sys.flags.dev_mode\n"
    "-X faulthandler: tracebacks for crashes; also PYTHONFAULTHANDLER=x\n"
    "-X frozen_modules=[on|off]: os, io and the like come from the library before sys.path\n"
    "-X importtime: show how long each import takes; also PYTHONPROFILEIMPORTTIME=x\n"
    "-X int_max_str_digits=number: digits limit of int <-> str; also PYTHONINTMAXSTRDIGITS\n"
    "-X no_debug_ranges: tracebacks without columns; also PYTHONNODEBUGRANGES=x\n"
    "-X no_jit: no machine code is made (Quiver's own option)\n"
    "-X pycache_prefix=PATH: a parallel tree for compiled files; also PYTHONPYCACHEPREFIX\n"
    "-X utf8[=0|1]: UTF-8 mode; also PYTHONUTF8\n"
    "-X warn_default_encoding: sys.flags.warn_default_encoding; also "
    "PYTHONWARNDEFAULTENCODING=x\n";

static const char environment_text[] =
    "Environment variables:\n"
    "PYTHONPATH, PYTHONHOME, PYTHONSTARTUP, PYTHONHASHSEED, PYTHONIOENCODING, PYTHONUTF8,\n"
    "PYTHONINTMAXSTRDIGITS, PYTHONPYCACHEPREFIX, PYTHONDEVMODE, PYTHONFAULTHANDLER,\n"
    "PYTHONWARNDEFAULTENCODING, PYTHONBREAKPOINT, PYTHONPLATLIBDIR as in CPython; and those of the "
    "options.\n";

static int bad_usage(const CliOptions *o, const char *format, const char *what)
{
    fprintf(stderr, format, what);
    fprintf(stderr, usage_line, o->program);
    fputs("Try `quiver -h' for more information.\n", stderr);
    return 1 + 2;
}

static int bad_value(const char *message)
{
    fprintf(stderr, "quiver: %s\n", message);
    return 1 + 1;
}

static int help(const CliOptions *o, bool options, bool environment, bool xoptions)
{
    if (options) {
        printf(usage_line, o->program);
        fputs(options_text, stdout);
    }
    if (environment) {
        fputs(environment_text, stdout);
    }
    if (xoptions) {
        fputs(xoptions_text, stdout);
    }
    return 1;
}

static void add(CliList *list, const char *item)
{
    const char **more = realloc(list->items, (size_t)(list->n + 1) * sizeof *more);
    if (!more) {
        fputs("quiver: no memory\n", stderr);
        exit(1);
    }
    list->items = more;
    list->items[list->n++] = item;
}

// Digits limit: 0 no limit, else at least the threshold. False: something else.
static bool digits_limit(const char *text, int *ret)
{
    char *end;
    errno = 0;
    long v = strtol(text, &end, 10);
    if (end == text || *end || errno || v < 0 || v > INT_MAX || (v && v < DIGITS_THRESHOLD)) {
        return false;
    }
    *ret = v ? (int)v : -1;
    return true;
}

// The value of -X name or -X name=value; "" without one; NULL: another option.
static const char *x_value(const char *item, const char *name)
{
    size_t n = strlen(name);
    if (strncmp(item, name, n) != 0 || (item[n] && item[n] != '=')) {
        return NULL;
    }
    return item[n] ? item + n + 1 : "";
}

static const char *find_x(const CliOptions *o, const char *name)
{
    const char *found = NULL;
    for (int k = 0; k < o->x.n; k++) {
        const char *value = x_value(o->x.items[k], name);
        found = value ? value : found;
    }
    return found;
}

// A variable that is set and not empty; NULL otherwise, and with -E.
static const char *variable(const CliOptions *o, const char *name)
{
    const char *value = o->ignore_env ? NULL : getenv(name);
    return value && *value ? value : NULL;
}

// Variables that stand for an option given `value` times: PYTHONOPTIMIZE=2.
static void count_variable(const CliOptions *o, const char *name, int *level)
{
    const char *text = variable(o, name);
    if (text) {
        char *end;
        long v = strtol(text, &end, 10);
        int n = *end || v < 0 || v > INT_MAX ? 1 : (int)v;
        *level = n > *level ? n : *level;
    }
}

// PYTHONIOENCODING: encoding[:errors].
static void stream_encoding(CliOptions *o)
{
    const char *text = variable(o, "PYTHONIOENCODING");
    // The C locale says nothing about the encoding: bytes that are not UTF-8 pass through.
    const char *locale = setlocale(LC_CTYPE, NULL);
    bool c_locale = !locale || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
    if (c_locale && !find_x(o, "utf8") && !variable(o, "PYTHONUTF8")) {
        o->utf8_mode = true;
    }
    bool lenient = o->utf8_mode || c_locale || strcmp(locale ? locale : "", "C.UTF-8") == 0;
    o->errors = lenient ? "surrogateescape" : NULL;
    if (text) {
        char *copy = o->encoding_text = strdup(text), *colon = copy ? strchr(copy, ':') : NULL;
        if (colon) {
            *colon = 0;
        }
        if (copy && *copy) {
            o->encoding = copy;
            o->errors = NULL;
        }
        if (colon && colon[1]) {
            o->errors = colon + 1;
        }
    }
}

static int hash_seed(const CliOptions *o)
{
    const char *text = o->random_hash ? NULL : variable(o, "PYTHONHASHSEED");
    if (!text || strcmp(text, "random") == 0) {
        return 0;
    }
    char *end;
    errno = 0;
    unsigned long seed = strtoul(text, &end, 10);
    return *end || errno || seed > 4294967295ul || *text == '-'
               ? bad_value("PYTHONHASHSEED must be \"random\" or an integer in range [0; "
                           "4294967295]")
               : 0;
}

static int digits(CliOptions *o)
{
    const char *text = find_x(o, "int_max_str_digits");
    if (text) {
        return digits_limit(text, &o->int_max_str_digits)
                   ? 0
                   : bad_value("-X int_max_str_digits: invalid limit; must be >= 640 or 0 for "
                               "unlimited.");
    }
    text = variable(o, "PYTHONINTMAXSTRDIGITS");
    return !text || digits_limit(text, &o->int_max_str_digits)
               ? 0
               : bad_value("PYTHONINTMAXSTRDIGITS: invalid limit; must be >= 640 or 0 for "
                           "unlimited.");
}

static int utf8_mode(CliOptions *o)
{
    const char *text = find_x(o, "utf8");
    if (text && *text && strcmp(text, "0") != 0 && strcmp(text, "1") != 0) {
        return bad_value("invalid -X utf8 option value");
    }
    if (!text) {
        text = variable(o, "PYTHONUTF8");
        if (text && strcmp(text, "0") != 0 && strcmp(text, "1") != 0) {
            return bad_value("invalid PYTHONUTF8 environment variable value");
        }
    }
    o->utf8_mode = text && strcmp(text, "0") != 0;
    return 0;
}

static int frozen_modules(const CliOptions *o)
{
    const char *text = find_x(o, "frozen_modules");
    return !text || !*text || strcmp(text, "on") == 0 || strcmp(text, "off") == 0
               ? 0
               : bad_value("bad value for option -X frozen_modules (expected \"on\" or \"off\")");
}

// sys.warnoptions: -X dev, then the environment, then -W, then -b; the last one wins.
static void warnings(CliOptions *o)
{
    if (o->dev_mode) {
        add(&o->warn, "default");
    }
    const char *text = variable(o, "PYTHONWARNINGS");
    o->warn_text = text ? strdup(text) : NULL;
    for (char *item = o->warn_text ? strtok(o->warn_text, ",") : NULL; item;
         item = strtok(NULL, ",")) {
        add(&o->warn, item);
    }
    for (int k = 0; k < o->given.n; k++) {
        add(&o->warn, o->given.items[k]);
    }
    if (o->bytes_warning) {
        add(&o->warn, o->bytes_warning > 1 ? "error::BytesWarning" : "default::BytesWarning");
    }
}

static int environment(CliOptions *o)
{
    o->ignore_env |= o->isolated;
    o->no_user_site |= o->isolated || variable(o, "PYTHONNOUSERSITE");
    o->safe_path |= o->isolated || variable(o, "PYTHONSAFEPATH");
    o->unbuffered |= variable(o, "PYTHONUNBUFFERED") != NULL;
    o->no_bytecode |= variable(o, "PYTHONDONTWRITEBYTECODE") != NULL;
    o->inspect |= o->interactive || variable(o, "PYTHONINSPECT");
    count_variable(o, "PYTHONDEBUG", &o->debug);
    count_variable(o, "PYTHONOPTIMIZE", &o->optimize);
    count_variable(o, "PYTHONVERBOSE", &o->verbose);
    const char *dev = variable(o, "PYTHONDEVMODE");
    o->dev_mode = find_x(o, "dev") || (dev && strcmp(dev, "0") != 0);
    o->faulthandler = o->dev_mode || find_x(o, "faulthandler") || variable(o, "PYTHONFAULTHANDLER");
    o->warn_default_encoding = find_x(o, "warn_default_encoding") ||
                               variable(o, "PYTHONWARNDEFAULTENCODING");
    o->no_debug_ranges = find_x(o, "no_debug_ranges") || variable(o, "PYTHONNODEBUGRANGES");
    o->no_jit = find_x(o, "no_jit") != NULL;
    o->home = variable(o, "PYTHONHOME");
    const char *prefix = find_x(o, "pycache_prefix");
    prefix = prefix ? prefix : variable(o, "PYTHONPYCACHEPREFIX");
    o->pycache_prefix = prefix; // an empty one is none, whatever the environment says
    warnings(o);
    int status = utf8_mode(o);
    status = status ? status : frozen_modules(o);
    status = status ? status : hash_seed(o);
    status = status ? status : digits(o);
    stream_encoding(o);
    return status;
}

static const char *take_argument(int argc, char **argv, int *at, const char *rest)
{
    if (*rest) {
        return rest;
    }
    return *at + 1 < argc ? argv[++*at] : NULL;
}

// An option that begins with --. 0 go on, else 1 + the exit status.
static int long_option(int argc, char **argv, int *at, CliOptions *o)
{
    const char *arg = argv[*at];
    if (strcmp(arg, "--version") == 0) {
        printf(VERSION_LINE, quiver_version());
        return 1;
    }
    if (strcmp(arg, "--help") == 0) {
        return help(o, true, false, false);
    }
    if (strcmp(arg, "--help-env") == 0) {
        return help(o, false, true, false);
    }
    if (strcmp(arg, "--help-xoptions") == 0) {
        return help(o, false, false, true);
    }
    if (strcmp(arg, "--help-all") == 0) {
        return help(o, true, true, true);
    }
    if (strcmp(arg, "--dis") == 0 || strcmp(arg, "--ast") == 0) {
        o->show = arg[2];
        return 0;
    }
    if (strcmp(arg, "--check-hash-based-pycs") == 0) {
        const char *how = take_argument(argc, argv, at, "");
        if (!how || (strcmp(how, "always") != 0 && strcmp(how, "never") != 0 &&
                     strcmp(how, "default") != 0)) {
            return bad_usage(o, "%s must be one of 'default', 'always', or 'never'\n", arg);
        }
        o->check_pycs = *how == 'a' ? 1 : *how == 'n' ? -1 : 0;
        return 0;
    }
    return bad_usage(o, "unknown option %s\n", arg);
}

int cli_parse(int argc, char **argv, CliOptions *o)
{
    int at = 1, versions = 0;
    o->program = argc > 0 && argv[0] && *argv[0] ? argv[0] : "quiver";
    for (; at < argc && !o->command && !o->module; at++) {
        const char *arg = argv[at];
        if (arg[0] != '-' || !arg[1]) {
            break;
        }
        if (strcmp(arg, "--") == 0) {
            at++;
            break;
        }
        if (arg[1] == '-') {
            int early = long_option(argc, argv, &at, o);
            if (early) {
                return early;
            }
            continue;
        }
        for (const char *c = arg + 1; *c; c++) {
            char letter[2] = {*c, 0};
            switch (*c) {
            case 'c':
            case 'm':
            case 'W':
            case 'X': {
                const char *text = take_argument(argc, argv, &at, c + 1);
                if (!text) {
                    return bad_usage(o, "Argument expected for the -%s option\n", letter);
                }
                if (*c == 'W') {
                    add(&o->given, text);
                } else if (*c == 'X') {
                    add(&o->x, text);
                } else {
                    *(*c == 'c' ? &o->command : &o->module) = text;
                }
                c = "-"; // the rest of the word was the argument
                break;
            }
            case 'V': versions++; break;
            case 'h':
            case '?': return help(o, true, false, false);
            case 'i': o->interactive = true; break;
            case 'O': o->optimize++; break;
            case 'u': o->unbuffered = true; break;
            case 'B': o->no_bytecode = true; break;
            case 'E': o->ignore_env = true; break;
            case 'I': o->isolated = true; break;
            case 'S': o->no_site = true; break;
            case 's': o->no_user_site = true; break;
            case 'P': o->safe_path = true; break;
            case 'v': o->verbose++; break;
            case 'b': o->bytes_warning++; break;
            case 'd': o->debug++; break;
            case 'q': o->quiet = true; break;
            case 'x': o->skip_line = true; break;
            case 'R': o->random_hash = true; break;
            default: return bad_usage(o, "Unknown option: -%s\n", letter);
            }
        }
    }
    if (versions) {
        printf(versions > 1 ? "Python 3.11.2 (Quiver %s, " __DATE__ ") [" __VERSION__ "]\n"
                            : VERSION_LINE,
               quiver_version());
        return 1;
    }
    if (!o->command && !o->module && at < argc) {
        o->file = argv[at++];
    }
    o->args = argv + at;
    o->nargs = argc - at;
    return environment(o);
}

void cli_options_fini(CliOptions *o)
{
    free(o->warn.items);
    free(o->given.items);
    free(o->x.items);
    free(o->warn_text);
    free(o->encoding_text);
}
