import type {
  EncryptionContext,
  GeneratedKey,
  KeyFacts,
  KeyScope,
  KeyService,
} from '../access/keys/key-service.ts';
import type { RecordsClient } from './records-client.ts';

/** What a worker asks the owner about keys. The bytes of a wrapped key come with the question. */
export type KeyRequests = {
  readonly 'describe-key': readonly [{ readonly named: string; readonly scope: KeyScope }, KeyFacts];
  /** The answer's bytes are the data key of 32 bytes, and then the wrapped one. */
  readonly 'generate-data-key': readonly [
    { readonly arn: string; readonly context: EncryptionContext },
    { readonly arn: string },
  ];
  /** The answer's bytes are the data key. */
  readonly 'decrypt-data-key': readonly [{ readonly context: EncryptionContext }, { readonly arn: string }];
};

/** A key service that the owner alone talks to: one client and one set of credentials for all threads. */
export class OwnerKeys implements KeyService {
  readonly #owner: Pick<RecordsClient, 'ask'>;

  constructor(owner: Pick<RecordsClient, 'ask'>) {
    this.#owner = owner;
  }

  async describe(named: string, { account, region }: KeyScope): Promise<KeyFacts> {
    return (await this.#owner.ask('describe-key', { named, scope: { account, region } })).body;
  }

  async generateDataKey(arn: string, context: EncryptionContext): Promise<GeneratedKey> {
    const { body, bytes } = await this.#owner.ask('generate-data-key', { arn, context });
    // Copies: the message's memory holds more than this.
    const secret = Buffer.from(bytes!.subarray(0, secretBytes));
    return { arn: body.arn, secret, wrapped: Buffer.from(bytes!.subarray(secretBytes)) };
  }

  async decrypt(wrapped: Buffer, context: EncryptionContext): Promise<{ arn: string; secret: Buffer }> {
    const { body, bytes } = await this.#owner.ask('decrypt-data-key', { context }, wrapped);
    return { arn: body.arn, secret: Buffer.from(bytes!) };
  }
}

type Answered<Body> = readonly [answer: Body, bytes?: Uint8Array];

/** The owner's answers to these questions. */
export function keyAnswers(service: KeyService): {
  readonly [Subject in keyof KeyRequests]: (
    body: KeyRequests[Subject][0],
    bytes: Buffer,
  ) => Promise<Answered<KeyRequests[Subject][1]>>;
} {
  return {
    'describe-key': async ({ named, scope }) => [await service.describe(named, scope)],
    async 'generate-data-key'({ arn, context }) {
      const made = await service.generateDataKey(arn, context);
      return [{ arn: made.arn }, Buffer.concat([made.secret, made.wrapped])];
    },
    async 'decrypt-data-key'({ context }, bytes) {
      const { arn, secret } = await service.decrypt(Buffer.from(bytes), context);
      return [{ arn }, secret];
    },
  };
}

/** AES-256. */
const secretBytes = 32;
