import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateStreamCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import type { Browser, Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../../src/server/testing.ts';
import { type ConsolePage, type Look, launchBrowser, noBrowser, openConsole, patienceMs } from './browser.ts';

const markup = `<img src=x onerror="alert(1)"> '&amp;`;

let browser: Browser;
let server: TestServer;
let kinesis: KinesisClient;

before(async () => {
  if (noBrowser !== false) return;
  browser = await launchBrowser();
  server = await startTestServer();
  kinesis = new KinesisClient(server.clientConfig);
});

after(async () => {
  kinesis?.destroy();
  await browser?.close();
  await server?.close();
});

const open = (path: string, look?: Look) => openConsole(browser, server.url, path, look);

/** Streams of test servers are ACTIVE at once. */
async function create(name: string, ShardCount: number, Tags?: Record<string, string>) {
  await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount, Tags }));
}

async function openShardsOf(name: string): Promise<number> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: name }));
  return Shards.filter((shard) => shard.SequenceNumberRange?.EndingSequenceNumber === undefined).length;
}

test('whoever has no stream is told what one is, and makes one', { skip: noBrowser }, async () => {
  await using empty = await startTestServer();
  await using console = await openConsole(browser, empty.url);
  const { page } = console;
  await page.locator('.empty-state').waitFor();
  assert.match((await page.locator('.empty-state').textContent())!, /A stream is a log/);
  await page.locator('.page-actions button').click();
  const dialog = page.locator('dialog');
  const make = dialog.locator('.dialog-actions button').last();
  assert.ok(await make.isDisabled());
  await field(page, 'Name').fill('no spaces');
  await dialog.getByText('Only letters').waitFor();
  await field(page, 'Name').fill('orders');
  await field(page, 'Retention in hours').fill('48');
  await dialog.locator('summary').click();
  const code = (await dialog.locator('pre').textContent())!;
  assert.match(code, /aws kinesis create-stream.*wait stream-exists.*--retention-period-hours 48/s);
  await make.click();
  await page.waitForURL('**/console/streams/orders');
  await page.locator('.figure').first().waitFor();
  console.assertClean();
});

test('streams are found by a filter and sorted, which the address keeps', { skip: noBrowser }, async () => {
  await create('filtered-a', 1, { team: 'x' });
  await create('filtered-b', 3, { team: 'x' });
  await create('other', 1);
  await using console = await open('/console/streams?filter=tag%3Ateam%3Dx');
  const { page } = console;
  await names(page, ['filtered-a', 'filtered-b']);
  await page.getByRole('button', { name: 'Shards' }).click();
  await page.getByRole('button', { name: 'Shards' }).click();
  await names(page, ['filtered-b', 'filtered-a']);
  assert.match(page.url(), /sort=-shards/);
  await page.reload();
  await names(page, ['filtered-b', 'filtered-a']);
  await page.keyboard.press('/');
  await page.keyboard.type(' filtered-a');
  await names(page, ['filtered-a']);
  await page.locator('[data-row="0"]').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/console/streams/filtered-a');
  console.assertClean();
});

test('a shard is chosen by keyboard, split and merged, and its hottest key shows as it is', {
  skip: noBrowser,
}, async () => {
  await create('hot', 1);
  const Records = Array.from({ length: 400 }, (_, index) => ({
    PartitionKey: index % 2 === 0 ? markup : `k${index}`,
    Data: Buffer.from('x'),
  }));
  await kinesis.send(new PutRecordsCommand({ StreamName: 'hot', Records }));
  await using console = await open('/console/streams/hot');
  const { page } = console;
  await page.locator('.map-frame').focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.shard-panel').waitFor();
  assert.match(page.url(), /shard=shardId-000000000000/);
  assert.equal(await page.locator('.hot-keys tbody a').first().textContent(), markup);

  await page.getByRole('button', { name: 'Split in half' }).click();
  await finish(page);
  assert.equal(await openShardsOf('hot'), 2);
  await page.locator('[data-cell]').nth(2).waitFor();
  await page.locator('.map-frame').focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('heading', { name: 'Shard 1' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('heading', { name: 'Shard 2' }).waitFor();

  await page.getByRole('button', { name: 'Merge …' }).click();
  await page.locator('dialog').getByText('Shards 1 and 2 close').waitFor();
  await finish(page);
  assert.equal(await openShardsOf('hot'), 1);
  await page.getByRole('tab', { name: 'Table' }).click();
  await page.locator('[data-row]').nth(3).waitFor();
  console.assertClean();
});

test('settings change, say what the server refuses, and the stream goes when its name is typed', {
  skip: noBrowser,
}, async () => {
  await create('settled', 1);
  await using console = await open('/console/streams/settled/settings');
  const { page } = console;
  await page.getByRole('button', { name: 'Change … Kept for' }).click();
  await field(page, 'Hours').fill('72');
  await page.locator('dialog').getByText('Records are kept for 3 d').waitFor();
  await finish(page);
  await page.locator('.setting', { hasText: 'Kept for' }).filter({ hasText: '3 d' }).waitFor();

  await page.getByRole('button', { name: 'Change … Resource policy' }).click();
  await field(page, 'Policy as JSON').fill(`{"Version":"${markup}`);
  await page.locator('dialog button[type=submit]').click();
  const refusal = page.locator('dialog [role=alert]');
  await refusal.waitFor();
  assert.match((await refusal.textContent())!, /^\w+Exception: /);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Delete this stream' }).click();
  const remove = page.locator('dialog button[type=submit]');
  assert.ok(await remove.isDisabled());
  await field(page, 'To confirm, type settled').fill('settled');
  await remove.click();
  await page.waitForURL('**/console/streams');
  // The browser's own lines about the refused policy, and about the stream that is asked for until it is
  // gone.
  console.assertClean(/status of 400/);
});

test('a read-only console shows all, changes nothing and says why; in Spanish, too', {
  skip: noBrowser,
}, async () => {
  await using readOnly = await startTestServer({ console: 'read-only' });
  const client = new KinesisClient(readOnly.clientConfig);
  await client.send(new CreateStreamCommand({ StreamName: 'seen', ShardCount: 1 }));
  client.destroy();
  const look = { language: 'es', width: 380, theme: 'dark' } as const;
  await using console = await openConsole(browser, readOnly.url, '/console/streams/seen/settings', look);
  const { page } = console;
  const change = page.getByRole('button', { name: 'Cambiar …' }).first();
  await change.waitFor();
  assert.ok(await change.isDisabled());
  assert.equal(await change.getAttribute('title'), 'Esta consola es de solo lectura.');
  assert.equal(await page.locator('h1').textContent(), 'Ajustes de seen');
  const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  assert.ok(wider <= 0, `the page is ${wider} pixels wider than the window`);
  console.assertClean();
});

test('a stream that is not there is said to be missing', { skip: noBrowser }, async () => {
  await using console: ConsolePage = await open('/console/streams/nothing');
  await console.page.locator('.empty-state').waitFor();
  assert.match((await console.page.locator('.empty-state').textContent())!, /no such stream/);
  console.assertClean(/status of 400/);
});

function field(page: Page, label: string) {
  return page.locator('dialog').getByLabel(label, { exact: true });
}

/** Presses what the dialog offers, and waits until it was done. */
async function finish(page: Page): Promise<void> {
  await page.locator('dialog button[type=submit]').click();
  await page.locator('dialog').waitFor({ state: 'detached' });
}

/** Waits until the table has these names in its first column. */
async function names(page: Page, expected: readonly string[]): Promise<void> {
  const cells = page.locator('[data-row] td:first-child');
  const deadline = Date.now() + patienceMs;
  let shown = await cells.allTextContents();
  while (shown.join() !== expected.join() && Date.now() < deadline) {
    await page.waitForTimeout(50);
    shown = await cells.allTextContents();
  }
  assert.deepEqual(shown, expected);
}
