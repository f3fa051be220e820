import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startTestServer } from '../../src/server/testing.ts';
import { launchBrowser, noBrowser, openConsole, signIn } from './browser.ts';

const skip = noBrowser;
let browser: Browser;

before(async () => {
  if (skip === false) browser = await launchBrowser();
});

after(() => browser?.close());

for (const [language, heading, theme] of [
  ['en', 'Users', 'light'],
  ['es', 'Usuarios', 'dark'],
] as const) {
  test(`speaks ${language}, and is ${theme}`, { skip }, async () => {
    await using server = await startTestServer();
    await using console = await openConsole(browser, server.url, '/console/access/users', {
      language,
      theme,
    });
    const { page } = console;
    assert.equal(await page.locator('h1').textContent(), heading);
    assert.equal(await page.locator('html').getAttribute('lang'), language);
    assert.equal(await page.title(), `${heading} · Millrace`);
    console.assertClean();
  });
}

test('takes an access key where signatures are verified, and keeps what is derived from it alone', {
  skip,
}, async () => {
  await using server = await startTestServer({ auth: 'required' });
  const { rootUser } = server;
  assert.ok(rootUser !== undefined);
  await using console = await openConsole(browser, server.url, '/console/access/users?filter=a');
  const { page } = console;
  assert.equal(await page.locator('h1').textContent(), 'Sign in');
  await fill(page, rootUser.accessKeyId, 'not the secret');
  await page.locator('form.sign-in [role=alert]').waitFor();
  assert.match((await page.locator('form.sign-in [role=alert]').textContent()) ?? '', /signature/);

  await signIn(page, rootUser);
  await page.locator('.who .mono', { hasText: /^root$/ }).waitFor();
  assert.equal(new URL(page.url()).search, '?filter=a');
  const kept = await page.evaluate<string>('JSON.stringify({ ...sessionStorage, ...localStorage })');
  assert.ok(kept.includes(rootUser.accessKeyId));
  assert.ok(!kept.includes(rootUser.secretAccessKey));

  await page.reload();
  await page.locator('.who').waitFor();
  await page.locator('.who button').click();
  await page.locator('form.sign-in').waitFor();
  // The browser's own line about the answer to the wrong signature.
  console.assertClean(/status of 403/);
});

test('is used by keys alone', { skip }, async () => {
  await using server = await startTestServer();
  await using console = await openConsole(browser, server.url);
  const { page } = console;
  await page.keyboard.press('?');
  await page.locator('dialog[open] .keys').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.waitForURL('**/console/access/users');
  await page.locator('h1:focus').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('ada');
  await page.waitForURL('**/console/access/users?filter=ada');
  console.assertClean();
});

test('signs by the clock of the server, where that of this machine is hours off', { skip }, async () => {
  await using server = await startTestServer({ auth: 'required' });
  await using console = await openConsole(browser, server.url, '/console/access/users', {
    clockMs: Date.now() - 5 * 3_600_000,
  });
  await signIn(console.page, server.rootUser!);
  await console.page.locator('.who').waitFor();
  console.assertClean();
});

test('makes a user, shows the secret of its key once, and what IAM says of a policy that is none', {
  skip,
}, async () => {
  await using server = await startTestServer();
  await using console = await openConsole(browser, server.url, '/console/access/users');
  const { page } = console;
  const submit = page.locator('dialog button[type=submit]');
  await page.locator('.page-actions button').click();
  await page.locator('dialog input').fill('ada');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/console/access/users/ada');

  await page.getByRole('button', { name: 'Create access key' }).click();
  await submit.click();
  const profile = (await page.locator('dialog .code-block pre').textContent())!;
  const [, accessKeyId] = /aws_access_key_id = (AKIA\w+)/.exec(profile)!;
  assert.match(profile, /aws_secret_access_key = \S{40}$/);
  await page.getByRole('button', { name: 'I have it' }).click();
  await page.locator('.item-list', { hasText: accessKeyId! }).waitFor();
  assert.ok(!(await page.content()).includes('aws_secret_access_key'));

  await page.getByRole('button', { name: 'Write a policy' }).click();
  await page.locator('dialog input').fill('own');
  await page.locator('dialog textarea').fill('{"Statement": "<img src=x onerror=alert(1)>"}');
  await submit.click();
  await page.locator('dialog [role=alert]', { hasText: 'MalformedPolicyDocument' }).waitFor();
  await page.locator('dialog textarea').fill(allowing);
  await submit.click();
  await page.locator('.item-list li', { hasText: 'own' }).waitFor();

  await page.getByRole('link', { name: 'What may it do?' }).click();
  await page.locator('td', { hasText: 'A statement of ada_own allows it.' }).waitFor();
  await page.locator('.badge', { hasText: 'not allowed' }).waitFor();
  // The browser's own line about the policy that was refused.
  console.assertClean(/status of 400/);
});

test('changes nothing where it is read-only', { skip }, async () => {
  await using server = await startTestServer({ console: 'read-only' });
  await using console = await openConsole(browser, server.url, '/console/keys', { width: 380 });
  const { page } = console;
  await page.locator('.brand .badge.warning').waitFor();
  assert.ok(await page.locator('.page-actions button').isDisabled());
  await page.locator('.menu-button').click();
  await page.locator('.navigation nav a[aria-current=page]').waitFor();
  console.assertClean();
});

const allowing = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'kinesis:Put*', Resource: '*', Sid: 'Markup' },
});

async function fill(page: Page, accessKeyId: string, secret: string): Promise<void> {
  const fields = page.locator('form.sign-in input');
  await fields.nth(0).fill(accessKeyId);
  await fields.nth(1).fill(secret);
  await fields.nth(1).press('Enter');
}
