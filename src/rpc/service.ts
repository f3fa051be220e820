import type { ResourceFacts } from '../access/policy/access.ts';
import type { Protocol } from '../wire/protocol.ts';
import type { Operation } from './operation.ts';

/** One of AWS's services, as it is served here. */
export type Service<World = unknown> = {
  /** As IAM's actions begin: `kinesis`. */
  readonly name: string;
  /** The services that a signature may be scoped to. */
  readonly scopes: readonly string[];
  /** In the order in which a request is compared with them. */
  readonly protocols: readonly Protocol[];
  readonly operations: ReadonlyMap<string, Operation<World>>;
  /** AWS's operations that are not served yet: calls of them are told so. */
  readonly unserved: ReadonlySet<string>;
  /**
   * Loads its operations, in a service that has none before; undefined once they are there, and absent where
   * they always are.
   */
  later?(): Promise<void> | undefined;
  /** The most bytes that a body in gzip may hold; undefined where none may be in gzip. */
  readonly inflatedBytesMax?: number;
  /**
   * What policies may ask about the resource that an ARN names, for an action as IAM names it: a resource's
   * policy may count for some actions only. Absent where resources have neither policies nor tags.
   */
  factsOf?(world: World, resource: string, action: string): ResourceFacts | undefined;
  /** What the operations work with. */
  readonly world: World;
};
