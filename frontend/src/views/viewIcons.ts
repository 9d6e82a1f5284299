import type { ViewName } from '../bridge/types';
import type { IconName } from '../ui/icons';

/** The drawing of each view, beside its name and where it is empty. */
export const viewIcons: Record<ViewName, IconName> = {
  inbox: 'inbox',
  waiting: 'wait',
  snoozed: 'snooze',
  done: 'done',
  drafts: 'pen',
  spam: 'spam',
  bin: 'trash',
};
