// Which screen is shown: the part of the address after `#`, so that the browser's own back
// button and a saved link work, offline too. Overlays (sheets, the signature) are steps of the
// same history: back closes the topmost one before it leaves the screen.

interface Overlay {
  close: () => void;
}

const at = $state({ path: pathOf(location.hash) });
const overlays: Overlay[] = [];
/** A step back that we asked for ourselves is under way; it must not close anything more. */
let ownStep = false;
/** What is to be done with the history once that step has been made. */
const moves: (() => void)[] = [];

addEventListener('popstate', () => {
  if (ownStep) {
    ownStep = false;
    makeMoves();
  } else {
    overlays.pop()?.close();
  }
  at.path = pathOf(location.hash);
});

// A page that was loaded again while a sheet was open has its step, but no sheet any more.
stepBack((history.state as { overlay?: number } | null)?.overlay ?? 0);

/** The parts of the current address: `#/job/0193…/sign` is `['job', '0193…', 'sign']`. */
export function route(): string[] {
  return at.path;
}

/** Goes to a screen. What lies over this one goes with it. */
export function go(path: string, how: 'push' | 'replace' = 'push'): void {
  stepBack(overlays.splice(0).length);
  inTurn(() => {
    const depth = depthNow() + (how === 'push' ? 1 : 0);
    if (how === 'push') history.pushState({ depth }, '', `#${path}`);
    else history.replaceState({ depth }, '', `#${path}`);
    at.path = pathOf(location.hash);
  });
}

/** Back to the screen before; to `home` when this one was opened directly. */
export function goBack(home: string): void {
  if (depthNow() > 0) stepBack(overlays.splice(0).length + 1);
  else go(home, 'replace');
}

/** Puts an overlay on top. The answer takes it off again from inside, without calling `close`. */
export function openOverlay(close: () => void): () => void {
  const overlay = { close };
  const place = overlays.push(overlay);
  inTurn(() => history.pushState({ depth: depthNow(), overlay: place }, ''));
  return () => {
    const here = overlays.indexOf(overlay);
    if (here < 0) return;
    overlays.splice(here, 1);
    stepBack(1);
  };
}

/** A step back takes effect later; every further move waits for its turn. */
function inTurn(move: () => void): void {
  moves.push(move);
  makeMoves();
}

function makeMoves(): void {
  while (!ownStep) {
    const move = moves.shift();
    if (!move) return;
    move();
  }
}

function stepBack(steps: number): void {
  if (steps === 0) return;
  inTurn(() => {
    ownStep = true;
    history.go(-steps);
  });
}

function depthNow(): number {
  return (history.state as { depth?: number } | null)?.depth ?? 0;
}

function pathOf(hash: string): string[] {
  return hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent);
}
