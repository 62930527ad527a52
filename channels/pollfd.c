// SPDX-License-Identifier: MIT
// Descriptors for event loops: an eventfd for each side of a channel that somebody asks for. It is
// readable exactly while the side has something to do (level-triggered): the channel writes and
// reads it itself, under its mutexes, whenever the answer changes. Channels without one pay a test
// of a flag.
#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "channels/channel_internal.h"

static bool is_ready(const QvChannel *c, bool receiver)
{
    return receiver ? qv_chan_queued(c) || c->senders.first || qv_chan_ended(c) || c->lost
                    : qv_chan_queued(c) < c->capacity || c->receivers.first || qv_chan_broken(c) ||
                          qv_chan_offers_decided(c);
}

// An eventfd cannot fail here: it does not block and counts to one.
static void show(int fd, bool ready)
{
    uint64_t one = 1;
    ssize_t n = ready ? write(fd, &one, sizeof one) : read(fd, &one, sizeof one);
    (void)n;
}

void qv_chan_show(QvChannel *c)
{
    int before = errno;
    for (int side = 0; side < 2; side++) {
        bool ready = is_ready(c, side);
        if (c->fd[side] >= 0 && ready != c->fd_ready[side]) {
            c->fd_ready[side] = ready;
            show(c->fd[side], ready);
        }
    }
    if (c->hub && !c->front) {
        qv_hub_show(c);
    }
    errno = before;
}

int qv_chan_fd(QvChanEnd *end)
{
    QvChannel *c = end->channel;
    if (c->front) {
        return qv_hub_fd(c);
    }
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), spare = -1;
    if (fd < 0) {
        return -1;
    }
    qv_chan_lock(c);
    if (c->fd[end->receiver] >= 0) {
        spare = fd;
    } else {
        c->fd[end->receiver] = fd;
        c->polled = true;
    }
    fd = c->fd[end->receiver];
    qv_chan_unlock(c);
    if (spare >= 0) {
        close(spare);
    }
    return fd;
}

void qv_chan_fd_close(QvChannel *c)
{
    for (int side = 0; side < 2; side++) {
        if (c->fd[side] >= 0) {
            close(c->fd[side]);
        }
    }
}

void qv_chan_fd_fork(QvChannel *c)
{
    for (int side = 0; side < 2; side++) {
        if (c->fd[side] < 0) {
            continue;
        }
        int fd = eventfd(c->fd_ready[side], EFD_CLOEXEC | EFD_NONBLOCK);
        if (fd >= 0) { // in place of the parent's
            dup3(fd, c->fd[side], O_CLOEXEC);
            close(fd);
        }
    }
}
