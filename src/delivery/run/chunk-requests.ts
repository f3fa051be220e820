import { strict as assert } from 'node:assert';
import { HttpEndpoint, type HttpOutcome, requestIdOf } from '../destination/http-endpoint.ts';
import { failedLines } from '../destination/http-failures.ts';
import { openTextObject } from '../format/text-object.ts';
import type { FormattedObject, FormattedRequest } from '../formatter/chunk-setting.ts';
import { namesOf } from '../names/object-names.ts';
import type { ChunkPlan } from '../state/delivery-state.ts';
import { countTrouble } from './delivery-counts.ts';
import type { RunParts } from './run-parts.ts';

/** What became of a chunk's requests, and the objects for the records that were not taken. */
export type SentRequests = {
  readonly taken: readonly FormattedRequest[];
  readonly errors: readonly FormattedObject[];
};

/**
 * Sends the requests of a planned chunk, one after the other. Their ids follow from the plan. Rejects with
 * the signal's reason, or as `requireOurs` throws, which is asked after each failure.
 */
export async function sendRequests(
  parts: RunParts,
  requests: readonly FormattedRequest[],
  plan: Pick<ChunkPlan, 'at' | 'random' | 'objects'>,
  { signal, requireOurs }: { readonly signal: AbortSignal; readonly requireOurs: () => void },
): Promise<SentRequests> {
  if (requests.length === 0) return { taken: [], errors: [] };
  const { world, spec, meter } = parts;
  assert(spec.destination.kind === 'http');
  const endpoint = new HttpEndpoint(world, spec.destination, spec.owner);
  const failing = (code: string, message: string) => {
    meter.hinder(`${code}: ${message}`);
    world.logger.warn('an HTTP endpoint did not take records', { delivery: spec.id, code, reason: message });
    countTrouble(parts);
    requireOurs();
  };
  const taken: FormattedRequest[] = [];
  const errors: FormattedObject[] = [];
  for (const [nth, request] of requests.entries()) {
    const requestId = requestIdOf(plan.random, nth);
    const delivery = { requestId, at: plan.at, records: request.bytes };
    const outcome = await endpoint.send(delivery, signal, failing);
    if (outcome.kind === 'taken') taken.push(request);
    else
      errors.push(await errorObject(parts, { request, outcome, index: requests.length + nth }, plan.random));
  }
  return { taken, errors };
}

type Failed = {
  readonly request: FormattedRequest;
  readonly outcome: Extract<HttpOutcome, { kind: 'failed' }>;
  /** No other object of the chunk has it. */
  readonly index: number;
};

/** Named by the plan: a chunk that is sent again replaces it. */
async function errorObject(
  { spec, world }: RunParts,
  { request, outcome, index }: Failed,
  random: string,
): Promise<FormattedObject> {
  const { errors: target, owner } = spec;
  const writer = openTextObject({ compression: target.compression });
  const from = { shard: 0, offset: 0, partitionKey: undefined, sequenceNumber: '' };
  for (const { lines } of failedLines(request, outcome)) {
    await writer.add([{ data: lines, arrival: request.oldest, from }]);
    await world.clock.turn();
  }
  const { bytes, contentType, contentEncoding, extension } = await writer.finish();
  const storedBytes = bytes.reduce((sum, { length }) => sum + length, 0);
  const errorType = 'http-endpoint-failed' as const;
  const streamName = spec.source.stream.name;
  const { oldest, records, rawBytes } = request;
  const key = namesOf(target.names).nameOf({
    owner,
    streamName,
    oldest,
    random,
    index,
    extension,
    errorType,
  });
  const { storageClass, kmsKeyArn } = target;
  return {
    ...{ kind: 'errors', bytes, storedBytes, contentType, contentEncoding, records, rawBytes },
    place: { bucket: target.bucket, key, of: `http/${index}`, owner: target.bucketOwner },
    target: { storageClass, kmsKeyArn },
  };
}
