import type { Mutant, SourceEdit } from './mutant.ts';

/** Bugs in what clients see of services that one gateway of a cluster keeps. */
export const kafkaServicesMutants: readonly Mutant[] = [
  caught(
    'no-patience-with-services',
    'While nobody keeps the tables of a cluster, calls for them are answered with an error.',
    { find: 'if (!this.#isInReach) await this.#untilInReach(body.length);', replace: '' },
    'while nobody holds the tables calls for them wait, and the next holder carries them out',
  ),
  caught(
    'waiting-without-end',
    'However large calls are that wait for who keeps the tables, another one waits as well.',
    { find: ' || waiting.bytes + bytes > waitingBytesMax', replace: '' },
    'so many calls wait at most, and such large ones',
  ),
  caught(
    'waiting-forever-counted',
    'A call that has waited in vain for who keeps the tables counts as waiting from then on.',
    { find: 'waiting.calls -= 1;', replace: '' },
    'so many calls wait at most, and such large ones',
  ),
  caught(
    'holder-connected-unheard',
    'A call that waits for who keeps the tables does not hear that the connection to it is there.',
    {
      find: 'await Promise.race([this.#duty.changed(signal), this.#clock.sleep(lookMs, signal)]);',
      replace: 'await this.#duty.changed(signal);',
    },
    'a call waits for the connection to a holder that has just come',
  ),
];

function caught(name: string, sentence: string, edit: Omit<SourceEdit, 'file'>, test: string): Mutant {
  return {
    name,
    sentence,
    edits: [{ file: 'src/gateway/held-calls.ts', ...edit }],
    proof: { kind: 'test', file: 'test/gateway/held-calls.test.ts', test },
  };
}
