import { integer, required, structure } from '../../../wire/shape.ts';
import { conflict, functionNotFound, invalidValue } from '../errors.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import { operation } from '../operation.ts';
import { aliasesOf, keyWithin, requireFunction } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionSaid } from '../parts/function-change.ts';
import { functionNamed } from '../parts/function-name.ts';
import { latest } from '../parts/latest.ts';
import { functionName, qualifier } from '../parts/shapes.ts';
import { editsOfFunctionGone } from '../state/lambda-edits.ts';
import type { LambdaEdit, LambdaState } from '../state/lambda-state.ts';

export const deleteFunction = operation({
  name: 'DeleteFunction',
  summary: 'Deletes a function with all of its versions, or one version. Its mappings stay.',
  runs: 'owner',
  input: structure('DeleteFunctionRequest', { FunctionName: required(functionName), Qualifier: qualifier }),
  output: structure('DeleteFunctionResponse', { StatusCode: integer() }),
  prepare: (world, { FunctionName, Qualifier }, caller) => {
    const target = functionNamed(FunctionName, caller, Qualifier);
    return {
      resource: functionArn(target),
      run: async () => {
        if (target.qualifier === latest) {
          throw invalidValue('$LATEST version cannot be deleted without deleting the function.');
        }
        const { journal, nudge } = world.opened();
        await journal.commit((state) =>
          target.qualifier === undefined
            ? editsOfFunctionGone(state, requireFunction(state, target))
            : editsOfVersionGone(state, target, target.qualifier),
        );
        nudge();
        return { StatusCode: 204 };
      },
    };
  },
});

/** A version goes with its policy. AWS answers the same where there was none. */
function editsOfVersionGone(state: LambdaState, target: FunctionTarget, version: string): LambdaEdit[] {
  const found = requireFunction(state, { ...target, qualifier: undefined });
  const key = keyWithin(target, version);
  if (state.get('alias', key) !== undefined) {
    throw invalidValue('Deletion of aliases is not currently supported.');
  }
  const pointing = aliasesOf(state, target).filter(
    ({ version: own, weights }) => own === version || version in weights,
  );
  if (pointing.length > 0) {
    const arns = pointing.map(({ name }) => functionArn({ ...target, qualifier: name })).sort();
    throw conflict(`Version ${version} is used by one or more aliases: ${arns.join(', ')}.`);
  }
  if (!/^\d+$/.test(version)) throw functionNotFound(functionArn(target));
  if (state.get('version', key) === undefined) return [];
  const { [version]: _, ...policies } = found.policies;
  return [{ kind: 'forgotten', of: 'version', key }, functionSaid({ ...found, policies })];
}
