import { blob, required, structure } from '../../../wire/shape.ts';
import { notFound } from '../errors.ts';
import { operation } from '../operation.ts';
import { requireVersion } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionNamed } from '../parts/function-name.ts';
import { functionName, qualifier } from '../parts/shapes.ts';

export const getFunctionCode = operation({
  name: 'GetFunctionCode',
  summary: "Answers the zip of a function. GetFunction's `Code.Location` is such a call, signed ahead.",
  runs: 'owner',
  audit: 'read',
  input: structure('GetFunctionCodeRequest', {
    FunctionName: required(functionName),
    Qualifier: qualifier,
  }),
  output: structure('GetFunctionCodeResponse', { ZipFile: blob({ isSensitive: true }) }),
  prepare: (world, { FunctionName, Qualifier }, caller) => {
    const target = functionNamed(FunctionName, caller, Qualifier);
    const resource = functionArn(target);
    return {
      resource,
      permissions: [{ action: 'lambda:GetFunction', resource }],
      run: async () => {
        const { journal, code } = world.opened();
        const { settings } = requireVersion(journal.state, target);
        if (settings.code.kind !== 'zip') throw notFound(`There is no zip of ${resource}.`);
        return { ZipFile: await code.get(settings.code.sha256) };
      },
    };
  },
});
