import { uuid } from '../../../env/random.ts';
import { boolean, required, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalidValue, unservedPart } from '../errors.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import { operation } from '../operation.ts';
import { changedConfiguration } from '../parts/configuration.ts';
import { functionConfiguration } from '../parts/configuration-shape.ts';
import { requireFunction } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionSaid, requireRevision } from '../parts/function-change.ts';
import {
  codeElsewhere,
  codeMembers,
  codeOf,
  type GivenZip,
  requireServedCode,
  requireZipKind,
  takeZip,
} from '../parts/function-code.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { latest } from '../parts/latest.ts';
import { architectures, functionName, revisionId } from '../parts/shapes.ts';
import { publish } from '../parts/version.ts';
import type { FunctionRecord, LambdaState } from '../state/lambda-state.ts';
import type { LambdaWorld } from '../world.ts';

const input = structure('UpdateFunctionCodeRequest', {
  FunctionName: required(functionName),
  ...codeMembers,
  Architectures: architectures,
  Publish: boolean(),
  PublishTo: string({ values: ['LATEST_PUBLISHED'] }),
  DryRun: boolean(),
  RevisionId: revisionId,
});

type Request = TypeOf<typeof input>;

export const updateFunctionCode = operation({
  name: 'UpdateFunctionCode',
  summary: "Changes a function's code, and publishes a version of it if that is asked for.",
  runs: 'owner',
  input,
  output: functionConfiguration,
  prepare: (world, request, caller) => {
    const target = wholeFunctionNamed(request.FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        requireServedCode(request);
        if (request.PublishTo !== undefined) throw unservedPart('A version LATEST_PUBLISHED (PublishTo)');
        const zip = await zipOf(world, request, target);
        return await changeCode(world, target, request, zip);
      },
    };
  },
});

/** The zip of a request, checked; kept unless nothing is to be changed, or what runs is elsewhere. */
async function zipOf(world: LambdaWorld, request: Request, target: FunctionTarget): Promise<GivenZip> {
  const found = requireFunction(world.opened().journal.state, target);
  requireRevision(request.RevisionId, found);
  const isElsewhere = codeElsewhere(found.environment) !== undefined;
  requireZipKind(world, found.environment);
  if (request.ZipFile === undefined) throw invalidValue('Please provide a source for function code.');
  return await takeZip(world, request.ZipFile, request.DryRun !== true && !isElsewhere);
}

async function changeCode(world: LambdaWorld, target: FunctionTarget, request: Request, zip: GivenZip) {
  const { journal } = world.opened();
  const revisions = [uuid(world.random), uuid(world.random)] as const;
  let changed: Changed | undefined;
  const decide = (state: LambdaState) => {
    changed = codeChanged(world, requireFunction(state, target), request, zip, revisions[0]);
    const { settings } = changed;
    if (request.Publish !== true) return [functionSaid(settings)];
    const { version, edits } = publish(state, settings, { revision: revisions[1] });
    changed = { settings, version: String(version.version) };
    return edits.length === 0 ? [functionSaid(settings)] : edits;
  };
  if (request.DryRun === true) decide(journal.state);
  else await journal.commit(decide);
  return changedConfiguration({ target, ...changed! });
}

/** The function with its new code, and the version that the answer names. */
type Changed = { readonly settings: FunctionRecord; readonly version: string };

function codeChanged(
  world: LambdaWorld,
  found: FunctionRecord,
  { Architectures, RevisionId }: Request,
  zip: GivenZip,
  revision: string,
): Changed {
  requireRevision(RevisionId, found);
  const isElsewhere = codeElsewhere(found.environment) !== undefined;
  const settings = {
    ...found,
    architecture: Architectures?.[0] ?? found.architecture,
    code: codeOf(world, found.environment, zip),
    echoed: isElsewhere ? { ...found.echoed, zip } : found.echoed,
    modifiedAt: world.clock.now(),
    revision,
  };
  return { settings, version: latest };
}
