// SPDX-License-Identifier: MIT
// Errors as data: where a script failed, why, and what it failed of, for a log or an editor.
// expect: ConfigError: no port given
// expect:   job.py:4 in read_port
// expect:   job.py:9 in main
// expect: because of KeyError: 'port'
// expect:   job.py:2 in read_port
// libs: -lcjson
#include <cjson/cJSON.h>
#include <quiver.h>
#include <stdio.h>

static const char job[] = "def read_port(settings):\n"
                          "    try: return settings['port']\n"
                          "    except KeyError as e:\n"
                          "        raise ConfigError('no port given') from e\n"
                          "\n"
                          "class ConfigError(Exception): pass\n"
                          "\n"
                          "def main():\n"
                          "    return read_port({})\n";

static const char *text(const cJSON *o, const char *key)
{
    const char *s = cJSON_GetStringValue(cJSON_GetObjectItem(o, key));
    return s ? s : "?";
}

static void report(const cJSON *error, const char *intro)
{
    printf("%s%s: %s\n", intro, text(error, "type"), text(error, "message"));
    const cJSON *frames = cJSON_GetObjectItem(error, "frames");
    for (int i = cJSON_GetArraySize(frames); i-- > 0;) { // where it was raised comes first
        const cJSON *f = cJSON_GetArrayItem(frames, i);
        printf("  %s:%d in %s\n", text(f, "file"), cJSON_GetObjectItem(f, "line")->valueint,
               text(f, "function"));
    }
    const cJSON *cause = cJSON_GetObjectItem(error, "cause");
    if (cJSON_IsObject(cause)) {
        report(cause, "because of ");
    }
}

int main(void)
{
    Quiver *q = quiver_new(NULL);
    quiver_run(q, job, "job.py");
    QuiverValue *f = quiver_get(q, "main");
    QuiverValue *port = quiver_call(q, f, NULL, 0, NULL, 0);
    if (!port) {
        cJSON *error = quiver_error_cjson(q);
        report(error, "");
        cJSON_Delete(error);
    }
    quiver_release(q, f);
    quiver_release(q, port);
    return quiver_free(q);
}
