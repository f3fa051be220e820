import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateAccessKeyCommand, CreateUserCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { openControl } from '../../src/gateway/control.ts';
import { nodeEnv } from '../../src/server/node-env.ts';
import { defaultOptions } from '../../src/server/options.ts';
import { openStorage } from '../../src/server/storage.ts';
import { startTestServer } from '../../src/server/testing.ts';
import { type Key, keyOf, OfficialClients } from './official-clients.ts';
import { MillraceProcess, temporaryDirectory } from './process.ts';

const [older, newer, foreign] = ['a1', 'b2', 'c3'].map((byte) => byte.repeat(32)) as [string, string, string];

/** A data directory, and the file that its root keys are in. */
class Place implements Disposable {
  readonly #directory = temporaryDirectory();
  readonly data = join(this.#directory.path, 'data');
  readonly #file = join(this.#directory.path, 'root-keys');

  /** Starts a server with these root keys, has something done, and ends it. */
  async served<T>(
    rootKeys: readonly string[],
    work: (url: string, root: Key | undefined) => Promise<T>,
  ): Promise<T> {
    writeFileSync(this.#file, rootKeys.join('\n'), { mode: 0o600 });
    const rootKey = `file:${this.#file}`;
    await using server = await startTestServer({ data: this.data, auth: 'required', rootKey });
    return await work(server.url, server.rootUser);
  }

  /** Every file of the directory with what is in it. */
  contents(): Map<string, string> {
    return filesIn(this.data);
  }

  /** The root keys that something in the directory is wrapped with, by their ids. */
  wrappedBy(): Set<string> {
    const found = [...this.contents().values()].flatMap((text) => [
      ...text.matchAll(/r1\.([0-9a-f]{32})\./g),
    ]);
    return new Set(found.map(([, id]) => id!));
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }
}

/** A user's key, and a session of the root user. */
async function makeKeys(url: string, root: Key): Promise<Key[]> {
  using clients = new OfficialClients(url, root);
  await clients.iam.send(new CreateUserCommand({ UserName: 'anna' }));
  const { AccessKey } = await clients.iam.send(new CreateAccessKeyCommand({ UserName: 'anna' }));
  const { Credentials } = await clients.sts.send(new GetSessionTokenCommand({}));
  const anna = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  return [root, anna, keyOf(Credentials)];
}

async function arnsOf(url: string, keys: readonly Key[]): Promise<(string | undefined)[]> {
  const arns = [];
  for (const key of keys) {
    using clients = new OfficialClients(url, key);
    arns.push((await clients.sts.send(new GetCallerIdentityCommand({}))).Arn);
  }
  return arns;
}

const arns = ['root', 'user/anna', 'root'].map((name) => `arn:aws:iam::000000000000:${name}`);

test('a new root key before the old one takes over: keys and sessions stay good, and the old is of no use', async () => {
  using place = new Place();
  const keys = await place.served([older], (url, root) => makeKeys(url, root!));
  const before = place.wrappedBy();
  assert.equal(before.size, 1);
  await place.served([newer, older], async (url, root) => {
    assert.equal(root, undefined);
    assert.deepEqual(await arnsOf(url, keys), arns);
  });
  const after = place.wrappedBy();
  assert.equal(after.size, 1);
  assert.deepEqual(before.intersection(after), new Set());
  await place.served([newer], async (url) => assert.deepEqual(await arnsOf(url, keys), arns));
});

test('a root key that opens nothing is refused in a line, and so is a directory without its own; nothing changes', async () => {
  using place = new Place();
  await place.served([older], async () => {});
  const before = place.contents();
  await assert.rejects(
    place.served([foreign], async () => {}),
    {
      name: 'StartError',
      message:
        /^the root key does not open the secrets in \S+: no root key that is given has wrapped catalog-secret$/,
    },
  );
  assert.deepEqual(place.contents(), before);
  await assert.rejects(startTestServer({ data: place.data, auth: 'required' }), {
    name: 'StartError',
    message:
      /^the secrets in \S+ are wrapped with a root key, which is gone: bring back \S+\/root-key, or name it/,
  });
  assert.deepEqual(place.contents(), before);
});

test('a secret that lies in clear, as it did before there were root keys, is wrapped by the next start', async () => {
  using place = new Place();
  const secret = 'ab'.repeat(32);
  const options = { ...defaultOptions, data: place.data, logLevel: 'silent' } as const;
  {
    await using storage = await openStorage(options, nodeEnv(options));
    const { catalog } = await openControl(storage.control);
    await catalog.commit(() => [{ kind: 'secret-made', secret }]);
  }
  assert.match([...place.contents().values()].join(), new RegExp(secret));
  await place.served([older], async () => {});
  assert.doesNotMatch([...place.contents().values()].join(), new RegExp(secret));
});

test('the root user is made and shown once, on stdout alone, and its key outlives the server', async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, 'data');
  const args = [
    '--data',
    data,
    '--port',
    '0',
    '--auth',
    'required',
    '--workers',
    '0',
    '--log-level',
    'debug',
  ];
  const outputs: string[] = [];
  let key: Key | undefined;
  for (let start = 0; start < 2; start++) {
    await using server = new MillraceProcess(args);
    const url = await server.ready();
    key ??= shownKey(server);
    assert.deepEqual(await arnsOf(url, [key]), arns.slice(0, 1));
    server.kill('SIGTERM');
    const { stdout, stderr } = await server.ended;
    assert.equal(stdout.includes(key.secretAccessKey), start === 0);
    outputs.push(stderr);
  }
  const { secretAccessKey } = key!;
  for (const text of [...outputs, ...filesIn(data).values()]) assert.ok(!text.includes(secretAccessKey));
});

function shownKey(server: MillraceProcess): Key {
  const [, accessKeyId, secretAccessKey] = /aws_access_key_id = (\S+)\naws_secret_access_key = (\S+)\n/.exec(
    server.stdout,
  )!;
  return { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! };
}

/** What is in each file, by its path. */
function filesIn(directory: string): Map<string, string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.sort().map((path) => [path, readFileSync(path, 'latin1')]));
}
