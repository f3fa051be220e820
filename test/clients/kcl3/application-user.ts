import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { applicationPolicy } from '../../docs/application-policy.ts';
import type { GuardedServer } from '../guarded-server.ts';

const root = new URL('../../../', import.meta.url);

/** The environment of a user who may do what docs/applications.md says that an application needs, no more. */
export async function applicationUser(server: GuardedServer): Promise<NodeJS.ProcessEnv> {
  const { url: endpoint, region, credentials } = server;
  const iam = new IAMClient({ endpoint, region, credentials });
  const UserName = 'billing';
  const PolicyDocument = JSON.stringify(
    applicationPolicy(readFileSync(new URL('docs/applications.md', root), 'utf8')),
  );
  await iam.send(new CreateUserCommand({ UserName }));
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  iam.destroy();
  return {
    AWS_PROFILE: undefined,
    AWS_ACCESS_KEY_ID: AccessKey!.AccessKeyId!,
    AWS_SECRET_ACCESS_KEY: AccessKey!.SecretAccessKey!,
  };
}

/** What the server's audit log has of calls that were denied. */
export function denialsIn({ folder }: GuardedServer): string[] {
  const lines = globSync(`${folder}/data*/audit/*.jsonl`).flatMap((path) =>
    readFileSync(path, 'utf8').split('\n'),
  );
  return lines.filter((line) => line.includes('"AccessDenied'));
}

/** Makes the leases of an application as its operator does. */
export async function prepareLeases(
  { environment }: GuardedServer,
  stream: string,
  application: string,
): Promise<void> {
  const script = fileURLToPath(new URL('examples/move-leases/prepare_leases.py', root));
  await promisify(execFile)('python3', [script, stream, application], { env: environment });
}
