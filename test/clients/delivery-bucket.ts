import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { GuardedServer } from './guarded-server.ts';

/** The flag that makes a folder a store with one bucket, `lake`. */
export function bucketIn(folder: string): readonly [flag: string, url: string] {
  mkdirSync(join(folder, 'lake'), { recursive: true });
  return ['--s3', String(pathToFileURL(folder))];
}

/** The ARN of a role that Firehose may take on. */
export async function deliveryRole({ url, region, credentials }: GuardedServer): Promise<string> {
  const iam = new IAMClient({ endpoint: url, region, credentials });
  const statement = {
    ...{ Effect: 'Allow', Action: 'sts:AssumeRole' },
    Principal: { Service: 'firehose.amazonaws.com' },
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'delivery', AssumeRolePolicyDocument }));
  iam.destroy();
  return Role!.Arn!;
}

/** The lines of all objects of the bucket, which are text. */
export function linesIn(folder: string): string[] {
  return globSync('lake/**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').split('\n'))
    .filter((line) => line !== '');
}

/** Resolves once a condition holds. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 3000; tries++) {
    if (await holds()) return;
    await sleep(200);
  }
  throw new Error(`${what}: it took too long`);
}
