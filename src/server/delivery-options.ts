/** The options that say where deliveries find what is not here. */
export type DeliveryOptions = {
  /** The URL of an Iceberg REST catalog. Undefined: a table's bucket is its catalog itself. */
  readonly iceberg: string | undefined;
  /**
   * Where schemas and tables are described: `file:///DIR`, or the endpoint of a Glue. Undefined:
   * AWS_ENDPOINT_URL_GLUE, or nowhere.
   */
  readonly schemas: string | undefined;
};

export const defaultDeliveryOptions: DeliveryOptions = { iceberg: undefined, schemas: undefined };
