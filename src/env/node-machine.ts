import { setFlagsFromString } from 'node:v8';

/** Sets a flag of V8's, for threads that are started from now on. */
export function setEngineFlag(flag: string): void {
  setFlagsFromString(flag);
}
