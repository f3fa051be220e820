import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sequenceNumberOf } from '../../../src/kinesis/sequence-number.ts';
import { lambdaError } from '../../../src/services/lambda/errors.ts';
import { functionArn, MappingCalls, type Members, mappingsPath, ordersArn, shard } from './mapping-calls.ts';

const ours = '/millrace/2026-11-01/mappings';

test('a failure is listed, and answered with its records and with the event that the function was given', async () => {
  const calls = await MappingCalls.open();
  const uuid = await calls.createSettled();
  await calls.giveUp(uuid, 'one', 'zw\u00f6lf');
  const { body } = await calls.send('GET', `${ours}/${uuid}/failures`);
  const [first, second] = [0, 1].map((offset) => sequenceNumberOf(shard(1), offset, calls.clock.now()));
  const failure = {
    ...{ Number: 0, Timestamp: calls.clock.now() / 1000, ShardId: 'shardId-000000000001' },
    ...{ Condition: 'RetryAttemptsExhausted', FirstSequenceNumber: first, LastSequenceNumber: second },
    ...{
      RecordCount: 2,
      Error: '{"errorType":"Error","errorMessage":"no"}',
      Delivery: 'none',
      HasData: true,
    },
  };
  assert.deepEqual(body, { Failures: [failure] });
  const { body: whole } = await calls.send('GET', `${ours}/${uuid}/failures/0`);
  assert.deepEqual(
    calls.asked.map(({ action, resource }) => [action, resource]),
    [
      ['lambda:GetMappingFailure', `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${uuid}`],
      ['kinesis:GetRecords', ordersArn],
    ],
  );
  const { Event, Records, Failure } = whole;
  assert.deepEqual(Failure, failure);
  const record = { PartitionKey: 'k"', ApproximateArrivalTimestamp: calls.clock.now() / 1000 };
  assert.deepEqual(Records, [
    { SequenceNumber: first, ...record, Data: Buffer.from('one').toString('base64') },
    { SequenceNumber: second, ...record, Data: Buffer.from('zw\u00f6lf').toString('base64') },
  ]);
  assert.deepEqual(JSON.parse(String(Event)), {
    Records: [first, second].map((sequenceNumber, index) => ({
      kinesis: {
        ...{ kinesisSchemaVersion: '1.0', partitionKey: 'k"', sequenceNumber },
        data: Buffer.from(['one', 'zw\u00f6lf'][index]!).toString('base64'),
        approximateArrivalTimestamp: calls.clock.now() / 1000,
      },
      ...{ eventSource: 'aws:kinesis', eventVersion: '1.0', eventName: 'aws:kinesis:record' },
      ...{ eventID: `shardId-000000000001:${sequenceNumber}`, awsRegion: 'us-east-1' },
      invokeIdentityArn: 'arn:aws:iam::000000000000:role/reader',
      eventSourceARN: ordersArn,
    })),
  });
});

test('what is redriven is invoked again with its event, and waits on until it succeeds', async () => {
  const calls = await MappingCalls.open();
  const uuid = await calls.createSettled();
  await calls.giveUp(uuid, 'one');
  await calls.giveUp(uuid, 'two');
  const error = '{"errorType":"Error","errorMessage":"still\\nno"}';
  const isTwo = (event: string) => event.includes(Buffer.from('two').toString('base64'));
  calls.answers = (event) =>
    isTwo(event) ? { functionError: 'Unhandled', payload: Buffer.from(error) } : {};
  const redrive = async (input: object = {}) =>
    (await calls.send('POST', `${ours}/${uuid}/redrive`, input)).body;
  assert.deepEqual(await redrive(), {
    Results: [
      { Number: 0, Outcome: 'Succeeded' },
      { Number: 1, Outcome: 'Failed', Error: error },
    ],
    Remaining: 0,
  });
  const arn = `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${uuid}`;
  assert.deepEqual(
    calls.asked.map(({ action, resource }) => [action, resource]),
    [
      ['lambda:RedriveMappingFailures', arn],
      ['lambda:InvokeFunction', functionArn],
    ],
  );
  const { body } = await calls.send('GET', `${ours}/${uuid}/failures/1`);
  assert.equal(calls.events[1], body['Event']);
  const sights = (await calls.send('GET', ours)).body['Mappings'] as Members[];
  assert.deepEqual([sights[0]?.['UUID'], sights[0]?.['PendingFailures']], [uuid, 1]);
  calls.answers = () => lambdaError('TooManyRequestsException', 'Rate Exceeded.');
  const refused = { Number: 1, Outcome: 'Failed', Error: 'TooManyRequestsException: Rate Exceeded.' };
  assert.deepEqual(await redrive(), { Results: [refused], Remaining: 0 });
  calls.answers = () => ({});
  assert.deepEqual(await redrive(), { Results: [{ Number: 1, Outcome: 'Succeeded' }], Remaining: 0 });
  assert.deepEqual(await redrive(), { Results: [], Remaining: 0 });
  // By number it is sent whatever became of it.
  assert.deepEqual((await redrive({ Numbers: [0] }))['Results'], [{ Number: 0, Outcome: 'Succeeded' }]);
  assert.equal(calls.events.filter((event) => !isTwo(event)).length, 2);
  assert.equal((await calls.send('POST', `${ours}/${uuid}/redrive`, { Numbers: [7] })).status, 404);
});

test('a function that reports items as failed has not succeeded', async () => {
  const calls = await MappingCalls.open();
  const uuid = await calls.createSettled({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
  await calls.giveUp(uuid, 'one', 'two');
  const itemIdentifier = sequenceNumberOf(shard(1), 1, calls.clock.now());
  const payload = Buffer.from(JSON.stringify({ batchItemFailures: [{ itemIdentifier }] }));
  calls.answers = () => ({ payload });
  const { body } = await calls.send('POST', `${ours}/${uuid}/redrive`, {});
  const [result] = body['Results'] as Members[];
  assert.equal(result?.['Outcome'], 'Failed');
  const { body: listed } = await calls.send('GET', `${ours}/${uuid}/failures`);
  assert.ok(!('RedriveTimestamp' in (listed['Failures'] as Members[])[0]!));
});

test('of what was forgotten there is the entry, and nothing to send', async () => {
  const calls = await MappingCalls.open();
  const uuid = await calls.createSettled();
  await calls.giveUp(uuid, 'one');
  const forgotten = { ...calls.journal.state.get('failure', `${uuid}/000000000000`)!, data: undefined };
  await calls.commit({ kind: 'said', of: 'failure', key: `${uuid}/000000000000`, value: forgotten });
  const { body } = await calls.send('GET', `${ours}/${uuid}/failures/0`);
  assert.deepEqual([(body['Failure'] as Members)['HasData'], 'Event' in body], [false, false]);
  const redriven = await calls.send('POST', `${ours}/${uuid}/redrive`, {});
  assert.deepEqual(redriven.body, { Results: [{ Number: 0, Outcome: 'Forgotten' }], Remaining: 0 });
  assert.deepEqual(calls.events, []);
});

test('of a function that is gone there are the records still', async () => {
  const calls = await MappingCalls.open();
  const uuid = await calls.createSettled();
  await calls.giveUp(uuid, 'one');
  await calls.commit({ kind: 'forgotten', of: 'function', key: '000000000000/us-east-1/resize' });
  const { body } = await calls.send('GET', `${ours}/${uuid}/failures/0`);
  assert.deepEqual([(body['Records'] as Members[]).length, 'Event' in body], [1, false]);
  assert.deepEqual((await calls.send('POST', `${ours}/${uuid}/redrive`, {})).body['Results'], [
    { Number: 0, Outcome: 'Failed', Error: `There is no function ${functionArn}.` },
  ]);
});

test('how mappings do is told by shard', async () => {
  const calls = await MappingCalls.open();
  const uuid = await calls.createSettled();
  const sight = {
    shardId: 'shardId-000000000001',
    lag: 1500,
    behindRecords: 3,
    doneRecords: 7,
    lastResult: 'OK',
  };
  calls.shards = [{ ...sight, timeToLoss: 60_000, recordsPerSecond: 2.4 }];
  const { body } = await calls.send('GET', ours);
  assert.deepEqual(body, {
    Mappings: [
      {
        ...{ UUID: uuid, EventSourceArn: ordersArn, FunctionArn: functionArn, State: 'Enabled' },
        ...{ LastProcessingResult: 'OK', PendingFailures: 0 },
        Shards: [
          {
            ...{
              ShardId: 'shardId-000000000001',
              LagMs: 1500,
              BehindRecords: 3,
              DoneRecords: 7,
              TimeToLossMs: 60_000,
            },
            ...{ LastProcessingResult: 'OK', RecordsPerSecond: 2 },
          },
        ],
      },
    ],
  });
  assert.equal((await calls.send('GET', `${mappingsPath}/${uuid}`)).body['LastProcessingResult'], 'OK');
});

test('shards that run at other gateways are told with those that run here', async () => {
  const calls = await MappingCalls.open();
  const uuid = await calls.createSettled();
  const sight = { lag: 0, behindRecords: 0, timeToLoss: undefined, recordsPerSecond: 0, lastResult: 'OK' };
  const shown = (index: number, doneRecords: number) => {
    return { ...sight, shardId: `shardId-00000000000${index}`, doneRecords };
  };
  calls.shards = [shown(2, 7), shown(1, 5)];
  // The first of them is on its way there.
  const failing = { ...shown(0, 3), lastResult: 'PROBLEM: Function call failed' };
  calls.elsewhere.set(uuid, [shown(1, 6), shown(2, 6), failing]);
  const { body } = await calls.send('GET', ours);
  const [mapping] = body['Mappings'] as [
    { LastProcessingResult: string; Shards: { ShardId: string; DoneRecords: number }[] },
  ];
  assert.deepEqual(
    mapping.Shards.map(({ ShardId, DoneRecords }) => `${ShardId.at(-1)} ${DoneRecords}`),
    ['0 3', '1 6', '2 7'],
  );
  assert.equal(mapping.LastProcessingResult, 'PROBLEM: Function call failed');
});
