import type { Functions } from './functions.ts';
import type { FunctionsWorld } from './functions-world.ts';
import { RunningFunctions } from './running-functions.ts';

/** Runs functions until it is disposed of, which ends all of their processes. Nothing runs before a call. */
export function openFunctions(world: FunctionsWorld): Functions & AsyncDisposable {
  return new RunningFunctions(world);
}
