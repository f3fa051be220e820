import { integer, list, required, sensitive, string, structure, timestamp } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import type { SeenAuditRecord } from '../parts/audit-trail.ts';
import type { AuditSight } from '../sights.ts';

const auditSight = structure('AuditSight', {
  At: required(timestamp()),
  Caller: required(string()),
  Operation: required(string()),
  Resource: string(),
  Peer: string(),
  Outcome: required(string()),
  RequestId: required(string()),
  Json: required(string()),
});

const filter = () => string({ min: 1, max: 2048 });
const usualLimit = 100;

export const listAuditRecords = operation({
  name: 'ListAuditRecords',
  summary:
    'Shows the audit log of this server, the newest record first. A page may be empty and have others follow.',
  runs: 'owner',
  input: structure('ListAuditRecordsInput', {
    Since: timestamp(),
    Until: timestamp(),
    Caller: filter(),
    Operation: filter(),
    Resource: filter(),
    Outcome: filter(),
    Limit: integer({ min: 1, max: 1_000 }),
    NextToken: sensitive(string({ min: 1, max: 1024 })),
  }),
  output: structure('ListAuditRecordsOutput', {
    Records: required(list(auditSight)),
    NextToken: sensitive(string()),
    Unavailable: string(),
  }),
  prepare: (world, request, { account, region }) => ({
    resource: '*',
    run: async () => {
      const { audit, unaudited } = await world.sights();
      if (audit === undefined) return { Records: [], Unavailable: unaudited };
      const { Since: since, Until: until, Caller: caller, Operation: operation } = request;
      const { Resource: resource, Outcome: outcome, Limit = usualLimit, NextToken } = request;
      const asked = { account, region, since, until, caller, operation, resource, outcome };
      const { records, next } = await audit.read(asked, NextToken, Limit);
      return { Records: records.map(viewRecord), NextToken: next };
    },
  }),
});

function viewRecord(record: SeenAuditRecord): AuditSight {
  const { at, caller, operation, resource, peer, outcome, requestId, json } = record;
  return {
    At: at,
    Caller: caller,
    Operation: operation,
    ...(resource !== undefined && { Resource: resource }),
    ...(peer !== undefined && { Peer: peer }),
    Outcome: outcome,
    RequestId: requestId,
    Json: json,
  };
}
