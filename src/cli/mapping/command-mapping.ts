import { callsAt } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { StatusLine, sayOn } from '../status-line.ts';
import { runMapping } from './mapping.ts';
import type { MappingRequest } from './mapping-request.ts';

/**
 * Carries out a request about a server's mappings; answers the exit code: 1 when not all that it was to do
 * was done. Rejects as `runMapping`.
 */
export async function commandMapping(request: MappingRequest, world: CommandWorld): Promise<number> {
  const calls = await callsAt(request, world, 'lambda', { timeoutMs, keepAlive: false });
  const { out, progress } = world;
  using status = new StatusLine(progress);
  const show = (line: string) => status.show(line);
  const json = request.json ?? !out.isTerminal;
  return (await runMapping(request, { calls, json, say: sayOn(out), show })) ? 0 : 1;
}

/** A redrive takes as long as a function may, 15 minutes, and waits for its turn before. */
const timeoutMs = 30 * 60_000;
