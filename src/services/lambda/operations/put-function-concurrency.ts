import { integer, required, structure } from '../../../wire/shape.ts';
import { invalidValue } from '../errors.ts';
import { operation } from '../operation.ts';
import { concurrencyMax, reservedIn, unreservedMin } from '../parts/concurrency.ts';
import { requireFunction } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionSaid } from '../parts/function-change.ts';
import { functionNamed } from '../parts/function-name.ts';
import { latest } from '../parts/latest.ts';
import { concurrency, functionName } from '../parts/shapes.ts';
import { requireUnqualified } from '../parts/version.ts';

export const putFunctionConcurrency = operation({
  name: 'PutFunctionConcurrency',
  summary: 'Reserves a number of invocations at once for a function, which are its most, too.',
  runs: 'owner',
  input: structure('PutFunctionConcurrencyRequest', {
    FunctionName: required(functionName),
    ReservedConcurrentExecutions: required(integer({ min: 0 })),
  }),
  output: concurrency,
  prepare: (world, { FunctionName, ReservedConcurrentExecutions: reserved }, caller) => {
    const target = functionNamed(FunctionName, caller);
    return {
      resource: functionArn({ ...target, qualifier: undefined }),
      run: async () => {
        requireUnqualified(target);
        await world.opened().journal.commit((state) => {
          // AWS names the version where there is no function.
          const found = requireFunction(state, { ...target, qualifier: latest });
          const others = reservedIn(state, target) - (found.reserved ?? 0);
          if (concurrencyMax - others - reserved < unreservedMin) throw tooMuch();
          return [functionSaid({ ...found, reserved })];
        });
        return { ReservedConcurrentExecutions: reserved };
      },
    };
  },
});

function tooMuch() {
  return invalidValue(
    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution " +
      `below its minimum value of [${unreservedMin}].`,
  );
}
