// What a JavaScript program of some years ago does with a stream, a table and a metric. A line per step; ends
// with 0 when all went as on AWS. This SDK is older than SubscribeToShard over HTTP/1.1 and than TagResource:
// it has consumers, but cannot be one.
import assert from 'node:assert/strict';
import AWS from 'aws-sdk';

const StreamName = 'orders';
const first = 'shardId-000000000000';
const soon = { delay: 0.1, maxAttempts: 100 };
const kinesis = new AWS.Kinesis({ endpoint: process.env.AWS_ENDPOINT_URL });

async function create() {
  await kinesis.createStream({ StreamName, ShardCount: 2 }).promise();
  const { StreamDescription } = await active();
  assert.equal(StreamDescription.Shards.length, 2);
  assert.ok(StreamDescription.StreamCreationTimestamp instanceof Date);
}

function active() {
  return kinesis.waitFor('streamExists', { StreamName, $waiter: soon }).promise();
}

async function put() {
  const one = await kinesis.putRecord({ StreamName, ...entry('one') }).promise();
  assert.equal(one.ShardId, first);
  const Records = [entry('two'), entry('drei – 三')];
  const answer = await kinesis.putRecords({ StreamName, Records }).promise();
  assert.equal(answer.FailedRecordCount, 0);
  assert.ok(answer.Records.every(({ ShardId }) => ShardId === first));
}

function entry(word) {
  return { Data: word, PartitionKey: 'a', ExplicitHashKey: '0' };
}

async function read() {
  const latest = await iterator('LATEST');
  const all = await recordsAt(await iterator('TRIM_HORIZON'));
  assert.deepEqual(words(all), ['one', 'two', 'drei – 三']);
  const [one, two] = all.Records;
  const from = { StartingSequenceNumber: two.SequenceNumber };
  const after = await recordsAt(await iterator('AFTER_SEQUENCE_NUMBER', from));
  assert.deepEqual(words(after), ['drei – 三']);
  const at = await recordsAt(await iterator('AT_SEQUENCE_NUMBER', from));
  assert.deepEqual(words(at), ['two', 'drei – 三']);
  const since = { Timestamp: one.ApproximateArrivalTimestamp };
  assert.deepEqual(words(await recordsAt(await iterator('AT_TIMESTAMP', since))), words(all));
  await kinesis.putRecord({ StreamName, ...entry('four') }).promise();
  assert.deepEqual(words(await recordsAt(latest)), ['four']);
}

async function iterator(ShardIteratorType, start = {}) {
  const query = { StreamName, ShardId: first, ShardIteratorType, ...start };
  return (await kinesis.getShardIterator(query).promise()).ShardIterator;
}

function recordsAt(ShardIterator) {
  return kinesis.getRecords({ ShardIterator }).promise();
}

function words({ Records }) {
  return Records.map(({ Data }) => String(Data));
}

async function split() {
  const quarter = String(2n ** 126n);
  await kinesis.splitShard({ StreamName, ShardToSplit: first, NewStartingHashKey: quarter }).promise();
  await active();
  const parent = await recordsAt(await iterator('LATEST'));
  assert.equal(parent.NextShardIterator, undefined);
  assert.deepEqual(parent.ChildShards.map(shardIndex), [2, 3]);
}

async function merge() {
  const pair = {
    ShardToMerge: 'shardId-000000000002',
    AdjacentShardToMerge: 'shardId-000000000003',
  };
  await kinesis.mergeShards({ StreamName, ...pair }).promise();
  await active();
  const { Shards } = await kinesis.listShards({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }).promise();
  assert.deepEqual(Shards.map(shardIndex), [1, 4]);
}

function shardIndex({ ShardId }) {
  return Number(ShardId.slice(-12));
}

async function consumers() {
  const StreamARN = await streamArn();
  const query = { StreamARN, ConsumerName: 'reader' };
  const { Consumer } = await kinesis.registerStreamConsumer(query).promise();
  assert.equal(Consumer.ConsumerStatus, 'CREATING');
  const { Consumers } = await kinesis.listStreamConsumers({ StreamARN }).promise();
  assert.deepEqual(
    Consumers.map(({ ConsumerARN }) => ConsumerARN),
    [Consumer.ConsumerARN],
  );
  await kinesis.deregisterStreamConsumer(query).promise();
}

async function tags() {
  await kinesis.addTagsToStream({ StreamName, Tags: { team: 'shop', stage: 'test' } }).promise();
  await kinesis.removeTagsFromStream({ StreamName, TagKeys: ['team'] }).promise();
  const { Tags } = await kinesis.listTagsForStream({ StreamName }).promise();
  assert.deepEqual(Tags, [{ Key: 'stage', Value: 'test' }]);
}

async function policies() {
  const ResourceARN = await streamArn();
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kinesis:PutRecord', Resource: ResourceARN }],
  });
  await kinesis.putResourcePolicy({ ResourceARN, Policy }).promise();
  assert.equal((await kinesis.getResourcePolicy({ ResourceARN }).promise()).Policy, Policy);
  await kinesis.deleteResourcePolicy({ ResourceARN }).promise();
}

async function streamArn() {
  const { StreamDescriptionSummary } = await kinesis.describeStreamSummary({ StreamName }).promise();
  return StreamDescriptionSummary.StreamARN;
}

async function errors() {
  const missing = kinesis.describeStream({ StreamName: 'nothing' });
  await assert.rejects(missing.promise(), {
    code: 'ResourceNotFoundException',
    message: 'Stream nothing under account 000000000000 not found.',
    statusCode: 400,
  });
  const twice = kinesis.createStream({ StreamName, ShardCount: 1 });
  await assert.rejects(twice.promise(), { code: 'ResourceInUseException' });
  const none = kinesis.getRecords({ ShardIterator: 'nonsense' });
  await assert.rejects(none.promise(), { code: 'InvalidArgumentException' });
  const credentials = new AWS.SharedIniFileCredentials({ profile: 'impostor' });
  const impostor = new AWS.Kinesis({ endpoint: process.env.AWS_ENDPOINT_URL, credentials });
  await assert.rejects(impostor.listStreams().promise(), { code: 'InvalidSignatureException' });
}

async function table() {
  const TableName = 'leases';
  const dynamodb = new AWS.DynamoDB({ endpoint: process.env.AWS_ENDPOINT_URL });
  const created = dynamodb.createTable({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'leaseKey', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
    ProvisionedThroughput: { ReadCapacityUnits: 10, WriteCapacityUnits: 10 },
  });
  await created.promise();
  await dynamodb.waitFor('tableExists', { TableName, $waiter: soon }).promise();
  const items = new AWS.DynamoDB.DocumentClient({ service: dynamodb });
  const Item = {
    leaseKey: first,
    leaseCounter: 1,
    parents: items.createSet(['a', 'b']),
    pending: Buffer.from([0, 255]),
  };
  const put = { TableName, Item, ConditionExpression: 'attribute_not_exists(leaseKey)' };
  await items.put(put).promise();
  await assert.rejects(items.put(put).promise(), {
    code: 'ConditionalCheckFailedException',
    message: 'The conditional request failed',
  });
  const renew = {
    TableName,
    Key: { leaseKey: first },
    UpdateExpression: 'SET leaseCounter = leaseCounter + :one DELETE parents :a',
    ConditionExpression: 'leaseCounter = :one',
    ExpressionAttributeValues: { ':one': 1, ':a': items.createSet(['a']) },
    ReturnValues: 'ALL_NEW',
  };
  const { Attributes } = await items.update(renew).promise();
  assert.equal(Attributes.leaseCounter, 2);
  assert.deepEqual(Attributes.parents.values, ['b']);
  assert.deepEqual(Attributes.pending, Buffer.from([0, 255]));
  const found = await items
    .scan({ TableName, FilterExpression: 'contains(parents, :b)', ExpressionAttributeValues: { ':b': 'b' } })
    .promise();
  assert.equal(found.Count, 1);
  await dynamodb.deleteTable({ TableName }).promise();
}

async function metric() {
  const cloudwatch = new AWS.CloudWatch({ endpoint: process.env.AWS_ENDPOINT_URL });
  const datum = { MetricName: 'orders', Value: 3, Unit: 'Count', Dimensions: [{ Name: 'shop', Value: 'a' }] };
  await cloudwatch
    .putMetricData({ Namespace: 'shop', MetricData: [datum, { ...datum, Value: 4 }] })
    .promise();
  const { Metrics } = await cloudwatch.listMetrics({ Namespace: 'shop' }).promise();
  const { MetricName, Dimensions } = datum;
  assert.deepEqual(Metrics, [{ Namespace: 'shop', MetricName, Dimensions }]);
  const [StartTime, EndTime] = [-600_000, 60_000].map((from) => new Date(Date.now() + from));
  const asked = {
    Namespace: 'shop',
    MetricName,
    Dimensions,
    StartTime,
    EndTime,
    Period: 3600,
    Statistics: ['Sum'],
  };
  const { Datapoints } = await cloudwatch.getMetricStatistics(asked).promise();
  assert.equal(
    Datapoints.reduce((sum, { Sum }) => sum + Sum, 0),
    7,
  );
}

async function remove() {
  await kinesis.deleteStream({ StreamName, EnforceConsumerDeletion: true }).promise();
  await kinesis.waitFor('streamNotExists', { StreamName, $waiter: soon }).promise();
  assert.deepEqual((await kinesis.listStreams().promise()).StreamNames, []);
}

for (const step of [
  create,
  put,
  read,
  split,
  merge,
  consumers,
  tags,
  policies,
  errors,
  table,
  metric,
  remove,
]) {
  await step();
  console.log(`${step.name}: as on AWS`);
}
