/**
 * The places of the members of a request and of its answer (smithy.io, "HTTP bindings"). Members without a
 * place are members of the JSON in the body.
 */
export type RestBinding = {
  /**
   * Method and path: `PUT /functions/{FunctionName}`. Labels have the names of their members. Behind a `?`
   * stands a parameter that the query must have: `GET /layers?find=LayerVersion`.
   */
  readonly http: string;
  /** Query parameters by member; each item of a list is a parameter of its own. */
  readonly query?: Readonly<Record<string, string>>;
  /** Headers, in small letters, by member. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The member that is the whole body: a structure, a string or a blob. */
  readonly payload?: string;
  /** The status of a successful answer; 200 by default. */
  readonly status?: number;
  /** The same for the answer. */
  readonly answer?: {
    /** Headers as they are sent, by member. */
    readonly headers?: Readonly<Record<string, string>>;
    readonly payload?: string;
    /** The content type of a payload that is a blob. */
    readonly type?: string;
    /** The member that is the answer's status. */
    readonly status?: string;
  };
};
