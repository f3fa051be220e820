import type { Operation } from '../../src/rpc/operation.ts';
import { operations } from '../../src/services/kinesis/operations.ts';
import type { EventStreamShape, Shape, StructureShape } from '../../src/wire/shape.ts';
import { type AwsStructure, type AwsType, awsEnums, awsOperations, type Sdk } from './aws-model.ts';

/** Everything in which our operations are not those of an official SDK, a line each, sorted. */
export function differences(
  served: ReadonlyMap<string, Pick<Operation, 'input' | 'output'>> = operations,
  sdk?: Sdk,
): string[] {
  const found = new Findings(sdk);
  const aws = awsOperations(sdk);
  for (const name of served.keys()) if (!aws.has(name)) found.add(`${name} is not in the model`);
  for (const [name, { input, output }] of aws) {
    const ours = served.get(name);
    if (ours === undefined) found.add(`${name} is not served`);
    else {
      compare(found, `${name}'s input`, ours.input, input);
      compareOutput(found, `${name}'s output`, ours.output, output);
    }
  }
  return [...found.lines].sort();
}

/** What was found so far, and the enums of the model. */
class Findings {
  readonly lines = new Set<string>();
  readonly #enums: readonly string[];

  constructor(sdk: Sdk | undefined) {
    this.#enums = awsEnums(sdk).map((values) => values.join());
  }

  add(line: string): void {
    this.lines.add(line);
  }

  isEnum(values: readonly string[]): boolean {
    return this.#enums.includes(values.toSorted().join());
  }
}

function compareOutput(
  found: Findings,
  path: string,
  ours: StructureShape | EventStreamShape | undefined,
  aws: AwsType,
): void {
  if (ours === undefined) {
    if (aws.kind !== 'unit') found.add(`${path} is missing`);
  } else if (ours.kind === 'event-stream') {
    compareName(found, path, ours.name, aws);
    compare(found, `${path}'s event`, ours.event, eventOf(aws, ours.event.name));
  } else {
    compare(found, path, ours, aws);
  }
}

/** The structure of that name among the events of a stream. */
function eventOf(aws: AwsType, name: string): AwsType {
  const [stream] = membersOf(aws).values();
  return (stream && membersOf(stream.type).get(name)?.type) ?? { kind: 'unit' };
}

function membersOf(type: AwsType): AwsStructure['members'] {
  return type.kind === 'structure' ? type.members : new Map();
}

function compare(found: Findings, path: string, ours: Shape, aws: AwsType): void {
  const kind = kindOf(ours);
  // What is looked up later was compared where it is a part of itself.
  if (ours.kind === 'lazy') return;
  if (kind !== aws.kind) {
    found.add(`${path} is a ${kind}, a ${aws.kind} in the model`);
  } else if (ours.kind === 'structure') {
    compareName(found, path, ours.name, aws);
    compareMembers(found, ours, aws as AwsStructure);
  } else if (ours.kind === 'list') {
    compare(found, `${path}'s item`, ours.item, (aws as Extract<AwsType, { kind: 'list' }>).item);
  } else if (ours.kind === 'string' && ours.values !== undefined) {
    if (!found.isEnum(ours.values)) found.add(`${path} is no enum of the model`);
  }
}

function compareName(found: Findings, path: string, ours: string, aws: AwsType): void {
  const name = aws.kind === 'structure' ? aws.name : aws.kind;
  if (name !== ours) found.add(`${path} is called ${ours}, ${name} in the model`);
}

/** Members are named by the structure that they belong to, wherever that is used. */
function compareMembers(found: Findings, ours: StructureShape, aws: AwsStructure): void {
  for (const name of ours.names) {
    if (!aws.members.has(name)) found.add(`${ours.name}.${name} is not in the model`);
  }
  for (const [name, { type, required }] of aws.members) {
    const member = ours.members[name];
    const path = `${ours.name}.${name}`;
    if (member === undefined) found.add(`${path} is missing`);
    else {
      if ((member.required ?? false) !== required) {
        found.add(`${path} is ${required ? 'optional, required' : 'required, optional'} in the model`);
      }
      compare(found, path, member, type);
    }
  }
}

/** The SDK has one type for all numbers. */
function kindOf({ kind }: Shape): string {
  return kind === 'integer' || kind === 'long' || kind === 'double' ? 'number' : kind;
}
