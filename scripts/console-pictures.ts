// Takes the pictures of docs/console.md, of every page of the console: `npm run pictures`, or only those
// whose name contains a word, `npm run pictures -- stream`. It needs Chromium.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { startTestServer } from '../src/server/testing.ts';
import { launchBrowser, noBrowser, openConsole } from '../test/console/browser.ts';
import { readPng, smallPng } from './pictures/png.ts';
import { Scene } from './pictures/scene.ts';
import { type Shot, shots } from './pictures/shots.ts';

const folder = join(import.meta.dirname, '../docs/pictures');

if (noBrowser !== false) throw new Error(noBrowser);
const { positionals } = parseArgs({ allowPositionals: true });
const wanted = shots.filter(
  ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
);
mkdirSync(folder, { recursive: true });
const browser = await launchBrowser();
{
  await using scene = await Scene.start();
  await using empty = await startTestServer();
  await using signed = await startTestServer({ auth: 'required' });
  const urls = { scene: scene.server.url, empty: empty.url, signed: signed.url };
  for (const shot of wanted) await take(browser, urls[shot.at ?? 'scene'], shot);
}
await browser.close();

async function take(browser: Browser, url: string, { name, path, look, prepare }: Shot): Promise<void> {
  await using console = await openConsole(browser, url, path, look);
  const { page } = console;
  await prepare?.(page);
  // Texts that say how long ago something was are drawn once more; charts have their second point.
  await page.waitForTimeout(1_500);
  const file = join(folder, `${name}.png`);
  writeFileSync(file, smallPng(readPng(await page.screenshot())));
  process.stdout.write(`${name}: ${Math.ceil(statSync(file).size / 1024)} KiB\n`);
}
