import type { Duty, Member } from '../cluster/members.ts';
import { UnavailableError } from '../log/log.ts';
import type { MetricStore } from '../services/cloudwatch/metrics/metric-store.ts';
import type { Datum } from '../services/cloudwatch/metrics/metrics.ts';

/** How `putEncoded` of another gateway is called; undefined while that one cannot be reached. */
export type SendTo = (member: Member) => ((bytes: Uint8Array) => Promise<unknown>) | undefined;

type Store = Pick<MetricStore, 'put'>;

/**
 * Metrics that the server itself counts, in a cluster: they are kept in one gateway at a time, which holds
 * the duty for it. All reject with `UnavailableError` when it is not known who that is, or whether they were
 * taken.
 */
export class HeldMetrics implements Store {
  readonly #duty: Duty;
  readonly #sendTo: SendTo;
  readonly #store: () => Promise<Store>;

  /** `store` is that of this gateway, which may be asked for while it holds the duty. */
  constructor(duty: Duty, sendTo: SendTo, store: () => Promise<Store>) {
    this.#duty = duty;
    this.#sendTo = sendTo;
    this.#store = store;
  }

  async put(data: readonly Datum[]): Promise<void> {
    if (this.#duty.isOurs()) return await (await this.#store()).put(data);
    const holder = this.#duty.holder();
    const send = holder && this.#sendTo(holder);
    if (send === undefined) throw new UnavailableError('The gateway that keeps metrics cannot be reached.');
    const { encodePut } = await import('../services/cloudwatch/metrics/metric-record.ts');
    for (let at = 0; at < data.length; at += dataOfMessage) {
      await send(encodePut(data.slice(at, at + dataOfMessage)));
    }
  }

  /** What another gateway has sent so. */
  async putEncoded(bytes: Uint8Array): Promise<void> {
    if (!this.#duty.isOurs()) throw new UnavailableError('Another gateway keeps metrics by now.');
    const { decodeRecord } = await import('../services/cloudwatch/metrics/metric-record.ts');
    const { series } = decodeRecord(bytes, 'what another gateway counted');
    const data = series.flatMap(({ metric, unit, samples }) =>
      samples.map(({ time, ...sample }): Datum => ({ metric, unit, time, sample })),
    );
    await (await this.#store()).put(data);
  }
}

/** Fewer than a request of clients may have, and than a record can be decoded with. */
const dataOfMessage = 500;
