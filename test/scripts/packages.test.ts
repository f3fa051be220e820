import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Accepted, verdictOn } from '../../scripts/advisories.ts';
import { lockedPackages, manifest, resolvedFrom, runtimePackages } from '../../scripts/lockfile.ts';

/** Whoever gets Millrace may do with it what its own license says. */
const permissive: ReadonlySet<string> = new Set([
  'MIT-0',
  ...['Apache-2.0', 'MIT', 'MIT OR Apache-2.0', 'BSD-3-Clause', 'BSD-2-Clause', 'ISC', '0BSD'],
]);

test('no package runs a script when it is installed, but the pinned Node', () => {
  const scripted = lockedPackages().filter(({ hasInstallScript }) => hasInstallScript);
  assert.deepEqual(
    scripted.map(({ name }) => name),
    ['node'],
  );
});

test('every version is one version, and every package that is installed is known by its hash', () => {
  const { dependencies, devDependencies } = manifest();
  const wanted = Object.entries({ ...dependencies, ...devDependencies });
  assert.deepEqual(
    wanted.filter(([, version]) => !/^\d+\.\d+\.\d+(-r\.\d+)?$/.test(version)),
    [],
  );
  for (const { name, integrity } of lockedPackages()) {
    // Biome's programs for other platforms are in the lockfile without a hash; they are never installed.
    const isForeign = integrity === undefined && name.startsWith('@biomejs/cli-');
    assert.ok(isForeign || integrity?.startsWith('sha512-'), name);
  }
});

test('all licenses are permissive', () => {
  const others = lockedPackages().filter(({ license }) => !permissive.has(license ?? ''));
  assert.deepEqual(others, []);
});

type Component = {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
};

type Bill = {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
};

function written(): string {
  return execFileSync(process.execPath, ['scripts/sbom.ts'], { encoding: 'utf8' });
}

test('the bill of materials has what a server needs, version, hash and license, and is always the same', () => {
  const text = written();
  assert.equal(written(), text);
  const bill = JSON.parse(text) as Bill;
  assert.deepEqual([bill.bomFormat, bill.specVersion], ['CycloneDX', '1.5']);
  const needed = runtimePackages();
  assert.ok(needed.some(({ name }) => name === 'pino'));
  assert.ok(!needed.some(({ name }) => name === 'typescript'));
  assert.deepEqual(
    bill.components.map(({ name, version, hashes: [hash], licenses: [license] }) => {
      const digest = Buffer.from(hash!.content, 'hex').toString('base64');
      return [name, version, `${hash!.alg} ${digest}`, license!.license.id];
    }),
    needed.map(({ name, version, integrity, license }) => {
      return [name, version, integrity!.replace('sha512-', 'SHA-512 '), license];
    }),
  );
});

test('the bill of materials says what needs what, and nothing in it is needed by nobody', () => {
  const bill = JSON.parse(written()) as Bill;
  const graph = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const reached = new Set<string>();
  const visit = (reference: string): void => {
    if (reached.has(reference)) return;
    reached.add(reference);
    for (const next of graph.get(reference)!) visit(next);
  };
  visit(bill.metadata.component.purl);
  reached.delete(bill.metadata.component.purl);
  assert.deepEqual([...reached].sort(), bill.components.map(({ purl }) => purl).sort());
});

test('a package finds the nearest one of a name', () => {
  const at = (place: string) => ({ ...lockedPackages()[0]!, place });
  const packages = ['node_modules/a', 'node_modules/b', 'node_modules/a/node_modules/b'].map(at);
  const placeOf = (from: string) => resolvedFrom(from, 'b', packages)?.place;
  assert.equal(placeOf('node_modules/a'), 'node_modules/a/node_modules/b');
  assert.equal(placeOf('node_modules/b'), 'node_modules/b');
  assert.equal(placeOf('node_modules/a/node_modules/b'), 'node_modules/a/node_modules/b');
  assert.equal(resolvedFrom('', 'c', packages), undefined);
});

test('an advisory is open until it is accepted with a reason, and an accepted one that is gone is told', () => {
  const via = [{ title: 'Bad', url: 'https://github.com/advisories/GHSA-1', severity: 'high' }, 'b'];
  const audited = { vulnerabilities: { a: { via }, c: { via: ['a'] } } };
  const accept = (id: string): Accepted => ({ id, package: 'a', reason: 'it is not called' });
  assert.deepEqual(verdictOn(audited, []), { kind: 'audited', open: ['a: Bad (high, GHSA-1)'], stale: [] });
  assert.deepEqual(verdictOn(audited, [accept('GHSA-1')]), { kind: 'audited', open: [], stale: [] });
  const stale = verdictOn({ vulnerabilities: {} }, [accept('GHSA-2')]);
  assert.deepEqual(stale, { kind: 'audited', open: [], stale: ['a: GHSA-2'] });
  assert.equal(verdictOn({ message: '405 Method Not Allowed' }, []).kind, 'unreachable');
});

test('each accepted advisory has its number, its package and a reason', () => {
  const accepted = JSON.parse(readFileSync('docs/advisories.json', 'utf8')) as Accepted[];
  for (const { id, package: name, reason } of accepted) {
    assert.match(id, /^GHSA-/);
    assert.ok(lockedPackages().some((locked) => locked.name === name));
    assert.ok(reason.length > 20);
  }
});
