import type { Clock, Millis } from '../../env/clock.ts';
import type { DeliverySight } from '../delivery-world.ts';
import type { ChunkCounts } from '../formatter/chunk-setting.ts';

/** How a delivery does: what it has delivered since it runs here, how fast, and what holds it up. */
export class DeliveryMeter {
  readonly #clock: Clock;
  /** When the first of each chunk's records arrived, of chunks that are not done. */
  readonly #undone = new Set<ChunkAge>();
  /** The same of what is not read here. */
  #waiting: Millis | undefined;
  readonly #totals = { records: 0, bytes: 0, objects: 0, refused: 0 };
  /** Bytes of the last minutes, by minute of the monotonic clock. */
  #recent: { readonly minute: number; bytes: number }[] = [];
  #trouble: string | undefined;
  /** By shard, why it cannot be read. */
  readonly #unreadable = new Map<number, string>();
  #isFinal = false;
  #once: DeliverySight['once'];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A chunk that is begun; its age is known with its first record. */
  begin(): ChunkAge {
    const age = { oldest: Number.POSITIVE_INFINITY };
    this.#undone.add(age);
    this.#waiting = undefined;
    return age;
  }

  /** It is delivered, or given up and will be read again. */
  end(age: ChunkAge): void {
    this.#undone.delete(age);
  }

  done(
    { records, bytes, refused }: Pick<ChunkCounts, 'records' | 'bytes' | 'refused'>,
    objects: number,
  ): void {
    const totals = this.#totals;
    totals.records += records;
    totals.bytes += bytes;
    totals.refused += refused;
    totals.objects += objects;
    this.#trouble = undefined;
    const minute = this.#minute;
    this.#recent = this.#recent.filter((each) => each.minute >= minute - 1);
    const latest = this.#recent.at(-1);
    if (latest?.minute === minute) latest.bytes += bytes;
    else this.#recent.push({ minute, bytes });
  }

  /** What holds it up, until something is done again; final is what does not pass by itself. */
  hinder(reason: string, isFinal = false): void {
    this.#trouble = inOneLine(reason);
    this.#isFinal = isFinal;
  }

  /** A shard cannot be read, until it can be. */
  hinderReading(shard: number, reason: string): void {
    this.#unreadable.set(shard, inOneLine(reason));
  }

  /** Without a shard, all of them: another reader begins. */
  relieveReading(shard?: number): void {
    if (shard === undefined) this.#unreadable.clear();
    else this.#unreadable.delete(shard);
  }

  /** When the oldest record arrived that waits while nothing is read; undefined when none does. */
  noteWaiting(oldest: Millis | undefined): void {
    this.#waiting = oldest;
  }

  noteOnce(once: DeliverySight['once']): void {
    this.#once = once;
  }

  /** Whether what holds it up does not pass by itself. */
  get isFinal(): boolean {
    return this.#trouble !== undefined && this.#isFinal;
  }

  get trouble(): string | undefined {
    const [unreadable] = this.#unreadable.values();
    return this.#trouble ?? unreadable;
  }

  get freshnessMs(): Millis {
    let oldest = this.#waiting ?? Number.POSITIVE_INFINITY;
    for (const age of this.#undone) oldest = Math.min(oldest, age.oldest);
    return oldest === Number.POSITIVE_INFINITY ? 0 : Math.max(0, this.#clock.now() - oldest);
  }

  get sight(): Pick<
    DeliverySight,
    'records' | 'bytes' | 'objects' | 'refused' | 'bytesPerSecond' | 'freshnessMs' | 'once'
  > {
    const freshnessMs = this.freshnessMs;
    return { ...this.#totals, bytesPerSecond: this.#bytesPerSecond, freshnessMs, once: this.#once };
  }

  /** Over this minute and the one before. */
  get #bytesPerSecond(): number {
    const minute = this.#minute;
    const passed = this.#clock.monotonic() - (minute - 1) * minuteMs;
    const bytes = this.#recent.reduce((sum, each) => sum + (each.minute >= minute - 1 ? each.bytes : 0), 0);
    return Math.round((bytes * 1000) / passed);
  }

  get #minute(): number {
    return Math.floor(this.#clock.monotonic() / minuteMs);
  }
}

/** When the first of a chunk's records arrived; Infinity while it has none. */
export type ChunkAge = { oldest: Millis };

/** Others' words are in it, which go to terminals. */
function inOneLine(reason: string): string {
  return reason.replace(/\p{Cc}/gu, ' ').slice(0, reasonCharactersMax);
}

const reasonCharactersMax = 1_000;
const minuteMs: Millis = 60_000;
