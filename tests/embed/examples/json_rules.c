// SPDX-License-Identifier: MIT
// JSON in and out: a script decides about a document that the host has as a cJSON tree.
// expect: {"id":7,"total":31.5,"items":["pen","ink"],"urgent":true}
// libs: -lcjson
#include <cjson/cJSON.h>
#include <quiver.h>
#include <stdio.h>
#include <stdlib.h>

static const char rules[] = "def summary(order):\n"
                            "    lines = order['lines']\n"
                            "    return {'id': order['id'],\n"
                            "            'total': sum(x['price'] * x['n'] for x in lines),\n"
                            "            'items': [x['what'] for x in lines],\n"
                            "            'urgent': order.get('note', '').startswith('!')}\n";

static const char document[] = "{\"id\": 7, \"note\": \"!today\", \"lines\": ["
                               "{\"what\": \"pen\", \"price\": 1.5, \"n\": 5},"
                               "{\"what\": \"ink\", \"price\": 24, \"n\": 1}]}";

// The tree that the script's function gives for a tree; NULL: quiver_error tells.
static cJSON *apply(Quiver *q, const char *function, const cJSON *tree)
{
    if (quiver_scope_open(q) < 0) {
        return NULL;
    }
    QuiverValue *f = quiver_get(q, function);
    QuiverValue *order = f ? quiver_from_cjson(q, tree) : NULL;
    QuiverValue *result = order ? quiver_call(q, f, &order, 1, NULL, 0) : NULL;
    cJSON *out = result ? quiver_to_cjson(q, result) : NULL;
    quiver_scope_close(q, NULL); // the error of the last call stays
    return out;
}

int main(void)
{
    Quiver *q = quiver_new(NULL);
    cJSON *in = cJSON_Parse(document);
    cJSON *out = quiver_run(q, rules, "<rules>") == 0 ? apply(q, "summary", in) : NULL;
    if (out) {
        char *text = cJSON_PrintUnformatted(out);
        puts(text);
        free(text);
    } else {
        fputs(quiver_error(q)->traceback, stderr);
    }
    cJSON_Delete(in);
    cJSON_Delete(out);
    return quiver_free(q);
}
