// SPDX-License-Identifier: MIT
// An event loop of the host, around poll(): a pipe that somebody writes requests to, and a channel
// through which a script in a thread of its own answers. The loop itself enters no interpreter and
// never waits in the channel.
// expect: request 1
// expect: answer 2 ** 10 = 1024
// expect: request 2
// expect: answer 2 ** 70 = 1180591620717411303424
// expect: request 3
// expect: answer ValueError: negative
// expect: end
// libs: -pthread
#include <poll.h>
#include <pthread.h>
#include <quiver.h>
#include <stdio.h>
#include <unistd.h>

static QuiverEnd *asks, *asks_rx, *answers, *answers_rx;

static void *serve(void *arg)
{
    Quiver *q = quiver_new(NULL);
    quiver_scope_open(q);
    quiver_set(q, "asks", quiver_from_end(q, asks_rx));
    quiver_set(q, "answers", quiver_from_end(q, answers));
    quiver_end_release(asks_rx);
    quiver_end_release(answers);
    quiver_run(q,
               "def power(n):\n"
               "    if n < 0: raise ValueError('negative')\n"
               "    return f'2 ** {n} = {2 ** n}'\n"
               "for n in asks:\n"
               "    try: answers.send(power(n))\n"
               "    except ValueError as e: answers.send('ValueError: ' + str(e))\n",
               "<server>");
    quiver_scope_close(q, NULL);
    quiver_free(q);
    return arg;
}

int main(void)
{
    static const signed char requests[] = {10, 70, -1};
    int pipes[2], count = 0;
    pthread_t thread;
    quiver_channel_open(8, "asks", &asks, &asks_rx);
    quiver_channel_open(8, "answers", &answers, &answers_rx);
    pthread_create(&thread, NULL, serve, NULL);
    if (pipe(pipes) < 0 || write(pipes[1], &requests[0], 1) != 1) {
        return 1;
    }
    struct pollfd fds[] = {{.fd = pipes[0], .events = POLLIN},
                           {.fd = quiver_end_fd(answers_rx), .events = POLLIN}};
    for (QuiverStatus status = QUIVER_OK; status != QUIVER_ENDED && poll(fds, 2, -1) > 0;) {
        signed char n;
        QuiverMessage *msg;
        if (fds[0].revents & POLLIN && read(pipes[0], &n, 1) == 1) {
            printf("request %d\n", ++count);
            quiver_send_int(asks, n, 0);
        }
        while ((status = quiver_receive(answers_rx, &msg, 0)) == QUIVER_OK) {
            char *text;
            quiver_message_to_text(msg, &text, NULL);
            printf("answer %s\n", text);
            quiver_string_free(text);
            quiver_message_free(msg);
            if (count == 3) {
                quiver_end_release(asks); // the script ends, and its end of answers with it
            } else if (write(pipes[1], &requests[count], 1) != 1) {
                return 1;
            }
        }
    }
    puts("end");
    quiver_end_release(answers_rx);
    return pthread_join(thread, NULL);
}
