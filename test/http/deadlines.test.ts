import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Deadline, Deadlines } from '../../src/http/deadlines.ts';
import { handTurnedClock } from './hand-turned-clock.ts';

test('what is not deleted in time is ended, once, and the rest is left alone', async () => {
  const { clock, advance } = handTurnedClock();
  const deadlines = new Deadlines(clock, assert.ifError);
  const ended: string[] = [];
  const [late, inTime, later] = ['late', 'in time', 'later'].map(
    (name) => new Deadline(() => void ended.push(name)),
  );
  deadlines.add(late!, 1500);
  deadlines.add(inTime!, 1500);
  deadlines.add(later!, 3500);
  await advance(1000);
  assert.deepEqual(ended, []);
  deadlines.delete(inTime!);
  await advance(1000);
  assert.deepEqual(ended, ['late']);
  await advance(1000);
  await advance(1000);
  assert.deepEqual(ended, ['late', 'later']);
  deadlines.close();
});

test('an end that goes wrong costs no other end its time', async () => {
  const { clock, advance } = handTurnedClock();
  const failures: unknown[] = [];
  const deadlines = new Deadlines(clock, (error) => failures.push(error));
  const ended: string[] = [];
  const bug = new Error('a bug');
  const add = (end: () => void, delay: number) => deadlines.add(new Deadline(end), delay);
  add(() => {
    throw bug;
  }, 500);
  add(() => void ended.push('beside it'), 500);
  add(() => void ended.push('later'), 1500);
  await advance(1000);
  await advance(1000);
  assert.deepEqual({ ended, failures }, { ended: ['beside it', 'later'], failures: [bug] });
  deadlines.close();
});

test('closed deadlines let the process end', async () => {
  const { clock, sleeping } = handTurnedClock();
  const deadlines = new Deadlines(clock, assert.ifError);
  deadlines.close();
  await new Promise(setImmediate);
  assert.equal(sleeping(), 0);
});
