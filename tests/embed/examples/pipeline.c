// SPDX-License-Identifier: MIT
// A producer and a collector in C, in no interpreter; two scripts between them, each in an
// interpreter and a thread of its own. When the producer gives its end back, all of them end.
// expect: 1000 jobs, 2 workers, sum of squares 332833500, 1 failed
// libs: -pthread -lcjson
#include <cjson/cJSON.h>
#include <pthread.h>
#include <quiver.h>
#include <stdio.h>

enum { WORKERS = 2, JOBS = 1000 };

static QuiverEnd *jobs, *jobs_rx, *results, *results_rx;

static void *produce(void *arg)
{
    for (int n = 0; n < JOBS; n++) {
        cJSON *job = cJSON_CreateObject();
        cJSON_AddNumberToObject(job, "id", n);
        quiver_send_cjson(jobs, job, QUIVER_FOREVER); // waits while the channel is full
        cJSON_Delete(job);
    }
    quiver_end_release(jobs);
    return arg;
}

static void *work(void *arg)
{
    Quiver *q = quiver_new(NULL);
    quiver_scope_open(q);
    quiver_set(q, "jobs", quiver_from_end(q, jobs_rx));
    quiver_set(q, "results", quiver_from_end(q, results));
    quiver_end_release(jobs_rx); // the script's own are left
    quiver_end_release(results);
    quiver_run(q,
               "for job in jobs:\n"
               "    try: results.send({'square': job['id'] ** 2, 'inverse': 1 / job['id']})\n"
               "    except ZeroDivisionError as e: results.send({'error': str(e)})\n",
               "<worker>");
    quiver_scope_close(q, NULL);
    quiver_free(q);
    return arg;
}

int main(void)
{
    pthread_t producer, workers[WORKERS];
    quiver_channel_open(16, "jobs", &jobs, &jobs_rx);
    quiver_channel_open(16, "results", &results, &results_rx);
    for (int k = 0; k < WORKERS; k++) {
        quiver_end_retain(jobs_rx);
        quiver_end_retain(results);
        pthread_create(&workers[k], NULL, work, NULL);
    }
    quiver_end_release(jobs_rx);
    quiver_end_release(results);
    pthread_create(&producer, NULL, produce, NULL);

    int done = 0, failed = 0;
    double sum = 0;
    for (QuiverMessage *msg; quiver_receive(results_rx, &msg, QUIVER_FOREVER) == QUIVER_OK;
         done++) {
        cJSON *result;
        if (quiver_message_to_cjson(msg, &result, NULL, 0) == QUIVER_OK) {
            failed += cJSON_HasObjectItem(result, "error");
            const cJSON *square = cJSON_GetObjectItem(result, "square");
            sum += square ? square->valuedouble : 0;
            cJSON_Delete(result);
        }
        quiver_message_free(msg);
    }
    quiver_end_release(results_rx);
    pthread_join(producer, NULL);
    for (int k = 0; k < WORKERS; k++) {
        pthread_join(workers[k], NULL);
    }
    printf("%d jobs, %d workers, sum of squares %.0f, %d failed\n", done, WORKERS, sum, failed);
    return 0;
}
