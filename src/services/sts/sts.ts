import { lateService } from '../../rpc/late-service.ts';
import type { Service } from '../../rpc/service.ts';
import { queryProtocol } from '../../wire/query/query-protocol.ts';
import { roleFacts } from './parts/role.ts';
import type { StsWorld } from './world.ts';

/** AWS's operations that need identities from elsewhere, or explain denials. */
const unserved: ReadonlySet<string> = new Set([
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'AssumeRoot',
  'DecodeAuthorizationMessage',
  'GetDelegatedAccessToken',
  'GetFederationToken',
  'GetWebIdentityToken',
]);

export const protocols = [
  queryProtocol({
    scope: 'sts',
    version: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    unserved,
  }),
] as const;

/** The Security Token Service: who a caller is, and sessions. */
export function sts(world: StsWorld): Service<StsWorld> {
  const factsOf = ({ identity }: StsWorld, resource: string) => roleFacts(identity.state, resource);
  return lateService({ name: 'sts', scopes: ['sts'], protocols, factsOf, world }, async () => {
    const { operations } = await import('./operations.ts');
    return { operations, unserved };
  });
}
