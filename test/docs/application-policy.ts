export type Policy = {
  readonly Version: string;
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
  }[];
};

/** The policy that docs/applications.md has for a KCL application `billing` of the stream `orders`. */
export function applicationPolicy(page: string): Policy {
  return JSON.parse(/^```json\n(\{.*?^\})\n```$/ms.exec(page)![1]!) as Policy;
}
