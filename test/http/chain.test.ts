import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chain, Deadline, Deadlines, type Link } from '../../src/http/deadlines.ts';
import { Unsent, unsentBytesMax } from '../../src/http/unsent.ts';
import { growthOfOld, none } from '../old-objects.ts';
import { handTurnedClock } from './hand-turned-clock.ts';

class Member implements Link<Member> {
  readonly name: string;
  isLinked = false;
  previous: Member | undefined;
  next: Member | undefined;

  constructor(name: string) {
    this.name = name;
  }
}

test('a chain keeps its members in the order in which they were added, whichever of them leave', () => {
  const chain = new Chain<Member>();
  const [first, second, third] = ['first', 'second', 'third'].map((name) => new Member(name));
  for (const member of [first!, second!, third!]) chain.add(member);
  assert.equal(namesIn(chain), 'first second third');
  assert.ok(chain.delete(second!));
  assert.ok(!chain.delete(second!));
  chain.delete(first!);
  chain.add(first!);
  assert.equal(namesIn(chain), 'third first');
  chain.delete(first!);
  chain.add(second!);
  assert.equal(namesIn(chain), 'third second');
});

test('what has left a chain leads to nothing that is in it', () => {
  const chain = new Chain<Member>();
  const [first, second, third] = ['first', 'second', 'third'].map((name) => new Member(name));
  for (const member of [first!, second!, third!]) chain.add(member);
  chain.delete(second!);
  assert.deepEqual({ ...second! }, { ...new Member('second') });
});

function namesIn(chain: Chain<Member>): string {
  const names: string[] = [];
  for (let member = chain.first; member !== undefined; member = member.next) names.push(member.name);
  return names.join(' ');
}

test('deadlines that are kept leave nothing that grows old', async () => {
  const { clock } = handTurnedClock();
  const deadlines = new Deadlines(clock, assert.ifError);
  const growth = await growthOfOld(() => {
    const deadline = new Deadline(() => {});
    deadlines.add(deadline, 1_000);
    deadlines.delete(deadline);
  });
  deadlines.close();
  assert.ok(growth < none, `${growth} bytes of 40,000 deadlines`);
});

test('answers that are taken leave nothing that grows old', async () => {
  const { clock } = handTurnedClock();
  const deadlines = new Deadlines(clock, assert.ifError);
  const unsent = new Unsent(new Int32Array([unsentBytesMax]), deadlines, clock);
  const growth = await growthOfOld(() => {
    const held = unsent.hold([new Uint8Array(100)], () => {});
    unsent.moved(held);
    unsent.done(held);
  });
  deadlines.close();
  assert.ok(growth < none, `${growth} bytes of 40,000 answers`);
});
