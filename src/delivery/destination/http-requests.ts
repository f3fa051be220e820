import type { HttpDestination } from '../delivery-spec.ts';
import { openTextObject } from '../format/text-object.ts';
import type { FormattedChunk } from '../formatter/chunk-setting.ts';
import type { Insistence } from '../run/insistence.ts';
import type { RunParts } from '../run/run-parts.ts';
import type { ChunkPlan } from '../state/delivery-state.ts';
import { type ChunkDestination, objectsOnly } from './chunk-destination.ts';
import { HttpEndpoint, requestIdOf } from './http-endpoint.ts';
import { failedLines } from './http-failures.ts';

/**
 * An HTTP endpoint. It may get a request twice, with the same id; what it does not take is in one object with
 * errors, whose name the plan has.
 */
export function httpRequests(
  { world, spec, meter }: RunParts,
  destination: HttpDestination,
  insistence: Insistence,
): ChunkDestination {
  const endpoint = new HttpEndpoint(world, destination, spec.owner);
  return {
    ...objectsOnly,
    async take({ requests, failures }: FormattedChunk, { random, at }: ChunkPlan): Promise<void> {
      const { errors } = spec;
      const object = openTextObject({ compression: errors.compression });
      for (const [nth, { bytes, arrivals }] of requests.entries()) {
        insistence.requireOurs();
        const request = { requestId: requestIdOf(random, nth), at, records: bytes };
        const failing = (code: string, message: string) => meter.hinder(`${code}: ${message}`);
        const outcome = await endpoint.send(request, insistence.signal, failing);
        if (outcome.kind === 'taken') continue;
        const pieces = bytes.map((piece) => Buffer.from(piece));
        for (const { lines } of failedLines({ bytes: pieces, arrivals }, outcome))
          await object.add([{ data: lines, arrival: 0, from: nowhere }]);
      }
      if (object.records === 0 || failures === undefined) return;
      const { bytes, contentType, contentEncoding } = await object.finish();
      const { storageClass, kmsKeyArn, bucketOwner: owner } = errors;
      const how = { contentType, contentEncoding, storageClass, kmsKeyArn };
      await insistence.on(() => world.objects!.put({ ...failures, owner }, bytes, how, insistence.signal));
    },
  };
}

const nowhere = { shard: 0, offset: 0, partitionKey: undefined, sequenceNumber: '' };
