import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** The path of a browser on this machine, or why there is none. */
export type Found = { readonly path: string } | { readonly missing: string };

/** Looks for Chromium. Where root can install it from Debian, as in a container, it is installed. */
export function findChromium(): Found {
  const path = onPath();
  if (path !== undefined) return { path };
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    return { missing: 'there is no chromium on this machine' };
  }
  try {
    const install = ['install', '-y', '--no-install-recommends', 'chromium'];
    execFileSync('apt-get', install, { stdio: 'ignore', timeout: installMsMax });
  } catch (error) {
    return { missing: `there is no chromium on this machine, and apt-get does not bring it: ${error}` };
  }
  const installed = onPath();
  return installed === undefined ? { missing: 'apt-get brings no chromium' } : { path: installed };
}

/** A test waits no longer. */
const installMsMax = 120_000;

function onPath(): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return [...directories, '/usr/bin']
    .flatMap((directory) => names.map((name) => join(directory, name)))
    .find((path) => existsSync(path));
}

/**
 * A browser for which `evil.test` is this machine. A page of it may have a service worker, as one with a
 * certificate could.
 */
export async function launchChromium(executablePath: string, evilOrigin: string): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    // It may take long on a busy machine.
    timeout: 120_000,
    args: [
      // Root has no sandbox; the pages are ours.
      '--no-sandbox',
      '--disable-gpu',
      '--host-resolver-rules=MAP evil.test 127.0.0.1',
      `--unsafely-treat-insecure-origin-as-secure=${evilOrigin}`,
    ],
  });
}
