// The icons, drawn on a 24 by 24 grid with one stroke. Shapes differ, not only colours, so that
// they can be told apart in sunlight and by people who see colours differently.
// Used by parts/Icon.svelte only.
export const icons = {
  jobs: 'M7 3h10v18l-2.5-2-2.5 2-2.5-2L7 21zM10 8h4M10 12h4',
  customers: 'M4 21V7l8-4 8 4v14M9 21v-5h6v5M9 10h.01M15 10h.01M9 13h.01M15 13h.01',
  me: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.6-6 8-6s8 2 8 6',
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  down: 'M6 9l6 6 6-6',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  check: 'M5 12.5l4.5 4.5L19 7',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5',
  phone: 'M8 2.8h8a1 1 0 0 1 1 1v16.4a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V3.8a1 1 0 0 1 1-1zM11 18h2',
  call: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
  sent: 'M12 20V5M6 11l6-6 6 6',
  merged: 'M3 12.5l4 4 8-9M12.5 16l.5.5 8-9',
  held: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2',
  refused: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12',
  offline:
    'M3 3l18 18M5 12.5a10 10 0 0 1 4-2.4M13 9.6a10 10 0 0 1 6 2.9M8.5 16a5 5 0 0 1 5.5-1M12 19.5h.01',
  sync: 'M20 11a8 8 0 0 0-14.5-4L4 9M4 4v5h5M4 13a8 8 0 0 0 14.5 4l1.5-2M20 20v-5h-5',
  conflict: 'M7 4v5c0 3 5 3 5 6v5M17 4v5c0 3-5 3-5 6',
  sign: 'M3 20h18M5 16c3-8 6-12 8-9 1 3-5 6-5 8 1 2 4-3 6-3 1 0 0 3 2 3s2-1 3-1',
  calendar: 'M5 5h14v15H5zM5 10h14M9 3v4M15 3v4',
  place: 'M12 21c5-6 7-9 7-11a7 7 0 0 0-14 0c0 2 2 5 7 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  edit: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  remove: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  undo: 'M9 8H15a5 5 0 0 1 0 10H8M9 4L5 8l4 4',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  warning: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  critical: 'M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 16h.01',
  level: 'M4 20h16M7 20v-4M12 20v-9M17 20V5',
  'level-mild': 'M12 8v8M8 12h8M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z',
  up: 'M6 15l6-6 6 6',
  'up-twice': 'M6 12l6-6 6 6M6 18l6-6 6 6',
  even: 'M5 10h14M5 15h14',
  settings:
    'M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  language: 'M3 6h10M8 4v2M11 6c-1 5-4 8-8 10M5 9c1 3 4 6 8 7M13 21l4-10 4 10M14.5 17.5h5',
  theme: 'M12 21a9 9 0 1 0 0-18zM12 21a9 9 0 0 1 0-18',
  storage: 'M4 6c0-4 16-4 16 0v12c0 4-16 4-16 0zM4 6c0 4 16 4 16 0M4 12c0 4 16 4 16 0',
  install: 'M12 4v11M7 10l5 5 5-5M4 20h16',
  signOut: 'M10 4H5v16h5M15 8l4 4-4 4M19 12H9',
} as const;

export type IconName = keyof typeof icons;
