import type { Millis } from '../../../env/clock.ts';
import type { MappingRecord, MappingState } from '../state/lambda-state.ts';

/** Whether records are read for a mapping. An update of one that is enabled does not stop it. */
export function isPolled({ state, isEnabled }: Pick<MappingRecord, 'state' | 'isEnabled'>): boolean {
  return state === 'Enabled' || (state === 'Updating' && isEnabled);
}

/** Whether a mapping is in a state that it does not stay in: it can be neither changed nor deleted. */
export function isPassing({ state }: Pick<MappingRecord, 'state'>): boolean {
  return state !== 'Enabled' && state !== 'Disabled';
}

/** A mapping when a request changed it. Without a word on `isEnabled` it stays as it was. */
export function changed(
  mapping: MappingRecord,
  { isEnabled = mapping.isEnabled }: { readonly isEnabled: boolean | undefined },
  now: Millis,
): MappingRecord {
  const turned: MappingState = isEnabled ? 'Enabling' : 'Disabling';
  const state = isEnabled === mapping.isEnabled ? 'Updating' : turned;
  return { ...mapping, state, isEnabled, reason: userAction, modifiedAt: now };
}

/** A mapping that is on its way out. */
export function deleted(mapping: MappingRecord, now: Millis): MappingRecord {
  return { ...mapping, state: 'Deleting', reason: userAction, modifiedAt: now };
}

/** A mapping when the state that it passes through is over; undefined when it is to be forgotten. */
export function settled(mapping: MappingRecord, now: Millis): MappingRecord | undefined {
  if (mapping.state === 'Deleting') return undefined;
  return { ...mapping, state: mapping.isEnabled ? 'Enabled' : 'Disabled', modifiedAt: now };
}

/** `StateTransitionReason`, as recorded from AWS. */
export const userAction = 'User action';
