// SPDX-License-Identifier: MIT
// The queue's ring, and the short ways through a channel.
//
//   tx (one cache line)  senders' mutex, tail  ─┐
//   ring                 one line a message      ├─ number of a slot == position + 1: it is there
//   rx (one cache line)  receivers' mutex, at  ─┘
//   head (one line)      rx.at again, for a sender that finds no room
//
// While nobody sleeps and nothing special is going on, a sender needs the senders' mutex alone and
// a receiver the receivers': a message that one thread sends and another waits for moves one cache
// line from core to core, the slot that it lies in, and no other. Short messages are bytes in the
// slot, larger ones a pointer.
//
// Everything else takes both mutexes. Whoever leaves such a section says whether the short ways may
// be used (`slow` of each side, qv_chan_settle): no sender can overlook a receiver that sleeps, as
// none puts itself into a row without having said so under the senders' mutex.
//
// A receiver that finds nothing looks at the slot for a while before it falls asleep, with neither
// mutex; a sender without room at `head`. An interpreter's thread keeps its lock meanwhile, as long
// as nobody wants it: to let it go and to have it again costs more than most waits take. How long
// looking pays is learnt for each side of each channel. Two that both sleep would never learn that
// neither need to: now and then a side looks for longer than it takes to wake the other.
//
// The ring is made for the first message, and grows as it is used, up to RING_MAX; what it has no
// room for stands in a list behind it, which whoever makes room moves up. The sender that makes it
// grow pays for it, short messages included; one whose limit has no room for that goes on with the
// list, whose messages it pays for one by one.
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "channels/channel_internal.h"

#define RING_FIRST 16
#define RING_MAX   4096
#define RING_KEEP  1024 // slots that an idle channel keeps,
#define RING_PAID  256  // and where somebody pays for them

#define SPIN_START 60 // rounds at first; one is a pause of the processor, 10 to 50 ns
#define SPIN_MAX   400
#define SPIN_LOADS 16                  // looks in a round
#define SPIN_LONG  2000                // now and then: some 50 us
#define LONG_EVERY 64                  // waits
#define SPIN_PAYS  (16 * QV_NS_PER_US) // to wait so long without sleeping would have paid

// What a channel without a ring looks at: no message ever has its number.
static const QvSlot no_slot;

static QvSlot *without_ring(void) { return (QvSlot *)(uintptr_t)&no_slot; }

static bool has_ring(const QvChannel *c) { return c->tx.ring != &no_slot; }

// ---- both mutexes held --------------------------------------------------------------------------

static void install(QvChannel *c, QvSlot *ring, size_t slots)
{
    c->tx.ring = ring;
    c->rx.ring = ring;
    c->tx.mask = c->rx.mask = (uint16_t)(slots - 1);
    c->tx.limit = (uint16_t)(ring == &no_slot ? 0 : c->capacity < slots ? c->capacity : slots);
}

void qv_ring_init(QvChannel *c)
{
    install(c, without_ring(), 1);
    c->tx.spin = c->rx.spin = c->spins ? SPIN_START : 0;
}

// What a ring that is no longer used has in its first slot, whose number is how many slots it has.
typedef struct Retired {
    QvSlot *next;
    QvHeapAway *payer;
} Retired;

static void retire(QvChannel *c)
{
    QvSlot *ring = c->tx.ring;
    if (ring != &no_slot) {
        const Retired retired = {.next = c->retired, .payer = c->ring_payer};
        memcpy(ring->small.data, &retired, sizeof retired);
        // Nobody takes it for a message: positions are far beyond, or it is the one they have
        // passed.
        qv_atomic_store_u64(&ring->number, c->tx.mask + (uint64_t)1);
        c->retired = ring;
        c->ring_payer = NULL;
    }
}

// Retired rings that nobody looks at any more.
static QvSlot *take_retired(QvChannel *c)
{
    QvSlot *rings = c->rx.spinners ? NULL : c->retired;
    c->retired = rings ? NULL : c->retired;
    return rings;
}

void qv_ring_free(QvSlot *rings)
{
    while (rings) {
        QvSlot *ring = rings;
        size_t bytes = ring->number * sizeof *ring;
        Retired retired;
        memcpy(&retired, ring->small.data, sizeof retired);
        rings = retired.next;
        qv_msg_count(-(int64_t)bytes);
        qv_heap_came_back(retired.payer, bytes);
        free(ring);
    }
}

void qv_ring_fini(QvChannel *c)
{
    retire(c);
    qv_ring_free(c->retired);
}

const QvSmallMsg *qv_ring_peek(const QvChannel *c, uint64_t k)
{
    return &c->tx.ring[(c->rx.at + k) & c->tx.mask].small;
}

// ---- one mutex held -----------------------------------------------------------------------------

// The senders'.
static inline void put(QvChannel *c, const QvSmallMsg *small)
{
    QvChanTx *tx = &c->tx;
    QvSlot *slot = &tx->ring[tx->tail & tx->mask];
    slot->small = *small;
    qv_atomic_store_release_u64(&slot->number, ++tx->tail);
}

// For how many of n more messages there is room.
static inline size_t room_for(QvChannel *c, size_t n)
{
    QvChanTx *tx = &c->tx;
    if (tx->tail - tx->seen + n > tx->limit) {
        tx->seen = qv_atomic_load_acquire_u64(&c->head);
    }
    size_t room = tx->limit - (size_t)(tx->tail - tx->seen);
    return room < n ? room : n;
}

static inline bool has_room(QvChannel *c) { return room_for(c, 1) > 0; }

// The receivers'.
static inline bool take(QvChannel *c, QvSmallMsg *ret)
{
    QvChanRx *rx = &c->rx;
    const QvSlot *slot = &rx->ring[rx->at & rx->mask];
    if (qv_atomic_load_acquire_u64(&slot->number) != rx->at + 1) {
        return false;
    }
    *ret = slot->small;
    qv_atomic_store_release_u64(&c->head, ++rx->at);
    return true;
}

bool qv_ring_put(QvChannel *c, QvMsg *msg)
{
    if (!has_room(c)) {
        return false;
    }
    const QvSmallMsg small = qv_small_of(msg);
    put(c, &small);
    return true;
}

bool qv_ring_take(QvChannel *c, QvSmallMsg *ret) { return take(c, ret); }

bool qv_ring_is_small(const QvChannel *c)
{
    size_t slots = c->tx.mask + (size_t)1;
    return has_ring(c) ? c->more.first && slots < c->capacity && slots < RING_MAX : c->capacity > 0;
}

// ---- its size -----------------------------------------------------------------------------------

static size_t slots_of(const QvChannel *c) { return has_ring(c) ? c->tx.mask + (size_t)1 : 0; }

void qv_ring_grow(QvChannel *c, QvInterp *qi)
{
    qv_chan_lock(c);
    size_t before = slots_of(c);
    bool wanted = qv_ring_is_small(c);
    qv_chan_leave(c);
    size_t slots = before ? before * 4 : RING_FIRST;
    while (slots / 2 >= c->capacity && slots > 1) {
        slots /= 2;
    }
    slots = slots < RING_MAX ? slots : RING_MAX;
    size_t bytes = slots * sizeof(QvSlot);
    QvHeapAway *payer = NULL;
    if (!wanted || (qi && !qv_heap_send_away(&qi->heap, bytes, &payer))) {
        return; // the list will do
    }
    QvSlot *ring = aligned_alloc(QV_CACHE_LINE, bytes);
    if (!ring) {
        qv_heap_came_back(payer, bytes);
        return;
    }
    memset(ring, 0, bytes);
    qv_chan_lock(c);
    if (before != slots_of(c)) { // another thread was quicker
        qv_chan_leave(c);
        qv_heap_came_back(payer, bytes);
        free(ring);
        return;
    }
    qv_msg_count((int64_t)bytes);
    for (uint64_t k = c->rx.at; k != c->tx.tail; k++) {
        ring[k & (slots - 1)] = c->tx.ring[k & c->tx.mask];
    }
    retire(c);
    install(c, ring, slots);
    c->ring_payer = payer;
    qv_chan_move_up(c);
    QvSlot *old = take_retired(c);
    qv_chan_leave(c);
    qv_ring_free(old);
}

QvSlot *qv_ring_trim(QvChannel *c)
{
    size_t keep = c->ring_payer ? RING_PAID : RING_KEEP;
    if (slots_of(c) > keep && !qv_ring_count(c) && !c->rx.spinners) {
        retire(c);
        install(c, without_ring(), 1);
    }
    return take_retired(c);
}

// ---- the short ways -----------------------------------------------------------------------------

typedef enum Look { LOOK_CAME, LOOK_IN_VAIN, LOOK_CUT } Look;

// Looks until *word is (equal) or is not (else) what it says, for so many rounds; no mutex held.
// CUT: there is something else to do.
static Look look(QvInterp *qi, const uint64_t *word, uint64_t number, bool equal,
                 const uint32_t *slow, uint32_t rounds)
{
    for (uint32_t k = 0; k < rounds; k++) {
        for (int n = 0; n < SPIN_LOADS; n++) {
            if ((qv_atomic_load_acquire_u64(word) == number) == equal) {
                return LOOK_CAME;
            }
        }
        if (qv_atomic_load_relaxed_u32(slow) || (qi && !qv_wait_may_spin(qi))) {
            return LOOK_CUT;
        }
        qv_cpu_pause();
    }
    return LOOK_IN_VAIN;
}

// How many rounds to look this time.
static uint32_t rounds_of(const QvChannel *c, uint16_t spin, uint16_t *naps)
{
    if (!c->spins || spin >= SPIN_START || ++*naps < LONG_EVERY) {
        return spin;
    }
    *naps = 0;
    return SPIN_LONG;
}

static void learn(uint16_t *spin, Look seen, uint32_t rounds)
{
    if (seen == LOOK_CAME && rounds == SPIN_LONG) {
        *spin = SPIN_START;
    } else if (seen == LOOK_CAME) {
        *spin = (uint16_t)(*spin < SPIN_MAX ? *spin + 4 : SPIN_MAX);
    } else if (seen == LOOK_IN_VAIN) {
        *spin = (uint16_t)(*spin * 3 / 4);
    }
}

void qv_lane_learn(QvChannel *c, uint16_t *spin, int64_t took)
{
    if (c->spins && took < SPIN_PAYS) {
        uint32_t more = *spin * 2u + SPIN_START / 4;
        *spin = (uint16_t)(more < SPIN_MAX ? more : SPIN_MAX);
    }
}

// The senders' mutex is held, and let go meanwhile.
static bool wait_for_room(QvChannel *c, QvInterp *qi)
{
    QvChanTx *tx = &c->tx;
    uint64_t seen = tx->seen;
    if (tx->limit != c->capacity) { // the ring is small
        return false;
    }
    uint32_t rounds = rounds_of(c, tx->spin, &tx->naps);
    if (rounds == 0) {
        return false;
    }
    qv_mutex_unlock(&tx->mu);
    Look seen_now = look(qi, &c->head, seen, false, &tx->slow, rounds);
    qv_mutex_lock(&tx->mu);
    learn(&tx->spin, seen_now, rounds);
    return seen_now == LOOK_CAME;
}

// May it go the short way? *ret_bytes: its size.
static inline bool is_simple(const QvSmallMsg *small, size_t *ret_bytes)
{
    const QvMsg *msg = qv_small_block(small);
    *ret_bytes = qv_small_size(small);
    return !msg || (!msg->urgent && !msg->nends);
}

// After messages were put in: counts them.
static inline void count_put(QvChannel *c, size_t n, size_t bytes)
{
    QvChanTx *tx = &c->tx;
    tx->sent += n;
    tx->bytes += bytes;
    if (tx->tail - tx->seen > tx->high) { // as far as is known: a look at the other side's line
        tx->seen = qv_atomic_load_acquire_u64(&c->head);
        uint64_t depth = tx->tail - tx->seen;
        tx->high = depth > tx->high ? depth : tx->high;
    }
}

static inline bool lane_send(QvChannel *c, QvInterp *qi, bool spin, const QvSmallMsg *small)
{
    QvChanTx *tx = &c->tx;
    bool room;
    size_t bytes;
    if (!is_simple(small, &bytes)) {
        return false;
    }
    qv_mutex_lock(&tx->mu);
    while (!(room = !tx->slow && has_room(c)) && spin && !tx->slow && wait_for_room(c, qi)) {}
    if (room) {
        put(c, small);
        count_put(c, 1, bytes);
    }
    qv_mutex_unlock(&tx->mu);
    return room;
}

// The receivers' mutex is held, and let go meanwhile.
static bool wait_for_message(QvChannel *c, QvInterp *qi)
{
    QvChanRx *rx = &c->rx;
    uint32_t rounds = rx->ring == &no_slot ? 0 : rounds_of(c, rx->spin, &rx->naps);
    if (rounds == 0) {
        return false;
    }
    const QvSlot *slot = &rx->ring[rx->at & rx->mask];
    uint64_t number = rx->at + 1;
    rx->spinners++;
    qv_mutex_unlock(&rx->mu);
    Look seen = look(qi, &slot->number, number, true, &rx->slow, rounds);
    qv_mutex_lock(&rx->mu);
    rx->spinners--;
    learn(&rx->spin, seen, rounds);
    return seen == LOOK_CAME;
}

bool qv_lane_recv(QvChannel *c, QvInterp *qi, bool spin, QvSmallMsg *ret)
{
    QvChanRx *rx = &c->rx;
    bool got;
    qv_mutex_lock(&rx->mu);
    while (!(got = !rx->slow && take(c, ret)) && spin && !rx->slow && wait_for_message(c, qi)) {}
    if (got) {
        rx->received++;
        rx->bytes += qv_small_size(ret);
    }
    qv_mutex_unlock(&rx->mu);
    return got;
}

bool qv_lane_send(QvChannel *c, QvInterp *qi, bool spin, QvMsg *msg)
{
    const QvSmallMsg small = qv_small_of(msg);
    return lane_send(c, qi, spin, &small);
}

bool qv_chan_send_small(QvChanEnd *end, QvInterp *qi, bool spin, const QvSmallMsg *small)
{
    return lane_send(end->channel, qi, spin, small);
}

bool qv_chan_recv_small(QvChanEnd *end, QvInterp *qi, bool spin, QvSmallMsg *ret, QvMsg **ret_msg)
{
    bool got = qv_lane_recv(end->channel, qi, spin, ret);
    *ret_msg = got ? qv_small_block(ret) : NULL;
    return got;
}

// ---- batches ------------------------------------------------------------------------------------
// One look at the other side's line and one change of one's own, for all messages of a batch.

size_t qv_chan_put_batch(QvChanEnd *end, const QvSmallMsg *batch, size_t n, size_t *ret_bytes)
{
    QvChannel *c = end->channel;
    QvChanTx *tx = &c->tx;
    size_t room = 0, bytes = 0;
    qv_mutex_lock(&tx->mu);
    if (!tx->slow) {
        room = room_for(c, n);
        for (size_t k = 0, size; k < room; k++, bytes += size) {
            if (!is_simple(&batch[k], &size)) {
                room = k;
                break;
            }
        }
        // The first one last: whoever waits for it finds all of them then, and its line does not go
        // to and fro meanwhile.
        for (size_t k = room; k-- > 0;) {
            QvSlot *slot = &tx->ring[(tx->tail + k) & tx->mask];
            slot->small = batch[k];
            qv_atomic_store_release_u64(&slot->number, tx->tail + k + 1);
        }
        tx->tail += room;
        count_put(c, room, bytes);
    }
    qv_mutex_unlock(&tx->mu);
    *ret_bytes = bytes;
    return room;
}

size_t qv_chan_take_batch(QvChanEnd *end, QvSmallMsg *ret, size_t max, bool *ret_all)
{
    QvChannel *c = end->channel;
    QvChanRx *rx = &c->rx;
    size_t n = 0, bytes = 0;
    qv_mutex_lock(&rx->mu);
    if (!rx->slow) {
        const QvSlot *slot = &rx->ring[rx->at & rx->mask];
        while (n < max && qv_atomic_load_acquire_u64(&slot->number) == rx->at + n + 1) {
            ret[n] = slot->small;
            bytes += qv_small_size(&ret[n++]);
            slot = &rx->ring[(rx->at + n) & rx->mask];
        }
        if (n) {
            rx->at += n;
            rx->received += n;
            rx->bytes += bytes;
            qv_atomic_store_release_u64(&c->head, rx->at);
        }
    }
    *ret_all = !rx->slow && n < max;
    qv_mutex_unlock(&rx->mu);
    return n;
}
