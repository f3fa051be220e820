import type { PollerWorld, RunningMappings } from './poller-world.ts';

/** Runs all mappings that are to be run, from now on, as the journal and the catalog say in every moment. */
export declare function runMappings(world: PollerWorld): RunningMappings;
