import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canaries } from '../../harness/canaries.ts';
import { CommandServer } from './command-server.ts';
import { onKafka } from './extent.ts';
import { startGateways } from './gateways.ts';

const profiles = `
[app]
aws_access_key_id = MRAPP00000000000
aws_secret_access_key = ${canaries.secretAccessKey}
[impostor]
aws_access_key_id = MRAPP00000000000
aws_secret_access_key = another secret
`;

/**
 * `npm start` on a fresh directory, with one user, whose signatures are verified. On Kafka
 * (`npm run clients:kafka`) two of them, and each call comes to the other one.
 */
export type GuardedServer = AsyncDisposable & {
  readonly url: string;
  /** Those of single servers. */
  readonly urls: readonly string[];
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /**
   * The environment of a client program that has this server for AWS. Its profile `impostor` has a wrong
   * secret.
   */
  readonly environment: NodeJS.ProcessEnv;
  /** For files that go with the server. */
  readonly folder: string;
  /** kill -9; on Kafka of the server that does what one does for all. */
  readonly kill: () => Promise<void>;
  /** Afterwards: on the same port and the same data. Resolves when it listens. */
  readonly restart: () => Promise<void>;
};

/** `flags` are more of those on the command line. */
export async function startGuardedServer(...flags: readonly string[]): Promise<GuardedServer> {
  await using opened = new AsyncDisposableStack();
  const directory = mkdtempSync(join(tmpdir(), 'millrace-clients-'));
  opened.defer(() => rmSync(directory, { recursive: true }));
  const users = join(directory, 'users');
  writeFileSync(users, profiles.slice(0, profiles.indexOf('[impostor]')), { mode: 0o600 });
  const all = ['--credentials', users, '--transition-delay', '50', ...flags];
  const servers = onKafka
    ? opened.use(await startGateways(2, directory, all))
    : await alone(opened, ['--data', join(directory, 'data'), ...all]);
  const { url, urls } = servers;
  const everything = opened.move();
  return {
    ...{ url, urls, region },
    credentials: { accessKeyId: 'MRAPP00000000000', secretAccessKey: canaries.secretAccessKey },
    environment: environment(url, directory),
    folder: directory,
    kill: () => servers.kill(),
    restart: () => servers.restart(),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

async function alone(opened: AsyncDisposableStack, flags: readonly string[]) {
  const server = opened.use(await CommandServer.start(flags));
  const { url } = server;
  return { url, urls: [url], kill: () => server.kill(), restart: () => server.restart() };
}

const region = 'eu-central-1';

/** Nothing that this machine's own settings for AWS say gets through. */
function environment(url: string, directory: string): NodeJS.ProcessEnv {
  const secrets = join(directory, 'credentials');
  const config = join(directory, 'config');
  writeFileSync(secrets, profiles, { mode: 0o600 });
  // Version 2 of the command line wants data in base64 unless told otherwise, version 1 never does.
  writeFileSync(config, '[profile app]\ncli_binary_format = raw-in-base64-out\n');
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(others),
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_PROFILE: 'app',
    AWS_SHARED_CREDENTIALS_FILE: secrets,
    AWS_CONFIG_FILE: config,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    NO_PROXY: '127.0.0.1',
  };
}
