import type { RequestContext } from '../../../access/policy/access.ts';
import type { Condition } from '../expressions/condition.ts';
import { namesIn } from '../expressions/condition-paths.ts';
import type { Projection } from '../expressions/projection.ts';
import type { Source, Update } from '../expressions/update.ts';
import type { TableName } from '../tables/table.ts';
import type { AttributeValue, Item } from '../values/attribute-value.ts';
import type { DynamodbWorld } from '../world.ts';

/** What a request says of an item: its key and more, and the attributes that its expressions are about. */
export type Mentioned = {
  readonly table: TableName;
  readonly item: Item;
  readonly condition?: Condition | undefined;
  readonly update?: Update | undefined;
  readonly projection?: Projection | undefined;
  /** Whether an item that does not satisfy the condition is shown. */
  readonly showsItem?: boolean;
};

/** Parameters of which there are condition keys. */
export type Asked = {
  readonly ReturnValues?: string | undefined;
  readonly ReturnConsumedCapacity?: string | undefined;
  readonly Select?: string | undefined;
};

/**
 * What is selected of each item, said or not (API reference, Query, Select). Reads of single items say it as
 * well: a policy that lets a caller have the attributes by name alone (developer guide, "Using IAM policy
 * conditions for fine-grained access control") has all ways to the others closed.
 */
export function selected(
  { Select, IndexName }: { readonly Select?: string | undefined; readonly IndexName?: string | undefined },
  projection: Projection | undefined,
): { readonly Select: string } {
  if (Select !== undefined) return { Select };
  if (projection !== undefined) return { Select: 'SPECIFIC_ATTRIBUTES' };
  return { Select: IndexName === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES' };
}

/**
 * The condition keys of a call about items (service authorization reference, "Condition keys for Amazon
 * DynamoDB"): their hash keys, and all attributes that it mentions. Few policies ask, so it is made when one
 * does.
 */
export function itemContext(
  world: Pick<DynamodbWorld, 'tables'>,
  mentioned: readonly Mentioned[],
  asked: Asked,
): () => RequestContext {
  return () => contextOfItems(world, mentioned, asked);
}

/** The same for what reads single items, all with the same projection. */
export function readContext(
  world: Pick<DynamodbWorld, 'tables'>,
  mentioned: readonly Mentioned[],
  asked: Asked,
): () => RequestContext {
  return () => contextOfItems(world, mentioned, { ...asked, ...selected({}, mentioned[0]?.projection) });
}

function contextOfItems(
  { tables }: Pick<DynamodbWorld, 'tables'>,
  mentioned: readonly Mentioned[],
  asked: Asked,
): RequestContext {
  const keys = mentioned.map(({ table, item }) => {
    const hash = tables?.opened?.table(table)?.keySchema.hash.name;
    return hash === undefined ? '' : textOf(item[hash]);
  });
  const names = mentioned.flatMap(({ item, condition, update, projection }) => [
    ...Object.keys(item),
    ...namesIn(condition),
    ...namesInUpdate(update),
    ...namesInProjection(projection),
  ]);
  return contextOf(
    keys,
    names,
    asked,
    mentioned.some(({ showsItem }) => showsItem),
  );
}

/** A key as a policy may name it; the empty text, which no key is, where it is not known. */
export function textOf(value: AttributeValue | undefined): string {
  if (value === undefined) return '';
  if ('S' in value) return value.S;
  if ('N' in value) return value.N;
  return 'B' in value ? value.B.toString('base64') : '';
}

/**
 * The same from what is known already. Without keys all of a table is read. Who is shown the item that stood
 * in the way of a write is shown all of it as it was, as with ALL_OLD: a policy on ReturnValues is about
 * both.
 */
export function contextOf(
  keys: readonly string[],
  names: readonly string[],
  asked: Asked,
  showsItem = false,
): RequestContext {
  const context = new Map<string, readonly string[]>();
  const { ReturnValues, ReturnConsumedCapacity, Select } = asked;
  if (keys.length > 0) context.set('dynamodb:leadingkeys', [...new Set(keys)]);
  if (names.length > 0) context.set('dynamodb:attributes', [...new Set(names)]);
  const returned = [...(ReturnValues === undefined ? [] : [ReturnValues]), ...(showsItem ? ['ALL_OLD'] : [])];
  if (returned.length > 0) context.set('dynamodb:returnvalues', [...new Set(returned)]);
  if (ReturnConsumedCapacity !== undefined) {
    context.set('dynamodb:returnconsumedcapacity', [ReturnConsumedCapacity]);
  }
  if (Select !== undefined) context.set('dynamodb:select', [Select]);
  return context;
}

export function namesInProjection(projection: Projection | undefined): string[] {
  return (projection?.paths ?? []).map(([name]) => name);
}

function namesInUpdate(update: Update | undefined): string[] {
  return (update?.actions ?? []).flatMap((action) => [
    action.path[0],
    ...(action.kind === 'set' ? namesInSource(action.source) : []),
  ]);
}

function namesInSource(source: Source): string[] {
  if (source.kind === 'value') return [];
  if (source.kind === 'path') return [source.path[0]];
  if (source.kind === 'if-not-exists') return [source.path[0], ...namesInSource(source.otherwise)];
  return [...namesInSource(source.left), ...namesInSource(source.right)];
}
