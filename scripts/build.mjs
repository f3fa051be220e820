// Makes dist/, the plain JavaScript with types that is published. TypeScript keeps the command's #! line.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, globSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole } from './build-console.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

// What was removed or renamed in src/ is not to be published once more.
rmSync(join(root, 'dist'), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);
// What is started as a program of its own is JavaScript already.
for (const path of globSync('**/*.mjs', { cwd: join(root, 'src') })) {
  copyFileSync(join(root, 'src', path), join(root, 'dist', path));
}
chmodSync(join(root, 'dist', 'cli', 'main.js'), 0o755);
await buildConsole();
