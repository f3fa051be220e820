import { type ApiRequest, inTurn, type RequestValue, type Step } from '../../code/request.ts';

/** What the dialog for a new stream asks for. */
export type NewStream = {
  readonly name: string;
  readonly mode: 'PROVISIONED' | 'ON_DEMAND';
  /** Of a provisioned stream; an on-demand one begins with four. */
  readonly shards: number;
  readonly retentionHours: number;
  /** Empty for none. */
  readonly keyId: string;
  readonly tags: Readonly<Record<string, string>>;
};

/** What AWS gives to a new stream. */
export const suggestedStream: NewStream = {
  ...{ name: '', mode: 'PROVISIONED', shards: 1, retentionHours: 24, keyId: '', tags: {} },
};

/** The calls that make it, in their order. */
export function createSteps(stream: NewStream): Step[] {
  const call = (operation: string, input: Readonly<Record<string, RequestValue>>): ApiRequest => ({
    service: 'kinesis',
    operation,
    input: { StreamName: stream.name, ...input },
  });
  return inTurn(stream.name, [
    call('CreateStream', {
      ...(stream.mode === 'PROVISIONED' ? { ShardCount: stream.shards } : {}),
      StreamModeDetails: { StreamMode: stream.mode },
      ...(Object.keys(stream.tags).length === 0 ? {} : { Tags: stream.tags }),
    }),
    ...(stream.retentionHours === suggestedStream.retentionHours
      ? []
      : [call('IncreaseStreamRetentionPeriod', { RetentionPeriodHours: stream.retentionHours })]),
    ...(stream.keyId === ''
      ? []
      : [call('StartStreamEncryption', { EncryptionType: 'KMS', KeyId: stream.keyId })]),
  ]);
}

/** What is wrong with a name, before a server is asked. */
export function nameTrouble(
  name: string,
  taken: (name: string) => boolean,
): 'empty' | 'form' | 'taken' | undefined {
  if (name === '') return 'empty';
  if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(name)) return 'form';
  return taken(name) ? 'taken' : undefined;
}
