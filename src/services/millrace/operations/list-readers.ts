import { streamsOf } from '../../../catalog/state.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import { streamNotFound } from '../../../stream/errors.ts';
import { list, type OutputOf, required, structure, timestamp } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import type { Counted } from '../parts/counted.ts';
import { viewReader, viewReaderShard } from '../parts/reader-view.ts';
import { readersOf } from '../parts/stream-readers.ts';
import { requireStream } from '../parts/target.ts';
import { sightOf } from '../parts/visible-streams.ts';
import { writtenInTurns } from '../parts/written-list.ts';
import { producerSight, readerShardSight, readerSight } from '../shapes/reader-shapes.ts';
import { streamTarget } from '../shapes/stream-shapes.ts';
import type { ListReadersAnswer } from '../sights.ts';

type Producer = ListReadersAnswer['Producers'][number];

export const listReaders = operation({
  name: 'ListReaders',
  summary:
    'Shows who reads a stream, or any, and how far behind: consumers, pollers, KCL applications, mappings, deliveries; and who puts.',
  runs: 'owner',
  audit: 'data',
  input: structure('ListReadersInput', { StreamName: streamTarget.StreamName }),
  output: structure('ListReadersOutput', {
    CountedSince: required(timestamp()),
    At: required(timestamp()),
    Readers: required(list(readerSight)),
    Producers: required(list(producerSight)),
  }),
  prepare: (world, { StreamName }, caller, codec, { peer }) => ({
    resource: '*',
    run: async () => {
      const { authorizer, counted: counts, readers } = await world.sights();
      const maySee = sightOf(authorizer, world, { caller, peer });
      const isOne = StreamName !== undefined;
      if (isOne) requireSeen(requireStream(world, { StreamName }, caller), maySee);
      const counted = await counts.current();
      const found = await readers.found(caller, isOne ? 'look' : 'glance');
      const streams = isOne
        ? [requireStream(world, { StreamName }, caller)]
        : streamsOf(world.catalog.state, caller);
      const inTurns = { itemsPerTurn: shardsPerTurn, turn: () => world.clock.turn() };
      const Readers: OutputOf<typeof readerSight>[] = [];
      const Producers: Producer[] = [];
      let shards = 0;
      for (const [nth, stream] of streams.entries()) {
        if ((nth + 1) % streamsPerStep === 0) await world.clock.turn();
        if (!isOne && !maySee(stream)) continue;
        for (const reader of readersOf(stream, counted, found)) {
          shards += reader.shards.length;
          const shown = isOne || shards <= shardsOfAllMax ? reader.shards : [];
          const views = shown.values().map(viewReaderShard);
          const Shards = await writtenInTurns(codec.itemWriter(), readerShardSight, views, inTurns);
          Readers.push({ ...viewReader(reader, stream), Shards });
        }
        Producers.push(...producersOf(stream, counted));
      }
      // What they read could be any stream: who may not see all of them is not shown these.
      if (!isOne && streams.every(maySee)) {
        Readers.push(...found.strays.map((stray) => ({ ...viewReader(stray, undefined), Shards: [] })));
      }
      return { CountedSince: counted.since, At: counted.at, Readers, Producers };
    },
  }),
});

/** A list of all streams leaves out where readers are in shards when these would be more. */
const shardsOfAllMax = 5_000;

/** About a millisecond. */
const streamsPerStep = 50;
const shardsPerTurn = 500;

function requireSeen(stream: Stream, maySee: (stream: Stream) => boolean): void {
  if (!maySee(stream)) throw streamNotFound(stream);
}

function producersOf(stream: Stream, { streams }: Counted): Producer[] {
  const producers = streams.get(stream.id)?.producers ?? [];
  return producers.map(({ name, records, bytes, at }) => ({
    ...{ Name: name, StreamName: stream.name, Records: records, Bytes: bytes, At: at },
  }));
}
