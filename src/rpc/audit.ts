import type { Caller } from '../access/caller.ts';
import type { HttpRequest, Peer } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';
import type { ServiceError } from '../wire/service-error.ts';
import type { Operation } from './operation.ts';
import { claimedBy } from './refusal.ts';
import type { Call } from './route.ts';

/** Keeps account of what was asked of the server, by whom, and what came of it. */
export interface Audit {
  /** Never throws, and nothing waits for it. What it is given may change afterwards. */
  record(event: AuditEvent): void;
}

/** What came of a request. */
export type AuditEvent = {
  /** `refused`: nobody knows who sent it. Anyone who reaches the server can make any number of these. */
  readonly kind: 'call' | 'refused';
  readonly requestId: string;
  /** As IAM's actions begin: `kinesis`. */
  readonly service: string;
  /** As AWS names it; that of a page in a browser is `BrowserRequest`. */
  readonly operation: Pick<Operation, 'name' | 'input' | 'output' | 'audit'>;
  /** Undefined where nobody knows. */
  readonly caller: Caller | undefined;
  /** The access key and the region that a refused request names. */
  readonly claimed?: { readonly accessKeyId: string; readonly region: string } | undefined;
  readonly peer: Peer;
  readonly headers: Pick<HeaderFields, 'get'>;
  /** The ARN of what it was asked of; `*` for all of the account, undefined where it is not known. */
  readonly resource?: string | undefined;
  /** A value of the input's shape; undefined where it was not read. */
  readonly input?: unknown;
  /** A value of the output's shape, of a call that succeeded. */
  readonly output?: unknown;
  /** Undefined when it succeeded. */
  readonly error?: ServiceError | undefined;
};

/** What an operation is to the audit log: see `Operation.audit`. */
export type AuditKind = 'data' | 'read' | 'write';

/** An operation that does not say is named as all of AWS's are. */
export function auditKindOf({ name, audit }: Pick<Operation, 'name' | 'audit'>): AuditKind {
  return audit ?? (readingName.test(name) ? 'read' : 'write');
}

const readingName = /^(?:Describe|Get|List)[A-Z]/;

/** What is known of a call when its outcome is. */
export type Attempt = {
  readonly call: Call;
  readonly caller: Caller | undefined;
  readonly peer: Peer;
  readonly requestId: string;
  readonly resource?: string | undefined;
  readonly input?: unknown;
};

/**
 * Whether an operation's calls are recorded when they succeed. Those that put and read records are too many,
 * and are left out at AWS as well, unless one pays for them.
 */
export function isRecorded({ audit }: Pick<Operation, 'audit'>): boolean {
  return audit !== 'data';
}

/** Records a call that succeeded. */
export function recordSuccess(audit: Audit, attempt: Attempt, output?: unknown): void {
  audit.record(eventOf(attempt, 'call', output, undefined));
}

/** Records a call that failed; of those with records, only one that was denied. */
export function recordFailure(audit: Audit, attempt: Attempt, error: ServiceError): void {
  if (!isRecorded(attempt.call.operation) && !denials.has(error.type)) return;
  audit.record(eventOf(attempt, 'call', undefined, error));
}

/** Records a request whose signature was refused. */
export function recordRefusal(audit: Audit, attempt: Attempt, target: string, error: ServiceError): void {
  const claimed = claimedBy({ target }, attempt.call.headers);
  audit.record({ ...eventOf(attempt, 'refused', undefined, error), claimed });
}

const denials: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'KMSAccessDeniedException',
]);

function eventOf(
  { call, caller, peer, requestId, resource, input }: Attempt,
  kind: AuditEvent['kind'],
  output: unknown,
  error: ServiceError | undefined,
): AuditEvent {
  const { service, operation, headers } = call;
  const common = { kind, requestId, service: service.name, operation, caller, peer, headers };
  return { ...common, resource, input: isRecorded(operation) ? input : undefined, output, error };
}

/** What a record needs of a request's headers, for another thread: name and value in turn. */
export function auditedHeaders(headers: Pick<HeaderFields, 'get'>): string[] {
  return ['user-agent', 'host'].flatMap((name) => {
    const value = headers.get(name);
    return value === undefined ? [] : [name, value];
  });
}

/** A request that a page in a browser must not make: it calls nothing that could be named. */
export function recordStrangePage(
  audit: Audit,
  service: string,
  { peer }: Pick<HttpRequest, 'peer'>,
  headers: HeaderFields,
  requestId: string,
  error: ServiceError,
): void {
  audit.record({
    ...{ kind: 'refused', requestId, service, operation: browserRequest, caller: undefined },
    ...{ peer, headers, error },
  });
}

const browserRequest: AuditEvent['operation'] = {
  name: 'BrowserRequest',
  input: { kind: 'structure', name: 'BrowserRequest', members: {}, names: [], shapes: [], demanding: [] },
  output: undefined,
  audit: 'read',
};

/** Keeps account of nothing. */
export const noAudit: Audit = { record() {} };
