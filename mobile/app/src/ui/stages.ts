// The stages of a job in order, and the shapes that levels and priorities are drawn with.
import type { Stage } from '../bridge/types';
import type { IconName } from './icons';

export const stages: readonly Stage[] = [
  'received',
  'assigned',
  'preparing',
  'planned',
  'on_site',
  'reported',
  'signed',
  'archived',
];

/** Whether nothing is left to do on site. */
export function isDone(stage: Stage): boolean {
  return stage === 'signed' || stage === 'archived';
}

export interface Mark {
  icon: IconName;
  tone: 'plain' | 'warn' | 'alarm';
}

/** How a fault level is drawn: the shape differs, not only the colour. */
export const levelMarks: Record<string, Mark> = {
  minor: { icon: 'level-mild', tone: 'plain' },
  normal: { icon: 'level', tone: 'plain' },
  major: { icon: 'warning', tone: 'warn' },
  critical: { icon: 'critical', tone: 'alarm' },
};

/** How a priority is drawn. */
export const priorityMarks: Record<string, Mark> = {
  low: { icon: 'down', tone: 'plain' },
  normal: { icon: 'even', tone: 'plain' },
  high: { icon: 'up', tone: 'warn' },
  urgent: { icon: 'up-twice', tone: 'alarm' },
};
