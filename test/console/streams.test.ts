import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeLimits, type TypedLimits, wrongLimits } from '../../console/pages/stream/stream-limits.ts';
import { createSteps, nameTrouble, suggestedStream } from '../../console/pages/streams/create-stream.ts';
import { retentionTrouble, wholeNumber } from '../../console/pages/streams/number-input.ts';
import { CountsHistory, noRates, ratesBetween } from '../../console/pages/streams/rates.ts';
import { streamFilter } from '../../console/pages/streams/stream-filter.ts';
import { lossDanger, rowsAfter, type StreamRow } from '../../console/pages/streams/stream-row.ts';
import { rowsOf, tagsOf, tagTrouble } from '../../console/pages/streams/tag-rows.ts';
import type { StreamSight } from '../../src/services/millrace/sights.ts';
import { noCountsSight } from './shard-sights.ts';

function row(Name: string, sight: Partial<StreamSight> = {}, rates = noRates): StreamRow {
  return {
    sight: {
      Name,
      Arn: `arn:aws:kinesis:us-east-1:000000000000:stream/${Name}`,
      ...{ Status: 'ACTIVE', Mode: 'PROVISIONED', OpenShards: 1, ClosedShards: 0, RetentionHours: 24 },
      ...{ CreatedAt: 0, Tags: {}, Consumers: 0, Readers: 0, Counts: noCountsSight },
      ...sight,
    },
    rates,
    history: new CountsHistory(),
  };
}

test('rates are differences of counters by second, polling and fan-out together', () => {
  const before = { ...noCountsSight, RecordsIn: 100, RecordsOut: 10 };
  const after = { ...before, RecordsIn: 300, RecordsOut: 20, FanOutRecords: 30 };
  const rates = ratesBetween(before, after, 2);
  assert.equal(rates?.recordsIn, 100);
  assert.equal(rates?.recordsOut, 20);
  assert.equal(ratesBetween(after, before, 2), undefined);
  assert.equal(ratesBetween(before, after, 0), undefined);
});

test('a history is over the last ten seconds, and begins anew with a server that did', () => {
  const history = new CountsHistory(4);
  const rate = () => history.rates?.recordsIn;
  assert.equal(rate(), undefined);
  for (const [at, RecordsIn] of [
    [0, 0],
    [10, 1000],
    [15, 1100],
    [20, 1200],
    [20, 9999],
  ] as const) {
    history.add(at, { ...noCountsSight, RecordsIn });
  }
  assert.equal(rate(), 20);
  assert.deepEqual(history.series('recordsIn'), [100, 20, 20]);
  assert.deepEqual(history.times, [10, 15, 20]);
  history.add(25, { ...noCountsSight, RecordsIn: 5 });
  assert.equal(rate(), undefined);
  history.add(30, { ...noCountsSight, RecordsIn: 10 });
  assert.equal(rate(), 1);
  assert.deepEqual(history.series('recordsIn'), [20, 0, 1]);
});

test('a filter asks for names, tags, states and what holds now, all of them', () => {
  const rows = [
    row('orders', { Tags: { team: 'Payments', stage: 'prod' } }),
    row('clicks', { Mode: 'ON_DEMAND', Tags: { team: 'web' }, LagMillis: 61_000, KeyId: 'k' }),
    row('old-orders', { Status: 'UPDATING' }, { ...noRates, recordsIn: 5, recordsThrottled: 1 }),
  ];
  const found = (text: string) => rows.filter(streamFilter(text)).map(({ sight }) => sight.Name);
  assert.deepEqual(found(''), ['orders', 'clicks', 'old-orders']);
  assert.deepEqual(found('ORDERS'), ['orders', 'old-orders']);
  assert.deepEqual(found('orders state:upd'), ['old-orders']);
  assert.deepEqual(found('mode:on-demand'), ['clicks']);
  assert.deepEqual(found('tag:team=pay'), ['orders']);
  assert.deepEqual(found('tag:stage'), ['orders']);
  assert.deepEqual(found('payments'), ['orders']);
  assert.deepEqual(found('is:throttled'), ['old-orders']);
  assert.deepEqual(found('is:lagging'), ['clicks']);
  assert.deepEqual(found('is:encrypted'), ['clicks']);
  assert.deepEqual(found('is:idle name:orders'), ['orders']);
  assert.deepEqual(found('"team=web"'), ['clicks']);
  assert.deepEqual(found('is:nothing'), []);
});

test('records are about to be lost when little of the retention is left', () => {
  const hours = (left: number | undefined, RetentionHours = 24) =>
    lossDanger({
      ...row('a', { RetentionHours }).sight,
      ...(left === undefined ? {} : { TimeToLossMillis: left * 3_600_000 }),
    });
  assert.equal(hours(undefined), 'none');
  assert.equal(hours(23), 'none');
  assert.equal(hours(11), 'soon');
  assert.equal(hours(1.1), 'now');
  assert.equal(hours(-1), 'now');
  assert.equal(hours(9, 240), 'now');
});

test('a stream is created first, and changed when it is ACTIVE', () => {
  const steps = createSteps({
    ...suggestedStream,
    name: 'orders',
    shards: 2,
    retentionHours: 48,
    keyId: 'alias/aws/kinesis',
    tags: { team: 'a' },
  });
  assert.deepEqual(
    steps.map((step) => ('untilActive' in step ? 'wait' : step.operation)),
    ['CreateStream', 'wait', 'IncreaseStreamRetentionPeriod', 'wait', 'StartStreamEncryption'],
  );
  assert.deepEqual(steps[0], {
    service: 'kinesis',
    operation: 'CreateStream',
    input: {
      StreamName: 'orders',
      ShardCount: 2,
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      Tags: { team: 'a' },
    },
  });
  assert.equal(createSteps({ ...suggestedStream, name: 'a', mode: 'ON_DEMAND' }).length, 1);
  const trouble = ['', 'a b', 'taken', 'ok-1._'].map((name) => nameTrouble(name, (one) => one === 'taken'));
  assert.deepEqual(trouble, ['empty', 'form', 'taken', undefined]);
});

test('what is typed into fields is read as it is meant, or not at all', () => {
  assert.deepEqual(
    [' 5 ', '0', '1.5', '1e3', '', '-1'].map((text) => wholeNumber(text, 1)),
    [5, undefined, undefined, undefined, undefined, undefined],
  );
  assert.deepEqual(['23', '24', '8760', '8761'].map(retentionTrouble), [true, false, false, true]);
  const rows = [...rowsOf({ 'a=b': '1' }), { key: '', value: '' }];
  assert.deepEqual(tagsOf(rows), { 'a=b': '1' });
  assert.equal(tagTrouble(rows), undefined);
  assert.equal(tagTrouble([...rows, { key: '', value: 'x' }]), '');
  assert.equal(tagTrouble([...rows, { key: 'a=b', value: '' }]), 'a=b');
});

test('limits that are typed take the place of all before; nothing is asked where nothing changes', () => {
  const stream = { name: 'orders', arn: 'arn' };
  const typed: TypedLimits = {
    ...{ enforced: '', WriteRecordsPerSecond: '50', WriteBytesPerSecond: '' },
    ...{ ReadBytesPerSecond: '', ReadsPerSecond: '' },
  };
  assert.deepEqual(changeLimits(stream, { Enforced: 'none' }, typed), [
    {
      service: 'millrace',
      operation: 'PutStreamLimits',
      input: { StreamName: 'orders', Limits: { WriteRecordsPerSecond: 50 } },
    },
  ]);
  assert.deepEqual(changeLimits(stream, { WriteRecordsPerSecond: 50 }, typed), []);
  assert.deepEqual(wrongLimits({ ...typed, ReadsPerSecond: '0', WriteBytesPerSecond: 'x' }), [
    'WriteBytesPerSecond',
    'ReadsPerSecond',
  ]);
});

test('a stream that nothing happens to keeps its row, until something does', () => {
  const sight = row('quiet').sight;
  const arn = sight.Arn;
  const read = (before: ReadonlyMap<string, StreamRow>, at: number, RecordsIn: number, changed = {}) =>
    rowsAfter(before, at, [{ ...sight, ...changed, Counts: { ...noCountsSight, RecordsIn } }]);
  const first = read(new Map(), 0, 5);
  const second = read(first, 2, 5);
  assert.equal(second.get(arn), first.get(arn));
  const tagged = read(second, 4, 5, { Tags: { team: 'x' } });
  assert.notEqual(tagged.get(arn), second.get(arn));
  const busy = read(tagged, 6, 25, { Tags: { team: 'x' } });
  assert.equal(busy.get(arn)!.rates.recordsIn, 20 / 6);
  // Its curve goes on, and its rate falls, though nothing else comes.
  const after = read(busy, 8, 25, { Tags: { team: 'x' } });
  assert.notEqual(after.get(arn), busy.get(arn));
  assert.equal(after.get(arn)!.rates.recordsIn, 20 / 8);
  assert.equal(read(after, 10, 25).size, 1);
  assert.equal(rowsAfter(after, 12, []).size, 0);
});
