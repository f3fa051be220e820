import type { Service } from '../../rpc/service.ts';
import { queryProtocol } from '../../wire/query/query-protocol.ts';
import { getCallerIdentity } from './get-caller-identity.ts';

/** AWS's operations that hand out sessions or explain denials. */
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

/** The Security Token Service, as far as tools need it to learn which user they act as. */
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
