import type { CommandWorld } from '../command-world.ts';
import type { SimulateRequest } from './policy-command.ts';
import { simulate } from './simulate.ts';

/** Tells what policies decide; answers the exit code. Rejects as `simulate` does. */
export async function commandPolicy(
  request: SimulateRequest,
  { surroundings: { readFile }, clock, out }: CommandWorld,
): Promise<number> {
  const { text, exitCode } = await simulate(request, { readFile, now: clock.now() });
  await out.write(text);
  return exitCode;
}
