import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startTestServer } from '../../src/server/testing.ts';
import { launchBrowser, noBrowser, openConsole, signIn } from './browser.ts';

suite('the console in a browser', { skip: noBrowser }, () => {
  let browser: Browser;

  before(async () => {
    browser = await launchBrowser();
  });

  after(() => browser?.close());

  for (const [language, heading, theme] of [
    ['en', 'Users', 'light'],
    ['es', 'Usuarios', 'dark'],
  ] as const) {
    test(`speaks ${language}, and is ${theme}`, async () => {
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

  test('takes an access key where signatures are verified, and keeps what is derived from it alone', async () => {
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
    assert.equal(await page.locator('.who .mono').textContent(), 'root');
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

  test('is used by keys alone', async () => {
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
});

async function fill(page: Page, accessKeyId: string, secret: string): Promise<void> {
  const fields = page.locator('form.sign-in input');
  await fields.nth(0).fill(accessKeyId);
  await fields.nth(1).fill(secret);
  await fields.nth(1).press('Enter');
}
