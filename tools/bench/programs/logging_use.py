# SPDX-License-Identifier: MIT
# The logging module: records made, filtered, formatted and written to a stream.
import io
import logging
from time import perf_counter


def work(n):
    stream = io.StringIO()
    logger = logging.getLogger("bench")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(lineno)d: %(message)s"))
    logger.addHandler(handler)
    for i in range(n):
        logger.debug("not seen %d", i)
        logger.info("message %d of %s", i, "many")
        if i % 10 == 0:
            logger.warning("careful: %r", {"i": i})
    logger.removeHandler(handler)
    return len(stream.getvalue())


start = perf_counter()
answer = work(15000)
elapsed = perf_counter() - start
print("answer:", answer)
print("time:", elapsed)
