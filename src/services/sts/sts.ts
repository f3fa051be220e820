import type { Service } from '../../rpc/service.ts';
import { queryProtocol } from '../../wire/query/query-protocol.ts';
import { getCallerIdentity } from './get-caller-identity.ts';

/** Operations of AWS's that would hand out sessions, or explain what was denied. */
const unserved: ReadonlySet<string> = new Set([
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'AssumeRoot',
  'DecodeAuthorizationMessage',
  'GetAccessKeyInfo',
  'GetDelegatedAccessToken',
  'GetFederationToken',
  'GetSessionToken',
  'GetWebIdentityToken',
]);

/** The Security Token Service, as far as tools ask it before they begin: who am I? */
export const sts: Service = {
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
  operations: new Map([[getCallerIdentity.name, getCallerIdentity]]),
  unserved,
  world: undefined,
};
