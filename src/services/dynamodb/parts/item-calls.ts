import type { Prepared } from '../../../rpc/operation.ts';
import { type DynamodbWorld, storeOf } from '../world.ts';
import { itemContext } from './item-context.ts';
import { tableArn } from './table-arn.ts';
import { factsOfTable } from './table-facts.ts';
import { blindly, decide, editsOf, type Write } from './write.ts';
import { type Asked, viewWritten } from './written-view.ts';

/** A call that writes one item. */
export function writeCall(
  world: DynamodbWorld,
  asked: Asked,
  write: Write,
): Prepared<Promise<ReturnType<typeof viewWritten>>> {
  return {
    resource: tableArn(write.table),
    facts: () => factsOfTable(world, write.table),
    context: itemContext(world, [write], asked),
    run: () => carryOut(world, blindly(write, asked), asked),
  };
}

/**
 * Resolves once it is durable. Until then the answer is kept, and no more of the items than it says: many may
 * wait.
 */
function carryOut(world: DynamodbWorld, write: Write, asked: Asked): Promise<ReturnType<typeof viewWritten>> {
  return storeOf(world).commit((view) => {
    const written = decide(view, write);
    return { edits: editsOf(write, written), answer: viewWritten(written, asked) };
  });
}
