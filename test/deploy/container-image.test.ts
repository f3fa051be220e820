// What hadolint and a careful reader would ask of the image, held by a test: no Docker is needed.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nodeStart } from '../../harness/start-script.ts';
import manifest from '../../package.json' with { type: 'json' };

type Instruction = { readonly name: string; readonly words: string; readonly stage: number };

/** The instructions of a Dockerfile, with their lines joined. */
function instructionsIn(text: string): Instruction[] {
  let stage = -1;
  const lines = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, '');
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name, words] = /^([A-Z]+) (.*)$/.exec(line) ?? assert.fail(`no instruction: ${line}`);
      if (name === 'FROM') stage += 1;
      return { name: name!, words: words!, stage };
    });
}

const instructions = instructionsIn(readFileSync('Dockerfile', 'utf8'));
const last = Math.max(...instructions.map(({ stage }) => stage));
const final = instructions.filter(({ stage }) => stage === last);

function only(name: string): string {
  const found = final.filter((instruction) => instruction.name === name);
  assert.equal(found.length, 1, `${name} is there ${found.length} times`);
  return found[0]!.words;
}

test('the image is built on images that are named by a version, Node by the one that is pinned', () => {
  const node = instructions.find(({ words }) => words.startsWith('NODE_VERSION='))!;
  assert.equal(node.words, `NODE_VERSION=${manifest.devDependencies.node}`);
  for (const { words } of instructions.filter(({ name }) => name === 'FROM')) {
    assert.match(words.split(' ')[0]!, /^[\w./-]+:[\w.${}-]+$/);
    assert.doesNotMatch(words, /:latest\b/);
  }
});

test('the image that runs has a user who is not root, a health check, a volume and a port, and no shell runs in it', () => {
  assert.equal(only('USER'), '65532:65532');
  assert.equal(only('VOLUME'), '/data');
  assert.equal(only('EXPOSE'), '4567');
  assert.equal(only('STOPSIGNAL'), 'SIGTERM');
  assert.match(only('HEALTHCHECK'), /^--interval=\S+ --timeout=\S+ --start-period=\S+ --retries=\d+ CMD \["/);
  assert.deepEqual(JSON.parse(only('CMD')), ['serve']);
  // Without a shell nothing can be run while it is built.
  assert.deepEqual(
    final.filter(({ name }) => name === 'RUN' || name === 'ADD'),
    [],
  );
});

test('the server in the image has the flags and variables of npm start', () => {
  const [node, ...words] = JSON.parse(only('ENTRYPOINT')) as string[];
  assert.equal(node, '/usr/local/bin/node');
  assert.deepEqual(words.slice(0, -1), nodeStart.flags);
  assert.equal(words.at(-1), '/app/dist/cli/main.js');
  const variables = Object.fromEntries(
    only('ENV')
      .split(/\s+/)
      .map((word) => word.split('=')),
  );
  for (const [name, value] of Object.entries(nodeStart.env)) assert.equal(variables[name], value);
  assert.equal(variables['MILLRACE_DATA'], '/data');
});

test('packages come as the lockfile has them, without scripts and without those for development', () => {
  const installs = instructions.filter(({ name, words }) => name === 'RUN' && words.includes('npm'));
  for (const { words } of installs) {
    for (const [command] of words.matchAll(/npm (?:ci|install)[^&]*/g))
      assert.match(command, /--ignore-scripts/);
    assert.match(words, /^npm ci /);
  }
  assert.ok(installs.some(({ words }) => words.includes('--omit=dev')));
});

test('what the image is made of is there, and is sent to where it is built', () => {
  const sent = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .flatMap((line) => /^!(.*)$/.exec(line)?.[1] ?? []);
  for (const path of sent) assert.ok(existsSync(path), path);
  const copied = instructions
    .filter(({ name, words }) => name === 'COPY' && !words.includes('--from='))
    .flatMap(({ words }) => words.split(' ').slice(0, -1));
  for (const path of copied) {
    assert.ok(path === '.' || sent.includes(path), `${path} is not sent`);
  }
  // What scripts/build.mjs runs.
  for (const path of ['tsconfig.build.json', 'scripts', 'src', 'console'])
    assert.ok(sent.includes(path), path);
});
