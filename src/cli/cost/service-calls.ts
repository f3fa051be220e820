import type { CommandWorld } from '../command-world.ts';
import type { Online } from '../online.ts';
import { callsOf } from '../online-calls.ts';

/**
 * Asks any service that speaks AWS's JSON, once. `target` is the prefix and the operation, as the header
 * `x-amz-target` has them.
 */
export type AskJson = <Answer>(target: string, input: object) => Promise<Answer>;

/** Calls reject with `AwsError` when they are refused, with `StartError`, and with the signal's reason. */
export function jsonCalls(
  place: Online,
  service: string,
  version: '1.0' | '1.1',
  world: CommandWorld,
): AskJson {
  const calls = callsOf(place, world.client, world.clock);
  return async <Answer>(target: string, input: object) => {
    const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target };
    const request = { method: 'POST', target: '/', headers, body: JSON.stringify(input) };
    const { body } = await calls.send(service, request, world.signal);
    return JSON.parse(String(body)) as Answer;
  };
}
