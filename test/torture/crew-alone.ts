import { tmpdir } from 'node:os';
import { SeededRandom } from '../../harness/random.ts';
import { abusers } from '../../torture/hostile/abusers.ts';
import { inputSteps } from '../../torture/hostile/schedule.ts';
import { type Rest, restOf, shift } from '../../torture/hostile/shift.ts';
import { strangers } from '../../torture/hostile/strangers.ts';
import { guardedMillrace, type Prepared, prepare } from '../../torture/hostile/watched-server.ts';
import { ServerProcess } from '../../torture/server-process.ts';
import { Workshop } from '../../torture/workshop.ts';

/** A guarded server with two threads, on which a crew does one thing after the other. */
export class CrewAlone {
  readonly #workshop = new Workshop(tmpdir());
  readonly #server: ServerProcess;
  #prepared: Promise<{ readonly prepared: Prepared; readonly rest: Rest }> | undefined;

  constructor() {
    const { path } = this.#workshop.directory();
    this.#server = new ServerProcess(this.#workshop, guardedMillrace(path, 2, 'brief'));
  }

  /**
   * Has a crew do nothing but the one input, in every way it comes. Answers with the promises that it broke.
   */
  async does(name: string): Promise<readonly string[]> {
    this.#prepared ??= this.#prepare();
    const { prepared, rest } = await this.#prepared;
    const inputs = [...strangers, ...abusers].filter((input) => input.name === name);
    const steps = inputSteps(inputs, new SeededRandom(1));
    const { ledger, violations } = await shift(this.#server, rest, { steps, prepared, scale: 'brief' });
    await ledger.stop();
    return [...violations, ...ledger.violations];
  }

  async #prepare() {
    if (!(await this.#server.isReady())) throw new Error(this.#server.complaint);
    return { prepared: await prepare(this.#server, 'brief'), rest: await restOf(this.#server, 'brief') };
  }

  close(): void {
    this.#workshop.close();
  }
}
