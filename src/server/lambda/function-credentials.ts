import type { IdentityState } from '../../access/identity/state.ts';
import { trustsService } from '../../access/policy/service-trust.ts';
import type { Sessions } from '../../access/session.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import type {
  CredentialsFor,
  FunctionCredentials,
  IssuedCredentials,
} from '../../services/lambda/functions/functions-world.ts';
import { findRole } from '../../services/sts/parts/role.ts';

/** What functions are told of this server, and how they prove who they are. */
export type CredentialsWorld = {
  readonly clock: Pick<Clock, 'now'>;
  readonly identity: { readonly state: IdentityState };
  readonly sessions: () => Sessions;
  /** Whether callers have to prove who they are. */
  readonly isSigned: boolean;
  /** This server, as programs of this machine reach it; undefined where none of them can. */
  readonly url: string | undefined;
  /** The certificate of who certifies it, PEM, where it is reached over TLS. */
  readonly authority: string | undefined;
};

/**
 * A session of a function's execution role, as AWS makes one for it (Lambda developer guide, "Execution
 * role"), by the name of the function. Where there is no such role, or it does not trust Lambda, there are
 * none: its calls are refused then. Where signatures are not verified, any will do.
 */
export function functionCredentials(world: CredentialsWorld): FunctionCredentials {
  const { url, authority } = world;
  const place = url === undefined ? {} : { AWS_ENDPOINT_URL: url };
  return {
    issue(function_) {
      const { keys, expiresAt } = world.isSigned ? sessionOf(world, function_) : anyone;
      return { environment: { ...place, ...keys }, expiresAt, authority };
    },
  };
}

const anyone = {
  keys: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  expiresAt: undefined,
};

type Keys = {
  readonly keys: IssuedCredentials['environment'];
  readonly expiresAt: Millis | undefined;
};

function sessionOf({ clock, identity, sessions, isSigned }: CredentialsWorld, of: CredentialsFor): Keys {
  const issuedAt = clock.now();
  const expiresAt = issuedAt + sessionMs;
  const found = findRole(identity.state, of.role);
  if (found === undefined || !trustsService(found.role.trust, lambdaPrincipal)) {
    // A role that is made or changed later counts from then on.
    return { keys: {}, expiresAt: issuedAt + withoutRoleMs };
  }
  const { account, role } = found;
  const issued = sessions().issue({
    ...{ account, policies: [], policyArns: [], tags: [], issuedAt, expiresAt, isProved: isSigned },
    holder: { kind: 'role', id: role.id, name: role.name, sessionName: of.name },
  });
  // Without policies and tags a session is always short enough for its token.
  const { accessKeyId, secretAccessKey, sessionToken } = issued!;
  const keys = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
  return { keys, expiresAt };
}

/** Whether there is a role of an ARN that Lambda may take on. */
export function trustsLambda(state: IdentityState, role: string): boolean {
  const found = findRole(state, role);
  return found !== undefined && trustsService(found.role.trust, lambdaPrincipal);
}

/** Whom a role has to trust (Lambda developer guide, "Execution role"). */
const lambdaPrincipal = 'lambda.amazonaws.com';

/** Several times the longest call. */
const sessionMs: Millis = 3_600_000;
const withoutRoleMs: Millis = 60_000;
