import type { Millis } from '../src/env/clock.ts';
import { type HashKey, hashKeyOf } from '../src/kinesis/hash-key.ts';

/**
 * What clients did and saw, written down without judgement: the checker judges it afterwards. Nothing here
 * knows how the server works.
 */

/** The order of what clients noticed. Sending is a moment and hearing the answer is a later one. */
export type Moment = number;

/** One record of one request. A client that tries again makes a new attempt with a new id. */
export type Attempt = {
  readonly id: string;
  /** The stream that the client believed to write to. */
  readonly stream: StreamModel;
  readonly partitionKey: string;
  readonly hashKey: HashKey;
  readonly data: string;
  readonly sent: Moment;
  outcome: Outcome;
  /** True when it was certainly encrypted with the key that clients disable. */
  isUnderOwnKey?: boolean;
};

/** What the client knows. `unknown`: no answer came, so the record may be there or not. */
export type Outcome =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'acknowledged'; readonly at: Moment; readonly shard: string; readonly number: bigint };

/** A record as a reader saw it. */
export type Sighting = {
  readonly number: bigint;
  readonly arrival: number;
  readonly partitionKey: string;
  readonly data: string;
};

/** One answer of GetRecords. */
export type Page = {
  readonly sent: Moment;
  readonly answered: Moment;
  readonly records: readonly Sighting[];
  /** The server said that nothing newer was there. */
  readonly isAtTip: boolean;
  /** The server said that the shard is closed and read to its end. */
  readonly isEnd: boolean;
};

/** A chain of pages of one shard, each continuing where the one before ended. */
export type Reader = {
  readonly stream: StreamModel;
  readonly shard: string;
  /**
   * The number after which it began: 0 for a reader from the very start, undefined when only the server
   * knows.
   */
  readonly after: bigint | undefined;
  readonly pages: Page[];
};

/** One look at all shards of a stream. */
export type Listing = {
  readonly sent: Moment;
  readonly answered: Moment;
  readonly shards: readonly ShardView[];
};

export type ShardView = {
  readonly id: string;
  readonly parents: readonly string[];
  readonly first: HashKey;
  readonly last: HashKey;
  readonly starting: bigint;
  /** Undefined while the shard is open. */
  readonly ending: bigint | undefined;
};

/** One look at a stream's state. */
export type StatusView = { readonly sent: Moment; readonly answered: Moment; readonly status: Status };

export type Status = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING' | 'GONE';

/** A value that one client sets, one request at a time, and that all may depend on. */
export type Setting = {
  readonly name: string;
  readonly writes: {
    readonly value: string;
    readonly sent: Moment;
    /** Undefined until there is an answer. */
    answered?: Moment;
    outcome: 'unknown' | 'refused' | 'done';
  }[];
  readonly reads: { readonly value: string; readonly sent: Moment }[];
};

/**
 * The values that a setting may have for a request that is sent at a moment: the last that was confirmed by
 * then, and those that were asked for and have no answer by then.
 */
export function possibleValues({ writes }: Setting, sent: Moment): string[] {
  const before = writes.filter((write) => write.sent < sent && write.outcome !== 'refused');
  const isConfirmed = (write: Setting['writes'][number]) =>
    write.outcome === 'done' && (write.answered ?? write.sent) < sent;
  const confirmed = before.findLast(isConfirmed);
  const possible = before.filter((write) => write === confirmed || !isConfirmed(write));
  return possible.map(({ value }) => value);
}

/** What clients know of encryption. */
export type EncryptionModel = {
  /** The key of a stream that was just created, as it was named, or NONE. */
  readonly first: string;
  /** True when no stream may lose its key. */
  readonly isAlways: boolean;
  /** Whether the key that a client disables and enables is Enabled or Disabled. */
  readonly ownKey: Setting;
  /** True once that key is certainly there. */
  isOwnKeyMade: boolean;
};

/** All shards of a stream as one client followed them, over any number of connections. */
export type Tail = {
  readonly stream: StreamModel;
  readonly from: 'TRIM_HORIZON' | 'LATEST';
  /** What the next connection goes on after. */
  lastEventId: string | undefined;
  /** By the name of the shard; they are among the stream's readers, so whatever holds of those holds here. */
  readonly readers: Map<string, Reader>;
  /** The shards of the records, in their order. */
  readonly order: string[];
};

/** What a server said it had counted of a stream. */
export type CountsLook = {
  /** All is counted that was acknowledged by then, and nothing that was sent after it was answered. */
  readonly asOf: Moment;
  readonly answered: Moment;
  /** Since when it counts: another process, another time. */
  readonly since: number;
  readonly records: number;
  readonly bytes: number;
};

/** A stream from its creation to its deletion. Another of the same name is another model. */
export class StreamModel {
  readonly name: string;
  readonly readers: Reader[] = [];
  readonly listings: Listing[] = [];
  readonly statuses: StatusView[] = [];
  readonly settings = new Map<string, Setting>();
  readonly tails: Tail[] = [];
  readonly looks: CountsLook[] = [];
  /** When its creation was certain. */
  created: Moment | undefined;
  /** When its deletion was first asked for, with or without success. */
  doomed: Moment | undefined;
  /** The last word: every shard, read from its start to its end after the world came to rest. */
  last: { readonly listing: Listing; readonly readers: readonly Reader[] } | undefined;

  constructor(name: string) {
    this.name = name;
  }

  setting(name: string, initial: string): Setting {
    const known = this.settings.get(name);
    if (known !== undefined) return known;
    const setting: Setting = {
      name,
      writes: [{ value: initial, sent: 0, answered: 0, outcome: 'done' }],
      reads: [],
    };
    this.settings.set(name, setting);
    return setting;
  }
}

/** All that happened in one simulation. */
export class Model {
  readonly streams: StreamModel[] = [];
  readonly attempts = new Map<string, Attempt>();
  /** Whether machines with clocks of their own say when records arrive. */
  hasManyClocks = false;
  /** Undefined where clients leave encryption alone. */
  encryption: EncryptionModel | undefined;
  /** For so long what was set or taken away at one server may be in force at another one. */
  lagMs: Millis = 0;
  /**
   * So much of what was just acknowledged a reader at a tip may lack while servers come and go, until a
   * moment from which on none does.
   */
  tipLagMs: Millis = 0;
  settled: Moment = Number.POSITIVE_INFINITY;
  readonly #wall: (moment: Moment) => Millis;
  readonly #monotonic: () => Millis;
  /** By moment. */
  readonly #walls: Millis[] = [0];
  readonly #times: Millis[] = [0];

  /**
   * `wall` answers the time of the wall clock for a moment that is now; `monotonic` that of a clock which
   * nobody sets.
   */
  constructor(wall: (moment: Moment) => Millis = () => 0, monotonic: () => Millis = () => 0) {
    this.#wall = wall;
    this.#monotonic = monotonic;
  }

  /** The latest moment. */
  get now(): Moment {
    return this.#walls.length - 1;
  }

  moment(): Moment {
    this.#times.push(this.#monotonic());
    return this.#walls.push(this.#wall(this.now + 1)) - 1;
  }

  /** Whether what was confirmed at a moment is known to every server at a later one. */
  isKnownToAll(confirmed: Moment, moment: Moment): boolean {
    return this.#times[moment]! - this.#times[confirmed]! >= this.lagMs;
  }

  /** Whether a reader that asked at a moment has what was acknowledged at an earlier one. */
  isAtTip(acknowledged: Moment, asked: Moment): boolean {
    if (acknowledged > asked) return false;
    return asked >= this.settled || this.#times[asked]! - this.#times[acknowledged]! >= this.tipLagMs;
  }

  /** What the wall clock showed. */
  wallAt(moment: Moment): Millis {
    return this.#walls[moment]!;
  }

  /**
   * The earliest time that the wall clock showed from one moment to another: each of its jumps has a moment.
   */
  earliestWall(first: Moment, last: Moment): Millis {
    let earliest = Number.POSITIVE_INFINITY;
    for (let moment = first; moment <= last; moment++) earliest = Math.min(earliest, this.wallAt(moment));
    return earliest;
  }

  /** The latest time that it showed from one moment to another; that it ever did without them. */
  latestWall(first: Moment = 0, last: Moment = this.now): Millis {
    let latest = 0;
    for (let moment = first; moment <= last; moment++) latest = Math.max(latest, this.wallAt(moment));
    return latest;
  }

  /** Whether the wall clock never went back between two moments. */
  isSteady(first: Moment, last: Moment): boolean {
    for (let moment = first; moment < last; moment++)
      if (this.wallAt(moment + 1) < this.wallAt(moment)) return false;
    return true;
  }

  stream(name: string): StreamModel {
    const stream = new StreamModel(name);
    this.streams.push(stream);
    return stream;
  }

  attempt(
    stream: StreamModel,
    partitionKey: string,
    explicitHashKey: HashKey | undefined,
    size: number,
  ): Attempt {
    const id = `r${this.attempts.size}`;
    const attempt: Attempt = {
      id,
      stream,
      partitionKey,
      hashKey: explicitHashKey ?? hashKeyOf(partitionKey),
      data: `${id}:`.padEnd(size, `${id}.`),
      sent: this.moment(),
      outcome: { kind: 'unknown' },
    };
    this.attempts.set(id, attempt);
    return attempt;
  }
}

/** The attempt that a record claims to be. */
export function idOf({ data }: { readonly data: string }): string {
  return data.slice(0, Math.max(0, data.indexOf(':')));
}
