import { ownAlias } from './keys.ts';
import type { EncryptionModel } from './model.ts';
import { set } from './settings.ts';
import { complain, repeat, type Work } from './workload.ts';

type Metadata = { readonly KeyMetadata: { readonly KeyId: string; readonly KeyState: string } };

/**
 * A client of the KMS that makes a key, and disables, enables and rotates it. `keys` is what all clients know
 * of it.
 */
export function runCustodian(work: Work, keys: EncryptionModel): Promise<void> {
  let known: string | undefined;
  return repeat(work, 700, async () => {
    const id = work.random.chance(0.8) && known !== undefined ? known : await describeKey(work, keys);
    known ??= id;
    if (id === undefined) await makeKey(work);
    else if (work.random.chance(0.3)) await rotate(work, id);
    else await (isEnabled(keys) && work.random.chance(0.6) ? disable : enable)(work, keys, id);
  });
}

/** Asks for the key until it is enabled: nothing keeps it from being so. Answers whether it is. */
export async function enableInTheEnd(work: Work, keys: EncryptionModel): Promise<boolean> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const id = await describeKey(work, keys);
    if (id === undefined && !keys.isOwnKeyMade) return true;
    if (id !== undefined && (await enable(work, keys, id))) return true;
    await work.world.scheduler.sleep(1_000);
  }
  return false;
}

function isEnabled({ ownKey }: EncryptionModel): boolean {
  return ownKey.writes.at(-1)!.value === 'Enabled';
}

async function disable(work: Work, { ownKey }: EncryptionModel, KeyId: string): Promise<boolean> {
  return (await set(work, ownKey, 'Disabled', 'DisableKey', { KeyId })).kind === 'output';
}

async function enable(work: Work, { ownKey }: EncryptionModel, KeyId: string): Promise<boolean> {
  return (await set(work, ownKey, 'Enabled', 'EnableKey', { KeyId })).kind === 'output';
}

async function rotate(work: Work, KeyId: string): Promise<void> {
  complain(work, await work.client.call('RotateKeyOnDemand', { KeyId }), ['DisabledException']);
}

/** Gives the alias to a new key. An earlier request whose answer was lost may have done it. */
async function makeKey(work: Work): Promise<void> {
  const made = await work.client.call<Metadata>('CreateKey', {});
  complain(work, made);
  if (made.kind !== 'output') return;
  const input = { AliasName: ownAlias, TargetKeyId: made.output.KeyMetadata.KeyId };
  complain(work, await work.client.call('CreateAlias', input), ['AlreadyExistsException']);
}

/** The key's id, with a note of its state; undefined when it is not told. */
async function describeKey(work: Work, keys: EncryptionModel): Promise<string | undefined> {
  const sent = work.model.moment();
  const answer = await work.client.call<Metadata>('DescribeKey', { KeyId: ownAlias });
  complain(work, answer, keys.isOwnKeyMade ? [] : ['NotFoundException']);
  if (answer.kind !== 'output') return undefined;
  const { KeyId, KeyState } = answer.output.KeyMetadata;
  keys.isOwnKeyMade = true;
  keys.ownKey.reads.push({ value: KeyState, sent });
  return KeyId;
}
