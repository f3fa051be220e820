import { PolicyError, readPolicy } from '../../../access/policy/policy-document.ts';
import { packedPercent, type Session, type SessionHolder } from '../../../access/session.ts';
import type { Millis } from '../../../env/clock.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import type { StsWorld } from '../world.ts';

/** What is asked for a session besides whose it is. */
export type Wanted = {
  readonly seconds: number;
  readonly policy?: string | undefined;
  readonly policyArns?: readonly string[] | undefined;
  readonly tags?: Session['tags'] | undefined;
  readonly sourceIdentity?: string | undefined;
};

/** The credentials of a new session, as answered, and how much of what one may hold it takes, in percent. */
export function issue(
  { sessions, clock, isSigned }: StsWorld,
  account: string,
  holder: SessionHolder,
  { seconds, policy, policyArns = [], tags = [], sourceIdentity }: Wanted,
) {
  const issuedAt = clock.now();
  const expiresAt: Millis = issuedAt + seconds * 1000;
  const policies = policy === undefined ? [] : [requirePolicy(policy)];
  const session = {
    account,
    holder,
    policies,
    policyArns,
    tags,
    sourceIdentity,
    issuedAt,
    expiresAt,
    isProved: isSigned,
  };
  const percent = packedPercent(session);
  const issued = percent > 100 ? undefined : sessions().issue(session);
  if (issued === undefined) {
    throw new ServiceError(
      'PackedPolicyTooLarge',
      `Packed size of session policies and tags consumes ${Math.max(percent, 101)}% of allotted space.`,
    );
  }
  const Credentials = {
    AccessKeyId: issued.accessKeyId,
    SecretAccessKey: issued.secretAccessKey,
    SessionToken: issued.sessionToken,
    Expiration: expiresAt,
  };
  return { Credentials, percent };
}

function requirePolicy(text: string): string {
  try {
    readPolicy(text, 'identity');
    return text;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new ServiceError('MalformedPolicyDocument', `The policy cannot be used: ${error.message}.`);
  }
}
