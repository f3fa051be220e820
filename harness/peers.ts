import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Installs the peers when they are missing or older than their lockfile. False when that does not work. */
export function installPeers(): boolean {
  if (isUpToDate()) return true;
  console.log('Installing the peers into bench/peers (once) …');
  try {
    // Without install scripts: the one package that has one ships its binary, too.
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 120_000,
    });
    return true;
  } catch {
    console.log('The peers could not be installed; is the npm registry reachable? Going on without them.');
    return false;
  }
}

const folder = join(import.meta.dirname, '..', 'bench', 'peers');

function isUpToDate(): boolean {
  const installed = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  return statSync(installed).mtimeMs >= statSync(join(folder, 'package-lock.json')).mtimeMs;
}
