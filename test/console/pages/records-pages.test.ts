import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import type { Browser, Locator, Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../../../src/server/testing.ts';
import { launchBrowser, noBrowser, openConsole } from '../browser.ts';

const flightsPath = 'node_modules/vega-datasets/data/flights-2k.json';
const markup = '<img src=x onerror="document.title=1">';
const inBrowser = { skip: noBrowser };

let browser: Browser;
let server: TestServer;
let client: KinesisClient;

before(async () => {
  if (noBrowser !== false) return;
  browser = await launchBrowser();
  server = await startTestServer();
  client = new KinesisClient(server.clientConfig);
  for (const StreamName of ['flights', 'copy', 'odd', 'fast']) {
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
  }
  await put(client, 'odd', [
    { key: markup, data: `<script>document.title = 'x'</script>` },
    { key: 'k'.repeat(256), data: 'x'.repeat(50_000) },
    { key: 'nested', data: JSON.stringify({ delay: 75, [markup]: [{ text: markup }] }) },
    { key: 'bytes', data: Uint8Array.from({ length: 2000 }, (_, index) => (index * 7919) % 251) },
  ]);
});

after(async () => {
  client?.destroy();
  await server?.[Symbol.asyncDispose]();
  await browser?.close();
});

test('flights are dropped in, watched, filtered, and one of them found, by keys', inBrowser, async () => {
  await using console = await openConsole(browser, server.url, '/console/streams/flights/put');
  const { page } = console;
  await dropFile(page, flightsPath);
  await page.locator('.put-preview .preview-key').first().waitFor();
  assert.equal(await textOf(page, '.put-preview .preview-key >> nth=0'), 'LAX');
  await page.locator('.put-plan > .button.main').click();
  await page.locator('[data-state=done]').waitFor();
  assert.match(await textOf(page, '.put-progress'), /Put2,000/);

  await page.locator('.put-run a.button').click();
  await page.getByText('2,000 received').waitFor();
  // It follows: the last row is in sight, and only some of the rows are drawn.
  await page.locator('.records-list tbody tr[aria-rowindex="2001"]').waitFor();
  assert.ok((await page.locator('.records-list tbody tr').count()) < 100);

  await page.keyboard.press('/');
  await page.keyboard.type('body.delay > 60 && body.origin == "LAX"');
  await page.keyboard.press('Enter');
  const expected = flightsWhere(({ delay, origin }) => delay > 60 && origin === 'LAX');
  await page.getByText(`${expected} received`).waitFor();
  assert.match(page.url(), /where=body\.delay/);

  await page.locator('h1').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('Home');
  await page.locator('.record-pane').waitFor();
  assert.match(await textOf(page, '.record-pane'), /origin: "LAX"/);
  await page.keyboard.press('Escape');
  await page.locator('.record-pane').waitFor({ state: 'detached' });

  await neighboursAreFound(page);
  console.assertClean();
});

/** A record's page is a permalink, with what is before and after it. */
async function neighboursAreFound(page: Page): Promise<void> {
  await page.locator('.records-list tbody tr').first().click();
  await page.locator('.record-actions a').first().click();
  const body = page.locator('.record-page .record-body');
  await body.waitFor();
  const address = page.url();
  const shown = await body.textContent();
  assert.match(new URL(address).pathname, /^\/console\/streams\/flights\/records\/shardId-\d{12}\/\d{56}$/);
  await page.keyboard.press('n');
  await page.waitForURL((url) => url.href !== address);
  await body.waitFor();
  await page.keyboard.press('p');
  await page.waitForURL(address);
  await page.reload();
  await body.waitFor();
  assert.equal(await body.textContent(), shown);
}

test('markup in keys and data is text, long and binary data stay in their places', inBrowser, async () => {
  const path = '/console/streams/odd/records?from=TRIM_HORIZON';
  await using console = await openConsole(browser, server.url, path, { language: 'es', theme: 'dark' });
  const { page } = console;
  await page.getByText('4 recibidos').waitFor();
  for (const width of [1280, 380]) {
    await page.setViewportSize({ width, height: 740 });
    for (let row = 0; row < 4; row++) {
      await page.locator('.records-list tbody tr').nth(row).click();
      await page.locator('.record-pane').waitFor();
      assert.ok(await isWithinWindow(page), `row ${row} at ${width}`);
      await page.keyboard.press('Escape');
      await page.locator('.record-pane').waitFor({ state: 'detached' });
    }
  }
  assert.match(await textOf(page, '.records-list'), /<img src=x onerror/);
  assert.equal(await page.locator('.records-list img, .records-list script').count(), 0);
  assert.match(await page.title(), /Millrace/);
  console.assertClean();
});

test(
  'a range is replayed and saved, every record of it, and what is no expression says where',
  inBrowser,
  async () => {
    const path = '/console/streams/flights/records?from=TRIM_HORIZON&where=body.delay%20%3E%3E%2060';
    await using console = await openConsole(browser, server.url, path);
    const { page } = console;
    const [, mark] = (await textOf(page, '.wrong-place')).split('\n');
    assert.equal(mark, `${' '.repeat('body.delay >'.length)}^`);

    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('2,000 received').waitFor();
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.locator('dialog select').selectOption('copy');
    await page.locator('dialog').getByLabel('Only records where').fill('body.delay > 60');
    await page.locator('dialog .button.main').click();
    await page.locator('[data-state=done]').waitFor();
    const expected = flightsWhere(({ delay }) => delay > 60);
    assert.match(await textOf(page, '.put-progress'), new RegExp(`Read${expected}Put${expected}B`));
    assert.equal((await allIn(client, 'copy')).length, expected);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('dialog select').selectOption('range');
    const lines = await downloadBy(page, page.locator('dialog .button.main'));
    const bodies = lines.map((line) => JSON.stringify((JSON.parse(line) as { body: unknown }).body));
    assert.deepEqual(
      bodies.sort(),
      flights()
        .map((flight) => JSON.stringify(flight))
        .sort(),
    );
    console.assertClean(/status of 400/);
  },
);

test(
  '5,000 records a second are all received, drawn by the frame, and none is lost by a pause',
  inBrowser,
  async (t) => {
    await using console = await openConsole(browser, server.url, '/console/streams/fast/records');
    const { page } = console;
    await page.locator('.tail-status .badge.good').waitFor();
    await page.evaluate(watchFrames);
    const took = await putAtRate(client, 'fast', 10_000, 5_000);
    await page.getByText('10,000 received').waitFor();
    const gaps = await page.evaluate<number[]>('window.frameGaps');
    const sorted = gaps.sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]?.toFixed(1);
    t.diagnostic(
      `10,000 records put in ${took.toFixed(0)} ms; ${gaps.length} frames, gaps in ms: ${[0.5, 0.9, 0.99, 1].map(at)}`,
    );
    const drawn = Number(await page.locator('.tail').getAttribute('data-frame'));
    assert.ok(drawn <= gaps.length + 10, `${drawn} drawings in ${gaps.length} frames`);

    await page.keyboard.press(' ');
    await page.locator('.tail-status .badge.warning').waitFor();
    const last = page.locator('.records-list tbody tr[aria-rowindex="10001"]');
    await last.waitFor();
    await putAtRate(client, 'fast', 1_000, 5_000);
    await page.getByText('11,000 received').waitFor();
    // The view stands still while it is paused.
    assert.ok(await last.isVisible());
    await page.keyboard.press(' ');
    await page.locator('.records-list tbody tr[aria-rowindex="11001"]').waitFor();
    console.assertClean();
  },
);

test('SQL answers rows, which are saved, and says where it is wrong', inBrowser, async () => {
  await using console = await openConsole(browser, server.url, '/console/streams/flights/query?from=start');
  const { page } = console;
  await page.locator('textarea').fill('SELECT key, COUNT(*) AS n FROM records GROUP BY key ORDER BY n DESC');
  await page.keyboard.press('Control+Enter');
  const origins = new Set(flights().map(({ origin }) => origin));
  await page.locator('.tail-status .badge.good').waitFor();
  assert.match(await textOf(page, '.tail-status'), new RegExp(`${origins.size} rows`));
  assert.match(page.url(), /sql=SELECT/);
  const lines = await downloadBy(page, page.getByRole('button', { name: 'Save as CSV' }));
  assert.equal(lines[0], 'key,n');
  assert.equal(lines.length, origins.size + 1);

  await page.locator('textarea').fill('SELECT key\nFORM records');
  await page.keyboard.press('Control+Enter');
  await page.getByText(/Line 2, column/).waitFor();
  console.assertClean(/status of 400/);
});

type Flight = { readonly delay: number; readonly origin: string };

function flights(): Flight[] {
  return JSON.parse(readFileSync(flightsPath, 'utf8')) as Flight[];
}

function flightsWhere(matches: (flight: Flight) => boolean): number {
  return flights().filter(matches).length;
}

/** Dropped as from the desktop: a transfer with a file, made in the page. */
async function dropFile(page: Page, path: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    `(() => { const transfer = new DataTransfer();
      transfer.items.add(new File([${JSON.stringify(readFileSync(path, 'utf8'))}], 'flights.json'));
      return transfer; })()`,
  );
  await page.dispatchEvent('.drop-area', 'drop', { dataTransfer: transfer });
}

const watchFrames = `(() => {
  window.frameGaps = [];
  let last;
  const next = (now) => {
    if (last !== undefined) window.frameGaps.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})()`;

async function put(
  client: KinesisClient,
  StreamName: string,
  records: readonly { key: string; data: string | Uint8Array }[],
) {
  const Records = records.map(({ key, data }) => ({ PartitionKey: key, Data: Buffer.from(data as string) }));
  const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName, Records }));
  assert.equal(FailedRecordCount, 0);
}

/** Puts batches of 500 no faster than a rate; answers how long it took, in milliseconds. */
async function putAtRate(
  client: KinesisClient,
  stream: string,
  count: number,
  rate: number,
): Promise<number> {
  const begun = performance.now();
  const body = flights()
    .slice(0, 500)
    .map((flight) => JSON.stringify(flight));
  for (let done = 0; done < count; done += 500) {
    await put(
      client,
      stream,
      body.map((data, index) => ({ key: `key ${done + index}`, data })),
    );
    const due = begun + ((done + 500) / rate) * 1000;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  }
  return performance.now() - begun;
}

async function allIn(client: KinesisClient, StreamName: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const ShardId of ['shardId-000000000000', 'shardId-000000000001']) {
    const start = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    const { ShardIterator } = await client.send(new GetShardIteratorCommand(start));
    const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
    all.push(...Records!);
  }
  return all;
}

async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? '';
}

/** The lines of the file that pressing something brings. */
async function downloadBy(page: Page, button: Locator): Promise<string[]> {
  const download = page.waitForEvent('download');
  await button.click();
  return readFileSync(await (await download).path(), 'utf8')
    .trimEnd()
    .split('\n');
}

async function isWithinWindow(page: Page): Promise<boolean> {
  return await page.evaluate<boolean>(
    'document.documentElement.scrollWidth <= document.documentElement.clientWidth',
  );
}
