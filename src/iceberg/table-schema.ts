/** The columns of a table, as Iceberg names types (Iceberg table specification, "Schemas and Data Types"). */
export type TableSchema = { readonly fields: readonly TableField[] };

export type TableField = {
  /** Unique in the schema, nested fields included. */
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  readonly type: TableType;
  readonly doc?: string | undefined;
};

export type TableType =
  | { readonly kind: PrimitiveKind }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'struct'; readonly fields: readonly TableField[] }
  | {
      readonly kind: 'list';
      readonly elementId: number;
      readonly element: TableType;
      readonly elementRequired: boolean;
    }
  | {
      readonly kind: 'map';
      readonly keyId: number;
      readonly key: TableType;
      readonly valueId: number;
      readonly value: TableType;
      readonly valueRequired: boolean;
    };

export type PrimitiveKind =
  | 'boolean'
  | 'int'
  | 'long'
  | 'float'
  | 'double'
  | 'string'
  | 'binary'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'uuid';
