// Writes docs/api.md from the tables of operations: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Operation } from '../src/rpc/operation.ts';
import { operations as ofCloudWatch } from '../src/services/cloudwatch/operations.ts';
import { operations as ofDynamodb } from '../src/services/dynamodb/operations.ts';
import { operations as ofFirehose } from '../src/services/firehose/operations.ts';
import { operations as ofIam } from '../src/services/iam/operations.ts';
import { operations } from '../src/services/kinesis/operations.ts';
import { operations as ofKms } from '../src/services/kms/operations.ts';
import { operations as ofLambda } from '../src/services/lambda/operations.ts';
import { operations as ofMillrace } from '../src/services/millrace/operations.ts';
import { operations as ofSts } from '../src/services/sts/operations.ts';
import type { Shape, StructureShape } from '../src/wire/shape.ts';
import { operationNames } from '../test/model/operation-names.ts';

export const apiPagePath = join(import.meta.dirname, '../docs/api.md');

/** The page as the operations are now. */
export function apiPage(): string {
  const served = [...operations.values()];
  const missing = operationNames().filter((name) => !operations.has(name));
  const parts = [
    '# Operations',
    'This page is generated from the declarations in `src/services/` by `npm run docs`; a test keeps it up to date.',
    `Of Kinesis's ${served.length + missing.length} operations ${served.length} are served:`,
    served.map(({ name, summary }) => `- [${name}](#${anchor(name)}): ${summary}`).join('\n'),
    ...(missing.length === 0
      ? []
      : ['Not served yet (a call of one is told so):', missing.map((name) => `- ${name}`).join('\n')]),
    'What each answers, errors and their order included, stands in [`test/transcripts`](../test/transcripts).',
    ...served.flatMap(operationParts),
    '# Structures',
    ...[...structuresOf(served).values()].flatMap((shape) => [`## ${shape.name}`, membersTable(shape)]),
  ];
  return `${[...parts, ...otherServices(), ...ownService()].join('\n\n')}\n`;
}

/** Without members: those are AWS's, as the drift tests see to. */
function otherServices(): string[] {
  const services: readonly (readonly [string, ReadonlyMap<string, Named>])[] = [
    ['STS', ofSts],
    ['IAM', ofIam],
    ['KMS', ofKms],
    ['CloudWatch', ofCloudWatch],
    ['DynamoDB', ofDynamodb],
    ['Lambda', ofLambda],
    ['Firehose', ofFirehose],
  ];
  return [
    '# Other services',
    "On the same port, with the requests and answers of AWS's API references. A call of any other of their operations is told so.",
    ...services.flatMap(([name, served]) => [
      `## ${name}`,
      [...served.values()].map((each) => `- ${each.name}: ${each.summary}`).join('\n'),
    ]),
  ];
}

/** AWS has no word for it, so its requests and answers stand here. */
function ownService(): string[] {
  const served = [...ofMillrace.values()];
  return [
    '# Millrace',
    'What AWS has no word for, as a service beside its own: AWS JSON 1.1, `X-Amz-Target: Millrace_20261129.OPERATION`, signed for the service `millrace`; the actions of policies are `millrace:OPERATION`.',
    ...served.flatMap(operationParts),
    ...[...structuresOf(served).values()].flatMap((shape) => [`## ${shape.name}`, membersTable(shape)]),
  ];
}

type Named = Pick<Operation, 'name' | 'summary'>;

function operationParts({ name, summary, rate, input, output }: Operation): string[] {
  return [
    `## ${name}`,
    summary,
    ...(rate === undefined
      ? []
      : [`With \`--limits aws\` at most ${rate.perSecond} calls a second per ${rate.per}.`]),
    input.names.length === 0 ? 'The request has no members.' : membersTable(input),
    ...answerParts(output),
  ];
}

function answerParts(output: Operation['output']): string[] {
  if (output === undefined) return ['The answer is empty.'];
  if (output.kind === 'structure') return ['Answer:', membersTable(output)];
  return [`The answer is a stream of events; each is a ${link(output.event)}.`];
}

function membersTable(shape: StructureShape): string {
  const rows = Object.entries(shape.members).map(
    ([name, member]) =>
      `| ${name} | ${typeText(member)} | ${member.required ? 'yes' : ''} | ${constraintsText(member)} |`,
  );
  return ['| member | type | required | constraints |', '|---|---|---|---|', ...rows].join('\n');
}

function typeText(shape: Shape): string {
  switch (shape.kind) {
    case 'list':
      return `list of ${typeText(shape.item)}`;
    case 'map':
      return `map of string to ${typeText(shape.value)}`;
    case 'structure':
      return link(shape);
    default:
      return shape.kind;
  }
}

/** In a table cell, so `|` is escaped. */
function constraintsText(shape: Shape): string {
  const texts: (string | undefined)[] = [];
  if (shape.kind === 'string') {
    texts.push(rangeText(shape, 'characters'));
    if (shape.pattern !== undefined) texts.push(code(shape.pattern.text));
    if (shape.values !== undefined) texts.push(`one of ${shape.values.map(code).join(', ')}`);
  } else if (shape.kind === 'integer' || shape.kind === 'long') {
    texts.push(rangeText(shape));
  } else if (shape.kind === 'blob') {
    texts.push(rangeText({ min: undefined, max: shape.max }, 'bytes'));
  } else if (shape.kind === 'list') {
    texts.push(rangeText(shape, 'items'), each('each', shape.item));
  } else if (shape.kind === 'map') {
    texts.push(rangeText(shape, 'entries'), each('keys', shape.key), each('values', shape.value));
  }
  return texts.filter(Boolean).join('; ');
}

function each(what: string, shape: Shape): string | undefined {
  const text = constraintsText(shape);
  return text === '' ? undefined : `${what} ${text}`;
}

type Range = { readonly min: number | undefined; readonly max: number | undefined };

function rangeText({ min, max }: Range, unit = ''): string | undefined {
  if (min === undefined && max === undefined) return undefined;
  if (max === undefined) return `at least ${grouped(min!)} ${unit}`.trim();
  if (min === undefined) return `at most ${grouped(max)} ${unit}`.trim();
  return `${grouped(min)} to ${grouped(max)} ${unit}`.trim();
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function link({ name }: StructureShape): string {
  return `[${name}](#${anchor(name)})`;
}

function anchor(name: string): string {
  return name.toLowerCase();
}

/** The structures that are part of a request or an answer, by name. */
function structuresOf(served: readonly Operation[]): Map<string, StructureShape> {
  const found = new Map<string, StructureShape>();
  const visit = (shape: Shape): void => {
    if (shape.kind === 'list') visit(shape.item);
    if (shape.kind !== 'structure') return;
    found.set(shape.name, shape);
    shape.shapes.forEach(visit);
  };
  for (const { input, output } of served) {
    input.shapes.forEach(visit);
    if (output?.kind === 'structure') output.shapes.forEach(visit);
    if (output?.kind === 'event-stream') visit(output.event);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (import.meta.main) writeFileSync(apiPagePath, apiPage());
