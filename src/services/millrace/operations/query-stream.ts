import type { Millis } from '../../../env/clock.ts';
import { trimHorizon } from '../../../kinesis/stream.ts';
import { endable } from '../../../stream/endable.ts';
import { eventStream, list, long, required, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import { decodingInput, decodingOf } from '../parts/decoding.ts';
import { readingPermissions, requireServing, resourceOf, streamTarget } from '../parts/stream-target.ts';
import { positionsAt } from '../tail/stream-positions.ts';
import { startOf, timeOf } from '../tail/tail-time.ts';
import type { MillraceWorld } from '../world.ts';

const input = structure('QueryStreamInput', {
  ...streamTarget,
  /** SQL over the table `records`. */
  Sql: required(string({ min: 1, max: 10_000 })),
  /** As of TailStream; the oldest records otherwise. */
  From: string({ min: 1, max: 64 }),
  /** A time, as in From; now otherwise. */
  Until: string({ min: 1, max: 64 }),
  ...decodingInput,
});

const event = structure('QueryStreamEvent', {
  /** `columns` is a list of names, a `row` one of values. */
  values: list(string()),
  /** Of a `status` and the `end`. */
  records: long(),
  matched: long(),
  /** Of the `end`: `done` or `trouble`. */
  reason: string(),
  /** Of `trouble`. */
  type: string(),
  message: string(),
});

export const queryStream = operation({
  name: 'QueryStream',
  summary: 'Asks the records of a stream by SQL; rows are sent as server-sent events, as they are found.',
  runs: 'here',
  audit: 'data',
  input,
  output: eventStream('QueryStreamOutput', event),
  prepare(world, request, caller, _codec, { recheck }) {
    const resource = resourceOf(request, caller);
    return {
      resource,
      permissions: readingPermissions(resource),
      async run() {
        const stream = requireServing(world.catalog.state, request, caller);
        const subject = {
          ...{ ...timesOf(world, request, trimHorizon(stream, world.clock.now())), stream },
          positionsAt: (time: Millis) => positionsAt(world, stream, time),
          requireKeys: (arns: readonly string[]) => world.keyUse.requireToRead(caller, stream, arns),
          recheck,
        };
        const end = await world.subscriptions.beginTail(caller.arn);
        try {
          const { openView } = await import('../tail/view-encoder.ts');
          const { query } = await import('../tail/query.ts');
          const spec = { kind: 'query', sql: request.Sql, decoding: decodingOf(request) } as const;
          const view = await openView(await world.viewer(), spec);
          end.signal.addEventListener('abort', () => view.close(), { once: true });
          return endable(query(world, subject, view, end.signal), end);
        } catch (error) {
          end.abort();
          throw error;
        }
      },
    };
  },
});

function timesOf({ clock }: MillraceWorld, { From, Until }: TypeOf<typeof input>, horizon: Millis) {
  const now = clock.now();
  const start = startOf(From ?? 'TRIM_HORIZON', now);
  if (start.kind === 'LATEST') throw invalidArgument('A query reads what is there; LATEST is nothing yet.');
  const from = 'at' in start ? start.at : horizon;
  // What arrives in this millisecond is there as well.
  const until = Math.min(Until === undefined ? now + 1 : timeOf('until', Until, now), now + 1);
  return { from, until };
}
