import { givenClasses } from '../given-sources.ts';
import type { JavaClasses } from '../java-classes.ts';

/** The Amazon Kinesis Agent, of its public sources. */
export function agentClasses(): Promise<JavaClasses> {
  return givenClasses({
    folder: new URL('./', import.meta.url),
    ours: [],
    variable: 'AMAZON_KINESIS_AGENT_2_0_13',
    repository: 'github.com/awslabs/amazon-kinesis-agent',
    tag: 'v2.0.13',
    roots: ['src'],
  });
}
