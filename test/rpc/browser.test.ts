import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListStreamsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import type { Browser, Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../../src/server/testing.ts';
import { findChromium, launchChromium } from './pages/chromium.ts';
import { type EvilSite, startEvilSite } from './pages/evil-site.ts';

const found = findChromium();
const skip = 'missing' in found ? found.missing : false;

type Outcome = { readonly read?: string; readonly kept?: string };
type Outcomes = Readonly<Record<string, Outcome>>;

/** A busy machine may be slow. */
const patienceMs = 120_000;

/** What only those who may read the stream know. */
const secret = 'the secret of the stream';

suite('a browser without credentials', { skip }, () => {
  let site: EvilSite;
  let browser: Browser;

  before(async () => {
    site = await startEvilSite();
    assert.ok('path' in found);
    browser = await launchChromium(found.path, `http://evil.test:${site.port}`);
  });

  after(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
  });

  test('a page of elsewhere puts nothing, makes nothing and reads nothing', async () => {
    await using server = await serverWithSecret();
    for (const name of ['localhost', '0.0.0.0']) {
      const { outcomes, statuses } = await attack(browser, `http://evil.test:${site.port}`, {
        base: `http://${name}:${server.endpoint.port}`,
      });
      assert.ok(Object.keys(outcomes).length > 20);
      assert.match(outcomes['a service worker']?.read ?? '', /"fetch, JSON":\{"kept"/);
      nothingRead(outcomes);
      // The health page may be loaded, not looked at.
      const answered = statuses.filter(({ status, url }) => status < 400 && !url.endsWith('/health'));
      assert.deepEqual(answered, [], name);
    }
    await nothingDone(server);
  });

  test('a link to a call is refused, and so is its address when it is typed or comes in a mail', async () => {
    await using server = await serverWithSecret();
    const page = await browser.newPage();
    await page.goto(`http://evil.test:${site.port}/`);
    const address = await page.evaluate<string>(`signed('${server.url}', 'sts', identity)`);
    assert.equal(await statusOf(page, address, `location.href = ${JSON.stringify(address)}`), 400);
    await page.close();
    const blank = await browser.newPage();
    assert.equal(await statusOf(blank, address), 400);
    await blank.close();
    assert.equal((await fetch(address)).status, 200);
  });

  test('a page of this machine may use the server, and so may one whose origin is allowed', async () => {
    await using server = await serverWithSecret();
    const evil = `http://evil.test:${site.port}`;
    await using allowing = await serverWithSecret({ cors: evil });
    const names = ['fetch, JSON', 'fetch, list streams', 'XMLHttpRequest', 'fetch, CBOR'];
    for (const [origin, { url }] of [
      [`http://localhost:${site.port}`, server],
      [evil, allowing],
    ] as const) {
      const { outcomes } = await attack(browser, origin, { base: url, names });
      for (const name of names) assert.match(outcomes[name]?.read ?? '', /^200 /, `${origin} ${name}`);
      assert.match(outcomes['fetch, list streams']!.read!, /orders/);
    }
    assert.deepEqual(await dataIn(server), [secret, 'page', 'page']);
    assert.deepEqual(await dataIn(allowing), [secret, 'page', 'page']);
  });

  test('a page whose name is pointed at this machine gets nothing from it either', async () => {
    await using server = await serverWithSecret();
    await using rebinding = await startEvilSite();
    const evil = `http://evil.test:${rebinding.port}`;
    const { outcomes, statuses } = await attack(browser, evil, {
      base: evil,
      meanwhile: () => rebinding.rebind(server.endpoint.port),
    });
    for (const [name, { read = '' }] of Object.entries(outcomes)) {
      assert.doesNotMatch(read, /^(?:200|101) |orders|uptime|arn:/, name);
    }
    // The page is of the same origin, so it may read that it was refused; the server is what it has reached.
    assert.match(outcomes['fetch, JSON']!.read!, /^400 .*AccessDeniedException.*loopback names only/);
    assert.deepEqual(
      statuses.filter(({ status }) => status < 400),
      [],
    );
    nothingRead(outcomes, /^400 /);
    await nothingDone(server);
  });
});

/** What the server says to an address that a page's script goes to; without one, that somebody types. */
async function statusOf(page: Page, address: string, script?: string): Promise<number> {
  page.setDefaultTimeout(patienceMs);
  const going =
    script === undefined
      ? page.goto(address).catch((error: Error) => assert.match(error.message, /ERR_|Download/))
      : page.evaluate(`setTimeout(() => { ${script}; })`);
  const [response] = await Promise.all([page.waitForResponse(address), going]);
  return response.status();
}

/** Opens a page and has it try all it can at a base address; `meanwhile` once it is loaded. */
async function attack(
  browser: Browser,
  origin: string,
  plan: { base: string; names?: readonly string[]; meanwhile?: () => void },
): Promise<{ outcomes: Outcomes; statuses: { status: number; url: string }[] }> {
  const context = await browser.newContext();
  context.setDefaultTimeout(patienceMs);
  try {
    const page = await context.newPage();
    await page.goto(`${origin}/`);
    plan.meanwhile?.();
    const statuses: { status: number; url: string }[] = [];
    context.on('response', (response) => {
      if (response.url().startsWith(plan.base)) {
        statuses.push({ status: response.status(), url: response.url() });
      }
    });
    return { outcomes: await tried(page, plan), statuses };
  } finally {
    await context.close();
  }
}

/** The page's own function, by name: it is a script of the browser. */
function tried(page: Page, { base, names }: { base: string; names?: readonly string[] }): Promise<Outcomes> {
  const told = names === undefined ? '' : `, ${JSON.stringify(names)}`;
  return page.evaluate<Outcomes>(`tryAll(${JSON.stringify(base)}${told})`);
}

/** `refusal` is what a page may read. A service worker tells of several answers at once. */
function nothingRead(outcomes: Outcomes, refusal?: RegExp): void {
  for (const [name, { read }] of Object.entries(outcomes)) {
    if (read === undefined || read === null || read === '') continue;
    const isRefusal = refusal?.test(read) || /AccessDenied/.test(read);
    assert.ok(isRefusal || isKept(read), `${name}: ${read}`);
  }
}

/** Whether a service worker was kept from every answer, too. */
function isKept(read: string): boolean {
  if (!read.startsWith('{')) return false;
  const outcomes: Outcomes = JSON.parse(read);
  return Object.values(outcomes).every(({ kept }) => kept !== undefined);
}

async function serverWithSecret(options: { cors?: string } = {}): Promise<TestServer> {
  const server = await startTestServer(options);
  using client = clientOf(server);
  await client.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  await client.send(
    new PutRecordCommand({ StreamName: 'orders', PartitionKey: 'k', Data: Buffer.from(secret) }),
  );
  return server;
}

async function nothingDone(server: TestServer): Promise<void> {
  using client = clientOf(server);
  const { StreamNames } = await client.send(new ListStreamsCommand({}));
  assert.deepEqual(StreamNames, ['orders']);
  assert.deepEqual(await dataIn(server), [secret]);
}

async function dataIn(server: TestServer): Promise<string[]> {
  using client = clientOf(server);
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
  return Records!.map(({ Data }) => Buffer.from(Data!).toString());
}

function clientOf({ clientConfig }: TestServer): KinesisClient & Disposable {
  const client = new KinesisClient(clientConfig);
  return Object.assign(client, { [Symbol.dispose]: () => client.destroy() });
}
