import { Expiry } from '../expiry.ts';
import type { StreamModel } from '../model.ts';
import { Coverage } from './coverage.ts';
import { deliveriesOf, type FunctionEvent } from './function-event.ts';
import { sightPath } from './lambda-client.ts';
import type { GivenUp, MappingModel } from './mapping-model.ts';
import { describeMapping, enable, remove, unlimit } from './mapping-owner.ts';
import { lookAround } from './mapping-sight.ts';
import { complainOfLambda, type MappingWork } from './mapping-work.ts';

/**
 * Once the world has come to rest and functions do what they are for, every mapping does all that it owes;
 * those that were to go are gone.
 */
export async function auditMappings(work: MappingWork): Promise<void> {
  const { mappings, world } = work;
  mappings.isCalm = true;
  const present = mappings.mappings.filter(
    ({ created, gone }) => created !== undefined && gone === undefined,
  );
  for (const mapping of present) {
    if (mapping.doomed !== undefined) await goes(work, mapping);
    else if (!(await isEnabledInTheEnd(work, mapping)))
      world.violate(`stuck: the mapping of ${mapping.functionName} cannot be enabled`);
  }
  await untilDone(work);
  await lookAround(work);
  for (const mapping of present) if (mapping.gone === undefined) await noteGivenUp(work, mapping);
  mappings.isClosed = true;
}

async function goes(work: MappingWork, mapping: MappingModel): Promise<void> {
  for (let look = 0; look < looksMax; look++) {
    await remove(work, mapping);
    if (mapping.gone !== undefined) return;
    await work.world.scheduler.sleep(lookMs);
  }
  work.world.violate(`stuck: the mapping of ${mapping.functionName} cannot be deleted`);
}

/** A transition that was under way comes to its end first. */
async function isEnabledInTheEnd(work: MappingWork, mapping: MappingModel): Promise<boolean> {
  await unlimit(work, mapping);
  for (let look = 0; look < looksMax; look++) {
    const state = await describeMapping(work, mapping);
    if (state === 'Enabled') return true;
    if (state === 'Disabled') await enable(work, mapping);
    await work.world.scheduler.sleep(lookMs);
  }
  return false;
}

const looksMax = 40;
const lookMs = 250;

/** Waits until nothing is owed any more; what still is then, the checker tells. */
async function untilDone(work: MappingWork): Promise<void> {
  for (let waited = 0; waited < doneMsMax; waited += 2_000) {
    for (const mapping of work.mappings.mappings)
      if (mapping.uuid !== undefined && mapping.gone === undefined) await noteGivenUp(work, mapping);
    if (!work.mappings.mappings.some((mapping) => owes(work, mapping))) return;
    await work.world.scheduler.sleep(2_000);
  }
}

/** Longer than every back-off and window. */
const doneMsMax = 120_000;

function owes({ model }: MappingWork, mapping: MappingModel): boolean {
  if (mapping.doomed !== undefined) return false;
  const expiries = new Map<StreamModel, Expiry>();
  const expiryOf = (stream: StreamModel) =>
    expiries.get(stream) ?? expiries.set(stream, new Expiry(model, stream)).get(stream)!;
  const coverage = new Coverage(model, mapping, expiryOf);
  return coverage
    .streams()
    .some((stream) =>
      [...coverage.owedOf(stream).values()].some((owed) => owed.some(({ id }) => !coverage.isSettled(id))),
    );
}

type Listed = {
  readonly Failures: readonly { readonly Number: number; readonly Condition: string }[];
  readonly NextMarker?: string;
};

/** Notes all that the server lists as given up, with its data. */
async function noteGivenUp(work: MappingWork, mapping: MappingModel): Promise<void> {
  const all: GivenUp[] = [];
  for (let marker: string | undefined, isFirst = true; isFirst || marker !== undefined; isFirst = false) {
    const page = marker === undefined ? '' : `?Marker=${encodeURIComponent(marker)}`;
    const path = `${sightPath}/${mapping.uuid}/failures`;
    const answer = await work.lambda.ask<Listed>('GET', `${path}${page}`);
    complainOfLambda(work, answer);
    if (answer.kind !== 'output') return;
    for (const { Number: number, Condition } of answer.output.Failures)
      all.push(...(await recordsOf(work, `${path}/${number}`, Condition)));
    marker = answer.output.NextMarker;
  }
  mapping.givenUp = all;
}

async function recordsOf(work: MappingWork, path: string, condition: string): Promise<GivenUp[]> {
  const answer = await work.lambda.ask<{ readonly Event?: string }>('GET', path);
  complainOfLambda(work, answer);
  if (answer.kind !== 'output') return [];
  const { Event: event } = answer.output;
  if (event === undefined) {
    work.world.violate(`forgotten: ${path} has no records any more`);
    return [];
  }
  const parsed: FunctionEvent = JSON.parse(event);
  return deliveriesOf(parsed).map((delivery) => ({ ...delivery, condition }));
}
