import type { Caller } from '../../../access/caller.ts';
import { uuid } from '../../../env/random.ts';
import { boolean, required, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { conflict, invalidValue, unservedPart } from '../errors.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import { operation } from '../operation.ts';
import { madeConfiguration } from '../parts/configuration.ts';
import { functionConfiguration } from '../parts/configuration-shape.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionSaid } from '../parts/function-change.ts';
import {
  codeElsewhere,
  codeMembers,
  codeOf,
  requireProgram,
  requireServedCode,
  requireZipKind,
  takeZip,
} from '../parts/function-code.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { latest } from '../parts/latest.ts';
import { passing, requireAssumable } from '../parts/role.ts';
import {
  defaultSettings,
  requireServedSettings,
  settingsAfter,
  settingsMembers,
} from '../parts/settings-request.ts';
import { architectures, functionName, packageType, tags } from '../parts/shapes.ts';
import { mergeTags, tagContext } from '../parts/tags.ts';
import { publish } from '../parts/version.ts';
import { type FunctionRecord, functionKeyOf } from '../state/lambda-state.ts';
import type { LambdaWorld } from '../world.ts';

const input = structure('CreateFunctionRequest', {
  FunctionName: required(functionName),
  ...settingsMembers,
  Role: required(settingsMembers.Role),
  Code: required(structure('FunctionCode', codeMembers)),
  Publish: boolean(),
  PublishTo: string({ values: ['LATEST_PUBLISHED'] }),
  PackageType: packageType,
  Tags: tags,
  CodeSigningConfigArn: string(),
  Architectures: architectures,
  TenancyConfig: structure('TenancyConfig', {
    TenantIsolationMode: required(string({ values: ['PER_TENANT'] })),
  }),
});

type Request = TypeOf<typeof input>;

export const createFunction = operation({
  name: 'CreateFunction',
  summary: 'Makes a function of a zip; or, by variables of its own, of a folder, a URL or a webhook.',
  runs: 'owner',
  input,
  output: functionConfiguration,
  prepare: (world, request, caller) => {
    const target = wholeFunctionNamed(request.FunctionName, caller);
    const resource = functionArn(target);
    return {
      resource,
      context: tagContext(request.Tags),
      permissions: [
        ...passing('lambda:CreateFunction', resource, request.Role, caller),
        ...(tagContext(request.Tags) ? [{ action: 'lambda:TagResource', resource }] : []),
      ],
      run: async () => {
        requireServed(request);
        requireOwn(target, caller);
        requireAssumable(world, request.Role);
        requireNew(world, target);
        const record = await recordOf(world, request, target);
        let version = latest;
        await world.opened().journal.commit((state) => {
          if (state.get('function', functionKeyOf(target)) !== undefined) throw alreadyThere(target);
          if (request.Publish !== true) return [functionSaid(record)];
          const published = publish(state, record, { revision: uuid(world.random) });
          version = String(published.version.version);
          return published.edits;
        });
        return madeConfiguration({ target, version, settings: record });
      },
    };
  },
});

function requireServed(request: Request): void {
  requireServedSettings(request);
  if (request.PackageType === 'Image') throw unservedPart('A container image (PackageType Image)');
  if (request.CodeSigningConfigArn) throw unservedPart('Code signing (CodeSigningConfigArn)');
  if (request.TenancyConfig !== undefined) throw unservedPart('Tenant isolation (TenancyConfig)');
  if (request.PublishTo !== undefined) throw unservedPart('A version LATEST_PUBLISHED (PublishTo)');
  requireServedCode(request.Code);
}

function requireOwn(target: FunctionTarget, { account }: Caller): void {
  if (target.account === account) return;
  throw invalidValue('A function is made in the account of who makes it.');
}

/** Before a zip is looked at; it is asked again when the function is made. */
function requireNew(world: LambdaWorld, target: FunctionTarget): void {
  const { state } = world.opened().journal;
  if (state.get('function', functionKeyOf(target)) !== undefined) throw alreadyThere(target);
}

function alreadyThere({ name }: FunctionTarget) {
  return conflict(`Function already exist: ${name}`);
}

async function recordOf(
  world: LambdaWorld,
  request: Request,
  { account, region, name }: FunctionTarget,
): Promise<FunctionRecord> {
  const settings = settingsAfter({ ...defaultSettings, role: request.Role }, request);
  const isElsewhere = codeElsewhere(settings.environment) !== undefined;
  const { ZipFile } = request.Code;
  if (!isElsewhere && ZipFile === undefined) throw invalidValue('Please provide a source for function code.');
  if (!isElsewhere) requireProgram(settings);
  const tags = mergeTags({}, request.Tags ?? {});
  requireZipKind(world, settings.environment);
  const zip = ZipFile && (await takeZip(world, ZipFile, !isElsewhere));
  return {
    ...settings,
    ...{ account, region, name, id: uuid(world.random), tags, nextVersion: 1, policies: {} },
    architecture: request.Architectures?.[0] ?? 'x86_64',
    code: codeOf(world, settings.environment, zip),
    modifiedAt: world.clock.now(),
    revision: uuid(world.random),
    echoed: isElsewhere && zip ? { ...settings.echoed, zip } : settings.echoed,
  };
}
