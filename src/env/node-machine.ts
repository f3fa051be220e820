import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** How many threads can run at once. */
export function coresAvailable(): number {
  return availableParallelism();
}

/** Sets a flag of V8's, for threads that are started from now on. */
export function setEngineFlag(flag: string): void {
  setFlagsFromString(flag);
}
