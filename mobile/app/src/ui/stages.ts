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
  tone: 'warn' | 'alarm';
}

/** How a fault level out of the ordinary is drawn: the shape differs, not only the colour. */
export const levelMarks: Record<string, Mark> = {
  major: { icon: 'warning', tone: 'warn' },
  critical: { icon: 'critical', tone: 'alarm' },
};

/** How a priority out of the ordinary is drawn. */
export const priorityMarks: Record<string, Mark> = {
  high: { icon: 'up', tone: 'warn' },
  urgent: { icon: 'up-twice', tone: 'alarm' },
};
