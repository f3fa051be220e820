// What operators check with is asked of what they are given: promtool, Helm and actionlint, built by Go.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { startTestServer } from '../../src/server/testing.ts';
import { temporaryDirectory } from '../server/process.ts';
import { onlyInFull } from './extent.ts';
import { whyMissing } from './foreign-program.ts';

const binaries = join(tmpdir(), 'millrace-operators-tools');
const folder = pathToFileURL(`${tmpdir()}/`);
const programs = [
  'github.com/prometheus/prometheus/cmd/promtool@v0.316.0',
  'helm.sh/helm/v3/cmd/helm@v3.22.0',
  'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
];
const install = (program: string) =>
  whyMissing(['env', `GOBIN=${binaries}`, 'go', 'install', program], folder);
const missing = onlyInFull ? [onlyInFull] : await Promise.all(programs.map((program) => install(program)));
const skip = missing.find((reason) => reason !== false) ?? false;

/** What a program says, which ends by itself within a minute and is content. */
function run(program: string, words: readonly string[], input = '', cwd = '.'): string {
  const options = { encoding: 'utf8', timeout: 60_000, input, cwd } as const;
  const { status, stdout, stderr } = spawnSync(join(binaries, program), words, options);
  assert.equal(status, 0, `${program} ${words.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

test('promtool has nothing to say against /metrics and the alerts', { skip }, async () => {
  await using server = await startTestServer({ port: 0 });
  assert.equal(
    run('promtool', ['check', 'metrics'], await (await fetch(`${server.url}/metrics`)).text()),
    '',
  );
  assert.match(run('promtool', ['check', 'rules', 'deploy/prometheus/alerts.yaml']), /SUCCESS: \d+ rules/);
});

test('Helm renders the chart for both engines, and refuses a cluster without brokers or a root key', {
  skip,
}, () => {
  const chart = resolve('deploy/helm/millrace');
  const template = ['template', 'm', chart, '--kube-version', '1.31.0'];
  assert.match(run('helm', ['lint', chart]), / 0 chart\(s\) failed/);
  const alone = run('helm', template);
  assert.match(alone, /\n {2}replicas: 1\n/);
  assert.match(alone, /volumeClaimTemplates:/);
  const kafka = ['--set', 'engine=kafka,kafka.brokers=b:9092,rootKey.existingSecret=root'];
  const cluster = run('helm', [...template, ...kafka]);
  assert.match(cluster, /\n {2}replicas: 3\n/);
  assert.match(cluster, /kind: PodDisruptionBudget/);
  for (const rendered of [alone, cluster]) {
    for (const rule of [
      /runAsNonRoot: true/,
      /readOnlyRootFilesystem: true/,
      /kind: NetworkPolicy/,
      /drop: \[ALL\]/,
    ])
      assert.match(rendered, rule);
  }
  const refused = spawnSync(join(binaries, 'helm'), [...template, '--set', 'engine=kafka'], {
    encoding: 'utf8',
  });
  assert.match(refused.stderr, /engine kafka needs kafka\.brokers/);
});

test('actionlint finds that a workflow calls the action with inputs that it has', { skip }, () => {
  using directory = temporaryDirectory();
  const workflows = join(directory.path, '.github', 'workflows');
  mkdirSync(workflows, { recursive: true });
  mkdirSync(join(directory.path, '.git'));
  cpSync('deploy/github-action', join(directory.path, 'action'), { recursive: true });
  const steps = '[{ uses: ./action, with: { limits: aws, port: "4567", region: eu-west-1 } }]';
  const workflow = `on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: ${steps}\n`;
  writeFileSync(join(workflows, 'test.yml'), workflow);
  assert.equal(run('actionlint', [], '', directory.path), '');
});
