import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeS3, type S3Fate, s3Credentials } from '../../harness/objects/fake-s3.ts';
import { FakeS3Server } from '../../harness/objects/fake-s3-server.ts';
import { errorAnswer, type S3Call } from '../../harness/objects/s3-call.ts';
import type { Clock } from '../../src/env/clock.ts';
import type { ObjectStore } from '../../src/env/object-store.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { type ObjectStoreSettings, openObjectStore } from '../../src/objects/open-object-store.ts';
import { TestRandom } from '../log/world.ts';
import { hurriedClock } from './hurried-clock.ts';
import { objectStoreContract } from './object-store-contract.ts';

/** A store over an imitation of S3 without a network, and the clock that both go by. */
function opened(settings: Partial<ObjectStoreSettings> = {}, host = 's3.test') {
  const clock = hurriedClock();
  const s3 = new FakeS3(() => clock.now(), host);
  s3.buckets.create('things');
  s3.buckets.create('others');
  return { clock, s3, store: storeIn(s3, clock, { url: `http://${host}`, ...settings }) };
}

function storeIn(
  client: FakeS3,
  clock: Clock,
  settings: { url: string } & Partial<ObjectStoreSettings>,
  seed = 1,
): ObjectStore {
  const diskAt = () => assert.fail('no disk was to be asked');
  return openObjectStore(
    { clock, random: new TestRandom(seed), client, diskAt },
    { region: 'us-east-1', credentials: s3Credentials, ...settings },
  );
}

const buckets = { things: 'things', others: 'others' };

objectStoreContract('S3 over HTTP', async () => {
  const server = await FakeS3Server.start();
  server.s3.buckets.create('things');
  server.s3.buckets.create('others');
  const clock = { ...hurriedClock(), now: () => Date.now() };
  const diskAt = () => assert.fail('no disk was to be asked');
  const store = openObjectStore(
    { clock, random: new TestRandom(1), client: createHttpClient(), diskAt },
    { url: server.url, region: 'us-east-1', credentials: s3Credentials },
  );
  return { store, ...buckets, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
});

const place = { bucket: 'things', key: 'a/b' };
const bytes = [Buffer.from('some bytes')];

/** A fate for the first calls that store something. */
function firstPuts(s3: FakeS3, ...fates: readonly S3Fate[]): void {
  const waiting = [...fates];
  s3.fate = ({ method }) => (method === 'PUT' ? waiting.shift() : undefined);
}

const unavailable = errorAnswer(503, 'SlowDown');
const broken = errorAnswer(500, 'InternalError');

test('an object says its type, its encoding, its class and its key, and its sum is compared', async () => {
  const { s3, store } = opened();
  await store.put(place, bytes, {
    contentType: 'text/plain',
    contentEncoding: 'gzip',
    storageClass: 'GLACIER_IR',
    kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/k',
  });
  assert.deepEqual(s3.buckets.buckets.get('things')!.objects.get('a/b')!.headers, {
    'content-type': 'text/plain',
    'content-encoding': 'gzip',
    'x-amz-storage-class': 'GLACIER_IR',
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:us-east-1:111122223333:key/k',
  });
  const [{ headers }] = s3.calls as [S3Call];
  assert.equal(headers.get('x-amz-checksum-crc32'), 'n1l/VQ==');
});

test('what passes is tried again with longer pauses, four times in all, and what does not is not', async () => {
  const { clock, s3, store } = opened();
  firstPuts(s3, { answer: unavailable }, 'cut', { answer: broken, isDone: true });
  await store.put(place, bytes);
  assert.equal(s3.calls.length, 4);
  assert.equal(String((await store.get(place))!.body), 'some bytes');
  clock.pauses.forEach((pause, index) => {
    assert.ok(pause >= 100 * 2 ** index && pause <= 200 * 2 ** index, `pause ${index} was ${pause}`);
  });
  assert.equal(clock.pauses.length, 3);

  s3.fate = () => ({ answer: unavailable });
  const message = 's3 answered 503 SlowDown: This is SlowDown.';
  await assert.rejects(store.put(place, bytes), { code: 'SlowDown', passes: true, message });
  s3.fate = () => 'cut';
  const gone = { code: 'Unreachable', passes: true, message: 's3 cannot be reached: socket hang up' };
  await assert.rejects(store.head(place), gone);
  const before = s3.calls.length;
  s3.fate = () => ({ answer: errorAnswer(403, 'AccessDenied') });
  await assert.rejects(store.put(place, bytes), { code: 'AccessDenied', passes: false });
  s3.fate = () => ({ answer: errorAnswer(501, 'NotImplemented') });
  await assert.rejects(store.put(place, bytes), { code: 'NotImplemented', passes: false });
  assert.equal(s3.calls.length, before + 2);
});

test('a put on a condition whose answer was lost counts as put, and not when somebody else was first', async () => {
  const ways: readonly S3Fate[] = ['lost', { answer: broken, isDone: true }];
  for (const fate of ways) {
    const { s3, store } = opened();
    firstPuts(s3, fate);
    const first = await store.put(place, bytes, { ifNone: true });
    assert.deepEqual(await store.head(place), first);
    firstPuts(s3, fate);
    await store.put(place, [Buffer.from('next')], { ifMatch: first.etag });
    assert.equal(String((await store.get(place))!.body), 'next');
    // The bytes are the same, and still they are another's.
    const other = { bucket: 'things', key: 'c' };
    await store.put(other, bytes, { ifNone: true });
    firstPuts(s3, { answer: broken });
    await assert.rejects(store.put(other, bytes, { ifNone: true }), {
      code: 'PreconditionFailed',
      passes: false,
    });
  }
});

test('a large object goes in parts, which are tried again one by one, and is there with the last request', async () => {
  const { s3, store } = opened();
  const large = [Buffer.alloc(9 * 1024 * 1024, 'a'), Buffer.alloc(8 * 1024 * 1024 + 7, 'b')];
  const seen = new Set<string>();
  const fates: readonly S3Fate[] = ['lost', 'cut', { answer: broken, isDone: true }];
  // Each kind of request fails in another way the first time.
  s3.fate = ({ method, query }) => {
    const kind = `${method} ${query.get('partNumber') ?? [...query.keys()].join()}`;
    if (seen.has(kind)) return undefined;
    seen.add(kind);
    assert.equal(s3.buckets.buckets.get('things')!.objects.size, 0);
    return fates[seen.size % fates.length];
  };
  const put = await store.put(place, large, { contentType: 'text/plain' });
  s3.fate = () => undefined;
  assert.equal(put.bytes, 17 * 1024 * 1024 + 7);
  const found = await store.get(place);
  assert.equal(found!.etag, put.etag);
  assert.ok(found!.body.equals(Buffer.concat(large)));
  const object = s3.buckets.buckets.get('things')!.objects.get('a/b')!;
  assert.equal(object.headers['content-type'], 'text/plain');
  const parts = s3.calls.filter(({ query }) => query.has('partNumber'));
  assert.deepEqual(
    [...new Set(parts.map(({ query, body }) => `${query.get('partNumber')} ${body.length}`))].sort(),
    ['1 8388608', '2 8388608', '3 1048583'],
  );
  await assert.rejects(store.put(place, large, { ifNone: true }), { code: 'PreconditionFailed' });
});

test('an upload whose last answer was lost counts as put, and one that fails leaves no parts behind', async () => {
  const { s3, store } = opened();
  const large = [Buffer.alloc(16 * 1024 * 1024 + 1)];
  const { uploads } = s3.buckets.buckets.get('things')!;
  let isFirst = true;
  s3.fate = ({ method, query }) => {
    if (method !== 'POST' || !query.has('uploadId') || !isFirst) return undefined;
    isFirst = false;
    return 'lost';
  };
  const put = await store.put(place, large, { ifNone: true });
  assert.deepEqual(await store.head(place), put);
  s3.fate = ({ query }) =>
    query.get('partNumber') === '2' ? { answer: errorAnswer(403, 'AccessDenied') } : undefined;
  await assert.rejects(store.put(place, large), { code: 'AccessDenied', passes: false });
  while (uploads.size > 0) await new Promise((resolve) => setImmediate(resolve));
  // A success may turn into an error while it is being answered.
  const late = { ...errorAnswer(200, 'InternalError') };
  s3.fate = ({ method, query }) =>
    method === 'POST' && query.has('uploadId') ? { answer: late } : undefined;
  await assert.rejects(store.put(place, large), { code: 'InternalError', passes: true });
});

test('a bucket in another region is asked there, and that is kept', async () => {
  const { s3, store } = opened();
  s3.buckets.create('far', { region: 'eu-west-1' });
  const far = { bucket: 'far', key: 'k' };
  await store.put(far, bytes);
  await store.put(far, bytes);
  assert.equal(s3.calls.length, 3);
  // Older stores say it in the words of an error.
  const wrong = errorAnswer(
    400,
    'AuthorizationHeaderMalformed',
    '</Message><Region>eu-west-2</Region><Message>',
  );
  s3.buckets.create('farther', { region: 'eu-west-2' });
  let isFirst = true;
  s3.fate = () => {
    const fate = isFirst ? { answer: wrong } : undefined;
    isFirst = false;
    return fate;
  };
  await store.put({ bucket: 'farther', key: 'k' }, bytes);
  assert.equal(s3.calls.length, 5);
});

test('a redirect is followed to a host of the same endpoint, and nowhere else', async () => {
  const { s3, store } = opened();
  const to = (location: string) => ({ ...errorAnswer(307, 'TemporaryRedirect'), headers: { location } });
  const hosts: string[] = [];
  let location = '';
  s3.fate = ({ headers }) => {
    hosts.push(headers.get('host')!);
    return {
      answer: hosts.length === 1 ? to(location) : { status: 200, headers: {}, body: Buffer.alloc(0) },
    };
  };
  for (const elsewhere of [
    'http://evil.test/things/a/b',
    'https://s3.test/things/a/b',
    'http://xs3.test/',
    'no',
  ]) {
    hosts.length = 0;
    location = elsewhere;
    await assert.rejects(store.put(place, bytes), { code: 'TemporaryRedirect', passes: false });
    assert.equal(hosts.length, 1);
  }
  hosts.length = 0;
  location = 'http://eu.s3.test/things/a/b';
  await store.put(place, bytes);
  assert.deepEqual(hosts, ['s3.test', 'eu.s3.test']);
});

test("AWS's hosts have the bucket in front, in the region where it is; others have it where they are told", async () => {
  const hosts = async (url: string, style?: 'path' | 'virtual', bucket = 'things') => {
    const clock = hurriedClock();
    const s3 = new FakeS3(() => clock.now());
    const asked: string[] = [];
    s3.fate = ({ headers }) => {
      asked.push(headers.get('host')!);
      const headersOf = { 'x-amz-bucket-region': 'eu-west-1' };
      const answer =
        asked.length === 1 ? { ...errorAnswer(301, 'PermanentRedirect'), headers: headersOf } : undefined;
      return { answer: answer ?? { status: 200, headers: {}, body: Buffer.alloc(0) } };
    };
    await storeIn(s3, clock, { url, style }).put({ bucket, key: 'k' }, bytes);
    return asked.join(' ');
  };
  const aws = 'https://s3.eu-central-1.amazonaws.com';
  assert.equal(await hosts(aws), 'things.s3.eu-central-1.amazonaws.com things.s3.eu-west-1.amazonaws.com');
  assert.equal(await hosts(aws, 'path'), 's3.eu-central-1.amazonaws.com s3.eu-west-1.amazonaws.com');
  assert.equal(
    await hosts(aws, 'virtual', 'a.b'),
    's3.eu-central-1.amazonaws.com s3.eu-west-1.amazonaws.com',
  );
  assert.equal(await hosts('http://s3.test:9000', 'virtual'), 'things.s3.test:9000 things.s3.test:9000');
  assert.equal(await hosts('http://s3.test:9000'), 's3.test:9000 s3.test:9000');
});

test('a clock that is wrong is put right by the first refusal', async () => {
  const { s3, store } = opened();
  s3.skewMs = 7 * 3_600_000;
  await store.put(place, bytes);
  await store.put(place, bytes);
  assert.equal(s3.calls.length, 3);
});

test("a bucket of another account is refused, and so is everything without the server's credentials", async () => {
  const { s3, clock, store } = opened();
  await store.put({ ...place, owner: '111122223333' }, bytes);
  const denied = { code: 'AccessDenied', passes: false };
  await assert.rejects(store.put({ ...place, owner: '444455556666' }, bytes), denied);
  await assert.rejects(store.get({ ...place, owner: '444455556666' }), denied);
  const wrong = { ...s3Credentials, secretAccessKey: 'wrong' };
  const stranger = storeIn(s3, clock, { url: 'http://s3.test', credentials: wrong });
  await assert.rejects(stranger.head(place), denied);
  await assert.rejects(stranger.put(place, bytes), { code: 'SignatureDoesNotMatch', passes: false });
  const nobody = storeIn(s3, clock, { url: 'http://s3.test', credentials: undefined });
  await assert.rejects(nobody.put(place, bytes), { code: 'MissingCredentials', passes: false });
});

test('a store that does not answer is left alone when it is not wanted any more', async () => {
  const { s3, store } = opened();
  const ended = new AbortController();
  const reason = new Error('the server ends');
  s3.fate = () => {
    queueMicrotask(() => ended.abort(reason));
    return 'silence';
  };
  await assert.rejects(store.put(place, bytes, {}, ended.signal), reason);
});

test('a store that does not answer is given up after half a minute, and later with much to send', async () => {
  const patience: number[] = [];
  const clock = {
    ...hurriedClock(),
    now: () => 0,
    sleep: async (delay: number) => void (delay >= 10_000 && patience.push(delay)),
  };
  const s3 = new FakeS3(() => 0);
  s3.fate = () => 'silence';
  const store = storeIn(s3, clock, { url: 'http://s3.test', triesMax: 1 });
  const message = 's3 cannot be reached: no answer within 30000 ms';
  await assert.rejects(store.head(place), { code: 'Unreachable', passes: true, message });
  await assert.rejects(store.put(place, [Buffer.alloc(2 * 1024 * 1024)]), { code: 'Unreachable' });
  assert.deepEqual(patience, [30_000, 38_000]);
});
