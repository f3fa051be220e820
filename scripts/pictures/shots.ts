import type { Page } from 'playwright-core';
import type { Look } from '../../test/console/browser.ts';

/** A picture: what is opened, and what is done there before it is taken. */
export type Shot = {
  readonly name: string;
  readonly path: string;
  /** The server: with flights, which is most often meant, without anything, or one that asks who it is. */
  readonly at?: 'scene' | 'empty' | 'signed';
  readonly look?: Look;
  readonly prepare?: (page: Page) => Promise<void>;
};

const narrow: Look = { width: 380, height: 760 };
const dark: Look = { theme: 'dark' };
const spanish: Look = { language: 'es' };

const flights = '/console/streams/flights';
const delayed = `where=${encodeURIComponent('body.delay > 60 && body.origin == "DEN"')}`;
const sql = `SELECT body.origin AS origin, COUNT(*) AS flights, MAX(body.delay) AS worst
FROM records
GROUP BY body.origin ORDER BY flights DESC LIMIT 12`;

const flightsArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/flights';
const check = `/console/access/check?resources=${encodeURIComponent(flightsArn)}`;

/** Every page of the console once, in the order of its navigation, some of them as others see them. */
export const shots: readonly Shot[] = [
  { name: 'first-start', path: '/console/', at: 'empty' },
  { name: 'create-stream', path: '/console/', at: 'empty', prepare: press('.page-actions button') },
  { name: 'sign-in', path: '/console/', at: 'signed' },
  { name: 'streams', path: '/console/streams', prepare: seconds(12) },
  { name: 'streams-narrow', path: '/console/streams', look: narrow, prepare: seconds(3) },
  { name: 'stream', path: flights, prepare: seconds(15) },
  { name: 'stream-dark', path: flights, look: dark, prepare: seconds(8) },
  { name: 'shard', path: flights, prepare: chooseHotShard },
  { name: 'split', path: flights, prepare: splitHotShard },
  { name: 'put-records', path: `${flights}/put` },
  { name: 'records', path: `${flights}/records?from=TRIM_HORIZON`, prepare: seconds(3) },
  { name: 'records-filtered', path: `${flights}/records?from=TRIM_HORIZON&${delayed}`, prepare: openRow },
  { name: 'record', path: `${flights}/records?from=TRIM_HORIZON&${delayed}`, prepare: openRecord },
  { name: 'query', path: `${flights}/query?sql=${encodeURIComponent(sql)}`, prepare: runQuery },
  { name: 'settings', path: `${flights}/settings` },
  { name: 'readers', path: '/console/readers', prepare: seconds(5) },
  { name: 'topology', path: '/console/readers/topology', prepare: seconds(3) },
  { name: 'reader', path: '/console/readers', prepare: openReader('delay-statistics') },
  { name: 'failures', path: '/console/readers', prepare: openReader('charge-cards') },
  { name: 'users', path: '/console/access/users' },
  { name: 'user', path: '/console/access/users/ana' },
  { name: 'roles', path: '/console/access/roles' },
  { name: 'policies', path: '/console/access/policies' },
  { name: 'check', path: check },
  { name: 'keys', path: '/console/keys' },
  { name: 'audit', path: '/console/audit' },
  { name: 'server', path: '/console/server', prepare: seconds(3) },
  { name: 'cost', path: '/console/cost', prepare: seconds(3) },
  { name: 'cost-narrow', path: '/console/cost', look: narrow, prepare: seconds(3) },
  { name: 'streams-spanish', path: '/console/streams', look: { ...spanish, ...dark }, prepare: seconds(5) },
  { name: 'keys-of-the-keyboard', path: '/console/streams', prepare: (page) => page.keyboard.press('?') },
];

function press(selector: string): (page: Page) => Promise<void> {
  return async (page) => await page.locator(selector).first().click();
}

/** Rates and curves take some readings. */
function seconds(count: number): (page: Page) => Promise<void> {
  return async (page) => await page.waitForTimeout(count * 1000);
}

async function chooseHotShard(page: Page): Promise<void> {
  await page.waitForTimeout(12_000);
  await page.locator('.map-frame').focus();
  await page.keyboard.press('End');
  await page.locator('.shard-panel').waitFor();
  await page.locator('.shard-panel').scrollIntoViewIfNeeded();
}

async function splitHotShard(page: Page): Promise<void> {
  await chooseHotShard(page);
  await page.getByRole('button', { name: 'Split here' }).click();
  await page.locator('dialog').waitFor();
  await page.locator('dialog summary').first().click();
}

async function openRow(page: Page): Promise<void> {
  await page.locator('.records-list tbody tr').nth(2).click();
  await page.locator('.record-pane').waitFor();
}

async function openRecord(page: Page): Promise<void> {
  await openRow(page);
  await page.locator('.record-actions a').first().click();
  await page.locator('.record-page .record-body').waitFor();
}

async function runQuery(page: Page): Promise<void> {
  await page.locator('textarea').first().focus();
  await page.keyboard.press('Control+Enter');
  await page.waitForTimeout(3_000);
}

function openReader(name: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.getByRole('link', { name }).first().click();
    await page.waitForTimeout(3_000);
  };
}
