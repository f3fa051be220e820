import { basename } from 'node:path';
import { StartError } from '../../env/start-error.ts';
import { IamError } from './iam-client.ts';
import type { PolicyChange, UserAction, UserRequest } from './user-request.ts';
import { keyText, policiesText, usersText } from './user-text.ts';
import { type ListedKey, type NamedPolicy, type NewKey, rootName, type Users } from './users.ts';

/** What carrying out a request needs. */
export type UserWorld = {
  readonly users: Users;
  readonly readFile: (path: string) => Promise<string>;
  /** Told as soon as it is known: a secret is not lost when something fails after it. */
  readonly say: (text: string) => void;
};

/** Carries out a request about users. Rejects with `IamError` when it is refused. */
export async function runUser(request: UserRequest, world: UserWorld): Promise<void> {
  const { say } = world;
  const answer = await carryOut(request, world, (key) => say(request.json ? jsonText(key) : keyText(key)));
  if (answer !== undefined) say(request.json ? jsonText(answer.value) : answer.text);
}

type Answer = { readonly value: unknown; readonly text: string };

async function carryOut(
  action: UserAction,
  world: UserWorld,
  show: (key: NewKey) => void,
): Promise<Answer | undefined> {
  const { users } = world;
  switch (action.kind) {
    case 'create': {
      const { name, groups, policyArns, policyFile } = action;
      const policy = policyFile === undefined ? undefined : await policyIn(policyFile, world);
      show(await users.create({ name, groups, policyArns, policy }));
      return undefined;
    }
    case 'create-root':
      requireRoom(rootName, await users.keys());
      show(await users.createKey());
      return undefined;
    case 'list': {
      const listed = [...(action.asRoot ? await users.root() : []), ...(await users.list())];
      return { value: listed, text: usersText(listed) };
    }
    case 'rotate':
      await rotate(action, users, show);
      return undefined;
    case 'revoke':
      return await revoke(action, users);
    case 'policy':
      return await changePolicy(action.name, action.change, world);
  }
}

/** The old key goes last: whatever fails before, the user has one that works. */
async function rotate(
  { name, keepsOld }: UserAction & { kind: 'rotate' },
  users: Users,
  show: (key: NewKey) => void,
): Promise<void> {
  const old = await users.keys(name);
  requireRoom(name, old);
  show(await users.createKey(name));
  if (keepsOld) return;
  for (const { accessKeyId } of old) await users.deleteKey(name, accessKeyId);
}

/** IAM says how many keys there may be, and not which there are. */
function requireRoom(name: string, keys: readonly ListedKey[]): void {
  if (keys.length < keysMax) return;
  const ids = keys.map(({ accessKeyId }) => accessKeyId).join(' and ');
  const message = `${name} has as many access keys as a user may have, ${ids}: revoke one with --key`;
  throw new IamError('LimitExceeded', message);
}

/** Access keys of a user (IAM user guide, "IAM and AWS STS quotas"). */
const keysMax = 2;

async function revoke(
  { name, accessKeyId, how }: UserAction & { kind: 'revoke' },
  users: Users,
): Promise<Answer> {
  if (how === 'delete-user') {
    await users.delete(name!);
    return { value: { deleted: name }, text: `${name} is deleted.\n` };
  }
  const all = accessKeyId === undefined ? await users.keys(name) : [{ accessKeyId }];
  const ids = all.map((key) => key.accessKeyId);
  for (const id of ids) {
    await (how === 'deactivate-keys' ? users.deactivateKey(name, id) : users.deleteKey(name, id));
  }
  const done = how === 'deactivate-keys' ? 'deactivated' : 'deleted';
  const text =
    ids.length === 0
      ? `${name ?? rootName} has no access keys.\n`
      : ids.map((id) => `${id} is ${done}.\n`).join('');
  return { value: { [done]: ids }, text };
}

async function changePolicy(name: string, change: PolicyChange, world: UserWorld): Promise<Answer> {
  const { users } = world;
  switch (change.kind) {
    case 'put':
      await users.putPolicy(name, await policyIn(change.file, world, change.policyName));
      break;
    case 'remove':
      await users.removePolicy(name, change.policyName);
      break;
    case 'attach':
      await users.attachPolicy(name, change.arn);
      break;
    case 'detach':
      await users.detachPolicy(name, change.arn);
      break;
    case 'list':
  }
  const policies = await users.policies(name);
  return { value: policies, text: policiesText(name, policies) };
}

/** Named as the file is, unless it is named otherwise. */
async function policyIn(path: string, { readFile }: UserWorld, name?: string): Promise<NamedPolicy> {
  try {
    return { name: name ?? basename(path).replace(/\.json$/, ''), document: await readFile(path) };
  } catch (error) {
    throw new StartError(`cannot read the policy in ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
