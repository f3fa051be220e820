import { streamsOf } from '../../../catalog/state.ts';
import { integer, list, required, sensitive, string, structure, timestamp } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { markerIn, markerOf } from '../parts/marker.ts';
import { viewStream } from '../parts/stream-view.ts';
import { sightOf } from '../parts/visible-streams.ts';
import { streamSight } from '../shapes/stream-shapes.ts';
import type { StreamSight } from '../sights.ts';

const usualLimit = 100;
const limitMax = 1_000;

export const listStreamSights = operation({
  name: 'ListStreamSights',
  summary:
    'Shows the streams of the account in the region by name: state, readers and lag, and what was counted.',
  runs: 'owner',
  // Whoever looks does so every second, which is no news for the audit log.
  audit: 'data',
  input: structure('ListStreamSightsInput', {
    NextToken: sensitive(string({ min: 1, max: 1024 })),
    Limit: integer({ min: 1, max: limitMax }),
  }),
  output: structure('ListStreamSightsOutput', {
    CountedSince: required(timestamp()),
    At: required(timestamp()),
    Streams: required(list(streamSight)),
    NextToken: sensitive(string()),
  }),
  prepare: (world, { NextToken, Limit = usualLimit }, caller, _, { peer }) => ({
    resource: '*',
    run: async () => {
      const after = markerIn(NextToken);
      const { authorizer, counted: counts, readers } = await world.sights();
      const counted = await counts.current();
      const found = await readers.found(caller, 'glance');
      const maySee = sightOf(authorizer, world, { caller, peer });
      const Streams: StreamSight[] = [];
      let next: string | undefined;
      let looked = 0;
      for (const stream of streamsOf(world.catalog.state, caller)) {
        if (stream.name <= after) continue;
        if (++looked % streamsPerStep === 0) await world.clock.turn();
        if (!maySee(stream)) continue;
        if (Streams.length === Limit) {
          next = markerOf(Streams.at(-1)!.Name);
          break;
        }
        Streams.push(viewStream(stream, counted, found));
      }
      return { CountedSince: counted.since, At: counted.at, Streams, NextToken: next };
    },
  }),
});

/** Less than a millisecond. */
const streamsPerStep = 100;
