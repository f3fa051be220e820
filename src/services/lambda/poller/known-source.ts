import type { CatalogState } from '../../../catalog/state.ts';
import type { Millis } from '../../../env/clock.ts';
import type { FoundSource } from '../mappings/source-access.ts';
import type { MappingRecord } from '../state/lambda-state.ts';
import type { PollerWorld } from './poller-world.ts';

/** What a mapping's source was found to be: looked up again after changes, and each second for policies. */
export class KnownSource {
  readonly #world: Pick<PollerWorld, 'sources' | 'catalog' | 'clock'>;
  #known:
    | {
        readonly found: FoundSource;
        readonly source: string;
        readonly role: string;
        readonly catalog: CatalogState;
        readonly at: Millis;
      }
    | undefined;

  constructor(world: Pick<PollerWorld, 'sources' | 'catalog' | 'clock'>) {
    this.#world = world;
  }

  /** Throws as `SourceAccess.find` does. */
  find({ source }: Pick<MappingRecord, 'source'>, role: string): FoundSource {
    const { sources, catalog, clock } = this.#world;
    const at = clock.monotonic();
    const known = this.#known;
    const isSame = known?.source === source && known.role === role && known.catalog === catalog.state;
    if (known !== undefined && isSame && at - known.at < lifeMs) return known.found;
    this.#known = undefined;
    const found = sources.find(source, role);
    this.#known = { found, source, role, catalog: catalog.state, at };
    return found;
  }
}

/** A policy that is changed counts after this long. */
const lifeMs: Millis = 1_000;
