"""pthread_kill of what is no thread is an error, not a crash."""
import _signal as s
import _thread

for number in 12345, -1, 2**70, 0:
    try:
        s.pthread_kill(number, 0)
    except ProcessLookupError as e:
        print(e)
s.pthread_kill(_thread.get_ident(), 0)
# expect: [Errno 3] No such process
# expect: [Errno 3] No such process
# expect: [Errno 3] No such process
# expect: [Errno 3] No such process
