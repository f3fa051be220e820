import type { Contender } from './contender.ts';
import type { Figures } from './figures.ts';
import type { Load, OutcomeOf } from './load.ts';
import type { LoadGenerator } from './load-generator.ts';
import type { Options } from './options.ts';
import { RunningServer, type ServerOptions } from './running-server.ts';
import type { Workshop } from './workshop.ts';

/**
 * What a scenario is given when it is a contender's turn, and what it leaves: numbers, and how quiet it was.
 */
export class Turn {
  readonly contender: Contender;
  readonly options: Options;
  readonly workshop: Workshop;
  readonly #at: number | undefined;
  readonly #generator: LoadGenerator;
  readonly #name: string;
  #startMs: number | undefined;
  readonly noted: { readonly at?: number; readonly contender: string; readonly figures: Figures }[] = [];
  /** The largest of any load. */
  foreignShare = 0;
  errors = 0;
  firstError: string | undefined;

  constructor(
    place: { workshop: Workshop; generator: LoadGenerator; options: Options },
    contender: Contender,
    scenario: string,
    at: number | undefined,
  ) {
    this.workshop = place.workshop;
    this.options = place.options;
    this.contender = contender;
    this.#generator = place.generator;
    this.#at = at;
    this.#name = at === undefined ? scenario : `${scenario}-${at}`;
  }

  /** Where on the scenario's axis this turn is. */
  get at(): number {
    return this.#at!;
  }

  /** A server in a directory of its own, with one stream. */
  async start(
    shardCount: number,
    { contender = this.contender, ...extras }: { contender?: Contender } & Partial<ServerOptions> = {},
  ): Promise<RunningServer> {
    const { profileDirectory } = this.options;
    const isProfiled = profileDirectory !== undefined && contender.name.startsWith('millrace');
    const name = `${this.#name}-${contender.name}-\${pid}.cpuprofile`;
    const profile = isProfiled ? { directory: profileDirectory, name } : undefined;
    const server = await RunningServer.start(this.workshop, contender, { ...extras, shardCount, profile });
    this.#startMs ??= server.startMs;
    return server;
  }

  async run<L extends Load>(server: RunningServer, load: L): Promise<OutcomeOf[L['kind']]> {
    const outcome = await this.#generator.run(server, load);
    this.foreignShare = Math.max(this.foreignShare, outcome.foreignShare);
    if ('errors' in outcome) {
      this.errors += outcome.errors;
      this.firstError ??= outcome.firstError;
    }
    return outcome;
  }

  note(figures: Figures, at = this.#at, contender = this.contender.name): void {
    const start = this.#startMs === undefined ? {} : { startMs: this.#startMs };
    this.noted.push({ ...(at === undefined ? {} : { at }), contender, figures: { ...start, ...figures } });
  }
}
