import { lateService } from '../../rpc/late-service.ts';
import type { Service } from '../../rpc/service.ts';
import { unreadRest } from '../../rpc/unread-rest.ts';
import { json } from '../../wire/json/json.ts';
import { targetProtocol } from '../../wire/target-protocol.ts';
import type { MillraceWorld } from './world.ts';

/** AWS JSON 1.1, with the day of this version of the service in its name, as AWS's services have it. */
const spoken = targetProtocol('awsJson1_1', json, 'Millrace_20261129');

/** What a thread reads bodies by that has no world. */
export const protocols = [spoken] as const;

/** Millrace's own service: what AWS's have no word for. */
export function millrace(world: MillraceWorld): Service<MillraceWorld> {
  const head = { name: 'millrace', scopes: ['millrace'], protocols: [spoken, unread], world };
  return lateService(head, async () => {
    const { operations } = await import('./operations.ts');
    const { protocolsWith } = await import('./protocols.ts');
    const factsOf = ({ factsOfStream }: MillraceWorld, resource: string, action: string) =>
      factsOfStream(resource, action);
    return { operations, unserved: new Set<string>(), protocols: protocolsWith(spoken), factsOf };
  });
}

/** The targets of what a browser asks for by a path: see `bindings` in protocols.ts. */
const unread = unreadRest(/^\/streams\/[^/?]+\/(tail|query)(\?|$)/);
