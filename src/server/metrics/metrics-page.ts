import type { HttpResponse } from '../../env/network.ts';
import type { PageAsked } from '../../rpc/page.ts';
import { contentTypes, exposition } from './exposition.ts';
import { families } from './families.ts';
import { type FiguresWorld, gatherFigures } from './figures.ts';
import { formatFor } from './negotiation.ts';

export type MetricsWorld = FiguresWorld;

/** Answers GET /metrics, in the format that is asked for. */
export async function metricsPage(world: MetricsWorld, { accept }: PageAsked): Promise<HttpResponse> {
  const format = formatFor(accept);
  const figures = await gatherFigures(world);
  const body = await exposition(families, figures, format, world.clock);
  return { status: 200, headers: { 'Content-Type': contentTypes[format], Vary: 'Accept' }, body };
}
