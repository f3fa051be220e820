import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../rpc/pages/chromium.ts';

const found = findChromium();

/** For a suite in a browser: why there is none, or false. `{ skip: noBrowser }`. */
export const noBrowser: string | false = 'missing' in found ? found.missing : false;

/** A busy machine may be slow. */
export const patienceMs = 120_000;

/**
 * A browser for the console, which is built first if it was not, or is older than its sources. One for a
 * whole test file: it takes a second to start.
 */
export async function launchBrowser(): Promise<Browser> {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../scripts/build-console.mjs')]);
  assert.ok('path' in found);
  return await chromium.launch({
    executablePath: found.path,
    timeout: patienceMs,
    // Root has no sandbox; the pages are ours.
    args: ['--no-sandbox', '--disable-gpu'],
  });
}

/** How the console is looked at. */
export type Look = {
  readonly language?: 'en' | 'es';
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** What the clock of the browser's machine says at first. */
  readonly clockMs?: number;
  /** Of the context, such as `ignoreHTTPSErrors`. */
  readonly context?: BrowserContextOptions;
};

/** A page of the console, and all that went wrong in it. */
export interface ConsolePage extends AsyncDisposable {
  readonly page: Page;
  /**
   * Fails if anything was wrong: an error or a warning in the browser's console, one that nobody caught, a
   * violation of the content security policy, or a request to anywhere but this server. `but` are texts that
   * are meant to be there, such as the browser's own line about an answer that is a refusal.
   */
  assertClean(but?: RegExp): void;
}

/** Opens a path of the console at a server, `/console/streams`, and waits for its heading. */
export async function openConsole(
  browser: Browser,
  serverUrl: string,
  path = '/console/',
  { language = 'en', theme = 'light', width = 1280, height = 800, clockMs, context: options = {} }: Look = {},
): Promise<ConsolePage> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: language === 'es' ? 'es-ES' : 'en-US',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  if (clockMs !== undefined) await page.clock.install({ time: clockMs });
  const wrong: string[] = [];
  const { origin } = new URL(serverUrl);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrong.push(`not caught: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== 'data:') wrong.push(`a request to ${url.origin}`);
  });
  await page.goto(`${origin}${path}`, { timeout: patienceMs });
  await page.locator('h1').first().waitFor();
  return {
    page,
    assertClean: (but) =>
      assert.deepEqual(
        wrong.filter((one) => but?.test(one) !== true),
        [],
      ),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Signs in on the page that asks for it, and waits for the page behind it. */
export async function signIn(
  page: Page,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Promise<void> {
  const fields = page.locator('form.sign-in input');
  await fields.nth(0).fill(accessKeyId);
  await fields.nth(1).fill(secretAccessKey);
  await page.locator('form.sign-in button[type=submit]').click();
  await page.locator('.navigation').waitFor();
}
