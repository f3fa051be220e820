import type { Caller } from '../access/caller.ts';
import type { Millis } from '../env/clock.ts';
import { partitionOf } from '../kinesis/arn.ts';
import { type AuditEvent, auditKindOf } from './audit.ts';
import { auditable } from './audit-values.ts';
import { withoutQuotes } from './refusal.ts';

/** What a record says besides what happened. */
export type RecordFacts = {
  readonly now: Millis;
  readonly eventId: string;
  /** Whose audit log it is, where the resource and the caller do not say. */
  readonly account: string;
  /** The one that is served, if it is one. */
  readonly region: string | undefined;
};

/**
 * A record as CloudTrail writes it, in one line of JSON (CloudTrail user guide, "CloudTrail record contents
 * for management, data, and network activity events", version 1.11). `leftOut` is how many others, of the
 * same kind and at the same time, have no record.
 */
export function recordOf(event: AuditEvent, facts: RecordFacts, leftOut = 0): string {
  const { operation, caller, claimed, peer, headers, error, requestId, resource } = event;
  const kind = auditKindOf(operation);
  const about = resourceOf(resource);
  return JSON.stringify({
    eventVersion: '1.11',
    userIdentity: identityOf(caller, claimed?.accessKeyId),
    // Without fractions, as CloudTrail writes it.
    eventTime: `${new Date(facts.now).toISOString().slice(0, 19)}Z`,
    eventSource: `${event.service}.amazonaws.com`,
    eventName: operation.name,
    awsRegion: caller?.region ?? claimed?.region ?? facts.region,
    sourceIPAddress: peer.address,
    userAgent: headers.get('user-agent')?.slice(0, textMax),
    errorCode: error?.type,
    errorMessage: error && withoutValues(error.message),
    requestParameters: parametersOf(event) ?? null,
    responseElements: (kind === 'write' && bounded(auditable(event.output, operation.output))) || null,
    additionalEventData: leftOut === 0 ? undefined : { recordsLeftOut: leftOut },
    requestID: requestId,
    eventID: facts.eventId,
    readOnly: kind === 'read' || (kind === 'data' && !operation.name.startsWith('Put')),
    resources: about && [about],
    eventType: 'AwsApiCall',
    managementEvent: kind !== 'data',
    vpcEndpointId: peer.vpce,
    recipientAccountId: about?.accountId ?? caller?.account ?? facts.account,
    eventCategory: kind === 'data' ? 'Data' : 'Management',
    tlsDetails: peer.secure
      ? { clientProvidedHostHeader: headers.get('host')?.slice(0, textMax) }
      : undefined,
  });
}

/** A denied caller does not fill the log with what it sends. */
function parametersOf({ input, operation, error }: AuditEvent): unknown {
  if (error?.type.startsWith('AccessDenied')) return undefined;
  return bounded(auditable(input, operation.input));
}

/** CloudTrail's own bound, for each of parameters and answer. */
const fieldBytesMax = 100 * 1024;

function bounded(field: unknown): unknown {
  if (field === undefined) return undefined;
  const originalSize = Buffer.byteLength(JSON.stringify(field));
  return originalSize <= fieldBytesMax ? field : { omitted: true, originalSize, reason: 'too large' };
}

/** CloudTrail's bound of a user agent, and of an error's message. */
const textMax = 1024;

/** A text of AWS's that quotes what was sent: values that break a rule, signatures. */
function withoutValues(message: string): string {
  return withoutQuotes(message.slice(0, textMax)).replace(/Value '[^']*' at /g, 'Value at ');
}

/** Who called (CloudTrail user guide, "CloudTrail userIdentity element"). */
function identityOf(caller: Caller | undefined, claimedKeyId: string | undefined): object {
  if (caller === undefined) return { type: 'Unknown', accessKeyId: claimedKeyId };
  const { principal, userId: principalId, arn, account: accountId, accessKeyId } = caller;
  const common = { principalId, arn, accountId, accessKeyId };
  switch (principal.kind) {
    case 'root':
      return { type: 'Root', ...common };
    case 'anyone':
      // Its signature was not verified: it may be anyone.
      return { type: 'Unknown', ...common };
    case 'profile':
      return { type: 'IAMUser', ...common, userName: lastOf(arn) };
    case 'user': {
      const { issuedAt } = principal;
      const sessionContext = issuedAt === undefined ? undefined : { attributes: attributesOf(issuedAt) };
      return { type: 'IAMUser', ...common, userName: principal.name, sessionContext };
    }
    case 'role':
      return { type: 'AssumedRole', ...common, sessionContext: roleSession(caller, principal) };
  }
}

type Role = Extract<Caller['principal'], { readonly kind: 'role' }>;

function roleSession({ account, region }: Caller, { id, name, issuedAt = 0 }: Role): object {
  const arn = `arn:${partitionOf(region)}:iam::${account}:role/${name}`;
  const issuer = { type: 'Role', principalId: id, arn, accountId: account, userName: name };
  return { sessionIssuer: issuer, attributes: attributesOf(issuedAt) };
}

function attributesOf(issuedAt: Millis): object {
  return { creationDate: new Date(issuedAt).toISOString(), mfaAuthenticated: 'false' };
}

function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** By service and type of resource, as CloudFormation names them. */
const resourceTypes: Readonly<Record<string, string>> = {
  'kinesis:stream': 'AWS::Kinesis::Stream',
  'kinesis:consumer': 'AWS::Kinesis::StreamConsumer',
  'dynamodb:table': 'AWS::DynamoDB::Table',
  'kms:key': 'AWS::KMS::Key',
  'kms:alias': 'AWS::KMS::Alias',
  'iam:user': 'AWS::IAM::User',
  'iam:group': 'AWS::IAM::Group',
  'iam:role': 'AWS::IAM::Role',
  'iam:policy': 'AWS::IAM::ManagedPolicy',
};

type Resource = { readonly ARN: string; readonly accountId: string; readonly type: string | undefined };

/** Undefined for `*`. */
function resourceOf(arn: string | undefined): Resource | undefined {
  const [scheme, , service, , accountId, named = ''] = arn?.split(':', 6) ?? [];
  if (scheme !== 'arn' || !accountId) return undefined;
  const type = named.includes('/consumer/') ? 'consumer' : named.split('/', 1)[0]!;
  return { ARN: arn!, accountId, type: resourceTypes[`${service}:${type}`] };
}
