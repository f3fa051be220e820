import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { startTestServer } from '../../src/server/testing.ts';
import { launchBrowser, noBrowser, openConsole } from './browser.ts';
import { faultsAt, parametersIn, pathsOfAll } from './page-tour.ts';
import { type ReadersWorld, startReadersWorld } from './readers-world.ts';

const inBrowser = { skip: noBrowser };
const flightsPath = 'node_modules/vega-datasets/data/flights-2k.json';

let browser: Browser;
let world: ReadersWorld;

before(async () => {
  if (noBrowser !== false) return;
  browser = await launchBrowser();
  world = await startReadersWorld();
});

after(async () => {
  await world?.[Symbol.asyncDispose]();
  await browser?.close();
});

test(
  'a newcomer puts flights into a stream, finds one, splits its shard, and sees what it would cost',
  inBrowser,
  async () => {
    await using empty = await startTestServer();
    await using console = await openConsole(browser, empty.url);
    const { page } = console;
    const link = (name: string) => page.getByRole('link', { name, exact: true });
    const button = (name: string) => page.getByRole('button', { name, exact: true });

    await button('Create one').click();
    await page.getByRole('textbox', { name: 'Name' }).fill('flights');
    await button('Create stream').last().click();
    await page.getByRole('heading', { name: 'flights', level: 1 }).waitFor();

    await link('Put records').click();
    await page
      .getByRole('radio', { name: 'Many' })
      .or(page.getByRole('tab', { name: /many|file/i }))
      .first()
      .click();
    await page.getByLabel('Choose a file').setInputFiles(flightsPath);
    await button('Put all').click();
    await link('See them').click();
    await page.getByText('2,000 received').waitFor();

    await page
      .getByRole('textbox', { name: 'Only records where' })
      .fill('body.delay > 60 && body.origin == "LAX"');
    await page.keyboard.press('Enter');
    await page.getByText(/^\d{1,3} received$/).waitFor();
    await page.getByRole('row').nth(1).click();
    const opened = page.context().waitForEvent('page');
    await link('Open its page').click({ modifiers: ['ControlOrMeta'] });
    const record = await opened;
    await record.getByText('Sequence number').waitFor();
    assert.match((await record.getByRole('main').textContent())!, /origin: "LAX"/);
    await record.close();

    await link('flights').click();
    await page.getByRole('tab', { name: 'Table' }).click();
    await page.getByRole('row').nth(1).click();
    await button('Split here').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Split', exact: true }).click();
    await page.getByText(/2 open/).waitFor();

    await link('Cost on AWS').click();
    await page.getByText(/\$\d+(\.\d\d)? a month/).waitFor();
    await link('flights').waitFor();
    console.assertClean();
  },
);

test(
  'every page can be read and used, in both languages, light and dark, wide and narrow',
  inBrowser,
  async () => {
    const paths = await pathsOfAll(await parametersIn(world));
    const found = await Promise.all(
      [0, 1].map((half) =>
        faultsAt(
          browser,
          world.server.url,
          paths.filter((_, index) => index % 2 === half),
        ),
      ),
    );
    assert.deepEqual(found.flat(), []);
  },
);
