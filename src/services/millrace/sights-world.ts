import type { Caller } from '../../access/caller.ts';
import type { Authorizer } from '../../access/policy/access.ts';
import type { Millis } from '../../env/clock.ts';
import type { MeterReadings } from '../../stream/meter/counts.ts';
import type { AuditTrail } from './parts/audit-trail.ts';
import type { Counted } from './parts/counted.ts';
import type { SeenReader } from './parts/seen-reader.ts';
import type { GetServerSightAnswer } from './sights.ts';

/** What the operations that look at a server work with: all of it is gathered when somebody looks. */
export type SightsWorld = {
  /** Says of each stream whether a caller may see it. */
  readonly authorizer: Authorizer;
  /** What meters have counted, of all threads and gateways, moments ago at most. */
  readonly counted: { current(): Promise<Counted> };
  /** Where shards are hot. */
  readonly heatOf: MeterReadings['heatOf'];
  readonly readers: ReaderSurvey;
  readonly server: () => Promise<ServerFacts>;
  /** Absent where no audit log is kept in files; then `unaudited` says why. */
  readonly audit: AuditTrail | undefined;
  readonly unaudited: string;
};

/** An account in a region. */
export type Scope = Pick<Caller, 'account' | 'region'>;

/** Readers that only their own records tell of: leases of applications, mappings, deliveries. */
export interface ReaderSurvey {
  /**
   * Those of an account in a region, by the name of their stream. A `glance` is content with what was found
   * half a minute ago, a `look` wants what is there now. Never rejects: what cannot be found out is left out.
   */
  found(scope: Scope, patience: 'glance' | 'look'): Promise<FoundReaders>;
}

export type FoundReaders = {
  readonly byStream: ReadonlyMap<string, readonly SeenReader[]>;
  /** Applications whose leases do not say which stream they read. */
  readonly strays: readonly SeenReader[];
  /** When they were found, in milliseconds since 1970. */
  readonly at: Millis;
};

/** What a server knows of itself, besides what the meter counts. */
export type ServerFacts = Omit<GetServerSightAnswer, 'At' | 'Operations' | 'SlowRequests' | 'LimitsHit'>;
