import type { Answer } from '../harness/answer.ts';
import type { ShardView, Status } from '../harness/model.ts';

type Input = {
  readonly StreamName?: string;
  readonly ShardToSplit?: string;
  readonly ShardToMerge?: string;
  readonly AdjacentShardToMerge?: string;
  readonly TargetShardCount?: number;
};

/** What was promised about the stream of one name. */
type Promised = {
  /** Undefined while a request under way, or one without an answer, may have changed it. */
  exists: boolean | undefined;
  /** Shards that were split or merged. */
  readonly closed: Set<string>;
  /** How many shards are open, when scaling was the last that was asked for. */
  openCount: number | undefined;
};

/** What the control plane acknowledged: kept outside of the server, compared with it after every recovery. */
export class Promises {
  readonly #streams = new Map<string, Promised>();

  /** Notes that something is asked for: until the answer, nothing that it touches is certain. */
  sent(operation: string, input: Input): void {
    const stream = this.#of(input);
    if (operation === 'CreateStream' && stream.exists === false) stream.exists = undefined;
    if (operation === 'DeleteStream') stream.exists = undefined;
    if (reshards.has(operation)) stream.openCount = undefined;
  }

  answered(operation: string, input: Input, answer: Answer<unknown>): void {
    if (answer.kind !== 'output') return;
    const stream = this.#of(input);
    if (operation === 'CreateStream') {
      this.#streams.set(input.StreamName!, { exists: true, closed: new Set(), openCount: undefined });
    }
    if (operation === 'DeleteStream') stream.exists = false;
    for (const shard of [input.ShardToSplit, input.ShardToMerge, input.AdjacentShardToMerge]) {
      if (reshards.has(operation) && shard !== undefined) stream.closed.add(shard);
    }
    if (operation === 'UpdateShardCount') stream.openCount = input.TargetShardCount;
  }

  /** Streams of which something was promised. */
  get names(): string[] {
    return [...this.#streams.keys()];
  }

  /** Compares a stream's state after a recovery. */
  *checkStatus(name: string, status: Status): Generator<string> {
    const exists = this.#streams.get(name)?.exists;
    if (exists === true && status === 'GONE') yield `undone: the creation of ${name} was acknowledged`;
    if (exists === false && status !== 'GONE' && status !== 'DELETING') {
      yield `undone: the deletion of ${name} was acknowledged, and it is ${status}`;
    }
  }

  /** Compares the shards of a stream that is ACTIVE. */
  *checkShards(name: string, shards: readonly ShardView[]): Generator<string> {
    const promised = this.#streams.get(name);
    if (promised?.exists !== true) return;
    const open = shards.filter(({ ending }) => ending === undefined);
    for (const { id } of open) {
      if (promised.closed.has(id))
        yield `undone: a split or merge of ${id} of ${name} was acknowledged, and it is open`;
    }
    const { openCount } = promised;
    if (openCount !== undefined && openCount !== open.length) {
      yield `undone: ${name} was to have ${openCount} shards and has ${open.length}`;
    }
  }

  #of({ StreamName: name = '' }: Input): Promised {
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    const fresh: Promised = { exists: undefined, closed: new Set(), openCount: undefined };
    if (name !== '') this.#streams.set(name, fresh);
    return fresh;
  }
}

const reshards = new Set(['SplitShard', 'MergeShards', 'UpdateShardCount', 'UpdateStreamMode']);
