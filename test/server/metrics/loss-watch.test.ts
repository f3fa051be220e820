import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Logger, silentLogger } from '../../../src/env/logger.ts';
import { LossWatch } from '../../../src/server/metrics/loss-watch.ts';
import type { ReaderLag } from '../../../src/server/metrics/reader-lag.ts';
import { sampleStream } from '../../kinesis/sample.ts';
import { ManualClock, settled } from '../../services/kinesis/manual-clock.ts';

const day = 24 * 3600;

/** A reader of a stream with a day of retention, by how much of it is behind. */
class World {
  readonly clock = new ManualClock();
  readonly said: string[] = [];
  readonly logger: Logger = {
    ...silentLogger,
    warn: () => this.said.push('warn'),
    info: () => this.said.push('info'),
  };
  behind: number | undefined = 0;
  looks = 0;
  readonly watch = new LossWatch({ ...this, lags: () => this.#lags() });

  async #lags(): Promise<readonly ReaderLag[]> {
    this.looks += 1;
    const lagSeconds = this.behind === undefined ? undefined : this.behind * day;
    const timeToLossSeconds = lagSeconds === undefined ? undefined : day - lagSeconds;
    const others = { records: 1, bytes: 1, failures: undefined };
    return [
      { stream: sampleStream(1), kind: 'polling', name: 'app', lagSeconds, timeToLossSeconds, ...others },
    ];
  }

  /** What is logged when it looks again and the reader is so far behind. */
  async after(behind: number | undefined): Promise<string[]> {
    this.behind = behind;
    this.said.splice(0);
    await this.clock.advance(300_000);
    await settled();
    return [...this.said];
  }
}

test('a reader is warned of once when little of the retention is left, and again only after it caught up', async () => {
  const world = new World();
  world.watch.awake();
  assert.deepEqual(await world.after(0.5), []);
  assert.deepEqual(await world.after(0.76), ['warn']);
  assert.deepEqual(await world.after(0.9), []);
  assert.deepEqual(await world.after(0.7), []);
  assert.deepEqual(await world.after(0.8), []);
  assert.deepEqual(await world.after(0.4), ['info']);
  assert.deepEqual(await world.after(0.99), ['warn']);
  world.watch.close();
});

test('nobody looks without calls, nor any more when no reader is known', async () => {
  const world = new World();
  await world.after(0.9);
  assert.equal(world.looks, 0);
  world.watch.awake();
  await world.after(undefined);
  await world.after(0.9);
  assert.equal(world.looks, 1);
  world.watch.awake();
  assert.deepEqual(await world.after(0.9), ['warn']);
  assert.equal(world.looks, 2);
  world.watch.close();
});
