import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults } from '../../torture/faults.ts';
import { readOptions } from '../../torture/options.ts';

const namesOf = (...args: string[]) => readOptions(args, faults, 1)?.faults.map(({ name }) => name);

test('without options every fault is done, but not to the peers', () => {
  const ofOne = faults.filter(({ engine }) => engine === undefined);
  assert.deepEqual(
    namesOf(),
    ofOne.filter(({ peer }) => peer === undefined).map(({ name }) => name),
  );
  assert.deepEqual(
    namesOf('--peers'),
    ofOne.map(({ name }) => name),
  );
});

test('what needs several gateways and brokers is done when the engine is named, or the fault', () => {
  const onKafka = faults.filter(({ engine }) => engine === 'kafka').map(({ name }) => name);
  assert.ok(onKafka.length > 0);
  assert.deepEqual(namesOf('--engine', 'kafka'), onKafka);
  assert.deepEqual(namesOf('--only', 'kafka-two'), ['kafka-two-brokers-gone', 'kafka-two']);
  assert.throws(() => namesOf('--engine', 'rust'), /--engine must be embedded or kafka, not 'rust'/);
});

test('faults are chosen by how their names begin', () => {
  assert.deepEqual(namesOf('--only', 'power,kill'), ['power-ext4', 'power-xfs', 'kill']);
  assert.throws(() => namesOf('--only', 'flood'), /there is no fault 'flood'; there are kill, /);
});

test('numbers are whole and above 0', () => {
  assert.equal(readOptions(['--rounds', '1000'], faults, 1)?.rounds, 1000);
  for (const text of ['0', '-1', '1.5', 'many']) {
    assert.throws(() => readOptions([`--seed=${text}`], faults, 1), /--seed must be a whole number above 0/);
  }
});
