import type { Protocol } from '../wire/protocol.ts';
import type { Operation } from './operation.ts';

/** A service of AWS's that is served here. */
export type Service<World = unknown> = {
  /** As IAM's actions begin: `kinesis`. */
  readonly name: string;
  /** The services that a signature may be scoped to. */
  readonly scopes: readonly string[];
  /** In the order in which a request is compared with them. */
  readonly protocols: readonly Protocol[];
  readonly operations: ReadonlyMap<string, Operation<World>>;
  /** Operations that AWS has and that are not served yet: a call of one is told so. */
  readonly unserved: ReadonlySet<string>;
  /** How much a body may hold that comes in gzip; undefined where none may. */
  readonly inflatedBytesMax?: number;
  /** What the operations work with. */
  readonly world: World;
};
