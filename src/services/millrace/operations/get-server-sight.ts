import type { Caller } from '../../../access/caller.ts';
import { parseStreamOf } from '../../../kinesis/arn.ts';
import type { OperationCounts, Reading } from '../../../stream/meter/counts.ts';
import { structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { percentileMs } from '../parts/percentile.ts';
import { readerWarnings } from '../parts/reader-warnings.ts';
import { sightOfArn } from '../parts/visible-streams.ts';
import { serverSight } from '../shapes/server-shapes.ts';
import type { GetServerSightAnswer, OperationSight } from '../sights.ts';

export const getServerSight = operation({
  name: 'GetServerSight',
  summary:
    'Shows how the server does: disk, memory, threads, gateways, calls, slow requests, limits hit, warnings.',
  runs: 'owner',
  audit: 'data',
  input: structure('GetServerSightInput', {}),
  output: serverSight,
  prepare: (world, _input, caller, _codec, { peer }) => ({
    resource: '*',
    run: async (): Promise<GetServerSightAnswer> => {
      const sights = await world.sights();
      const facts = await sights.server();
      const { reading, at } = await sights.counted.current();
      const maySee = sightOfArn(sights.authorizer, world, { caller, peer });
      const isShown = (about: About) => isOf(caller, about) && isSeen(about.resource, maySee);
      return {
        ...facts,
        At: at,
        Operations: reading.operations.map(viewOperation),
        SlowRequests: slowRequestsIn(reading, isShown),
        LimitsHit: limitsHitIn(reading, isShown),
        Warnings: [...facts.Warnings, ...(await readerWarnings(world, sights, { caller, peer }))],
      };
    },
  }),
});

function viewOperation(counts: OperationCounts): OperationSight {
  const { operation, calls, clientErrors, serverErrors, throttled, buckets } = counts;
  return {
    Operation: operation,
    Calls: calls,
    ClientErrors: clientErrors,
    ServerErrors: serverErrors,
    Throttled: throttled,
    P50Millis: percentileMs(buckets, 0.5),
    P99Millis: percentileMs(buckets, 0.99),
  };
}

/** Who called, and about what, by their ARNs. */
type About = { readonly caller?: string; readonly resource: string | undefined };

/** Nobody is told of other accounts, nor of another region's resources. */
function isOf({ account, region }: Caller, { caller, resource }: About): boolean {
  const [, , , resourceRegion, owner] = resource?.split(':') ?? [];
  if (owner) return owner === account && (!resourceRegion || resourceRegion === region);
  const [, , , , callersAccount] = caller?.split(':') ?? [];
  return !callersAccount || callersAccount === account;
}

function isSeen(resource: string | undefined, maySee: (arn: string) => boolean): boolean {
  return resource === undefined || parseStreamOf(resource) === undefined || maySee(resource);
}

function slowRequestsIn(
  { slowCalls }: Reading,
  isShown: (about: About) => boolean,
): GetServerSightAnswer['SlowRequests'] {
  return slowCalls
    .filter(isShown)
    .slice(0, slowRequestsMax)
    .map(({ at, operation, resource, caller, millis, requestId }) => ({
      At: at,
      Operation: operation,
      ...resourceIn(resource),
      Caller: caller,
      Millis: millis,
      RequestId: requestId,
    }));
}

/** A call about all of an account has no resource. */
function resourceIn(resource: string | undefined): { readonly Resource?: string } {
  return resource === undefined || resource === '*' ? {} : { Resource: resource };
}

const slowRequestsMax = 100;

function limitsHitIn(
  { limitsHit }: Reading,
  isShown: (about: About) => boolean,
): GetServerSightAnswer['LimitsHit'] {
  return limitsHit.filter(isShown).map(({ limit, resource, count, lastAt }) => ({
    Limit: limit,
    ...resourceIn(resource),
    Count: count,
    LastAt: lastAt,
  }));
}
