// Installs the project's packages when they are missing or older than the lockfile, so that `npm start` and
// `npm test` are all a fresh clone needs. Runs on whatever Node the machine has; everything after it runs on
// the pinned one.
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installed = join(root, 'node_modules', '.package-lock.json');
const packages = join(root, 'node_modules');
const pinnedNode = join(root, 'node_modules', 'node', 'bin');

if (isLink()) {
  // An installation would empty the folder that the link leads to, which is not this project's.
  if (!existsSync(pinnedNode)) {
    console.error(`millrace: ${packages} is a link to a folder without the packages; install them there`);
    process.exit(1);
  }
} else if (!upToDate()) {
  console.error('Installing packages (once) …');
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
  } catch {
    console.error('millrace: could not install the packages; is the npm registry reachable?');
    process.exit(1);
  }
}

function isLink() {
  return lstatSync(packages, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function upToDate() {
  if (!existsSync(installed) || !existsSync(pinnedNode)) return false;
  return statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}
