import type { IdentityState } from '../../access/identity/state.ts';
import type { Authorizer } from '../../access/policy/access.ts';
import { trustsService } from '../../access/policy/service-trust.ts';
import { callerAs } from '../../access/role-caller.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { findStream } from '../../catalog/state.ts';
import type { DeliveryRights } from '../../delivery/delivery-world.ts';
import type { Peer } from '../../env/network.ts';
import { formatStreamArn, parseStreamArn } from '../../kinesis/arn.ts';
import type { KeyUse } from '../../services/kinesis/parts/key-use.ts';
import { findRole } from '../../services/sts/parts/role.ts';
import { ServiceError } from '../../wire/service-error.ts';
import { firehosePrincipal, firehoseSession } from './transform-functions.ts';

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

/** What rights are made of. */
export type RightsWorld = {
  readonly roles: RolesWorld;
  readonly keyUse: Pick<KeyUse, 'requireToRead' | 'requireUsable'>;
  /** See `endpointRefusal` of the options. */
  readonly endpointRefusal: (url: string) => string | undefined;
};

/**
 * What deliveries may do. A stream is read as the role of the delivery stream, by what its policies, the
 * stream's and the KMS key's allow at the time. A channel's stream is read by Kinesis itself (Kinesis
 * developer guide, "IAM permissions for data delivery": its role is for the destination), for as long as its
 * role may be taken on. What is the server's own to read takes a key that can be used, and nothing else.
 */
export function deliveryRights({ roles, keyUse, endpointRefusal }: RightsWorld): DeliveryRights {
  return {
    refusalOf: ({ destination }) =>
      destination.kind === 'http' ? endpointRefusal(destination.url) : undefined,
    requireToRead({ source, owner }, keyArns) {
      const { role, arn, stream } = source;
      const found = findStream(roles.catalog.state, stream);
      if (roles.authorizer === undefined || role === undefined || arn === undefined || found === undefined)
        return keyUse.requireUsable(keyArns);
      const isOfChannel = owner.kind === 'channel';
      const principal = isOfChannel ? kinesisPrincipal : firehosePrincipal;
      if (!mayTakeOn(roles, role, principal)) {
        throw new ServiceError('AccessDeniedException', `${principal} is unable to assume role ${role}.`);
      }
      if (isOfChannel) return keyUse.requireUsable(keyArns);
      requireSource(roles, arn, role, firehoseSession);
      keyUse.requireToRead(
        callerAs(role, firehoseSession, stream.region, roles.identity.state),
        found,
        keyArns,
      );
    },
  };
}

/** Whom roles of channels trust. */
export const kinesisPrincipal = 'kinesis.amazonaws.com';

/** It is a service that calls. */
const nowhere: Peer = { address: '', secure: true, listener: '' };
