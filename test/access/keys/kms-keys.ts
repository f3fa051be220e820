import { KeyCipher } from '../../../src/access/keys/key-cipher.ts';
import { type FollowedKeys, openKeys } from '../../../src/access/keys/keys.ts';
import { newKey } from '../../../src/access/keys/new-key.ts';
import { rootKeyOf } from '../../../src/access/keys/root-key.ts';
import type { KmsKey } from '../../../src/access/keys/state.ts';
import type { Engine } from '../../../src/log/log.ts';
import { journalsUnderTest } from '../../log/log-under-test.ts';
import { TestRandom } from '../../log/world.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';

export const scope = { account: '111111111111', region: 'eu-central-1' };

/** Keys in a journal in memory, under one root key. */
export class KmsKeys {
  readonly clock: ManualClock;
  readonly random = new TestRandom(7);
  readonly rootSecret = this.random.bytes(32);
  readonly root = rootKeyOf([this.rootSecret], this.random);
  readonly cipher = new KeyCipher(this.root, this.random);
  readonly log: Engine;
  readonly keys: FollowedKeys;

  private constructor(log: Engine, keys: FollowedKeys, clock: ManualClock) {
    this.clock = clock;
    this.log = log;
    this.keys = keys;
  }

  static async open(): Promise<KmsKeys> {
    const clock = new ManualClock();
    const log = journalsUnderTest(clock);
    return new KmsKeys(log, await openKeys(log), clock);
  }

  /** A key that is in the state. */
  async createKey(settings: Partial<KmsKey> = {}): Promise<KmsKey> {
    const key = { ...newKey(this, scope, { description: '', policy: '{}', tags: [] }), ...settings };
    await this.keys.commit(() => [{ kind: 'key-created', key }]);
    return key;
  }

  /** The key as it is now. */
  now({ id }: KmsKey): KmsKey {
    return this.keys.state.keys.get(id)!;
  }
}
