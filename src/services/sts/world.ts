import type { IdentityState } from '../../access/identity/state.ts';
import type { Sessions } from '../../access/session.ts';
import type { Clock } from '../../env/clock.ts';

/** What the operations of the Security Token Service work with. */
export type StsWorld = {
  readonly identity: { readonly state: IdentityState };
  /** Makes sessions, with the secret of now. */
  readonly sessions: () => Sessions;
  /** Whether callers have proved who they are. */
  readonly isSigned: boolean;
  readonly clock: Clock;
};
