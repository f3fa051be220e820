import type { Caller } from '../../../src/access/caller.ts';
import { keysTick } from '../../../src/access/keys/upkeep.ts';
import type { Access, Authorizer } from '../../../src/access/policy/access.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import type { Handler } from '../../../src/env/network.ts';
import { kms } from '../../../src/services/kms/kms.ts';
import { type Background, runInBackground } from '../../../src/stream/background.ts';
import { aCaller } from '../../access/a-caller.ts';
import { KmsKeys } from '../../access/keys/kms-keys.ts';
import { dispatchOf, requestOf } from '../../rpc/toy.ts';

type Members = Readonly<Record<string, unknown>>;

/** The service on its own, for callers who need no signature, with an authorizer that a test gives. */
export class KmsCalls implements AsyncDisposable {
  /** What permissions were asked for since the last call. */
  asked: Access[] = [];
  caller: Caller = aCaller('alice', '000000000000', 'eu-central-1');
  readonly keys: KmsKeys;
  readonly #handle: Handler;
  readonly #background: Background;

  private constructor(keys: KmsKeys, authorizer: Authorizer) {
    this.keys = keys;
    const asking: Authorizer = {
      authorize: (access) => {
        this.asked.push(access);
        authorizer.authorize(access);
      },
      needsFacts: () => true,
    };
    this.#background = runInBackground([keysTick(keys)], keys.clock, silentLogger);
    const { clock, random, cipher } = keys;
    const service = kms({ clock, random, cipher, keys: keys.keys, background: this.#background, authorizer });
    const world = { clock, random, authorizer: asking };
    this.#handle = dispatchOf([{ service }], world, () => this.caller).handle;
  }

  static async start(authorizer: Authorizer = permissive): Promise<KmsCalls> {
    return new KmsCalls(await KmsKeys.open(), authorizer);
  }

  /** `ok`, or the name and the message of an error. */
  async outcome(operation: string, input: object): Promise<string> {
    const { status, body } = await this.#post(operation, input);
    return status === 200 ? 'ok' : `${body['__type']}: ${body['message'] ?? ''}`;
  }

  /** The answer to a call that must succeed. */
  async call(operation: string, input: object): Promise<Members> {
    const { status, body } = await this.#post(operation, input);
    if (status !== 200) throw new Error(`${operation} answered ${status} ${JSON.stringify(body)}`);
    return body;
  }

  async createKey(input: object = {}): Promise<{ id: string; arn: string }> {
    const { KeyMetadata } = await this.call('CreateKey', input);
    const { KeyId, Arn } = KeyMetadata as { KeyId: string; Arn: string };
    return { id: KeyId, arn: Arn };
  }

  async #post(operation: string, input: object): Promise<{ status: number; body: Members }> {
    this.asked = [];
    const { status, body } = await this.#handle(
      requestOf(`TrentService.${operation}`, JSON.stringify(input)),
    );
    const text = Array.isArray(body) ? Buffer.concat(body) : body;
    return { status, body: String(text) === '' ? {} : (JSON.parse(String(text)) as Members) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#background.stop();
  }
}

const permissive: Authorizer = { authorize: () => {}, needsFacts: () => true };
