// SPDX-License-Identifier: MIT
// Boxes.
//
//   table (process)  ── BOX_TABLE ──> all boxes, newest first, and by number; last numbers; pins
//   QvBox            ── mu (CHANNEL) ──> items · two rows of sleeping threads · ends
//     pin            keeps the struct while an operation is at it; the last one out frees it
//
// As in channel.c there is no Python, no allocation in a heap and no other lock under mu, and a
// sleeper's node is unlinked before its word is claimed. Different from there, nothing is handed
// over: who is woken looks again. An item must stay in the box, where its interpreter's end can
// find it, until the very moment when somebody takes it.
#include "channels/box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "channels/block.h"
#include "channels/channel.h"
#include "interpreters/instance.h"
#include "object/protocol.h"

struct QvBoxWait {
    QvBoxWait *prev, *next;
    uint32_t *word;      // NULL while it does not sleep; guarded by: mu
    bool queued;         // guarded by: mu
    bool settled;        // a sender's: outcome is there; guarded by: mu
    QvBoxResult outcome; // guarded by: mu
};

typedef struct Row {
    QvBoxWait *first, *last;
} Row;

typedef struct Item {
    struct Item *next;
    QvBoxItem is;
    uint64_t interp;   // that has put it
    QvHeapAway *payer; // who pays for it, or NULL; fixed
    QvBoxWait *sender; // waits until it is received, or NULL
} Item;

typedef struct Box {
    QvMutex mu;
    QvBoxKind kind;            // fixed
    uint64_t family;           // fixed
    uint64_t order;            // fixed: greater than those of all older boxes
    QvBoxInfo is;              // count, closing, closed guarded by: mu
    Item *first, *last;        // guarded by: mu
    Row getters, sleepy;       // receivers, putters that found no room; guarded by: mu
    QvBoxEnd *ends[2];         // by QvBoxSide; guarded by: mu
    uint64_t bound;            // references; guarded by: mu
    QvHeapAway *payer;         // who pays for it, or NULL; fixed
    uint64_t flying;           // messages that name it; guarded by: mu
    bool named;                // it has been bound; guarded by: mu
    bool gone;                 // no longer in the table; guarded by: mu
    uint32_t pins;             // guarded by: the table's mutex
    uint32_t holds;            // messages that have it in them; guarded by: the table's mutex
    struct Box *newer, *older; // in the table; guarded by: the table's mutex
    struct Box *same;          // next of the same bucket; guarded by: the table's mutex
} Box;

#define BOX_BYTES (sizeof(Box) + 4 * sizeof(QvBoxEnd)) // with a few of its ends, charged

#define BUCKETS 256 // by the low bits of the number: it counts up

// All boxes of the process.
static struct QvBoxTable {
    QvMutex mu;
    Box *newest;
    Box *buckets[BUCKETS];
    uint64_t next_id[2]; // by kind
    uint64_t last_order;
    uint32_t live; // atomic: boxes in the table
    Box *dead;     // to be freed by whoever drains
    bool draining; // somebody does
} qv_boxes = {.mu = QV_MUTEX_INIT(QV_RANK_CHANNEL_TABLE), .next_id = {1, 0}};

static uint64_t family_of(QvInterp *qi)
{
    uint64_t family = qv_atomic_load_u64(&qv_instance_of(qi)->family);
    return family ? family : 1 + qi->id;
}

// ---- life ---------------------------------------------------------------------------------------

// Messages whose box is unlocked by now.
static void free_items(Item *first)
{
    while (first) {
        Item *item = first;
        first = item->next;
        qv_msg_free(item->is.msg);
        qv_msg_count(-(int64_t)sizeof *item);
        qv_heap_came_back(item->payer, sizeof *item);
        free(item);
    }
}

static void free_box(Box *box)
{
    free_items(box->first);
    for (int side = 0; side < 2; side++) {
        for (QvBoxEnd *end; (end = box->ends[side]) != NULL;) {
            box->ends[side] = end->next;
            free(end);
        }
    }
    qv_msg_count(-(int64_t)sizeof *box);
    qv_heap_came_back(box->payer, BOX_BYTES);
    free(box);
}

static void leave(Box *box);

// The box, pinned and locked, or NULL.
static Box *enter(QvInterp *qi, QvBoxKind kind, uint64_t id)
{
    uint64_t family = family_of(qi);
    qv_mutex_lock(&qv_boxes.mu);
    Box *box = qv_boxes.buckets[id % BUCKETS];
    while (box && (box->is.id != id || box->kind != kind || box->family != family)) {
        box = box->same;
    }
    if (box) {
        box->pins++;
    }
    qv_mutex_unlock(&qv_boxes.mu);
    if (box) {
        qv_mutex_lock(&box->mu);
        if (box->gone) {
            leave(box);
            return NULL;
        }
    }
    return box;
}

static void wake_all(Row *row);
static void tell_sender(Item *item, QvBoxResult outcome);

// Out of the table (mu held); leave() does the rest.
static void finish(Box *box)
{
    box->gone = true;
    for (Item *item = box->first; item; item = item->next) {
        tell_sender(item, QV_BOX_CLOSED);
    }
    wake_all(&box->getters);
    wake_all(&box->sleepy);
}

// In the table? Its mutex is held, as in the next two.
static bool is_listed(const Box *box) { return box->newer || qv_boxes.newest == box; }

static void enlist(Box *box)
{
    box->order = ++qv_boxes.last_order;
    box->older = qv_boxes.newest;
    if (box->older) {
        box->older->newer = box;
    }
    qv_boxes.newest = box;
    Box **bucket = &qv_boxes.buckets[box->is.id % BUCKETS];
    box->same = *bucket;
    *bucket = box;
    qv_atomic_add_u32(&qv_boxes.live, 1);
}

static void unlist(Box *box)
{
    *(box->newer ? &box->newer->older : &qv_boxes.newest) = box->older;
    if (box->older) {
        box->older->newer = box->newer;
    }
    box->newer = box->older = NULL;
    Box **link = &qv_boxes.buckets[box->is.id % BUCKETS];
    while (*link != box) {
        link = &(*link)->same;
    }
    *link = box->same;
    qv_atomic_sub_u32(&qv_boxes.live, 1);
}

// Frees what is dead. Messages in it may hold boxes that die of that: one after the other, not by
// recursion, which a chain of them would make as deep as it is long. The table's mutex is held.
static void drain(void)
{
    if (qv_boxes.draining) {
        return;
    }
    qv_boxes.draining = true;
    while (qv_boxes.dead) {
        Box *box = qv_boxes.dead;
        qv_boxes.dead = box->older;
        qv_mutex_unlock(&qv_boxes.mu);
        free_box(box);
        qv_mutex_lock(&qv_boxes.mu);
    }
    qv_boxes.draining = false;
}

// Unlocks and unpins.
static void leave(Box *box)
{
    bool gone = box->gone;
    qv_mutex_unlock(&box->mu);
    qv_mutex_lock(&qv_boxes.mu);
    if (gone && is_listed(box)) {
        unlist(box);
    }
    if (--box->pins == 0 && gone && box->holds == 0) {
        box->older = qv_boxes.dead;
        qv_boxes.dead = box;
    }
    drain();
    qv_mutex_unlock(&qv_boxes.mu);
}

QvBoxResult qv_box_new(QvInterp *qi, QvBoxKind kind, const QvBoxInfo *as, uint64_t *ret_id)
{
    QvHeapAway *payer;
    bool fits = qv_heap_send_away(&qi->heap, BOX_BYTES, &payer);
    Box *box = fits ? calloc(1, sizeof *box) : NULL;
    if (!box) {
        qv_heap_came_back(payer, BOX_BYTES);
        return QV_BOX_NO_MEMORY;
    }
    qv_mutex_init(&box->mu, QV_RANK_CHANNEL);
    box->payer = payer;
    box->kind = kind;
    box->family = family_of(qi);
    box->is.max_size = as->max_size;
    box->is.format = as->format;
    box->is.unbound = as->unbound;
    qv_msg_count((int64_t)sizeof *box);
    qv_mutex_lock(&qv_boxes.mu);
    *ret_id = box->is.id = qv_boxes.next_id[kind]++;
    enlist(box);
    qv_mutex_unlock(&qv_boxes.mu);
    return QV_BOX_OK;
}

QvBoxResult qv_box_destroy(QvInterp *qi, QvBoxKind kind, uint64_t id)
{
    Box *box = enter(qi, kind, id);
    if (!box) {
        return QV_BOX_NOT_FOUND;
    }
    finish(box);
    leave(box);
    return QV_BOX_OK;
}

QvBoxResult qv_box_bind(QvInterp *qi, QvBoxKind kind, uint64_t id)
{
    Box *box = enter(qi, kind, id);
    if (!box) {
        return QV_BOX_NOT_FOUND;
    }
    box->bound++;
    box->named = true;
    leave(box);
    return QV_BOX_OK;
}

// The message that holds it goes.
static void drop_hold(void *user)
{
    Box *box = user;
    qv_mutex_lock(&qv_boxes.mu);
    box->holds--;
    box->pins++;
    qv_mutex_unlock(&qv_boxes.mu);
    qv_mutex_lock(&box->mu);
    if (--box->flying == 0 && box->named && box->bound == 0 && !box->gone) {
        finish(box);
    }
    leave(box);
}

QvBoxResult qv_box_hold(QvInterp *qi, QvBoxKind kind, uint64_t id, QvBlock **ret)
{
    *ret = NULL;
    Box *box = enter(qi, kind, id);
    if (!box) {
        return QV_BOX_NOT_FOUND;
    }
    box->flying++;
    qv_mutex_unlock(&box->mu);
    qv_mutex_lock(&qv_boxes.mu);
    box->holds++;
    box->pins--;
    qv_mutex_unlock(&qv_boxes.mu);
    *ret = qv_block_new(NULL, 0, drop_hold, box);
    if (!*ret) {
        drop_hold(box);
        return QV_BOX_NO_MEMORY;
    }
    return QV_BOX_OK;
}

QvBoxResult qv_box_release(QvInterp *qi, QvBoxKind kind, uint64_t id)
{
    Box *box = enter(qi, kind, id);
    if (!box) {
        return QV_BOX_NOT_FOUND;
    }
    QvBoxResult r = box->bound ? QV_BOX_OK : QV_BOX_NOT_BOUND;
    if (box->bound && --box->bound == 0 && box->flying == 0) {
        finish(box);
    }
    leave(box);
    return r;
}

QvBoxInfo *qv_box_list(QvInterp *qi, QvBoxKind kind, size_t *ret_n)
{
    uint64_t family = family_of(qi);
    QvBoxInfo *rows = NULL;
    size_t n = 0, room = 0;
    for (;;) { // until the table has not grown meanwhile
        n = 0;
        qv_mutex_lock(&qv_boxes.mu);
        for (Box *box = qv_boxes.newest; box; box = box->older) {
            if (box->kind == kind && box->family == family) {
                if (n < room) {
                    rows[n] = (QvBoxInfo){.id = box->is.id,
                                          .format = box->is.format,
                                          .max_size = box->is.max_size,
                                          .unbound = box->is.unbound};
                }
                n++;
            }
        }
        qv_mutex_unlock(&qv_boxes.mu);
        if (rows && n <= room) {
            *ret_n = n;
            return rows;
        }
        free(rows);
        room = n + 8;
        rows = malloc(room * sizeof *rows);
        if (!rows) {
            return NULL;
        }
    }
}

// ---- sleeping -----------------------------------------------------------------------------------

static void row_remove(Row *row, QvBoxWait *node)
{
    if (node->queued) {
        node->queued = false;
        *(node->prev ? &node->prev->next : &row->first) = node->next;
        *(node->next ? &node->next->prev : &row->last) = node->prev;
    }
}

static void wake_one(Row *row)
{
    for (QvBoxWait *node; (node = row->first) != NULL;) {
        row_remove(row, node);
        uint32_t *word = node->word;
        if (qv_wake_now(word)) {
            return;
        }
    }
}

static void wake_all(Row *row)
{
    while (row->first) {
        wake_one(row);
    }
}

// When deadlocks are watched for: true, and qv_blocked_leave after the sleep.
static bool watch(QvInterp *qi, const Box *box, const Row *row, const uint32_t *word,
                  int64_t deadline, QvBlocked *b)
{
    if (QV_LIKELY(qv_deadlock_mode() == QV_DEADLOCK_IGNORE) || deadline != QV_NEVER) {
        return false;
    }
    const char *does = !row                   ? "waits until it is received: channel ID"
                       : row == &box->getters ? "gets from queue"
                                              : "puts into queue";
    snprintf(b->what, sizeof b->what, "%s %llu", does, (unsigned long long)box->is.id);
    b->channel = true;
    b->others_may_serve = NULL; // only threads inside an interpreter can
    b->channels = NULL;
    b->nchannels = 0;
    qv_blocked_enter(qi, b, word);
    return true;
}

// Sleeps until something has changed: in a row, or (NULL) as the sender of an item. mu is held
// before and after. OK: look again; LATE; ERROR.
static QvBoxResult sleep_on(QvInterp *qi, Box *box, Row *row, QvBoxWait *node, int64_t deadline)
{
    QvBlocked blocked;
    node->word = qv_wait_arm(qi);
    if (row) {
        node->queued = true;
        node->next = NULL;
        node->prev = row->last;
        *(row->last ? &row->last->next : &row->first) = node;
        row->last = node;
    }
    qv_mutex_unlock(&box->mu);
    bool watched = watch(qi, box, row, node->word, deadline, &blocked);
    QvWake wake = qv_wait_sleep(qi, node->word, deadline, 0);
    bool deadlock = watched && qv_blocked_leave(&blocked);
    qv_mutex_lock(&box->mu);
    if (row) {
        row_remove(row, node);
    }
    qv_wait_disarm(node->word);
    node->word = NULL; // a signal handler may use it for a wait of its own
    if (wake == QV_WAKE_DONE) {
        return QV_BOX_OK;
    }
    if (wake == QV_WAKE_TIMEOUT) {
        return QV_BOX_LATE;
    }
    qv_mutex_unlock(&box->mu);
    bool over = qv_poll(qi) < 0 || (deadlock && !qv_chan_raise(qi, QV_CHAN_DEADLOCK));
    qv_mutex_lock(&box->mu);
    return over ? QV_BOX_ERROR : QV_BOX_OK;
}

// Where nothing can be done yet. OK: it is to be looked at again, once more after the deadline,
// which is 0 then; else it is over: `none` after the last look, or ERROR.
static QvBoxResult wait_turn(QvInterp *qi, Box *box, Row *row, int64_t *deadline, QvBoxResult none)
{
    if (*deadline <= 0) {
        return none;
    }
    QvBoxWait node = {0};
    QvBoxResult slept = sleep_on(qi, box, row, &node, *deadline);
    if (slept == QV_BOX_LATE) {
        *deadline = 0;
        return QV_BOX_OK;
    }
    if (slept != QV_BOX_OK) {
        wake_one(row); // there may be something that this one was woken for
    }
    return slept;
}

// ---- items (mu held) ----------------------------------------------------------------------------

static void push(Box *box, Item *item)
{
    *(box->last ? &box->last->next : &box->first) = item;
    box->last = item;
    box->is.count++;
    wake_one(&box->getters);
}

// Takes the item behind `before` (NULL: the first one) out of the row.
static Item *unlink_item(Box *box, Item *before)
{
    Item *item = before ? before->next : box->first;
    *(before ? &before->next : &box->first) = item->next;
    if (box->last == item) {
        box->last = before;
    }
    item->next = NULL;
    box->is.count--;
    wake_one(&box->sleepy);
    return item;
}

static void tell_sender(Item *item, QvBoxResult outcome)
{
    QvBoxWait *sender = item->sender;
    if (sender) {
        item->sender = NULL;
        sender->settled = true;
        sender->outcome = outcome;
        uint32_t *word = sender->word;
        if (word) {
            qv_wake_now(word);
        }
    }
}

static Item *new_item(QvInterp *qi, const QvBoxItem *is)
{
    QvHeapAway *payer;
    Item *item = qv_heap_send_away(&qi->heap, sizeof *item, &payer) ? malloc(sizeof *item) : NULL;
    if (item) {
        *item = (Item){.is = *is, .interp = qi->id, .payer = payer};
        qv_msg_count((int64_t)sizeof *item);
    } else {
        qv_heap_came_back(payer, sizeof *item);
    }
    return item;
}

// What the item has; the rest of it is freed.
static void open_item(QvInterp *qi, Item *item, QvBoxItem *ret)
{
    *ret = item->is;
    item->is.msg = NULL;
    free_items(item);
    qv_chan_count(qi, true, 1, ret->msg ? qv_msg_size(ret->msg) : 0);
}

// ---- queues -------------------------------------------------------------------------------------

QvBoxResult qv_box_put(QvInterp *qi, uint64_t id, const QvBoxItem *is, int64_t deadline)
{
    size_t size = qv_msg_size(is->msg);
    Item *item = new_item(qi, is);
    if (!item) {
        return QV_BOX_NO_MEMORY;
    }
    Box *box = enter(qi, QV_BOX_QUEUE, id);
    QvBoxResult r = box ? QV_BOX_OK : QV_BOX_NOT_FOUND;
    while (r == QV_BOX_OK && item) {
        if (box->gone) {
            r = QV_BOX_NOT_FOUND;
        } else if (box->is.max_size <= 0 || box->is.count < (uint64_t)box->is.max_size) {
            item->is.unbound = is->unbound ? is->unbound : box->is.unbound;
            push(box, item);
            item = NULL;
        } else {
            r = wait_turn(qi, box, &box->sleepy, &deadline, QV_BOX_FULL);
        }
    }
    if (box) {
        leave(box);
    }
    if (item) {
        item->is.msg = NULL;
        free_items(item);
    } else {
        qv_chan_count(qi, false, 1, size);
    }
    return r;
}

QvBoxResult qv_box_get(QvInterp *qi, uint64_t id, int64_t deadline, QvBoxItem *ret)
{
    Box *box = enter(qi, QV_BOX_QUEUE, id);
    if (!box) {
        return QV_BOX_NOT_FOUND;
    }
    QvBoxResult r = QV_BOX_OK;
    Item *item = NULL;
    while (r == QV_BOX_OK && !item) {
        if (box->gone) {
            r = QV_BOX_NOT_FOUND;
        } else if (box->first) {
            item = unlink_item(box, NULL);
        } else {
            r = wait_turn(qi, box, &box->getters, &deadline, QV_BOX_EMPTY);
        }
    }
    leave(box);
    if (item) {
        open_item(qi, item, ret);
    }
    return r;
}

// ---- ends of channels (mu held) -----------------------------------------------------------------

static QvBoxEnd *find_end(const Box *box, QvBoxSide side, uint64_t interp)
{
    QvBoxEnd *end = box->ends[side];
    while (end && end->interp != interp) {
        end = end->next;
    }
    return end;
}

// The interpreter uses that end from now on. `spare` is a block for it, taken when it is needed.
static QvBoxResult use_end(Box *box, QvBoxSide side, uint64_t interp, QvBoxEnd **spare)
{
    const QvBoxEnd *end = find_end(box, side, interp);
    if (end) {
        return end->open ? QV_BOX_OK : QV_BOX_RELEASED;
    }
    QvBoxEnd **link = &box->ends[side];
    while (*link) {
        link = &(*link)->next;
    }
    **spare = (QvBoxEnd){.interp = interp, .open = true};
    *link = *spare;
    *spare = NULL;
    return QV_BOX_OK;
}

// Nobody can use the channel any more. What is queued: to be freed by the caller.
static Item *close_box(Box *box)
{
    Item *items = box->first;
    for (Item *item = items; item; item = item->next) {
        tell_sender(item, QV_BOX_CLOSED);
    }
    box->first = box->last = NULL;
    box->is.count = 0;
    box->is.closing = false;
    box->is.closed = true;
    for (int side = 0; side < 2; side++) {
        for (QvBoxEnd *end = box->ends[side]; end; end = end->next) {
            end->open = false;
        }
    }
    return items;
}

// Who has used it, and nobody has it open any more: closed.
static bool is_deserted(const Box *box)
{
    for (int side = 0; side < 2; side++) {
        for (const QvBoxEnd *end = box->ends[side]; end; end = end->next) {
            if (end->open) {
                return false;
            }
        }
    }
    return box->ends[QV_BOX_SEND] || box->ends[QV_BOX_RECV];
}

// ---- channels -----------------------------------------------------------------------------------

// Waits until the item is received; mu is held. An item that still is in the box is taken out.
static QvBoxResult await_receiver(QvInterp *qi, Box *box, Item *item, int64_t deadline,
                                  Item **ret_item)
{
    QvBoxWait node = {0};
    QvBoxResult r = QV_BOX_OK;
    item->sender = &node;
    while (!node.settled && r == QV_BOX_OK) {
        r = deadline > 0 ? sleep_on(qi, box, NULL, &node, deadline) : QV_BOX_LATE;
    }
    if (node.settled) {
        return r == QV_BOX_ERROR ? r : node.outcome;
    }
    Item *before = NULL;
    for (Item *at = box->first; at != item; at = at->next) {
        before = at;
    }
    *ret_item = unlink_item(box, before);
    return r;
}

QvBoxResult qv_box_send(QvInterp *qi, uint64_t id, const QvBoxItem *is, bool until_received,
                        int64_t deadline)
{
    size_t size = qv_msg_size(is->msg);
    Item *item = new_item(qi, is);
    QvBoxEnd *spare = malloc(sizeof *spare);
    if (!item || !spare) {
        free_items(item);
        free(spare);
        if (!item) {
            qv_msg_free(is->msg);
        }
        return QV_BOX_NO_MEMORY;
    }
    Item *back = item; // what is to be freed
    Box *box = enter(qi, QV_BOX_CHANNEL, id);
    QvBoxResult r = !box                                ? QV_BOX_NOT_FOUND
                    : box->is.closed || box->is.closing ? QV_BOX_CLOSED
                                                        : use_end(box, QV_BOX_SEND, qi->id, &spare);
    if (r == QV_BOX_OK) {
        back = NULL;
        item->is.unbound = is->unbound ? is->unbound : box->is.unbound;
        push(box, item);
        if (until_received) {
            r = await_receiver(qi, box, item, deadline, &back);
        }
    }
    if (box) {
        leave(box);
    }
    free_items(back);
    free(spare);
    if (r == QV_BOX_OK) {
        qv_chan_count(qi, false, 1, size);
    }
    return r;
}

QvBoxResult qv_box_recv(QvInterp *qi, uint64_t id, QvBoxItem *ret)
{
    QvBoxEnd *spare = malloc(sizeof *spare);
    if (!spare) {
        return QV_BOX_NO_MEMORY;
    }
    Item *item = NULL;
    Box *box = enter(qi, QV_BOX_CHANNEL, id);
    QvBoxResult r = !box             ? QV_BOX_NOT_FOUND
                    : box->is.closed ? QV_BOX_CLOSED
                                     : use_end(box, QV_BOX_RECV, qi->id, &spare);
    if (r == QV_BOX_OK && !box->first) {
        r = QV_BOX_EMPTY;
    } else if (r == QV_BOX_OK) {
        item = unlink_item(box, NULL);
        tell_sender(item, QV_BOX_OK);
        if (box->is.closing && !box->first) {
            (void)close_box(box); // nothing is queued
        }
    }
    if (box) {
        leave(box);
    }
    free(spare);
    if (item) {
        open_item(qi, item, ret);
    }
    return r;
}

QvBoxResult qv_box_close(QvInterp *qi, uint64_t id, QvBoxSide side, bool force)
{
    Box *box = enter(qi, QV_BOX_CHANNEL, id);
    if (!box) {
        return QV_BOX_NOT_FOUND;
    }
    QvBoxResult r = QV_BOX_OK;
    Item *items = NULL;
    if (box->is.closed || (box->is.closing && !force)) {
        r = QV_BOX_CLOSED;
    } else if (!box->first || force) {
        items = close_box(box);
    } else if (side == QV_BOX_SEND) {
        box->is.closing = true;
    } else {
        r = QV_BOX_NOT_EMPTY;
    }
    leave(box);
    free_items(items);
    return r;
}

QvBoxResult qv_box_release_end(QvInterp *qi, uint64_t id, QvBoxSide which)
{
    QvBoxEnd *spare[2] = {malloc(sizeof(QvBoxEnd)), malloc(sizeof(QvBoxEnd))};
    QvBoxResult r = spare[0] && spare[1] ? QV_BOX_OK : QV_BOX_NO_MEMORY;
    Box *box = r == QV_BOX_OK ? enter(qi, QV_BOX_CHANNEL, id) : NULL;
    Item *items = NULL;
    if (r == QV_BOX_OK && !box) {
        r = QV_BOX_NOT_FOUND;
    } else if (box && box->is.closed) {
        r = QV_BOX_CLOSED;
    } else if (box) {
        for (int side = 0; side < 2; side++) {
            if (which == QV_BOX_BOTH || (int)which == side) {
                (void)use_end(box, (QvBoxSide)side, qi->id, &spare[side]);
                find_end(box, (QvBoxSide)side, qi->id)->open = false;
            }
        }
        items = is_deserted(box) ? close_box(box) : NULL;
    }
    if (box) {
        leave(box);
    }
    free_items(items);
    free(spare[0]);
    free(spare[1]);
    return r;
}

QvBoxResult qv_box_interpreters(QvInterp *qi, uint64_t id, bool send, uint64_t **ret, size_t *ret_n)
{
    size_t room = 8;
    for (;;) {
        uint64_t *ids = malloc(room * sizeof *ids);
        Box *box = ids ? enter(qi, QV_BOX_CHANNEL, id) : NULL;
        if (!box || box->is.closed) {
            free(ids);
            if (box) {
                leave(box);
            }
            return !ids ? QV_BOX_NO_MEMORY : box ? QV_BOX_CLOSED : QV_BOX_NOT_FOUND;
        }
        size_t n = 0;
        for (const QvBoxEnd *end = box->ends[send ? QV_BOX_SEND : QV_BOX_RECV]; end;
             end = end->next) {
            if (end->open) {
                if (n < room) {
                    ids[n] = end->interp;
                }
                n++;
            }
        }
        leave(box);
        if (n <= room) {
            *ret = ids;
            *ret_n = n;
            return QV_BOX_OK;
        }
        free(ids);
        room = n;
    }
}

// ---- looking ------------------------------------------------------------------------------------

// What one interpreter has of a channel, from the side where it was found.
static void count_ends(const Box *box, uint64_t self, QvBoxInfo *ret)
{
    for (const QvBoxEnd *s = box->ends[QV_BOX_SEND]; s; s = s->next) {
        const QvBoxEnd *r = find_end(box, QV_BOX_RECV, s->interp);
        if (s->interp == self) {
            ret->send_associated = true;
            ret->send_released = !s->open;
        }
        if (!r) {
            ret->nsend += s->open;
            ret->nsend_released += !s->open;
        } else if (s->open && r->open) {
            ret->nboth++;
        } else {
            ret->nboth_released += !s->open && !r->open;
            ret->nboth_send_released += !s->open && r->open;
            ret->nboth_recv_released += s->open && !r->open;
        }
    }
    for (const QvBoxEnd *r = box->ends[QV_BOX_RECV]; r; r = r->next) {
        if (r->interp == self) {
            ret->recv_associated = true;
            ret->recv_released = !r->open;
        }
        if (!find_end(box, QV_BOX_SEND, r->interp)) {
            ret->nrecv += r->open;
            ret->nrecv_released += !r->open;
        }
    }
}

QvBoxResult qv_box_info(QvInterp *qi, QvBoxKind kind, uint64_t id, QvBoxInfo *ret)
{
    Box *box = enter(qi, kind, id);
    if (!box) {
        return QV_BOX_NOT_FOUND;
    }
    *ret = box->is;
    if (!box->is.closed) {
        count_ends(box, qi->id, ret);
    }
    leave(box);
    return QV_BOX_OK;
}

// ---- the end of an interpreter ------------------------------------------------------------------

// Its items lose their values. Those that go, and the messages of those that stay: for the caller
// to free.
static Item *unbind_items(Box *box, uint64_t interp, QvMsg **ret_msgs)
{
    Item *dropped = NULL, *before = NULL;
    for (Item *item = box->first, *next; item; item = next) {
        next = item->next;
        if (item->interp != interp || !item->is.msg) {
            before = item;
        } else if (item->is.unbound == QV_UNBOUND_REMOVE) {
            unlink_item(box, before);
            tell_sender(item, QV_BOX_CLOSED);
            item->next = dropped;
            dropped = item;
        } else {
            item->is.msg->next = *ret_msgs;
            *ret_msgs = item->is.msg;
            item->is.msg = NULL;
            before = item;
        }
    }
    return dropped;
}

static void close_ends(Box *box, uint64_t interp)
{
    for (int side = 0; side < 2; side++) {
        QvBoxEnd *end = find_end(box, (QvBoxSide)side, interp);
        if (end) {
            end->open = false;
        }
    }
}

// One box, which is pinned: what the end of the interpreter means to it.
static void forget_interp(Box *box, uint64_t interp)
{
    QvMsg *msgs = NULL;
    qv_mutex_lock(&box->mu);
    Item *rest = NULL, *dropped = unbind_items(box, interp, &msgs);
    if (box->kind == QV_BOX_CHANNEL && !box->is.closed) {
        close_ends(box, interp);
        if (box->is.closing ? !box->first : is_deserted(box)) {
            rest = close_box(box);
        }
    }
    // One that no object names lives as long as the interpreter that its family comes from.
    if (box->family == 1 + interp && box->bound == 0) {
        finish(box);
    }
    qv_mutex_unlock(&box->mu);
    free_items(dropped);
    free_items(rest);
    qv_msg_free_list(msgs);
}

// The next box of the family after `box` (NULL: the newest of all), pinned, or NULL. The table's
// mutex is held.
static Box *next_of_family(const Box *box, uint64_t family)
{
    Box *next = !box ? qv_boxes.newest : box->older;
    if (box && !is_listed(box)) { // destroyed meanwhile: its place is where the older ones begin
        next = qv_boxes.newest;
        while (next && next->order > box->order) {
            next = next->older;
        }
    }
    while (next && next->family != family) {
        next = next->older;
    }
    if (next) {
        next->pins++;
    }
    return next;
}

void qv_boxes_forget(QvInterp *qi)
{
    if (qv_atomic_load_u32(&qv_boxes.live) == 0) {
        return;
    }
    uint64_t family = family_of(qi);
    qv_mutex_lock(&qv_boxes.mu);
    Box *box = next_of_family(NULL, family); // those made from now on have nothing of it
    qv_mutex_unlock(&qv_boxes.mu);
    while (box) {
        forget_interp(box, qi->id);
        qv_mutex_lock(&qv_boxes.mu);
        Box *next = next_of_family(box, family);
        qv_mutex_unlock(&qv_boxes.mu);
        qv_mutex_lock(&box->mu);
        leave(box);
        box = next;
    }
}

// ---- fork ---------------------------------------------------------------------------------------

void qv_boxes_fork(bool before, bool child)
{
    if (before) {
        qv_mutex_hold(&qv_boxes.mu);
        for (Box *box = qv_boxes.newest; box; box = box->older) {
            qv_mutex_hold(&box->mu);
        }
        return;
    }
    for (Box *box = qv_boxes.newest; box; box = box->older) {
        if (child) { // nobody waits here, and no other thread is at a box
            box->getters = box->sleepy = (Row){0};
            box->pins = 0;
            for (Item *item = box->first; item; item = item->next) {
                item->sender = NULL;
            }
        }
        qv_mutex_let_go(&box->mu);
    }
    qv_mutex_let_go(&qv_boxes.mu);
}
