import type { Fault } from './fault.ts';
import { kill } from './kill.ts';
import { powerCuts } from './power.ts';

/** Every fault, in the order in which they are done. */
export const faults: readonly Fault[] = [kill, ...powerCuts];
