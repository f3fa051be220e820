import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-lambda';
import { bindings } from '../../src/services/lambda/bindings.ts';
import { operations } from '../../src/services/lambda/operations.ts';
import { unserved } from '../../src/services/lambda/unserved.ts';
import { awsOperations } from './aws-model.ts';
import { differences } from './differences.ts';

/** In what we differ from the model, and why. What is not here fails, and what no longer is so fails too. */
const declared: Readonly<Record<string, readonly string[]>> = {
  'Mappings are of streams: what belongs to queues, topics and databases is in no answer.': [
    'EventSourceMappingConfiguration.AmazonManagedKafkaEventSourceConfig is missing',
    'EventSourceMappingConfiguration.DocumentDBEventSourceConfig is missing',
    'EventSourceMappingConfiguration.FilterCriteriaError is missing',
    'EventSourceMappingConfiguration.LoggingConfig is missing',
    'EventSourceMappingConfiguration.ProvisionedPollerConfig is missing',
    'EventSourceMappingConfiguration.Queues is missing',
    'EventSourceMappingConfiguration.ScalingConfig is missing',
    'EventSourceMappingConfiguration.SelfManagedEventSource is missing',
    'EventSourceMappingConfiguration.SelfManagedKafkaEventSourceConfig is missing',
    'EventSourceMappingConfiguration.SourceAccessConfigurations is missing',
    'EventSourceMappingConfiguration.Topics is missing',
  ],
  'Of a function whose code need not be signed AWS answers neither (recorded).': [
    'GetFunctionCodeSigningConfigResponse.CodeSigningConfigArn is optional, required in the model',
    'GetFunctionCodeSigningConfigResponse.FunctionName is optional, required in the model',
  ],
};

/** Beyond AWS. */
const ours = new Set([
  'GetFunctionCode',
  'GetFunctionOutput',
  'GetMappingFailure',
  'ListMappingFailures',
  'ListMappingSights',
  'RedriveMappingFailures',
]);

test('what is not served is known by name, so that a call of it is told so', () => {
  const missing = [...awsOperations(sdk).keys()].filter((name) => !operations.has(name));
  assert.deepEqual([...unserved].sort(), missing.sort());
});

test('the operations are those of the official SDK, but for what is declared here', () => {
  const aws = new Map([...operations].filter(([name]) => !ours.has(name)));
  const found = differences(aws, sdk).filter((line) => !line.endsWith(' is not served'));
  assert.deepEqual(found, Object.values(declared).flat().sort());
});

test('calls are where the official SDK sends them, with their members', () => {
  const schemas = Object.values<unknown>(sdk).filter(
    (value): value is Schema => Array.isArray(value) && value[0] === 9,
  );
  assert.equal(schemas.length + ours.size, Object.keys(bindings).length);
  for (const [, , name, { http }, input, output] of schemas) {
    const { status = 200, ...binding } = bindings[name]!;
    assert.equal(binding.http, `${http[0]} ${http[1]}`, name);
    if (!operations.has(name)) continue;
    assert.equal(status, http[2], name);
    const request = placesOf(input);
    assert.deepEqual(binding.query ?? {}, request.query, name);
    assert.deepEqual(binding.headers ?? {}, lowered(request.headers), name);
    assert.equal(binding.payload, request.payload, name);
    const answer = placesOf(output);
    assert.deepEqual(binding.answer?.headers ?? {}, answer.headers, name);
    assert.equal(binding.answer?.payload, answer.payload, name);
    assert.equal(binding.answer?.status, answer.status, name);
  }
});

type Schema = [9, string, string, { http: [string, string, number] }, () => Structure, () => Structure];
type Structure = readonly [number, string, string, unknown, readonly string[], readonly unknown[]] | 'unit';

/** Where members are, by the traits of a structure: numbers are flags, 16 of them a payload, 32 a status. */
function placesOf(schema: () => Structure) {
  const places = {
    query: {} as Record<string, string>,
    headers: {} as Record<string, string>,
    payload: undefined as string | undefined,
    status: undefined as string | undefined,
  };
  const structure = schema();
  if (typeof structure === 'string') return places;
  const [, , , , names, types] = structure;
  for (const [index, name] of names.entries()) {
    const type = types[index];
    const traits: unknown = Array.isArray(type) ? type[1] : undefined;
    if (traits === 16) places.payload = name;
    if (traits === 32) places.status = name;
    if (typeof traits !== 'object' || traits === null) continue;
    const { httpQuery, httpHeader } = traits as { httpQuery?: string; httpHeader?: string };
    if (httpQuery !== undefined) places.query[name] = httpQuery;
    if (httpHeader !== undefined) places.headers[name] = httpHeader;
  }
  return places;
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text.toLowerCase()]));
}
