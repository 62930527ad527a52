// SPDX-License-Identifier: MIT
// An object of the host in scripts: a class around a C struct.
// expect: <account of ann: 70>
// expect: ValueError: not enough left
// expect: ann is closed
#include <quiver.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Account {
    char *owner; // quiver_string_free
    int64_t balance;
} Account;

static int init(Quiver *q, QuiverValue *self, void **data, QuiverValue *const *args, size_t nargs)
{
    (void)self, (void)nargs;
    Account *a = calloc(1, sizeof *a);
    if (!a || quiver_to_str(q, args[0], &a->owner, NULL) < 0) {
        free(a);
        return -1;
    }
    *data = a;
    return 0;
}

static void destroy(Quiver *q, void *data)
{
    Account *a = data;
    (void)q;
    printf("%s is closed\n", a->owner);
    quiver_string_free(a->owner);
    free(a);
}

static QuiverValue *move(Quiver *q, QuiverValue *self, void *data, QuiverValue *const *args,
                         size_t nargs)
{
    Account *a = data;
    int64_t by;
    (void)self, (void)nargs;
    if (quiver_to_int(q, args[0], &by) < 0) {
        return NULL;
    }
    return a->balance + by < 0 ? quiver_raise(q, "ValueError", "not enough left")
                               : quiver_int(q, a->balance += by);
}

static QuiverValue *balance(Quiver *q, QuiverValue *self, void *data)
{
    (void)self;
    return quiver_int(q, ((Account *)data)->balance);
}

static const QuiverMethodDef methods[] = {{"move", move, "(by)", "Adds to the balance."}, {0}};
static const QuiverPropertyDef properties[] = {{"balance", balance, NULL, "What is left."}, {0}};
static const QuiverType account = {.struct_size = sizeof(QuiverType),
                                   .name = "bank.Account",
                                   .init = init,
                                   .init_signature = "(owner)",
                                   .destroy = destroy,
                                   .methods = methods,
                                   .properties = properties};

int main(void)
{
    Quiver *q = quiver_new(NULL);
    QuiverValue *cls = quiver_type(q, &account);
    quiver_set(q, "Account", cls);
    quiver_release(q, cls);
    quiver_run(q,
               "a = Account('ann')\na.move(100)\na.move(by=-30)\n"
               "print(f'<account of ann: {a.balance}>', flush=True)\n",
               "<1>");
    if (quiver_run(q, "a.move(-71)", "<2>") < 0) {
        printf("%s: %s\n", quiver_error(q)->type, quiver_error(q)->message);
    }
    return quiver_free(q);
}
