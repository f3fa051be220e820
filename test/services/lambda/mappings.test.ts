import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextOf } from '../../../src/access/policy/access.ts';
import { cursorKeyOf } from '../../../src/services/lambda/state/lambda-state.ts';
import { aCaller } from '../../access/a-caller.ts';
import { functionArn, MappingCalls, type Members, mappingsPath, orders, ordersArn } from './mapping-calls.ts';

test('a new mapping is echoed with the defaults of what was not said', async () => {
  const calls = await MappingCalls.open();
  const { status, body } = await calls.answer();
  assert.equal(status, 202);
  const { UUID, EventSourceMappingArn, ...rest } = body;
  assert.match(String(UUID), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(EventSourceMappingArn, `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${UUID}`);
  // Recorded from AWS, all of it (Kinesis, October 2024).
  assert.deepEqual(rest, {
    BatchSize: 100,
    BisectBatchOnFunctionError: false,
    DestinationConfig: { OnFailure: {} },
    EventSourceArn: ordersArn,
    FunctionArn: functionArn,
    FunctionResponseTypes: [],
    LastModified: calls.clock.now() / 1000,
    LastProcessingResult: 'No records processed',
    MaximumBatchingWindowInSeconds: 0,
    MaximumRecordAgeInSeconds: -1,
    MaximumRetryAttempts: -1,
    ParallelizationFactor: 1,
    StartingPosition: 'LATEST',
    State: 'Creating',
    StateTransitionReason: 'User action',
    TumblingWindowInSeconds: 0,
  });
  assert.equal(calls.nudges, 1);
});

const everything = {
  BatchSize: 10_000,
  BisectBatchOnFunctionError: true,
  DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:lost' } },
  FilterCriteria: { Filters: [{ Pattern: '{"data":{"kind":["new"]}}' }] },
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  KMSKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/k',
  MaximumBatchingWindowInSeconds: 300,
  MaximumRecordAgeInSeconds: 60,
  MaximumRetryAttempts: 0,
  MetricsConfig: { Metrics: ['EventCount'] },
  ParallelizationFactor: 10,
  TumblingWindowInSeconds: 0,
};

test('all that is said of a mapping is echoed, when it is made and when it is changed', async () => {
  const calls = await MappingCalls.open();
  const start = { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: 1_600_000_000.5 };
  const made = await calls.create({ ...everything, ...start, Enabled: false, Tags: { team: 'a' } });
  for (const [name, value] of Object.entries({ ...everything, ...start })) {
    assert.deepEqual(made[name], value, name);
  }
  await calls.settle();
  const path = `${mappingsPath}/${made.UUID}`;
  assert.equal((await calls.send('GET', path)).body['State'], 'Disabled');
  const changed = await calls.send('PUT', path, {
    BatchSize: 1,
    DestinationConfig: { OnFailure: {} },
    FilterCriteria: {},
    KMSKeyArn: '',
    MetricsConfig: { Metrics: [] },
    FunctionResponseTypes: [],
  });
  assert.equal(changed.status, 202);
  const { State, BatchSize, DestinationConfig, FunctionResponseTypes, ParallelizationFactor } = changed.body;
  assert.deepEqual(
    { State, BatchSize, DestinationConfig, FunctionResponseTypes, ParallelizationFactor },
    {
      ...{ State: 'Updating', BatchSize: 1, DestinationConfig: { OnFailure: {} }, FunctionResponseTypes: [] },
      ParallelizationFactor: 10,
    },
  );
  for (const gone of ['FilterCriteria', 'KMSKeyArn', 'MetricsConfig'])
    assert.ok(!(gone in changed.body), gone);
});

test('a mapping passes through its states, and is refused changes meanwhile', async () => {
  const calls = await MappingCalls.open();
  const { UUID } = await calls.create();
  const path = `${mappingsPath}/${UUID}`;
  const state = async () => (await calls.send('GET', path)).body['State'];
  const busy = async (method: string, verb: string) => {
    const { status, type, body } = await calls.send(method, path, method === 'PUT' ? {} : undefined);
    const Message = `Cannot ${verb} the event source mapping because it is in use.`;
    assert.deepEqual(
      { status, type, body },
      { status: 400, type: 'ResourceInUseException', body: { Type: 'User', Message } },
    );
  };
  await calls.tick();
  assert.equal(await state(), 'Creating');
  await busy('PUT', 'update');
  await busy('DELETE', 'delete');
  await calls.settle();
  assert.equal(await state(), 'Enabled');
  for (const [input, passing, settled] of [
    [{ Enabled: false }, 'Disabling', 'Disabled'],
    [{ BatchSize: 7 }, 'Updating', 'Disabled'],
    [{ Enabled: true }, 'Enabling', 'Enabled'],
    [{ Enabled: true }, 'Updating', 'Enabled'],
  ] as const) {
    assert.equal((await calls.send('PUT', path, input)).body['State'], passing);
    await busy('PUT', 'update');
    await calls.settle();
    assert.equal(await state(), settled);
  }
  assert.equal((await calls.send('DELETE', path)).body['State'], 'Deleting');
  await busy('DELETE', 'delete');
  await calls.settle();
  const { status, type, body } = await calls.send('GET', path);
  assert.deepEqual(
    { status, type, body },
    {
      ...{ status: 404, type: 'ResourceNotFoundException' },
      body: { Type: 'User', Message: 'The resource you requested does not exist.' },
    },
  );
});

test('at LATEST the end of each shard is committed together with the mapping', async () => {
  const calls = await MappingCalls.open();
  await calls.put('1', 0, 'a', 'b', 'c');
  await calls.put('1', 1, 'd', 'e');
  const { version } = calls.journal.state;
  const { UUID } = await calls.create({ ParallelizationFactor: 2 });
  assert.equal(calls.journal.state.version, version + 1);
  const cursorOf = (shard: number) => calls.journal.state.get('cursor', cursorKeyOf(UUID, '1', shard));
  assert.deepEqual(cursorOf(0), { marks: [3, 3], isFinished: true });
  assert.deepEqual(cursorOf(1)?.marks, [2, 2]);
  const other = await calls.create({ StartingPosition: 'TRIM_HORIZON', EventSourceArn: fanArn });
  assert.deepEqual([...calls.journal.state.within('cursor', `${other.UUID}/`)], []);
});

const fanArn = `${ordersArn}/consumer/fan:1600000000`;

test('what is deleted goes with its cursors and failures, those of others stay', async () => {
  const calls = await MappingCalls.open();
  const kept = await calls.createSettled({ EventSourceArn: fanArn });
  const gone = await calls.createSettled();
  await calls.giveUp(gone, 'a');
  await calls.send('DELETE', `${mappingsPath}/${gone}`);
  await calls.settle();
  const { state } = calls.journal;
  assert.deepEqual([...state.within('cursor', `${gone}/`), ...state.within('failure', `${gone}/`)], []);
  assert.equal([...state.within('cursor', `${kept}/`)].length, 2);
});

test('mappings are listed by source and by function, a page at a time', async () => {
  const calls = await MappingCalls.open();
  for (let index = 0; index < 5; index++) {
    const name = `orders-${index}`;
    calls.streams.set(`000000000000/us-east-1/${name}`, { ...orders, name, id: `s${index}` });
    await calls.create({ EventSourceArn: `${ordersArn}-${index}`, StartingPosition: 'TRIM_HORIZON' });
  }
  const list = async (query: string) => (await calls.send('GET', `${mappingsPath}${query}`)).body;
  const uuids = (page: Members) => (page['EventSourceMappings'] as Members[]).map(({ UUID }) => UUID);
  const all = await list('');
  assert.ok(!('NextMarker' in all));
  const first = await list('?MaxItems=2');
  const second = await list(`?MaxItems=2&Marker=${encodeURIComponent(String(first['NextMarker']))}`);
  const last = await list(`?MaxItems=2&Marker=${encodeURIComponent(String(second['NextMarker']))}`);
  assert.deepEqual([first, second, last].flatMap(uuids), uuids(all));
  assert.equal(uuids(all).length, 5);
  assert.ok(!('NextMarker' in last));
  const named = await list(`?EventSourceArn=${encodeURIComponent(`${ordersArn}-3`)}&FunctionName=resize`);
  assert.deepEqual(
    (named['EventSourceMappings'] as Members[]).map(({ EventSourceArn }) => EventSourceArn),
    [`${ordersArn}-3`],
  );
  assert.deepEqual(uuids(await list(`?EventSourceArn=${encodeURIComponent(ordersArn)}`)), []);
  assert.deepEqual(uuids(await list('?FunctionName=resize')), uuids(all));
  assert.equal((await calls.send('GET', `${mappingsPath}?FunctionName=reduce`)).status, 404);
  assert.equal((await calls.send('GET', `${mappingsPath}?Marker=nonsense`)).status, 400);
});

test('policies may ask for the function and the tags of a mapping', async () => {
  const calls = await MappingCalls.open();
  const { UUID } = await calls.create({ Tags: { team: 'a' } });
  const [made, tagged] = calls.asked;
  assert.ok(made !== undefined);
  assert.deepEqual([made.action, made.resource], ['lambda:CreateEventSourceMapping', '*']);
  assert.deepEqual(
    [...contextOf(made)!],
    [
      ['lambda:functionarn', [functionArn]],
      ['aws:tagkeys', ['team']],
      ['aws:requesttag/team', ['a']],
    ],
  );
  const anyArn = 'arn:aws:lambda:us-east-1:000000000000:event-source-mapping:*';
  assert.deepEqual([tagged?.action, tagged?.resource], ['lambda:TagResource', anyArn]);
  const arn = anyArn.replace('*', UUID);
  await calls.send('GET', `${mappingsPath}/${UUID}`);
  const [looked] = calls.asked;
  assert.ok(looked !== undefined);
  assert.deepEqual([looked.action, looked.resource], ['lambda:GetEventSourceMapping', arn]);
  assert.deepEqual([...contextOf(looked)!], [['lambda:functionarn', [functionArn]]]);
  assert.deepEqual(looked.facts?.tags, [{ key: 'team', value: 'a' }]);
  calls.caller = aCaller('bob', '111111111111');
  assert.equal((await calls.send('GET', `${mappingsPath}/${UUID}`)).status, 404);
});

test('the last result is that of the shards, what is wrong first', async () => {
  const calls = await MappingCalls.open();
  const uuid = await calls.createSettled();
  const result = async () =>
    (await calls.send('GET', `${mappingsPath}/${uuid}`)).body['LastProcessingResult'];
  const say = (result: string) =>
    calls.commit({
      kind: 'said',
      of: 'cursor',
      key: cursorKeyOf(uuid, '1', 1),
      value: { marks: [1], result },
    });
  await say('OK');
  assert.equal(await result(), 'OK');
  await say('PROBLEM: Function call failed');
  assert.equal(await result(), 'PROBLEM: Function call failed');
  const sight = {
    shardId: 'shardId-000000000001',
    lag: 0,
    behindRecords: 0,
    doneRecords: 0,
    timeToLoss: undefined,
  };
  calls.shards = [{ ...sight, lastResult: 'OK', recordsPerSecond: 1 }];
  assert.equal(await result(), 'OK');
  calls.problem = 'PROBLEM: Stream not found';
  assert.equal(await result(), 'PROBLEM: Stream not found');
});

test('there is one mapping of a source to a function, and another to a consumer of it', async () => {
  const calls = await MappingCalls.open();
  const { UUID } = await calls.create();
  const { status, type, body } = await calls.answer();
  const message =
    `The event source arn (" ${ordersArn} ") and function (" resize ") provided mapping already exists. ` +
    `Please update or delete the existing mapping with UUID ${UUID}`;
  assert.deepEqual(
    { status, type, body },
    { status: 409, type: 'ResourceConflictException', body: { Type: 'User', message } },
  );
  await calls.create({ EventSourceArn: fanArn });
});

const refusals: Readonly<Record<string, readonly [input: object, message: string]>> = {
  'a stream that is not there': [
    { EventSourceArn: ordersArn.replace('orders', 'others') },
    `Stream not found: ${ordersArn.replace('orders', 'others')}`,
  ],
  'a stream of another region': [
    { EventSourceArn: ordersArn.replace('us-east-1', 'eu-west-1') },
    `Stream not found: ${ordersArn.replace('us-east-1', 'eu-west-1')}`,
  ],
  'a consumer that was deregistered': [
    { EventSourceArn: fanArn.replace('fan:16', 'fan:15') },
    `Stream not found: ${fanArn.replace('fan:16', 'fan:15')}`,
  ],
  'no source': [{ EventSourceArn: undefined }, 'Unrecognized event source.'],
  'a queue as a source': [
    { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:q', StartingPosition: 'LATEST' },
    'Unrecognized event source. Amazon SQS is not served as one by this server.',
  ],
  'a table as a source': [
    { EventSourceArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2024' },
    'Unrecognized event source. A stream of DynamoDB is not served as one by this server.',
  ],
  'a function that is not there': [{ FunctionName: 'reduce' }, 'Function does not exist'],
  'a version that is not there': [{ FunctionName: 'resize:7' }, 'Function does not exist'],
  'a function of another account': [
    { FunctionName: functionArn.replace('000000000000', '111111111111') },
    'Function does not exist',
  ],
  'no position': [
    { StartingPosition: undefined },
    "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
  ],
  'a time for another position': [
    { StartingPosition: 'TRIM_HORIZON', StartingPositionTimestamp: 1 },
    'Timestamp only valid with StartingPosition AT_TIMESTAMP',
  ],
  'a position without its time': [
    { StartingPosition: 'AT_TIMESTAMP' },
    'Received Exception while reading from provided stream. Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
  ],
  'a time to come': [
    { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: 1_800_000_000 },
    'Received Exception while reading from provided stream. The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: 1800000000000, currentTimestampInMillis: 1700000000123',
  ],
  'a time before all time': [
    { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: -1 },
    'Received Exception while reading from provided stream. class java.lang.Long can not be converted to a Timestamp',
  ],
  'lanes in a tumbling window': [
    { ParallelizationFactor: 2, TumblingWindowInSeconds: 30 },
    'Parallelization factor must be equal to 1 when tumbling window period is configured',
  ],
  'an age between': [
    { MaximumRecordAgeInSeconds: 59 },
    'Maximum record age in seconds must be -1, or at least 60 and at most 604800.',
  ],
  'pollers to be paid for': [
    { ProvisionedPollerConfig: { MinimumPollers: 1 } },
    "Unsupported 'provisionedPollerConfig' parameter for given event source mapping type.",
  ],
  'a topic': [{ Topics: ['t'] }, "Unsupported 'topics' parameter for given event source mapping type."],
  'a cap of concurrency': [
    { ScalingConfig: { MaximumConcurrency: 2 } },
    "Unsupported 'scalingConfig' parameter for given event source mapping type.",
  ],
  'a metric of Kafka': [
    { MetricsConfig: { Metrics: ['KafkaMetrics'] } },
    "Unsupported 'metricsConfig.metrics.KafkaMetrics' parameter for given event source mapping type.",
  ],
  'a destination on success': [
    { DestinationConfig: { OnSuccess: { Destination: 'arn:aws:sqs:us-east-1:000000000000:q' } } },
    'Unsupported DestinationConfig parameter for given event source mapping type.',
  ],
  'a tag of AWS': [
    { Tags: { 'aws:a': 'b' } },
    'Tag keys that begin with "aws:" are reserved for system use.',
  ],
  'a pattern that is none': [
    { FilterCriteria: { Filters: [{ Pattern: '{"data":"new"}' }] } },
    'Invalid filter pattern definition.',
  ],
};

for (const [name, [input, message]] of Object.entries(refusals)) {
  test(`a mapping is refused with ${name}`, async () => {
    const calls = await MappingCalls.open();
    const { status, type, body } = await calls.answer(input);
    assert.deepEqual(
      { status, type, body },
      { status: 400, type: 'InvalidParameterValueException', body: { Type: 'User', message } },
    );
    assert.deepEqual([...calls.journal.state.entries('mapping')], []);
  });
}

test('a mapping is refused when its stream is deleted while it is made', async () => {
  const calls = await MappingCalls.open();
  await calls.drop(orders.id);
  const { status, body } = await calls.answer();
  assert.deepEqual([status, body['message']], [400, `Stream not found: ${ordersArn}`]);
});

test('what is said of other sources, and is empty, is not there', async () => {
  const calls = await MappingCalls.open();
  await calls.create({ ScalingConfig: {}, Topics: [], SourceAccessConfigurations: [] });
});

const ranges: Readonly<Record<string, readonly [input: object, member: string]>> = {
  'no record': [{ BatchSize: 0 }, 'batchSize'],
  'too many records': [{ BatchSize: 10_001 }, 'batchSize'],
  'a window that is too long': [{ MaximumBatchingWindowInSeconds: 301 }, 'maximumBatchingWindowInSeconds'],
  'too many lanes': [{ ParallelizationFactor: 11 }, 'parallelizationFactor'],
  'a tumbling window that is too long': [{ TumblingWindowInSeconds: 901 }, 'tumblingWindowInSeconds'],
  'an age that is too high': [{ MaximumRecordAgeInSeconds: 604_801 }, 'maximumRecordAgeInSeconds'],
  'too many retries': [{ MaximumRetryAttempts: 10_001 }, 'maximumRetryAttempts'],
  'a position that is none': [{ StartingPosition: 'NOW' }, 'startingPosition'],
};

for (const [name, [input, member]] of Object.entries(ranges)) {
  test(`AWS's validation refuses ${name}`, async () => {
    const calls = await MappingCalls.open();
    const { status, type, body } = await calls.answer(input);
    assert.deepEqual([status, type], [400, 'ValidationException']);
    assert.match(String(body['message']), new RegExp(`^1 validation error detected: .* at '${member}' `));
  });
}

test('the positions are listed in the order in which AWS does', async () => {
  const calls = await MappingCalls.open();
  const { body } = await calls.answer({ StartingPosition: '0' });
  assert.equal(
    body['message'],
    "1 validation error detected: Value '0' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
  );
});

const destinations: Readonly<Record<string, boolean>> = {
  'arn:aws:sqs:us-east-1:000000000000:lost': true,
  'arn:aws:sqs:us-east-1:000000000000:lost.fifo': false,
  [`arn:aws:sqs:us-east-1:000000000000:${'q'.repeat(81)}`]: false,
  'arn:aws-cn:sqs:us-east-1:000000000000:lost': false,
  'arn:aws:sns:us-east-1:000000000000:lost': true,
  'arn:aws:sns:us-east-1:000000000000:lost.fifo': false,
  'arn:aws:s3:::lost-records': true,
  'arn:aws:s3:::lost/records': false,
  'arn:aws:kinesis:us-east-1:000000000000:stream/lost': true,
  'arn:aws:lambda:us-east-1:000000000000:function:lost': false,
  'kafka://lost': false,
};

test('failures go to queues, topics, buckets and streams, and nowhere else', async () => {
  for (const [Destination, isTaken] of Object.entries(destinations)) {
    const calls = await MappingCalls.open();
    const { status, body } = await calls.answer({ DestinationConfig: { OnFailure: { Destination } } });
    assert.equal(status, isTaken ? 202 : 400, Destination);
    const message = `The destination ARN ${Destination} is invalid.`;
    if (!isTaken) assert.deepEqual(body, { Type: 'User', message });
  }
});
