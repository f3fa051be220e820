import { ServiceError } from '../../../wire/service-error.ts';
import type { FunctionCode } from '../state/lambda-state.ts';

/**
 * Which functions may be made and run: all, by URLs only, which are other programs' affair, or none. Those
 * of the program that this server is part of may be, always.
 */
export type FunctionKinds = 'on' | 'urls' | 'off';

/**
 * Throws AccessDeniedException where a function of such code may not be made or run. Asked when it is made
 * or changed, and again before it is run: the server may have been started otherwise since.
 */
export function requireKind(kinds: FunctionKinds, { kind }: Pick<FunctionCode, 'kind'>): void {
  if (kinds === 'on' || kind === 'attached') return;
  if (kinds === 'urls' && (kind === 'invoke' || kind === 'webhook')) return;
  const what = kinds === 'urls' ? 'runs no code of functions, only those at URLs' : 'runs no functions';
  throw new ServiceError('AccessDeniedException', `This server ${what}: see its option --functions.`, 403);
}
