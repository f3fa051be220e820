import { apply } from '../../catalog/apply.ts';
import { decodeEdit, type Edit } from '../../catalog/edit.ts';
import { type CatalogState, emptyState } from '../../catalog/state.ts';
import { type Offset, recordsOf, type StoredBatch } from '../../kinesis/record.ts';

/**
 * Replays the control plane's journal as far as it can be read. Behind an edit that is missing, the next
 * snapshot has the whole state again; until then, nothing is applied.
 */
export class CatalogReplay {
  /** After the last edit that was applied. */
  state: CatalogState = emptyState;
  /** Offsets of edits that do not decode. */
  readonly unreadable: Offset[] = [];
  #next: Offset | undefined;
  #isWhole = true;
  #skipped = 0;

  take(batch: StoredBatch): void {
    if (this.#next !== undefined && batch.first !== this.#next) this.#isWhole = false;
    this.#next = batch.first + batch.count;
    for (const { data, offset } of recordsOf(batch)) {
      const edit = decoded(data);
      if (edit === undefined) this.unreadable.push(offset);
      this.#takeEdit(edit);
    }
  }

  /**
   * How many edits were found behind the last state that is known, given where the journal ends; undefined
   * when it is whole.
   */
  missing(end: Offset): number | undefined {
    if (this.#isWhole && (this.#next ?? 0) >= end) return undefined;
    return this.#skipped + Math.max(0, end - (this.#next ?? 0));
  }

  #takeEdit(edit: Edit | undefined): void {
    if (edit?.kind === 'snapshot') this.#isWhole = true;
    if (edit === undefined) this.#isWhole = false;
    if (edit !== undefined && this.#isWhole) {
      this.state = apply(this.state, edit);
      this.#skipped = 0;
    } else {
      this.#skipped += 1;
    }
  }
}

function decoded(data: Uint8Array): Edit | undefined {
  try {
    const edit = decodeEdit(data);
    return kinds.has(edit.kind) ? edit : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const known: Record<Edit['kind'], true> = {
  'secret-made': true,
  'stream-created': true,
  'change-begun': true,
  'shards-replaced': true,
  'stream-deleted': true,
  'settings-changed': true,
  'stream-settled': true,
  'consumer-changed': true,
  'consumer-removed': true,
  'account-changed': true,
  'shards-expired': true,
  snapshot: true,
};
const kinds: ReadonlySet<string> = new Set(Object.keys(known));
