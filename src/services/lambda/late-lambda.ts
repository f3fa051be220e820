import type { Engine, ShardKey } from '../../log/log.ts';
import { LatePart, type LatePartWorld, type RunningPart } from '../../rpc/late-part.ts';
import type { OpenedLambda } from './world.ts';

/** Where in the engine of the services the journal of Lambda is. */
export const lambdaKey: ShardKey = { stream: 'lambda', shard: 0 };

export type LateLambda = LatePart<OpenedLambda>;
export type RunningLambda = RunningPart<OpenedLambda>;

/** Functions and mappings, which are opened when they are asked for. */
export function lateLambda(log: Engine, world: Omit<LatePartWorld, 'called'>): LateLambda {
  return new LatePart(log, lambdaKey, { ...world, called: 'Lambda' });
}
