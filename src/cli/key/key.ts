import { timeText } from '../answer-text.ts';
import { type AwsCalls, callsAt } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { table } from '../table.ts';
import type { KeyAction, KeyOptions } from './key-command.ts';

/** Carries out what is asked about keys; answers the exit code. Rejects as calls do. */
export async function runKey(action: KeyAction, options: KeyOptions, world: CommandWorld): Promise<number> {
  const calls = await callsAt(options, world, 'kms');
  const { out } = world;
  const asJson = options.json ?? !out.isTerminal;
  if (action.kind === 'list') {
    const keys = await allKeys(calls);
    await out.write(asJson ? jsonText(keys) : keysText(keys, world));
    return 0;
  }
  const key = await act(calls, action);
  const [described] = [await describedKey(calls, key)];
  await out.write(asJson ? jsonText(described) : `${described.KeyId} is ${described.KeyState}.\n`);
  return 0;
}

const jsonText = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

/** Does it, and answers the key that it was done to. */
async function act(calls: AwsCalls, action: Exclude<KeyAction, { kind: 'list' }>): Promise<string> {
  if (action.kind === 'create') {
    const { description, alias } = action;
    const input = description === undefined ? {} : { Description: description };
    const { KeyMetadata: made } = await calls.kms<{ readonly KeyMetadata: Key }>('CreateKey', input);
    if (alias !== undefined) await calls.kms('CreateAlias', { AliasName: alias, TargetKeyId: made.KeyId });
    return made.KeyId;
  }
  const { KeyId: id } = await describedKey(calls, action.key);
  switch (action.kind) {
    case 'rotate':
      await calls.kms('RotateKeyOnDemand', { KeyId: id });
      break;
    case 'enable':
      await calls.kms('EnableKey', { KeyId: id });
      break;
    case 'disable':
      await calls.kms('DisableKey', { KeyId: id });
      break;
    case 'keep':
      await calls.kms('CancelKeyDeletion', { KeyId: id });
      break;
    case 'alias':
      await calls.kms('CreateAlias', { AliasName: action.alias, TargetKeyId: id });
      break;
    case 'delete':
      await calls.kms('ScheduleKeyDeletion', { KeyId: id, PendingWindowInDays: action.days });
      break;
  }
  return id;
}

type Key = {
  readonly KeyId: string;
  readonly Arn: string;
  readonly KeyState: string;
  readonly KeyManager?: string;
  readonly CreationDate?: number;
  readonly Description?: string;
};

type ListedKey = Key & { readonly Aliases: readonly string[] };

async function describedKey(calls: AwsCalls, key: string): Promise<Key> {
  return (await calls.kms<{ readonly KeyMetadata: Key }>('DescribeKey', { KeyId: key })).KeyMetadata;
}

async function allKeys(calls: AwsCalls): Promise<ListedKey[]> {
  type Alias = { readonly AliasName: string; readonly TargetKeyId?: string };
  const aliases = await pages<Alias>(calls, 'ListAliases', 'Aliases');
  const keys = await pages<{ readonly KeyId: string }>(calls, 'ListKeys', 'Keys');
  const listed: ListedKey[] = [];
  for (const { KeyId: id } of keys) {
    const of = aliases.filter(({ TargetKeyId: target }) => target === id);
    listed.push({ ...(await describedKey(calls, id)), Aliases: of.map(({ AliasName: name }) => name) });
  }
  return listed;
}

async function pages<Item>(calls: AwsCalls, operation: string, name: string): Promise<Item[]> {
  const items: Item[] = [];
  let marker: unknown;
  do {
    const input = marker === undefined ? {} : { Marker: marker };
    const page = await calls.kms<Readonly<Record<string, unknown>>>(operation, input);
    items.push(...(page[name] as Item[]));
    marker = page['Truncated'] === true ? page['NextMarker'] : undefined;
  } while (marker !== undefined);
  return items;
}

function keysText(keys: readonly ListedKey[], { out }: CommandWorld): string {
  if (keys.length === 0) return 'There are no keys. Make one with: millrace key create\n';
  const columns = ['KEY', 'ALIASES', 'STATE', 'MADE', 'FOR'].map((head) => ({ head }));
  const rows = keys.map((key) => [
    key.KeyId,
    key.Aliases.join(', ') || '-',
    { text: key.KeyState, style: key.KeyState === 'Enabled' ? ('green' as const) : ('yellow' as const) },
    key.CreationDate === undefined ? '-' : timeText(key.CreationDate),
    key.Description || '-',
  ]);
  return table(columns, rows, out);
}
