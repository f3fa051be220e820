import type { Caller } from '../../../access/caller.ts';
import { type SessionHolder, temporaryPrefix } from '../../../access/session.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { issue } from '../parts/issue.ts';
import { credentials, serialNumber, tokenCode, tokenSeconds } from '../parts/shapes.ts';

export const getSessionToken = operation({
  name: 'GetSessionToken',
  summary: 'Answers temporary credentials with the rights of the caller.',
  input: structure('GetSessionTokenRequest', {
    DurationSeconds: tokenSeconds,
    SerialNumber: serialNumber,
    TokenCode: tokenCode,
  }),
  output: structure('GetSessionTokenResponse', { Credentials: credentials }),
  prepare: (world, { DurationSeconds = halfDay }, caller) => ({
    resource: '*',
    async run() {
      const holder = holderOf(caller);
      // A longer one of a root user is cut (API reference, GetSessionToken, "DurationSeconds").
      const seconds = holder.kind === 'root' ? Math.min(DurationSeconds, hour) : DurationSeconds;
      const { Credentials } = issue(world, caller.account, holder, { seconds });
      return { Credentials };
    },
  }),
});

function holderOf({ accessKeyId, arn, principal }: Caller): SessionHolder {
  const { kind } = principal;
  if (accessKeyId.startsWith(temporaryPrefix) || kind === 'role') {
    throw new ServiceError('AccessDeniedException', 'Cannot call GetSessionToken with session credentials');
  }
  if (kind === 'root') return { kind };
  if (kind === 'user') return { kind, id: principal.id, name: principal.name };
  const name = arn.slice(arn.indexOf(':user/') + ':user/'.length);
  return kind === 'anyone' ? { kind, name } : { kind, name, accessKeyId };
}

const halfDay = 43_200;
const hour = 3600;
