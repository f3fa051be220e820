import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
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

/** What waits for deadlines most of the time waits together. */
suite('what takes a minute', { concurrency: true }, () => {
  test('a crew that does nothing but unread-records breaks no promise', async () => {
    const unread = new CrewAlone();
    try {
      assert.deepEqual(await unread.does('unread-records'), []);
    } finally {
      unread.close();
    }
  });

  /** A slice of what `npm run torture -- --only hostile` does. */
  for (const fault of ['hostile-1', 'hostile-2']) {
    test(`hostile peers at every state break no promise: ${fault}`, async (context) => {
      const { code, output } = await torture(fault, 1);
      context.diagnostic(/^hostile-\d: a put .*$/m.exec(output)?.[0] ?? '');
      assert.equal(code, 0, output);
    });
  }
});
