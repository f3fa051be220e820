import { dirname } from 'node:path';
import type { Disk } from '../../env/disk.ts';
import type { Env } from '../../env/env.ts';
import { createHttpClient } from '../../http/client.ts';
import { type NodeEnv, nodeEnv } from '../../server/node-env.ts';
import { KinesisEnd } from '../copy/kinesis-end.ts';
import { placeOf } from '../copy/kinesis-place.ts';
import { Source } from '../copy/source.ts';
import type { Surroundings } from '../user/user-place.ts';
import { type DeliverOutput, deliverStream } from './deliver.ts';
import type { DeliverRequest } from './deliver-request.ts';

/**
 * Delivers a stream in this process, and answers what is to be said in the end. Rejects with `StartError`,
 * with `KinesisRefusal`, and with `InterruptedDelivery` where the signal ended what was to end by itself.
 */
export async function commandDeliver(
  request: DeliverRequest,
  surroundings: Surroundings,
  output: DeliverOutput,
): Promise<string> {
  const env: NodeEnv = nodeEnv({ data: request.state, logLevel: 'silent' });
  const client = createHttpClient({ timeoutMs: 60_000, bodyBytesMax, keepAlive: true });
  return await runDeliver(request, surroundings, output, { ...env, client }, patienceMs);
}

/** The same in a world of one's own; calls of Kinesis are tried for so long. */
export async function runDeliver(
  request: DeliverRequest,
  surroundings: Surroundings,
  output: DeliverOutput,
  env: Env & { readonly diskAt: (directory: string) => Disk },
  patience: number,
): Promise<string> {
  const { variables } = surroundings;
  const named = variables['AWS_ENDPOINT_URL_KINESIS'] || variables['AWS_ENDPOINT_URL'] || usualEndpoint;
  const place = await placeOf({ place: request.endpoint ?? named, profile: request.profile }, surroundings);
  const { clock, random, client } = env;
  const end = new KinesisEnd(place, { client, clock, random, patienceMs: patience });
  await env.diskAt(dirname(request.state)).createDirectory('.');
  const world = { env, place, variables, source: new Source(end, request.stream) };
  return await deliverStream(request, world, output);
}

const usualEndpoint = 'http://127.0.0.1:4567';
const patienceMs = 60_000;

/** A page of 10 MiB in base64, with room for what is between. */
const bodyBytesMax = 32 * 1024 * 1024;
