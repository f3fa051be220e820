import { KinesisError } from '../kinesis/error.ts';
import { required, string, structure, type TypeOf } from '../wire/shape.ts';
import type { Caller } from './operation.ts';
import type { Service } from './service.ts';
import { beginSettings, countSuccess } from './settings-change.ts';
import { encryptionType, target } from './shapes.ts';
import { addressOf, requireActive, requireStreamAt } from './target.ts';

const members = {
  ...target,
  EncryptionType: required(encryptionType),
  KeyId: required(string({ min: 1, max: 2048 })),
};
export const startEncryptionInput = structure('StartStreamEncryptionInput', members);
export const stopEncryptionInput = structure('StopStreamEncryptionInput', members);

/** Sets the key that new records are encrypted with, or none; the stream is UPDATING for a while. */
export async function changeEncryption(
  { catalog, clock, background, limited }: Service,
  request: TypeOf<typeof startEncryptionInput>,
  caller: Caller,
  encryptionKey: string | null,
): Promise<void> {
  const address = addressOf(request, caller);
  await catalog.commit((state) => {
    const stream = requireStreamAt(state, address);
    if (request.EncryptionType === 'NONE') {
      throw new KinesisError('InvalidArgumentException', 'Encryption type cannot be NONE.');
    }
    requireActive(stream);
    const recent = countSuccess(stream, 'StreamEncryption', clock.now(), limited);
    return [beginSettings(stream, { encryptionKey, recent }, clock.now())];
  });
  background.nudge();
}
