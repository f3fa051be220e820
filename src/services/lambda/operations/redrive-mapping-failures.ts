import { integer, list, required, string, structure } from '../../../wire/shape.ts';
import { failuresOf, isPending, type NumberedFailure, requireFailure } from '../mappings/mapping-failures.ts';
import { failureNumber, uuidMember } from '../mappings/mapping-shapes.ts';
import { onRecordsOf, requireMapping } from '../mappings/mapping-target.ts';
import { type Redriven, redrive } from '../mappings/redrive.ts';
import { operation } from '../operation.ts';
import type { MappingRecord } from '../state/lambda-state.ts';

export const redriveMappingFailures = operation({
  name: 'RedriveMappingFailures',
  summary: 'Invokes the function again with what a mapping gave up: all that is pending, or some by number.',
  runs: 'owner',
  input: structure('RedriveMappingFailuresRequest', {
    ...uuidMember,
    Numbers: list(failureNumber, { min: 1, max: 100 }),
  }),
  output: structure('RedriveMappingFailuresResponse', {
    Results: required(
      list(
        structure('RedriveResult', {
          Number: required(failureNumber),
          Outcome: required(string({ values: ['Succeeded', 'Failed', 'Forgotten'] })),
          Error: string(),
        }),
      ),
    ),
    Remaining: required(integer()),
  }),
  prepare: (world, { UUID, Numbers: numbers }, caller) => {
    const run = async () => {
      const opened = world.opened();
      const { journal } = opened;
      const asked = numbers?.map(
        (number): NumberedFailure => ({
          number,
          failure: requireFailure(journal.state, UUID, number, caller),
        }),
      );
      requireMapping(journal.state, UUID, caller);
      const failures = asked ?? failuresOf(journal.state, UUID).filter(isPending);
      const until = world.clock.monotonic() + untilMs;
      const results: Redriven[] = [];
      for (const failure of failures) {
        const mapping = requireMapping(journal.state, UUID, caller);
        results.push(await redrive(opened, world.clock, mapping, failure));
        if (world.clock.monotonic() >= until) break;
      }
      return {
        Results: results.map(({ number, outcome, error }) => ({
          Number: number,
          Outcome: outcome,
          Error: error,
        })),
        Remaining: failures.length - results.length,
      };
    };
    const others = ({ functionArn }: MappingRecord) => [
      { action: 'lambda:InvokeFunction', resource: functionArn },
    ];
    return onRecordsOf(world, UUID, caller, 'lambda:RedriveMappingFailures', others, run);
  },
});

/** The failure under way then is the last one that is tried by a call: clients wait for an answer. */
const untilMs = 20_000;
