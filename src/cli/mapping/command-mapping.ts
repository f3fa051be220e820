import { createHttpClient } from '../../http/client.ts';
import { nodeEnv } from '../../server/node-env.ts';
import { callsOf } from '../function/function-place.ts';
import { onlineAt, type Surroundings } from '../user/user-place.ts';
import { type MappingWorld, runMapping } from './mapping.ts';
import type { MappingRequest } from './mapping-request.ts';

/** What shows it: a terminal or not. */
export type MappingOutput = Pick<MappingWorld, 'say' | 'show'> & { readonly isTerminal: boolean };

/** Carries out a request about a server's mappings, and says what came of it. Answers as `runMapping`. */
export async function commandMapping(
  request: MappingRequest,
  surroundings: Surroundings,
  { isTerminal, say, show }: MappingOutput,
): Promise<boolean> {
  const { clock } = nodeEnv({ data: '.', logLevel: 'error' });
  const online = await onlineAt(request.endpoint, surroundings, 'LAMBDA');
  const calls = callsOf(online, createHttpClient({ timeoutMs, bodyBytesMax }), clock);
  return await runMapping(request, { calls, json: request.json ?? !isTerminal, say, show });
}

/** A redrive takes as long as a function may, 15 minutes, and waits for its turn before. */
const timeoutMs = 30 * 60_000;

/** An event of 6 MiB and its records, in base64. */
const bodyBytesMax = 32 * 1024 * 1024;
