import type { Operation } from '../../rpc/operation.ts';
import { assumeRole } from './operations/assume-role.ts';
import { getAccessKeyInfo } from './operations/get-access-key-info.ts';
import { getCallerIdentity } from './operations/get-caller-identity.ts';
import { getSessionToken } from './operations/get-session-token.ts';
import type { StsWorld } from './world.ts';

const all: readonly Operation<StsWorld>[] = [
  getCallerIdentity,
  assumeRole,
  getSessionToken,
  getAccessKeyInfo,
];

/** By name. */
export const operations: ReadonlyMap<string, Operation<StsWorld>> = new Map(
  all.map((operation) => [operation.name, operation]),
);
