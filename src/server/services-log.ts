import { ServiceKeys } from '../access/keys/service-keys.ts';
import type { Random } from '../env/random.ts';
import type { FollowedControl } from '../gateway/control.ts';
import { EncryptedEngine } from '../log/encrypted-engine.ts';
import type { Engine } from '../log/log.ts';
import type { ServerOptions } from './options.ts';
import type { Security } from './security.ts';

type ServicesLogWorld = {
  readonly control: Pick<FollowedControl, 'keys'>;
  readonly security: Pick<Security, 'rootKey'>;
  readonly random: Random;
};

/**
 * Where services besides Kinesis keep what they hold: encrypted always, as at AWS (DynamoDB developer guide,
 * "Encryption at rest"), but for what never leaves the memory.
 */
export function servicesLog(
  engine: Engine,
  { control: { keys }, security, random }: ServicesLogWorld,
  { memory }: Pick<ServerOptions, 'memory'>,
): Engine {
  if (memory) return engine;
  return new EncryptedEngine(engine, new ServiceKeys({ keys, root: security.rootKey, random }));
}
