import type { IdentityState } from '../../access/identity/state.ts';
import type { Authorizer } from '../../access/policy/access.ts';
import { trustsService } from '../../access/policy/service-trust.ts';
import { callerAs } from '../../access/role-caller.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { findStream } from '../../catalog/state.ts';
import type { Peer } from '../../env/network.ts';
import { formatStreamArn, parseStreamArn } from '../../kinesis/arn.ts';
import { findRole } from '../../services/sts/parts/role.ts';
import { ServiceError } from '../../wire/service-error.ts';

export type RolesWorld = {
  readonly identity: { readonly state: IdentityState };
  readonly catalog: Catalog;
  /** Undefined where signatures are not verified: every role may do everything there. */
  readonly authorizer: Authorizer | undefined;
};

/** Whether a service may take on a role, by its ARN. */
export function mayTakeOn({ identity, authorizer }: RolesWorld, role: string, service: string): boolean {
  if (authorizer === undefined) return true;
  const found = findRole(identity.state, role);
  return found !== undefined && trustsService(found.role.trust, service);
}

/**
 * Refuses a stream that is not there, or that a role may not read, as CreateDeliveryStream does: with
 * ResourceNotFoundException, and with AccessDeniedException in the words of policies.
 */
export function requireSource(world: RolesWorld, arn: string, role: string, session: string): void {
  const address = parseStreamArn(arn);
  const stream = address && findStream(world.catalog.state, address);
  if (address === undefined || stream === undefined) {
    throw new ServiceError('ResourceNotFoundException', `Stream ${arn} not found.`);
  }
  if (world.authorizer === undefined) return;
  const caller = callerAs(role, session, address.region, world.identity.state);
  const resource = formatStreamArn(address);
  for (const action of readActions) {
    world.authorizer.authorize({ caller, action, resource, facts: stream, peer: nowhere });
  }
}

/** Firehose developer guide, "Grant Firehose access to a Kinesis data stream source". */
const readActions = ['kinesis:DescribeStream', 'kinesis:GetShardIterator', 'kinesis:GetRecords'];

/** It is a service that calls. */
const nowhere: Peer = { address: '', secure: true, listener: '' };
