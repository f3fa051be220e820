import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../../../src/env/clock.ts';
import type { Disk } from '../../../../src/env/disk.ts';
import { createHttpClient } from '../../../../src/http/client.ts';
import { openObjectStore } from '../../../../src/objects/open-object-store.ts';
import type { FailureDestination } from '../../../../src/services/lambda/failures/destinations.ts';
import type { DestinationsWorld } from '../../../../src/services/lambda/failures/destinations-world.ts';
import { openDestinations } from '../../../../src/services/lambda/failures/open-destinations.ts';
import { FakeDisk } from '../../../log/fake-disk.ts';
import { TestRandom } from '../../../log/world.ts';
import { hurriedClock } from '../../../objects/hurried-clock.ts';
import { ManualClock } from '../../kinesis/manual-clock.ts';
import { aFailure as failure } from './a-failure.ts';
import { credentials, FakeServices } from './fake-services.ts';

const account = '111122223333';
const mapping = '14e0db71-5d35-4eb5-b481-8945cf9d10c2';
const record = JSON.stringify(failure.record);
const objectForm = new RegExp(
  `^/failures/aws/lambda/${mapping}/shardId-000000000001/2026/11/29/2026-11-29T10\\.11\\.12-[0-9a-f-]{36}$`,
);
const never = new AbortController().signal;

function worldOf(parts: Partial<DestinationsWorld> = {}): DestinationsWorld {
  return {
    clock: hurriedClock(),
    random: new TestRandom(1),
    client: createHttpClient(),
    endpoints: {},
    credentials,
    objectsIn: () => undefined,
    streams: { put: () => assert.fail('no stream was to be asked') },
    ...parts,
  };
}

/** The store at a URL, as the server opens it for destinations. */
function storeAt(
  url: string,
  clock: Clock,
  diskAt: (folder: string) => Disk = () => assert.fail('no disk was to be asked'),
): Pick<DestinationsWorld, 'objectsIn'> {
  const world = { clock, random: new TestRandom(2), client: createHttpClient(), diskAt };
  return { objectsIn: (region) => openObjectStore(world, { url, region, credentials, triesMax: 1 }) };
}

function to(arn: string): FailureDestination {
  return { arn, account, region: 'eu-west-1', mapping, role: `arn:aws:iam::${account}:role/r` };
}

async function refusalOf(world: DestinationsWorld, arn: string): Promise<string> {
  const sending = openDestinations(world).send(to(arn), failure, never);
  return await sending.then(
    () => assert.fail('it was taken'),
    (error: Error) => error.message,
  );
}

test('a queue, a topic and a bucket get their record in their own protocol, signed', async () => {
  const clock = hurriedClock();
  await using services = new FakeServices(() => clock.now());
  const url = await services.listen();
  const parts = { clock, endpoints: { sqs: url, sns: `${url}/` }, ...storeAt(url, clock) };
  const destinations = openDestinations(worldOf(parts));
  await destinations.send(to(`arn:aws:sqs:eu-central-1:${account}:dead-letters`), failure, never);
  await destinations.send(to(`arn:aws:sns:eu-west-1:${account}:dead-letters`), failure, never);
  await destinations.send(to('arn:aws:s3:::failures'), failure, never);
  const { messages, publications, objects } = services.arrived;
  assert.deepEqual(messages, [{ queue: `/${account}/dead-letters`, text: record, region: 'eu-central-1' }]);
  assert.deepEqual(publications, [{ topic: `arn:aws:sns:eu-west-1:${account}:dead-letters`, text: record }]);
  const [[path, object]] = [...objects] as [[string, string]];
  assert.match(path, objectForm);
  assert.deepEqual(JSON.parse(object), { ...failure.record, payload: String(failure.event) });
});

test('what is refused is told in one line, and not tried again', async () => {
  const clock = hurriedClock();
  await using services = new FakeServices(() => clock.now());
  const url = await services.listen();
  const world = worldOf({ clock, endpoints: { sqs: url, sns: url }, ...storeAt(url, clock) });
  const refusals = [
    [
      `arn:aws:sqs:eu-west-1:${account}:gone`,
      'sqs answered 400 QueueDoesNotExist: The queue does not exist.',
    ],
    [`arn:aws:sns:eu-west-1:${account}:gone`, 'sns answered 404 NotFound: Topic <gone>'],
    ['arn:aws:s3:::gone', 's3 answered 404 NoSuchBucket: None.'],
  ] as const;
  for (const [arn, message] of refusals) assert.equal(await refusalOf(world, arn), message);
  assert.equal(services.requests, 3);
  const wrong = { ...world, credentials: { ...credentials, secretAccessKey: 'wrong' } };
  assert.match(await refusalOf(wrong, refusals[0][0]), /^sqs answered 403 InvalidSignatureException: /);
  assert.equal(services.requests, 4);
});

test('what fails for a moment is tried again with longer pauses, four times in all', async () => {
  const clock = hurriedClock();
  await using services = new FakeServices(() => clock.now());
  const url = await services.listen();
  const world = worldOf({ clock, endpoints: { sqs: url }, ...storeAt(url, clock) });
  const queue = `arn:aws:sqs:eu-west-1:${account}:q`;
  services.fates.push({ status: 503, body: '<html>' }, 'hang up', {
    status: 400,
    body: '{"__type":"Throttling"}',
  });
  await openDestinations(world).send(to(queue), failure, never);
  assert.equal(services.arrived.messages.length, 1);
  clock.pauses.forEach((pause, index) => {
    assert.ok(pause >= 100 * 2 ** index && pause <= 200 * 2 ** index, `pause ${index} was ${pause}`);
  });
  assert.equal(clock.pauses.length, 3);
  for (let nth = 0; nth < 4; nth++) services.fates.push({ status: 500, body: '' });
  assert.equal(await refusalOf(world, queue), 'sqs answered 500');
  assert.equal(services.requests, 8);
  // An object keeps its name in all tries.
  services.fates.push('hang up after it');
  await openDestinations(world).send(to('arn:aws:s3:::failures'), failure, never);
  assert.equal(services.arrived.objects.size, 1);
});

test('a service that does not answer is given up, and one that is not wanted any more at once', async () => {
  const clock = new ManualClock();
  await using services = new FakeServices(() => clock.now());
  const world = worldOf({ clock, endpoints: { sqs: await services.listen() } });
  const queue = `arn:aws:sqs:eu-west-1:${account}:q`;
  services.fates.push('silence');
  const first = services.taken();
  const sending = openDestinations(world).send(to(queue), failure, never);
  await first;
  await clock.advance(10_000);
  // The pause after it.
  while (clock.sleeping === 0) await clock.turn();
  await clock.advance(200);
  await sending;
  assert.equal(services.arrived.messages.length, 1);

  services.fates.push('silence');
  const ended = new AbortController();
  const next = services.taken();
  const cut = openDestinations(world).send(to(queue), failure, ended.signal);
  await next;
  ended.abort(new Error('the server ends'));
  await assert.rejects(cut, { message: 'the server ends' });
});

test('what cannot be sent at all says what is missing', async () => {
  const queue = `arn:aws:sqs:eu-west-1:${account}:q`;
  assert.equal(await refusalOf(worldOf(), queue), 'There is no sqs: --sqs says where it is');
  const anonymous = worldOf({ endpoints: { sqs: 'http://127.0.0.1:1' }, credentials: undefined });
  assert.match(
    await refusalOf(anonymous, queue),
    /AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which are not set/,
  );
  assert.equal(await refusalOf(worldOf(), 'arn:aws:s3:::failures'), 'There is no s3: --s3 says where it is');
  const nowhere = worldOf({ endpoints: { sqs: 'http://127.0.0.1:1' } });
  assert.match(await refusalOf(nowhere, queue), /^sqs cannot be reached: connect ECONNREFUSED/);
  for (const arn of [
    `${queue}.fifo`,
    'arn:aws:s3:::../etc',
    'text',
    `arn:aws-cn:sqs:eu-west-1:${account}:q`,
  ]) {
    assert.match(await refusalOf(worldOf(), arn), /is no queue, topic, bucket or stream$/);
  }
});

test('a folder takes objects whose buckets are its folders, and has them whole after a power cut', async () => {
  let disk = new FakeDisk();
  await disk.createDirectory('failures');
  const folders: string[] = [];
  const diskAt = (folder: string) => {
    folders.push(folder);
    return disk;
  };
  const world = worldOf(storeAt('file:///var/failures', hurriedClock(), diskAt));
  disk.fate = ({ kind, index }) => (kind === 'write' && index < 4 ? 'ENOSPC' : undefined);
  await openDestinations(world).send(to('arn:aws:s3:::failures'), failure, never);
  assert.deepEqual(new Set(folders), new Set(['/var/failures']));
  disk = disk.cutPower('nothing');
  const folder = `failures/aws/lambda/${mapping}/shardId-000000000001/2026/11/29`;
  const [name, ...others] = await disk.list(folder);
  assert.deepEqual(others, []);
  assert.match(`/${folder}/${name}`, objectForm);
  const file = await disk.open(`${folder}/${name}`, 'read');
  const bytes = Buffer.alloc(await file.size());
  await file.read(bytes, 0);
  assert.equal(JSON.parse(String(bytes)).payload, String(failure.event));
});
