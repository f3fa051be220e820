"""A consumer that says what it hears, in the lines of heard.ts, until it is asked to end.

Words: the stream's name, and its own.
"""

import asyncio
import signal
import sys
import time

from kinesis import Consumer, DynamoDBCheckPointer, StringProcessor


async def main(stream, name):
    # Endpoint, region and credentials are the environment's.
    checkpointer = DynamoDBCheckPointer(name="shop", id=name, session_timeout=5, heartbeat_frequency=1)
    consumer = Consumer(
        stream_name=stream,
        checkpointer=checkpointer,
        processor=StringProcessor(),
        use_list_shards=True,
        record_limit=100,
        sleep_time_no_records=0.1,
        shard_fetch_rate=5,
    )
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked.set)
    async with consumer:
        while not asked.is_set():
            async for text in consumer:
                print("heard record", int(time.time() * 1000), "-", "-", text, flush=True)
                if asked.is_set():
                    break


asyncio.run(main(*sys.argv[1:]))
