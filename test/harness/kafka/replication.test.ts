import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { BrokerTroubles } from '../../../harness/kafka/broker-mischief.ts';
import { playLedger } from './ledger.ts';

const everything: BrokerTroubles = {
  ...{ kills: true, powerCuts: true, pauses: true, cuts: true, disks: true },
  ...{ clocks: true, weather: true, damage: false, staleEnds: false },
};

const strong = { 'min.insync.replicas': '2', 'message.timestamp.type': 'LogAppendTime' };
const weak = { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' };

suite('fake brokers that meet all troubles', () => {
  test('lose nothing that they acknowledged or showed, with strong settings', async () => {
    let acknowledged = 0;
    for (let seed = 0; seed < 10; seed++) {
      const outcome = await playLedger(seed, strong, everything);
      assert.deepEqual(outcome.broken, [], `seed ${seed}`);
      acknowledged += outcome.acknowledged;
    }
    assert.ok(acknowledged > 10 * 100, `only ${acknowledged} acknowledged`);
  });

  test('lose some of it with weak settings', async () => {
    for (let seed = 0; seed < 25; seed++)
      if ((await playLedger(seed, weak, everything)).broken.length > 0) return;
    assert.fail('no seed lost anything');
  });

  test('do the same in the same order for the same seed', async () => {
    const first = await playLedger(3, strong, everything, 5_000);
    const second = await playLedger(3, strong, everything, 5_000);
    const other = await playLedger(4, strong, everything, 5_000);
    assert.ok(first.events.length > 100);
    assert.deepEqual(second.events, first.events);
    assert.notDeepEqual(other.events, first.events);
  });
});
