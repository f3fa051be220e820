import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { lambdaUpkeep } from '../../../src/server/lambda/lambda-upkeep.ts';
import { openLambdaJournal } from '../../../src/services/lambda/state/open-lambda-journal.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';

const hourMs = 3_600_000;

async function upkeepWith(broken: 'code' | 'failures') {
  const clock = new ManualClock();
  const journal = await openLambdaJournal(openMemoryLog(clock));
  const done: string[] = [];
  const work = (name: 'code' | 'failures') => async () => {
    done.push(name);
    if (name === broken) throw new Error(`${name} is damaged`);
  };
  const parts = { code: { sweep: work('code') }, failures: { tick: work('failures') } };
  return { clock, done, tick: lambdaUpkeep({ journal, clock, transitionDelay: 100, ...parts }) };
}

for (const broken of ['code', 'failures'] as const) {
  test(`what is not needed is let go of once an hour, also where ${broken} is damaged`, async () => {
    const { clock, done, tick } = await upkeepWith(broken);
    assert.equal(await tick(), hourMs);
    assert.deepEqual(done, []);
    await clock.advance(hourMs);
    await assert.rejects(tick(), { message: `${broken} is damaged` });
    assert.deepEqual(done, ['code', 'failures']);
    assert.equal(await tick(), hourMs);
    await clock.advance(hourMs);
    await assert.rejects(tick());
    assert.deepEqual(done, ['code', 'failures', 'code', 'failures']);
  });
}
