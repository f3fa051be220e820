import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Duty } from '../../src/cluster/members.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { Condition } from '../../src/log/condition.ts';
import { runOnDuty } from '../../src/server/duty-background.ts';
import { ManualClock, settled } from '../services/kinesis/manual-clock.ts';

/** A duty that a test gives and takes. */
class GivenDuty implements Duty {
  readonly #change = new Condition();
  #isOurs = false;
  number = 0;

  give(isOurs: boolean): void {
    this.#isOurs = isOurs;
    this.number += 1;
    this.#change.announce();
  }

  isOurs(): boolean {
    return this.#isOurs;
  }

  holder(): undefined {
    return undefined;
  }

  changed(signal: AbortSignal): Promise<void> {
    const { number } = this;
    return this.#change.until(() => this.number !== number, signal);
  }
}

test('work for all is done by who has the duty, at once when it comes, and when there is news', async () => {
  const clock = new ManualClock();
  const duty = new GivenDuty();
  const news = new GivenDuty();
  let ticks = 0;
  const tick = async () => {
    ticks += 1;
    return undefined;
  };
  const background = runOnDuty([{ duty, ticks: [tick] }], { clock, logger: silentLogger, news: [news] });
  await clock.advance(60_000);
  background.nudge();
  await settled();
  assert.equal(ticks, 0);
  duty.give(true);
  await settled();
  assert.equal(ticks, 1);
  news.give(true);
  await settled();
  assert.equal(ticks, 2);
  duty.give(false);
  await clock.advance(120_000);
  assert.equal(ticks, 2);
  await background.stop();
});
