import type { ResourceFacts } from '../../access/policy/access.ts';
import { lateService } from '../../rpc/late-service.ts';
import type { Service } from '../../rpc/service.ts';
import { restProtocol } from '../../wire/rest/rest-protocol.ts';
import { bindings } from './bindings.ts';
import { errorForm } from './errors.ts';
import { factsOfResource } from './parts/facts.ts';
import { unserved } from './unserved.ts';
import type { LambdaWorld } from './world.ts';

export const protocols = [restProtocol(bindings, errorForm)] as const;

/** Lambda, as far as functions, their mappings to streams, and what clients ask about both. */
export function lambda(world: LambdaWorld): Service<LambdaWorld> {
  return lateService({ name: 'lambda', scopes: ['lambda'], protocols, factsOf, world }, async () => {
    const { operations } = await import('./operations.ts');
    await world.open();
    return { operations, unserved };
  });
}

function factsOf(world: LambdaWorld, resource: string): ResourceFacts | undefined {
  return factsOfResource(world, resource);
}
