import type { StructureShape } from '../shape.ts';

/**
 * Where the parts of a request and of its answer stand (smithy.io, "HTTP bindings"). A member that is named
 * in none of these is a member of the JSON in the body.
 */
export type RestBinding = {
  /** Method and path: `PUT /functions/{FunctionName}`. Labels are named as the members that they are. */
  readonly http: string;
  readonly input: StructureShape;
  /** Parameters of the query, by the members that they are; a list's items come one by one. */
  readonly query?: Readonly<Record<string, string>>;
  /** Headers, in small letters, by the members that they are. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The member, a structure, a string or a blob, that is all of the body. */
  readonly payload?: string;
  /** Of the answer that is none of an error; 200 where it is not said. */
  readonly status?: number;
  /** The same of the answer. */
  readonly answer?: {
    /** Headers as they go out, by the members that they are. */
    readonly headers?: Readonly<Record<string, string>>;
    readonly payload?: string;
    /** The member that is the answer's status. */
    readonly status?: string;
  };
};
