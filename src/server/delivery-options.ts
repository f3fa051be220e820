/** The options that say where deliveries find what is not here. */
export type DeliveryOptions = {
  /** The URL of an Iceberg REST catalog. Undefined: a table's bucket is its catalog itself. */
  readonly iceberg: string | undefined;
};

export const defaultDeliveryOptions: DeliveryOptions = { iceberg: undefined };
