import { Gate, type GateRules } from '../access/gate.ts';
import type { IdentityState } from '../access/identity/state.ts';
import { KeyCipher } from '../access/keys/key-cipher.ts';
import type { RootKey } from '../access/keys/root-key.ts';
import { verifiesSignatures } from '../access/mode.ts';
import type { Authorizer } from '../access/policy/access.ts';
import { PolicyAuthorizer } from '../access/policy/policy-authorizer.ts';
import { type Sessions, sessionsOf } from '../access/session.ts';
import type { Env } from '../env/env.ts';
import type { FollowedControl } from '../gateway/control.ts';
import type { ServerOptions } from './options.ts';
import { makeRootUser, type RootUserKey } from './root-user.ts';
import { openSecrets } from './secrets.ts';
import type { GateStart } from './workers/worker-data.ts';

/** What tells who calls and what they may, and what wraps secrets: the same in every thread. */
export type Security = {
  readonly gate: Gate;
  readonly authorizer: Authorizer;
  readonly rootKey: RootKey;
  /** Encrypts and decrypts with KMS keys. */
  readonly cipher: KeyCipher;
  readonly sessions: () => Sessions;
  /** Whether callers have to prove who they are. */
  readonly isSigned: boolean;
};

/** `identity` is of this thread, its own or a replica. */
export function openSecurity(
  identity: { readonly state: IdentityState },
  rootKey: RootKey,
  rules: GateRules,
  { clock, random }: Pick<Env, 'clock' | 'random'>,
): Security {
  const { isSigned } = rules;
  const sessions = sessionsOf(identity, rootKey, random);
  const gate = new Gate(rules, { clock, identity, rootKey, sessions }, servedScopes, unsignedScopes);
  const authorizer = new PolicyAuthorizer({ identity, clock, enforced: isSigned });
  const cipher = new KeyCipher(rootKey, random);
  return { gate, authorizer, rootKey, cipher, sessions, isSigned };
}

/**
 * What a start finds or makes: secrets that are wrapped with the root key of now, and who may call. Where
 * nobody could administer it, the root user of the default account is made.
 */
export async function startSecurity(
  control: FollowedControl,
  settings: ServerOptions,
  credentials: string | undefined,
  env: Pick<Env, 'clock' | 'random' | 'disk'>,
): Promise<{ security: Security; gateStart: GateStart; rootUser: RootUserKey | undefined }> {
  const { identity } = control;
  const { region, account } = settings;
  const isSigned = verifiesSignatures(settings, identity.state);
  const root = await openSecrets(control, settings, env);
  const needsRoot = isSigned && credentials === undefined;
  const rootUser = needsRoot ? await makeRootUser(identity, root.key, account, env) : undefined;
  const security = openSecurity(identity, root.key, { isSigned, credentials, region, account }, env);
  return { security, gateStart: { isSigned, credentials, rootSecrets: root.secrets }, rootUser };
}

/** What a signature may be scoped to, whichever service it calls: the names of all that are served. */
export const servedScopes: readonly string[] = [
  ...['kinesis', 'sts', 'iam', 'kms', 'monitoring', 'dynamodb', 'lambda', 'firehose'],
  'millrace',
];

/** Of these, those that a server which verifies no signature answers without one: a browser asks there. */
const unsignedScopes: readonly string[] = ['millrace'];
