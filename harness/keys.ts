import type { EncryptionModel, Model, Moment, Setting, StreamModel } from './model.ts';
import { possibleValues } from './model.ts';
import { set } from './settings.ts';
import type { Work } from './workload.ts';

/** The key that a client disables, enables and rotates, by its alias. */
export const ownAlias = 'alias/worlds';
/** Kinesis's own, which is always of use. */
export const kinesisAlias = 'alias/aws/kinesis';

/** Lets clients change the encryption of streams, which begin with a key, or none, or always have one. */
export function newEncryption(model: Model, first = 'NONE', isAlways = false): EncryptionModel {
  const writes: Setting['writes'] = [{ value: 'Enabled', sent: 0, outcome: 'done' }];
  model.encryption = { first, isAlways, ownKey: { name: 'state', writes, reads: [] }, isOwnKeyMade: false };
  return model.encryption;
}

/** The key of a stream as it was named, or NONE. */
export function encryption({ encryption }: Model, stream: StreamModel): Setting {
  return stream.setting('encryption', encryption?.first ?? 'NONE');
}

/** Has new records of a stream encrypted, with another key, or not any more. */
export async function changeEncryption(work: Work, stream: StreamModel): Promise<void> {
  const keys = work.model.encryption?.isOwnKeyMade ? [kinesisAlias, ownAlias, ownAlias] : [kinesisAlias];
  const value = work.random.pick(work.model.encryption?.isAlways ? keys : [...keys, 'NONE']);
  const sent = work.model.moment();
  const KeyId = value === 'NONE' ? kinesisAlias : value;
  const input = { StreamName: stream.name, EncryptionType: 'KMS', KeyId };
  const operation = value === 'NONE' ? 'StopStreamEncryption' : 'StartStreamEncryption';
  await set(work, encryption(work.model, stream), value, operation, input, () =>
    mayBeDisabled(work.model, sent) ? [disabled] : [],
  );
}

const disabled = 'KMSDisabledException';

/** What a request that was sent at a moment may be told of the stream's keys by now. */
export function keyTroubles(model: Model, stream: StreamModel, sent: Moment): readonly string[] {
  if (model.encryption === undefined || !mayBeDisabled(model, sent)) return [];
  const { writes } = encryption(model, stream);
  const wasUsed = writes.some(({ value, outcome }) => value === ownAlias && outcome !== 'refused');
  return wasUsed ? [disabled] : [];
}

/** Whether the key may have been disabled at some time since a moment. */
function mayBeDisabled({ encryption }: Model, sent: Moment): boolean {
  if (encryption === undefined) return false;
  const { ownKey } = encryption;
  const since = ownKey.writes.filter((write) => write.sent >= sent && write.outcome !== 'refused');
  return [...possibleValues(ownKey, sent), ...since.map(({ value }) => value)].includes('Disabled');
}

/** What was certain of the keys when a request was sent. */
export type KeyCertainty = {
  /** New records of the stream are encrypted with the key that a client disables. */
  readonly isUsed: boolean;
  readonly isDisabled: boolean;
  /** How often anything of it was changed, which nobody may do meanwhile. */
  readonly changes: number;
};

/** Undefined where nothing is known for certain. */
export function keyCertainty(model: Model, stream: StreamModel): KeyCertainty | undefined {
  if (model.encryption === undefined) return undefined;
  const used = encryption(model, stream);
  const { ownKey } = model.encryption;
  const isSeen = (used.reads.at(-1)?.sent ?? 0) > used.writes.at(-1)!.sent;
  return {
    isUsed: isSeen && isOnly(used, ownAlias, model),
    isDisabled: isOnly(ownKey, 'Disabled', model),
    changes: used.writes.length + ownKey.writes.length,
  };
}

/** The same, where it was so from then until now. */
export function stillCertain(
  model: Model,
  stream: StreamModel,
  before: KeyCertainty | undefined,
): KeyCertainty | undefined {
  return before?.changes === keyCertainty(model, stream)?.changes ? before : undefined;
}

/** Every change that was ever sent is over by now, everywhere, and this is what they have come to. */
function isOnly(setting: Setting, value: string, model: Model): boolean {
  const isKnown = setting.writes.every(({ sent, answered = sent }) =>
    model.isKnownToAll(answered, model.now),
  );
  return isKnown && possibleValues(setting, model.now + 1).every((possible) => possible === value);
}
