// A drawn signature as the record keeps it: a small PNG, dark ink on white, whatever the size and
// sharpness of the screen it was drawn on. The limit is the protocol's (200 kB).
import type { PointGroup } from 'signature_pad';

const WIDTH_PX_MAX = 900;

/** The canvas as base64 PNG. */
export async function drawingOf(canvas: HTMLCanvasElement): Promise<string> {
  const scale = Math.min(1, WIDTH_PX_MAX / Math.max(canvas.width, canvas.height));
  const small = new OffscreenCanvas(
    Math.max(1, Math.round(canvas.width * scale)),
    Math.max(1, Math.round(canvas.height * scale)),
  );
  const context = small.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, small.width, small.height);
  context.drawImage(canvas, 0, 0, small.width, small.height);
  const blob = await small.convertToBlob({ type: 'image/png' });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export interface Paper {
  width: number;
  height: number;
}

/** Strokes moved to another paper: as large as all of them fit, in the middle. */
export function onPaper(drawn: Paper & { data: PointGroup[] }, paper: Paper): PointGroup[] {
  const factor = Math.min(paper.width / drawn.width, paper.height / drawn.height);
  const left = (paper.width - drawn.width * factor) / 2;
  const top = (paper.height - drawn.height * factor) / 2;
  return drawn.data.map((stroke) => ({
    ...stroke,
    points: stroke.points.map((point) => ({
      ...point,
      x: left + point.x * factor,
      y: top + point.y * factor,
    })),
  }));
}
