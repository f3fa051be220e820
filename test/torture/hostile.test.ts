import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { abusers } from '../../torture/hostile/abusers.ts';
import { scheduleOf } from '../../torture/hostile/schedule.ts';
import { strangers } from '../../torture/hostile/strangers.ts';
import { CrewAlone } from './crew-alone.ts';
import { torture } from './torture-run.ts';

test('the same seed writes the same schedule, and another seed another', () => {
  assert.deepEqual(scheduleOf(7, 'brief'), scheduleOf(7, 'brief'));
  assert.notDeepEqual(scheduleOf(7, 'brief'), scheduleOf(8, 'brief'));
});

test('every schedule has all that once did harm, and every act at every state', () => {
  const steps = scheduleOf(7, 'brief');
  const named = new Set(
    steps.map((step) => (step.kind === 'input' ? step.name : `${step.state}, ${step.act}`)),
  );
  for (const { name } of [...strangers, ...abusers]) assert.ok(named.has(name), name);
  assert.equal(named.size, strangers.length + abusers.length + 8 * 6);
});

const alone = new CrewAlone();
after(() => alone.close());

/** These take ten seconds at most; what else lasts goes through its deadlines in the slices below. */
const lastingShort = ['endless-headers', 'garbage-record'];
const short = [...strangers, ...abusers].filter(
  ({ name, isLasting }) => !isLasting || lastingShort.includes(name),
);
for (const { name } of short) {
  test(`a crew that does nothing but ${name} breaks no promise`, async () => {
    assert.deepEqual(await alone.does(name), []);
  });
}

/** A slice of what `npm run torture -- --only hostile` does. Both wait for deadlines most of the time, so they wait together. */
test('hostile peers at every state break no promise', async (context) => {
  const runs = await Promise.all([torture('hostile-1', 1), torture('hostile-2', 1)]);
  for (const { code, output } of runs) {
    context.diagnostic(/^hostile-\d: a put .*$/m.exec(output)?.[0] ?? '');
    assert.equal(code, 0, output);
  }
});
