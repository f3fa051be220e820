import type { SeenAuditRecord } from '../../services/millrace/parts/audit-trail.ts';

/** A record of the audit log as it was written, see rpc/audit-record.ts, and what it is found by. */
export type ReadRecord = {
  readonly seen: SeenAuditRecord;
  /** The account that it is about. */
  readonly owner: string | undefined;
  readonly callersAccount: string | undefined;
  readonly accessKeyId: string | undefined;
  /** Undefined for a request that names none, and where any is served. */
  readonly region: string | undefined;
};

/** Undefined for a line that is no record. */
export function recordIn(line: string): ReadRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const at = Date.parse(textOf(value, 'eventTime') ?? '');
  const service = textOf(value, 'eventSource')?.split('.', 1)[0];
  const name = textOf(value, 'eventName');
  if (Number.isNaN(at) || service === undefined || name === undefined) return undefined;
  const identity = memberOf(value, 'userIdentity');
  const accessKeyId = textOf(identity, 'accessKeyId');
  return {
    seen: {
      at,
      caller: textOf(identity, 'arn') ?? accessKeyId ?? 'unknown',
      operation: `${service}:${name}`,
      resource: textOf(memberOf(memberOf(value, 'resources'), '0'), 'ARN'),
      peer: textOf(value, 'sourceIPAddress') || undefined,
      outcome: textOf(value, 'errorCode') ?? 'ok',
      requestId: textOf(value, 'requestID') ?? '',
      json: line,
    },
    owner: textOf(value, 'recipientAccountId'),
    callersAccount: textOf(identity, 'accountId'),
    accessKeyId,
    region: textOf(value, 'awsRegion'),
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown, name: string): string | undefined {
  const member = memberOf(value, name);
  return typeof member === 'string' ? member : undefined;
}
