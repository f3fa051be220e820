import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import type { Browser } from 'playwright-core';
import { startTestServer, type TestServer } from '../../src/server/testing.ts';
import { launchBrowser, noBrowser, openConsole, signIn } from './browser.ts';
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

test(
  'readers of every kind are listed, and what a function could not take is given to it again',
  inBrowser,
  async () => {
    await using console = await openConsole(browser, world.server.url, '/console/readers');
    const { page } = console;
    const row = (name: string | RegExp) =>
      page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
    await row('billing').getByText('1', { exact: true }).waitFor();
    // Who polls is called what its SDK calls itself.
    for (const [name, kind] of [
      ['billing-app', 'KCL application'],
      ['archive', 'Delivery'],
      ['dashboard', 'Enhanced fan-out'],
      [/^aws-sdk-js\/[\d.]+$/, 'GetRecords'],
    ] as const) {
      await row(name).getByText(kind).waitFor();
    }

    await page.getByRole('link', { name: 'Who feeds whom' }).click();
    await page.getByRole('link', { name: /billing-app/ }).click();
    await page.getByRole('cell', { name: 'worker-1' }).waitFor();
    assert.equal(await page.title(), 'billing-app · Millrace');

    await page.getByRole('link', { name: 'Consumers' }).first().click();
    await page.getByRole('link', { name: 'billing', exact: true }).click();
    await page.getByText('no such customer').first().waitFor();
    const again = page.getByRole('button', { name: 'Call again with all' });
    await again.click();
    await page.getByText('0 of 1 succeeded.').waitFor();
    world.function.isMended = true;
    await again.click();
    await page.getByText('1 of 1 succeeded.').waitFor();
    await again.waitFor({ state: 'detached' });
    console.assertClean();
  },
);

test('the server says what it was asked, and a load what it would cost', inBrowser, async () => {
  await using console = await openConsole(browser, world.server.url, '/console/server');
  const { page } = console;
  await page
    .getByRole('table', { name: 'Operations' })
    .getByRole('cell', { name: /^\w+:\w+$/ })
    .first()
    .waitFor();
  await page.getByText('Nothing to worry about.').waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  const load = page.getByRole('region', { name: 'What would a load cost?' });
  await load.getByLabel('Records a second').fill('4000');
  await load.getByRole('tab', { name: /^Provisioned \$/ }).click();
  // Five shards, of which 4 MB a second use four fifths, at $0.015 an hour; put units at $0.014 a million.
  await load.getByText(dollars(5 * 730 * 0.015)).waitFor();
  await load.getByText(dollars((4_000 * 730 * 3_600 * 0.014) / 1e6)).waitFor();
  assert.match(page.url(), /records=4000/);
  console.assertClean();
});

test('whoever may only some things sees those, and why not the others', inBrowser, async () => {
  await using signed = await startTestServer({ auth: 'required' });
  const user = await userWho(signed, ['kinesis:*', 'millrace:ListStreamSights', 'millrace:GetStreamSight']);
  await using console = await openConsole(browser, signed.url, '/console/streams');
  const { page } = console;
  await signIn(page, user);
  await page.getByRole('link', { name: 'orders', exact: true }).click();
  await page.getByRole('tab', { name: 'Table' }).click();
  await page.getByRole('row').nth(1).waitFor();
  for (const [name, operation] of Object.entries({
    Consumers: 'millrace:ListReaders',
    Server: 'millrace:GetServerSight',
    'Users and policies': 'iam:ListUsers',
    'Encryption keys': 'kms:ListKeys',
    'Audit trail': 'millrace:ListAuditRecords',
  })) {
    await page.getByRole('link', { name, exact: true }).click();
    const refusal = page.getByRole('alert').filter({ hasText: operation });
    await refusal.waitFor();
    assert.match((await refusal.textContent())!, /^AccessDenied/);
    assert.equal(await page.locator('main .skeleton').count(), 0, `${name} waits for what it may not have`);
  }
  await page.getByRole('link', { name: 'Cost on AWS' }).click();
  await page.getByText(/\$\d+(\.\d\d)? a month/).waitFor();
  console.assertClean(/status of (400|403)/);
});

function dollars(usd: number): string {
  return `$${usd.toFixed(usd < 100 ? 2 : 0)}`;
}

/** A user of a server with the stream `orders`, with one policy of its own. */
async function userWho(
  { clientConfig }: TestServer,
  Action: readonly string[],
): Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string }> {
  const kinesis = new KinesisClient(clientConfig);
  await kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  kinesis.destroy();
  const iam = new IAMClient(clientConfig);
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  });
  await iam.send(new CreateUserCommand({ UserName: 'ada' }));
  await iam.send(new PutUserPolicyCommand({ UserName: 'ada', PolicyName: 'own', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }));
  iam.destroy();
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}
