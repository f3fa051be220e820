import type { Clock, Millis } from '../../env/clock.ts';
import type {
  AuditPage,
  AuditQuery,
  AuditTrail,
  SeenAuditRecord,
} from '../../services/millrace/parts/audit-trail.ts';
import { invalidArgument } from '../../services/millrace/parts/target.ts';
import { type AuditPlace, auditKinds } from './audit-log.ts';
import { BackwardLines, type LinePlace } from './backward-lines.ts';
import { type ReadRecord, recordIn } from './read-record.ts';

/** The audit log as it lies in its files. What waits to be written is not in it yet. */
export class LoggedTrail implements AuditTrail {
  readonly #place: AuditPlace;
  readonly #clock: Pick<Clock, 'turn'>;

  constructor(place: AuditPlace, clock: Pick<Clock, 'turn'>) {
    this.#place = place;
    this.#clock = clock;
  }

  async read(asked: AuditQuery, from: string | undefined, recordsMax: number): Promise<AuditPage> {
    const sources = this.#sourcesFrom(from);
    const records: SeenAuditRecord[] = [];
    let bytes = 0;
    for (;;) {
      for (const source of sources) {
        const read = await source.fill(asked.since);
        bytes += read;
        if (read > 0) await this.#clock.turn();
      }
      const newest = newestOf(sources);
      if (newest?.record === undefined) return { records, next: undefined };
      const isOver = records.length >= recordsMax || bytes >= bytesMax;
      if (isOver) return { records, next: tokenOf(sources) };
      if (fits(newest.record, asked)) records.push(newest.record.seen);
      newest.take();
    }
  }

  #sourcesFrom(from: string | undefined): Source[] {
    const { disk, directory } = this.#place;
    const places = from === undefined ? [] : placesIn(from);
    return Object.values(auditKinds).map(
      (kind, nth) => new Source(new BackwardLines(disk, directory, kind, places[nth])),
    );
  }
}

/** What one call reads at most, but for the last piece: about four thousand records. */
const bytesMax = 4 * 1024 * 1024;

/** The records of a kind, the newest first. */
class Source {
  readonly #lines: BackwardLines;
  #isOver = false;
  /** The next one; undefined when there is none. */
  record: ReadRecord | undefined;

  constructor(lines: BackwardLines) {
    this.#lines = lines;
  }

  /** Finds the next record where it was taken; answers how many bytes it took. */
  async fill(since: Millis = 0): Promise<number> {
    let bytes = 0;
    while (this.record === undefined && !this.#isOver) {
      if (this.#lines.next === undefined) {
        bytes += await this.#lines.read();
        if (this.#lines.next === undefined) this.#isOver = true;
        continue;
      }
      this.record = recordIn(this.#lines.next.text);
      // What is no record is a line that was cut off by a crash.
      if (this.record === undefined) this.#lines.take();
      else if (this.record.seen.at < since - disorderMs) this.#end();
    }
    return bytes;
  }

  take(): void {
    this.record = undefined;
    this.#lines.take();
  }

  get place(): LinePlace {
    return this.#isOver ? { number: 0, end: 0 } : this.#lines.place;
  }

  #end(): void {
    this.record = undefined;
    this.#isOver = true;
  }
}

/** How much later than its time a record may be written: threads tell the owner, and clocks are set right. */
const disorderMs: Millis = 60_000;

function newestOf(sources: readonly Source[]): Source | undefined {
  let newest: Source | undefined;
  for (const source of sources) {
    const { record } = source;
    if (record === undefined) continue;
    if (newest?.record === undefined || record.seen.at > newest.record.seen.at) newest = source;
  }
  return newest;
}

/**
 * Where each kind goes on: `NUMBER.END-NUMBER.END`. It leads to nothing that filters would not let through.
 */
function tokenOf(sources: readonly Source[]): string {
  return sources.map(({ place: { number, end } }) => `${number}.${end}`).join('-');
}

function placesIn(token: string): LinePlace[] {
  if (!/^\d{1,15}\.\d{1,16}-\d{1,15}\.\d{1,16}$/.test(token)) throw invalidArgument('Invalid NextToken.');
  return token.split('-').map((place) => {
    const [number, end] = place.split('.').map(Number);
    return { number: number!, end: end! };
  });
}

function fits({ seen, owner, callersAccount, accessKeyId, region }: ReadRecord, asked: AuditQuery): boolean {
  if (owner !== asked.account && callersAccount !== asked.account) return false;
  const isRegional = region !== undefined && !seen.operation.startsWith('iam:');
  if (isRegional && region !== asked.region) return false;
  if (asked.since !== undefined && seen.at < asked.since) return false;
  if (asked.until !== undefined && seen.at >= asked.until) return false;
  const { caller, operation, resource } = asked;
  if (caller !== undefined && !seen.caller.includes(caller) && accessKeyId !== caller) return false;
  const name = seen.operation.slice(seen.operation.indexOf(':') + 1);
  if (operation !== undefined && operation !== seen.operation && operation !== name) return false;
  if (resource !== undefined && !seen.resource?.includes(resource)) return false;
  return isOutcome(seen.outcome, asked.outcome);
}

function isOutcome(outcome: string, asked: string | undefined): boolean {
  if (asked === undefined) return true;
  return asked === 'failed' ? outcome !== 'ok' : outcome === asked;
}
