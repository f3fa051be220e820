"""Puts numbered records. Words: the stream's name, how many."""

import asyncio
import sys

from kinesis import Producer, StringProcessor


async def main(stream, count):
    async with Producer(stream_name=stream, processor=StringProcessor(), use_list_shards=True) as producer:
        for number in range(int(count)):
            await producer.put(str(number))


asyncio.run(main(*sys.argv[1:]))
