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
  takeZip,
} from '../parts/function-code.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { latest } from '../parts/latest.ts';
import { architectures, functionName, revisionId } from '../parts/shapes.ts';
import { publish } from '../parts/version.ts';
import type { FunctionRecord } from '../state/lambda-state.ts';
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
  codeOf(world, found.environment, noZip);
  if (request.ZipFile === undefined) throw invalidValue('Please provide a source for function code.');
  return await takeZip(world, request.ZipFile, request.DryRun !== true && !isElsewhere);
}

/** To ask whether zips may be run here, before one is unpacked. */
const noZip = { sha256: '', bytes: 0 };

async function changeCode(world: LambdaWorld, target: FunctionTarget, request: Request, zip: GivenZip) {
  const revision = uuid(world.random);
  let shown = { target, version: latest, settings: undefined as FunctionRecord | undefined };
  const { journal } = world.opened();
  const decide = (state: typeof journal.state) => {
    const found = requireFunction(state, target);
    requireRevision(request.RevisionId, found);
    const changed = withCode(world, found, request, zip, uuid(world.random));
    shown = { ...shown, settings: changed };
    if (request.Publish !== true) return [functionSaid(changed)];
    const { version, edits } = publish(state, changed, { revision });
    shown = { ...shown, version: String(version.version) };
    return edits.length === 0 ? [functionSaid(changed)] : edits;
  };
  if (request.DryRun === true) decide(journal.state);
  else await journal.commit(decide);
  return changedConfiguration({ ...shown, settings: shown.settings! });
}

function withCode(
  world: LambdaWorld,
  found: FunctionRecord,
  { Architectures }: Request,
  zip: GivenZip,
  revision: string,
): FunctionRecord {
  const isElsewhere = codeElsewhere(found.environment) !== undefined;
  return {
    ...found,
    architecture: Architectures?.[0] ?? found.architecture,
    code: codeOf(world, found.environment, zip),
    echoed: isElsewhere ? { ...found.echoed, zip } : found.echoed,
    modifiedAt: world.clock.now(),
    revision,
  };
}
