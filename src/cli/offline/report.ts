import { sequenceNumberOf } from '../../kinesis/sequence-number.ts';
import { formatShardId } from '../../kinesis/shard-id.ts';
import { findShard, type Stream, type StreamLimits } from '../../kinesis/stream.ts';
import type { CheckedArchive } from '../../log/embedded/verify/stream-files.ts';
import type { LogCheck } from '../../log/embedded/verify/verify.ts';
import type { Finding, Loss } from '../../log/embedded/verify/verify-finding.ts';
import { type DataCheck, isDataDamaged, type StreamCheck } from './data-check.ts';
import type { Kept } from './data-repair.ts';
import type { OpenedFrames } from './frame-opener.ts';
import type { ServiceCheck } from './service-journal-check.ts';

/** What a check found, as data: what `--json` prints. */
export type Report = {
  readonly result: 'clean' | 'damaged';
  readonly catalog: LogReport;
  /** Of users and policies. */
  readonly identity: LogReport;
  /** Of the keys of the built-in KMS. */
  readonly keys: LogReport;
  /** Of DynamoDB. */
  readonly tables: LogReport & EncryptionReport;
  /** Of Lambda. */
  readonly lambda: LogReport & EncryptionReport;
  /** Of other services, by their names. */
  readonly services: readonly (LogReport & EncryptionReport & { readonly id: string })[];
  readonly streams: readonly (LogReport &
    EncryptionReport & {
      readonly id: string;
      readonly name: string | undefined;
      readonly account: string | undefined;
      readonly region: string | undefined;
      readonly archived: CheckedArchive;
      /** Limits of its own. */
      readonly limits: StreamLimits | undefined;
    })[];
  readonly findings: readonly Finding[];
};

/** Where a root key was given. */
type EncryptionReport = { readonly encryption: OpenedFrames | undefined };

type LogReport = {
  readonly segments: number;
  readonly frames: number;
  readonly records: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
  readonly lost: readonly LostRecords[];
  /** Shards that may have had more records at their end, which cannot be known. */
  readonly uncertain: readonly string[];
};

/**
 * Records `first..last` of a shard, by offset. Their sequence numbers are at least `from` and below `below`.
 */
export type LostRecords = {
  readonly shard: string;
  readonly first: number;
  readonly last: number;
  readonly from?: string;
  readonly below?: string;
};

export function reportOf(check: DataCheck): Report {
  return {
    result: isDataDamaged(check) ? 'damaged' : 'clean',
    catalog: logReport(check.catalog.log, undefined),
    identity: logReport(check.identity.log, undefined),
    keys: logReport(check.keys.log, undefined),
    tables: serviceReport(check.tables),
    lambda: serviceReport(check.lambda),
    services: check.others.map((other) => ({ id: other.log.stream, ...serviceReport(other) })),
    streams: check.streams.map(({ log, stream, opened }) => ({
      id: log.stream,
      name: stream?.name,
      account: stream?.account,
      region: stream?.region,
      archived: log.archived,
      limits: stream?.limits,
      ...logReport(log, stream),
      encryption: opened,
    })),
    findings: check.findings,
  };
}

function serviceReport({ log, opened }: ServiceCheck): LogReport & EncryptionReport {
  return { ...logReport(log, undefined), encryption: opened };
}

function logReport(log: LogCheck, stream: Stream | undefined): LogReport {
  const { segments, frames, records, bytes, findings, losses } = log;
  const shards = stream?.shards.filter(({ closed }) => closed === undefined) ?? [];
  return {
    segments: segments.length,
    frames,
    records,
    bytes,
    findings,
    lost: losses.map((loss) => lostRecords(loss, stream)),
    uncertain: shards.filter(({ index }) => log.isUncertain(index)).map(({ index }) => formatShardId(index)),
  };
}

/**
 * A sequence number begins with the record's offset, so the shard's creation as arrival makes the lowest that
 * a record can have.
 */
function lostRecords({ shard, first, end }: Loss, stream: Stream | undefined): LostRecords {
  const lost = { shard: formatShardId(shard), first, last: end - 1 };
  const known = stream === undefined ? undefined : findShard(stream, shard);
  if (known === undefined) return lost;
  const lowest = (offset: number) => sequenceNumberOf(known, offset, known.createdAt);
  return { ...lost, from: lowest(first), below: lowest(end) };
}

/** The report for people. */
export function reportText(
  directory: string,
  { result, catalog, identity, keys, tables, lambda, services, streams, findings }: Report,
): string {
  const lines = [
    `control plane: ${counts(catalog)}`,
    ...details(catalog),
    ...journalLines('users and policies', identity),
    ...journalLines('keys', keys),
    ...serviceLines('tables of DynamoDB', tables),
    ...serviceLines('functions and mappings of Lambda', lambda),
    ...services.flatMap((service) => serviceLines(`services/${service.id}`, service)),
    ...streams.flatMap((stream) => [
      `${titleOf(stream)}: ${counts(stream)}`,
      ...archiveLines(stream.archived),
      ...limitLines(stream.limits),
      ...details(stream),
      ...encryptionLines(stream),
    ]),
    ...findings.map(findingLine),
    result === 'clean' ? `${directory} is clean.` : `${directory} is damaged.`,
  ];
  return `${lines.join('\n')}\n`;
}

function archiveLines({ segments, bytes, isRead }: CheckedArchive): string[] {
  if (segments === 0) return [];
  const count = `${segments.toLocaleString('en')} segments of ${bytes.toLocaleString('en')} bytes`;
  return [
    isRead
      ? `  of these are in the archive: ${count}`
      : `  in the archive, and not checked: ${count}; --archive has them read`,
  ];
}

function limitLines(limits: StreamLimits | undefined): string[] {
  if (limits === undefined) return [];
  const { enforced, ...own } = limits;
  const base = enforced === undefined ? [] : [enforced === 'aws' ? "AWS's" : 'none'];
  const numbers = Object.entries(own).map(([name, number]) => `${name} ${number}`);
  return [`  limits of its own, for each shard: ${[...base, ...numbers].join(', ')}`];
}

/** All of it is encrypted. */
function serviceLines(what: string, service: Report['tables']): string[] {
  const lines = journalLines(what, service);
  if (service.encryption !== undefined || service.frames === 0)
    return [...lines, ...encryptionLines(service)];
  return [...lines, '  only checksums were checked: it is encrypted, and --root-key has it decrypted'];
}

function encryptionLines({ encryption }: EncryptionReport): string[] {
  if (encryption === undefined || encryption.encrypted === 0) return [];
  const { encrypted, decrypted, keysMissing } = encryption;
  return [
    `  ${decrypted} of ${encrypted} encrypted frames can be decrypted`,
    ...keysMissing.map((why) => `  key missing: ${why}`),
  ];
}

/** Nothing about a journal that was never used. */
function journalLines(what: string, journal: LogReport): string[] {
  if (journal.segments === 0 && journal.findings.length === 0) return [];
  return [`${what}: ${counts(journal)}`, ...details(journal)];
}

/** What a copy holds less than the original, for people. */
export function lossText(to: string, streams: readonly StreamCheck[], all: readonly Kept[]): string {
  const lines = all.flatMap((kept, index) => lossLines(streams[index]!, kept));
  const summary = lines.length === 0 ? 'It holds every record.' : 'Not in it:';
  return `Copied to ${to}. ${[summary, ...lines].join('\n')}\n`;
}

function lossLines({ stream, log }: StreamCheck, { states, cut, hasArchive }: Kept): string[] {
  if (stream === undefined || states === undefined) {
    return [
      `  all ${log.records} records of the directory streams/${log.stream}, which belongs to no stream`,
    ];
  }
  const early = log.losses.filter(({ shard, first }) => first < (states.get(shard)?.next ?? 0));
  const late = [...cut].map(([shard, first]) => {
    const end = Math.max(log.states.get(shard)?.next ?? 0, findShard(stream, shard)?.closed?.end ?? 0);
    return { shard, first, end };
  });
  const lost = [...early, ...late].filter(({ first, end }) => end > first);
  const uncertain = late.filter(({ shard, first, end }) => end <= first && log.isUncertain(shard));
  const unknown = [...log.states.keys()].filter((shard) => shard >= firstUnknown(stream));
  const { segments } = log.archived;
  return [
    ...(segments === 0 || hasArchive
      ? []
      : [`  ${stream.name}: the ${segments} segments in the archive, because what follows them is damaged`]),
    ...unknown.map(
      (shard) => `  ${stream.name}: ${formatShardId(shard)}, which the control plane does not know`,
    ),
    ...lost.map((loss) => `  ${stream.name}: ${lostText(lostRecords(loss, stream))}`),
    ...uncertain.map(
      ({ shard, first }) =>
        `  ${stream.name}: whatever ${formatShardId(shard)} had from record ${first} on, if anything`,
    ),
  ];
}

/** A stream that is still to be created knows how many shards it will have. */
function firstUnknown({ nextShard, change }: Stream): number {
  return change?.kind === 'create' ? change.shardCount : nextShard;
}

function details({ findings, lost, uncertain }: LogReport): string[] {
  return [
    ...findings.map(findingLine),
    ...lost.map((records) => `  lost: ${lostText(records)}`),
    ...uncertain.map((shard) => `  perhaps lost: the last records of ${shard}; nobody can tell`),
  ];
}

function titleOf(stream: Report['streams'][number]): string {
  const { id, name, account, region } = stream;
  return name === undefined ? `streams/${id}` : `stream ${name} (${account}, ${region}, streams/${id})`;
}

function counts({ segments, frames, records, bytes }: LogReport): string {
  const counted = [
    [segments, 'segments'],
    [frames, 'frames'],
    [records, 'records'],
    [bytes, 'bytes'],
  ] as const;
  return counted.map(([count, of]) => `${count.toLocaleString('en')} ${of}`).join(', ');
}

function findingLine({ kind, path, position, message }: Finding): string {
  return `  ${kind}: ${path}, byte ${position}: ${message}`;
}

function lostText({ shard, first, last, from, below }: LostRecords): string {
  const numbers = from === undefined ? '' : `, sequence numbers from ${from} to below ${below}`;
  return `records ${first} to ${last} of ${shard}${numbers}`;
}
