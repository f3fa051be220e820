import { findKey, parseKeyName } from '../../access/keys/key-arn.ts';
import type { ResourceFacts } from '../../access/policy/access.ts';
import { lateService } from '../../rpc/late-service.ts';
import type { Service } from '../../rpc/service.ts';
import { json } from '../../wire/json/json.ts';
import { targetProtocol } from '../../wire/target-protocol.ts';
import type { KmsWorld } from './world.ts';

/** `TrentService` is the name of the service's shape in AWS's model. */
export const protocols = [targetProtocol('awsJson1_1', json, 'TrentService')] as const;

/** The Key Management Service in a world: symmetric keys, in each account and region. */
export function kms(world: KmsWorld): Service<KmsWorld> {
  return lateService({ name: 'kms', scopes: ['kms'], protocols, factsOf, world }, async () => {
    const { operations } = await import('./operations.ts');
    const { unserved } = await import('./unserved.ts');
    return { operations, unserved };
  });
}

/** What policies may ask about a key: nobody has access to one but by its own policy. */
function factsOf({ keys }: KmsWorld, resource: string): ResourceFacts | undefined {
  const name = resource.startsWith('arn:') ? parseKeyName(resource, nowhere) : undefined;
  const key = name?.kind === 'key' ? findKey(keys.state, name) : undefined;
  return key && { policy: key.policy, tags: key.tags, isPolicyRequired: true };
}

const nowhere = { account: '', region: '' };
