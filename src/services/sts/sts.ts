import type { Operation } from '../../rpc/operation.ts';
import type { Service } from '../../rpc/service.ts';
import { queryProtocol } from '../../wire/query/query-protocol.ts';
import { assumeRole } from './operations/assume-role.ts';
import { getAccessKeyInfo } from './operations/get-access-key-info.ts';
import { getCallerIdentity } from './operations/get-caller-identity.ts';
import { getSessionToken } from './operations/get-session-token.ts';
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

const all: readonly Operation<StsWorld>[] = [
  getCallerIdentity,
  assumeRole,
  getSessionToken,
  getAccessKeyInfo,
];

/** STS as it is read, without a world: what a thread needs that only reads bodies. */
export const stsForm = {
  name: 'sts',
  scopes: ['sts'],
  protocols: [
    queryProtocol({
      scope: 'sts',
      version: '2011-06-15',
      namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
      unserved,
    }),
  ],
  operations: new Map(all.map((operation) => [operation.name, operation])),
} as const;

/** The Security Token Service: who a caller is, and sessions. */
export function sts(world: StsWorld): Service<StsWorld> {
  return {
    ...stsForm,
    unserved,
    factsOf: ({ identity }, resource) => roleFacts(identity.state, resource),
    world,
  };
}
