import { setEngineFlag } from '../env/node-machine.ts';

/**
 * Has patterns that people type end: one may take longer than anyone lives otherwise, and no signal is heard
 * meanwhile. V8 goes over to an engine that never turns back (its flags, "regexp-engine-on-excessive-…").
 */
export function boundPatterns(): void {
  setEngineFlag('--enable-experimental-regexp-engine-on-excessive-backtracks');
}
