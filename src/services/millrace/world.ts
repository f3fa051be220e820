import type { Caller } from '../../access/caller.ts';
import type { ResourceFacts } from '../../access/policy/access.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock } from '../../env/clock.ts';
import type { Logger } from '../../env/logger.ts';
import type { Random } from '../../env/random.ts';
import type { Stream } from '../../kinesis/stream.ts';
import type { Records } from '../../log/log.ts';
import type { Subscriptions } from '../../stream/subscriptions.ts';
import type { Tokens } from '../../stream/token.ts';
import type { Viewer } from '../../views/viewer/viewer.ts';
import type { SightsWorld } from './sights-world.ts';

/** What the operations of Millrace's own work with. */
export type MillraceWorld = {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly catalog: Catalog;
  /** The engine, with its records in the clear. */
  readonly log: Records;
  /** Seals the positions of a tail, and page tokens. */
  readonly tokens: Tokens;
  /** Whether AWS's limits apply to streams that have none of their own. */
  readonly limited: boolean;
  /** Counts tails, and ends them with the server. */
  readonly subscriptions: Pick<Subscriptions, 'beginTail'>;
  readonly keyUse: {
    /** Throws an exception of KMS when a caller may not have decrypted what is stored under these keys. */
    requireToRead(caller: Caller, stream: Stream, keyArns: readonly string[]): void;
    /** Rejects so for what is put into a stream now. */
    requireToReadNew(caller: Caller, stream: Stream): Promise<void>;
  };
  /** Computes what people type. */
  readonly viewer: () => Promise<Viewer>;
  /** What policies may ask about a stream, by its ARN, for an action of Kinesis or of ours. */
  readonly factsOfStream: (arn: string, action: string) => ResourceFacts | undefined;
  /** Put together when somebody looks first, in the owner: operations that look run nowhere else. */
  readonly sights: () => Promise<SightsWorld>;
};
