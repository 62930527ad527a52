// SPDX-License-Identifier: MIT
// What scripts print and read: into a buffer of the host, from a text of the host.
// expect: out 27: Name?Hello, Ada!|3 letters|
// expect: err has the traceback: yes
#include <quiver.h>
#include <stdio.h>
#include <string.h>

typedef struct Console {
    char text[2][1024]; // standard output, standard error
    size_t used[2];
    const char *input; // what is left
} Console;

// Called with the interpreter's lock held: it only copies.
static int write_console(void *user, int fd, const char *data, size_t size)
{
    Console *c = user;
    int k = fd - 1;
    size_t room = sizeof c->text[k] - 1 - c->used[k];
    size = size < room ? size : room; // the rest is cut off
    memcpy(c->text[k] + c->used[k], data, size);
    c->used[k] += size;
    return 0;
}

static ptrdiff_t read_console(void *user, char *data, size_t size)
{
    Console *c = user;
    size_t n = strlen(c->input);
    n = n < size ? n : size;
    memcpy(data, c->input, n);
    c->input += n;
    return (ptrdiff_t)n;
}

int main(void)
{
    static Console console = {.input = "Ada\n"};
    QuiverConfig config;
    quiver_config_init(&config);
    config.write = write_console;
    config.read = read_console;
    config.user = &console;
    config.report_uncaught = true; // errors are printed as in a program
    Quiver *q = quiver_new(&config);
    quiver_run(q, "name = input('Name?')\nprint(f'Hello, {name}!')\nprint(len(name), 'letters')\n",
               "<hello>");
    quiver_run(q, "1 / 0", "<bad>");
    quiver_free(q);
    for (char *s = console.text[0]; *s; s++) {
        *s = *s == '\n' ? '|' : *s;
    }
    printf("out %zu: %s\n", console.used[0], console.text[0]);
    printf("err has the traceback: %s\n",
           strstr(console.text[1], "ZeroDivisionError: division by zero") ? "yes" : "no");
    return 0;
}
