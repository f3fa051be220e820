import type { Service } from '../../rpc/service.ts';
import { operations } from './operations.ts';
import { factsOf } from './parts/facts.ts';
import { protocols } from './protocols.ts';
import { unserved } from './unserved.ts';
import type { KinesisWorld } from './world.ts';

/** Kinesis Data Streams in a world. */
export function kinesis(world: KinesisWorld): Service<KinesisWorld> {
  return { name: 'kinesis', scopes: ['kinesis'], protocols, operations, unserved, factsOf, world };
}
