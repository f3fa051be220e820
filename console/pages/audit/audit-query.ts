/** What one may look for in the audit trail, as the address has it: texts, empty where all are meant. */
export type AuditFilter = {
  readonly caller: string;
  readonly operation: string;
  readonly resource: string;
  readonly outcome: string;
  /** As a field for a date and a time has it, in the browser's time zone: `2026-11-29T18:00`. */
  readonly since: string;
  readonly until: string;
};

/** The input of ListAuditRecords. A time that is none is left out. */
export function auditInput(filter: AuditFilter, nextToken?: string): Record<string, unknown> {
  const { caller, operation, resource, outcome, since, until } = filter;
  const all = {
    Caller: caller.trim(),
    Operation: operation.trim(),
    Resource: resource.trim(),
    Outcome: outcome.trim(),
    Since: secondsOf(since),
    Until: secondsOf(until),
    NextToken: nextToken,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '' && value !== undefined));
}

function secondsOf(local: string): number | undefined {
  const time = Date.parse(local);
  return Number.isNaN(time) ? undefined : time / 1000;
}
