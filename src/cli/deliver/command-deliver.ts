import { dirname } from 'node:path';
import type { Disk } from '../../env/disk.ts';
import type { Env } from '../../env/env.ts';
import { nodeEnv } from '../../server/node-env.ts';
import { placeAt } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { KinesisEnd } from '../copy/kinesis-end.ts';
import { Source } from '../copy/source.ts';
import { StatusLine, sayOn } from '../status-line.ts';
import type { Surroundings } from '../surroundings.ts';
import { type DeliverOutput, deliverStream } from './deliver.ts';
import type { DeliverRequest } from './deliver-request.ts';

/**
 * Delivers a stream in this process; answers the exit code. How far it is shows in a bar on a terminal, in
 * lines elsewhere. Rejects as `runDeliver`.
 */
export async function commandDeliver(request: DeliverRequest, world: CommandWorld): Promise<number> {
  await world.out.write(await delivered(request, world));
  return 0;
}

async function delivered(request: DeliverRequest, world: CommandWorld): Promise<string> {
  const { surroundings, signal, client, progress } = world;
  using status = new StatusLine(progress);
  const show = (line: string) => (status.isShown ? status.show(line) : sayOn(progress)(`${line}\n`));
  const env = { ...nodeEnv({ data: request.state, logLevel: 'silent' }), client };
  const output = { isTerminal: progress.isTerminal, show, signal };
  return await runDeliver(request, surroundings, output, env, patienceMs);
}

const patienceMs = 60_000;

/**
 * The same in a world of one's own, where calls of Kinesis are tried for so long; answers what is to be said
 * in the end. Rejects with `StartError`, with `KinesisRefusal`, and with `InterruptedDelivery` where the
 * signal ended what was to end by itself.
 */
export async function runDeliver(
  request: DeliverRequest,
  surroundings: Surroundings,
  output: DeliverOutput,
  env: Env & { readonly diskAt: (directory: string) => Disk },
  patience: number,
): Promise<string> {
  const { clock, random, client } = env;
  const place = await placeAt(request, { surroundings, client, clock });
  const end = new KinesisEnd(place, { client, clock, random, patienceMs: patience });
  await env.diskAt(dirname(request.state)).createDirectory('.');
  const { variables } = surroundings;
  return await deliverStream(
    request,
    { env, place, variables, source: new Source(end, request.stream) },
    output,
  );
}
