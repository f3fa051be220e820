import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { Browser, Page } from 'playwright-core';
import { openConsole } from './browser.ts';
import { englishOnly } from './english-only.ts';
import type { ReadersWorld } from './readers-world.ts';

/** What is wrong with some pages, one after the other in one window. */
export async function faultsAt(
  browser: Browser,
  serverUrl: string,
  paths: readonly string[],
): Promise<string[]> {
  await using console = await openConsole(browser, serverUrl);
  const { page } = console;
  await page.addInitScript({ path: join(import.meta.dirname, 'page-faults.mjs') });
  await page.reload();
  const found: string[] = [];
  for (const path of paths) {
    await follow(page, path);
    for (const fault of await faultsOf(page)) found.push(`${path}: ${fault}`);
  }
  console.assertClean();
  return found;
}

/** What is wrong with a page in any look of it. */
async function faultsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  await settled(page);
  found.push(...(await tabFaults(page)));
  for (const [language, widths] of looks) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByLabel(/^(Language|Idioma)/).selectOption(language);
    assert.equal(await page.locator('html').getAttribute('lang'), language);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      const faults = await inPage<string[]>(page, 'faults()');
      found.push(...faults.map((fault) => `${language}, ${width}, ${fault}`));
    }
  }
  const words = await inPage<string[]>(page, 'words()');
  found.push(
    ...words.filter((text) => !names.test(text) && englishOnly(text)).map((text) => `not Spanish: ${text}`),
  );
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByLabel(/^(Language|Idioma)/).selectOption('en');
  return found;
}

/**
 * `npm run clients` looks at all. In Spanish words are longer, and there is less room for them at 380 pixels.
 */
const looks =
  process.env['CLIENTS'] === 'all'
    ? ([
        ['en', [1280, 380]],
        ['es', [1280, 380]],
      ] as const)
    : ([
        ['en', [1280]],
        ['es', [380]],
      ] as const);

/** Goes through the page by Tab, from its heading on; what is around it, one test goes through. */
async function tabFaults(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.locator('main').focus();
  for (let presses = 0; presses < tabStopsMax; presses++) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate<Focus | null>('pageFaults.focus()');
    if (focus === null) break;
    if (!focus.isMarked) found.push(`nobody sees that the focus is at ${focus.name}`);
  }
  const missed = await page.evaluate<string[]>('pageFaults.tabStopsMissed()');
  return [...found, ...missed.map((name) => `Tab does not lead to ${name}`)];
}

/** Names in `ReadersWorld` and of AWS, which are the same in all languages. */
const names =
  /^(Enabled|ACTIVE|function:billing|(orders|team|reads|runner|ada|billing-app|dashboard|archive|billing)( · Millrace)?)$/;

type Focus = { readonly name: string; readonly isMarked: boolean };

const tabStopsMax = 60;

/** Follows a link to a path, which loads only what the page needs besides. */
async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate(`(() => {
    const link = Object.assign(document.createElement('a'), { href: ${JSON.stringify(path)} });
    document.body.append(link);
    link.click();
    link.remove();
  })()`);
}

async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.locator('main .skeleton').first().waitFor({ state: 'detached' });
}

/** Two frames later, all that follows a change of size is drawn. */
async function inPage<Answer>(page: Page, expression: string): Promise<Answer> {
  const frames = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';
  return await page.evaluate<Answer>(`${frames}.then(() => pageFaults.${expression})`);
}

/** A user, a group, a role, a policy and a key, by the names that paths have for them. */
export async function parametersIn(world: ReadersWorld): Promise<Readonly<Record<string, string>>> {
  const { clientConfig } = world.server;
  const iam = new IAMClient(clientConfig);
  const kms = new KMSClient(clientConfig);
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'kinesis:Get*', Resource: '*' }],
  };
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const trustPolicy = JSON.stringify({ ...policy, Statement: [trust] });
  await iam.send(new CreateUserCommand({ UserName: 'ada' }));
  await iam.send(new CreateGroupCommand({ GroupName: 'team' }));
  await iam.send(new CreateRoleCommand({ RoleName: 'runner', AssumeRolePolicyDocument: trustPolicy }));
  const made = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'reads', PolicyDocument: JSON.stringify(policy) }),
  );
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  iam.destroy();
  kms.destroy();
  const { ShardId, SequenceNumber } = world.first;
  return {
    ...{ user: 'ada', group: 'team', role: 'runner', policy: made.Policy!.Arn!, key: KeyMetadata!.KeyId! },
    ...{ stream: 'orders', shard: ShardId, number: SequenceNumber, kind: 'kcl', name: 'billing-app' },
  };
}

/** Of `console/pages/pages.ts`, whose types are those of a browser. */
export async function pathsOfAll(parameters: Readonly<Record<string, string>>): Promise<string[]> {
  const module = (await import(join(import.meta.dirname, '../../console/pages/pages.ts'))) as {
    readonly pages: readonly { readonly pattern: string }[];
  };
  return module.pages.map(({ pattern }) => {
    const parts = pattern.split('/').map((part) => {
      const value = part.startsWith(':') ? parameters[part.slice(1)] : part;
      assert.ok(value !== undefined, `what is ${part} of ${pattern}?`);
      return encodeURIComponent(value);
    });
    return `/console/${parts.join('/')}`;
  });
}
