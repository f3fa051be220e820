import assert from 'node:assert/strict';
import { lateService } from '../../rpc/late-service.ts';
import type { Service } from '../../rpc/service.ts';
import { rpcProtocol } from '../../wire/cbor/rpc-protocol.ts';
import { json10Protocol } from '../../wire/json/json10-protocol.ts';
import type { Protocol } from '../../wire/protocol.ts';
import { queryCompatible } from '../../wire/query/query-compatible.ts';
import { queryProtocol } from '../../wire/query/query-protocol.ts';
import { ServiceError } from '../../wire/service-error.ts';
import { errorCodes } from './errors.ts';
import type { MetricStore } from './metrics/metric-store.ts';
import { unserved } from './unserved.ts';
import type { CloudWatchParts, CloudWatchWorld } from './world.ts';

/** The name of the service's shape in AWS's model, and the namespace that it is in. */
const shape = 'GraniteServiceVersion20100801';
const namespace = 'com.amazonaws.cloudwatch';

/** The most bytes of a request, as it is before it is packed (CloudWatch API reference, PutMetricData). */
const requestBytesMax = 1024 * 1024;

export const protocols: readonly Protocol[] = [
  bounded(queryCompatible(rpcProtocol(shape, namespace), errorCodes)),
  bounded(queryCompatible(json10Protocol(shape, namespace), errorCodes)),
  queryProtocol({
    scope: 'monitoring',
    version: '2010-08-01',
    namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    unserved,
    errorCodes,
  }),
];

/** CloudWatch, as far as metrics go that clients put and look at. */
export function cloudwatch(parts: CloudWatchParts): Service<CloudWatchWorld> {
  const head = {
    name: 'cloudwatch',
    scopes: ['monitoring'],
    protocols,
    inflatedBytesMax: requestBytesMax,
    world: { clock: parts.clock, metrics: openedOnce(parts) },
  };
  return lateService(head, async () => {
    const { operations } = await import('./operations.ts');
    return { operations, unserved };
  });
}

/** A protocol that refuses what is too long before anything is made of it, as Query does. */
function bounded(protocol: Protocol): Protocol {
  return {
    ...protocol,
    misformOf: (request, headers, operation) => {
      if (request.body.length <= requestBytesMax) return protocol.misformOf(request, headers, operation);
      const text = `The request is longer than ${requestBytesMax} bytes.`;
      return new ServiceError('RequestEntityTooLarge', text, 413);
    },
  };
}

/**
 * Opens the metrics for the first call in a term that asks; one that fails leaves it to the next to try
 * again.
 */
function openedOnce({
  log,
  clock,
  logger,
  heapBytesMax,
  term = () => 0,
}: CloudWatchParts): () => Promise<MetricStore> {
  let opened: Promise<MetricStore> | undefined;
  let openedIn = Number.NaN;
  const open = async () => {
    assert(log !== undefined, 'metrics are the affair of the owner');
    try {
      const { boundsIn, logSizes, openMetrics } = await import('./metrics/metric-store.ts');
      return await openMetrics(log, clock, logger, { ...boundsIn(heapBytesMax), ...logSizes });
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
  return () => {
    if (opened === undefined || openedIn !== term()) {
      openedIn = term();
      opened = open();
    }
    return opened;
  };
}
