import type { Engine } from '../../../src/log/log.ts';
import type { TestClock } from '../world.ts';
import { Ledger } from './ledger.ts';

/**
 * A day of a small log: rounds over several shards and segments, seals, trims, and a stream that is dropped.
 */
export class Workload {
  readonly main = new Ledger('main');
  readonly #doomed = new Ledger('doomed');
  isDropping = false;

  async run(log: Engine, clock: TestClock): Promise<void> {
    const { main } = this;
    await this.#doomed.append(log, 0, 2);
    for (let round = 0; round < 12; round++) {
      clock.time += 7;
      await Promise.all([
        main.append(log, 0, 1 + (round % 3), 60),
        main.append(log, 1, 2, 30),
        main.append(log, 0, 1, 10),
        round < 6 ? main.append(log, 2, 1, 200) : undefined,
      ]);
      if (round === 6) await main.seal(log, 2);
      if (round === 7) await this.#trimAll(log, 3);
      if (round === 8) await main.append(log, 3, 4, 700);
    }
    this.isDropping = true;
    // The system may refuse; then the next attempt has to work.
    await log.drop('doomed').catch(() => log.drop('doomed').catch(() => {}));
    await this.#trimAll(log, 6);
    await Promise.all([main.append(log, 1, 1), main.append(log, 0, 1)]);
    await log.close();
  }

  /** The log holds what was promised. */
  async check(log: Engine): Promise<void> {
    await this.main.check(log);
    if (!this.isDropping) await this.#doomed.check(log);
  }

  async #trimAll(log: Engine, before: number): Promise<void> {
    for (const shard of [0, 1, 2]) await this.main.trim(log, shard, before);
  }
}
