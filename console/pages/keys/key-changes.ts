import type { Key, Rotation } from './key.ts';

/** Something that can be done with a key, with the names of its texts. */
export type Change = {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly title: Title;
  readonly text?: `${'rotate' | 'start' | 'stop' | 'disable' | 'schedule' | 'cancel'}Text`;
  readonly isDangerous: boolean;
  /** Whether its id has to be typed. */
  readonly isForGood: boolean;
};

type Title =
  | 'rotateNow'
  | 'startRotation'
  | 'stopRotation'
  | 'disable'
  | 'enable'
  | 'schedule'
  | 'cancelDeletion';

/** What can be done with a key in its state now. Keys of the service change by themselves. */
export function changesOf({ KeyState, KeyManager }: Key, rotation: Rotation | undefined): readonly Change[] {
  if (KeyManager === 'AWS') return [];
  if (KeyState === 'PendingDeletion') return [change('CancelKeyDeletion', 'cancelDeletion', 'cancelText')];
  const schedule = {
    ...change('ScheduleKeyDeletion', 'schedule', 'scheduleText'),
    input: { PendingWindowInDays: waitingDays },
    isDangerous: true,
    isForGood: true,
  };
  if (KeyState === 'Disabled') return [change('EnableKey', 'enable'), schedule];
  return [
    change('RotateKeyOnDemand', 'rotateNow', 'rotateText'),
    rotation?.KeyRotationEnabled === true
      ? change('DisableKeyRotation', 'stopRotation', 'stopText')
      : change('EnableKeyRotation', 'startRotation', 'startText'),
    { ...change('DisableKey', 'disable', 'disableText'), isDangerous: true },
    schedule,
  ];
}

/** The longest that KMS waits, and its default (KMS API reference, ScheduleKeyDeletion). */
const waitingDays = 30;

function change(operation: string, title: Title, text?: Change['text']): Change {
  const said = text === undefined ? {} : { text };
  return { operation, input: {}, title, ...said, isDangerous: false, isForGood: false };
}
