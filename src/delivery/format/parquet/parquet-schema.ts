import type { SchemaElement } from 'hyparquet';
import type { TableField, TableSchema } from '../../../iceberg/table-schema.ts';
import { type Leaf, type PrimitiveType, physicalTypeOf } from './parquet-leaf.ts';

/**
 * A column, or what is below one. `definition` is the level of what is there, `repetition` that of a list's
 * next entry.
 */
export type ParquetNode = {
  readonly name: string;
  readonly isRequired: boolean;
  readonly definition: number;
} & (
  | { readonly kind: 'leaf'; readonly leaf: Leaf }
  | { readonly kind: 'struct'; readonly fields: readonly ParquetNode[] }
  | { readonly kind: 'list'; readonly repetition: number; readonly element: ParquetNode }
  | {
      readonly kind: 'map';
      readonly repetition: number;
      readonly key: ParquetNode;
      readonly value: ParquetNode;
    }
);

export type ParquetSchema = {
  /** As the footer has them: each group before what is in it. */
  readonly elements: readonly SchemaElement[];
  readonly columns: readonly ParquetNode[];
};

/**
 * The schema of a file of a table: groups of lists and maps as the format's page `LogicalTypes.md` names
 * them.
 */
export function parquetSchemaOf(schema: TableSchema): ParquetSchema {
  const elements: SchemaElement[] = [{ name: 'table', num_children: schema.fields.length }];
  const above: Above = { path: [], definition: 0, repetition: 0 };
  return { columns: schema.fields.map((field) => nodeOf(field, above, elements)), elements };
}

type Above = { readonly path: readonly string[]; readonly definition: number; readonly repetition: number };

function nodeOf(field: Omit<TableField, 'doc'>, above: Above, elements: SchemaElement[]): ParquetNode {
  const { id, name, required: isRequired, type } = field;
  const here: Above = {
    path: [...above.path, name],
    definition: above.definition + (isRequired ? 0 : 1),
    repetition: above.repetition,
  };
  const node = { name, isRequired, definition: here.definition };
  const element: SchemaElement = {
    name,
    field_id: id,
    repetition_type: isRequired ? 'REQUIRED' : 'OPTIONAL',
  };
  switch (type.kind) {
    case 'struct':
      elements.push({ ...element, num_children: type.fields.length });
      return { ...node, kind: 'struct', fields: type.fields.map((below) => nodeOf(below, here, elements)) };
    case 'list': {
      elements.push({ ...element, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } });
      const entries = repeated('list', 1, here, elements);
      return {
        ...node,
        kind: 'list',
        repetition: entries.repetition,
        element: nodeOf(
          { id: type.elementId, name: 'element', required: type.elementRequired, type: type.element },
          entries,
          elements,
        ),
      };
    }
    case 'map': {
      elements.push({ ...element, num_children: 1, converted_type: 'MAP', logical_type: { type: 'MAP' } });
      const entries = repeated('key_value', 2, here, elements);
      const key = { id: type.keyId, name: 'key', required: true, type: type.key };
      const value = { id: type.valueId, name: 'value', required: type.valueRequired, type: type.value };
      return {
        ...node,
        kind: 'map',
        repetition: entries.repetition,
        key: nodeOf(key, entries, elements),
        value: nodeOf(value, entries, elements),
      };
    }
    default: {
      const leaf: Leaf = {
        path: here.path,
        fieldId: id,
        type,
        physical: physicalTypeOf(type),
        definitionMax: here.definition,
        repetitionMax: here.repetition,
      };
      elements.push({ ...element, ...physicalOf(leaf), ...logicalOf(type) });
      return { ...node, kind: 'leaf', leaf };
    }
  }
}

function repeated(name: string, children: number, above: Above, elements: SchemaElement[]): Above {
  elements.push({ name, repetition_type: 'REPEATED', num_children: children });
  return {
    path: [...above.path, name],
    definition: above.definition + 1,
    repetition: above.repetition + 1,
  };
}

function physicalOf({ physical }: Leaf): Partial<SchemaElement> {
  return physical.kind === 'FIXED_LEN_BYTE_ARRAY'
    ? { type: physical.kind, type_length: physical.length }
    : { type: physical.kind };
}

/** The older `converted_type` besides, where it says the same. */
function logicalOf(type: PrimitiveType): Partial<SchemaElement> {
  switch (type.kind) {
    case 'string':
      return { converted_type: 'UTF8', logical_type: { type: 'STRING' } };
    case 'date':
      return { converted_type: 'DATE', logical_type: { type: 'DATE' } };
    case 'time':
      return { logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' } };
    case 'timestamp':
      return { logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' } };
    case 'timestamptz':
      return {
        converted_type: 'TIMESTAMP_MICROS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
      };
    case 'uuid':
      return { logical_type: { type: 'UUID' } };
    case 'decimal': {
      const { precision, scale } = type;
      return {
        converted_type: 'DECIMAL',
        precision,
        scale,
        logical_type: { type: 'DECIMAL', precision, scale },
      };
    }
    default:
      return {};
  }
}
