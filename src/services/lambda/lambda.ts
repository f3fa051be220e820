import { lateService } from '../../rpc/late-service.ts';
import type { Service } from '../../rpc/service.ts';
import { unreadRest } from '../../rpc/unread-rest.ts';
import type { LambdaWorld } from './world.ts';

/** Lambda, as far as functions, their mappings to streams, and what clients ask about both. */
export function lambda(world: LambdaWorld): Service<LambdaWorld> {
  return lateService({ name: 'lambda', scopes: ['lambda'], protocols: [unread], world }, async () => {
    const { operations } = await import('./operations.ts');
    const { protocols } = await import('./protocols.ts');
    const { factsOfResource: factsOf } = await import('./parts/facts.ts');
    const { unserved } = await import('./unserved.ts');
    await world.open();
    return { operations, unserved, protocols, factsOf };
  });
}

/** How paths of Lambda's API begin, AWS's and ours: with the day of a version of it. */
const unread = unreadRest(/^\/(millrace\/)?20\d\d-\d\d-\d\d\//);
