# SPDX-License-Identifier: MIT
# Ends: closing, the end of the stream, ends in messages.
# expect: ok
import channels


def raises(error, f, *args, **kw):
    try:
        f(*args, **kw)
    except error as e:
        return str(e)
    raise AssertionError(f"no {error.__name__}")


# Receivers get what is queued, then the end.
tx, rx = channels.open()
tx.send_many("abc")
other = tx.dup()
tx.close()
tx.close()
assert tx.closed and repr(tx) == "<channels.Sender closed>"
assert raises(channels.ClosedError, tx.send, 1) == "this end is closed"
raises(channels.ClosedError, len, tx)
other.send("d")
del other
assert list(rx) == ["a", "b", "c", "d"] and list(rx) == []
assert raises(channels.EndOfStream, rx.recv) == "all senders are closed and nothing is left"
raises(channels.EndOfStream, rx.try_recv, 1)
raises(channels.EndOfStream, rx.recv_many)
assert issubclass(channels.EndOfStream, channels.ClosedError) and issubclass(channels.ClosedError, channels.Error)

# Without receivers, senders fail and what is queued goes.
tx, rx = channels.open(5)
tx.send(1)
with rx:
    pass
assert rx.closed and len(tx) == 0
assert raises(channels.ClosedError, tx.send, 1) == "nobody can receive from this channel any more"
raises(channels.ClosedError, tx.try_send, 1)

# shutdown() is for all.
tx, rx = channels.open()
tx.send(1)
tx.dup().shutdown()
raises(channels.ClosedError, tx.send, 1)
assert list(rx) == [1]

# Ends in messages are ends of their own.
tx, rx = channels.open()
a, b = channels.open()
tx.send((a, b, a))
before = b.stats()["senders"]
a2, b2, a3 = rx.recv()
assert before == 2 and a2 is a3 and a2 is not a and a2.id == a.id and type(b2) is channels.Receiver
a.close()
a2.send("hello")
assert b.recv() == "hello"
tx.send(a2)
a2.close()
rx.close()  # the end in the queued message goes, too
assert list(b) == []
raises(channels.ClosedError, tx.send, a)
raises(ValueError, channels.encode, b)
count = len(channels.list_all())
del tx, rx, a, b, a2, b2, a3
assert len(channels.list_all()) == 0, (count, channels.list_all())
print("ok")
