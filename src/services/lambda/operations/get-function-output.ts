import { integer, long, required, sensitive, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireFunction } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { functionName } from '../parts/shapes.ts';

/** A request that waits is answered before clients and proxies give it up. */
const secondsMax = 20;

export const getFunctionOutput = operation({
  name: 'GetFunctionOutput',
  summary:
    'Answers what a function wrote lately and what it answered, in the server that is asked, from a position on; may wait for more.',
  runs: 'owner',
  audit: 'read',
  input: structure('GetFunctionOutputRequest', {
    FunctionName: required(functionName),
    From: long({ min: 0 }),
    WaitSeconds: integer({ min: 0, max: secondsMax }),
  }),
  output: structure('GetFunctionOutputResponse', {
    Text: required(sensitive(string())),
    Next: required(long()),
  }),
  prepare: (world, { FunctionName, From: from = 0, WaitSeconds: seconds = 0 }, caller) => {
    const target = wholeFunctionNamed(FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        const { journal, output } = world.opened();
        requireFunction(journal.state, target);
        if (seconds > 0) {
          const over = new AbortController();
          const late = world.clock.sleep(seconds * 1000, over.signal).then(() => over.abort());
          await output.grown(target, from, over.signal);
          over.abort();
          await late;
        }
        const { text, next } = output.read(target, from);
        return { Text: text, Next: next };
      },
    };
  },
});
