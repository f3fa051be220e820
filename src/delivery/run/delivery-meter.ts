import type { Clock, Millis } from '../../env/clock.ts';
import type { DeliverySight } from '../delivery-world.ts';
import type { ChunkCounts } from '../formatter/chunk-setting.ts';

/** How a delivery does: what it has delivered since it runs here, how fast, and what holds it up. */
export class DeliveryMeter {
  readonly #clock: Clock;
  /** When the first of each chunk's records arrived, of chunks that are not done. */
  readonly #undone = new Set<ChunkAge>();
  readonly #totals = { records: 0, bytes: 0, objects: 0, refused: 0 };
  /** Bytes of the last minutes, by minute of the monotonic clock. */
  #recent: { readonly minute: number; bytes: number }[] = [];
  #trouble: string | undefined;
  isFinal = false;
  #once: DeliverySight['once'];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A chunk that is begun; its age is known with its first record. */
  begin(): ChunkAge {
    const age = { oldest: Number.POSITIVE_INFINITY };
    this.#undone.add(age);
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
    // Others' words are in it, which go to terminals.
    this.#trouble = reason.replace(/\p{Cc}/gu, ' ').slice(0, reasonCharactersMax);
    this.isFinal = isFinal;
  }

  noteOnce(once: DeliverySight['once']): void {
    this.#once = once;
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  get freshnessMs(): Millis {
    let oldest = Number.POSITIVE_INFINITY;
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

const reasonCharactersMax = 1_000;
const minuteMs: Millis = 60_000;
