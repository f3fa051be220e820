import { streamArn } from '../consumers.ts';
import { repeat, usable } from '../workload.ts';
import { functionsPath, mappingsPath } from './lambda-client.ts';
import { MappingModel, type MappingSettings } from './mapping-model.ts';
import { drawChange, drawSettings, drawStart, inputOf } from './mapping-settings.ts';
import { lookAround } from './mapping-sight.ts';
import { complainOfLambda, type MappingWork } from './mapping-work.ts';

/** So many mappings of one owner at a time: each is a few requests. */
const atOnceMax = 2;

/**
 * A client that makes functions and mappings, and changes, disables, enables and deletes them. It alone does
 * so with what it made.
 */
export function runMappingOwner(work: MappingWork): Promise<void> {
  const own: MappingModel[] = [];
  return repeat(work, 150, async () => {
    const present = own.filter(({ gone }) => gone === undefined);
    if (present.length === 0 || (present.length < atOnceMax && work.random.chance(0.3))) {
      const fresh = await begin(work);
      if (fresh !== undefined) own.push(fresh);
      return;
    }
    const mapping = work.random.pick(present);
    if (mapping.created === undefined) await create(work, mapping);
    else if (mapping.doomed !== undefined) await remove(work, mapping);
    else await work.random.pick(chores)(work, mapping);
  });
}

type Chore = (work: MappingWork, mapping: MappingModel) => Promise<unknown>;

/** Weighed by how often they stand here. */
const chores: readonly Chore[] = [
  ...Array<Chore>(5).fill((work) => lookAround(work)),
  ...Array<Chore>(3).fill(describeMapping),
  ...Array<Chore>(2).fill(change),
  disable,
  ...Array<Chore>(2).fill(enable),
  limit,
  touch,
  (work, mapping) => (work.random.chance(0.15) ? remove(work, mapping) : describeMapping(work, mapping)),
];

/** A function of its own, and a mapping for it that was asked for at least once. */
async function begin(work: MappingWork): Promise<MappingModel | undefined> {
  const { mappings, random, model, world } = work;
  const streams = usable(work);
  if (streams.length === 0) return undefined;
  const name = `function-${mappings.mappings.length}`;
  const stream = random.pick(streams);
  const settings = drawSettings(random);
  const start = drawStart(random, world.wall.now());
  const mapping = new MappingModel(name, stream, start, settings, model.moment());
  mappings.mappings.push(mapping);
  await create(work, mapping);
  return mapping;
}

/** Asks until it is certain: a lost answer may hide a mapping. */
async function create(work: MappingWork, mapping: MappingModel): Promise<void> {
  const { functionName, stream, start, first } = mapping;
  if (!(await makeFunction(work, mapping))) return;
  const input = { FunctionName: functionName, EventSourceArn: streamArn(stream), ...inputOf(first, start) };
  const answer = await work.lambda.ask<Described>('POST', mappingsPath, input);
  // An earlier request whose answer was lost may have made it. The clock may have gone back since the time
  // was drawn, and the stream may be gone.
  complainOfLambda(work, answer, ['ResourceConflictException', 'InvalidParameterValueException']);
  if (answer.kind === 'output') return note(work, mapping, answer.output.UUID);
  // Where there are several servers, one or another is in trouble all the time.
  if (answer.kind === 'silence' || (work.world.isFaulty && !work.model.hasManyClocks)) return;
  const listed = await work.lambda.ask<Listed>('GET', `${mappingsPath}?FunctionName=${functionName}`);
  complainOfLambda(work, listed);
  if (listed.kind !== 'output') return;
  const [found] = listed.output.EventSourceMappings;
  if (found !== undefined) note(work, mapping, found.UUID);
  else mapping.gone = work.model.moment();
}

function note({ model }: MappingWork, mapping: MappingModel, uuid: string): void {
  mapping.uuid = uuid;
  mapping.created = model.moment();
}

/** Answers whether it is certainly there. */
async function makeFunction(work: MappingWork, { functionName }: MappingModel): Promise<boolean> {
  const answer = await work.lambda.ask('POST', functionsPath, {
    FunctionName: functionName,
    Role: 'arn:aws:iam::000000000000:role/simulated',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Timeout: work.random.between(1, 3),
    Code: {},
    Environment: { Variables: { MILLRACE_CODE_FOLDER: `/functions/${functionName}` } },
  });
  complainOfLambda(work, answer, ['ResourceConflictException']);
  return answer.kind === 'output' || (answer.kind === 'error' && answer.type === 'ResourceConflictException');
}

type Described = { readonly UUID: string; readonly State: string };
type Listed = { readonly EventSourceMappings: readonly Described[] };

/** Notes when it is certainly disabled. Answers its state, or GONE; undefined when none was told. */
export async function describeMapping(work: MappingWork, mapping: MappingModel): Promise<string | undefined> {
  const answer = await work.lambda.ask<Described>('GET', `${mappingsPath}/${mapping.uuid}`);
  const mayBeGone = mapping.doomed === undefined ? [] : ['ResourceNotFoundException'];
  complainOfLambda(work, answer, mayBeGone);
  if (answer.kind === 'error' && answer.type === 'ResourceNotFoundException') return 'GONE';
  if (answer.kind !== 'output') return undefined;
  // Only this client changes it, and it does one thing after the other.
  if (answer.output.State === 'Disabled') mapping.rest(work.model.moment());
  return answer.output.State;
}

/** What a mapping says while it is changing already. */
const inTransition = ['ResourceInUseException', 'ResourceConflictException'];

async function update(work: MappingWork, mapping: MappingModel, input: object): Promise<boolean> {
  mapping.change(work.model.moment());
  const answer = await work.lambda.ask('PUT', `${mappingsPath}/${mapping.uuid}`, input);
  // The stream may be gone.
  complainOfLambda(work, answer, [...inTransition, 'InvalidParameterValueException']);
  return answer.kind === 'output';
}

async function change(work: MappingWork, mapping: MappingModel): Promise<void> {
  const drawn = drawChange(work.random, mapping.first);
  const names = Object.keys(drawn).filter(() => work.random.chance(0.4)) as (keyof typeof drawn)[];
  const input = Object.fromEntries(names.map((name) => [name, drawn[name]]));
  mapping.asked.push({ ...mapping.asked.at(-1)!, ...input } satisfies MappingSettings);
  await update(work, mapping, input);
}

async function disable(work: MappingWork, mapping: MappingModel): Promise<void> {
  await update(work, mapping, { Enabled: false });
}

export async function enable(work: MappingWork, mapping: MappingModel): Promise<boolean> {
  return await update(work, mapping, { Enabled: true });
}

/** Takes from a function what may run of it at once, or gives it back. */
async function limit(work: MappingWork, mapping: MappingModel): Promise<void> {
  if (work.random.chance(0.5)) return await unlimit(work, mapping);
  const input = { ReservedConcurrentExecutions: work.random.pick([0, 1, 2]) };
  complainOfLambda(work, await work.lambda.ask('PUT', concurrencyPath('2017-10-31', mapping), input));
}

export async function unlimit(work: MappingWork, mapping: MappingModel): Promise<void> {
  complainOfLambda(work, await work.lambda.ask('DELETE', concurrencyPath('2017-10-31', mapping)));
}

function concurrencyPath(version: string, { functionName }: MappingModel): string {
  return `/${version}/functions/${functionName}/concurrency`;
}

/** A new configuration of the function: what runs of it is to be replaced. */
async function touch(work: MappingWork, mapping: MappingModel): Promise<void> {
  const { functionName } = mapping;
  mapping.change(work.model.moment());
  const input = { Timeout: work.random.between(1, 3) };
  const path = `${functionsPath}/${functionName}/configuration`;
  complainOfLambda(work, await work.lambda.ask('PUT', path, input), inTransition);
}

/** Deletes a mapping, and then its function. */
export async function remove(work: MappingWork, mapping: MappingModel): Promise<void> {
  mapping.doomed ??= work.model.moment();
  const answer = await work.lambda.ask('DELETE', `${mappingsPath}/${mapping.uuid}`);
  complainOfLambda(work, answer, [...inTransition, 'ResourceNotFoundException']);
  if ((await describeMapping(work, mapping)) !== 'GONE') return;
  mapping.gone ??= work.model.moment();
  const path = `${functionsPath}/${mapping.functionName}`;
  complainOfLambda(work, await work.lambda.ask('DELETE', path), [
    'ResourceNotFoundException',
    ...inTransition,
  ]);
}
